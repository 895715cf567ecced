#include "store/statistics.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

/* ---- the rows that are counted ---- */

static const char VISITS[] =
    "SELECT v.kind, v.state, v.end_kind, v.terminal, v.start_at, v.minutes, v.live_from, "
    "v.ended_at, v.used_s, v.lost_prison_line, v.lost_terminal, v.lost_visitor_line, "
    "v.lost_service, v.lost_staff, v.lost_nobody, COALESCE(n.cause, '') FROM visit v "
    "LEFT JOIN not_produced n ON n.visit = v.id WHERE v.prison = ?1 AND v.start_at >= ?2 "
    "AND v.start_at < ?3 ORDER BY v.start_at, v.id";
#define WAIT_COLUMNS                                                                               \
	"w.kind, w.cause, w.deadline, w.minutes, w.asked_at, w.state, COALESCE(c.admitted_at, 0)"
static const char WAITS_WITH_VISIT[] =
    "SELECT " WAIT_COLUMNS ", v.start_at, v.state FROM visit v JOIN waiting w "
    "ON w.reference = v.reference LEFT JOIN custody c ON c.prisoner = w.prisoner "
    "WHERE v.prison = ?1 AND v.start_at >= ?2 AND v.start_at < ?3 "
    "ORDER BY w.asked_at, w.id";
static const char WAITS_WITHOUT[] =
    "SELECT " WAIT_COLUMNS ", 0, '' FROM prisoner p JOIN waiting w ON w.prisoner = p.id "
    "LEFT JOIN custody c ON c.prisoner = p.id "
    "WHERE p.prison = ?1 AND w.reference = '' AND w.asked_at >= ?2 AND w.asked_at < ?3 "
    "ORDER BY w.asked_at, w.id";
static const char ASKED[] =
    "SELECT COALESCE((SELECT SUM(w.minutes) FROM prisoner p JOIN waiting w ON w.prisoner = p.id "
    "WHERE p.prison = ?1 AND w.asked_at >= ?2 AND w.asked_at < ?3), 0) + "
    "COALESCE((SELECT SUM(v.minutes) FROM visit v WHERE v.prison = ?1 AND v.booked_at >= ?2 "
    "AND v.booked_at < ?3 AND v.end_kind <> 'MOVED' AND v.start_at >= ?2 AND NOT EXISTS "
    "(SELECT 1 FROM waiting w WHERE w.reference = v.reference)), 0)";
static const char QUEUED[] =
    "SELECT COALESCE(SUM(w.minutes), 0) FROM prisoner p JOIN waiting w ON w.prisoner = p.id "
    "LEFT JOIN visit v ON v.reference = w.reference WHERE p.prison = ?1 AND w.asked_at < ?2 "
    "AND w.state <> 'ENDED' AND (w.reference = '' OR v.booked_at >= ?2)";

static struct visit_fact row_fact(const struct query *q)
{
	struct visit_fact f = {
		.terminal = { query_column(q, 3) },
		.start = query_column_wall(q, 4),
		.minutes = query_column_int(q, 5),
		.live_from = query_column_wall(q, 6),
		.ended_at = query_column_wall(q, 7),
		.used_s = query_column_int(q, 8),
	};
	for (int i = 0; i < LOST_CAUSE_COUNT; i++) /* the columns are in the order of the enum */
		f.lost.s[i] = query_column_int(q, 9 + i);
	(void)visit_kind_of(query_column_peek(q, 0), &f.kind);
	(void)visit_state_of(query_column_peek(q, 1), &f.state);
	(void)visit_end_of(query_column_peek(q, 2), &f.end);
	f.noted = not_produced_of(query_column_peek(q, 9 + LOST_CAUSE_COUNT), &f.cause);
	return f;
}

/* What is left out would be counted as nothing. */
static enum err whole(enum err err, size_t count)
{
	return err == OK && count >= STORE_LIST_MAX ? ERR_LIMIT : err;
}

enum err store_visit_facts(struct store *store, struct arena *arena, struct prison_code prison,
			   struct wall from, struct wall to, struct store_visit_facts *out)
{
	struct query q = query_of(store, VISITS);
	struct store_visit_facts found = { 0 };
	struct visit_fact *next;
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	while (query_row(&q) && (next = list_next(arena, &found.list, &found.count, sizeof *next)))
		*next = row_fact(&q);
	*out = found;
	return whole(query_end(&q), found.count);
}

