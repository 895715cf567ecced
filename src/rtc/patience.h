/*
 * patience.h - how long the pictures of a slot wait at their receiver for what is sent again.
 *
 * A receiver's own buffer waits for the repeats of its own line, which it sees.  What the line of
 * the sender loses it sees as well, as a hole that is filled late, but not how far the sender is: it
 * waits for nothing, and the picture stands still.  So who sees a sender whose line loses is told
 * to wait for a round trip to that sender (the header extension playout-delay), as two browsers alone
 * would have.  And of less than ten pictures a second libwebrtc waits less than it should, of five
 * not at all: there its own line counts too.
 *
 * Sound is kept in step with the picture: what would take longer than PATIENCE_MOST_US is not waited for.
 */
#ifndef PVL_RTC_PATIENCE_H
#define PVL_RTC_PATIENCE_H

#include "rtc/member.h"

enum {
	PATIENCE_MOST_US = 400000,
	PATIENCE_US = 60000000, /* it lasts so long after it was last needed */
};

/* Each second: for all that are seen in the visit. */
void patience_second(struct core *core, const struct visit *visit, struct mono now);

#endif
