/*
 * vp8.h - the VP8 payload descriptor (RFC 7741), read and rewritten in place.
 */
#ifndef PVL_WIRE_VP8_H
#define PVL_WIRE_VP8_H

#include "base/bytes.h"
#include "base/err.h"

struct vp8 {
	bool frame_start; /* first packet of a frame: S is set and the partition is 0 */
	bool key_frame;   /* frame_start, and the frame is a key frame */
	bool non_reference;
	bool has_picture_id;
	bool long_picture_id; /* 15 bits, else 7 */
	bool has_tl0;
	bool has_layer;
	bool layer_sync; /* Y: a receiver may switch up to this layer here */
	bool has_key_index;
	uint16_t picture_id;
	uint8_t tl0;       /* TL0PICIDX */
	uint8_t layer;     /* temporal layer, 0 … 3 */
	uint8_t key_index; /* KEYIDX, 5 bits */
	uint8_t len;       /* of the descriptor, at most 6 */
};

/* ERR_SHORT if the descriptor, or the frame behind it, is not there. */
MUST_USE enum err vp8_parse(struct bytes payload, struct vp8 *out);
/*
 * Writes picture id, TL0PICIDX and KEYIDX of `to` over the descriptor of the
 * payload that vp8_parse() read as `from`.  What `from` has not is not added,
 * a 7-bit picture id stays one.
 */
void vp8_rewrite(uint8_t *payload, const struct vp8 *from, uint16_t picture_id, uint8_t tl0,
		 uint8_t key_index);

#endif
