#include "../check.h"
#include "congestion/uplink_line.h"

/* A sender that obeys, on a line that carries so much: a second of it. */
struct sender {
	struct uplink_line line;
	int64_t now_us;
	double queue_us;
};

static void second(struct sender *s, int64_t carries_bps, double lost)
{
	int64_t bps = tier_numbers(LADDER_TALK, s->line.tier)->wire_bps;
	int64_t each_us = 300 * 8000000ll / bps;
	size_t dropped = 0, sent = 0;
	for (int64_t end = s->now_us + 1000000; s->now_us < end; s->now_us += each_us) {
		s->queue_us -= each_us;
		s->queue_us = s->queue_us < 0 ? 0 : s->queue_us;
		sent++;
		if (s->queue_us > 300000) {
			dropped++;
			continue;
		}
		s->queue_us += 300 * 8e6 / (double)carries_bps;
		struct mono arrives = { s->now_us + 40000 + (int64_t)s->queue_us };
		uint32_t left = (uint32_t)(((uint64_t)s->now_us << 18) / 1000000) & 0xffffff;
		(void)uplink_line_packet(
		    &s->line,
		    &(struct uplink_packet){ .bytes = 300, .is_timed = true, .sent_24 = left },
		    arrives);
	}
	uplink_line_step(&s->line, lost + (double)dropped / (double)sent,
			 (struct mono){ s->now_us });
}

static struct sender sender_new(void)
{
	struct sender s = { .now_us = 63000000 }; /* the stamp wraps a second later */
	uplink_line_init(&s.line, LADDER_TALK, (struct mono){ s.now_us });
	return s;
}

static void it_climbs_to_what_the_line_carries(void **state)
{
	(void)state;
	static const struct {
		int64_t bps;
		enum tier least, most;
	} CASES[] = {
		{ 70000, TIER_D, TIER_D },  { 105000, TIER_C, TIER_C },  { 150000, TIER_B, TIER_B },
		{ 300000, TIER_A, TIER_A }, { 5000000, TIER_F, TIER_F },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct sender s = sender_new();
		unsigned fits = 0;
		for (int n = 0; n < 60; n++) {
			second(&s, CASES[i].bps, 0);
			fits += n >= 10 && s.line.tier >= CASES[i].least &&
				s.line.tier <= CASES[i].most;
		}
		CHECK(fits >= 40); /* of 50: the rest are trials, and the way back */
	}
}

static void loss_at_random_is_no_reason_to_send_less(void **state)
{
	(void)state;
	struct sender s = sender_new();
	for (int n = 0; n < 60; n++)
		second(&s, 5000000, 0.2);
	assert_int_equal(s.line.tier, TIER_F);
}

static void a_line_that_breaks_down_is_followed(void **state)
{
	(void)state;
	struct sender s = sender_new();
	for (int n = 0; n < 20; n++)
		second(&s, 5000000, 0);
	assert_int_equal(s.line.tier, TIER_F);
	for (int n = 0; n < 8; n++)
		second(&s, 70000, 0);
	CHECK(s.line.tier <= TIER_D);
	for (int n = 0; n < 200; n++)
		second(&s, 5000000, 0);
	assert_int_equal(s.line.tier, TIER_F);
}

static void trials_become_rarer(void **state)
{
	(void)state;
	struct sender s = sender_new();
	int above = 0;
	for (int n = 0; n < 300; n++) {
		second(&s, 105000, 0);
		above += n > 60 && s.line.tier > TIER_C;
	}
	CHECK(above < 25);
}

static int rises_of(struct sender *s, int64_t bps, int seconds)
{
	int rises = 0;
	for (int n = 0; n < seconds; n++) {
		enum tier before = s->line.tier;
		second(s, bps, 0);
		rises += s->line.tier > before;
	}
	return rises;
}

/* What a packet takes on the line is less than it was: after a quarter of an hour of sound alone as well. */
static void a_line_that_recovers_is_found_from_sound_alone(void **state)
{
	(void)state;
	static const int BAD_S[] = { 60, 300, 900 };
	for (size_t i = 0; i < sizeof BAD_S / sizeof BAD_S[0]; i++) {
		struct sender s = sender_new();
		(void)rises_of(&s, 30000, BAD_S[i]);
		for (int n = 0; n < 60 && s.line.tier != TIER_G; n++)
			second(&s, 30000, 0);
		(void)rises_of(&s, 30000, 12); /* no trial is under way */
		assert_int_equal(s.line.tier, TIER_G);
		(void)rises_of(&s, 2000000, 10);
		CHECK(s.line.tier >= TIER_D);
	}
}

static void a_line_that_stays_bad_is_tried_no_more_for_that(void **state)
{
	(void)state;
	struct sender s = sender_new();
	(void)rises_of(&s, 30000, 60);
	CHECK(rises_of(&s, 30000, 900) <= 6); /* after 15, 30, 60, 120, 240 and 240 s */
}

/* What was learnt of it before a trial counts after it: there may be no time to learn it again. */
static void a_line_that_recovers_soon_after_a_trial_is_found_as_well(void **state)
{
	(void)state;
	for (int waits = 0; waits < 3; waits++) {
		struct sender s = sender_new();
		(void)rises_of(&s, 30000, 100);
		int64_t trials_us = s.line.wait_us;
		for (int n = 0; n < 400 && s.line.wait_us == trials_us; n++)
			second(&s, 30000, 0);
		(void)rises_of(&s, 30000, 2 + waits);
		assert_int_equal(s.line.tier, TIER_G);
		(void)rises_of(&s, 2000000, 10);
		CHECK(s.line.tier >= TIER_D);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_climbs_to_what_the_line_carries),
		TEST(loss_at_random_is_no_reason_to_send_less),
		TEST(a_line_that_breaks_down_is_followed),
		TEST(trials_become_rarer),
		TEST(a_line_that_recovers_is_found_from_sound_alone),
		TEST(a_line_that_recovers_soon_after_a_trial_is_found_as_well),
		TEST(a_line_that_stays_bad_is_tried_no_more_for_that),
	};
	return RUN("congestion/uplink_line", tests);
}
