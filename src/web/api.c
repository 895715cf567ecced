#include "web/api_priv.h"

#include <string.h>

#include "base/assert.h"
#include "service/look.h"
#include "service/outcome.h"
#include "service/people.h"

enum {
	YEAR_MONTHS = 12,
	HOUR_MINUTES = 60,
};

/* ---- faults ---- */

void api_fault(struct api_faults *faults, const char *field, const char *why)
{
	if (faults->count == API_FAULTS_MAX)
		return;
	faults->list[faults->count].field = field;
	faults->list[faults->count++].why = why;
}

bool api_good(struct page *page, const struct api_faults *faults)
{
	json_t *errors = json_array();
	for (size_t i = 0; i < faults->count; i++)
		json_array_append_new(errors,
				      json_pack("{s:s, s:s}", "field", faults->list[i].field,
						"message", faults->list[i].why));
	if (faults->count > 0)
		page_problem_with(page, 400, "bad-request", "Some fields are missing or malformed.",
				  json_pack("{s:O}", "errors", errors));
	json_decref(errors);
	return faults->count == 0;
}

/* ---- reading ---- */

struct str api_text(struct api_faults *faults, const json_t *body, const char *field, bool needed)
{
	const json_t *value = json_object_get(body, field);
	struct str text = str_of(json_string_value(value), json_string_length(value));
	bool absent = value == NULL || json_is_null(value);
	if ((absent && needed) || (!absent && !json_is_string(value)))
		api_fault(faults, field, "A text is needed.");
	else if (needed && str_empty(str_trim(text)))
		api_fault(faults, field, "This must not be empty.");
	else if (text.len > API_TEXT_MAX)
		api_fault(faults, field, "At most 500 bytes.");
	else
		return str_trim(text);
	return STR("");
}

int api_integer(struct api_faults *faults, const json_t *body, const char *field, int min, int max)
{
	const json_t *value = json_object_get(body, field);
	json_int_t number = json_integer_value(value);
	if (json_is_integer(value) && number >= min && number <= max)
		return (int)number;
	api_fault(faults, field, "A whole number within its bounds is needed.");
	return 0;
}

static bool two_digits(struct str text, size_t at, int max, int *out)
{
	uint64_t number = 0;
	if (!str_u64(str_of(text.at + at, 2), (uint64_t)max, &number))
		return false;
	*out = (int)number;
	return true;
}

/* "2026-11-23T14:00:00Z" alone: no offsets, no fractions. */
static bool time_of(struct str text, struct wall *out)
{
	struct date date;
	int hour, minute, second;
	if (text.len != 20 || text.at[10] != 'T' || text.at[13] != ':' || text.at[16] != ':' ||
	    text.at[19] != 'Z' || !date_of(str_of(text.at, 10), &date) ||
	    !two_digits(text, 11, 23, &hour) || !two_digits(text, 14, 59, &minute) ||
	    !two_digits(text, 17, 59, &second))
		return false;
	out->s = date_to_days(date) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}

struct wall api_time(struct api_faults *faults, const json_t *body, const char *field)
{
	const json_t *value = json_object_get(body, field);
	struct wall at = { 0 };
	if (!json_is_string(value) ||
	    !time_of(str_of(json_string_value(value), json_string_length(value)), &at))
		api_fault(faults, field, "A time in UTC is needed, like 2026-11-23T14:00:00Z.");
	return at;
}

struct date api_date(struct api_faults *faults, const json_t *body, const char *field)
{
	const json_t *value = json_object_get(body, field);
	struct date date = { 0 };
	if (!json_is_string(value) ||
	    !date_of(str_of(json_string_value(value), json_string_length(value)), &date))
		api_fault(faults, field, "A date is needed, like 2026-11-23.");
	return date;
}

bool api_flag(struct api_faults *faults, const json_t *body, const char *field)
{
	const json_t *value = json_object_get(body, field);
	if (!json_is_boolean(value))
		api_fault(faults, field, "true or false is needed.");
	return json_is_true(value);
}

bool api_flag_optional(struct api_faults *faults, const json_t *body, const char *field)
{
	const json_t *value = json_object_get(body, field);
	return value != NULL && !json_is_null(value) && api_flag(faults, body, field);
}

static bool has_person(const struct visit_request *request, int64_t id)
{
	for (size_t i = 0; i < request->person_count; i++)
		if (request->persons[i].n == id)
			return true;
	return false;
}

void api_visitors(struct api_faults *faults, const json_t *body, struct visit_request *out)
{
	const json_t *list = json_object_get(body, "visitors");
	size_t count = json_array_size(list);
	bool good = json_is_array(list) && count >= 1 && count <= PARTY_MAX;
	for (size_t i = 0; good && i < count; i++) {
		const json_t *item = json_array_get(list, i);
		uint64_t id = 0;
		good = str_u64(str_of(json_string_value(item), json_string_length(item)), INT64_MAX,
			       &id) &&
		       id != 0 && !has_person(out, (int64_t)id);
		if (good)
			out->persons[out->person_count++].n = (int64_t)id;
	}
	if (!good)
		api_fault(faults, "visitors", "One to four different ids of people, as texts.");
}

