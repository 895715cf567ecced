/*
 * codec.h - the codecs and kinds of media that this system knows by name.
 */
#ifndef PVL_WIRE_CODEC_H
#define PVL_WIRE_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum codec {
	CODEC_NONE,
	CODEC_OPUS,
	CODEC_RED, /* RFC 2198 around Opus; the RED of video is not known here */
	CODEC_VP8,
	CODEC_VP9,
	CODEC_AV1,
	CODEC_H264,
	CODEC_COUNT,
};

enum media_kind {
	MEDIA_AUDIO,
	MEDIA_VIDEO,
};

/* The encoding name of a=rtpmap: "opus", "VP8" …; "none" for CODEC_NONE.  Never NULL. */
const char *codec_name(enum codec codec);
/* Case does not matter (RFC 8866 section 6.6); CODEC_NONE if not known. */
enum codec codec_from_name(struct str name);
bool codec_is_video(enum codec codec);
/* Of the RTP timestamp, in Hz; 0 for CODEC_NONE. */
uint32_t codec_clock_rate(enum codec codec);
/* "audio" or "video". */
const char *media_kind_name(enum media_kind kind);

#endif
