#include "tests/store/lawyers.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "service/hold.h"
#include "service/refill.h"
#include "store/query.h"

/*
 * One terminal at Wandsworth, for two hours on Fridays: 24 steps.  On Monday a
 * fifth of Friday is kept from routine visits, so that they may take 19 steps;
 * on Wednesday a tenth: 21.  Half an hour and its turn-round take 7.
 */
enum {
	LAWYERS = 4,
	MINUTE = 60,
	DAY = 86400,
	FRIDAY = 27,
	NEXT_FRIDAY = 34, /* of November */
	TEN = 600,        /* minutes of the day */
	RUNS_MAX = 60,
};

static const struct waiting_wish ANY_TIME = { .until_minute = 1440 };

struct scene {
	struct estate e;
	struct refill_cursor cursor;
	struct actor lawyer[LAWYERS], clerk;
	struct legal_ask routine[LAWYERS], urgent[LAWYERS];
	struct legal_times *found;
};

static void change(struct scene *s, const char *sql)
{
	struct query q = query_of(s->e.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static void set_rule(struct scene *s, const char *name, int value)
{
	static const char SET[] =
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, '', ?1, ?2, 0, NULL, 'Test' FROM prison_policy";
	struct query q = query_of(s->e.service.store, SET);
	query_text(&q, name);
	query_int(&q, value);
	CHECK(query_change(&q) == OK);
}

static struct wall at(int day, int minute)
{
	struct wall start;
	(void)local_to_wall(date_add_days((struct date){ 2026, 11, 1 }, day - 1), minute, &start);
	return start;
}

static void scene_open(struct scene *s)
{
	static const char *const EMAILS[LAWYERS] = { "a@law.example", "b@law.example",
						     "c@law.example", "d@law.example" };
	static const char *const NUMBERS[LAWYERS] = { "A1234BC", "A2345CD", "A3456DE", "A1234BC" };
	static const struct date BORN[LAWYERS] = {
		{ 1988, 4, 12 }, { 1992, 9, 3 }, { 1979, 1, 27 }, { 1988, 4, 12 }
	};
	*s = (struct scene){ .found = calloc(1, sizeof *s->found) };
	estate_open(&s->e);
	change(s, "UPDATE session_template SET start_minute = 600, end_minute = 720, "
		  "weekdays = 32 WHERE prison = 'WWI'");
	change(s, "UPDATE terminal SET active = 0 WHERE prison = 'WWI' AND name = 'Terminal 2'");
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	for (size_t i = 0; i < LAWYERS; i++) {
		s->lawyer[i] = lawyer_of(&s->e, EMAILS[i], PROFESSION_SOLICITOR);
		verify(&s->e, s->lawyer[i]);
		s->urgent[i] = asking();
		s->urgent[i].prisoner_number = str_from(NUMBERS[i]);
		s->urgent[i].prisoner_born = BORN[i];
		s->urgent[i].minutes = 30;
		s->urgent[i].deadline = (struct date){ 2026, 12, 7 };
		s->routine[i] = s->urgent[i];
		s->routine[i].cause = WAITING_FOR_NOTHING;
		s->routine[i].deadline = (struct date){ 0 };
	}
}

static void scene_close(struct scene *s)
{
	promise_places(s->e.service.store);
	promise_holds(s->e.service.store);
	promise_log(&s->e.service);
	free(s->found);
	estate_close(&s->e);
}

static void look(struct scene *s, size_t i, const struct legal_ask *ask)
{
	CHECK(legal_times_find(&s->e.service, &s->lawyer[i], &s->e.arena, ask, s->found) == OK);
	assert_int_equal(s->found->answer, LEGAL_FINE);
}

static bool is_listed(const struct scene *s, struct wall start)
{
	for (size_t i = 0; i < s->found->count; i++)
		if (s->found->times[i].start.s == start.s)
			return true;
	return false;
}

/* By the page, whatever was listed. */
static struct verdict post(struct scene *s, size_t i, const struct legal_ask *ask,
			   struct wall start, struct reference *out)
{
	enum legal_answer answer;
	struct verdict verdict;
	CHECK(legal_book(&s->e.service, &s->lawyer[i], ask, (struct legal_time){ .start = start },
			 &answer, &verdict, out) == OK);
	assert_int_equal(answer, LEGAL_FINE);
	return verdict;
}

static struct reference take(struct scene *s, size_t i, const struct legal_ask *ask,
			     struct wall start)
{
	struct reference reference;
	CHECK(verdict_clean(post(s, i, ask, start, &reference)));
	return reference;
}

/* The same as a machine says it. */
static struct visit_request request_of(struct scene *s, size_t i, const struct legal_ask *ask,
				       struct wall start)
{
	look(s, i, ask); /* the client is known from then on */
	return (struct visit_request){ .kind = VISIT_LEGAL,
				       .prisoner = s->found->prisoner.id,
				       .person_count = 1,
				       .persons = { s->found->persons[0] },
				       .start = start,
				       .minutes = ask->minutes,
				       .need = { .cause = ask->cause, .deadline = ask->deadline } };
}

static struct verdict book(struct scene *s, const struct actor *who,
			   const struct visit_request *request)
{
	struct verdict verdict;
	struct reference reference;
	CHECK(visit_book(&s->e.service, who, request, &verdict, &reference) == OK);
	return verdict;
}

static struct verdict hold(struct scene *s, const struct actor *who,
			   const struct visit_request *request)
{
	struct verdict verdict;
	struct wall until;
	CHECK(visit_hold(&s->e.service, who, request, &verdict, &until) == OK);
	return verdict;
}

/* What staff are told of a time. */
static struct verdict why_not(struct scene *s, const struct visit_request *request,
			      struct wall start)
{
	struct offer offer = { 0 };
	struct offer_query query = { .kind = VISIT_LEGAL,
				     .prisoner = request->prisoner,
				     .person_count = 1,
				     .persons = { request->persons[0] },
				     .from = local_date(start),
				     .days = 1,
				     .minutes = request->minutes,
				     .need = request->need };
	CHECK(offer_times(&s->e.service, &s->clerk, &s->e.arena, &query, &offer) == OK);
	for (size_t i = 0; i < offer.count; i++)
		if (offer.times[i].start.s == start.s)
			return offer.times[i].verdict;
	fail();
	return (struct verdict){ 0 };
}

static struct visit_request family_visit(struct scene *s, struct actor family, struct wall start)
{
	struct contact_list contacts;
	CHECK(contacts_mine(&s->e.service, &family, &s->e.arena, &contacts) == OK);
	return (struct visit_request){ .kind = VISIT_SOCIAL,
				       .prisoner = contacts.list[0].prisoner.id,
				       .person_count = 1,
				       .persons = { contacts.list[0].person.id },
				       .start = start,
				       .minutes = 30 };
}

static bool only(struct verdict verdict, enum booking rule)
{
	return (verdict.no | verdict.waivable) == UINT64_C(1) << rule;
}

static struct visit see(struct scene *s, struct reference reference)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, reference, &visit) == OK);
	return visit;
}

