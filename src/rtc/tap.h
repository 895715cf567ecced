/*
 * tap.h - what of a social visit goes to pvl-record and to pvl-hints: packets in the clear, in batches.
 *
 * The only way there.  An uplink is tapped while visit.c says so (uplink.recorded, uplink.hinted), which
 * it does by the routes alone and never in a legal visit.  Nothing comes back.  pvl-hints gets the
 * packets of key frames of a picture alone.
 */
#ifndef PVL_RTC_TAP_H
#define PVL_RTC_TAP_H

#include "rtc/core.h"
#include "rtc/packet.h"
#include "rtc/uplink.h"

enum {
	TAP_PACKETS_MS = 200,            /* a batch is sent when its first packet is so old ... */
	TAP_FULL = RECORD_BATCH_MAX / 2, /* ... or it holds so many bytes */
};

void tap_init(struct tap *tap);
void tap_clear(struct tap *tap);
/* Before the packet is rewritten for anybody. */
void tap_packet(struct tap *tap, struct visit_id visit, const struct packet *packet,
		struct mono now);
/* The same if it is of a key frame. */
void tap_key_packet(struct tap *tap, struct visit_id visit, struct uplink *uplink,
		    const struct packet *packet, struct mono now);
/* The batch if it is to be sent now, else nothing. */
struct bytes tap_batch(struct tap *tap, struct mono now);
/* It was sent, or there was no room: then its packets are lost, and the next batch says so. */
void tap_taken(struct tap *tap, bool sent);

#endif
