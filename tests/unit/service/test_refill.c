#include "tests/store/lawyers.h"

#include "base/assert.h"
#include "service/custody.h"
#include "service/hold.h"
#include "service/live.h"
#include "service/outcome.h"
#include "service/refill.h"
#include "store/query.h"
#include "tests/store/promises.h"

/*
 * One terminal at Wandsworth, open for an hour a day: a legal visit of 45
 * minutes fills it, so that what one gives up another wants.
 */
enum {
	LAWYERS = 4,
	MINUTE = 60,
	DAY = 86400,
	RUNS_MAX = 60, /* of the engine, until it has nothing more to do */
};

static const struct waiting_wish ANY_TIME = { .until_minute = 1440 };

struct scene {
	struct estate e;
	struct refill_cursor cursor;
	struct actor lawyer[LAWYERS];
	struct legal_ask ask[LAWYERS];
	struct reference visit[LAWYERS];
};

static void change(struct scene *s, const char *sql)
{
	struct query q = query_of(s->e.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static struct legal_ask asking_for(size_t i)
{
	static const char *const NUMBERS[LAWYERS] = { "A1234BC", "A2345CD", "A3456DE", "A1234BC" };
	static const struct date BORN[LAWYERS] = {
		{ 1988, 4, 12 }, { 1992, 9, 3 }, { 1979, 1, 27 }, { 1988, 4, 12 }
	};
	struct legal_ask ask = asking();
	ask.prisoner_number = str_from(NUMBERS[i]);
	ask.prisoner_born = BORN[i];
	return ask;
}

/* Lawyer i has the hour of the (i + 1)th day from today; none waits for an earlier one yet. */
static void scene_open(struct scene *s, size_t bookings)
{
	static const char *const EMAILS[LAWYERS] = { "a@law.example", "b@law.example",
						     "c@law.example", "d@law.example" };
	*s = (struct scene){ 0 };
	estate_open(&s->e);
	struct actor hq = estate_staff(&s->e, ROLE_HQ_ADMIN, NULL);
	tell_all(&s->e.service, &hq);
	change(s, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		  "WHERE prison = 'WWI'");
	change(s, "UPDATE terminal SET active = 0 WHERE prison = 'WWI' AND name = 'Terminal 2'");
	for (size_t i = 0; i < LAWYERS; i++) {
		s->lawyer[i] = lawyer_of(&s->e, EMAILS[i], PROFESSION_SOLICITOR);
		verify(&s->e, s->lawyer[i]);
		s->ask[i] = asking_for(i);
		if (i >= bookings)
			continue;
		s->visit[i] = booked(&s->e, s->lawyer[i], &s->ask[i]);
		s->e.service.now.s += MINUTE; /* requests have an order */
	}
}

static void scene_close(struct scene *s)
{
	promise_places(s->e.service.store);
	promise_holds(s->e.service.store);
	promise_systems(s->e.service.store);
	promise_log(&s->e.service);
	estate_close(&s->e);
}

static void run(struct scene *s)
{
	bool more = true;
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(refill_run(&s->e.service, &SYSTEM_ACTOR, &s->cursor, &more) == OK);
	CHECK(!more);
}

static void pass(struct scene *s, int64_t seconds)
{
	s->e.service.now.s += seconds;
	run(s);
}

static int64_t wish(struct scene *s, size_t i, const struct waiting_wish *wish)
{
	enum waiting_answer answer;
	int64_t id = 0;
	CHECK(waiting_earlier(&s->e.service, &s->lawyer[i], s->visit[i], wish, &answer, &id) == OK);
	assert_int_equal(answer, WAITING_FINE);
	return id;
}

static void cancel(struct scene *s, size_t i)
{
	CHECK(visit_cancel(&s->e.service, &s->lawyer[i], s->visit[i], STR("")) == OK);
}

static struct visit see(struct scene *s, struct reference reference)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, reference, &visit) == OK);
	return visit;
}

static int day_of(struct scene *s, size_t i)
{
	return local_of(see(s, s->visit[i]).start).date.day;
}

/* The offer that somebody thinks about; id 0: none. */
static struct offer_row offer_of(struct scene *s, struct actor who)
{
	struct waiting_lines lines = { 0 };
	CHECK(waiting_mine(&s->e.service, &who, &s->e.arena, &lines) == OK);
	for (size_t i = 0; i < lines.count; i++)
		if (lines.list[i].has_offer)
			return lines.list[i].offer;
	return (struct offer_row){ 0 };
}

static enum offer_state answer(struct scene *s, struct actor who, struct offer_row offer,
			       enum offer_answer given)
{
	enum offer_state state;
	CHECK(refill_answer(&s->e.service, &who, offer.id, given, &state) == OK);
	return state;
}

