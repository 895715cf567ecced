/*
 * loop.h - one thread's event loop: epoll, one deadline, signals.
 *
 * A turn: wait until a watch is ready or the deadline has come; read the time
 * once; call ready() of each ready watch; call after_turn().  The deadline is
 * asked for anew before each wait.  Any fd that epoll can watch may be one,
 * another epoll fd too (libmicrohttpd's).
 *
 * Watches are the caller's memory and must stand until loop_forget().  A watch
 * may forget itself or any other from within ready(): a forgotten watch is
 * not called again, not even in the same turn.
 */
#ifndef PVL_SYS_LOOP_H
#define PVL_SYS_LOOP_H

#include <signal.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"

enum {
	LOOP_READ = 1,
	LOOP_WRITE = 2,
	LOOP_HANGUP = 4, /* reported always, never asked for */
};

struct watch {
	int fd;
	void (*ready)(struct watch *watch, unsigned what, struct mono now);
	void *owner; /* for ready() */
};

/* What the program adds to each turn; any of them may be NULL. */
struct loop_hooks {
	void *owner;
	/* When to wake though nothing is ready; false: no need. */
	bool (*next)(void *owner, struct mono *at);
	void (*after_turn)(void *owner, struct mono now);
};

struct loop;

MUST_USE enum err loop_open(const struct loop_hooks *hooks, struct loop **out);
void loop_close(struct loop *loop);

/* what: LOOP_READ, LOOP_WRITE or both; level-triggered. */
MUST_USE enum err loop_watch(struct loop *loop, struct watch *watch, unsigned what);
/* Changes what a known watch waits for; 0 waits for hang-up alone. */
MUST_USE enum err loop_change(struct loop *loop, struct watch *watch, unsigned what);
/* Before its fd is closed. */
void loop_forget(struct loop *loop, struct watch *watch);

/* Turns until loop_stop(). */
MUST_USE enum err loop_run(struct loop *loop);
/* One turn, which waits at most max_ms for something to do (tests; -1: no limit). */
MUST_USE enum err loop_turn(struct loop *loop, int max_ms);
/* The next turn begins no sooner than this: what comes meanwhile is served together.  Asked for
 * anew in each turn. */
void loop_rest(struct loop *loop, struct mono until);
/* Ends loop_run() after this turn. */
void loop_stop(struct loop *loop);

/*
 * Signals as events.  The signals are blocked for the process and its
 * descendants (child.h unblocks them before exec); got() runs inside a turn.
 */
struct signal_watch {
	struct watch watch;
	void (*got)(void *owner, int signal, struct mono now);
	void *owner;
};

MUST_USE enum err signal_watch_open(struct loop *loop, struct signal_watch *signals,
				    const int *numbers, size_t count);
void signal_watch_close(struct loop *loop, struct signal_watch *signals);

#endif
