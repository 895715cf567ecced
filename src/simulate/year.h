/*
 * year.h - one prison through warm-up and a counted year, in virtual time.
 *
 * Every decision of who gets which time is domain/waiting's; here are only the
 * people: when they ask, when they cannot, whether they come.  What befalls a
 * request is drawn from the seed, the prison and the request alone, so that all
 * practices meet the same requests and the same bad luck.
 *
 * Not played: escorts as a limit of their own, links of the courts, standby
 * (no prison of the model reaches its threshold), block bookings of firms.
 */
#ifndef PVL_SIMULATE_YEAR_H
#define PVL_SIMULATE_YEAR_H

#include "base/arena.h"
#include "domain/waiting/diagnosis.h"
#include "domain/waiting/urgency.h"
#include "simulate/model.h"

enum {
	SIM_WAIT_MAX = 400, /* working days; longer waits are counted there */
	SIM_CLASSES = 3,    /* urgent, dated, routine: as the request came */
};

struct sim_counts {
	int64_t waits[SIM_CLASSES][SIM_WAIT_MAX + 1]; /* those who still wait are in it */
	int64_t asked;
	int64_t urgent, urgent_1, urgent_2; /* held within one, two working days */
	int64_t dated, dated_missed;        /* with a date, urgent ones too */
	int64_t late_class[SIM_CLASSES];    /* beyond the level of service */
	int64_t gave_up, still_waiting;
	int64_t minutes[TERM_COUNT]; /* of legal time */
	int64_t released_minutes;    /* of social time, used by lawyers */
	int64_t useless_minutes;     /* of idle time: gaps too short for any visit */
	int64_t social_asked, social_held;
	int64_t offers, accepted;
};

struct sim_prison {
	int number; /* of the country's; the first are reception prisons */
	uint64_t seed;
};

/* Adds to *out.  The arena holds the prison while it runs, and may then be cleared. */
void sim_year_run(struct arena *, const struct sim_model *, const struct sim_row *,
		  const struct policy *, const struct sim_prison *, struct sim_counts *out);

/* The smallest wait that so many per cent do not exceed; all classes, or one. */
int sim_quantile(const struct sim_counts *, int class, int percent);

#endif
