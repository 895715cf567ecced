#include "hints/look.h"

#include <stdlib.h>
#include <string.h>

enum {
	PART = 16,             /* of a step of light */
	DARK_MEAN = 28 * PART, /* video black is 16 */
	DARK_SPREAD = 8 * PART,
	FLAT_SPREAD = 10 * PART,
	FLAT_DETAIL = PART, /* a wall has more: its grain and the noise of the camera */
};

struct sums {
	uint64_t cell[LOOK_CELLS];
	uint32_t pixels[LOOK_CELLS];
	uint64_t all;
	uint64_t detail;
	uint32_t levels[256];
};

static void add_row(struct sums *s, const struct luma *luma, unsigned y)
{
	const uint8_t *row = luma->at + y * luma->stride;
	unsigned line = y * LOOK_ROWS / luma->height * LOOK_COLUMNS;
	for (unsigned x = 0; x < luma->width; x++) {
		unsigned cell = line + x * LOOK_COLUMNS / luma->width;
		s->cell[cell] += row[x];
		s->pixels[cell]++;
		s->levels[row[x]]++;
		if (x > 0)
			s->detail += (uint64_t)abs(row[x] - row[x - 1]);
	}
}

static uint64_t spread_of(const struct sums *s, uint64_t mean)
{
	uint64_t sum = 0;
	for (uint64_t level = 0; level < 256; level++) {
		uint64_t light = level * PART;
		sum += (light > mean ? light - mean : mean - light) * s->levels[level];
	}
	return sum;
}

bool look_of(const struct luma *luma, struct look *out)
{
	struct sums s;
	if (luma->width < LOOK_WIDTH_MIN || luma->height < LOOK_HEIGHT_MIN ||
	    luma->width > LOOK_SIDE_MAX || luma->height > LOOK_SIDE_MAX ||
	    luma->stride < luma->width)
		return false;
	memset(&s, 0, sizeof s);
	for (unsigned y = 0; y < luma->height; y++)
		add_row(&s, luma, y);
	for (size_t i = 0; i < LOOK_CELLS; i++) {
		s.all += s.cell[i];
		out->likeness[i] = (uint16_t)(s.cell[i] * PART / s.pixels[i]);
	}
	uint64_t pixels = (uint64_t)luma->width * luma->height;
	uint64_t pairs = (uint64_t)(luma->width - 1) * luma->height;
	uint64_t mean = s.all * PART / pixels;
	out->mean = (uint16_t)mean;
	out->spread = (uint16_t)(spread_of(&s, mean) / pixels);
	out->detail = (uint16_t)(s.detail * PART / pairs);
	return true;
}

unsigned look_difference(const struct look *a, const struct look *b)
{
	unsigned most = 0;
	for (size_t i = 0; i < LOOK_CELLS; i++) {
		unsigned by = (unsigned)abs(a->likeness[i] - b->likeness[i]);
		most = by > most ? by : most;
	}
	return most;
}

bool look_is_covered(const struct look *look)
{
	bool dark = look->mean < DARK_MEAN && look->spread < DARK_SPREAD;
	return dark || (look->spread < FLAT_SPREAD && look->detail < FLAT_DETAIL);
}
