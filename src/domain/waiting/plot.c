#include "domain/waiting/plot.h"

enum {
	WIDTH = 760,
	LABEL_WIDTH = 240,
	TEXT_WIDTH = 120,
	ROW = 26,
	BAR = 16,
	TOP = 40,
	BAR_WIDTH = WIDTH - LABEL_WIDTH - TEXT_WIDTH,
};

static void text_at(struct buf *out, int x, int y, const char *anchor, struct str text)
{
	buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
	buf_escaped(out, text);
	buf_text(out, "</text>\n");
}

static int64_t largest(const struct plot_bar *bars, size_t count)
{
	int64_t max = 1;
	for (size_t i = 0; i < count; i++)
		if (bars[i].value + bars[i].half > max)
			max = bars[i].value + bars[i].half;
	return max;
}

static int width_of(int64_t value, int64_t max)
{
	return value > 0 ? (int)(value * BAR_WIDTH / max) : 0;
}

static void one_bar(struct buf *out, const struct plot_bar *bar, int y, int64_t max)
{
	int width = width_of(bar->value, max), middle = y + BAR / 2;
	text_at(out, LABEL_WIDTH - 8, y + BAR - 3, "end", bar->label);
	buf_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#1d70b8\"/>\n",
		   LABEL_WIDTH, y, width, BAR);
	int end = width_of(bar->value + bar->half, max);
	if (bar->half)
		buf_printf(out, "<path d=\"M%d %dH%d\" stroke=\"#0b0c0c\" stroke-width=\"2\"/>\n",
			   LABEL_WIDTH + width_of(bar->value - bar->half, max), middle,
			   LABEL_WIDTH + end);
	text_at(out, LABEL_WIDTH + (end > width ? end : width) + 8, y + BAR - 3, "start",
		bar->text);
}

void plot_bars(struct buf *out, struct str title, const struct plot_bar *bars, size_t count)
{
	count = count < PLOT_BARS_MAX ? count : PLOT_BARS_MAX;
	int height = TOP + (int)count * ROW + 8;
	int64_t max = largest(bars, count);
	buf_printf(
	    out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
	    "height=\"%d\" font-family=\"GDS Transport, arial, sans-serif\" font-size=\"14\" "
	    "fill=\"#0b0c0c\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
	    WIDTH, height, WIDTH, height, WIDTH, height);
	text_at(out, 8, 24, "start", title);
	for (size_t i = 0; i < count; i++)
		one_bar(out, &bars[i], TOP + (int)i * ROW, max);
	buf_text(out, "</svg>\n");
}
