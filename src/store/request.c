#include "store/request.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO visit_request (visit, deadline, outcome, reason, decided_at) "
    "VALUES (?1, ?2, 'OPEN', '', 0)";
static const char DECIDE[] = "UPDATE visit_request SET outcome = ?1, reason = ?2, decided_by = ?3, "
			     "decided_at = ?4 WHERE visit = ?5 AND outcome = 'OPEN'";
static const char LIST[] =
    "SELECT r.visit, v.reference, v.prison, v.start_at, r.deadline FROM visit_request r "
    "JOIN visit v ON v.id = r.visit WHERE r.outcome = 'OPEN' AND (?1 = '' OR v.prison = ?1) "
    "ORDER BY r.deadline, r.visit LIMIT ?2";
static const char DEADLINE[] =
    "SELECT deadline FROM visit_request WHERE visit = ?1 AND outcome = 'OPEN'";

static const char *const OUTCOMES[REQUEST_OUTCOME_COUNT] = {
	[REQUEST_OPEN] = "OPEN",           [REQUEST_APPROVED] = "APPROVED",
	[REQUEST_REJECTED] = "REJECTED",   [REQUEST_AUTO_REJECTED] = "AUTO_REJECTED",
	[REQUEST_WITHDRAWN] = "WITHDRAWN",
};

enum err store_request_insert(struct store *store, struct visit_id visit, struct wall deadline)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, visit.n);
	query_int(&q, deadline.s);
	return query_end(&q);
}

enum err store_request_decide(struct store *store, struct visit_id visit,
			      enum request_outcome outcome, struct str reason, struct account_id by,
			      struct wall at)
{
	struct query q = query_of(store, DECIDE);
	query_text(&q, OUTCOMES[outcome]);
	query_str(&q, reason);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	query_int(&q, visit.n);
	return query_change(&q);
}

enum err store_request_list(struct store *store, struct arena *arena, struct prison_code prison,
			    int limit, struct store_requests *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, limit);
	struct store_requests all = { 0 };
	struct store_request *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct store_request){
			.visit = { query_column(&q, 0) },
			.reference = row_reference(&q, 1),
			.prison = row_code(&q, 2),
			.start = query_column_wall(&q, 3),
			.deadline = query_column_wall(&q, 4),
		};
	*out = all;
	return query_end(&q);
}

enum err store_request_deadline(struct store *store, struct visit_id visit, struct wall *out)
{
	struct query q = query_of(store, DEADLINE);
	query_int(&q, visit.n);
	if (query_row(&q))
		*out = query_column_wall(&q, 0);
	return query_end_one(&q);
}
