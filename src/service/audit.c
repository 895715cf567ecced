#include "service/audit.h"

#include <string.h>

#include "service/audit_check_priv.h"
#include "service/audit_nodes_priv.h"
#include "service/service_priv.h"
#include "store/audit.h"
#include "store/checkpoint.h"
#include "store/witness.h"
#include "tlog/receipt.h"

enum {
	WALK_AT_ONCE = 1000,
};
_Static_assert((int)AUDIT_CANONICAL_MAX <= (int)RECEIPT_RECORD_MAX, "a receipt holds every record");

/* Times become places in the log. */
static enum err bound_by_time(struct service *service, const struct audit_query *query,
			      struct store_audit_filter *filter)
{
	int64_t last = 0;
	enum err err = OK;
	if (query->from.s > 0)
		err = store_audit_before(service->store, query->from, &filter->after);
	if (err == OK && query->to.s > 0) {
		err = store_audit_before(service->store, query->to, &last);
		if (filter->before == 0 || last + 1 < filter->before)
			filter->before = last + 1;
	}
	return err;
}

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
	struct store_audit_filter filter = { .prison = prison,
					     .before = query->before_seq,
					     .verbs = query->verbs,
					     .object_id = query->object_id,
					     .account = query->account.n,
					     .limit = query->limit };
	enum err err = bound_by_time(service, query, &filter);
	if (err == OK)
		err = store_audit_list(service->store, arena, &filter, &leaves);
	if (err == OK)
		*out = (struct audit_list){ .count = leaves.count, .list = leaves.list };
	return err;
}

/* ---- verifying ---- */

struct heads {
	struct tlog_head *list; /* smallest first; in the arena */
	size_t count;
	size_t cap;
	int64_t forged; /* size of the first that its key has not signed; 0: none */
};

static void add_head(struct heads *heads, struct arena *arena, const struct tlog_head *head)
{
	if (heads->count == heads->cap) {
		size_t cap = heads->cap ? 2 * heads->cap : 64;
		struct tlog_head *list = arena_new(arena, cap, sizeof *list);
		if (heads->count)
			memcpy(list, heads->list, heads->count * sizeof *list);
		heads->list = list;
		heads->cap = cap;
	}
	size_t at = heads->count++;
	for (; at > 0 && heads->list[at - 1].size > head->size; at--)
		heads->list[at] = heads->list[at - 1];
	heads->list[at] = *head;
}

/* One that does not bear the key's signature is forged: the first such counts. */
static void take_kept(const struct store_checkpoint *kept, const struct note_key *key,
		      struct arena *arena, struct heads *out)
{
	struct tlog_head head;
	if (audit_head_read(kept->note, key, 1, &head) == OK && head.size == kept->size)
		add_head(out, arena, &head);
	else if (out->forged == 0)
		out->forged = (int64_t)kept->size;
}

static enum err read_kept_heads(struct service *service, const struct note_key *key,
				struct arena *arena, struct heads *out)
{
	struct store_checkpoints some = { 0 };
	uint64_t after = 0;
	enum err err;
	do {
		err = store_checkpoint_walk(service->store, arena, key, after, WALK_AT_ONCE, &some);
		for (size_t i = 0; err == OK && i < some.count; i++) {
			take_kept(&some.list[i], key, arena, out);
			after = some.list[i].size;
		}
	} while (err == OK && some.count == WALK_AT_ONCE);
	return err;
}

static enum err read_heads(struct service *service, const struct audit_trust *trust,
			   struct arena *arena, struct heads *out)
{
	struct tlog_head head;
	enum err err = OK;
	for (size_t i = 0; i < trust->keys_len && err == OK; i++)
		err = read_kept_heads(service, &trust->keys[i], arena, out);
	if (err != OK || str_empty(trust->checkpoint))
		return err;
	if (audit_head_read(trust->checkpoint, trust->keys, trust->keys_len, &head) != OK)
		return ERR_BAD;
	add_head(out, arena, &head);
	return OK;
}

typedef void leaf_visitor(void *owner, const struct audit_record *record);

