#include "tests/store/lawyers.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/assert.h"
#include "service/booking.h"
#include "service/custody.h"
#include "service/escort.h"
#include "service/refill.h"
#include "service/safeguard.h"
#include "service/standby.h"
#include "service/waste.h"
#include "store/query.h"
#include "store/slot_use.h"
#include "store/visit.h"
#include "tests/store/promises.h"

/*
 * Two terminals at Wandsworth, open for an hour a day: two legal visits of an hour fill it tomorrow.
 * Of the last visits there every fifth was not held; a third lawyer waits, and a fourth behind.
 */
enum {
	LAWYERS = 4,
	BOOKED = 2,
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	RUNS_MAX = 100,
};

struct scene {
	struct estate e;
	struct standby_cursor cursor;
	struct actor lawyer[LAWYERS];
	struct legal_ask ask[LAWYERS];
	struct reference visit[LAWYERS];
	struct wall start;
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

static void count(struct scene *s, const char *measure, int value)
{
	struct query q = query_of(s->e.service.store,
				  "INSERT INTO visit_count (prison, kind, month, measure, value) "
				  "VALUES ('WWI', 'LEGAL', ?1, ?2, ?3)");
	query_int(&q, local_month(s->e.service.now));
	query_text(&q, measure);
	query_int(&q, value);
	CHECK(query_end(&q) == OK);
}

static struct legal_ask asking_for(size_t i)
{
	static const char *const NUMBERS[LAWYERS] = { "A1234BC", "A2345CD", "A3456DE", "A3456DE" };
	static const struct date BORN[LAWYERS] = {
		{ 1988, 4, 12 }, { 1992, 9, 3 }, { 1979, 1, 27 }, { 1979, 1, 27 }
	};
	struct legal_ask ask = asking();
	ask.prisoner_number = str_from(NUMBERS[i]);
	ask.prisoner_born = BORN[i];
	ask.minutes = i < BOOKED ? 60 : 45;
	return ask;
}

static void waits(struct scene *s, size_t i)
{
	enum legal_answer said;
	struct verdict verdict;
	CHECK(legal_book(&s->e.service, &s->lawyer[i], &s->ask[i], (struct legal_time){ 0 }, &said,
			 &verdict, &s->visit[i]) == OK);
	assert_int_equal(said, LEGAL_FINE);
}

static struct visit see(struct scene *s, struct reference reference)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, reference, &visit) == OK);
	return visit;
}

/* shared: other programs can open the database too. */
static void scene_open_in(struct scene *s, bool shared)
{
	static const char *const EMAILS[LAWYERS] = { "a@law.example", "b@law.example",
						     "c@law.example", "d@law.example" };
	*s = (struct scene){ 0 };
	if (shared)
		estate_open_shared(&s->e, ESTATE_NOW, 1);
	else
		estate_open(&s->e);
	change(s, "UPDATE session_template SET start_minute = 600, end_minute = 660 "
		  "WHERE prison = 'WWI'");
	set_rule(s, "standby_booths", 2);
	count(s, "PLANNED", 30);
	count(s, "VISITOR_ABSENT", 4);
	count(s, "PRISONER_ABSENT", 2);
	for (size_t i = 0; i < LAWYERS; i++) {
		s->lawyer[i] = lawyer_of(&s->e, EMAILS[i], PROFESSION_SOLICITOR);
		verify(&s->e, s->lawyer[i]);
		s->ask[i] = asking_for(i);
		if (i < BOOKED)
			s->visit[i] = booked(&s->e, s->lawyer[i], &s->ask[i]);
		s->e.service.now.s += MINUTE; /* requests have an order */
	}
	s->start = see(s, s->visit[0]).start;
	CHECK(see(s, s->visit[1]).start.s == s->start.s);
	CHECK(see(s, s->visit[0]).terminal.n != see(s, s->visit[1]).terminal.n);
	waits(s, 2);
	s->e.service.now.s += MINUTE;
}

static void scene_open(struct scene *s)
{
	scene_open_in(s, false);
}

static void scene_close(struct scene *s)
{
	promise_places(s->e.service.store);
	promise_holds(s->e.service.store);
	promise_log(&s->e.service);
	estate_close(&s->e);
}

static void run(struct scene *s)
{
	bool more = true;
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(standby_run(&s->e.service, &SYSTEM_ACTOR, &s->cursor, &more) == OK);
	CHECK(!more);
}

static void pass(struct scene *s, int64_t seconds)
{
	s->e.service.now.s += seconds;
	run(s);
}

/* What somebody was asked last; id 0: nothing. */
static struct standby_row last_of(struct scene *s, struct actor who)
{
	struct query q = query_of(
	    s->e.service.store, "SELECT id FROM standby WHERE booker = ?1 ORDER BY start_at DESC");
	struct standby_row row = { 0 };
	int64_t id = 0;
	query_int(&q, who.account.n);
	if (query_row(&q))
		id = query_column(&q, 0);
	while (query_row(&q))
		;
	CHECK(query_end(&q) == OK);
	if (id)
		CHECK(store_standby_find(s->e.service.store, (struct standby_id){ id }, &row) ==
		      OK);
	return row;
}

static enum standby_state answer(struct scene *s, size_t i, enum offer_answer given)
{
	enum standby_state state = STANDBY_STATE_COUNT;
	CHECK(standby_answer(&s->e.service, &s->lawyer[i], last_of(s, s->lawyer[i]).id, given,
			     &state) == OK);
	return state;
}

/* Lawyer 2 stands by. */
static void agree(struct scene *s)
{
	run(s);
	assert_int_equal(last_of(s, s->lawyer[2]).standby.state, STANDBY_ASKED);
	assert_int_equal(answer(s, 2, ANSWER_ACCEPT), STANDBY_AGREED);
}

