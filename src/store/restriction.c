#include "store/restriction.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO restriction (id, on_whom, code, prison, prisoner, person, visitor_name, "
    "visitor_born, from_day, to_day, comment, authorised_by, made_by, made_at, ended_at, "
    "end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, '')";
#define COLUMNS                                                                                    \
	"r.id, r.on_whom, r.code, r.prisoner, r.person, r.visitor_name, r.visitor_born, "          \
	"r.from_day, r.to_day, r.comment, r.authorised_by, r.ended_at"
#define SELECT                                                                                     \
	"SELECT " COLUMNS ", r.prison, COALESCE(z.number, ''), COALESCE(z.name, ''), "             \
	"COALESCE(m.name, ''), r.made_at, COALESCE(e.name, ''), r.end_reason FROM restriction r "  \
	"LEFT JOIN prisoner z ON z.id = r.prisoner LEFT JOIN account m ON m.id = r.made_by "       \
	"LEFT JOIN account e ON e.id = r.ended_by "
static const char FIND[] = SELECT "WHERE r.id = ?1";
static const char LIST[] =
    SELECT "WHERE (?1 = '' OR r.prison = ?1 OR z.prison = ?1) AND (?2 = 1 OR r.ended_at = 0) "
	   "ORDER BY r.made_at DESC, r.id LIMIT ?3";
static const char LIST_OF[] =
    SELECT "WHERE r.prisoner = ?1 AND r.ended_at = 0 ORDER BY r.made_at DESC, r.id";
static const char END[] = "UPDATE restriction SET ended_by = ?1, ended_at = ?2, end_reason = ?3 "
			  "WHERE id = ?4 AND ended_at = 0";
static const char OF_PRISONER[] =
    "SELECT " COLUMNS " FROM restriction r WHERE r.prisoner = ?1 AND r.ended_at = 0 ORDER BY r.id";
static const char OF_BIRTH[] =
    "SELECT " COLUMNS " FROM restriction r WHERE r.on_whom = 'VISITOR' AND "
    "r.visitor_born = ?1 AND r.ended_at = 0 ORDER BY r.id";
static const char OF_BOOKER[] =
    "SELECT " COLUMNS " FROM restriction r WHERE r.ended_at = 0 AND (r.prisoner IN "
    "(SELECT c.prisoner FROM contact c JOIN person p ON p.id = c.person WHERE p.booker = ?1) "
    "OR (r.on_whom = 'VISITOR' AND r.visitor_born IN "
    "(SELECT born FROM person WHERE booker = ?1))) ORDER BY r.id";

static const char ALERT_INSERT[] =
    "INSERT INTO alert (id, prisoner, code, from_day, to_day, comment, made_by, made_at, ended_at, "
    "end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, '')";
#define NEWEST_RULE                                                                                \
	"LEFT JOIN alert_rule u ON u.seq = (SELECT MAX(w.seq) FROM alert_rule w "                  \
	"WHERE w.code = t.code) "
#define ALERT_SELECT                                                                               \
	"SELECT t.id, t.prisoner, t.code, t.from_day, t.to_day, t.comment, t.ended_at, u.seq, "    \
	"COALESCE(u.description, ''), COALESCE(u.forces_review, 1), COALESCE(u.child, 0) "         \
	"FROM alert t " NEWEST_RULE
static const char ALERT_FIND[] = ALERT_SELECT "WHERE t.id = ?1";
static const char ALERT_LIST[] =
    ALERT_SELECT "WHERE t.prisoner = ?1 AND t.ended_at = 0 ORDER BY t.made_at DESC, t.id";
static const char ALERT_END[] = "UPDATE alert SET ended_by = ?1, ended_at = ?2, end_reason = ?3 "
				"WHERE id = ?4 AND ended_at = 0";
static const char RULE_LIST[] =
    "SELECT code, description, forces_review, child FROM alert_rule r WHERE seq = "
    "(SELECT MAX(w.seq) FROM alert_rule w WHERE w.code = r.code) ORDER BY code";
static const char RULE_INSERT[] =
    "INSERT INTO alert_rule (seq, code, description, forces_review, child, author, at, reason) "
    "SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7 FROM alert_rule";

static const char CHILD_INSERT[] =
    "INSERT INTO child_decision (seq, prisoner, child, level, decided_on, review_on, governor, "
    "reason) SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7 FROM child_decision";
static const char CHILD_FIND[] =
    "SELECT level, decided_on, review_on FROM child_decision WHERE prisoner = ?1 AND child = ?2 "
    "ORDER BY seq DESC LIMIT 1";

/* Days since 1970 are never 0 for a day that is meant: year 0 is NULL. */
static void bind_date_or_null(struct query *q, struct date date)
{
	query_int_or_null(q, date.year ? date_to_days(date) : 0);
}

