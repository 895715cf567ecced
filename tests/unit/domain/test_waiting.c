#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/waiting/again.h"
#include "domain/waiting/day.h"
#include "domain/waiting/diagnosis.h"
#include "domain/waiting/fence.h"
#include "domain/waiting/fit.h"
#include "domain/waiting/refill.h"
#include "domain/waiting/standby.h"
#include "domain/waiting/watch.h"
#include "tests/unit/domain/waiting.h"

enum {
	HOUR = 3600,
};

static struct wall at(int year, int month, int day, int minute)
{
	struct wall w;
	(void)local_to_wall((struct date){ year, month, day }, minute, &w);
	return w;
}

/* ---- urgency ---- */

static void working_days_leave_out_weekends(void **state)
{
	static const struct {
		struct date from, to;
		int64_t days;
	} CASES[] = {
		{ { 2026, 11, 23 }, { 2026, 11, 23 }, 0 }, /* a Monday */
		{ { 2026, 11, 23 }, { 2026, 11, 24 }, 1 },
		{ { 2026, 11, 27 }, { 2026, 11, 30 }, 1 }, /* over a weekend */
		{ { 2026, 11, 27 }, { 2026, 11, 28 }, 0 },
		{ { 2026, 11, 29 }, { 2026, 11, 30 }, 1 },
		{ { 2026, 11, 30 }, { 2026, 11, 27 }, -1 },
		{ { 2026, 1, 1 }, { 2027, 1, 1 }, 261 },
		{ { 1969, 12, 26 }, { 1970, 1, 5 }, 6 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(working_days_between(CASES[i].from, CASES[i].to), CASES[i].days);
	for (int64_t d = -40; d < 40; d++) { /* adding and counting agree, from a working day */
		struct date day = working_day_add((struct date){ 2026, 11, 25 }, d);
		assert_int_equal(working_days_between((struct date){ 2026, 11, 25 }, day), d);
		CHECK(date_weekday(day) <= 5);
	}
}

static struct waiting_need need_for(enum waiting_cause cause, struct date deadline)
{
	return (struct waiting_need){ .kind = VISIT_LEGAL,
				      .cause = cause,
				      .deadline = deadline,
				      .asked_at = at(2026, 11, 23, 10 * 60),
				      .minutes = 30 };
}

static void a_class_follows_from_cause_and_date(void **state)
{
	const struct date near = { 2026, 11, 30 }, far = { 2026, 12, 14 }, none = { 0 };
	const struct date monday = { 2026, 11, 23 };
	const struct policy policy = waiting_policy();
	const struct {
		enum waiting_cause cause;
		struct date deadline, today;
		enum waiting_class class;
	} cases[] = {
		{ WAITING_FOR_CUSTODY_LIMIT, far, monday, WAITING_URGENT },
		{ WAITING_FOR_BAIL, far, monday, WAITING_URGENT },
		{ WAITING_FOR_HEARING, near, monday, WAITING_URGENT },
		{ WAITING_FOR_HEARING, far, monday, WAITING_DATED },
		{ WAITING_FOR_HEARING, far, { 2026, 12, 7 }, WAITING_URGENT }, /* it came nearer */
		{ WAITING_FOR_PAROLE, near, monday, WAITING_DATED },
		{ WAITING_FOR_ADJUDICATION, far, monday, WAITING_DATED },
		{ WAITING_FOR_APPEAL, far, monday, WAITING_DATED },
		{ WAITING_FOR_NOTHING, none, monday, WAITING_ROUTINE },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct waiting_need need = need_for(cases[i].cause, cases[i].deadline);
		assert_int_equal(waiting_class_on(&need, &policy, cases[i].today), cases[i].class);
	}
	struct waiting_need need = need_for(WAITING_FOR_NOTHING, none);
	need.received = wall_add_s(need.asked_at, -47 * HOUR);
	assert_int_equal(waiting_class_on(&need, &policy, monday), WAITING_URGENT);
	need.received = wall_add_s(need.asked_at, -48 * HOUR);
	assert_int_equal(waiting_class_on(&need, &policy, monday), WAITING_ROUTINE);
	need.received = wall_add_s(need.asked_at, 2 * HOUR); /* the lawyer was the first to know */
	assert_int_equal(waiting_class_on(&need, &policy, monday), WAITING_URGENT);
	need.received = wall_add_s(need.asked_at, 48 * HOUR); /* another period in prison */
	assert_int_equal(waiting_class_on(&need, &policy, monday), WAITING_ROUTINE);
	need.kind = VISIT_SOCIAL;
	assert_int_equal(waiting_class_on(&need, &policy, monday), WAITING_SOCIAL);
}

static void a_visit_is_due_by_its_class_and_never_after_its_date(void **state)
{
	const struct policy policy = waiting_policy();
	const struct {
		enum waiting_cause cause;
		struct date deadline, due;
	} cases[] = {
		{ WAITING_FOR_BAIL, { 2026, 12, 14 }, { 2026, 11, 24 } },
		{ WAITING_FOR_BAIL, { 2026, 11, 23 }, { 2026, 11, 23 } },
		{ WAITING_FOR_PAROLE, { 2026, 11, 25 }, { 2026, 11, 25 } },
		{ WAITING_FOR_PAROLE, { 2026, 11, 30 }, { 2026, 11, 26 } },
		{ WAITING_FOR_PAROLE, { 2026, 12, 14 }, { 2026, 12, 7 } }, /* a week before */
		{ WAITING_FOR_NOTHING, { 0 }, { 2026, 11, 30 } },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct waiting_need need = need_for(cases[i].cause, cases[i].deadline);
		assert_int_equal(date_compare(waiting_due(&need, &policy), cases[i].due), 0);
	}
	struct waiting_need need = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 11, 30 });
	CHECK(!waiting_missed(&need, (struct date){ 2026, 11, 30 }));
	CHECK(waiting_missed(&need, (struct date){ 2026, 12, 1 }));
}