static int64_t told(struct scene *s, size_t i, const char *kind)
{
	struct query q = query_of(s->e.service.store,
				  "SELECT COUNT(*) FROM message WHERE account = ?1 AND kind = ?2");
	query_int(&q, s->lawyer[i].account.n);
	query_text(&q, kind);
	CHECK(query_row(&q));
	int64_t n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

static struct waiting request_of(struct scene *s, size_t i)
{
	struct waiting w = { 0 };
	CHECK(store_waiting_find_id(s->e.service.store, &s->e.arena,
				    last_of(s, s->lawyer[i]).waiting, &w) == OK);
	return w;
}

/* Of the two visits: the sample estate has others. */
static struct visit_due_list due(struct scene *s)
{
	struct visit_due_list list = { 0 };
	CHECK(visits_due_to_end(&s->e.service, &SYSTEM_ACTOR, &s->e.arena, &list) == OK);
	size_t count = 0;
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.list[i].reference.text, s->visit[0].text) == 0 ||
		    strcmp(list.list[i].reference.text, s->visit[1].text) == 0)
			list.list[count++] = list.list[i];
	list.count = count;
	return list;
}

static enum joining visitor_comes(struct scene *s, size_t i)
{
	enum joining said = JOINING_COUNT;
	CHECK(lobby_enter(&s->e.service, &s->lawyer[i], s->visit[i], &said) == OK);
	return said;
}

static enum joining prisoner_comes(struct scene *s, size_t i)
{
	enum joining said = JOINING_COUNT;
	struct actor terminal = estate_terminal(&s->e);
	terminal.terminal = see(s, s->visit[i]).terminal;
	CHECK(lobby_enter(&s->e.service, &terminal, s->visit[i], &said) == OK);
	return said;
}

static void both_come(struct scene *s, size_t i)
{
	assert_int_equal(visitor_comes(s, i), JOINING_OK);
	assert_int_equal(prisoner_comes(s, i), JOINING_OK);
}

static void at(struct scene *s, int64_t seconds_after_start)
{
	s->e.service.now = wall_add_s(s->start, seconds_after_start);
}

/* ---- asking ---- */

static void whoever_waits_is_asked_and_promised_no_time(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	int64_t uses = number(s.e.service.store, "SELECT COUNT(*) FROM slot_use");
	int64_t visits = number(s.e.service.store, "SELECT COUNT(*) FROM visit");
	run(&s);
	struct standby_row row = last_of(&s, s.lawyer[2]);
	assert_int_equal(row.standby.state, STANDBY_ASKED);
	assert_int_equal(row.standby.start.s, s.start.s);
	assert_int_equal(row.standby.end.s, s.start.s + HOUR);
	assert_int_equal(row.standby.answer_until.s - s.e.service.now.s, 15 * MINUTE);
	assert_int_equal(told(&s, 2, "STANDBY"), 1);
	/* Somebody else's is not theirs to answer. */
	enum standby_state said;
	CHECK(standby_answer(&s.e.service, &s.lawyer[1], row.id, ANSWER_ACCEPT, &said) ==
	      ERR_NOT_FOUND);
	struct wall asked_at = request_of(&s, 2).need.asked_at;
	assert_int_equal(answer(&s, 2, ANSWER_ACCEPT), STANDBY_AGREED);
	assert_int_equal(answer(&s, 2, ANSWER_ACCEPT), STANDBY_AGREED);
	pass(&s, 20 * MINUTE); /* and the window is over */
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM standby"), 1);
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM slot_use"), uses);
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM visit"), visits);
	assert_int_equal(request_of(&s, 2).state, WAITING_OPEN);
	assert_int_equal(request_of(&s, 2).need.asked_at.s, asked_at.s);
	scene_close(&s);
}

static int64_t asked_under(const char *rule, int value)
{
	struct scene s;
	scene_open(&s);
	set_rule(&s, rule, value);
	run(&s);
	int64_t n = number(s.e.service.store, "SELECT COUNT(*) FROM standby");
	scene_close(&s);
	return n;
}

static void the_rules_say_where_anybody_stands_by(void **state)
{
	(void)state;
	assert_int_equal(asked_under("standby_booths", 2), 1);
	assert_int_equal(asked_under("standby_booths", 3), 0);
	assert_int_equal(asked_under("standby_no_show_percent", 20), 1);
	assert_int_equal(asked_under("standby_no_show_percent", 21), 0);
	assert_int_equal(asked_under("offers_day", 0), 0);
	assert_int_equal(asked_under("start_within_minutes", 50), 1); /* nobody can join so late */
	assert_int_equal(asked_under("legal_minutes_min", 45), 1);
	assert_int_equal(asked_under("legal_minutes_min", 55), 1); /* fifty are left */
}

static void few_visits_tell_nothing(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	change(&s, "UPDATE visit_count SET value = 24 WHERE measure = 'PLANNED'");
	run(&s);
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM standby"), 0);
	scene_close(&s);
}

static void as_many_stand_by_as_may_and_the_next_is_asked_when_one_does_not(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	s.ask[3].prisoner_number = STR("A2345CD"); /* has the visit of lawyer 1 then */
	s.ask[3].prisoner_born = (struct date){ 1992, 9, 3 };
	waits(&s, 3);
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_ASKED);
	assert_int_equal(answer(&s, 2, ANSWER_DECLINE), STANDBY_DECLINED);
	pass(&s, HOUR);
	assert_int_equal(last_of(&s, s.lawyer[3]).id.n, 0); /* the prisoner has a visit then */
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM standby"), 1);
	s.ask[3] = asking_for(3);
	waits(&s, 3);
	pass(&s, HOUR);
	assert_int_equal(last_of(&s, s.lawyer[3]).standby.state, STANDBY_ASKED);
	pass(&s, 15 * MINUTE);
	assert_int_equal(last_of(&s, s.lawyer[3]).standby.state, STANDBY_EXPIRED);
	assert_int_equal(answer(&s, 3, ANSWER_ACCEPT), STANDBY_EXPIRED);
	pass(&s, HOUR); /* nobody is asked twice */
	assert_int_equal(number(s.e.service.store, "SELECT COUNT(*) FROM standby"), 2);
	assert_int_equal(told(&s, 3, "STANDBY_ENDED"), 0);
	scene_close(&s);
}

