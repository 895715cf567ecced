/*
 * demux.h - what a datagram on the media port is, by its first bytes (RFC 7983, RFC 5761).
 */
#ifndef PVL_WIRE_DEMUX_H
#define PVL_WIRE_DEMUX_H

#include "base/bytes.h"

enum datagram {
	DATAGRAM_UNKNOWN, /* drop and count */
	DATAGRAM_STUN,
	DATAGRAM_DTLS,
	DATAGRAM_RTP,
	DATAGRAM_RTCP,
};

static inline enum datagram datagram_kind(struct bytes b)
{
	if (b.len < 2)
		return DATAGRAM_UNKNOWN;
	if (b.at[0] <= 3)
		return DATAGRAM_STUN;
	if (b.at[0] >= 20 && b.at[0] <= 63)
		return DATAGRAM_DTLS;
	if (b.at[0] < 128 || b.at[0] > 191)
		return DATAGRAM_UNKNOWN;
	return b.at[1] >= 192 && b.at[1] <= 223 ? DATAGRAM_RTCP : DATAGRAM_RTP;
}

#endif
