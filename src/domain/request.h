/*
 * request.h - by when staff must decide on a visit that was asked for.
 *
 * Undecided requests are rejected at a fixed minute of the day (so that a
 * person is there to look at the list before), early enough that the family
 * has the decision hours before the visit.
 */
#ifndef PVL_DOMAIN_REQUEST_H
#define PVL_DOMAIN_REQUEST_H

#include "domain/local_time.h"
#include "domain/policy.h"

/* The last closing minute that is review_decide_hours before the start; may have passed. */
struct wall request_deadline(struct wall start, const struct policy *policy);

#endif
