#include "web/times.h"

#include "base/assert.h"
#include "service/prison.h"
#include "web/view.h"

enum {
	DAYS_SHOWN = 14,
	MINUTES_MAX = 24 * 60,
};

bool times_read(struct str text, struct wall *start, int *minutes)
{
	uint64_t at = 0, length = 0;
	if (!str_u64(str_cut(&text, '-'), INT32_MAX * 4LL, &at) ||
	    !str_u64(text, MINUTES_MAX, &length) || length == 0)
		return false;
	*start = (struct wall){ (int64_t)at };
	*minutes = (int)length;
	return true;
}

static const char *no_times_word(const struct offer *offer)
{
	if (!str_empty(offer->not_ready_reason))
		return "family.booking.prison";
	if (offer->party == BOOKING_NOT_APPROVED)
		return "family.booking.approval";
	if (offer->party != BOOKING_OK)
		return "family.booking.party";
	if (offer->allowance_left <= 0)
		return "family.booking.allowance";
	return "family.booking.no_times";
}

/* What staff would have to waive; NULL: nothing. */
static json_t *note_of(const struct page *page, struct verdict verdict)
{
	if (verdict_clean(verdict))
		return json_null();
	return json_string(page_word(page, arena_printf(page->arena, "times.rules.%s",
							booking_name(verdict_first(verdict)))));
}

static json_t *time_view(struct page *page, const struct offered_time *time, struct str chosen,
			 bool first)
{
	json_t *at = page_time(page, time->start);
	const char *value =
	    arena_printf(page->arena, "%lld-%d", (long long)time->start.s, time->minutes);
	json_t *text = view_word(
	    page, "family.book_time.option",
	    json_pack("{s:O, s:i}", "time", json_object_get(at, "time"), "minutes", time->minutes));
	json_decref(at);
	return json_pack("{s:s, s:s, s:o, s:b, s:o}", "id",
			 first ? "time" : arena_printf(page->arena, "time-%s", value), "value",
			 value, "text", text, "checked", str_is(chosen, value), "note",
			 note_of(page, time->verdict));
}

json_t *times_day(const struct page *page, struct wall at, bool open)
{
	json_t *time = page_time(page, at);
	json_t *day = json_pack("{s:O, s:[], s:b, s:i}", "date", json_object_get(time, "date"),
				"times", "open", open, "free", 0);
	json_decref(time);
	return day;
}

void times_day_add(json_t *day, json_t *time)
{
	json_t *times = json_object_get(day, "times");
	json_array_append_new(times, time);
	json_object_set_new(day, "free", json_integer((json_int_t)json_array_size(times)));
}

/* Staff may put a rule aside, but nobody visits in a time that is over. */
static bool is_over(const struct page *page, const struct offered_time *time)
{
	return time->start.s + (int64_t)time->minutes * 60 <= page->service->now.s;
}

static json_t *days_of(struct page *page, const struct offer *offer, int minutes, struct str chosen)
{
	json_t *days = json_array(), *day = NULL;
	struct date date = { 0 };
	for (size_t i = 0; i < offer->count; i++) {
		const struct offered_time *time = &offer->times[i];
		struct date on = local_date(time->start);
		bool first = day == NULL;
		if (!verdict_ok(time->verdict) || time->minutes != minutes || is_over(page, time))
			continue;
		if (first || date_compare(on, date) != 0) {
			day = times_day(page, time->start, first);
			date = on;
			json_array_append_new(days, day);
		}
		times_day_add(day, time_view(page, time, chosen, first));
	}
	return days;
}

/* This page again, from another day or with another length. */
static json_t *link_to(const struct page *page, struct date from, int minutes)
{
	char day[DATE_TEXT_ROOM];
	date_write(from, day);
	return json_sprintf("%s?from=%s&minutes=%d", arena_text(page->arena, page->request->path),
			    day, minutes);
}

