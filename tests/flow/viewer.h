/*
 * viewer.h - what a person sees of the packets that a slot showed: the decoder of a browser, as a model.
 *
 * A frame is shown when all its packets have come and what it refers to was
 * shown: a key frame refers to nothing, a frame of the lowest temporal layer to
 * the one before it, one of a higher layer to the lowest of its moment and, unless
 * it is a switching point, to the frame before it (RFC 7741, TL0PICIDX and Y).
 * Like a browser's, its buffer waits as long as most repeats take: a frame is shown no earlier than
 * so much after it was made.  Frozen is what the statistics of WebRTC call so: a gap of three times the usual,
 * or of the usual and 150 ms.
 */
#ifndef PVL_TESTS_VIEWER_H
#define PVL_TESTS_VIEWER_H

#include "world.h"

struct view {
	size_t frames;      /* shown */
	size_t undecodable; /* whole, and of no use */
	size_t broken;      /* of which packets are missing */
	double fps;
	double frozen; /* share of the time */
	size_t freezes;
	int64_t gap_ms; /* the longest without a new frame */
};

/* Of a slot of pictures, between two times; wait_ms: of the buffer, beyond the quickest frame. */
struct view view_of(const struct shown *shown, int64_t wait_ms, struct mono from, struct mono to);

#endif
