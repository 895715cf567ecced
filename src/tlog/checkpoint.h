/*
 * checkpoint.h - the head of a log as text to be signed (C2SP tlog-checkpoint):
 * its origin, its size, its root in base64, one line each.
 */
#ifndef PVL_TLOG_CHECKPOINT_H
#define PVL_TLOG_CHECKPOINT_H

#include "base/buf.h"
#include "tlog/proof.h"

enum {
	CHECKPOINT_TEXT_MAX = 256,
};

void checkpoint_write(struct str origin, const struct tlog_head *, struct buf *out);
/* ERR_BAD: no such text.  *origin is borrowed; lines after the third are not looked at. */
MUST_USE enum err checkpoint_read(struct str text, struct str *origin, struct tlog_head *out);

/* A hash in base64, as it stands in checkpoints and proofs. */
void tlog_hash_write(const struct tlog_hash *, struct buf *out);
bool tlog_hash_read(struct str text, struct tlog_hash *out);
/* A proof: one hash a line, up to the end or an empty line, which is taken off the text. */
void tlog_proof_write(const struct tlog_proof *, struct buf *out);
bool tlog_proof_take(struct str *text, struct tlog_proof *out);

#endif
