#include "store/hint.h"

#include <stdio.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define HINT                                                                                       \
	"SELECT h.id, h.visit, h.seat, h.what, h.made_at, h.answer, h.answered_at, "               \
	"COALESCE(h.answered_by, 0), v.reference, v.prison, z.name FROM hint h "                   \
	"JOIN visit v ON v.id = h.visit JOIN prisoner z ON z.id = v.prisoner "
static const char FIND[] = HINT "WHERE h.id = ?1";
static const char LIST_OPEN[] = HINT "WHERE v.prison = ?1 AND h.made_at >= ?2 AND h.answer = '' "
				     "ORDER BY h.made_at DESC, h.id LIMIT ?3";
static const char INSERT[] =
    "INSERT INTO hint (id, visit, kind, seat, what, made_at, answer, answered_at, answered_by) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', 0, NULL)";
static const char RECENT[] = "SELECT COUNT(*) FROM hint WHERE visit = ?1 AND seat = ?2 AND "
			     "what = ?3 AND made_at >= ?4";
static const char COUNTS[] =
    "SELECT h.what, COUNT(*), COUNT(CASE WHEN h.answer = 'RIGHT' THEN 1 END), "
    "COUNT(CASE WHEN h.answer = 'WRONG' THEN 1 END) FROM hint h JOIN visit v ON v.id = h.visit "
    "WHERE v.prison = ?1 AND h.made_at >= ?2 GROUP BY h.what ORDER BY h.what";
static const char ANSWER[] =
    "UPDATE hint SET answer = ?1, answered_at = ?2, answered_by = ?3 WHERE id = ?4 AND "
    "answer = ''";
static const char ERASE[] = "DELETE FROM hint WHERE made_at < ?1";

static struct hint row_hint(const struct query *q, struct arena *arena)
{
	struct hint hint = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.seat = query_column_int(q, 2),
		.made_at = query_column_wall(q, 4),
		.answered_at = query_column_wall(q, 6),
		.answered_by = { query_column(q, 7) },
		.reference = row_reference(q, 8),
		.prison = row_code(q, 9),
		.prisoner_name = query_column_str(q, arena, 10),
	};
	(void)snprintf(hint.what, sizeof hint.what, "%.*s", STR_FMT(query_column_peek(q, 3)));
	(void)hint_answer_of(query_column_peek(q, 5), &hint.answer);
	return hint;
}

enum err store_hint_insert(struct store *store, const struct hint *hint, enum visit_kind kind)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, hint->id.n);
	query_int(&q, hint->visit.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, hint->seat);
	query_text(&q, hint->what);
	query_int(&q, hint->made_at.s);
	return query_end(&q);
}

enum err store_hint_find(struct store *store, struct arena *arena, struct hint_id id,
			 struct hint *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_hint(&q, arena);
	return query_end_one(&q);
}

enum err store_hint_recent(struct store *store, const struct hint *hint, struct wall since,
			   int64_t *out)
{
	struct query q = query_of(store, RECENT);
	query_int(&q, hint->visit.n);
	query_int(&q, hint->seat);
	query_text(&q, hint->what);
	query_int(&q, since.s);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_hint_list_open(struct store *store, struct arena *arena, struct prison_code prison,
			      struct wall since, int limit, struct store_hints *out)
{
	struct store_hints all = { 0 };
	struct hint *next;
	struct query q = query_of(store, LIST_OPEN);
	query_text(&q, prison.text);
	query_int(&q, since.s);
	query_int(&q, limit);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_hint(&q, arena);
	*out = all;
	return query_end(&q);
}

enum err store_hint_counts(struct store *store, struct arena *arena, struct prison_code prison,
			   struct wall since, struct store_hint_counts *out)
{
	struct store_hint_counts all = { 0 };
	struct hint_count *next;
	struct query q = query_of(store, COUNTS);
	query_text(&q, prison.text);
	query_int(&q, since.s);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next))) {
		*next = (struct hint_count){ .made = query_column(&q, 1),
					     .right = query_column(&q, 2),
					     .wrong = query_column(&q, 3) };
		(void)snprintf(next->what, sizeof next->what, "%.*s",
			       STR_FMT(query_column_peek(&q, 0)));
	}
	*out = all;
	return query_end(&q);
}

enum err store_hint_answer(struct store *store, const struct hint *hint)
{
	struct query q = query_of(store, ANSWER);
	query_text(&q, hint_answer_name(hint->answer));
	query_int(&q, hint->answered_at.s);
	query_int(&q, hint->answered_by.n);
	query_int(&q, hint->id.n);
	return query_end(&q);
}

enum err store_hint_erase(struct store *store, struct wall before, int64_t *count)
{
	int64_t changes = store_changes(store);
	struct query q = query_of(store, ERASE);
	query_int(&q, before.s);
	enum err err = query_end(&q);
	*count = store_changes(store) - changes;
	return err;
}
