#include "store/review.h"

#include <string.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char HAS_OPEN[] =
    "SELECT id FROM visit_review WHERE visit = ?1 AND issue = ?2 AND state = 'OPEN'";
static const char INSERT[] =
    "INSERT INTO visit_review (id, visit, event, issue, opened_at, due_at, state, reason, "
    "decided_by, decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'OPEN', '', NULL, 0)";
#define SELECT                                                                                     \
	"SELECT w.id, w.visit, w.event, w.issue, w.opened_at, w.due_at, w.state, w.reason, "       \
	"COALESCE(w.decided_by, 0), w.decided_at, v.reference, v.prison, z.name, z.number, "       \
	"v.start_at, v.minutes, v.state FROM visit_review w JOIN visit v ON v.id = w.visit "       \
	"JOIN prisoner z ON z.id = v.prisoner "
static const char FIND[] = SELECT "WHERE w.id = ?1";
static const char LIST[] = SELECT "WHERE w.state = ?1 AND (?2 = '' OR v.prison = ?2) "
				  "ORDER BY w.due_at, w.id LIMIT ?3";
static const char LIST_OF[] = SELECT "WHERE w.visit = ?1 ORDER BY w.opened_at DESC, w.id";
static const char LIST_REQUESTED[] =
    SELECT "JOIN visit_request r ON r.visit = w.visit WHERE r.outcome = 'OPEN' "
	   "AND w.state = 'OPEN' AND (?1 = '' OR v.prison = ?1) "
	   "ORDER BY w.visit, w.opened_at DESC, w.id";
static const char DECIDE[] = "UPDATE visit_review SET state = ?1, reason = ?2, decided_by = ?3, "
			     "decided_at = ?4 WHERE id = ?5 AND state = 'OPEN'";

static struct review row_review(const struct query *q, struct arena *arena)
{
	struct review review = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.opened_at = query_column_wall(q, 4),
		.due_at = query_column_wall(q, 5),
		.reason = query_column_str(q, arena, 7),
		.decided_by = { query_column(q, 8) },
		.decided_at = query_column_wall(q, 9),
		.reference = row_reference(q, 10),
		.prison = row_code(q, 11),
		.prisoner_name = query_column_str(q, arena, 12),
		.prisoner_number = row_number(q, 13),
		.start = query_column_wall(q, 14),
		.minutes = query_column_int(q, 15),
	};
	struct str issue = query_column_peek(q, 3);
	memcpy(review.issue, issue.at, issue.len < REVIEW_ISSUE_MAX ? issue.len : REVIEW_ISSUE_MAX);
	(void)review_event_of(query_column_peek(q, 2), &review.event);
	(void)review_state_of(query_column_peek(q, 6), &review.state);
	(void)visit_state_of(query_column_peek(q, 16), &review.visit_state);
	return review;
}

static enum err has_open(struct store *store, const struct review *review, bool *out)
{
	struct query q = query_of(store, HAS_OPEN);
	query_int(&q, review->visit.n);
	query_text(&q, review->issue);
	*out = query_row(&q);
	return query_end(&q);
}

enum err store_review_open(struct store *store, const struct review *review, bool *opened)
{
	bool there = false;
	enum err err = has_open(store, review, &there);
	*opened = err == OK && !there;
	if (!*opened)
		return err;
	struct query q = query_of(store, INSERT);
	query_int(&q, review->id.n);
	query_int(&q, review->visit.n);
	query_text(&q, review_event_name(review->event));
	query_text(&q, review->issue);
	query_int(&q, review->opened_at.s);
	query_int(&q, review->due_at.s);
	return query_end(&q);
}

enum err store_review_find(struct store *store, struct arena *arena, struct review_id id,
			   struct review *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_review(&q, arena);
	return query_end_one(&q);
}

static enum err rows_review(struct query *q, struct arena *arena, struct store_reviews *out)
{
	struct store_reviews reviews = { 0 };
	struct review *next;
	while (query_row(q) &&
	       (next = list_next(arena, &reviews.list, &reviews.count, sizeof *next)))
		*next = row_review(q, arena);
	*out = reviews;
	return query_end(q);
}

enum err store_review_list(struct store *store, struct arena *arena, struct prison_code prison,
			   enum review_state state, int limit, struct store_reviews *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, review_state_name(state));
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_review(&q, arena, out);
}

enum err store_review_list_of(struct store *store, struct arena *arena, struct visit_id visit,
			      struct store_reviews *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, visit.n);
	return rows_review(&q, arena, out);
}

enum err store_review_list_requested(struct store *store, struct arena *arena,
				     struct prison_code prison, struct store_reviews *out)
{
	struct query q = query_of(store, LIST_REQUESTED);
	query_text(&q, prison.text);
	return rows_review(&q, arena, out);
}

enum err store_review_decide(struct store *store, const struct review *review)
{
	struct query q = query_of(store, DECIDE);
	query_text(&q, review_state_name(review->state));
	query_str(&q, review->reason);
	query_int_or_null(&q, review->decided_by.n);
	query_int(&q, review->decided_at.s);
	query_int(&q, review->id.n);
	return query_change(&q);
}