static struct wait_fact row_wait(const struct query *q)
{
	struct wait_fact f = { .need = { .minutes = query_column_int(q, 3),
					 .asked_at = query_column_wall(q, 4),
					 .received = query_column_wall(q, 6) },
			       .start = query_column_wall(q, 7) };
	enum visit_state state = VISIT_REQUESTED;
	bool ended = str_is(query_column_peek(q, 5), "ENDED");
	(void)visit_kind_of(query_column_peek(q, 0), &f.need.kind);
	(void)waiting_cause_of(query_column_peek(q, 1), &f.need.cause);
	if (query_column(q, 2))
		f.need.deadline = row_date(q, 2);
	f.held = visit_state_of(query_column_peek(q, 8), &state) && state == VISIT_COMPLETED;
	f.open = !f.held && !ended && !visit_is_over(state);
	return f;
}

static enum err rows_wait(struct query *q, struct arena *arena, struct store_wait_facts *found)
{
	struct wait_fact *next;
	while (query_row(q) && (next = list_next(arena, &found->list, &found->count, sizeof *next)))
		*next = row_wait(q);
	return whole(query_end(q), found->count);
}

enum err store_wait_facts(struct store *store, struct arena *arena, struct prison_code prison,
			  struct wall from, struct wall to, struct store_wait_facts *out)
{
	static const char *const BOTH[] = { WAITS_WITH_VISIT, WAITS_WITHOUT };
	struct store_wait_facts found = { 0 };
	enum err err = OK;
	for (int i = 0; i < 2 && err == OK; i++) {
		struct query q = query_of(store, BOTH[i]);
		query_text(&q, prison.text);
		query_int(&q, from.s);
		query_int(&q, to.s);
		err = rows_wait(&q, arena, &found);
	}
	*out = found;
	return err;
}

enum err store_demand(struct store *store, struct prison_code prison, struct wall from,
		      struct wall to, int64_t *asked, int64_t *queued)
{
	struct query q = query_of(store, ASKED);
	query_text(&q, prison.text);
	query_int(&q, from.s);
	query_int(&q, to.s);
	if (query_row(&q))
		*asked = query_column(&q, 0);
	enum err err = query_end_one(&q);
	if (err != OK)
		return err;
	q = query_of(store, QUEUED);
	query_text(&q, prison.text);
	query_int(&q, to.s);
	if (query_row(&q))
		*queued = query_column(&q, 0);
	return query_end_one(&q);
}

/* ---- what was counted ---- */

static const char WAIT_CLEAR[] = "DELETE FROM wait_count WHERE prison = ?1 AND month >= ?2";
static const char WAIT_INSERT[] =
    "INSERT INTO wait_count (prison, class, month, outcome, days, requests) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char VISIT_CLEAR[] = "DELETE FROM visit_count WHERE prison = ?1 AND month >= ?2";
static const char VISIT_INSERT[] =
    "INSERT INTO visit_count (prison, kind, month, measure, value) VALUES (?1, ?2, ?3, ?4, ?5)";

static enum err clear(struct store *store, const char *sql, struct prison_code prison,
		      int64_t from_month)
{
	struct query q = query_of(store, sql);
	query_text(&q, prison.text);
	query_int(&q, from_month);
	return query_end(&q);
}

enum err store_wait_count_clear(struct store *store, struct prison_code prison, int64_t from_month)
{
	return clear(store, WAIT_CLEAR, prison, from_month);
}

enum err store_visit_count_clear(struct store *store, struct prison_code prison, int64_t from_month)
{
	return clear(store, VISIT_CLEAR, prison, from_month);
}

static enum err insert_wait(struct store *store, struct prison_code prison, const char *class,
			    int64_t month, unsigned outcome, int days, int64_t requests)
{
	struct query q = query_of(store, WAIT_INSERT);
	query_text(&q, prison.text);
	query_text(&q, class);
	query_int(&q, month);
	query_text(&q, wait_outcome_name((enum wait_outcome)outcome));
	query_int(&q, days);
	query_int(&q, requests);
	return query_end(&q);
}

