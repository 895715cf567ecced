#include "web/statistics_page.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "service/fairness.h"
#include "service/prison.h"
#include "service/statistics.h"
#include "web/figures.h"
#include "web/view.h"

enum {
	PERCENT = 100,
	MINUTE_S = 60,
	HOUR_MINUTES = 60,
	YEAR_MONTHS = 12,
	FILE_MAX = 4 << 20,
};

/* ---- what is asked for ---- */

struct asked {
	struct prison_list prisons;
	struct statistics_query query;
	int64_t present; /* month */
	bool year;       /* the last twelve months, not one */
	bool all_prisons;
};

static const struct prison *prison_of(const struct prison_list *prisons, struct str code)
{
	for (size_t i = 0; i < prisons->count; i++)
		if (str_is(code, prisons->list[i].code.text))
			return &prisons->list[i];
	return NULL;
}

static json_t *prison_name(const struct page *page, const struct prison_list *prisons,
			   struct str code)
{
	const struct prison *prison = prison_of(prisons, code);
	return prison != NULL ? page_prison_name(page, prison->code, prison->name) : page_str(code);
}

static void read_month(struct page *page, struct asked *asked)
{
	uint64_t month = 0;
	asked->present = local_month(page->service->now);
	if (!str_u64(request_query(page->request, "month"), (uint64_t)asked->present, &month) ||
	    (int64_t)month <= asked->present - STATISTICS_MONTHS)
		asked->year = true;
	asked->query.from_month = asked->year ? asked->present - YEAR_MONTHS + 1 : (int64_t)month;
	asked->query.to_month = asked->year ? asked->present : (int64_t)month;
}

static enum err read_query(struct page *page, struct asked *asked)
{
	enum waiting_class class;
	*asked = (struct asked){ .query.prison = page->actor.prison };
	read_month(page, asked);
	if (waiting_class_name_of(request_query(page->request, "class"), &class))
		asked->query.part = str_from(waiting_class_name(class));
	if (prison_code_empty(page->actor.prison))
		(void)prison_code_of(request_query(page->request, "prison"), &asked->query.prison);
	asked->all_prisons = prison_code_empty(asked->query.prison);
	enum err err = prisons_all(page->service, page->arena, &asked->prisons);
	if (err == OK && !asked->all_prisons &&
	    prison_of(&asked->prisons, str_from(asked->query.prison.text)) == NULL)
		return ERR_NOT_FOUND;
	return err;
}

static json_t *month_options(const struct page *page, const struct asked *asked)
{
	json_t *list = json_array();
	char value[24];
	figures_option(list, "", json_string(page_word(page, "statistics.year")), asked->year);
	for (int64_t back = 0; back < STATISTICS_MONTHS; back++) {
		int64_t month = asked->present - back;
		snprintf(value, sizeof value, "%lld", (long long)month);
		figures_option(list, value, figures_month(page, month),
			       !asked->year && month == asked->query.from_month);
	}
	return list;
}

static json_t *part_name(const struct page *page, const char *part)
{
	return json_string(page_word(page, arena_printf(page->arena, "statistics.parts.%s", part)));
}

static json_t *class_options(const struct page *page, struct str chosen)
{
	json_t *list = json_array();
	figures_option(list, "", json_string(page_word(page, "statistics.all_classes")),
		       str_empty(chosen));
	for (unsigned c = 0; c < WAITING_CLASS_COUNT; c++) {
		const char *name = waiting_class_name((enum waiting_class)c);
		figures_option(list, name, part_name(page, name), str_is(chosen, name));
	}
	return list;
}

static json_t *prison_options(const struct page *page, const struct asked *asked)
{
	json_t *list = json_array();
	figures_option(list, "", json_string(page_word(page, "statistics.all_prisons")),
		       asked->all_prisons);
	for (size_t i = 0; i < asked->prisons.count; i++) {
		const struct prison *p = &asked->prisons.list[i];
		figures_option(list, p->code.text, page_prison_name(page, p->code, p->name),
			       prison_code_equal(p->code, asked->query.prison));
	}
	return list;
}