/* Two routine visits: what is left of 19 steps is 5. */
static void fill_friday(struct scene *s)
{
	(void)take(s, 0, &s->routine[0], at(FRIDAY, TEN));
	(void)take(s, 1, &s->routine[1], at(FRIDAY, TEN + 35));
}

/* ---- the fence ---- */

static void a_time_that_was_not_listed_or_is_stale_is_not_booked_by_a_page(void **state)
{
	struct scene s;
	struct reference reference;
	(void)state;
	scene_open(&s);
	(void)take(&s, 0, &s.routine[0], at(FRIDAY, TEN));
	look(&s, 2, &s.routine[2]); /* two look at once, and both see the last one */
	struct wall last = { 0 };
	for (size_t i = 0; i < s.found->count; i++)
		if (local_of(s.found->times[i].start).date.day == FRIDAY)
			last = s.found->times[i].start;
	CHECK(last.s >= at(FRIDAY, TEN + 70).s);
	(void)take(&s, 1, &s.routine[1], at(FRIDAY, TEN + 35));
	CHECK(only(post(&s, 2, &s.routine[2], last, &reference), BOOKING_KEPT));
	s.routine[2].wanted = last;
	look(&s, 2, &s.routine[2]);
	CHECK(s.found->count > 0 && !is_listed(&s, last));
	assert_int_equal(local_of(s.found->times[0].start).date.month, 12);
	assert_int_equal(s.found->kept_until.month,
			 11); /* Wednesday: a tenth is kept, and it fits */
	assert_int_equal(s.found->kept_until.day, 25);
	/* A quarter of an hour fits beside, and that is all. */
	s.routine[2].minutes = 15;
	(void)take(&s, 2, &s.routine[2], at(FRIDAY, TEN + 70));
	s.routine[3].minutes = 15;
	CHECK(only(post(&s, 3, &s.routine[3], at(FRIDAY, TEN + 90), &reference), BOOKING_KEPT));
	scene_close(&s);
}

