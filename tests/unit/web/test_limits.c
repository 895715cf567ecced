#include "web/limits.h"

#include <stdio.h>

#include "../check.h"

static struct mono at_s(int64_t s)
{
	return (struct mono){ .us = 1000000000 + s * 1000000 };
}

static int tries(struct limits *l, const char *name, int count, struct mono now)
{
	int may = 0;
	for (int i = 0; i < count; i++)
		may += limits_take_name(l, LIMIT_SIGN_IN_ACCOUNT, str_from(name), now);
	return may;
}

static void ten_tries_then_one_in_ninety_seconds(void **state)
{
	(void)state;
	struct random random = random_seeded(1);
	struct limits *l = limits_new(&random);
	assert_int_equal(tries(l, "sam@example.org", 50, at_s(0)), 10);
	assert_int_equal(tries(l, "sam@example.org", 50, at_s(89)), 0);
	assert_int_equal(tries(l, "sam@example.org", 50, at_s(91)), 1);
	assert_int_equal(tries(l, "alex@example.org", 50, at_s(91)), 10);
	assert_int_equal(tries(l, "sam@example.org", 50, at_s(5000)), 10);
	limits_free(l);
}

static void an_ipv6_home_is_one_address(void **state)
{
	(void)state;
	struct random random = random_seeded(2);
	struct limits *l = limits_new(&random);
	int may = 0;
	for (int i = 0; i < 1000; i++) {
		uint8_t ip[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 1, 2 };
		ip[8] = (uint8_t)i;
		ip[15] = (uint8_t)(i >> 8);
		struct address a = address_ipv6(ip, 1);
		may += limits_take_address(l, LIMIT_SIGN_IN_PREFIX, &a, at_s(0));
	}
	assert_int_equal(may, 60);
	limits_free(l);
}

/* 10,000 passwords over 1,000 accounts from 256 addresses: the limiter of all is the bound. */
static void spraying_is_bounded(void **state)
{
	(void)state;
	struct random random = random_seeded(3);
	struct limits *l = limits_new(&random);
	int may = 0;
	for (int i = 0; i < 10000; i++) {
		char name[32];
		snprintf(name, sizeof(name), "user%d", i % 1000);
		struct address a = address_ipv4((uint8_t[]){ 127, 0, 0, (uint8_t)i }, 1);
		bool all = limits_take_name(l, LIMIT_SIGN_IN_ALL, STR("all"), at_s(0));
		bool near = limits_take_address(l, LIMIT_SIGN_IN_PREFIX, &a, at_s(0));
		bool one = limits_take_name(l, LIMIT_SIGN_IN_ACCOUNT, str_from(name), at_s(0));
		may += all && near && one;
	}
	CHECK(may <= 200);
	limits_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ten_tries_then_one_in_ninety_seconds),
		TEST(an_ipv6_home_is_one_address),
		TEST(spraying_is_bounded),
	};
	return RUN("web/limits", tests);
}