/* ---- the tables ---- */

/* "3", "90 or more", "" */
static json_t *days_text(const struct page *page, struct wait_quantile q)
{
	if (!q.known)
		return json_string(page_word(page, "statistics.nothing"));
	if (!q.or_more)
		return json_sprintf("%d", q.days);
	return view_word(page, "statistics.or_more", json_pack("{s:i}", "n", q.days));
}

static json_t *percent_text(const struct page *page, int64_t part, int64_t all)
{
	if (all == 0)
		return json_string(page_word(page, "statistics.nothing"));
	return json_sprintf("%lld %%", (long long)(part * PERCENT / all));
}

/* "Fewer than 5" where a smaller number is not said. */
static void count_cell(struct figures *f, int64_t few, int64_t n)
{
	if (n != PUBLISH_FEW)
		return figures_number(f, n);
	figures_cell(f, view_word(f->page, "statistics.fewer_than",
				  json_pack("{s:I}", "n", (json_int_t)few)));
}

/* A sum of what is said, of which nothing is. */
static void sum_cell(struct figures *f, int64_t n)
{
	if (n != PUBLISH_FEW)
		return figures_number(f, n);
	figures_cell(f, json_string(page_word(f->page, "statistics.too_few")));
}

/* What is said of some only of enough: whether there were none, or too few. */
static void said_cell(struct figures *f, bool too_few, json_t *text)
{
	if (!too_few)
		return figures_cell(f, text);
	json_decref(text);
	figures_cell(f, json_string(page_word(f->page, "statistics.too_few")));
}

/* few: as struct statistics has it; of a line, or of all of them. */
static void wait_cells(struct figures *f, int64_t few, const struct wait_summary *s, bool line)
{
	const int64_t counts[] = { s->requests, s->held, s->waiting, s->not_held };
	bool hides = few && s->requests;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (line)
			count_cell(f, few, counts[i]);
		else
			sum_cell(f, counts[i]);
	said_cell(f, hides && !s->median.known, days_text(f->page, s->median));
	said_cell(f, hides && !s->p90.known, days_text(f->page, s->p90));
	if (line && s->p90.known)
		figures_bar(f, s->p90.days);
	said_cell(f, hides && !s->judged, percent_text(f->page, s->in_time, s->judged));
}

static const char *const WAIT_COLUMNS[] = {
	"statistics.columns.of",      "statistics.columns.requests", "statistics.columns.held",
	"statistics.columns.waiting", "statistics.columns.not_held", "statistics.columns.median",
	"statistics.columns.p90",     "statistics.columns.in_time",  NULL
};

static json_t *key_name(const struct page *page, const struct asked *asked, enum count_by by,
			struct str key)
{
	uint64_t month = 0;
	if (by == COUNT_BY_PRISON)
		return prison_name(page, &asked->prisons, key);
	if (by == COUNT_BY_MONTH && str_u64(key, INT64_MAX, &month))
		return figures_month(page, (int64_t)month);
	return part_name(page, arena_text(page->arena, key));
}

static const char *key_link(const struct page *page, enum count_by by, struct str key)
{
	if (by != COUNT_BY_PRISON)
		return NULL;
	return arena_printf(page->arena, "/staff/statistics?prison=%.*s", STR_FMT(key));
}

static json_t *all_name(const struct page *page)
{
	return json_string(page_word(page, "statistics.all"));
}

static json_t *waits_section(const struct page *page, const struct asked *asked,
			     const struct statistics *s, enum count_by by, const char *area)
{
	struct figures f = figures_of(page, area, WAIT_COLUMNS);
	for (size_t i = 0; i < s->wait_count; i++) {
		const struct wait_line *line = &s->waits[i];
		figures_row(&f, key_name(page, asked, by, line->key),
			    key_link(page, by, line->key));
		wait_cells(&f, s->few, &line->summary, true);
	}
	if (s->wait_count > 1) {
		figures_row(&f, all_name(page), NULL);
		wait_cells(&f, s->few, &s->all_waits, false);
	}
	return figures_end(&f);
}

