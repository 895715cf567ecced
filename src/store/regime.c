#include "store/regime.h"

#include <string.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO regime_event (id, prisoner, code, from_at, to_at, author, made_at, removed_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
static const char LIST[] =
    "SELECT e.id, e.prisoner, e.code, c.name, c.hides, e.from_at, e.to_at FROM regime_event e "
    "JOIN regime_event_code c ON c.code = e.code WHERE e.prisoner = ?1 AND e.removed_at = 0 "
    "AND e.to_at > ?2 AND e.from_at < ?3 ORDER BY e.from_at, e.id";
static const char REMOVE[] = "UPDATE regime_event SET removed_at = ?1 "
			     "WHERE id = ?2 AND prisoner = ?3 AND removed_at = 0";
static const char CODES[] = "SELECT code, name, hides FROM regime_event_code ORDER BY name";
static const char TRANSITIONAL[] = "SELECT COUNT(*) FROM transitional_location WHERE code = ?1";

static void copy_code(struct str from, char out[REGIME_CODE_MAX + 1])
{
	size_t len = from.len < REGIME_CODE_MAX ? from.len : REGIME_CODE_MAX;
	memset(out, 0, REGIME_CODE_MAX + 1);
	if (len)
		memcpy(out, from.at, len);
}

enum err store_regime_event_insert(struct store *store, const struct regime_event *event,
				   struct account_id author, struct wall now)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, event->id.n);
	query_int(&q, event->prisoner.n);
	query_text(&q, event->code);
	query_int(&q, event->from.s);
	query_int(&q, event->to.s);
	query_int_or_null(&q, author.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_regime_event_list(struct store *store, struct arena *arena,
				 struct prisoner_id prisoner, struct wall from, struct wall to,
				 struct store_regime_events *out)
{
	struct query q = query_of(store, LIST);
	query_int(&q, prisoner.n);
	query_int(&q, from.s);
	query_int(&q, to.s);
	struct store_regime_events events = { 0 };
	struct regime_event *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &events.list, &events.count, sizeof *next))) {
		*next = (struct regime_event){
			.id = { query_column(&q, 0) },
			.prisoner = { query_column(&q, 1) },
			.name = query_column_str(&q, arena, 3),
			.hides = query_column_bool(&q, 4),
			.from = query_column_wall(&q, 5),
			.to = query_column_wall(&q, 6),
		};
		copy_code(query_column_peek(&q, 2), next->code);
	}
	*out = events;
	return query_end(&q);
}

enum err store_regime_event_remove(struct store *store, struct prisoner_id prisoner,
				   struct regime_event_id id, struct wall now)
{
	struct query q = query_of(store, REMOVE);
	query_int(&q, now.s);
	query_int(&q, id.n);
	query_int(&q, prisoner.n);
	return query_change(&q);
}

enum err store_regime_code_list(struct store *store, struct arena *arena,
				struct store_regime_codes *out)
{
	struct query q = query_of(store, CODES);
	struct store_regime_codes codes = { 0 };
	struct regime_code *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &codes.list, &codes.count, sizeof *next))) {
		*next = (struct regime_code){ .name = query_column_str(&q, arena, 1),
					      .hides = query_column_bool(&q, 2) };
		copy_code(query_column_peek(&q, 0), next->code);
	}
	*out = codes;
	return query_end(&q);
}

enum err store_location_is_transitional(struct store *store, struct str wing, bool *out)
{
	struct query q = query_of(store, TRANSITIONAL);
	query_str(&q, wing);
	if (query_row(&q))
		*out = query_column_bool(&q, 0);
	return query_end_one(&q);
}
