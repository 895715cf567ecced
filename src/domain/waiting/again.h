/*
 * again.h - a visit is over and was not held: whether its request waits again.
 *
 * A request that waits again is as it was: the same first moment, the same date,
 * and nobody has to ask a second time.  What the prison calls off, and what a
 * transfer ends, always waits again.  What fails on the day does so by the
 * prison's rules: a legal visit also where it was cut short by a fault, because
 * a quarter of an hour of two is no consultation.  Pure.
 */
#ifndef PVL_DOMAIN_WAITING_AGAIN_H
#define PVL_DOMAIN_WAITING_AGAIN_H

#include "domain/outcome.h"

/* Values of POLICY_FAILED_WAITS. */
enum failed_waits {
	FAILED_ENDS,      /* whoever still wants the visit asks anew */
	FAILED_WAITS,     /* it waits again, where it was not the visitors' doing */
	FAILED_ALL_WAITS, /* also where the visitors did not come */
	FAILED_WAITS_LAST = FAILED_ALL_WAITS,
};

/* By the end that the service saw. */
bool waits_again(const struct visit *visit, const struct policy *policy);
/* By what staff say afterwards became of a legal visit that had another end, or none that fits. */
bool waits_again_as_told(const struct visit *visit, enum visit_outcome told,
			 const struct policy *policy);

#endif