static const char *const VISIT_COLUMNS[] = {
	"statistics.columns.of",           "statistics.columns.planned",
	"statistics.columns.visits_held",  "statistics.columns.planned_minutes",
	"statistics.columns.delivered",    "statistics.columns.lost",
	"statistics.columns.started_late", NULL
};

/* Seconds, or PUBLISH_FEW, as minutes. */
static int64_t in_minutes(int64_t seconds)
{
	return seconds == PUBLISH_FEW ? PUBLISH_FEW : seconds / MINUTE_S;
}

/* few: as struct statistics has it; of a line, or of all of them. */
static void visit_cells(struct figures *f, int64_t few, const struct visit_figures *v, bool line)
{
	int64_t delivered = in_minutes(v->value[MEASURE_DELIVERED_S]);
	int64_t lost = in_minutes(publish_sum(&v->value[MEASURE_LOST_S], LOST_CAUSE_COUNT));
	for (unsigned m = MEASURE_PLANNED; m <= MEASURE_HELD; m++)
		if (line)
			count_cell(f, few, v->value[m]);
		else
			sum_cell(f, v->value[m]);
	sum_cell(f, v->value[MEASURE_PLANNED_MINUTES]);
	sum_cell(f, delivered);
	if (line && delivered != PUBLISH_FEW)
		figures_bar(f, delivered);
	sum_cell(f, lost);
	if (line)
		count_cell(f, few, v->value[MEASURE_STARTED_LATE]);
	else
		sum_cell(f, v->value[MEASURE_STARTED_LATE]);
}

static json_t *visits_section(const struct page *page, const struct asked *asked,
			      const struct statistics *s, enum count_by by)
{
	struct figures f = figures_of(page, "statistics.visits", VISIT_COLUMNS);
	for (size_t i = 0; i < s->visit_count; i++) {
		figures_row(&f, key_name(page, asked, by, s->visits[i].key),
			    key_link(page, by, s->visits[i].key));
		visit_cells(&f, s->few, &s->visits[i].figures, true);
	}
	if (s->visit_count > 1) {
		figures_row(&f, all_name(page), NULL);
		visit_cells(&f, s->few, &s->all_visits, false);
	}
	return figures_end(&f);
}

/* A sum and its bar; none where nothing is said. */
static void sum_with_bar(struct figures *f, int64_t n)
{
	sum_cell(f, n);
	if (n != PUBLISH_FEW)
		figures_bar(f, n);
}

/* One line for each measure, all of the visits together. */
static json_t *measures_section(const struct page *page, const struct statistics *s,
				const char *area, const char *unit, const unsigned *measures,
				size_t count)
{
	const char *columns[] = { "statistics.columns.cause", unit, NULL };
	struct figures f = figures_of(page, area, columns);
	for (size_t i = 0; i < count; i++) {
		bool seconds = measures[i] >= MEASURE_LOST_S && measures[i] <= MEASURE_LOST_LAST_S;
		int64_t value = s->all_visits.value[measures[i]];
		const char *name = visit_measure_name((enum visit_measure)measures[i]);
		figures_row(&f,
			    json_string(page_word(
				page, arena_printf(page->arena, "statistics.measures.%s", name))),
			    NULL);
		sum_with_bar(&f, seconds ? in_minutes(value) : value);
	}
	return figures_end_if_any(&f);
}

/* Why prisoners were not produced, and how often nobody noted it. */
static json_t *causes_section(const struct page *page, const struct statistics *s)
{
	static const char *const COLUMNS[] = { "statistics.columns.cause",
					       "statistics.columns.visits", NULL };
	struct figures f = figures_of(page, "statistics.not_produced", COLUMNS);
	const int64_t *value = s->all_visits.value;
	for (unsigned c = 0; c < NOT_PRODUCED_COUNT; c++) {
		const char *name = not_produced_name((enum not_produced)c);
		const char *word = arena_printf(page->arena, "movements.causes.%s", name);
		figures_row(&f, json_string(page_word(page, word)), NULL);
		sum_with_bar(&f, value[MEASURE_NOT_PRODUCED + c]);
	}
	figures_row(&f, json_string(page_word(page, "statistics.no_cause")), NULL);
	sum_with_bar(&f, s->no_cause);
	return figures_end_if_any(&f);
}