static void what_is_kept_is_there_for_the_urgent_and_falls_as_the_day_comes(void **state)
{
	struct scene s;
	struct reference reference;
	(void)state;
	scene_open(&s);
	fill_friday(&s);
	struct wall last = at(FRIDAY, TEN + 70);
	s.e.service.now = at(25, 0);
	look(&s, 2, &s.routine[2]);
	CHECK(is_listed(&s, last));
	s.e.service.now.s -= 1;
	CHECK(only(post(&s, 2, &s.routine[2], last, &reference), BOOKING_KEPT));
	look(&s, 2, &s.urgent[2]);
	CHECK(is_listed(&s, last));
	(void)take(&s, 2, &s.urgent[2], last);
	scene_close(&s);
}

static void a_far_date_is_fenced_less_and_a_near_one_not(void **state)
{
	struct scene s;
	struct reference reference;
	(void)state;
	scene_open(&s);
	set_rule(&s, "fence_dated_far", 30); /* 16 steps */
	fill_friday(&s);
	s.urgent[2].cause = WAITING_FOR_PAROLE;
	s.urgent[2].deadline = (struct date){ 2026, 12, 21 };
	CHECK(only(post(&s, 2, &s.urgent[2], at(FRIDAY, TEN + 70), &reference), BOOKING_KEPT));
	s.urgent[2].deadline = (struct date){ 2026, 11, 30 };
	(void)take(&s, 2, &s.urgent[2], at(FRIDAY, TEN + 70));
	scene_close(&s);
}

static void a_machine_is_asked_the_same_when_it_reserves_and_when_it_books(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	fill_friday(&s);
	struct visit_request request = request_of(&s, 2, &s.routine[2], at(FRIDAY, TEN + 70));
	CHECK(only(hold(&s, &s.lawyer[2], &request), BOOKING_KEPT));
	CHECK(only(book(&s, &s.lawyer[2], &request), BOOKING_KEPT));
	/* What it says the visit is for counts, on both occasions. */
	struct visit_request urgent = request_of(&s, 2, &s.urgent[2], request.start);
	CHECK(verdict_clean(hold(&s, &s.lawyer[2], &urgent)));
	CHECK(only(book(&s, &s.lawyer[2], &request), BOOKING_KEPT));
	struct visit_request past = urgent, bare = urgent;
	struct verdict verdict;
	struct reference reference;
	past.need.deadline = (struct date){ 2026, 11, 20 };
	bare.need.deadline = (struct date){ 0 };
	CHECK(visit_book(&s.e.service, &s.lawyer[2], &past, &verdict, &reference) == ERR_BAD);
	CHECK(visit_book(&s.e.service, &s.lawyer[2], &bare, &verdict, &reference) == ERR_BAD);
	CHECK(verdict_clean(book(&s, &s.lawyer[2], &urgent)));
	scene_close(&s);
}