static int64_t told(struct scene *s, struct actor who, const char *kind)
{
	struct query q = query_of(
	    s->e.service.store,
	    "SELECT COUNT(*) FROM message WHERE account = ?1 AND kind = ?2 AND made_at > 0");
	query_int(&q, who.account.n);
	query_text(&q, kind);
	CHECK(query_row(&q));
	int64_t n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

static struct waiting request_of(struct scene *s, struct reference reference)
{
	struct waiting w = { 0 };
	CHECK(store_waiting_find(s->e.service.store, &s->e.arena, reference, &w) == OK);
	return w;
}

/* ---- one after the other ---- */

static void a_cancelled_time_is_offered_kept_and_taken_and_the_chain_goes_on(void **state)
{
	struct scene s;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	(void)wish(&s, 2, &ANY_TIME);
	run(&s);
	assert_int_equal(offer_of(&s, s.lawyer[1]).id.n, 0); /* nothing is free yet */
	cancel(&s, 0);
	run(&s);
	struct offer_row first = offer_of(&s, s.lawyer[1]); /* of equals, who asked first */
	CHECK(first.id.n && first.keeps);
	assert_int_equal(offer_of(&s, s.lawyer[2]).id.n, 0);
	assert_int_equal(told(&s, s.lawyer[1], "OFFER"), 1);
	assert_int_equal(day_of(&s, 1), 25); /* kept until they accept */
	/* Nobody else gets what is promised. */
	struct legal_ask ask = s.ask[3];
	enum legal_answer said;
	CHECK(legal_book(&s.e.service, &s.lawyer[3], &ask,
			 (struct legal_time){ first.offer.start, first.terminal }, &said, &verdict,
			 &none) == OK);
	CHECK(said == LEGAL_FINE && !verdict_clean(verdict));
	struct wall asked_at = request_of(&s, s.visit[1]).need.asked_at;
	assert_int_equal(answer(&s, s.lawyer[1], first, ANSWER_ACCEPT), OFFER_ACCEPTED);
	assert_int_equal(answer(&s, s.lawyer[1], first, ANSWER_DECLINE), OFFER_ACCEPTED);
	assert_int_equal(day_of(&s, 1), 24);
	assert_int_equal(told(&s, s.lawyer[1], "MOVED"), 1);
	assert_int_equal(request_of(&s, s.visit[1]).need.asked_at.s, asked_at.s);
	run(&s);
	struct offer_row second = offer_of(&s, s.lawyer[2]);
	assert_int_equal(local_of(second.offer.start).date.day, 25); /* what that left */
	assert_int_equal(answer(&s, s.lawyer[2], second, ANSWER_ACCEPT), OFFER_ACCEPTED);
	scene_close(&s);
}

static void whoever_moves_a_visit_themselves_may_choose_what_is_offered_to_them(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct legal_times *found = calloc(1, sizeof *found);
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	cancel(&s, 0);
	run(&s);
	struct offer_row offer = offer_of(&s, s.lawyer[1]);
	CHECK(offer.id.n);
	CHECK(legal_move_times(&s.e.service, &s.lawyer[1], &s.e.arena, s.visit[1],
			       (struct date){ 0 }, (struct wall){ 0 }, found) == OK);
	assert_int_equal(offer_of(&s, s.lawyer[1]).id.n, offer.id.n); /* a look ends nothing */
	CHECK(found->count > 0);
	assert_int_equal(local_of(found->times[0].start).date.day, 24);
	/* Not so for somebody else: the time is kept. */
	struct legal_times *theirs = calloc(1, sizeof *theirs);
	CHECK(legal_move_times(&s.e.service, &s.lawyer[2], &s.e.arena, s.visit[2],
			       (struct date){ 0 }, (struct wall){ 0 }, theirs) == OK);
	CHECK(theirs->count == 0 || local_of(theirs->times[0].start).date.day > 24);
	CHECK(legal_move(&s.e.service, &s.lawyer[1], s.visit[1], found->times[0], &said,
			 &verdict) == OK);
	CHECK(said == LEGAL_FINE && verdict_clean(verdict));
	assert_int_equal(day_of(&s, 1), 24);
	assert_int_equal(offer_of(&s, s.lawyer[1]).id.n, 0);
	assert_int_equal(answer(&s, s.lawyer[1], offer, ANSWER_ACCEPT), OFFER_GONE);
	assert_int_equal(day_of(&s, 1), 24);
	free(theirs);
	free(found);
	scene_close(&s);
}

static void an_offer_is_over_with_its_window_and_the_next_is_asked(void **state)
{
	struct scene s;
	enum offer_state said;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	(void)wish(&s, 2, &ANY_TIME);
	cancel(&s, 0);
	run(&s);
	struct offer_row first = offer_of(&s, s.lawyer[1]);
	struct wall over = first.offer.answer_until;
	assert_int_equal(over.s - first.offer.made_at.s,
			 15 * MINUTE); /* a day ahead: the shorter one */
	s.e.service.now = wall_add_s(over, -1);
	run(&s);
	CHECK(offer_of(&s, s.lawyer[1]).id.n == first.id.n && !offer_of(&s, s.lawyer[2]).id.n);
	s.e.service.now = over;
	assert_int_equal(answer(&s, s.lawyer[1], first, ANSWER_ACCEPT), OFFER_EXPIRED);
	assert_int_equal(day_of(&s, 1), 25);
	run(&s);
	struct offer_row next = offer_of(&s, s.lawyer[2]);
	CHECK(next.id.n && next.offer.start.s == first.offer.start.s);
	/* Somebody else's offer is not theirs to answer. */
	CHECK(refill_answer(&s.e.service, &s.lawyer[1], next.id, ANSWER_ACCEPT, &said) ==
	      ERR_NOT_FOUND);
	assert_int_equal(answer(&s, s.lawyer[2], next, ANSWER_DECLINE), OFFER_DECLINED);
	run(&s);
	CHECK(!offer_of(&s, s.lawyer[1]).id.n); /* nobody is asked twice for one time */
	assert_int_equal(
	    number(s.e.service.store, "SELECT COUNT(*) FROM freed_time WHERE state = 'UNUSED'"), 1);
	scene_close(&s);
}

/* For the whole country, from now on and before. */
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

static void nobody_is_asked_at_night_nor_more_often_than_the_rules_say(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 2, &ANY_TIME);
	s.e.service.now.s += 11 * 3600; /* after nine in the evening */
	cancel(&s, 0);
	run(&s);
	assert_int_equal(offer_of(&s, s.lawyer[2]).id.n, 0);
	s.e.service.now.s += 11 * 3600 - 10 * MINUTE; /* eight is over */
	set_rule(&s, "offer_parallel_hours", 0);
	run(&s);
	CHECK(offer_of(&s, s.lawyer[2]).id.n);
	struct offer_row offer = offer_of(&s, s.lawyer[2]);
	assert_int_equal(answer(&s, s.lawyer[2], offer, ANSWER_DECLINE), OFFER_DECLINED);
	set_rule(&s, "offers_day", 1);
	cancel(&s, 1);
	run(&s);
	assert_int_equal(offer_of(&s, s.lawyer[2]).id.n, 0);
	pass(&s, DAY - 10 * 3600 + 3600); /* tomorrow is another day, before that visit */
	scene_close(&s);
}

