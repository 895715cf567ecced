#include "store/adjustment.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO adjustment (id, contact, kind, words, state, minutes, asked_at, decided_by, "
    "decided_at, reason) VALUES (?1, ?2, ?3, ?4, 'ASKED', 0, ?5, NULL, 0, '')";
#define SELECT                                                                                     \
	"SELECT a.id, a.contact, p.id, p.name, p.booker, z.id, z.name, z.number, z.prison, "       \
	"a.kind, a.words, a.state, a.minutes, a.asked_at, a.decided_at, a.reason "                 \
	"FROM adjustment a JOIN contact c ON c.id = a.contact JOIN person p ON p.id = c.person "   \
	"JOIN prisoner z ON z.id = c.prisoner "
static const char FIND[] = SELECT "WHERE a.id = ?1";
static const char LIST_OF[] = SELECT "WHERE a.contact = ?1 ORDER BY a.asked_at DESC, a.id LIMIT ?2";
static const char LIST_ASKED[] = SELECT "WHERE a.state = 'ASKED' AND (?1 = '' OR z.prison = ?1) "
					"ORDER BY a.asked_at, a.id LIMIT ?2";
static const char LIST_IN[] = SELECT
    "JOIN visit v ON v.prisoner = c.prisoner "
    "JOIN visit_visitor w ON w.visit = v.id AND w.person = c.person "
    "WHERE v.id = ?1 AND a.state = 'AGREED' ORDER BY p.name, p.id, a.asked_at, a.id LIMIT ?2";
static const char DECIDE[] = "UPDATE adjustment SET state = ?1, minutes = ?2, decided_by = ?3, "
			     "decided_at = ?4, reason = ?5 WHERE id = ?6";

enum err store_adjustment_insert(struct store *store, const struct adjustment *a)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, a->id.n);
	query_int(&q, a->contact.n);
	query_text(&q, adjustment_kind_name(a->kind));
	query_str(&q, a->words);
	query_int(&q, a->asked_at.s);
	return query_end(&q);
}

static struct adjustment row(const struct query *q, struct arena *arena)
{
	struct adjustment a = {
		.id = { query_column(q, 0) },
		.contact = { query_column(q, 1) },
		.person = { query_column(q, 2) },
		.person_name = query_column_str(q, arena, 3),
		.booker = { query_column(q, 4) },
		.prisoner = { query_column(q, 5) },
		.prisoner_name = query_column_str(q, arena, 6),
		.prisoner_number = row_number(q, 7),
		.prison = row_code(q, 8),
		.words = query_column_str(q, arena, 10),
		.minutes = query_column_int(q, 12),
		.asked_at = query_column_wall(q, 13),
		.decided_at = query_column_wall(q, 14),
		.reason = query_column_str(q, arena, 15),
	};
	(void)adjustment_kind_of(query_column_peek(q, 9), &a.kind);
	(void)adjustment_state_of(query_column_peek(q, 11), &a.state);
	return a;
}

enum err store_adjustment_find(struct store *store, struct arena *arena, struct adjustment_id id,
			       struct adjustment *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row(&q, arena);
	return query_end_one(&q);
}

static enum err rows(struct query *q, struct arena *arena, struct store_adjustments *out)
{
	struct store_adjustments all = { 0 };
	struct adjustment *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_adjustment_list_of(struct store *store, struct arena *arena,
				  struct contact_id contact, int limit,
				  struct store_adjustments *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, contact.n);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_adjustment_list_asked(struct store *store, struct arena *arena,
				     struct prison_code prison, int limit,
				     struct store_adjustments *out)
{
	struct query q = query_of(store, LIST_ASKED);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_adjustment_list_in(struct store *store, struct arena *arena, int64_t visit,
				  int limit, struct store_adjustments *out)
{
	struct query q = query_of(store, LIST_IN);
	query_int(&q, visit);
	query_int(&q, limit);
	return rows(&q, arena, out);
}

enum err store_adjustment_decide(struct store *store, const struct adjustment *a,
				 struct account_id by)
{
	struct query q = query_of(store, DECIDE);
	query_text(&q, adjustment_state_name(a->state));
	query_int(&q, a->minutes);
	query_int_or_null(&q, by.n);
	query_int(&q, a->decided_at.s);
	query_str(&q, a->reason);
	query_int(&q, a->id.n);
	return query_change(&q);
}
