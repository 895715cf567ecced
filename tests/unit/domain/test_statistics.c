/*
 * The waits, the week and what may be published: values in, values out.
 */
#include "tests/unit/check.h"
#include "tests/unit/domain/waiting.h"

#include "base/assert.h"
#include "base/random.h"
#include "domain/waiting/publish.h"
#include "domain/waiting/week_account.h"

/* ---- waits ---- */

static void the_median_and_the_90th_percentile_are_those_of_the_sorted_waits(void **state)
{
	(void)state;
	struct wait_tally tally = { 0 };
	for (int day = 1; day <= 10; day++)
		wait_tally_add(&tally, day <= 5 ? WAIT_HELD_IN_TIME : WAIT_HELD_LATE, day, 1);
	struct wait_summary s = wait_summary_of(&tally);
	CHECK(s.requests == 10 && s.held == 10 && s.waiting == 0);
	CHECK(s.median.known && s.median.days == 5 && !s.median.or_more);
	CHECK(s.p90.days == 9 && !s.p90.or_more);
	CHECK(s.in_time == 5 && s.judged == 10);
}

/* Ten held on the first day would look splendid beside thirty who have waited for four weeks. */
static void those_who_still_wait_count_and_make_the_wait_longer(void **state)
{
	(void)state;
	struct wait_tally tally = { 0 };
	wait_tally_add(&tally, WAIT_HELD_IN_TIME, 1, 10);
	struct wait_summary before = wait_summary_of(&tally);
	wait_tally_add(&tally, WAIT_WAITING_LATE, 20, 30);
	struct wait_summary s = wait_summary_of(&tally);
	CHECK(before.median.days == 1 && !before.median.or_more);
	CHECK(s.median.days >= 20 && s.median.or_more);
	CHECK(s.p90.or_more);
	CHECK(s.in_time == 10 && s.judged == 40);
	/* Who asked today has not waited yet: that neither helps nor harms. */
	struct wait_tally fresh = { 0 };
	wait_tally_add(&fresh, WAIT_HELD_IN_TIME, 3, 10);
	wait_tally_add(&fresh, WAIT_WAITING_IN_TIME, 0, 1000);
	s = wait_summary_of(&fresh);
	CHECK(s.median.days == 3 && !s.median.or_more && s.judged == 10);
}

static void so_many_are_missing_for_nine_in_ten_to_be_within_the_limit(void **state)
{
	static const struct {
		int within, beyond, waits_short, waits_long, not_held;
		int64_t missing;
	} cases[] = {
		{ 0, 0, 0, 0, 0, 0 },    { 9, 1, 0, 0, 0, 0 },  { 8, 2, 0, 0, 0, 1 },
		{ 80, 20, 0, 0, 0, 10 }, { 8, 1, 0, 1, 0, 1 },  /* who waits too long counts */
		{ 8, 1, 1, 0, 0, 0 },                           /* who does not, not yet */
		{ 0, 3, 0, 0, 0, 3 },    { 9, 1, 0, 0, 50, 0 }, /* who had no visit, not at all */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wait_tally tally = { 0 };
		wait_tally_add(&tally, WAIT_HELD_IN_TIME, 4, cases[i].within);
		wait_tally_add(&tally, WAIT_HELD_LATE, 5, cases[i].beyond);
		wait_tally_add(&tally, WAIT_WAITING_IN_TIME, 4, cases[i].waits_short);
		wait_tally_add(&tally, WAIT_WAITING_LATE, 30, cases[i].waits_long);
		wait_tally_add(&tally, WAIT_NOT_HELD, 30, cases[i].not_held);
		assert_int_equal(wait_tally_missing(&tally, 4), cases[i].missing);
	}
}

static void without_requests_there_is_no_wait_and_long_ones_are_told_as_such(void **state)
{
	(void)state;
	struct wait_tally tally = { 0 };
	struct wait_summary s = wait_summary_of(&tally);
	CHECK(!s.median.known && !s.p90.known && s.requests == 0);
	wait_tally_add(&tally, WAIT_NOT_HELD, 3, 4);
	s = wait_summary_of(&tally);
	CHECK(!s.median.known && s.requests == 4 && s.not_held == 4 && s.judged == 0);
	wait_tally_add(&tally, WAIT_HELD_LATE, 5000, 1);
	wait_tally_add(&tally, WAIT_HELD_LATE, -3, 1);
	s = wait_summary_of(&tally);
	CHECK(s.held == 2 && s.p90.days == TALLY_DAYS - 1 && s.p90.or_more);
}

