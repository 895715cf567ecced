#include "store/prisoner.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

#define COLUMNS                                                                                    \
	"id, number, name, born, prison, wing, level2, level3, level4, category, incentive, "      \
	"convicted"
static const char INSERT[] = "INSERT INTO prisoner (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
			     "?7, ?8, ?9, ?10, ?11, ?12)";
static const char FIND[] = "SELECT " COLUMNS " FROM prisoner WHERE id = ?1";
/* Not those whose number belongs to another now, and whoever is forgotten. */
static const char LIST[] = "SELECT " COLUMNS " FROM prisoner WHERE prison = ?1 AND forgotten_at = "
			   "0 AND id NOT IN (SELECT prisoner FROM custody WHERE status = "
			   "'MERGED') "
			   "ORDER BY name, id";
/* A number that was merged finds whom it belongs to now. */
static const char FIND_BY_NUMBER[] =
    "SELECT " COLUMNS " FROM prisoner WHERE id = COALESCE("
    "(SELECT a.prisoner FROM prisoner_alias a WHERE a.number = ?1), "
    "(SELECT z.id FROM prisoner z WHERE z.number = ?1))";
static const char SET_STATUS[] =
    "UPDATE prisoner SET incentive = ?1, category = ?2, convicted = ?3 WHERE id = ?4";
static const char UPDATE[] =
    "UPDATE prisoner SET name = ?1, born = ?2, wing = ?3, level2 = ?4, level3 = ?5, level4 = ?6, "
    "category = ?7, incentive = ?8, convicted = ?9 WHERE id = ?10";

static const char LANGUAGE[] = "SELECT language FROM prisoner WHERE id = ?1";
static const char SET_LANGUAGE[] = "UPDATE prisoner SET language = ?1 WHERE id = ?2";

static struct prisoner row_prisoner(const struct query *q, struct arena *arena)
{
	struct prisoner prisoner = {
		.id = { query_column(q, 0) },
		.number = row_number(q, 1),
		.name = query_column_str(q, arena, 2),
		.born = row_date(q, 3),
		.prison = row_code(q, 4),
		.wing = query_column_str(q, arena, 5),
		.category = query_column_str(q, arena, 9),
		.incentive = query_column_str(q, arena, 10),
		.convicted = query_column_bool(q, 11),
	};
	for (int level = 0; level < LOCATION_LEVELS - 1; level++)
		prisoner.levels[level] = query_column_str(q, arena, 6 + level);
	return prisoner;
}

enum err store_prisoner_insert(struct store *store, const struct prisoner *prisoner)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, prisoner->id.n);
	query_text(&q, prisoner->number.text);
	query_str(&q, prisoner->name);
	query_int(&q, date_to_days(prisoner->born));
	query_text(&q, prisoner->prison.text);
	query_str(&q, prisoner->wing);
	for (int level = 0; level < LOCATION_LEVELS - 1; level++)
		query_str(&q, prisoner->levels[level]);
	query_str(&q, prisoner->category);
	query_str(&q, prisoner->incentive);
	query_int(&q, prisoner->convicted);
	return query_end(&q);
}

enum err store_prisoner_find(struct store *store, struct arena *arena, struct prisoner_id id,
			     struct prisoner *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_prisoner(&q, arena);
	return query_end_one(&q);
}

enum err store_prisoner_find_by_number(struct store *store, struct arena *arena,
				       struct prisoner_number number, struct prisoner *out)
{
	struct query q = query_of(store, FIND_BY_NUMBER);
	query_text(&q, number.text);
	if (query_row(&q))
		*out = row_prisoner(&q, arena);
	return query_end_one(&q);
}

enum err store_prisoner_language(struct store *store, struct prisoner_id id, enum language *out)
{
	struct query q = query_of(store, LANGUAGE);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = language_of(query_column_peek(&q, 0));
	return query_end_one(&q);
}

enum err store_prisoner_set_language(struct store *store, struct prisoner_id id,
				     enum language language)
{
	struct query q = query_of(store, SET_LANGUAGE);
	query_text(&q, language_code(language));
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_prisoner_list(struct store *store, struct arena *arena, struct prison_code prison,
			     struct store_prisoners *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_prisoners prisoners = { 0 };
	struct prisoner *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &prisoners.list, &prisoners.count, sizeof *next)))
		*next = row_prisoner(&q, arena);
	*out = prisoners;
	return query_end(&q);
}

enum err store_prisoner_set_status(struct store *store, struct prisoner_id prisoner,
				   struct str incentive, struct str category, bool convicted)
{
	struct query q = query_of(store, SET_STATUS);
	query_str(&q, incentive);
	query_str(&q, category);
	query_int(&q, convicted);
	query_int(&q, prisoner.n);
	return query_change(&q);
}

enum err store_prisoner_update(struct store *store, const struct prisoner *prisoner)
{
	struct query q = query_of(store, UPDATE);
	query_str(&q, prisoner->name);
	query_int(&q, date_to_days(prisoner->born));
	query_str(&q, prisoner->wing);
	for (int level = 0; level < LOCATION_LEVELS - 1; level++)
		query_str(&q, prisoner->levels[level]);
	query_str(&q, prisoner->category);
	query_str(&q, prisoner->incentive);
	query_int(&q, prisoner->convicted);
	query_int(&q, prisoner->id.n);
	return query_change(&q);
}
