#include "tests/store/lawyers.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "service/custody.h"
#include "service/hold.h"
#include "store/query.h"

static void change(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	CHECK(query_end(&q) == OK);
}

static int64_t count_of(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

static void two_different_people_of_staff_make_a_lawyer_and_never_one(void **state)
{
	struct estate e;
	enum approval_answer answer;
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	struct actor first = officer(&e, "contacts@wandsworth.example", ROLE_CONTACTS_AUTHORISER);
	struct actor clerk = officer(&e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	struct legal_ask ask = asking();
	CHECK(professional_say_yes(&e.service, &clerk, lawyer.account, &answer) == ERR_DENIED);
	CHECK(professional_say_yes(&e.service, &first, lawyer.account, &answer) == OK);
	assert_int_equal(answer, APPROVAL_GIVEN);
	CHECK(professional_say_yes(&e.service, &first, lawyer.account, &answer) == OK);
	assert_int_equal(answer, APPROVAL_SAME);
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_NOT_VERIFIED);
	/* The database itself refuses one person twice. */
	struct query q = query_of(
	    e.service.store, "UPDATE professional SET state = 'VERIFIED', second_by = first_by");
	CHECK(query_end(&q) != OK);
	verify(&e, lawyer_of(&e, "other@law.example", PROFESSION_BARRISTER));
	struct actor second = officer(&e, "governor@wandsworth.example", ROLE_DUTY_GOVERNOR);
	CHECK(professional_say_yes(&e.service, &second, lawyer.account, &answer) == OK);
	assert_int_equal(answer, APPROVAL_COMPLETE);
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_FINE);
	free(times);
	estate_close(&e);
}

static void the_earliest_times_begin_on_any_five_minutes_and_are_bookable(void **state)
{
	struct estate e;
	struct legal_times *times = calloc(1, sizeof *times);
	struct visit visit = { 0 };
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	int64_t leaves = estate_leaves(&e);
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_FINE);
	assert_int_equal(times->class, WAITING_URGENT);
	CHECK(times->count > 1);
	for (size_t i = 0; i < times->count; i++) {
		CHECK(times->times[i].start.s >= e.service.now.s + 60 * 60);
		assert_int_equal(times->times[i].start.s % 300, 0);
		CHECK(i == 0 || times->times[i].start.s > times->times[i - 1].start.s);
	}
	assert_int_equal(estate_leaves(&e), leaves + 1); /* the client is known now */
	struct reference reference = booked(&e, lawyer, &ask);
	CHECK(visit_find(&e.service, &lawyer, &e.arena, reference, &visit) == OK);
	assert_int_equal(visit.kind, VISIT_LEGAL);
	assert_int_equal(visit.minutes, 45);
	CHECK(!visit.watched);
	assert_int_equal(visit.start.s, times->times[0].start.s);
	free(times);
	estate_close(&e);
}

static void a_visit_may_last_until_the_hours_end_unless_a_session_follows(void **state)
{
	struct estate e;
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	CHECK(ask.minutes == 45);
	change(&e, "UPDATE session_template SET start_minute = 600, end_minute = 645 "
		   "WHERE prison = 'WWI'");
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	CHECK(times->count > 0); /* the turn-round lies after the hours */
	for (size_t i = 0; i < times->count; i++)
		assert_int_equal(local_of(times->times[i].start).minute, 600);
	/* Families come in at once (bit 0: social): there are five minutes too few. */
	change(&e,
	       "INSERT INTO session_template (id, prison, weekdays, start_minute, end_minute, "
	       "slot_minutes, every_weeks, valid_from, active, valid_to, name, kinds, clients, "
	       "room, open_capacity, closed_capacity, location_include, category_include, "
	       "incentive_include, anchor, author, reason, made_at, order_need) "
	       "SELECT id + 1, prison, weekdays, 645, 705, slot_minutes, every_weeks, "
	       "valid_from, active, valid_to, name, 1, clients, room, open_capacity, "
	       "closed_capacity, location_include, category_include, incentive_include, anchor, "
	       "author, reason, made_at, order_need FROM session_template "
	       "WHERE prison = 'WWI'");
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	for (size_t i = 0; i < times->count; i++) /* but where unused social time is released */
		CHECK(times->times[i].start.s < e.service.now.s + 48 * 3600);
	change(&e, "UPDATE session_template SET start_minute = 650 WHERE start_minute = 645");
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	CHECK(times->count > 2);
	free(times);
	estate_close(&e);
}