static void least_slack_comes_first_within_a_class_then_the_older_request(void **state)
{
	const struct policy policy = waiting_policy();
	const struct date today = { 2026, 11, 23 };
	struct waiting_need bail = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 12, 20 });
	struct waiting_need soon = need_for(WAITING_FOR_PAROLE, (struct date){ 2026, 11, 27 });
	struct waiting_need later = need_for(WAITING_FOR_PAROLE, (struct date){ 2026, 12, 4 });
	struct waiting_need older = later;
	older.asked_at.s -= HOUR;
	(void)state;
	assert_int_equal(waiting_slack(&soon, &policy, today), 3);
	CHECK(waiting_before(&bail, &soon, &policy, today)); /* class before slack */
	CHECK(waiting_before(&soon, &later, &policy, today));
	CHECK(waiting_before(&older, &later, &policy, today));
	CHECK(!waiting_before(&later, &older, &policy, today));
	CHECK(!waiting_before(&later, &later, &policy, today));
}

static void a_need_has_a_date_exactly_when_it_has_a_cause(void **state)
{
	const struct date today = { 2026, 11, 23 };
	struct waiting_need need = need_for(WAITING_FOR_BAIL, today);
	(void)state;
	CHECK(waiting_need_acceptable(&need, today));
	need.minutes = 50;
	CHECK(!waiting_need_acceptable(&need, today));
	need = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 11, 22 });
	CHECK(!waiting_need_acceptable(&need, today));
	need = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 2, 30 });
	CHECK(!waiting_need_acceptable(&need, today));
	need = need_for(WAITING_FOR_BAIL, (struct date){ 0 });
	CHECK(!waiting_need_acceptable(&need, today));
	need = need_for(WAITING_FOR_NOTHING, today);
	CHECK(!waiting_need_acceptable(&need, today));
	for (unsigned c = 0; c < WAITING_CAUSE_COUNT; c++) {
		enum waiting_cause back;
		CHECK(waiting_cause_of(str_from(waiting_cause_name((enum waiting_cause)c)), &back));
		assert_int_equal(back, c);
	}
}

/* ---- a day ---- */

static void bits_of_a_day_are_what_a_slow_count_says(void **state)
{
	struct random random = random_seeded(7);
	(void)state;
	for (int round = 0; round < 300; round++) {
		bool slow[DAY_STEPS] = { 0 };
		struct day_steps day = { 0 };
		for (int i = 0; i < 12; i++) {
			int from = (int)random_below(&random, 300) - 6;
			int count = (int)random_below(&random, 70);
			bool on = random_below(&random, 3) > 0;
			if (on)
				day_set(&day, from, count);
			else
				day_clear(&day, from, count);
			for (int s = from; s < from + count; s++)
				if (s >= 0 && s < DAY_STEPS)
					slow[s] = on;
		}
		int shift = (int)random_below(&random, 600) - 300;
		int run = 1 + (int)random_below(&random, 40);
		struct day_steps shifted = day_shift(day, shift), runs = day_runs(day, run);
		int next = day_next(&day, 0), n = 0;
		for (int s = 0; s < DAY_STEPS; s++) {
			bool all = s + run <= DAY_STEPS;
			assert_int_equal(day_has(&day, s), slow[s]);
			n += slow[s];
			if (s == next)
				next = day_next(&day, s + 1);
			else
				CHECK(!slow[s] || s > next);
			for (int i = 0; i < run && all; i++)
				all = slow[s + i];
			assert_int_equal(day_has(&runs, s), all);
			assert_int_equal(day_has_all(&day, s, run), all);
			bool was = s - shift >= 0 && s - shift < DAY_STEPS && slow[s - shift];
			assert_int_equal(day_has(&shifted, s), was);
		}
		assert_int_equal(day_count(&day), n);
	}
}

/* ---- fit ---- */

