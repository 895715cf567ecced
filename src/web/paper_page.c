#include "web/paper_page.h"

#include <string.h>

#include "base/assert.h"
#include "domain/date_words.h"
#include "paper/document.h"
#include "service/escort.h"
#include "service/prison.h"
#include "web/page.h"
#include "web/view.h"
#include "web/web.h"

enum {
	ROWS_MAX = 600, /* of one document */
	WING_MAX = 40,
};

/* ---- writing ---- */

/* A document while it is written; freed by send(). */
struct paper {
	struct page *page;
	struct buf text;
};

static struct str word(const struct paper *paper, const char *name)
{
	return str_from(page_word(paper->page, arena_printf(paper->page->arena, "paper.%s", name)));
}

/* Takes text. */
static struct str taken(const struct paper *paper, json_t *text)
{
	struct str kept = arena_str(paper->page->arena,
				    str_of(json_string_value(text), json_string_length(text)));
	json_decref(text);
	return kept;
}

/* The language of the person who reads it: the page's, or the one asked for. */
static struct paper paper_of(struct page *page)
{
	struct str lang = request_query(page->request, "lang");
	if (str_is(lang, "cy"))
		page->lang = "cy";
	else if (str_is(lang, "en"))
		page->lang = "en";
	return (struct paper){ .page = page, .text = buf_of(DOCUMENT_MAX) };
}

static void begin(struct paper *paper, const char *heading, struct str of)
{
	struct str title = word(paper, heading);
	document_text(&paper->text, PAPER_LANG,
		      strcmp(paper->page->lang, "cy") == 0 ? STR("cy-GB") : STR("en-GB"));
	document_text(
	    &paper->text, PAPER_TITLE,
	    str_from(arena_printf(paper->page->arena, "%.*s: %.*s", STR_FMT(title), STR_FMT(of))));
	document_text(&paper->text, PAPER_H1, title);
}

static void row(struct paper *paper, const char *name, struct str value)
{
	const struct str fields[] = { word(paper, name), value };
	document_line(&paper->text, PAPER_ROW, fields, ARRAY_LEN(fields));
}

static void table(struct paper *paper, const char *const *columns, size_t count)
{
	struct str fields[DOCUMENT_FIELDS_MAX];
	for (size_t i = 0; i < count; i++)
		fields[i] = word(paper, columns[i]);
	document_line(&paper->text, PAPER_TABLE, fields, count);
}

/* The head of a table of what is so, line by line. */
static void facts(struct paper *paper)
{
	static const char *const COLUMNS[] = { "columns.what", "columns.is" };
	table(paper, COLUMNS, ARRAY_LEN(COLUMNS));
}

static void end(struct paper *paper)
{
	document_line(&paper->text, PAPER_END, NULL, 0);
}

static struct str shown(const struct paper *paper, struct reference reference)
{
	return taken(paper, view_reference(reference));
}

/* A code that leads to the visit on our pages; its words say the reference. */
static void code(struct paper *paper, const char *area, struct reference reference)
{
	const struct page *page = paper->page;
	struct str host = page->request->headers[HEADER_HOST];
	const char *base = page->web->config.public_url;
	if (base == NULL || *base == '\0')
		base = arena_printf(page->arena, "%s://%.*s", page->request->tls ? "https" : "http",
				    STR_FMT(host));
	struct str reference_words = word(paper, "reference");
	const struct str fields[] = {
		str_from(arena_printf(page->arena, "%.*s: %.*s", STR_FMT(reference_words),
				      STR_FMT(shown(paper, reference)))),
		str_from(arena_printf(page->arena, "%s%s/%s", base, area, reference.text))
	};
	document_line(&paper->text, PAPER_QR, fields, ARRAY_LEN(fields));
}

static struct str time_text(const struct paper *paper, struct wall at)
{
	json_t *time = page_time(paper->page, at);
	struct str text = taken(paper, json_incref(json_object_get(time, "time")));
	json_decref(time);
	return text;
}

static struct str date_text(const struct paper *paper, struct date date)
{
	json_t *time = page_time(paper->page, local_midnight(date));
	struct str text = taken(paper, json_incref(json_object_get(time, "date")));
	json_decref(time);
	return text;
}

static struct str between(const struct paper *paper, const struct visit *visit)
{
	return str_from(arena_printf(paper->page->arena, "%.*s–%.*s",
				     STR_FMT(time_text(paper, visit->start)),
				     STR_FMT(time_text(paper, visit_slot_end(visit)))));
}

static struct str two(const struct paper *paper, struct str a, struct str b)
{
	return str_from(arena_printf(paper->page->arena, "%.*s, %.*s", STR_FMT(a), STR_FMT(b)));
}

static struct str kind_text(const struct paper *paper, enum visit_kind kind)
{
	return str_from(
	    page_word(paper->page, arena_printf(paper->page->arena, "movements.kinds.%s",
						visit_kind_name(kind))));
}

