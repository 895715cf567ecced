#include "web/staff_desk.h"

#include <string.h>

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/desk.h"
#include "service/look.h"
#include "web/confirm.h"
#include "web/relationship.h"
#include "web/view.h"

enum {
	WHO_WEEK = WHO_PRISON | WHO_HQ | WHO_INSPECTOR,
	WHO_BOOKS = WHO_CLERK | WHO_GOVERNOR,
	WHO_PLANS = WHO_CLERK | WHO_GOVERNOR | WHO_ADMIN,
};

enum {
	TYPED_MAX = 100,
	CLOCK_TEXT_MAX = 20,
};

/* ?date= as people type it; today where there is none. */
static struct date asked_day(const struct page *page)
{
	struct date today = local_date(page->service->now), date;
	struct str text = request_query(page->request, "date");
	return date_words_of(text, today, &date) ? date : today;
}

static json_t *day_text(struct date date)
{
	char text[DATE_TEXT_ROOM];
	date_write(date, text);
	return json_string(text);
}

/* ---- the week ---- */

static json_t *cell_view(const struct week_cell *cell, json_t *day)
{
	int free = cell->places > cell->booked ? cell->places - cell->booked : 0;
	json_t *view =
	    json_pack("{s:b, s:b, s:i, s:i, s:i, s:o}", "held", cell->held && !cell->excluded,
		      "excluded", cell->excluded, "places", cell->places, "booked", cell->booked,
		      "left", free, "day", day);
	json_object_set_new(view, "full", json_boolean(cell->held && !cell->excluded && free == 0));
	return view;
}

static json_t *week_days(const struct page *page, const struct week_sheet *sheet)
{
	json_t *days = json_array();
	for (int d = 0; d < WEEK_DAYS; d++) {
		struct date date = date_add_days(sheet->monday, d);
		json_t *day =
		    json_pack("{s:o, s:o, s:i, s:b, s:b}", "when",
			      page_time(page, local_midnight(date)), "date", day_text(date),
			      "booked", sheet->booked[d], "excluded", sheet->day_excluded[d],
			      "today", date_compare(date, local_date(page->service->now)) == 0);
		json_array_append_new(days, day);
	}
	return days;
}

static json_t *week_rows(const struct page *page, const struct week_sheet *sheet)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < sheet->count; i++) {
		const struct week_row *row = &sheet->rows[i];
		json_t *cells = json_array();
		for (int d = 0; d < WEEK_DAYS; d++)
			json_array_append_new(
			    cells,
			    cell_view(&row->days[d], day_text(date_add_days(sheet->monday, d))));
		json_array_append_new(
		    lines, json_pack("{s:o, s:s, s:s, s:o}", "name", page_str(row->session.name),
				     "start", clock_text(page, row->session.start_minute), "end",
				     clock_text(page, row->session.end_minute), "cells", cells));
	}
	return lines;
}

static json_t *week_link(const struct page *page, struct date monday, const char *word)
{
	char day[DATE_TEXT_ROOM];
	const char *query = staff_prison_query(page);
	date_write(monday, day);
	return json_pack("{s:o, s:s}", "href",
			 json_sprintf("/staff/week%s%sdate=%s", query, query[0] ? "&" : "?", day),
			 "text", page_word(page, word));
}

static void week(struct page *page)
{
	struct week_sheet sheet;
	enum err err = week_sheet_find(page->service, &page->actor, page->arena, staff_prison(page),
				       asked_day(page), &sheet);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_pack(
	    "{s:o, s:o, s:o, s:o, s:o}", "prison", page_str(sheet.prison.name), "first",
	    view_date(page, sheet.monday), "days", week_days(page, &sheet), "previous",
	    week_link(page, date_add_days(sheet.monday, -WEEK_DAYS), "times.week.before"), "next",
	    week_link(page, date_add_days(sheet.monday, WEEK_DAYS), "times.week.after"));
	view_list(view, "rows", week_rows(page, &sheet));
	view_here(view, "week");
	page_render(page, 200, "staff/week", view);
}

/* ---- anything by name ---- */

static json_t *found_lines(const struct found_list *found)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < found->count; i++) {
		const struct found *f = &found->list[i];
		json_array_append_new(
		    lines, json_pack("{s:o, s:o, s:s, s:o}", "id", page_id(f->prisoner.id.n),
				     "prisoner", page_str(f->prisoner.name), "number",
				     f->prisoner.number.text, "visitor", page_str(f->visitor)));
	}
	return lines;
}

