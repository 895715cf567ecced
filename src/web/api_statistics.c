#include "web/api.h"

#include "base/assert.h"
#include "service/fairness.h"
#include "service/prison.h"
#include "service/readiness.h"
#include "service/statistics.h"
#include "service/waste.h"
#include "web/api_priv.h"

#define WHO_SEES      (WHO_PRISON | WHO_HQ | WHO_INSPECTOR)
#define WHO_COMPARES  (WHO_HQ | WHO_INSPECTOR)
#define WHO_READINESS (WHO_HQ | WHO_OPERATOR | WHO_INSPECTOR)

enum {
	YEAR_MONTHS = 12,
};

/* ---- pieces ---- */

/* null: smaller than may be said. */
static json_t *count_value(int64_t n)
{
	return n == PUBLISH_FEW ? json_null() : json_integer((json_int_t)n);
}

/* null: nothing, or too few to say. */
static json_t *days_value(struct wait_quantile q)
{
	if (!q.known)
		return json_null();
	return json_pack("{s:i, s:b}", "days", q.days, "orMore", q.or_more);
}

/* ---- what was counted ---- */

/* As the page has it: one of the last months, or the last twelve together, and no other span. */
static void read_month(struct page *page, struct api_faults *faults, struct statistics_query *out)
{
	int64_t present = local_month(page->service->now), month = 0;
	api_query_month(page, faults, "month", &month);
	out->from_month = month ? month : present - YEAR_MONTHS + 1;
	out->to_month = month ? month : present;
	if (month && (month <= present - STATISTICS_MONTHS || month > present))
		api_fault(faults, "month", "One of the last thirteen months.");
}

static bool read_query(struct page *page, struct statistics_query *out)
{
	struct api_faults faults = { 0 };
	struct prison known;
	struct str code = request_query(page->request, "prisonId");
	struct str class_text = request_query(page->request, "urgency");
	struct str by = request_query(page->request, "by");
	enum waiting_class class;
	*out = (struct statistics_query){ .prison = page->actor.prison };
	read_month(page, &faults, out);
	if (!str_empty(code) && !prison_code_of(code, &out->prison))
		api_fault(&faults, "prisonId", "The code of a prison is needed, like WWI.");
	if (!str_empty(class_text) && !waiting_class_name_of(class_text, &class))
		api_fault(&faults, "urgency", "URGENT, DATED, ROUTINE or SOCIAL.");
	else if (!str_empty(class_text))
		out->part = str_from(waiting_class_name(class));
	bool all = prison_code_empty(out->prison);
	out->by = all ? COUNT_BY_PRISON : COUNT_BY_PART;
	if (str_is(by, "MONTH"))
		out->by = COUNT_BY_MONTH;
	else if (!str_empty(by))
		api_fault(&faults, "by", "MONTH, or nothing.");
	if (!api_good(page, &faults))
		return false;
	enum err err = all ? OK : prison_find(page->service, page->arena, out->prison, &known);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static json_t *key_value(enum count_by by, struct str key)
{
	uint64_t month = 0;
	if (by == COUNT_BY_MONTH && str_u64(key, INT64_MAX, &month))
		return api_month((int64_t)month);
	return page_str(key);
}

/* Where numbers are rounded, of those that can be judged only the share is said. */
static json_t *wait_value(const struct wait_summary *s, bool rounded)
{
	json_t *out = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "requests",
				count_value(s->requests), "held", count_value(s->held), "waiting",
				count_value(s->waiting), "notHeld", count_value(s->not_held),
				"median", days_value(s->median), "p90", days_value(s->p90));
	int64_t percent = rounded || !s->judged ? s->in_time : s->in_time * 100 / s->judged;
	json_object_set_new(out, "inTimePercent",
			    s->judged ? json_integer((json_int_t)percent) : json_null());
	return out;
}

static json_t *visits_value(const struct visit_figures *figures)
{
	json_t *out = json_object();
	for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++)
		json_object_set_new(out, visit_measure_name((enum visit_measure)m),
				    count_value(figures->value[m]));
	return out;
}

