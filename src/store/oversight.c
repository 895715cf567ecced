#include "store/oversight.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

/* ---- acts ---- */

static const char ACTS_OF[] =
    "SELECT x.id, x.seq, x.act, x.side, x.amount, x.words, x.words_cy, x.at, "
    "COALESCE(x.by_account, 0), COALESCE(a.name, '') FROM visit_act x "
    "LEFT JOIN account a ON a.id = x.by_account WHERE x.visit = ?1 ORDER BY x.seq";
static const char ACT_INSERT[] =
    "INSERT INTO visit_act (id, seq, visit, kind, act, side, amount, words, words_cy, at, "
    "by_account) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

enum err store_act_list(struct store *store, struct arena *arena, struct visit_id visit,
			struct store_acts *out)
{
	struct store_acts acts = { 0 };
	struct visit_act *next;
	struct query q = query_of(store, ACTS_OF);
	query_int(&q, visit.n);
	while (query_row(&q) && (next = list_next(arena, &acts.list, &acts.count, sizeof *next))) {
		*next = (struct visit_act){
			.id = { query_column(&q, 0) },
			.seq = query_column(&q, 1),
			.amount = query_column(&q, 4),
			.words = query_column_str(&q, arena, 5),
			.words_cy = query_column_str(&q, arena, 6),
			.at = query_column_wall(&q, 7),
			.by = { query_column(&q, 8) },
			.by_name = query_column_str(&q, arena, 9),
		};
		(void)act_of(query_column_peek(&q, 2), &next->act);
		(void)side_of(query_column_peek(&q, 3), &next->side);
	}
	*out = acts;
	return query_end(&q);
}

enum err store_act_insert(struct store *store, const struct visit *visit,
			  const struct visit_act *act)
{
	struct query q = query_of(store, ACT_INSERT);
	query_int(&q, act->id.n);
	query_int(&q, act->seq);
	query_int(&q, visit->id.n);
	query_text(&q, visit_kind_name(visit->kind));
	query_text(&q, act_name(act->act));
	query_text(&q, side_name(act->side));
	query_int(&q, act->amount);
	query_str(&q, act->words);
	query_str(&q, act->words_cy);
	query_int(&q, act->at.s);
	query_int_or_null(&q, act->by.n);
	return query_end(&q);
}

/* ---- who watched ---- */

#define MONITORING                                                                                 \
	"SELECT m.id, m.visit, v.reference, v.prison, m.officer, a.name, m.purpose, "              \
	"m.purpose_id, m.words, m.at, m.told, m.left_at FROM monitoring m "                        \
	"JOIN visit v ON v.id = m.visit JOIN account a ON a.id = m.officer "
static const char MONITORING_FIND[] = MONITORING "WHERE m.id = ?1";
static const char MONITORING_LIST[] = MONITORING "WHERE m.visit = ?1 ORDER BY m.at, m.id";
static const char MONITORING_INSERT[] =
    "INSERT INTO monitoring (id, visit, kind, officer, purpose, purpose_id, words, at, told, "
    "left_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '', 0)";
static const char MONITORING_TOLD[] = "UPDATE monitoring SET told = ?1 WHERE id = ?2 AND told = ''";
static const char MONITORING_END[] =
    "UPDATE monitoring SET left_at = ?1 WHERE id = ?2 AND left_at = 0";

static const char MONITORING_END_OF[] =
    "UPDATE monitoring SET left_at = ?1 WHERE visit = ?2 AND officer = ?3 AND left_at = 0";
static const char MONITORING_COUNT[] =
    "SELECT COUNT(*) FROM monitoring m JOIN visit v ON v.id = m.visit WHERE m.officer = ?1 AND "
    "m.visit <> ?2 AND m.left_at = 0 AND m.purpose <> 'ADMISSION' AND v.state IN ('LOBBY', 'LIVE')";

static struct monitoring row_monitoring(const struct query *q, struct arena *arena)
{
	struct str told = query_column_peek(q, 10);
	struct monitoring monitoring = {
		.id = { query_column(q, 0) },
		.visit = { query_column(q, 1) },
		.reference = row_reference(q, 2),
		.prison = row_code(q, 3),
		.officer = { query_column(q, 4) },
		.officer_name = query_column_str(q, arena, 5),
		.purpose_id = query_column(q, 7),
		.words = query_column_str(q, arena, 8),
		.at = query_column_wall(q, 9),
		.told = !str_empty(told),
		.acknowledged = str_is(told, "ACKNOWLEDGED"),
		.left_at = query_column_wall(q, 11),
	};
	(void)purpose_of(query_column_peek(q, 6), &monitoring.purpose);
	return monitoring;
}

