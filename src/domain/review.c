#include "domain/review.h"

static const char *const EVENTS[REVIEW_EVENT_COUNT] = {
	[REVIEW_POLICY_CHANGED] = "POLICY_CHANGED",
	[REVIEW_PRISON_NOT_READY] = "PRISON_NOT_READY",
	[REVIEW_SESSION_CHANGED] = "SESSION_CHANGED",
	[REVIEW_PRISON_DATE_BLOCKED] = "PRISON_DATE_BLOCKED",
	[REVIEW_SESSION_DATE_BLOCKED] = "SESSION_DATE_BLOCKED",
	[REVIEW_PLACE_BLOCKED] = "PLACE_BLOCKED",
	[REVIEW_ROOM_CHANGED] = "ROOM_CHANGED",
	[REVIEW_REGIME_EVENT] = "REGIME_EVENT",
	[REVIEW_REQUESTED] = "VISIT_REQUESTED",
	[REVIEW_NON_ASSOCIATION] = "NON_ASSOCIATION",
	[REVIEW_PRISONER_RELEASED] = "PRISONER_RELEASED",
	[REVIEW_PRISONER_RECEIVED] = "PRISONER_RECEIVED",
	[REVIEW_PRISONER_AWAY] = "PRISONER_AWAY",
	[REVIEW_PRISONER_MERGED] = "PRISONER_MERGED",
	[REVIEW_PRISONER_RESTRICTION] = "PRISONER_RESTRICTION_CHANGED",
	[REVIEW_VISITOR_RESTRICTION] = "VISITOR_RESTRICTION_CHANGED",
	[REVIEW_ALERT] = "ALERT_CHANGED",
	[REVIEW_CHILD_DECISION] = "CHILD_CONTACT_DECIDED",
	[REVIEW_VISITOR_UNAPPROVED] = "VISITOR_UNAPPROVED",
	[REVIEW_JOIN_STOPPED] = "JOIN_STOPPED",
};

static const char *const STATES[REVIEW_STATE_COUNT] = {
	[REVIEW_OPEN] = "OPEN",
	[REVIEW_ACKNOWLEDGED] = "ACKNOWLEDGED",
	[REVIEW_UNFLAGGED] = "UNFLAGGED",
};

const char *review_event_name(enum review_event event)
{
	return EVENTS[event < REVIEW_EVENT_COUNT ? event : REVIEW_POLICY_CHANGED];
}

bool review_event_of(struct str name, enum review_event *out)
{
	for (unsigned i = 0; i < REVIEW_EVENT_COUNT; i++) {
		if (str_is(name, EVENTS[i])) {
			*out = (enum review_event)i;
			return true;
		}
	}
	return false;
}

const char *review_state_name(enum review_state state)
{
	return STATES[state < REVIEW_STATE_COUNT ? state : REVIEW_OPEN];
}

bool review_state_of(struct str name, enum review_state *out)
{
	for (unsigned i = 0; i < REVIEW_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum review_state)i;
			return true;
		}
	}
	return false;
}

struct wall review_due(struct wall now, int64_t days, struct wall visit_start)
{
	struct wall due = wall_add_s(now, days * 86400);
	return due.s < visit_start.s ? due : visit_start;
}
