/*
 * pacer.h - when the next picture packet may go to a receiver.
 *
 * A bucket of bytes that fills at a little more than the line carries.  Sound
 * takes from it and never waits; pictures wait until it is not empty.  The
 * thinner the line, the closer the rate (media.md, section 6.3 step 11).  Pure.
 */
#ifndef PVL_CONGESTION_PACER_H
#define PVL_CONGESTION_PACER_H

#include <stddef.h>

#include "base/clock.h"

enum {
	PACER_THIN_BPS = 150000,
	PACER_BURST_US = 20000, /* so much may leave at once, and the packet that ends it */
	PACER_DEBT_US = 500000, /* what sound may take in advance */
};

struct pacer {
	int64_t bps; /* that the bucket fills at */
	double bytes;
	struct mono at;
};

void pacer_init(struct pacer *pacer, int64_t line_bps, struct mono now);
/* The line carries so much now. */
void pacer_set(struct pacer *pacer, int64_t line_bps, struct mono now);
bool pacer_may(struct pacer *pacer, struct mono now);
void pacer_spend(struct pacer *pacer, size_t bytes, struct mono now);
/* When pacer_may() will be true. */
struct mono pacer_next(const struct pacer *pacer);

#endif
