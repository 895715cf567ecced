/*
 * outbox.h - the datagrams to be sent, in memory of a fixed size.
 *
 * Filled by an input or a tick, drained by the driver before the next one.  What
 * waits here can be cut: a source that may no longer be heard is not sent, even
 * if it was encrypted already.
 */
#ifndef PVL_RTC_OUTBOX_H
#define PVL_RTC_OUTBOX_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/clock.h"

enum {
	OUTBOX_DATAGRAMS = 1024,
	OUTBOX_BYTES = 1504, /* of one datagram */
	/* The last ones are kept for audio, handshakes and answers: video is dropped first. */
	OUTBOX_RESERVE = 256,
	OUTBOX_NO_TAG = 0,
};

struct outbox_item {
	struct address to;
	uint32_t tag; /* of the slot that fills it; OUTBOX_NO_TAG for what is no media */
	uint16_t len; /* 0: cut */
};

struct outbox {
	uint8_t *memory;
	struct outbox_item *items;
	size_t len;         /* filled */
	size_t taken;       /* handed to the driver */
	struct mono leaves; /* the driver's clock: what is put in leaves now, not earlier */
};

void outbox_init(struct outbox *outbox);
void outbox_clear(struct outbox *outbox);
/* Where OUTBOX_BYTES may be written, NULL if full.  Until outbox_add() nothing is queued. */
uint8_t *outbox_room(struct outbox *outbox, bool spare_the_reserve);
/* Queues what was written there. */
void outbox_add(struct outbox *outbox, const struct address *to, size_t len, uint32_t tag);
/* Drops what waits with this tag. */
void outbox_cut(struct outbox *outbox, uint32_t tag);
/* The next datagram, its bytes stand until the next outbox_room(); false: none. */
bool outbox_take(struct outbox *outbox, struct address *to, struct bytes *bytes);

#endif
