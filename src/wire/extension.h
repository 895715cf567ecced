/*
 * extension.h - the RTP header extensions that this system knows (RFC 8285 and others).
 *
 * Their numbers on the wire are chosen in each offer: struct extension_ids
 * holds those of one peer, 0 where an extension was not negotiated.
 */
#ifndef PVL_WIRE_EXTENSION_H
#define PVL_WIRE_EXTENSION_H

#include <stdint.h>

#include "base/str.h"

enum extension {
	EXTENSION_NONE,
	EXTENSION_MID,            /* RFC 9143 */
	EXTENSION_RID,            /* RFC 8852: which simulcast layer */
	EXTENSION_REPAIRED_RID,   /* RFC 8852, on RTX */
	EXTENSION_TRANSPORT_CC,   /* draft-holmer-rmcat-transport-wide-cc-extensions-01 */
	EXTENSION_AUDIO_LEVEL,    /* RFC 6464 */
	EXTENSION_ABS_SEND_TIME,  /* webrtc.org/experiments */
	EXTENSION_TIME_OFFSET,    /* RFC 5450 */
	EXTENSION_VIDEO_ROTATION, /* 3GPP TS 26.114 */
	EXTENSION_PLAYOUT_DELAY,  /* webrtc.org/experiments */
	EXTENSION_DEPENDENCY,     /* AV1 RTP specification, appendix A */
	EXTENSION_COUNT,
};

struct extension_ids {
	uint8_t id[EXTENSION_COUNT]; /* 0: not negotiated */
};

/* Never NULL; "" for EXTENSION_NONE. */
const char *extension_uri(enum extension extension);
/* EXTENSION_NONE if not known. */
enum extension extension_from_uri(struct str uri);

#endif
