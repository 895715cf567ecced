/*
 * day.h - one local day in steps of five minutes, a bit each.
 *
 * Step n begins n * 5 minutes after local midnight.  On the two days of the
 * year on which the clocks change, prisons are closed at the hour concerned;
 * what a step names is what local_to_wall() says.
 */
#ifndef PVL_DOMAIN_WAITING_DAY_H
#define PVL_DOMAIN_WAITING_DAY_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DAY_STEPS = 288,
	DAY_STEP_MINUTES = 5,
	DAY_WORDS = (DAY_STEPS + 63) / 64,
};

struct day_steps {
	uint64_t bits[DAY_WORDS];
};

/* Steps outside the day are left out. */
void day_set(struct day_steps *day, int from, int count);
void day_clear(struct day_steps *day, int from, int count);
bool day_has(const struct day_steps *day, int step);
/* Every one of them, all within the day. */
bool day_has_all(const struct day_steps *day, int from, int count);
bool day_has_any(const struct day_steps *day, int from, int count);
int day_count(const struct day_steps *day);
bool day_is_empty(const struct day_steps *day);
/* The first step that is set, from one on; DAY_STEPS: none. */
int day_next(const struct day_steps *day, int from);

struct day_steps day_and(struct day_steps a, struct day_steps b);
struct day_steps day_or(struct day_steps a, struct day_steps b);
struct day_steps day_inverse(struct day_steps day);
struct day_steps day_without(struct day_steps a, struct day_steps b);
/* Moved to later steps (negative: earlier); what leaves the day is gone. */
struct day_steps day_shift(struct day_steps day, int steps);
/* The steps from which so many are set without a gap. */
struct day_steps day_runs(struct day_steps day, int count);
/* Steps from one on; all before it are clear. */
struct day_steps day_from(int step);

#endif
