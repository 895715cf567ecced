#include <stdio.h>

#include "../check.h"
#include "rtc/backlog.h"

enum {
	BATCH = 32,
	READ_US = 5, /* a datagram that is dropped */
};

/* A socket, and a driver that serves it. */
struct server {
	struct backlog backlog;
	struct mono now;
	int64_t each_us;  /* one comes */
	int64_t serve_us; /* to serve one */
	int64_t came;     /* how many were read */
	int64_t behind;   /* of them while it was behind */
	int64_t waited_us;
};

/* Until so much time has passed, from when it wakes. */
static void serve(struct server *s, int64_t us)
{
	struct mono end = mono_add_us(s->now, us);
	while (mono_before(s->now, end)) {
		int64_t there = s->now.us / s->each_us - s->came;
		int64_t count = there < BATCH ? there : BATCH;
		int64_t waited_us = count > 0 ? s->now.us - (s->came + 1) * s->each_us : 0;
		backlog_batch(&s->backlog, waited_us, count == BATCH, s->now);
		s->came += count;
		s->behind += s->backlog.behind ? count : 0;
		s->waited_us = waited_us > s->waited_us ? waited_us : s->waited_us;
		int64_t takes_us = count * (s->backlog.behind ? READ_US : s->serve_us);
		s->now = mono_add_us(s->now, count > 0 ? takes_us : s->each_us);
	}
}

static void who_slept_and_finds_little_is_not_behind(void **state)
{
	(void)state;
	struct server s = { .each_us = 10000, .serve_us = 20 };
	for (int i = 0; i < 100; i++) {
		s.now = mono_add_us(s.now, 300000);
		serve(&s, 15000);
	}
	CHECK(s.waited_us >= 280000);
	assert_int_equal(s.behind, 0);
}

static void who_slept_and_soon_catches_up_is_not_behind(void **state)
{
	(void)state;
	struct server s = { .each_us = 100, .serve_us = 10 };
	for (int i = 0; i < 100; i++) {
		s.now = mono_add_us(s.now, 300000);
		serve(&s, 100000);
	}
	CHECK(s.waited_us >= 280000);
	assert_int_equal(s.behind, 0);
}

/* The socket is read empty by a batch that was just full: the next full one begins anew. */
static void full_batches_far_apart_are_not_one_backlog(void **state)
{
	(void)state;
	struct backlog b = { 0 };
	for (int i = 1; i < 100; i++) {
		struct mono now = { (int64_t)i * 1000000 };
		backlog_batch(&b, 200000, true, now);
		CHECK(!b.behind);
		backlog_batch(&b, 0, false, mono_add_us(now, 1000));
	}
}

static void who_cannot_keep_up_is_behind_until_it_has_caught_up(void **state)
{
	(void)state;
	struct server s = { .each_us = 100, .serve_us = 130 };
	serve(&s, 10000000);
	printf("# more than it can serve: %ld of %ld dropped, oldest waited %ld ms\n",
	       (long)s.behind, (long)s.came, (long)s.waited_us / 1000);
	CHECK(s.behind >= s.came / 10);
	CHECK(s.waited_us <= BACKLOG_LONG_US + 20000);
	s.serve_us = 50;
	serve(&s, 1000000);
	s.behind = 0;
	serve(&s, 10000000);
	assert_int_equal(s.behind, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_slept_and_finds_little_is_not_behind),
		TEST(who_slept_and_soon_catches_up_is_not_behind),
		TEST(full_batches_far_apart_are_not_one_backlog),
		TEST(who_cannot_keep_up_is_behind_until_it_has_caught_up),
	};
	return RUN("rtc/backlog", tests);
}