static void who_chose_it_stands_by_without_being_asked(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	change(&s, "UPDATE waiting SET automatic = 1 WHERE state = 'WAITING'");
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	assert_int_equal(told(&s, 2, "STANDBY"), 0);
	assert_int_equal(told(&s, 2, "STANDBY_AGREED"), 1);
	scene_close(&s);
}

static void the_wing_brings_whoever_stands_by(void **state)
{
	struct scene s;
	struct escort_sheet sheet = { 0 };
	struct actor clerk;
	size_t acknowledged = 0, others = 0;
	(void)state;
	scene_open(&s);
	clerk = estate_staff(&s.e, ROLE_VISITS_CLERK, "WWI");
	run(&s);
	for (int agreed = 0; agreed < 2; agreed++) {
		struct date day = local_date(s.start);
		CHECK(escort_sheet_find(&s.e.service, &clerk, &s.e.arena, clerk.prison, day,
					STR(""), &sheet) == OK);
		size_t standing = 0;
		for (size_t i = 0; i < sheet.count; i++) {
			const struct escort_row *row = &sheet.rows[i];
			standing += row->escort.standby.n != 0;
			if (!row->escort.standby.n)
				continue;
			CHECK(strcmp(row->escort.visit.prisoner_number.text, "A3456DE") == 0);
			assert_int_equal(row->escort.visit.start.s, s.start.s);
			CHECK(row->escort.location.len && !row->may_be_noted);
			CHECK(row->pick_up.s < s.start.s);
		}
		if (!agreed)
			others = sheet.count;
		assert_int_equal(sheet.count, others + (size_t)agreed);
		assert_int_equal(standing, (size_t)agreed);
		if (!agreed)
			assert_int_equal(answer(&s, 2, ANSWER_ACCEPT), STANDBY_AGREED);
	}
	for (size_t i = 0; i < sheet.count; i++) {
		size_t n = 0;
		CHECK(escort_acknowledge(&s.e.service, &clerk, local_date(s.start),
					 sheet.rows[i].escort.wing, &n) == OK);
		acknowledged += n;
	}
	assert_int_equal(acknowledged, others + 1);
	size_t again = 0;
	CHECK(escort_acknowledge(&s.e.service, &clerk, local_date(s.start), STR("C"), &again) ==
	      OK);
	assert_int_equal(again, 0);
	/* What the wing knows of whoever stands by it knows of the visit to which they are called. */
	struct escort_row row;
	struct reference called;
	struct wall known_at = s.e.service.now;
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	CHECK(escort_find(&s.e.service, &clerk, &s.e.arena, called, &row) == OK);
	assert_int_equal(row.escort.acknowledged_at.s, known_at.s);
	CHECK(!row.escort.standby.n);
	scene_close(&s);
}

/* ---- handing over ---- */

static void what_has_not_begun_in_time_is_theirs_at_once(void **state)
{
	struct scene s;
	struct reference called = { 0 }, none;
	(void)state;
	scene_open(&s);
	agree(&s);
	struct waiting before = request_of(&s, 2);
	at(&s, -MINUTE);
	both_come(&s, 0);
	assert_int_equal(visitor_comes(&s, 1), JOINING_OK); /* nobody brings the prisoner */
	at(&s, 10 * MINUTE - 1);
	assert_int_equal(due(&s).count, 0);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	at(&s, 10 * MINUTE);
	struct visit_due_list list = due(&s);
	assert_int_equal(list.count, 1);
	CHECK(list.list[0].hand_over && list.list[0].early);
	CHECK(strcmp(list.list[0].reference.text, s.visit[1].text) == 0);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	struct visit old = see(&s, s.visit[1]), mine = see(&s, called);
	assert_int_equal(old.state, VISIT_NO_SHOW);
	assert_int_equal(old.end, END_PRISONER_ABSENT);
	assert_int_equal(mine.state, VISIT_BOOKED);
	assert_int_equal(mine.start.s, s.start.s + 10 * MINUTE);
	assert_int_equal(mine.minutes, 45);
	assert_int_equal(mine.terminal.n, old.terminal.n);
	CHECK(strcmp(mine.prisoner_number.text, "A3456DE") == 0);
	struct waiting after = request_of(&s, 2);
	assert_int_equal(after.state, WAITING_BOOKED);
	CHECK(strcmp(after.reference.text, called.text) == 0);
	assert_int_equal(after.need.asked_at.s, before.need.asked_at.s);
	struct standby_row row = last_of(&s, s.lawyer[2]);
	assert_int_equal(row.standby.state, STANDBY_CALLED);
	assert_int_equal(row.freed.n, old.id.n);
	assert_int_equal(row.visit.n, mine.id.n);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	assert_int_equal(told(&s, 1, "NOT_HELD"), 1);
	assert_int_equal(told(&s, 1, "WAITING_AGAIN"), 1); /* by nobody's doing but the prison's */
	/* Neither twice, nor another's. */
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[0], &none) == ERR_CONFLICT);
	assert_int_equal(answer(&s, 2, ANSWER_DECLINE), STANDBY_CALLED);
	pass(&s, MINUTE);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 0);
	s.visit[2] = called;
	both_come(&s, 2);
	scene_close(&s);
}

