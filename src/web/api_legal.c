#include "web/api.h"

#include "base/assert.h"
#include "service/legal.h"
#include "web/api_priv.h"

enum {
	MINUTES_MAX = 24 * 60,
};

#define WHO_WAITS (WHO_FAMILY | WHO_PRISON | WHO_HQ | WHO_INSPECTOR)

/* ---- what a lawyer asks for ---- */

static void read_others(struct api_faults *faults, const json_t *body, struct legal_ask *out)
{
	const json_t *list = json_object_get(body, "others");
	size_t count = json_array_size(list);
	bool good = list == NULL || json_is_null(list) ||
		    (json_is_array(list) && count <= ARRAY_LEN(out->others));
	for (size_t i = 0; good && i < count; i++) {
		const json_t *item = json_array_get(list, i);
		good = json_is_string(item);
		out->others[out->other_count++] =
		    str_trim(str_of(json_string_value(item), json_string_length(item)));
	}
	if (!good)
		api_fault(faults, "others", "Up to three e-mail addresses of professionals.");
}

static void read_ask(const struct page *page, struct api_faults *faults, const json_t *body,
		     struct legal_ask *out)
{
	struct waiting_need need = { 0 };
	*out = (struct legal_ask){ .prisoner_number = api_text(faults, body, "prisonerId", true) };
	out->prisoner_born = api_date(faults, body, "prisonerDateOfBirth");
	out->minutes = api_integer(faults, body, "minutes", 1, MINUTES_MAX);
	read_others(faults, body, out);
	api_need(page, faults, VISIT_LEGAL, api_text(faults, body, "cause", false),
		 api_text(faults, body, "deadline", false), &need);
	out->cause = need.cause;
	out->deadline = need.deadline;
}

/* True: FINE.  NO_CLIENT is no fault of the request: it is counted, and answered with 200. */
static bool understood(struct page *page, enum legal_answer answer)
{
	static const struct {
		int status;
		const char *type;
		const char *detail;
	} WHY[LEGAL_ANSWER_COUNT] = {
		[LEGAL_NOT_VERIFIED] = { 403, "not-verified",
					 "Legal visits are booked by verified professionals." },
		[LEGAL_NEED] = { 400, "bad-request",
				 "The length must be 15, 30, 45, 60, 90 or 120 minutes." },
		[LEGAL_OTHER] = { 409, "other-unknown",
				  "One of the others is no verified professional." },
		[LEGAL_BLOCK_BOOKED] = { 409, "block-booked",
					 "Your firm has as many visits with this client as it "
					 "may." },
		[LEGAL_NO_RULES] = { 409, "no-rules", "The prison holds no visits." },
		[LEGAL_LIST_FULL] = { 409, "too-many-waiting",
				      "As many of your requests wait as may." },
		[LEGAL_PAST_DATE] = { 409, "past-date", "The visit is for an earlier day." },
	};
	if (answer == LEGAL_FINE)
		return true;
	if (answer == LEGAL_NO_CLIENT)
		page_json(page, 200, json_pack("{s:s}", "answer", "NO_CLIENT"));
	else
		page_problem(page, WHY[answer].status, WHY[answer].type, WHY[answer].detail);
	return false;
}

/* ---- the times ---- */

static json_t *time_value(const struct legal_times *found, const struct legal_time *time)
{
	return json_pack("{s:o, s:o, s:i, s:o}", "startTimestamp", api_when(time->start),
			 "endTimestamp",
			 api_when(wall_add_s(time->start, (int64_t)found->need.minutes * 60)),
			 "minutes", found->need.minutes, "terminalId", page_id(time->terminal.n));
}

static json_t *times_value(struct page *page, const struct legal_times *found)
{
	struct verdict party = { 0 };
	json_t *times = json_array(), *codes = NULL;
	for (size_t i = 0; i < found->count; i++)
		json_array_append_new(times, time_value(found, &found->times[i]));
	if (found->party != BOOKING_OK)
		verdict_add(&party, found->party);
	codes = api_codes(page, party);
	return json_pack(
	    "{s:s, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o}", "prisonerId",
	    found->prisoner.number.text, "prisonerName", page_str(found->prisoner.name), "prisonId",
	    found->prisoner.prison.text, "prisonName", page_str(found->prison_name), "urgency",
	    waiting_class_name(found->class), "dueDate", api_day(found->due), "keptUntil",
	    api_day(found->kept_until), "validationErrors", codes, "times", times);
}

/* The earliest across rooms, terminals and days, as the lawyer's page has them. */
static void times(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	struct legal_ask asked;
	struct legal_times *found = arena_new(page->arena, 1, sizeof *found);
	if (body == NULL)
		return;
	read_ask(page, &faults, body, &asked);
	if (json_object_get(body, "wanted"))
		asked.wanted = api_time(&faults, body, "wanted");
	if (!api_good(page, &faults))
		return;
	enum err err = legal_times_find(page->service, &page->actor, page->arena, &asked, found);
	if (err != OK)
		return page_failed(page, err);
	if (!understood(page, found->answer))
		return;
	json_t *out = times_value(page, found);
	json_object_set_new(out, "answer", json_string("FOUND"));
	page_json(page, 200, out);
}

