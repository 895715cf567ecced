#include "tlog/tree.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/writer.h"

_Static_assert(TLOG_HASH_LEN == crypto_hash_sha256_BYTES, "leaves are SHA-256");

void tlog_leaf_hash(struct bytes record, struct tlog_hash *out)
{
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const uint8_t[]){ 0x00 }, 1);
	(void)crypto_hash_sha256_update(&state, record.at, record.len);
	(void)crypto_hash_sha256_final(&state, out->at);
}

void tlog_node_hash(const struct tlog_hash *left, const struct tlog_hash *right,
		    struct tlog_hash *out)
{
	uint8_t text[1 + 2 * TLOG_HASH_LEN] = { 0x01 };
	memcpy(text + 1, left->at, TLOG_HASH_LEN);
	memcpy(text + 1 + TLOG_HASH_LEN, right->at, TLOG_HASH_LEN);
	(void)crypto_hash_sha256(out->at, text, sizeof text);
}

bool tlog_hash_equal(const struct tlog_hash *a, const struct tlog_hash *b)
{
	return memcmp(a->at, b->at, TLOG_HASH_LEN) == 0;
}

static bool in_use(const struct tlog_tree *tree, unsigned level)
{
	return tree->size >> level & 1;
}

void tlog_tree_add_subtree(struct tlog_tree *tree, unsigned level, const struct tlog_hash *root)
{
	const uint64_t leaves = UINT64_C(1) << level;
	struct tlog_hash hash = *root;
	ASSERT(tree->size <= INT64_MAX - leaves && tree->size % leaves == 0);
	for (; in_use(tree, level); level++)
		tlog_node_hash(&tree->roots[level], &hash, &hash);
	tree->roots[level] = hash;
	tree->size += leaves;
}

void tlog_tree_add(struct tlog_tree *tree, const struct tlog_hash *leaf)
{
	tlog_tree_add_subtree(tree, 0, leaf);
}

void tlog_tree_root(const struct tlog_tree *tree, struct tlog_hash *out)
{
	bool have = false;
	(void)crypto_hash_sha256(out->at, (const uint8_t *)"", 0);
	for (unsigned level = 0; level < TLOG_LEVELS; level++) {
		if (!in_use(tree, level))
			continue;
		if (have)
			tlog_node_hash(&tree->roots[level], out, out);
		else
			*out = tree->roots[level];
		have = true;
	}
}

size_t tlog_tree_pack(const struct tlog_tree *tree, uint8_t *out)
{
	struct writer w = writer_of(out, TLOG_TREE_PACKED_MAX);
	writer_u64(&w, tree->size);
	for (unsigned level = 0; level < TLOG_LEVELS; level++)
		if (in_use(tree, level))
			writer_put(&w, bytes_of(tree->roots[level].at, TLOG_HASH_LEN));
	ASSERT(writer_ok(&w));
	return w.len;
}

enum err tlog_tree_unpack(struct bytes in, struct tlog_tree *out)
{
	struct reader r = reader_of(in);
	*out = (struct tlog_tree){ .size = reader_u64(&r) };
	if (out->size > INT64_MAX)
		return ERR_BAD;
	for (unsigned level = 0; level < TLOG_LEVELS; level++) {
		struct bytes hash = { 0 };
		if (in_use(out, level))
			hash = reader_take(&r, TLOG_HASH_LEN);
		if (hash.len > 0)
			memcpy(out->roots[level].at, hash.at, TLOG_HASH_LEN);
	}
	return reader_ok(&r) && reader_left(&r) == 0 ? OK : ERR_BAD;
}
