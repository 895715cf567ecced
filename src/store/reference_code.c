#include "store/reference_code.h"

#include "store/list_priv.h"
#include "store/query.h"

static const char INSERT[] =
    "INSERT INTO reference_code (description, code_group, code) VALUES (?1, ?2, ?3)";
static const char UPDATE[] =
    "UPDATE reference_code SET description = ?1 WHERE code_group = ?2 AND code = ?3";
static const char FIND[] =
    "SELECT description FROM reference_code WHERE code_group = ?1 AND code = ?2";

static const char LIST[] = "SELECT code_group, code, description FROM reference_code "
			   "WHERE code_group = ?1 ORDER BY code";

static enum err write(struct store *store, const char *sql, const struct reference_code *code)
{
	struct query q = query_of(store, sql);
	query_str(&q, code->description);
	query_str(&q, code->group);
	query_str(&q, code->code);
	return query_change(&q);
}

enum err store_reference_code_insert(struct store *store, const struct reference_code *code)
{
	return write(store, INSERT, code);
}

enum err store_reference_code_update(struct store *store, const struct reference_code *code)
{
	return write(store, UPDATE, code);
}

enum err store_reference_code_find(struct store *store, struct arena *arena, struct str group,
				   struct str code, struct str *out)
{
	struct query q = query_of(store, FIND);
	query_str(&q, group);
	query_str(&q, code);
	if (query_row(&q))
		*out = query_column_str(&q, arena, 0);
	return query_end_one(&q);
}

enum err store_reference_code_list(struct store *store, struct arena *arena, struct str group,
				   struct store_reference_codes *out)
{
	struct query q = query_of(store, LIST);
	struct store_reference_codes all = { 0 };
	struct reference_code *next;
	query_str(&q, group);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct reference_code){ .group = query_column_str(&q, arena, 0),
						 .code = query_column_str(&q, arena, 1),
						 .description = query_column_str(&q, arena, 2) };
	*out = all;
	return query_end(&q);
}