static void loss_sections(const struct page *page, const struct statistics *s, json_t *sections)
{
	static const unsigned LOST[] = {
		MEASURE_LOST_S + LOST_PRISON_LINE,  MEASURE_LOST_S + LOST_TERMINAL,
		MEASURE_LOST_S + LOST_VISITOR_LINE, MEASURE_LOST_S + LOST_SERVICE,
		MEASURE_LOST_S + LOST_STAFF,        MEASURE_LOST_S + LOST_NOBODY
	};
	static const unsigned MISSED[] = { MEASURE_VISITOR_ABSENT,  MEASURE_PRISONER_ABSENT,
					   MEASURE_BOTH_ABSENT,     MEASURE_REFUSED,
					   MEASURE_FAULT,           MEASURE_LATE_BOOKER,
					   MEASURE_LATE_PRISON,     MEASURE_CANCELLED_BOOKER,
					   MEASURE_CANCELLED_PRISON };
	json_array_append_new(sections, measures_section(page, s, "statistics.missed",
							 "statistics.columns.visits", MISSED,
							 ARRAY_LEN(MISSED)));
	json_array_append_new(sections, causes_section(page, s));
	json_array_append_new(sections, measures_section(page, s, "statistics.lost",
							 "statistics.columns.minutes", LOST,
							 ARRAY_LEN(LOST)));
}

/* ---- between prisons ---- */

static const char *const FAIRNESS_COLUMNS[] = { "statistics.columns.prison",
						"statistics.columns.requests",
						"statistics.columns.p90",
						"statistics.columns.country",
						"statistics.columns.add",
						"statistics.columns.missing",
						NULL };

static void few_cells(struct figures *f, const struct fairness *fairness)
{
	count_cell(f, fairness->enough, PUBLISH_FEW);
	figures_cell(f, json_string(page_word(f->page, "statistics.too_few")));
	for (int i = 0; i < 3; i++)
		figures_cell(f, json_string(page_word(f->page, "statistics.nothing")));
}

static void missing_cells(struct figures *f, const struct fairness_line *line)
{
	const struct page *page = f->page;
	const char *nothing = page_word(page, "statistics.nothing");
	if (!line->behind) {
		figures_cell(f, json_string(nothing));
		figures_cell(f, json_string(nothing));
		return;
	}
	figures_number(f, (line->add_minutes + HOUR_MINUTES - 1) / HOUR_MINUTES);
	const char *lever =
	    arena_printf(page->arena, "statistics.levers.%s", diagnosis_remedy_name(line->remedy));
	figures_cell(f, json_string(line->diagnosed ? page_word(page, lever) : nothing));
	figures_flag(f, "statistics.behind");
}

static void fairness_row(struct figures *f, const struct asked *asked,
			 const struct fairness *fairness, const struct fairness_line *line)
{
	const struct page *page = f->page;
	const char *link = arena_printf(page->arena, "/staff/waste?prison=%s", line->prison.text);
	figures_row(f, prison_name(page, &asked->prisons, str_from(line->prison.text)),
		    line->behind ? link : NULL);
	if (line->few) {
		few_cells(f, fairness);
		return;
	}
	figures_number(f, line->requests);
	figures_cell(f, days_text(page, line->p90));
	figures_bar(f, line->p90.days);
	if (line->of_country_percent)
		figures_cell(f, json_sprintf("%lld.%lld",
					     (long long)(line->of_country_percent / PERCENT),
					     (long long)(line->of_country_percent % PERCENT / 10)));
	else
		figures_cell(f, json_string(page_word(page, "statistics.nothing")));
	missing_cells(f, line);
}

