/*
 * tree.h - the Merkle tree over an append-only log (RFC 9162 section 2.1.1).
 *
 * leaf hash = SHA-256(0x00 ‖ record), node hash = SHA-256(0x01 ‖ left ‖ right).
 * A growing tree is known by the roots of its complete subtrees alone: their
 * sizes are the bits of its size, and that is all that a signer must keep.
 */
#ifndef PVL_TLOG_TREE_H
#define PVL_TLOG_TREE_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	TLOG_HASH_LEN = 32,
	TLOG_LEVELS = 63,
	TLOG_TREE_PACKED_MAX = 8 + TLOG_LEVELS * TLOG_HASH_LEN,
};

struct tlog_hash {
	uint8_t at[TLOG_HASH_LEN];
};

struct tlog_tree {
	uint64_t size;                       /* leaves; below 2^63 */
	struct tlog_hash roots[TLOG_LEVELS]; /* [n]: of 2^n leaves; in use where size has bit n */
};

void tlog_leaf_hash(struct bytes record, struct tlog_hash *out);
void tlog_node_hash(const struct tlog_hash *left, const struct tlog_hash *right,
		    struct tlog_hash *out);
bool tlog_hash_equal(const struct tlog_hash *a, const struct tlog_hash *b);

/* A tree of zeros is the empty one, whose root is the hash of nothing. */
void tlog_tree_add(struct tlog_tree *tree, const struct tlog_hash *leaf);
/* 2^level leaves at once, known by their root; the tree's size must be a multiple of that. */
void tlog_tree_add_subtree(struct tlog_tree *tree, unsigned level, const struct tlog_hash *root);
void tlog_tree_root(const struct tlog_tree *tree, struct tlog_hash *out);

/* u64 size, then the roots in use, smallest first; out has TLOG_TREE_PACKED_MAX bytes.
 * Returns what was used. */
size_t tlog_tree_pack(const struct tlog_tree *tree, uint8_t *out);
/* ERR_BAD: not what tlog_tree_pack() writes. */
MUST_USE enum err tlog_tree_unpack(struct bytes in, struct tlog_tree *out);

#endif