static struct date row_date_or_none(const struct query *q, int at)
{
	int64_t days = query_column(q, at);
	return days ? date_of_days(days) : (struct date){ 0 };
}

/* ---- restrictions ---- */

enum err store_restriction_insert(struct store *store, const struct restriction *r,
				  struct prison_code prison, struct account_id by, struct wall at)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, r->id.n);
	query_text(&q, restriction_on_name(r->on));
	query_text(&q, restriction_code_name(r->code));
	query_text(&q, prison.text);
	query_int_or_null(&q, r->prisoner.n);
	query_int_or_null(&q, r->person.n);
	query_str(&q, r->visitor_name);
	query_int(&q, r->visitor_born.year ? date_to_days(r->visitor_born) : 0);
	query_int(&q, date_to_days(r->from));
	bind_date_or_null(&q, r->to);
	query_str(&q, r->comment);
	query_str(&q, r->authorised_by);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	return query_end(&q);
}

static struct restriction row_restriction(const struct query *q, struct arena *arena)
{
	struct restriction r = {
		.id = { query_column(q, 0) },
		.prisoner = { query_column(q, 3) },
		.person = { query_column(q, 4) },
		.visitor_name = query_column_str(q, arena, 5),
		.visitor_born = row_date(q, 6),
		.from = row_date(q, 7),
		.to = row_date_or_none(q, 8),
		.comment = query_column_str(q, arena, 9),
		.authorised_by = query_column_str(q, arena, 10),
		.ended_at = query_column_wall(q, 11),
	};
	(void)restriction_on_of(query_column_peek(q, 1), &r.on);
	(void)restriction_code_of(query_column_peek(q, 2), &r.code);
	return r;
}

static struct store_restriction row_whole(const struct query *q, struct arena *arena)
{
	return (struct store_restriction){
		.restriction = row_restriction(q, arena),
		.prison = row_code(q, 12),
		.number = row_number(q, 13),
		.prisoner_name = query_column_str(q, arena, 14),
		.made_by = query_column_str(q, arena, 15),
		.made_at = query_column_wall(q, 16),
		.ended_by = query_column_str(q, arena, 17),
		.end_reason = query_column_str(q, arena, 18),
	};
}

