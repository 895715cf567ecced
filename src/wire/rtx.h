/*
 * rtx.h - retransmissions on a stream of their own (RFC 4588).
 */
#ifndef PVL_WIRE_RTX_H
#define PVL_WIRE_RTX_H

#include "base/bytes.h"
#include "base/err.h"
#include "wire/rtp.h"

enum {
	RTX_OVERHEAD = 2
};

/*
 * Turns a parsed retransmission into the packet it repeats: sequence from the
 * payload, SSRC and payload type as given; timestamp, marker and extensions
 * stay.  Only the parsed value changes, the datagram does not.  ERR_SHORT if
 * the payload has no original sequence (padding only: a probe).
 */
MUST_USE enum err rtx_unwrap(struct rtp *rtp, uint32_t ssrc, uint8_t payload_type);
/* Length of the retransmission written at `at`, 0 if it does not fit.  `fields` are those of the RTX
 * stream, original is the sequence number under which the payload was first sent. */
size_t rtx_write(uint8_t *at, size_t cap, const struct rtp_fields *fields, uint16_t original,
		 struct bytes payload);

#endif