static void a_visit_goes_where_it_leaves_no_useless_gap(void **state)
{
	struct day_steps free[2] = { 0 };
	struct fit fits[40];
	const struct fit_place places[] = { { .free = &free[0] }, { .free = &free[1] } };
	struct fit_ask ask = {
		.steps = 6, .turn_steps = 1, .shortest_steps = 3, .grid_steps = 1, .day_count = 1
	};
	(void)state;
	day_set(&free[0], 108, 20); /* 09:00: 7 of 20 leave 13 */
	day_set(&free[1], 120, 7);  /* 10:00: exactly */
	size_t n = fit_find(&ask, places, 2, fits, 40, 40);
	assert_int_equal(n, 9); /* 108, 112 … 117, 121 of the first place; 120 of the second */
	assert_int_equal(fits[0].start, 108);
	assert_int_equal(fits[0].tidy, 1);
	for (size_t i = 0; i < n; i++) {
		int before = fits[i].start - 108;
		if (fits[i].place == 1)
			assert_int_equal(fits[i].start, 120);
		else
			CHECK(before == 0 || before >= 4);
		CHECK(i == 0 || fits[i].start > fits[i - 1].start);
		if (fits[i].start == 120) { /* exactly */
			assert_int_equal(fits[i].place, 1);
			assert_int_equal(fits[i].tidy, 2);
		}
	}
	day_clear(&free[0], 0, DAY_STEPS);
	day_clear(&free[1], 126, 1); /* nothing fits any more */
	assert_int_equal(fit_find(&ask, places, 2, fits, 40, 40), 0);
	day_set(&free[1], 120, 9); /* 2 are lost wherever it goes: better than no visit */
	n = fit_find(&ask, places, 2, fits, 40, 40);
	CHECK(n > 0);
	assert_int_equal(fit_lost(&free[1], 4), 0);
	day_clear(&free[1], 122, 7);
	assert_int_equal(fit_lost(&free[1], 4), 2);
}

/* 09:00 to 10:00, a visit of so many steps and the turn-round of one or more. */
static void the_turn_round_after_the_last_visit_may_lie_after_the_hours(void **state)
{
	static const struct {
		const char *what;
		int steps, turn;
		int taken, taken_count; /* by somebody else */
		int later, later_count; /* another session of the place */
		bool shut_known;
		bool fits;
	} cases[] = {
		{ "the hour, and nobody after it", 12, 1, 0, 0, 0, 0, true, true },
		{ "of no other use is known", 12, 1, 0, 0, 0, 0, false, false },
		{ "longer than the hour", 13, 1, 0, 0, 0, 0, true, false },
		{ "a session follows at once", 12, 1, 0, 0, 120, 12, true, false },
		{ "a session follows after the turn-round", 12, 1, 0, 0, 121, 12, true, true },
		{ "a session follows before it is over", 12, 2, 0, 0, 121, 12, true, false },
		{ "somebody is there when the hour ends", 12, 1, 120, 6, 0, 0, true, false },
		{ "somebody comes after the turn-round", 12, 1, 121, 6, 0, 0, true, true },
		{ "somebody is there in the hour", 12, 1, 110, 2, 0, 0, true, false },
		{ "half an hour beside it", 6, 1, 108, 5, 0, 0, true, true },
		{ "no turn-round at all", 12, 0, 120, 6, 120, 12, true, true },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct day_steps free = { 0 }, shut = day_from(0);
		struct fit fits[40];
		const struct fit_place place = { .free = &free,
						 .shut = cases[i].shut_known ? &shut : NULL };
		const struct fit_ask ask = { .steps = cases[i].steps,
					     .turn_steps = cases[i].turn,
					     .shortest_steps = 3,
					     .grid_steps = 1,
					     .day_count = 1 };
		day_set(&free, 108, 12);
		day_clear(&free, cases[i].taken, cases[i].taken_count);
		day_clear(&shut, 108, 12);
		day_clear(&shut, cases[i].taken, cases[i].taken_count);
		day_clear(&shut, cases[i].later, cases[i].later_count);
		if ((fit_find(&ask, &place, 1, fits, 40, 40) > 0) != cases[i].fits)
			fail_msg("%s", cases[i].what);
	}
}

static void what_is_left_before_closing_is_of_use(void **state)
{
	struct day_steps free = { 0 }, shut = day_from(0);
	struct fit fits[40];
	const struct fit_place place = { .free = &free, .shut = &shut };
	struct fit_ask ask = {
		.steps = 6, .turn_steps = 1, .shortest_steps = 3, .grid_steps = 1, .day_count = 1
	};
	(void)state;
	day_set(&free, 108, 10); /* half an hour, the turn-round, a quarter */
	day_clear(&shut, 108, 10);
	size_t n = fit_find(&ask, &place, 1, fits, 40, 40);
	assert_int_equal(n, 2); /* at its beginning; or after a quarter, until it shuts */
	assert_int_equal(fits[0].start, 108);
	assert_int_equal(fits[1].start, 112);
}

