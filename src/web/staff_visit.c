#include "web/staff_visit.h"

#include <string.h>

#include "base/assert.h"
#include "domain/device.h"
#include "domain/escort.h"
#include "service/audit.h"
#include "service/live.h"
#include "service/outcome.h"
#include "web/adjustment_page.h"
#include "web/identity_page.h"
#include "web/live.h"
#include "web/staff_messages.h"
#include "web/staff_oversight.h"
#include "web/view.h"
#include "web/web.h"

enum {
	REASON_MAX_CHARACTERS = 400
};

/* ---- what the pages show ---- */

/* They sit at a device that is in the lobby. */
static bool is_here(const struct visit *visit, const struct visit_visitor *visitor)
{
	size_t holder = visit_visitor_find(visit, visitor->sits_with);
	return holder < visit->visitor_count && visit->visitors[holder].came_at.s != 0;
}

static json_t *admission_tag(const struct page *page, const struct visit *visit,
			     const struct visit_visitor *visitor)
{
	if (!str_empty(visitor->refused_reason))
		return view_tag(page, "staff.visit.refused", "red");
	if (visitor->admitted_at.s != 0)
		return view_tag(page, "staff.visit.admitted", "green");
	if (!is_here(visit, visitor))
		return view_tag(page, "staff.visit.not_here", "grey");
	if (!visitor->adult &&
	    device_has_admitted(visit, visit_visitor_find(visit, visitor->sits_with)))
		return view_tag(page, "staff.visit.comes_along", "green");
	return view_tag(page, "staff.visit.waiting", "yellow");
}

static bool is_running(const struct visit *visit)
{
	return visit->state == VISIT_LOBBY || visit->state == VISIT_LIVE;
}

static json_t *visitor_view(const struct page *page, const struct visit *visit,
			    const struct visit_visitor *visitor)
{
	bool open = is_running(visit) && visitor->admitted_at.s == 0 &&
		    str_empty(visitor->refused_reason) && is_here(visit, visitor);
	return json_pack(
	    "{s:o, s:o, s:o, s:i, s:b, s:o, s:o, s:b}", "id", page_id(visitor->person.n), "name",
	    page_str(visitor->name), "born", view_date(page, visitor->born), "age",
	    date_age(visitor->born, local_date(visit->start)), "lead", visitor->lead, "tag",
	    admission_tag(page, visit, visitor), "refused", page_str(visitor->refused_reason),
	    "may_admit", open && page_is_for(page, WHO_WATCH));
}

/* In the lobby with the portrait that was approved: the pages of staff who admit show it. */
static json_t *visitor_card(struct page *page, const struct visit *visit, size_t i)
{
	json_t *visitor = visitor_view(page, visit, &visit->visitors[i]);
	if (is_running(visit) && page_is_for(page, WHO_WATCH) &&
	    identity_add_portrait(page, visit->visitors[i].person, visit->reference.text,
				  visitor) != OK)
		log_event(page->web->log, LOG_WARN, "portrait");
	return visitor;
}

static json_t *visitors_view(struct page *page, const struct visit *visit)
{
	json_t *out = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(out, visitor_card(page, visit, i));
	return out;
}

/* A device, and who said to sit at it; one that waits shows its own picture beside them. */
static json_t *device_view(struct page *page, const struct visit *visit, size_t holder)
{
	json_t *people = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (device_seats(visit, holder, i))
			json_array_append_new(people, visitor_card(page, visit, i));
	bool waits = device_state_of(visit, holder) == DEVICE_WAITING;
	return json_pack("{s:o, s:i, s:b, s:o}", "holder", page_str(visit->visitors[holder].name),
			 "end", (int)(LIVE_END_VISITOR + holder), "waits", (int)waits, "people",
			 people);
}

