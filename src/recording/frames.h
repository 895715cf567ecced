/*
 * frames.h - whole frames from the packets of one track, in order.
 *
 * Packets that lack are waited for as long as their repeats may come, and no
 * longer than until a key frame comes; what never comes costs everything up to
 * that, as it does those who watch the visit.  Sound that comes out of order is left out.
 */
#ifndef PVL_RECORDING_FRAMES_H
#define PVL_RECORDING_FRAMES_H

#include "base/buf.h"
#include "ipc/record.h"

enum {
	FRAMES_WAITING_MAX = 256,     /* packets that came before one that lacks; a power of two */
	FRAMES_PATIENCE_US = 1500000, /* pvl-media asks for repeats a second long */
	FRAME_MAX = 1 << 20,          /* bytes */
};

struct frame_out {
	bool key;
	uint32_t timestamp; /* of RTP */
	struct mono at;     /* its first packet arrived */
	uint16_t width;     /* of a key frame; 0: unknown */
	uint16_t height;
	struct bytes data; /* until the next call */
};

struct frames {
	enum codec codec;
	bool started;            /* next is known */
	bool open;               /* a frame is being put together */
	uint64_t next;           /* the packet that is wanted */
	struct mono lacks_since; /* it lacks, and others came; 0: it does not */
	size_t waiting_len;
	struct record_packet
	    *waiting; /* FRAMES_WAITING_MAX by seq; payloads are ours; NULL: none yet */
	bool in_hand; /* what is put together next has just come, ... */
	struct record_packet direct; /* ... and is the caller's: it is not copied to wait */
	struct frame_out frame;
	struct buf data;
	uint64_t given_up; /* packets */
};

void frames_init(struct frames *, enum codec codec);
void frames_clear(struct frames *);
/* One packet as it came, borrowed.  Then frames_next() until it says no, while the packet still stands. */
void frames_put(struct frames *, const struct record_packet *packet);
bool frames_next(struct frames *, struct frame_out *out);

#endif