static void staff_are_told_why_and_give_it_away_with_a_reason(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	fill_friday(&s);
	struct visit_request request = request_of(&s, 2, &s.routine[2], at(FRIDAY, TEN + 80));
	CHECK(only(why_not(&s, &request, at(FRIDAY, TEN + 90)), BOOKING_KEPT));
	struct visit_request urgent = request;
	urgent.need =
	    (struct waiting_need){ .cause = WAITING_FOR_BAIL, .deadline = { 2026, 12, 7 } };
	CHECK(verdict_clean(why_not(&s, &urgent, at(FRIDAY, TEN + 90))));
	struct verdict verdict = book(&s, &s.clerk, &request);
	CHECK(only(verdict, BOOKING_KEPT) && verdict_ok(verdict));
	request.waiver = STR("The bail hearing that was feared is off");
	CHECK(verdict_passes(book(&s, &s.clerk, &request), true));
	scene_close(&s);
}

static void a_visit_is_not_moved_to_what_is_kept(void **state)
{
	struct scene s;
	enum legal_answer answer;
	struct verdict verdict;
	(void)state;
	scene_open(&s);
	fill_friday(&s);
	struct legal_time wanted = { .start = at(FRIDAY, TEN + 70) };
	struct reference reference = take(&s, 2, &s.routine[2], at(NEXT_FRIDAY, TEN));
	CHECK(legal_move(&s.e.service, &s.lawyer[2], reference, wanted, &answer, &verdict) == OK);
	CHECK(answer == LEGAL_FINE && only(verdict, BOOKING_KEPT));
	CHECK(legal_move_times(&s.e.service, &s.lawyer[2], &s.e.arena, reference,
			       (struct date){ 0 }, wanted.start, s.found) == OK);
	CHECK(!is_listed(&s, wanted.start));
	assert_int_equal(s.found->kept_until.day, 25);
	/* By staff it is as urgent as it was asked for, and no more. */
	struct visit_move move = { .reference = reference, .start = wanted.start, .minutes = 30 };
	CHECK(visit_move(&s.e.service, &s.clerk, &move, &verdict) == OK);
	CHECK(only(verdict, BOOKING_KEPT) && verdict_ok(verdict));
	assert_int_equal(see(&s, reference).start.s, at(NEXT_FRIDAY, TEN).s);
	struct reference urgent = take(&s, 3, &s.urgent[3], at(NEXT_FRIDAY, TEN + 35));
	move.reference = urgent;
	CHECK(visit_move(&s.e.service, &s.clerk, &move, &verdict) == OK);
	CHECK(verdict_clean(verdict));
	assert_int_equal(see(&s, urgent).start.s, wanted.start.s);
	scene_close(&s);
}

/* ---- refill ---- */

static void run(struct scene *s)
{
	bool more = true;
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(refill_run(&s->e.service, &SYSTEM_ACTOR, &s->cursor, &more) == OK);
	CHECK(!more);
}

static struct offer_row offer_of(struct scene *s, struct actor who)
{
	struct waiting_lines lines = { 0 };
	CHECK(waiting_mine(&s->e.service, &who, &s->e.arena, &lines) == OK);
	for (size_t i = 0; i < lines.count; i++)
		if (lines.list[i].has_offer)
			return lines.list[i].offer;
	return (struct offer_row){ 0 };
}

/* Friday is full with an urgent visit that is given up; lawyer 2 would have an earlier time. */
static struct reference give_up_an_urgent_one(struct scene *s, const struct waiting_wish *wish)
{
	enum waiting_answer answer;
	int64_t id = 0;
	fill_friday(s);
	struct reference urgent = take(s, 3, &s->urgent[3], at(FRIDAY, TEN + 70));
	struct reference later = take(s, 2, &s->routine[2], at(NEXT_FRIDAY, TEN));
	CHECK(waiting_earlier(&s->e.service, &s->lawyer[2], later, wish, &answer, &id) == OK);
	CHECK(visit_cancel(&s->e.service, &s->lawyer[3], urgent, STR("")) == OK);
	run(s);
	return later;
}

