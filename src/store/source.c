#include "store/source.h"

#include "store/query.h"
#include "store/store_priv.h"

static const char LIST[] = "SELECT name, status, good_at, note FROM source";
static const char SET[] = "UPDATE source SET status = ?1, good_at = ?2, note = ?3, set_by = ?4, "
			  "set_at = ?5 WHERE name = ?6";

static enum err read_all(struct store *store, struct arena *arena,
			 struct source_state out[SOURCE_COUNT])
{
	struct query q = query_of(store, LIST);
	for (unsigned i = 0; i < SOURCE_COUNT; i++)
		out[i] = (struct source_state){ .source = (enum source)i, .status = SOURCE_DOWN };
	while (query_row(&q)) {
		enum source source;
		if (!source_of(query_column_peek(&q, 0), &source))
			continue;
		out[source].good_at = query_column_wall(&q, 2);
		out[source].note = query_column_str(&q, arena, 3);
		(void)source_status_of(query_column_peek(&q, 1), &out[source].status);
	}
	return query_end(&q);
}

enum err store_source_list(struct store *store, struct arena *arena,
			   struct source_state out[SOURCE_COUNT])
{
	const struct source_state *kept = kept_sources(store);
	if (!kept) {
		enum err err = read_all(store, arena, out);
		if (err == OK && !store->ahead)
			kept_sources_are(store, out);
		return err;
	}
	for (unsigned i = 0; i < SOURCE_COUNT; i++) {
		out[i] = kept[i];
		out[i].note = arena_str(arena, kept[i].note);
	}
	return OK;
}

enum err store_source_set(struct store *store, const struct source_state *state,
			  struct account_id by, struct wall at)
{
	struct query q = query_of(store, SET);
	query_text(&q, source_status_name(state->status));
	query_int(&q, state->good_at.s);
	query_str(&q, state->note);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	query_text(&q, source_name(state->source));
	return query_change(&q);
}
