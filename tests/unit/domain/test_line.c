/* test_line.c - what the prison's line leaves for visits. */
#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/line.h"

static struct policy rules(int64_t up, int64_t down, int64_t other)
{
	struct policy policy = { 0 };
	policy.values[POLICY_LINK_UP_KBIT] = up;
	policy.values[POLICY_LINK_DOWN_KBIT] = down;
	policy.values[POLICY_LINK_OTHER_KBIT] = other;
	policy.values[POLICY_LINK_RESERVE_PERCENT] = 20;
	policy.values[POLICY_LINK_PLAN_KBIT] = 130;
	policy.values[POLICY_LINK_PLAN_SIGN_KBIT] = 195;
	policy.values[POLICY_LINK_CALLS_MAX] = 20;
	policy.values[POLICY_CHILD_AGE] = 18;
	return policy;
}

static void the_weaker_direction_says_how_many_fit(void **state)
{
	(void)state;
	static const struct {
		int64_t up, down, other;
		int calls;
	} CASES[] = {
		{ 0, 0, 0, 20 },      /* nobody has measured: the number in the rules */
		{ 1000, 8000, 0, 6 }, /* ADSL: 800 of 1000 kbit/s are given out */
		{ 8000, 1000, 0, 6 },      { 1000, 8000, 300, 3 }, /* courts and staff need 300 */
		{ 100000, 100000, 0, 20 }, { 1000, 0, 0, 6 },      /* one direction is known */
		{ 162, 8000, 0, 0 },       { 163, 8000, 0, 1 },
		{ 500, 8000, 9000, 0 }, /* known, and nothing is left */
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct policy policy = rules(CASES[i].up, CASES[i].down, CASES[i].other);
		assert_int_equal(line_calls(&policy), CASES[i].calls);
	}
	struct policy policy = rules(1000, 8000, 0);
	assert_int_equal(line_budget_of(&policy).up_bps, 800000);
	assert_int_equal(line_budget_of(&policy).down_bps, 6400000);
}

/* Visits are booked by the less of what it should and what it showed; what it showed is beside other use. */
static void a_line_that_shows_less_is_booked_by_that(void **state)
{
	(void)state;
	static const struct {
		int64_t up, other, found, finds;
		int calls;
		int64_t budget_bps; /* for the visits that run: never what was found */
	} CASES[] = {
		{ 2000, 0, 0, 1, 12, 1600000 },
		{ 2000, 0, 640, 1, 3, 1600000 }, /* 512 of 640 */
		{ 2000, 0, 640, 0, 12, 1600000 },
		{ 2000, 1000, 640, 1, 3, 600000 },
		{ 2000, 1200, 640, 1, 3, 400000 },
		{ 2000, 1300, 640, 1, 2, 300000 }, /* others need more than was ever left */
		{ 0, 0, 640, 1, 3, 0 },            /* nobody has said what it should carry */
		{ 2000, 0, 100, 1, 0, 1600000 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct policy policy = rules(CASES[i].up, 0, CASES[i].other);
		policy.values[POLICY_LINK_FOUND_UP_KBIT] = CASES[i].found;
		policy.values[POLICY_LINK_FIND] = CASES[i].finds;
		if (line_calls(&policy) != CASES[i].calls)
			fail_msg("%zu: %d", i, line_calls(&policy));
		assert_int_equal(line_budget_of(&policy).up_bps, CASES[i].budget_bps);
	}
}

static void what_was_found_becomes_a_rule_where_it_changes_something(void **state)
{
	(void)state;
	static const struct {
		int64_t down, now, found, rule;
	} CASES[] = {
		{ 2000, 0, 0, 0 },       { 2000, 0, 647, 640 },
		{ 2000, 640, 600, 640 }, /* about as much */
		{ 2000, 640, 570, 570 }, { 2000, 640, 0, 0 },
		{ 2000, 0, 2400, 0 },    { 2000, 640, 2000, 0 },
		{ 0, 0, 900, 900 },      { 0, 900, 0, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct policy policy = rules(8000, CASES[i].down, 0);
		policy.values[POLICY_LINK_FOUND_DOWN_KBIT] = CASES[i].now;
		int64_t rule =
		    line_found_rule(&policy, POLICY_LINK_FOUND_DOWN_KBIT, CASES[i].found);
		if (rule != CASES[i].rule)
			fail_msg("%zu: %lld", i, (long long)rule);
	}
}

/* Of 800 kbit/s: six usual visits, or four in a signed language. */
static void a_signed_language_is_planned_with_what_it_needs(void **state)
{
	(void)state;
	static const struct {
		int64_t up, reserve;
		struct line_use taken;
		int usual, signing; /* more of them */
	} CASES[] = {
		{ 1000, 0, { 0, 0 }, 6, 4 },
		{ 1000, 0, { 1, 0 }, 5, 3 },
		{ 1000, 0, { 0, 1 }, 4, 3 },
		{ 1000, 0, { 0, 4 }, 0, 0 },
		{ 1000, 0, { 5, 0 }, 1, 0 },
		{ 1000, 1, { 4, 0 }, 1, 0 },
		{ 1000, 0, { 6, 0 }, 0, 0 },
		{ 1000, 0, { 6, 1 }, -2, -1 }, /* 175 too much */
		{ 0, 0, { 12, 4 }, 4, 4 },
		{ 0, 2, { 12, 4 }, 2, 2 }, /* not measured: the number alone */
		{ 100000, 0, { 19, 0 }, 1, 1 },
		{ 100000, 0, { 0, 21 }, -1, -1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct policy policy = rules(CASES[i].up, CASES[i].up ? 100000 : 0, 0);
		policy.values[POLICY_LINK_CALLS_RESERVE] = CASES[i].reserve;
		assert_int_equal(line_calls_left(&policy, CASES[i].taken, false), CASES[i].usual);
		assert_int_equal(line_calls_left(&policy, CASES[i].taken, true), CASES[i].signing);
	}
	struct policy policy = rules(100000, 1000, 0);
	assert_int_equal(line_calls_left(&policy, (struct line_use){ 0 }, true), 4); /* downwards */
	policy.values[POLICY_LINK_PLAN_SIGN_KBIT] = 21; /* never less than another */
	assert_int_equal(line_calls_left(&policy, (struct line_use){ 0 }, true), 6);
}

static void legal_visits_families_and_signed_languages_weigh_more(void **state)
{
	(void)state;
	struct policy policy = rules(0, 0, 0);
	struct visit visit = { .kind = VISIT_SOCIAL,
			       .start = { 1795000000 }, /* November 2026 */
			       .visitor_count = 1,
			       .visitors = { { .born = { 1990, 5, 2 } } } };
	assert_int_equal(line_weight(&visit, &policy), 10);
	visit.visitors[visit.visitor_count++].born = (struct date){ 2019, 1, 1 };
	assert_int_equal(line_weight(&visit, &policy), 15);
	visit.visitors[0].signs = true;
	assert_int_equal(line_weight(&visit, &policy), 30);
	visit.visitors[0].signs = false;
	visit.kind = VISIT_LEGAL;
	assert_int_equal(line_weight(&visit, &policy), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_weaker_direction_says_how_many_fit),
		TEST(a_line_that_shows_less_is_booked_by_that),
		TEST(what_was_found_becomes_a_rule_where_it_changes_something),
		TEST(a_signed_language_is_planned_with_what_it_needs),
		TEST(legal_visits_families_and_signed_languages_weigh_more),
	};
	return RUN("domain/line", tests);
}
