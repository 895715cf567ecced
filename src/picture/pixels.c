#include <stdlib.h>
#include <string.h>

#include "picture/picture_priv.h"

/* Where one new pixel begins and ends among the old ones. */
struct span {
	float from;
	float to;
};

static struct span span_of(int at, int new_len, int old_len)
{
	float step = (float)old_len / (float)new_len;
	float to = at + 1 == new_len ? (float)old_len : (float)(at + 1) * step;
	return (struct span){ .from = (float)at * step, .to = to };
}

/* How much of old pixel i lies in the span. */
static float share(struct span span, int i)
{
	float from = (float)i > span.from ? (float)i : span.from;
	float to = (float)(i + 1) < span.to ? (float)(i + 1) : span.to;
	return to > from ? to - from : 0;
}

/* One new row: the old rows of its span added up, each by its share. */
static void add_rows(const struct pixels *old, struct span rows, float *sum)
{
	size_t len = (size_t)old->width * 3;
	memset(sum, 0, len * sizeof(*sum));
	for (int y = (int)rows.from; y < old->height && (float)y < rows.to; y++) {
		const uint8_t *row = old->at + (size_t)y * len;
		float part = share(rows, y);
		for (size_t i = 0; i < len; i++)
			sum[i] += part * (float)row[i];
	}
}

static uint8_t level(float value)
{
	return value >= 255 ? 255 : (uint8_t)(value + 0.5F);
}

static void add_columns(const float *sum, int old_width, float height, uint8_t *out, int new_width)
{
	for (int x = 0; x < new_width; x++) {
		struct span columns = span_of(x, new_width, old_width);
		float area = (columns.to - columns.from) * height;
		float colour[3] = { 0 };
		for (int i = (int)columns.from; i < old_width && (float)i < columns.to; i++)
			for (int c = 0; c < 3; c++)
				colour[c] += share(columns, i) * sum[(size_t)i * 3 + (size_t)c];
		for (int c = 0; c < 3; c++)
			*out++ = level(colour[c] / area);
	}
}

enum picture_verdict pixels_shrink(struct pixels *pixels)
{
	int width, height;
	size_kept(pixels->width, pixels->height, &width, &height);
	if (width == pixels->width && height == pixels->height)
		return PICTURE_OK;
	struct pixels small = pixels_new(width, height);
	float *sum = malloc((size_t)pixels->width * 3 * sizeof(*sum));
	for (int y = 0; small.at && sum && y < height; y++) {
		struct span rows = span_of(y, height, pixels->height);
		add_rows(pixels, rows, sum);
		add_columns(sum, pixels->width, rows.to - rows.from,
			    small.at + (size_t)y * (size_t)width * 3, width);
	}
	bool done = small.at && sum;
	free(sum);
	if (!done) {
		free(small.at);
		return PICTURE_GAVE_UP;
	}
	free(pixels->at);
	*pixels = small;
	return PICTURE_OK;
}

/* Exif 2.32, 4.6.4.A, tag 274: where the first row and the first column of what is stored are seen. */
static size_t source_of(const struct pixels *old, int orientation, int x, int y)
{
	int right = old->width - 1 - x, below = old->height - 1 - y;
	int from_x = x, from_y = y;
	switch (orientation) {
	case 2:
		from_x = right;
		break;
	case 3:
		from_x = right;
		from_y = below;
		break;
	case 4:
		from_y = below;
		break;
	case 5:
		from_x = y;
		from_y = x;
		break;
	case 6:
		from_x = y;
		from_y = old->height - 1 - x;
		break;
	case 7:
		from_x = old->width - 1 - y;
		from_y = old->height - 1 - x;
		break;
	case 8:
		from_x = old->width - 1 - y;
		from_y = x;
		break;
	default:
		break;
	}
	return ((size_t)from_y * (size_t)old->width + (size_t)from_x) * 3;
}

enum picture_verdict pixels_turn(struct pixels *pixels, int orientation)
{
	if (orientation <= 1 || orientation > 8)
		return PICTURE_OK;
	bool aside = orientation >= 5;
	struct pixels turned = pixels_new(aside ? pixels->height : pixels->width,
					  aside ? pixels->width : pixels->height);
	if (!turned.at)
		return PICTURE_GAVE_UP;
	uint8_t *out = turned.at;
	for (int y = 0; y < turned.height; y++)
		for (int x = 0; x < turned.width; x++, out += 3)
			memcpy(out, pixels->at + source_of(pixels, orientation, x, y), 3);
	free(pixels->at);
	*pixels = turned;
	return PICTURE_OK;
}
