#include "store/legal_hold.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define HOLD                                                                                       \
	"SELECT h.id, h.visit, v.reference, v.prison, h.state, h.matter, h.reason, h.asked_by, "   \
	"a.name, h.asked_as, h.asked_at, h.review_at, COALESCE(h.decided_by, 0), "                 \
	"COALESCE(b.name, ''), h.decided_as, h.decided_reason, h.decided_at, "                     \
	"COALESCE(h.reviewed_by, 0), COALESCE(c.name, ''), h.reviewed_reason, h.reviewed_at, "     \
	"h.ended_at FROM legal_hold h JOIN visit v ON v.id = h.visit "                             \
	"JOIN account a ON a.id = h.asked_by LEFT JOIN account b ON b.id = h.decided_by "          \
	"LEFT JOIN account c ON c.id = h.reviewed_by "
static const char HOLD_FIND[] = HOLD "WHERE h.id = ?1";
static const char HOLD_LIST_OF[] = HOLD "WHERE h.visit = ?1 ORDER BY h.asked_at DESC, h.id";
static const char HOLD_LIST[] =
    HOLD "WHERE v.prison = ?1 AND h.state IN ('ASKED', 'HELD') ORDER BY h.state, h.review_at, h.id";
static const char HOLD_INSERT[] =
    "INSERT INTO legal_hold (id, visit, state, matter, reason, asked_by, asked_as, asked_at, "
    "review_at, decided_by, decided_as, decided_reason, decided_at, reviewed_by, "
    "reviewed_reason, reviewed_at, ended_at) "
    "VALUES (?1, ?2, 'ASKED', ?3, ?4, ?5, ?6, ?7, ?8, NULL, '', '', 0, NULL, '', 0, 0)";
static const char HOLD_UPDATE[] =
    "UPDATE legal_hold SET state = ?1, review_at = ?2, decided_by = ?3, decided_as = ?4, "
    "decided_reason = ?5, decided_at = ?6, reviewed_by = ?7, reviewed_reason = ?8, "
    "reviewed_at = ?9, ended_at = ?10 WHERE id = ?11";

static struct legal_hold row_hold(const struct query *q, struct arena *arena)
{
	struct legal_hold h = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.reference = row_reference(q, 2),
		.prison = row_code(q, 3),
		.matter = query_column_str(q, arena, 5),
		.reason = query_column_str(q, arena, 6),
		.asked_by = { query_column(q, 7) },
		.asked_name = query_column_str(q, arena, 8),
		.asked_as = row_role(q, 9),
		.asked_at = query_column_wall(q, 10),
		.review_at = query_column_wall(q, 11),
		.decided_by = { query_column(q, 12) },
		.decided_name = query_column_str(q, arena, 13),
		.decided_as = row_role(q, 14),
		.decided_reason = query_column_str(q, arena, 15),
		.decided_at = query_column_wall(q, 16),
		.reviewed_by = { query_column(q, 17) },
		.reviewed_name = query_column_str(q, arena, 18),
		.reviewed_reason = query_column_str(q, arena, 19),
		.reviewed_at = query_column_wall(q, 20),
		.ended_at = query_column_wall(q, 21),
	};
	(void)legal_hold_state_of(query_column_peek(q, 4), &h.state);
	return h;
}

static enum err list(struct query *q, struct arena *arena, struct store_legal_holds *out)
{
	struct store_legal_holds found = { 0 };
	struct legal_hold *next;
	while (query_row(q) &&
	       (next = list_next(arena, &found.list, &found.count, sizeof *next)) != NULL)
		*next = row_hold(q, arena);
	*out = found;
	return query_end(q);
}

enum err store_legal_hold_insert(struct store *store, const struct legal_hold *h)
{
	struct query q = query_of(store, HOLD_INSERT);
	query_int(&q, h->id.n);
	query_int(&q, h->visit.n);
	query_str(&q, h->matter);
	query_str(&q, h->reason);
	query_int(&q, h->asked_by.n);
	query_text(&q, role_name(h->asked_as));
	query_int(&q, h->asked_at.s);
	query_int(&q, h->review_at.s);
	return query_end(&q);
}

enum err store_legal_hold_update(struct store *store, const struct legal_hold *h)
{
	struct query q = query_of(store, HOLD_UPDATE);
	query_text(&q, legal_hold_state_name(h->state));
	query_int(&q, h->review_at.s);
	query_int_or_null(&q, h->decided_by.n);
	query_text(&q, h->decided_by.n ? role_name(h->decided_as) : "");
	query_str(&q, h->decided_reason);
	query_int(&q, h->decided_at.s);
	query_int_or_null(&q, h->reviewed_by.n);
	query_str(&q, h->reviewed_reason);
	query_int(&q, h->reviewed_at.s);
	query_int(&q, h->ended_at.s);
	query_int(&q, h->id.n);
	return query_change(&q);
}

enum err store_legal_hold_find(struct store *store, struct arena *arena, struct legal_hold_id id,
			       struct legal_hold *out)
{
	struct query q = query_of(store, HOLD_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_hold(&q, arena);
	return query_end_one(&q);
}

enum err store_legal_hold_list_of(struct store *store, struct arena *arena, struct visit_id visit,
				  struct store_legal_holds *out)
{
	struct query q = query_of(store, HOLD_LIST_OF);
	query_int(&q, visit.n);
	return list(&q, arena, out);
}

enum err store_legal_hold_list(struct store *store, struct arena *arena, struct prison_code prison,
			       struct store_legal_holds *out)
{
	struct query q = query_of(store, HOLD_LIST);
	query_text(&q, prison.text);
	return list(&q, arena, out);
}
