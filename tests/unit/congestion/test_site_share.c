#include "congestion/site_share.h"

#include "../check.h"

#define MOST TIER_F

static void sound_goes_to_all_then_pictures_legal_first(void **state)
{
	(void)state;
	static const struct {
		int64_t budget_bps;
		enum tier legal;
		enum tier social[2];
	} CASES[] = {
		{ 0, TIER_G, { TIER_G, TIER_G } },
		{ 90000, TIER_D_LESS, { TIER_G, TIER_G } },
		{ 94000, TIER_D, { TIER_G, TIER_G } },
		{ 125000, TIER_D, { TIER_D, TIER_G } },
		{ 156000, TIER_D, { TIER_D, TIER_D } },
		{ 194000, TIER_C, { TIER_D, TIER_D } },
		{ 365000, TIER_B_PLUS, { TIER_C, TIER_C } },
		{ 430000, TIER_A, { TIER_C, TIER_C } },
		{ 9000000, TIER_F, { TIER_F, TIER_F } },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct site_call calls[] = {
			{ .weight = 10, .streams = 1, .most = MOST },
			{ .legal = true, .weight = 30, .streams = 1, .most = MOST },
			{ .weight = 10, .streams = 1, .most = MOST },
		};
		site_share(CASES[i].budget_bps, calls, 3);
		assert_int_equal(calls[1].gets, CASES[i].legal);
		assert_int_equal(calls[0].gets, CASES[i].social[0]);
		assert_int_equal(calls[2].gets, CASES[i].social[1]);
	}
}

/* Property: never above the budget once sound fits, never above what a call can use, nothing left that fits. */
static void every_share_is_within_the_budget_and_wastes_nothing(void **state)
{
	(void)state;
	for (int64_t budget = 0; budget < 2000000; budget += 7000) {
		struct site_call calls[6];
		for (size_t i = 0; i < 6; i++)
			calls[i] = (struct site_call){ .legal = i == 2,
						       .weight = (int32_t)(10 + 5 * (i % 3)),
						       .streams = 1,
						       .most = i == 4 ? TIER_D : MOST };
		site_share(budget, calls, 6);
		int64_t sum = 0;
		for (size_t i = 0; i < 6; i++)
			sum += tier_numbers(LADDER_TALK, calls[i].gets)->wire_bps;
		CHECK(sum <= budget || sum == 6 * tier_numbers(LADDER_TALK, TIER_G)->wire_bps);
		CHECK(calls[4].gets <= TIER_D);
		CHECK(calls[2].gets >= TIER_D || calls[0].gets == TIER_G);
		for (size_t i = 0; i < 6; i++) {
			enum tier next = calls[i].gets < TIER_D ? TIER_D : calls[i].gets + 1;
			if (next < TIER_COUNT && next <= calls[i].most)
				CHECK(sum + tier_numbers(LADDER_TALK, next)->wire_bps -
					  tier_numbers(LADDER_TALK, calls[i].gets)->wire_bps >
				      budget);
		}
	}
}

/* Of three calls, the second in a signed language: its least picture comes before other families', after the law's. */
static void a_signed_language_is_shared_out_by_its_own_ladder(void **state)
{
	(void)state;
	static const struct {
		int64_t budget_bps;
		enum tier legal;
		enum tier signs;
		enum tier social;
	} CASES[] = {
		{ 63000, TIER_G, TIER_G, TIER_G },
		{ 94000, TIER_D, TIER_G, TIER_G },
		/* 80 for signing do not fit: others lose nothing by that */
		{ 152000, TIER_D, TIER_D_LESS, TIER_D },
		{ 153000, TIER_D, TIER_D, TIER_G },
		{ 184000, TIER_D, TIER_D, TIER_D },
		{ 255000, TIER_C, TIER_C, TIER_D },
		{ 9000000, TIER_F, TIER_F, TIER_F },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct site_call calls[] = {
			{ .weight = 10, .streams = 1, .most = MOST },
			{ .ladder = LADDER_SIGN, .weight = 30, .streams = 1, .most = MOST },
			{ .legal = true, .weight = 30, .streams = 1, .most = MOST },
		};
		site_share(CASES[i].budget_bps, calls, 3);
		assert_int_equal(calls[2].gets, CASES[i].legal);
		assert_int_equal(calls[1].gets, CASES[i].signs);
		assert_int_equal(calls[0].gets, CASES[i].social);
	}
}

