#include "store/outcome.h"

#include "store/query.h"

static const char SET[] =
    "INSERT INTO visit_outcome (visit, outcome, words, said_at, said_by) "
    "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (visit) DO UPDATE SET outcome = excluded.outcome, "
    "words = excluded.words, said_at = excluded.said_at, said_by = excluded.said_by";
static const char FIND[] =
    "SELECT outcome, words, said_at, said_by FROM visit_outcome WHERE visit = ?1";

enum err store_outcome_set(struct store *store, struct visit_id visit,
			   const struct outcome_said *said)
{
	struct query q = query_of(store, SET);
	query_int(&q, visit.n);
	query_text(&q, visit_outcome_name(said->outcome));
	query_str(&q, said->words);
	query_int(&q, said->at.s);
	query_int(&q, said->by.n);
	return query_end(&q);
}

enum err store_outcome_find(struct store *store, struct arena *arena, struct visit_id visit,
			    struct outcome_said *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, visit.n);
	if (query_row(&q)) {
		(void)visit_outcome_of(query_column_peek(&q, 0), &out->outcome);
		out->words = query_column_str(&q, arena, 1);
		out->at = query_column_wall(&q, 2);
		out->by.n = query_column(&q, 3);
	}
	return query_end_one(&q);
}
