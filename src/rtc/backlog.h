/*
 * backlog.h - whether a driver that reads datagrams in batches is behind.
 *
 * That datagrams waited long does not show it: a machine with much to do wakes us late, and what came
 * meanwhile is all there in one batch that is not full.  Pictures that are late once are worth sending on;
 * to drop them costs a key frame each time, which a thin line carries for a second.  Behind is who works
 * and works, finds one full batch after the other, and still finds what waited too long.  Pure.
 */
#ifndef PVL_RTC_BACKLOG_H
#define PVL_RTC_BACKLOG_H

#include <stdbool.h>

#include "base/clock.h"

enum {
	BACKLOG_LONG_US = 60000,  /* sound that is late by so much is still played */
	BACKLOG_SHORT_US = 10000, /* who finds nothing older has caught up */
	BACKLOG_WORK_US = 50000,  /* what is caught up with in this time drops nothing */
};

/* Of one socket. */
struct backlog {
	struct mono since; /* the first of the full batches */
	bool works;        /* the last batch was full */
	bool behind;
};

/* A batch was read now, and is about to be served: its oldest datagram waited so long; full: more may be
 * waiting. */
void backlog_batch(struct backlog *backlog, int64_t waited_us, bool full, struct mono now);

#endif
