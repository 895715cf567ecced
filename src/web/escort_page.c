#include "web/escort_page.h"

#include <string.h>

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/prison.h"
#include "web/figures.h"
#include "web/live.h"
#include "web/urlencoded.h"
#include "web/view.h"

enum {
	WING_MAX = 40,
	WORDS_MAX_CHARACTERS = 400,
	MINUTE_S = 60,
	HOUR_MINUTES = 60,
};

/* ---- one escort ---- */

static json_t *escort_tag(const struct page *page, enum escort state)
{
	static const char *const COLOURS[ESCORT_COUNT] = {
		[ESCORT_TO_KNOW] = "yellow",    [ESCORT_UNKNOWN] = "red",
		[ESCORT_ACKNOWLEDGED] = "blue", [ESCORT_PICK_UP] = "orange",
		[ESCORT_LATE] = "red",          [ESCORT_OVERDUE] = "red",
		[ESCORT_THERE] = "green",       [ESCORT_NOT_PRODUCED] = "grey",
	};
	if (state == ESCORT_NONE || state == ESCORT_AHEAD)
		return json_null();
	return view_tag(page, arena_printf(page->arena, "movements.states.%s", escort_name(state)),
			COLOURS[state]);
}

/* The words that are filled in here and, each minute, by the script: n is "{n}" for it. */
static json_t *in_words(const struct page *page, const char *word, const char *n)
{
	return view_word(page, word, json_pack("{s:s}", "n", n));
}

/* "in 12 min" until it is time to go, then until it begins, then how late it is; null: nothing to count. */
static json_t *countdown(const struct page *page, const struct escort_row *row)
{
	bool before = page->service->now.s < row->pick_up.s;
	struct wall to = before ? row->pick_up : row->escort.visit.start;
	int64_t left_s = to.s - page->service->now.s;
	bool counts = row->state >= ESCORT_TO_KNOW && row->state <= ESCORT_OVERDUE &&
		      left_s < 12 * HOUR_MINUTES * MINUTE_S;
	if (!counts)
		return json_null();
	const char *in = before ? "movements.pick_up_in" : "movements.begins_in";
	int64_t minutes = (left_s < 0 ? -left_s : left_s + MINUTE_S - 1) / MINUTE_S;
	json_t *at = page_time(page, to);
	json_t *out = json_pack("{s:O, s:o, s:o, s:o}", "to", json_object_get(at, "iso"), "text",
				in_words(page, left_s < 0 ? "movements.late_by" : in,
					 arena_printf(page->arena, "%lld", (long long)minutes)),
				"in", in_words(page, in, "{n}"), "late",
				in_words(page, "movements.late_by", "{n}"));
	json_decref(at);
	return out;
}

static json_t *cause_text(const struct page *page, enum not_produced cause)
{
	return json_string(page_word(
	    page, arena_printf(page->arena, "movements.causes.%s", not_produced_name(cause))));
}

static json_t *time_of(const struct page *page, struct wall at)
{
	json_t *time = page_time(page, at);
	json_t *out = json_incref(json_object_get(time, "time"));
	json_decref(time);
	return out;
}

enum {
	WHO_SEES = WHO_PRISON | WHO_INSPECTOR,
	WHO_NOTES = WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR,
};

static json_t *line_of(const struct page *page, const struct escort_row *row)
{
	const struct visit *visit = &row->escort.visit;
	const char *kind =
	    arena_printf(page->arena, "movements.kinds.%s", visit_kind_name(visit->kind));
	json_t *line = json_pack(
	    "{s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:b}", "reference",
	    visit->reference.text, "pick_up", time_of(page, row->pick_up), "start",
	    time_of(page, visit->start), "until", time_of(page, visit_slot_end(visit)), "prisoner",
	    page_str(visit->prisoner_name), "number", visit->prisoner_number.text, "location",
	    page_str(row->escort.location), "room", page_str(visit->room_name), "terminal",
	    page_str(visit->terminal_name), "kind", page_word(page, kind), "tag",
	    escort_tag(page, row->state), "countdown", countdown(page, row), "may_note",
	    (int)(page_is_for(page, WHO_NOTES) && row->may_be_noted));
	if (row->escort.acknowledged_at.s != 0)
		json_object_set_new(line, "acknowledged",
				    time_of(page, row->escort.acknowledged_at));
	if (row->escort.noted)
		json_object_set_new(line, "cause", cause_text(page, row->escort.cause));
	if (row->escort.standby.n)
		json_object_set_new(line, "tag",
				    view_tag(page, "movements.stands_by", "turquoise"));
	json_object_set_new(line, "stands_by", json_boolean(row->escort.standby.n));
	return line;
}

