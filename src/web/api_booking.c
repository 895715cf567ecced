#include "web/api.h"

#include "base/assert.h"
#include "service/hold.h"
#include "service/legal.h"
#include "service/people.h"
#include "service/prison.h"
#include "web/api_priv.h"
#include "web/live.h"

enum {
	MINUTES_MAX = 24 * 60,
};

#define WHO_BOOKS (WHO_FAMILY | WHO_CLERK | WHO_GOVERNOR)
#define WHO_READS (WHO_FAMILY | WHO_PRISON | WHO_INSPECTOR)

/* ---- whom ---- */

static void prisons(struct page *page)
{
	struct prison_list all = { 0 };
	json_t *list = json_array();
	enum err err = prisons_all(page->service, page->arena, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct prison *p = &all.list[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:o, s:o, s:b, s:o}", "prisonId", p->code.text, "name",
				    page_str(p->name), "nameInWelsh", page_str(p->name_cy), "ready",
				    p->ready, "reason", page_str(p->not_ready_reason)));
	}
	if (err == OK)
		return page_json(page, 200, list);
	json_decref(list);
	page_failed(page, err);
}

/* ---- the offer ---- */

static void query_visitors(struct page *page, struct api_faults *faults, struct offer_query *out)
{
	struct str rest = request_query(page->request, "visitors");
	while (rest.len > 0) {
		uint64_t id = 0;
		if (out->person_count == PARTY_MAX ||
		    !str_u64(str_cut(&rest, ','), INT64_MAX, &id) || id == 0) {
			api_fault(faults, "visitors", "Up to four ids of people, a comma between.");
			return;
		}
		out->persons[out->person_count++].n = (int64_t)id;
	}
}

static void query_dates(struct page *page, struct api_faults *faults, struct offer_query *out)
{
	struct str from = request_query(page->request, "fromDate");
	struct str to = request_query(page->request, "toDate");
	struct date last;
	out->from = local_date(page->service->now);
	out->days = 14;
	if (!str_empty(from) && !date_of(from, &out->from))
		api_fault(faults, "fromDate", "A date is needed, like 2026-11-23.");
	if (str_empty(to))
		return;
	if (!date_of(to, &last)) {
		api_fault(faults, "toDate", "A date is needed, like 2026-11-23.");
		return;
	}
	int64_t days = date_to_days(last) - date_to_days(out->from) + 1;
	if (days < 1 || days > OFFER_DAYS_MAX)
		api_fault(faults, "toDate", "At most 31 days, and not before fromDate.");
	else
		out->days = (int)days;
}

static bool read_query(struct page *page, struct offer_query *out)
{
	struct api_faults faults = { 0 };
	struct prisoner_number number;
	struct str kind = request_query(page->request, "visitType");
	struct str minutes = request_query(page->request, "minutes");
	struct str moving = request_query(page->request, "visitReference");
	uint64_t length = 0;
	query_visitors(page, &faults, out);
	query_dates(page, &faults, out);
	if (!str_empty(kind) && !visit_kind_of(kind, &out->kind))
		api_fault(&faults, "visitType", "SOCIAL, LEGAL or OFFICIAL.");
	if (!str_empty(minutes) && !str_u64(minutes, MINUTES_MAX, &length))
		api_fault(&faults, "minutes", "A whole number.");
	out->minutes = (int)length;
	if (!str_empty(moving) && !reference_of(moving, &out->moving))
		api_fault(&faults, "visitReference", "No reference of a visit.");
	api_need(page, &faults, out->kind, request_query(page->request, "cause"),
		 request_query(page->request, "deadline"), &out->need);
	(void)api_number(&faults, "prisonerId", request_query(page->request, "prisonerId"),
			 &number);
	if (!api_good(page, &faults))
		return false;
	struct prisoner prisoner;
	enum err err = prisoner_named(page->service, &page->actor, page->arena, number, &prisoner);
	if (err != OK)
		page_failed(page, err);
	out->prisoner = prisoner.id;
	return err == OK;
}

static json_t *slot(const struct page *page, const struct offered_time *time)
{
	bool staff = role_is_staff(page->actor.role);
	json_t *out = json_pack(
	    "{s:o, s:o, s:o, s:i, s:b}", "sessionTemplateReference", page_id(time->session_id.n),
	    "startTimestamp", api_when(time->start), "endTimestamp",
	    api_when(wall_add_s(time->start, (int64_t)time->minutes * 60)), "minutes",
	    time->minutes, "sessionForReview", verdict_needs_review(time->verdict));
	if (staff)
		json_object_set_new(out, "validationErrors", api_codes(page, time->verdict));
	return out;
}

/* Staff see what is hidden too, with the reasons; families what can be booked. */
static void available(struct page *page)
{
	struct offer_query query = { 0 };
	struct offer offer = { 0 };
	if (!read_query(page, &query))
		return;
	enum err err = offer_times(page->service, &page->actor, page->arena, &query, &offer);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "These people or dates cannot be.");
	if (err == OK)
		err = api_looked_at_prisoner(page, query.prisoner, 1);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < offer.count; i++)
		json_array_append_new(list, slot(page, &offer.times[i]));
	page_json(page, 200, list);
}

