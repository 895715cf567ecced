#include "web/staff.h"

#include <string.h>

#include "base/assert.h"
#include "service/prison.h"
#include "service/privilege.h"
#include "service/terminal.h"
#include "web/confirm.h"
#include "web/escort_page.h"
#include "web/live.h"
#include "web/staff_menu.h"
#include "web/view.h"

enum {
	REASON_MAX_CHARACTERS = 400,
};

/* ---- which day ---- */

static struct date asked_day(const struct page *page)
{
	struct date date;
	if (date_of(request_query(page->request, "date"), &date))
		return date;
	return local_date(page->service->now);
}

static json_t *day_text(struct date date)
{
	char text[DATE_TEXT_ROOM];
	date_write(date, text);
	return json_string(text);
}

/* "Wednesday 25 November 2026" */
static json_t *day_name(const struct page *page, struct date date)
{
	json_t *time = page_time(page, local_midnight(date));
	json_t *out = json_incref(json_object_get(time, "date"));
	json_decref(time);
	return out;
}

/* ---- the day sheet and the visits now ---- */

static json_t *visitors_of(const struct visit *visit)
{
	json_t *out = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(
		    out, json_pack("{s:o}", "name", page_str(visit->visitors[i].name)));
	return out;
}

static json_t *visit_line(const struct page *page, const struct visit *visit)
{
	return json_pack("{s:b, s:b, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "closed",
			 (int)visit->closed, "watched", (int)(visit->watched && !visit->closed),
			 "reference", visit->reference.text, "when", page_time(page, visit->start),
			 "room", page_str(visit->room_name), "terminal",
			 page_str(visit->terminal_name), "prisoner", page_str(visit->prisoner_name),
			 "number", visit->prisoner_number.text, "visitors", visitors_of(visit),
			 "tag", view_visit_tag(page, visit->state));
}

static json_t *visit_lines(const struct page *page, const struct visit_list *visits)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < visits->count; i++)
		json_array_append_new(lines, visit_line(page, &visits->list[i]));
	return lines;
}

static json_t *time_text(const struct page *page, struct wall at)
{
	json_t *time = page_time(page, at);
	json_t *out = json_incref(json_object_get(time, "time"));
	json_decref(time);
	return out;
}

static bool is_running(const struct visit *visit)
{
	return visit->state == VISIT_LOBBY || visit->state == VISIT_LIVE;
}

/* What one terminal holds on this day, in the order of time. */
static json_t *visits_at(const struct page *page, const struct visit_list *visits,
			 struct terminal_id terminal)
{
	json_t *out = json_array();
	for (size_t i = 0; i < visits->count; i++) {
		const struct visit *visit = &visits->list[i];
		if (visit->terminal.n != terminal.n || visit->state == VISIT_CANCELLED)
			continue;
		json_array_append_new(
		    out, json_pack("{s:s, s:o, s:o, s:o, s:b}", "reference", visit->reference.text,
				   "from", time_text(page, visit->start), "until",
				   time_text(page, visit_slot_end(visit)), "prisoner",
				   page_str(visit->prisoner_name), "running", is_running(visit)));
	}
	return out;
}

static json_t *terminal_day(const struct page *page, const struct day_sheet *sheet)
{
	json_t *lines = json_array();
	for (size_t i = 0; i < sheet->terminals.count; i++) {
		const struct terminal *terminal = &sheet->terminals.list[i];
		json_t *line = json_pack("{s:o, s:o}", "name", page_str(terminal->name), "room",
					 page_str(terminal->room_name));
		view_list(line, "visits", visits_at(page, &sheet->visits, terminal->id));
		json_array_append_new(lines, line);
	}
	return lines;
}

/* Recordings that were closed as privileged, and wait for this officer. */
static enum err add_privileged(struct page *page, json_t *view)
{
	struct store_recordings waiting = { 0 };
	json_t *lines = json_array();
	enum err err = privilege_waiting(page->service, &page->actor, page->arena, &waiting);
	for (size_t i = 0; i < waiting.count; i++)
		json_array_append_new(
		    lines, json_pack("{s:s, s:o, s:o}", "reference", waiting.list[i].reference.text,
				     "shown", view_reference(waiting.list[i].reference), "when",
				     page_time(page, waiting.list[i].locked_at)));
	view_list(view, "privileged", lines);
	return err;
}

static void day(struct page *page)
{
	struct prison_code prison;
	struct day_sheet sheet;
	struct escort_sheet movements;
	struct date date = asked_day(page);
	if (!page_is_for(page, WHO_DAY)) /* their day begins elsewhere */
		return page_redirect(page, "%s", staff_menu_first(page));
	if (staff_asked_prison(page))
		return;
	prison = staff_prison(page);
	enum err err =
	    day_sheet_find(page->service, &page->actor, page->arena, prison, date, &sheet);
	if (err == OK)
		err = escort_sheet_find(page->service, &page->actor, page->arena, prison, date,
					STR(""), &movements);
	if (err != OK)
		return page_failed(page, err);
	json_t *view =
	    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "date", day_name(page, date), "day",
		      day_text(date), "day_before", day_text(date_add_days(date, -1)), "day_after",
		      day_text(date_add_days(date, 1)), "prison",
		      page_prison_name(page, sheet.prison.code, sheet.prison.name), "terminals",
		      terminal_day(page, &sheet));
	if (prison_code_empty(page->actor.prison))
		json_object_set_new(view, "prison_code", json_string(prison.text));
	json_t *lines = visit_lines(page, &sheet.visits);
	for (size_t i = 0; i < sheet.visits.count; i++)
		escort_add(page, json_array_get(lines, i), &movements,
			   sheet.visits.list[i].reference);
	view_list(view, "visits", lines);
	view_here(view, "day");
	err = add_privileged(page, view);
	if (err == OK)
		return page_render(page, 200, "staff/day", view);
	json_decref(view);
	page_failed(page, err);
}

