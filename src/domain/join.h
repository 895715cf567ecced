/*
 * join.h - when people may enter a visit, when it ends, and what it cost.
 *
 *	lobby opens   start  join until        slot end    grace end
 *	     |----------|--------|----------------|-----------|
 *
 * Time that faults took lengthens the grace, up to what the policy adds.
 *
 * Pure: policy, visit and now come in.  Only an officer, the people themselves
 * or the clock end a visit; the clock not while nobody needs the terminal.
 */
#ifndef PVL_DOMAIN_JOIN_H
#define PVL_DOMAIN_JOIN_H

#include "domain/policy.h"
#include "domain/visit.h"

enum joining {
	JOINING_OK,
	JOINING_TOO_EARLY,    /* the lobby has not opened */
	JOINING_TOO_LATE,     /* not begun in time */
	JOINING_OVER,         /* completed, cancelled or missed */
	JOINING_REFUSED,      /* staff refused this caller */
	JOINING_NOT_ADMITTED, /* in the lobby, waiting for staff */
	JOINING_ELSEWHERE,    /* admitted at another visitor's device: nobody is there twice */
	JOINING_COUNT,
};

/* "NOT_ADMITTED" */
const char *joining_name(enum joining joining);
const char *joining_sentence(enum joining joining);

struct visit_window {
	struct wall lobby_opens;
	struct wall start;
	struct wall join_until;
	struct wall slot_end;
	struct wall grace_end;
};

struct visit_window visit_window_of(const struct visit *visit, const struct policy *policy);
/* Whether anyone may enter the lobby or a running visit now. */
enum joining visit_joining(const struct visit *visit, const struct policy *policy, struct wall now);

/*
 * When the visit must end at the latest: the end of the slot and its grace,
 * or earlier where the terminal's next visit begins (its lobby needs nothing:
 * the terminal is handed over at the start).  next_use 0: nobody waits.
 */
struct wall visit_must_end(const struct visit *visit, const struct policy *policy,
			   struct wall next_use);

/*
 * Minutes taken from the allowance in the end: whole minutes begun of the time
 * in which both sides could hear each other, never more than were booked.
 */
int visit_counted_minutes(int used_s, int booked_minutes);

#endif
