#include "web/request_page.h"

#include "base/assert.h"
#include "domain/booking.h"
#include "service/booking.h"
#include "service/request.h"
#include "service/review.h"
#include "web/confirm.h"
#include "web/view.h"

enum {
	WHO_DECIDES = WHO_CLERK | WHO_GOVERNOR,
};

static json_t *issue_word(const struct page *page, const char *issue)
{
	return json_string(page_word(page, arena_printf(page->arena, "people.issues.%s", issue)));
}

static json_t *names_view(const struct visit *visit)
{
	json_t *out = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(
		    out, json_pack("{s:o}", "name", page_str(visit->visitors[i].name)));
	return out;
}

/* Why staff look at it: the open reviews, in words. */
static json_t *whys(struct page *page, struct reference reference)
{
	struct review_list reviews;
	json_t *out = json_array();
	if (reviews_of(page->service, &page->actor, page->arena, reference, &reviews) != OK)
		return out;
	for (size_t i = 0; i < reviews.count; i++)
		if (reviews.list[i].state == REVIEW_OPEN)
			json_array_append_new(out, issue_word(page, reviews.list[i].issue));
	return out;
}

static void requests(struct page *page)
{
	struct request_list list;
	enum err err = requests_find(page->service, &page->actor, page->arena, &list);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array(), *view = json_object();
	for (size_t i = 0; i < list.count; i++) {
		const struct visit *visit = &list.list[i].visit;
		json_array_append_new(
		    lines, json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "reference",
				     visit->reference.text, "when", view_when(page, visit->start),
				     "prisoner", page_str(visit->prisoner_name), "number",
				     visit->prisoner_number.text, "visitors", names_view(visit),
				     "whys", whys(page, visit->reference), "deadline",
				     view_when(page, list.list[i].deadline)));
	}
	view_list(view, "requests", lines);
	view_here(view, "requests");
	page_render(page, 200, "people/requests", view);
}

static bool find_request(struct page *page, struct visit *out)
{
	struct reference reference;
	enum err err = ERR_NOT_FOUND;
	if (page_param_reference(page, 0, &reference))
		err = visit_find(page->service, &page->actor, page->arena, reference, out);
	if (err == OK && out->state != VISIT_REQUESTED) {
		page_redirect(page, "/staff/visits/%s", out->reference.text);
		return false;
	}
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static const char *const DECISIONS[] = { "approve", "reject", NULL };

static void decision_choices(const struct page *page, struct form *form)
{
	json_t *items = json_array();
	for (size_t i = 0; DECISIONS[i]; i++)
		json_array_append_new(
		    items, view_choice(json_string(DECISIONS[i]),
				       json_string(page_word(
					   page, arena_printf(page->arena, "people.decisions.%s",
							      DECISIONS[i]))),
				       NULL));
	form_options(form, "decision", items);
}

static json_t *request_rows(struct page *page, const struct visit *visit)
{
	json_t *rows = json_array(), *prisoner = json_array();
	struct wall deadline = { 0 };
	json_array_append_new(prisoner, page_str(visit->prisoner_name));
	json_array_append_new(prisoner, json_string(visit->prisoner_number.text));
	view_row(page, rows, "staff.visit.rows.when", view_when(page, visit->start));
	view_row_lines(page, rows, "staff.visit.rows.prisoner", prisoner);
	view_row_lines(page, rows, "people.rows.visitors", view_names(visit));
	view_row_lines(page, rows, "people.rows.why", whys(page, visit->reference));
	if (request_deadline_find(page->service, &page->actor, visit->reference, &deadline) == OK)
		view_row(page, rows, "people.rows.deadline", view_when(page, deadline));
	return rows;
}

/* firm: what no reason overrules. */
static void show_request(struct page *page, struct form *form, struct verdict firm)
{
	struct visit visit;
	json_t *stops = json_array();
	if (!find_request(page, &visit)) {
		json_decref(stops);
		return;
	}
	for (unsigned b = 0; b < BOOKING_COUNT; b++)
		if (verdict_has(firm, (enum booking)b))
			json_array_append_new(stops,
					      issue_word(page, booking_name((enum booking)b)));
	decision_choices(page, form);
	json_t *view = json_pack("{s:s, s:s, s:s, s:o, s:b}", "back", "/staff/requests",
				 "reference", visit.reference.text, "number",
				 visit.prisoner_number.text, "rows", request_rows(page, &visit),
				 "may_decide", (int)page_is_for(page, WHO_DECIDES));
	view_list(view, "stops", stops);
	view_here(view, "requests");
	page_render_form(page, form, "people/request", view);
}

static void request(struct page *page)
{
	show_request(page, page_form(page, "request"), (struct verdict){ 0 });
}

static void request_decide(struct page *page)
{
	struct form *form = page_form(page, "request");
	int decision = form_choice(form, "decision", DECISIONS);
	struct str reason = staff_reason(form);
	struct verdict firm = { 0 };
	struct visit visit;
	if (!form_ok(form))
		return show_request(page, form, firm);
	if (!find_request(page, &visit))
		return;
	enum err err =
	    decision == 0
		? request_approve(page->service, &page->actor, visit.reference, reason, &firm)
		: request_reject(page->service, &page->actor, visit.reference, reason);
	if (err == ERR_CONFLICT)
		form_mistake(form, "decision", "conflict");
	else if (err == OK && !verdict_ok(firm))
		form_mistake(form, "decision", "firm");
	else if (err != OK)
		return page_failed(page, err);
	if (!form_ok(form))
		return show_request(page, form, firm);
	page_redirect(page, "/staff/requests?done=%s",
		      decision == 0 ? "request_approved" : "request_rejected");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/requests", WHO_PRISON, .handler = requests },
	{ METHOD_GET, "/staff/requests/{reference}", WHO_PRISON, .handler = request },
	{ METHOD_POST, "/staff/requests/{reference}", WHO_DECIDES, BODY_FORM,
	  .handler = request_decide },
};

const struct route_group request_routes = { rows, ARRAY_LEN(rows) };
