/*
 * burst_rate.h - what a line carries, from packets that left faster than it takes them.
 *
 * Two packets that leave close together arrive as far apart as the line needs for the
 * second.  Senders do that by themselves with every picture of two packets, so whether a
 * line would carry more is known without sending more (packet pairs; Keshav 1991).  A pair
 * counts for the rate that is asked for if it left at least that fast: then it reads the
 * line's own rate where that is lower, and no less than the rate asked for where it is not.
 * Radio links that deliver in bunches say that they carry anything: so a yes is only a hint,
 * and a no that is nearly unanimous is believed.  Pure.
 */
#ifndef PVL_CONGESTION_BURST_RATE_H
#define PVL_CONGESTION_BURST_RATE_H

#include <stddef.h>

#include "base/clock.h"

enum {
	BURST_PAIRS = 16,          /* the last so many ... */
	BURST_FRESH_US = 20000000, /* ... of so long */
	BURST_PAIRS_LEAST = 6,     /* of fewer, chance speaks */
};

struct burst_packet {
	uint16_t number; /* transport-wide: nothing was lost between one and the next */
	size_t bytes;    /* at the IP level */
	int64_t sent_us; /* by the sender's clock */
	struct mono came;
};

struct burst_pair {
	bool carried; /* no slower than asked for */
	struct mono came;
};

struct burst_rate {
	int64_t asked_bps;
	bool any;
	struct burst_packet last;
	size_t len;
	size_t at;
	struct burst_pair pairs[BURST_PAIRS];
};

enum burst_says {
	BURST_UNKNOWN,
	BURST_CARRIES,
	BURST_CARRIES_LESS,
};

/* Whether the line carries so much; another rate than before forgets what was known. */
void burst_rate_ask(struct burst_rate *rate, int64_t bps);
void burst_rate_packet(struct burst_rate *rate, const struct burst_packet *packet);
enum burst_says burst_rate_says(const struct burst_rate *rate, struct mono now);

#endif
