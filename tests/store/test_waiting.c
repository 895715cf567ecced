#include "tests/store/lawyers.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "service/custody.h"
#include "service/refill.h"
#include "service/standby.h"

/*
 * Random histories of a waiting list: lawyers and families book, wait, wish for
 * an earlier time, answer in time, late or not at all, cancel; prisons cancel,
 * prisoners are transferred, visits fail, and whoever stood by has the rest; machines ask for any time at all; the
 * engine runs, and loses its place.
 * The promises are told in SQL, without the code that keeps them.
 */
enum {
	STEPS = 220,
	SEEDS = 5,
	LAWYERS = 4,
	CLIENTS = 3,
	RUNS_MAX = 12,
	REQUESTS_MAX = 1000, /* of one history */
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	OPENS = 540, /* the hours of both prisons, minutes of the day */
	SHUTS = 630,
	TURN = 5,
	FENCE_FAR = 40, /* per cent, more than two working days ahead */
	FENCE_NEAR = 20,
	DAYS_MAX = 60,
};

/* A request as it was seen first. */
struct asked {
	int64_t id;
	int64_t at;
};

struct history {
	struct estate estate;
	size_t asked_count;
	struct asked asked[REQUESTS_MAX];
	struct random dice;
	struct refill_cursor cursor;
	struct standby_cursor standby;
	struct actor lawyer[LAWYERS];
	struct actor amina;
	struct visit_request family;
	int64_t accepted;
	int64_t called; /* of those who stood by */
	int64_t fenced; /* times that a fence kept from somebody */
	int64_t turned; /* or a turn-round */
};

static const struct {
	const char *number;
	struct date born;
} CLIENT[CLIENTS] = {
	{ "A1234BC", { 1988, 4, 12 } },
	{ "A2345CD", { 1992, 9, 3 } },
	{ "A3456DE", { 1979, 1, 27 } },
};

static int64_t dice(struct history *h, int64_t sides)
{
	return (int64_t)random_below(&h->dice, (uint64_t)sides);
}