static void a_family_cannot_book_a_legal_visit_by_any_way(void **state)
{
	struct estate e;
	struct verdict verdict;
	struct reference reference;
	struct wall until;
	struct contact_list contacts;
	(void)state;
	estate_open(&e);
	struct actor family = estate_family(&e, "amina@family.example");
	CHECK(contacts_mine(&e.service, &family, &e.arena, &contacts) == OK);
	struct visit_request request = { .kind = VISIT_LEGAL,
					 .prisoner = contacts.list[0].prisoner.id,
					 .person_count = 1,
					 .persons = { contacts.list[0].person.id },
					 .start = { e.service.now.s / 300 * 300 + 3 * 86400 },
					 .minutes = 30 };
	CHECK(visit_book(&e.service, &family, &request, &verdict, &reference) == ERR_DENIED);
	CHECK(visit_hold(&e.service, &family, &request, &verdict, &until) == ERR_DENIED);
	estate_close(&e);
}

/* And a minute later what is done is newer than that. */
static void tell_everything(struct estate *e)
{
	struct actor hq = estate_staff(e, ROLE_HQ_ADMIN, NULL);
	tell_all(&e->service, &hq);
	e->service.now.s += 60;
}

static void a_revocation_holds_at_once_for_sessions_and_visits(void **state)
{
	struct estate e;
	struct session_started session;
	struct account_session found;
	struct visit visit = { 0 };
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	estate_open(&e);
	tell_everything(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	struct reference reference = booked(&e, lawyer, &ask);
	CHECK(account_session_start(&e.service, lawyer.account, &session) == OK);
	struct actor governor = officer(&e, "governor@wandsworth.example", ROLE_DUTY_GOVERNOR);
	CHECK(professional_say_no(&e.service, &governor, lawyer.account, STR("Struck off.")) == OK);
	CHECK(account_session_find(&e.service, &e.arena, str_from(session.token), &found) ==
	      ERR_NOT_FOUND);
	CHECK(visit_find(&e.service, &lawyer, &e.arena, reference, &visit) == OK);
	assert_int_equal(visit.state, VISIT_CANCELLED);
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_NOT_VERIFIED);
	CHECK(professional_say_no(&e.service, &governor, lawyer.account, STR("Again.")) ==
	      ERR_CONFLICT);
	promise_systems(e.service.store);
	free(times);
	estate_close(&e);
}

/* Its time has come, both have come to the lobby and are admitted, and the prisoner hears them. */
static struct visit begun(struct estate *e, struct reference reference, const struct actor *who,
			  size_t count)
{
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	struct visit visit = { 0 };
	enum joining answer;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	e->service.now = visit.start;
	for (size_t i = 0; i < count; i++) {
		CHECK(lobby_enter(&e->service, &who[i], reference, &answer) == OK);
		assert_int_equal(answer, JOINING_OK);
	}
	for (size_t i = 0; i < visit.visitor_count; i++)
		CHECK(visitor_admit(&e->service, &clerk, reference, visit.visitors[i].person) ==
		      OK);
	CHECK(visit_hearing(&e->service, &SYSTEM_ACTOR, visit.id, 1) == OK);
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, reference, &visit) == OK);
	assert_int_equal(visit.state, VISIT_LIVE);
	return visit;
}

