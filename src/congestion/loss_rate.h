/*
 * loss_rate.h - the rate above which a line loses more than it always does.
 *
 * After the loss-based estimator v2 of libwebrtc: a line is modelled by two
 * numbers, the loss it has anyway and the rate it carries; what is sent beyond
 * that rate is lost too.  Of a few candidate rates the one under which the
 * losses of the last seconds were likeliest is taken, with a leaning to the
 * higher.  So random loss of the line, which a lower rate would not cure, does
 * not lower the rate, and a full queue or a policer does.  Bounds: media.md,
 * section 10.1.  Pure; about 1 KiB.
 */
#ifndef PVL_CONGESTION_LOSS_RATE_H
#define PVL_CONGESTION_LOSS_RATE_H

#include <stddef.h>

#include "base/clock.h"

enum {
	LOSS_RATE_WINDOW = 20, /* observations of at least 250 ms */
};

struct loss_observation {
	double kilobytes;
	double lost; /* of them */
	double sent_bps;
};

struct loss_rate {
	int64_t bps;     /* INT64_MAX: losses limit nothing */
	double inherent; /* share that is lost anyway */
	bool limits;
	bool falling;             /* the last change was downwards */
	int64_t window_limit_bps; /* while it recovers */
	struct mono window_until;
	struct mono hold_until; /* no rise before, after a fall */
	int64_t hold_us;        /* the next one */

	bool any;
	struct mono begun; /* of the observation under way, by time of sending */
	struct mono newest;
	struct loss_observation now;
	size_t len;
	size_t at;
	struct loss_observation window[LOSS_RATE_WINDOW];
};

void loss_rate_init(struct loss_rate *rate);
/* One packet whose fate is known. */
void loss_rate_packet(struct loss_rate *rate, struct mono sent, size_t bytes, bool lost);
/*
 * After a feedback: delay_bps is what delays allow, throughput_bps what
 * arrives (0: not known).  rate->bps is then the bound that losses set.
 */
void loss_rate_update(struct loss_rate *rate, int64_t delay_bps, int64_t throughput_bps);
/* A probe has shown what the line carries: a bound below it is void. */
void loss_rate_proven(struct loss_rate *rate, int64_t bps);
/* The share lost in the window, newest counting most; 0 to 1. */
double loss_rate_share(const struct loss_rate *rate);

#endif
