/*
 * figures.h - a plot and its table, for pages that show numbers.
 *
 * The plot is drawn here (domain/waiting/plot.h) and hidden from readers of the
 * screen: the table beneath it says the same.
 *
 *	static const char *const COLUMNS[] = { "statistics.columns.prison", "statistics.columns.median", NULL };
 *	struct figures f = figures_of(page, "statistics.waits", COLUMNS);
 *	figures_row(&f, name, NULL);
 *	figures_cell(&f, json_integer(3));
 *	figures_bar(&f, 3);
 *	json_array_append_new(sections, figures_end(&f));
 */
#ifndef PVL_WEB_FIGURES_H
#define PVL_WEB_FIGURES_H

#include "domain/waiting/plot.h"
#include "web/page.h"

enum {
	FIGURES_COLUMNS_MAX = 16,
};

struct figures {
	const struct page *page;
	const char *area;          /* words <area>.heading; .plot, where bars are drawn */
	const char *const *labels; /* paths of words, the first that of the rows; NULL ends them */
	json_t *rows;
	json_t *row; /* the present one, borrowed */
	json_t *cells;
	size_t bar_count;
	struct plot_bar bars[PLOT_BARS_MAX];
};

struct figures figures_of(const struct page *page, const char *area, const char *const *labels);
/* A new row; takes name; href NULL: no link. */
void figures_row(struct figures *figures, json_t *name, const char *href);
/* The next cell of the row; takes text. */
void figures_cell(struct figures *figures, json_t *text);
/* A number as people write it. */
void figures_number(struct figures *figures, int64_t n);
/* The row stands in the plot too, with this value and the text of its last cell. */
void figures_bar(struct figures *figures, int64_t value);
/* The row is marked: word names a sentence. */
void figures_flag(struct figures *figures, const char *word);
/* A section for components/figures; bars that are all 0 are not drawn. */
json_t *figures_end(struct figures *figures);
/* The same of rows that each have a bar: where all are 0, it says that there is nothing to count. */
json_t *figures_end_if_any(struct figures *figures);

/* A sentence above the plot: the word's holes are filled from vars, which is taken. */
void figures_about(const struct page *page, json_t *section, const char *word, json_t *vars);

/* "November 2026", of a month counted from year 0. */
json_t *figures_month(const struct page *page, int64_t month);
/* A choice of a select: {value, text, chosen}; takes text. */
void figures_option(json_t *list, const char *value, json_t *text, bool chosen);

#endif
