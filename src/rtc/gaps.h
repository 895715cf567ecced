/*
 * gaps.h - which packets of an incoming video stream are missing, and when to ask for them.
 *
 * A gap is asked for (NACK) first after max(5 ms, the usual lateness of this
 * stream), then once per round trip, at most GAPS_TRIES times; what is older
 * than the last key frame is not asked for (media.md, section 6.3 step 8).
 * Also tells first arrivals from repeats, so that no packet is forwarded twice.
 * Pure; fixed memory, about 6 KiB.
 */
#ifndef PVL_RTC_GAPS_H
#define PVL_RTC_GAPS_H

#include "base/clock.h"

#include <stddef.h>

enum {
	GAPS_MAX = 256,  /* missing packets known at one time */
	GAPS_TRIES = 10, /* then the packet is given up */
	GAPS_FIRST_US = 5000,
	GAPS_LATE_MAX_US = 50000, /* lateness by reordering beyond this is loss */
};

enum gaps_arrival {
	GAPS_NEW,    /* newer than all before */
	GAPS_FILLED, /* it was missing */
	GAPS_OLD,    /* a repeat, or given up before: do not forward */
	GAPS_JUMPED, /* new, and too far ahead to ask for what lies between: a key frame is needed */
};

struct gap {
	uint64_t seq;
	struct mono first; /* noticed */
	struct mono asked; /* last; meaningless while tries is 0 */
	uint8_t tries;
};

struct gaps {
	bool started;
	uint64_t newest;
	int64_t late_us; /* how late reordered packets come, slowly forgotten */
	uint32_t given_up;
	size_t len;
	struct gap list[GAPS_MAX]; /* rising seq */
};

enum gaps_arrival gaps_arrived(struct gaps *gaps, uint64_t seq, struct mono now);
/* A key frame starts at seq: what is older is given up. */
void gaps_key_frame(struct gaps *gaps, uint64_t seq);
/* The numbers to ask for now, rising, at most max; gives up what was asked for too often. */
size_t gaps_ask(struct gaps *gaps, struct mono now, int64_t rtt_us, uint16_t *out, size_t max);
/* When gaps_ask() will next have something; false if nothing is missing. */
bool gaps_next(const struct gaps *gaps, int64_t rtt_us, struct mono *at);

#endif
