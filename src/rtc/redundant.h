/*
 * redundant.h - the last frames of a stream of sound, sent once more with the newest (RED, RFC 2198).
 *
 * No browser asks for lost sound again.  On a line that loses packets each one
 * carries the frames before it too: any of them that comes fills the gap, at the
 * price of their bytes and of no packet more.  The frames of the sender are packed
 * as they are, whatever it packed them in.  Pure; 2 KiB.
 */
#ifndef PVL_RTC_REDUNDANT_H
#define PVL_RTC_REDUNDANT_H

#include "base/bytes.h"

enum {
	REDUNDANT_FRAMES = 3,      /* kept, and sent again at most */
	REDUNDANT_FRAME_MAX = 300, /* a longer one is sent once */
	REDUNDANT_ROOM = 1100,     /* of what is packed: fits every line */
};

struct redundant_frame {
	uint32_t timestamp;
	uint16_t len; /* 0: none */
	uint8_t at[REDUNDANT_FRAME_MAX];
};

struct redundant {
	size_t next; /* the place of the newest but for the coming one */
	struct redundant_frame frames[REDUNDANT_FRAMES];
	uint8_t room[REDUNDANT_ROOM];
};

/* Another person's sound follows: nothing of before is sent again. */
void redundant_clear(struct redundant *redundant);
/*
 * This frame behind the `again` before it, those of them that are near enough; it is kept
 * for the next.  payload_type: of the frames.  Valid until the next call; empty: it is to
 * be sent alone (out of order, or too long).
 */
struct bytes redundant_pack(struct redundant *redundant, uint8_t payload_type, uint32_t timestamp,
			    struct bytes frame, size_t again);

#endif
