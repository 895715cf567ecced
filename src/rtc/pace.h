/*
 * pace.h - pictures wait for the receiver's line, sound never does.
 *
 * What a line cannot take at once waits here by name (source, number), not by
 * bytes: the payload stays in the sender's history, and a number of ours is
 * given only when the packet leaves, so what is left out makes no gap.  What
 * waited too long is left out up to the next key frame.  Probes leave from here
 * too, as padding.  Without feedback of the receiver nothing waits.
 */
#ifndef PVL_RTC_PACE_H
#define PVL_RTC_PACE_H

#include "rtc/slot.h"
#include "rtc/uplink.h"

enum {
	PACE_WAITING_MAX = 256, /* packets; about two seconds of a thin line */
	PACE_WAIT_US = 600000,
	PACE_WAIT_THIN_US = 2500000, /* a key frame alone takes more than a second there ... */
	PACE_WAIT_BITS = 375000,     /* ... and on other lines as long as so many bits take */
	PACE_LATE_US = 250000, /* pictures that others do not need are left out after so long */
	PACE_PAD_BYTES = 240,
};

struct pace_waiting {
	uint64_t seq;  /* of the source's stream */
	uint32_t from; /* member in the table */
	uint8_t slot;
	bool key;
	struct mono since;
};

struct pace {
	struct pace_waiting *ring; /* NULL until something waits */
	size_t first;
	size_t len;
	uint8_t cluster;     /* of the probe that was begun last */
	bool probing;        /* some of its bytes have not left */
	uint64_t probe_from; /* leg.wire_bytes at its beginning: all that leaves counts */
	struct mono probe_since;
	struct mono probe_at; /* the next padding, if nothing else leaves */
	uint32_t left_out;    /* packets */
};

struct member;
struct core;

void pace_clear(struct pace *pace);
/* A packet for this slot of the member: sent, or kept for later. */
enum slot_fate pace_forward(struct core *core, struct member *to, uint8_t slot,
			    const struct uplink *uplink, const struct packet *packet,
			    struct mono now);
/* Sends what may leave now, and the probe that is due. */
void pace_release(struct core *core, struct member *member, struct mono now);
/* When that is next to be done; MONO_NEVER: nothing waits. */
struct mono pace_next(const struct member *member);
/* No picture for this member until it says otherwise: what waits is left out. */
void pace_stop_video(struct core *core, struct member *member, struct mono now);

#endif
