/*
 * ring.h - messages from one process to another through memory that both have, without a system call.
 *
 * One writes, one reads, and neither believes the other.  The writer takes of
 * the reader how much is free and nothing else; the reader reads each number
 * once, checks it, and copies a message out before anybody looks at it.  What
 * the other side writes there, at any moment, makes messages lost or nonsense,
 * and never anything but that; nobody waits for anybody.  Each says its own number
 * again and again, so once both are honest, messages get through again.
 *
 * What was taken is wiped: the memory holds what waits, and no more of the past.
 *
 * The memory is zeros at first and outlives both: who begins anew goes on where
 * the one before stopped, so what was written waits for the next reader, and a
 * message that was being written when its writer was killed was never there.
 *
 * Pure: whose memory it is says sys/shared_memory.h.
 */
#ifndef PVL_IPC_RING_H
#define PVL_IPC_RING_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	RING_BYTES = 8 << 20, /* a power of two */
	RING_UNIT = 8,        /* places are multiples of that */
	RING_MESSAGE_MAX = 64 << 10,
};

/* Counts of bytes that were ever written and read; what is between them waits. */
struct ring {
	_Alignas(64) uint64_t written; /* the writer's, like the next */
	uint64_t base;                 /* the count whose place is the first */
	_Alignas(64) uint64_t read;    /* the reader's */
	_Alignas(4096) uint64_t units[RING_BYTES / RING_UNIT];
};

struct ring_writer {
	struct ring *ring; /* NULL: nobody takes anything */
	uint64_t written;
	uint64_t base;
};

struct ring_reader {
	struct ring *ring;
	uint64_t read;
};

struct ring_writer ring_writer_of(struct ring *ring);
/* Not empty.  False: there is no room, and nothing was written. */
bool ring_put(struct ring_writer *, struct bytes message);

struct ring_reader ring_reader_of(struct ring *ring);
/* The next message, copied to at (cap bytes).  ERR_AGAIN: none waits; ERR_BAD: what waited was nonsense,
 * or longer than cap, and all of it is lost. */
MUST_USE enum err ring_take(struct ring_reader *, uint8_t *at, size_t cap, size_t *len);

#endif