static void change(struct history *h, const char *sql)
{
	struct query q = query_of(h->estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static void set_rule(struct history *h, const char *name, int value)
{
	static const char SET[] =
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, '', ?1, ?2, 0, NULL, 'Test' FROM prison_policy";
	struct query q = query_of(h->estate.service.store, SET);
	query_text(&q, name);
	query_int(&q, value);
	CHECK(query_change(&q) == OK);
}

/* ---- promises ---- */

/* What is kept for one is neither booked nor kept for another, of terminal and prisoner. */
static void promise_once(struct store *store)
{
	static const char BOOKED[] =
	    "SELECT COUNT(*) FROM waiting_offer o JOIN waiting w ON w.id = o.waiting "
	    "JOIN visit v ON v.start_at < o.start_at + o.minutes * 60 "
	    "AND o.start_at < v.start_at + v.minutes * 60 "
	    "WHERE o.state = 'OPEN' AND o.keeps = 1 AND v.state IN ('BOOKED', 'LOBBY', 'LIVE') "
	    "AND (v.terminal = o.terminal OR v.prisoner = w.prisoner)";
	static const char KEPT[] =
	    "SELECT COUNT(*) FROM waiting_offer a JOIN waiting_offer b ON a.id < b.id "
	    "AND a.start_at < b.start_at + b.minutes * 60 "
	    "AND b.start_at < a.start_at + a.minutes * 60 AND a.terminal = b.terminal "
	    "WHERE a.state = 'OPEN' AND b.state = 'OPEN' AND (a.keeps = 1 OR b.keeps = 1)";
	static const char HELD[] =
	    "SELECT COUNT(*) FROM waiting_offer o WHERE o.state = 'OPEN' AND o.keeps = 1 AND "
	    "(SELECT COUNT(*) FROM slot_use u WHERE u.application = o.id) <> o.minutes / 5 * "
	    "(2 + (SELECT COUNT(*) FROM waiting_person p WHERE p.waiting = o.waiting))";
	assert_int_equal(number(store, BOOKED), 0);
	assert_int_equal(number(store, KEPT), 0);
	assert_int_equal(number(store, HELD), 0);
}

/* Nobody answers after the window, nobody loses an offer before it, and the next waits for it. */
static void promise_windows(struct store *store)
{
	static const char LATE[] = "SELECT COUNT(*) FROM waiting_offer WHERE state IN ('ACCEPTED', "
				   "'DECLINED') AND ended_at >= answer_until";
	static const char EARLY[] = "SELECT COUNT(*) FROM waiting_offer WHERE state = 'EXPIRED' "
				    "AND ended_at < answer_until";
	static const char OVERTAKEN[] =
	    "SELECT COUNT(*) FROM waiting_offer a JOIN waiting_offer b ON a.freed = b.freed "
	    "AND a.id <> b.id WHERE a.keeps = 1 AND b.made_at >= a.made_at AND b.made_at < "
	    "CASE WHEN a.ended_at > 0 THEN a.ended_at ELSE a.answer_until END";
	static const char OFTEN[] =
	    "SELECT COUNT(*) FROM (SELECT booker FROM (SELECT booker, made_at FROM waiting_offer "
	    "UNION ALL SELECT booker, asked_at FROM standby) o "
	    "GROUP BY booker, made_at / 86400 HAVING COUNT(*) > 3) t"; /* winter: local days are UTC's */
	assert_int_equal(number(store, LATE), 0);
	assert_int_equal(number(store, EARLY), 0);
	assert_int_equal(number(store, OVERTAKEN), 0);
	assert_int_equal(number(store, OFTEN), 0);
}

/* The first moment of a request is that of its first leaf, whatever came later. */
static void promise_asked(struct store *store)
{
	static const char LATER[] =
	    "SELECT COUNT(*) FROM waiting w WHERE EXISTS (SELECT 1 FROM visit v "
	    "WHERE v.reference = w.reference AND v.booked_at < w.asked_at)";
	static const char UNCLOCKED[] =
	    "SELECT COUNT(*) FROM visit v WHERE v.kind = 'LEGAL' AND v.state = 'BOOKED' "
	    "AND (SELECT COUNT(*) FROM waiting w WHERE w.reference = v.reference "
	    "AND w.state = 'BOOKED') <> 1";
	static const char ASTRAY[] =
	    "SELECT COUNT(*) FROM waiting w WHERE w.state = 'BOOKED' AND NOT EXISTS "
	    "(SELECT 1 FROM visit v WHERE v.reference = w.reference AND v.prisoner = w.prisoner "
	    "AND v.state IN ('REQUESTED', 'BOOKED', 'LOBBY', 'LIVE'))";
	assert_int_equal(number(store, LATER), 0);
	assert_int_equal(number(store, UNCLOCKED), 0);
	assert_int_equal(number(store, ASTRAY), 0);
}

/* No request is lost, and none becomes younger: through offers, moves, transfers and new bookings. */
static void promise_first_request(struct history *h)
{
	struct query q = query_of(h->estate.service.store, "SELECT id, asked_at FROM waiting");
	size_t seen = 0;
	for (; query_row(&q); seen++) {
		struct asked now = { query_column(&q, 0), query_column(&q, 1) };
		size_t i = 0;
		while (i < h->asked_count && h->asked[i].id != now.id)
			i++;
		if (i == h->asked_count) {
			CHECK(i < REQUESTS_MAX);
			h->asked[h->asked_count++] = now;
		}
		assert_int_equal(h->asked[i].at, now.at);
	}
	CHECK(query_end(&q) == OK);
	assert_int_equal(seen, h->asked_count);
}

/* Whoever accepted has had a visit at that time: no acceptance leads nowhere. */
static void promise_accepted(struct store *store)
{
	static const char UNBOOKED[] =
	    "SELECT COUNT(*) FROM waiting_offer o JOIN waiting w ON w.id = o.waiting "
	    "WHERE o.state = 'ACCEPTED' AND NOT EXISTS (SELECT 1 FROM visit v "
	    "WHERE v.prisoner = w.prisoner AND v.booker = o.booker AND v.start_at = o.start_at "
	    "AND v.minutes = o.minutes)";
	assert_int_equal(number(store, UNBOOKED), 0);
}

/* Each change is told once to whom it concerns. */
static void promise_told(struct store *store)
{
	static const char BEGUN[] =
	    "SELECT COUNT(*) FROM visit v WHERE (SELECT COUNT(*) FROM message m WHERE m.object = "
	    "v.id "
	    "AND m.account = v.booker AND m.kind IN ('BOOKED', 'MOVED', 'REQUESTED', "
	    "'STANDBY_CALLED')) <> 1";
	static const char OFF[] =
	    "SELECT COUNT(*) FROM visit v WHERE v.state = 'CANCELLED' AND (SELECT COUNT(*) "
	    "FROM message m WHERE m.object = v.id AND m.account = v.booker "
	    "AND m.kind = 'CANCELLED') <> "
	    "CASE WHEN v.end_kind = 'MOVED' THEN 0 ELSE 1 END";
	/* Who is booked without being asked is told of that alone. */
	static const char OFFERS[] =
	    "SELECT COUNT(*) FROM (SELECT o.state AS state, o.made_at AS made_at, o.ended_at AS "
	    "ended_at, (SELECT COUNT(*) FROM message m WHERE m.object = o.id AND m.kind = 'OFFER' "
	    "AND m.account = o.booker) AS n FROM waiting_offer o) t WHERE t.n > 1 OR (t.n = 0 AND "
	    "NOT "
	    "(t.state = 'ACCEPTED' AND t.ended_at = t.made_at))";
	assert_int_equal(number(store, BEGUN), 0);
	assert_int_equal(number(store, OFF), 0);
	assert_int_equal(number(store, OFFERS), 0);
}

/* Whoever stands by takes no place; who is called has the rest of one visit that a side never came to. */
static void promise_standby(struct store *store)
{
	static const char TWICE[] =
	    "SELECT COUNT(*) FROM standby a JOIN standby b ON a.id < b.id AND (a.freed = b.freed "
	    "OR a.visit = b.visit)";
	static const char NOT_THE_REST[] =
	    "SELECT COUNT(*) FROM standby s JOIN visit f ON f.id = s.freed "
	    "JOIN visit v ON v.id = s.visit WHERE f.state <> 'NO_SHOW' OR f.live_from <> 0 "
	    "OR f.end_kind NOT IN ('VISITOR_ABSENT', 'PRISONER_ABSENT', 'BOTH_ABSENT') "
	    "OR f.start_at <> s.start_at OR v.terminal <> f.terminal OR v.prisoner <> s.prisoner "
	    "OR v.booker <> s.booker OR v.start_at < f.start_at + 600 "
	    "OR v.start_at + v.minutes * 60 > f.start_at + f.minutes * 60 "
	    "OR v.start_at + v.minutes * 60 > s.end_at";
	static const char OVERLAPS[] =
	    "SELECT COUNT(*) FROM visit a JOIN visit b ON a.id < b.id AND a.terminal = b.terminal "
	    "AND a.start_at < b.start_at + b.minutes * 60 AND b.start_at < a.start_at + a.minutes "
	    "* 60 "
	    "WHERE a.state NOT IN ('CANCELLED', 'NO_SHOW') AND b.state NOT IN ('CANCELLED', "
	    "'NO_SHOW')";
	static const char TOLD[] =
	    "SELECT COUNT(*) FROM (SELECT s.state AS state, (SELECT COUNT(*) FROM message m "
	    "WHERE m.object = s.id AND m.kind = 'STANDBY_ENDED') AS n FROM standby s) t "
	    "WHERE t.n > 1 OR (t.state = 'NOT_NEEDED' AND t.n <> 1) "
	    "OR (t.state NOT IN ('NOT_NEEDED', 'GONE') AND t.n <> 0)";
	assert_int_equal(number(store, TWICE), 0);
	assert_int_equal(number(store, NOT_THE_REST), 0);
	assert_int_equal(number(store, OVERLAPS), 0);
	assert_int_equal(number(store, TOLD), 0);
}

/* Per cent of a day that are kept from visits without a date now. */
static int64_t kept_of(struct wall now, struct date day)
{
	int64_t lead = working_days_between(local_date(now), day);
	return lead > 2 ? FENCE_FAR : lead == 2 ? FENCE_NEAR : 0;
}

/*
 * Fences only fall, so that what visits without a date have of a day is never
 * more than today's leaves them; nobody comes in before a turn-round is over.
 */
static void promise_fences(struct history *h, const char *prison)
{
	static const char TAKEN[] =
	    "SELECT v.start_at, v.minutes FROM visit v JOIN waiting w ON w.reference = v.reference "
	    "WHERE v.kind = 'LEGAL' AND v.state = 'BOOKED' AND w.cause = 'NONE' "
	    "AND v.start_at > ?1 AND v.prison = ?2";
	static const char TURNS[] =
	    "SELECT COUNT(*) FROM visit a JOIN visit b ON a.terminal = b.terminal AND a.id <> b.id "
	    "AND a.start_at <= b.start_at AND b.start_at < a.start_at + a.minutes * 60 + 300 "
	    "WHERE a.kind = 'LEGAL' AND a.state = 'BOOKED' AND b.state = 'BOOKED'";
	struct service *service = &h->estate.service;
	int64_t taken[DAYS_MAX] = { 0 };
	int64_t first = service->now.s / DAY; /* winter: local days are UTC's */
	struct query q = query_of(service->store, TAKEN);
	query_int(&q, service->now.s);
	query_text(&q, prison);
	while (query_row(&q)) {
		int64_t start = query_column(&q, 0);
		int64_t from = start % DAY / MINUTE, until = from + query_column(&q, 1) + TURN;
		CHECK(start / DAY - first < DAYS_MAX);
		taken[start / DAY - first] += (until < SHUTS ? until : SHUTS) - from;
	}
	CHECK(query_end(&q) == OK);
	for (int64_t i = 0; i < DAYS_MAX; i++) {
		int64_t kept = kept_of(service->now, date_of_days(first + i));
		assert_in_range(taken[i], 0, (SHUTS - OPENS) * (100 - kept) / 100);
	}
	assert_int_equal(number(service->store, TURNS), 0);
}

static void check_promises(struct history *h)
{
	struct store *store = h->estate.service.store;
	promise_places(store);
	promise_holds(store);
	promise_once(store);
	promise_windows(store);
	promise_asked(store);
	promise_first_request(h);
	promise_accepted(store);
	promise_told(store);
	promise_standby(store);
	promise_fences(h, "WWI");
	promise_fences(h, "LEI");
}

/* ---- steps ---- */

static struct legal_ask ask_for(struct history *h)
{
	size_t client = (size_t)dice(h, CLIENTS);
	static const int LENGTHS[] = { 15, 30, 45, 60 };
	struct legal_ask ask = { .prisoner_number = str_from(CLIENT[client].number),
				 .prisoner_born = CLIENT[client].born,
				 .minutes = LENGTHS[dice(h, 4)] };
	if (dice(h, 2)) {
		ask.cause = WAITING_FOR_HEARING;
		ask.deadline = date_add_days(local_date(h->estate.service.now), 3 + dice(h, 20));
	}
	return ask;
}

static void step_book(struct history *h)
{
	struct service *service = &h->estate.service;
	struct actor *lawyer = &h->lawyer[dice(h, LAWYERS)];
	struct legal_ask ask = ask_for(h);
	struct legal_times *times = calloc(1, sizeof *times);
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	CHECK(legal_times_find(service, lawyer, &h->estate.arena, &ask, times) == OK);
	struct legal_time time = { 0 };
	if (times->answer == LEGAL_FINE && times->count && dice(h, 4))
		time = times->times[dice(h, (int64_t)times->count)];
	CHECK(legal_book(service, lawyer, &ask, time, &answer, &verdict, &reference) == OK);
	free(times);
}

/* Any time of a few days, as a machine or a page that is old may ask for it. */
static void step_post(struct history *h)
{
	struct service *service = &h->estate.service;
	struct actor *lawyer = &h->lawyer[dice(h, LAWYERS)];
	struct legal_ask ask = ask_for(h);
	struct legal_times *times = calloc(1, sizeof *times);
	struct verdict verdict;
	struct reference reference;
	CHECK(legal_times_find(service, lawyer, &h->estate.arena, &ask, times) == OK);
	struct visit_request request = { .kind = VISIT_LEGAL,
					 .prisoner = times->prisoner.id,
					 .person_count = 1,
					 .persons = { times->persons[0] },
					 .minutes = ask.minutes,
					 .need = { .cause = ask.cause, .deadline = ask.deadline } };
	request.start.s = (service->now.s / DAY + 2 + dice(h, 5)) * DAY +
			  (OPENS + dice(h, (SHUTS - OPENS) / 5) * 5) * MINUTE;
	CHECK(visit_book(service, lawyer, &request, &verdict, &reference) == OK);
	h->fenced += verdict_has(verdict, BOOKING_KEPT);
	h->turned += verdict_has(verdict, BOOKING_TURN_ROUND);
	if (verdict_clean(
		verdict)) { /* and another right behind it, which leaves no time to turn round */
		request.start.s += request.minutes * MINUTE;
		CHECK(visit_book(service, lawyer, &request, &verdict, &reference) == OK);
		CHECK(!verdict_clean(verdict));
		h->turned += verdict_has(verdict, BOOKING_TURN_ROUND);
	}
	free(times);
}

/* One of somebody's visits that are still to come; false: they have none. */
static bool find_visit(struct history *h, struct actor *who, struct visit *out)
{
	struct visit_list mine = { 0 };
	size_t ahead = 0;
	CHECK(visits_mine(&h->estate.service, who, &h->estate.arena, &mine) == OK);
	for (size_t i = 0; i < mine.count; i++)
		if (mine.list[i].state == VISIT_BOOKED &&
		    mine.list[i].start.s > h->estate.service.now.s &&
		    dice(h, (int64_t)++ahead) == 0)
			*out = mine.list[i];
	return ahead > 0;
}

static struct actor *somebody(struct history *h)
{
	return dice(h, 5) ? &h->lawyer[dice(h, LAWYERS)] : &h->amina;
}

static struct waiting_wish a_wish(struct history *h)
{
	struct waiting_wish wish = { .until_minute = 1440,
				     .automatic = dice(h, 4) == 0,
				     .short_notice = dice(h, 2) == 0 };
	if (dice(h, 4) == 0)
		wish.from_minute = 600;
	return wish;
}

static void step_wish(struct history *h)
{
	struct actor *who = somebody(h);
	struct visit visit = { 0 };
	struct waiting_wish wish = a_wish(h);
	enum waiting_answer answer;
	int64_t id;
	if (find_visit(h, who, &visit))
		CHECK(waiting_earlier(&h->estate.service, who, visit.reference, &wish, &answer,
				      &id) == OK);
}

static void step_family(struct history *h)
{
	struct waiting_wish wish = a_wish(h);
	enum waiting_answer answer;
	struct verdict verdict;
	int64_t id;
	CHECK(waiting_ask(&h->estate.service, &h->amina, &h->family, &wish, &answer, &verdict,
			  &id) == OK);
}

static void step_cancel(struct history *h)
{
	struct actor *who = somebody(h);
	struct actor clerk = estate_staff(&h->estate, ROLE_VISITS_CLERK, "WWI");
	struct visit visit = { 0 };
	if (!find_visit(h, who, &visit))
		return;
	bool prison = dice(h, 3) == 0 && str_is(str_from(visit.prison.text), "WWI");
	enum err err = visit_cancel(&h->estate.service, prison ? &clerk : who, visit.reference,
				    STR("History"));
	CHECK(err == OK || err == ERR_CONFLICT);
}

static void step_answer(struct history *h)
{
	struct actor *who = somebody(h);
	struct waiting_lines lines = { 0 };
	CHECK(waiting_mine(&h->estate.service, who, &h->estate.arena, &lines) == OK);
	for (size_t i = 0; i < lines.count; i++) {
		enum offer_state state;
		enum offer_answer answer = dice(h, 4) ? ANSWER_ACCEPT : ANSWER_DECLINE;
		if (!lines.list[i].offer.id.n)
			continue;
		if (dice(h, 6) == 0) /* they think too long */
			h->estate.service.now.s += 40 * MINUTE;
		CHECK(refill_answer(&h->estate.service, who, lines.list[i].offer.id, answer,
				    &state) == OK);
		h->accepted += state == OFFER_ACCEPTED;
		return;
	}
}

static void step_leave(struct history *h)
{
	struct actor *who = somebody(h);
	struct waiting_lines lines = { 0 };
	CHECK(waiting_mine(&h->estate.service, who, &h->estate.arena, &lines) == OK);
	if (lines.count)
		CHECK(waiting_leave(&h->estate.service, who,
				    lines.list[dice(h, (int64_t)lines.count)].waiting.id) == OK);
}

static void step_transfer(struct history *h)
{
	struct prisoner_movement m = { .movement = MOVEMENT_TRANSFERRED, .reason = STR("History") };
	CHECK(prisoner_number_of(str_from(CLIENT[dice(h, CLIENTS)].number), &m.number));
	CHECK(prison_code_of(dice(h, 3) ? STR("WWI") : STR("LEI"), &m.to));
	enum err err = prisoner_move(&h->estate.service, &SYSTEM_ACTOR, &m);
	CHECK(err == OK || err == ERR_CONFLICT);
}

/* Those whose time has come and to which nobody came. */
static void step_end(struct history *h)
{
	struct service *service = &h->estate.service;
	struct visit_due_list due = { 0 };
	CHECK(visits_due_to_end(service, &SYSTEM_ACTOR, &h->estate.arena, &due) == OK);
	for (size_t i = 0; i < due.count; i++) {
		struct reference called;
		enum err err = ERR_CONFLICT;
		if (due.list[i].hand_over)
			err = standby_hand_over(service, &SYSTEM_ACTOR, due.list[i].reference,
						&called);
		CHECK(err == OK || err == ERR_CONFLICT);
		h->called += err == OK;
		if (err != OK && !due.list[i].early)
			CHECK(visit_end(service, &SYSTEM_ACTOR, due.list[i].reference,
					dice(h, 2) ? END_FAULT : END_TIME, STR("")) == OK);
	}
}

/* On to the time at which somebody who stands by knows, if there is one. */
static void step_handover(struct history *h)
{
	struct query q = query_of(h->estate.service.store,
				  "SELECT MIN(start_at) FROM standby WHERE state = 'AGREED'");
	CHECK(query_row(&q));
	int64_t start = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	if (start > h->estate.service.now.s)
		h->estate.service.now.s = start + dice(h, 14 * MINUTE);
	step_end(h);
}

static void run_standby(struct history *h)
{
	bool more = true;
	if (dice(h, 4) == 0)
		h->standby = (struct standby_cursor){ 0 };
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(standby_run(&h->estate.service, &SYSTEM_ACTOR, &h->standby, &more) == OK);
}

static void answer_standbys(struct history *h, struct actor *who)
{
	struct waiting_lines lines = { 0 };
	CHECK(waiting_mine(&h->estate.service, who, &h->estate.arena, &lines) == OK);
	for (size_t i = 0; i < lines.count; i++) {
		enum standby_state state;
		if (lines.list[i].has_standby && dice(h, 6))
			CHECK(standby_answer(&h->estate.service, who, lines.list[i].standby.id,
					     dice(h, 8) ? ANSWER_ACCEPT : ANSWER_DECLINE,
					     &state) == OK);
	}
}

/* No time fits; before one is found for them they may be asked to stand by, and answer. */
static void step_stand_by(struct history *h)
{
	struct legal_ask ask = ask_for(h);
	enum legal_answer answer;
	struct verdict verdict;
	struct reference none;
	CHECK(legal_book(&h->estate.service, &h->lawyer[dice(h, LAWYERS)], &ask,
			 (struct legal_time){ 0 }, &answer, &verdict, &none) == OK);
	h->standby = (struct standby_cursor){ 0 };
	for (int i = 0; i < 4; i++)
		run_standby(h);
	for (size_t i = 0; i < LAWYERS; i++)
		answer_standbys(h, &h->lawyer[i]);
	if (dice(h, 2)) /* before any other time is found for them */
		step_handover(h);
}

static void step_engine(struct history *h)
{
	bool more = true;
	if (dice(h, 4) == 0) /* another process goes on */
		h->cursor = (struct refill_cursor){ 0 };
	for (int i = 0; more && i < RUNS_MAX; i++)
		CHECK(refill_run(&h->estate.service, &SYSTEM_ACTOR, &h->cursor, &more) == OK);
	run_standby(h);
}

static void step(struct history *h)
{
	static void (*const STEP[])(struct history *) = {
		step_book,     step_book,     step_book,     step_wish,     step_wish,
		step_wish,     step_family,   step_cancel,   step_cancel,   step_answer,
		step_answer,   step_answer,   step_answer,   step_answer,   step_answer,
		step_leave,    step_transfer, step_stand_by, step_stand_by, step_stand_by,
		step_stand_by, step_handover, step_handover, step_post,     step_post,
		step_post,     step_post,
	};
	STEP[dice(h, (int64_t)ARRAY_LEN(STEP))](h);
	step_engine(h);
	h->estate.service.now.s += dice(h, 10) ? dice(h, 12 * MINUTE) : dice(h, 10 * HOUR);
	step_end(h);
}

static void prepare(struct history *h)
{
	struct estate *e = &h->estate;
	struct contact_list contacts;
	static const char *const EMAILS[LAWYERS] = { "a@law.example", "b@law.example",
						     "c@law.example", "d@law.example" };
	change(h, "UPDATE session_template SET start_minute = 540, end_minute = 630 "
		  "WHERE prison IN ('WWI', 'LEI')");
	set_rule(h, "fence_routine_far", FENCE_FAR);
	set_rule(h, "fence_routine_near", FENCE_NEAR);
	set_rule(h, "firm_routine_max", 9); /* one firm has them all */
	change(h, "UPDATE terminal SET active = 0 WHERE name = 'Terminal 2'");
	/* One visit is enough for one to stand by, and every third was not held. */
	change(h,
	       "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	       "SELECT MAX(seq) + 1, '', 'standby_booths', 1, 0, NULL, 'Test' FROM prison_policy");
	change(
	    h,
	    "INSERT INTO visit_count (prison, kind, month, measure, value) SELECT code, 'LEGAL', "
	    "24322, 'PLANNED', 30 FROM prison");
	change(
	    h,
	    "INSERT INTO visit_count (prison, kind, month, measure, value) SELECT code, 'LEGAL', "
	    "24322, 'BOTH_ABSENT', 10 FROM prison");
	for (size_t i = 0; i < LAWYERS; i++) {
		h->lawyer[i] = lawyer_of(e, EMAILS[i], PROFESSION_SOLICITOR);
		verify(e, h->lawyer[i]);
	}
	h->amina = estate_family(e, "amina@family.example");
	CHECK(contacts_mine(&e->service, &h->amina, &e->arena, &contacts) == OK);
	h->family = (struct visit_request){ .kind = VISIT_SOCIAL,
					    .prisoner = contacts.list[0].prisoner.id,
					    .person_count = 1,
					    .persons = { contacts.list[0].person.id },
					    .minutes = 30 };
}

/* What happened in them. */
struct sum {
	int64_t accepted;
	int64_t fenced;
	int64_t turned;
	int64_t called;
};

static void history_run(uint64_t seed, struct sum *sum)
{
	struct history *h = calloc(1, sizeof *h);
	estate_open_at(&h->estate, ESTATE_NOW, seed);
	struct actor hq = estate_staff(&h->estate, ROLE_HQ_ADMIN, NULL);
	tell_all(&h->estate.service, &hq);
	h->dice = random_seeded(seed + 100);
	prepare(h);
	for (int i = 0; i < STEPS; i++) {
		step(h);
		check_promises(h);
	}
	promise_systems(h->estate.service.store);
	promise_log(&h->estate.service);
	sum->accepted += h->accepted;
	sum->fenced += h->fenced;
	sum->turned += h->turned;
	sum->called += h->called;
	estate_close(&h->estate);
	free(h);
}

/*
 * A history takes PostgreSQL many times as long as SQLite.  It plays the two in which people stand by and
 * are called, by the same steps: what differs is the database, not what is done to it.
 */
static bool is_played(uint64_t seed)
{
	return !on_postgres() || seed == 2 || seed == 4;
}

static void no_history_of_the_waiting_list_breaks_a_promise(void **state)
{
	(void)state;
	struct sum sum = { 0 };
	int64_t histories = 0;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!is_played(seed))
			continue;
		history_run(seed, &sum);
		histories++;
	}
	print_message("# %lld accepted, %lld called, %lld fenced, %lld turned\n",
		      (long long)sum.accepted, (long long)sum.called, (long long)sum.fenced,
		      (long long)sum.turned);
	CHECK(sum.called >= 3);
	CHECK(sum.fenced >= histories && sum.turned >= histories);
	CHECK(sum.accepted >= 2 * histories); /* else these were no histories of a waiting list */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_history_of_the_waiting_list_breaks_a_promise),
	};
	return RUN("store/waiting", tests);
}
