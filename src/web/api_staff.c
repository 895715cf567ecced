#include "web/api.h"

#include "base/assert.h"
#include "service/audit.h"
#include "service/orders.h"
#include "service/people.h"
#include "service/request.h"
#include "service/review.h"
#include "service/schedule.h"
#include "web/api_priv.h"
#include "web/live.h"

#define WHO_SEES    (WHO_PRISON | WHO_INSPECTOR)
#define WHO_DECIDES (WHO_CLERK | WHO_GOVERNOR)

/* The prison of the path; their own, or any for national roles. */
static bool read_prison(struct page *page, struct prison_code *out)
{
	if (prison_code_of(page_param(page, 0), out) && actor_works_at(&page->actor, *out))
		return true;
	page_not_found(page);
	return false;
}

/* ---- allowances ---- */

static bool read_prisoner(struct page *page, struct prisoner *out)
{
	struct prisoner_number number;
	if (!prisoner_number_of(page_param(page, 0), &number)) {
		page_not_found(page);
		return false;
	}
	enum err err = prisoner_named(page->service, &page->actor, page->arena, number, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

/* Families learn of the minutes that they share, not of orders. */
static void balance_of_family(struct page *page, const struct prisoner *prisoner)
{
	struct allowance_view view = { 0 };
	enum err err =
	    allowance_find(page->service, &page->actor, page->arena, prisoner->id, &view);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200,
		  json_pack("{s:s, s:I}", "prisonerId", prisoner->number.text, "minutesLeft",
			    (json_int_t)view.left));
}

static json_t *entries(const struct orders_view *view)
{
	json_t *list = json_array();
	for (size_t i = 0; i < view->lines.count; i++) {
		const struct store_order_line *l = &view->lines.list[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:i, s:o, s:s}", "kind", order_kind_name(l->kind),
				    "type", order_type_name(l->type), "amount", l->amount, "at",
				    api_when(l->at), "visitReference", l->visit.text));
	}
	return list;
}

static void balance_of_staff(struct page *page, struct prisoner_number number, bool detailed)
{
	struct orders_view view = { 0 };
	enum err err = orders_find(page->service, &page->actor, page->arena, number, &view);
	if (err != OK)
		return page_failed(page, err);
	json_t *out =
	    json_pack("{s:s, s:i, s:i, s:i, s:I}", "prisonerId", view.prisoner.number.text,
		      "voBalance", view.vo, "pvoBalance", view.pvo, "accumulated", view.accumulated,
		      "minutesLeft", (json_int_t)view.minutes_left);
	if (detailed)
		json_object_set_new(out, "history", entries(&view));
	page_json(page, 200, out);
}

static void balance(struct page *page)
{
	struct prisoner prisoner;
	if (!read_prisoner(page, &prisoner))
		return;
	if (page->actor.role == ROLE_FAMILY)
		return balance_of_family(page, &prisoner);
	balance_of_staff(page, prisoner.number, false);
}

static void balance_detailed(struct page *page)
{
	struct prisoner prisoner;
	if (read_prisoner(page, &prisoner))
		balance_of_staff(page, prisoner.number, true);
}

/* ---- requests ---- */

static void requests(struct page *page)
{
	struct prison_code prison;
	struct request_list found = { 0 };
	if (!read_prison(page, &prison))
		return;
	struct actor there = page->actor;
	there.prison = prison;
	enum err err = requests_find(page->service, &there, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++) {
		json_t *item = api_visit(page, &found.list[i].visit);
		json_object_set_new(item, "deadline", api_when(found.list[i].deadline));
		json_array_append_new(list, item);
	}
	page_json(page, 200, list);
}

static bool read_reason(struct page *page, struct str *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	*out = api_text(&faults, body, "reason", true);
	return api_good(page, &faults);
}

static void approve(struct page *page)
{
	struct reference reference;
	struct str reason;
	struct verdict verdict = { 0 };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_reason(page, &reason))
		return;
	enum err err = request_approve(page->service, &page->actor, reference, reason, &verdict);
	if (err == OK && !verdict_ok(verdict))
		return api_refused(page, verdict);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	api_answer_visit(page, reference);
}

static void reject(struct page *page)
{
	struct reference reference;
	struct str reason;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_reason(page, &reason))
		return;
	enum err err = request_reject(page->service, &page->actor, reference, reason);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	api_answer_visit(page, reference);
}

/* ---- booked visits that something speaks against ---- */

