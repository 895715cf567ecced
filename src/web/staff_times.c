#include "web/staff_times.h"

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/booking.h"
#include "web/confirm.h"
#include "web/times.h"
#include "web/view.h"

enum {
	TIME_TEXT_MAX = 40,
	REASON_CHARACTERS = 400,
};

/* "SOCIAL-1-2" of the path. */
static bool read_who(struct page *page, struct offer_query *out)
{
	struct str rest = page_param(page, 1);
	uint64_t id = 0;
	*out = (struct offer_query){ .prisoner = { page_param_id(page, 0) }, .days = 1 };
	if (!visit_kind_of(str_cut(&rest, '-'), &out->kind))
		return false;
	while (!str_empty(rest)) {
		if (out->person_count == PARTY_MAX ||
		    !str_u64(str_cut(&rest, '-'), INT64_MAX, &id) || id == 0)
			return false;
		out->persons[out->person_count++].n = (int64_t)id;
	}
	return out->person_count > 0;
}

/* Where the thing stands that a rule looks at; NULL: nowhere of its own. */
static const char *href_of(const struct page *page, enum booking booking)
{
	static const struct {
		enum booking booking;
		const char *href;
	} HREFS[] = {
		{ BOOKING_TOO_SOON, "/staff/rules/notice_days_staff" },
		{ BOOKING_TOO_FAR, "/staff/rules/window_days_staff" },
		{ BOOKING_NOT_OPEN_YET, "/staff/rules/open_from_day" },
		{ BOOKING_KIND_OFF, "/staff/rules" },
		{ BOOKING_LENGTH, "/staff/rules" },
		{ BOOKING_PARTY_TOO_LARGE, "/staff/rules/party_max" },
		{ BOOKING_NO_ADULT, "/staff/rules/adult_age" },
		{ BOOKING_TOO_MANY_ADULTS, "/staff/rules/adults_max" },
		{ BOOKING_TOO_MANY_CHILDREN, "/staff/rules/children_max" },
		{ BOOKING_CLOSED_FULL, "/staff/rules/closed_visits_max" },
		{ BOOKING_LINK_FULL, "/staff/rules/link_calls_max" },
		{ BOOKING_KEPT, "/staff/rules/fence_routine_far" },
		{ BOOKING_TURN_ROUND, "/staff/rules/turn_minutes" },
		{ BOOKING_DATE_BLOCKED, "/staff/sessions" },
		{ BOOKING_NO_SESSION, "/staff/sessions" },
		{ BOOKING_SESSION_BLOCKED, "/staff/sessions" },
		{ BOOKING_SESSION_KIND, "/staff/sessions" },
		{ BOOKING_SESSION_CLIENT, "/staff/sessions" },
		{ BOOKING_NOT_ELIGIBLE, "/staff/sessions" },
		{ BOOKING_SESSION_FULL, "/staff/sessions" },
		{ BOOKING_NO_PLACE, "/staff/rooms" },
		{ BOOKING_NO_TERMINAL, "/staff/rooms" },
		{ BOOKING_NOT_APPROVED, "/staff/approvals" },
	};
	for (size_t i = 0; i < ARRAY_LEN(HREFS); i++)
		if (HREFS[i].booking == booking)
			return HREFS[i].href;
	return arena_printf(page->arena, "/staff/prisoners/%lld",
			    (long long)page_param_id(page, 0));
}

static json_t *reasons_of(const struct page *page, struct verdict verdict)
{
	json_t *reasons = json_array();
	for (unsigned i = 0; i < BOOKING_COUNT; i++)
		if (verdict_has(verdict, (enum booking)i))
			json_array_append_new(reasons,
					      json_pack("{s:s, s:s}", "text",
							rule_text(page, (enum booking)i), "href",
							href_of(page, (enum booking)i)));
	return reasons;
}

