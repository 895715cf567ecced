/*
 * line.h - the prison's line: what visits may use of it, and how many fit.
 *
 * The rules say what the line should carry each way, what is held in reserve
 * (lines waver) and what staff systems and courts need; once they run, pvl-media
 * shares that among the visits (rtc/site.h), and cuts it when the line shows to
 * carry less.  What it showed on several days is in the rules too
 * (domain/line_found.h): visits are booked as long as each of them has its planned
 * rate of what the line should and does carry, in the weaker direction.  Pure.
 */
#ifndef PVL_DOMAIN_LINE_H
#define PVL_DOMAIN_LINE_H

#include "domain/policy.h"
#include "domain/visit.h"

enum {
	LINE_SOUND_BPS =
	    21000, /* of one person, each way: the least that a visit takes (congestion/tiers.h) */
};

/* For all visits together; 0: nothing is known of that direction. */
struct line_budget {
	int64_t up_bps; /* from the prison */
	int64_t down_bps;
};

/* Of what it should carry. */
struct line_budget line_budget_of(const struct policy *policy);
/* Of what it should and of what it showed to carry, by which visits are booked. */
struct line_budget line_planned_of(const struct policy *policy);
/*
 * What is to be the rule where visits found the line to carry so much (0: no less than it should):
 * 0, where that takes nothing from what is planned; what is the rule already, where that is about as
 * much; else the value to enter.  way: POLICY_LINK_FOUND_UP_KBIT or …_DOWN_KBIT.
 */
int64_t line_found_rule(const struct policy *policy, enum policy_name way, int64_t found_kbit);
/* Visits at once that the rules and the line bear. */
int line_calls(const struct policy *policy);
/* Visits that are booked at once, by what each is planned to take. */
struct line_use {
	int usual;
	int signing; /* in a signed language: 20 frames a second need more */
};

/* How many more of that kind fit beside these, less those kept for the courts; 0 or less: none. */
int line_calls_left(const struct policy *policy, struct line_use taken, bool signs);
/* A signed language is agreed for somebody in it. */
bool line_signs(const struct visit *visit);
/* Of a visit, for pictures beyond the least: 10 usual, more for children, signed languages and legal visits. */
int line_weight(const struct visit *visit, const struct policy *policy);

#endif
