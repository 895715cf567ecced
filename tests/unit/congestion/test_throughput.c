#include "../check.h"
#include "congestion/throughput.h"

/* seconds of packets at bps, the first at from_us. */
static void pass(struct throughput *t, int64_t from_us, double seconds, int64_t bps, size_t bytes)
{
	int64_t each_us = (int64_t)bytes * 8000000 / bps;
	for (int64_t at = from_us; at < from_us + (int64_t)(seconds * 1e6); at += each_us)
		throughput_arrived(t, at, bytes);
}

static void a_steady_stream_is_measured(void **state)
{
	(void)state;
	static const int64_t RATES[] = { 20000, 64000, 150000, 1000000, 3000000 };
	for (size_t i = 0; i < sizeof RATES / sizeof RATES[0]; i++) {
		struct throughput t = { 0 };
		pass(&t, 1000, 0.2, RATES[i], 150);
		CHECK(throughput_bps(&t) == 0); /* too early to say */
		pass(&t, 1000 + 200000, 10, RATES[i], 150);
		assert_in_range(throughput_bps(&t), RATES[i] * 90 / 100, RATES[i] * 110 / 100);
	}
}

static void a_change_is_seen_within_two_seconds(void **state)
{
	(void)state;
	struct throughput t = { 0 };
	pass(&t, 0, 10, 1000000, 1000);
	pass(&t, 10000000, 2, 200000, 1000);
	assert_in_range(throughput_bps(&t), 150000, 300000);
	pass(&t, 12000000, 3, 1000000, 1000);
	assert_in_range(throughput_bps(&t), 700000, 1050000);
}

static void silence_is_no_sample(void **state)
{
	(void)state;
	struct throughput t = { 0 };
	pass(&t, 0, 5, 300000, 1000);
	int64_t before = throughput_bps(&t);
	throughput_arrived(&t, 60000000, 100);
	assert_int_equal(throughput_bps(&t), before);
	pass(&t, 60000000, 3, 300000, 1000);
	assert_in_range(throughput_bps(&t), 270000, 330000);
}

/* Of each fifth packet nothing is told. */
static void lost_reports_do_not_lower_it(void **state)
{
	(void)state;
	struct throughput t = { 0 };
	for (int64_t i = 0; i < 1000; i++)
		if (i % 5 == 4)
			throughput_untold(&t, 160);
		else
			throughput_arrived(&t, i * 10000, 160);
	assert_in_range(throughput_bps(&t), 120000, 136000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_steady_stream_is_measured),
		TEST(a_change_is_seen_within_two_seconds),
		TEST(lost_reports_do_not_lower_it),
		TEST(silence_is_no_sample),
	};
	return RUN("congestion/throughput", tests);
}
