/*
 * throughput.h - the rate at which a receiver gets our packets, by its feedback.
 *
 * A Bayesian filter over short windows, as in Google congestion control: a
 * sample far from the estimate counts for less.  Windows are longer on thin
 * lines, where 150 ms hold a packet or two (media.md, section 10.2).  Pure.
 */
#ifndef PVL_CONGESTION_THROUGHPUT_H
#define PVL_CONGESTION_THROUGHPUT_H

#include <stddef.h>

#include "base/clock.h"

struct throughput {
	bool any;
	int64_t begun_us; /* of the window, the receiver's clock */
	size_t bytes;     /* in it */
	double bps;       /* 0: nothing known yet */
	double variance;  /* of kbit/s */
};

/* In the order of arrival; bytes at the IP level. */
void throughput_arrived(struct throughput *throughput, int64_t arrived_us, size_t bytes);
/* So many more came before the next, but the report of them was lost. */
void throughput_untold(struct throughput *throughput, size_t bytes);
/* Bits per second; 0: not known. */
int64_t throughput_bps(const struct throughput *throughput);

#endif
