/*
 * uplink_line.h - what the line of a sender brings to us, and which tier it may be told to send.
 *
 * A browser has an estimate of its own and keeps it to itself; left alone it floods
 * lines below 100 kbit/s for ever (media.md, section 1).  So we watch what arrives:
 * queues by the time that each packet says it left (abs-send-time), loss, and the
 * rate.  What came while the line was overused is what it carries; beyond that a
 * tier is only tried, ever more rarely.  Pure.
 */
#ifndef PVL_CONGESTION_UPLINK_LINE_H
#define PVL_CONGESTION_UPLINK_LINE_H

#include "congestion/delay_trend.h"
#include "congestion/throughput.h"
#include "congestion/tiers.h"

struct uplink_line {
	bool timed; /* packets say when they left */
	uint32_t sent_24;
	int64_t sent_us; /* unwrapped */
	struct delay_trend trend;
	struct throughput throughput;
	unsigned judged;

	enum tier tier;
	struct mono since;   /* in it */
	struct mono strain;  /* the line was last overused, or lost too much */
	int64_t strain_bps;  /* what came then */
	int64_t ceiling_bps; /* what came while it was overused; INT64_MAX: no longer */
	int64_t wait_us;     /* how long it must be calm before a trial beyond that */
	bool fell;
	double lost; /* smoothed over some seconds */
};

void uplink_line_init(struct uplink_line *line, struct mono now);
/* An authenticated packet of so many bytes at the IP level. */
void uplink_line_packet(struct uplink_line *line, size_t bytes, struct mono now);
/* When it left, by abs-send-time: 24 bits of 6.18 fixed point seconds. */
void uplink_line_left(struct uplink_line *line, uint32_t sent_24, struct mono now);
/* Each second, with the share of its packets that did not come; true if the tier changed. */
bool uplink_line_step(struct uplink_line *line, double lost, struct mono now);

#endif
