/*
 * sender_tier.h - what each sender of a visit is told to send, from the lines of those who see it.
 *
 * Each receiver's line has a ladder (congestion/tiers.h), stepped with its
 * feedback; a sender is told the least of its receivers', monitors apart: a
 * monitor's line lowers nobody's picture.  And no more than its own line
 * brings to us.  A receiver whose line carries no picture gets none, whatever is sent.
 */
#ifndef PVL_RTC_SENDER_TIER_H
#define PVL_RTC_SENDER_TIER_H

#include "rtc/member.h"
#include "wire/twcc.h"

/* What all lines but that of its site allow: of the prisoner's picture (up), or of those sent to the prisoner. */
enum tier sender_tier_other_lines(const struct core *core, const struct visit *visit, bool up,
				  struct mono now);
/* Feedback of a receiver about its line. */
void sender_tier_heard(struct core *core, struct member *member, struct twcc_reader *feedback,
		       struct mono now);
/* A person wants no more than this, of what it gets and of what it sends. */
void sender_tier_bound(struct core *core, struct member *member, enum tier most, struct mono now);
/* Each second: what the lines of the senders bring. */
void sender_tier_second(struct core *core, struct visit *visit, struct mono now);
/* Tells every peer of the visit of which something has changed. */
void sender_tier_tell(struct core *core, const struct visit *visit, struct mono now);
/* Tells all again, to a pvl-web that is new. */
void sender_tier_resync(struct core *core, const struct visit *visit);

#endif