static json_t *figures_value(const struct statistics *s, enum count_by by)
{
	json_t *waits = json_array(), *visits = json_array();
	for (size_t i = 0; i < s->wait_count; i++) {
		json_t *line = wait_value(&s->waits[i].summary, s->few != 0);
		json_object_set_new(line, "of", key_value(by, s->waits[i].key));
		json_array_append_new(waits, line);
	}
	for (size_t i = 0; i < s->visit_count; i++) {
		json_t *line = visits_value(&s->visits[i].figures);
		json_array_append_new(visits,
				      json_pack("{s:o, s:o}", "of", key_value(by, s->visits[i].key),
						"measures", line));
	}
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "countedAt",
			 api_when(s->counted_at), "rounded", s->few != 0, "waits", waits, "visits",
			 visits, "allWaits", wait_value(&s->all_waits, s->few != 0), "allVisits",
			 visits_value(&s->all_visits), "notProducedWithoutCause",
			 count_value(s->no_cause));
}

static void figures(struct page *page)
{
	struct statistics_query query;
	struct statistics s = { 0 };
	if (!read_query(page, &query))
		return;
	enum err err = statistics_find(page->service, &page->actor, page->arena, &query, &s);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, figures_value(&s, query.by));
}

/* ---- between prisons ---- */

static json_t *fairness_line_value(const struct fairness_line *line)
{
	json_t *out = json_pack("{s:s, s:b}", "prisonId", line->prison.text, "tooFew", line->few);
	if (line->few)
		return out;
	json_object_update_new(out,
			       json_pack("{s:I, s:o, s:b}", "requests", (json_int_t)line->requests,
					 "p90", days_value(line->p90), "behind", line->behind));
	if (line->of_country_percent)
		json_object_set_new(out, "ofCountryPercent",
				    json_integer((json_int_t)line->of_country_percent));
	if (line->behind)
		json_object_set_new(out, "missingMinutesAWeek",
				    json_integer((json_int_t)line->add_minutes));
	if (line->behind && line->diagnosed)
		json_object_set_new(out, "remedy",
				    json_string(diagnosis_remedy_name(line->remedy)));
	return out;
}

static void fairness(struct page *page)
{
	struct statistics_query query;
	struct fairness found = { 0 };
	if (!read_query(page, &query))
		return;
	enum err err = fairness_find(page->service, &page->actor, page->arena, &query, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, fairness_line_value(&found.list[i]));
	page_json(page, 200,
		  json_pack("{s:o, s:I, s:I, s:I, s:o}", "country", days_value(found.country),
			    "fairPercent", (json_int_t)found.fair_percent, "enough",
			    (json_int_t)found.enough, "behind", (json_int_t)found.behind, "prisons",
			    list));
}

/* ---- where a week's minutes went ---- */

static json_t *waste_value(const struct waste *waste)
{
	const struct diagnosis *d = &waste->diagnosis;
	json_t *minutes = json_object();
	for (unsigned t = 0; t < TERM_COUNT; t++)
		json_object_set_new(minutes, diagnosis_term_name((enum diagnosis_term)t),
				    json_integer((json_int_t)waste->week.minutes[t]));
	return json_pack(
	    "{s:s, s:o, s:b, s:I, s:o, s:I, s:I, s:I, s:s, s:s, s:i, s:I}", "prisonId",
	    waste->prison.code.text, "monday", api_day(waste->monday), "soFar", waste->so_far,
	    "roundedToMinutes", (json_int_t)waste->step, "minutes", minutes, "offered",
	    (json_int_t)d->offered, "asked", (json_int_t)waste->week.asked_minutes, "queued",
	    (json_int_t)waste->week.queued_minutes, "largest", diagnosis_term_name(d->largest),
	    "remedy", diagnosis_remedy_name(d->remedy), "loadPercent", d->load_percent,
	    "addMinutesAWeek", (json_int_t)d->add_minutes);
}