/* ---- several at once ---- */

static void close_to_the_time_several_are_asked_and_the_first_has_it(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	(void)wish(&s, 2, &ANY_TIME);
	s.e.service.now.s += 21 * 3600; /* a quarter past seven on the day of the first visit */
	cancel(&s, 0);
	run(&s);
	struct offer_row one = offer_of(&s, s.lawyer[1]), other = offer_of(&s, s.lawyer[2]);
	CHECK(one.id.n && other.id.n && !one.keeps && !other.keeps);
	assert_int_equal(one.freed.n, other.freed.n);
	assert_int_equal(answer(&s, s.lawyer[2], other, ANSWER_ACCEPT), OFFER_ACCEPTED);
	assert_int_equal(answer(&s, s.lawyer[1], one, ANSWER_ACCEPT), OFFER_GONE);
	assert_int_equal(day_of(&s, 2), 24);
	assert_int_equal(day_of(&s, 1), 25); /* nothing was lost by answering late */
	scene_close(&s);
}

/* ---- wishes ---- */

static void who_chose_it_is_booked_at_once_and_only_in_the_hours_they_named(void **state)
{
	struct scene s;
	struct waiting_wish afternoon = { .from_minute = 720, .until_minute = 1440 };
	struct waiting_wish automatic = { .until_minute = 720, .automatic = true };
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &afternoon);
	(void)wish(&s, 2, &automatic);
	cancel(&s, 0);
	run(&s);
	assert_int_equal(day_of(&s, 2), 24);
	assert_int_equal(day_of(&s, 1), 25);
	assert_int_equal(told(&s, s.lawyer[2], "MOVED"), 1);
	assert_int_equal(told(&s, s.lawyer[2], "OFFER"), 0);
	assert_int_equal(told(&s, s.lawyer[1], "OFFER"), 0);
	scene_close(&s);
}

static void leaving_the_list_ends_the_offer_and_keeps_the_visit(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 3);
	int64_t id = wish(&s, 1, &ANY_TIME);
	(void)wish(&s, 2, &ANY_TIME);
	cancel(&s, 0);
	run(&s);
	struct offer_row offer = offer_of(&s, s.lawyer[1]);
	CHECK(waiting_leave(&s.e.service, &s.lawyer[2], id) == ERR_NOT_FOUND);
	CHECK(waiting_leave(&s.e.service, &s.lawyer[1], id) == OK);
	CHECK(waiting_leave(&s.e.service, &s.lawyer[1], id) == ERR_CONFLICT);
	assert_int_equal(answer(&s, s.lawyer[1], offer, ANSWER_ACCEPT), OFFER_GONE);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	run(&s);
	CHECK(offer_of(&s, s.lawyer[2]).id.n);
	scene_close(&s);
}

/* ---- who waits without a time ---- */

