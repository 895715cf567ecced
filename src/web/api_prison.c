#include "web/api.h"

#include "base/assert.h"
#include "service/prison.h"
#include "service/timetable.h"
#include "web/api_priv.h"
#include "web/held_view.h"
#include "web/public_page.h"

#define WHO_SEES (WHO_PRISON | WHO_HQ | WHO_INSPECTOR)

enum {
	WEEK_DAYS = 7,
};

/* ---- the rules ---- */

static json_t *rule_value(enum policy_name name, int64_t value)
{
	return json_pack("{s:s, s:s, s:I}", "name", policy_name_text(name), "unit",
			 policy_unit_name(policy_unit(name)), "value", (json_int_t)value);
}

static json_t *rules_in_force(const struct policy *policy)
{
	json_t *list = json_array();
	for (unsigned i = 0; i < POLICY_COUNT; i++) {
		enum policy_name name = (enum policy_name)i;
		if (public_rule_is_told(name))
			json_array_append_new(list, rule_value(name, policy->values[name]));
	}
	return list;
}

/* What is decided for later. */
static json_t *rules_to_come(const struct policy_history *rows, struct wall now)
{
	json_t *list = json_array();
	for (size_t i = 0; i < rows->count; i++) {
		const struct policy_row *row = &rows->list[i];
		if (!public_rule_is_told(row->name) || !public_change_comes(rows, row, now))
			continue;
		json_t *item = rule_value(row->name, row->value);
		json_object_set_new(item, "validFrom",
				    api_when((struct wall){ row->valid_from_s }));
		json_array_append_new(list, item);
	}
	return list;
}

/* What the prison's page tells everybody. */
static void rules(struct page *page)
{
	struct prison_code code;
	struct policy policy;
	struct policy_history rows = { 0 };
	if (!prison_code_of(page_param(page, 0), &code))
		return page_not_found(page);
	enum err err = policy_find(page->service, code, &policy);
	if (err == OK)
		err = policy_rows_find(page->service, page->arena, code, &rows);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200,
		  json_pack("{s:s, s:I, s:o, s:o}", "prisonId", code.text, "version",
			    (json_int_t)policy.version, "rules", rules_in_force(&policy), "changes",
			    rules_to_come(&rows, page->service->now)));
}

static json_t *row_value(const struct policy_history *rows, const struct policy_row *row,
			 struct wall now)
{
	json_t *out = rule_value(row->name, row->value);
	bool in_force = policy_row_in_force(rows->list, rows->count, row->name, now.s) == row;
	json_object_update_new(out,
			       json_pack("{s:o, s:b, s:b, s:o, s:o}", "validFrom",
					 api_when((struct wall){ row->valid_from_s }), "national",
					 row->national, "inForce", in_force, "author",
					 page_str(row->author), "reason", page_str(row->reason)));
	return out;
}

/* Every row there is or was, the newest first. */
static void all_rules(struct page *page)
{
	struct prison_code code;
	struct policy_history rows = { 0 };
	if (!api_prison(page, &code))
		return;
	enum err err = policy_history_find(page->service, &page->actor, page->arena, code, &rows);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < rows.count; i++)
		json_array_append_new(list, row_value(&rows, &rows.list[i], page->service->now));
	page_json(page, 200, list);
}

/* ---- when visits are held ---- */

static json_t *weekdays_value(unsigned weekdays)
{
	static const char *const DAYS[WEEK_DAYS + 1] = {
		"", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY",
	};
	json_t *list = json_array();
	for (unsigned day = 1; day <= WEEK_DAYS; day++)
		if (weekdays >> day & 1)
			json_array_append_new(list, json_string(DAYS[day]));
	return list;
}

static json_t *session_value(const struct public_session *s, struct held_for whom)
{
	return json_pack(
	    "{s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:b, s:b, s:b}", "sessionTemplateReference",
	    page_id(s->id.n), "weekdays", weekdays_value(s->weekdays), "startTime",
	    api_clock(s->start_minute), "endTime", api_clock(s->end_minute), "everyWeeks",
	    s->every_weeks, "validFrom", api_day(s->valid_from), "validTo", api_day(s->valid_to),
	    "forFamilies", whom.families, "forLawyers", whom.lawyers, "forSome", s->for_some);
}

static json_t *sessions_value(const struct public_times *times, const struct policy *policy)
{
	json_t *list = json_array();
	for (size_t i = 0; i < times->session_count; i++) {
		struct held_for whom = held_for(&times->sessions[i], policy);
		if (whom.families || whom.lawyers)
			json_array_append_new(list, session_value(&times->sessions[i], whom));
	}
	return list;
}

static json_t *closed_value(const struct public_times *times, const struct policy *policy)
{
	json_t *list = json_array();
	for (size_t i = 0; i < times->closed_count; i++) {
		const struct closed_day *closed = &times->closed[i];
		if (held_closed(times, policy, closed))
			json_array_append_new(
			    list, json_pack("{s:o, s:o}", "date", api_day(closed->day),
					    "sessionTemplateReference",
					    closed->session.n ? page_id(closed->session.n)
							      : json_null()));
	}
	return list;
}

static void times(struct page *page)
{
	struct prison_code code;
	struct policy policy;
	struct public_times held = { 0 };
	if (!prison_code_of(page_param(page, 0), &code))
		return page_not_found(page);
	enum err err = policy_find(page->service, code, &policy);
	if (err == OK)
		err = public_times_find(page->service, page->arena, code, &held);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200,
		  json_pack("{s:s, s:o, s:o}", "prisonId", code.text, "sessions",
			    sessions_value(&held, &policy), "closed",
			    closed_value(&held, &policy)));
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/prisons/{prison}/rules", WHO_ANYONE, .flags = ROUTE_API,
	  .handler = rules },
	{ METHOD_GET, "/api/v1/prisons/{prison}/rules/all", WHO_SEES, .flags = ROUTE_API,
	  .handler = all_rules },
	{ METHOD_GET, "/api/v1/prisons/{prison}/times", WHO_ANYONE, .flags = ROUTE_API,
	  .handler = times },
};
const struct route_group api_prison_routes = { rows, ARRAY_LEN(rows) };