enum err store_restriction_find(struct store *store, struct arena *arena, struct restriction_id id,
				struct store_restriction *out)
{
	struct query q = query_of(store, FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_whole(&q, arena);
	return query_end_one(&q);
}

static enum err end(struct store *store, const char *sql, int64_t id, struct account_id by,
		    struct wall at, struct str reason)
{
	struct query q = query_of(store, sql);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	query_str(&q, reason);
	query_int(&q, id);
	return query_change(&q);
}

enum err store_restriction_end(struct store *store, struct restriction_id id, struct account_id by,
			       struct wall at, struct str reason)
{
	return end(store, END, id.n, by, at, reason);
}

static enum err rows_whole(struct query *q, struct arena *arena, struct store_restrictions *out)
{
	struct store_restrictions all = { 0 };
	struct store_restriction *next;
	while (query_row(q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_whole(q, arena);
	*out = all;
	return query_end(q);
}

enum err store_restriction_list_of(struct store *store, struct arena *arena,
				   struct prisoner_id prisoner, struct store_restrictions *out)
{
	struct query q = query_of(store, LIST_OF);
	query_int(&q, prisoner.n);
	return rows_whole(&q, arena, out);
}

enum err store_restriction_list(struct store *store, struct arena *arena, struct prison_code prison,
				bool ended, int limit, struct store_restrictions *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	query_int(&q, ended);
	query_int(&q, limit);
	return rows_whole(&q, arena, out);
}

/* Adds what one query finds; never leaves one out, for it might be the ban. */
static enum err add_found(struct store *store, struct arena *arena, const char *sql, int64_t key,
			  struct restriction_list *all)
{
	struct query q = query_of(store, sql);
	bool room = true;
	query_int(&q, key);
	while (room && query_row(&q)) {
		struct restriction *next = list_next(arena, &all->list, &all->count, sizeof *next);
		room = next != NULL;
		if (room)
			*next = row_restriction(&q, arena);
	}
	enum err err = query_end(&q);
	return err == OK && !room ? ERR_LIMIT : err;
}

enum err store_restriction_list_for(struct store *store, struct arena *arena,
				    struct prisoner_id prisoner, const struct date *born,
				    size_t born_count, struct restriction_list *out)
{
	struct restriction_list all = { 0 };
	enum err err = add_found(store, arena, OF_PRISONER, prisoner.n, &all);
	for (size_t i = 0; i < born_count && err == OK; i++)
		err = add_found(store, arena, OF_BIRTH, date_to_days(born[i]), &all);
	if (err == OK)
		*out = all;
	return err;
}

enum err store_restriction_list_of_booker(struct store *store, struct arena *arena,
					  struct account_id booker, struct restriction_list *out)
{
	struct restriction_list all = { 0 };
	enum err err = add_found(store, arena, OF_BOOKER, booker.n, &all);
	if (err == OK)
		*out = all;
	return err;
}

/* ---- alerts ---- */

enum err store_alert_insert(struct store *store, const struct alert *alert, struct account_id by,
			    struct wall at)
{
	struct query q = query_of(store, ALERT_INSERT);
	query_int(&q, alert->id.n);
	query_int(&q, alert->prisoner.n);
	query_text(&q, alert->code.text);
	query_int(&q, date_to_days(alert->from));
	bind_date_or_null(&q, alert->to);
	query_str(&q, alert->comment);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	return query_end(&q);
}

static struct alert row_alert(const struct query *q, struct arena *arena)
{
	struct alert alert = {
		.id = { query_column(q, 0) },
		.prisoner = { query_column(q, 1) },
		.from = row_date(q, 3),
		.to = row_date_or_none(q, 4),
		.comment = query_column_str(q, arena, 5),
		.ended_at = query_column_wall(q, 6),
		.known = query_column(q, 7) != 0,
		.description = query_column_str(q, arena, 8),
		.forces_review = query_column_bool(q, 9),
		.child = query_column_bool(q, 10),
	};
	(void)alert_code_of(query_column_peek(q, 2), &alert.code);
	return alert;
}

enum err store_alert_find(struct store *store, struct arena *arena, struct alert_id id,
			  struct alert *out)
{
	struct query q = query_of(store, ALERT_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_alert(&q, arena);
	return query_end_one(&q);
}

enum err store_alert_end(struct store *store, struct alert_id id, struct account_id by,
			 struct wall at, struct str reason)
{
	return end(store, ALERT_END, id.n, by, at, reason);
}

enum err store_alert_list_of(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			     struct alert_list *out)
{
	struct query q = query_of(store, ALERT_LIST);
	query_int(&q, prisoner.n);
	struct alert_list all = { 0 };
	bool room = true;
	while (room && query_row(&q)) {
		struct alert *next = list_next(arena, &all.list, &all.count, sizeof *next);
		room = next != NULL;
		if (room)
			*next = row_alert(&q, arena);
	}
	enum err err = query_end(&q);
	if (!room)
		return ERR_LIMIT;
	*out = all;
	return err;
}

enum err store_alert_rule_list(struct store *store, struct arena *arena,
			       struct alert_rule_list *out)
{
	struct query q = query_of(store, RULE_LIST);
	struct alert_rule_list all = { 0 };
	struct alert_rule *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next))) {
		*next = (struct alert_rule){
			.description = query_column_str(&q, arena, 1),
			.forces_review = query_column_bool(&q, 2),
			.child = query_column_bool(&q, 3),
		};
		(void)alert_code_of(query_column_peek(&q, 0), &next->code);
	}
	*out = all;
	return query_end(&q);
}

enum err store_alert_rule_insert(struct store *store, const struct alert_rule *rule,
				 struct account_id by, struct wall at, struct str reason)
{
	struct query q = query_of(store, RULE_INSERT);
	query_text(&q, rule->code.text);
	query_str(&q, rule->description);
	query_int(&q, rule->forces_review);
	query_int(&q, rule->child);
	query_int_or_null(&q, by.n);
	query_int(&q, at.s);
	query_str(&q, reason);
	return query_end(&q);
}

/* ---- decisions about children ---- */

enum err store_child_decision_insert(struct store *store, const struct child_decision *decision,
				     struct account_id governor, struct str reason)
{
	struct query q = query_of(store, CHILD_INSERT);
	query_int(&q, decision->prisoner.n);
	query_int(&q, decision->child.n);
	query_text(&q, child_level_name(decision->level));
	query_int(&q, date_to_days(decision->decided_on));
	query_int(&q, date_to_days(decision->review_on));
	query_int_or_null(&q, governor.n);
	query_str(&q, reason);
	return query_end(&q);
}

enum err store_child_decision_find(struct store *store, struct prisoner_id prisoner,
				   struct person_id child, struct child_decision *out)
{
	struct query q = query_of(store, CHILD_FIND);
	query_int(&q, prisoner.n);
	query_int(&q, child.n);
	if (query_row(&q)) {
		*out = (struct child_decision){
			.prisoner = prisoner,
			.child = child,
			.decided_on = row_date(&q, 1),
			.review_on = row_date(&q, 2),
		};
		if (!child_level_of(query_column_peek(&q, 0), &out->level))
			out->level = CHILD_REFUSED;
	}
	return query_end_one(&q);
}
