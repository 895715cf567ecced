/*
 * country.h - one practice in all prisons of the country for a year, and what
 * it comes to; several years with different luck, with their spread.
 */
#ifndef PVL_SIMULATE_COUNTRY_H
#define PVL_SIMULATE_COUNTRY_H

#include "simulate/year.h"

enum {
	SIM_SEEDS_MAX = 200,
};

/* One year: tenths of per cent where per cent are meant. */
enum sim_figure {
	FIGURE_MEDIAN, /* working days */
	FIGURE_P90,
	FIGURE_URGENT_P90,
	FIGURE_DATED_P90,
	FIGURE_ROUTINE_P90,
	FIGURE_URGENT_1, /* held within 1 working day, tenths of per cent */
	FIGURE_URGENT_2,
	FIGURE_MISSED, /* deadlines, tenths of per cent */
	FIGURE_LATE,   /* beyond their level of service, tenths of per cent */
	FIGURE_WASTED, /* of legal minutes, tenths of per cent */
	FIGURE_USED,
	FIGURE_USELESS,       /* gaps too short for a visit */
	FIGURE_BETWEEN,       /* 90th percentile of the prisons' P90, of the 10th: hundredths */
	FIGURE_GAVE_UP,       /* tenths of per cent */
	FIGURE_SOCIAL,        /* social visits held */
	FIGURE_LEGAL_MINUTES, /* offered: the same in every row of a load */
	FIGURE_COUNT,
};

const char *sim_figure_name(enum sim_figure figure); /* "median_days" */

struct sim_country {
	int64_t figures[FIGURE_COUNT];
	int64_t waits[SIM_WAIT_MAX + 1]; /* all classes */
};

/* A year of every prison with one seed. */
void sim_country_run(const struct sim_model *, const struct sim_row *, const struct policy *,
		     uint64_t seed, struct sim_country *out);

/* A figure over years: its mean and half its 95 per cent interval, in thousandths. */
struct sim_spread {
	int64_t mean_milli;
	int64_t half_milli;
};

struct sim_spread sim_spread_of(const int64_t *values, size_t count);

#endif
