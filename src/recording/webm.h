/*
 * webm.h - one track of a visit as WebM: VP8, VP9 or Opus, written as it comes.
 *
 * Pure: frames in, bytes out.  Sizes of the segment and of its clusters are left
 * unknown (RFC 8794 section 6.2), so nothing is ever written twice and a file
 * that was cut off plays up to the cut.  Source: RFC 9559 (Matroska), the WebM
 * container guidelines, RFC 7845 for Opus' head.
 */
#ifndef PVL_RECORDING_WEBM_H
#define PVL_RECORDING_WEBM_H

#include "base/buf.h"
#include "wire/codec.h"

enum {
	WEBM_CLUSTER_MS = 5000, /* a new one after so long, and at each key frame */
};

struct webm {
	enum codec codec;
	bool in_cluster;
	int64_t cluster_ms;
};

/* What stands before all frames; width and height of a picture's first frame, 0 for sound. */
void webm_begin(struct webm *, enum codec codec, uint16_t width, uint16_t height, struct buf *out);
/* at_ms: since the beginning of the file, never less than that of the frame before. */
void webm_frame(struct webm *, int64_t at_ms, bool key, struct bytes frame, struct buf *out);

#endif
