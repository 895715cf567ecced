/*
 * receipt.h - that a record stands in a log, to be checked without the log
 * (C2SP tlog-proof): the record itself, its place, the proof, and a signed head.
 */
#ifndef PVL_TLOG_RECEIPT_H
#define PVL_TLOG_RECEIPT_H

#include "tlog/checkpoint.h"
#include "tlog/note.h"

enum {
	RECEIPT_RECORD_MAX = 1024,
	RECEIPT_MAX = NOTE_MAX + 8192,
};

struct receipt {
	uint8_t record[RECEIPT_RECORD_MAX];
	size_t record_len;
	uint64_t index; /* 0 is the first */
	struct tlog_proof proof;
	struct str checkpoint; /* the signed note; borrowed */
};

void receipt_write(const struct receipt *, struct buf *out);
/* ERR_BAD: no receipt. */
MUST_USE enum err receipt_read(struct str in, struct receipt *out);

/* ERR_BAD: its checkpoint is none; ERR_CONFLICT: the record does not stand there;
 * ERR_NOT_FOUND, ERR_CRYPTO: as note_check().  *head: what was signed. */
MUST_USE enum err receipt_check(const struct receipt *, const struct note_key *log,
				struct tlog_head *head);

#endif
