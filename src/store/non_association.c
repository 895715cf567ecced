#include "store/non_association.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO non_association (id, a, b, reason, scope, comment, made_by, made_at, ended_at, "
    "end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '')";
#define COLUMNS "n.id, n.a, n.b, n.reason, n.scope, n.comment, n.ended_at"
#define SELECT                                                                                     \
	"SELECT " COLUMNS ", x.number, x.name, x.prison, y.number, y.name, y.prison, "             \
	"COALESCE(m.name, ''), n.made_at FROM non_association n JOIN prisoner x ON x.id = n.a "    \
	"JOIN prisoner y ON y.id = n.b LEFT JOIN account m ON m.id = n.made_by "
static const char FIND[] = SELECT "WHERE n.id = ?1";
static const char LIST[] =
    SELECT "WHERE n.ended_at = 0 AND (?1 = '' OR x.prison = ?1 OR y.prison = ?1) "
	   "ORDER BY n.made_at DESC, n.id LIMIT ?2";
static const char LIST_WITH[] =
    SELECT "WHERE n.ended_at = 0 AND (n.a = ?1 OR n.b = ?1) ORDER BY n.made_at DESC, n.id";
static const char LIST_OF[] =
    "SELECT " COLUMNS " FROM non_association n WHERE (n.a = ?1 OR n.b = ?1) AND n.ended_at = 0 "
    "ORDER BY n.a, n.b";
static const char END[] =
    "UPDATE non_association SET ended_by = ?1, ended_at = ?2, end_reason = ?3 "
    "WHERE id = ?4 AND ended_at = 0";

static const char TAKE[] =
    "INSERT INTO non_association_day (a, b, prison, day, holder, visits) "
    "VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT (a, b, prison, day) DO NOTHING";
static const char TAKE_MORE[] =
    "UPDATE non_association_day SET visits = visits + 1 WHERE a = ?1 AND b = ?2 AND prison = ?3 "
    "AND day = ?4 AND holder = ?5";
static const char REMEMBER[] =
    "INSERT INTO visit_apart (visit, a, b, day, prison) VALUES (?1, ?2, ?3, ?4, ?5)";
#define TAKEN_BY                                                                                   \
	"SELECT 1 FROM visit_apart v WHERE v.visit = ?1 AND v.a = non_association_day.a "          \
	"AND v.b = non_association_day.b AND v.day = non_association_day.day "                     \
	"AND v.prison = non_association_day.prison"
static const char RELEASE_LAST[] =
    "DELETE FROM non_association_day WHERE visits = 1 AND EXISTS (" TAKEN_BY ")";
static const char RELEASE_ONE[] =
    "UPDATE non_association_day SET visits = visits - 1 WHERE visits > 1 AND EXISTS (" TAKEN_BY ")";
static const char FORGET[] = "DELETE FROM visit_apart WHERE visit = ?1";
static const char HAS_TAKEN[] = "SELECT 1 FROM visit_apart WHERE visit = ?1 AND a = ?2 AND b = ?3";
#define OTHERS                                                                                     \
	"(SELECT n.b AS id FROM non_association n WHERE n.a = ?1 AND n.ended_at = 0 UNION ALL "    \
	"SELECT n.a FROM non_association n WHERE n.b = ?1 AND n.ended_at = 0)"
static const char FORGET_DAYS[] = "DELETE FROM non_association_day WHERE a = ?1 AND b = ?2";
static const char FORGET_TAKEN[] = "DELETE FROM visit_apart WHERE a = ?1 AND b = ?2";
/* From those few to their visits: CROSS JOIN, for SQLite else begins with all visits of the prison. */
static const char DAYS[] =
    "SELECT v.start_at FROM " OTHERS " AS o CROSS JOIN visit v WHERE v.prisoner = o.id "
    "AND v.prison = ?2 AND v.start_at >= ?3 AND v.start_at < ?4 AND v.state <> 'CANCELLED' "
    "UNION ALL SELECT p.start_at FROM " OTHERS " AS o CROSS JOIN application p "
    "WHERE p.prisoner = o.id AND p.prison = ?2 "
    "AND p.start_at >= ?3 AND p.start_at < ?4 AND p.state = 'IN_PROGRESS'";

enum err store_non_association_insert(struct store *store, const struct non_association *pair,
				      struct account_id by, struct wall at)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, pair->id.n);
	query_int(&q, pair->a.n);
	query_int(&q, pair->b.n);
	query_text(&q, non_association_reason_name(pair->reason));
	query_text(&q, non_association_scope_name(pair->scope));
	query_str(&q, pair->comment);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	return query_end(&q);
}

static struct non_association row_pair(const struct query *q, struct arena *arena)
{
	struct non_association pair = {
		.id = { query_column(q, 0) },
		.a = { query_column(q, 1) },
		.b = { query_column(q, 2) },
		.comment = query_column_str(q, arena, 5),
		.ended_at = query_column_wall(q, 6),
	};
	(void)non_association_reason_of(query_column_peek(q, 3), &pair.reason);
	(void)non_association_scope_of(query_column_peek(q, 4), &pair.scope);
	return pair;
}

static struct prisoner row_one(const struct query *q, struct arena *arena, int id, int at)
{
	return (struct prisoner){
		.id = { query_column(q, id) },
		.number = row_number(q, at),
		.name = query_column_str(q, arena, at + 1),
		.prison = row_code(q, at + 2),
	};
}

static struct store_non_association row_whole(const struct query *q, struct arena *arena)
{
	return (struct store_non_association){
		.pair = row_pair(q, arena),
		.a = row_one(q, arena, 1, 7),
		.b = row_one(q, arena, 2, 10),
		.made_by = query_column_str(q, arena, 13),
		.made_at = query_column_wall(q, 14),
	};
}