static void of_a_day_with_many_starts_the_tidiest_are_given(void **state)
{
	struct day_steps free[2] = { 0 };
	struct fit fits[4];
	const struct fit_place places[] = { { .free = &free[0] },
					    { .free = &free[1], .last = true } };
	struct fit_ask ask = { .steps = 6, .shortest_steps = 3, .grid_steps = 1, .day_count = 1 };
	(void)state;
	day_set(&free[0], 108, 48); /* 09:00 to 13:00 */
	assert_int_equal(fit_find(&ask, places, 1, fits, 4, 3), 3);
	assert_int_equal(fits[0].start, 108);
	assert_int_equal(fits[1].start, 111); /* leaves a quarter of an hour before it */
	assert_int_equal(fits[2].start, 150); /* until one o'clock */
	day_clear(&free[0], 114, 6);          /* 09:30 to 10:00 is taken */
	assert_int_equal(fit_find(&ask, places, 1, fits, 4, 1), 1);
	assert_int_equal(fits[0].start, 108); /* fills it */
	day_clear(&free[0], 108, 1);
	assert_int_equal(fit_find(&ask, places, 1, fits, 4, 1), 1);
	assert_int_equal(fits[0].start, 120);
	day_set(&free[1], 100,
		6); /* released by others: fits exactly, and comes last all the same */
	assert_int_equal(fit_find(&ask, places, 2, fits, 4, 1), 1);
	assert_int_equal(fits[0].place, 0);
}

static void people_and_the_grid_take_times_away(void **state)
{
	struct day_steps free[2] = { 0 }, busy[2] = { 0 };
	struct fit fits[600];
	const struct fit_place place = { .free = free };
	struct fit_ask ask = {
		.steps = 6, .shortest_steps = 1, .grid_steps = 3, .day_count = 2, .busy = busy
	};
	(void)state;
	day_set(&free[0], 0, 5);
	day_set(&free[1], 0, DAY_STEPS);
	day_set(&busy[1], 0, 140);
	size_t n = fit_find(&ask, &place, 1, fits, 600, 600);
	CHECK(n > 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(fits[i].day, 1); /* too little is left of day 0 */
		assert_int_equal(fits[i].start % 3, 0);
		CHECK(fits[i].start >= 140 && fits[i].start + 6 <= DAY_STEPS);
	}
	assert_int_equal(fit_find(&ask, &place, 1, fits, 600, 2), 2);
}

/* ---- fences and release ---- */

