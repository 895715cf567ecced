/*
 * watch.h - small rules that keep the waiting fair: block bookings, prisons
 * that fall behind, numbers too small to publish.
 */
#ifndef PVL_DOMAIN_WAITING_WATCH_H
#define PVL_DOMAIN_WAITING_WATCH_H

#include "domain/policy.h"

/* A firm has so many open routine visits with one client: may it book another now? */
bool damping_allows(const struct policy *policy, int64_t open_routine);

/* A prison whose 90th percentile is beyond the policy's share of the country's. */
bool fairness_alert(const struct policy *policy, int64_t prison_p90, int64_t country_p90);

/* A count that may be published: 0, or not so small that somebody could be found by it. */
bool count_publishable(const struct policy *policy, int64_t count);

#endif
