/*
 * audit_node.h - roots of the log's complete subtrees, derived from its leaves.
 *
 * They say nothing that the leaves do not say: keeping one writes no leaf, and
 * who reads them checks what comes of it against a signed head.
 */
#ifndef PVL_STORE_AUDIT_NODE_H
#define PVL_STORE_AUDIT_NODE_H

#include "base/buf.h"
#include "store/store.h"
#include "tlog/tree.h"

/* Of 2^level leaves from place * 2^level on.  One that is there already stays. */
MUST_USE enum err store_audit_node_keep(struct store *, unsigned level, uint64_t place,
					const struct tlog_hash *);
/* Those kept from that place on, in order, at most limit: TLOG_HASH_LEN bytes each. */
MUST_USE enum err store_audit_node_hashes(struct store *, unsigned level, uint64_t from, int limit,
					  struct buf *out);
/* The place after the last that is kept; 0: none is. */
MUST_USE enum err store_audit_node_next(struct store *, unsigned level, uint64_t *place);

#endif
