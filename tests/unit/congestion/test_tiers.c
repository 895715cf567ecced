#include "../check.h"
#include "congestion/tiers.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ 1000000 + n * 1000 };
}

static void tiers_rise(void **state)
{
	(void)state;
	for (unsigned k = 0; k < LADDER_KIND_COUNT; k++) {
		enum ladder_kind kind = (enum ladder_kind)k;
		for (unsigned t = 1; t < TIER_COUNT; t++) {
			const struct tier_numbers *low = tier_numbers(kind, (enum tier)(t - 1));
			const struct tier_numbers *high = tier_numbers(kind, (enum tier)t);
			CHECK(low->wire_bps < high->wire_bps);
			CHECK(low->audio_bps <= high->audio_bps && low->audio_ms >= high->audio_ms);
			CHECK(low->video_bps < high->video_bps);
			char letter = tier_numbers(LADDER_TALK, (enum tier)t)->letter;
			bool signs_less = kind == LADDER_SIGN && t == TIER_D_LESS;
			CHECK(high->letter == (signs_less ? 'E' : letter));
		}
		assert_int_equal(tier_fitting(kind, 0), TIER_G);
		assert_int_equal(tier_fitting(kind, INT64_MAX), TIER_F);
	}
	assert_int_equal(tier_fitting(LADDER_TALK, 129999), TIER_C);
	assert_int_equal(tier_fitting(LADDER_TALK, 130000), TIER_B);
}

enum {
	PACKET_HEAD = 70, /* IP, UDP, RTP, extensions and the tag of AES-GCM */
	BITS = 8,
};

/* What a tier costs on the wire: a packet of sound each so often, and of pictures at the least one a frame. */
static int64_t wire_of(const struct tier_numbers *n)
{
	int64_t sound = n->audio_bps + PACKET_HEAD * BITS * 1000 / n->audio_ms;
	return sound + n->video_bps + (int64_t)PACKET_HEAD * BITS * n->video_mfps / 1000;
}

static void what_a_tier_sends_fits_its_budget(void **state)
{
	(void)state;
	for (unsigned k = 0; k < LADDER_KIND_COUNT; k++)
		for (unsigned t = 0; t < TIER_COUNT; t++) {
			const struct tier_numbers *n =
			    tier_numbers((enum ladder_kind)k, (enum tier)t);
			if (wire_of(n) > n->wire_bps * 102 / 100)
				fail_msg("ladder %u tier %c: %lld of %d", k, n->letter,
					 (long long)wire_of(n), n->wire_bps);
		}
}

/* EN 301 549, 6.5: CIF and 20 frames a second, wherever there is room for it. */
static void who_signs_gives_size_before_frames_and_who_talks_frames_before_size(void **state)
{
	(void)state;
	static const struct {
		int64_t line_bps;
		int32_t sign_fps, sign_height;
		int32_t talk_fps, talk_height;
	} CASES[] = {
		{ 20000, 0, 0, 0, 0 },         { 36000, 1, 360, 1, 360 },
		{ 45000, 5, 360, 5, 360 },     { 60000, 5, 360, 8, 360 },

		{ 80000, 20, 180, 8, 360 },    { 110000, 20, 240, 12, 360 },
		{ 145000, 20, 270, 15, 360 },  { 195000, 20, 288, 20, 360 },
		{ 250000, 25, 288, 20, 360 },  { 350000, 25, 360, 20, 360 },
		{ 1000000, 30, 540, 25, 720 },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		int64_t bps = CASES[i].line_bps;
		const struct tier_numbers *sign =
		    tier_numbers(LADDER_SIGN, tier_fitting(LADDER_SIGN, bps));
		const struct tier_numbers *talk =
		    tier_numbers(LADDER_TALK, tier_fitting(LADDER_TALK, bps));
		assert_int_equal(sign->video_mfps, 1000 * CASES[i].sign_fps);
		assert_int_equal(sign->video_height, CASES[i].sign_height);
		assert_int_equal(talk->video_mfps, 1000 * CASES[i].talk_fps);
		assert_int_equal(talk->video_height, CASES[i].talk_height);
	}
}

/* A little below its rate, a tier of faces is held by leaving frames out: one of signs is not. */
static void a_tier_of_signs_gives_way_sooner(void **state)
{
	(void)state;
	struct ladder talk;
	struct ladder sign;
	ladder_init(&talk, LADDER_TALK, 260000, ms(0));
	ladder_init(&sign, LADDER_SIGN, 260000, ms(0));
	CHECK(!ladder_step(&talk, 230000, ms(10)));
	CHECK(ladder_step(&sign, 230000, ms(10)));
	assert_int_equal(talk.tier, TIER_A);
	assert_int_equal(sign.tier, TIER_B_PLUS);
}

