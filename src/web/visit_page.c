#include "web/visit_page.h"

#include "base/assert.h"
#include "domain/device.h"
#include "notify/calendar.h"
#include "service/booking.h"
#include "service/prison.h"
#include "service/request.h"
#include "web/live.h"
#include "web/staff_incidents.h"
#include "web/view.h"

enum {
	WHY_MAX = 200,
	CALENDAR_MAX = 8 << 10,
	SECONDS_A_MINUTE = 60
};

static json_t *visit_rows(const struct page *page, const struct visit *visit)
{
	json_t *rows = json_array();
	view_row(page, rows, "family.rows.when", view_when(page, visit->start));
	view_row(
	    page, rows, "family.rows.length",
	    view_word(page, "family.rows.minutes", json_pack("{s:i}", "minutes", visit->minutes)));
	view_row(page, rows, "family.rows.prisoner", page_str(visit->prisoner_name));
	view_row(page, rows, "family.rows.prison",
		 page_prison_name(page, visit->prison, visit->prison_name));
	view_row_lines(page, rows, "family.rows.visitors", view_names(visit));
	view_row(page, rows, "family.rows.reference", view_reference(visit->reference));
	return rows;
}

static json_t *visit_view(const struct page *page, const struct visit *visit)
{
	return json_pack("{s:s, s:o, s:o, s:s, s:o}", "reference", visit->reference.text,
			 "reference_shown", view_reference(visit->reference), "prisoner",
			 page_str(visit->prisoner_name), "prison_code", visit->prison.text, "rows",
			 visit_rows(page, visit));
}

static bool may_cancel(const struct page *page, const struct visit *visit)
{
	bool waiting = visit->state == VISIT_BOOKED || visit->state == VISIT_REQUESTED;
	return waiting && page->service->now.s < visit->start.s;
}

static void add_entrance(const struct page *page, json_t *view, const struct visit *visit,
			 const struct visit_window *window)
{
	int64_t now = page->service->now.s;
	if (visit_is_over(visit->state) || visit->state == VISIT_REQUESTED)
		return;
	bool open = now >= window->lobby_opens.s;
	bool in_time = visit->state == VISIT_LIVE || now <= window->join_until.s;
	json_object_set_new(view, "ahead", json_boolean(in_time));
	json_object_set_new(view, "lobby_now", json_boolean(open && in_time));
	json_object_set_new(view, "lobby_later", json_boolean(!open));
	json_object_set_new(view, "lobby", page_time(page, window->lobby_opens));
}

/* By when the prison decides; the same words whatever it looks at. */
static void add_request(const struct page *page, json_t *view, const struct visit *visit)
{
	struct wall deadline;
	if (visit->state == VISIT_REQUESTED &&
	    request_deadline_find(page->service, &page->actor, visit->reference, &deadline) == OK)
		json_object_set_new(view, "decide_by", view_when(page, deadline));
}

static void show(struct page *page)
{
	struct visit visit;
	struct visit_window window;
	if (!page_visit(page, &visit))
		return;
	enum err err = visit_times(page->service, &page->actor, visit.reference, &window);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = visit_view(page, &visit);
	json_t *account = view_account(page, &visit, "family");
	json_object_set_new(view, "back", json_string("/home"));
	json_object_set_new(view, "tag", view_visit_tag(page, visit.state));
	bool own = visit.booker.n == page->actor.account.n;
	json_object_set_new(view, "may_cancel", json_boolean(own && may_cancel(page, &visit)));
	json_object_set_new(view, "may_move", json_boolean(own && may_cancel(page, &visit)));
	json_object_set_new(
	    view, "may_hasten",
	    json_boolean(own && visit.state == VISIT_BOOKED && may_cancel(page, &visit)));
	json_object_set_new(view, "several",
			    json_boolean(!visit_is_over(visit.state) && device_count(&visit) > 1));
	json_object_set_new(view, "account", account != NULL ? account : json_null());
	add_entrance(page, view, &visit, &window);
	add_request(page, view, &visit);
	incidents_add_told(page, &visit, view);
	page_render(page, 200, "family/visit", view);
}