static void who_arrives_first_has_it(void **state)
{
	struct scene s;
	struct reference called = { 0 };
	(void)state;
	/* The arrival is stored after the list of what is due was made, before the visit is given on. */
	scene_open(&s);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	assert_int_equal(visitor_comes(&s, 1), JOINING_OK);
	assert_int_equal(due(&s).count, 1);
	assert_int_equal(prisoner_comes(&s, 1), JOINING_OK);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == ERR_CONFLICT);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_LOBBY);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	scene_close(&s);
	/* And the other way round. */
	scene_open(&s);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	assert_int_equal(visitor_comes(&s, 1), JOINING_OK);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	assert_int_equal(prisoner_comes(&s, 1), JOINING_OVER);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_NO_SHOW);
	assert_int_equal(see(&s, called).state, VISIT_BOOKED);
	scene_close(&s);
}

static void where_nobody_stands_by_the_fifteen_minutes_stay(void **state)
{
	struct scene s;
	struct reference none;
	(void)state;
	scene_open(&s);
	run(&s); /* asked, and not agreed */
	at(&s, 15 * MINUTE);
	assert_int_equal(due(&s).count, 0);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	at(&s, 15 * MINUTE + 1);
	struct visit_due_list list = due(&s);
	assert_int_equal(list.count, 2);
	CHECK(!list.list[0].hand_over && !list.list[0].early);
	scene_close(&s);
}

static void a_service_that_was_away_hands_over_what_is_left(void **state)
{
	struct scene s;
	struct reference called;
	(void)state;
	scene_open(&s);
	agree(&s);
	at(&s, 22 * MINUTE); /* killed before ten, and back now */
	struct visit_due_list list = due(&s);
	assert_int_equal(list.count, 2);
	CHECK(list.list[0].hand_over && !list.list[0].early);
	/* Killed in the midst of it: nothing was written. */
	CHECK(store_enter(s.e.service.store) == OK);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	CHECK(store_leave(s.e.service.store, false) == OK);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	assert_int_equal(see(&s, called).start.s, s.start.s + 20 * MINUTE);
	assert_int_equal(see(&s, called).minutes, 40);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	scene_close(&s);
}

static void two_services_call_nobody_twice(void **state)
{
	struct scene s;
	struct service other;
	struct reference called, none;
	(void)state;
	if (!on_postgres())
		return; /* one process has the file */
	scene_open(&s);
	agree(&s);
	at(&s, 10 * MINUTE);
	other = s.e.service;
	CHECK(store_open(s.e.fresh.where, NULL, &other.store) == OK);
	assert_int_equal(due(&s).count, 2); /* both know of both */
	CHECK(standby_hand_over(&other, &SYSTEM_ACTOR, s.visit[0], &called) == OK);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[0], &none) == ERR_CONFLICT);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	store_close(other.store);
	scene_close(&s);
}

/* ---- called off too late ---- */

static void cancel(struct scene *s, size_t i)
{
	CHECK(visit_cancel(&s->e.service, &s->lawyer[i], s->visit[i], STR("")) == OK);
}

static void what_is_called_off_too_late_for_others_is_theirs_from_its_start(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	at(&s, -40 * MINUTE);
	cancel(&s, 1);
	pass(&s, 20); /* the next time that the service looks */
	struct standby_row row = last_of(&s, s.lawyer[2]);
	assert_int_equal(row.standby.state, STANDBY_CALLED);
	struct waiting request = request_of(&s, 2);
	struct visit mine = see(&s, request.reference);
	assert_int_equal(row.freed.n, number(s.e.service.store, "SELECT MAX(freed) FROM standby"));
	assert_int_equal(row.visit.n, mine.id.n);
	assert_int_equal(mine.state, VISIT_BOOKED);
	assert_int_equal(mine.start.s, s.start.s);
	assert_int_equal(mine.minutes, 45);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	pass(&s, MINUTE);
	at(&s, 10 * MINUTE); /* and the other visit, which has not begun, is nobody's */
	run(&s);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 0);
	assert_int_equal(due(&s).count, 0);
	scene_close(&s);
}

/* While others can be offered it, it is offered on; what nobody takes by then is theirs. */
static void what_can_still_be_offered_is_offered_first(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	at(&s, -3 * HOUR);
	cancel(&s, 1);
	pass(&s, 20);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	at(&s, -HOUR - 1);
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	pass(&s, 10);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_CALLED);
	scene_close(&s);
}

static void a_place_that_somebody_took_meanwhile_is_not_theirs(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	at(&s, -65 * MINUTE);
	cancel(&s, 1);
	s.ask[3].prisoner_number = STR("A2345CD");
	s.ask[3].prisoner_born = (struct date){ 1992, 9, 3 };
	struct visit taken = see(&s, booked(&s.e, s.lawyer[3], &s.ask[3]));
	assert_int_equal(taken.start.s, s.start.s);
	at(&s, -50 * MINUTE);
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 0);
	scene_close(&s);
}

/* Staff say so before the ten minutes are over: nobody need wait for them. */
static void who_is_known_to_be_missing_is_not_waited_for(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	struct actor clerk = estate_staff(&s.e, ROLE_VISITS_CLERK, "WWI");
	agree(&s);
	at(&s, 4 * MINUTE);
	both_come(&s, 0);
	CHECK(escort_not_produced(&s.e.service, &clerk, s.visit[1], NOT_PRODUCED_COURT, STR("")) ==
	      OK);
	run(&s);
	struct standby_row row = last_of(&s, s.lawyer[2]);
	assert_int_equal(row.standby.state, STANDBY_CALLED);
	struct visit mine = see(&s, request_of(&s, 2).reference);
	assert_int_equal(mine.start.s, s.start.s);
	assert_int_equal(mine.minutes, 45);
	scene_close(&s);
}

/* ---- families ---- */