static void waste(struct page *page)
{
	struct api_faults faults = { 0 };
	struct prison_code prison;
	struct date date;
	struct waste found;
	if (!api_prison(page, &prison))
		return;
	api_query_date(page, &faults, "date", &date);
	if (!api_good(page, &faults))
		return;
	enum err err = waste_find(page->service, &page->actor, page->arena, prison, date, &found);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "That week is still to come.");
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, waste_value(&found));
}

/* ---- which prisons can hold visits ---- */

static json_t *readiness_value(const struct readiness_row *row)
{
	json_t *lamps = json_object();
	for (unsigned l = 0; l < LAMP_COUNT; l++) {
		const struct lamp *lamp = &row->readiness.lamps[l];
		json_object_set_new(lamps, readiness_lamp_name((enum readiness_lamp)l),
				    json_pack("{s:s, s:o}", "state", lamp_state_name(lamp->state),
					      "since", api_when(lamp->since)));
	}
	return json_pack("{s:s, s:b, s:b, s:o, s:i, s:i}", "prisonId", row->prison.code.text,
			 "canHold", row->readiness.can_hold, "canHoldLegal",
			 row->readiness.can_hold_legal, "lamps", lamps, "terminals",
			 row->facts.terminals, "enrolled", row->facts.enrolled);
}

static void readiness(struct page *page)
{
	struct readiness_list all = { 0 };
	enum err err = readiness_find(page->service, &page->actor, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(list, readiness_value(&all.list[i]));
	page_json(page, 200, list);
}

/* ---- what everybody may read ---- */

static enum err add_published(struct page *page, int64_t month, json_t *list)
{
	enum err err = OK;
	for (unsigned p = 0; p < PUBLISHED_PARTS && err == OK; p++) {
		struct store_published found = { 0 };
		err = published_find(page->service, page->arena, month,
				     str_from(published_part_name(page->arena, p)), &found);
		for (size_t i = 0; i < found.count; i++) {
			const struct published_row *r = &found.list[i];
			json_array_append_new(
			    list, json_pack("{s:s, s:o, s:o, s:o}", "prisonId", r->prison.text,
					    "part", page_str(r->part), "measure",
					    page_str(r->measure), "value", count_value(r->value)));
		}
	}
	return err;
}

/* Of the month asked for, or the latest that is published; 0: none is. */
static bool choose_month(struct page *page, const struct store_editions *months, int64_t *out)
{
	struct api_faults faults = { 0 };
	int64_t asked = -1;
	*out = months->count > 0 ? months->list[0] : 0;
	api_query_month(page, &faults, "month", &asked);
	if (!api_good(page, &faults))
		return false;
	if (asked < 0)
		return true;
	for (size_t i = 0; i < months->count; i++)
		if (months->list[i] == asked) {
			*out = asked;
			return true;
		}
	page_not_found(page);
	return false;
}

static void published(struct page *page)
{
	struct store_editions months = { 0 };
	int64_t month;
	enum err err = published_months_find(page->service, page->arena, &months);
	if (err != OK)
		return page_failed(page, err);
	if (!choose_month(page, &months, &month))
		return;
	json_t *all = json_array(), *list = json_array();
	for (size_t i = 0; i < months.count; i++)
		json_array_append_new(all, api_month(months.list[i]));
	if (month)
		err = add_published(page, month, list);
	json_t *out = json_pack("{s:o, s:o, s:o}", "month", month ? api_month(month) : json_null(),
				"months", all, "figures", list);
	if (err == OK)
		return page_json(page, 200, out);
	json_decref(out);
	page_failed(page, err);
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/statistics/published", WHO_ANYONE, .flags = ROUTE_API,
	  .handler = published },
	{ METHOD_GET, "/api/v1/statistics/figures", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = figures },
	{ METHOD_GET, "/api/v1/statistics/fairness", WHO_COMPARES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = fairness },
	{ METHOD_GET, "/api/v1/statistics/waste/{prison}", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = waste },
	{ METHOD_GET, "/api/v1/statistics/readiness", WHO_READINESS,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = readiness },
};
const struct route_group api_statistics_routes = { rows, ARRAY_LEN(rows) };
