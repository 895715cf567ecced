#include "web/request_page.h"

#include "base/assert.h"
#include "domain/booking.h"
#include "service/booking.h"
#include "service/request.h"
#include "service/review.h"
#include "web/confirm.h"
#include "web/live.h"
#include "web/queue.h"
#include "web/view.h"

enum {
	WHO_DECIDES = WHO_CLERK | WHO_GOVERNOR,
};

static const char *issue_text(const struct page *page, const char *issue)
{
	return page_word(page, arena_printf(page->arena, "people.issues.%s", issue));
}

static json_t *names_view(const struct visit *visit)
{
	json_t *out = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(
		    out, json_pack("{s:o}", "name", page_str(visit->visitors[i].name)));
	return out;
}

/* Why staff look at it: its open reviews. */
static size_t causes_of(const struct page *page, const struct review *reviews, size_t review_count,
			struct queue_cause out[QUEUE_CAUSES_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < review_count && count < QUEUE_CAUSES_MAX; i++)
		if (reviews[i].state == REVIEW_OPEN)
			out[count++] = (struct queue_cause){ reviews[i].issue,
							     issue_text(page, reviews[i].issue) };
	return count;
}

/* ---- the list ---- */

static void take(struct queue *queue, const struct requested_visit *request)
{
	struct page *page = queue->page;
	const struct visit *visit = &request->visit;
	json_t *line;
	struct queue_line asked = { .it = visit,
				    .key = visit->reference.text,
				    .name = visit->prisoner_name,
				    .number = visit->prisoner_number,
				    .when = visit->start };
	asked.cause_count = causes_of(page, request->reviews, request->review_count, asked.causes);
	if (!queue_takes(queue, &asked, &line))
		return;
	json_object_set_new(line, "visitors", names_view(visit));
	json_object_set_new(line, "deadline", view_when(page, request->deadline));
}

static enum err load(struct queue *queue)
{
	struct page *page = queue->page;
	struct request_list list;
	enum err err = requests_find(page->service, &page->actor, page->arena, &list);
	for (size_t i = 0; err == OK && i < list.count; i++)
		take(queue, &list.list[i]);
	return err;
}

static void show_list(struct queue *queue, struct form *form)
{
	queue_render(queue, form, page_is_for(queue->page, WHO_DECIDES), "people/requests",
		     json_object());
}

static void add_stops(const struct page *page, struct verdict firm, json_t *stops)
{
	for (unsigned b = 0; b < BOOKING_COUNT; b++)
		if (verdict_has(firm, (enum booking)b))
			json_array_append_new(
			    stops, json_string(issue_text(page, booking_name((enum booking)b))));
}

static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	struct page *page = queue->page;
	const struct visit *visit = it;
	struct verdict firm = { 0 };
	enum err err =
	    decision == 0
		? request_approve(page->service, &page->actor, visit->reference, reason, &firm)
		: request_reject(page->service, &page->actor, visit->reference, reason);
	add_stops(page, firm, stops);
	if (err == OK && verdict_ok(firm))
		live_changed(page, visit->reference);
	if (err != ERR_CONFLICT)
		return err;
	json_array_append_new(stops, json_string(page_word(page, "queue.stops.changed")));
	return OK;
}

static const struct queue_kind KIND = {
	.list = "/staff/requests",
	.here = "requests",
	.form = "queue_requests",
	.words = "queue.requests",
	.done = "requests_decided",
	.decisions = "people.decisions",
	.names = { "approve", "reject", NULL },
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void requests(struct page *page)
{
	queue_list(page, &KIND);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

/* ---- one request ---- */

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

static json_t *whys(struct page *page, struct reference reference)
{
	struct queue_cause causes[QUEUE_CAUSES_MAX];
	struct review_list reviews = { 0 };
	json_t *out = json_array();
	if (reviews_of(page->service, &page->actor, page->arena, reference, &reviews) != OK)
		return out;
	size_t count = causes_of(page, reviews.list, reviews.count, causes);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(out, json_string(causes[i].text));
	return out;
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
	add_stops(page, firm, stops);
	queue_decisions(page, &KIND, form);
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
	int decision = form_choice(form, "decision", KIND.names);
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
	live_changed(page, visit.reference);
	page_redirect(page, "/staff/requests?done=%s",
		      decision == 0 ? "request_approved" : "request_rejected");
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/requests", WHO_PRISON, .handler = requests },
	{ METHOD_POST, "/staff/requests/chosen", WHO_DECIDES, BODY_FORM, .handler = chosen },
	{ METHOD_GET, "/staff/requests/{reference}", WHO_PRISON, .handler = request },
	{ METHOD_POST, "/staff/requests/{reference}", WHO_DECIDES, BODY_FORM,
	  .handler = request_decide },
};

const struct route_group request_routes = { rows, ARRAY_LEN(rows) };
