#include "service/audit.h"

#include <sodium.h>
#include <string.h>

#include "service/service_priv.h"
#include "store/audit.h"

enum {
	WALK_AT_ONCE = 1000,
	TREE_DEPTH_MAX = 63,
};

enum err audit_list_find(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct audit_query *query, struct audit_list *out)
{
	unsigned may = MAY(ROLE_INSPECTOR) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR);
	struct store_leaves leaves;
	struct prison_code prison = query->prison;
	if (!actor_is_one_of(actor, may | MAY(ROLE_DUTY_GOVERNOR)))
		return ERR_DENIED;
	if (actor->role == ROLE_DUTY_GOVERNOR && prison_code_empty(prison))
		prison = actor->prison;
	if (!prison_code_empty(prison) && !actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	if (query->limit < 1 || query->limit > AUDIT_PAGE_MAX || query->before_seq < 0)
		return ERR_BAD;
	enum err err = store_audit_list(service->store, arena, prison, query->before_seq,
					query->limit, &leaves);
	if (err == OK)
		*out = (struct audit_list){ .count = leaves.count, .list = leaves.list };
	return err;
}

/*
 * The Merkle tree while it grows: the roots of its complete subtrees, whose
 * sizes are the bits of count.
 */
struct tree {
	uint64_t count;
	uint8_t roots[TREE_DEPTH_MAX][AUDIT_HASH_LEN]; /* roots[n]: of 2^n leaves */
};

/* SHA-256(0x01 ‖ left ‖ right), RFC 9162 section 2.1.1. */
static void node_hash(const uint8_t left[AUDIT_HASH_LEN], const uint8_t right[AUDIT_HASH_LEN],
		      uint8_t out[AUDIT_HASH_LEN])
{
	uint8_t text[1 + 2 * AUDIT_HASH_LEN] = { 0x01 };
	memcpy(text + 1, left, AUDIT_HASH_LEN);
	memcpy(text + 1 + AUDIT_HASH_LEN, right, AUDIT_HASH_LEN);
	(void)crypto_hash_sha256(out, text, sizeof text);
}

static void tree_add(struct tree *tree, const uint8_t leaf[AUDIT_HASH_LEN])
{
	uint8_t hash[AUDIT_HASH_LEN];
	unsigned level = 0;
	memcpy(hash, leaf, sizeof hash);
	for (; tree->count >> level & 1; level++)
		node_hash(tree->roots[level], hash, hash);
	memcpy(tree->roots[level], hash, sizeof hash);
	tree->count++;
}

static void tree_root(const struct tree *tree, uint8_t out[AUDIT_HASH_LEN])
{
	bool have = false;
	(void)crypto_hash_sha256(out, (const uint8_t *)"", 0); /* the empty tree */
	for (unsigned level = 0; level < TREE_DEPTH_MAX; level++) {
		if (!(tree->count >> level & 1))
			continue;
		if (have)
			node_hash(tree->roots[level], out, out);
		else
			memcpy(out, tree->roots[level], AUDIT_HASH_LEN);
		have = true;
	}
}

static void check_leaf(const struct audit_record *record, struct tree *tree,
		       struct audit_verdict *verdict)
{
	uint8_t leaf[AUDIT_HASH_LEN];
	store_audit_leaf(record, leaf);
	bool whole =
	    record->seq == verdict->leaves + 1 && memcmp(leaf, record->leaf, sizeof leaf) == 0;
	if (!whole && !verdict->first_bad)
		verdict->first_bad = verdict->leaves + 1;
	verdict->leaves++;
	tree_add(tree, record->leaf);
}

static enum err walk(struct service *service, struct tree *tree, struct audit_verdict *verdict)
{
	struct arena arena;
	struct store_leaves leaves = { 0 };
	int64_t after = 0;
	enum err err;
	do {
		arena_init(&arena);
		err = store_audit_walk(service->store, &arena, after, WALK_AT_ONCE, &leaves);
		for (size_t i = 0; err == OK && i < leaves.count; i++) {
			check_leaf(&leaves.list[i], tree, verdict);
			after = leaves.list[i].seq;
		}
		arena_clear(&arena);
	} while (err == OK && leaves.count == WALK_AT_ONCE);
	return err;
}

enum err audit_verify(struct service *service, struct audit_verdict *out)
{
	struct tree tree = { 0 };
	struct audit_verdict verdict = { 0 };
	enum err err = walk(service, &tree, &verdict);
	if (err != OK)
		return err;
	tree_root(&tree, verdict.root);
	*out = verdict;
	return verdict.first_bad ? ERR_CRYPTO : OK;
}

enum err visit_history_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct reference reference, struct audit_list *out)
{
	struct visit visit = { 0 };
	struct store_leaves leaves = { 0 };
	if (!actor_is_one_of(actor, PRISON_STAFF | MAY(ROLE_INSPECTOR)))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = store_audit_list_of(service->store, arena, AUDIT_ON_VISIT, visit.id.n,
					  AUDIT_PAGE_MAX, &leaves);
	if (err == OK)
		*out = (struct audit_list){ .count = leaves.count, .list = leaves.list };
	return err;
}