static void find(struct page *page)
{
	struct str typed = str_trim(request_query(page->request, "q"));
	struct found_list found = { 0 };
	struct reference reference;
	struct visit visit;
	if (typed.len > TYPED_MAX || !str_is_utf8(typed))
		typed = STR("");
	if (reference_of(typed, &reference) &&
	    visit_find(page->service, &page->actor, page->arena, reference, &visit) == OK)
		return page_redirect(page, "/staff/visits/%s", visit.reference.text);
	enum err err = OK;
	if (!str_empty(typed))
		err = desk_search(page->service, &page->actor, page->arena, typed, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *view =
	    json_pack("{s:o, s:b}", "typed", page_str(typed), "asked", !str_empty(typed));
	view_list(view, "found", found_lines(&found));
	view_here(view, "find");
	page_render(page, 200, "staff/find", view);
}

/* ---- a prisoner ---- */

static const char *location_text(const struct page *page, const struct prisoner *prisoner)
{
	const char *text = arena_printf(page->arena, "%.*s", STR_FMT(prisoner->wing));
	for (int level = 0; level < LOCATION_LEVELS - 1; level++)
		if (!str_empty(prisoner->levels[level]))
			text = arena_printf(page->arena, "%s-%.*s", text,
					    STR_FMT(prisoner->levels[level]));
	return text;
}

static json_t *prisoner_rows(const struct page *page, const struct prisoner *prisoner)
{
	json_t *rows = json_array();
	view_row(page, rows, "times.prisoner.number", json_string(prisoner->number.text));
	view_row(page, rows, "times.prisoner.location", json_string(location_text(page, prisoner)));
	view_row(page, rows, "times.prisoner.category", page_str(prisoner->category));
	view_row(page, rows, "times.prisoner.incentive", page_str(prisoner->incentive));
	view_row(page, rows, "times.prisoner.status",
		 json_string(page_word(page, prisoner->convicted ? "times.prisoner.convicted"
								 : "times.prisoner.remand")));
	return rows;
}

static json_t *visit_lines(const struct page *page, const struct visit_list *visits)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < visits->count; i++) {
		const struct visit *visit = &visits->list[i];
		json_array_append_new(
		    lines, json_pack("{s:s, s:o, s:o, s:o}", "reference", visit->reference.text,
				     "when", page_time(page, visit->start), "names",
				     view_names(visit), "tag", view_visit_tag(page, visit->state)));
	}
	return lines;
}

static json_t *regime_lines(const struct page *page, const struct prisoner_sheet *sheet)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < sheet->regime.count; i++) {
		const struct regime_event *e = &sheet->regime.list[i];
		json_array_append_new(lines,
				      json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", page_id(e->id.n),
						"prisoner_id", page_id(e->prisoner.n), "from",
						page_time(page, e->from), "to",
						page_time(page, e->to), "name", page_str(e->name)));
	}
	return lines;
}

/* Who may come: approved contacts. */
static json_t *who_choices(const struct page *page, const struct prisoner_sheet *sheet)
{
	json_t *items = json_array();
	for (size_t i = 0; i < sheet->contacts.count; i++) {
		const struct contact *c = &sheet->contacts.list[i];
		if (c->state == CONTACT_APPROVED)
			json_array_append_new(items, view_choice(page_id(c->person.id.n),
								 page_str(c->person.name),
								 relationship_of(page, c)));
	}
	return items;
}

static json_t *kind_choices(const struct page *page)
{
	json_t *items = json_array();
	for (unsigned kind = 0; kind < VISIT_KIND_COUNT; kind++) {
		const char *name = visit_kind_name((enum visit_kind)kind);
		json_array_append_new(
		    items,
		    view_choice(json_string(name),
				json_string(page_word(
				    page, arena_printf(page->arena, "times.kinds.%s", name))),
				NULL));
	}
	return items;
}

static void show_prisoner(struct page *page, struct form *form)
{
	struct prisoner_id id = { page_param_id(page, 0) };
	struct prisoner_sheet sheet;
	enum err err = prisoner_sheet_find(page->service, &page->actor, page->arena, id, &sheet);
	if (err == OK && page->request->method == METHOD_GET)
		err = prisoner_looked_at(page->service, &page->actor, id,
					 1 + (int64_t)sheet.visits.count);
	if (err != OK)
		return page_failed(page, err);
	json_t *who = who_choices(page, &sheet);
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o, s:b, s:b, s:b}", "back", "/staff/find", "name",
		      page_str(sheet.prisoner.name), "prisoner_id", page_id(id.n), "rows",
		      prisoner_rows(page, &sheet.prisoner), "may_book",
		      page_is_for(page, WHO_BOOKS) && json_array_size(who) > 0, "may_plan",
		      page_is_for(page, WHO_PLANS), "may_enter", page_is_for(page, WHO_WAYS));
	form_options(form, "who", who);
	form_options(form, "kind", kind_choices(page));
	form_default(form, "kind", STR("SOCIAL"));
	view_list(view, "visits", visit_lines(page, &sheet.visits));
	view_list(view, "regime", regime_lines(page, &sheet));
	view_here(view, "find");
	page_render_form(page, form, "staff/prisoner", view);
}

static void prisoner(struct page *page)
{
	show_prisoner(page, page_form(page, "desk_book"));
}