static void fences_fall_as_the_day_comes_near(void **state)
{
	const struct policy policy = waiting_policy();
	static const struct {
		struct fence_ask ask;
		int64_t percent;
	} CASES[] = {
		{ { WAITING_ROUTINE, 9, 0 }, 20 }, { { WAITING_ROUTINE, 3, 0 }, 20 },
		{ { WAITING_ROUTINE, 2, 0 }, 10 }, { { WAITING_ROUTINE, 1, 0 }, 0 },
		{ { WAITING_ROUTINE, 0, 0 }, 0 },  { { WAITING_DATED, 9, 20 }, 12 },
		{ { WAITING_DATED, 2, 20 }, 5 },   { { WAITING_DATED, 9, 5 }, 0 },
		{ { WAITING_URGENT, 9, 0 }, 0 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_int_equal(fence_percent(&policy, &CASES[i].ask), CASES[i].percent);
		assert_int_equal(fence_left(&policy, &CASES[i].ask, 400, 100),
				 400 * (100 - CASES[i].percent) / 100 - 100);
		assert_int_equal(fence_left(&policy, &CASES[i].ask, 400, 400), 0);
	}
}

static void unused_time_goes_over_at_its_moment_and_only_where_it_may(void **state)
{
	const struct policy policy = waiting_policy();
	const struct wall now = at(2026, 11, 23, 15 * 60 + 59), four = at(2026, 11, 23, 16 * 60);
	(void)state;
	assert_int_equal(release_until(&policy, VISIT_SOCIAL, VISIT_LEGAL, now).s,
			 now.s + 48 * HOUR);
	assert_int_equal(release_until(&policy, VISIT_LEGAL, VISIT_SOCIAL, now).s,
			 now.s + 4 * HOUR);
	assert_int_equal(release_until(&policy, VISIT_OFFICIAL, VISIT_LEGAL, now).s,
			 at(2026, 11, 24, 0).s);
	assert_int_equal(release_until(&policy, VISIT_OFFICIAL, VISIT_LEGAL, four).s,
			 at(2026, 11, 25, 0).s);
	CHECK(release_until(&policy, VISIT_SOCIAL, VISIT_OFFICIAL, now).s < 0);
	CHECK(release_until(&policy, VISIT_LEGAL, VISIT_OFFICIAL, now).s < 0);
}

/* ---- refill ---- */

static void how_a_time_is_offered_depends_on_how_near_it_is(void **state)
{
	const struct policy policy = waiting_policy();
	const struct wall now = at(2026, 11, 23, 10 * 60), night = at(2026, 11, 23, 22 * 60);
	struct refill_round round = refill_round_of(&policy, wall_add_s(now, 72 * HOUR), now);
	(void)state;
	assert_int_equal(round.at_once, 1);
	CHECK(round.keeps);
	assert_int_equal(round.answer_until.s, now.s + 30 * 60);
	round = refill_round_of(&policy, wall_add_s(now, 24 * HOUR), now);
	assert_int_equal(round.answer_until.s, now.s + 15 * 60);
	round = refill_round_of(&policy, wall_add_s(now, 3 * HOUR), now);
	assert_int_equal(round.at_once, 3);
	CHECK(!round.keeps);
	round =
	    refill_round_of(&policy, wall_add_s(now, 70 * 60), now); /* cut by the last moment */
	assert_int_equal(round.answer_until.s, now.s + 10 * 60);
	round = refill_round_of(&policy, wall_add_s(now, HOUR), now);
	assert_int_equal(round.at_once, 0);
	assert_int_equal(round.again.s, INT64_MAX);
	round = refill_round_of(&policy, at(2026, 11, 26, 600), night);
	assert_int_equal(round.at_once, 0);
	assert_int_equal(round.again.s, at(2026, 11, 24, 8 * 60).s);
}

static void an_answer_counts_only_within_its_window(void **state)
{
	const struct waiting_offer open = { .state = OFFER_OPEN, .answer_until = { 1000 } };
	static const struct {
		enum offer_answer answer;
		bool free;
		int64_t now;
		enum offer_state becomes;
	} CASES[] = {
		{ ANSWER_ACCEPT, true, 999, OFFER_ACCEPTED },
		{ ANSWER_ACCEPT, true, 1000, OFFER_EXPIRED },
		{ ANSWER_ACCEPT, false, 999, OFFER_GONE },
		{ ANSWER_DECLINE, false, 999, OFFER_DECLINED },
		{ ANSWER_DECLINE, true, 1000, OFFER_EXPIRED },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(offer_answered(&open, CASES[i].answer, CASES[i].free,
						(struct wall){ CASES[i].now }),
				 CASES[i].becomes);
	for (unsigned s = OFFER_OPEN + 1; s < OFFER_STATE_COUNT; s++) { /* final is final */
		struct waiting_offer done = open;
		done.state = (enum offer_state)s;
		assert_int_equal(offer_answered(&done, ANSWER_ACCEPT, true, (struct wall){ 0 }), s);
	}
}

static void those_are_asked_whom_it_serves_and_who_may_be_asked(void **state)
{
	const struct policy policy = waiting_policy();
	const struct wall now = at(2026, 11, 23, 10 * 60), start = at(2026, 11, 26, 10 * 60);
	struct refill_candidate c = { .need = need_for(WAITING_FOR_NOTHING, (struct date){ 0 }) };
	struct refill_candidate good = c;
	(void)state;
	CHECK(refill_may_ask(&c, &policy, start, 30, now));
	CHECK(!refill_may_ask(&c, &policy, start, 25, now));
	c.booked = wall_add_s(start, 24 * HOUR);
	CHECK(refill_may_ask(&c, &policy, start, 30, now));
	c.booked = wall_add_s(start, 2 * HOUR); /* the same day: not worth it */
	CHECK(!refill_may_ask(&c, &policy, start, 30, now));
	c = good;
	c.offers_today = 3;
	CHECK(!refill_may_ask(&c, &policy, start, 30, now));
	c = good;
	c.asked_before = true;
	CHECK(!refill_may_ask(&c, &policy, start, 30, now));
	c = good;
	c.cannot = true;
	CHECK(!refill_may_ask(&c, &policy, start, 30, now));
	c = good;
	c.need.kind = VISIT_SOCIAL;
	CHECK(refill_may_ask(&c, &policy, start, 30, now));
	CHECK(!refill_may_ask(&c, &policy, wall_add_s(now, 3 * HOUR), 30, now));
	c.short_notice = true;
	CHECK(refill_may_ask(&c, &policy, wall_add_s(now, 3 * HOUR), 30, now));
}

static void the_rank_is_class_then_who_has_nothing_then_slack(void **state)
{
	const struct policy policy = waiting_policy();
	const struct wall now = at(2026, 11, 23, 10 * 60), start = at(2026, 11, 24, 10 * 60);
	const struct wall later = wall_add_s(start, 72 * HOUR);
	const struct refill_candidate list[] = {
		{ .need = need_for(WAITING_FOR_NOTHING, (struct date){ 0 }) },
		{ .need = need_for(WAITING_FOR_PAROLE, (struct date){ 2026, 12, 4 }) },
		{ .need = need_for(WAITING_FOR_PAROLE, (struct date){ 2026, 11, 30 }),
		  .booked = later },
		{ .need = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 11, 30 }),
		  .booked = later },
		{ .need = need_for(WAITING_FOR_BAIL, (struct date){ 2026, 11, 30 }),
		  .cannot = true },
	};
	static const size_t EXPECTED[] = { 3, 1, 2, 0 };
	size_t order[5];
	(void)state;
	assert_int_equal(refill_rank(list, 5, &policy, start, 60, now, order, 5), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(order[i], EXPECTED[i]);
	assert_int_equal(refill_rank(list, 5, &policy, start, 60, now, order, 2), 2);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[1], 1);
}

