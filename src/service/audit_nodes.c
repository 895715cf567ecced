#include "service/audit_nodes_priv.h"

#include <string.h>

#include "store/audit.h"
#include "store/audit_node.h"

enum {
	STEP = 8,          /* levels from one that is kept to the next */
	TOP = 4 * STEP,    /* a subtree of 2^32 leaves is the largest that is kept */
	KEPT_AT_ONCE = 64, /* of one level: 16,384 leaves */
	READ_AT_ONCE = 4096,
};

/* The hashes of so many subtrees of that level, from that place on; fewer: the rest is not kept. */
static enum err read_hashes(struct service *service, unsigned level, uint64_t place, int limit,
			    struct buf *out)
{
	if (level == 0)
		return store_audit_hashes(service->store, (int64_t)place, limit, out);
	return store_audit_node_hashes(service->store, level, place, limit, out);
}

static uint64_t add_hashes(struct tlog_tree *tree, unsigned level, struct buf *hashes)
{
	uint64_t count = hashes->len / TLOG_HASH_LEN;
	for (uint64_t i = 0; i < count; i++) {
		struct tlog_hash hash;
		memcpy(hash.at, hashes->at + i * TLOG_HASH_LEN, sizeof hash.at);
		tlog_tree_add_subtree(tree, level, &hash);
	}
	return count;
}

/* Adds so many subtrees of that level; what is not kept there is made of the level below. */
static enum err add_run(struct service *service, struct tlog_tree *tree, unsigned level,
			uint64_t place, uint64_t count)
{
	enum err err = OK;
	while (err == OK && count > 0) {
		int limit = count < READ_AT_ONCE ? (int)count : READ_AT_ONCE;
		struct buf hashes = buf_of(READ_AT_ONCE * TLOG_HASH_LEN);
		err = read_hashes(service, level, place, limit, &hashes);
		uint64_t got = err == OK ? add_hashes(tree, level, &hashes) : 0;
		buf_clear(&hashes);
		place += got;
		count -= got;
		if (err == OK && got == 0)
			break;
	}
	if (err != OK || count == 0)
		return err;
	if (level == 0)
		return ERR_CRYPTO;
	return add_run(service, tree, level - STEP, place << STEP, count << STEP);
}

/* The largest that is kept and fits between the two. */
static unsigned level_between(uint64_t from, uint64_t to)
{
	unsigned level = TOP;
	while (level > 0 &&
	       (from & ((UINT64_C(1) << level) - 1) || to - from < UINT64_C(1) << level))
		level -= STEP;
	return level;
}

static enum err root(void *owner, uint64_t from, uint64_t to, struct tlog_hash *out)
{
	struct service *service = owner;
	struct tlog_tree tree = { 0 };
	enum err err = OK;
	while (err == OK && from < to) {
		unsigned level = level_between(from, to);
		uint64_t count = (to - from) >> level;
		err = add_run(service, &tree, level, from >> level, count);
		from += count << level;
	}
	if (err == OK)
		tlog_tree_root(&tree, out);
	return err;
}

struct tlog_source audit_nodes_source(struct service *service)
{
	return (struct tlog_source){ .root = root, .owner = service };
}

static enum err keep_level(struct service *service, unsigned level, uint64_t size)
{
	uint64_t next = 0;
	enum err err = store_audit_node_next(service->store, level, &next);
	for (int i = 0; err == OK && i < KEPT_AT_ONCE && (next + 1) << level <= size; i++, next++) {
		struct tlog_tree tree = { 0 };
		struct tlog_hash hash;
		err = add_run(service, &tree, level - STEP, next << STEP, 1 << STEP);
		if (err != OK)
			break;
		tlog_tree_root(&tree, &hash);
		err = store_audit_node_keep(service->store, level, next, &hash);
	}
	return err;
}

enum err audit_nodes_keep(struct service *service, uint64_t size)
{
	enum err err = OK;
	for (unsigned level = STEP; err == OK && level <= TOP && size >> level; level += STEP)
		err = keep_level(service, level, size);
	return err;
}