static void a_request_without_a_time_is_served_before_those_who_have_one(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	CHECK(legal_book(&s.e.service, &s.lawyer[3], &s.ask[3], (struct legal_time){ 0 }, &said,
			 &verdict, &none) == OK);
	struct wall asked_at = s.e.service.now;
	change(&s,
	       "UPDATE session_template SET valid_to = 20784 WHERE prison = 'WWI'"); /* 27 Nov */
	change(&s, "UPDATE session_template SET valid_to = 20783 WHERE prison = 'WWI'");
	cancel(&s, 0);
	pass(&s, MINUTE);
	struct offer_row offer = offer_of(&s, s.lawyer[3]);
	CHECK(offer.id.n);
	assert_int_equal(answer(&s, s.lawyer[3], offer, ANSWER_ACCEPT), OFFER_ACCEPTED);
	assert_int_equal(told(&s, s.lawyer[3], "BOOKED"), 1);
	struct visit_list mine;
	CHECK(visits_mine(&s.e.service, &s.lawyer[3], &s.e.arena, &mine) == OK);
	assert_int_equal(mine.count, 1);
	struct waiting w = request_of(&s, mine.list[0].reference);
	assert_int_equal(w.need.asked_at.s, asked_at.s);
	assert_int_equal(w.state, WAITING_BOOKED);
	scene_close(&s);
}

static void time_that_opens_is_found_for_whoever_waits(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 0);
	/* Families' own, until two days before. */
	change(&s, "UPDATE session_template SET kinds = 1 WHERE prison = 'WWI'");
	change(&s, "UPDATE session_template SET weekdays = 32 WHERE prison = 'WWI'"); /* Fridays */
	CHECK(legal_book(&s.e.service, &s.lawyer[0], &s.ask[0], (struct legal_time){ 0 }, &said,
			 &verdict, &none) == OK);
	assert_int_equal(said, LEGAL_FINE);
	run(&s);
	assert_int_equal(offer_of(&s, s.lawyer[0]).id.n, 0);
	pass(&s, 2 * DAY + 2 * 3600); /* Wednesday noon: Friday at ten is released */
	struct offer_row offer = offer_of(&s, s.lawyer[0]);
	assert_int_equal(local_of(offer.offer.start).date.day, 27);
	assert_int_equal(answer(&s, s.lawyer[0], offer, ANSWER_ACCEPT), OFFER_ACCEPTED);
	scene_close(&s);
}

static void unused_time_of_families_is_booked_by_lawyers_once_it_is_released(void **state)
{
	struct scene s;
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	scene_open(&s, 0);
	change(&s, "UPDATE session_template SET kinds = 1 WHERE prison = 'WWI'");
	CHECK(legal_times_find(&s.e.service, &s.lawyer[0], &s.e.arena, &s.ask[0], times) == OK);
	CHECK(times->count > 0);
	struct wall until = wall_add_s(s.e.service.now, 48 * 3600);
	for (size_t i = 0; i < times->count; i++)
		CHECK(times->times[i].start.s + 45 * MINUTE <= until.s);
	struct reference reference = booked(&s.e, s.lawyer[0], &s.ask[0]);
	assert_int_equal(see(&s, reference).kind, VISIT_LEGAL);
	free(times);
	scene_close(&s);
}

/* ---- families ---- */

static struct visit_request family_visit(struct scene *s, struct actor family)
{
	struct contact_list contacts;
	CHECK(contacts_mine(&s->e.service, &family, &s->e.arena, &contacts) == OK);
	return (struct visit_request){ .kind = VISIT_SOCIAL,
				       .prisoner = contacts.list[0].prisoner.id,
				       .person_count = 1,
				       .persons = { contacts.list[0].person.id },
				       .minutes = 30 };
}

static void a_family_waits_for_a_social_visit_as_lawyers_do(void **state)
{
	struct scene s;
	enum waiting_answer said;
	struct verdict verdict;
	int64_t id;
	(void)state;
	scene_open(&s, 3);
	struct actor amina = estate_family(&s.e, "amina@family.example");
	struct actor ben = estate_family(&s.e, "ben@family.example");
	struct visit_request request = family_visit(&s, amina), his = family_visit(&s, ben);
	CHECK(waiting_ask(&s.e.service, &ben, &his, &ANY_TIME, &said, &verdict, &id) == OK);
	assert_int_equal(said, WAITING_NOT_PARTY); /* not approved */
	change(&s, "UPDATE session_template SET valid_to = 20783 WHERE prison = 'WWI'");
	CHECK(waiting_ask(&s.e.service, &amina, &request, &ANY_TIME, &said, &verdict, &id) == OK);
	assert_int_equal(said, WAITING_FINE);
	CHECK(waiting_ask(&s.e.service, &amina, &request, &ANY_TIME, &said, &verdict, &id) == OK);
	assert_int_equal(said, WAITING_ALREADY);
	cancel(&s, 1); /* Wednesday: two days ahead */
	pass(&s, MINUTE);
	struct offer_row offer = offer_of(&s, amina);
	CHECK(offer.id.n);
	assert_int_equal(offer.minutes, 30);
	assert_int_equal(answer(&s, amina, offer, ANSWER_ACCEPT), OFFER_ACCEPTED);
	assert_int_equal(told(&s, amina, "OFFER"), 1);
	scene_close(&s);
}