static struct visit_request family_visit(struct scene *s, struct actor family)
{
	struct contact_list contacts;
	struct actor governor = estate_staff(&s->e, ROLE_DUTY_GOVERNOR, "WWI");
	CHECK(contacts_mine(&s->e.service, &family, &s->e.arena, &contacts) == OK);
	if (contacts.list[0].state == CONTACT_REQUESTED)
		CHECK(contact_decide(&s->e.service, &governor, contacts.list[0].id,
				     CONTACT_APPROVED, STR("")) == OK);
	return (struct visit_request){ .kind = VISIT_SOCIAL,
				       .prisoner = contacts.list[0].prisoner.id,
				       .person_count = 1,
				       .persons = { contacts.list[0].person.id },
				       .minutes = 60 };
}

/* Two families have a visit of that length the day after tomorrow, and a third waits for one. */
struct families {
	struct scene s;
	struct actor who[3];
	struct reference visit[2];
	struct wall start;
	int64_t waits; /* the third's request */
};

static void families_open(struct families *f, const struct waiting_wish *wish, int minutes)
{
	static const char *const EMAILS[] = { "ben@family.example", "farah@family.example",
					      "amina@family.example" };
	struct verdict verdict;
	enum waiting_answer said;
	scene_open(&f->s);
	struct scene *s = &f->s;
	change(s, "UPDATE visit_count SET kind = 'SOCIAL'");
	change(s, minutes == 60
		      ? "UPDATE session_template SET slot_minutes = 60 WHERE prison = 'WWI'"
		      : "UPDATE session_template SET slot_minutes = 30, end_minute = 630 "
			"WHERE prison = 'WWI'");
	f->start = wall_add_s(s->start, DAY);
	for (size_t i = 0; i < 3; i++) {
		f->who[i] = estate_family(&s->e, EMAILS[i]);
		struct visit_request request = family_visit(s, f->who[i]);
		request.start = f->start;
		request.minutes = minutes;
		if (i < 2) {
			CHECK(visit_book(&s->e.service, &f->who[i], &request, &verdict,
					 &f->visit[i]) == OK);
			CHECK(verdict_clean(verdict));
			continue;
		}
		CHECK(waiting_ask(&s->e.service, &f->who[i], &request, wish, &said, &verdict,
				  &f->waits) == OK);
		assert_int_equal(said, WAITING_FINE);
	}
	s->e.service.now = wall_add_s(f->start, -23 * HOUR);
}

static const struct waiting_wish AT_SHORT_NOTICE = { .until_minute = 1440, .short_notice = true };

static int64_t minutes_paid(struct scene *s, struct visit_id visit)
{
	struct query q =
	    query_of(s->e.service.store, "SELECT SUM(amount) FROM ledger_entry WHERE visit = ?1");
	query_int(&q, visit.n);
	CHECK(query_row(&q));
	int64_t n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return -n;
}

/* The third agrees, and is called when the first visit has not begun after ten minutes. */
static struct visit called_after_ten_minutes(struct families *f)
{
	struct scene *s = &f->s;
	struct reference called;
	enum standby_state said;
	run(s);
	struct standby_row row = last_of(s, f->who[2]);
	assert_int_equal(row.standby.state, STANDBY_ASKED);
	assert_int_equal(row.standby.start.s, f->start.s);
	assert_int_equal(row.waits, VISIT_SOCIAL);
	CHECK(standby_answer(&s->e.service, &f->who[2], row.id, ANSWER_ACCEPT, &said) == OK);
	assert_int_equal(said, STANDBY_AGREED);
	s->e.service.now = wall_add_s(f->start, 10 * MINUTE);
	CHECK(standby_hand_over(&s->e.service, &SYSTEM_ACTOR, f->visit[0], &called) == OK);
	struct visit mine = see(s, called);
	assert_int_equal(mine.kind, VISIT_SOCIAL);
	assert_int_equal(mine.booker.n, f->who[2].account.n);
	return mine;
}

static void a_family_stands_by_for_social_visits_alone(void **state)
{
	struct families f;
	struct scene *s = &f.s;
	struct reference called;
	(void)state;
	families_open(&f, &AT_SHORT_NOTICE, 60);
	assert_int_equal(called_after_ten_minutes(&f).minutes, 50);
	/* Their minutes are paid for, and those of whoever did not come go by the rules of no-shows. */
	promise_ledger(s->e.service.store);
	CHECK(standby_hand_over(&s->e.service, &SYSTEM_ACTOR, f.visit[1], &called) == ERR_CONFLICT);
	scene_close(s);
}

/* As in most prisons: what is left of the shortest visit is shorter than any that is booked. */
static void what_is_left_of_the_shortest_visits_is_theirs_too(void **state)
{
	struct families f;
	struct scene *s = &f.s;
	(void)state;
	families_open(&f, &AT_SHORT_NOTICE, 30);
	struct visit mine = called_after_ten_minutes(&f);
	assert_int_equal(mine.minutes, 20);
	assert_int_equal(mine.start.s, f.start.s + 10 * MINUTE);
	assert_int_equal(minutes_paid(s, mine.id), 20); /* and no more */
	promise_ledger(s->e.service.store);
	scene_close(s);
}

/* Who would be booked without being asked did not ask for a visit so short. */
static void for_less_than_they_asked_for_they_are_asked(void **state)
{
	static const struct waiting_wish UNASKED = { .until_minute = 1440,
						     .short_notice = true,
						     .automatic = true };
	struct families f;
	(void)state;
	families_open(&f, &UNASKED, 30);
	run(&f.s);
	assert_int_equal(last_of(&f.s, f.who[2]).standby.state, STANDBY_ASKED);
	scene_close(&f.s);
}

