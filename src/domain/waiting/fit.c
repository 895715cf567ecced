#include "domain/waiting/fit.h"

#include "base/assert.h"

static const struct day_steps NEVER;

/* The starts at one place and day, by how well they fit. */
struct starts {
	struct day_steps both; /* nothing left on either side */
	struct day_steps one;
	struct day_steps none; /* gaps on both sides, each of use */
	struct day_steps any;  /* a gap of no use stays */
};

static struct day_steps on_grid(int grid)
{
	struct day_steps day = { 0 };
	for (int step = 0; step < DAY_STEPS; step += grid)
		day_set(&day, step, 1);
	return day;
}

struct day_steps fit_starts(struct day_steps free, struct day_steps shut, int steps, int turn)
{
	struct day_steps starts = day_runs(free, steps);
	if (turn == 0)
		return starts;
	return day_and(starts, day_shift(day_runs(day_or(free, shut), turn), -steps));
}

static struct starts starts_of(const struct fit_ask *ask, struct day_steps free,
			       struct day_steps shut, struct day_steps may)
{
	int taken = ask->steps + ask->turn_steps;
	int before_us = ask->shortest_steps + ask->turn_steps;
	struct day_steps fits = day_and(fit_starts(free, shut, ask->steps, ask->turn_steps), may);
	if (day_is_empty(&fits))
		return (struct starts){ 0 };
	struct day_steps shortest = fit_starts(free, shut, ask->shortest_steps, ask->turn_steps);
	/* Step s-1 is not free: the visit begins where the gap begins; the same at its end. */
	struct day_steps begins = day_without(fits, day_shift(free, 1));
	struct day_steps ends = day_without(fits, day_shift(free, -taken));
	struct day_steps before = day_or(begins, day_shift(day_runs(free, before_us), before_us));
	struct day_steps after = day_or(ends, day_shift(shortest, -taken));
	struct day_steps tidy = day_and(fits, day_and(before, after));
	struct starts s = { .both = day_and(begins, ends) };
	s.one = day_without(day_and(tidy, day_or(begins, ends)), s.both);
	s.none = day_without(tidy, day_or(begins, ends));
	s.any = day_without(fits, tidy);
	return s;
}

static int tidiness(const struct starts *s, int step)
{
	if (day_has(&s->both, step))
		return 2;
	if (day_has(&s->one, step))
		return 1;
	if (day_has(&s->none, step))
		return 0;
	return day_has(&s->any, step) ? -1 : -2;
}

static bool is_better(int tidy, bool last, int best_tidy, bool best_last)
{
	return last != best_last ? !last : tidy > best_tidy;
}

static struct fit best_at(const struct starts *starts, const struct fit_place *places, size_t count,
			  size_t day, int step)
{
	struct fit best = { .day = day, .start = step, .tidy = -2 };
	for (size_t p = 0; p < count; p++) {
		int tidy = tidiness(&starts[p], step);
		if (tidy == -2)
			continue;
		if (best.tidy == -2 ||
		    is_better(tidy, places[p].last, best.tidy, places[best.place].last)) {
			best.tidy = tidy;
			best.place = p;
		}
	}
	return best;
}

/* Where a day has more starts than are wanted: those that leave least behind, in the day's order. */
static size_t tidiest(const struct fit *fits, size_t count, const struct fit_place *places,
		      struct fit *out, size_t max)
{
	bool chosen[DAY_STEPS] = { false };
	size_t left = max, n = 0;
	for (int last = 0; last <= 1; last++)
		for (int tidy = 2; tidy >= -1; tidy--)
			for (size_t i = 0; i < count && left > 0; i++)
				if (fits[i].tidy == tidy && places[fits[i].place].last == last) {
					chosen[i] = true;
					left--;
				}
	for (size_t i = 0; i < count; i++)
		if (chosen[i])
			out[n++] = fits[i];
	return n;
}

static size_t find_on_day(const struct fit_ask *ask, const struct fit_place *places, size_t count,
			  size_t day, struct day_steps may, struct starts *starts, struct fit *out,
			  size_t max)
{
	struct day_steps tidy = { 0 }, all = { 0 };
	for (size_t p = 0; p < count; p++) {
		starts[p] = (struct starts){ 0 };
		if (day_is_empty(&places[p].free[day]))
			continue;
		struct day_steps shut = places[p].shut ? places[p].shut[day] : NEVER;
		starts[p] = starts_of(ask, places[p].free[day], shut, may);
		tidy = day_or(tidy, day_or(starts[p].both, day_or(starts[p].one, starts[p].none)));
		all = day_or(all, starts[p].any);
	}
	all = day_is_empty(&tidy) ? all : tidy;
	struct fit fits[DAY_STEPS];
	size_t n = 0;
	for (int s = day_next(&all, 0); s < DAY_STEPS; s = day_next(&all, s + 1))
		fits[n++] = best_at(starts, places, count, day, s);
	return tidiest(fits, n, places, out, max);
}

static bool has_room(const struct fit_place *places, size_t count, size_t day)
{
	for (size_t p = 0; p < count; p++)
		if (!day_is_empty(&places[p].free[day]))
			return true;
	return false;
}

size_t fit_find(const struct fit_ask *ask, const struct fit_place *places, size_t place_count,
		struct fit *out, size_t max, size_t per_day)
{
	ASSERT(place_count <= FIT_PLACES_MAX && ask->day_count <= FIT_DAYS_MAX);
	ASSERT(ask->steps > 0 && ask->grid_steps > 0 && ask->shortest_steps > 0);
	struct starts starts[FIT_PLACES_MAX];
	struct day_steps grid = on_grid(ask->grid_steps);
	size_t n = 0;
	for (size_t day = 0; day < ask->day_count && n < max; day++) {
		struct day_steps may = grid;
		if (!has_room(places, place_count, day))
			continue;
		if (ask->busy)
			may = day_and(may, day_runs(day_inverse(ask->busy[day]), ask->steps));
		size_t room = max - n < per_day ? max - n : per_day;
		n += find_on_day(ask, places, place_count, day, may, starts, out + n, room);
	}
	return n;
}

int fit_lost(const struct day_steps *free, int shortest_steps)
{
	struct day_steps useful = day_runs(*free, shortest_steps), covered = { 0 };
	for (int i = 0; i < shortest_steps; i++)
		covered = day_or(covered, day_shift(useful, i));
	struct day_steps lost = day_without(*free, covered);
	return day_count(&lost);
}