static enum err walk(struct service *service, leaf_visitor *visit, void *owner)
{
	struct arena arena;
	struct store_leaves leaves = { 0 };
	int64_t after = 0;
	enum err err;
	do {
		arena_init(&arena);
		err = store_audit_walk(service->store, &arena, after, WALK_AT_ONCE, &leaves);
		for (size_t i = 0; err == OK && i < leaves.count; i++) {
			visit(owner, &leaves.list[i]);
			after = leaves.list[i].seq;
		}
		arena_clear(&arena);
	} while (err == OK && leaves.count == WALK_AT_ONCE);
	return err;
}

static void check_record(void *owner, const struct audit_record *record)
{
	audit_check_leaf(owner, record);
}

enum err audit_verify(struct service *service, const struct audit_trust *trust,
		      struct audit_verdict *out)
{
	struct audit_check check;
	struct heads heads = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = read_heads(service, trust, &arena, &heads);
	audit_check_begin(&check, heads.list, heads.count);
	if (err == OK)
		err = walk(service, check_record, &check);
	audit_check_end(&check);
	arena_clear(&arena);
	if (err != OK)
		return err;
	if (heads.forged != 0 && check.verdict.fault == AUDIT_NO_FAULT) {
		check.verdict.fault = AUDIT_HEAD_FORGED;
		check.verdict.where = heads.forged;
	}
	*out = check.verdict;
	return check.verdict.fault == AUDIT_NO_FAULT ? OK : ERR_CRYPTO;
}

/* ---- looking closer ---- */

