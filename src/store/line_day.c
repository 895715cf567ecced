#include "store/line_day.h"

#include "store/query.h"

#define MORE(column)                                                                               \
#column " = CASE WHEN excluded." #column " > line_day." #column " THEN excluded." #column  \
		" ELSE line_day." #column " END"
#define SUM(column) #column " = line_day." #column " + excluded." #column
static const char ADD[] =
    "INSERT INTO line_day (prison, day, up_s, up_most_kbit, up_full_s, up_full_kbit, down_s, "
    "down_most_kbit, down_full_s, down_full_kbit) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (prison, day) DO UPDATE "
    "SET " SUM(up_s) ", " MORE(up_most_kbit) ", " SUM(up_full_s) ", " SUM(up_full_kbit) ", " SUM(
	down_s) ", " MORE(down_most_kbit) ", " SUM(down_full_s) ", " SUM(down_full_kbit);
static const char LIST[] =
    "SELECT day, up_s, up_most_kbit, up_full_s, up_full_kbit, down_s, down_most_kbit, "
    "down_full_s, down_full_kbit FROM line_day WHERE prison = ?1 AND day >= ?2 "
    "ORDER BY day DESC LIMIT ?3";
static const char NEXT[] = "SELECT COALESCE(MIN(prison), '') FROM line_day WHERE prison > ?1";
static const char ERASE[] = "DELETE FROM line_day WHERE day < ?1";

static void put_way(struct query *q, const struct line_way *way)
{
	query_int(q, way->seconds);
	query_int(q, way->most_kbit);
	query_int(q, way->full_s);
	query_int(q, way->full_kbit);
}

static struct line_way way_at(const struct query *q, int at)
{
	return (struct line_way){ .seconds = query_column(q, at),
				  .most_kbit = query_column(q, at + 1),
				  .full_s = query_column(q, at + 2),
				  .full_kbit = query_column(q, at + 3) };
}

enum err store_line_day_add(struct store *store, struct prison_code prison,
			    const struct line_day *day)
{
	struct query q = query_of(store, ADD);
	query_text(&q, prison.text);
	query_int(&q, date_to_days(day->day));
	put_way(&q, &day->up);
	put_way(&q, &day->down);
	return query_later(&q);
}

enum err store_line_day_list(struct store *store, struct prison_code prison, struct date from,
			     struct line_day out[LINE_FOUND_DAYS], size_t *count)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, date_to_days(from));
	query_int(&q, LINE_FOUND_DAYS);
	size_t n = 0;
	while (n < LINE_FOUND_DAYS && query_row(&q))
		out[n++] = (struct line_day){ .day = date_of_days(query_column(&q, 0)),
					      .up = way_at(&q, 1),
					      .down = way_at(&q, 5) };
	*count = n;
	return query_end(&q);
}

enum err store_line_day_next(struct store *store, struct prison_code *after)
{
	struct query q = query_of(store, NEXT);
	query_text(&q, after->text);
	struct prison_code next = { 0 };
	if (query_row(&q) && !prison_code_of(query_column_peek(&q, 0), &next))
		next = (struct prison_code){ 0 };
	enum err err = query_end(&q);
	if (err == OK)
		*after = next;
	return err;
}

enum err store_line_day_erase(struct store *store, struct date before)
{
	struct query q = query_of(store, ERASE);
	query_int(&q, date_to_days(before));
	return query_later(&q);
}
