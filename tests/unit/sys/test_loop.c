#include "sys/loop.h"

#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "../check.h"
#include "sys/clock.h"

struct scene {
	struct loop *loop;
	struct watch a, b;
	int pipe_a[2], pipe_b[2];
	int calls_a, calls_b, turns, signal;
	unsigned what;
	struct mono deadline;
	bool has_deadline;
};

static void ready_a(struct watch *w, unsigned what, struct mono now)
{
	struct scene *s = w->owner;
	(void)now;
	s->calls_a++;
	s->what = what;
}

static void ready_b(struct watch *w, unsigned what, struct mono now)
{
	struct scene *s = w->owner;
	(void)what;
	(void)now;
	s->calls_b++;
}

static void forgets_the_other(struct watch *w, unsigned what, struct mono now)
{
	struct scene *s = w->owner;
	(void)what;
	(void)now;
	s->calls_a++;
	loop_forget(s->loop, w == &s->a ? &s->b : &s->a);
}

static bool next(void *owner, struct mono *at)
{
	struct scene *s = owner;
	*at = s->deadline;
	return s->has_deadline;
}

static void after(void *owner, struct mono now)
{
	struct scene *s = owner;
	(void)now;
	s->turns++;
}

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	struct loop_hooks hooks = { .owner = s, .next = next, .after_turn = after };
	if (pipe(s->pipe_a) || pipe(s->pipe_b) || loop_open(&hooks, &s->loop))
		return 1;
	s->a = (struct watch){ .fd = s->pipe_a[0], .ready = ready_a, .owner = s };
	s->b = (struct watch){ .fd = s->pipe_b[0], .ready = ready_b, .owner = s };
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	loop_close(s->loop);
	for (int i = 0; i < 2; i++) {
		close(s->pipe_a[i]);
		close(s->pipe_b[i]);
	}
	free(s);
	return 0;
}

static void calls_only_what_is_ready_and_then_the_hook(void **state)
{
	struct scene *s = *state;
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == OK);
	CHECK(loop_watch(s->loop, &s->b, LOOP_READ) == OK);
	CHECK(write(s->pipe_b[1], "x", 1) == 1);
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 0 && s->calls_b == 1 && s->turns == 1);
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == ERR_SYS); /* twice is a mistake */
}

static void waits_for_the_deadline_and_not_longer(void **state)
{
	struct scene *s = *state;
	struct mono start = mono_now();
	s->has_deadline = true;
	s->deadline = mono_add_ms(start, 20);
	CHECK(loop_turn(s->loop, 5000) == OK);
	int64_t us = mono_diff_us(mono_now(), start);
	CHECK(us >= 20000 && us < 1000000);
	CHECK(loop_turn(s->loop, 5000) == OK); /* a past deadline does not wait */
	CHECK(mono_diff_us(mono_now(), start) < 1000000);
	CHECK(s->turns == 2 && s->calls_a == 0);
}

static void rests(struct watch *w, unsigned what, struct mono now)
{
	struct scene *s = w->owner;
	ready_a(w, what, now);
	if (s->calls_a == 1)
		loop_rest(s->loop, mono_add_ms(now, 20));
}

static void a_rest_delays_the_next_turn_and_only_that(void **state)
{
	struct scene *s = *state;
	struct mono start = mono_now();
	s->a.ready = rests;
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == OK);
	CHECK(write(s->pipe_a[1], "x", 1) == 1); /* never read: ready in each turn */
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 1);
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 2 && mono_diff_us(mono_now(), start) >= 20000);
	CHECK(loop_turn(s->loop, 0) == OK); /* a rest that was asked for earlier is over */
	CHECK(s->calls_a == 3 && mono_diff_us(mono_now(), start) < 1000000);
}

static void a_forgotten_watch_is_not_called_in_the_same_turn(void **state)
{
	struct scene *s = *state;
	s->a.ready = s->b.ready = forgets_the_other;
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == OK);
	CHECK(loop_watch(s->loop, &s->b, LOOP_READ) == OK);
	CHECK(write(s->pipe_a[1], "x", 1) == 1 && write(s->pipe_b[1], "x", 1) == 1);
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 1);
}

static void a_closed_other_end_is_a_hang_up(void **state)
{
	struct scene *s = *state;
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == OK);
	close(s->pipe_a[1]);
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 1 && (s->what & LOOP_HANGUP));
	s->pipe_a[1] = dup(s->pipe_b[1]);
}

static void interest_in_writing_can_be_switched_on(void **state)
{
	struct scene *s = *state;
	s->a.fd = s->pipe_a[1];
	CHECK(loop_watch(s->loop, &s->a, 0) == OK);
	CHECK(loop_turn(s->loop, 10) == OK);
	CHECK(s->calls_a == 0);
	CHECK(loop_change(s->loop, &s->a, LOOP_WRITE) == OK);
	CHECK(loop_turn(s->loop, 1000) == OK);
	CHECK(s->calls_a == 1 && s->what == LOOP_WRITE);
}

static void another_epoll_can_be_watched(void **state)
{
	struct scene *s = *state;
	struct epoll_event e = { .events = EPOLLIN };
	s->a.fd = epoll_create1(0);
	CHECK(epoll_ctl(s->a.fd, EPOLL_CTL_ADD, s->pipe_b[0], &e) == 0);
	CHECK(loop_watch(s->loop, &s->a, LOOP_READ) == OK);
	CHECK(loop_turn(s->loop, 10) == OK && s->calls_a == 0);
	CHECK(write(s->pipe_b[1], "x", 1) == 1);
	CHECK(loop_turn(s->loop, 1000) == OK && s->calls_a == 1);
	loop_forget(s->loop, &s->a);
	close(s->a.fd);
}

static void got_signal(void *owner, int signal, struct mono now)
{
	struct scene *s = owner;
	(void)now;
	s->signal = signal;
	loop_stop(s->loop);
}

static void a_signal_is_an_event_and_may_stop_the_loop(void **state)
{
	struct scene *s = *state;
	static const int numbers[] = { SIGTERM, SIGHUP };
	struct signal_watch w = { .got = got_signal, .owner = s };
	CHECK(signal_watch_open(s->loop, &w, numbers, 2) == OK);
	kill(getpid(), SIGTERM);
	CHECK(loop_run(s->loop) == OK);
	CHECK(s->signal == SIGTERM);
	signal_watch_close(s->loop, &w);
}

#define SCENE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(calls_only_what_is_ready_and_then_the_hook),
		SCENE(waits_for_the_deadline_and_not_longer),
		SCENE(a_rest_delays_the_next_turn_and_only_that),
		SCENE(a_forgotten_watch_is_not_called_in_the_same_turn),
		SCENE(a_closed_other_end_is_a_hang_up),
		SCENE(interest_in_writing_can_be_switched_on),
		SCENE(another_epoll_can_be_watched),
		SCENE(a_signal_is_an_event_and_may_stop_the_loop),
	};
	return RUN("sys/loop", tests);
}
