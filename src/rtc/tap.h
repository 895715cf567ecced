/*
 * tap.h - what of a social visit goes to pvl-record: packets in the clear, in batches.
 *
 * The only way there.  An uplink is tapped while visit.c says so (uplink.recorded), which it does
 * by the routes alone and never in a legal visit.  Nothing comes back.
 */
#ifndef PVL_RTC_TAP_H
#define PVL_RTC_TAP_H

#include "rtc/core.h"
#include "rtc/packet.h"

enum {
	TAP_PACKETS_MS = 200,            /* a batch is sent when its first packet is so old ... */
	TAP_FULL = RECORD_BATCH_MAX / 2, /* ... or it holds so many bytes */
};

void tap_init(struct core *core);
void tap_clear(struct core *core);
/* Before the packet is rewritten for anybody. */
void tap_packet(struct core *core, struct visit_id visit, const struct packet *packet,
		struct mono now);
/* The batch if it is to be sent now, else nothing. */
struct bytes tap_batch(struct core *core, struct mono now);
/* It was sent, or there was no room: then its packets are lost, and the next batch says so. */
void tap_taken(struct core *core, bool sent);

#endif