/* Each device that came, then who sits at none. */
static void add_devices(struct page *page, json_t *view, const struct visit *visit)
{
	json_t *devices = json_array(), *nowhere = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++) {
		const struct visit_visitor *visitor = &visit->visitors[i];
		bool own = visitor->came_at.s != 0 && visitor->sits_with.n == visitor->person.n;
		if (own)
			json_array_append_new(devices, device_view(page, visit, i));
		else if (!is_here(visit, visitor))
			json_array_append_new(nowhere, visitor_card(page, visit, i));
	}
	view_list(view, "devices", devices);
	view_list(view, "nowhere", nowhere);
}

/* Where nobody watches, staff admit by name alone, on the page of the visit itself. */
static void add_confidential_lobby(struct page *page, json_t *view, const struct visit *visit)
{
	add_devices(page, view, visit);
	json_object_set_new(view, "confidential", json_true());
}

static json_t *visit_rows(struct page *page, const struct visit *visit)
{
	json_t *rows = json_array(), *prisoner = json_array(), *place = json_array();
	struct outcome_said said;
	json_array_append_new(prisoner, page_str(visit->prisoner_name));
	json_array_append_new(prisoner, json_string(visit->prisoner_number.text));
	json_array_append_new(place, page_str(visit->room_name));
	json_array_append_new(place, page_str(visit->terminal_name));
	view_row(page, rows, "staff.visit.rows.when", view_when(page, visit->start));
	view_row(page, rows, "staff.visit.rows.length",
		 view_word(page, "staff.visit.rows.minutes",
			   json_pack("{s:i}", "minutes", visit->minutes)));
	view_row_lines(page, rows, "staff.visit.rows.prisoner", prisoner);
	view_row_lines(page, rows, "staff.visit.rows.place", place);
	adjustments_add_row(page, visit, rows);
	view_row(page, rows, "staff.visit.rows.booked", view_when(page, visit->booked_at));
	if (visit_outcome_find(page->service, page->arena, visit, &said) == OK)
		view_row(
		    page, rows, "staff.visit.rows.outcome",
		    json_string(page_word(page, arena_printf(page->arena, "staff.visit.became.%s",
							     visit_outcome_name(said.outcome)))));
	return rows;
}

/* Seconds that were counted come every minute, and what a machine sees has pages of its own. */
static bool is_told(enum audit_verb verb)
{
	return verb != AUDIT_VISIT_HEARD && verb != AUDIT_HINT_MAKE && verb != AUDIT_HINT_ANSWER &&
	       verb != AUDIT_HINT_ERASE;
}

/* What happened to it, by whom; nothing for those who may not read that. */
static void add_story(struct page *page, const struct visit *visit, json_t *view)
{
	struct audit_list found;
	enum err err =
	    visit_history_find(page->service, &page->actor, page->arena, visit->reference, &found);
	json_t *story = json_array();
	for (size_t i = 0; err == OK && i < found.count; i++) {
		const struct audit_record *r = &found.list[i];
		if (!is_told(r->verb))
			continue;
		const char *who = arena_printf(page->arena, "staff.roles.%s", role_name(r->role)),
			   *what = arena_printf(page->arena, "staff.visit.did.%s",
						audit_verb_name(r->verb));
		json_array_append_new(
		    story, json_pack("{s:o, s:s, s:s}", "when", page_time(page, r->at), "what",
				     page_word(page, what), "who", page_word(page, who)));
	}
	view_list(view, "story", story);
}