void escort_add(const struct page *page, json_t *line, const struct escort_sheet *sheet,
		struct reference reference)
{
	for (size_t i = 0; i < sheet->count; i++) {
		const struct escort_row *row = &sheet->rows[i];
		if (strcmp(row->escort.visit.reference.text, reference.text) != 0)
			continue;
		json_object_set_new(line, "escort",
				    json_pack("{s:o, s:o}", "tag", escort_tag(page, row->state),
					      "countdown", countdown(page, row)));
		return;
	}
}

/* ---- the lists of a day ---- */

/* "09:00–10:00", the hour in which they are picked up. */
static const char *hour_text(const struct page *page, struct wall at)
{
	int hour = local_of(at).minute / HOUR_MINUTES;
	return arena_printf(page->arena, "%02d:00–%02d:00", hour, hour + 1);
}

static bool same_hour(struct wall a, struct wall b)
{
	return local_of(a).minute / HOUR_MINUTES == local_of(b).minute / HOUR_MINUTES;
}

static json_t *hours_of(const struct page *page, const struct escort_sheet *sheet, size_t from,
			size_t to)
{
	json_t *hours = json_array(), *lines = NULL;
	for (size_t i = from; i < to; i++) {
		const struct escort_row *row = &sheet->rows[i];
		if (lines == NULL || !same_hour(row->pick_up, sheet->rows[i - 1].pick_up)) {
			lines = json_array();
			json_array_append_new(hours, json_pack("{s:s, s:o}", "hour",
							       hour_text(page, row->pick_up),
							       "lines", lines));
		}
		json_array_append_new(lines, line_of(page, row));
	}
	return hours;
}

static bool to_acknowledge(const struct escort_row *row)
{
	return row->escort.acknowledged_at.s == 0 && row->state >= ESCORT_AHEAD &&
	       row->state <= ESCORT_LATE;
}

static json_t *wings_of(const struct page *page, const struct escort_sheet *sheet)
{
	json_t *wings = json_array();
	for (size_t from = 0, to = 0; from < sheet->count; from = to) {
		struct str wing = sheet->rows[from].escort.wing;
		int open = 0;
		for (; to < sheet->count && str_equal(sheet->rows[to].escort.wing, wing); to++)
			open += to_acknowledge(&sheet->rows[to]);
		json_array_append_new(wings, json_pack("{s:o, s:i, s:b, s:i, s:o}", "wing",
						       page_str(wing), "count", (int)(to - from),
						       "open", open > 0, "open_count", open,
						       "hours", hours_of(page, sheet, from, to)));
	}
	return wings;
}

/* All wings of the day, whichever is shown. */
static json_t *wing_options(const struct page *page, const struct escort_sheet *all,
			    struct str chosen)
{
	json_t *list = json_array();
	figures_option(list, "", json_string(page_word(page, "movements.all_wings")),
		       str_empty(chosen));
	for (size_t i = 0; i < all->count; i++) {
		struct str wing = all->rows[i].escort.wing;
		if (i == 0 || !str_equal(wing, all->rows[i - 1].escort.wing))
			figures_option(list, arena_text(page->arena, wing), page_str(wing),
				       str_equal(wing, chosen));
	}
	return list;
}

/* Of the whole sheet, the lines of one wing: they stand together. */
static struct escort_sheet only(const struct escort_sheet *all, struct str wing)
{
	struct escort_sheet sheet = *all;
	size_t from = 0, to;
	while (from < all->count && !str_equal(all->rows[from].escort.wing, wing))
		from++;
	for (to = from; to < all->count && str_equal(all->rows[to].escort.wing, wing); to++)
		;
	sheet.rows += from;
	sheet.count = to - from;
	return sheet;
}

static struct str asked_wing(const struct page *page)
{
	struct str wing = request_query(page->request, "wing");
	return wing.len <= WING_MAX && str_is_utf8(wing) ? wing : STR("");
}

static struct date asked_day(const struct page *page)
{
	struct date today = local_date(page->service->now), date;
	return date_words_of(request_query(page->request, "date"), today, &date) ? date : today;
}

static json_t *day_text(struct date date)
{
	char text[DATE_TEXT_ROOM];
	date_write(date, text);
	return json_string(text);
}

static bool find_prison(const struct page *page, struct prison_code *out)
{
	*out = page->actor.prison;
	return !prison_code_empty(*out) ||
	       prison_code_of(request_query(page->request, "prison"), out);
}