static void down_at_once_up_with_patience(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, LADDER_TALK, 260000, ms(0));
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
	ladder_init(&ladder, LADDER_TALK, 60000, ms(0));
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
	ladder_init(&ladder, LADDER_TALK, 70000, ms(0));
	CHECK(!ladder_step(&ladder, 900000, ms(50)));
	CHECK(ladder_step(&ladder, 900000, ms(260)));
	assert_int_equal(ladder.tier, TIER_F);
	assert_int_equal(ladder_wants_bps(&ladder), 0);
}

static void it_wants_moving_pictures_at_the_least(void **state)
{
	(void)state;
	struct ladder ladder;
	ladder_init(&ladder, LADDER_TALK, 0, ms(0));
	CHECK(ladder_wants_bps(&ladder) >= tier_numbers(LADDER_TALK, TIER_D)->wire_bps);
}

/* What was taken for finer sound is not missed by the tier that one falls to. */
static void repeats_cost_what_they_cost_in_each_tier(void **state)
{
	(void)state;
	static const struct {
		int64_t bps;
		struct ladder_repeats repeats;
		enum tier falls_to;
	} CASES[] = {
		{ 80000, { 0, false }, TIER_C }, /* within 85 % of 90: it stays */
		{ 80000, { 1, false }, TIER_D },
		{ 80000, { 2, false }, TIER_D }, /* 52 and twice 12 */
		{ 70000, { 2, false }, TIER_D_LESS },
		{ 58000, { 2, false }, TIER_G },
		{ 45000, { 0, false }, TIER_D_LESS },
		{ 36000, { 0, false }, TIER_D_LESS }, /* its lower layer */
		{ 34000, { 0, false }, TIER_G },
		{ 140000, { 0, true }, TIER_D },
		{ 200000, { 1, true }, TIER_C },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct ladder ladder;
		ladder_init(&ladder, LADDER_TALK, 100000, ms(0));
		assert_int_equal(ladder.tier, TIER_C);
		ladder.repeats = CASES[i].repeats;
		(void)ladder_step(&ladder, CASES[i].bps, ms(10));
		assert_int_equal(ladder.tier, CASES[i].falls_to);
	}
	struct ladder ladder;
	ladder_init(&ladder, LADDER_TALK, 60000, ms(0));
	int64_t wants = ladder_wants_bps(&ladder);
	ladder.repeats.sound = 2;
	assert_int_equal(ladder_wants_bps(&ladder), wants + 2 * 16000);
}

/* On a thin line: a tier that does not hold is tried ever more rarely, unless the line is another one. */
static void what_did_not_hold_is_not_tried_at_once(void **state)
{
	(void)state;
	static const int64_t WAITS_MS[] = { 3000, 7000, 13000, 25000, 49000, 49000 };
	struct ladder ladder;
	int64_t at = 0;
	ladder_init(&ladder, LADDER_TALK, 60000, ms(at));
	for (size_t i = 0; i < sizeof WAITS_MS / sizeof *WAITS_MS; i++) {
		CHECK(ladder_step(&ladder, 43000, ms(at)));
		assert_int_equal(ladder.tier, TIER_D_LESS);
		for (int64_t calm = 100; calm < WAITS_MS[i]; calm += 100)
			CHECK(!ladder_step(&ladder, 60000, ms(at + calm)));
		at += WAITS_MS[i];
		CHECK(ladder_step(&ladder, 60000, ms(at)));
		assert_int_equal(ladder.tier, TIER_D);
		at += 2000;
	}
	CHECK(ladder_step(&ladder, 43000, ms(at)));
	for (int64_t calm = 100; calm < 3000; calm += 100)
		CHECK(!ladder_step(&ladder, 200000, ms(at + calm)));
	CHECK(ladder_step(&ladder, 200000, ms(at + 3000)));
	assert_int_equal(ladder.tier, TIER_B);
	/* Below what failed it is free to climb. */
	CHECK(ladder_step(&ladder, 53000, ms(at + 40000)));
	CHECK(ladder_step(&ladder, 30000, ms(at + 40100)));
	assert_int_equal(ladder.tier, TIER_G);
	CHECK(!ladder_step(&ladder, 45000, ms(at + 42000)));
	CHECK(ladder_step(&ladder, 45000, ms(at + 43200)));
	assert_int_equal(ladder.tier, TIER_D_LESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tiers_rise),
		TEST(what_a_tier_sends_fits_its_budget),
		TEST(who_signs_gives_size_before_frames_and_who_talks_frames_before_size),
		TEST(a_tier_of_signs_gives_way_sooner),
		TEST(down_at_once_up_with_patience),
		TEST(repeats_cost_what_they_cost_in_each_tier),
		TEST(what_fits_for_a_moment_only_is_not_taken),
		TEST(at_the_beginning_it_climbs_at_once),
		TEST(it_wants_moving_pictures_at_the_least),
		TEST(what_did_not_hold_is_not_tried_at_once),
	};
	return RUN("congestion/tiers", tests);
}