static void whoever_is_revoked_is_out_of_a_visit_that_goes_on(void **state)
{
	struct estate e;
	struct visit visit = { 0 };
	struct visit_list now = { 0 };
	struct join *join = calloc(1, sizeof *join);
	(void)state;
	estate_open(&e);
	tell_everything(&e);
	struct actor who[] = { lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR),
			       lawyer_of(&e, "iris@words.example", PROFESSION_INTERPRETER) };
	verify(&e, who[0]);
	verify(&e, who[1]);
	change(&e, "UPDATE person SET name = 'Iris Novak' WHERE booker = "
		   "(SELECT id FROM account WHERE email = 'iris@words.example')");
	change(&e, "UPDATE account SET name = 'Iris Novak' WHERE email = 'iris@words.example'");
	struct legal_ask ask = asking();
	ask.other_count = 1;
	ask.others[0] = STR("iris@words.example");
	struct reference reference = booked(&e, who[0], &ask);
	struct reference later = booked(&e, who[0], &ask);
	(void)begun(&e, reference, who, 2);
	struct actor governor = officer(&e, "governor@wandsworth.example", ROLE_DUTY_GOVERNOR);
	CHECK(professional_visits_now(&e.service, &governor, &e.arena, who[1].account, &now) == OK);
	assert_int_equal(now.count, 1);
	int64_t leaves = estate_leaves(&e);
	CHECK(professional_say_no(&e.service, &governor, who[1].account, STR("Off the list.")) ==
	      OK);
	assert_int_equal(estate_leaves(&e), leaves + 2); /* theirs, and the visit's */
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, reference, &visit) == OK);
	assert_int_equal(visit.state, VISIT_LIVE);
	CHECK(str_is(visit.visitors[1].refused_reason, "Off the list."));
	assert_int_equal(visit.visitors[1].admitted_at.s, 0);
	CHECK(visit.visitors[0].admitted_at.s != 0);
	enum err err = join_authorise(&e.service, &who[1], &e.arena, reference, join);
	CHECK(err != OK || join->answer == JOINING_REFUSED);
	/* The visit to come stays for the lawyer, and staff look at it. */
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, later, &visit) == OK);
	assert_int_equal(visit.state, VISIT_BOOKED);
	assert_int_equal(count_of(&e, "SELECT COUNT(*) FROM visit_review WHERE state = 'OPEN' AND "
				      "event = 'VISITOR_UNAPPROVED'"),
			 1);
	leaves = estate_leaves(&e);
	CHECK(professional_say_no(&e.service, &governor, who[0].account, STR("Struck off.")) == OK);
	assert_int_equal(estate_leaves(&e), leaves + 2);
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, reference, &visit) == OK);
	assert_int_equal(visit.state, VISIT_COMPLETED);
	assert_int_equal(visit.end, END_STAFF);
	CHECK(str_is(visit.end_reason, "Struck off."));
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, later, &visit) == OK);
	assert_int_equal(visit.state, VISIT_CANCELLED);
	err = join_authorise(&e.service, &who[0], &e.arena, reference, join);
	CHECK(err != OK || join->answer != JOINING_OK);
	free(join);
	promise_systems(e.service.store);
	estate_close(&e);
}

static void who_is_in_prison_cannot_be_found_out_by_trying(void **state)
{
	struct estate e;
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	ask.prisoner_born.day = 13;
	for (int i = 0; i < 6; i++) {
		CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
		assert_int_equal(times->answer, LEGAL_NO_CLIENT);
	}
	ask = asking(); /* right now, but too often wrong today */
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_NO_CLIENT);
	free(times);
	estate_close(&e);
}

static void an_interpreter_comes_along_and_sees_the_visit_but_books_none(void **state)
{
	struct estate e;
	struct legal_times *times = calloc(1, sizeof *times);
	struct visit visit = { 0 };
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	struct actor interpreter = lawyer_of(&e, "ida@words.example", PROFESSION_INTERPRETER);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	ask.other_count = 1;
	ask.others[0] = STR("Ida@words.example");
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_OTHER); /* not verified yet */
	verify(&e, interpreter);
	struct reference reference = booked(&e, lawyer, &ask);
	CHECK(visit_find(&e.service, &interpreter, &e.arena, reference, &visit) == OK);
	assert_int_equal(visit.visitor_count, 2);
	/* Each is told, and of those whom the booker named nobody is offered to cancel it. */
	assert_int_equal(count_of(&e, "SELECT COUNT(*) FROM message m JOIN account a ON a.id = "
				      "m.account WHERE a.email = 'ida@words.example' AND "
				      "m.kind = 'BOOKED' AND m.why = 'NAMED'"),
			 1);
	assert_int_equal(count_of(&e, "SELECT COUNT(*) FROM message m JOIN account a ON a.id = "
				      "m.account WHERE a.email = 'lena@law.example' AND "
				      "m.kind = 'BOOKED' AND m.why = ''"),
			 1);
	CHECK(visit_cancel(&e.service, &lawyer, reference, STR("")) == OK);
	assert_int_equal(count_of(&e, "SELECT COUNT(*) FROM message m JOIN account a ON a.id = "
				      "m.account WHERE a.email IN ('ida@words.example', "
				      "'lena@law.example') AND m.kind = 'CANCELLED'"),
			 2);
	struct actor family = estate_family(&e, "ben@family.example");
	CHECK(visit_find(&e.service, &family, &e.arena, reference, &visit) == ERR_NOT_FOUND);
	ask.other_count = 0;
	CHECK(legal_times_find(&e.service, &interpreter, &e.arena, &ask, times) == OK);
	assert_int_equal(times->answer, LEGAL_NOT_VERIFIED);
	free(times);
	estate_close(&e);
}

