/*
 * fairness.h - the watch over prisons: whose waits are far longer than the country's, and what is missing there.
 *
 * For each prison its 90th percentile beside the country's; for those that
 * stand out the remedy that its last week names (service/waste.h), and how many
 * hours a week would have brought nine in ten of its requests within the limit.
 * A prison with fewer requests than a 90th percentile may be said of
 * (domain/waiting/publish.h) is not compared: it would be one person's wait.
 */
#ifndef PVL_SERVICE_FAIRNESS_H
#define PVL_SERVICE_FAIRNESS_H

#include "domain/waiting/diagnosis.h"
#include "service/statistics.h"

enum {
	FAIRNESS_DIAGNOSED_MAX = 8, /* prisons whose week is looked at, the worst first */
};

struct fairness_line {
	struct prison_code prison;
	bool few; /* too few requests to compare; nothing below is filled */
	int64_t requests;
	struct wait_quantile p90;
	int64_t of_country_percent; /* where the country's is a day at least */
	bool behind;
	int64_t add_minutes; /* a week; .behind */
	bool diagnosed;
	enum diagnosis_remedy remedy; /* .diagnosed */
};

struct fairness {
	struct wait_quantile country;
	int64_t fair_percent; /* beyond so many per cent of the country's a prison falls behind */
	int64_t enough;       /* requests that are needed to compare */
	size_t behind;
	size_t count;
	struct fairness_line *list; /* the longest waits first, those with too few requests last */
};

/* Headquarters and inspectors; .prison and .by of the query are not read. */
MUST_USE enum err fairness_find(struct service *, const struct actor *, struct arena *,
				const struct statistics_query *, struct fairness *out);

#endif