/* ---- watch and diagnosis ---- */

static void one_stands_by_for_four_where_every_eighth_does_not_come(void **state)
{
	const struct policy policy = waiting_policy();
	static const struct {
		int planned, visitor, prisoner, both, refused, share;
	} SHARES[] = {
		{ 0, 0, 0, 0, 0, 0 },   { 24, 24, 0, 0, 0, 0 },   { 25, 3, 0, 0, 0, 12 },
		{ 25, 1, 1, 1, 9, 12 }, { 100, 0, 11, 0, 0, 11 }, { 100, 40, 30, 30, 0, 100 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(SHARES); i++) {
		struct visit_figures f = { 0 };
		f.value[MEASURE_PLANNED] = SHARES[i].planned;
		f.value[MEASURE_VISITOR_ABSENT] = SHARES[i].visitor;
		f.value[MEASURE_PRISONER_ABSENT] = SHARES[i].prisoner;
		f.value[MEASURE_BOTH_ABSENT] = SHARES[i].both;
		f.value[MEASURE_REFUSED] = SHARES[i].refused;
		assert_int_equal(standby_share(&f), SHARES[i].share);
	}
	assert_int_equal(standby_places(&policy, 11, 11), 0);
	assert_int_equal(standby_places(&policy, 3, 12), 0);
	assert_int_equal(standby_places(&policy, 4, 12), 1);
	assert_int_equal(standby_places(&policy, 11, 12), 2);
}

/* What each answer, and time, makes of each state. */
static void a_standby_goes_its_way_and_no_other(void **state)
{
	static const struct {
		enum standby_state is, accepted, declined,
		    later; /* later: accepted after the window */
	} CASES[] = {
		{ STANDBY_ASKED, STANDBY_AGREED, STANDBY_DECLINED, STANDBY_EXPIRED },
		{ STANDBY_AGREED, STANDBY_AGREED, STANDBY_WITHDRAWN, STANDBY_AGREED },
		{ STANDBY_DECLINED, STANDBY_DECLINED, STANDBY_DECLINED, STANDBY_DECLINED },
		{ STANDBY_CALLED, STANDBY_CALLED, STANDBY_CALLED, STANDBY_CALLED },
		{ STANDBY_GONE, STANDBY_GONE, STANDBY_GONE, STANDBY_GONE },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct standby s = { .state = CASES[i].is, .answer_until = { 1000 } };
		struct wall in = { 999 }, after = { 1000 };
		assert_int_equal(standby_answered(&s, ANSWER_ACCEPT, in), CASES[i].accepted);
		assert_int_equal(standby_answered(&s, ANSWER_DECLINE, in), CASES[i].declined);
		assert_int_equal(standby_answered(&s, ANSWER_ACCEPT, after), CASES[i].later);
	}
	for (unsigned i = 0; i < STANDBY_STATE_COUNT; i++) {
		enum standby_state found;
		const char *name = standby_state_name((enum standby_state)i);
		CHECK(standby_state_of(str_of(name, strlen(name)), &found) && found == i);
	}
}

static void what_is_left_begins_and_ends_on_steps(void **state)
{
	struct policy policy = waiting_policy();
	const struct wall start = { 1795514400 }, end = wall_add_s(start, 3600);
	struct waiting_need need = { .kind = VISIT_LEGAL, .minutes = 60 };
	struct visit visit = { .state = VISIT_BOOKED, .start = start, .minutes = 60 };
	(void)state;
	policy.values[POLICY_START_WITHIN_MINUTES] = 12;
	policy.values[POLICY_JOIN_MINUTES] = 15;
	policy.values[POLICY_LEGAL_MINUTES_MIN] = 15;
	assert_int_equal(standby_handover(&policy, start).s, start.s + 12 * 60);
	assert_int_equal(standby_begins(&policy, start, start).s, start.s + 15 * 60);
	assert_int_equal(standby_begins(&policy, start, wall_add_s(start, 1499)).s,
			 start.s + 20 * 60);
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 900), end), 45);
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 2700), end), 15);
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 3000), end), 0);
	need.minutes = 30;
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 900), end), 30);
	/* Shorter than any visit that is booked, as far as the rule for it goes. */
	policy.values[POLICY_LEGAL_MINUTES_MIN] = 30;
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 2700), end), 15);
	policy.values[POLICY_STANDBY_MINUTES_MIN] = 20;
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 2700), end), 0);
	policy.values[POLICY_LEGAL_MINUTES_MIN] = 15;
	assert_int_equal(standby_minutes(&policy, &need, wall_add_s(start, 2700), end), 15);
	policy.values[POLICY_START_WITHIN_MINUTES] = 40; /* by then nobody could join */
	assert_int_equal(standby_handover(&policy, start).s, start.s + 15 * 60);
	/* Whether a side is missing, not which; never while both are there, or hear each other. */
	for (unsigned seen = 0; seen < 4; seen++) {
		visit.visitor_seen = seen & 1;
		visit.prisoner_seen = seen & 2;
		CHECK(standby_takes(&visit, &policy, wall_add_s(start, 900)) == (seen != 3));
		CHECK(!standby_takes(&visit, &policy, wall_add_s(start, 899)));
		CHECK(!standby_takes(&visit, &policy, end));
	}
	visit.prisoner_seen = false;
	visit.state = VISIT_LIVE;
	CHECK(!standby_takes(&visit, &policy, wall_add_s(start, 900)));
	CHECK(standby_is_for(VISIT_OFFICIAL, VISIT_LEGAL) &&
	      standby_is_for(VISIT_SOCIAL, VISIT_SOCIAL));
	CHECK(!standby_is_for(VISIT_SOCIAL, VISIT_LEGAL) &&
	      !standby_is_for(VISIT_LEGAL, VISIT_SOCIAL));
}

