/*
 * tally.h - how long requests waited: counted, and told in a few figures.
 *
 * A wait runs from the request to the day of the visit that was held, in working
 * days.  Requests that still wait count as well: they have waited at least so
 * long (Kaplan and Meier 1958), so a prison does not look better by leaving
 * people without a time.  Pure.
 */
#ifndef PVL_DOMAIN_WAITING_TALLY_H
#define PVL_DOMAIN_WAITING_TALLY_H

#include "domain/waiting/urgency.h"

enum {
	TALLY_DAYS = 91, /* 0 … 90 working days; the last is "90 or more" */
};

enum wait_outcome {
	WAIT_HELD_IN_TIME, /* held by the day of the level of service */
	WAIT_HELD_LATE,
	WAIT_WAITING_IN_TIME, /* no visit yet, and not late yet */
	WAIT_WAITING_LATE,
	WAIT_NOT_HELD, /* given up, or the visit did not happen and nobody asked again */
	WAIT_OUTCOME_COUNT,
};

const char *wait_outcome_name(enum wait_outcome outcome); /* "HELD_LATE" */
bool wait_outcome_of(struct str name, enum wait_outcome *out);

struct wait_tally {
	int64_t count[WAIT_OUTCOME_COUNT][TALLY_DAYS];
};

void wait_tally_add(struct wait_tally *tally, enum wait_outcome outcome, int64_t days,
		    int64_t requests);

/* Adds one to another. */
void wait_tally_sum(struct wait_tally *sum, const struct wait_tally *one);

/*
 * So many more of the requests would have had to be held within that many days
 * for nine in ten to be; who waits counts as soon as it is longer than that.
 */
int64_t wait_tally_missing(const struct wait_tally *tally, int days);

/* A wait that so many per cent of the requests do not exceed. */
struct wait_quantile {
	bool known; /* false: no request */
	int days;
	bool or_more; /* too many still wait to say more than that it is at least so long */
};

struct wait_summary {
	int64_t requests; /* all of them */
	int64_t held;
	int64_t waiting;
	int64_t not_held;
	int64_t in_time; /* of those that can be judged */
	int64_t judged;  /* held, or waiting beyond the level of service */
	struct wait_quantile median;
	struct wait_quantile p90;
};

struct wait_summary wait_summary_of(const struct wait_tally *tally);

#endif