static void nobody_is_asked_for_less_than_the_rule_says(void **state)
{
	struct families f;
	(void)state;
	families_open(&f, &AT_SHORT_NOTICE, 30);
	set_rule(&f.s, "standby_minutes_min", 25);
	run(&f.s);
	assert_int_equal(last_of(&f.s, f.who[2]).id.n, 0);
	set_rule(&f.s, "standby_minutes_min", 20);
	pass(&f.s, 10 * MINUTE); /* prisons are looked at anew */
	assert_int_equal(last_of(&f.s, f.who[2]).standby.state, STANDBY_ASKED);
	scene_close(&f.s);
}

static void a_family_that_cannot_come_at_short_notice_is_not_asked(void **state)
{
	static const struct waiting_wish ANY_TIME = { .until_minute = 1440 };
	struct families f;
	(void)state;
	families_open(&f, &ANY_TIME, 60);
	run(&f.s);
	assert_int_equal(last_of(&f.s, f.who[2]).id.n, 0);
	scene_close(&f.s);
}

/* ---- several programs on one database ---- */

enum {
	PROGRAMS = 4,
	ROUNDS = 2,
};

/* What one of them does as soon as all are ready; *said goes to the parent. */
typedef void deed(struct scene *, struct service *, int which, int *said);

static pid_t start_program(struct scene *s, int which, deed *do_it, const int go[2],
			   const int out[2])
{
	pid_t child = fork();
	CHECK(child >= 0);
	if (child)
		return child;
	struct random random = random_seeded(1000 + (uint64_t)which);
	struct service service = { .now = s->e.service.now, .random = &random };
	int said[2] = { which, -1 };
	char none;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)alarm(60);
	(void)close(go[1]);
	if (store_open(s->e.fresh.where, NULL, &service.store) != OK)
		_exit(3);
	(void)!read(go[0], &none, 1); /* until the parent closes it */
	do_it(s, &service, which, &said[1]);
	_exit(write(out[1], said, sizeof said) == sizeof said ? 0 : 2);
}

/* All at once; what each came to. */
static void all_at_once(struct scene *s, deed *do_it, int said[PROGRAMS])
{
	int go[2], out[2], heard[2], status;
	pid_t pids[PROGRAMS];
	CHECK(pipe(go) == 0 && pipe(out) == 0);
	for (int i = 0; i < PROGRAMS; i++)
		pids[i] = start_program(s, i, do_it, go, out);
	(void)close(go[1]);
	for (int i = 0; i < PROGRAMS; i++) {
		CHECK(read(out[0], heard, sizeof heard) == sizeof heard);
		said[heard[0]] = heard[1];
	}
	for (int i = 0; i < PROGRAMS; i++)
		CHECK(waitpid(pids[i], &status, 0) == pids[i] && status == 0);
	(void)close(go[0]);
	(void)close(out[0]);
	(void)close(out[1]);
}

/* In a turn, as pvl-web does. */
static void answer_it(struct scene *s, struct service *service, int which, int *said)
{
	enum standby_state state = STANDBY_STATE_COUNT;
	struct standby_row row = { 0 };
	CHECK(store_enter(service->store) == OK);
	enum err err = store_standby_find(
	    service->store,
	    (struct standby_id){ number(service->store, "SELECT MAX(id) FROM standby") }, &row);
	if (err == OK)
		err = standby_answer(service, &s->lawyer[2], row.id,
				     which % 2 ? ANSWER_DECLINE : ANSWER_ACCEPT, &state);
	CHECK(store_leave(service->store, err == OK) == OK);
	*said = err == OK ? (int)state : -2;
}

static void answers_that_come_at_once_are_one(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct scene s;
		int said[PROGRAMS];
		scene_open_in(&s, true);
		run(&s);
		int64_t leaves = estate_leaves(&s.e);
		all_at_once(&s, answer_it, said);
		enum standby_state is = last_of(&s, s.lawyer[2]).standby.state;
		CHECK(is == STANDBY_DECLINED || is == STANDBY_WITHDRAWN);
		for (int i = 0; i < PROGRAMS; i++) /* each heard what it was then */
			CHECK(said[i] == (int)is ||
			      (i % 2 == 0 && is == STANDBY_WITHDRAWN && said[i] == STANDBY_AGREED));
		assert_int_equal(estate_leaves(&s.e) - leaves, is == STANDBY_DECLINED ? 1 : 2);
		scene_close(&s);
	}
}

/* Two stand by, for two visits that have not begun. */
static void two_agree(struct scene *s)
{
	change(s, "UPDATE prisoner SET prison = 'WWI', wing = 'B' WHERE number = 'A4567EF'");
	set_rule(s, "standby_booths", 1);
	s->ask[3].prisoner_number = STR("A4567EF");
	struct query q =
	    query_of(s->e.service.store, "SELECT born FROM prisoner WHERE number = 'A4567EF'");
	CHECK(query_row(&q));
	s->ask[3].prisoner_born = date_of_days(query_column(&q, 0));
	CHECK(query_end(&q) == OK);
	waits(s, 3);
	run(s);
	for (size_t i = 2; i < LAWYERS; i++)
		assert_int_equal(answer(s, i, ANSWER_ACCEPT), STANDBY_AGREED);
	at(s, 10 * MINUTE);
}

/* Each gives both visits on, in its own order, as the clock of each service does. */
static void give_both_on(struct scene *s, struct service *service, int which, int *said)
{
	*said = 0;
	for (int i = 0; i < 2; i++) {
		struct reference called;
		CHECK(store_enter(service->store) == OK);
		enum err err =
		    standby_hand_over(service, &SYSTEM_ACTOR, s->visit[(i + which) % 2], &called);
		CHECK(err == OK || err == ERR_CONFLICT);
		CHECK(store_leave(service->store, true) == OK);
		*said += err == OK;
	}
}

static int64_t called_twice(struct scene *s)
{
	return number(s->e.service.store,
		      "SELECT COUNT(*) FROM standby a JOIN standby b ON a.id < b.id AND "
		      "(a.freed = b.freed OR a.visit = b.visit OR a.waiting = b.waiting)");
}

