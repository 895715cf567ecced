/*
 * fit.h - where a visit fits best: the gaps of all places and days at once.
 *
 * A start is tidy when what it leaves on either side is nothing, or long
 * enough for another visit.  The answer lists starts, earliest first, each at
 * the place where it leaves least behind; starts that are not tidy only on
 * days that have no tidy one.  Pure: bits in, starts out; a prison's four weeks
 * take a fraction of a millisecond (bench/waiting measures it).
 */
#ifndef PVL_DOMAIN_WAITING_FIT_H
#define PVL_DOMAIN_WAITING_FIT_H

#include <stddef.h>

#include "domain/waiting/day.h"

enum {
	FIT_DAYS_MAX = 100,
	FIT_PLACES_MAX = 64,
};

/* One room or terminal; what it has free, day by day, for the one who asks. */
struct fit_place {
	const struct day_steps *free; /* [ask.day_count] */
	const struct day_steps
	    *shut; /* [ask.day_count]: nobody comes in then; NULL: somebody may */
	bool last; /* taken only where no other place has that start */
};

struct fit_ask {
	int steps;          /* of the visit */
	int turn_steps;     /* after it, at the place alone: in time that is free or shut */
	int shortest_steps; /* of any visit: a gap that does not hold it is of no use */
	int grid_steps;     /* starts lie on multiples of it, from midnight */
	size_t day_count;   /* at most FIT_DAYS_MAX */
	const struct day_steps *busy; /* [day]: somebody of the party cannot; NULL: all can */
};

struct fit {
	size_t day;
	int start; /* a step of the day */
	size_t place;
	int tidy; /* sides on which it leaves nothing: 0 … 2; -1: a useless gap */
};

/*
 * Earliest first, one place for each start, at most so many, and at most per_day
 * of a day: the tidiest of that day, the earliest of equal ones.
 */
size_t fit_find(const struct fit_ask *ask, const struct fit_place *places, size_t place_count,
		struct fit *out, size_t max, size_t per_day);

/*
 * The steps of a place at which a visit may begin: it is free as long as the
 * visit lasts, and for the turn-round after it free or shut.  Whoever is last
 * there may stay until the place shuts.
 */
struct day_steps fit_starts(struct day_steps free, struct day_steps shut, int steps, int turn);

/* Steps that are free and belong to runs too short for any visit. */
int fit_lost(const struct day_steps *free, int shortest_steps);

#endif
