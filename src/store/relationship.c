#include "store/relationship.h"

#include "store/list_priv.h"
#include "store/query.h"

static const char LIST[] = "SELECT code, type, own_words FROM relationship ORDER BY place";
static const char FIND[] = "SELECT code, type, own_words FROM relationship WHERE code = ?1";

static struct relationship row(const struct query *q, struct arena *arena)
{
	return (struct relationship){ .code = query_column_str(q, arena, 0),
				      .official = str_is(query_column_peek(q, 1), "OFFICIAL"),
				      .own_words = query_column_bool(q, 2) };
}

enum err store_relationship_list(struct store *store, struct arena *arena,
				 struct store_relationships *out)
{
	struct query q = query_of(store, LIST);
	struct store_relationships all = { 0 };
	struct relationship *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row(&q, arena);
	*out = all;
	return query_end(&q);
}

enum err store_relationship_find(struct store *store, struct arena *arena, struct str code,
				 struct relationship *out)
{
	struct query q = query_of(store, FIND);
	query_str(&q, code);
	if (query_row(&q))
		*out = row(&q, arena);
	return query_end_one(&q);
}
