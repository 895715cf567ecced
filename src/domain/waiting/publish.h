/*
 * publish.h - figures that may be published: nobody can be found by them.
 *
 * - A count from 1 to less than publish_min is not said (PUBLISH_FEW); a larger one
 *   is rounded to a multiple of publish_min, and nobody learns from which side.
 * - A figure about fewer than publish_min people or visits is not said, whatever it is;
 *   the 90th percentile needs twice as many, else it is one person's wait.
 * - Minutes of a week are rounded to the nearest multiple of those of publish_min visits
 *   of half an hour: what is less than half of it is 0, and so one visit is.
 * - A share is rounded to the nearest 5 per cent: how few are missing from
 *   a hundred is not said either.
 * - Against subtraction: sums are made of published figures, never of what lies
 *   behind them, and a month is published once and never again (service/statistics.h),
 *   so there are no two editions to take from one another.
 */
#ifndef PVL_DOMAIN_WAITING_PUBLISH_H
#define PVL_DOMAIN_WAITING_PUBLISH_H

#include "domain/waiting/diagnosis.h"
#include "domain/waiting/tally.h"
#include "domain/waiting/visit_fact.h"

enum {
	PUBLISH_FEW = -1,
	PUBLISH_FIGURES_MAX = 24,
};

struct published_figure {
	const char *measure; /* "MEDIAN_DAYS" */
	int64_t value;       /* or PUBLISH_FEW */
};

int64_t publish_count(const struct policy *policy, int64_t count);
/* Requests with a visit or waiting for one that a 90th percentile must be of. */
int64_t publish_p90_needs(const struct policy *policy);

/* What is said of one prison's requests of a class, or visits of a kind, in a month; nothing where there were none. */
size_t publish_waits(const struct policy *policy, const struct wait_summary *summary,
		     struct published_figure out[PUBLISH_FIGURES_MAX]);
/* The same as a summary: counts as above, shares of a hundred in .in_time, what is not said unknown. */
struct wait_summary publish_summary(const struct policy *policy,
				    const struct wait_summary *summary);
/* The same as figures: what is not said is PUBLISH_FEW, seconds are of whole minutes. */
struct visit_figures publish_figures(const struct policy *policy,
				     const struct visit_figures *figures);
/* Of what is said; PUBLISH_FEW where nothing is, though there is something. */
int64_t publish_sum(const int64_t *said, size_t count);
/* To how many minutes those of a week are rounded. */
int64_t publish_minutes_step(const struct policy *policy);
/* Where a week's minutes went, each figure by itself: what is made of them gives none of them away. */
struct diagnosis_week publish_week(const struct policy *policy, const struct diagnosis_week *week);
size_t publish_visits(const struct policy *policy, const struct visit_figures *figures,
		      struct published_figure out[PUBLISH_FIGURES_MAX]);

#endif
