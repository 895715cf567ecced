#include "domain/event.h"

#include <string.h>

#include "base/assert.h"
#include "domain/custody.h"

static const struct {
	const char *name;
	const char *description;
} TYPES[] = {
	[EVENT_VISIT_BOOKED] = { "prison-visit.booked", "A visit has been booked" },
	[EVENT_VISIT_CHANGED] = { "prison-visit.changed",
				  "A visit is held at another time, or has become longer" },
	[EVENT_VISIT_CANCELLED] = { "prison-visit.cancelled",
				    "A visit is off, or the request for it is" },
	[EVENT_ALLOWANCE_ADJUSTED] = { "prison-visit-allocation.adjustment.created",
				       "Somebody has changed a prisoner's allowance" },
	[EVENT_ALLOWANCE_RESET] = { "prison-visit-allocation.balance.reset",
				    "A prisoner's visiting orders begin anew with a new period in "
				    "prison" },
	[EVENT_VIDEO_STARTED] = { "video-visit.started", "Both sides of a visit hear each other" },
	[EVENT_VIDEO_INTERRUPTED] = { "video-visit.interrupted", "Staff have paused a visit" },
	[EVENT_VIDEO_ENDED] = { "video-visit.ended", "A visit is over, or was not held" },
	[EVENT_VIDEO_TERMINATED] = { "video-visit.terminated", "Staff have ended a visit" },
	[EVENT_READINESS_CHANGED] = { "site-readiness.changed",
				      "A prison can hold video visits, or no longer" },
};
_Static_assert(ARRAY_LEN(TYPES) == EVENT_TYPE_COUNT, "a name for each");

static const struct {
	enum audit_verb verb;
	enum event_type type;
} TOLD[] = {
	{ AUDIT_VISIT_BOOK, EVENT_VISIT_BOOKED },
	{ AUDIT_REQUEST_APPROVE, EVENT_VISIT_BOOKED },
	{ AUDIT_VISIT_MOVE, EVENT_VISIT_CHANGED },
	{ AUDIT_VISIT_EXTEND, EVENT_VISIT_CHANGED },
	{ AUDIT_VISIT_CANCEL, EVENT_VISIT_CANCELLED },
	{ AUDIT_REQUEST_REJECT, EVENT_VISIT_CANCELLED },
	{ AUDIT_REQUEST_EXPIRE, EVENT_VISIT_CANCELLED },
	{ AUDIT_ALLOWANCE_ADJUST, EVENT_ALLOWANCE_ADJUSTED },
	{ AUDIT_VISIT_LIVE, EVENT_VIDEO_STARTED },
	{ AUDIT_VISIT_PAUSE, EVENT_VIDEO_INTERRUPTED },
	{ AUDIT_VISIT_END, EVENT_VIDEO_ENDED },
	{ AUDIT_PRISON_READY, EVENT_READINESS_CHANGED },
};

const char *event_type_name(enum event_type type)
{
	return type < EVENT_TYPE_COUNT ? TYPES[type].name : "";
}

bool event_type_of(struct str name, enum event_type *out)
{
	for (unsigned i = 0; i < EVENT_TYPE_COUNT; i++) {
		if (str_is(name, TYPES[i].name)) {
			*out = (enum event_type)i;
			return true;
		}
	}
	return false;
}

const char *event_description(enum event_type type)
{
	return type < EVENT_TYPE_COUNT ? TYPES[type].description : "";
}

static bool resets_orders(const struct audit_record *record)
{
	return record->verb == AUDIT_PRISONER_MOVE && record->amount >= 0 &&
	       record->amount < MOVEMENT_COUNT &&
	       movement_effect_of((enum movement)record->amount).resets_orders;
}

bool event_of_record(const struct audit_record *record, enum event_type *out)
{
	if (resets_orders(record)) {
		*out = EVENT_ALLOWANCE_RESET;
		return true;
	}
	if (record->verb == AUDIT_VISIT_END && record->role != ROLE_SYSTEM) {
		*out = EVENT_VIDEO_TERMINATED;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(TOLD); i++) {
		if (TOLD[i].verb == record->verb) {
			*out = TOLD[i].type;
			return true;
		}
	}
	return false;
}

static const char *const STATES[] = {
	[EVENT_WAITING] = "WAITING",
	[EVENT_SENDING] = "SENDING",
	[EVENT_DELIVERED] = "DELIVERED",
	[EVENT_FAILED] = "FAILED",
};
_Static_assert(ARRAY_LEN(STATES) == EVENT_STATE_COUNT, "a name for each");

const char *event_state_name(enum event_state state)
{
	return state < EVENT_STATE_COUNT ? STATES[state] : "";
}

bool event_state_of(struct str name, enum event_state *out)
{
	for (unsigned i = 0; i < EVENT_STATE_COUNT; i++) {
		if (str_is(name, STATES[i])) {
			*out = (enum event_state)i;
			return true;
		}
	}
	return false;
}

/* The host with its port: what stands before path and query. */
static struct str authority_of(struct str rest)
{
	size_t len = 0;
	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?')
		len++;
	return str_of(rest.at, len);
}

bool webhook_url_acceptable(struct str url, bool plain_too)
{
	size_t skip = strlen("https://");
	if (plain_too && str_starts(url, "http://"))
		skip = strlen("http://");
	else if (!str_starts(url, "https://"))
		return false;
	if (url.len > WEBHOOK_URL_MAX)
		return false;
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] <= ' ' || url.at[i] > '~' || strchr("#\"<>\\^`{|}", url.at[i]))
			return false;
	struct str host = authority_of(str_of(url.at + skip, url.len - skip));
	return host.len && host.at[0] != ':' && !memchr(host.at, '@', host.len);
}