static json_t *visit_view(struct page *page, const struct visit *visit)
{
	bool acts = page_is_for(page, WHO_WATCH);
	bool waiting = visit->state == VISIT_BOOKED || visit->state == VISIT_REQUESTED;
	json_t *account = view_account(page, visit, "staff");
	json_t *view =
	    json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:i}", "reference", visit->reference.text,
		      "reference_shown", view_reference(visit->reference), "prisoner",
		      page_str(visit->prisoner_name), "tag", view_visit_tag(page, visit->state),
		      "rows", visit_rows(page, visit), "visitors", visitors_view(page, visit),
		      "expected", (int)visit->visitor_count);
	bool watchable = visit->kind == VISIT_SOCIAL && is_running(visit);
	json_object_set_new(view, "may_watch", json_boolean(watchable && acts));
	json_object_set_new(view, "may_assign",
			    json_boolean(visit->kind == VISIT_SOCIAL &&
					 (watchable || visit->state == VISIT_BOOKED) &&
					 page_is_for(page, WHO_GOVERNOR)));
	json_object_set_new(view, "may_end", json_boolean(is_running(visit) && acts));
	json_object_set_new(view, "may_cancel", json_boolean(waiting && acts));
	json_object_set_new(view, "may_move",
			    json_boolean(waiting && page_is_for(page, WHO_REBOOKS)));
	json_object_set_new(view, "may_note",
			    json_boolean(acts && escort_may_be_noted(visit, page->service->now)));
	json_object_set_new(view, "account", account != NULL ? account : json_null());
	view_here(view, is_running(visit) ? "live" : "day");
	return view;
}

static void show(struct page *page)
{
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	json_t *view = visit_view(page, &visit);
	json_object_set_new(view, "back",
			    json_string(is_running(&visit) ? "/staff/live" : "/staff"));
	if (is_running(&visit) && visit.kind != VISIT_SOCIAL && page_is_for(page, WHO_WATCH))
		add_confidential_lobby(page, view, &visit);
	staff_messages_add(page, visit.reference, view);
	add_story(page, &visit, view);
	page_render(page, 200, "staff/visit", view);
}

/* Whoever is let in may be heard a second later: from then on to watch takes a purpose. */
static bool may_have_begun(const struct visit *visit)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].admitted_at.s != 0)
			return true;
	return visit->state == VISIT_LIVE;
}

static void watch(struct page *page)
{
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	if (!is_running(&visit) || visit.kind != VISIT_SOCIAL)
		return page_redirect(page, "/staff/visits/%s", visit.reference.text);
	json_t *view = visit_view(page, &visit);
	add_devices(page, view, &visit);
	json_object_set_new(view, "back", json_sprintf("/staff/visits/%s", visit.reference.text));
	bool admitting = visit_admission_waits(&visit);
	json_object_set_new(view, "admitting", json_boolean(admitting));
	json_object_set_new(view, "begun", json_boolean(!admitting && may_have_begun(&visit)));
	oversight_add_panel(page, &visit, view);
	page_render(page, 200, "staff/watch", view);
}

/* ---- admitting and refusing ---- */

static const struct visit_visitor *find_visitor(const struct visit *visit, int64_t id)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].person.n == id)
			return &visit->visitors[i];
	return NULL;
}

static void back_to_lobby(struct page *page, const struct visit *visit, const char *done)
{
	bool social = visit->kind == VISIT_SOCIAL;
	page_redirect(page, "/staff/visits/%s%s?done=%s", visit->reference.text,
		      social ? "/watch" : "", done);
}

static void admit(struct page *page)
{
	struct form *form = page_form(page, "admit");
	int64_t id = form_id(form, "person");
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	if (find_visitor(&visit, id) == NULL)
		return page_not_found(page);
	enum err err =
	    visitor_admit(page->service, &page->actor, visit.reference, (struct person_id){ id });
	if (err == ERR_CONFLICT) /* meanwhile they sit elsewhere, or the visit is over */
		return back_to_lobby(page, &visit, "not_here");
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, visit.reference);
	back_to_lobby(page, &visit, "admitted");
}

/* The form on a page of its own, with its mistake. */
static void refuse_again(struct page *page, struct form *form, const struct visit *visit,
			 const struct visit_visitor *visitor)
{
	json_t *view = json_pack("{s:s, s:o, s:o, s:o}", "reference", visit->reference.text, "name",
				 page_str(visitor->name), "person_id", page_id(visitor->person.n),
				 "back", json_sprintf("/staff/visits/%s", visit->reference.text));
	view_here(view, "live");
	page_render_form(page, form, "staff/refuse", view);
}