enum err store_non_association_find(struct store *store, struct arena *arena,
				    struct non_association_id id, struct store_non_association *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_whole(&q, arena);
	return query_end_one(&q);
}

enum err store_non_association_end(struct store *store, struct non_association_id id,
				   struct account_id by, struct wall at, struct str reason)
{
	struct query q = query_of(store, END);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	query_str(&q, reason);
	query_int(&q, id.n);
	return query_change(&q);
}

static enum err rows_whole(struct query *q, struct arena *arena, struct store_non_associations *out)
{
	struct store_non_associations all = { 0 };
	struct store_non_association *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_whole(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_non_association_list_with(struct store *store, struct arena *arena,
					 struct prisoner_id prisoner,
					 struct store_non_associations *out)
{
	struct query q = query_of(store, LIST_WITH);
	query_int(&q, prisoner.n);
	return rows_whole(&q, arena, out);
}

enum err store_non_association_list(struct store *store, struct arena *arena,
				    struct prison_code prison, int limit,
				    struct store_non_associations *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, limit);
	return rows_whole(&q, arena, out);
}

enum err store_non_association_list_of(struct store *store, struct arena *arena,
				       struct prisoner_id prisoner,
				       struct non_association_list *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, prisoner.n);
	struct non_association_list all = { 0 };
	bool room = true;
	while (room && query_row(&q)) {
		struct non_association *next =
		    list_next(arena, &all.list, &all.count, sizeof *next);
		room = next != NULL;
		if (room)
			*next = row_pair(&q, arena);
	}
	enum err err = query_end(&q);
	if (!room)
		return ERR_LIMIT;
	*out = all;
	return err;
}

/* The prison is the caller's: what is bound is borrowed until the query runs. */
static void bind_day(struct query *q, const struct non_association *pair,
		     const struct prison_code *prison, struct date day, struct prisoner_id prisoner)
{
	query_int(q, pair->a.n);
	query_int(q, pair->b.n);
	query_text(q, prison->text);
	query_int(q, date_to_days(day));
	query_int(q, prisoner.n);
}

/* The row is the prisoner's: made now, or made by an earlier visit of the same. */
static enum err take(struct store *store, const struct non_association *pair,
		     struct prison_code prison, struct date day, struct prisoner_id prisoner)
{
	struct query q = query_of(store, TAKE);
	bind_day(&q, pair, &prison, day, prisoner);
	enum err err = query_change(&q);
	if (err != ERR_NOT_FOUND)
		return err;
	struct query more = query_of(store, TAKE_MORE);
	bind_day(&more, pair, &prison, day, prisoner);
	err = query_change(&more);
	return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

enum err store_apart_take(struct store *store, const struct non_association *pair,
			  struct prison_code prison, struct date day, struct prisoner_id prisoner,
			  struct visit_id visit)
{
	enum err err = take(store, pair, prison, day, prisoner);
	if (err != OK)
		return err;
	struct query q = query_of(store, REMEMBER);
	query_int(&q, visit.n);
	query_int(&q, pair->a.n);
	query_int(&q, pair->b.n);
	query_int(&q, date_to_days(day));
	query_text(&q, prison.text);
	return query_end(&q);
}

static enum err of_visit(struct store *store, const char *sql, struct visit_id visit)
{
	struct query q = query_of(store, sql);
	query_int(&q, visit.n);
	return query_end(&q);
}

enum err store_apart_release(struct store *store, struct visit_id visit)
{
	/* First those with one visit alone: what has one less afterwards is not the last. */
	enum err err = of_visit(store, RELEASE_LAST, visit);
	if (err == OK)
		err = of_visit(store, RELEASE_ONE, visit);
	return err == OK ? of_visit(store, FORGET, visit) : err;
}

enum err store_apart_retake(struct store *store, const struct non_association *pair,
			    struct prison_code prison, struct date day, struct prisoner_id prisoner,
			    struct visit_id visit)
{
	struct query q = query_of(store, HAS_TAKEN);
	query_int(&q, visit.n);
	query_int(&q, pair->a.n);
	query_int(&q, pair->b.n);
	enum err err = query_end_one(&q);
	if (err != ERR_NOT_FOUND)
		return err;
	err = store_apart_take(store, pair, prison, day, prisoner, visit);
	return err == ERR_CONFLICT ? OK : err;
}

enum err store_apart_days(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			  struct prison_code prison, struct date from, struct date to,
			  struct store_days *out)
{
	struct query q = query_of(store, DAYS);
	query_int(&q, prisoner.n);
	query_text(&q, prison.text);
	query_int(&q, local_midnight(from).s);
	query_int(&q, local_midnight(date_add_days(to, 1)).s);
	struct store_days days = { 0 };
	bool room = true;
	while (room && query_row(&q)) {
		int64_t *next = list_next(arena, &days.list, &days.count, sizeof *next);
		room = next != NULL;
		if (room)
			*next = date_to_days(local_date(query_column_wall(&q, 0)));
	}
	enum err err = query_end(&q);
	if (!room)
		return ERR_LIMIT;
	*out = days;
	return err;
}

static enum err of_pair(struct store *store, const char *sql, const struct non_association *pair)
{
	struct query q = query_of(store, sql);
	query_int(&q, pair->a.n);
	query_int(&q, pair->b.n);
	return query_end(&q);
}

enum err store_apart_forget(struct store *store, const struct non_association *pair)
{
	enum err err = of_pair(store, FORGET_DAYS, pair);
	return err == OK ? of_pair(store, FORGET_TAKEN, pair) : err;
}