static void no_time_is_given_to_two_by_programs_at_once(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct scene s;
		int said[PROGRAMS], sum = 0;
		scene_open_in(&s, true);
		two_agree(&s);
		all_at_once(&s, give_both_on, said);
		for (int i = 0; i < PROGRAMS; i++)
			sum += said[i];
		assert_int_equal(sum, 2);
		assert_int_equal(called_twice(&s), 0);
		for (size_t i = 2; i < LAWYERS; i++) {
			assert_int_equal(last_of(&s, s.lawyer[i]).standby.state, STANDBY_CALLED);
			assert_int_equal(told(&s, i, "STANDBY_CALLED"), 1);
			assert_int_equal(request_of(&s, i).state, WAITING_BOOKED);
		}
		scene_close(&s);
	}
}

/* One takes it back while others give the visits on: called, or gone, and never both. */
static void one_takes_it_back(struct scene *s, struct service *service, int which, int *said)
{
	if (which) {
		give_both_on(s, service, which, said);
		return;
	}
	enum standby_state state = STANDBY_STATE_COUNT;
	struct standby_row row = { 0 };
	CHECK(store_enter(service->store) == OK);
	struct query q =
	    query_of(service->store, "SELECT id FROM standby WHERE booker = ?1 LIMIT 1");
	query_int(&q, s->lawyer[2].account.n);
	if (query_row(&q))
		row.id = (struct standby_id){ query_column(&q, 0) };
	CHECK(query_end(&q) == OK);
	CHECK(standby_answer(service, &s->lawyer[2], row.id, ANSWER_DECLINE, &state) == OK);
	CHECK(store_leave(service->store, true) == OK);
	*said = (int)state;
}

static void who_takes_it_back_is_called_or_not_and_hears_which(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct scene s;
		int said[PROGRAMS];
		scene_open_in(&s, true);
		two_agree(&s);
		all_at_once(&s, one_takes_it_back, said);
		enum standby_state is = last_of(&s, s.lawyer[2]).standby.state;
		assert_int_equal(said[0], (int)is);
		CHECK(is == STANDBY_WITHDRAWN || is == STANDBY_CALLED);
		assert_int_equal(said[1] + said[2] + said[3], is == STANDBY_CALLED ? 2 : 1);
		assert_int_equal(told(&s, 2, "STANDBY_CALLED"), is == STANDBY_CALLED);
		assert_int_equal(called_twice(&s), 0);
		scene_close(&s);
	}
}

/* Calls in a turn, and says how far it is; it waits there, and is killed. */
static _Noreturn void call_and_wait(struct scene *s, struct service *service, bool commits, int out)
{
	struct reference called;
	CHECK(store_enter(service->store) == OK);
	CHECK(standby_hand_over(service, &SYSTEM_ACTOR, s->visit[1], &called) == OK);
	if (commits)
		CHECK(store_leave(service->store, true) == OK);
	(void)!write(out, "x", 1);
	for (;;)
		(void)pause();
}

static void kill_one_that_calls(struct scene *s, bool commits)
{
	int out[2];
	char none;
	CHECK(pipe(out) == 0);
	pid_t child = fork();
	CHECK(child >= 0);
	if (!child) {
		struct random random = random_seeded(77);
		struct service service = { .now = s->e.service.now, .random = &random };
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)alarm(60);
		if (store_open(s->e.fresh.where, NULL, &service.store) != OK)
			_exit(3);
		call_and_wait(s, &service, commits, out[1]);
	}
	CHECK(read(out[0], &none, 1) == 1);
	CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
	(void)close(out[0]);
	(void)close(out[1]);
}

static void a_program_killed_before_it_commits_has_called_nobody(void **state)
{
	struct scene s;
	struct reference called;
	(void)state;
	scene_open_in(&s, true);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	kill_one_that_calls(&s, false);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 0);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	scene_close(&s);
}

static void a_program_killed_after_it_committed_has_called_once(void **state)
{
	struct scene s;
	struct reference none;
	(void)state;
	scene_open_in(&s, true);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	kill_one_that_calls(&s, true);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_CALLED);
	assert_int_equal(answer(&s, 2, ANSWER_DECLINE), STANDBY_CALLED);
	assert_int_equal(told(&s, 2, "STANDBY_CALLED"), 1);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 0);
	scene_close(&s);
}

/* ---- not needed ---- */

static void whoever_is_not_needed_is_told_once_and_keeps_the_place(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	struct waiting before = request_of(&s, 2);
	at(&s, -MINUTE);
	both_come(&s, 0);
	both_come(&s, 1);
	pass(&s, 5 * MINUTE);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_AGREED);
	at(&s, 10 * MINUTE);
	assert_int_equal(due(&s).count, 0);
	run(&s);
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_NOT_NEEDED);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 1);
	struct waiting after = request_of(&s, 2);
	assert_int_equal(after.state, WAITING_OPEN);
	assert_int_equal(after.need.asked_at.s, before.need.asked_at.s);
	scene_close(&s);
}

static void whoever_agreed_may_take_it_back(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	assert_int_equal(due(&s).count, 1);
	assert_int_equal(answer(&s, 2, ANSWER_DECLINE), STANDBY_WITHDRAWN);
	assert_int_equal(due(&s).count, 0);
	struct reference none;
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED);
	assert_int_equal(request_of(&s, 2).state, WAITING_OPEN);
	scene_close(&s);
}

