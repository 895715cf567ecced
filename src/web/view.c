#include "web/view.h"

#include <string.h>

#include "base/assert.h"
#include "domain/booking.h"
#include "web/web.h"

enum {
	WORD_MAX = 4000,
	SECONDS_A_MINUTE = 60,
	DAYS_A_WEEK = 7,
};

void view_row_lines(const struct page *page, json_t *rows, const char *key, json_t *lines)
{
	json_t *row = json_object();
	json_object_set_new(row, "key", json_string(page_word(page, key)));
	json_object_set_new(row, "lines", lines);
	json_object_set_new(row, "change", json_null());
	json_array_append_new(rows, row);
}

void view_row(const struct page *page, json_t *rows, const char *key, json_t *line)
{
	json_t *lines = json_array();
	json_array_append_new(lines, line);
	view_row_lines(page, rows, key, lines);
}

void view_row_change(const struct page *page, json_t *rows, const char *format, ...)
{
	char text[512];
	va_list list;
	json_t *row = json_array_get(rows, json_array_size(rows) - 1);
	(void)page;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	json_object_set_new(row, "change", json_string(text));
}

void view_row_change_word(const struct page *page, json_t *rows, const char *word)
{
	json_t *row = json_array_get(rows, json_array_size(rows) - 1);
	json_object_set_new(row, "change_word", json_string(page_word(page, word)));
}

json_t *view_tag(const struct page *page, const char *word, const char *colour)
{
	return json_pack("{s:s, s:s}", "text", page_word(page, word), "colour", colour);
}

static const char *const visit_colours[] = {
	[VISIT_REQUESTED] = "yellow", [VISIT_BOOKED] = "blue",    [VISIT_LOBBY] = "yellow",
	[VISIT_LIVE] = "green",       [VISIT_COMPLETED] = "grey", [VISIT_CANCELLED] = "red",
	[VISIT_NO_SHOW] = "orange",
};
_Static_assert(ARRAY_LEN(visit_colours) == VISIT_STATE_COUNT, "a colour for each state");

json_t *view_visit_tag(const struct page *page, enum visit_state state)
{
	const char *word = arena_printf(page->arena, "common.state.%s", visit_state_name(state));
	return view_tag(page, word, visit_colours[state]);
}

static const char *const contact_colours[] = {
	[CONTACT_REQUESTED] = "yellow",
	[CONTACT_APPROVED] = "green",
	[CONTACT_REJECTED] = "red",
};
_Static_assert(ARRAY_LEN(contact_colours) == CONTACT_STATE_COUNT, "a colour for each state");

json_t *view_contact_tag(const struct page *page, enum contact_state state)
{
	const char *word =
	    arena_printf(page->arena, "common.contact.%s", contact_state_name(state));
	return view_tag(page, word, contact_colours[state]);
}

json_t *view_date(const struct page *page, struct date date)
{
	return page_date(page, date);
}

json_t *view_word(const struct page *page, const char *path, json_t *vars)
{
	struct buf text = buf_of(WORD_MAX);
	const char *hole = arena_printf(page->arena, "{{t.%s}}", path);
	json_object_set(vars, "t", (json_t *)(uintptr_t)page_words(page));
	json_object_set_new(vars, "lang", json_string(page->lang));
	enum err err = template_render_text(&page->web->templates, str_from(hole), vars, &text);
	json_t *out = err == OK ? page_str(buf_view(&text)) : json_string("");
	buf_clear(&text);
	json_decref(vars);
	return out;
}

static const char *weekday_word(const struct page *page, const char *list, int day)
{
	return page_word(page, arena_printf(page->arena, "times.%s.%d", list, day));
}

/* Three days or more in a row are told by the first and the last. */
json_t *view_weekdays(const struct page *page, unsigned days)
{
	const char *text = "";
	for (int first = 1, last; first <= DAYS_A_WEEK; first = last + 1) {
		last = first;
		if (!(days & 1U << first))
			continue;
		while (last < DAYS_A_WEEK && (days & 1U << (last + 1)))
			last++;
		if (last == first + 1)
			last = first;
		text = arena_printf(page->arena, "%s%s%s", text, text[0] ? ", " : "",
				    weekday_word(page, "weekdays", first));
		if (last > first)
			text = arena_printf(page->arena, "%s %s", text,
					    weekday_word(page, "weekdays_to", last));
	}
	return json_string(text);
}

json_t *view_when(const struct page *page, struct wall at)
{
	json_t *time = page_time(page, at);
	json_t *out = json_sprintf("%s, %s", json_string_value(json_object_get(time, "date")),
				   json_string_value(json_object_get(time, "time")));
	json_decref(time);
	return out;
}

json_t *view_names(const struct visit *visit)
{
	json_t *names = json_array();
	for (size_t i = 0; i < visit->visitor_count; i++)
		json_array_append_new(names, page_str(visit->visitors[i].name));
	return names;
}

json_t *view_reference(struct reference reference)
{
	char shown[REFERENCE_SHOWN_LEN + 1];
	reference_show(reference, shown);
	return json_string(shown);
}

/* Seconds that were lost, by cause: in words, none for what was not lost. */
static json_t *lost_times(const struct page *page, const struct lost_time *time)
{
	static const char *const WORDS[LOST_CAUSE_COUNT] = {
		[LOST_PRISON_LINE] = "common.room.lost.prison_line",
		[LOST_TERMINAL] = "common.room.lost.terminal",
		[LOST_VISITOR_LINE] = "common.room.lost.visitor_line",
		[LOST_SERVICE] = "common.room.lost.service",
		[LOST_STAFF] = "common.room.lost.staff",
		[LOST_NOBODY] = "common.room.lost.nobody",
	};
	json_t *list = json_array();
	for (size_t i = 0; i < LOST_CAUSE_COUNT; i++)
		if (time->s[i] > 0)
			json_array_append_new(list,
					      json_pack("{s:i, s:i, s:o}", "minutes",
							time->s[i] / SECONDS_A_MINUTE, "seconds",
							time->s[i] % SECONDS_A_MINUTE, "why",
							page_word(page, WORDS[i])));
	return list;
}

json_t *view_account(const struct page *page, const struct visit *visit, const char *area)
{
	int cost = booking_cost_minutes(visit->kind, visit_paid_minutes(visit));
	if (!visit_is_over(visit->state))
		return NULL;
	const char *sentence =
	    arena_printf(page->arena, "%s.ends.%s", area, visit_end_name(visit->end));
	json_t *account =
	    json_pack("{s:s, s:o, s:i, s:i, s:i, s:i}", "sentence", page_word(page, sentence),
		      "reason", page_str(visit->end_reason), "booked", visit->minutes, "used",
		      (visit->used_s + SECONDS_A_MINUTE - 1) / SECONDS_A_MINUTE, "counted",
		      visit->counted_minutes, "returned",
		      cost > visit->counted_minutes ? cost - visit->counted_minutes : 0);
	view_list(account, "lost", lost_times(page, &visit->lost));
	return account;
}

json_t *view_choice(json_t *value, json_t *text, json_t *hint)
{
	return json_pack("{s:o, s:o, s:o}", "value", value, "text", text, "hint",
			 hint != NULL ? hint : json_null());
}

void view_list(json_t *view, const char *name, json_t *list)
{
	char has[64];
	snprintf(has, sizeof(has), "has_%s", name);
	json_object_set_new(view, has, json_boolean(json_array_size(list) > 0));
	json_object_set_new(view, name, list);
}

void view_here(json_t *view, const char *item)
{
	json_object_set_new(view, "here", json_pack("{s:b}", item, 1));
}
