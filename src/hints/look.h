/*
 * look.h - one picture as a few numbers: how bright, how flat, and a small likeness to compare with.
 *
 * Of the picture nothing is kept but the likeness, means of light over a grid so
 * coarse that nobody can be known by it.
 */
#ifndef PVL_HINTS_LOOK_H
#define PVL_HINTS_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LOOK_COLUMNS = 16,
	LOOK_ROWS = 12,
	LOOK_CELLS = LOOK_COLUMNS * LOOK_ROWS,
	LOOK_WIDTH_MIN = 64, /* of a picture; smaller ones tell nothing */
	LOOK_HEIGHT_MIN = 48,
	LOOK_SIDE_MAX = 4096,
};

/* The light of a picture: one byte a pixel, rows `stride` bytes apart. */
struct luma {
	const uint8_t *at;
	size_t stride;
	unsigned width;
	unsigned height;
};

/* All in 1/16 of a step of light, of which there are 256. */
struct look {
	uint16_t mean;
	uint16_t spread;               /* mean distance of a pixel from the mean of the picture */
	uint16_t detail;               /* mean difference of neighbours in a row */
	uint16_t likeness[LOOK_CELLS]; /* mean of each cell */
};

/* False: too small or too large; nothing is looked at then. */
bool look_of(const struct luma *luma, struct look *out);
/* By how much the cell that differs most differs. */
unsigned look_difference(const struct look *a, const struct look *b);
/* Dark, or so flat that nothing can be in it: a hand or a cloth before the camera, or a closed lid. */
bool look_is_covered(const struct look *look);

#endif
