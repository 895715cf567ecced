#include "store/witness.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS "w.id, w.name, w.vkey, w.terminal, w.prison, w.added_at"
static const char INSERT[] =
    "INSERT INTO audit_witness (id, name, vkey, terminal, prison, added_at, ended_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
static const char END[] = "UPDATE audit_witness SET ended_at = ?1 WHERE id = ?2 AND ended_at = 0";
static const char END_OF[] = "UPDATE audit_witness SET ended_at = ?1 "
			     "WHERE terminal = ?2 AND ended_at = 0";
static const char FIND[] = "SELECT " COLUMNS " FROM audit_witness w "
			   "WHERE w.id = ?1 AND w.ended_at = 0";
static const char BY_NAME[] = "SELECT " COLUMNS " FROM audit_witness w "
			      "WHERE w.name = ?1 AND w.ended_at = 0";
static const char OF_TERMINAL[] = "SELECT " COLUMNS " FROM audit_witness w "
				  "WHERE w.terminal = ?1 AND w.ended_at = 0";
#define SIGNED "COALESCE(MAX(g.size), 0), COALESCE(MAX(g.at), 0)"
static const char OUTSIDE[] =
    "SELECT " COLUMNS ", " SIGNED " FROM audit_witness w "
    "LEFT JOIN audit_cosignature g ON g.witness = w.id "
    "WHERE w.terminal = 0 AND w.ended_at = 0 GROUP BY " COLUMNS " ORDER BY w.name";
static const char PRISONS[] =
    "SELECT w.prison, COUNT(DISTINCT w.id), " SIGNED " FROM audit_witness w "
    "LEFT JOIN audit_cosignature g ON g.witness = w.id "
    "WHERE w.terminal > 0 AND w.ended_at = 0 GROUP BY w.prison ORDER BY w.prison";
static const char KEEP[] =
    "INSERT INTO audit_cosignature (witness, period, key, size, at, line) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (witness, period) DO UPDATE SET "
    "key = excluded.key, size = excluded.size, at = excluded.at, line = excluded.line "
    "WHERE audit_cosignature.size < excluded.size";
static const char FORGET[] = "DELETE FROM audit_cosignature WHERE witness = ?1 AND period < ?2";
static const char LINES[] =
    "SELECT g.line FROM audit_cosignature g JOIN audit_witness w ON w.id = g.witness "
    "WHERE g.size = ?1 AND g.key = ?2 AND w.ended_at = 0 ORDER BY w.name LIMIT ?3";

enum err store_witness_insert(struct store *store, const struct witness *w)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, w->id.n);
	query_str(&q, w->name);
	query_str(&q, w->vkey);
	query_int(&q, w->terminal.n);
	query_text(&q, w->prison.text);
	query_int(&q, w->added_at.s);
	return query_end(&q);
}

enum err store_witness_end(struct store *store, struct witness_id id, struct wall now)
{
	struct query q = query_of(store, END);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_witness_end_of(struct store *store, struct terminal_id terminal, struct wall now)
{
	struct query q = query_of(store, END_OF);
	query_int(&q, now.s);
	query_int(&q, terminal.n);
	return query_end(&q);
}

static struct witness row_witness(const struct query *q, struct arena *arena)
{
	return (struct witness){ .id = { query_column(q, 0) },
				 .name = query_column_str(q, arena, 1),
				 .vkey = query_column_str(q, arena, 2),
				 .terminal = { query_column(q, 3) },
				 .prison = row_code(q, 4),
				 .added_at = query_column_wall(q, 5) };
}

static enum err find_one(struct query *q, struct arena *arena, struct witness *out)
{
	if (query_row(q))
		*out = row_witness(q, arena);
	return query_end_one(q);
}

enum err store_witness_find(struct store *store, struct arena *arena, struct witness_id id,
			    struct witness *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	return find_one(&q, arena, out);
}

enum err store_witness_by_name(struct store *store, struct arena *arena, struct str name,
			       struct witness *out)
{
	struct query q = query_of(store, BY_NAME);
	query_str(&q, name);
	return find_one(&q, arena, out);
}

enum err store_witness_of_terminal(struct store *store, struct arena *arena,
				   struct terminal_id terminal, struct witness *out)
{
	struct query q = query_of(store, OF_TERMINAL);
	query_int(&q, terminal.n);
	return find_one(&q, arena, out);
}

enum err store_witness_outside(struct store *store, struct arena *arena,
			       struct store_witnesses *out)
{
	struct store_witnesses found = { 0 };
	struct witness *next;
	struct query q = query_of(store, OUTSIDE);
	while (query_row(&q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next))) {
		*next = row_witness(&q, arena);
		next->size = query_column(&q, 6);
		next->signed_at = query_column_wall(&q, 7);
	}
	*out = found;
	return query_end(&q);
}

enum err store_witness_prisons(struct store *store, struct arena *arena,
			       struct store_prison_witnesses *out)
{
	struct store_prison_witnesses found = { 0 };
	struct prison_witnesses *next;
	struct query q = query_of(store, PRISONS);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = (struct prison_witnesses){ .prison = row_code(&q, 0),
						   .terminals = query_column_int(&q, 1),
						   .size = query_column(&q, 2),
						   .signed_at = query_column_wall(&q, 3) };
	*out = found;
	return query_end(&q);
}

enum err store_cosignature_keep(struct store *store, const struct cosignature *g)
{
	struct query q = query_of(store, KEEP);
	query_int(&q, g->witness.n);
	query_int(&q, g->period);
	query_str(&q, g->key);
	query_int(&q, (int64_t)g->size);
	query_int(&q, g->at.s);
	query_str(&q, g->line);
	return query_end(&q);
}

enum err store_cosignature_forget(struct store *store, struct witness_id witness, int64_t period)
{
	struct query q = query_of(store, FORGET);
	query_int(&q, witness.n);
	query_int(&q, period);
	return query_end(&q);
}

enum err store_cosignature_lines(struct store *store, struct str key, uint64_t size,
				 struct buf *out)
{
	struct query q = query_of(store, LINES);
	query_int(&q, (int64_t)size);
	query_str(&q, key);
	query_int(&q, NOTE_SIGNATURES_MAX - 1); /* the log's own is the first */
	while (query_row(&q))
		buf_str(out, query_column_peek(&q, 0));
	return query_end(&q);
}