static void what_is_kept_is_offered_to_nobody_before_the_fence_falls(void **state)
{
	struct scene s;
	enum offer_state said;
	(void)state;
	scene_open(&s);
	struct reference later = give_up_an_urgent_one(&s, &ANY_TIME);
	assert_int_equal(offer_of(&s, s.lawyer[2]).id.n, 0);
	s.e.service.now.s += 2 * DAY + 2 * 3600;
	run(&s);
	struct offer_row offer = offer_of(&s, s.lawyer[2]);
	CHECK(offer.id.n);
	assert_int_equal(offer.offer.start.s, at(FRIDAY, TEN + 70).s);
	/* What was promised under a fence is kept when the fence grows. */
	set_rule(&s, "fence_routine_near", 80);
	CHECK(refill_answer(&s.e.service, &s.lawyer[2], offer.id, ANSWER_ACCEPT, &said) == OK);
	assert_int_equal(said, OFFER_ACCEPTED);
	assert_int_equal(see(&s, later).start.s, at(FRIDAY, TEN + 70).s);
	scene_close(&s);
}

static void what_is_kept_is_not_taken_for_those_who_are_booked_at_once(void **state)
{
	struct scene s;
	const struct waiting_wish automatic = { .until_minute = 1440, .automatic = true };
	(void)state;
	scene_open(&s);
	struct reference later = give_up_an_urgent_one(&s, &automatic);
	assert_int_equal(see(&s, later).start.s, at(NEXT_FRIDAY, TEN).s);
	s.e.service.now.s += 2 * DAY + 2 * 3600;
	run(&s);
	assert_int_equal(see(&s, later).start.s, at(FRIDAY, TEN + 70).s);
	scene_close(&s);
}

static void released_time_of_families_stands_outside_the_fence(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	set_rule(&s, "release_social_hours", 300);
	set_rule(&s, "fence_routine_far", 80);
	change(&s, "UPDATE session_template SET kinds = 1 WHERE prison = 'WWI'");
	fill_friday(&s);
	(void)take(&s, 2, &s.routine[2], at(FRIDAY, TEN + 70));
	scene_close(&s);
}

/* ---- the turn-round ---- */

static void nobody_comes_in_before_the_turn_round_is_over(void **state)
{
	struct scene s;
	struct reference reference;
	struct verdict verdict;
	enum legal_answer answer;
	(void)state;
	scene_open(&s);
	(void)take(&s, 0, &s.urgent[0], at(FRIDAY, TEN + 35));
	static const int TOO_NEAR[] = { TEN + 5, TEN + 65 };
	static const int NEAR_ENOUGH[] = { TEN, TEN + 70 };
	struct reference later = take(&s, 1, &s.urgent[1], at(NEXT_FRIDAY, TEN));
	for (size_t i = 0; i < ARRAY_LEN(TOO_NEAR); i++) {
		struct wall start = at(FRIDAY, TOO_NEAR[i]);
		look(&s, 2, &s.urgent[2]);
		CHECK(!is_listed(&s, start));
		CHECK(only(post(&s, 2, &s.urgent[2], start, &reference), BOOKING_TURN_ROUND));
		struct visit_request request = request_of(&s, 2, &s.urgent[2], start);
		CHECK(only(hold(&s, &s.lawyer[2], &request), BOOKING_TURN_ROUND));
		CHECK(only(book(&s, &s.lawyer[2], &request), BOOKING_TURN_ROUND));
		CHECK(legal_move(&s.e.service, &s.lawyer[1], later,
				 (struct legal_time){ .start = start }, &answer, &verdict) == OK);
		CHECK(only(verdict, BOOKING_TURN_ROUND));
		CHECK(only(book(&s, &s.clerk, &request), BOOKING_TURN_ROUND));
		(void)take(&s, 2, &s.urgent[2], at(FRIDAY, NEAR_ENOUGH[i]));
		s.urgent[2] = s.urgent[3];
		s.urgent[2].minutes = 30;
	}
	scene_close(&s);
}

