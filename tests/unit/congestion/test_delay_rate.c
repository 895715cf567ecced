#include "../check.h"
#include "congestion/delay_rate.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ 1000000 + n * 1000 };
}

static struct delay_rate rate_of(int64_t bps)
{
	struct delay_rate rate;
	delay_rate_init(&rate, bps, 10000, ms(0));
	return rate;
}

static void update(struct delay_rate *rate, enum line_use use, int64_t throughput_bps,
		   struct mono now)
{
	delay_rate_update(rate,
			  &(struct delay_rate_input){
			      .use = use, .throughput_bps = throughput_bps, .rtt_us = 100000 },
			  now);
}

static void what_arrives_of_an_idle_sender_says_nothing(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(100000);
	delay_rate_update(
	    &rate,
	    &(struct delay_rate_input){
		.use = LINE_OVERUSED, .throughput_bps = 20000, .idle = true, .rtt_us = 100000 },
	    ms(0));
	assert_int_equal(rate.bps, 85000);
}

static void overuse_takes_it_below_what_arrives_once_a_round_trip(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(500000);
	update(&rate, LINE_OVERUSED, 400000, ms(0));
	assert_int_equal(rate.bps, 340000);
	update(&rate, LINE_OVERUSED, 300000, ms(50));
	assert_int_equal(rate.bps, 340000);
	update(&rate, LINE_OVERUSED, 300000, ms(100));
	assert_int_equal(rate.bps, 255000);
}

static void it_rises_by_eight_percent_a_second_while_nothing_is_known(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(100000);
	update(&rate, LINE_NORMAL, 100000, ms(0));
	for (int64_t i = 1; i <= 10; i++)
		update(&rate, LINE_NORMAL, 100000, ms(i * 100));
	assert_in_range(rate.bps, 107000, 111000);
}

static void it_never_leaves_what_arrives_far_behind(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(100000);
	for (int64_t i = 0; i <= 600; i++)
		update(&rate, LINE_NORMAL, 100000, ms(i * 100));
	assert_int_equal(rate.bps, 160000);
	update(&rate, LINE_NORMAL, 20000, ms(60100));
	assert_int_equal(rate.bps, 160000); /* and a lull of the sender does not lower it */
}

static void near_the_known_limit_it_rises_by_steps(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(1000000);
	for (int64_t i = 0; i < 5; i++)
		update(&rate, LINE_OVERUSED, 1000000, ms(i * 300));
	int64_t low = rate.bps;
	for (int64_t i = 0; i <= 10; i++)
		update(&rate, LINE_NORMAL, 900000, ms(2000 + i * 100));
	CHECK(rate.bps - low < 60000); /* 8 % would be 68,000 */
	CHECK(rate.bps - low > 4000);
}

static void it_holds_while_a_queue_drains_and_never_goes_below_the_floor(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(20000);
	update(&rate, LINE_UNDERUSED, 20000, ms(0));
	update(&rate, LINE_UNDERUSED, 20000, ms(1000));
	assert_int_equal(rate.bps, 20000);
	for (int64_t i = 2; i < 30; i++)
		update(&rate, LINE_OVERUSED, 6000, ms(i * 1000));
	assert_int_equal(rate.bps, 10000);
}

static void a_probe_is_believed(void **state)
{
	(void)state;
	struct delay_rate rate = rate_of(100000);
	delay_rate_proven(&rate, 250000, ms(0));
	assert_int_equal(rate.bps, 250000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_arrives_of_an_idle_sender_says_nothing),
		TEST(overuse_takes_it_below_what_arrives_once_a_round_trip),
		TEST(it_rises_by_eight_percent_a_second_while_nothing_is_known),
		TEST(it_never_leaves_what_arrives_far_behind),
		TEST(near_the_known_limit_it_rises_by_steps),
		TEST(it_holds_while_a_queue_drains_and_never_goes_below_the_floor),
		TEST(a_probe_is_believed),
	};
	return RUN("congestion/delay_rate", tests);
}
