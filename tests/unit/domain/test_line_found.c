/* test_line_found.c - what a prison's line showed to carry. */
#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/line_found.h"

static void a_second_says_at_least_or_exactly(void **state)
{
	(void)state;
	struct line_way way = { 0 };
	line_way_second(&way, 0, false);
	line_way_second(&way, 999, true); /* nothing to speak of */
	assert_int_equal(way.seconds, 0);
	line_way_second(&way, 700000, false);
	line_way_second(&way, 300000, false);
	assert_int_equal(way.most_kbit, 700);
	for (int i = 0; i < 9; i++)
		line_way_second(&way, 600000 + 10000 * (i % 2), true);
	assert_int_equal(line_way_full_kbit(&way), 0); /* nine seconds are too few */
	line_way_second(&way, 610000, true);
	assert_int_equal(line_way_full_kbit(&way), 605);
	assert_int_equal(way.seconds, 12);
	assert_int_equal(way.most_kbit, 700); /* what came when it was full says nothing of more */
}

enum {
	DAYS = LINE_FOUND_DAYS,
	SHORT = -1, /* a day with a visit of five minutes, full at 100 */
};

static struct line_way day_of(int kbit)
{
	if (kbit == SHORT)
		return (struct line_way){ .seconds = 300, .full_s = 60, .full_kbit = 6000 };
	if (kbit == 0)
		return (struct line_way){ .seconds = 7200, .most_kbit = 1500 };
	return (struct line_way){
		.seconds = 7200, .most_kbit = 1500, .full_s = 30, .full_kbit = 30 * kbit
	};
}

static void one_bad_day_decides_nothing_and_two_do(void **state)
{
	(void)state;
	static const struct {
		int days[DAYS + 1]; /* what it carried when full; 0: it was not */
		size_t count;
		int found;
	} CASES[] = {
		{ { 0 }, 0, 0 },
		{ { 0 }, DAYS, 0 },
		{ { 600, 600, 600, 600 }, 4, 0 }, /* too few days */
		{ { 600, 600, 600, 600, 600 }, 5, 600 },
		{ { 0, 0, 0, 0, 200 }, 5, 0 },
		{ { 0, 0, 0, 640, 200 }, 5, 640 },
		{ { 700, 680, 660, 640, 620, 600, 690, 670, 650, 630, 610, 695 }, 12, 610 },
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 600 }, DAYS, 0 },
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 500, 600 }, DAYS, 600 },
		{ { SHORT, SHORT, SHORT, 600, 600 }, 5, 0 }, /* two days that say something */
		{ { SHORT, SHORT, 0, 0, 0, 600, 640 }, 7, 640 },
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 600, 600, 100 }, DAYS + 1, 600 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct line_way days[DAYS + 1];
		for (size_t d = 0; d < CASES[i].count; d++)
			days[d] = day_of(CASES[i].days[d]);
		int64_t found = line_found_kbit(days, CASES[i].count);
		if (found != CASES[i].found)
			fail_msg("%zu: %lld", i, (long long)found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_second_says_at_least_or_exactly),
		TEST(one_bad_day_decides_nothing_and_two_do),
	};
	return RUN("domain/line_found", tests);
}
