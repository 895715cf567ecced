#include "web/api.h"

#include "base/assert.h"
#include "service/effect.h"
#include "service/orders.h"
#include "service/prison.h"
#include "service/timetable.h"
#include "web/api_priv.h"
#include "web/held_view.h"
#include "web/public_page.h"

#define WHO_SEES (WHO_PRISON | WHO_HQ | WHO_INSPECTOR)
#define WHO_SETS (WHO_ADMIN | WHO_HQ_ADMIN)

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

/* Every row there is or was, the newest first; of no prison: the national ones. */
static void answer_rows(struct page *page, struct prison_code code)
{
	struct policy_history rows = { 0 };
	enum err err = policy_history_find(page->service, &page->actor, page->arena, code, &rows);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < rows.count; i++)
		json_array_append_new(list, row_value(&rows, &rows.list[i], page->service->now));
	page_json(page, 200, list);
}

static void all_rules(struct page *page)
{
	struct prison_code code;
	if (api_prison(page, &code))
		answer_rows(page, code);
}

static void national_rules(struct page *page)
{
	answer_rows(page, (struct prison_code){ "" });
}

/* ---- setting a rule ---- */

static int64_t read_value(struct page *page, struct api_faults *faults, const json_t *body,
			  enum policy_name name)
{
	const json_t *value = json_object_get(body, "value");
	int64_t number = json_integer_value(value), min, max;
	policy_bounds(name, &min, &max);
	if (!json_is_integer(value) || !policy_value_acceptable(name, number))
		api_fault(faults, "value",
			  arena_printf(page->arena, "A whole number from %lld to %lld is needed.",
				       (long long)min, (long long)max));
	return number;
}

/* From now on, unless said; "said" is for a request that comes again. */
static struct wall read_from(struct page *page, struct api_faults *faults, const json_t *body,
			     bool *said)
{
	const json_t *value = json_object_get(body, "validFrom");
	*said = value != NULL && !json_is_null(value);
	return *said ? api_time(faults, body, "validFrom") : page->service->now;
}

/* The body; false: answered. */
static bool read_setting(struct page *page, struct policy_setting *out, bool *from_said)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	out->value = read_value(page, &faults, body, out->name);
	out->valid_from = read_from(page, &faults, body, from_said);
	out->reason = api_text(&faults, body, "reason", true);
	return api_good(page, &faults);
}

static json_t *touched_value(const struct page *page, const struct effect_list *effects)
{
	json_t *list = json_array();
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *e = &effects->list[i];
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:i, s:o}", "reference",
						      e->reference.text, "prisonId", e->prison.text,
						      "prisonerName", page_str(e->prisoner_name),
						      "startTimestamp", api_when(e->start),
						      "minutes", e->minutes, "validationErrors",
						      api_codes(page, e->broken)));
	}
	return list;
}

/* Incentive levels at which orders would come too seldom, as the page warns of them. */
static enum err levels_below(struct page *page, const struct policy_setting *set, const char **out)
{
	*out = "";
	if (set->name != POLICY_ORDER_VO_DAYS)
		return OK;
	return incentives_below_floor(page->service, &page->actor, page->arena, set->prison,
				      set->value, out);
}

static void answer_change(struct page *page, int status, const struct policy_setting *set,
			  const struct effect_list *effects)
{
	const char *levels;
	enum err err = levels_below(page, set, &levels);
	if (err != OK)
		return page_failed(page, err);
	bool national = prison_code_empty(set->prison);
	json_t *out = rule_value(set->name, set->value);
	json_object_update_new(out,
			       json_pack("{s:o, s:o, s:s, s:o}", "prisonId",
					 national ? json_null() : json_string(set->prison.text),
					 "validFrom", api_when(set->valid_from), "levelsBelowFloor",
					 levels, "visits", touched_value(page, effects)));
	page_json(page, status, out);
}

/*
 * Whether that is decided already, so that a request without an answer may be
 * sent again: at that moment, or, of one from now on, by the row in force.
 */