static struct str visitors_text(const struct paper *paper, const struct visit *visit)
{
	const char *all = "";
	for (size_t i = 0; i < visit->visitor_count; i++)
		all = arena_printf(paper->page->arena, "%s%s%.*s", all, i > 0 ? ", " : "",
				   STR_FMT(visit->visitors[i].name));
	return str_from(all);
}

static void send(struct paper *paper, const char *name)
{
	struct buf text = paper->text;
	if (buf_ok(&text))
		page_paper(paper->page, buf_view(&text), name);
	else
		page_problem(paper->page, 422, "too_long", "Too much for one document.");
	buf_clear(&text);
}

/* ---- confirmation and letter ---- */

static void write_visit(struct paper *paper, const struct visit *visit, struct wall lobby)
{
	const struct page *page = paper->page;
	facts(paper);
	row(paper, "when", taken(paper, view_when(page, visit->start)));
	row(paper, "until", time_text(paper, visit_slot_end(visit)));
	row(paper, "lobby", time_text(paper, lobby));
	row(paper, "kind", kind_text(paper, visit->kind));
	row(paper, "prisoner", visit->prisoner_name);
	row(paper, "prison",
	    taken(paper, page_prison_name(page, visit->prison, visit->prison_name)));
	row(paper, "visitors", visitors_text(paper, visit));
	row(paper, "reference", shown(paper, visit->reference));
	end(paper);
}

static const char *state_word(enum visit_state state)
{
	if (state == VISIT_CANCELLED)
		return "confirmation.cancelled";
	if (state == VISIT_REQUESTED)
		return "confirmation.requested";
	return visit_is_over(state) ? "confirmation.over" : "confirmation.booked";
}

/* The booker may print it at home; staff print it as a letter for those without e-mail. */
static void confirmation(struct page *page)
{
	struct visit visit;
	struct visit_window window;
	if (!page_visit(page, &visit))
		return;
	enum err err = visit_times(page->service, &page->actor, visit.reference, &window);
	if (err != OK)
		return page_failed(page, err);
	struct paper paper = paper_of(page);
	begin(&paper, "confirmation.heading", shown(&paper, visit.reference));
	document_text(&paper.text, PAPER_P, word(&paper, state_word(visit.state)));
	write_visit(&paper, &visit, window.lobby_opens);
	if (!visit_is_over(visit.state)) {
		document_text(&paper.text, PAPER_H2, word(&paper, "confirmation.join"));
		document_text(&paper.text, PAPER_P, word(&paper, "confirmation.join_how"));
		document_text(&paper.text, PAPER_P, word(&paper, "confirmation.bring"));
		document_text(&paper.text, PAPER_P, word(&paper, "confirmation.cancel"));
		code(&paper, "/visits", visit.reference);
	}
	send(&paper, "visit.pdf");
}

/* ---- escort slip and pick-up list ---- */

static void slip(struct page *page)
{
	struct reference reference;
	struct escort_row found;
	if (!page_param_reference(page, 0, &reference))
		return page_not_found(page);
	enum err err = escort_find(page->service, &page->actor, page->arena, reference, &found);
	if (err != OK)
		return page_failed(page, err);
	const struct visit *visit = &found.escort.visit;
	struct paper paper = paper_of(page);
	begin(&paper, "slip.heading", str_from(visit->prisoner_number.text));
	facts(&paper);
	row(&paper, "prisoner", visit->prisoner_name);
	row(&paper, "number", str_from(visit->prisoner_number.text));
	row(&paper, "from", found.escort.location);
	row(&paper, "to", two(&paper, visit->room_name, visit->terminal_name));
	row(&paper, "day", date_text(&paper, local_date(visit->start)));
	row(&paper, "pick_up", time_text(&paper, found.pick_up));
	row(&paper, "visit", between(&paper, visit));
	row(&paper, "kind", kind_text(&paper, visit->kind));
	end(&paper);
	document_text(&paper.text, PAPER_P, word(&paper, "slip.text"));
	document_text(&paper.text, PAPER_P, word(&paper, "slip.not_produced"));
	code(&paper, "/staff/visits", visit->reference);
	send(&paper, "slip.pdf");
}

static struct date asked_day(const struct page *page)
{
	struct date today = local_date(page->service->now), date;
	return date_words_of(request_query(page->request, "date"), today, &date) ? date : today;
}

static bool find_prison(const struct page *page, struct prison_code *out)
{
	*out = page->actor.prison;
	return !prison_code_empty(*out) ||
	       prison_code_of(request_query(page->request, "prison"), out);
}

static void list_row(struct paper *paper, const struct escort_row *row)
{
	const struct visit *visit = &row->escort.visit;
	const struct str fields[] = {
		time_text(paper, row->pick_up),
		two(paper, visit->prisoner_name, str_from(visit->prisoner_number.text)),
		row->escort.location,
		row->escort.standby.n ? word(paper, "list.stands_by")
				      : two(paper, visit->room_name, visit->terminal_name),
		between(paper, visit),
		STR(""),
	};
	document_line(&paper->text, PAPER_ROW, fields, ARRAY_LEN(fields));
}