static void families_are_asked_at_short_notice_only_where_they_said_so(void **state)
{
	struct scene s;
	enum waiting_answer said;
	struct verdict verdict;
	int64_t id;
	struct waiting_wish soon = { .until_minute = 1440, .short_notice = true };
	(void)state;
	scene_open(&s, 1);
	struct actor amina = estate_family(&s.e, "amina@family.example");
	struct visit_request request = family_visit(&s, amina);
	change(&s, "UPDATE session_template SET valid_to = 20781 WHERE prison = 'WWI'");
	change(
	    &s,
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, 'WWI', 'notice_hours', 24, 0, NULL, 'Test' FROM prison_policy");
	CHECK(waiting_ask(&s.e.service, &amina, &request, &ANY_TIME, &said, &verdict, &id) == OK);
	assert_int_equal(said, WAITING_FINE);
	s.e.service.now.s += 21 * 3600;
	cancel(&s, 0);
	run(&s);
	assert_int_equal(offer_of(&s, amina).id.n, 0);
	CHECK(waiting_wish_set(&s.e.service, &amina, id, &soon) == OK);
	pass(&s, 3600 + MINUTE); /* a time that nobody could have is found again an hour later */
	struct offer_row offer = offer_of(&s, amina);
	CHECK(offer.id.n && !offer.keeps);
	assert_int_equal(answer(&s, amina, offer, ANSWER_ACCEPT), OFFER_ACCEPTED);
	scene_close(&s);
}

/* ---- transfers, releases, and what did not take place ---- */

static void moves(struct scene *s, enum movement movement, const char *to)
{
	struct prisoner_movement m = { .movement = movement, .reason = STR("Movement slip") };
	struct actor clerk = officer(&s->e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	CHECK(prisoner_number_of(STR("A1234BC"), &m.number));
	if (to)
		CHECK(prison_code_of(str_from(to), &m.to));
	CHECK(prisoner_move(&s->e.service, &clerk, &m) == OK);
}

static void a_transfer_frees_the_time_and_the_request_waits_at_the_new_prison(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 2);
	(void)wish(&s, 1, &ANY_TIME);
	struct waiting before = request_of(&s, s.visit[0]);
	moves(&s, MOVEMENT_TRANSFERRED, "LEI");
	assert_int_equal(see(&s, s.visit[0]).end, END_PRISONER_MOVED);
	assert_int_equal(told(&s, s.lawyer[0], "CANCELLED"), 1);
	run(&s);
	struct offer_row here = offer_of(&s, s.lawyer[1]), there = offer_of(&s, s.lawyer[0]);
	assert_int_equal(local_of(here.offer.start).date.day, 24); /* what the transfer freed */
	CHECK(there.id.n);
	assert_int_equal(answer(&s, s.lawyer[0], there, ANSWER_ACCEPT), OFFER_ACCEPTED);
	struct waiting after = { 0 };
	CHECK(store_waiting_find_id(s.e.service.store, &s.e.arena, before.id, &after) == OK);
	assert_int_equal(after.need.asked_at.s, before.need.asked_at.s);
	assert_string_equal(see(&s, after.reference).prison.text, "LEI");
	scene_close(&s);
}

static void whoever_leaves_prison_leaves_the_list_and_all_are_told(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 2);
	(void)wish(&s, 1, &ANY_TIME);
	CHECK(legal_book(&s.e.service, &s.lawyer[3], &s.ask[3], (struct legal_time){ 0 }, &said,
			 &verdict, &none) == OK); /* the same client */
	moves(&s, MOVEMENT_RELEASED, NULL);
	assert_int_equal(see(&s, s.visit[0]).state, VISIT_CANCELLED);
	assert_int_equal(told(&s, s.lawyer[0], "CANCELLED"), 1);
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_ENDED"), 0);
	assert_int_equal(told(&s, s.lawyer[3], "WAITING_ENDED"), 1);
	run(&s);
	assert_int_equal(local_of(offer_of(&s, s.lawyer[1]).offer.start).date.day, 24);
	scene_close(&s);
}

