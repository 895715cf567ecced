#include "web/people_data_page.h"

#include <stdio.h>

#include "base/assert.h"
#include "service/orders.h"
#include "service/reference.h"
#include "service/safeguard.h"
#include "web/view.h"

enum {
	WHO_SOURCES = WHO_HQ_ADMIN | WHO_OPERATOR,
	WHO_AMOUNTS = WHO_ADMIN | WHO_HQ_ADMIN,
};

enum {
	REASON_MAX_CHARACTERS = 400,
	DESCRIPTION_MAX = 60,
	CODE_TEXT_MAX = 12,
	LEVEL_TEXT_MAX = 3,
	ORDERS_MAX = 26,
};

/* A page with what is in force in a table, and below it the form that changes it. */
struct table {
	json_t *heads;
	json_t *lines;
};

static struct table table_of(struct page *page, const char *const *heads)
{
	struct table table = { json_array(), json_array() };
	for (size_t i = 0; heads[i]; i++)
		json_array_append_new(table.heads, json_string(page_word(page, heads[i])));
	return table;
}

/* Takes cells. */
static void add_line(struct table *table, json_t *cells)
{
	json_array_append_new(table->lines, json_pack("{s:o}", "cells", cells));
}

/* note: a warning above the table, which is taken; NULL: none. */
static void show_noted(struct page *page, struct form *form, const char *heading, bool may,
		       struct table table, json_t *note)
{
	json_t *view = json_pack("{s:s, s:s, s:s, s:o, s:o, s:b}", "heading",
				 page_word(page, heading), "title", page_word(page, heading),
				 "action", arena_text(page->arena, page->request->path), "heads",
				 table.heads, "lines", table.lines, "may", may);
	if (note != NULL)
		json_object_set_new(view, "note", note);
	view_here(view, "people");
	page_render_form(page, form, "people/data", view);
}

static void show(struct page *page, struct form *form, const char *heading, bool may,
		 struct table table)
{
	show_noted(page, form, heading, may, table, NULL);
}

static json_t *yes_no(const struct page *page, bool yes)
{
	return json_string(page_word(page, yes ? "people.data.yes" : "people.data.no"));
}

static void options(struct page *page, struct form *form, const char *field, const char *format,
		    const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i]; i++) {
		char path[80];
		snprintf(path, sizeof path, "people.%s.%s", format, names[i]);
		json_array_append_new(items, view_choice(json_string(names[i]),
							 json_string(page_word(page, path)), NULL));
	}
	form_options(form, field, items);
}

static struct str reason_of(struct form *form)
{
	struct str reason = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	return reason;
}

/* ---- amounts of incentive levels ---- */

/* Levels below the floor of the Prison Rules; NULL: none, or there are no rules yet. */
static json_t *floor_note(struct page *page)
{
	const char *levels = "";
	enum err err = incentives_below_floor(page->service, &page->actor, page->arena,
					      page->actor.prison, 0, &levels);
	if (err != OK || levels[0] == '\0')
		return NULL;
	return view_word(page, "people.data.floor", json_pack("{s:s}", "levels", levels));
}

static void incentives_show(struct page *page, struct form *form)
{
	static const char *const HEADS[] = { "people.data.level",
					     "people.rows.vo",
					     "people.rows.pvo",
					     "people.columns.from",
					     "people.data.whose",
					     "people.columns.comment",
					     NULL };
	struct incentive_amounts amounts;
	enum err err =
	    incentives_find(page->service, &page->actor, page->arena, page->actor.prison, &amounts);
	if (err != OK)
		return page_failed(page, err);
	struct table table = table_of(page, HEADS);
	for (size_t i = 0; i < amounts.count; i++) {
		const struct incentive_amount *a = &amounts.list[i];
		json_t *from =
		    a->valid_from.s ? view_date(page, local_date(a->valid_from)) : json_string("");
		add_line(&table, json_pack("[o, o, o, o, s, o]", page_str(a->level),
					   json_sprintf("%lld", (long long)a->vo),
					   json_sprintf("%lld", (long long)a->pvo), from,
					   page_word(page, a->national ? "people.data.national"
								       : "people.data.own"),
					   page_str(a->reason)));
	}
	show_noted(page, form, "people.data.incentives", page_is_for(page, WHO_AMOUNTS), table,
		   floor_note(page));
}

static void incentives(struct page *page)
{
	incentives_show(page, page_form(page, "incentive"));
}

static void incentives_set(struct page *page)
{
	struct form *form = page_form(page, "incentive");
	struct incentive_change change = {
		.prison = page->actor.prison,
		.level = form_text(form, "level_text", LEVEL_TEXT_MAX),
		.vo = form_number(form, "vo", 0, ORDERS_MAX),
		.pvo = form_number(form, "pvo", 0, ORDERS_MAX),
		.reason = reason_of(form),
	};
	if (!form_ok(form))
		return incentives_show(page, form);
	enum err err = incentive_set(page->service, &page->actor, &change);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/incentives?done=data_set");
}

/* ---- codes of alerts ---- */

static const char *const YES_NO[] = { "yes", "no", NULL };

