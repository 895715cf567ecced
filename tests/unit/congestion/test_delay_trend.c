#include "../check.h"
#include "congestion/delay_trend.h"

/* A packet each 20 ms, each arriving grow_us later than the one before; from 1 s on. */
static enum line_use after(int packets, int64_t grow_us)
{
	struct delay_trend trend;
	delay_trend_init(&trend);
	for (int64_t i = 0; i < packets; i++)
		delay_trend_arrived(&trend, (struct mono){ 1000000 + i * 20000 },
				    5000000 + i * (20000 + grow_us));
	return trend.use;
}

static void a_queue_that_grows_is_overuse(void **state)
{
	(void)state;
	assert_int_equal(after(100, 0), LINE_NORMAL);
	assert_int_equal(after(10, 5000), LINE_NORMAL); /* too few to judge */
	assert_int_equal(after(40, 2000), LINE_OVERUSED);
}

static void a_queue_that_drains_is_underuse(void **state)
{
	(void)state;
	assert_int_equal(after(40, -2000), LINE_UNDERUSED);
}

static void a_burst_let_go_at_once_is_one_group(void **state)
{
	(void)state;
	struct delay_trend trend;
	delay_trend_init(&trend);
	for (int64_t i = 0; i < 30; i++)
		delay_trend_arrived(&trend, (struct mono){ 1000000 + i * 7000 },
				    5000000 + i / 10 * 70000 + i % 10 * 100);
	CHECK(trend.deltas <= 3);
}

static void a_jump_of_the_clock_begins_anew(void **state)
{
	(void)state;
	struct delay_trend trend;
	delay_trend_init(&trend);
	for (int64_t i = 0; i < 50; i++)
		delay_trend_arrived(&trend, (struct mono){ 1000000 + i * 20000 },
				    5000000 + i * 20000);
	CHECK(trend.deltas > 40);
	for (int64_t i = 0; i < 3; i++)
		delay_trend_arrived(&trend, (struct mono){ 2000000 + i * 20000 },
				    99000000 + i * 20000);
	CHECK(trend.deltas < 3);
	assert_int_equal(trend.use, LINE_NORMAL);
}

static void packets_that_were_overtaken_change_nothing(void **state)
{
	(void)state;
	struct delay_trend trend;
	delay_trend_init(&trend);
	for (int64_t i = 0; i < 60; i++) {
		delay_trend_arrived(&trend, (struct mono){ 1000000 + i * 20000 },
				    5000000 + i * 20000);
		delay_trend_arrived(&trend, (struct mono){ 900000 + i * 20000 },
				    5001000 + i * 20000);
	}
	assert_int_equal(trend.use, LINE_NORMAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_queue_that_grows_is_overuse),
		TEST(a_queue_that_drains_is_underuse),
		TEST(a_burst_let_go_at_once_is_one_group),
		TEST(a_jump_of_the_clock_begins_anew),
		TEST(packets_that_were_overtaken_change_nothing),
	};
	return RUN("congestion/delay_trend", tests);
}
