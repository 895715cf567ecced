#include "../check.h"
#include "rtc/gaps.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ .us = 1000000 + n * 1000 };
}

static size_t ask(struct gaps *gaps, int64_t at_ms, uint16_t *out)
{
	return gaps_ask(gaps, ms(at_ms), 50000, out, 64);
}

static void asks_for_a_lost_packet_then_gives_up(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	uint16_t out[64];
	assert_int_equal(gaps_arrived(&gaps, 100, ms(0)), GAPS_NEW);
	assert_int_equal(gaps_arrived(&gaps, 102, ms(0)), GAPS_NEW);
	assert_int_equal(ask(&gaps, 4, out), 0);
	assert_int_equal(ask(&gaps, 5, out), 1);
	assert_int_equal(out[0], 101);
	assert_int_equal(ask(&gaps, 54, out), 0);
	for (int64_t i = 1; i < GAPS_TRIES; i++)
		assert_int_equal(ask(&gaps, 5 + 50 * i, out), 1);
	assert_int_equal(gaps.given_up, 0);
	assert_int_equal(ask(&gaps, 5 + 50 * GAPS_TRIES, out), 0);
	assert_int_equal(gaps.given_up, 1);
	assert_int_equal(gaps.len, 0);
	/* What comes now is not sent on: its number may have been left for good. */
	assert_int_equal(gaps_arrived(&gaps, 101, ms(600)), GAPS_OLD);
}

static void what_was_missing_is_filled_once(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	uint16_t out[64];
	CHECK(gaps_arrived(&gaps, 10, ms(0)) == GAPS_NEW);
	CHECK(gaps_arrived(&gaps, 14, ms(0)) == GAPS_NEW);
	assert_int_equal(gaps_arrived(&gaps, 12, ms(1)), GAPS_FILLED);
	assert_int_equal(gaps_arrived(&gaps, 12, ms(1)), GAPS_OLD);
	assert_int_equal(gaps_arrived(&gaps, 14, ms(1)), GAPS_OLD);
	assert_int_equal(gaps_arrived(&gaps, 9, ms(1)), GAPS_OLD);
	assert_int_equal(ask(&gaps, 20, out), 2);
	assert_int_equal(out[0], 11);
	assert_int_equal(out[1], 13);
}

static void a_line_that_reorders_is_given_more_time(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	uint16_t out[64];
	struct mono at;
	(void)gaps_arrived(&gaps, 1, ms(0));
	(void)gaps_arrived(&gaps, 3, ms(0));
	(void)gaps_arrived(&gaps, 2, ms(30)); /* by itself, 30 ms late */
	(void)gaps_arrived(&gaps, 5, ms(40));
	assert_int_equal(ask(&gaps, 60, out), 0);
	CHECK(gaps_next(&gaps, 50000, &at));
	assert_int_equal(at.us, ms(70).us);
	assert_int_equal(ask(&gaps, 70, out), 1);
}

static void a_key_frame_ends_the_wait_for_what_is_older(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	uint16_t out[64];
	struct mono at;
	(void)gaps_arrived(&gaps, 1, ms(0));
	(void)gaps_arrived(&gaps, 5, ms(0));
	(void)gaps_arrived(&gaps, 8, ms(0));
	gaps_key_frame(&gaps, 5);
	assert_int_equal(ask(&gaps, 10, out), 2);
	assert_int_equal(out[0], 6);
	assert_int_equal(gaps.given_up, 3);
	gaps_key_frame(&gaps, 9);
	CHECK(!gaps_next(&gaps, 50000, &at));
}

static void a_jump_too_far_is_no_gap(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	(void)gaps_arrived(&gaps, 1000, ms(0));
	(void)gaps_arrived(&gaps, 1003, ms(0));
	assert_int_equal(gaps_arrived(&gaps, 1003 + GAPS_MAX, ms(0)), GAPS_JUMPED);
	assert_int_equal(gaps.len, 0);
	assert_int_equal(gaps_arrived(&gaps, 1004 + GAPS_MAX, ms(0)), GAPS_NEW);
	assert_int_equal(gaps.given_up, 2 + GAPS_MAX - 1);
}

static void no_more_than_asked_for_at_one_time(void **state)
{
	(void)state;
	struct gaps gaps = { 0 };
	uint16_t out[64];
	(void)gaps_arrived(&gaps, 1, ms(0));
	(void)gaps_arrived(&gaps, 102, ms(0));
	assert_int_equal(gaps_ask(&gaps, ms(5), 50000, out, 64), 64);
	assert_int_equal(gaps_ask(&gaps, ms(5), 50000, out, 64), 36);
	assert_int_equal(out[35], 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(asks_for_a_lost_packet_then_gives_up),
		TEST(what_was_missing_is_filled_once),
		TEST(a_line_that_reorders_is_given_more_time),
		TEST(a_key_frame_ends_the_wait_for_what_is_older),
		TEST(a_jump_too_far_is_no_gap),
		TEST(no_more_than_asked_for_at_one_time),
	};
	return RUN("rtc/gaps", tests);
}