static json_t *line_of(const struct page *page, const struct offered_time *time, struct str chosen)
{
	const char *value =
	    arena_printf(page->arena, "%lld-%d", (long long)time->start.s, time->minutes);
	json_t *at = page_time(page, time->start);
	json_t *line = json_pack("{s:s, s:O, s:i, s:o, s:b, s:b, s:b, s:o}", "value", value, "time",
				 json_object_get(at, "time"), "minutes", time->minutes, "session",
				 page_str(time->session), "free", verdict_clean(time->verdict),
				 "may_choose", verdict_ok(time->verdict), "checked",
				 str_is(chosen, value), "reasons", reasons_of(page, time->verdict));
	json_decref(at);
	return line;
}

static json_t *day_link(const struct page *page, struct date day, const char *word)
{
	char text[DATE_TEXT_ROOM];
	date_write(day, text);
	return json_pack("{s:s++, s:s}", "href", arena_text(page->arena, page->request->path),
			 "?date=", text, "text", page_word(page, word));
}

static struct date asked_day(const struct page *page)
{
	struct date today = local_date(page->service->now), date;
	return date_words_of(request_query(page->request, "date"), today, &date) ? date : today;
}

static void show(struct page *page, struct form *form, struct offer_query *query)
{
	struct offer offer;
	query->from = asked_day(page);
	enum err err = offer_times(page->service, &page->actor, page->arena, query, &offer);
	if (err != OK)
		return page_failed(page, err);
	char day[DATE_TEXT_ROOM];
	date_write(query->from, day);
	json_t *lines = json_array();
	for (size_t i = 0; i < offer.count; i++)
		json_array_append_new(lines,
				      line_of(page, &offer.times[i], form_raw(form, "time")));
	json_t *view = json_pack(
	    "{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "back",
	    json_sprintf("/staff/prisoners/%lld", (long long)query->prisoner.n), "prisoner",
	    page_str(offer.prisoner.name), "date", view_when(page, local_midnight(query->from)),
	    "day", day, "action",
	    json_sprintf("%s?date=%s", arena_text(page->arena, page->request->path), day),
	    "previous", day_link(page, date_add_days(query->from, -1), "times.why.before"), "next",
	    day_link(page, date_add_days(query->from, 1), "times.why.after"));
	view_list(view, "lines", lines);
	view_here(view, "find");
	page_render_form(page, form, "staff/times", view);
}

static void times(struct page *page)
{
	struct offer_query query;
	if (!read_who(page, &query))
		return page_not_found(page);
	show(page, page_form(page, "desk_time"), &query);
}

static void book(struct page *page)
{
	struct form *form = page_form(page, "desk_time");
	struct str time = form_text(form, "time", TIME_TEXT_MAX);
	struct visit_request request = { .waiver =
					     form_lines(form, "reason", 0, REASON_CHARACTERS) };
	struct offer_query query;
	struct verdict verdict;
	struct reference reference;
	if (!read_who(page, &query))
		return page_not_found(page);
	request.kind = query.kind;
	request.prisoner = query.prisoner;
	request.person_count = query.person_count;
	for (size_t i = 0; i < query.person_count; i++)
		request.persons[i] = query.persons[i];
	if (form_ok(form) && !times_read(time, &request.start, &request.minutes))
		form_mistake(form, "time", "missing");
	if (!form_ok(form))
		return show(page, form, &query);
	enum err err = visit_book(page->service, &page->actor, &request, &verdict, &reference);
	if (err != OK)
		return page_failed(page, err);
	if (!verdict_ok(verdict))
		form_mistake(form, "time", "taken");
	else if (!verdict_clean(verdict) && str_empty(request.waiver))
		form_mistake(form, "reason", "missing");
	if (!form_ok(form))
		return show(page, form, &query);
	page_redirect(page, "/staff/visits/%s?done=desk_booked", reference.text);
}

enum {
	WHO_SEES = WHO_CLERK | WHO_GOVERNOR | WHO_ADMIN,
	WHO_BOOKS = WHO_CLERK | WHO_GOVERNOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/prisoners/{prisoner}/times/{who}", WHO_SEES, .handler = times },
	{ METHOD_POST, "/staff/prisoners/{prisoner}/times/{who}", WHO_BOOKS, BODY_FORM,
	  .handler = book },
};

const struct route_group staff_times_routes = { rows, ARRAY_LEN(rows) };
