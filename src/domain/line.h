/*
 * line.h - the prison's line: what visits may use of it, and how many fit.
 *
 * The rules say what the line carries each way, what is held in reserve (lines
 * waver) and what staff systems and courts need.  Visits are booked as long as
 * each of them has its planned rate, in the weaker direction; once they run,
 * pvl-media shares the same budget among them (rtc/site.h).  Pure.
 */
#ifndef PVL_DOMAIN_LINE_H
#define PVL_DOMAIN_LINE_H

#include "domain/policy.h"
#include "domain/visit.h"

/* For all visits together; 0: nothing is known of that direction. */
struct line_budget {
	int64_t up_bps; /* from the prison */
	int64_t down_bps;
};

struct line_budget line_budget_of(const struct policy *policy);
/* Visits at once that the rules and the line bear. */
int line_calls(const struct policy *policy);
/* Of a visit, for pictures beyond the least: 10 usual, more for children, signed languages and legal visits. */
int line_weight(const struct visit *visit, const struct policy *policy);

#endif