/* ---- visits ---- */

static struct visit_fact fact(enum visit_state state, enum visit_end end, int64_t cancelled_before)
{
	struct wall start;
	(void)local_to_wall((struct date){ 2026, 11, 18 }, 10 * 60, &start);
	return (struct visit_fact){
		.kind = VISIT_LEGAL,
		.state = state,
		.end = end,
		.terminal = { 1 },
		.start = start,
		.minutes = 30,
		.ended_at = wall_add_s(start, cancelled_before ? -cancelled_before * 60 : 30 * 60)
	};
}

static void each_end_of_a_visit_is_one_term_of_the_week(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		enum visit_state state;
		enum visit_end end;
		int64_t minutes_before; /* that it was called off; 0: at its end */
		enum diagnosis_term term;
	} CASES[] = {
		{ "held", VISIT_COMPLETED, END_TIME, 0, TERM_USED },
		{ "going on", VISIT_LIVE, END_NONE, 0, TERM_USED },
		{ "visitor absent", VISIT_NO_SHOW, END_VISITOR_ABSENT, 0, TERM_NO_SHOW },
		{ "prisoner absent", VISIT_NO_SHOW, END_PRISONER_ABSENT, 0, TERM_NOT_PRODUCED },
		{ "both absent", VISIT_NO_SHOW, END_BOTH_ABSENT, 0, TERM_NOT_PRODUCED },
		{ "refused", VISIT_CANCELLED, END_REFUSED, 0, TERM_NO_SHOW },
		{ "never heard", VISIT_NO_SHOW, END_FAULT, 0, TERM_OUTAGE },
		{ "late by the lawyer", VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 119,
		  TERM_LATE_CANCEL },
		{ "late by the prison", VISIT_CANCELLED, END_CANCELLED_BY_PRISON, 5,
		  TERM_LATE_CANCEL },
		{ "in good time", VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 121, TERM_IDLE },
		{ "asked for only", VISIT_REQUESTED, END_NONE, 0, TERM_IDLE },
	};
	struct policy policy = waiting_policy();
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct visit_fact f = fact(CASES[i].state, CASES[i].end, CASES[i].minutes_before);
		bool both;
		CHECK(visit_fact_term(&f, &policy, &both) == CASES[i].term);
		CHECK(both == (CASES[i].end == END_BOTH_ABSENT));
	}
}

static void a_month_counts_planned_held_lost_and_who_did_not_come(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct visit_figures figures = { 0 };
	struct visit_fact held = fact(VISIT_COMPLETED, END_TIME, 0);
	held.used_s = 1500;
	held.lost.s[LOST_PRISON_LINE] = 120;
	held.lost.s[LOST_VISITOR_LINE] = 60;
	held.live_from = wall_add_s(held.start, 11 * 60);
	struct visit_fact absent = fact(VISIT_NO_SHOW, END_PRISONER_ABSENT, 0);
	struct visit_fact late = fact(VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 10);
	struct visit_fact early = fact(VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 5000);
	struct visit_fact moved = fact(VISIT_CANCELLED, END_MOVED, 10);
	struct visit_fact coming = fact(VISIT_BOOKED, END_NONE, 0);
	const struct visit_fact *all[] = { &held, &absent, &late, &early, &moved, &coming };
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		visit_figures_add(&figures, all[i], &policy);
	CHECK(figures.value[MEASURE_PLANNED] == 3 && figures.value[MEASURE_PLANNED_MINUTES] == 90);
	CHECK(figures.value[MEASURE_HELD] == 1 && figures.value[MEASURE_DELIVERED_S] == 1500);
	CHECK(figures.value[MEASURE_LOST_S + LOST_PRISON_LINE] == 120);
	CHECK(figures.value[MEASURE_LOST_S + LOST_VISITOR_LINE] == 60);
	CHECK(figures.value[MEASURE_PRISONER_ABSENT] == 1);
	CHECK(figures.value[MEASURE_LATE_BOOKER] == 1);
	CHECK(figures.value[MEASURE_CANCELLED_BOOKER] == 1);
	CHECK(figures.value[MEASURE_STARTED_LATE] == 1);
}

