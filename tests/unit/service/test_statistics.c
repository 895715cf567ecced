/*
 * Statistics and the account of a week, on a database with rows that a year of a prison left.
 */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "domain/waiting/week_account.h"
#include "service/fairness.h"
#include "service/statistics.h"
#include "service/waste.h"
#include "store/query.h"
#include "store/statistics.h"

/* Monday 16 November 2026, midnight in London. */
#define MONDAY ((struct wall){ 1794787200 })

enum {
	DAY_S = 86400,
	HOUR_S = 3600,
};

static int64_t number(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	int64_t n = -1;
	if (query_row(&q))
		n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

static void change(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	CHECK(query_end(&q) == OK);
}

/* A visit as it is when it is over, and the request that it came from. */
struct made {
	int64_t id;
	const char *kind;
	const char *state;
	const char *end;
	struct wall start;
	struct wall asked; /* 0: no request */
	struct wall ended;
	int64_t used_s;
	int64_t lost_s; /* by the prison's line */
};

static void insert_visit(struct estate *e, const struct made *m, const char *reference)
{
	static const char SQL[] =
	    "INSERT INTO visit (id, reference, kind, state, prison, prisoner, terminal, booker, "
	    "start_at, minutes, policy_version, booked_at, lobby_at, visitor_seen, prisoner_seen, "
	    "live_from, ended_at, used_s, counted_minutes, end_kind, end_reason, "
	    "lost_prison_line, watched) SELECT ?1, ?2, ?3, ?4, t.prison, p.id, t.id, a.id, ?5, 30, "
	    "1, ?6, 0, 1, 1, 0, ?7, ?8, 0, ?9, '', ?10, 0 FROM terminal t, prisoner p, account a "
	    "WHERE t.id = ?11 AND p.number = 'A1234BC' AND a.email = 'amina@family.example'";
	struct query q = query_of(e->service.store, SQL);
	query_int(&q, m->id);
	query_text(&q, reference);
	query_text(&q, m->kind);
	query_text(&q, m->state);
	query_int(&q, m->start.s);
	query_int(&q, m->start.s - DAY_S);
	query_int(&q, m->ended.s);
	query_int(&q, m->used_s);
	query_text(&q, m->end);
	query_int(&q, m->lost_s);
	query_int(&q, e->sample.terminal.n);
	CHECK(query_end(&q) == OK);
}

static void insert_waiting(struct estate *e, int64_t id, struct wall asked, const char *reference)
{
	static const char SQL[] =
	    "INSERT INTO waiting (id, booker, prisoner, kind, cause, deadline, minutes, asked_at, "
	    "state, reference) SELECT ?1, a.id, p.id, 'LEGAL', 'NONE', 0, 30, ?2, ?3, ?4 FROM "
	    "prisoner p, account a WHERE p.number = 'A1234BC' AND a.email = 'amina@family.example'";
	struct query q = query_of(e->service.store, SQL);
	query_int(&q, id);
	query_int(&q, asked.s);
	query_text(&q, *reference ? "BOOKED" : "WAITING");
	query_text(&q, reference);
	CHECK(query_end(&q) == OK);
}

static void make(struct estate *e, const struct made *m)
{
	char reference[32];
	snprintf(reference, sizeof reference, "ref-%lld", (long long)m->id);
	insert_visit(e, m, reference);
	if (m->asked.s)
		insert_waiting(e, m->id, m->asked, reference);
}

/* Of Monday to Friday, at ten: held, held with a fault, missed by each side, cancelled late. */
static void fill_week(struct estate *e)
{
	static const struct {
		const char *state;
		const char *end;
		int64_t used_s;
		int64_t lost_s;
	} ENDS[] = { { "COMPLETED", "TIME", 1800, 0 },
		     { "COMPLETED", "TIME", 1500, 300 },
		     { "NO_SHOW", "VISITOR_ABSENT", 0, 0 },
		     { "NO_SHOW", "PRISONER_ABSENT", 0, 0 },
		     { "CANCELLED", "CANCELLED_BY_BOOKER", 0, 0 } };
	change(e, "DELETE FROM session_group");
	change(e,
	       "UPDATE session_template SET valid_from = 0, start_minute = 600, end_minute = 960");
	for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
		struct wall start = wall_add_s(MONDAY, (int64_t)i * DAY_S + 10 * HOUR_S);
		bool cancelled = strcmp(ENDS[i].state, "CANCELLED") == 0;
		make(e, &(struct made){ .id = 9000 + (int64_t)i,
					.kind = "LEGAL",
					.state = ENDS[i].state,
					.end = ENDS[i].end,
					.start = start,
					.asked = wall_add_s(start, -3 * DAY_S),
					.ended = wall_add_s(start, cancelled ? -1200 : 1800),
					.used_s = ENDS[i].used_s,
					.lost_s = ENDS[i].lost_s });
	}
}