static void a_visit_that_failed_by_nobodys_doing_waits_again_since_it_was_asked_for(void **state)
{
	static const struct {
		enum visit_end end;
		const char *state;
	} CASES[] = {
		{ END_CANCELLED_BY_PRISON, "WAITING" },
		{ END_CANCELLED_BY_BOOKER, "ENDED" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct scene s;
		scene_open(&s, 1);
		struct waiting before = request_of(&s, s.visit[0]), after = { 0 };
		struct actor clerk = officer(&s.e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
		bool booker = CASES[i].end == END_CANCELLED_BY_BOOKER;
		CHECK(visit_cancel(&s.e.service, booker ? &s.lawyer[0] : &clerk, s.visit[0],
				   STR("Staff are short")) == OK);
		CHECK(store_waiting_find_id(s.e.service.store, &s.e.arena, before.id, &after) ==
		      OK);
		assert_int_equal(after.state, booker ? WAITING_ENDED : WAITING_OPEN);
		assert_int_equal(after.need.asked_at.s, before.need.asked_at.s);
		scene_close(&s);
	}
}

/* Lawyer 0's visit is over without having been held. */
static void fails(struct scene *s, enum visit_end end)
{
	enum joining joining;
	s->e.service.now = see(s, s->visit[0]).start;
	if (end == END_PRISONER_ABSENT)
		CHECK(lobby_enter(&s->e.service, &s->lawyer[0], s->visit[0], &joining) == OK);
	s->e.service.now.s += 20 * MINUTE;
	CHECK(visit_end(&s->e.service, &SYSTEM_ACTOR, s->visit[0],
			end == END_FAULT ? END_FAULT : END_TIME, STR("")) == OK);
	assert_int_equal(see(s, s->visit[0]).end, end);
}

/* Of lawyer 0. */
static int64_t requests(struct scene *s)
{
	struct query q =
	    query_of(s->e.service.store,
		     "SELECT COUNT(*) FROM waiting WHERE state <> 'ENDED' AND booker = ?1");
	query_int(&q, s->lawyer[0].account.n);
	CHECK(query_row(&q));
	int64_t n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

/* That of lawyer 0, as somebody sees it. */
static struct wait_clock clock_for(struct scene *s, struct actor who)
{
	struct wait_list list = { 0 };
	CHECK(waits_find(&s->e.service, &who, &s->e.arena, &list) == OK);
	for (size_t i = 0; i < list.count; i++)
		if (list.list[i].waiting.booker.n == s->lawyer[0].account.n)
			return list.list[i];
	return (struct wait_clock){ 0 };
}

static void a_legal_visit_that_failed_waits_again_at_once_and_is_offered_the_earliest(void **state)
{
	static const enum visit_end ENDS[] = { END_FAULT, END_PRISONER_ABSENT };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
		struct scene s;
		scene_open(&s, 1);
		struct actor clerk = officer(&s.e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
		struct actor hq = officer(&s.e, "admin@hq.example", ROLE_HQ_ADMIN);
		struct waiting before = request_of(&s, s.visit[0]);
		fails(&s, ENDS[i]);
		assert_int_equal(told(&s, s.lawyer[0], "NOT_HELD"), 1);
		assert_int_equal(told(&s, s.lawyer[0], "WAITING_AGAIN"), 1);
		run(&s);
		struct wait_clock own = clock_for(&s, s.lawyer[0]);
		assert_int_equal(own.waiting.id, before.id);
		assert_int_equal(own.waiting.state, WAITING_OPEN);
		assert_int_equal(own.waiting.need.asked_at.s, before.need.asked_at.s);
		CHECK(!date_compare(own.waiting.need.deadline, before.need.deadline));
		assert_int_equal(clock_for(&s, clerk).waited_days, own.waited_days);
		assert_int_equal(clock_for(&s, hq).waiting.need.asked_at.s, before.need.asked_at.s);
		struct offer_row offer = offer_of(&s, s.lawyer[0]);
		assert_int_equal(local_of(offer.offer.start).date.day,
				 25); /* the next hour there is */
		assert_int_equal(answer(&s, s.lawyer[0], offer, ANSWER_ACCEPT), OFFER_ACCEPTED);
		own = clock_for(&s, s.lawyer[0]);
		assert_int_equal(own.waiting.need.asked_at.s, before.need.asked_at.s);
		assert_int_equal(own.waited_days, 2); /* from Monday, not from the failure */
		scene_close(&s);
	}
}

static void who_chose_it_has_the_next_time_at_once_when_a_visit_failed(void **state)
{
	struct scene s;
	struct waiting_wish automatic = { .until_minute = 1440, .automatic = true };
	(void)state;
	scene_open(&s, 1);
	int64_t id = wish(&s, 0, &automatic);
	fails(&s, END_FAULT);
	run(&s);
	struct waiting w = { 0 };
	CHECK(store_waiting_find_id(s.e.service.store, &s.e.arena, id, &w) == OK);
	assert_int_equal(w.state, WAITING_BOOKED);
	assert_int_equal(local_of(w.start).date.day, 25);
	assert_int_equal(told(&s, s.lawyer[0], "OFFER"), 0);
	assert_int_equal(told(&s, s.lawyer[0], "BOOKED"), 2);
	scene_close(&s);
}

static void a_lawyer_who_chooses_instead_keeps_the_request_and_its_clock(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 1);
	struct waiting before = request_of(&s, s.visit[0]);
	fails(&s, END_FAULT);
	run(&s);
	struct offer_row offer = offer_of(&s, s.lawyer[0]);
	CHECK(offer.id.n && offer.keeps);
	/* Nothing fits, they say: it waits already, and no second time. */
	CHECK(legal_book(&s.e.service, &s.lawyer[0], &s.ask[0], (struct legal_time){ 0 }, &said,
			 &verdict, &none) == OK);
	CHECK(said == LEGAL_FINE);
	assert_int_equal(requests(&s), 1);
	struct legal_time same = { offer.offer.start, offer.terminal }; /* what is kept for them */
	CHECK(legal_book(&s.e.service, &s.lawyer[0], &s.ask[0], same, &said, &verdict,
			 &s.visit[1]) == OK);
	CHECK(said == LEGAL_FINE && verdict_clean(verdict));
	struct waiting after = request_of(&s, s.visit[1]);
	assert_int_equal(after.id, before.id);
	assert_int_equal(after.need.asked_at.s, before.need.asked_at.s);
	assert_int_equal(requests(&s), 1);
	assert_int_equal(answer(&s, s.lawyer[0], offer, ANSWER_ACCEPT), OFFER_GONE);
	/* Another date is another request. */
	s.ask[0].deadline.day = 29;
	(void)booked(&s.e, s.lawyer[0], &s.ask[0]);
	assert_int_equal(requests(&s), 2);
	scene_close(&s);
}

static void what_fails_waits_again_as_the_rules_of_the_prison_say(void **state)
{
	static const struct {
		int rule;
		enum visit_end end;
		bool waits;
	} CASES[] = {
		{ 0, END_FAULT, false },          { 0, END_PRISONER_ABSENT, false },
		{ 1, END_BOTH_ABSENT, false },    { 2, END_BOTH_ABSENT, true },
		{ 2, END_PRISONER_ABSENT, true },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct scene s;
		scene_open(&s, 1);
		set_rule(&s, "failed_waits", CASES[i].rule);
		fails(&s, CASES[i].end);
		assert_int_equal(requests(&s), CASES[i].waits);
		assert_int_equal(told(&s, s.lawyer[0], "WAITING_AGAIN"), CASES[i].waits);
		scene_close(&s);
	}
}

static void a_legal_visit_that_nobody_asked_for_on_the_list_waits_since_it_was_booked(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 1);
	change(&s, "DELETE FROM waiting_person");
	change(&s, "DELETE FROM waiting");
	struct wall booked_at = see(&s, s.visit[0]).booked_at;
	fails(&s, END_FAULT);
	run(&s);
	assert_int_equal(clock_for(&s, s.lawyer[0]).waiting.need.asked_at.s, booked_at.s);
	CHECK(offer_of(&s, s.lawyer[0]).id.n);
	scene_close(&s);
}

static void say(struct scene *s, enum visit_outcome outcome)
{
	struct actor clerk = officer(&s->e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	enum outcome_answer answer;
	CHECK(visit_outcome_set(&s->e.service, &clerk, s->visit[0], outcome, STR(""), &answer) ==
	      OK);
	CHECK(answer == OUTCOME_MAY);
}

static void that_the_prisoner_was_not_brought_may_be_said_afterwards_and_counts_once(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 1);
	struct waiting before = request_of(&s, s.visit[0]);
	fails(&s, END_BOTH_ABSENT);
	assert_int_equal(requests(&s), 0);
	say(&s, OUTCOME_VISITOR_ABSENT);
	assert_int_equal(requests(&s), 0);
	say(&s, OUTCOME_PRISONER_NOT_PRODUCED);
	assert_int_equal(clock_for(&s, s.lawyer[0]).waiting.id, before.id);
	say(&s, OUTCOME_EQUIPMENT);
	assert_int_equal(requests(&s), 1);
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_AGAIN"), 1);
	scene_close(&s);
}

static void what_was_asked_for_again_meanwhile_waits_no_second_time(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 1);
	fails(&s, END_BOTH_ABSENT);
	(void)booked(&s.e, s.lawyer[0], &s.ask[0]);
	say(&s, OUTCOME_PRISONER_NOT_PRODUCED);
	assert_int_equal(requests(&s), 1);
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_AGAIN"), 0);
	scene_close(&s);
}