/* ---- the week ---- */

static int64_t sum_of(const struct diagnosis_week *week)
{
	int64_t sum = 0;
	for (unsigned t = 0; t < TERM_COUNT; t++)
		sum += week->minutes[t];
	return sum;
}

/* Wednesday, hours 9 to 17, a session from 10 to 12, the place closed from 11.30. */
static struct terminal_day wednesday(void)
{
	struct terminal_day day = { .date = { 2026, 11, 18 } };
	day_set(&day.hours, 9 * 12, 8 * 12);
	day_set(&day.sessions, 10 * 12, 2 * 12);
	day_set(&day.blocked, 11 * 12 + 6, 6);
	day_set(&day.past, 0, DAY_STEPS);
	return day;
}

static void a_day_without_visits_is_idle_closed_or_never_offered(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct diagnosis_week week = { 0 };
	struct terminal_day day = wednesday();
	week_account_add(&week, &day, &policy);
	CHECK(sum_of(&week) == 480);
	CHECK(week.minutes[TERM_NEVER_OFFERED] == 360);
	CHECK(week.minutes[TERM_IDLE] == 90 && week.minutes[TERM_BLOCKED] == 30);
}

static void a_visit_that_ends_early_gives_the_rest_back_and_its_outage_is_told_apart(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct diagnosis_week week = { 0 };
	struct terminal_day day = wednesday();
	struct visit_fact held = fact(VISIT_COMPLETED, END_LEFT, 0);
	held.ended_at = wall_add_s(held.start, 18 * 60);
	held.lost.s[LOST_SERVICE] = 4 * 60 + 59;
	held.lost.s[LOST_VISITOR_LINE] = 300; /* not ours */
	day.visits = &held;
	day.visit_count = 1;
	week_account_add(&week, &day, &policy);
	CHECK(sum_of(&week) == 480);
	CHECK(week.minutes[TERM_USED] == 16 && week.minutes[TERM_OUTAGE] == 4);
	CHECK(week.minutes[TERM_IDLE] == 70);
}

static void whoever_takes_a_cancelled_time_makes_it_used(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct diagnosis_week week = { 0 };
	struct terminal_day day = wednesday();
	struct visit_fact visits[] = { fact(VISIT_COMPLETED, END_TIME, 0),
				       fact(VISIT_CANCELLED, END_CANCELLED_BY_BOOKER, 30) };
	day.visits = visits;
	day.visit_count = 2;
	week_account_add(&week, &day, &policy);
	CHECK(week.minutes[TERM_USED] == 30 && week.minutes[TERM_LATE_CANCEL] == 0);
	visits[0] = fact(VISIT_NO_SHOW, END_BOTH_ABSENT, 0);
	week = (struct diagnosis_week){ 0 };
	week_account_add(&week, &day, &policy);
	CHECK(week.minutes[TERM_NO_SHOW] == 15 && week.minutes[TERM_NOT_PRODUCED] == 15);
	CHECK(sum_of(&week) == 480);
}

static void only_what_is_past_is_counted(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct diagnosis_week week = { 0 };
	struct terminal_day day = wednesday();
	struct visit_fact live = fact(VISIT_LIVE, END_NONE, 0);
	live.ended_at = (struct wall){ 0 };
	day.visits = &live;
	day.visit_count = 1;
	day.past = (struct day_steps){ 0 };
	day_set(&day.past, 0, 10 * 12 + 2);
	week_account_add(&week, &day, &policy);
	CHECK(sum_of(&week) == 70 && week.minutes[TERM_USED] == 10);
}

static struct day_steps random_steps(struct random *random)
{
	struct day_steps day = { 0 };
	for (int i = 0; i < 3; i++)
		day_set(&day, (int)(random_below(random, DAY_STEPS)),
			(int)(random_below(random, 60)));
	return day;
}