/* Prison by prison beside the country, the longest waits first. */
static enum err add_fairness(struct page *page, const struct asked *asked, json_t *sections)
{
	struct fairness fairness;
	struct figures f = figures_of(page, "statistics.fairness", FAIRNESS_COLUMNS);
	enum err err =
	    fairness_find(page->service, &page->actor, page->arena, &asked->query, &fairness);
	for (size_t i = 0; err == OK && i < fairness.count; i++)
		fairness_row(&f, asked, &fairness, &fairness.list[i]);
	json_t *section = figures_end(&f);
	if (err != OK || fairness.count == 0) {
		json_decref(section);
		return err;
	}
	figures_about(page, section, "statistics.fairness.about",
		      json_pack("{s:o, s:I, s:I}", "days", days_text(page, fairness.country),
				"percent", (json_int_t)fairness.fair_percent, "n",
				(json_int_t)fairness.behind));
	json_array_append_new(sections, section);
	return OK;
}

/* ---- the staff's page ---- */

static enum err add_months(struct page *page, const struct asked *asked, json_t *sections)
{
	struct statistics_query query = asked->query;
	struct statistics s;
	query.by = COUNT_BY_MONTH;
	query.from_month = asked->present - YEAR_MONTHS + 1;
	query.to_month = asked->present;
	enum err err = statistics_find(page->service, &page->actor, page->arena, &query, &s);
	if (err == OK)
		json_array_append_new(sections, waits_section(page, asked, &s, COUNT_BY_MONTH,
							      "statistics.waits_by_month"));
	return err;
}

static const char *file_link(const struct page *page, const struct asked *asked)
{
	return arena_printf(
	    page->arena, "/staff/statistics/figures.csv?prison=%s&class=%.*s&month=%s",
	    asked->query.prison.text, STR_FMT(asked->query.part),
	    asked->year ? ""
			: arena_printf(page->arena, "%lld", (long long)asked->query.from_month));
}

static json_t *staff_view(struct page *page, const struct asked *asked, const struct statistics *s,
			  json_t *sections)
{
	json_t *view =
	    json_pack("{s:o, s:o, s:s}", "months", month_options(page, asked), "classes",
		      class_options(page, asked->query.part), "file", file_link(page, asked));
	if (prison_code_empty(page->actor.prison))
		view_list(view, "prisons", prison_options(page, asked));
	if (!asked->all_prisons) {
		json_object_set_new(
		    view, "of",
		    prison_name(page, &asked->prisons, str_from(asked->query.prison.text)));
		json_object_set_new(
		    view, "waste",
		    json_sprintf("/staff/waste?prison=%s", asked->query.prison.text));
	}
	if (s->few)
		json_object_set_new(view, "few", json_pack("{s:I}", "n", (json_int_t)s->few));
	if (s->counted_at.s != 0)
		json_object_set_new(view, "counted", view_when(page, s->counted_at));
	view_list(view, "sections", sections);
	view_here(view, "statistics");
	return view;
}

static void staff(struct page *page)
{
	struct asked asked;
	struct statistics s;
	json_t *sections = json_array();
	enum err err = read_query(page, &asked);
	asked.query.by = asked.all_prisons ? COUNT_BY_PRISON : COUNT_BY_PART;
	if (err == OK)
		err = statistics_find(page->service, &page->actor, page->arena, &asked.query, &s);
	if (err == OK && asked.all_prisons)
		err = add_fairness(page, &asked, sections);
	if (err == OK) {
		json_array_append_new(
		    sections, waits_section(page, &asked, &s, asked.query.by, "statistics.waits"));
		err = add_months(page, &asked, sections);
	}
	if (err != OK) {
		json_decref(sections);
		return page_failed(page, err);
	}
	json_array_append_new(sections, visits_section(page, &asked, &s, asked.query.by));
	loss_sections(page, &s, sections);
	page_render(page, 200, "statistics/staff", staff_view(page, &asked, &s, sections));
}

/* ---- the staff's file ---- */

