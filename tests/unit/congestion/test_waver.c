#include "../check.h"
#include "congestion/waver.h"

enum {
	KNOWN_BPS = 250000,
	BYTES = 500, /* 16 ms on such a line */
};

/* Packets leave as often as each_us, through a line of so many bit/s that delivers in turns. */
static int64_t through(int64_t each_us, int64_t bps, int64_t turn_us)
{
	struct waver waver;
	waver_init(&waver);
	int64_t free_us = 0;
	for (int i = 0; i < 400; i++) {
		int64_t sent_us = i * each_us;
		free_us = (free_us > sent_us ? free_us : sent_us) + (int64_t)BYTES * 8000000 / bps;
		int64_t at_us = free_us + 30000;
		if (turn_us > 0)
			at_us += turn_us - 1 - (at_us + turn_us - 1) % turn_us;
		waver_arrived(&waver, (struct mono){ sent_us }, at_us, BYTES, KNOWN_BPS);
	}
	return waver_us(&waver);
}

static void a_line_that_delivers_evenly_does_not_waver(void **state)
{
	(void)state;
	CHECK(through(20000, 250000, 0) == 0);
	CHECK(through(20000, 4000000, 0) == 0);
	CHECK(through(12000, 250000, 0) == 0); /* a queue grows */
}

static void one_that_delivers_in_turns_does(void **state)
{
	(void)state;
	CHECK(through(16000, 4000000, 40000) >= 8000);
	CHECK(through(16000, 250000, 40000) >= 8000);
	CHECK(through(16000, 250000, 80000) > through(16000, 250000, 40000));
	CHECK(through(16000, 250000, 80000) < 80000);
}

/* A picture at once, then sound: what is left of the queue comes as fast as the line carries it. */
static void a_queue_that_drains_is_no_turn(void **state)
{
	(void)state;
	struct waver waver;
	waver_init(&waver);
	for (int picture = 0; picture < 20; picture++) {
		int64_t from_us = picture * 500000;
		int64_t free_us = from_us;
		for (int i = 0; i < 16; i++) {
			int64_t sent_us = from_us + (i < 8 ? i * 1000 : (i - 7) * 20000);
			free_us = (free_us > sent_us ? free_us : sent_us) + 16000;
			waver_arrived(&waver, (struct mono){ sent_us }, free_us + 30000, BYTES,
				      KNOWN_BPS * 3 / 4);
		}
	}
	CHECK(waver_us(&waver) == 0);
}

static void what_was_is_forgotten(void **state)
{
	(void)state;
	struct waver waver;
	waver_init(&waver);
	int64_t us = 0;
	for (int i = 0; i < 200; i++, us += 16000)
		waver_arrived(&waver, (struct mono){ us }, us - us % 48000 + 48000, BYTES,
			      KNOWN_BPS);
	CHECK(waver_us(&waver) > 5000);
	for (int i = 0; i < 800; i++, us += 16000)
		waver_arrived(&waver, (struct mono){ us }, us + 48000, BYTES, KNOWN_BPS);
	CHECK(waver_us(&waver) == 0);
}

static void what_was_overtaken_says_nothing(void **state)
{
	(void)state;
	struct waver waver;
	waver_init(&waver);
	for (int i = 0; i < 100; i++) {
		int64_t us = i * 20000;
		waver_arrived(&waver, (struct mono){ us }, us + 30000, BYTES, KNOWN_BPS);
		if (i > 0)
			waver_arrived(&waver, (struct mono){ us - 10000 }, us + 30001, BYTES,
				      KNOWN_BPS);
	}
	CHECK(waver_us(&waver) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_that_delivers_evenly_does_not_waver),
		TEST(one_that_delivers_in_turns_does),
		TEST(a_queue_that_drains_is_no_turn),
		TEST(what_was_is_forgotten),
		TEST(what_was_overtaken_says_nothing),
	};
	return RUN("congestion/waver", tests);
}