static void booked(struct page *page)
{
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	if (visit_is_over(visit.state))
		return page_redirect(page, "/visits/%s", visit.reference.text);
	struct visit_window window;
	enum err err = visit_times(page->service, &page->actor, visit.reference, &window);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = visit_view(page, &visit);
	json_object_set_new(view, "lobby", page_time(page, window.lobby_opens));
	add_request(page, view, &visit);
	page_render(page, 200, "family/booked", view);
}

/* ---- calendar ---- */

static const char *own_address(const struct page *page, const struct visit *visit)
{
	struct str host = page->request->headers[HEADER_HOST];
	return arena_printf(page->arena, "%s://%.*s/visits/%s",
			    page->request->tls ? "https" : "http", STR_FMT(host),
			    visit->reference.text);
}

static const char *calendar_text(const struct page *page, const struct visit *visit,
				 const char *address, struct wall lobby)
{
	json_t *text =
	    view_word(page, "family.calendar.description",
		      json_pack("{s:s, s:o, s:o}", "address", address, "reference",
				view_reference(visit->reference), "lobby", page_time(page, lobby)));
	const char *out = arena_text(page->arena, str_from(json_string_value(text)));
	json_decref(text);
	return out;
}

static void calendar(struct page *page)
{
	struct visit visit;
	struct buf file = buf_of(CALENDAR_MAX);
	struct visit_window window;
	if (!page_visit(page, &visit))
		return;
	enum err err = visit_times(page->service, &page->actor, visit.reference, &window);
	if (err != OK)
		return page_failed(page, err);
	const char *address = own_address(page, &visit);
	struct calendar_event event = {
		.reference = visit.reference,
		.revision = visit.revision,
		.summary = page_word(page, "family.calendar.summary"),
		.description = calendar_text(page, &visit, address, window.lobby_opens),
		.address = address,
		.made = page->service->now,
		.start = visit.start,
		.end = visit_slot_end(&visit),
	};
	if (calendar_write(&event, &file) == OK)
		page_file(page, "text/calendar; charset=utf-8", "visit.ics", buf_view(&file));
	else
		page_failed(page, ERR_LIMIT);
	buf_clear(&file);
}

/* ---- cancelling ---- */

static const char *refund_word(const struct page *page, const struct visit *visit)
{
	struct policy policy;
	if (policy_find(page->service, visit->prison, &policy) != OK)
		return "";
	int64_t last =
	    visit->start.s - policy.values[POLICY_CANCEL_REFUND_MINUTES] * SECONDS_A_MINUTE;
	return page_word(page, page->service->now.s <= last ? "family.cancel.refund"
							    : "family.cancel.no_refund");
}

static void cancel_form(struct page *page)
{
	struct form *form = page_form(page, "cancel");
	struct visit visit;
	if (!page_visit(page, &visit))
		return;
	if (form_ok(form) && !may_cancel(page, &visit))
		return page_redirect(page, "/visits/%s", visit.reference.text);
	json_t *view = visit_view(page, &visit);
	json_object_set_new(view, "refund", json_string(refund_word(page, &visit)));
	json_object_set_new(view, "back", json_sprintf("/visits/%s", visit.reference.text));
	page_render_form(page, form, "family/cancel", view);
}

static void cancel(struct page *page)
{
	struct form *form = page_form(page, "cancel");
	struct str why = form_lines(form, "why", 0, WHY_MAX);
	struct reference reference;
	if (!form_ok(form))
		return cancel_form(page);
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = visit_cancel(page->service, &page->actor, reference, why);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "why", "begun");
		return cancel_form(page);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	page_redirect(page, "/visits/%s?done=cancelled", reference.text);
}

static const struct route rows[] = {
	{ METHOD_GET, "/visits/{reference}", WHO_FAMILY, .handler = show },
	{ METHOD_GET, "/visits/{reference}/booked", WHO_FAMILY, .handler = booked },
	{ METHOD_GET, "/visits/{reference}/calendar.ics", WHO_FAMILY, .handler = calendar },
	{ METHOD_GET, "/visits/{reference}/cancel", WHO_FAMILY, .handler = cancel_form },
	{ METHOD_POST, "/visits/{reference}/cancel", WHO_FAMILY, BODY_FORM, .handler = cancel },
};

const struct route_group visit_routes = { rows, ARRAY_LEN(rows) };