static void staff_waive_the_turn_round_and_another_place_needs_none(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	(void)take(&s, 0, &s.urgent[0], at(FRIDAY, TEN));
	struct visit_request request = request_of(&s, 1, &s.urgent[1], at(FRIDAY, TEN + 30));
	CHECK(only(book(&s, &s.lawyer[1], &request), BOOKING_TURN_ROUND));
	CHECK(only(why_not(&s, &request, request.start), BOOKING_TURN_ROUND));
	change(&s, "UPDATE terminal SET active = 1 WHERE prison = 'WWI' AND name = 'Terminal 2'");
	CHECK(verdict_clean(book(&s, &s.lawyer[1], &request)));
	struct visit_request third = request_of(&s, 2, &s.urgent[2], at(FRIDAY, TEN + 30));
	CHECK(verdict_ok(book(&s, &s.clerk, &third)));
	third.waiver = STR("They sit next door already");
	CHECK(verdict_passes(book(&s, &s.clerk, &third), true));
	scene_close(&s);
}

/* The one terminal after a legal visit, and before it. */
static void a_family_waits_for_the_turn_round_too(void **state)
{
	static const struct {
		int legal, minutes; /* of the legal visit */
		int turn;
		int social; /* half an hour from then */
		bool is_short;
	} CASES[] = {
		{ TEN, 30, 5, TEN + 30, true },        { TEN + 15, 15, 5, TEN + 30, true },
		{ TEN + 10, 15, 5, TEN + 30, false },  { TEN + 10, 15, 10, TEN + 30, true },
		{ TEN, 15, 30, TEN + 30, true },       { TEN, 30, 0, TEN + 30, false },
		{ TEN, 30, 5, TEN + 60, false },       { TEN + 60, 30, 5, TEN + 30, false },
		{ TEN + 65, 30, 30, TEN + 30, false },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct scene s;
		scene_open(&s);
		set_rule(&s, "turn_minutes", CASES[i].turn);
		s.urgent[1].minutes = CASES[i].minutes;
		(void)take(&s, 1, &s.urgent[1], at(FRIDAY, CASES[i].legal));
		struct actor amina = estate_family(&s.e, "amina@family.example");
		struct visit_request family = family_visit(&s, amina, at(FRIDAY, CASES[i].social));
		struct verdict held = hold(&s, &amina, &family), said = book(&s, &amina, &family);
		if (!CASES[i].is_short) {
			CHECK(verdict_clean(held) && verdict_clean(said));
		} else {
			CHECK(only(held, BOOKING_TURN_ROUND) && only(said, BOOKING_TURN_ROUND));
			family.waiver = STR("They sit next door already");
			CHECK(verdict_passes(book(&s, &s.clerk, &family), true));
		}
		scene_close(&s);
	}
}

static void a_family_has_another_place_that_needs_no_turn_round(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	change(&s, "UPDATE terminal SET active = 1 WHERE prison = 'WWI' AND name = 'Terminal 2'");
	struct visit legal = see(&s, take(&s, 1, &s.urgent[1], at(FRIDAY, TEN)));
	struct actor amina = estate_family(&s.e, "amina@family.example");
	struct visit_request family = family_visit(&s, amina, at(FRIDAY, TEN + 30));
	struct verdict verdict;
	struct reference reference;
	family.preferred = legal.terminal; /* where they would like to sit */
	CHECK(visit_book(&s.e.service, &amina, &family, &verdict, &reference) == OK);
	CHECK(verdict_clean(verdict) && see(&s, reference).terminal.n != legal.terminal.n);
	scene_close(&s);
}

/* ---- the clock, and damping ---- */

static size_t on_the_clock(struct scene *s, enum waiting_cause cause)
{
	struct wait_list waits = { 0 };
	struct actor hq = officer(&s->e, "governor@wandsworth.example", ROLE_HQ_ANALYST);
	size_t n = 0;
	CHECK(waits_find(&s->e.service, &hq, &s->e.arena, &waits) == OK);
	for (size_t i = 0; i < waits.count; i++)
		n += waits.list[i].waiting.need.cause == cause && waits.list[i].waiting.start.s &&
		     waits.list[i].waiting.need.asked_at.s == s->e.service.now.s;
	return n;
}

