#include "sys/loop.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/signals.h"

enum {
	READY_MAX = 64, /* watches served in one turn; the rest come in the next */
	SIGNALS_MAX = 8,
};

struct loop {
	int epoll;
	bool stopped;
	struct loop_hooks hooks;
	struct mono rest_until; /* 0: no rest */
	int ready_len;          /* of this turn */
	struct epoll_event ready[READY_MAX];
};

enum err loop_open(const struct loop_hooks *hooks, struct loop **out)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	if (fd < 0)
		return ERR_SYS;
	struct loop *loop = mem_new(1, sizeof *loop);
	loop->epoll = fd;
	loop->hooks = *hooks;
	*out = loop;
	return OK;
}

void loop_close(struct loop *loop)
{
	if (!loop)
		return;
	close(loop->epoll);
	free(loop);
}

static enum err control(struct loop *loop, int op, struct watch *watch, unsigned what)
{
	struct epoll_event e = { .data.ptr = watch };
	if (what & LOOP_READ)
		e.events |= EPOLLIN | EPOLLRDHUP;
	if (what & LOOP_WRITE)
		e.events |= EPOLLOUT;
	return epoll_ctl(loop->epoll, op, watch->fd, &e) == 0 ? OK : ERR_SYS;
}

enum err loop_watch(struct loop *loop, struct watch *watch, unsigned what)
{
	return control(loop, EPOLL_CTL_ADD, watch, what);
}

enum err loop_change(struct loop *loop, struct watch *watch, unsigned what)
{
	return control(loop, EPOLL_CTL_MOD, watch, what);
}

void loop_forget(struct loop *loop, struct watch *watch)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	for (int i = 0; i < loop->ready_len; i++)
		if (loop->ready[i].data.ptr == watch)
			loop->ready[i].data.ptr = NULL;
}

/* How long to sleep: until the deadline, max_ms or for ever (NULL). */
static struct timespec *sleep_length(struct loop *loop, int max_ms, struct timespec *t)
{
	int64_t us = max_ms < 0 ? INT64_MAX : (int64_t)max_ms * 1000;
	struct mono at;
	if (loop->hooks.next && loop->hooks.next(loop->hooks.owner, &at)) {
		int64_t left = mono_diff_us(at, mono_now());
		us = left < 0 ? 0 : left < us ? left : us;
	}
	if (us == INT64_MAX)
		return NULL;
	t->tv_sec = us / 1000000;
	t->tv_nsec = us % 1000000 * 1000;
	return t;
}

static void rest(struct loop *loop)
{
	int64_t us = loop->rest_until.us;
	struct timespec until = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	if (us > 0)
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	loop->rest_until = (struct mono){ 0 };
}

static unsigned what_of(uint32_t events)
{
	unsigned what = 0;
	if (events & EPOLLIN)
		what |= LOOP_READ;
	if (events & EPOLLOUT)
		what |= LOOP_WRITE;
	if (events & (EPOLLHUP | EPOLLRDHUP | EPOLLERR))
		what |= LOOP_HANGUP;
	return what;
}

enum err loop_turn(struct loop *loop, int max_ms)
{
	struct timespec t;
	rest(loop);
	struct timespec *length = sleep_length(loop, max_ms, &t);
	loop->ready_len = epoll_pwait2(loop->epoll, loop->ready, READY_MAX, length, NULL);
	if (loop->ready_len < 0 && errno != EINTR)
		return ERR_SYS;
	struct mono now = mono_now();
	for (int i = 0; i < loop->ready_len; i++) {
		struct watch *watch = loop->ready[i].data.ptr;
		if (watch) /* not forgotten by an earlier one */
			watch->ready(watch, what_of(loop->ready[i].events), now);
	}
	loop->ready_len = 0;
	if (loop->hooks.after_turn)
		loop->hooks.after_turn(loop->hooks.owner, now);
	return OK;
}

enum err loop_run(struct loop *loop)
{
	while (!loop->stopped) {
		enum err err = loop_turn(loop, -1);
		if (err)
			return err;
	}
	return OK;
}

void loop_rest(struct loop *loop, struct mono until)
{
	loop->rest_until = until;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

static void signals_ready(struct watch *watch, unsigned what, struct mono now)
{
	(void)what;
	struct signal_watch *signals = watch->owner;
	struct signalfd_siginfo info;
	if (read(watch->fd, &info, sizeof info) == sizeof info)
		signals->got(signals->owner, (int)info.ssi_signo, now);
}

enum err signal_watch_open(struct loop *loop, struct signal_watch *signals, const int *numbers,
			   size_t count)
{
	int fd = -1;
	ASSERT(count <= SIGNALS_MAX);
	enum err err = signals_open(numbers, count, &fd);
	if (err != OK)
		return err;
	signals->watch = (struct watch){ .fd = fd, .ready = signals_ready, .owner = signals };
	err = loop_watch(loop, &signals->watch, LOOP_READ);
	if (err)
		close(fd);
	return err;
}

void signal_watch_close(struct loop *loop, struct signal_watch *signals)
{
	loop_forget(loop, &signals->watch);
	close(signals->watch.fd);
}
