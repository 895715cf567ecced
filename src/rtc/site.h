/*
 * site.h - the calls of one prison, which share its line.
 *
 * pvl-web names the line of a visit by a number (media_visit.site) and tells what
 * it carries; all visits of a site are on one worker (docs/decisions/one-worker-a-site.md),
 * so that one place sees all that passes the line.  The terminal is the end behind
 * it: what the prisoner is sent passes it downwards, what the prisoner sends, upwards.
 * Each second the tiers of both directions are shared out anew; sender_tier.h keeps to
 * them.  One call of a site probes at a time.
 */
#ifndef PVL_RTC_SITE_H
#define PVL_RTC_SITE_H

#include "rtc/member.h"
#include "rtc/visit.h"

/* Once a second, all sites; what came over each is told (MEDIA_LINE). */
void site_second(struct core *core, struct mono now);
/* Whether this member may make the line prove that it carries more, now. */
bool site_may_probe(const struct core *core, const struct member *member);
/* At which rate the line of a new member starts: what pvl-web knows of it, at most its share of the
 * prison's; between what any line is tried with and what most carry.  0: nothing is known. */
int64_t site_start_bps(const struct core *core, const struct member *member);
/* The most that `sender` may be told to send, for the lines of sites on its way. */
enum tier site_most(const struct visit *visit, const struct member *sender);

#endif
