#include "store/custody.h"

#include "base/assert.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char FIND[] =
    "SELECT status, since, merged_into, vo_day, pvo_day, run_day, admitted_at "
    "FROM custody WHERE prisoner = ?1";
static const char SET[] =
    "INSERT INTO custody (prisoner, status, since, merged_into, vo_day, pvo_day, run_day, "
    "admitted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (prisoner) DO UPDATE SET "
    "status = excluded.status, since = excluded.since, merged_into = excluded.merged_into, "
    "vo_day = excluded.vo_day, pvo_day = excluded.pvo_day, run_day = excluded.run_day, "
    "admitted_at = excluded.admitted_at";
static const char LIST_HELD[] =
    "SELECT z.id FROM prisoner z LEFT JOIN custody c ON c.prisoner = z.id WHERE z.id > ?1 "
    "AND COALESCE(c.status, 'IN') NOT IN ('RELEASED', 'MERGED') ORDER BY z.id LIMIT ?2";
static const char SET_PRISON[] = "UPDATE prisoner SET prison = ?1 WHERE id = ?2";

/* What a merge moves: from is ?1, to is ?2. */
static const char *const MOVES[] = {
	/* Who may visit either may visit the one; of two answers the one already there stands. */
	"DELETE FROM contact WHERE prisoner = ?1 AND person IN "
	"(SELECT person FROM contact WHERE prisoner = ?2)",
	"UPDATE contact SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE visit SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE slot_use SET resource = ?2 WHERE resource_kind = 'PRISONER' AND resource = ?1",
	"UPDATE restriction SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE alert SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE child_decision SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE prisoner_alias SET prisoner = ?2 WHERE prisoner = ?1",
	/* Whoever is signed in with the old number is no more, and its PIN is gone. */
	"DELETE FROM prisoner_session WHERE prisoner IN (?1, ?2)",
	"DELETE FROM prisoner_pin WHERE prisoner = ?1 AND prisoner <> ?2",
	/* Of two requests about the same person one stands. */
	"DELETE FROM visit_ask WHERE prisoner = ?1 AND person IN "
	"(SELECT person FROM visit_ask WHERE prisoner = ?2)",
	"UPDATE visit_ask SET prisoner = ?2 WHERE prisoner = ?1",
	"UPDATE contact_ask SET prisoner = ?2 WHERE prisoner = ?1",
};
static const char ALIAS[] = "INSERT INTO prisoner_alias (number, prisoner, at) "
			    "SELECT number, ?2, ?3 FROM prisoner WHERE id = ?1";

enum err store_custody_find(struct store *store, struct prisoner_id prisoner,
			    struct store_custody *out)
{
	struct store_custody custody = { .prisoner = prisoner };
	struct query q = query_of(store, FIND);
	query_int(&q, prisoner.n);
	if (query_row(&q)) {
		if (!custody_of(query_column_peek(&q, 0), &custody.status))
			custody.status = CUSTODY_RELEASED; /* one that this program does not know */
		custody.since = query_column_wall(&q, 1);
		custody.merged_into.n = query_column(&q, 2);
		custody.vo_day = query_column(&q, 3);
		custody.pvo_day = query_column(&q, 4);
		custody.run_day = query_column(&q, 5);
		custody.admitted = query_column_wall(&q, 6);
	}
	enum err err = query_end(&q);
	if (err == OK)
		*out = custody;
	return err;
}

enum err store_custody_set(struct store *store, const struct store_custody *custody)
{
	struct query q = query_of(store, SET);
	query_int(&q, custody->prisoner.n);
	query_text(&q, custody_name(custody->status));
	query_int(&q, custody->since.s);
	query_int_or_null(&q, custody->merged_into.n);
	query_int(&q, custody->vo_day);
	query_int(&q, custody->pvo_day);
	query_int(&q, custody->run_day);
	query_int(&q, custody->admitted.s);
	return query_later(&q);
}

enum err store_custody_list_held(struct store *store, struct arena *arena, struct prisoner_id after,
				 int limit, struct store_prisoner_ids *out)
{
	struct query q = query_of(store, LIST_HELD);
	query_int(&q, after.n);
	query_int(&q, limit);
	struct store_prisoner_ids ids = { 0 };
	struct prisoner_id *next;
	while (query_row(&q) && (next = list_next(arena, &ids.list, &ids.count, sizeof *next)))
		next->n = query_column(&q, 0);
	*out = ids;
	return query_end(&q);
}

static enum err move(struct store *store, const char *sql, struct prisoner_id from,
		     struct prisoner_id to)
{
	struct query q = query_of(store, sql);
	query_int(&q, from.n);
	query_int(&q, to.n);
	return query_end(&q);
}

enum err store_custody_merge(struct store *store, struct prisoner_id from, struct prisoner_id to,
			     struct wall at)
{
	enum err err = OK;
	for (size_t i = 0; i < ARRAY_LEN(MOVES) && err == OK; i++)
		err = move(store, MOVES[i], from, to);
	if (err != OK)
		return err;
	struct query q = query_of(store, ALIAS);
	query_int(&q, from.n);
	query_int(&q, to.n);
	query_int(&q, at.s);
	return query_end(&q);
}

enum err store_prisoner_set_prison(struct store *store, struct prisoner_id prisoner,
				   struct prison_code prison)
{
	struct query q = query_of(store, SET_PRISON);
	query_text(&q, prison.text);
	query_int(&q, prisoner.n);
	return query_change(&q);
}
