#include "../check.h"
#include "congestion/probe.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ 1000000 + n * 1000 };
}

/* Sends the cluster at its rate; it arrives at came_bps, but for the first `lost` packets. */
static int64_t play(struct probe *probe, int64_t bps, int64_t came_bps, size_t lost)
{
	probe_begin(probe, bps, 0, 0, ms(0));
	struct probe_cluster c = probe->cluster;
	size_t packets = (c.bytes + c.packet_bytes - 1) / c.packet_bytes;
	for (size_t i = lost; i < packets; i++) {
		int64_t bits = (int64_t)(i * c.packet_bytes * 8);
		struct sent_packet packet = { .at = mono_add_us(ms(0), bits * 1000000 / bps),
					      .bytes = (uint16_t)c.packet_bytes,
					      .cluster = c.number };
		probe_arrived(probe, &packet, 500000 + bits * 1000000 / came_bps);
	}
	return probe_result(probe, 0, ms(300));
}

static void a_line_that_carries_it_says_so(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	assert_in_range(play(&probe, 200000, 200000, 0), 195000, 201000);
	CHECK(probe_may(&probe, ms(600))); /* a success: again soon */
}

static void a_full_line_says_what_it_carries(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	assert_in_range(play(&probe, 400000, 200000, 0), 185000, 195000);
	CHECK(!probe_may(&probe, ms(300)));
	CHECK(probe_may(&probe, ms(300 + PROBE_AGAIN_US / 1000)));
}

static void too_little_or_too_good_is_not_believed(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	assert_int_equal(play(&probe, 200000, 200000, 2), 0); /* 3 of 5 */
	CHECK(probe_fail(&probe, ms(400)));
	assert_int_equal(play(&probe, 200000, 900000, 0), 0); /* arrived faster than it was sent */
}

/* Sends it; of each packet it is told whether it came. */
static int64_t play_lossy(struct probe *probe, int64_t bps, double loses,
			  const bool lost[PROBE_PACKETS])
{
	probe_begin(probe, bps, 0, 0, ms(0));
	struct probe_cluster c = probe->cluster;
	for (size_t i = 0; i < PROBE_PACKETS; i++) {
		int64_t at_us = (int64_t)(i * c.packet_bytes * 8) * 1000000 / bps;
		struct sent_packet packet = { .at = mono_add_us(ms(0), at_us),
					      .bytes = (uint16_t)c.packet_bytes,
					      .cluster = c.number };
		probe_told(probe, &packet);
		if (!lost[i])
			probe_arrived(probe, &packet, 500000 + at_us);
	}
	return probe_result(probe, loses, ms(300));
}

static void what_a_line_always_loses_hides_nothing(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	CHECK(play_lossy(&probe, 200000, 0.5, (bool[]){ 0, 1, 0, 1, 0 }) > 190000);
	CHECK(play_lossy(&probe, 200000, 0.2, (bool[]){ 1, 0, 0, 0, 0 }) > 190000);
	/* Most of it: nothing is known, and it is repeated soon. */
	CHECK(play_lossy(&probe, 200000, 0.2, (bool[]){ 0, 1, 1, 1, 0 }) == 0);
	CHECK(probe_may(&probe, ms(300 + PROBE_NEXT_US / 1000)));
}

/* Three of five arrived at half the rate: that says little of a line that loses one in twenty. */
static void what_chance_takes_of_few_packets_proves_nothing(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	assert_in_range(play_lossy(&probe, 200000, 0.05, (bool[]){ 0, 1, 0, 1, 0 }), 100000,
			106000);
	assert_in_range(play_lossy(&probe, 200000, 0, (bool[]){ 0, 0, 1, 0, 0 }), 149000, 151000);
}

static void what_was_known_already_is_no_success(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	probe_begin(&probe, 110000, 100000, 0, ms(0));
	for (int i = 0; i < 8; i++)
		probe_arrived(&probe,
			      &(struct sent_packet){
				  .at = ms(i * 17), .bytes = 240, .cluster = probe.cluster.number },
			      i * 19000);
	assert_in_range(probe_result(&probe, 0, ms(300)), 90000, 104000);
	CHECK(!probe_may(&probe, ms(3200)));
}

static void on_thin_lines_it_is_small(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	probe_begin(&probe, 100000, 0, 0, ms(0));
	CHECK(probe.cluster.packet_bytes == PROBE_THIN_BYTES);
	CHECK(probe.cluster.bytes <= 1700);
}

static void tell_all(struct probe *probe)
{
	probe_told(probe, &(struct sent_packet){ .bytes = 2000, .cluster = probe->cluster.number });
}