static void write_number(struct buf *out, const char *table, struct str of, const char *measure,
			 int64_t n)
{
	buf_printf(out, "%s,%.*s,%s,", table, STR_FMT(of), measure);
	if (n == PUBLISH_FEW)
		buf_text(out, "few\r\n");
	else
		buf_printf(out, "%lld\r\n", (long long)n);
}

static void write_days(struct buf *out, struct str of, const char *measure, struct wait_quantile q)
{
	if (q.known)
		buf_printf(out, "waits,%.*s,%s%s,%d\r\n", STR_FMT(of), measure,
			   q.or_more ? "_at_least" : "", q.days);
}

static void write_waits(struct buf *out, const struct statistics *s)
{
	for (size_t i = 0; i < s->wait_count; i++) {
		const struct wait_summary *w = &s->waits[i].summary;
		struct str of = s->waits[i].key;
		write_number(out, "waits", of, "requests", w->requests);
		write_number(out, "waits", of, "held", w->held);
		write_number(out, "waits", of, "still_waiting", w->waiting);
		write_number(out, "waits", of, "not_held", w->not_held);
		write_days(out, of, "median_days", w->median);
		write_days(out, of, "p90_days", w->p90);
		if (w->judged == 0)
			continue;
		write_number(out, "waits", of, s->few ? "in_time_percent" : "in_time", w->in_time);
		if (!s->few)
			write_number(out, "waits", of, "judged", w->judged);
	}
}

static void write_visits(struct buf *out, const struct statistics *s)
{
	for (size_t i = 0; i < s->visit_count; i++)
		for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++)
			write_number(out, "visits", s->visits[i].key,
				     visit_measure_name((enum visit_measure)m),
				     s->visits[i].figures.value[m]);
}

/* For those who may see the page: the numbers as it shows them.  Codes and numbers alone. */
static void staff_file(struct page *page)
{
	struct asked asked;
	struct statistics s;
	enum err err = read_query(page, &asked);
	asked.query.by = asked.all_prisons ? COUNT_BY_PRISON : COUNT_BY_PART;
	if (err == OK)
		err = statistics_find(page->service, &page->actor, page->arena, &asked.query, &s);
	if (err != OK)
		return page_failed(page, err);
	struct buf text = buf_of(FILE_MAX);
	buf_text(&text, "table,of,measure,value\r\n");
	write_waits(&text, &s);
	write_visits(&text, &s);
	page_file(page, "text/csv; charset=utf-8", "figures.csv", buf_view(&text));
	buf_clear(&text);
}

/* ---- for everybody ---- */

/* Of a class of requests, or of a kind of visits. */
static json_t *published_name(const struct page *page, unsigned i)
{
	if (i < WAITING_CLASS_COUNT)
		return part_name(page, waiting_class_name((enum waiting_class)i));
	return json_string(page_word(
	    page, arena_printf(page->arena, "statistics.visit_parts.%s",
			       visit_kind_name((enum visit_kind)(i - WAITING_CLASS_COUNT)))));
}

static const char *const WAIT_MEASURES[] = { "REQUESTS", "STILL_WAITING", "MEDIAN_DAYS", "P90_DAYS",
					     "IN_TIME_PERCENT" };
static const char *const VISIT_MEASURES[] = { "VISITS_PLANNED",
					      "VISITS_HELD",
					      "MINUTES_DELIVERED",
					      "MINUTES_LOST_PRISON_LINE",
					      "MINUTES_LOST_TERMINAL",
					      "MINUTES_LOST_VISITOR_LINE",
					      "MINUTES_LOST_SERVICE",
					      "MINUTES_LOST_STAFF",
					      "VISITOR_DID_NOT_COME",
					      "PRISONER_NOT_PRODUCED",
					      "NEITHER_CAME",
					      "EQUIPMENT_FAILED",
					      "CANCELLED_LATE_BY_BOOKER",
					      "CANCELLED_LATE_BY_PRISON" };

struct edition {
	struct prison_list prisons;
	struct store_editions months;
	int64_t month;
	unsigned part;
	const char *name; /* of the part */
	struct store_published rows;
	int64_t few; /* smaller numbers are not said */
};

