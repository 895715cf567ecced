#include "store/incentive.h"

#include "base/id.h"
#include "store/list_priv.h"
#include "store/query.h"

static const char FIND[] =
    "SELECT vo, pvo FROM incentive_amount WHERE prison IN ('', ?1) AND level = ?2 "
    "AND valid_from <= ?3 ORDER BY prison DESC, valid_from DESC, seq DESC LIMIT 1";
static const char LIST[] =
    "SELECT i.prison = '', i.level, i.vo, i.pvo, i.valid_from, COALESCE(a.name, ''), i.reason "
    "FROM incentive_amount i LEFT JOIN account a ON a.id = i.author "
    "WHERE i.prison IN ('', ?1) ORDER BY i.seq DESC";
static const char INSERT[] =
    "INSERT INTO incentive_amount (seq, prison, level, vo, pvo, valid_from, author, reason) "
    "SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7 FROM incentive_amount";

enum err store_incentive_find(struct store *store, struct prison_code prison, struct str level,
			      struct wall at, int64_t *vo, int64_t *pvo)
{
	struct query q = query_of(store, FIND);
	query_text(&q, prison.text);
	query_str(&q, level);
	query_int(&q, at.s);
	if (query_row(&q)) {
		*vo = query_column(&q, 0);
		*pvo = query_column(&q, 1);
	}
	return query_end_one(&q);
}

enum err store_incentive_list(struct store *store, struct arena *arena, struct prison_code prison,
			      struct incentive_amounts *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct incentive_amounts all = { 0 };
	struct incentive_amount *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct incentive_amount){
			.national = query_column_bool(&q, 0),
			.level = query_column_str(&q, arena, 1),
			.vo = query_column(&q, 2),
			.pvo = query_column(&q, 3),
			.valid_from = query_column_wall(&q, 4),
			.author = query_column_str(&q, arena, 5),
			.reason = query_column_str(&q, arena, 6),
		};
	*out = all;
	return query_end(&q);
}

enum err store_incentive_insert(struct store *store, struct prison_code prison,
				const struct incentive_amount *amount, struct account_id by)
{
	struct query q = query_of(store, INSERT);
	query_text(&q, prison.text);
	query_str(&q, amount->level);
	query_int(&q, amount->vo);
	query_int(&q, amount->pvo);
	query_int(&q, amount->valid_from.s);
	query_int_or_null(&q, by.n);
	query_str(&q, amount->reason);
	return query_end(&q);
}