static void whatever_books_a_legal_visit_puts_it_on_the_clock(void **state)
{
	struct scene s;
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	(void)state;
	scene_open(&s);
	size_t before = on_the_clock(&s, WAITING_FOR_BAIL);
	struct visit_request request = request_of(&s, 0, &s.urgent[0], at(FRIDAY, TEN));
	CHECK(verdict_clean(book(&s, &s.lawyer[0], &request)));
	assert_int_equal(on_the_clock(&s, WAITING_FOR_BAIL), before + 1);
	request = request_of(&s, 1, &s.urgent[1], at(FRIDAY, TEN + 35));
	CHECK(verdict_clean(book(&s, &s.clerk, &request)));
	assert_int_equal(on_the_clock(&s, WAITING_FOR_BAIL), before + 2);
	/* What waits already is served by it, and not asked for twice. */
	CHECK(legal_book(&s.e.service, &s.lawyer[2], &s.urgent[2], (struct legal_time){ 0 },
			 &answer, &verdict, &reference) == OK);
	struct wall asked_at = s.e.service.now;
	s.e.service.now.s += MINUTE;
	request = request_of(&s, 2, &s.urgent[2], at(FRIDAY, TEN + 70));
	CHECK(visit_book(&s.e.service, &s.lawyer[2], &request, &verdict, &reference) == OK);
	struct waiting w = { 0 };
	CHECK(store_waiting_find(s.e.service.store, &s.e.arena, reference, &w) == OK);
	assert_int_equal(w.need.asked_at.s, asked_at.s);
	scene_close(&s);
}

/* The count is asked in the turn that books: who asked before the third was booked is fourth. */
static void a_firm_is_damped_by_whatever_way_it_books(void **state)
{
	struct scene s;
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	(void)state;
	scene_open(&s);
	for (int i = 0; i < 3; i++) {
		struct visit_request request =
		    request_of(&s, 0, &s.routine[0], at(FRIDAY + 7 * i, TEN));
		CHECK(verdict_clean(book(&s, &s.lawyer[0], &request)));
	}
	struct visit_request fourth = request_of(&s, 0, &s.routine[0], at(FRIDAY, TEN + 40));
	CHECK(only(hold(&s, &s.lawyer[0], &fourth), BOOKING_BLOCK_BOOKED));
	CHECK(only(book(&s, &s.lawyer[0], &fourth), BOOKING_BLOCK_BOOKED));
	CHECK(legal_book(&s.e.service, &s.lawyer[3], &s.routine[3],
			 (struct legal_time){ .start = fourth.start }, &answer, &verdict,
			 &reference) == OK);
	assert_int_equal(answer, LEGAL_BLOCK_BOOKED);
	CHECK(legal_book(&s.e.service, &s.lawyer[3], &s.routine[3], (struct legal_time){ 0 },
			 &answer, &verdict, &reference) == OK);
	assert_int_equal(answer, LEGAL_BLOCK_BOOKED);
	/* With a date it is another matter; and staff know what they do. */
	fourth = request_of(&s, 0, &s.urgent[0], fourth.start);
	CHECK(verdict_clean(book(&s, &s.lawyer[0], &fourth)));
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_time_that_was_not_listed_or_is_stale_is_not_booked_by_a_page),
		TEST(what_is_kept_is_there_for_the_urgent_and_falls_as_the_day_comes),
		TEST(a_far_date_is_fenced_less_and_a_near_one_not),
		TEST(a_machine_is_asked_the_same_when_it_reserves_and_when_it_books),
		TEST(staff_are_told_why_and_give_it_away_with_a_reason),
		TEST(a_visit_is_not_moved_to_what_is_kept),
		TEST(what_is_kept_is_offered_to_nobody_before_the_fence_falls),
		TEST(what_is_kept_is_not_taken_for_those_who_are_booked_at_once),
		TEST(released_time_of_families_stands_outside_the_fence),
		TEST(nobody_comes_in_before_the_turn_round_is_over),
		TEST(staff_waive_the_turn_round_and_another_place_needs_none),
		TEST(a_family_waits_for_the_turn_round_too),
		TEST(a_family_has_another_place_that_needs_no_turn_round),
		TEST(whatever_books_a_legal_visit_puts_it_on_the_clock),
		TEST(a_firm_is_damped_by_whatever_way_it_books),
	};
	return RUN("service/fence", tests);
}