/* Each wing on sheets of its own. */
static void write_wing(struct paper *paper, const struct escort_sheet *sheet, size_t from,
		       size_t to)
{
	static const char *const COLUMNS[] = { "pick_up", "prisoner", "from",
					       "to",      "visit",    "list.left" };
	struct str wing = sheet->rows[from].escort.wing;
	struct str heading = word(paper, "list.wing");
	if (from > 0)
		document_line(&paper->text, PAPER_BREAK, NULL, 0);
	document_text(&paper->text, PAPER_H2,
		      str_from(arena_printf(paper->page->arena, "%.*s: %.*s", STR_FMT(heading),
					    STR_FMT(wing))));
	document_text(&paper->text, PAPER_P, date_text(paper, sheet->date));
	table(paper, COLUMNS, ARRAY_LEN(COLUMNS));
	for (size_t i = from; i < to; i++)
		list_row(paper, &sheet->rows[i]);
	end(paper);
	document_text(&paper->text, PAPER_P, word(paper, "list.sign"));
}

static void list(struct page *page)
{
	struct prison_code prison;
	struct escort_sheet sheet;
	struct str wing = request_query(page->request, "wing");
	if (!find_prison(page, &prison) || wing.len > WING_MAX || !str_is_utf8(wing))
		return page_not_found(page);
	enum err err = escort_sheet_find(page->service, &page->actor, page->arena, prison,
					 asked_day(page), wing, &sheet);
	if (err != OK)
		return page_failed(page, err);
	struct paper paper = paper_of(page);
	begin(&paper, "list.heading", date_text(&paper, sheet.date));
	for (size_t from = 0, to = 0; from < sheet.count && from < ROWS_MAX; from = to) {
		while (to < sheet.count &&
		       str_equal(sheet.rows[to].escort.wing, sheet.rows[from].escort.wing))
			to++;
		write_wing(&paper, &sheet, from, to);
	}
	if (sheet.count == 0)
		document_text(&paper.text, PAPER_P, word(&paper, "none"));
	send(&paper, "pick-up-list.pdf");
}

/* ---- the day sheet ---- */

static void day_row(struct paper *paper, const struct visit *visit)
{
	const struct str fields[] = {
		between(paper, visit),
		two(paper, visit->room_name, visit->terminal_name),
		two(paper, visit->prisoner_name, str_from(visit->prisoner_number.text)),
		visitors_text(paper, visit),
		kind_text(paper, visit->kind),
	};
	document_line(&paper->text, PAPER_ROW, fields, ARRAY_LEN(fields));
}

static void day(struct page *page)
{
	static const char *const COLUMNS[] = { "visit", "place", "prisoner", "visitors", "kind" };
	struct prison_code prison;
	struct day_sheet sheet;
	if (!find_prison(page, &prison))
		return page_not_found(page);
	enum err err = day_sheet_find(page->service, &page->actor, page->arena, prison,
				      asked_day(page), &sheet);
	if (err != OK)
		return page_failed(page, err);
	struct paper paper = paper_of(page);
	size_t written = 0;
	begin(&paper, "day_sheet.heading", date_text(&paper, sheet.date));
	document_text(
	    &paper.text, PAPER_P,
	    two(&paper, taken(&paper, page_prison_name(page, sheet.prison.code, sheet.prison.name)),
		date_text(&paper, sheet.date)));
	table(&paper, COLUMNS, ARRAY_LEN(COLUMNS));
	for (size_t i = 0; i < sheet.visits.count && written < ROWS_MAX; i++) {
		const struct visit *visit = &sheet.visits.list[i];
		if (visit->state == VISIT_CANCELLED || visit->state == VISIT_REQUESTED)
			continue;
		day_row(&paper, visit);
		written++;
	}
	end(&paper);
	if (written == 0)
		document_text(&paper.text, PAPER_P, word(&paper, "none"));
	send(&paper, "day-sheet.pdf");
}

enum {
	WHO_SEES = WHO_PRISON | WHO_INSPECTOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/visits/{reference}/confirmation.pdf", WHO_FAMILY, .handler = confirmation },
	{ METHOD_GET, "/staff/visits/{reference}/letter.pdf", WHO_PRISON, .handler = confirmation },
	{ METHOD_GET, "/staff/visits/{reference}/slip.pdf", WHO_PRISON, .handler = slip },
	{ METHOD_GET, "/staff/movements/list.pdf", WHO_SEES, .handler = list },
	{ METHOD_GET, "/staff/day-sheet.pdf", WHO_SEES, .handler = day },
};

const struct route_group paper_routes = { rows, ARRAY_LEN(rows) };