static struct visit_fact random_fact(struct random *random)
{
	static const struct {
		enum visit_state state;
		enum visit_end end;
	} ENDS[] = { { VISIT_COMPLETED, END_LEFT },
		     { VISIT_COMPLETED, END_TIME },
		     { VISIT_LIVE, END_NONE },
		     { VISIT_BOOKED, END_NONE },
		     { VISIT_REQUESTED, END_NONE },
		     { VISIT_NO_SHOW, END_VISITOR_ABSENT },
		     { VISIT_NO_SHOW, END_PRISONER_ABSENT },
		     { VISIT_NO_SHOW, END_BOTH_ABSENT },
		     { VISIT_NO_SHOW, END_FAULT },
		     { VISIT_CANCELLED, END_CANCELLED_BY_BOOKER },
		     { VISIT_CANCELLED, END_REFUSED } };
	size_t end = random_below(random, ARRAY_LEN(ENDS));
	struct visit_fact f = fact(ENDS[end].state, ENDS[end].end, 0);
	struct wall midnight = local_midnight((struct date){ 2026, 11, 18 });
	f.kind = (enum visit_kind)(random_below(random, VISIT_KIND_COUNT));
	f.start = wall_add_s(midnight, (int64_t)(random_below(random, DAY_STEPS)) * 300);
	f.minutes = 5 * (int)(1 + random_below(random, 24));
	f.ended_at = wall_add_s(f.start, (int64_t)(random_below(random, 14400)) - 7200);
	for (int c = 0; c < LOST_CAUSE_COUNT; c++)
		f.lost.s[c] = (int)(random_below(random, 4000));
	return f;
}

/* Whatever happened: the terms are what could be offered, five minutes by five minutes, and none is negative. */
static void the_terms_add_up_whatever_happened(void **state)
{
	(void)state;
	struct random random = random_seeded(35);
	struct policy policy = waiting_policy();
	for (int round = 0; round < 3000; round++) {
		struct visit_fact visits[6];
		struct diagnosis_week week = { 0 };
		struct terminal_day day = { .date = { 2026, 11, 18 },
					    .hours = random_steps(&random),
					    .sessions = random_steps(&random),
					    .blocked = random_steps(&random),
					    .past = random_steps(&random),
					    .visits = visits };
		struct day_steps offered = day_or(day.hours, day.sessions);
		for (uint64_t left = random_below(&random, 7); left > 0; left--) {
			visits[day.visit_count] = random_fact(&random);
			bool both;
			const struct visit_fact *f = &visits[day.visit_count++];
			if (visit_fact_term(f, &policy, &both) != TERM_IDLE)
				day_set(&offered, local_of(f->start).minute / 5, f->minutes / 5);
		}
		week_account_add(&week, &day, &policy);
		struct day_steps counted = day_and(offered, day.past);
		CHECK(sum_of(&week) == 5 * day_count(&counted));
		for (unsigned t = 0; t < TERM_COUNT; t++)
			CHECK(week.minutes[t] >= 0);
		CHECK(diagnosis_of(&week).offered == sum_of(&week));
	}
}

/* ---- what may be published ---- */

static void small_numbers_are_not_said_and_others_are_rounded(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	static const int64_t CASES[][2] = { { 0, 0 },   { 1, PUBLISH_FEW }, { 4, PUBLISH_FEW },
					    { 5, 5 },   { 7, 5 },           { 8, 10 },
					    { 12, 10 }, { 13, 15 },         { 100, 100 } };
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		CHECK(publish_count(&policy, CASES[i][0]) == CASES[i][1]);
}

/* With publish_min 5: to 150 minutes, and what is made of them comes of these alone. */
static void no_visit_is_found_in_the_minutes_of_a_week(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	CHECK(publish_minutes_step(&policy) == 150);
	struct diagnosis_week without = { .minutes = { [TERM_USED] = 600, [TERM_IDLE] = 3000 },
					  .asked_minutes = 600 };
	struct diagnosis_week with = without;
	with.minutes[TERM_NO_SHOW] = 30;
	with.minutes[TERM_IDLE] -= 30;
	with.asked_minutes += 30;
	with.queued_minutes = 60;
	struct diagnosis_week a = publish_week(&policy, &without), b = publish_week(&policy, &with);
	CHECK(memcmp(&a, &b, sizeof a) == 0);
	CHECK(a.minutes[TERM_USED] == 600 && a.minutes[TERM_NO_SHOW] == 0);
	with.minutes[TERM_NO_SHOW] = 75;
	b = publish_week(&policy, &with);
	CHECK(b.minutes[TERM_NO_SHOW] == 150);
}

