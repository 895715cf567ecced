#include "web/staff_rules.h"

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/orders.h"
#include "service/prison.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	WHO_SEES = WHO_PRISON | WHO_HQ | WHO_INSPECTOR,
	WHO_SETS = WHO_ADMIN | WHO_HQ_ADMIN,
};

enum {
	VALUE_TEXT_MAX = 40,
	HISTORY_SHOWN = 20,
};

/* Where a parameter stands on the page: in the order of enum policy_name, the last one of each group. */
static const struct {
	const char *group;
	enum policy_name last;
} GROUPS[] = {
	{ "general", POLICY_CANCEL_REFUND_MINUTES },
	{ "orders", POLICY_CHILD_AGE },
	{ "times", POLICY_REVIEW_DAYS },
	{ "waiting", POLICY_FAILED_HELD_PERCENT },
	{ "identity", POLICY_IDENTITY_PORTRAIT_DAYS },
	{ "terminal", POLICY_PIN_TRIES_MAX },
	{ "oversight", POLICY_LEGAL_HOLD_DAYS },
	{ "messages", (enum policy_name)(POLICY_COUNT - 1) },
};

static const char *unit_word(enum policy_unit unit)
{
	static const char *const WORDS[] = {
		[UNIT_COUNT] = "times.units.count", [UNIT_MINUTES] = "times.units.minutes",
		[UNIT_HOURS] = "times.units.hours", [UNIT_DAYS] = "times.units.days",
		[UNIT_YEARS] = "times.units.years",
	};
	return unit < ARRAY_LEN(WORDS) ? WORDS[unit] : WORDS[UNIT_COUNT];
}

json_t *policy_value_text(const struct page *page, enum policy_name name, int64_t value)
{
	switch (policy_unit(name)) {
	case UNIT_SWITCH:
		return json_string(page_word(page, value ? "times.units.on" : "times.units.off"));
	case UNIT_DATE:
		return value ? view_date(page, date_of_days(value))
			     : json_string(page_word(page, "times.units.no_date"));
	case UNIT_CLOCK:
		return json_string(clock_text(page, (int)value));
	case UNIT_CHOICE:
		return json_string(
		    page_word(page, arena_printf(page->arena, "times.choices.%s.%d",
						 policy_name_text(name), (int)value)));
	case UNIT_COUNT:
	case UNIT_MINUTES:
	case UNIT_HOURS:
	case UNIT_DAYS:
	case UNIT_YEARS:
		break;
	}
	return view_word(page, unit_word(policy_unit(name)),
			 json_pack("{s:I}", "n", (json_int_t)value));
}

static const char *label_of(const struct page *page, enum policy_name name)
{
	return page_word(page,
			 arena_printf(page->arena, "times.policy.%s", policy_name_text(name)));
}

/* ---- all of them ---- */

static const struct policy_row *next_row(const struct policy_history *history,
					 enum policy_name name, int64_t now_s)
{
	const struct policy_row *next = NULL;
	for (size_t i = 0; i < history->count; i++) {
		const struct policy_row *row = &history->list[i];
		if (row->name == name && row->valid_from_s > now_s &&
		    (!next || row->valid_from_s < next->valid_from_s))
			next = row;
	}
	return next;
}

static json_t *line_of(const struct page *page, const struct policy_history *history,
		       enum policy_name name)
{
	int64_t now_s = page->service->now.s;
	const struct policy_row *row =
	    policy_row_in_force(history->list, history->count, name, now_s);
	const struct policy_row *next = next_row(history, name, now_s);
	json_t *line = json_pack("{s:s, s:s, s:o, s:b, s:s}", "name", policy_name_text(name),
				 "label", label_of(page, name), "value",
				 row ? policy_value_text(page, name, row->value) : json_string(""),
				 "own", row && !row->national, "href",
				 arena_printf(page->arena, "/staff/rules/%s%s",
					      policy_name_text(name), staff_prison_query(page)));
	if (next)
		json_object_set_new(
		    line, "next",
		    json_pack("{s:o, s:o}", "value", policy_value_text(page, name, next->value),
			      "from", view_when(page, (struct wall){ next->valid_from_s })));
	return line;
}