/* Whom and what kind: the times of that are a page of their own. */
static void choose_party(struct page *page)
{
	struct form *form = page_form(page, "desk_book");
	struct str who[PARTY_MAX];
	struct str kind_name = form_raw(form, "kind");
	enum visit_kind kind = VISIT_SOCIAL;
	size_t count = form_all(form, "who", who, PARTY_MAX);
	if (!visit_kind_of(kind_name, &kind))
		form_mistake(form, "kind", "missing");
	if (count == 0)
		form_mistake(form, "who", "missing");
	if (!form_ok(form))
		return show_prisoner(page, form);
	const char *text = visit_kind_name(kind);
	for (size_t i = 0; i < count; i++) {
		uint64_t id;
		if (!str_u64(who[i], INT64_MAX, &id))
			return page_not_found(page);
		text = arena_printf(page->arena, "%s-%lld", text, (long long)id);
	}
	page_redirect(page, "/staff/prisoners/%lld/times/%s", (long long)page_param_id(page, 0),
		      text);
}

/* ---- what he has to do ---- */

static void show_appointment(struct page *page, struct form *form)
{
	struct regime_code_list codes;
	long long id = (long long)page_param_id(page, 0);
	enum err err = regime_codes(page->service, page->arena, &codes);
	if (err != OK)
		return page_failed(page, err);
	json_t *items = json_array();
	for (size_t i = 0; i < codes.count; i++)
		json_array_append_new(items, view_choice(json_string(codes.list[i].code),
							 page_str(codes.list[i].name), NULL));
	form_options(form, "code", items);
	json_t *view = json_pack("{s:o, s:o}", "back", json_sprintf("/staff/prisoners/%lld", id),
				 "action", json_sprintf("/staff/prisoners/%lld/appointments", id));
	view_here(view, "find");
	page_render_form(page, form, "staff/appointment", view);
}

static void appointment_form(struct page *page)
{
	show_appointment(page, page_form(page, "appointment"));
}

static struct wall at_clock(struct form *form, const char *field, struct date day)
{
	struct str text = form_text(form, field, CLOCK_TEXT_MAX);
	struct wall at = { 0 };
	int minute = 0;
	if (str_empty(text))
		return at;
	if (!clock_words_of(text, &minute))
		form_mistake(form, field, "bad");
	(void)local_to_wall(day, minute, &at);
	return at;
}

static void appointment(struct page *page)
{
	static const char *const FIELDS[] = { "code", "day", "from", "to", NULL };
	struct form *form = page_form(page, "appointment");
	struct regime_event event = { .prisoner = { page_param_id(page, 0) } };
	struct effect_list effects;
	struct str code = form_text(form, "code", REGIME_CODE_MAX);
	struct date day = staff_day(page, form, "day", (struct date){ 0 });
	if (!day.year)
		form_mistake(form, "day", "missing");
	if (code.len > 0)
		memcpy(event.code, code.at, code.len);
	event.from = at_clock(form, "from", day.year ? day : local_date(page->service->now));
	event.to = at_clock(form, "to", day.year ? day : local_date(page->service->now));
	if (form_ok(form) && event.from.s >= event.to.s)
		form_mistake(form, "to", "order");
	if (!form_ok(form))
		return show_appointment(page, form);
	bool save = confirm_given(form);
	enum err err = regime_add(page->service, &page->actor, page->arena, &event,
				  save ? CHANGE_SAVE : CHANGE_PREVIEW, &effects);
	if (err != OK)
		return page_failed(page, err);
	const char *back =
	    arena_printf(page->arena, "/staff/prisoners/%lld", (long long)event.prisoner.n);
	if (save)
		return page_redirect(page, "%s?done=appointment_saved", back);
	json_t *lines = json_array();
	view_row(page, lines, "times.appointment.from", view_when(page, event.from));
	view_row(page, lines, "times.appointment.to", view_when(page, event.to));
	confirm_show(page, form,
		     &(struct confirm){ .rows = lines,
					.fields = FIELDS,
					.effects = &effects,
					.back = back,
					.here = "find" });
}

static void appointment_remove(struct page *page)
{
	struct prisoner_id prisoner = { page_param_id(page, 0) };
	struct regime_event_id id = { page_param_id(page, 1) };
	enum err err = regime_remove(page->service, &page->actor, page->arena, prisoner, id);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/prisoners/%lld?done=appointment_removed",
		      (long long)prisoner.n);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/week", WHO_WEEK, .handler = week },
	{ METHOD_GET, "/staff/find", WHO_PRISON, .handler = find },
	{ METHOD_GET, "/staff/prisoners/{prisoner}", WHO_PRISON, .handler = prisoner },
	{ METHOD_POST, "/staff/prisoners/{prisoner}", WHO_BOOKS, BODY_FORM,
	  .handler = choose_party },
	{ METHOD_GET, "/staff/prisoners/{prisoner}/appointments", WHO_PLANS,
	  .handler = appointment_form },
	{ METHOD_POST, "/staff/prisoners/{prisoner}/appointments", WHO_PLANS, BODY_FORM,
	  .handler = appointment },
	{ METHOD_POST, "/staff/prisoners/{prisoner}/appointments/{event}/remove", WHO_PLANS,
	  BODY_FORM, .handler = appointment_remove },
};

const struct route_group staff_desk_routes = { rows, ARRAY_LEN(rows) };
