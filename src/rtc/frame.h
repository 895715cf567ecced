/*
 * frame.h - what forwarding must know of a video payload: does a key frame start here, and to which
 * temporal layer does it belong?
 *
 * One answer for VP8, VP9, AV1 and H.264 (which does not tell its layers: all is the lowest).  The picture itself is never looked
 * at; with frame encryption only the descriptor can be read, and that is enough.
 */
#ifndef PVL_RTC_FRAME_H
#define PVL_RTC_FRAME_H

#include "base/bytes.h"
#include "base/err.h"
#include "wire/codec.h"
#include "wire/dependency.h"
#include "wire/vp8.h"

struct frame {
	enum codec codec;
	bool key;       /* first packet of a frame that needs no other */
	uint8_t layer;  /* temporal: without the higher ones a lower one can be shown */
	bool switch_up; /* who had the lower layers alone can show this one from here on */
	struct vp8 vp8; /* of CODEC_VP8 alone */
};

/*
 * dependency: the value of the AV1 dependency descriptor, empty if there is none.
 * layers: of this stream, so far; a new structure in the descriptor changes it.
 */
MUST_USE enum err frame_read(enum codec codec, struct bytes payload, struct bytes dependency,
			     struct dependency_layers *layers, struct frame *out);

#endif
