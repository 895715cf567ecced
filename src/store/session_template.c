#include "store/session_template.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"id, prison, weekdays, start_minute, end_minute, slot_minutes, every_weeks, valid_from, "  \
	"active, valid_to"
static const char INSERT[] = "INSERT INTO session_template (" COLUMNS ") "
			     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char LIST[] = "SELECT " COLUMNS ", valid_to IS NULL FROM session_template "
			   "WHERE prison = ?1 AND active = 1 ORDER BY start_minute, id";

static struct session_template row_template(const struct query *q)
{
	return (struct session_template){
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.weekdays = (unsigned)query_column(q, 2),
		.start_minute = query_column_int(q, 3),
		.end_minute = query_column_int(q, 4),
		.slot_minutes = query_column_int(q, 5),
		.every_weeks = query_column_int(q, 6),
		.valid_from = row_date(q, 7),
		.active = query_column_bool(q, 8),
		.valid_to = query_column_bool(q, 10) ? (struct date){ 0 } : row_date(q, 9),
	};
}

enum err store_session_template_insert(struct store *store, const struct session_template *t)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, t->id.n);
	query_text(&q, t->prison.text);
	query_int(&q, t->weekdays);
	query_int(&q, t->start_minute);
	query_int(&q, t->end_minute);
	query_int(&q, t->slot_minutes);
	query_int(&q, t->every_weeks);
	query_int(&q, date_to_days(t->valid_from));
	query_int(&q, t->active);
	query_int_or_null(&q, t->valid_to.year ? date_to_days(t->valid_to) : 0);
	return query_end(&q);
}

enum err store_session_template_list(struct store *store, struct arena *arena,
				     struct prison_code prison, struct store_session_templates *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_session_templates templates = { 0 };
	struct session_template *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &templates.list, &templates.count, sizeof *next)))
		*next = row_template(&q);
	*out = templates;
	return query_end(&q);
}
