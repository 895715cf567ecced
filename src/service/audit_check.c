#include <string.h>

#include "service/audit_check_priv.h"
#include "store/audit.h"

void audit_check_begin(struct audit_check *check, const struct tlog_head *heads, size_t heads_len)
{
	*check = (struct audit_check){ .heads = heads, .heads_len = heads_len };
}

/* The first fault is the one that is told: later ones mostly follow from it. */
static void found(struct audit_check *check, enum audit_fault fault, uint64_t where)
{
	if (check->verdict.fault != AUDIT_NO_FAULT)
		return;
	check->verdict.fault = fault;
	check->verdict.where = (int64_t)where;
}

static void check_heads(struct audit_check *check)
{
	struct tlog_hash root;
	for (; check->next < check->heads_len; check->next++) {
		const struct tlog_head *head = &check->heads[check->next];
		if (head->size > check->tree.size)
			return;
		tlog_tree_root(&check->tree, &root);
		if (head->size < check->tree.size || !tlog_hash_equal(&root, &head->root))
			found(check, AUDIT_HEAD_DIFFERS, head->size);
		else
			check->verdict.heads++;
	}
}

void audit_check_leaf(struct audit_check *check, const struct audit_record *record)
{
	struct tlog_hash leaf;
	check->verdict.leaves++;
	store_audit_leaf(record, leaf.at);
	if (record->seq != check->verdict.leaves)
		found(check, AUDIT_LEAF_MISSING, (uint64_t)check->verdict.leaves);
	if (memcmp(leaf.at, record->leaf, sizeof leaf.at) != 0)
		found(check, AUDIT_LEAF_CHANGED, (uint64_t)check->verdict.leaves);
	memcpy(leaf.at, record->leaf, sizeof leaf.at);
	tlog_tree_add(&check->tree, &leaf);
	check_heads(check);
}

void audit_check_end(struct audit_check *check)
{
	struct tlog_hash root;
	if (check->next < check->heads_len)
		found(check, AUDIT_LOG_SHORT, check->heads[check->next].size);
	tlog_tree_root(&check->tree, &root);
	memcpy(check->verdict.root, root.at, sizeof root.at);
}

enum err audit_head_read(struct str text, const struct note_key *keys, size_t keys_len,
			 struct tlog_head *out)
{
	struct note note;
	struct str origin;
	struct wall at;
	enum err err = note_split(text, &note);
	if (err == OK)
		err = checkpoint_read(note.text, &origin, out);
	if (err != OK)
		return err;
	for (size_t i = 0; i < keys_len; i++) {
		err = note_check(&note, &keys[i], &at);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return ERR_NOT_FOUND;
}