static void small_rules_follow_the_policy(void **state)
{
	const struct policy policy = waiting_policy();
	(void)state;
	CHECK(damping_allows(&policy, 2));
	CHECK(!damping_allows(&policy, 3));
	CHECK(!fairness_alert(&policy, 6, 3));
	CHECK(fairness_alert(&policy, 7, 3));
	CHECK(count_publishable(&policy, 0));
	CHECK(!count_publishable(&policy, 1));
	CHECK(!count_publishable(&policy, 4));
	CHECK(count_publishable(&policy, 5));
}

static void a_week_is_told_its_largest_waste_and_the_remedy(void **state)
{
	static const struct {
		struct diagnosis_week week;
		enum diagnosis_term largest;
		enum diagnosis_remedy remedy;
	} CASES[] = {
		{ { .minutes = { 800, 100, 20, 30 } }, TERM_NO_SHOW, REMEDY_REMINDERS },
		{ { .minutes = { 800, 10, 20, 130 } }, TERM_NOT_PRODUCED, REMEDY_ESCORT },
		{ { .minutes = { 800, 10, 20, 30, 200 } }, TERM_BLOCKED, REMEDY_TEMPLATE },
		{ { .minutes = { 800, 0, 0, 0, 0, 90 } }, TERM_OUTAGE, REMEDY_LINE },
		/* Nobody waits for the idle time: all is well. */
		{ { .minutes = { 800, 0, 0, 0, 0, 0, 0, 900 }, .asked_minutes = 800 },
		  TERM_USED,
		  REMEDY_NONE },
		{ { .minutes = { 800, 0, 0, 0, 0, 0, 0, 900 },
		    .queued_minutes = 300,
		    .asked_minutes = 800 },
		  TERM_IDLE,
		  REMEDY_RELEASE },
		{ { .minutes = { 1000, 10 }, .queued_minutes = 500, .asked_minutes = 900 },
		  TERM_NO_SHOW,
		  REMEDY_CAPACITY },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct diagnosis d = diagnosis_of(&CASES[i].week);
		int64_t sum = 0;
		for (unsigned t = 0; t < TERM_COUNT; t++)
			sum += CASES[i].week.minutes[t];
		assert_int_equal(d.offered, sum);
		assert_int_equal(d.largest, CASES[i].largest);
		assert_int_equal(d.remedy, CASES[i].remedy);
	}
	struct diagnosis d = diagnosis_of(&CASES[6].week);
	assert_int_equal(d.load_percent, 140);
	/* With the minutes added the load is nine tenths. */
	assert_int_equal(1400 * 100 / (1000 + d.add_minutes), 90);
}

/* ---- waiting again ---- */

