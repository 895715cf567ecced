/*
 * uplink_line.h - what the line of a sender brings to us, and which tier it may be told to send.
 *
 * A browser has an estimate of its own and keeps it to itself; left alone it floods
 * lines below 100 kbit/s for ever (media.md, section 1).  So we watch what arrives:
 * queues by the time that each packet says it left (abs-send-time), loss, and the
 * rate.  What came while the line was overused is what it carries; beyond that a
 * tier is only tried, ever more rarely, and given up at the first sign of a queue.
 * A trial that must fail costs pictures: where packets that left close together
 * show that the line is slower than the next tier (burst_rate), there is none.
 *
 * Sound alone shows nothing of that kind.  But each packet takes its time on a thin line, even
 * where no queue stands: when all of them come sooner than the soonest did before, by a part
 * of that time, the line has changed and the next trial does not wait.  Pure.
 */
#ifndef PVL_CONGESTION_UPLINK_LINE_H
#define PVL_CONGESTION_UPLINK_LINE_H

#include "congestion/burst_rate.h"
#include "congestion/delay_trend.h"
#include "congestion/throughput.h"
#include "congestion/tiers.h"

/* Of sound alone: how late the soonest packet of each second was, beside its own time on the line. */
struct uplink_soonest {
	int64_t bps;         /* of the line as it was; 0: not known */
	int64_t second_us;   /* of this second; INT64_MAX: none came */
	int64_t before_us;   /* of all seconds that were no sooner; INT64_MAX: none */
	unsigned seconds;    /* so many of them */
	unsigned sooner;     /* seconds in a row, now */
	size_t packet_bytes; /* of the last packet */
};

struct uplink_line {
	bool timed; /* packets say when they left */
	uint32_t sent_24;
	int64_t sent_us; /* unwrapped */
	struct delay_trend trend;
	struct throughput throughput;
	struct burst_rate bursts;
	struct uplink_soonest soonest;
	struct uplink_soonest alone; /* when there was sound alone, before what was tried since */
	unsigned judged;

	enum ladder_kind kind;
	enum tier tier;
	struct mono since;   /* in it */
	bool rose;           /* into it */
	bool tries;          /* a tier beyond what it has carried, since ... */
	struct mono tried;   /* ... then */
	bool was_hinted;     /* bursts spoke for that, or packets that came sooner */
	bool deceives;       /* so they did for a trial that failed: they hasten none any more */
	struct mono strain;  /* the line was last overused, or lost too much */
	int64_t strain_bps;  /* what came then */
	int64_t ceiling_bps; /* what came while it was overused; INT64_MAX: no longer */
	int64_t wait_us;     /* how long it must be calm before a trial beyond that */
	bool fell;
	double lost; /* smoothed over some seconds */
};

void uplink_line_init(struct uplink_line *line, enum ladder_kind kind, struct mono now);
struct uplink_packet {
	size_t bytes; /* at the IP level */
	bool is_numbered;
	uint16_t number; /* transport-wide */
	bool is_timed;
	uint32_t sent_24; /* when it left, by abs-send-time: 24 bits of 6.18 fixed point seconds */
};

/* An authenticated packet; true if it shows that a trial has failed: the tier has changed. */
bool uplink_line_packet(struct uplink_line *line, const struct uplink_packet *packet,
			struct mono now);
/* Each second, with the share of its packets that did not come; true if the tier changed. */
bool uplink_line_step(struct uplink_line *line, double lost, struct mono now);

#endif
