#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/allowance.h"
#include "domain/policy.h"
#include "domain/session.h"

static const struct session_lengths HALF_HOUR = { 30, 30 };

static struct session_template night(void)
{
	return (struct session_template){ .weekdays = 0xfe,
					  .start_minute = 0,
					  .end_minute = 240,
					  .slot_minutes = 30,
					  .every_weeks = 1,
					  .valid_from = { 2026, 1, 5 },
					  .active = true };
}

static void times_that_the_clocks_jump_over_are_not_held(void **state)
{
	(void)state;
	struct session_template t = night();
	struct session_time times[SESSION_TIMES_MAX];
	assert_int_equal(session_times(&t, (struct date){ 2026, 3, 28 }, HALF_HOUR, times), 8);
	size_t n = session_times(&t, (struct date){ 2026, 3, 29 }, HALF_HOUR, times);
	assert_int_equal(n, 6);
	for (size_t i = 1; i < n; i++)
		CHECK(times[i].start.s >= times[i - 1].start.s + 1800);
}

static void in_october_no_visit_overlaps_the_next(void **state)
{
	(void)state;
	struct session_template t = night();
	struct session_time times[SESSION_TIMES_MAX];
	size_t n = session_times(&t, (struct date){ 2026, 10, 25 }, HALF_HOUR, times);
	assert_int_equal(n, 8);
	for (size_t i = 1; i < n; i++)
		CHECK(times[i].start.s >= times[i - 1].start.s + 1800);
	CHECK(times[n - 1].start.s - times[0].start.s == 7 * 1800 + 3600);
}

static void a_template_holds_on_its_days_alone(void **state)
{
	(void)state;
	struct session_template t = night();
	t.weekdays = 1U << 3; /* Wednesday */
	t.every_weeks = 2;
	t.valid_from = (struct date){ 2026, 1, 6 }; /* a Tuesday: its own week counts */
	t.valid_to = (struct date){ 2026, 2, 4 };
	CHECK(session_runs_on(&t, (struct date){ 2026, 1, 7 }));
	CHECK(!session_runs_on(&t, (struct date){ 2026, 1, 8 }));
	CHECK(!session_runs_on(&t, (struct date){ 2026, 1, 14 }));
	CHECK(session_runs_on(&t, (struct date){ 2026, 1, 21 }));
	CHECK(session_runs_on(&t, (struct date){ 2026, 2, 4 }));
	CHECK(!session_runs_on(&t, (struct date){ 2026, 2, 18 }));
	t.active = false;
	CHECK(!session_runs_on(&t, (struct date){ 2026, 1, 7 }));
}

static void only_a_whole_slot_of_the_session_is_held(void **state)
{
	(void)state;
	struct session_template t = night();
	struct wall start;
	(void)local_to_wall((struct date){ 2026, 7, 1 }, 60, &start);
	CHECK(session_holds(&t, start, 30));
	CHECK(!session_holds(&t, wall_add_s(start, 300), 30));
	CHECK(session_holds(&t, start, 90));
	CHECK(!session_holds(&t, start, 45));
	CHECK(!session_holds(&t, wall_add_s(start, 4 * 1800), 90)); /* past the end */
}

static void the_prisons_rule_stands_before_the_national_one(void **state)
{
	(void)state;
	struct policy_row rows[POLICY_COUNT + 3];
	for (unsigned i = 0; i < POLICY_COUNT; i++)
		rows[i] = (struct policy_row){
			.seq = i + 1, .national = true, .name = (enum policy_name)i, .value = 1
		};
	struct policy policy;
	CHECK(!policy_in_force(rows, POLICY_COUNT - 1, 100, &policy)); /* one is missing */
	CHECK(policy_in_force(rows, POLICY_COUNT, 100, &policy));
	assert_int_equal(policy.values[POLICY_GRACE_MINUTES], 1);
	rows[POLICY_COUNT] = (struct policy_row){ .seq = POLICY_COUNT + 1,
						  .name = POLICY_GRACE_MINUTES,
						  .value = 9,
						  .valid_from_s = 100 };
	rows[POLICY_COUNT + 1] = (struct policy_row){ .seq = POLICY_COUNT + 2,
						      .national = true,
						      .name = POLICY_GRACE_MINUTES,
						      .value = 7,
						      .valid_from_s = 90 };
	rows[POLICY_COUNT + 2] = (struct policy_row){ .seq = POLICY_COUNT + 3,
						      .name = POLICY_GRACE_MINUTES,
						      .value = 3,
						      .valid_from_s = 200 };
	CHECK(policy_in_force(rows, POLICY_COUNT + 3, 99, &policy));
	assert_int_equal(policy.values[POLICY_GRACE_MINUTES], 7);
	CHECK(policy_in_force(rows, POLICY_COUNT + 3, 100, &policy));
	assert_int_equal(policy.values[POLICY_GRACE_MINUTES], 9);
	assert_int_equal(policy.version, POLICY_COUNT + 2);
	CHECK(policy_in_force(rows, POLICY_COUNT + 3, 200, &policy));
	assert_int_equal(policy.values[POLICY_GRACE_MINUTES], 3);
}

static void a_balance_is_the_sum_of_its_entries(void **state)
{
	(void)state;
	struct allowance_entry entries[] = {
		{ .minutes = 60, .reason = ALLOWANCE_MONTH },
		{ .minutes = -30, .reason = ALLOWANCE_BOOKED },
		{ .minutes = 12, .reason = ALLOWANCE_UNUSED },
	};
	assert_int_equal(allowance_sum(entries, 3, 999).minutes, 42);
	assert_int_equal(allowance_sum(entries, 0, 60).minutes, 60);
	CHECK(!allowance_sum(entries, 0, 60).given && allowance_sum(entries, 1, 60).given);
}

static void what_the_prison_or_the_line_caused_costs_nothing(void **state)
{
	(void)state;
	static const struct {
		enum visit_end end;
		int used_s, charged;
	} CASES[] = {
		{ END_LEFT, 600, 10 },         { END_STAFF, 61, 2 },
		{ END_TIME, 2000, 30 },        { END_FAULT, 59, 1 },
		{ END_FAULT, 0, 0 },           { END_PRISONER_ABSENT, 0, 0 },
		{ END_VISITOR_ABSENT, 0, 30 }, { END_BOTH_ABSENT, 0, 0 },
		{ END_REFUSED, 0, 0 },         { END_CANCELLED_BY_PRISON, 0, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(allowance_charged(CASES[i].end, CASES[i].used_s, 30),
				 CASES[i].charged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_that_the_clocks_jump_over_are_not_held),
		TEST(in_october_no_visit_overlaps_the_next),
		TEST(a_template_holds_on_its_days_alone),
		TEST(only_a_whole_slot_of_the_session_is_held),
		TEST(the_prisons_rule_stands_before_the_national_one),
		TEST(a_balance_is_the_sum_of_its_entries),
		TEST(what_the_prison_or_the_line_caused_costs_nothing),
	};
	return RUN("domain/session", tests);
}