static void lists(struct page *page)
{
	struct prison_code prison;
	struct escort_sheet all, sheet;
	struct date date = asked_day(page);
	struct str wing = asked_wing(page);
	if (!find_prison(page, &prison))
		return page_not_found(page);
	enum err err = escort_sheet_find(page->service, &page->actor, page->arena, prison, date,
					 STR(""), &all);
	if (err != OK)
		return page_failed(page, err);
	sheet = str_empty(wing) ? all : only(&all, wing);
	json_t *at = page_time(page, local_midnight(date));
	json_t *view = json_pack(
	    "{s:O, s:o, s:o, s:o, s:o, s:s, s:b, s:o}", "date", json_object_get(at, "date"), "day",
	    day_text(date), "day_before", day_text(date_add_days(date, -1)), "day_after",
	    day_text(date_add_days(date, 1)), "wings", wing_options(page, &all, wing),
	    "prison_code", prison_code_empty(page->actor.prison) ? prison.text : "", "own",
	    !prison_code_empty(page->actor.prison), "prison",
	    page_prison_name(page, all.prison.code, all.prison.name));
	json_decref(at);
	view_list(view, "lists", wings_of(page, &sheet));
	view_here(view, "movements");
	page_render(page, 200, "movements/lists", view);
}

static void acknowledge(struct page *page)
{
	struct form *form = page_form(page, "movements");
	struct str wing = form_text(form, "wing", WING_MAX);
	struct str day = form_text(form, "day", DATE_TEXT_ROOM);
	struct date date;
	size_t count;
	if (!form_ok(form) || !date_of(day, &date))
		return page_not_found(page);
	enum err err = escort_acknowledge(page->service, &page->actor, date, wing, &count);
	if (err != OK && err != ERR_BAD)
		return page_failed(page, err);
	page_redirect(page, "/staff/movements?date=%.*s&wing=%s%s", STR_FMT(day),
		      urlencoded_encode(page->arena, wing), err == OK ? "&done=acknowledged" : "");
}

/* ---- not produced ---- */

/* In the order of the enum. */
static const char *const CAUSES[] = { "REFUSED",  "COURT",    "MOVED", "HEALTH", "NO_ESCORT",
				      "LOCKDOWN", "NOT_TOLD", "OTHER", NULL };

/* The escort of the path; false after answering. */
static bool find_row(struct page *page, struct escort_row *out)
{
	struct reference reference;
	if (!page_param_reference(page, 0, &reference)) {
		page_not_found(page);
		return false;
	}
	enum err err = escort_find(page->service, &page->actor, page->arena, reference, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void show_note(struct page *page, struct form *form, const struct escort_row *row)
{
	json_t *items = json_array();
	for (size_t i = 0; CAUSES[i] != NULL; i++)
		json_array_append_new(items,
				      view_choice(json_string(CAUSES[i]),
						  cause_text(page, (enum not_produced)i), NULL));
	form_options(form, "cause", items);
	json_t *view = line_of(page, row);
	json_object_set_new(view, "back",
			    json_sprintf("/staff/visits/%s", row->escort.visit.reference.text));
	json_object_set_new(view, "ends", json_boolean(!visit_is_over(row->escort.visit.state)));
	view_here(view, "movements");
	page_render_form(page, form, "movements/note", view);
}

static void note_form(struct page *page)
{
	struct escort_row row;
	if (!find_row(page, &row))
		return;
	if (!row.may_be_noted)
		return page_redirect(page, "/staff/visits/%s", row.escort.visit.reference.text);
	show_note(page, page_form(page, "not_produced"), &row);
}

static void note(struct page *page)
{
	struct form *form = page_form(page, "not_produced");
	int cause = form_choice(form, "cause", CAUSES);
	struct str words = form_lines(form, "words", 0, WORDS_MAX_CHARACTERS);
	struct escort_row row;
	if (!find_row(page, &row))
		return;
	if (cause == NOT_PRODUCED_OTHER && str_empty(words))
		form_mistake(form, "words", "missing");
	if (words.len > REASON_MAX)
		form_mistake(form, "words", "too_long");
	if (!form_ok(form))
		return show_note(page, form, &row);
	struct reference reference = row.escort.visit.reference;
	enum err err = escort_not_produced(page->service, &page->actor, reference,
					   (enum not_produced)cause, words);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "cause", "conflict");
		return show_note(page, form, &row);
	}
	if (err != OK)
		return page_failed(page, err);
	live_changed(page, reference);
	page_redirect(page, "/staff/visits/%s?done=not_produced", reference.text);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/movements", WHO_SEES, .handler = lists },
	{ METHOD_POST, "/staff/movements/acknowledge", WHO_PRISON, BODY_FORM,
	  .handler = acknowledge },
	{ METHOD_GET, "/staff/visits/{reference}/not-produced", WHO_NOTES, .handler = note_form },
	{ METHOD_POST, "/staff/visits/{reference}/not-produced", WHO_NOTES, BODY_FORM,
	  .handler = note },
};

const struct route_group escort_routes = { rows, ARRAY_LEN(rows) };