static void block_bookings_without_a_date_are_damped_and_dated_ones_are_not(void **state)
{
	struct estate e;
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	struct legal_times *times = calloc(1, sizeof *times);
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	ask.cause = WAITING_FOR_NOTHING;
	ask.deadline = (struct date){ 0 };
	ask.minutes = 15;
	for (int i = 0; i < 3; i++)
		(void)booked(&e, lawyer, &ask);
	CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
	CHECK(legal_book(&e.service, &lawyer, &ask, times->times[0], &answer, &verdict,
			 &reference) == OK);
	assert_int_equal(answer, LEGAL_BLOCK_BOOKED);
	ask = asking();
	(void)booked(&e, lawyer, &ask);
	free(times);
	estate_close(&e);
}

static void moves(struct estate *e, enum movement movement, const char *to)
{
	struct prisoner_movement m = { .movement = movement, .reason = STR("Movement slip") };
	struct actor clerk = officer(e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	CHECK(prisoner_number_of(STR("A2345CD"), &m.number));
	if (to)
		CHECK(prison_code_of(str_from(to), &m.to));
	CHECK(prisoner_move(&e->service, &clerk, &m) == OK);
}

/* Whoever came into prison a day ago: a lawyer's request is urgent without any date, wherever it is looked at. */
static void a_request_for_somebody_new_in_custody_is_urgent(void **state)
{
	static const struct {
		int hours; /* after the admission */
		enum waiting_class class;
	} CASES[] = { { 24, WAITING_URGENT }, { 49, WAITING_ROUTINE } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct estate e;
		struct wait_list list = { 0 };
		enum legal_answer answer;
		struct verdict verdict;
		struct reference reference;
		estate_open(&e);
		struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
		verify(&e, lawyer);
		moves(&e, MOVEMENT_RELEASED, NULL);
		moves(&e, MOVEMENT_ADMITTED, "WWI");
		e.service.now.s += CASES[i].hours * 3600;
		moves(&e, MOVEMENT_TO_COURT, NULL);
		moves(&e, MOVEMENT_RETURNED, NULL); /* no admission */
		struct legal_ask ask = asking();
		ask.cause = WAITING_FOR_NOTHING;
		ask.deadline = (struct date){ 0 };
		ask.prisoner_number = STR("A2345CD");
		ask.prisoner_born = (struct date){ 1992, 9, 3 };
		struct legal_times *times = calloc(1, sizeof *times);
		CHECK(legal_times_find(&e.service, &lawyer, &e.arena, &ask, times) == OK);
		assert_int_equal(times->class, CASES[i].class);
		free(times);
		CHECK(legal_book(&e.service, &lawyer, &ask, (struct legal_time){ 0 }, &answer,
				 &verdict, &reference) == OK);
		assert_int_equal(answer, LEGAL_FINE);
		CHECK(waits_find(&e.service, &lawyer, &e.arena, &list) == OK && list.count == 1);
		assert_int_equal(list.list[0].rank.class, CASES[i].class);
		estate_close(&e);
	}
}

static struct wait_clock clock_of(struct estate *e, struct actor who, int64_t waiting)
{
	struct wait_list list = { 0 };
	CHECK(waits_find(&e->service, &who, &e->arena, &list) == OK && !list.more);
	for (size_t i = 0; i < list.count; i++)
		if (list.list[i].waiting.id == waiting)
			return list.list[i];
	fail_msg("not on the list");
	return (struct wait_clock){ 0 };
}

static size_t to_come(struct estate *e, struct actor lawyer, int limit,
		      struct store_waitings *found)
{
	CHECK(store_waiting_list_to_come(e->service.store, &e->arena, lawyer.account,
					 (struct prison_code){ 0 }, e->service.now, limit,
					 found) == OK);
	return found->count;
}

static void lawyer_prison_and_headquarters_see_the_same_clock(void **state)
{
	struct estate e;
	struct wait_list mine = { 0 }, prison = { 0 }, all = { 0 }, other = { 0 };
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	CHECK(legal_book(&e.service, &lawyer, &ask, (struct legal_time){ 0 }, &answer, &verdict,
			 &reference) == OK);
	assert_int_equal(answer, LEGAL_FINE);
	struct wall asked_at = e.service.now;
	e.service.now.s += 2 * 86400; /* Monday to Wednesday */
	struct actor clerk = officer(&e, "clerk@wandsworth.example", ROLE_VISITS_CLERK);
	struct actor hq = officer(&e, "admin@hq.example", ROLE_HQ_ADMIN);
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	CHECK(waits_find(&e.service, &lawyer, &e.arena, &mine) == OK);
	CHECK(waits_find(&e.service, &clerk, &e.arena, &prison) == OK);
	CHECK(waits_find(&e.service, &hq, &e.arena, &all) == OK);
	CHECK(waits_find(&e.service, &leeds, &e.arena, &other) == OK);
	assert_int_equal(mine.count, 1);
	assert_int_equal(prison.count, 1);
	assert_int_equal(all.count, 2); /* one of the sample waits elsewhere */
	assert_int_equal(other.count, 0);
	assert_int_equal(mine.list[0].waited_days, 2);
	assert_int_equal(prison.list[0].waiting.need.asked_at.s, asked_at.s);
	CHECK(prison.list[0].late); /* urgent: one working day */
	/* A prison with rules of its own: everybody sees the clock that they set. */
	struct actor admin = estate_staff(&e, ROLE_PRISON_ADMIN, "WWI");
	struct effect_list effects;
	struct policy_setting set = { .prison = admin.prison,
				      .name = POLICY_WAIT_URGENT_DAYS,
				      .value = 4,
				      .valid_from = e.service.now,
				      .reason = STR("Agreed with the courts") };
	CHECK(policy_set(&e.service, &admin, &e.arena, &set, &effects) == OK);
	struct date before = prison.list[0].due;
	struct actor who[] = { lawyer, clerk, hq };
	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		struct wait_clock c = clock_of(&e, who[i], mine.list[0].waiting.id);
		CHECK(!c.late && date_compare(c.due, before) > 0);
	}
	estate_close(&e);
}