static void a_date_that_has_passed_ends_the_wait(void **state)
{
	struct scene s;
	enum legal_answer said;
	struct verdict verdict;
	struct reference none;
	(void)state;
	scene_open(&s, 0);
	change(&s, "UPDATE session_template SET active = 0 WHERE prison = 'WWI'");
	CHECK(legal_book(&s.e.service, &s.lawyer[0], &s.ask[0], (struct legal_time){ 0 }, &said,
			 &verdict, &none) == OK);
	pass(&s, 7 * DAY); /* the day itself */
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_ENDED"), 0);
	pass(&s, DAY);
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_ENDED"), 1);
	pass(&s, DAY);
	assert_int_equal(told(&s, s.lawyer[0], "WAITING_ENDED"), 1);
	scene_close(&s);
}

/* ---- the database, and what it outlives ---- */

static void the_database_refuses_to_promise_a_time_twice(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 3);
	int64_t two = wish(&s, 2, &ANY_TIME);
	(void)wish(&s, 1, &ANY_TIME);
	cancel(&s, 0);
	run(&s);
	struct offer_row kept = offer_of(&s, s.lawyer[1]);
	struct offer_row twice = kept;
	twice.id.n++;
	twice.waiting = two;
	twice.booker = s.lawyer[2].account;
	CHECK(store_enter(s.e.service.store) == OK);
	CHECK(store_offer_insert(s.e.service.store, &twice) == ERR_CONFLICT);
	CHECK(store_leave(s.e.service.store, false) == OK);
	scene_close(&s);
}

