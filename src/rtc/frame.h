/*
 * frame.h - what forwarding must know of a video payload: does a frame, does a key frame start here?
 *
 * One answer for VP8, VP9, AV1 and H.264.  The picture itself is never looked
 * at; with frame encryption only the descriptor can be read, and that is enough.
 */
#ifndef PVL_RTC_FRAME_H
#define PVL_RTC_FRAME_H

#include "base/bytes.h"
#include "base/err.h"
#include "wire/codec.h"
#include "wire/vp8.h"

struct frame {
	enum codec codec;
	bool key;       /* first packet of a frame that needs no other */
	struct vp8 vp8; /* of CODEC_VP8 alone */
};

/* dependency: the value of the AV1 dependency descriptor, empty if there is none. */
MUST_USE enum err frame_read(enum codec codec, struct bytes payload, struct bytes dependency,
			     struct frame *out);

#endif
