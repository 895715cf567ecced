/*
 * vp9.h - the VP9 payload descriptor (RFC 9628).
 */
#ifndef PVL_WIRE_VP9_H
#define PVL_WIRE_VP9_H

#include "base/bytes.h"
#include "base/err.h"

struct vp9 {
	bool frame_start; /* B: of a layer frame */
	bool frame_end;   /* E */
	bool
	    key_frame; /* first packet of a picture that needs no other: B, not P, spatial layer 0 */
	bool predicted;     /* P: from earlier pictures */
	bool flexible;      /* F */
	bool non_reference; /* Z: not used by upper spatial layers */
	bool has_picture_id;
	bool long_picture_id;
	bool has_layers;
	bool switch_up;   /* U: a receiver may switch up to this temporal layer here */
	bool inter_layer; /* D */
	bool has_structure;
	uint16_t picture_id;
	uint8_t temporal;
	uint8_t spatial;
	uint8_t tl0;            /* of the non-flexible mode */
	uint8_t spatial_layers; /* of the scalability structure; 0 if there is none */
	uint16_t width;         /* of its largest layer; 0 if not told */
	uint16_t height;
	size_t len; /* of the descriptor */
};

/* ERR_SHORT, or ERR_BAD for more reference indices than the format allows. */
MUST_USE enum err vp9_parse(struct bytes payload, struct vp9 *out);

#endif