static void a_transfer_or_a_time_of_their_own_ends_it(void **state)
{
	struct scene s;
	(void)state;
	scene_open(&s);
	agree(&s);
	change(&s,
	       "UPDATE prisoner SET prison = (SELECT MIN(code) FROM prison WHERE code <> 'WWI') "
	       "WHERE number = 'A3456DE'");
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_GONE);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 1);
	scene_close(&s);
	scene_open(&s);
	agree(&s);
	(void)booked(&s.e, s.lawyer[2], &s.ask[2]); /* the day after */
	run(&s);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_GONE);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 1);
	scene_close(&s);
}

/* The rules of booking are asked again: every ten minutes, and at the last moment. */
static void a_rule_that_says_no_meanwhile_ends_it(void **state)
{
	static const char MARCH[] = "UPDATE prison SET ready = 0 WHERE code = 'WWI'";
	struct scene s;
	struct reference none;
	(void)state;
	scene_open(&s);
	agree(&s);
	change(&s, MARCH);
	pass(&s, 10 * MINUTE);
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_GONE);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 1);
	scene_close(&s);
	scene_open(&s);
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	change(&s, MARCH);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &none) == ERR_CONFLICT);
	assert_int_equal(see(&s, s.visit[1]).state, VISIT_BOOKED); /* as if nobody had stood by */
	assert_int_equal(last_of(&s, s.lawyer[2]).standby.state, STANDBY_GONE);
	assert_int_equal(told(&s, 2, "STANDBY_ENDED"), 1);
	scene_close(&s);
}

/* ---- where the minutes went ---- */

static void handed_over_minutes_are_used_and_the_sum_holds(void **state)
{
	struct scene s;
	struct reference called;
	struct waste before = { 0 }, after = { 0 };
	(void)state;
	scene_open(&s);
	struct actor clerk = estate_staff(&s.e, ROLE_VISITS_CLERK, "WWI");
	agree(&s);
	at(&s, 10 * MINUTE);
	both_come(&s, 0);
	CHECK(visit_hearing(&s.e.service, &SYSTEM_ACTOR, see(&s, s.visit[0]).id, 10) == OK);
	CHECK(standby_hand_over(&s.e.service, &SYSTEM_ACTOR, s.visit[1], &called) == OK);
	s.visit[2] = called;
	both_come(&s, 2);
	CHECK(visit_hearing(&s.e.service, &SYSTEM_ACTOR, see(&s, called).id, 10) == OK);
	at(&s, DAY);
	CHECK(waste_find(&s.e.service, &clerk, &s.e.arena, clerk.prison, local_date(s.start),
			 &after) == OK);
	/* As it would be had nobody stood by. */
	CHECK(store_enter(s.e.service.store) == OK);
	struct query q = query_of(
	    s.e.service.store, "UPDATE visit SET state = 'CANCELLED', live_from = 0, ended_at = 1, "
			       "end_kind = 'MOVED' WHERE reference = ?1");
	query_text(&q, called.text);
	CHECK(query_change(&q) == OK);
	CHECK(waste_find(&s.e.service, &clerk, &s.e.arena, clerk.prison, local_date(s.start),
			 &before) == OK);
	CHECK(store_leave(s.e.service.store, false) == OK);
	int64_t sum = 0, sum_before = 0;
	for (unsigned t = 0; t < TERM_COUNT; t++) {
		sum += after.week.minutes[t];
		sum_before += before.week.minutes[t];
	}
	assert_int_equal(sum, after.diagnosis.offered);
	assert_int_equal(sum, sum_before);
	assert_int_equal(after.week.minutes[TERM_USED] - before.week.minutes[TERM_USED], 45);
	int64_t lost = after.week.minutes[TERM_NO_SHOW] + after.week.minutes[TERM_NOT_PRODUCED];
	int64_t lost_before =
	    before.week.minutes[TERM_NO_SHOW] + before.week.minutes[TERM_NOT_PRODUCED];
	assert_int_equal(lost_before - lost, 45);
	estate_close(&s.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whoever_waits_is_asked_and_promised_no_time),
		TEST(the_rules_say_where_anybody_stands_by),
		TEST(few_visits_tell_nothing),
		TEST(as_many_stand_by_as_may_and_the_next_is_asked_when_one_does_not),
		TEST(who_chose_it_stands_by_without_being_asked),
		TEST(the_wing_brings_whoever_stands_by),
		TEST(what_has_not_begun_in_time_is_theirs_at_once),
		TEST(who_arrives_first_has_it),
		TEST(where_nobody_stands_by_the_fifteen_minutes_stay),
		TEST(a_service_that_was_away_hands_over_what_is_left),
		TEST(two_services_call_nobody_twice),
		TEST(what_is_called_off_too_late_for_others_is_theirs_from_its_start),
		TEST(what_can_still_be_offered_is_offered_first),
		TEST(a_place_that_somebody_took_meanwhile_is_not_theirs),
		TEST(who_is_known_to_be_missing_is_not_waited_for),
		TEST(a_family_stands_by_for_social_visits_alone),
		TEST(what_is_left_of_the_shortest_visits_is_theirs_too),
		TEST(for_less_than_they_asked_for_they_are_asked),
		TEST(nobody_is_asked_for_less_than_the_rule_says),
		TEST(a_family_that_cannot_come_at_short_notice_is_not_asked),
		TEST(answers_that_come_at_once_are_one),
		TEST(no_time_is_given_to_two_by_programs_at_once),
		TEST(who_takes_it_back_is_called_or_not_and_hears_which),
		TEST(a_program_killed_before_it_commits_has_called_nobody),
		TEST(a_program_killed_after_it_committed_has_called_once),
		TEST(whoever_is_not_needed_is_told_once_and_keeps_the_place),
		TEST(whoever_agreed_may_take_it_back),
		TEST(a_transfer_or_a_time_of_their_own_ends_it),
		TEST(a_rule_that_says_no_meanwhile_ends_it),
		TEST(handed_over_minutes_are_used_and_the_sum_holds),
	};
	return RUN("service/standby", tests);
}
