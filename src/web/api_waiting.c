#include "web/api.h"

#include "base/assert.h"
#include "service/people.h"
#include "service/refill.h"
#include "service/standby.h"
#include "service/waiting.h"
#include "web/api_priv.h"
#include "web/live.h"

enum {
	MINUTES_MAX = 24 * 60,
};

/* ---- as values ---- */

static json_t *offer_value(const struct offer_row *offer)
{
	struct wall start = offer->offer.start;
	return json_pack(
	    "{s:o, s:s, s:o, s:o, s:i, s:o, s:b}", "offerId", page_id(offer->id.n), "status",
	    offer_state_name(offer->offer.state), "startTimestamp", api_when(start), "endTimestamp",
	    api_when(wall_add_s(start, (int64_t)offer->minutes * 60)), "minutes", offer->minutes,
	    "answerUntil", api_when(offer->offer.answer_until), "keptForYou", offer->keeps);
}

static json_t *standby_value(const struct standby_row *row)
{
	return json_pack("{s:o, s:s, s:o, s:o}", "standbyId", page_id(row->id.n), "status",
			 standby_state_name(row->standby.state), "startTimestamp",
			 api_when(row->standby.start), "answerUntil",
			 api_when(row->standby.answer_until));
}

json_t *api_waiting(const struct waiting *w)
{
	const struct waiting_wish *wish = &w->wish;
	json_t *out = json_pack(
	    "{s:o, s:s, s:s, s:o, s:s, s:s, s:o, s:i, s:o}", "waitingId", page_id(w->id),
	    "prisonId", w->prison.text, "prisonerId", w->prisoner_number.text, "prisonerName",
	    page_str(w->prisoner_name), "visitType", visit_kind_name(w->need.kind), "cause",
	    waiting_cause_name(w->need.cause), "deadline", api_day(w->need.deadline), "minutes",
	    w->need.minutes, "requestedAt", api_when(w->need.asked_at));
	json_object_update_new(out,
			       json_pack("{s:s, s:b, s:b, s:b, s:s, s:o}", "hours",
					 waiting_hours_name(waiting_hours_of(wish)), "automatic",
					 wish->automatic, "shortNotice", wish->short_notice,
					 "booked", w->state == WAITING_BOOKED, "visitReference",
					 w->reference.text, "startTimestamp", api_when(w->start)));
	return out;
}

static json_t *line_value(const struct waiting_line *line)
{
	json_t *out = api_waiting(&line->waiting);
	if (line->has_offer)
		json_object_set_new(out, "offer", offer_value(&line->offer));
	if (line->has_standby)
		json_object_set_new(out, "standby", standby_value(&line->standby));
	return out;
}

/* ---- on the list, changed, and off it ---- */

static void waits(struct page *page)
{
	struct waiting_lines lines = { 0 };
	enum err err = waiting_mine(page->service, &page->actor, page->arena, &lines);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < lines.count; i++)
		json_array_append_new(list, line_value(&lines.list[i]));
	page_json(page, 200, list);
}

static void read_wish(struct api_faults *faults, const json_t *body, struct waiting_wish *out)
{
	struct str text = api_text(faults, body, "hours", false);
	enum waiting_hours hours = WAITING_HOURS_ANY;
	if (!str_empty(text) && !waiting_hours_name_of(text, &hours))
		api_fault(faults, "hours", "ANY, MORNING, AFTERNOON or EVENING.");
	out->automatic = api_flag_optional(faults, body, "automatic");
	out->short_notice = api_flag_optional(faults, body, "shortNotice");
	waiting_hours_set(out, hours);
}

/* A body of which the wish alone is read; false: answered. */
static bool read_wish_alone(struct page *page, struct waiting_wish *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	read_wish(&faults, body, out);
	return api_good(page, &faults);
}

static bool read_ask(struct page *page, struct visit_request *out, struct waiting_wish *wish)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	struct prisoner_number number = { 0 };
	struct prisoner prisoner = { 0 };
	if (body == NULL)
		return false;
	*out = (struct visit_request){ .kind = VISIT_SOCIAL };
	struct str prisoner_id = api_text(&faults, body, "prisonerId", true);
	if (!str_empty(prisoner_id))
		(void)api_number(&faults, "prisonerId", prisoner_id, &number);
	out->minutes = api_integer(&faults, body, "minutes", 1, MINUTES_MAX);
	api_visitors(&faults, body, out);
	read_wish(&faults, body, wish);
	if (!api_good(page, &faults))
		return false;
	enum err err = prisoner_named(page->service, &page->actor, page->arena, number, &prisoner);
	if (err != OK)
		page_failed(page, err);
	out->prisoner = prisoner.id;
	return err == OK;
}

static void answer_waiting(struct page *page, int status, int64_t id)
{
	struct waiting w = { 0 };
	enum err err = waiting_find(page->service, &page->actor, page->arena, id, &w);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, status, api_waiting(&w));
}

static void refuse(struct page *page, enum waiting_answer answer)
{
	static const struct {
		const char *type;
		const char *detail;
	} WHY[WAITING_ANSWER_COUNT] = {
		[WAITING_TOO_MANY] = { "too-many-waiting",
				       "The account waits for as many visits as it may." },
		[WAITING_ALREADY] = { "waits-already",
				      "The account waits for a visit to this prisoner already." },
		[WAITING_NOT_BOOKED] = { "not-booked",
					 "The visit has begun, is over, or is only asked for." },
	};
	page_problem(page, 409, WHY[answer].type, WHY[answer].detail);
}