static bool read_edition(struct page *page, struct edition *e)
{
	struct str part = request_query(page->request, "part");
	uint64_t month = 0;
	(void)str_u64(request_query(page->request, "month"), INT64_MAX, &month);
	e->month = e->months.count > 0 ? e->months.list[0] : 0;
	for (size_t i = 0; i < e->months.count; i++)
		if (e->months.list[i] == (int64_t)month)
			e->month = e->months.list[i];
	for (unsigned i = 0; i < PUBLISHED_PARTS; i++)
		if (str_is(part, published_part_name(page->arena, i)))
			e->part = i;
	e->name = published_part_name(page->arena, e->part);
	return e->months.count > 0;
}

static enum err find_edition(struct page *page, struct edition *e)
{
	struct policy policy;
	*e = (struct edition){ 0 };
	enum err err = prisons_all(page->service, page->arena, &e->prisons);
	if (err == OK)
		err = published_months_find(page->service, page->arena, &e->months);
	if (err == OK && e->prisons.count > 0)
		err = policy_find(page->service, e->prisons.list[0].code, &policy);
	if (err != OK)
		return err;
	e->few = e->prisons.count > 0 ? policy.values[POLICY_PUBLISH_MIN] : 0;
	if (!read_edition(page, e))
		return OK;
	return published_find(page->service, page->arena, e->month, str_from(e->name), &e->rows);
}

static bool is_days_or_share(const char *measure)
{
	return strcmp(measure, "MEDIAN_DAYS") == 0 || strcmp(measure, "P90_DAYS") == 0 ||
	       strcmp(measure, "IN_TIME_PERCENT") == 0;
}

static json_t *few_text(const struct page *page, const struct edition *e, const char *measure)
{
	if (is_days_or_share(measure))
		return json_string(page_word(page, "statistics.too_few"));
	return view_word(page, "statistics.fewer_than",
			 json_pack("{s:I}", "n", (json_int_t)e->few));
}

/* The value of a measure at a prison; false: none was published. */
static bool published_value(const struct edition *e, struct prison_code prison, const char *measure,
			    int64_t *out)
{
	for (size_t i = 0; i < e->rows.count; i++)
		if (prison_code_equal(e->rows.list[i].prison, prison) &&
		    str_is(e->rows.list[i].measure, measure)) {
			*out = e->rows.list[i].value;
			return true;
		}
	return false;
}

static void published_row(struct figures *f, const struct edition *e, struct prison_code prison,
			  const char *const *measures, size_t count, const char *plotted)
{
	for (size_t m = 0; m < count; m++) {
		int64_t value = PUBLISH_FEW;
		if (!published_value(e, prison, measures[m], &value)) {
			figures_cell(f, json_string(page_word(f->page, "statistics.nothing")));
			continue;
		}
		if (value == PUBLISH_FEW)
			figures_cell(f, few_text(f->page, e, measures[m]));
		else
			figures_number(f, value);
		if (strcmp(measures[m], plotted) == 0 && value != PUBLISH_FEW)
			figures_bar(f, value);
	}
}

/* Sums of what is published, so that nothing can be taken from them. */
static void published_sum(struct figures *f, const struct edition *e, const char *const *measures,
			  size_t count)
{
	figures_row(f, json_string(page_word(f->page, "statistics.sum")), NULL);
	for (size_t m = 0; m < count; m++) {
		int64_t sum = 0;
		for (size_t i = 0; i < e->rows.count; i++)
			if (str_is(e->rows.list[i].measure, measures[m]) &&
			    e->rows.list[i].value != PUBLISH_FEW)
				sum += e->rows.list[i].value;
		if (is_days_or_share(measures[m]))
			figures_cell(f, json_string(page_word(f->page, "statistics.nothing")));
		else
			figures_number(f, sum);
	}
}

