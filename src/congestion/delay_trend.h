/*
 * delay_trend.h - whether the queue of a line grows, from when packets left and arrived.
 *
 * The inter-arrival filter, trendline and overuse detector of Google congestion
 * control (draft-ietf-rmcat-gcc-02, sections 5.1-5.4, with the trendline that
 * replaced the Kalman filter; constants: media.md, section 10.1).  Packets that
 * left within 5 ms are one group; the delay that each group gained or lost
 * against the one before is summed, smoothed and fitted with a line over 20
 * groups.  A slope above an adaptive threshold is overuse.
 *
 * A queue that is full grows no more, and is overuse all the same: so is one that
 * stands, where the quickest packet of the last half second took 100 ms, and what
 * one of a picture takes on this line, longer than the quickest of the last minute
 * (the idea of CoDel, RFC 8289).
 * Pure; about 0.5 KiB.
 */
#ifndef PVL_CONGESTION_DELAY_TREND_H
#define PVL_CONGESTION_DELAY_TREND_H

#include <stddef.h>

#include "base/clock.h"
#include "congestion/delay_least.h"

enum {
	DELAY_TREND_WINDOW = 20,       /* groups */
	DELAY_TREND_SILENT_US = 500000 /* without arrivals the verdict is void */
};

enum line_use {
	LINE_NORMAL,
	LINE_UNDERUSED, /* a queue drains */
	LINE_OVERUSED,  /* a queue grows */
};

struct delay_group {
	bool any;
	struct mono first_sent;
	struct mono last_sent;
	int64_t first_arrived_us; /* the receiver's clock */
	int64_t last_arrived_us;
};

struct delay_trend {
	struct delay_group current;
	struct delay_group before;
	unsigned reordered; /* groups in a row that arrived before their predecessor */

	double delay_ms; /* gained since the beginning */
	double smoothed_ms;
	unsigned deltas;
	size_t len; /* of the window, a ring */
	size_t at;
	double x_ms[DELAY_TREND_WINDOW]; /* arrival */
	double y_ms[DELAY_TREND_WINDOW]; /* smoothed delay */
	int64_t first_arrived_us;

	struct delay_least recent; /* how long packets took, from one clock to another */
	struct delay_least base;
	int64_t packet_us; /* that one of a picture takes */
	bool stands;       /* a queue */

	double slope_before;
	double threshold_ms; /* 0: not started */
	double over_ms;      /* above the threshold for so long; negative: not */
	unsigned over_count;
	int64_t adapted_us;
	enum line_use use;
};

void delay_trend_init(struct delay_trend *trend);
/* The line carries so much, as far as is known. */
void delay_trend_set_rate(struct delay_trend *trend, int64_t bps);
/* Begins anew, but for how quick the line can be, and whether a queue stands. */
void delay_trend_restart(struct delay_trend *trend);
/* One packet that arrived; in the order of arrival. */
void delay_trend_arrived(struct delay_trend *trend, struct mono sent, int64_t arrived_us);

#endif
