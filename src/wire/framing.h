/*
 * framing.h - datagrams in a byte stream: two bytes of length before each (RFC 4571, RFC 6544).
 *
 * Pure.  framing_in takes bytes in pieces of any size and gives whole datagrams;
 * framing_out takes datagrams and gives bytes, as many as the stream will have.
 * What has waited too long in framing_out can be left out, in whole datagrams:
 * one of which a part has left is always finished.
 */
#ifndef PVL_WIRE_FRAMING_H
#define PVL_WIRE_FRAMING_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"

enum {
	FRAMING_HEAD = 2,
	FRAMING_DATAGRAM_MAX = 2048, /* what came by UDP could not be longer either */
	FRAMING_IN_BYTES = 4096,
	FRAMING_OUT_BYTES = 32768, /* a second of eight people's sound, and some pictures */
	FRAMING_OUT_DATAGRAMS = 256,
};

/* All zeros is empty. */
struct framing_in {
	size_t first;
	size_t end;
	uint8_t bytes[FRAMING_IN_BYTES];
};

/* Where the next *cap bytes may be written; never 0 once everything whole was taken. */
uint8_t *framing_in_room(struct framing_in *in, size_t *cap);
/* So many were written there. */
void framing_in_came(struct framing_in *in, size_t len);
/* The next whole datagram; it stands, and may be changed in place, until the next
 * framing_in_room().  Empty ones (which RFC 4571 allows) are passed over.  ERR_AGAIN: none is
 * whole yet.  ERR_LIMIT: one is longer than FRAMING_DATAGRAM_MAX, the stream is of no more use. */
MUST_USE enum err framing_in_take(struct framing_in *in, uint8_t **at, size_t *len);

struct framing_out_item {
	struct mono since;
	uint32_t len; /* with its head */
};

/* All zeros is empty. */
struct framing_out {
	size_t start; /* of what waits, in bytes */
	size_t end;
	size_t gone; /* bytes of the first datagram that have left */
	size_t first;
	size_t count;
	struct framing_out_item items[FRAMING_OUT_DATAGRAMS];
	uint8_t bytes[FRAMING_OUT_BYTES];
};

/* Copies it behind what waits; false: no room, or not 1 … FRAMING_DATAGRAM_MAX bytes. */
bool framing_out_put(struct framing_out *out, struct bytes datagram, struct mono now);
/* Everything that waits; borrowed until the next change. */
struct bytes framing_out_waiting(const struct framing_out *out);
/* So many of these bytes have left. */
void framing_out_left(struct framing_out *out, size_t len);
/* Leaves out what was put before that time, unless a part has left; returns how many. */
size_t framing_out_forget(struct framing_out *out, struct mono before);

#endif