bool api_number(struct api_faults *faults, const char *field, struct str text,
		struct prisoner_number *out)
{
	if (prisoner_number_of(text, out))
		return true;
	api_fault(faults, field, "A prisoner number is needed, like A1234BC.");
	return false;
}

void api_need(const struct page *page, struct api_faults *faults, enum visit_kind kind,
	      struct str cause, struct str deadline, struct waiting_need *out)
{
	struct date today = local_date(page->service->now);
	if (!str_empty(cause) && !waiting_cause_of(cause, &out->cause))
		api_fault(faults, "cause",
			  "NONE, CUSTODY_LIMIT, BAIL, HEARING, PAROLE, ADJUDICATION or APPEAL.");
	if (!str_empty(deadline) && !date_of(deadline, &out->deadline))
		api_fault(faults, "deadline", "A date is needed, like 2026-11-23.");
	else if (!waiting_date_acceptable(out, today))
		api_fault(faults, "deadline",
			  "Every cause has a day that is not past; NONE has none.");
	if (kind != VISIT_LEGAL && out->cause != WAITING_FOR_NOTHING)
		api_fault(faults, "cause", "Of legal visits alone.");
}

void api_query_date(const struct page *page, struct api_faults *faults, const char *field,
		    struct date *out)
{
	struct str text = request_query(page->request, field);
	*out = local_date(page->service->now);
	if (!str_empty(text) && !date_of(text, out))
		api_fault(faults, field, "A date is needed, like 2026-11-23.");
}

void api_query_month(const struct page *page, struct api_faults *faults, const char *field,
		     int64_t *out)
{
	struct str text = request_query(page->request, field);
	struct date first;
	if (str_empty(text))
		return;
	const char *day = arena_printf(page->arena, "%.*s-01", STR_FMT(text));
	if (date_of(str_from(day), &first))
		*out = local_month(local_midnight(first));
	else
		api_fault(faults, field, "A month is needed, like 2026-11.");
}

bool api_reason(struct page *page, struct str *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	*out = api_text(&faults, body, "reason", true);
	return api_good(page, &faults);
}

bool api_prison(struct page *page, struct prison_code *out)
{
	if (prison_code_of(page_param(page, 0), out) && actor_works_at(&page->actor, *out))
		return true;
	page_not_found(page);
	return false;
}

bool api_prisoner(struct page *page, struct prisoner *out)
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

/* ---- who looked ---- */

enum err api_looked_at_prisoner(struct page *page, struct prisoner_id id, int64_t rows)
{
	ASSERT(page->route->flags & ROUTE_LOOK_PRISONER);
	if (!role_is_staff(page->actor.role))
		return OK;
	return prisoner_looked_at(page->service, &page->actor, id, rows);
}

enum err api_looked_at_visit(struct page *page, const struct visit *visit)
{
	ASSERT(page->route->flags & ROUTE_LOOK_VISIT);
	if (!role_is_staff(page->actor.role))
		return OK;
	return visit_looked_at(page->service, &page->actor, visit->id,
			       1 + (int64_t)visit->visitor_count);
}

enum err api_looked_at_list(struct page *page, enum audit_verb list, struct prison_code prison,
			    size_t rows)
{
	ASSERT(page->route->flags & ROUTE_LOOK_LIST);
	if (!role_is_staff(page->actor.role))
		return OK;
	return list_looked_at(page->service, &page->actor, list, prison, (int64_t)rows);
}

void api_answer_list(struct page *page, enum audit_verb list, struct prison_code prison,
		     json_t *rows)
{
	enum err err = api_looked_at_list(page, list, prison, json_array_size(rows));
	if (err == OK)
		return page_json(page, 200, rows);
	json_decref(rows);
	page_failed(page, err);
}

/* ---- writing ---- */

json_t *api_day(struct date date)
{
	if (!date.year)
		return json_null();
	return json_sprintf("%04d-%02d-%02d", date.year, date.month, date.day);
}

json_t *api_month(int64_t month)
{
	return json_sprintf("%04d-%02d", (int)(month / YEAR_MONTHS),
			    (int)(month % YEAR_MONTHS) + 1);
}

json_t *api_clock(int minute)
{
	return json_sprintf("%02d:%02d", minute / HOUR_MINUTES, minute % HOUR_MINUTES);
}

json_t *api_when(struct wall at)
{
	struct date date = date_of_days(at.s / 86400);
	int s = (int)(at.s % 86400);
	if (at.s == 0)
		return json_null();
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month, date.day,
			    s / 3600, s / 60 % 60, s % 60);
}

static json_t *visitors(const struct visit *visit)
{
	json_t *list = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o, s:b}", "id",
						      page_id(visit->visitors[i].person.n), "name",
						      page_str(visit->visitors[i].name), "lead",
						      visit->visitors[i].lead));
	return list;
}