/* However many families wait in a prison, no lawyer is left out for them. */
static void lawyers_are_looked_at_before_families_who_asked_earlier(void **state)
{
	struct scene s;
	struct refill_waiters found;
	enum waiting_answer said;
	struct verdict verdict;
	int64_t family_id;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	struct waiting lawyers = request_of(&s, s.visit[1]);
	struct actor amina = estate_family(&s.e, "amina@family.example");
	struct visit_request request = family_visit(&s, amina);
	CHECK(waiting_ask(&s.e.service, &amina, &request, &ANY_TIME, &said, &verdict, &family_id) ==
	      OK);
	assert_int_equal(said, WAITING_FINE);
	change(&s, "UPDATE waiting SET asked_at = asked_at - 86400 WHERE kind = 'SOCIAL'");
	for (int limit = 1; limit <= 2; limit++) {
		CHECK(store_refill_waiters(s.e.service.store, &s.e.arena, lawyers.prison,
					   s.e.service.now, s.e.service.now, limit, &found) == OK);
		assert_int_equal(found.count, limit);
		assert_int_equal(found.list[0].waiting.id, lawyers.id);
	}
	assert_int_equal(found.list[1].waiting.id, family_id);
	scene_close(&s);
}

static void a_new_process_goes_on_where_the_old_one_ended(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s, 3);
	(void)wish(&s, 1, &ANY_TIME);
	(void)wish(&s, 2, &ANY_TIME);
	cancel(&s, 0);
	/* Dead between the cancellation and the offer; and between the offer and its end. */
	s.cursor = (struct refill_cursor){ 0 };
	run(&s);
	struct offer_row offer = offer_of(&s, s.lawyer[1]);
	CHECK(offer.id.n);
	s.cursor = (struct refill_cursor){ 0 };
	run(&s);
	assert_int_equal(told(&s, s.lawyer[1], "OFFER"), 1);
	s.cursor = (struct refill_cursor){ 0 };
	pass(&s, 20 * MINUTE);
	CHECK(offer_of(&s, s.lawyer[2]).id.n);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cancelled_time_is_offered_kept_and_taken_and_the_chain_goes_on),
		TEST(whoever_moves_a_visit_themselves_may_choose_what_is_offered_to_them),
		TEST(an_offer_is_over_with_its_window_and_the_next_is_asked),
		TEST(nobody_is_asked_at_night_nor_more_often_than_the_rules_say),
		TEST(close_to_the_time_several_are_asked_and_the_first_has_it),
		TEST(who_chose_it_is_booked_at_once_and_only_in_the_hours_they_named),
		TEST(leaving_the_list_ends_the_offer_and_keeps_the_visit),
		TEST(a_request_without_a_time_is_served_before_those_who_have_one),
		TEST(time_that_opens_is_found_for_whoever_waits),
		TEST(unused_time_of_families_is_booked_by_lawyers_once_it_is_released),
		TEST(a_family_waits_for_a_social_visit_as_lawyers_do),
		TEST(families_are_asked_at_short_notice_only_where_they_said_so),
		TEST(a_transfer_frees_the_time_and_the_request_waits_at_the_new_prison),
		TEST(whoever_leaves_prison_leaves_the_list_and_all_are_told),
		TEST(a_visit_that_failed_by_nobodys_doing_waits_again_since_it_was_asked_for),
		TEST(a_legal_visit_that_failed_waits_again_at_once_and_is_offered_the_earliest),
		TEST(who_chose_it_has_the_next_time_at_once_when_a_visit_failed),
		TEST(a_lawyer_who_chooses_instead_keeps_the_request_and_its_clock),
		TEST(what_fails_waits_again_as_the_rules_of_the_prison_say),
		TEST(a_legal_visit_that_nobody_asked_for_on_the_list_waits_since_it_was_booked),
		TEST(that_the_prisoner_was_not_brought_may_be_said_afterwards_and_counts_once),
		TEST(what_was_asked_for_again_meanwhile_waits_no_second_time),
		TEST(a_date_that_has_passed_ends_the_wait),
		TEST(the_database_refuses_to_promise_a_time_twice),
		TEST(lawyers_are_looked_at_before_families_who_asked_earlier),
		TEST(a_new_process_goes_on_where_the_old_one_ended),
	};
	return RUN("service/refill", tests);
}
