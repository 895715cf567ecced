/*
 * signer.h - who signs the heads of a log: it has seen every leaf once, in
 * order, and can sign nothing but what it saw.  So a log that loses or changes
 * a leaf cannot have its new head signed.
 */
#ifndef PVL_TLOG_SIGNER_H
#define PVL_TLOG_SIGNER_H

#include "tlog/checkpoint.h"
#include "tlog/note.h"

struct tlog_signer {
	struct note_signer signer; /* its name is the log's origin */
	struct tlog_tree tree;
};

/* Leaf hashes one after the other, from that place on.  ERR_CONFLICT: that is not where the tree
 * ends; ERR_BAD: no whole number of hashes.  Nothing is taken then. */
MUST_USE enum err tlog_signer_extend(struct tlog_signer *, uint64_t from, struct bytes hashes);
/* The checkpoint of all that was seen, signed. */
void tlog_signer_checkpoint(const struct tlog_signer *, struct buf *out);

#endif
