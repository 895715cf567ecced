/*
 * plot.h - a chart of bars as SVG text: for pages, beside their table, and for
 * pvl simulate.  No script and no style sheet; black and blue on white; text
 * is escaped.  The table says the same: the picture is hidden from readers of
 * the screen by whoever embeds it.
 */
#ifndef PVL_DOMAIN_WAITING_PLOT_H
#define PVL_DOMAIN_WAITING_PLOT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum {
	PLOT_BARS_MAX = 200,
};

struct plot_bar {
	struct str label;
	struct str text; /* the value, as it is to be read */
	int64_t value;   /* 0 or more; all bars in one unit */
	int64_t half;    /* of the interval around it; 0: none */
};

/* Bars from the left, one under the other, in the order given; at most PLOT_BARS_MAX. */
void plot_bars(struct buf *out, struct str title, const struct plot_bar *bars, size_t count);

#endif
