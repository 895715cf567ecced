#include "tlog/proof.h"

#include "base/assert.h"

/* The largest power of two below n (n > 1). */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static enum err add(const struct tlog_source *source, uint64_t from, uint64_t to,
		    struct tlog_proof *proof)
{
	ASSERT(proof->len < TLOG_PROOF_MAX);
	return source->root(source->owner, from, to, &proof->hashes[proof->len++]);
}

/* The makers walk from the root down; the proof is read from the leaf up. */
static void turn_round(struct tlog_proof *proof)
{
	for (size_t i = 0, j = proof->len; i + 1 < j; i++) {
		struct tlog_hash hash = proof->hashes[i];
		proof->hashes[i] = proof->hashes[--j];
		proof->hashes[j] = hash;
	}
}

enum err tlog_prove_inclusion(const struct tlog_source *source, uint64_t size, uint64_t index,
			      struct tlog_proof *out)
{
	uint64_t from = 0, to = size;
	enum err err = OK;
	ASSERT(index < size);
	out->len = 0;
	while (err == OK && to - from > 1) {
		uint64_t middle = from + split(to - from);
		bool left = index < middle;
		err = left ? add(source, middle, to, out) : add(source, from, middle, out);
		*(left ? &to : &from) = middle;
	}
	turn_round(out);
	return err;
}

enum err tlog_prove_consistency(const struct tlog_source *source, uint64_t old_size, uint64_t size,
				struct tlog_proof *out)
{
	uint64_t from = 0, to = size;
	enum err err = OK;
	ASSERT(old_size <= size);
	out->len = 0;
	if (old_size == 0 || old_size == size)
		return OK;
	while (err == OK && old_size != to) {
		uint64_t middle = from + split(to - from);
		bool left = old_size <= middle;
		err = left ? add(source, middle, to, out) : add(source, from, middle, out);
		*(left ? &to : &from) = middle;
	}
	if (err == OK && from > 0) /* else it is the old root, which the reader has */
		err = add(source, from, to, out);
	turn_round(out);
	return err;
}

static enum err root_of_leaves(void *owner, uint64_t from, uint64_t to, struct tlog_hash *out)
{
	const struct tlog_leaves *leaves = owner;
	struct tlog_tree tree = { 0 };
	ASSERT(from < to && to <= leaves->count);
	for (uint64_t i = from; i < to; i++)
		tlog_tree_add(&tree, &leaves->list[i]);
	tlog_tree_root(&tree, out);
	return OK;
}

struct tlog_source tlog_source_of(struct tlog_leaves *leaves)
{
	return (struct tlog_source){ .root = root_of_leaves, .owner = leaves };
}

/* fn and sn of RFC 9162: where the node that is being built lies in its level, and the last there. */
struct place {
	uint64_t at;
	uint64_t last;
};

static void up(struct place *p)
{
	p->at >>= 1;
	p->last >>= 1;
}

static bool is_right(const struct place *p)
{
	return (p->at & 1) || p->at == p->last;
}

/* A right node without a partner on its level stands for itself further up. */
static void past_lone_levels(struct place *p)
{
	while (p->at != 0 && !(p->at & 1))
		up(p);
}

bool tlog_included(const struct tlog_head *head, uint64_t index, const struct tlog_hash *leaf,
		   const struct tlog_proof *proof)
{
	if (index >= head->size)
		return false;
	struct place p = { index, head->size - 1 };
	struct tlog_hash hash = *leaf;
	for (size_t i = 0; i < proof->len; i++) {
		if (p.last == 0)
			return false;
		if (is_right(&p)) {
			tlog_node_hash(&proof->hashes[i], &hash, &hash);
			past_lone_levels(&p);
		} else {
			tlog_node_hash(&hash, &proof->hashes[i], &hash);
		}
		up(&p);
	}
	return p.last == 0 && tlog_hash_equal(&hash, &head->root);
}

/* Builds both roots at once from the hashes after the first. */
static bool both_roots(const struct tlog_head *old, const struct tlog_head *now,
		       const struct tlog_hash *first, const struct tlog_hash *rest, size_t len)
{
	struct place p = { old->size - 1, now->size - 1 };
	struct tlog_hash was = *first, is = *first;
	while (p.at & 1)
		up(&p);
	for (size_t i = 0; i < len; i++) {
		if (p.last == 0)
			return false;
		if (is_right(&p)) {
			tlog_node_hash(&rest[i], &was, &was);
			tlog_node_hash(&rest[i], &is, &is);
			past_lone_levels(&p);
		} else {
			tlog_node_hash(&is, &rest[i], &is);
		}
		up(&p);
	}
	return p.last == 0 && tlog_hash_equal(&was, &old->root) && tlog_hash_equal(&is, &now->root);
}

bool tlog_consistent(const struct tlog_head *old, const struct tlog_head *now,
		     const struct tlog_proof *proof)
{
	if (old->size > now->size)
		return false;
	if (old->size == now->size)
		return proof->len == 0 && tlog_hash_equal(&old->root, &now->root);
	if (old->size == 0)
		return proof->len == 0;
	if ((old->size & (old->size - 1)) == 0)
		return both_roots(old, now, &old->root, proof->hashes, proof->len);
	return proof->len > 0 &&
	       both_roots(old, now, &proof->hashes[0], proof->hashes + 1, proof->len - 1);
}
