#include "web/api.h"

#include "base/assert.h"
#include "service/audit.h"
#include "service/orders.h"
#include "service/outcome.h"
#include "service/people.h"
#include "service/request.h"
#include "service/review.h"
#include "service/schedule.h"
#include "web/api_priv.h"
#include "web/live.h"

#define WHO_SEES    (WHO_PRISON | WHO_INSPECTOR)
#define WHO_DECIDES (WHO_CLERK | WHO_GOVERNOR)
#define WHO_SAYS    (WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR)

/* ---- allowances ---- */

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
	if (err == OK)
		err = api_looked_at_prisoner(page, view.prisoner.id,
					     1 + (detailed ? (int64_t)view.lines.count : 0));
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
	if (!api_prisoner(page, &prisoner))
		return;
	if (page->actor.role == ROLE_FAMILY)
		return balance_of_family(page, &prisoner);
	balance_of_staff(page, prisoner.number, false);
}

static void balance_detailed(struct page *page)
{
	struct prisoner prisoner;
	if (api_prisoner(page, &prisoner))
		balance_of_staff(page, prisoner.number, true);
}

/* ---- requests ---- */

static void requests(struct page *page)
{
	struct prison_code prison;
	struct request_list found = { 0 };
	if (!api_prison(page, &prison))
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
	api_answer_list(page, AUDIT_LIST_VISIT_REQUESTS, prison, list);
}

static void approve(struct page *page)
{
	struct reference reference;
	struct str reason;
	struct verdict verdict = { 0 };
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!api_reason(page, &reason))
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
	if (!api_reason(page, &reason))
		return;
	enum err err = request_reject(page->service, &page->actor, reference, reason);
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	api_answer_visit(page, reference);
}

/* ---- booked visits that something speaks against ---- */