static void codes_show(struct page *page, struct form *form)
{
	static const char *const HEADS[] = { "people.data.code", "people.columns.what",
					     "people.alert.review", "people.data.child", NULL };
	struct alert_rule_list rules;
	enum err err = alert_rules_find(page->service, &page->actor, page->arena, &rules);
	if (err != OK)
		return page_failed(page, err);
	struct table table = table_of(page, HEADS);
	for (size_t i = 0; i < rules.count; i++)
		add_line(&table, json_pack("[s, o, o, o]", rules.list[i].code.text,
					   page_str(rules.list[i].description),
					   yes_no(page, rules.list[i].forces_review),
					   yes_no(page, rules.list[i].child)));
	options(page, form, "review_first", "data", YES_NO);
	options(page, form, "child", "data", YES_NO);
	show(page, form, "people.data.codes", page_is_for(page, WHO_HQ_ADMIN), table);
}

static void codes(struct page *page)
{
	codes_show(page, page_form(page, "alert_code"));
}

static void codes_set(struct page *page)
{
	struct form *form = page_form(page, "alert_code");
	struct alert_rule rule = { 0 };
	struct str code = form_text(form, "code_text", CODE_TEXT_MAX);
	rule.description = form_text(form, "description", DESCRIPTION_MAX);
	rule.forces_review = form_choice(form, "review_first", YES_NO) == 0;
	rule.child = form_choice(form, "child", YES_NO) == 0;
	struct str reason = reason_of(form);
	if (form_ok(form) && !alert_code_of(code, &rule.code))
		form_mistake(form, "code_text", "bad");
	if (!form_ok(form))
		return codes_show(page, form);
	enum err err = alert_rule_set(page->service, &page->actor, &rule, reason);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/alert-codes?done=data_set");
}

/* ---- how current facts are ---- */

/* Where the list of another system and the codes of this service differ; NULL: nowhere. */
static json_t *drift_note(struct page *page)
{
	struct reference_drift drift = { 0 };
	if (reference_drift_find(page->service, page->arena, &drift) != OK ||
	    (drift.unknown == 0 && drift.missing == 0))
		return NULL;
	return view_word(page, "people.data.drift",
			 json_pack("{s:I, s:I}", "unknown", (json_int_t)drift.unknown, "missing",
				   (json_int_t)drift.missing));
}

static const char *const SOURCES[] = { "ALERTS", "RESTRICTIONS", "NON_ASSOCIATIONS", NULL };
static const char *const STATUSES[] = { "KEPT_HERE", "UP", "DOWN", NULL };

static void sources_show(struct page *page, struct form *form)
{
	static const char *const HEADS[] = { "people.columns.what", "people.data.status",
					     "people.data.good_at", "people.columns.comment",
					     NULL };
	struct source_state states[SOURCE_COUNT];
	enum err err = sources_find(page->service, &page->actor, page->arena, states);
	if (err != OK)
		return page_failed(page, err);
	struct table table = table_of(page, HEADS);
	for (unsigned i = 0; i < SOURCE_COUNT; i++) {
		const char *name =
		    page_word(page, arena_printf(page->arena, "people.sources.%s", source_name(i)));
		const char *status =
		    page_word(page, arena_printf(page->arena, "people.statuses.%s",
						 source_status_name(states[i].status)));
		json_t *good =
		    states[i].good_at.s ? view_when(page, states[i].good_at) : json_string("");
		add_line(&table,
			 json_pack("[s, s, o, o]", name, status, good, page_str(states[i].note)));
	}
	options(page, form, "source", "sources", SOURCES);
	options(page, form, "status", "statuses", STATUSES);
	show_noted(page, form, "people.data.sources", page_is_for(page, WHO_SOURCES), table,
		   drift_note(page));
}

static void sources(struct page *page)
{
	sources_show(page, page_form(page, "source"));
}

static void sources_set(struct page *page)
{
	struct form *form = page_form(page, "source");
	int source = form_choice(form, "source", SOURCES);
	int status = form_choice(form, "status", STATUSES);
	struct str reason = reason_of(form);
	enum source_status to = SOURCE_DOWN;
	if (!form_ok(form))
		return sources_show(page, form);
	(void)source_status_of(str_from(STATUSES[status]), &to);
	enum err err = source_set(page->service, &page->actor, (enum source)source, to, reason);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/sources?done=data_set");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/incentives", WHO_PRISON | WHO_HQ_ADMIN, .handler = incentives },
	{ METHOD_POST, "/staff/incentives", WHO_AMOUNTS, BODY_FORM, .handler = incentives_set },
	{ METHOD_GET, "/staff/alert-codes", WHO_STAFF, .handler = codes },
	{ METHOD_POST, "/staff/alert-codes", WHO_HQ_ADMIN, BODY_FORM, .handler = codes_set },
	{ METHOD_GET, "/staff/sources", WHO_STAFF, .handler = sources },
	{ METHOD_POST, "/staff/sources", WHO_SOURCES, BODY_FORM, .handler = sources_set },
};

const struct route_group people_data_routes = { rows, ARRAY_LEN(rows) };
