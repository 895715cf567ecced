#include "../check.h"
#include "rtc/keyframe.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ .us = 1000000 + n * 1000 };
}

static bool ask(struct keyframe *k, int64_t at_ms)
{
	return keyframe_ask(k, ms(at_ms), 100000);
}

static void many_wishes_are_one_request(void **state)
{
	(void)state;
	struct keyframe k = { 0 };
	CHECK(!ask(&k, 0));
	for (int i = 0; i < 50; i++)
		keyframe_want(&k);
	CHECK(ask(&k, 0));
	keyframe_want(&k);
	CHECK(!ask(&k, 1));
	keyframe_came(&k);
	CHECK(!ask(&k, 10000));
}

static void a_request_without_answer_is_repeated_with_growing_patience(void **state)
{
	(void)state;
	struct keyframe k = { 0 };
	keyframe_want(&k);
	int64_t last = 0;
	int64_t waits[7];
	size_t count = 0;
	CHECK(ask(&k, 0));
	for (int64_t t = 1; t < 30000 && count < 7; t++) {
		if (!ask(&k, t))
			continue;
		waits[count++] = t - last;
		last = t;
	}
	assert_int_equal(waits[0], 300);
	assert_int_equal(waits[1], 600);
	assert_int_equal(waits[2], 1200);
	assert_int_equal(waits[6], 2400);
}

static void a_wish_after_the_answer_waits_its_turn_and_is_not_lost(void **state)
{
	(void)state;
	struct keyframe k = { 0 };
	struct mono at;
	keyframe_want(&k);
	CHECK(ask(&k, 0));
	keyframe_came(&k);
	keyframe_want(&k);
	CHECK(!ask(&k, 50));
	CHECK(keyframe_next(&k, 100000, &at));
	assert_int_equal(at.us, ms(300).us);
	CHECK(ask(&k, 300));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_wishes_are_one_request),
		TEST(a_request_without_answer_is_repeated_with_growing_patience),
		TEST(a_wish_after_the_answer_waits_its_turn_and_is_not_lost),
	};
	return RUN("rtc/keyframe", tests);
}
