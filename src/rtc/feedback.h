/*
 * feedback.h - RTCP of one member: what we tell it, and what it tells us.
 */
#ifndef PVL_RTC_FEEDBACK_H
#define PVL_RTC_FEEDBACK_H

#include "rtc/member.h"

/* NACKs, key-frame requests and transport-wide feedback that are due, in one datagram. */
void feedback_send(struct member *member, struct mono now);
/* It has something to send now: to be asked when a packet has come. */
bool feedback_is_due(const struct member *member, struct mono now);
/* When it is to be called without that. */
struct mono feedback_next(const struct member *member);
/* The compound of each second: sender reports of the slots, a block for each uplink, the rate that
 * the uplinks' receivers can take. */
void feedback_report(struct core *core, struct member *member, struct mono now);
/* An authenticated compound. */
void feedback_receive(struct core *core, struct member *member, struct bytes compound,
		      struct mono now);

#endif