static void add_outcome(struct page *page, const struct visit *visit, json_t *out)
{
	struct outcome_said said;
	if (visit_outcome_find(page->service, page->arena, visit, &said) == OK)
		json_object_set_new(
		    out, "outcome",
		    json_pack("{s:s, s:o, s:o}", "outcomeStatus", visit_outcome_name(said.outcome),
			      "text", page_str(said.words), "recordedAt", api_when(said.at)));
}

json_t *api_visit(struct page *page, const struct visit *visit)
{
	struct cancellation how;
	json_t *out = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:i, s:o}", "reference",
	    visit->reference.text, "visitType", visit_kind_name(visit->kind), "visitStatus",
	    visit_state_name(visit->state), "prisonId", visit->prison.text, "prisonerId",
	    visit->prisoner_number.text, "prisonerName", page_str(visit->prisoner_name),
	    "visitRoom", page_str(visit->room_name), "startTimestamp", api_when(visit->start),
	    "endTimestamp", api_when(visit_slot_end(visit)), "minutes", visit->minutes, "visitors",
	    visitors(visit));
	bool staff = role_is_staff(page->actor.role);
	/* That a visit is closed comes from a restriction: families are not told so by a field. */
	if (staff)
		json_object_set_new(out, "visitRestriction",
				    json_string(visit->closed ? "CLOSED" : "OPEN"));
	if (visit_is_over(visit->state)) {
		json_object_set_new(out, "endReason", json_string(visit_end_name(visit->end)));
		json_object_set_new(out, "endText", page_str(visit->end_reason));
	}
	if (staff && visit_cancellation_find(page->service, visit, &how) == OK)
		json_object_set_new(
		    out, "cancellation",
		    json_pack("{s:s, s:s}", "outcomeStatus", cancel_outcome_name(how.outcome),
			      "applicationMethodType", cancel_method_name(how.method)));
	if (staff)
		add_outcome(page, visit, out);
	return out;
}

void api_answer_visit(struct page *page, struct reference reference)
{
	struct visit visit;
	enum err err = visit_find(page->service, &page->actor, page->arena, reference, &visit);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, api_visit(page, &visit));
}

/* ---- why not ---- */

/* What the visit scheduler calls it; where it has no word, our own name of the rule. */
static const char *const CODES[BOOKING_COUNT] = {
	[BOOKING_DATE_BLOCKED] = "VISIT_DATE_BLOCKED",
	[BOOKING_NO_SESSION] = "SESSION_TEMPLATE_NOT_FOUND",
	[BOOKING_SESSION_BLOCKED] = "SESSION_DATE_BLOCKED",
	[BOOKING_SESSION_KIND] = "SESSION_NOT_AVAILABLE",
	[BOOKING_SESSION_CLIENT] = "USER_TYPE",
	[BOOKING_USER_TYPE] = "USER_TYPE",
	[BOOKING_NOT_ELIGIBLE] = "SESSION_NOT_AVAILABLE",
	[BOOKING_SESSION_FULL] = "NO_SLOT_CAPACITY",
	[BOOKING_CLOSED_FULL] = "NO_SLOT_CAPACITY",
	[BOOKING_LINK_FULL] = "NO_SLOT_CAPACITY",
	[BOOKING_NO_PLACE] = "NO_SLOT_CAPACITY",
	[BOOKING_NO_TERMINAL] = "NO_SLOT_CAPACITY",
	[BOOKING_SLOT_TAKEN] = "NO_SLOT_CAPACITY",
	[BOOKING_ALLOWANCE_USED] = "NO_VO_BALANCE",
	[BOOKING_NO_ORDER] = "NO_VO_BALANCE",
	[BOOKING_PRISONER_BUSY] = "VISIT_ALREADY_BOOKED",
	[BOOKING_PRISONER_MOVED] = "PRISON_PRISONER_MISMATCH",
	[BOOKING_NON_ASSOCIATION] = "NON_ASSOCIATION_VISITS",
	[BOOKING_REMAND_WEEK] = "REMAND_VISIT_LIMIT_FOR_WEEK_REACHED",
};

/* The rules whose "no" tells a family nothing that they may not know. */
static bool may_be_told(enum booking booking)
{
	return strcmp(booking_family_key(booking), "booking.no_times") != 0;
}

static const char *code_of(const struct page *page, enum booking booking)
{
	if (!role_is_staff(page->actor.role) && !may_be_told(booking))
		return "SESSION_NOT_AVAILABLE";
	return CODES[booking] ? CODES[booking] : booking_name(booking);
}

static bool holds(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	return false;
}

json_t *api_codes(const struct page *page, struct verdict verdict)
{
	json_t *list = json_array();
	for (int i = BOOKING_OK + 1; i < BOOKING_COUNT; i++) {
		if (!((verdict.no | verdict.waivable) >> i & 1))
			continue;
		const char *code = arena_printf(page->arena, "APPLICATION_INVALID_%s",
						code_of(page, (enum booking)i));
		if (!holds(list, code))
			json_array_append_new(list, json_string(code));
	}
	return list;
}

void api_refused(struct page *page, struct verdict verdict)
{
	page_problem_with(page, 422, "validation", "The rules of visiting do not allow this visit.",
			  json_pack("{s:o}", "validationErrors", api_codes(page, verdict)));
}
