/*
 * review.h - a booked visit that something now speaks against.
 *
 * A change (a rule, a session, a day without visits, a restriction …) never
 * cancels a visit: it opens a review with a date until which staff decide.
 *
 *	OPEN → ACKNOWLEDGED   staff looked, and the visit stays as it is
 *	     → UNFLAGGED      what spoke against it is gone (visit cancelled, moved, date given back …)
 */
#ifndef PVL_DOMAIN_REVIEW_H
#define PVL_DOMAIN_REVIEW_H

#include "domain/visit.h"

enum review_event {
	REVIEW_POLICY_CHANGED,
	REVIEW_PRISON_NOT_READY,
	REVIEW_SESSION_CHANGED,
	REVIEW_PRISON_DATE_BLOCKED,
	REVIEW_SESSION_DATE_BLOCKED,
	REVIEW_PLACE_BLOCKED,
	REVIEW_ROOM_CHANGED,
	REVIEW_REGIME_EVENT,
	/* Facts about people. */
	REVIEW_REQUESTED, /* it was asked for, and staff look at it first */
	REVIEW_NON_ASSOCIATION,
	REVIEW_PRISONER_RELEASED,
	REVIEW_PRISONER_RECEIVED, /* elsewhere, or anew */
	REVIEW_PRISONER_AWAY,     /* to hospital, or absent for a time */
	REVIEW_PRISONER_MERGED,
	REVIEW_PRISONER_RESTRICTION,
	REVIEW_VISITOR_RESTRICTION,
	REVIEW_ALERT,
	REVIEW_CHILD_DECISION,
	REVIEW_VISITOR_UNAPPROVED,
	REVIEW_JOIN_STOPPED, /* an order of no contact kept somebody from joining */
	REVIEW_EVENT_COUNT,
};

const char *review_event_name(enum review_event event); /* "POLICY_CHANGED" */
bool review_event_of(struct str name, enum review_event *out);

enum review_state {
	REVIEW_OPEN,
	REVIEW_ACKNOWLEDGED,
	REVIEW_UNFLAGGED,
	REVIEW_STATE_COUNT,
};

const char *review_state_name(enum review_state state); /* "OPEN" */
bool review_state_of(struct str name, enum review_state *out);

enum {
	REVIEW_ISSUE_MAX = 40
};

struct review {
	struct review_id id;
	struct visit_id visit;
	enum review_event event;
	char issue[REVIEW_ISSUE_MAX + 1]; /* booking_name() of the rule that says no */
	struct wall opened_at;
	struct wall due_at;
	enum review_state state;
	struct str reason; /* a person's words; of UNFLAGGED a code, "VISIT_CANCELLED" */
	struct account_id decided_by;
	struct wall decided_at;
	/* Of the visit; filled when read. */
	struct reference reference;
	struct prison_code prison;
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct wall start;
	int minutes;
	enum visit_state visit_state;
};

/* A review is due so many days after it opens, but never after the visit begins. */
struct wall review_due(struct wall now, int64_t days, struct wall visit_start);

#endif