static void ask(struct page *page)
{
	struct visit_request request;
	struct waiting_wish wish = { 0 };
	struct verdict verdict = { 0 };
	enum waiting_answer answer;
	int64_t id;
	if (!read_ask(page, &request, &wish))
		return;
	enum err err =
	    waiting_ask(page->service, &page->actor, &request, &wish, &answer, &verdict, &id);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "These people cannot be.");
	if (err != OK)
		return page_failed(page, err);
	if (answer == WAITING_NOT_PARTY)
		return api_refused(page, verdict);
	if (answer != WAITING_FINE)
		return refuse(page, answer);
	answer_waiting(page, 201, id);
}

/* The visit stays booked until an earlier time is accepted. */
static void earlier(struct page *page)
{
	struct waiting_wish wish = { 0 };
	struct reference reference;
	enum waiting_answer answer;
	int64_t id;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	if (!read_wish_alone(page, &wish))
		return;
	enum err err = waiting_earlier(page->service, &page->actor, reference, &wish, &answer, &id);
	if (err != OK)
		return page_failed(page, err);
	if (answer != WAITING_FINE)
		return refuse(page, answer);
	answer_waiting(page, 200, id);
}

static void change(struct page *page)
{
	struct waiting_wish wish = { 0 };
	int64_t id = page_param_id(page, 0);
	if (!read_wish_alone(page, &wish))
		return;
	enum err err = waiting_wish_set(page->service, &page->actor, id, &wish);
	if (err != OK)
		return page_failed(page, err);
	answer_waiting(page, 200, id);
}

static void leave(struct page *page)
{
	enum err err = waiting_leave(page->service, &page->actor, page_param_id(page, 0));
	if (err != OK)
		return page_failed(page, err);
	page_no_content(page);
}

/* ---- a time that became free ---- */

static bool find_offer(struct page *page, struct offer_view *out)
{
	struct offer_id id = { page_param_id(page, 0) };
	enum err err = refill_find(page->service, &page->actor, page->arena, id, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void offer(struct page *page)
{
	struct offer_view view;
	if (!find_offer(page, &view))
		return;
	json_t *out = offer_value(&view.offer);
	json_object_set_new(out, "waiting", api_waiting(&view.waiting));
	page_json(page, 200, out);
}

/* The status of the answer says what it came to: it may be EXPIRED, or GONE to somebody else. */
static void answer_offer(struct page *page, enum offer_answer answer)
{
	struct offer_view view;
	enum offer_state state;
	if (!find_offer(page, &view))
		return;
	enum err err = refill_answer(page->service, &page->actor, view.offer.id, answer, &state);
	if (err != OK)
		return page_failed(page, err);
	if (state == OFFER_ACCEPTED && view.waiting.reference.text[0])
		live_changed(page, view.waiting.reference);
	offer(page);
}

static void accept_offer(struct page *page)
{
	answer_offer(page, ANSWER_ACCEPT);
}

static void decline_offer(struct page *page)
{
	answer_offer(page, ANSWER_DECLINE);
}

/* ---- standing by ---- */

static void standby(struct page *page)
{
	struct standby_id id = { page_param_id(page, 0) };
	struct standby_view view;
	enum err err = standby_find(page->service, &page->actor, page->arena, id, &view);
	if (err != OK)
		return page_failed(page, err);
	json_t *out = standby_value(&view.row);
	json_object_update_new(out, json_pack("{s:o, s:i, s:s, s:o}", "knownAt",
					      api_when(view.known_at), "minutes", view.minutes,
					      "visitReference", view.reference.text, "waiting",
					      api_waiting(&view.waiting)));
	page_json(page, 200, out);
}

static void answer_standby(struct page *page, enum offer_answer answer)
{
	struct standby_id id = { page_param_id(page, 0) };
	struct standby_view view;
	enum standby_state state;
	enum err err = standby_find(page->service, &page->actor, page->arena, id, &view);
	if (err == OK)
		err = standby_answer(page->service, &page->actor, id, answer, &state);
	if (err != OK)
		return page_failed(page, err);
	standby(page);
}

static void accept_standby(struct page *page)
{
	answer_standby(page, ANSWER_ACCEPT);
}

static void decline_standby(struct page *page)
{
	answer_standby(page, ANSWER_DECLINE);
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/waiting", WHO_FAMILY, .flags = ROUTE_API, .handler = waits },
	{ METHOD_POST, "/api/v1/waiting", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, ask },
	{ METHOD_PUT, "/api/v1/waiting/{waiting}", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, change },
	{ METHOD_PUT, "/api/v1/waiting/{waiting}/leave", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = leave },
	{ METHOD_PUT, "/api/v1/visits/{reference}/earlier", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API,
	  earlier },
	{ METHOD_GET, "/api/v1/waiting/offers/{offer}", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = offer },
	{ METHOD_PUT, "/api/v1/waiting/offers/{offer}/accept", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = accept_offer },
	{ METHOD_PUT, "/api/v1/waiting/offers/{offer}/decline", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = decline_offer },
	{ METHOD_GET, "/api/v1/waiting/standby/{standby}", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = standby },
	{ METHOD_PUT, "/api/v1/waiting/standby/{standby}/accept", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = accept_standby },
	{ METHOD_PUT, "/api/v1/waiting/standby/{standby}/decline", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = decline_standby },
};
const struct route_group api_waiting_routes = { rows, ARRAY_LEN(rows) };