static json_t *edition_section(const struct page *page, const struct edition *e)
{
	bool waits = e->part < WAITING_CLASS_COUNT;
	const char *const *measures = waits ? WAIT_MEASURES : VISIT_MEASURES;
	size_t count = waits ? ARRAY_LEN(WAIT_MEASURES) : ARRAY_LEN(VISIT_MEASURES);
	const char *columns[FIGURES_COLUMNS_MAX] = { "statistics.columns.prison" };
	for (size_t m = 0; m < count; m++)
		columns[m + 1] = arena_printf(page->arena, "statistics.published.%s", measures[m]);
	struct figures f = figures_of(
	    page, waits ? "statistics.public_waits" : "statistics.public_visits", columns);
	struct prison_code last = { 0 };
	for (size_t i = 0; i < e->rows.count; i++) {
		struct prison_code prison = e->rows.list[i].prison;
		if (prison_code_equal(prison, last))
			continue;
		last = prison;
		figures_row(&f, prison_name(page, &e->prisons, str_from(prison.text)), NULL);
		published_row(&f, e, prison, measures, count, waits ? "P90_DAYS" : "VISITS_HELD");
	}
	if (e->rows.count > 0)
		published_sum(&f, e, measures, count);
	return figures_end(&f);
}

static void add_edition(const struct page *page, const struct edition *e, json_t *view)
{
	json_t *months = json_array(), *parts = json_array(), *sections = json_array();
	char value[24];
	for (size_t i = 0; i < e->months.count; i++) {
		snprintf(value, sizeof value, "%lld", (long long)e->months.list[i]);
		figures_option(months, value, figures_month(page, e->months.list[i]),
			       e->months.list[i] == e->month);
	}
	for (unsigned i = 0; i < PUBLISHED_PARTS; i++)
		figures_option(parts, published_part_name(page->arena, i), published_name(page, i),
			       i == e->part);
	json_array_append_new(sections, edition_section(page, e));
	json_object_set_new(view, "parts", parts);
	view_list(view, "sections", sections);
	view_list(view, "months", months);
}

static void everybody(struct page *page)
{
	struct edition e;
	enum err err = find_edition(page, &e);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:s, s:I}", "back", "/", "n", (json_int_t)e.few);
	add_edition(page, &e, view);
	page_render(page, 200, "statistics/public", view);
}

/* All that was published of a month, as it was published. */
static void public_file(struct page *page)
{
	struct edition e;
	enum err err = find_edition(page, &e);
	struct buf text = buf_of(FILE_MAX);
	buf_text(&text, "month,prison,part,measure,value\r\n");
	for (unsigned p = 0; p < PUBLISHED_PARTS && err == OK && e.months.count > 0; p++) {
		struct store_published rows = { 0 };
		err = published_find(page->service, page->arena, e.month,
				     str_from(published_part_name(page->arena, p)), &rows);
		for (size_t i = 0; i < rows.count; i++) {
			const struct published_row *r = &rows.list[i];
			buf_printf(&text, "%lld-%02d,%s,%.*s,%.*s,",
				   (long long)(r->month / YEAR_MONTHS),
				   (int)(r->month % YEAR_MONTHS) + 1, r->prison.text,
				   STR_FMT(r->part), STR_FMT(r->measure));
			if (r->value == PUBLISH_FEW)
				buf_text(&text, "few\r\n");
			else
				buf_printf(&text, "%lld\r\n", (long long)r->value);
		}
	}
	if (err == OK)
		page_file(page, "text/csv; charset=utf-8", "figures.csv", buf_view(&text));
	else
		page_failed(page, err);
	buf_clear(&text);
}

enum {
	WHO_SEES = WHO_PRISON | WHO_HQ | WHO_INSPECTOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/statistics", WHO_ANYONE, .handler = everybody },
	{ METHOD_GET, "/statistics/figures.csv", WHO_ANYONE, .handler = public_file },
	{ METHOD_GET, "/staff/statistics", WHO_SEES, .handler = staff },
	{ METHOD_GET, "/staff/statistics/figures.csv", WHO_SEES, .handler = staff_file },
};

const struct route_group statistics_routes = { rows, ARRAY_LEN(rows) };
