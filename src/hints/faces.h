/*
 * faces.h - how many faces a picture shows.
 *
 * Computes alone, on one picture at a time.  What it finds are boxes, of which
 * the number is told and nothing is kept: no likeness, nothing by which anybody
 * could be known again.
 *
 * It is often wrong: it misses faces that look down or away or are covered, and
 * small or very large ones, and sees some where there are none.  How wrong it is
 * for different skin tones, ages, rooms and lamps has not been measured
 * (docs/decisions/hints.md).  So what it says is a hint, after several pictures
 * that agree (hints/hints.h).
 */
#ifndef PVL_HINTS_FACES_H
#define PVL_HINTS_FACES_H

#include "hints/look.h"

enum {
	FACES_MAX = 32, /* more are not counted */
};

/* A picture in three planes, of video range (ITU-R BT.601); colour at half the width and height. */
struct film {
	struct luma luma;
	const uint8_t *u;
	const uint8_t *v;
	size_t colour_stride; /* of both */
};

struct faces;

/* About 15 MB, with which one picture after the other is counted. */
struct faces *faces_new(void);
void faces_free(struct faces *);

struct faces_seen {
	unsigned sure; /* faces that are very likely there: counted to say that they are too many */
	bool anybody;  /* something may be a face: asked before it is said that nobody is there */
};

/* Of a picture that look_of() takes. */
struct faces_seen faces_find(struct faces *, const struct film *);

#endif