static json_t *groups_of(const struct page *page, const struct policy_history *history)
{
	json_t *groups = json_array();
	unsigned name = 0;
	for (size_t g = 0; g < ARRAY_LEN(GROUPS); g++) {
		json_t *lines = json_array();
		for (; name <= GROUPS[g].last; name++)
			json_array_append_new(lines,
					      line_of(page, history, (enum policy_name)name));
		const char *word = arena_printf(page->arena, "times.groups.%s", GROUPS[g].group);
		json_array_append_new(groups,
				      json_pack("{s:s, s:s, s:o}", "group", GROUPS[g].group,
						"heading", page_word(page, word), "lines", lines));
	}
	return groups;
}

static void list(struct page *page)
{
	struct prison_code prison = staff_prison(page);
	struct policy_history history;
	enum err err =
	    policy_history_find(page->service, &page->actor, page->arena, prison, &history);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack("{s:o, s:b, s:b, s:s}", "groups", groups_of(page, &history),
				 "may_change", page_is_for(page, WHO_SETS), "national",
				 prison_code_empty(prison), "prison", prison.text);
	view_here(view, "rules");
	page_render(page, 200, "staff/rules", view);
}

/* ---- one of them ---- */

static json_t *history_of(const struct page *page, const struct policy_history *history,
			  enum policy_name name)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < history->count && json_array_size(lines) < HISTORY_SHOWN; i++) {
		const struct policy_row *row = &history->list[i];
		if (row->name != name)
			continue;
		json_t *from = row->valid_from_s
				   ? view_when(page, (struct wall){ row->valid_from_s })
				   : json_string(page_word(page, "times.rule.first"));
		json_array_append_new(lines, json_pack("{s:o, s:o, s:b, s:o, s:o}", "value",
						       policy_value_text(page, name, row->value),
						       "from", from, "national", row->national,
						       "author", page_str(row->author), "reason",
						       page_str(row->reason)));
	}
	return lines;
}

static bool is_chosen(enum policy_name name)
{
	return policy_unit(name) == UNIT_SWITCH || policy_unit(name) == UNIT_CHOICE;
}

static void add_choices(const struct page *page, struct form *form, enum policy_name name)
{
	json_t *items = json_array();
	int64_t min, max;
	policy_bounds(name, &min, &max);
	for (int64_t value = min; value <= max; value++)
		json_array_append_new(items,
				      view_choice(json_sprintf("%d", (int)value),
						  policy_value_text(page, name, value), NULL));
	form_options(form, "value", items);
}

/* The number as the form shows it. */
static const char *typed_of(const struct page *page, enum policy_name name, int64_t value)
{
	char day[DATE_TEXT_ROOM];
	if (policy_unit(name) == UNIT_CLOCK)
		return clock_text(page, (int)value);
	if (policy_unit(name) != UNIT_DATE)
		return arena_printf(page->arena, "%lld", (long long)value);
	if (!value)
		return "";
	date_write(date_of_days(value), day);
	return arena_printf(page->arena, "%s", day);
}

static json_t *bounds_of(const struct page *page, enum policy_name name)
{
	int64_t min, max;
	policy_bounds(name, &min, &max);
	if (policy_unit(name) == UNIT_DATE)
		return json_string(page_word(page, "times.rule.bounds_date"));
	if (policy_unit(name) == UNIT_CLOCK)
		return json_string(page_word(page, "times.rule.bounds_clock"));
	return view_word(page, "times.rule.bounds",
			 json_pack("{s:o, s:o}", "min", policy_value_text(page, name, min), "max",
				   policy_value_text(page, name, max)));
}

static void show(struct page *page, struct form *form, enum policy_name name)
{
	struct prison_code prison = staff_prison(page);
	struct policy_history history;
	enum err err =
	    policy_history_find(page->service, &page->actor, page->arena, prison, &history);
	if (err != OK)
		return page_failed(page, err);
	const struct policy_row *row =
	    policy_row_in_force(history.list, history.count, name, page->service->now.s);
	if (is_chosen(name))
		add_choices(page, form, name);
	if (row)
		form_default(form, "value", str_from(typed_of(page, name, row->value)));
	json_t *view = json_pack(
	    "{s:s, s:s, s:o, s:b, s:b, s:o, s:b, s:o}", "back",
	    arena_printf(page->arena, "/staff/rules%s", staff_prison_query(page)), "label",
	    label_of(page, name), "value",
	    row ? policy_value_text(page, name, row->value) : json_string(""), "chosen",
	    is_chosen(name), "may_change", page_is_for(page, WHO_SETS), "bounds",
	    bounds_of(page, name), "national", prison_code_empty(prison), "action",
	    json_sprintf("/staff/rules/%s%s", policy_name_text(name), staff_prison_query(page)));
	json_object_set_new(view, "title", json_string(label_of(page, name)));
	view_list(view, "history", history_of(page, &history, name));
	view_here(view, "rules");
	page_render_form(page, form, "staff/rule", view);
}