/* The line of a family carries stills alone: the prison's line is no reason to have none. */
static void a_call_that_can_have_less_than_the_least_video_has_that(void **state)
{
	(void)state;
	for (unsigned most = TIER_G; most <= TIER_D; most++) {
		struct site_call calls[] = {
			{ .weight = 10, .streams = 1, .most = (enum tier)most },
			{ .legal = true, .weight = 30, .streams = 1, .most = MOST },
		};
		site_share(9000000, calls, 2);
		assert_int_equal(calls[0].gets, most);
		assert_int_equal(calls[1].gets, MOST);
	}
	/* Nor has one more than is left. */
	struct site_call calls[] = { { .weight = 10, .streams = 1, .most = MOST },
				     { .weight = 10, .streams = 1, .most = MOST } };
	site_share(52000 + 35000, calls, 2);
	assert_int_equal(calls[0].gets, TIER_D);
	assert_int_equal(calls[1].gets, TIER_E);
	site_share(52000 + 34999, calls, 2);
	assert_int_equal(calls[1].gets, TIER_G);
}

static void equal_calls_get_the_same_or_one_tier_apart(void **state)
{
	(void)state;
	for (int64_t budget = 320000; budget < 3000000; budget += 10000) {
		struct site_call calls[6];
		for (size_t i = 0; i < 6; i++)
			calls[i] = (struct site_call){ .weight = 10, .streams = 1, .most = MOST };
		site_share(budget, calls, 6);
		for (size_t i = 1; i < 6; i++)
			CHECK(abs((int)calls[i].gets - (int)calls[0].gets) <= 1);
	}
}

static struct mono at_s(int64_t s)
{
	return (struct mono){ .us = 1000000 * s };
}

/* Three visitors of one visit pass the line three times. */
static void who_sends_from_several_devices_pays_for_each(void **state)
{
	(void)state;
	struct site_call calls[] = { { .weight = 10, .streams = 3, .most = MOST },
				     { .weight = 10, .streams = 1, .most = MOST } };
	site_share(4 * 52000, calls, 2);
	assert_int_equal(calls[0].gets, TIER_D);
	assert_int_equal(calls[1].gets, TIER_D);
	site_share(4 * 52000 - 1, calls, 2);
	assert_int_equal(calls[0].gets, TIER_D);
	assert_int_equal(calls[1].gets, TIER_D_LESS);
}

static void the_whole_is_cut_once_and_comes_back_slowly(void **state)
{
	(void)state;
	struct site_budget budget = { 0 };
	site_budget_set(&budget, 800000);
	site_budget_second(&budget, true, 500000, at_s(1));
	assert_int_equal(budget.now_bps, 450000);
	site_budget_second(&budget, true, 300000, at_s(2)); /* the others notice the same */
	assert_int_equal(budget.now_bps, 450000);
	site_budget_second(&budget, true, 0, at_s(5));
	assert_int_equal(budget.now_bps, 382500);
	for (int64_t s = 6; s < 300; s++)
		site_budget_second(&budget, true, 1000, at_s(s));
	assert_int_equal(budget.now_bps, 200000); /* a quarter: below, it is another line */
	site_budget_second(&budget, false, 0, at_s(320));
	assert_int_equal(budget.now_bps, 200000);
	for (int64_t s = 331; s < 600; s++)
		site_budget_second(&budget, false, 0, at_s(s));
	assert_int_equal(budget.now_bps, 800000);
	site_budget_set(&budget, 800000);
	assert_int_equal(budget.now_bps, 800000);
	site_budget_set(&budget, 300000);
	assert_int_equal(budget.now_bps, 300000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sound_goes_to_all_then_pictures_legal_first),
		TEST(every_share_is_within_the_budget_and_wastes_nothing),
		TEST(a_signed_language_is_shared_out_by_its_own_ladder),
		TEST(a_call_that_can_have_less_than_the_least_video_has_that),
		TEST(equal_calls_get_the_same_or_one_tier_apart),
		TEST(who_sends_from_several_devices_pays_for_each),
		TEST(the_whole_is_cut_once_and_comes_back_slowly),
	};
	return RUN("congestion/site_share", tests);
}
