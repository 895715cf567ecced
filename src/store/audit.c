#include "store/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "store/kept_priv.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"
#include "tlog/tree.h"

_Static_assert((int)AUDIT_HASH_LEN == (int)TLOG_HASH_LEN, "leaves are SHA-256");
_Static_assert(AUDIT_HASH_LEN == crypto_auth_hmacsha256_BYTES, "so are commitments");

enum {
	VERBS_ROOM = 64,
};

#define COLUMNS                                                                                    \
	"seq, at, role, account, terminal, prison, verb, object, object_id, amount, commitment, "  \
	"leaf"
static const char NEWEST[] = "SELECT COALESCE(MAX(seq), 0) FROM audit_leaf";
static const char APPEND[] = "INSERT INTO audit_leaf (" COLUMNS ") "
			     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
static const char SALT_INSERT[] = "INSERT INTO audit_salt (seq, salt) VALUES (?1, ?2)";
static const char SALT_FIND[] = "SELECT salt FROM audit_salt WHERE seq = ?1";
static const char LIST[] = "SELECT " COLUMNS " FROM audit_leaf "
			   "WHERE seq > ?1 AND (?2 = 0 OR seq < ?2) AND (?3 = '' OR prison = ?3) "
			   "AND (?4 = '' OR verb LIKE ?4) AND (?5 = 0 OR object_id = ?5) "
			   "AND (?6 = 0 OR account = ?6) ORDER BY seq DESC LIMIT ?7";
static const char SINCE[] =
    "SELECT COUNT(*) FROM audit_leaf WHERE object = ?1 AND object_id = ?2 AND account = ?3 "
    "AND role = ?4 AND verb = ?5 AND at > ?6";
/* Of all lists the object is one: a day's looks of one reader, not of all, are counted (audit_leaf_list). */
static const char LIST_SINCE[] =
    "SELECT COUNT(*) FROM audit_leaf WHERE object = 'list' AND account = ?1 AND verb = ?2 "
    "AND prison = ?3 AND role = ?4 AND at > ?5";
static const char AT[] = "SELECT at FROM audit_leaf WHERE seq = ?1";
static const char LIST_OF[] = "SELECT " COLUMNS " FROM audit_leaf "
			      "WHERE object = ?1 AND verb <> 'data.look' AND object_id IN ("
			      "WITH RECURSIVE was(id) AS (SELECT id FROM visit WHERE id = ?2 "
			      "UNION SELECT v.moved_from FROM visit v JOIN was ON v.id = was.id "
			      "WHERE v.moved_from IS NOT NULL) SELECT id FROM was) "
			      "ORDER BY seq LIMIT ?3";
static const char WALK[] =
    "SELECT " COLUMNS " FROM audit_leaf WHERE seq > ?1 ORDER BY seq LIMIT ?2";

static const char HASHES[] = "SELECT leaf FROM audit_leaf WHERE seq > ?1 ORDER BY seq LIMIT ?2";

static void commit_to(const uint8_t salt[AUDIT_SALT_LEN], struct str words,
		      uint8_t out[AUDIT_HASH_LEN])
{
	crypto_auth_hmacsha256_state state;
	(void)crypto_auth_hmacsha256_init(&state, salt, AUDIT_SALT_LEN);
	(void)crypto_auth_hmacsha256_update(&state, (const uint8_t *)words.at, words.len);
	(void)crypto_auth_hmacsha256_final(&state, out);
}

void store_audit_leaf(const struct audit_record *record, uint8_t out[AUDIT_HASH_LEN])
{
	struct buf text = buf_of(AUDIT_CANONICAL_MAX);
	struct tlog_hash leaf;
	audit_canonical(record, &text);
	tlog_leaf_hash(buf_bytes(&text), &leaf);
	memcpy(out, leaf.at, AUDIT_HASH_LEN);
	buf_clear(&text);
}