enum err store_wait_count_insert(struct store *store, struct prison_code prison,
				 enum waiting_class class, int64_t month,
				 const struct wait_tally *tally)
{
	enum err err = OK;
	for (unsigned o = 0; o < WAIT_OUTCOME_COUNT; o++)
		for (int d = 0; d < TALLY_DAYS && err == OK; d++)
			if (tally->count[o][d])
				err = insert_wait(store, prison, waiting_class_name(class), month,
						  o, d, tally->count[o][d]);
	return err;
}

enum err store_visit_count_insert(struct store *store, struct prison_code prison,
				  enum visit_kind kind, int64_t month,
				  const struct visit_figures *figures)
{
	enum err err = OK;
	for (unsigned m = 0; m < VISIT_MEASURE_COUNT && err == OK; m++) {
		if (!figures->value[m])
			continue;
		struct query q = query_of(store, VISIT_INSERT);
		query_text(&q, prison.text);
		query_text(&q, visit_kind_name(kind));
		query_int(&q, month);
		query_text(&q, visit_measure_name((enum visit_measure)m));
		query_int(&q, figures->value[m]);
		err = query_end(&q);
	}
	return err;
}

#define WAIT_GROUPS(key)                                                                           \
	"SELECT " key ", outcome, days, SUM(requests) FROM wait_count WHERE month >= ?1 "          \
	"AND month <= ?2 AND (?3 = '' OR prison = ?3) AND (?4 = '' OR class = ?4) "                \
	"GROUP BY " key ", outcome, days ORDER BY " key ", outcome, days"
#define VISIT_GROUPS(key)                                                                          \
	"SELECT " key ", measure, SUM(value) FROM visit_count WHERE month >= ?1 AND month <= ?2 "  \
	"AND (?3 = '' OR prison = ?3) AND (?4 = '' OR kind = ?4) "                                 \
	"GROUP BY " key ", measure ORDER BY " key ", measure"
static const char WAITS_BY_PRISON[] = WAIT_GROUPS("prison");
static const char WAITS_BY_PART[] = WAIT_GROUPS("class");
static const char WAITS_BY_MONTH[] = WAIT_GROUPS("month");
static const char VISITS_BY_PRISON[] = VISIT_GROUPS("prison");
static const char VISITS_BY_PART[] = VISIT_GROUPS("kind");
static const char VISITS_BY_MONTH[] = VISIT_GROUPS("month");

static struct query query_groups(struct store *store, const char *const by[],
				 const struct count_query *query)
{
	struct query q = query_of(store, by[query->by]);
	query_int(&q, query->from_month);
	query_int(&q, query->to_month);
	query_text(&q, query->prison.text);
	query_str(&q, query->part);
	return q;
}

/* Months come as numbers. */
static struct str key_of(const struct query *q, struct arena *arena, enum count_by by)
{
	if (by != COUNT_BY_MONTH)
		return query_column_str(q, arena, 0);
	return str_from(arena_printf(arena, "%lld", (long long)query_column(q, 0)));
}

enum err store_wait_groups(struct store *store, struct arena *arena,
			   const struct count_query *query, struct store_wait_groups *out)
{
	static const char *const BY[] = { WAITS_BY_PRISON, WAITS_BY_PART, WAITS_BY_MONTH };
	struct query q = query_groups(store, BY, query);
	struct store_wait_groups groups = { 0 };
	struct wait_group *group = NULL;
	while (query_row(&q)) {
		struct str key = key_of(&q, arena, query->by);
		enum wait_outcome outcome;
		if (!group || !str_equal(group->key, key))
			group = list_next(arena, &groups.list, &groups.count, sizeof *group);
		if (!group)
			break;
		group->key = key;
		if (wait_outcome_of(query_column_peek(&q, 1), &outcome))
			wait_tally_add(&group->tally, outcome, query_column(&q, 2),
				       query_column(&q, 3));
	}
	*out = groups;
	return query_end(&q);
}

