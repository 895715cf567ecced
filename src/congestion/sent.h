/*
 * sent.h - what left for one receiver, by transport-wide number, until its feedback comes.
 *
 * draft-holmer-rmcat-transport-wide-cc-extensions-01: every packet of the leg
 * has a number of 16 bits; the receiver tells which arrived and when.  A ring
 * of the newest SENT_MAX: what is older is forgotten, its feedback counts for
 * nothing.  Pure; fixed memory, 24 KiB.
 */
#ifndef PVL_CONGESTION_SENT_H
#define PVL_CONGESTION_SENT_H

#include <stddef.h>

#include "base/clock.h"

enum {
	SENT_MAX = 1024, /* a power of two; a second and more of the fattest leg */
};

enum sent_kind {
	SENT_AUDIO,
	SENT_VIDEO,
	SENT_REPEAT, /* retransmission */
	SENT_PROBE,  /* sent to learn the line's rate, whatever it carries */
};

struct sent_packet {
	struct mono at;
	uint16_t number;
	uint16_t bytes; /* at the IP level */
	uint8_t kind;
	uint8_t cluster; /* of a probe; 0: none */
	bool waiting;    /* nothing was told of it */
	bool untold;     /* and the report that should have was lost */
	bool lost;       /* told as lost; may still arrive */
	bool late;       /* arrived after it was told as lost */
};

struct sent {
	int64_t waiting_bytes; /* sent, nothing told yet */
	struct sent_packet ring[SENT_MAX];
};

void sent_add(struct sent *sent, const struct sent_packet *packet);
/*
 * The receiver tells of a number: the packet, once for `lost` and once for
 * arrived; NULL if it is not known, or told before.  Stands until sent_add().
 */
const struct sent_packet *sent_told(struct sent *sent, uint16_t number, bool arrived);
/* The reports go on at `to` where the one before ended at `from`: the bytes of what lies between and
 * still waits.  Each is counted once. */
int64_t sent_untold(struct sent *sent, uint16_t from, uint16_t to);

#endif
