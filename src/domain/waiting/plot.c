#include "domain/waiting/plot.h"

enum {
	WIDTH = 760,
	LABEL_WIDTH_MIN = 120,
	LABEL_WIDTH_MAX = 440,
	LETTER_WIDTH = 8, /* a wide one, at 14 pixels */
	TEXT_WIDTH = 120,
	ROW = 26,
	BAR = 16,
	TOP = 40,
};

/* How the width is shared between labels and bars. */
struct plot_scale {
	int label_width;
	int bar_width;
	int64_t max;
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

/* In letters, not in bytes. */
static int letters(struct str text)
{
	int count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return count;
}

static struct plot_scale scale_of(const struct plot_bar *bars, size_t count)
{
	struct plot_scale scale = { .label_width = LABEL_WIDTH_MIN, .max = largest(bars, count) };
	for (size_t i = 0; i < count; i++) {
		int width = letters(bars[i].label) * LETTER_WIDTH + 2 * LETTER_WIDTH;
		scale.label_width = width > scale.label_width ? width : scale.label_width;
	}
	if (scale.label_width > LABEL_WIDTH_MAX)
		scale.label_width = LABEL_WIDTH_MAX;
	scale.bar_width = WIDTH - TEXT_WIDTH - scale.label_width;
	return scale;
}

static int width_of(int64_t value, const struct plot_scale *scale)
{
	return value > 0 ? (int)(value * scale->bar_width / scale->max) : 0;
}

static void one_bar(struct buf *out, const struct plot_bar *bar, int y,
		    const struct plot_scale *scale)
{
	int width = width_of(bar->value, scale), middle = y + BAR / 2;
	int left = scale->label_width;
	text_at(out, left - 8, y + BAR - 3, "end", bar->label);
	buf_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#1d70b8\"/>\n",
		   left, y, width, BAR);
	int end = width_of(bar->value + bar->half, scale);
	if (bar->half)
		buf_printf(out, "<path d=\"M%d %dH%d\" stroke=\"#0b0c0c\" stroke-width=\"2\"/>\n",
			   left + width_of(bar->value - bar->half, scale), middle, left + end);
	text_at(out, left + (end > width ? end : width) + 8, y + BAR - 3, "start", bar->text);
}

void plot_bars(struct buf *out, struct str title, const struct plot_bar *bars, size_t count)
{
	count = count < PLOT_BARS_MAX ? count : PLOT_BARS_MAX;
	int height = TOP + (int)count * ROW + 8;
	const struct plot_scale scale = scale_of(bars, count);
	buf_printf(
	    out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
	    "height=\"%d\" font-family=\"GDS Transport, arial, sans-serif\" font-size=\"14\" "
	    "fill=\"#0b0c0c\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
	    WIDTH, height, WIDTH, height, WIDTH, height);
	text_at(out, 8, 24, "start", title);
	for (size_t i = 0; i < count; i++)
		one_bar(out, &bars[i], TOP + (int)i * ROW, &scale);
	buf_text(out, "</svg>\n");
}
