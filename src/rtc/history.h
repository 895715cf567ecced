/*
 * history.h - the last packets of an incoming video layer, kept for retransmission.
 *
 * A log of bytes that overwrites its oldest: packets take what they are long,
 * not a slab each.  Memory comes with the first packet (HISTORY_BYTES) and is
 * shared by every receiver of the layer; one copy per incoming packet.
 * At 1 Mbit/s it holds a second.
 */
#ifndef PVL_RTC_HISTORY_H
#define PVL_RTC_HISTORY_H

#include "base/bytes.h"
#include "rtc/packet.h"

enum {
	HISTORY_HEADROOM = 2, /* before each payload: the caller's, for the number of RFC 4588 */
	HISTORY_BYTES = 128 * 1024,
	HISTORY_PACKETS = 512, /* no receiver's slot remembers more of them (SLOT_SENT) */
};

struct history_entry {
	uint64_t seq; /* never 0: counts start at SEQUENCE_START */
	uint64_t at;  /* of the payload, in the endless log */
	uint32_t timestamp;
	uint16_t len;
	uint8_t dependency_len; /* these two stand behind the payload */
	uint8_t orientation_len;
	uint8_t codec;
	bool marker;
};

struct history {
	uint8_t *log;                  /* HISTORY_BYTES, or NULL */
	uint64_t end;                  /* of the endless log; place modulo HISTORY_BYTES */
	struct history_entry *entries; /* HISTORY_PACKETS, by seq modulo it */
};

void history_clear(struct history *history);
/* Copies payload and extensions; what is longer than 2^16 - 1 bytes does not come from UDP. */
void history_put(struct history *history, const struct packet *packet);
/*
 * As it was put, but for frame, where only the codec is known.  Borrowed until the
 * next history_put(); the payload may be rewritten in place, and the HISTORY_HEADROOM bytes before
 * it too.  False if it never came or is overwritten.
 */
bool history_get(const struct history *history, uint64_t seq, struct packet *out);

#endif