/* ---- a time is held, then booked ---- */

static bool read_request(struct page *page, struct visit_request *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	struct prisoner_number number = { 0 };
	struct prisoner prisoner = { 0 };
	if (body == NULL)
		return false;
	struct str kind = api_text(&faults, body, "visitType", false);
	if (!str_empty(kind) && !visit_kind_of(kind, &out->kind))
		api_fault(&faults, "visitType", "SOCIAL, LEGAL or OFFICIAL.");
	struct str prisoner_id = api_text(&faults, body, "prisonerId", true);
	if (!str_empty(prisoner_id))
		(void)api_number(&faults, "prisonerId", prisoner_id, &number);
	out->start = api_time(&faults, body, "startTimestamp");
	out->minutes = api_integer(&faults, body, "minutes", 1, MINUTES_MAX);
	out->waiver = api_text(&faults, body, "waiver", false);
	api_need(page, &faults, out->kind, api_text(&faults, body, "cause", false),
		 api_text(&faults, body, "deadline", false), &out->need);
	api_visitors(&faults, body, out);
	if (!api_good(page, &faults))
		return false;
	enum err err = prisoner_named(page->service, &page->actor, page->arena, number, &prisoner);
	if (err != OK)
		page_failed(page, err);
	out->prisoner = prisoner.id;
	return err == OK;
}

static void hold(struct page *page, const struct visit_request *request, int status)
{
	struct verdict verdict = { 0 };
	struct application held;
	struct wall until;
	enum err err = visit_hold(page->service, &page->actor, request, &verdict, &until);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "These people or times cannot be.");
	if (err == OK && !verdict_ok(verdict))
		return api_refused(page, verdict);
	if (err == OK)
		err = visit_hold_find(page->service, &page->actor, request->prisoner, &held);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, status,
		  json_pack("{s:o, s:o, s:o, s:i, s:b}", "applicationReference", page_id(held.id.n),
			    "holdUntil", api_when(held.hold_until), "startTimestamp",
			    api_when(held.start), "minutes", held.minutes, "sessionForReview",
			    verdict_needs_review(verdict)));
}

static void reserve(struct page *page)
{
	struct visit_request request = { 0 };
	if (read_request(page, &request))
		hold(page, &request, 201);
}

/* The application of the path, if it is the asker's and still holds its time. */
static bool find_held(struct page *page, struct application *out)
{
	struct application_id id = { page_param_id(page, 0) };
	enum err err = visit_hold_find_id(page->service, &page->actor, id, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

/* Another time for the same prisoner: the first is let go, and the reference is a new one. */
static void change_slot(struct page *page)
{
	struct visit_request request = { 0 };
	struct application held;
	if (!find_held(page, &held) || !read_request(page, &request))
		return;
	if (request.prisoner.n != held.prisoner.n)
		return page_problem(page, 409, "other-prisoner",
				    "The application is for another prisoner.");
	hold(page, &request, 200);
}

static bool read_booking(struct page *page, const struct application *held,
			 struct visit_request *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	*out = (struct visit_request){ .kind = held->kind,
				       .prisoner = held->prisoner,
				       .start = held->start,
				       .minutes = held->minutes,
				       .waiver = api_text(&faults, body, "waiver", false) };
	api_need(page, &faults, out->kind, api_text(&faults, body, "cause", false),
		 api_text(&faults, body, "deadline", false), &out->need);
	api_visitors(&faults, body, out);
	return api_good(page, &faults);
}

static void book(struct page *page)
{
	struct application held;
	struct visit_request request;
	struct reference reference;
	struct verdict verdict = { 0 };
	if (!find_held(page, &held) || !read_booking(page, &held, &request))
		return;
	enum err err = visit_book(page->service, &page->actor, &request, &verdict, &reference);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "These people cannot be.");
	if (err == OK && !verdict_passes(verdict, !str_empty(request.waiver)))
		return api_refused(page, verdict);
	if (err != OK)
		return page_failed(page, err);
	api_answer_visit(page, reference);
}

/* ---- a visit ---- */

static void visit(struct page *page)
{
	struct reference reference;
	struct visit found;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, &found);
	if (err == OK)
		err = api_looked_at_visit(page, &found);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, api_visit(page, &found));
}

static void visits(struct page *page)
{
	struct visit_list mine = { 0 };
	enum err err = visits_mine(page->service, &page->actor, page->arena, &mine);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < mine.count; i++)
		json_array_append_new(list, api_visit(page, &mine.list[i]));
	page_json(page, 200, list);
}

