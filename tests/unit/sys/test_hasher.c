#include "sys/hasher.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "../check.h"
#include "sys/clock.h"

static struct hasher *h;

static struct hasher_result wait_for_one(void)
{
	struct hasher_result r = { .err = ERR_BAD };
	struct pollfd f = { .fd = hasher_fd(h), .events = POLLIN };
	if (poll(&f, 1, 20000) == 1)
		CHECK(hasher_next_result(h, mono_now(), &r));
	return r;
}

static void the_right_password_matches_and_others_do_not(void **state)
{
	(void)state;
	struct bytes right = bytes_from_text("correct horse"),
		     wrong = bytes_from_text("correct horsf");
	CHECK(hasher_make(h, 1, right, mono_now()) == OK);
	struct hasher_result made = wait_for_one();
	CHECK(made.job == 1 && made.err == OK);
	CHECK(strncmp(made.hash, "$argon2id$v=19$m=65536,", 23) == 0);
	CHECK(hasher_check(h, 2, right, str_from(made.hash), mono_now()) == OK);
	struct hasher_result r = wait_for_one();
	CHECK(r.job == 2 && r.err == OK && r.matches);
	CHECK(hasher_check(h, 3, wrong, str_from(made.hash), mono_now()) == OK);
	r = wait_for_one();
	CHECK(r.job == 3 && r.err == OK && !r.matches);
}

static void salt_makes_every_hash_its_own(void **state)
{
	(void)state;
	CHECK(hasher_make(h, 4, bytes_from_text("x"), mono_now()) == OK);
	CHECK(hasher_make(h, 5, bytes_from_text("x"), mono_now()) == OK);
	struct hasher_result a = wait_for_one(), b = wait_for_one();
	CHECK(a.err == OK && b.err == OK && a.job + b.job == 9 && strcmp(a.hash, b.hash) != 0);
}

static void a_garbled_hash_matches_nothing(void **state)
{
	(void)state;
	CHECK(hasher_check(h, 6, bytes_from_text("x"), STR("not a hash"), mono_now()) == OK);
	struct hasher_result r = wait_for_one();
	CHECK(r.job == 6 && r.err == OK && !r.matches);
	char longer[HASHER_HASH_ROOM + 1] = { 0 };
	memset(longer, 'a', HASHER_HASH_ROOM);
	CHECK(hasher_check(h, 7, bytes_from_text("x"), str_from(longer), mono_now()) == ERR_BAD);
}

static void too_many_jobs_and_too_long_a_password_are_refused(void **state)
{
	(void)state;
	static uint8_t huge[HASHER_PASSWORD_MAX + 1];
	CHECK(hasher_make(h, 8, bytes_of(huge, sizeof huge), mono_now()) == ERR_LIMIT);
	uint64_t taken = 0;
	while (taken <= HASHER_JOBS_MAX &&
	       hasher_check(h, 100 + taken, bytes_from_text("x"), STR("bad"), mono_now()) == OK)
		taken++;
	CHECK(taken == HASHER_JOBS_MAX);
	for (uint64_t i = 0; i < taken; i++)
		CHECK(wait_for_one().err == OK);
	CHECK(hasher_check(h, 9, bytes_from_text("x"), STR("bad"), mono_now()) == OK);
	CHECK(wait_for_one().job == 9);
}

static void a_job_that_nobody_does_times_out(void **state)
{
	(void)state;
	struct mono now = mono_now(), at;
	struct hasher_result r;
	CHECK(!hasher_next(h, &at));
	/* submitted long ago: the worker's answer is then too late and is not told twice */
	CHECK(hasher_make(h, 10, bytes_from_text("x"), mono_add_ms(now, -HASHER_TIMEOUT_MS)) == OK);
	CHECK(hasher_next(h, &at) && at.us == now.us);
	CHECK(hasher_next_result(h, now, &r) && r.job == 10 && r.err == ERR_TIMEOUT);
	struct pollfd f = { .fd = hasher_fd(h), .events = POLLIN };
	CHECK(poll(&f, 1, 20000) == 1);
	CHECK(!hasher_next_result(h, mono_now(), &r));
}

static void one_hash_takes_about_as_long_as_meant(void **state)
{
	(void)state;
	struct mono start = mono_now();
	CHECK(hasher_make(h, 11, bytes_from_text("password"), start) == OK);
	CHECK(wait_for_one().err == OK);
	int64_t ms = mono_diff_us(mono_now(), start) / 1000;
	print_message("# one hash: %d ms\n", (int)ms);
	CHECK(ms >= 10); /* less would be another function than argon2id over 64 MiB */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_right_password_matches_and_others_do_not),
		TEST(salt_makes_every_hash_its_own),
		TEST(a_garbled_hash_matches_nothing),
		TEST(too_many_jobs_and_too_long_a_password_are_refused),
		TEST(a_job_that_nobody_does_times_out),
		TEST(one_hash_takes_about_as_long_as_meant),
	};
	if (hasher_open(2, &h))
		return 1;
	int failed = RUN("sys/hasher", tests);
	hasher_close(h);
	return failed;
}