static void count_all(struct estate *e)
{
	bool more = true;
	for (int i = 0; i < 100 && more; i++)
		CHECK(statistics_count(&e->service, &SYSTEM_ACTOR, &more) == OK);
	CHECK(!more);
}

static struct statistics_query this_month(const char *prison)
{
	struct statistics_query query = { .from_month = 2026 * 12 + 10,
					  .to_month = 2026 * 12 + 10,
					  .by = COUNT_BY_PRISON };
	if (*prison)
		CHECK(prison_code_of(str_from(prison), &query.prison));
	return query;
}

static void each_prison_is_counted_once_a_day_with_a_leaf_each(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	int64_t leaves = estate_leaves(&e), prisons = number(&e, "SELECT COUNT(*) FROM prison");
	bool counted;
	count_all(&e);
	CHECK(estate_leaves(&e) == leaves + prisons);
	CHECK(statistics_count(&e.service, &SYSTEM_ACTOR, &counted) == OK && !counted);
	CHECK(estate_leaves(&e) == leaves + prisons);
	e.service.now = wall_add_s(e.service.now, DAY_S);
	count_all(&e);
	CHECK(estate_leaves(&e) == leaves + 2 * prisons);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(statistics_count(&e.service, &clerk, &counted) == ERR_DENIED);
	estate_close(&e);
}

static void waits_and_visits_are_counted_from_the_rows(void **state)
{
	(void)state;
	struct estate e;
	struct statistics s;
	estate_open(&e);
	fill_week(&e);
	insert_waiting(&e, 9100, wall_add_s(MONDAY, -7 * DAY_S), "");
	count_all(&e);
	struct statistics_query query = this_month("WWI");
	query.part = STR("ROUTINE");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(statistics_find(&e.service, &clerk, &e.arena, &query, &s) == OK);
	CHECK(s.counted_at.s == e.service.now.s && s.wait_count == 1);
	const struct wait_summary *w = &s.waits[0].summary;
	/* Two were held; one waits since the Monday two weeks ago: ten working days; three came to nothing. */
	CHECK(w->requests == 6 && w->held == 2 && w->waiting == 1 && w->not_held == 3);
	CHECK(w->in_time == 2 && w->judged == 3);
	CHECK(w->median.known && w->p90.or_more && w->p90.days == 10);
	const struct visit_figures *v = &s.all_visits;
	CHECK(v->value[MEASURE_VISITOR_ABSENT] == 1 && v->value[MEASURE_PRISONER_ABSENT] == 1);
	CHECK(v->value[MEASURE_LATE_BOOKER] == 1);
	CHECK(v->value[MEASURE_LOST_S + LOST_PRISON_LINE] == 300);
	CHECK(v->value[MEASURE_DELIVERED_S] >= 3300);
	estate_close(&e);
}

static void counting_twice_changes_nothing_and_what_ended_is_counted_anew(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	fill_week(&e);
	count_all(&e);
	int64_t waits = number(&e, "SELECT SUM(requests) FROM wait_count");
	int64_t visits = number(&e, "SELECT SUM(value) FROM visit_count");
	e.service.now = wall_add_s(e.service.now, DAY_S);
	count_all(&e);
	CHECK(number(&e, "SELECT SUM(requests) FROM wait_count") == waits);
	CHECK(number(&e, "SELECT SUM(value) FROM visit_count") == visits);
	change(&e, "UPDATE waiting SET state = 'ENDED', reference = '' WHERE id = 9000");
	e.service.now = wall_add_s(e.service.now, DAY_S);
	count_all(&e);
	CHECK(number(&e, "SELECT SUM(requests) FROM wait_count") == waits);
	CHECK(number(&e, "SELECT SUM(requests) FROM wait_count WHERE outcome = 'NOT_HELD'") == 4);
	estate_close(&e);
}

