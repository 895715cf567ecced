#include "../check.h"
#include "congestion/pacer.h"

/* Bytes that leave within a second, in packets of 500. */
static size_t in_a_second(struct pacer *pacer, int64_t from_us)
{
	size_t bytes = 0;
	for (int64_t us = from_us; us < from_us + 1000000; us += 1000) {
		struct mono now = { us };
		while (pacer_may(pacer, now)) {
			pacer_spend(pacer, 500, now);
			bytes += 500;
		}
	}
	return bytes;
}

static void it_lets_out_what_the_line_carries_and_a_little_more(void **state)
{
	(void)state;
	struct pacer pacer;
	pacer_init(&pacer, 80000, (struct mono){ 0 });
	assert_in_range(in_a_second(&pacer, 0), 10000, 11500);
	pacer_set(&pacer, 800000, (struct mono){ 1000000 });
	assert_in_range(in_a_second(&pacer, 1000000), 140000, 156000);
}

static void sound_takes_its_share_and_never_waits(void **state)
{
	(void)state;
	struct pacer pacer;
	pacer_init(&pacer, 80000, (struct mono){ 0 });
	for (int i = 0; i < 100; i++)
		pacer_spend(&pacer, 100, (struct mono){ 0 });
	CHECK(!pacer_may(&pacer, (struct mono){ 100000 }));
	/* Its debt is bound: pictures come again. */
	CHECK(pacer_may(&pacer, (struct mono){ PACER_DEBT_US + 1000 }));
}

static void it_knows_when_the_next_may_go(void **state)
{
	(void)state;
	struct pacer pacer;
	pacer_init(&pacer, 80000, (struct mono){ 0 });
	CHECK(pacer_may(&pacer, (struct mono){ 0 }));
	pacer_spend(&pacer, 1200, (struct mono){ 0 });
	struct mono next = pacer_next(&pacer);
	CHECK(!pacer_may(&pacer, mono_add_us(next, -2000)));
	CHECK(pacer_may(&pacer, mono_add_us(next, 10)));
}

static void silence_saves_up_little(void **state)
{
	(void)state;
	struct pacer pacer;
	pacer_init(&pacer, 80000, (struct mono){ 0 });
	CHECK(pacer_may(&pacer, (struct mono){ 60000000 }));
	pacer_spend(&pacer, 500, (struct mono){ 60000000 });
	CHECK(!pacer_may(&pacer, (struct mono){ 60000000 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_lets_out_what_the_line_carries_and_a_little_more),
		TEST(sound_takes_its_share_and_never_waits),
		TEST(it_knows_when_the_next_may_go),
		TEST(silence_saves_up_little),
	};
	return RUN("congestion/pacer", tests);
}
