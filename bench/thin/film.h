/*
 * film.h - the film of bench/thin-lines: a head that talks, and in its top row who and when.
 *
 * Every frame follows from its number alone, so that a picture which came over a line is compared
 * with its source without keeping a film.  The top row is read by bench/thin/meter.js: 16 blocks,
 * black or white: 1 0, four bits of who, eight bits of frame number, even parity, 1.
 */
#ifndef PVL_BENCH_FILM_H
#define PVL_BENCH_FILM_H

#include <stdint.h>

enum {
	FILM_WIDTH = 640,
	FILM_HEIGHT = 360,
	FILM_FPS = 20,
	FILM_FRAMES = 200, /* then it begins anew */
	FILM_CODE = 24,    /* rows of the code; not part of the picture that is judged */
};

/* Luma, FILM_WIDTH x FILM_HEIGHT bytes. */
void film_luma(int who, int frame, uint8_t *out);
/* One plane of colour, half the size both ways. */
void film_chroma(int who, uint8_t *cb, uint8_t *cr);

#endif
