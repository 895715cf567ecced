#include "../check.h"
#include "congestion/tiers.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ 1000000 + n * 1000 };
}

static void tiers_rise(void **state)
{
	(void)state;
	for (unsigned t = 1; t < TIER_COUNT; t++) {
		const struct tier_numbers *low = tier_numbers((enum tier)(t - 1));
		const struct tier_numbers *high = tier_numbers((enum tier)t);
		CHECK(low->wire_bps < high->wire_bps);
		CHECK(low->audio_bps <= high->audio_bps && low->audio_ms >= high->audio_ms);
		CHECK(low->video_bps < high->video_bps);
	}
	assert_int_equal(tier_fitting(0), TIER_G);
	assert_int_equal(tier_fitting(129999), TIER_C);
	assert_int_equal(tier_fitting(130000), TIER_B);
	assert_int_equal(tier_fitting(INT64_MAX), TIER_F);
}

static void down_at_once_up_with_patience(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, 260000, ms(0));
	assert_int_equal(ladder.tier, TIER_A);
	CHECK(!ladder_step(&ladder, 230000, ms(10))); /* a little less is no fall */
	CHECK(ladder_step(&ladder, 95000, ms(20)));
	assert_int_equal(ladder.tier, TIER_C);
	for (int64_t at = 100; at < 3000; at += 100)
		CHECK(!ladder_step(&ladder, 900000, ms(20 + at)));
	CHECK(ladder_step(&ladder, 900000, ms(3100)));
	assert_int_equal(ladder.tier, TIER_F); /* as far as it fits */
}

static void what_fits_for_a_moment_only_is_not_taken(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, 60000, ms(0));
	CHECK(ladder_step(&ladder, 25000, ms(100)));
	for (int64_t at = 0; at < 60000; at += 900) {
		CHECK(!ladder_step(&ladder, 200000, ms(6000 + at)));
		CHECK(!ladder_step(&ladder, 30000, ms(6450 + at)));
	}
}

static void at_the_beginning_it_climbs_at_once(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, 70000, ms(0));
	CHECK(!ladder_step(&ladder, 900000, ms(50)));
	CHECK(ladder_step(&ladder, 900000, ms(260)));
	assert_int_equal(ladder.tier, TIER_F);
	assert_int_equal(ladder_wants_bps(&ladder), 0);
}

static void it_wants_moving_pictures_at_the_least(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, 0, ms(0));
	CHECK(ladder_wants_bps(&ladder) >= tier_numbers(TIER_D)->wire_bps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tiers_rise),
		TEST(down_at_once_up_with_patience),
		TEST(what_fits_for_a_moment_only_is_not_taken),
		TEST(at_the_beginning_it_climbs_at_once),
		TEST(it_wants_moving_pictures_at_the_least),
	};
	return RUN("congestion/tiers", tests);
}
