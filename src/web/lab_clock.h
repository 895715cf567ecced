/*
 * lab_clock.h - the clock of a lab, which goes as the world's and can be put forward.
 *
 *	POST /lab/clock {"ahead_s": 86400}     → {"now": "2026-11-24T10:07:00Z"}
 *
 * Only with --lab and from loopback.  A week passes in a test as it does in a
 * prison: each turn of the loop has its time from here, so everything that waits
 * for a time happens.  It is never put back: what was written is not in the future.
 */
#ifndef PVL_WEB_LAB_CLOCK_H
#define PVL_WEB_LAB_CLOCK_H

#include "web/route.h"

extern const struct route_group lab_clock_routes;

#endif
