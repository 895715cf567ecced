#include "store/prison.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"code, name, name_cy, ready, not_ready_reason, not_ready_reason_cy, ready_changed_at"
static const char INSERT[] = "INSERT INTO prison (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char FIND[] = "SELECT " COLUMNS " FROM prison WHERE code = ?1";
static const char LIST[] = "SELECT " COLUMNS " FROM prison ORDER BY name";
static const char SET_NAMES[] = "UPDATE prison SET name = ?1, name_cy = ?2 WHERE code = ?3";
static const char SET_READY[] =
    "UPDATE prison SET ready = ?1, not_ready_reason = ?2, not_ready_reason_cy = ?3, "
    "ready_changed_at = CASE WHEN ready = ?4 THEN ready_changed_at ELSE ?5 END WHERE code = ?6";

static struct prison row_prison(const struct query *q, struct arena *arena)
{
	return (struct prison){
		.code = row_code(q, 0),
		.name = query_column_str(q, arena, 1),
		.name_cy = query_column_str(q, arena, 2),
		.ready = query_column_bool(q, 3),
		.not_ready_reason = query_column_str(q, arena, 4),
		.not_ready_reason_cy = query_column_str(q, arena, 5),
		.ready_changed_at = query_column_wall(q, 6),
	};
}

enum err store_prison_insert(struct store *store, const struct prison *prison)
{
	struct query q = query_of(store, INSERT);
	query_text(&q, prison->code.text);
	query_str(&q, prison->name);
	query_str(&q, prison->name_cy);
	query_int(&q, prison->ready);
	query_str(&q, prison->not_ready_reason);
	query_str(&q, prison->not_ready_reason_cy);
	query_int(&q, prison->ready_changed_at.s);
	return query_end(&q);
}

enum err store_prison_find(struct store *store, struct arena *arena, struct prison_code code,
			   struct prison *out)
{
	struct query q = query_of(store, FIND);
	query_text(&q, code.text);
	if (query_row(&q))
		*out = row_prison(&q, arena);
	return query_end_one(&q);
}

enum err store_prison_list(struct store *store, struct arena *arena, struct store_prisons *out)
{
	struct query q = query_of(store, LIST);
	struct store_prisons prisons = { 0 };
	struct prison *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &prisons.list, &prisons.count, sizeof *next)))
		*next = row_prison(&q, arena);
	*out = prisons;
	return query_end(&q);
}

enum err store_prison_set_ready(struct store *store, struct prison_code code, bool ready,
				struct str reason, struct str reason_cy, struct wall now)
{
	struct query q = query_of(store, SET_READY);
	query_int(&q, ready);
	query_str(&q, reason);
	query_str(&q, reason_cy);
	query_int(&q, ready);
	query_int(&q, now.s);
	query_text(&q, code.text);
	return query_change(&q);
}

enum err store_prison_set_names(struct store *store, struct prison_code code, struct str name,
				struct str name_cy)
{
	struct query q = query_of(store, SET_NAMES);
	query_str(&q, name);
	query_str(&q, name_cy);
	query_text(&q, code.text);
	return query_change(&q);
}
