#include "store/cancellation.h"

#include "store/query.h"

static const char INSERT[] =
    "INSERT INTO visit_cancellation (visit, outcome, method) VALUES (?1, ?2, ?3)";
static const char FIND[] = "SELECT outcome, method FROM visit_cancellation WHERE visit = ?1";

enum err store_cancellation_insert(struct store *store, struct visit_id visit,
				   const struct cancellation *c)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, visit.n);
	query_text(&q, cancel_outcome_name(c->outcome));
	query_text(&q, cancel_method_name(c->method));
	return query_end(&q);
}

enum err store_cancellation_find(struct store *store, struct visit_id visit,
				 struct cancellation *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, visit.n);
	if (query_row(&q)) {
		(void)cancel_outcome_of(query_column_peek(&q, 0), &out->outcome);
		(void)cancel_method_of(query_column_peek(&q, 1), &out->method);
	}
	return query_end_one(&q);
}
