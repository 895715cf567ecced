/*
 * fence.h - which time is kept for whom, and when it is let go.
 *
 * A fence keeps part of each day's legal time for urgent and dated visits: the
 * larger part more than fence_far_days working days ahead, the smaller exactly
 * so many, and nothing nearer.  (Kept until the day itself it wins urgent visits
 * nothing and puts small prisons a day behind: docs/measurements.md.)  Release: what a
 * use has not taken by a moment is open to another use too.  Neither makes nor
 * loses a minute: both only say who may take it.
 */
#ifndef PVL_DOMAIN_WAITING_FENCE_H
#define PVL_DOMAIN_WAITING_FENCE_H

#include "domain/waiting/urgency.h"

struct fence_ask {
	enum waiting_class class;
	int64_t lead_days;     /* working days until the day of the visit; 0: today */
	int64_t deadline_days; /* working days until the deadline; for dated visits */
};

/* Of a hundred minutes of that day, so many are kept from the one who asks. */
int64_t fence_percent(const struct policy *policy, const struct fence_ask *ask);
/*
 * How many of a day's minutes the one who asks may still take: open is all
 * that the day has, taken what is booked of it.  Never negative.
 */
int64_t fence_left(const struct policy *policy, const struct fence_ask *ask, int64_t open,
		   int64_t taken);
/* Whether it keeps so much of the day from the one who asks that wanted is not left: for the service and the simulation. */
bool fence_keeps(const struct policy *policy, const struct fence_ask *ask, int64_t open,
		 int64_t taken, int64_t wanted);
/* Who asks on that day, for a visit on another. */
struct fence_ask fence_ask_on(const struct waiting_need *need, const struct policy *policy,
			      struct date today, struct date day);
/*
 * The first day from today on, at the latest the day of the visit, on which the
 * one who asks may take so much of it, if nobody else does.
 */
struct date fence_falls(const struct waiting_need *need, const struct policy *policy,
			struct date today, struct date day, int64_t open, int64_t taken,
			int64_t wanted);

/*
 * Unused time of a kind that ends by this moment is open to the other kind
 * too.  Kinds between which nothing is ever released, and a kind and
 * itself: a moment long ago.
 */
struct wall release_until(const struct policy *policy, enum visit_kind owner, enum visit_kind to,
			  struct wall now);
/*
 * Whether time that is of these kinds (bit n: enum visit_kind n) is open to a
 * visit of that kind until that end: its own, or released by all whose it is.
 */
bool release_covers(const struct policy *policy, unsigned owners, enum visit_kind to,
		    struct wall now, struct wall end);
/* Whether unused time of the one is ever released to the other. */
bool release_possible(enum visit_kind owner, enum visit_kind to);

#endif