static bool find_open(struct page *page, struct review_list *out)
{
	struct prison_code prison;
	if (!read_prison(page, &prison))
		return false;
	enum err err =
	    reviews_find(page->service, &page->actor, page->arena, prison, REVIEW_OPEN, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void notifications(struct page *page)
{
	struct review_list found = { 0 };
	if (!find_open(page, &found))
		return;
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++) {
		const struct review *r = &found.list[i];
		json_array_append_new(
		    list,
		    json_pack("{s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", page_id(r->id.n),
			      "visitReference", r->reference.text, "type",
			      review_event_name(r->event), "issue", r->issue, "prisonerId",
			      r->prisoner_number.text, "startTimestamp", api_when(r->start),
			      "openedAt", api_when(r->opened_at), "dueAt", api_when(r->due_at)));
	}
	page_json(page, 200, list);
}

static void notification_count(struct page *page)
{
	struct review_list found = { 0 };
	if (find_open(page, &found))
		page_json(page, 200, json_pack("{s:I}", "count", (json_int_t)found.count));
}

static void ignore(struct page *page)
{
	struct review_id id = { page_param_id(page, 0) };
	struct str reason;
	if (!read_reason(page, &reason))
		return;
	enum err err = review_acknowledge(page->service, &page->actor, id, reason);
	if (err != OK)
		return page_failed(page, err);
	page_no_content(page);
}

/* ---- what happened, what is held ---- */

static void history(struct page *page)
{
	struct reference reference;
	struct audit_list found = { 0 };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err =
	    visit_history_find(page->service, &page->actor, page->arena, reference, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "type",
						      audit_verb_name(found.list[i].verb),
						      "actorType", role_name(found.list[i].role),
						      "at", api_when(found.list[i].at)));
	page_json(page, 200, list);
}

static json_t *session(const struct scheduled_session *s, struct date date)
{
	struct wall start, end;
	(void)local_to_wall(date, s->session.start_minute, &start);
	(void)local_to_wall(date, s->session.end_minute, &end);
	return json_pack("{s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:i}", "sessionTemplateReference",
			 page_id(s->session.id.n), "name", page_str(s->session.name),
			 "startTimestamp", api_when(start), "endTimestamp", api_when(end),
			 "openCapacity", s->session.open_capacity, "closedCapacity",
			 s->session.closed_capacity, "openBooked", s->open_booked, "closedBooked",
			 s->closed_booked);
}

static void schedule(struct page *page)
{
	struct api_faults faults = { 0 };
	struct prison_code prison = page->actor.prison;
	struct date date = local_date(page->service->now);
	struct str day = request_query(page->request, "date");
	struct str code = request_query(page->request, "prisonId");
	struct schedule found = { 0 };
	if (!str_empty(day) && !date_of(day, &date))
		api_fault(&faults, "date", "A date is needed, like 2026-11-23.");
	if (!str_empty(code) && !prison_code_of(code, &prison))
		api_fault(&faults, "prisonId", "The code of a prison is needed, like WWI.");
	if (!api_good(page, &faults))
		return;
	enum err err =
	    schedule_find(page->service, &page->actor, page->arena, prison, date, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, session(&found.list[i], date));
	page_json(page, 200, list);
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/visits/allocation/prisoner/{prisoner}/balance",
	  WHO_FAMILY | WHO_SEES, .flags = ROUTE_API, .handler = balance },
	{ METHOD_GET, "/api/v1/visits/allocation/prisoner/{prisoner}/balance/detailed", WHO_SEES,
	  .flags = ROUTE_API, .handler = balance_detailed },
	{ METHOD_GET, "/api/v1/visits/requests/{prison}", WHO_SEES, .flags = ROUTE_API,
	  .handler = requests },
	{ METHOD_PUT, "/api/v1/visits/requests/{reference}/approve", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, approve },
	{ METHOD_PUT, "/api/v1/visits/requests/{reference}/reject", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, reject },
	{ METHOD_GET, "/api/v1/visits/notification/{prison}/visits", WHO_SEES, .flags = ROUTE_API,
	  .handler = notifications },
	{ METHOD_GET, "/api/v1/visits/notification/{prison}/count", WHO_SEES, .flags = ROUTE_API,
	  .handler = notification_count },
	{ METHOD_PUT, "/api/v1/visits/notification/{id}/ignore", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, ignore },
	{ METHOD_GET, "/api/v1/visits/{reference}/history", WHO_SEES, .flags = ROUTE_API,
	  .handler = history },
	{ METHOD_GET, "/api/v1/visit-sessions/schedule", WHO_SEES, .flags = ROUTE_API,
	  .handler = schedule },
};
const struct route_group api_staff_routes = { rows, ARRAY_LEN(rows) };