static void staff_see_their_prison_and_headquarters_all(void **state)
{
	(void)state;
	struct estate e;
	struct statistics s;
	estate_open(&e);
	fill_week(&e);
	count_all(&e);
	struct statistics_query own = this_month("WWI"), other = this_month("LEI"),
				all = this_month("");
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor analyst = estate_staff(&e, ROLE_HQ_ANALYST, NULL);
	struct actor operator_actor = estate_staff(&e, ROLE_OPERATOR, NULL);
	struct actor family = estate_family(&e, "amina@family.example");
	CHECK(statistics_find(&e.service, &clerk, &e.arena, &own, &s) == OK);
	CHECK(statistics_find(&e.service, &clerk, &e.arena, &other, &s) == ERR_NOT_FOUND);
	CHECK(statistics_find(&e.service, &clerk, &e.arena, &all, &s) == ERR_NOT_FOUND);
	CHECK(statistics_find(&e.service, &analyst, &e.arena, &all, &s) == OK);
	/* Six, rounded; the one of another class is too few to say, and in no sum. */
	CHECK(s.few == 5 && s.all_waits.requests == 5);
	CHECK(statistics_find(&e.service, &operator_actor, &e.arena, &all, &s) == ERR_DENIED);
	CHECK(statistics_find(&e.service, &family, &e.arena, &own, &s) == ERR_DENIED);
	estate_close(&e);
}

/* Wandsworth as the country; Leeds far behind; Cardiff just within; Manchester too few; Bronzefield one too many. */
static void fill_waits(struct estate *e)
{
	change(e, "DELETE FROM wait_count");
	change(e, "DELETE FROM visit_count");
	change(e, "INSERT INTO wait_count (prison, class, month, outcome, days, requests) VALUES "
		  "('WWI', 'URGENT', 24322, 'HELD_IN_TIME', 2, 900), "
		  "('CFI', 'URGENT', 24322, 'HELD_LATE', 4, 30), "
		  "('LEI', 'URGENT', 24322, 'HELD_IN_TIME', 4, 12), "
		  "('LEI', 'URGENT', 24322, 'HELD_LATE', 5, 4), "
		  "('LEI', 'URGENT', 24322, 'WAITING_LATE', 9, 4), "
		  "('MRI', 'URGENT', 24322, 'HELD_LATE', 40, 9), "
		  "('BZI', 'URGENT', 24322, 'HELD_LATE', 5, 10), "
		  "('BZI', 'SOCIAL', 24322, 'HELD_LATE', 60, 10)");
	change(e, "INSERT INTO visit_count (prison, kind, month, measure, value) VALUES "
		  "('LEI', 'LEGAL', 24322, 'PLANNED', 10), "
		  "('LEI', 'LEGAL', 24322, 'PLANNED_MINUTES', 450), "
		  "('LEI', 'SOCIAL', 24322, 'PLANNED', 1000), "
		  "('LEI', 'SOCIAL', 24322, 'PLANNED_MINUTES', 30000)");
}

static const struct fairness_line *line_at(const struct fairness *f, const char *prison)
{
	static const struct fairness_line NONE;
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->list[i].prison.text, prison) == 0)
			return &f->list[i];
	fail_msg("%s is not there", prison);
	return &NONE;
}

