/*
 * av1.h - AV1 in RTP: the aggregation header, and where a new picture sequence starts.
 *
 * After the AV1 RTP specification of the Alliance for Open Media, version 1.0,
 * section 4.4.
 */
#ifndef PVL_WIRE_AV1_H
#define PVL_WIRE_AV1_H

#include "base/bytes.h"
#include "base/err.h"

struct av1 {
	bool continues;       /* Z: the first element goes on from the packet before */
	bool continued;       /* Y: the last element goes on in the next packet */
	uint8_t elements;     /* W; 0: each element has its length before it */
	bool sequence_start;  /* N: first packet of a coded video sequence */
	bool sequence_header; /* an OBU_SEQUENCE_HEADER begins here */
	bool key_frame;       /* either of the two, and the packet does not continue */
};

/* ERR_SHORT for an empty payload, ERR_BAD where elements break their bounds or N and Z are both set. */
MUST_USE enum err av1_parse(struct bytes payload, struct av1 *out);

#endif