enum err store_visit_groups(struct store *store, struct arena *arena,
			    const struct count_query *query, struct store_visit_groups *out)
{
	static const char *const BY[] = { VISITS_BY_PRISON, VISITS_BY_PART, VISITS_BY_MONTH };
	struct query q = query_groups(store, BY, query);
	struct store_visit_groups groups = { 0 };
	struct visit_group *group = NULL;
	while (query_row(&q)) {
		struct str key = key_of(&q, arena, query->by);
		enum visit_measure measure;
		if (!group || !str_equal(group->key, key))
			group = list_next(arena, &groups.list, &groups.count, sizeof *group);
		if (!group)
			break;
		group->key = key;
		if (visit_measure_of(query_column_peek(&q, 1), &measure))
			group->figures.value[measure] += query_column(&q, 2);
	}
	*out = groups;
	return query_end(&q);
}

/* ---- when ---- */

static const char OLDEST[] =
    "SELECT p.code, COALESCE(r.counted_at, 0), COALESCE(r.published_month, 0) FROM prison p "
    "LEFT JOIN statistics_run r ON r.prison = p.code ORDER BY COALESCE(r.counted_at, 0), p.code "
    "LIMIT 1";
static const char RUN_SET[] =
    "INSERT INTO statistics_run (prison, counted_at, published_month) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (prison) DO UPDATE SET counted_at = excluded.counted_at, "
    "published_month = excluded.published_month";
static const char COUNTED_AT[] =
    "SELECT COALESCE(MIN(COALESCE(r.counted_at, 0)), 0) FROM prison p LEFT JOIN statistics_run r "
    "ON r.prison = p.code WHERE ?1 = '' OR p.code = ?1";

enum err store_statistics_oldest(struct store *store, struct statistics_run *out)
{
	struct query q = query_of(store, OLDEST);
	if (query_row(&q))
		*out = (struct statistics_run){ .prison = row_code(&q, 0),
						.counted_at = query_column_wall(&q, 1),
						.published_month = query_column(&q, 2) };
	return query_end_one(&q);
}

enum err store_statistics_run_set(struct store *store, const struct statistics_run *run)
{
	struct query q = query_of(store, RUN_SET);
	query_text(&q, run->prison.text);
	query_int(&q, run->counted_at.s);
	query_int(&q, run->published_month);
	return query_end(&q);
}

enum err store_statistics_counted_at(struct store *store, struct prison_code prison,
				     struct wall *out)
{
	struct query q = query_of(store, COUNTED_AT);
	query_text(&q, prison.text);
	if (query_row(&q))
		*out = query_column_wall(&q, 0);
	return query_end_one(&q);
}

/* ---- what is published ---- */

static const char PUBLISH[] = "INSERT INTO published_figure (month, prison, part, measure, value) "
			      "VALUES (?1, ?2, ?3, ?4, ?5)";
static const char PUBLISHED[] = "SELECT month, prison, part, measure, value FROM published_figure "
				"WHERE month = ?1 AND part = ?2 ORDER BY prison, measure";
static const char MONTHS[] = "SELECT DISTINCT month FROM published_figure ORDER BY month DESC";

enum err store_published_insert(struct store *store, int64_t month, struct prison_code prison,
				const char *part, const struct published_figure *figure)
{
	struct query q = query_of(store, PUBLISH);
	query_int(&q, month);
	query_text(&q, prison.text);
	query_text(&q, part);
	query_text(&q, figure->measure);
	query_int(&q, figure->value);
	return query_end(&q);
}

enum err store_published_list(struct store *store, struct arena *arena, int64_t month,
			      struct str part, struct store_published *out)
{
	struct query q = query_of(store, PUBLISHED);
	struct store_published rows = { 0 };
	struct published_row *next;
	query_int(&q, month);
	query_str(&q, part);
	while (query_row(&q) && (next = list_next(arena, &rows.list, &rows.count, sizeof *next)))
		*next = (struct published_row){ .month = query_column(&q, 0),
						.prison = row_code(&q, 1),
						.part = query_column_str(&q, arena, 2),
						.measure = query_column_str(&q, arena, 3),
						.value = query_column(&q, 4) };
	*out = rows;
	return query_end(&q);
}

enum err store_published_months(struct store *store, struct arena *arena,
				struct store_editions *out)
{
	struct query q = query_of(store, MONTHS);
	struct store_editions months = { 0 };
	int64_t *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &months.list, &months.count, sizeof *next)))
		*next = query_column(&q, 0);
	*out = months;
	return query_end(&q);
}