static void rule(struct page *page)
{
	enum policy_name name;
	if (!policy_name_of(page_param(page, 0), &name))
		return page_not_found(page);
	show(page, page_form(page, "policy"), name);
}

static bool read_date(struct page *page, struct str text, int64_t *out)
{
	struct date date;
	if (str_empty(text)) {
		*out = 0;
		return true;
	}
	if (!date_words_of(text, local_date(page->service->now), &date))
		return false;
	*out = date_to_days(date);
	return true;
}

/* Mistakes: missing, bad, range. */
static int64_t read_value(struct page *page, struct form *form, enum policy_name name)
{
	bool may_be_empty = policy_unit(name) == UNIT_DATE;
	struct str text = may_be_empty ? form_text_optional(form, "value", VALUE_TEXT_MAX)
				       : form_text(form, "value", VALUE_TEXT_MAX);
	int64_t value = 0;
	uint64_t number = 0;
	int minute = 0;
	bool read;
	if (!form_ok(form))
		return 0;
	if (policy_unit(name) == UNIT_DATE)
		read = read_date(page, text, &value);
	else if (policy_unit(name) == UNIT_CLOCK && clock_words_of(text, &minute))
		read = (value = minute, true);
	else
		read = str_u64(text, INT64_MAX, &number) && (value = (int64_t)number, true);
	if (!read)
		form_mistake(form, "value", "bad");
	else if (!policy_value_acceptable(name, value))
		form_mistake(form, "value", "range");
	return value;
}

/* That orders would come too seldom for some levels (order_floor_met). */
static void add_floor(struct page *page, const struct policy_setting *set, json_t *rows)
{
	const char *levels = "";
	if (set->name != POLICY_ORDER_VO_DAYS)
		return;
	enum err err = incentives_below_floor(page->service, &page->actor, page->arena, set->prison,
					      set->value, &levels);
	if (err == OK && levels[0] != '\0')
		view_row(
		    page, rows, "common.warning",
		    view_word(page, "people.data.floor", json_pack("{s:s}", "levels", levels)));
}

static json_t *rows_of(struct page *page, const struct policy_setting *set)
{
	json_t *rows = json_array();
	view_row(page, rows, "times.rule.rule", json_string(label_of(page, set->name)));
	view_row(page, rows, "times.rule.new_value",
		 policy_value_text(page, set->name, set->value));
	view_row(page, rows, "times.rule.from", view_when(page, set->valid_from));
	view_row(page, rows, "times.rule.reason", page_str(set->reason));
	add_floor(page, set, rows);
	return rows;
}

static void set_rule(struct page *page)
{
	static const char *const FIELDS[] = { "value", "from", "reason", NULL };
	struct form *form = page_form(page, "policy");
	struct policy_setting set = { .prison = staff_prison(page) };
	struct effect_list effects;
	if (!policy_name_of(page_param(page, 0), &set.name))
		return page_not_found(page);
	set.value = read_value(page, form, set.name);
	set.valid_from = staff_from(page, form, "from");
	set.reason = staff_reason(form);
	if (!form_ok(form))
		return show(page, form, set.name);
	bool save = confirm_given(form);
	enum err err =
	    save ? policy_set(page->service, &page->actor, page->arena, &set, &effects)
		 : policy_preview(page->service, &page->actor, page->arena, &set, &effects);
	if (err != OK)
		return page_failed(page, err);
	const char *query = staff_prison_query(page);
	if (save)
		return staff_done(page, "/staff/rules", "rule_saved");
	confirm_show(page, form,
		     &(struct confirm){ .rows = rows_of(page, &set),
					.fields = FIELDS,
					.effects = &effects,
					.back = arena_printf(page->arena, "/staff/rules/%s%s",
							     policy_name_text(set.name), query),
					.here = "rules" });
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/rules", WHO_SEES, .handler = list },
	{ METHOD_GET, "/staff/rules/{name}", WHO_SEES, .handler = rule },
	{ METHOD_POST, "/staff/rules/{name}", WHO_SETS, BODY_FORM, .handler = set_rule },
};

const struct route_group staff_rules_routes = { rows, ARRAY_LEN(rows) };