static enum err newest(struct store *store, int64_t *out)
{
	struct query q = query_of(store, NEWEST);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

static enum err insert_leaf(struct store *store, const struct audit_record *record)
{
	struct query q = query_of(store, APPEND);
	query_int(&q, record->seq);
	query_int(&q, record->at.s);
	query_text(&q, role_name(record->role));
	query_int(&q, record->account.n);
	query_int(&q, record->terminal.n);
	query_text(&q, record->prison.text);
	query_text(&q, audit_verb_name(record->verb));
	query_text(&q, audit_object_name(record->object));
	query_int(&q, record->object_id);
	query_int(&q, record->amount);
	query_bytes(&q, bytes_of(record->commitment, sizeof record->commitment));
	query_bytes(&q, bytes_of(record->leaf, sizeof record->leaf));
	return query_later(&q);
}

static enum err insert_salt(struct store *store, int64_t seq, const uint8_t salt[AUDIT_SALT_LEN])
{
	struct query q = query_of(store, SALT_INSERT);
	query_int(&q, seq);
	query_bytes(&q, bytes_of(salt, AUDIT_SALT_LEN));
	return query_later(&q);
}

enum err store_audit_append(struct store *store, struct random *random, struct audit_record *record,
			    struct str words)
{
	uint8_t salt[AUDIT_SALT_LEN];
	int64_t last = 0;
	enum err err = kept_number(store, KEPT_LEAF, &last) ? OK : newest(store, &last);
	if (err != OK)
		return err;
	record->seq = last + 1;
	memset(record->commitment, 0, sizeof record->commitment);
	if (words.len) {
		random_fill(random, salt, sizeof salt);
		commit_to(salt, words, record->commitment);
	}
	store_audit_leaf(record, record->leaf);
	err = insert_leaf(store, record);
	if (err == OK)
		kept_number_is(store, KEPT_LEAF, record->seq);
	return err == OK && words.len ? insert_salt(store, record->seq, salt) : err;
}

static struct audit_record row_record(const struct query *q)
{
	struct audit_record record = {
		.seq = query_column(q, 0),
		.at = query_column_wall(q, 1),
		.account = { query_column(q, 3) },
		.terminal = { query_column(q, 4) },
		.prison = row_code(q, 5),
		.verb = AUDIT_VERB_COUNT, /* a word that is none verifies as nothing */
		.object = AUDIT_OBJECT_COUNT,
		.role = ROLE_NOBODY,
		.object_id = query_column(q, 8),
		.amount = query_column(q, 9),
	};
	(void)role_of(query_column_peek(q, 2), &record.role);
	(void)audit_verb_of(query_column_peek(q, 6), &record.verb);
	(void)audit_object_of(query_column_peek(q, 7), &record.object);
	row_blob(q, 10, record.commitment, sizeof record.commitment);
	row_blob(q, 11, record.leaf, sizeof record.leaf);
	return record;
}

static enum err rows_record(struct query *q, struct arena *arena, struct store_leaves *out)
{
	struct store_leaves leaves = { 0 };
	struct audit_record *next;
	while (query_row(q) && (next = list_next(arena, &leaves.list, &leaves.count, sizeof *next)))
		*next = row_record(q);
	*out = leaves;
	return query_end(q);
}

enum err store_audit_list(struct store *store, struct arena *arena,
			  const struct store_audit_filter *filter, struct store_leaves *out)
{
	char verbs[VERBS_ROOM] = "";
	if (filter->verbs && filter->verbs[0])
		snprintf(verbs, sizeof verbs, "%s.%%", filter->verbs);
	struct query q = query_of(store, LIST);
	query_int(&q, filter->after);
	query_int(&q, filter->before);
	query_text(&q, filter->prison.text);
	query_text(&q, verbs);
	query_int(&q, filter->object_id);
	query_int(&q, filter->account);
	query_int(&q, filter->limit);
	return rows_record(&q, arena, out);
}

static enum err time_of(struct store *store, int64_t seq, struct wall *out)
{
	struct query q = query_of(store, AT);
	query_int(&q, seq);
	if (query_row(&q))
		*out = query_column_wall(&q, 0);
	return query_end_one(&q);
}

static enum err list_since(struct store *store, const struct audit_record *like, bool *out)
{
	struct query q = query_of(store, LIST_SINCE);
	query_int(&q, like->account.n);
	query_text(&q, audit_verb_name(like->verb));
	query_text(&q, like->prison.text);
	query_text(&q, role_name(like->role));
	query_int(&q, like->at.s);
	if (query_row(&q))
		*out = query_column(&q, 0) != 0;
	return query_end_one(&q);
}

enum err store_audit_since(struct store *store, const struct audit_record *like, bool *out)
{
	if (like->object == AUDIT_ON_LIST)
		return list_since(store, like, out);
	struct query q = query_of(store, SINCE);
	query_text(&q, audit_object_name(like->object));
	query_int(&q, like->object_id);
	query_int(&q, like->account.n);
	query_text(&q, role_name(like->role));
	query_text(&q, audit_verb_name(like->verb));
	query_int(&q, like->at.s);
	if (query_row(&q))
		*out = query_column(&q, 0) != 0;
	return query_end_one(&q);
}

/* By halves: twenty looks among a million, and no index to keep. */
enum err store_audit_before(struct store *store, struct wall then, int64_t *seq)
{
	int64_t low = 0, high = 0; /* the last before then lies in low … high */
	struct wall at = { 0 };
	enum err err = newest(store, &high);
	while (err == OK && low < high) {
		int64_t middle = low + (high - low + 1) / 2;
		err = time_of(store, middle, &at);
		if (at.s < then.s)
			low = middle;
		else
			high = middle - 1;
	}
	*seq = low;
	return err;
}

enum err store_audit_list_of(struct store *store, struct arena *arena, struct visit_id visit,
			     int limit, struct store_leaves *out)
{
	struct query q = query_of(store, LIST_OF);
	query_text(&q, audit_object_name(AUDIT_ON_VISIT));
	query_int(&q, visit.n);
	query_int(&q, limit);
	return rows_record(&q, arena, out);
}

enum err store_audit_walk(struct store *store, struct arena *arena, int64_t after, int limit,
			  struct store_leaves *out)
{
	struct query q = query_of(store, WALK);
	query_int(&q, after);
	query_int(&q, limit);
	return rows_record(&q, arena, out);
}

enum err store_audit_hashes(struct store *store, int64_t after, int limit, struct buf *out)
{
	struct query q = query_of(store, HASHES);
	query_int(&q, after);
	query_int(&q, limit);
	while (query_row(&q)) {
		uint8_t leaf[AUDIT_HASH_LEN];
		row_blob(&q, 0, leaf, sizeof leaf);
		buf_put(out, leaf, sizeof leaf);
	}
	return query_end(&q);
}

enum err store_audit_size(struct store *store, int64_t *out)
{
	return newest(store, out);
}

enum err store_audit_words_match(struct store *store, const struct audit_record *record,
				 struct str words, bool *out)
{
	uint8_t salt[AUDIT_SALT_LEN] = { 0 };
	struct query q = query_of(store, SALT_FIND);
	query_int(&q, record->seq);
	if (query_row(&q))
		row_blob(&q, 0, salt, sizeof salt);
	enum err err = query_end_one(&q);
	if (err != OK)
		return err;
	uint8_t commitment[AUDIT_HASH_LEN];
	commit_to(salt, words, commitment);
	*out = bytes_equal(bytes_of(commitment, sizeof commitment),
			   bytes_of(record->commitment, sizeof record->commitment));
	return OK;
}
