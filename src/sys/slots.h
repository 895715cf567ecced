/*
 * slots.h - one small record that survives a power cut, in a file that stays open.
 *
 * It is written in turn to two places of the file, each time with a number and
 * a checksum, and flushed; what is read is the newest whole one.  For programs
 * that may open no file: the descriptor is all they need.
 */
#ifndef PVL_SYS_SLOTS_H
#define PVL_SYS_SLOTS_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum {
	SLOT_SIZE = 4096,
	SLOT_HEAD_LEN = 8 + 4 + 32, /* number, length, SHA-256 of both and the record */
	SLOT_RECORD_MAX = SLOT_SIZE - SLOT_HEAD_LEN,
};

struct slots {
	int fd;          /* the caller's */
	uint64_t number; /* of the newest record; 0: none */
};

/* The newest record into out (SLOT_RECORD_MAX bytes).  ERR_NOT_FOUND: none was ever acknowledged;
 * ERR_BAD: there was one, and both places are damaged; ERR_SYS. */
MUST_USE enum err slots_open(int fd, struct slots *out, uint8_t *record, size_t *len);
/* On disk when it returns OK; else the one before still stands. */
MUST_USE enum err slots_write(struct slots *, struct bytes record);

#endif