static void live(struct page *page)
{
	struct visit_list visits;
	enum err err =
	    visits_running(page->service, &page->actor, page->arena, page->actor.prison, &visits);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = json_object();
	view_list(view, "visits", visit_lines(page, &visits));
	view_here(view, "live");
	page_render(page, 200, "staff/live", view);
}

/* ---- terminals ---- */

static json_t *terminal_tag(const struct page *page, const struct terminal *terminal)
{
	if (!terminal->active)
		return view_tag(page, "staff.terminals.inactive", "grey");
	if (!terminal->enrolled)
		return view_tag(page, "staff.terminals.not_enrolled", "yellow");
	return view_tag(page, "staff.terminals.enrolled", "green");
}

static json_t *terminal_line(const struct page *page, const struct terminal *terminal)
{
	bool admin = page_is_for(page, WHO_ADMIN);
	json_t *seen =
	    terminal->last_seen.s != 0 ? page_time(page, terminal->last_seen) : json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "id", page_id(terminal->id.n),
			 "name", page_str(terminal->name), "room", page_str(terminal->room_name),
			 "tag", terminal_tag(page, terminal), "seen", seen, "why",
			 page_str(terminal->retired_reason), "may_enrol", admin, "may_retire",
			 admin && terminal->active);
}

/* Takes code (NULL: none was made). */
static void show_terminals(struct page *page, json_t *code)
{
	struct day_sheet sheet;
	enum err err = day_sheet_find(page->service, &page->actor, page->arena, page->actor.prison,
				      local_date(page->service->now), &sheet);
	if (err != OK) {
		json_decref(code);
		return page_failed(page, err);
	}
	json_t *lines = json_array(), *view = json_object();
	for (size_t i = 0; i < sheet.terminals.count; i++)
		json_array_append_new(lines, terminal_line(page, &sheet.terminals.list[i]));
	view_list(view, "terminals", lines);
	json_object_set_new(view, "code", code != NULL ? code : json_null());
	view_here(view, "terminals");
	page_render(page, 200, "staff/terminals", view);
}

static void terminals(struct page *page)
{
	show_terminals(page, NULL);
}

static json_t *name_of(struct page *page, struct terminal_id id)
{
	struct day_sheet sheet;
	if (day_sheet_find(page->service, &page->actor, page->arena, page->actor.prison,
			   local_date(page->service->now), &sheet) == OK)
		for (size_t i = 0; i < sheet.terminals.count; i++)
			if (sheet.terminals.list[i].id.n == id.n)
				return page_str(sheet.terminals.list[i].name);
	return json_string("");
}

/* The code is shown in the answer itself, once: it must not stand in an address or be kept. */
static void terminal_code(struct page *page)
{
	struct terminal_id id = { page_param_id(page, 0) };
	char code[ENROL_CODE_LEN + 1];
	struct wall expires;
	enum err err = terminal_enrol_code_create(page->service, &page->actor, id, code, &expires);
	if (err != OK)
		return page_failed(page, err);
	show_terminals(page, json_pack("{s:o, s:o, s:o}", "shown",
				       json_sprintf("%.4s-%s", code, code + 4), "name",
				       name_of(page, id), "expires", page_time(page, expires)));
}

static void retire_form(struct page *page)
{
	struct terminal_id id = { page_param_id(page, 0) };
	json_t *name = name_of(page, id);
	if (json_string_length(name) == 0) {
		json_decref(name);
		return page_not_found(page);
	}
	json_t *view = json_pack("{s:s, s:o, s:o}", "back", "/staff/terminals", "id", page_id(id.n),
				 "name", name);
	view_here(view, "terminals");
	page_render_form(page, page_form(page, "retire"), "staff/retire", view);
}

static void terminal_retired(struct page *page)
{
	struct form *form = page_form(page, "retire");
	struct terminal_id id = { page_param_id(page, 0) };
	struct str reason = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	struct ended_visits ended = { 0 };
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return retire_form(page);
	enum err err =
	    terminal_retire(page->service, &page->actor, page->arena, id, reason, &ended);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "reason", "conflict");
		return retire_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	for (size_t i = 0; i < ended.count; i++)
		live_changed(page, ended.list[i]);
	page_redirect(page, "/staff/terminals?done=retired");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff", WHO_STAFF, .handler = day },
	{ METHOD_GET, "/staff/live", WHO_PRISON, .handler = live },
	{ METHOD_GET, "/staff/terminals", WHO_PRISON, .handler = terminals },
	{ METHOD_POST, "/staff/terminals/{terminal}/code", WHO_ADMIN, BODY_FORM,
	  .handler = terminal_code },
	{ METHOD_GET, "/staff/terminals/{terminal}/retire", WHO_ADMIN, .handler = retire_form },
	{ METHOD_POST, "/staff/terminals/{terminal}/retire", WHO_ADMIN, BODY_FORM,
	  .handler = terminal_retired },
};

const struct route_group staff_routes = { rows, ARRAY_LEN(rows) };