static enum err find_words(struct service *service, const struct audit_record *record,
			   struct str asked, enum audit_words *out)
{
	static const uint8_t none[AUDIT_HASH_LEN];
	bool match = false;
	*out = AUDIT_WORDS_NONE;
	if (memcmp(record->commitment, none, sizeof none) == 0)
		return OK;
	enum err err = store_audit_words_match(service->store, record, asked, &match);
	if (err == ERR_NOT_FOUND)
		*out = AUDIT_WORDS_ERASED;
	else if (str_empty(asked))
		*out = AUDIT_WORDS_KEPT;
	else
		*out = match ? AUDIT_WORDS_MATCH : AUDIT_WORDS_DIFFER;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err audit_record_find(struct service *service, int64_t seq, struct str asked,
			   struct audit_record *out, enum audit_words *words)
{
	struct store_leaves leaf = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = store_audit_walk(service->store, &arena, seq - 1, 1, &leaf);
	if (err == OK && (leaf.count == 0 || leaf.list[0].seq != seq))
		err = ERR_NOT_FOUND;
	if (err == OK) {
		*out = leaf.list[0];
		err = find_words(service, out, asked, words);
	}
	arena_clear(&arena);
	return err;
}

/* What stands at the same place of both, a page at a time. */
static enum err compare_page(struct service *here, struct service *there, int64_t after,
			     struct audit_difference *d, size_t *common)
{
	struct store_leaves ours = { 0 }, theirs = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = store_audit_walk(here->store, &arena, after, WALK_AT_ONCE, &ours);
	if (err == OK)
		err = store_audit_walk(there->store, &arena, after, WALK_AT_ONCE, &theirs);
	*common = ours.count < theirs.count ? ours.count : theirs.count;
	for (size_t i = 0; err == OK && i < *common && d->first == 0; i++) {
		if (memcmp(ours.list[i].leaf, theirs.list[i].leaf, AUDIT_HASH_LEN) == 0)
			continue;
		d->first = after + (int64_t)i + 1;
		d->ours = ours.list[i];
		d->theirs = theirs.list[i];
	}
	arena_clear(&arena);
	return err;
}

enum err audit_compare(struct service *here, struct service *there, struct audit_difference *out)
{
	struct audit_difference d = { 0 };
	size_t common = 0;
	enum err err = store_audit_size(here->store, &d.here);
	if (err == OK)
		err = store_audit_size(there->store, &d.there);
	for (int64_t after = 0; err == OK && d.first == 0; after += WALK_AT_ONCE) {
		err = compare_page(here, there, after, &d, &common);
		if (common < WALK_AT_ONCE)
			break;
	}
	*out = d;
	return err;
}

/* The head as it was signed, and by which witnesses. */
static enum err witnessed(struct service *service, const struct store_checkpoint *head,
			  struct buf *out)
{
	buf_str(out, head->note);
	return store_cosignature_lines(service->store, head->key, head->size, out);
}

enum err audit_head_newest(struct service *service, struct buf *out)
{
	struct store_checkpoint newest = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = store_checkpoint_newest(service->store, &arena, &newest);
	if (err == OK)
		err = witnessed(service, &newest, out);
	arena_clear(&arena);
	return err;
}

/* ---- proving ---- */

static enum err head_of(struct str checkpoint, struct tlog_head *out)
{
	struct note note;
	struct str origin;
	enum err err = note_split(checkpoint, &note);
	return err == OK ? checkpoint_read(note.text, &origin, out) : err;
}

static void take_record(const struct audit_record *record, struct receipt *out)
{
	struct buf text = buf_of(AUDIT_CANONICAL_MAX);
	audit_canonical(record, &text);
	memcpy(out->record, text.at, text.len);
	out->record_len = text.len;
	buf_clear(&text);
}

/* What would not convince its reader is not given. */
static enum err prove_under(struct service *service, const struct tlog_head *head,
			    struct receipt *receipt)
{
	struct tlog_hash leaf;
	struct tlog_source source = audit_nodes_source(service);
	enum err err = tlog_prove_inclusion(&source, head->size, receipt->index, &receipt->proof);
	if (err != OK)
		return err;
	tlog_leaf_hash(bytes_of(receipt->record, receipt->record_len), &leaf);
	return tlog_included(head, receipt->index, &leaf, &receipt->proof) ? OK : ERR_CRYPTO;
}

/* One that witnesses have seen, if there is one yet. */
static enum err head_over(struct service *service, struct arena *arena, uint64_t size,
			  struct store_checkpoint *out)
{
	enum err err = store_checkpoint_witnessed_over(service->store, arena, size, out);
	return err == ERR_NOT_FOUND ? store_checkpoint_over(service->store, arena, size, out) : err;
}

enum err audit_prove(struct service *service, int64_t seq, struct buf *out)
{
	struct receipt receipt = { .index = (uint64_t)seq - 1 };
	struct store_checkpoint over;
	struct store_leaves leaf = { 0 };
	struct tlog_head head;
	struct arena arena;
	if (seq < 1)
		return ERR_NOT_FOUND;
	arena_init(&arena);
	enum err err = store_audit_walk(service->store, &arena, seq - 1, 1, &leaf);
	if (err == OK && leaf.count == 0)
		err = ERR_NOT_FOUND;
	if (err == OK) {
		err = head_over(service, &arena, (uint64_t)seq, &over);
		err = err == ERR_NOT_FOUND ? ERR_AGAIN : err;
	}
	if (err == OK)
		err = head_of(over.note, &head);
	if (err == OK) {
		take_record(&leaf.list[0], &receipt);
		err = prove_under(service, &head, &receipt);
	}
	struct buf checkpoint = buf_of(NOTE_MAX);
	if (err == OK)
		err = witnessed(service, &over, &checkpoint);
	if (err == OK) {
		receipt.checkpoint = buf_view(&checkpoint);
		receipt_write(&receipt, out);
	}
	buf_clear(&checkpoint);
	arena_clear(&arena);
	return err;
}

enum err audit_prove_growth(struct service *service, uint64_t old_size, uint64_t size,
			    struct tlog_proof *out)
{
	struct tlog_source source = audit_nodes_source(service);
	int64_t leaves = 0;
	enum err err = store_audit_size(service->store, &leaves);
	if (err == OK && (old_size < 1 || old_size > size || size > (uint64_t)leaves))
		err = ERR_NOT_FOUND;
	return err == OK ? tlog_prove_consistency(&source, old_size, size, out) : err;
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
		err = store_audit_list_of(service->store, arena, visit.id, AUDIT_PAGE_MAX, &leaves);
	if (err == OK)
		*out = (struct audit_list){ .count = leaves.count, .list = leaves.list };
	return err;
}
