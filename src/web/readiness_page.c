#include "web/readiness_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/readiness.h"
#include "web/figures.h"
#include "web/view.h"

/* Which prisons are shown. */
enum shown {
	SHOWN_ALL,
	SHOWN_NOT_READY,
	SHOWN_NO_LEGAL,
	SHOWN_COUNT,
};

static const char *const SHOWN[SHOWN_COUNT] = { "all", "not_ready", "no_legal" };

static enum shown asked_for(const struct page *page)
{
	struct str text = request_query(page->request, "show");
	for (unsigned i = 0; i < SHOWN_COUNT; i++)
		if (str_is(text, SHOWN[i]))
			return (enum shown)i;
	return SHOWN_ALL;
}

static bool is_shown(const struct readiness_row *row, enum shown shown)
{
	if (shown == SHOWN_NOT_READY)
		return !row->readiness.can_hold;
	return shown == SHOWN_ALL || !row->readiness.can_hold_legal;
}

static void add_found(const struct page *page, json_t *lines, const char *word, int should,
		      int found)
{
	if (found != 0)
		json_array_append_new(
		    lines, view_word(page, word,
				     json_pack("{s:i, s:i}", "found", found, "should", should)));
}

/* How many visits it bears, and where it shows to carry less than it should. */
static json_t *line_detail(const struct page *page, const struct readiness_facts *f)
{
	json_t *lines = json_array();
	json_array_append_new(lines, view_word(page, "statistics.readiness.calls",
					       json_pack("{s:i}", "n", f->calls)));
	add_found(page, lines,
		  f->up_kbit == 0 ? "statistics.readiness.found_up"
				  : "statistics.readiness.found_up_of",
		  f->up_kbit, f->found_up_kbit);
	add_found(page, lines,
		  f->down_kbit == 0 ? "statistics.readiness.found_down"
				    : "statistics.readiness.found_down_of",
		  f->down_kbit, f->found_down_kbit);
	return lines;
}

/* What there is to say beside the colour: numbers, a reason, a day. */
static json_t *detail_of(const struct page *page, const struct readiness_row *row,
			 enum readiness_lamp lamp)
{
	const struct readiness_facts *f = &row->facts;
	bool welsh = strcmp(page->lang, "cy") == 0 && !str_empty(row->prison.not_ready_reason_cy);
	if (lamp == LAMP_DECLARED && !f->declared)
		return page_str(welsh ? row->prison.not_ready_reason_cy
				      : row->prison.not_ready_reason);
	if (lamp == LAMP_EQUIPMENT)
		return view_word(page, "statistics.readiness.terminals",
				 json_pack("{s:i, s:i}", "n", f->enrolled, "all", f->terminals));
	if (lamp == LAMP_LINE && f->line_known)
		return line_detail(page, f);
	return json_null();
}

static json_t *lamp_view(const struct page *page, const struct readiness_row *row,
			 enum readiness_lamp lamp)
{
	static const char *const COLOURS[LAMP_STATE_COUNT] = { "green", "grey", "red" };
	const struct lamp *state = &row->readiness.lamps[lamp];
	const char *word = arena_printf(page->arena, "statistics.readiness.states.%s",
					lamp_state_name(state->state));
	const char *label =
	    arena_printf(page->arena, "statistics.readiness.lamps.%s", readiness_lamp_name(lamp));
	json_t *view = json_pack("{s:s, s:o, s:o}", "label", page_word(page, label), "tag",
				 view_tag(page, word, COLOURS[state->state]), "detail",
				 detail_of(page, row, lamp));
	if (state->since.s != 0)
		json_object_set_new(view, "since", view_date(page, local_date(state->since)));
	return view;
}

static json_t *row_view(const struct page *page, const struct readiness_row *row)
{
	json_t *lamps = json_array();
	for (unsigned l = 0; l < LAMP_COUNT; l++)
		json_array_append_new(lamps, lamp_view(page, row, (enum readiness_lamp)l));
	return json_pack("{s:o, s:s, s:b, s:o}", "name",
			 page_prison_name(page, row->prison.code, row->prison.name), "code",
			 row->prison.code.text, "can", (int)row->readiness.can_hold, "lamps",
			 lamps);
}

static json_t *columns_of(const struct page *page)
{
	json_t *columns = json_array();
	for (unsigned l = 0; l < LAMP_COUNT; l++)
		json_array_append_new(
		    columns, json_string(page_word(
				 page, arena_printf(page->arena, "statistics.readiness.lamps.%s",
						    readiness_lamp_name((enum readiness_lamp)l)))));
	return columns;
}

static json_t *options_of(const struct page *page, enum shown shown)
{
	json_t *list = json_array();
	for (unsigned i = 0; i < SHOWN_COUNT; i++)
		figures_option(
		    list, SHOWN[i],
		    json_string(page_word(
			page, arena_printf(page->arena, "statistics.readiness.show.%s", SHOWN[i]))),
		    i == (unsigned)shown);
	return list;
}

static void readiness(struct page *page)
{
	struct readiness_list all;
	enum shown shown = asked_for(page);
	int can = 0, legal = 0;
	enum err err = readiness_find(page->service, &page->actor, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *rows = json_array();
	for (size_t i = 0; i < all.count; i++) {
		can += all.list[i].readiness.can_hold;
		legal += all.list[i].readiness.can_hold_legal;
		if (is_shown(&all.list[i], shown))
			json_array_append_new(rows, row_view(page, &all.list[i]));
	}
	json_t *view = json_pack("{s:i, s:i, s:i, s:o, s:o}", "can", can, "legal", legal, "all",
				 (int)all.count, "columns", columns_of(page), "options",
				 options_of(page, shown));
	view_list(view, "rows", rows);
	view_here(view, "readiness");
	page_render(page, 200, "statistics/readiness", view);
}

enum {
	WHO_SEES = WHO_HQ | WHO_OPERATOR | WHO_INSPECTOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/readiness", WHO_SEES, .handler = readiness },
};

const struct route_group readiness_routes = { rows, ARRAY_LEN(rows) };