static bool find_open(struct page *page, struct prison_code *prison, struct review_list *out)
{
	if (!api_prison(page, prison))
		return false;
	enum err err =
	    reviews_find(page->service, &page->actor, page->arena, *prison, REVIEW_OPEN, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void notifications(struct page *page)
{
	struct prison_code prison;
	struct review_list found = { 0 };
	if (!find_open(page, &prison, &found))
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
	api_answer_list(page, AUDIT_LIST_NOTIFICATIONS, prison, list);
}

static void notification_count(struct page *page)
{
	struct prison_code prison;
	struct review_list found = { 0 };
	if (find_open(page, &prison, &found))
		page_json(page, 200, json_pack("{s:I}", "count", (json_int_t)found.count));
}

static void ignore(struct page *page)
{
	struct review_id id = { page_param_id(page, 0) };
	struct str reason;
	if (!api_reason(page, &reason))
		return;
	enum err err = review_acknowledge(page->service, &page->actor, id, reason);
	if (err != OK)
		return page_failed(page, err);
	page_no_content(page);
}

/* ---- what happened, what is held ---- */

static void history(struct page *page)
{
	struct visit visit;
	struct audit_list found = { 0 };
	if (!page_visit(page, &visit))
		return;
	enum err err =
	    visit_history_find(page->service, &page->actor, page->arena, visit.reference, &found);
	if (err == OK)
		err = api_looked_at_visit(page, &visit);
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

/* Which sessions are asked for: the asker's own prison and today, unless said. */
struct session_query {
	struct prison_code prison;
	struct date date;
	int start_minute, end_minute; /* of the clock, local; -1: any */
	int64_t template;             /* 0: any */
};

static bool read_clock(struct str text, int *out)
{
	uint64_t hour = 0, minute = 0;
	if (text.len != 5 || text.at[2] != ':' || !str_u64(str_of(text.at, 2), 24, &hour) ||
	    !str_u64(str_of(text.at + 3, 2), 59, &minute))
		return false;
	*out = (int)(hour * 60 + minute);
	return *out <= 24 * 60;
}

static void query_clock(struct page *page, struct api_faults *faults, const char *field, int *out)
{
	struct str text = request_query(page->request, field);
	*out = -1;
	if (!str_empty(text) && !read_clock(text, out))
		api_fault(faults, field, "A time of the clock is needed, like 14:00.");
}

static bool read_sessions(struct page *page, const char *date_field, struct session_query *out)
{
	struct api_faults faults = { 0 };
	uint64_t id = 0;
	struct str code = request_query(page->request, "prisonId");
	struct str template = request_query(page->request, "sessionTemplateReference");
	*out = (struct session_query){ .prison = page->actor.prison };
	api_query_date(page, &faults, date_field, &out->date);
	query_clock(page, &faults, "sessionStartTime", &out->start_minute);
	query_clock(page, &faults, "sessionEndTime", &out->end_minute);
	if (out->end_minute == 0) /* midnight after it, which most clocks write so */
		out->end_minute = 24 * 60;
	if (!str_empty(code) && !prison_code_of(code, &out->prison))
		api_fault(&faults, "prisonId", "The code of a prison is needed, like WWI.");
	if (!str_empty(template) && !str_u64(template, INT64_MAX, &id))
		api_fault(&faults, "sessionTemplateReference",
			  "The number of a session is needed.");
	out->template = (int64_t)id;
	return api_good(page, &faults);
}

static bool is_asked(const struct session_query *query, const struct session_template *session)
{
	return (query->start_minute < 0 || query->start_minute == session->start_minute) &&
	       (query->end_minute < 0 || query->end_minute == session->end_minute) &&
	       (query->template == 0 || query->template == session->id.n);
}

/* Those asked for; false: answered. */
static bool find_sessions(struct page *page, const struct session_query *query,
			  struct schedule *out)
{
	struct schedule found = { 0 };
	enum err err = schedule_find(page->service, &page->actor, page->arena, query->prison,
				     query->date, &found);
	if (err != OK)
		page_failed(page, err);
	*out = (struct schedule){ .list = found.list };
	for (size_t i = 0; i < found.count; i++)
		if (is_asked(query, &found.list[i].session))
			out->list[out->count++] = found.list[i];
	return err == OK;
}

static void schedule(struct page *page)
{
	struct session_query query;
	struct schedule found;
	if (!read_sessions(page, "date", &query) || !find_sessions(page, &query, &found))
		return;
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, session(&found.list[i], query.date));
	page_json(page, 200, list);
}

static void one_session(struct page *page)
{
	struct session_query query;
	struct schedule found;
	if (!read_sessions(page, "sessionDate", &query))
		return;
	if (query.template == 0)
		return page_problem(page, 400, "bad-request",
				    "Say which: sessionTemplateReference, as schedule has it.");
	if (!find_sessions(page, &query, &found))
		return;
	if (found.count == 0)
		return page_not_found(page);
	page_json(page, 200, session(&found.list[0], query.date));
}

/* No limit but the terminals stays so, however much is added. */
static int add_places(int sum, int capacity)
{
	return sum == SESSION_CAPACITY_NONE || capacity == SESSION_CAPACITY_NONE
		   ? SESSION_CAPACITY_NONE
		   : sum + capacity;
}

/* Of the sessions asked for together. */
static void capacity(struct page *page)
{
	struct session_query query;
	struct schedule found;
	int open = 0, closed = 0, open_booked = 0, closed_booked = 0;
	if (!read_sessions(page, "sessionDate", &query) || !find_sessions(page, &query, &found))
		return;
	if (found.count == 0)
		return page_not_found(page);
	for (size_t i = 0; i < found.count; i++) {
		open = add_places(open, found.list[i].session.open_capacity);
		closed = add_places(closed, found.list[i].session.closed_capacity);
		open_booked += found.list[i].open_booked;
		closed_booked += found.list[i].closed_booked;
	}
	page_json(page, 200,
		  json_pack("{s:i, s:i, s:i, s:i}", "open", open, "closed", closed, "openBooked",
			    open_booked, "closedBooked", closed_booked));
}

/* ---- what became of visits ---- */

static void outcomes(struct page *page)
{
	struct api_faults faults = { 0 };
	struct prison_code prison;
	struct visit_list found = { 0 };
	struct date date;
	if (!api_prison(page, &prison))
		return;
	api_query_date(page, &faults, "date", &date);
	if (!api_good(page, &faults))
		return;
	enum err err =
	    visits_over_find(page->service, &page->actor, page->arena, prison, date, &found);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "The date is to come, or longer ago than the prison's rule "
				    "outcome_days says.");
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, api_visit(page, &found.list[i]));
	api_answer_list(page, AUDIT_LIST_OUTCOMES, prison, list);
}

