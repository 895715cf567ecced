/*
 * red.h - redundant audio: earlier frames beside the newest one (RFC 2198).
 */
#ifndef PVL_WIRE_RED_H
#define PVL_WIRE_RED_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/writer.h"

enum {
	RED_BLOCKS_MAX = 8,
	RED_OFFSET_MAX = 0x3fff, /* 14 bits of timestamp */
	RED_LEN_MAX = 0x3ff,     /* 10 bits of length */
};

struct red_block {
	uint8_t payload_type;
	uint16_t timestamp_offset; /* how much earlier than the packet; 0 for the newest */
	struct bytes data;
};

struct red {
	struct red_block block[RED_BLOCKS_MAX]; /* oldest first, the newest last */
	size_t count;                           /* at least 1 after red_parse() */
};

/* ERR_SHORT, ERR_BAD, or ERR_LIMIT for more blocks than RED_BLOCKS_MAX. */
MUST_USE enum err red_parse(struct bytes payload, struct red *out);
/* ERR_LIMIT if a block is too long or too old for the format, or w is too small. */
MUST_USE enum err red_write(struct writer *w, const struct red *red);

#endif
