/*
 * audit_check_priv.h - one walk over the log: every leaf as it was written, none
 * missing, and every signed head true of the leaves below it.
 *
 * Pure: the caller reads the log and gives its leaves, oldest first.
 */
#ifndef PVL_SERVICE_AUDIT_CHECK_PRIV_H
#define PVL_SERVICE_AUDIT_CHECK_PRIV_H

#include "service/audit.h"

struct audit_check {
	struct tlog_tree tree;
	size_t heads_len;
	const struct tlog_head *heads; /* smallest first, their signatures checked; borrowed */
	size_t next;                   /* of heads: the first that was not reached */
	struct audit_verdict verdict;  /* of what was given so far */
};

void audit_check_begin(struct audit_check *, const struct tlog_head *heads, size_t heads_len);
void audit_check_leaf(struct audit_check *, const struct audit_record *);
/* Heads beyond the last leaf: the log is shorter than what was signed. */
void audit_check_end(struct audit_check *);

/* Reads a signed head and checks its signature by the key whose it is.
 * ERR_NOT_FOUND: by none of them; ERR_BAD, ERR_CRYPTO: it is no signed head. */
MUST_USE enum err audit_head_read(struct str note, const struct note_key *keys, size_t keys_len,
				  struct tlog_head *out);

#endif
