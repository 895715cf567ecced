#include "store/policy.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char LIST[] =
    "SELECT p.seq, p.prison = '', p.name, p.value, p.valid_from, COALESCE(a.name, ''), p.reason "
    "FROM prison_policy p LEFT JOIN account a ON a.id = p.author "
    "WHERE p.prison IN ('', ?1) ORDER BY p.seq";
static const char INSERT[] =
    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
    "SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM prison_policy";

static struct policy_row row_policy(const struct query *q, struct arena *arena)
{
	struct policy_row row = {
		.seq = query_column(q, 0),
		.national = query_column_bool(q, 1),
		.name = POLICY_COUNT, /* one that this program does not know has no effect */
		.value = query_column(q, 3),
		.valid_from_s = query_column(q, 4),
		.author = query_column_str(q, arena, 5),
		.reason = query_column_str(q, arena, 6),
	};
	(void)policy_name_of(query_column_peek(q, 2), &row.name);
	return row;
}

enum err store_policy_list(struct store *store, struct arena *arena, struct prison_code prison,
			   struct store_policy_rows *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_policy_rows rows = { 0 };
	struct policy_row *next;
	while (query_row(&q) && (next = list_next(arena, &rows.list, &rows.count, sizeof *next)))
		*next = row_policy(&q, arena);
	*out = rows;
	return query_end(&q);
}

enum err store_policy_insert(struct store *store, struct prison_code prison, enum policy_name name,
			     int64_t value, struct wall valid_from, struct account_id author,
			     struct str reason)
{
	struct query q = query_of(store, INSERT);
	query_text(&q, prison.text);
	query_text(&q, policy_name_text(name));
	query_int(&q, value);
	query_int(&q, valid_from.s);
	query_int_or_null(&q, author.n);
	query_str(&q, reason);
	return query_end(&q);
}
