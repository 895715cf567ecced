#include "store/terminal.h"

#include <string.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO terminal (id, prison, room, name, active, code_expires, last_seen) "
    "VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)";
#define SELECT                                                                                     \
	"SELECT t.id, t.prison, t.room, t.name, r.name, t.public_key IS NOT NULL, t.active, "      \
	"t.last_seen, t.retired_reason FROM terminal t JOIN room r ON r.id = t.room "
static const char FIND[] = SELECT "WHERE t.id = ?1";
static const char LIST[] = SELECT "WHERE t.prison = ?1 ORDER BY t.name";
static const char SET_CODE[] =
    "UPDATE terminal SET code_hash = ?1, code_expires = ?2, active = 1, retired_reason = '' "
    "WHERE id = ?3";
static const char RETIRE[] =
    "UPDATE terminal SET active = 0, retired_reason = ?1, public_key = NULL, code_hash = NULL, "
    "code_expires = 0 WHERE id = ?2 AND active = 1";
static const char FORGET_CHALLENGES[] = "DELETE FROM terminal_challenge WHERE terminal = ?1";
static const char FIND_BY_CODE[] =
    "SELECT id FROM terminal WHERE code_hash = ?1 AND code_expires > ?2 AND active = 1";
static const char SET_KEY[] = "UPDATE terminal SET public_key = ?1, code_hash = NULL, "
			      "code_expires = 0, last_seen = ?2 WHERE id = ?3";
static const char SEEN[] = "UPDATE terminal SET last_seen = ?1 WHERE id = ?2";
static const char KEY[] =
    "SELECT public_key FROM terminal WHERE id = ?1 AND active = 1 AND public_key IS NOT NULL";
static const char EXPIRED[] =
    "DELETE FROM terminal_challenge WHERE terminal = ?1 AND expires <= ?2";
static const char ALIVE[] = "SELECT COUNT(*) FROM terminal_challenge WHERE terminal = ?1";
static const char CHALLENGE[] =
    "INSERT INTO terminal_challenge (challenge, terminal, expires) VALUES (?1, ?2, ?3)";
static const char TAKE[] =
    "DELETE FROM terminal_challenge WHERE challenge = ?1 AND terminal = ?2 AND expires > ?3";

static struct terminal row_terminal(const struct query *q, struct arena *arena)
{
	return (struct terminal){
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.room = { query_column(q, 2) },
		.name = query_column_str(q, arena, 3),
		.room_name = query_column_str(q, arena, 4),
		.enrolled = query_column_bool(q, 5),
		.active = query_column_bool(q, 6),
		.last_seen = query_column_wall(q, 7),
		.retired_reason = query_column_str(q, arena, 8),
	};
}

enum err store_terminal_insert(struct store *store, const struct terminal *terminal)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, terminal->id.n);
	query_text(&q, terminal->prison.text);
	query_int(&q, terminal->room.n);
	query_str(&q, terminal->name);
	query_int(&q, terminal->active);
	return query_end(&q);
}

enum err store_terminal_find(struct store *store, struct arena *arena, struct terminal_id id,
			     struct terminal *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_terminal(&q, arena);
	return query_end_one(&q);
}

enum err store_terminal_list(struct store *store, struct arena *arena, struct prison_code prison,
			     struct store_terminals *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_terminals terminals = { 0 };
	struct terminal *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &terminals.list, &terminals.count, sizeof *next)))
		*next = row_terminal(&q, arena);
	*out = terminals;
	return query_end(&q);
}

enum err store_terminal_set_code(struct store *store, struct terminal_id id, struct bytes hash,
				 struct wall expires)
{
	struct query q = query_of(store, SET_CODE);
	query_bytes(&q, hash);
	query_int(&q, expires.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_terminal_retire(struct store *store, struct terminal_id id, struct str reason)
{
	struct query gone = query_of(store, FORGET_CHALLENGES);
	query_int(&gone, id.n);
	enum err err = query_end(&gone);
	if (err != OK)
		return err;
	struct query q = query_of(store, RETIRE);
	query_str(&q, reason);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_terminal_find_by_code(struct store *store, struct bytes hash, struct wall now,
				     struct terminal_id *out)
{
	struct query q = query_of(store, FIND_BY_CODE);
	query_bytes(&q, hash);
	query_int(&q, now.s);
	if (query_row(&q))
		out->n = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_terminal_set_key(struct store *store, struct terminal_id id, struct bytes key,
				struct wall now)
{
	struct query q = query_of(store, SET_KEY);
	query_bytes(&q, key);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_terminal_seen(struct store *store, struct terminal_id id, struct wall now)
{
	struct query q = query_of(store, SEEN);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_terminal_key(struct store *store, struct terminal_id id,
			    uint8_t out[STORE_TERMINAL_KEY_LEN])
{
	struct query q = query_of(store, KEY);
	query_int(&q, id.n);
	if (query_row(&q))
		row_blob(&q, 0, out, STORE_TERMINAL_KEY_LEN);
	return query_end_one(&q);
}

static enum err challenges_alive(struct store *store, struct terminal_id terminal, struct wall now,
				 int64_t *out)
{
	struct query gone = query_of(store, EXPIRED);
	query_int(&gone, terminal.n);
	query_int(&gone, now.s);
	enum err err = query_end(&gone);
	if (err != OK)
		return err;
	struct query q = query_of(store, ALIVE);
	query_int(&q, terminal.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

enum err store_challenge_insert(struct store *store, struct terminal_id terminal,
				struct bytes challenge, struct wall now, struct wall expires)
{
	int64_t alive = 0;
	enum err err = challenges_alive(store, terminal, now, &alive);
	if (err != OK)
		return err;
	if (alive >= STORE_CHALLENGES_MAX)
		return ERR_LIMIT;
	struct query q = query_of(store, CHALLENGE);
	query_bytes(&q, challenge);
	query_int(&q, terminal.n);
	query_int(&q, expires.s);
	return query_end(&q);
}

enum err store_challenge_take(struct store *store, struct terminal_id terminal,
			      struct bytes challenge, struct wall now)
{
	struct query q = query_of(store, TAKE);
	query_bytes(&q, challenge);
	query_int(&q, terminal.n);
	query_int(&q, now.s);
	return query_change(&q);
}