static enum err find_same(struct page *page, struct policy_setting *set, bool from_said, bool *same)
{
	struct policy_history rows = { 0 };
	enum err err =
	    policy_history_find(page->service, &page->actor, page->arena, set->prison, &rows);
	if (err != OK)
		return err;
	const struct policy_row *row =
	    policy_row_in_force(rows.list, rows.count, set->name, set->valid_from.s);
	*same = row && row->national == prison_code_empty(set->prison) &&
		row->value == set->value && (!from_said || row->valid_from_s == set->valid_from.s);
	if (*same)
		set->valid_from.s = row->valid_from_s;
	return OK;
}

static void past(struct page *page)
{
	struct api_faults faults = { 0 };
	api_fault(&faults, "validFrom", "A rule holds from now on, or from a later moment.");
	(void)api_good(page, &faults);
}

/* What the path names (no prison: all of them) and the body says; false: answered. */
static bool read_change(struct page *page, bool national, struct policy_setting *out,
			bool *from_said)
{
	if (!national && !api_prison(page, &out->prison))
		return false;
	if (policy_name_of(page_param(page, national ? 0 : 1), &out->name))
		return read_setting(page, out, from_said);
	page_not_found(page);
	return false;
}

static void save(struct page *page, bool national)
{
	struct policy_setting set = { 0 };
	struct effect_list effects = { 0 };
	bool from_said, same = false;
	if (!read_change(page, national, &set, &from_said))
		return;
	enum err err = find_same(page, &set, from_said, &same);
	if (err == OK && same)
		return answer_change(page, 200, &set, &effects);
	if (err == OK && set.valid_from.s < page->service->now.s)
		return past(page);
	if (err == OK)
		err = policy_set(page->service, &page->actor, page->arena, &set, &effects);
	if (err != OK)
		return page_failed(page, err);
	answer_change(page, 201, &set, &effects);
}

static void preview(struct page *page, bool national)
{
	struct policy_setting set = { 0 };
	struct effect_list effects = { 0 };
	bool from_said;
	if (!read_change(page, national, &set, &from_said))
		return;
	if (set.valid_from.s < page->service->now.s)
		return past(page);
	enum err err = policy_preview(page->service, &page->actor, page->arena, &set, &effects);
	if (err == OK)
		err = api_looked_at_list(page, AUDIT_LIST_TOUCHED, set.prison, effects.count);
	if (err != OK)
		return page_failed(page, err);
	answer_change(page, 200, &set, &effects);
}

static void set_own(struct page *page)
{
	save(page, false);
}

static void preview_own(struct page *page)
{
	preview(page, false);
}

static void set_national(struct page *page)
{
	save(page, true);
}

static void preview_national(struct page *page)
{
	preview(page, true);
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
	{ METHOD_GET, "/api/v1/prisons/{prison}/rules/all", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_RULES, .handler = all_rules },
	{ METHOD_PUT, "/api/v1/prisons/{prison}/rules/{rule}", WHO_SETS, BODY_JSON, 4096, ROUTE_API,
	  set_own },
	{ METHOD_POST, "/api/v1/prisons/{prison}/rules/{rule}/preview", WHO_SETS, BODY_JSON, 4096,
	  ROUTE_API | ROUTE_LOOK_LIST, preview_own },
	{ METHOD_GET, "/api/v1/rules", WHO_HQ | WHO_INSPECTOR,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_RULES, .handler = national_rules },
	{ METHOD_PUT, "/api/v1/rules/{rule}", WHO_HQ_ADMIN, BODY_JSON, 4096, ROUTE_API,
	  set_national },
	{ METHOD_POST, "/api/v1/rules/{rule}/preview", WHO_HQ_ADMIN, BODY_JSON, 4096,
	  ROUTE_API | ROUTE_LOOK_LIST, preview_national },
	{ METHOD_GET, "/api/v1/prisons/{prison}/times", WHO_ANYONE, .flags = ROUTE_API,
	  .handler = times },
};
const struct route_group api_prison_routes = { rows, ARRAY_LEN(rows) };