static int64_t said(const struct published_figure *figures, size_t count, const char *measure)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(figures[i].measure, measure) == 0)
			return figures[i].value;
	return INT64_MIN;
}

static void a_wait_is_said_of_enough_requests_only(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct published_figure f[PUBLISH_FIGURES_MAX];
	struct wait_tally tally = { 0 };
	struct wait_summary s = wait_summary_of(&tally);
	CHECK(publish_waits(&policy, &s, f) == 0);
	wait_tally_add(&tally, WAIT_HELD_IN_TIME, 2, 4);
	s = wait_summary_of(&tally);
	size_t n = publish_waits(&policy, &s, f);
	CHECK(said(f, n, "REQUESTS") == PUBLISH_FEW && said(f, n, "MEDIAN_DAYS") == PUBLISH_FEW);
	CHECK(said(f, n, "IN_TIME_PERCENT") == PUBLISH_FEW);
	wait_tally_add(&tally, WAIT_HELD_LATE, 9, 1);
	s = wait_summary_of(&tally);
	n = publish_waits(&policy, &s, f);
	CHECK(said(f, n, "REQUESTS") == 5 && said(f, n, "MEDIAN_DAYS") == 2);
	CHECK(said(f, n, "P90_DAYS") == PUBLISH_FEW && said(f, n, "IN_TIME_PERCENT") == 80);
	wait_tally_add(&tally, WAIT_HELD_IN_TIME, 2, 34);
	s = wait_summary_of(&tally);
	n = publish_waits(&policy, &s, f);
	/* 38 of 39 in time: that one was late is not to be read from it. */
	CHECK(said(f, n, "IN_TIME_PERCENT") == 95 && said(f, n, "P90_DAYS") == 2);
	CHECK(said(f, n, "REQUESTS") == 40);
}

static void a_summary_says_no_small_number_and_nothing_to_subtract_one_from(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct wait_tally tally = { 0 };
	struct wait_summary s = wait_summary_of(&tally), said = publish_summary(&policy, &s);
	CHECK(said.requests == 0 && !said.median.known && !said.judged);
	wait_tally_add(&tally, WAIT_HELD_IN_TIME, 2, 12);
	wait_tally_add(&tally, WAIT_WAITING_LATE, 9, 2);
	wait_tally_add(&tally, WAIT_NOT_HELD, 1, 1);
	s = wait_summary_of(&tally);
	said = publish_summary(&policy, &s);
	CHECK(said.requests == 15 && said.held == 10); /* 12 */
	CHECK(said.waiting == PUBLISH_FEW && said.not_held == PUBLISH_FEW);
	CHECK(said.median.known && said.p90.known && said.judged == 100 && said.in_time == 85);
	struct wait_tally few = { 0 };
	wait_tally_add(&few, WAIT_HELD_IN_TIME, 2, 9);
	s = wait_summary_of(&few);
	said = publish_summary(&policy, &s);
	CHECK(said.requests == 10 && said.median.known && !said.p90.known);
	few = (struct wait_tally){ 0 };
	wait_tally_add(&few, WAIT_HELD_LATE, 2, 4);
	s = wait_summary_of(&few);
	said = publish_summary(&policy, &s);
	CHECK(said.requests == PUBLISH_FEW && said.held == PUBLISH_FEW && !said.judged);
	CHECK(!said.median.known && !said.p90.known);
}

static void minutes_are_said_of_enough_visits_only(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct published_figure f[PUBLISH_FIGURES_MAX];
	struct visit_figures v = { 0 };
	CHECK(publish_visits(&policy, &v, f) == 0);
	v.value[MEASURE_PLANNED] = 9;
	v.value[MEASURE_HELD] = 4;
	v.value[MEASURE_DELIVERED_S] = 7261;
	v.value[MEASURE_VISITOR_ABSENT] = 5;
	size_t n = publish_visits(&policy, &v, f);
	CHECK(said(f, n, "VISITS_PLANNED") == 10 && said(f, n, "VISITS_HELD") == PUBLISH_FEW);
	CHECK(said(f, n, "MINUTES_DELIVERED") == PUBLISH_FEW);
	CHECK(said(f, n, "VISITOR_DID_NOT_COME") == 5);
	CHECK(said(f, n, "PRISONER_NOT_PRODUCED") == 0);
	v.value[MEASURE_HELD] = 5;
	n = publish_visits(&policy, &v, f);
	CHECK(said(f, n, "MINUTES_DELIVERED") == 120 && n <= PUBLISH_FIGURES_MAX);
}

