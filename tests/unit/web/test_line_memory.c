#include "web/line_memory.h"

#include <stdio.h>

#include "../check.h"

static const struct wall NOW = { 1800000000 };

static struct line_memory *memory_new(void)
{
	struct random random = random_seeded(3);
	return line_memory_new(&random);
}

static void a_line_is_remembered_for_thirty_days(void **state)
{
	(void)state;
	struct line_memory *m = memory_new();
	assert_int_equal(line_memory_bps(m, STR("household 7"), NOW), 0);
	line_memory_note(m, STR("household 7"), 240000, NOW);
	line_memory_note(m, STR("household 8"), 90000, NOW);
	assert_int_equal(line_memory_bps(m, STR("household 7"), NOW), 240000);
	assert_int_equal(line_memory_bps(m, STR("household 8"), NOW), 90000);
	assert_int_equal(line_memory_bps(m, STR("household 9"), NOW), 0);
	line_memory_note(m, STR("household 7"), 120000, wall_add_s(NOW, 60));
	assert_int_equal(line_memory_bps(m, STR("household 7"), wall_add_s(NOW, 60)), 120000);
	assert_int_equal(line_memory_bps(m, STR("household 8"), wall_add_s(NOW, 29 * 86400)),
			 90000);
	assert_int_equal(line_memory_bps(m, STR("household 8"), wall_add_s(NOW, 30 * 86400)), 0);
	line_memory_free(m);
}

/* Twelve times as many as it holds: the newest are there, and none has another's number. */
static void the_oldest_make_room_and_nobody_gets_anothers(void **state)
{
	(void)state;
	struct line_memory *m = memory_new();
	char name[32];
	uint32_t kept = 0, newest = 0;
	enum {
		COUNT = 100000,
	};
	for (uint32_t i = 1; i <= COUNT; i++) {
		(void)snprintf(name, sizeof(name), "household %u", i);
		line_memory_note(m, str_from(name), i, wall_add_s(NOW, i));
	}
	for (uint32_t i = 1; i <= COUNT; i++) {
		(void)snprintf(name, sizeof(name), "household %u", i);
		uint32_t bps = line_memory_bps(m, str_from(name), wall_add_s(NOW, COUNT));
		CHECK(bps == 0 || bps == i);
		kept += bps != 0;
		newest += bps != 0 && i > COUNT - 1000;
	}
	assert_in_range(kept, 8000, 8192);
	CHECK(newest > 990);
	line_memory_free(m);
}

static void what_is_usual_is_what_most_seconds_have(void **state)
{
	(void)state;
	struct line_usual usual = { 0 };
	line_usual_second(&usual, 0);
	assert_int_equal(usual.seconds, 0);
	for (int i = 0; i < 600; i++) /* one second in ten is bad: not what is usual */
		line_usual_second(&usual, i % 10 == 0 ? 50000 : 200000);
	assert_in_range(usual.bps, 150000, 215000);
	for (int i = 0; i < 600; i++) /* every other one: that is */
		line_usual_second(&usual, i % 2 == 0 ? 50000 : 200000);
	assert_in_range(usual.bps, 45000, 60000);
	for (int i = 0; i < 600; i++)
		line_usual_second(&usual, UINT32_MAX);
	CHECK(usual.bps > 10000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_remembered_for_thirty_days),
		TEST(the_oldest_make_room_and_nobody_gets_anothers),
		TEST(what_is_usual_is_what_most_seconds_have),
	};
	return RUN("web/line_memory", tests);
}
