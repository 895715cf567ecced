/*
 * delay_least.h - how long packets take at the least: what is longer is a queue.
 *
 * From one clock to another, so that only differences tell.  A route may change and
 * clocks drift: the least of the last one to two spans of time counts.  Pure.
 */
#ifndef PVL_CONGESTION_DELAY_LEAST_H
#define PVL_CONGESTION_DELAY_LEAST_H

#include <stdint.h>

enum {
	DELAY_LEAST_BASE_US =
	    30000000, /* a span long enough for a line to be without a queue in it */
};

struct delay_least {
	int64_t begun_us;
	int64_t now_us; /* of this span */
	int64_t before_us;
};

struct delay_least delay_least_none(void);
/* A packet that arrived then took so long; begins a new span after span_us. */
void delay_least_take(struct delay_least *least, int64_t span_us, int64_t at_us, int64_t took_us);
/* INT64_MAX: nothing arrived. */
int64_t delay_least_of(const struct delay_least *least);

#endif