static void refuse(struct page *page)
{
	struct form *form = page_form(page, "refuse");
	struct str reason = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	struct visit visit;
	uint64_t id = 0;
	if (!page_visit(page, &visit))
		return;
	const struct visit_visitor *visitor = str_u64(form_raw(form, "person"), INT64_MAX, &id)
						  ? find_visitor(&visit, (int64_t)id)
						  : NULL;
	if (visitor == NULL)
		return page_not_found(page);
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return refuse_again(page, form, &visit, visitor);
	enum err err =
	    visitor_refuse(page->service, &page->actor, visit.reference, visitor->person, reason);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "reason", "conflict");
		return refuse_again(page, form, &visit, visitor);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, visit.reference);
	back_to_lobby(page, &visit, "refused");
}

/* ---- ending and cancelling ---- */

/* Outcomes as the prison service knows them; their words stand in staff.end.why. */
static const char *const whys[] = { "VISITOR_CONDUCT",
				    "PRISONER_CONDUCT",
				    "VISITOR_FAILED_SECURITY",
				    "PRISONER_NOT_PRODUCED",
				    "ESTABLISHMENT",
				    "EQUIPMENT",
				    "ADMINISTRATIVE",
				    "OTHER",
				    NULL };

static const char *why_text(const struct page *page, const char *why)
{
	return page_word(page, arena_printf(page->arena, "staff.end.why.%s", why));
}

static void end_form(struct page *page)
{
	struct form *form = page_form(page, "end");
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	if (form_ok(form) && visit_is_over(visit.state))
		return page_redirect(page, "/staff/visits/%s", visit.reference.text);
	json_t *items = json_array();
	for (size_t i = 0; whys[i] != NULL; i++)
		json_array_append_new(
		    items,
		    view_choice(json_string(whys[i]), json_string(why_text(page, whys[i])), NULL));
	form_options(form, "why", items);
	json_t *view = visit_view(page, &visit);
	json_object_set_new(view, "ends", json_boolean(is_running(&visit)));
	json_object_set_new(view, "back", json_sprintf("/staff/visits/%s", visit.reference.text));
	page_render_form(page, form, "staff/end", view);
}

static enum err end_or_cancel(struct page *page, const struct visit *visit, struct str reason)
{
	live_write_heard(page->web->live, visit->reference);
	if (is_running(visit))
		return visit_end(page->service, &page->actor, visit->reference, END_STAFF, reason);
	return visit_cancel(page->service, &page->actor, visit->reference, reason);
}

static void end(struct page *page)
{
	struct form *form = page_form(page, "end");
	int why = form_choice(form, "why", whys);
	struct str text = form_lines(form, "reason", 1, REASON_MAX_CHARACTERS);
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	struct str reason = STR("");
	if (form_ok(form))
		reason = str_from(arena_printf(page->arena, "%s: %.*s", why_text(page, whys[why]),
					       STR_FMT(text)));
	if (reason.len > REASON_MAX)
		form_mistake(form, "reason", "too_long");
	if (!form_ok(form))
		return end_form(page);
	enum err err = end_or_cancel(page, &visit, reason);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "reason", "conflict");
		return end_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, visit.reference);
	page_redirect(page, "/staff/visits/%s?done=%s", visit.reference.text,
		      is_running(&visit) ? "ended" : "prison_cancelled");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/visits/{reference}", WHO_PRISON, .handler = show },
	{ METHOD_GET, "/staff/visits/{reference}/watch", WHO_WATCH, .handler = watch },
	{ METHOD_POST, "/staff/visits/{reference}/admit", WHO_WATCH, BODY_FORM, .handler = admit },
	{ METHOD_POST, "/staff/visits/{reference}/refuse", WHO_WATCH, BODY_FORM,
	  .handler = refuse },
	{ METHOD_GET, "/staff/visits/{reference}/end", WHO_WATCH, .handler = end_form },
	{ METHOD_POST, "/staff/visits/{reference}/end", WHO_WATCH, BODY_FORM, .handler = end },
};

const struct route_group staff_visit_routes = { rows, ARRAY_LEN(rows) };
