#include "web/times.h"

#include <string.h>

#include "base/assert.h"
#include "service/prison.h"
#include "web/view.h"

enum {
	DAYS_SHOWN = 14,
	LEGAL_DAYS_SHOWN = 7,
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

bool times_read_legal(struct str text, struct legal_time *out)
{
	uint64_t start = 0, terminal = 0;
	if (!str_u64(str_cut(&text, '-'), INT32_MAX * 4LL, &start))
		return false;
	(void)str_cut(&text, '-');
	if (!str_u64(text, INT64_MAX, &terminal))
		return false;
	*out = (struct legal_time){ { (int64_t)start }, { (int64_t)terminal } };
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

/* A day of components/times, without times yet. */
static json_t *day_view(const struct page *page, struct wall at, bool open)
{
	json_t *time = page_time(page, at);
	json_t *day = json_pack("{s:O, s:[], s:b, s:i}", "date", json_object_get(time, "date"),
				"times", "open", open, "free", 0);
	json_decref(time);
	return day;
}

/* time: {id, value, text, checked, note}; takes it. */
static void day_add(json_t *day, json_t *time)
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
			day = day_view(page, time->start, first);
			date = on;
			json_array_append_new(days, day);
		}
		day_add(day, time_view(page, time, chosen, first));
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

static void add_page(const struct page *page, json_t *view, const char *name, struct date from,
		     int minutes)
{
	bool back = strcmp(name, "previous") == 0;
	json_object_set_new(view, name,
			    json_pack("{s:o, s:s}", "href", link_to(page, from, minutes), "text",
				      page_word(page, back ? "family.book_time.earlier"
							   : "family.book_time.later")));
}

static void add_previous(const struct page *page, json_t *view, struct date from, int days,
			 int minutes)
{
	struct date today = local_date(page->service->now);
	struct date before = date_add_days(from, -days);
	if (date_compare(from, today) > 0)
		add_page(page, view, "previous", date_compare(before, today) < 0 ? today : before,
			 minutes);
}

static void add_pages(const struct page *page, json_t *view, struct date from, int minutes,
		      int64_t window_days)
{
	struct date last = date_add_days(local_date(page->service->now), window_days);
	struct date after = date_add_days(from, DAYS_SHOWN);
	add_previous(page, view, from, DAYS_SHOWN, minutes);
	if (date_compare(after, last) <= 0)
		add_page(page, view, "next", after, minutes);
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

static void add_next_free(const struct page *page, json_t *view, struct wall start, int minutes)
{
	json_object_set_new(view, "next_free",
			    json_pack("{s:o, s:o}", "when", view_when(page, start), "href",
				      link_to(page, local_date(start), minutes)));
}

/* The next date that works, where these days have none. */
static void add_next(struct page *page, json_t *view, const struct offer_query *query)
{
	struct offered_time next;
	enum err err = offer_next(page->service, &page->actor, page->arena, query, &next);
	if (err == OK && next.start.s != 0)
		add_next_free(page, view, next.start, next.minutes);
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

/* ---- legal visits ---- */

static json_t *legal_time_view(const struct page *page, const struct legal_time *time, int minutes,
			       bool checked, bool first)
{
	json_t *at = page_time(page, time->start);
	const char *value = arena_printf(page->arena, "%lld-%d-%lld", (long long)time->start.s,
					 minutes, (long long)time->terminal.n);
	json_t *view =
	    json_pack("{s:s, s:s, s:O, s:b, s:n}", "id",
		      first ? "time" : arena_printf(page->arena, "time-%s", value), "value", value,
		      "text", json_object_get(at, "time"), "checked", checked, "note");
	json_decref(at);
	return view;
}

/* The place in the list of the time that was chosen; 0: the earliest. */
static size_t chosen_of(const struct legal_times *found, size_t count, struct str chosen)
{
	struct legal_time time;
	if (times_read_legal(chosen, &time))
		for (size_t i = 0; i < count; i++)
			if (found->times[i].start.s == time.start.s)
				return i;
	return 0;
}

json_t *times_legal_days(const struct page *page, const struct legal_times *found, size_t count,
			 struct str chosen)
{
	size_t checked = chosen_of(found, count, chosen);
	json_t *days = json_array(), *day = NULL;
	struct date date = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct legal_time *time = &found->times[i];
		struct date on = local_date(time->start);
		if (i == 0 || date_compare(on, date) != 0) {
			day = day_view(page, time->start, i == 0);
			json_array_append_new(days, day);
		}
		date = on;
		day_add(day,
			legal_time_view(page, time, found->need.minutes, i == checked, i == 0));
	}
	return days;
}

void times_say_kept(const struct page *page, const struct legal_times *found, json_t *view)
{
	if (found->kept_until.year)
		json_object_set_new(
		    view, "kept",
		    view_word(page, "legal.book.kept",
			      json_pack("{s:o}", "until", page_date(page, found->kept_until))));
}

const char *times_legal_no(struct verdict verdict)
{
	switch ((int)verdict_first(verdict)) {
	case BOOKING_KEPT:
		return "kept";
	case BOOKING_TURN_ROUND:
		return "turn_round";
	default:
		return "taken";
	}
}

static const char *no_legal_times_word(const struct legal_times *found)
{
	if (found->party != BOOKING_OK)
		return "legal.move.party";
	return found->need.deadline.year ? "legal.move.none_in_time" : "legal.move.none";
}

static size_t count_until(const struct legal_times *found, struct date end)
{
	size_t count = 0;
	while (count < found->count && date_compare(local_date(found->times[count].start), end) < 0)
		count++;
	return count;
}

enum err times_show_legal(struct page *page, struct form *form, const struct visit *visit,
			  json_t *view, struct legal_times *found)
{
	struct policy policy;
	enum err err = policy_find(page->service, visit->prison, &policy);
	if (err != OK)
		return err;
	struct date from = first_day(page, policy.values[POLICY_WINDOW_DAYS]);
	bool later = date_compare(from, local_date(page->service->now)) > 0;
	struct legal_time chosen = { 0 };
	if (!form_ok(form)) /* the time that they could not have */
		(void)times_read_legal(form_raw(form, "time"), &chosen);
	err = legal_move_times(page->service, &page->actor, page->arena, visit->reference, from,
			       chosen.start, found);
	if (err != OK)
		return err;
	times_say_kept(page, found, view);
	if (!later && found->count) /* nothing lies before the earliest */
		from = local_date(found->times[0].start);
	size_t count = count_until(found, date_add_days(from, LEGAL_DAYS_SHOWN));
	int minutes = visit->minutes;
	if (later)
		add_previous(page, view, from, LEGAL_DAYS_SHOWN, minutes);
	if (count == 0 && found->count)
		add_next_free(page, view, found->times[0].start, minutes);
	else if (count < found->count)
		add_page(page, view, "next", local_date(found->times[count].start), minutes);
	json_object_set_new(view, "none", json_string(page_word(page, no_legal_times_word(found))));
	view_list(view, "days", times_legal_days(page, found, count, form_raw(form, "time")));
	return OK;
}