/* Visits that have a time, and those that are over, take no place of a request without one. */
static void a_long_list_begins_with_what_has_no_time_yet(void **state)
{
	struct estate e;
	struct store_waitings found = { 0 };
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	(void)booked(&e, lawyer, &ask);
	e.service.now.s += 60;
	ask.prisoner_number = STR("A2345CD");
	ask.prisoner_born = (struct date){ 1992, 9, 3 };
	CHECK(legal_book(&e.service, &lawyer, &ask, (struct legal_time){ 0 }, &answer, &verdict,
			 &reference) == OK);
	assert_int_equal(answer, LEGAL_FINE);
	CHECK(to_come(&e, lawyer, 9, &found) == 2);
	struct wall begins = found.list[1].start;
	CHECK(to_come(&e, lawyer, 1, &found) == 1 && !found.list[0].start.s);
	e.service.now.s = begins.s + 1;
	CHECK(to_come(&e, lawyer, 9, &found) == 1 && !found.list[0].start.s);
	estate_close(&e);
}

static void the_database_refuses_a_legal_visit_that_is_watched(void **state)
{
	struct estate e;
	(void)state;
	estate_open(&e);
	struct actor lawyer = lawyer_of(&e, "lena@law.example", PROFESSION_SOLICITOR);
	verify(&e, lawyer);
	struct legal_ask ask = asking();
	(void)booked(&e, lawyer, &ask);
	static const char *const TRIES[] = {
		"UPDATE visit SET watched = 1 WHERE kind = 'LEGAL'",
		"UPDATE visit SET confidential = 0 WHERE kind = 'LEGAL'",
		"UPDATE visit SET kind = 'SOCIAL' WHERE kind = 'LEGAL'",
	};
	for (size_t i = 0; i < ARRAY_LEN(TRIES); i++) {
		CHECK(store_enter(e.service.store) == OK);
		struct query q = query_of(e.service.store, TRIES[i]);
		CHECK(query_end(&q) != OK);
		CHECK(store_leave(e.service.store, false) == OK);
	}
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_different_people_of_staff_make_a_lawyer_and_never_one),
		TEST(the_earliest_times_begin_on_any_five_minutes_and_are_bookable),
		TEST(a_visit_may_last_until_the_hours_end_unless_a_session_follows),
		TEST(a_family_cannot_book_a_legal_visit_by_any_way),
		TEST(a_revocation_holds_at_once_for_sessions_and_visits),
		TEST(whoever_is_revoked_is_out_of_a_visit_that_goes_on),
		TEST(who_is_in_prison_cannot_be_found_out_by_trying),
		TEST(an_interpreter_comes_along_and_sees_the_visit_but_books_none),
		TEST(block_bookings_without_a_date_are_damped_and_dated_ones_are_not),
		TEST(a_request_for_somebody_new_in_custody_is_urgent),
		TEST(lawyer_prison_and_headquarters_see_the_same_clock),
		TEST(a_long_list_begins_with_what_has_no_time_yet),
		TEST(the_database_refuses_a_legal_visit_that_is_watched),
	};
	return RUN("service/legal", tests);
}