static void failures_make_it_rarer_and_success_does_not(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	int64_t waits[5];
	for (int i = 0; i < 5; i++) {
		probe_begin(&probe, 100000, 0, 0, ms(0));
		CHECK(!probe_may(&probe, ms(0)));
		CHECK(probe_is_late(&probe, 0, ms(1001)));
		CHECK(!probe_is_late(&probe, 500000, ms(1001)));
		tell_all(&probe);
		probe_fail(&probe, ms(0));
		waits[i] = mono_diff_us(probe.again, ms(0));
	}
	CHECK(waits[0] == PROBE_AGAIN_US && waits[1] == 2 * PROBE_AGAIN_US);
	CHECK(waits[4] == PROBE_AGAIN_MAX_US);
	CHECK(play(&probe, 100000, 100000, 0) > 0);
	CHECK(probe_may(&probe, ms(600)));
	probe_begin(&probe, 100000, 0, 0, ms(600));
	tell_all(&probe);
	probe_fail(&probe, ms(600));
	CHECK(mono_diff_us(probe.again, ms(600)) == PROBE_AGAIN_US);
}

/* How long until the next one may begin. */
static int64_t fail_untold(struct probe *probe)
{
	probe_begin(probe, 400000, 0, 0, ms(0));
	CHECK(probe_fail(probe, ms(0)));
	return mono_diff_us(probe->again, ms(0));
}

static void one_of_which_nothing_was_told_is_repeated_soon_but_not_for_ever(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	for (int i = 0; i < PROBE_UNCLEAR_MAX; i++)
		CHECK(fail_untold(&probe) == PROBE_NEXT_US);
	CHECK(fail_untold(&probe) == PROBE_AGAIN_US);
}

/* A radio that delivers in bunches: all at once, whatever the line carries. */
static void one_that_came_in_a_bunch_is_repeated_soon_and_longer(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	assert_int_equal(play(&probe, 400000, 100000000, 0), 0);
	size_t bytes = PROBE_PACKETS * PROBE_PACKET_BYTES;
	CHECK(!probe_may(&probe, ms(400)));
	CHECK(probe_may(&probe, ms(300 + PROBE_NEXT_US / 1000)));
	probe_begin(&probe, 800000, 0, 0, ms(700));
	CHECK(probe.cluster.bytes >= 2 * bytes);
	probe_fail(&probe, ms(800));
	assert_in_range(play(&probe, 400000, 400000, 0), 390000, 401000);
	probe_begin(&probe, 400000, 0, 0, ms(900));
	CHECK(probe.cluster.bytes == bytes); /* a success: short again */
}

/* Pictures may fill it in a moment: that the line took those at once shows no more than was asked. */
static void what_was_not_asked_is_not_shown(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	probe_begin(&probe, 365000, 250000, 0, ms(0));
	for (int i = 0; i < 4; i++)
		probe_arrived(&probe,
			      &(struct sent_packet){
				  .at = ms(i * 2), .bytes = 400, .cluster = probe.cluster.number },
			      i * 6000);
	assert_in_range(probe_result(&probe, 0, ms(300)), 300000, 365000);
}

/* As long as what comes in turns of 10 ms wavers little in it; of what may queue no more than a little. */
static void where_packets_come_in_turns_it_is_longer(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	probe_begin(&probe, 1000000, 800000, 0, ms(0));
	size_t usual = probe.cluster.bytes;
	CHECK(usual <= 1900);
	probe_begin(&probe, 1000000, 800000, 10000, ms(0));
	assert_in_range(probe.cluster.bytes, 12400, 12500);
	probe_begin(&probe, 1000000, 500000, 10000, ms(0));
	assert_in_range(probe.cluster.bytes, 7400, 7500);
	probe_begin(&probe, 1000000, 990000, 1000000, ms(0));
	assert_in_range(probe.cluster.bytes, 24900, 25000);
	probe_begin(&probe, 1000000, 0, 10000, ms(0)); /* nothing is known */
	CHECK(probe.cluster.bytes == usual);
}

static void another_cluster_s_packets_do_not_count(void **state)
{
	(void)state;
	struct probe probe;
	probe_init(&probe, ms(0));
	probe_begin(&probe, 100000, 0, 0, ms(0));
	for (int i = 0; i < 20; i++)
		probe_arrived(&probe, &(struct sent_packet){ .bytes = 1000, .cluster = 77 },
			      i * 1000);
	assert_int_equal(probe_result(&probe, 0, ms(100)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_carries_it_says_so),
		TEST(a_full_line_says_what_it_carries),
		TEST(too_little_or_too_good_is_not_believed),
		TEST(what_a_line_always_loses_hides_nothing),
		TEST(what_chance_takes_of_few_packets_proves_nothing),
		TEST(what_was_known_already_is_no_success),
		TEST(on_thin_lines_it_is_small),
		TEST(failures_make_it_rarer_and_success_does_not),
		TEST(one_of_which_nothing_was_told_is_repeated_soon_but_not_for_ever),
		TEST(one_that_came_in_a_bunch_is_repeated_soon_and_longer),
		TEST(what_was_not_asked_is_not_shown),
		TEST(where_packets_come_in_turns_it_is_longer),
		TEST(another_cluster_s_packets_do_not_count),
	};
	return RUN("congestion/probe", tests);
}