enum err store_monitoring_insert(struct store *store, const struct monitoring *monitoring,
				 enum visit_kind kind)
{
	struct query q = query_of(store, MONITORING_INSERT);
	query_int(&q, monitoring->id.n);
	query_int(&q, monitoring->visit.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, monitoring->officer.n);
	query_text(&q, purpose_name(monitoring->purpose));
	query_int(&q, monitoring->purpose_id);
	query_str(&q, monitoring->words);
	query_int(&q, monitoring->at.s);
	return query_end(&q);
}

enum err store_monitoring_find(struct store *store, struct arena *arena, struct monitoring_id id,
			       struct monitoring *out)
{
	struct query q = query_of(store, MONITORING_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_monitoring(&q, arena);
	return query_end_one(&q);
}

enum err store_monitoring_told(struct store *store, struct monitoring_id id, bool acknowledged)
{
	struct query q = query_of(store, MONITORING_TOLD);
	query_text(&q, acknowledged ? "ACKNOWLEDGED" : "NO_ANSWER");
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_monitoring_end(struct store *store, struct monitoring_id id, struct wall at)
{
	struct query q = query_of(store, MONITORING_END);
	query_int(&q, at.s);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_monitoring_end_of(struct store *store, struct visit_id visit,
				 struct account_id officer, struct wall at)
{
	struct query q = query_of(store, MONITORING_END_OF);
	query_int(&q, at.s);
	query_int(&q, visit.n);
	query_int(&q, officer.n);
	return query_end(&q);
}

enum err store_monitoring_count(struct store *store, struct account_id officer, struct visit_id but,
				int64_t *out)
{
	struct query q = query_of(store, MONITORING_COUNT);
	query_int(&q, officer.n);
	query_int(&q, but.n);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_monitoring_list(struct store *store, struct arena *arena, struct visit_id visit,
			       struct store_monitorings *out)
{
	struct store_monitorings all = { 0 };
	struct monitoring *next;
	struct query q = query_of(store, MONITORING_LIST);
	query_int(&q, visit.n);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_monitoring(&q, arena);
	*out = all;
	return query_end(&q);
}

/* The purposes that name a row; by rule, or drawn, names none. */
static const char MONITORING_STANDS[] =
    "SELECT CASE "
    "WHEN m.purpose = 'INCIDENT' THEN "
    "(SELECT COUNT(*) FROM incident i WHERE i.id = m.purpose_id AND i.outcome = '') "
    "WHEN m.purpose = 'AUTHORISATION' THEN "
    "(SELECT COUNT(*) FROM monitoring_authorisation a WHERE a.id = m.purpose_id "
    "AND a.state = 'GRANTED' AND a.until_at > ?2 AND a.review_at > ?2) "
    "WHEN m.purpose = 'ASSIGNMENT' AND m.purpose_id <> 0 THEN "
    "(SELECT COUNT(*) FROM watch_assignment w WHERE w.id = m.purpose_id AND w.ended_at = 0) "
    "ELSE 1 END FROM monitoring m WHERE m.id = ?1";

enum err store_monitoring_stands(struct store *store, struct monitoring_id id, struct wall now,
				 bool *out)
{
	struct query q = query_of(store, MONITORING_STANDS);
	query_int(&q, id.n);
	query_int(&q, now.s);
	if (query_row(&q))
		*out = query_column(&q, 0) != 0;
	return query_end_one(&q);
}

/* ---- who is assigned to watch ---- */

static const char ASSIGNMENT_INSERT[] =
    "INSERT INTO watch_assignment (id, visit, kind, officer, assigned_by, reason, at, ended_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
static const char ASSIGNMENT_END[] =
    "UPDATE watch_assignment SET ended_at = ?1 WHERE visit = ?2 AND id = ?3 AND ended_at = 0";
static const char ASSIGNMENT_FIND[] =
    "SELECT id FROM watch_assignment WHERE visit = ?1 AND officer = ?2 AND ended_at = 0";
static const char ASSIGNMENT_LIST[] =
    "SELECT w.id, w.visit, w.officer, o.name, w.assigned_by, g.name, w.reason, w.at, w.ended_at "
    "FROM watch_assignment w JOIN account o ON o.id = w.officer "
    "JOIN account g ON g.id = w.assigned_by WHERE w.visit = ?1 ORDER BY w.at, w.id";

enum err store_assignment_insert(struct store *store, const struct assignment *assignment,
				 enum visit_kind kind)
{
	struct query q = query_of(store, ASSIGNMENT_INSERT);
	query_int(&q, assignment->id.n);
	query_int(&q, assignment->visit.n);
	query_text(&q, visit_kind_name(kind));
	query_int(&q, assignment->officer.n);
	query_int(&q, assignment->by.n);
	query_str(&q, assignment->reason);
	query_int(&q, assignment->at.s);
	return query_end(&q);
}

enum err store_assignment_end(struct store *store, struct visit_id visit, struct assignment_id id,
			      struct wall at)
{
	struct query q = query_of(store, ASSIGNMENT_END);
	query_int(&q, at.s);
	query_int(&q, visit.n);
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_assignment_find(struct store *store, struct visit_id visit,
			       struct account_id officer, struct assignment_id *out)
{
	struct query q = query_of(store, ASSIGNMENT_FIND);
	query_int(&q, visit.n);
	query_int(&q, officer.n);
	if (query_row(&q))
		out->n = query_column(&q, 0);
	return query_end_one(&q);
}

enum err store_assignment_list(struct store *store, struct arena *arena, struct visit_id visit,
			       struct store_assignments *out)
{
	struct store_assignments all = { 0 };
	struct assignment *next;
	struct query q = query_of(store, ASSIGNMENT_LIST);
	query_int(&q, visit.n);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct assignment){
			.id = { query_column(&q, 0) },
			.visit = { query_column(&q, 1) },
			.officer = { query_column(&q, 2) },
			.officer_name = query_column_str(&q, arena, 3),
			.by = { query_column(&q, 4) },
			.by_name = query_column_str(&q, arena, 5),
			.reason = query_column_str(&q, arena, 6),
			.at = query_column_wall(&q, 7),
			.ended_at = query_column_wall(&q, 8),
		};
	*out = all;
	return query_end(&q);
}

/* ---- prepared warnings ---- */

#define WARNING "SELECT id, prison, place, words, words_cy FROM prepared_warning "
static const char WARNING_LIST[] =
    WARNING "WHERE retired_at = 0 AND prison IN ('', ?1) ORDER BY prison, place, id";
static const char WARNING_FIND[] = WARNING "WHERE retired_at = 0 AND id = ?1";
static const char WARNING_INSERT[] =
    "INSERT INTO prepared_warning (id, prison, place, words, words_cy, author, retired_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
static const char WARNING_RETIRE[] =
    "UPDATE prepared_warning SET retired_at = ?1 WHERE id = ?2 AND retired_at = 0";

static struct warning row_warning(const struct query *q, struct arena *arena)
{
	return (struct warning){
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.place = query_column_int(q, 2),
		.words = query_column_str(q, arena, 3),
		.words_cy = query_column_str(q, arena, 4),
	};
}

enum err store_warning_list(struct store *store, struct arena *arena, struct prison_code prison,
			    struct store_warnings *out)
{
	struct store_warnings all = { 0 };
	struct warning *next;
	struct query q = query_of(store, WARNING_LIST);
	query_text(&q, prison.text);
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = row_warning(&q, arena);
	*out = all;
	return query_end(&q);
}

enum err store_warning_find(struct store *store, struct arena *arena, struct warning_id id,
			    struct warning *out)
{
	struct query q = query_of(store, WARNING_FIND);
	query_int(&q, id.n);
	if (query_row(&q))
		*out = row_warning(&q, arena);
	return query_end_one(&q);
}

enum err store_warning_insert(struct store *store, const struct warning *warning,
			      struct account_id author)
{
	struct query q = query_of(store, WARNING_INSERT);
	query_int(&q, warning->id.n);
	query_text(&q, warning->prison.text);
	query_int(&q, warning->place);
	query_str(&q, warning->words);
	query_str(&q, warning->words_cy);
	query_int_or_null(&q, author.n);
	return query_end(&q);
}

enum err store_warning_retire(struct store *store, struct warning_id id, struct wall at)
{
	struct query q = query_of(store, WARNING_RETIRE);
	query_int(&q, at.s);
	query_int(&q, id.n);
	return query_change(&q);
}

/* ---- which visits are drawn ---- */

static const char DRAW_FIND[] =
    "SELECT seed, share, drawn_at FROM watch_draw WHERE prison = ?1 AND day = ?2";
static const char DRAW_INSERT[] = "INSERT INTO watch_draw (prison, day, seed, share, drawn_at) "
				  "VALUES (?1, ?2, ?3, ?4, ?5)";

enum err store_draw_find(struct store *store, struct prison_code prison, int64_t day,
			 struct watch_draw *out)
{
	struct query q = query_of(store, DRAW_FIND);
	query_text(&q, prison.text);
	query_int(&q, day);
	if (query_row(&q))
		*out = (struct watch_draw){ .prison = prison,
					    .day = day,
					    .seed = query_column(&q, 0),
					    .share = query_column_int(&q, 1),
					    .drawn_at = query_column_wall(&q, 2) };
	return query_end_one(&q);
}

enum err store_draw_insert(struct store *store, const struct watch_draw *draw)
{
	struct query q = query_of(store, DRAW_INSERT);
	query_text(&q, draw->prison.text);
	query_int(&q, draw->day);
	query_int(&q, draw->seed);
	query_int(&q, draw->share);
	query_int(&q, draw->drawn_at.s);
	return query_end(&q);
}