static bool read_cancellation(struct page *page, struct cancellation *how, struct str *text)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	const json_t *outcome = json_object_get(body, "cancelOutcome");
	bool staff = role_is_staff(page->actor.role);
	struct str status = api_text(&faults, outcome, "outcomeStatus", true);
	struct str method = api_text(&faults, body, "applicationMethodType", false);
	*text = api_text(&faults, outcome, "text", staff);
	*how = (struct cancellation){ .method = CANCEL_METHOD_WEBSITE };
	if (!str_empty(status) && !cancel_outcome_of(status, &how->outcome))
		api_fault(&faults, "outcomeStatus", "No outcome of a visit that is called off.");
	else if (!staff && !cancel_outcome_is_bookers(how->outcome))
		api_fault(&faults, "outcomeStatus", "BOOKER_CANCELLED or VISITOR_CANCELLED.");
	if (!str_empty(method) && !cancel_method_of(method, &how->method))
		api_fault(&faults, "applicationMethodType",
			  "WEBSITE, PHONE, EMAIL, IN_PERSON, BY_PRISONER or NOT_KNOWN.");
	return api_good(page, &faults);
}

static void cancel(struct page *page)
{
	struct reference reference;
	struct cancellation how;
	struct str text;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_cancellation(page, &how, &text))
		return;
	enum err err = visit_cancel_as(page->service, &page->actor, reference, text, &how);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	api_answer_visit(page, reference);
}

/* The length stays, unless another is asked for; a lawyer's legal visit keeps its own. */
static bool read_move(struct page *page, const struct visit *visit, struct visit_move *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	*out = (struct visit_move){ .reference = visit->reference,
				    .start = api_time(&faults, body, "startTimestamp"),
				    .minutes = visit->minutes,
				    .waiver = api_text(&faults, body, "waiver", false) };
	if (json_object_get(body, "minutes"))
		out->minutes = api_integer(&faults, body, "minutes", 1, MINUTES_MAX);
	return api_good(page, &faults);
}

static enum err move_legal(struct page *page, const struct visit_move *asked,
			   enum legal_answer *answer, struct verdict *verdict)
{
	struct legal_time time = { .start = asked->start };
	return legal_move(page->service, &page->actor, asked->reference, time, answer, verdict);
}

static void move_answer(struct page *page, const struct visit_move *asked, struct verdict verdict)
{
	if (!verdict_passes(verdict, !str_empty(asked->waiver)))
		return api_refused(page, verdict);
	live_changed(page, asked->reference);
	api_answer_visit(page, asked->reference);
}

/* Another time for a visit that is booked; it keeps its reference. */
static void move(struct page *page)
{
	struct reference reference;
	struct visit was;
	struct visit_move asked;
	struct verdict verdict = { 0 };
	enum legal_answer answer = LEGAL_FINE;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, &was);
	if (err != OK)
		return page_failed(page, err);
	if (!read_move(page, &was, &asked))
		return;
	bool legal = page->actor.role == ROLE_FAMILY && was.kind == VISIT_LEGAL;
	if (legal && asked.minutes != was.minutes)
		return page_problem(page, 400, "bad-request", "A legal visit keeps its length.");
	err = legal ? move_legal(page, &asked, &answer, &verdict)
		    : visit_move(page->service, &page->actor, &asked, &verdict);
	if (answer == LEGAL_PAST_DATE)
		return page_problem(page, 409, "past-date", "The visit is for an earlier day.");
	if (answer == LEGAL_BLOCK_BOOKED)
		return page_problem(page, 409, "block-booked",
				    "Your firm has as many visits with this client as it may.");
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "This time cannot be.");
	if (err != OK)
		return page_failed(page, err);
	move_answer(page, &asked, verdict);
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/prisons", WHO_ANYONE, .flags = ROUTE_API, .handler = prisons },
	{ METHOD_GET, "/api/v1/visit-sessions/available", WHO_BOOKS,
	  .flags = ROUTE_API | ROUTE_LOOK_PRISONER, .handler = available },
	{ METHOD_POST, "/api/v1/visits/application/slot/reserve", WHO_BOOKS, BODY_JSON, 4096,
	  ROUTE_API, reserve },
	{ METHOD_PUT, "/api/v1/visits/application/{application}/slot/change", WHO_BOOKS, BODY_JSON,
	  4096, ROUTE_API, change_slot },
	{ METHOD_PUT, "/api/v1/visits/{application}/book", WHO_BOOKS, BODY_JSON, 4096, ROUTE_API,
	  book },
	{ METHOD_GET, "/api/v1/visits", WHO_FAMILY, .flags = ROUTE_API, .handler = visits },
	{ METHOD_GET, "/api/v1/visits/{reference}", WHO_READS,
	  .flags = ROUTE_API | ROUTE_LOOK_VISIT, .handler = visit },
	{ METHOD_PUT, "/api/v1/visits/{reference}/move", WHO_FAMILY | WHO_REBOOKS, BODY_JSON, 4096,
	  ROUTE_API, move },
	{ METHOD_PUT, "/api/v1/visits/{reference}/cancel", WHO_BOOKS, BODY_JSON, 4096, ROUTE_API,
	  cancel },
};
const struct route_group api_booking_routes = { rows, ARRAY_LEN(rows) };