/* Each rule allows what the ones before it allow; '-': by none. */
static void a_visit_waits_again_by_its_end_and_the_rules(void **state)
{
	static const struct {
		enum visit_kind kind;
		enum visit_state state;
		enum visit_end end;
		int used_min, lost_min; /* of 40; lost to the prison's line */
		int from;               /* the first rule by which it waits again; 3: none */
	} CASES[] = {
		{ VISIT_LEGAL, VISIT_NO_SHOW, END_PRISONER_ABSENT, 0, 0, 1 },
		{ VISIT_LEGAL, VISIT_NO_SHOW, END_FAULT, 0, 0, 1 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_FAULT, 19, 0, 1 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_FAULT, 20, 0, 3 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_TIME, 5, 30, 1 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_LEFT, 5, 30, 1 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_LEFT, 5, 5, 3 }, /* they were done */
		{ VISIT_LEGAL, VISIT_COMPLETED, END_LEFT, 5, 0, 3 },
		{ VISIT_LEGAL, VISIT_COMPLETED, END_STAFF, 1, 0, 3 },
		{ VISIT_LEGAL, VISIT_NO_SHOW, END_VISITOR_ABSENT, 0, 0, 2 },
		{ VISIT_LEGAL, VISIT_NO_SHOW, END_BOTH_ABSENT, 0, 0, 2 },
		{ VISIT_LEGAL, VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 0, 0, 3 },
		{ VISIT_LEGAL, VISIT_CANCELLED, END_CANCELLED_BY_PRISON, 0, 0, 0 },
		{ VISIT_LEGAL, VISIT_CANCELLED, END_PRISONER_MOVED, 0, 0, 0 },
		{ VISIT_LEGAL, VISIT_LIVE, END_NONE, 0, 0, 3 },
		{ VISIT_SOCIAL, VISIT_NO_SHOW, END_FAULT, 0, 0,
		  0 }, /* families: on the list already */
		{ VISIT_SOCIAL, VISIT_NO_SHOW, END_VISITOR_ABSENT, 0, 0, 3 },
		{ VISIT_SOCIAL, VISIT_COMPLETED, END_FAULT, 1, 0, 3 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct visit visit = { .kind = CASES[i].kind,
				       .state = CASES[i].state,
				       .end = CASES[i].end,
				       .minutes = 40,
				       .used_s = CASES[i].used_min * 60 };
		visit.lost.s[LOST_PRISON_LINE] = CASES[i].lost_min * 60;
		for (int rule = 0; rule <= FAILED_WAITS_LAST; rule++) {
			struct policy policy = waiting_policy();
			policy.values[POLICY_FAILED_WAITS] = rule;
			assert_int_equal(waits_again(&visit, &policy), rule >= CASES[i].from);
		}
	}
}

static void what_staff_say_of_a_legal_visit_counts_as_its_end_does(void **state)
{
	static const struct {
		enum visit_outcome told;
		bool waits;
	} CASES[] = {
		{ OUTCOME_PRISONER_NOT_PRODUCED, true }, { OUTCOME_PRISON_NETWORK, true },
		{ OUTCOME_CALLER_NETWORK, true },        { OUTCOME_EQUIPMENT, true },
		{ OUTCOME_ESTABLISHMENT, true },         { OUTCOME_PRISONER_REFUSED, false },
		{ OUTCOME_VISITOR_ABSENT, false },       { OUTCOME_COMPLETED, false },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct policy policy = waiting_policy();
		struct visit visit = { .kind = VISIT_LEGAL,
				       .state = VISIT_NO_SHOW,
				       .end = END_BOTH_ABSENT,
				       .minutes = 40 };
		assert_int_equal(waits_again_as_told(&visit, CASES[i].told, &policy),
				 CASES[i].waits);
		visit.used_s = 20 * 60; /* half of it was held */
		CHECK(!waits_again_as_told(&visit, CASES[i].told, &policy));
		visit.used_s = 0;
		visit.kind = VISIT_SOCIAL;
		CHECK(!waits_again_as_told(&visit, CASES[i].told, &policy));
		visit.kind = VISIT_LEGAL;
		policy.values[POLICY_FAILED_WAITS] = FAILED_ENDS;
		CHECK(!waits_again_as_told(&visit, CASES[i].told, &policy));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(working_days_leave_out_weekends),
		TEST(a_class_follows_from_cause_and_date),
		TEST(a_visit_is_due_by_its_class_and_never_after_its_date),
		TEST(least_slack_comes_first_within_a_class_then_the_older_request),
		TEST(a_need_has_a_date_exactly_when_it_has_a_cause),
		TEST(bits_of_a_day_are_what_a_slow_count_says),
		TEST(a_visit_goes_where_it_leaves_no_useless_gap),
		TEST(the_turn_round_after_the_last_visit_may_lie_after_the_hours),
		TEST(what_is_left_before_closing_is_of_use),
		TEST(of_a_day_with_many_starts_the_tidiest_are_given),
		TEST(people_and_the_grid_take_times_away),
		TEST(fences_fall_as_the_day_comes_near),
		TEST(unused_time_goes_over_at_its_moment_and_only_where_it_may),
		TEST(how_a_time_is_offered_depends_on_how_near_it_is),
		TEST(an_answer_counts_only_within_its_window),
		TEST(those_are_asked_whom_it_serves_and_who_may_be_asked),
		TEST(the_rank_is_class_then_who_has_nothing_then_slack),
		TEST(one_stands_by_for_four_where_every_eighth_does_not_come),
		TEST(a_standby_goes_its_way_and_no_other),
		TEST(what_is_left_begins_and_ends_on_steps),
		TEST(small_rules_follow_the_policy),
		TEST(a_visit_waits_again_by_its_end_and_the_rules),
		TEST(what_staff_say_of_a_legal_visit_counts_as_its_end_does),
		TEST(a_week_is_told_its_largest_waste_and_the_remedy),
	};
	return RUN("domain/waiting", tests);
}
