#include "web/figures.h"

#include "base/assert.h"
#include "web/view.h"

enum {
	PLOT_TEXT_MAX = 256 << 10,
	GROUP = 1000, /* 12,345 */
};

struct figures figures_of(const struct page *page, const char *area, const char *const *labels)
{
	return (
	    struct figures){ .page = page, .area = area, .labels = labels, .rows = json_array() };
}

void figures_row(struct figures *f, json_t *name, const char *href)
{
	f->row = json_pack("{s:o}", "name", name);
	if (href != NULL)
		json_object_set_new(f->row, "href", json_string(href));
	f->cells = json_array();
	json_object_set_new(f->row, "cells", f->cells);
	json_array_append_new(f->rows, f->row);
}

void figures_cell(struct figures *f, json_t *text)
{
	size_t at = json_array_size(f->cells);
	ASSERT(at + 1 < FIGURES_COLUMNS_MAX && f->labels[at + 1] != NULL);
	json_array_append_new(
	    f->cells,
	    json_pack("{s:s, s:o}", "label", page_word(f->page, f->labels[at + 1]), "text", text));
}

static json_t *number_text(int64_t n)
{
	long long thousands = n / GROUP, rest = n % GROUP;
	if (n < GROUP)
		return json_sprintf("%lld", (long long)n);
	if (thousands < GROUP)
		return json_sprintf("%lld,%03lld", thousands, rest);
	return json_sprintf("%lld,%03lld,%03lld", thousands / GROUP, thousands % GROUP, rest);
}

void figures_number(struct figures *f, int64_t n)
{
	figures_cell(f, number_text(n));
}

void figures_bar(struct figures *f, int64_t value)
{
	const json_t *last = json_array_get(f->cells, json_array_size(f->cells) - 1);
	const char *name = json_string_value(json_object_get(f->row, "name"));
	const char *text = json_string_value(json_object_get(last, "text"));
	if (f->bar_count == PLOT_BARS_MAX || name == NULL || text == NULL)
		return;
	f->bars[f->bar_count++] = (struct plot_bar){ .label = str_from(name),
						     .text = str_from(text),
						     .value = value > 0 ? value : 0 };
}

void figures_flag(struct figures *f, const char *word)
{
	json_object_set_new(f->row, "flag", json_string(page_word(f->page, word)));
}

static json_t *word_of(const struct figures *f, const char *word)
{
	const char *path = arena_printf(f->page->arena, "%s.%s", f->area, word);
	return json_string(page_word(f->page, path));
}

static json_t *plot_of(const struct figures *f)
{
	struct buf svg = buf_of(PLOT_TEXT_MAX);
	json_t *title = word_of(f, "plot");
	plot_bars(&svg, str_from(json_string_value(title)), f->bars, f->bar_count);
	json_t *out = buf_ok(&svg) ? json_stringn(svg.at, svg.len) : NULL;
	buf_clear(&svg);
	json_decref(title);
	return out;
}

static bool bars_are_nought(const struct figures *f)
{
	for (size_t i = 0; i < f->bar_count; i++)
		if (f->bars[i].value != 0)
			return false;
	return true;
}

json_t *figures_end(struct figures *f)
{
	json_t *columns = json_array();
	for (size_t i = 0; f->labels[i] != NULL; i++)
		json_array_append_new(columns,
				      json_pack("{s:s, s:b}", "text",
						page_word(f->page, f->labels[i]), "number", i > 0));
	json_t *section =
	    json_pack("{s:o, s:o}", "heading", word_of(f, "heading"), "columns", columns);
	if (!bars_are_nought(f))
		json_object_set_new(section, "plot", plot_of(f));
	view_list(section, "rows", f->rows);
	return section;
}

json_t *figures_end_if_any(struct figures *f)
{
	bool each_has_a_bar = f->bar_count == json_array_size(f->rows);
	if (each_has_a_bar && bars_are_nought(f))
		json_array_clear(f->rows);
	return figures_end(f);
}

void figures_about(const struct page *page, json_t *section, const char *word, json_t *vars)
{
	json_object_set_new(section, "about", view_word(page, word, vars));
}

json_t *figures_month(const struct page *page, int64_t month)
{
	struct date first = month_first(month);
	const char *word =
	    page_word(page, arena_printf(page->arena, "common.date.months.%d", first.month));
	return json_sprintf("%s %d", word, first.year);
}

void figures_option(json_t *list, const char *value, json_t *text, bool chosen)
{
	json_array_append_new(
	    list, json_pack("{s:s, s:o, s:b}", "value", value, "text", text, "chosen", chosen));
}
