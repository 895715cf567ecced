/*
 * event.h - what other systems are told of: a change that has a leaf in the
 * audit log, by the names of the prison service (HMPPS domain events).
 *
 *	WAITING → SENDING → DELIVERED | FAILED
 *	           └→ WAITING (tried again later);  FAILED → WAITING (by hand)
 */
#ifndef PVL_DOMAIN_EVENT_H
#define PVL_DOMAIN_EVENT_H

#include "domain/audit.h"

enum event_type {
	EVENT_VISIT_BOOKED,
	EVENT_VISIT_CHANGED,
	EVENT_VISIT_CANCELLED,
	EVENT_ALLOWANCE_ADJUSTED,
	EVENT_ALLOWANCE_RESET,
	EVENT_VIDEO_STARTED,
	EVENT_VIDEO_INTERRUPTED,
	EVENT_VIDEO_ENDED,
	EVENT_VIDEO_TERMINATED,
	EVENT_READINESS_CHANGED,
	EVENT_TYPE_COUNT,
};

const char *event_type_name(enum event_type type); /* "prison-visit.booked" */
bool event_type_of(struct str name, enum event_type *out);
/* One sentence, for whoever writes the other system. */
const char *event_description(enum event_type type);
/* Whether other systems are told of that change: by its verb, whose doing it was, and its amount. */
bool event_of_record(const struct audit_record *record, enum event_type *out);

enum event_state {
	EVENT_WAITING,
	EVENT_SENDING,
	EVENT_DELIVERED,
	EVENT_FAILED,
	EVENT_STATE_COUNT,
};

const char *event_state_name(enum event_state state); /* "WAITING" */
bool event_state_of(struct str name, enum event_state *out);

enum {
	WEBHOOK_URL_MAX = 500,
};

/*
 * https:// and a host, with or without port, path and query, in visible ASCII; no
 * name and password in it, no fragment.  plain_too: http:// as well.
 */
bool webhook_url_acceptable(struct str url, bool plain_too);

#endif
