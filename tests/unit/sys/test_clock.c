#include "sys/clock.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"
#include "sys/entropy.h"
#include "sys/log_fd.h"

static void monotonic_time_moves_on_in_microseconds(void **state)
{
	(void)state;
	struct mono a = mono_now();
	usleep(2000);
	int64_t us = mono_diff_us(mono_now(), a);
	CHECK(us >= 2000 && us < 2000000);
}

static void wall_time_is_the_systems_in_both_units(void **state)
{
	(void)state;
	time_t before = time(NULL);
	int64_t s = wall_now().s, ms = wall_now_ms();
	CHECK(s >= before && s <= before + 2);
	CHECK(ms / 1000 - s <= 2 && ms / 1000 >= s);
}

static void entropy_fills_every_byte_and_never_repeats(void **state)
{
	(void)state;
	struct random r = entropy_random();
	uint8_t a[257] = { 0 }, b[257] = { 0 }, seen = 0;
	random_fill(&r, a, sizeof a);
	random_fill(&r, b, sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
	for (int i = 0; i < 200 && !seen; i++) { /* the last byte is reached too */
		random_fill(&r, a, sizeof a);
		seen |= a[sizeof a - 1];
	}
	CHECK(seen);
}

static void a_log_line_carries_the_time_and_one_newline(void **state)
{
	(void)state;
	int ends[2];
	char line[512] = { 0 };
	CHECK(pipe(ends) == 0);
	struct log log = log_fd("test", LOG_INFO, ends[1]);
	log_event(&log, LOG_DEBUG, "too_small");
	log_event(&log, LOG_INFO, "hello", LOG_INT("n", 7));
	ssize_t n = read(ends[0], line, sizeof line - 1);
	CHECK(n > 0 && line[n - 1] == '\n' && strchr(line, '\n') == line + n - 1);
	CHECK(strstr(line, "hello") && strstr(line, "7") && !strstr(line, "too_small"));
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(monotonic_time_moves_on_in_microseconds),
		TEST(wall_time_is_the_systems_in_both_units),
		TEST(entropy_fills_every_byte_and_never_repeats),
		TEST(a_log_line_carries_the_time_and_one_newline),
	};
	return RUN("sys/clock", tests);
}