static bool read_outcome(struct page *page, enum visit_outcome *outcome, struct str *text)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	struct str status = api_text(&faults, body, "outcomeStatus", true);
	*text = api_text(&faults, body, "text", false);
	if (!str_empty(status) && !visit_outcome_of(status, outcome))
		api_fault(&faults, "outcomeStatus", "No outcome of a visit: see VisitOutcome.");
	return api_good(page, &faults);
}

static void outcome_refused(struct page *page, enum outcome_answer answer)
{
	static const struct {
		const char *type;
		const char *detail;
	} WHY[] = {
		[OUTCOME_NOT_OVER] = { "not-over",
				       "The visit is not over: call it off, or end it." },
		[OUTCOME_CALLED_OFF] = { "called-off",
					 "The visit was called off: its cancellation says why." },
		[OUTCOME_TOO_LATE] = { "too-late", "The visit is longer ago than the prison's rule "
						   "outcome_days says." },
		[OUTCOME_NOT_SO] = { "not-so", "Whether the two sides heard each other speaks "
					       "against this outcome: say another." },
	};
	page_problem(page, 409, WHY[answer].type, WHY[answer].detail);
}

static void say_outcome(struct page *page)
{
	struct reference reference;
	struct str text;
	enum visit_outcome outcome = OUTCOME_COUNT;
	enum outcome_answer answer = OUTCOME_MAY;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_outcome(page, &outcome, &text))
		return;
	enum err err =
	    visit_outcome_set(page->service, &page->actor, reference, outcome, text, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != OUTCOME_MAY)
		return outcome_refused(page, answer);
	api_answer_visit(page, reference);
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/visits/allocation/prisoner/{prisoner}/balance",
	  WHO_FAMILY | WHO_SEES, .flags = ROUTE_API | ROUTE_LOOK_PRISONER, .handler = balance },
	{ METHOD_GET, "/api/v1/visits/allocation/prisoner/{prisoner}/balance/detailed", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_PRISONER, .handler = balance_detailed },
	{ METHOD_GET, "/api/v1/visits/requests/{prison}", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_LIST, .handler = requests },
	{ METHOD_PUT, "/api/v1/visits/requests/{reference}/approve", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, approve },
	{ METHOD_PUT, "/api/v1/visits/requests/{reference}/reject", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, reject },
	{ METHOD_GET, "/api/v1/visits/notification/{prison}/visits", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_LIST, .handler = notifications },
	{ METHOD_GET, "/api/v1/visits/notification/{prison}/count", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = notification_count },
	{ METHOD_PUT, "/api/v1/visits/notification/{id}/ignore", WHO_DECIDES, BODY_JSON, 4096,
	  ROUTE_API, ignore },
	{ METHOD_GET, "/api/v1/visits/{reference}/history", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_VISIT, .handler = history },
	{ METHOD_GET, "/api/v1/visit-sessions/schedule", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = schedule },
	{ METHOD_GET, "/api/v1/visit-sessions/session", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = one_session },
	{ METHOD_GET, "/api/v1/visit-sessions/capacity", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_NO_LOOK_NUMBERS, .handler = capacity },
	{ METHOD_GET, "/api/v1/visits/outcomes/{prison}", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_LIST, .handler = outcomes },
	{ METHOD_PUT, "/api/v1/visits/{reference}/outcome", WHO_SAYS, BODY_JSON, 4096, ROUTE_API,
	  say_outcome },
};
const struct route_group api_staff_routes = { rows, ARRAY_LEN(rows) };