static void add_pages(struct page *page, json_t *view, struct date from, int minutes,
		      int64_t window_days)
{
	struct date today = local_date(page->service->now);
	struct date before = date_add_days(from, -DAYS_SHOWN);
	struct date after = date_add_days(from, DAYS_SHOWN);
	if (date_compare(from, today) > 0) {
		if (date_compare(before, today) < 0)
			before = today;
		json_object_set_new(view, "previous",
				    json_pack("{s:o, s:s}", "href", link_to(page, before, minutes),
					      "text", page_word(page, "family.book_time.earlier")));
	}
	if (date_compare(after, date_add_days(today, window_days)) <= 0)
		json_object_set_new(view, "next",
				    json_pack("{s:o, s:s}", "href", link_to(page, after, minutes),
					      "text", page_word(page, "family.book_time.later")));
}

static void add_lengths(struct page *page, json_t *view, const struct offer *offer,
			struct date from, int minutes)
{
	json_t *lengths = json_array();
	for (size_t i = 0; i < offer->length_count && offer->length_count > 1; i++)
		json_array_append_new(lengths,
				      json_pack("{s:i, s:o, s:b}", "minutes", offer->lengths[i],
						"href", link_to(page, from, offer->lengths[i]),
						"here", offer->lengths[i] == minutes));
	view_list(view, "lengths", lengths);
}

/* The next date that works, where these days have none. */
static void add_next(struct page *page, json_t *view, const struct offer_query *query)
{
	struct offered_time next;
	enum err err = offer_next(page->service, &page->actor, page->arena, query, &next);
	if (err != OK || next.start.s == 0)
		return;
	json_object_set_new(view, "next_free",
			    json_pack("{s:o, s:o}", "when", view_when(page, next.start), "href",
				      link_to(page, local_date(next.start), next.minutes)));
}

/* ?minutes= if there are such visits, else the shortest. */
static int length_asked(const struct page *page, const struct offer *offer)
{
	uint64_t minutes = 0;
	if (str_u64(request_query(page->request, "minutes"), MINUTES_MAX, &minutes))
		for (size_t i = 0; i < offer->length_count; i++)
			if (offer->lengths[i] == (int)minutes)
				return (int)minutes;
	return offer->length_count ? offer->lengths[0] : 0;
}

/* The first day to show: ?from=, but never before today nor behind the window. */
static struct date first_day(const struct page *page, int64_t window_days)
{
	struct date from, today = local_date(page->service->now);
	if (!date_of(request_query(page->request, "from"), &from) ||
	    date_compare(from, today) < 0 ||
	    date_compare(from, date_add_days(today, window_days)) > 0)
		return today;
	return from;
}

enum err times_show(struct page *page, struct form *form, struct offer_query *query, json_t *view,
		    struct offer *offer)
{
	struct policy policy;
	bool family = page->actor.role == ROLE_FAMILY;
	query->from = local_date(page->service->now);
	query->days = 1;
	/* Once for today, which says where; then for the days that this prison lets people choose. */
	enum err err = offer_times(page->service, &page->actor, page->arena, query, offer);
	if (err == OK)
		err = policy_find(page->service, offer->prisoner.prison, &policy);
	if (err != OK)
		return err;
	int64_t window = policy.values[family ? POLICY_WINDOW_DAYS : POLICY_WINDOW_DAYS_STAFF];
	query->from = first_day(page, window);
	query->days = DAYS_SHOWN;
	err = offer_times(page->service, &page->actor, page->arena, query, offer);
	if (err != OK)
		return err;
	int minutes = length_asked(page, offer);
	json_t *days = days_of(page, offer, minutes, form_raw(form, "time"));
	json_object_set_new(view, "none", json_string(page_word(page, no_times_word(offer))));
	add_lengths(page, view, offer, query->from, minutes);
	add_pages(page, view, query->from, minutes, window);
	query->minutes = minutes;
	if (json_array_size(days) == 0)
		add_next(page, view, query);
	view_list(view, "days", days);
	return OK;
}