static void move_times(struct page *page)
{
	struct api_faults faults = { 0 };
	struct reference reference;
	struct date from;
	struct legal_times *found = arena_new(page->arena, 1, sizeof *found);
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	api_query_date(page, &faults, "fromDate", &from);
	if (!api_good(page, &faults))
		return;
	enum err err = legal_move_times(page->service, &page->actor, page->arena, reference, from,
					(struct wall){ 0 }, found);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, times_value(page, found));
}

/* ---- one of them is taken, or none fits ---- */

static void answer_booked(struct page *page, struct reference reference)
{
	struct visit visit;
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, &visit);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 201,
		  json_pack("{s:s, s:o}", "answer", "BOOKED", "visit", api_visit(page, &visit)));
}

static bool read_booking(struct page *page, struct legal_ask *asked, struct legal_time *time)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	uint64_t terminal = 0;
	if (body == NULL)
		return false;
	read_ask(page, &faults, body, asked);
	time->start = api_time(&faults, body, "startTimestamp");
	struct str id = api_text(&faults, body, "terminalId", false);
	if (!str_empty(id) && !str_u64(id, INT64_MAX, &terminal))
		api_fault(&faults, "terminalId", "The number of a terminal, as the times have it.");
	time->terminal.n = (int64_t)terminal;
	return api_good(page, &faults);
}

static void book(struct page *page)
{
	struct legal_ask asked;
	struct legal_time time = { 0 };
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	if (!read_booking(page, &asked, &time))
		return;
	enum err err =
	    legal_book(page->service, &page->actor, &asked, time, &answer, &verdict, &reference);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", "This time cannot be.");
	if (err != OK)
		return page_failed(page, err);
	if (!understood(page, answer))
		return;
	if (!verdict_clean(verdict))
		return api_refused(page, verdict);
	answer_booked(page, reference);
}

static void wait(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	struct legal_ask asked;
	enum legal_answer answer;
	struct verdict verdict;
	struct reference none;
	if (body == NULL)
		return;
	read_ask(page, &faults, body, &asked);
	if (!api_good(page, &faults))
		return;
	enum err err = legal_book(page->service, &page->actor, &asked, (struct legal_time){ 0 },
				  &answer, &verdict, &none);
	if (err != OK)
		return page_failed(page, err);
	if (understood(page, answer))
		page_json(page, 201, json_pack("{s:s}", "answer", "WAITS"));
}

/* ---- the clock ---- */

static json_t *clock_value(const struct wait_clock *c)
{
	const struct waiting *w = &c->waiting;
	json_t *out = json_pack(
	    "{s:s, s:s, s:o, s:o, s:s, s:s, s:o, s:o, s:I, s:b}", "prisonId", w->prison.text,
	    "prisonerId", w->prisoner_number.text, "prisonerName", page_str(w->prisoner_name),
	    "bookerName", page_str(w->booker_name), "visitType", visit_kind_name(w->need.kind),
	    "urgency", waiting_class_name(c->rank.class), "requestedAt", api_when(w->need.asked_at),
	    "dueDate", api_day(c->due), "waitedDays", (json_int_t)c->waited_days, "late", c->late);
	json_object_set_new(out, "visitReference", json_string(w->reference.text));
	json_object_set_new(out, "startTimestamp", api_when(w->start));
	return out;
}

static void waits(struct page *page)
{
	struct wait_list found = { 0 };
	enum err err = waits_find(page->service, &page->actor, page->arena, &found);
	if (err == OK)
		err = api_looked_at_list(page, AUDIT_LIST_WAITS, page->actor.prison, found.count);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(list, clock_value(&found.list[i]));
	page_json(page, 200, json_pack("{s:b, s:o}", "more", found.more, "waits", list));
}

static const struct route rows[] = {
	{ METHOD_POST, "/api/v1/legal/times", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, times },
	{ METHOD_POST, "/api/v1/legal/book", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, book },
	{ METHOD_POST, "/api/v1/legal/wait", WHO_FAMILY, BODY_JSON, 4096, ROUTE_API, wait },
	{ METHOD_GET, "/api/v1/visits/{reference}/legal-times", WHO_FAMILY, .flags = ROUTE_API,
	  .handler = move_times },
	{ METHOD_GET, "/api/v1/waits", WHO_WAITS, .flags = ROUTE_API | ROUTE_LOOK_LIST,
	  .handler = waits },
};
const struct route_group api_legal_routes = { rows, ARRAY_LEN(rows) };
