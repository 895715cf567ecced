/*
 * hints.h - from what one camera shows now and then to what an officer may be told of it.
 *
 * Pure.  A hint begins when all pictures of a while have shown the same, and ends
 * with the first that does not: whoever moves past a camera is no matter, and
 * whoever looks is not told of what is over.  How often hints are wrong is for
 * officers to say (domain/hint.h).
 */
#ifndef PVL_HINTS_HINTS_H
#define PVL_HINTS_HINTS_H

#include "base/clock.h"
#include "hints/faces.h"
#include "ipc/hints.h"

/* What a picture showed. */
struct seen {
	struct look look;
	struct faces_seen faces;
};

enum {
	HINTS_COVERED_MS = 20000, /* so long, and at least so many pictures */
	HINTS_COVERED_PICTURES = 3,
	HINTS_STILL_MS = 60000,
	HINTS_STILL_PICTURES = 4,
	HINTS_NOBODY_MS = 60000, /* who looks down for a while is there */
	HINTS_NOBODY_PICTURES = 4,
	HINTS_FACES_MS = 20000,
	HINTS_FACES_PICTURES = 3,
	HINTS_FACES_MAX = 9,  /* more are not told apart */
	HINTS_GAP_MS = 60000, /* without a picture: what was seen before counts no more */
};

struct hints_run {
	int pictures; /* in a row; 0: the last was another */
	struct mono since;
	bool on;
	bool told; /* on, as hints_next() has told it */
};

struct hints {
	struct mono last;                            /* picture; 0: none yet */
	struct look still;                           /* the first of those that were alike */
	struct hints_run runs[HINT_KIND_COUNT];      /* of HINT_FACES: none, it has its own */
	struct hints_run faces[HINTS_FACES_MAX + 1]; /* at least so many; of 0 and 1 none */
	uint8_t faces_told;                          /* so many; 0: none */
};

/* Zeroes are a good beginning. */
void hints_picture(struct hints *, const struct seen *, struct mono at);
/* The next that has begun or ended, or is of more or fewer faces: all but visit and end.  False: none. */
bool hints_next(struct hints *, struct hint_note *out);

#endif