static void figures_of_visits_are_said_as_they_are_published(void **state)
{
	(void)state;
	struct policy policy = waiting_policy();
	struct visit_figures v = { 0 }, said;
	v.value[MEASURE_PLANNED] = 4;
	v.value[MEASURE_PLANNED_MINUTES] = 120;
	v.value[MEASURE_FAULT] = 1;
	said = publish_figures(&policy, &v);
	CHECK(said.value[MEASURE_PLANNED] == PUBLISH_FEW);
	CHECK(said.value[MEASURE_PLANNED_MINUTES] ==
	      PUBLISH_FEW); /* or four would be read from it */
	CHECK(said.value[MEASURE_FAULT] == PUBLISH_FEW && said.value[MEASURE_REFUSED] == 0);
	v.value[MEASURE_PLANNED] = 13;
	v.value[MEASURE_PLANNED_MINUTES] = 393;
	v.value[MEASURE_HELD] = 12;
	v.value[MEASURE_DELIVERED_S] = 333 * 60 + 59;
	v.value[MEASURE_LOST_S + LOST_STAFF] = 61;
	said = publish_figures(&policy, &v);
	CHECK(said.value[MEASURE_PLANNED] == 15 && said.value[MEASURE_HELD] == 10);
	CHECK(said.value[MEASURE_PLANNED_MINUTES] == 395);
	CHECK(said.value[MEASURE_DELIVERED_S] == 335 * 60);
	CHECK(said.value[MEASURE_LOST_S + LOST_STAFF] == 0);
	const int64_t some[] = { PUBLISH_FEW, 10, 5 }, none[] = { PUBLISH_FEW, 0 }, no[] = { 0, 0 };
	CHECK(publish_sum(some, 3) == 15 && publish_sum(none, 2) == PUBLISH_FEW);
	CHECK(publish_sum(no, 2) == 0 && publish_sum(none, 0) == 0);
}

static void every_outcome_and_measure_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < VISIT_MEASURE_COUNT; i++) {
		enum visit_measure back;
		const char *name = visit_measure_name((enum visit_measure)i);
		CHECK(name != NULL && visit_measure_of(str_from(name), &back) && back == i);
	}
	for (unsigned i = 0; i < WAIT_OUTCOME_COUNT; i++) {
		enum wait_outcome back;
		CHECK(wait_outcome_of(str_from(wait_outcome_name((enum wait_outcome)i)), &back) &&
		      back == i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(so_many_are_missing_for_nine_in_ten_to_be_within_the_limit),
		TEST(the_median_and_the_90th_percentile_are_those_of_the_sorted_waits),
		TEST(those_who_still_wait_count_and_make_the_wait_longer),
		TEST(without_requests_there_is_no_wait_and_long_ones_are_told_as_such),
		TEST(each_end_of_a_visit_is_one_term_of_the_week),
		TEST(a_month_counts_planned_held_lost_and_who_did_not_come),
		TEST(a_day_without_visits_is_idle_closed_or_never_offered),
		TEST(a_visit_that_ends_early_gives_the_rest_back_and_its_outage_is_told_apart),
		TEST(whoever_takes_a_cancelled_time_makes_it_used),
		TEST(only_what_is_past_is_counted),
		TEST(the_terms_add_up_whatever_happened),
		TEST(small_numbers_are_not_said_and_others_are_rounded),
		TEST(no_visit_is_found_in_the_minutes_of_a_week),
		TEST(a_wait_is_said_of_enough_requests_only),
		TEST(a_summary_says_no_small_number_and_nothing_to_subtract_one_from),
		TEST(minutes_are_said_of_enough_visits_only),
		TEST(figures_of_visits_are_said_as_they_are_published),
		TEST(every_outcome_and_measure_has_a_name_of_its_own),
	};
	return RUN("domain/statistics", tests);
}
