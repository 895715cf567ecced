#include "web/waste_page.h"

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/prison.h"
#include "service/waste.h"
#include "web/figures.h"
#include "web/view.h"

enum {
	PERCENT = 100,
	WEEK_DAYS = 7,
	HOUR_MINUTES = 60,
};

static json_t *term_name(const struct page *page, enum diagnosis_term term)
{
	return json_string(page_word(
	    page, arena_printf(page->arena, "statistics.terms.%s", diagnosis_term_name(term))));
}

static json_t *percent_text(int64_t part, int64_t all)
{
	/* Of a thousand, so that what is small is not nothing. */
	int64_t thousandths = all > 0 ? (part * PERCENT * 10 + all / 2) / all : 0;
	return json_sprintf("%lld.%lld %%", (long long)(thousandths / 10),
			    (long long)(thousandths % 10));
}

static json_t *terms_section(const struct page *page, const struct waste *waste)
{
	static const char *const COLUMNS[] = { "statistics.columns.time",
					       "statistics.columns.minutes",
					       "statistics.columns.share", NULL };
	struct figures f = figures_of(page, "statistics.waste", COLUMNS);
	for (unsigned t = 0; t < TERM_COUNT; t++) {
		figures_row(&f, term_name(page, (enum diagnosis_term)t), NULL);
		figures_number(&f, waste->week.minutes[t]);
		figures_bar(&f, waste->week.minutes[t]);
		figures_cell(&f, percent_text(waste->week.minutes[t], waste->diagnosis.offered));
	}
	figures_row(&f, json_string(page_word(page, "statistics.offered")), NULL);
	figures_number(&f, waste->diagnosis.offered);
	figures_cell(&f, percent_text(waste->diagnosis.offered, waste->diagnosis.offered));
	return figures_end(&f);
}

/* The remedy in a sentence, and what it is for. */
static void add_remedy(const struct page *page, const struct waste *waste, json_t *view)
{
	const struct diagnosis *d = &waste->diagnosis;
	const char *word =
	    arena_printf(page->arena, "statistics.remedies.%s", diagnosis_remedy_name(d->remedy));
	int64_t hours = (d->add_minutes + HOUR_MINUTES - 1) / HOUR_MINUTES;
	json_object_set_new(view, "remedy",
			    view_word(page, word, json_pack("{s:I}", "n", (json_int_t)hours)));
	if (d->largest != TERM_USED)
		json_object_set_new(
		    view, "largest",
		    json_pack("{s:o, s:o}", "name", term_name(page, d->largest), "share",
			      percent_text(waste->week.minutes[d->largest], d->offered)));
}

static json_t *week_link(const struct page *page, const struct waste *waste, int64_t days,
			 const char *word)
{
	char day[DATE_TEXT_ROOM];
	date_write(date_add_days(waste->monday, days), day);
	return json_pack(
	    "{s:o, s:s}", "href",
	    json_sprintf("/staff/waste?prison=%s&week=%s", waste->prison.code.text, day), "text",
	    page_word(page, word));
}

static json_t *prison_options(const struct page *page, const struct prison_list *prisons,
			      struct prison_code chosen)
{
	json_t *list = json_array();
	for (size_t i = 0; i < prisons->count; i++) {
		const struct prison *p = &prisons->list[i];
		figures_option(list, p->code.text, page_prison_name(page, p->code, p->name),
			       prison_code_equal(p->code, chosen));
	}
	return list;
}

static json_t *waste_view(struct page *page, const struct waste *waste,
			  const struct prison_list *prisons)
{
	char day[DATE_TEXT_ROOM];
	json_t *sections = json_array(), *rows = json_array();
	date_write(waste->monday, day);
	json_array_append_new(sections, terms_section(page, waste));
	json_t *view = json_pack("{s:o, s:o, s:o, s:s, s:b}", "of",
				 page_prison_name(page, waste->prison.code, waste->prison.name),
				 "from", page_date(page, waste->monday), "to",
				 page_date(page, date_add_days(waste->monday, WEEK_DAYS - 1)),
				 "day", day, "so_far", (int)waste->so_far);
	if (waste->step)
		json_object_set_new(view, "rounded",
				    view_word(page, "statistics.waste.rounded",
					      json_pack("{s:I}", "n", (json_int_t)waste->step)));
	view_row(page, rows, "statistics.rows.asked",
		 json_sprintf("%lld", (long long)waste->week.asked_minutes));
	view_row(page, rows, "statistics.rows.queued",
		 json_sprintf("%lld", (long long)waste->week.queued_minutes));
	view_row(page, rows, "statistics.rows.load",
		 json_sprintf("%d %%", waste->diagnosis.load_percent));
	view_list(view, "rows", rows);
	add_remedy(page, waste, view);
	if (prison_code_empty(page->actor.prison))
		view_list(view, "prisons", prison_options(page, prisons, waste->prison.code));
	json_object_set_new(view, "previous",
			    week_link(page, waste, -WEEK_DAYS, "statistics.week_before"));
	if (!waste->so_far)
		json_object_set_new(view, "next",
				    week_link(page, waste, WEEK_DAYS, "statistics.week_after"));
	view_list(view, "sections", sections);
	view_here(view, "statistics");
	return view;
}

/* The week asked for, by any day of it; without one, the last that is over. */
static struct date asked_week(const struct page *page)
{
	struct date today = local_date(page->service->now), day;
	if (date_words_of(request_query(page->request, "week"), today, &day) &&
	    date_compare(day, today) <= 0)
		return day;
	return date_add_days(today, -WEEK_DAYS);
}

static void waste(struct page *page)
{
	struct prison_list prisons;
	struct prison_code code = page->actor.prison;
	struct waste found;
	enum err err = prisons_all(page->service, page->arena, &prisons);
	if (err == OK && prison_code_empty(code) &&
	    !prison_code_of(request_query(page->request, "prison"), &code) && prisons.count > 0)
		code = prisons.list[0].code;
	if (err == OK)
		err = waste_find(page->service, &page->actor, page->arena, code, asked_week(page),
				 &found);
	if (err != OK)
		return page_failed(page, err);
	page_render(page, 200, "statistics/waste", waste_view(page, &found, &prisons));
}

enum {
	WHO_SEES = WHO_PRISON | WHO_HQ | WHO_INSPECTOR,
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/waste", WHO_SEES, .handler = waste },
};

const struct route_group waste_routes = { rows, ARRAY_LEN(rows) };