static void prisons_are_compared_with_the_country_and_what_is_missing_is_named(void **state)
{
	(void)state;
	struct estate e;
	struct fairness f;
	estate_open(&e);
	fill_waits(&e);
	struct actor analyst = estate_staff(&e, ROLE_HQ_ANALYST, NULL);
	struct statistics_query query = this_month("");
	query.part = STR("URGENT");
	CHECK(fairness_find(&e.service, &analyst, &e.arena, &query, &f) == OK);
	CHECK(f.country.days == 2 && f.fair_percent == 200 && f.enough == 10);
	CHECK(f.count == 5 && f.behind == 2);
	const struct fairness_line *leeds = line_at(&f, "LEI"), *few = line_at(&f, "MRI");
	/* The longest wait first; whoever cannot be compared last, with no figure of theirs. */
	CHECK(strcmp(f.list[0].prison.text, "LEI") == 0 && few == &f.list[4]);
	CHECK(few->few && !few->behind && few->requests == 0 && few->p90.days == 0);
	CHECK(leeds->behind && leeds->p90.or_more && leeds->p90.days == 9);
	CHECK(leeds->of_country_percent == 450);
	/* Of twenty, two may be longer than four days; eight are: six too many, of 45 minutes, in three weeks. */
	CHECK(leeds->add_minutes == 6 * 45 / 3);
	CHECK(leeds->diagnosed);
	const struct fairness_line *cardiff = line_at(&f, "CFI");
	CHECK(!cardiff->behind && cardiff->of_country_percent == 200 && cardiff->add_minutes == 0);
	/* Nothing planned is known there: an hour each. */
	CHECK(line_at(&f, "BZI")->behind && line_at(&f, "BZI")->add_minutes == 9 * 60 / 3);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor family = estate_family(&e, "amina@family.example");
	CHECK(fairness_find(&e.service, &clerk, &e.arena, &query, &f) == ERR_DENIED);
	CHECK(fairness_find(&e.service, &family, &e.arena, &query, &f) == ERR_DENIED);
	query.from_month = query.to_month = 24300;
	CHECK(fairness_find(&e.service, &analyst, &e.arena, &query, &f) == OK);
	CHECK(f.count == 0 && !f.country.known);
	estate_close(&e);
}

static void a_month_is_published_once_and_never_changes(void **state)
{
	(void)state;
	struct estate e;
	struct store_editions editions;
	estate_open(&e);
	fill_week(&e);
	count_all(&e);
	CHECK(published_months_find(&e.service, &e.arena, &editions) == OK);
	CHECK(editions.count == 0);
	/* 28 December: four weeks after November, all but a day. */
	e.service.now = wall_add_s(MONDAY, 42 * DAY_S);
	count_all(&e);
	CHECK(published_months_find(&e.service, &e.arena, &editions) == OK);
	CHECK(editions.count == 0);
	e.service.now = wall_add_s(MONDAY, 43 * DAY_S + HOUR_S);
	count_all(&e);
	CHECK(published_months_find(&e.service, &e.arena, &editions) == OK);
	CHECK(editions.count == 1 && editions.list[0] == 2026 * 12 + 10);
	CHECK(number(&e, "SELECT COUNT(*) FROM published_figure WHERE value > 0 AND value < 5 "
			 "AND measure NOT LIKE '%DAYS' AND measure NOT LIKE '%PERCENT'") == 0);
	CHECK(number(&e, "SELECT value FROM published_figure WHERE prison = 'WWI' AND "
			 "part = 'ROUTINE' AND measure = 'REQUESTS'") == 5);
	CHECK(number(&e,
		     "SELECT value FROM published_figure WHERE prison = 'WWI' AND "
		     "part = 'VISITS_LEGAL' AND measure = 'PRISONER_NOT_PRODUCED'") == PUBLISH_FEW);
	/* One more request of that month becomes known: what is published stays. */
	int64_t before = number(&e, "SELECT SUM(value) FROM published_figure");
	insert_waiting(&e, 9100, wall_add_s(MONDAY, -7 * DAY_S), "");
	e.service.now = wall_add_s(MONDAY, 44 * DAY_S + HOUR_S);
	count_all(&e);
	CHECK(number(&e, "SELECT SUM(value) FROM published_figure") == before);
	CHECK(number(&e, "SELECT SUM(requests) FROM wait_count WHERE class = 'ROUTINE'") == 6);
	estate_close(&e);
}

