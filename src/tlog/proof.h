/*
 * proof.h - that a leaf is in a log, and that a log has only grown
 * (RFC 9162 sections 2.1.3 and 2.1.4).
 *
 * Making a proof needs the roots of ranges of leaves, which the caller can
 * give; checking one needs nothing but the proof.
 */
#ifndef PVL_TLOG_PROOF_H
#define PVL_TLOG_PROOF_H

#include "tlog/tree.h"

enum {
	TLOG_PROOF_MAX = 64, /* hashes: one a level, and one more */
};

struct tlog_proof {
	size_t len;
	struct tlog_hash hashes[TLOG_PROOF_MAX]; /* in the order of the RFC: from the leaf up */
};

/* Where a maker of proofs learns the root over the leaves from … to-1 (from < to). */
struct tlog_source {
	enum err (*root)(void *owner, uint64_t from, uint64_t to, struct tlog_hash *out);
	void *owner;
};

/* A source whose leaf hashes all stand in memory (borrowed). */
struct tlog_leaves {
	uint64_t count;
	const struct tlog_hash *list;
};
struct tlog_source tlog_source_of(struct tlog_leaves *leaves);

/* index < size; errors are the source's. */
MUST_USE enum err tlog_prove_inclusion(const struct tlog_source *, uint64_t size, uint64_t index,
				       struct tlog_proof *out);
/* old_size <= size; of nothing, or of the same size, the proof is empty. */
MUST_USE enum err tlog_prove_consistency(const struct tlog_source *, uint64_t old_size,
					 uint64_t size, struct tlog_proof *out);

struct tlog_head {
	uint64_t size;
	struct tlog_hash root;
};

bool tlog_included(const struct tlog_head *, uint64_t index, const struct tlog_hash *leaf,
		   const struct tlog_proof *);
bool tlog_consistent(const struct tlog_head *old, const struct tlog_head *now,
		     const struct tlog_proof *);

#endif
