/*
 * h264.h - whether an H.264 payload starts a key frame (RFC 6184).
 */
#ifndef PVL_WIRE_H264_H
#define PVL_WIRE_H264_H

#include "base/bytes.h"

/*
 * True where a sequence parameter set or the start of an IDR slice is in the
 * packet: as single NAL unit, in a STAP-A, or in the first FU-A fragment.
 */
bool h264_is_key_frame(struct bytes payload);

#endif