/* The terms add up to what the prison's hours and sessions give, and nothing is counted twice. */
static void the_week_of_a_prison_adds_up_and_names_its_waste(void **state)
{
	(void)state;
	struct estate e;
	struct waste waste;
	estate_open(&e);
	fill_week(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(waste_find(&e.service, &clerk, &e.arena, clerk.prison, local_date(MONDAY), &waste) ==
	      OK);
	const int64_t *minutes = waste.week.minutes;
	int64_t sum = 0;
	for (unsigned t = 0; t < TERM_COUNT; t++)
		sum += minutes[t];
	CHECK(sum == waste.diagnosis.offered && !waste.so_far && sum % 5 == 0);
	CHECK(minutes[TERM_USED] == 55 && minutes[TERM_OUTAGE] == 5);
	CHECK(minutes[TERM_NO_SHOW] == 30 && minutes[TERM_NOT_PRODUCED] == 30);
	CHECK(minutes[TERM_LATE_CANCEL] == 30);
	CHECK(minutes[TERM_NEVER_OFFERED] > 0 && minutes[TERM_IDLE] > 0);
	CHECK(waste.step == 0);
	/* Who is not of the prison cannot find the visit nobody came to. */
	static const enum role OUTSIDE[] = { ROLE_HQ_ANALYST, ROLE_INSPECTOR };
	for (size_t i = 0; i < ARRAY_LEN(OUTSIDE); i++) {
		struct actor outside = estate_staff(&e, OUTSIDE[i], NULL);
		struct waste said;
		CHECK(waste_find(&e.service, &outside, &e.arena, clerk.prison, local_date(MONDAY),
				 &said) == OK);
		CHECK(said.step == 150 && said.week.minutes[TERM_NO_SHOW] == 0);
		CHECK(said.diagnosis.offered % 150 == 0);
	}
	/* A day without visits: its sessions are closed, the sum is the same. */
	change(&e, "INSERT INTO exclude_date (id, prison, template, day, reason, author, made_at, "
		   "removed_at) VALUES (77, 'WWI', NULL, 20777, 'Training', NULL, 0, 0)");
	CHECK(local_date(MONDAY).day == 16 && date_to_days(local_date(MONDAY)) == 20773);
	struct waste closed;
	CHECK(waste_find(&e.service, &clerk, &e.arena, clerk.prison, local_date(MONDAY), &closed) ==
	      OK);
	CHECK(closed.diagnosis.offered == waste.diagnosis.offered);
	CHECK(closed.week.minutes[TERM_BLOCKED] > 0);
	estate_close(&e);
}

static void a_week_that_is_not_over_counts_what_is_past_and_a_later_one_is_refused(void **state)
{
	(void)state;
	struct estate e;
	struct waste full, now;
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct date today = local_date(e.service.now);
	CHECK(waste_find(&e.service, &clerk, &e.arena, clerk.prison, local_date(MONDAY), &full) ==
	      OK);
	CHECK(waste_find(&e.service, &clerk, &e.arena, clerk.prison, today, &now) == OK);
	CHECK(now.so_far && now.diagnosis.offered > 0);
	CHECK(now.diagnosis.offered < full.diagnosis.offered);
	CHECK(waste_find(&e.service, &clerk, &e.arena, clerk.prison, date_add_days(today, 7),
			 &now) == ERR_BAD);
	struct actor leeds = estate_staff(&e, ROLE_VISITS_CLERK, "LEI");
	CHECK(waste_find(&e.service, &leeds, &e.arena, clerk.prison, today, &now) == ERR_NOT_FOUND);
	struct actor family = estate_family(&e, "amina@family.example");
	CHECK(waste_find(&e.service, &family, &e.arena, clerk.prison, today, &now) == ERR_DENIED);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_prison_is_counted_once_a_day_with_a_leaf_each),
		TEST(waits_and_visits_are_counted_from_the_rows),
		TEST(counting_twice_changes_nothing_and_what_ended_is_counted_anew),
		TEST(staff_see_their_prison_and_headquarters_all),
		TEST(prisons_are_compared_with_the_country_and_what_is_missing_is_named),
		TEST(a_month_is_published_once_and_never_changes),
		TEST(the_week_of_a_prison_adds_up_and_names_its_waste),
		TEST(a_week_that_is_not_over_counts_what_is_past_and_a_later_one_is_refused),
	};
	return RUN("service/statistics", tests);
}
