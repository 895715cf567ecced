/*
 * waver.h - how unevenly a line delivers: what it holds back for a while and then lets go at once.
 *
 * A radio sends in turns, a busy receiver reads in turns; how fast a few packets come then says
 * little of what the line carries.  Packets that come closer together than they left, and than even
 * a line of twice the rate would bring them, were held back: by so much the times of arrival waver.
 * A queue that grows or drains shows none of that.  Pure.
 */
#ifndef PVL_CONGESTION_WAVER_H
#define PVL_CONGESTION_WAVER_H

#include <stddef.h>

#include "base/clock.h"
#include "congestion/delay_least.h"

enum {
	WAVER_SPAN_US = 5000000, /* the most within the last one to two of these counts */
};

struct waver {
	bool any;
	struct mono sent; /* the last packet */
	int64_t arrived_us;
	int64_t left_us;          /* how far what leaves is ahead of such a line, ... */
	int64_t came_us;          /* ... and what comes */
	struct delay_least least; /* of the one less the other */
};

void waver_init(struct waver *waver);
/* In the order of arrival; the line is known to carry bps. */
void waver_arrived(struct waver *waver, struct mono sent, int64_t arrived_us, size_t bytes,
		   int64_t bps);
/* 0: it delivers evenly. */
int64_t waver_us(const struct waver *waver);

#endif
