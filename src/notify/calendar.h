/*
 * calendar.h - a visit as a calendar file (RFC 5545), through libical.
 *
 * One maker for the file on the page and the one in e-mails, so that whichever
 * came first is replaced by the other: same UID, a SEQUENCE that rises with each
 * change.  What is mailed asks (REQUEST) or takes back (CANCEL), as RFC 5546 and
 * RFC 6047 have it; what is downloaded is published.
 *
 * The summary says nothing of a prison: calendars are shared and shown.
 */
#ifndef PVL_NOTIFY_CALENDAR_H
#define PVL_NOTIFY_CALENDAR_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "domain/reference.h"

enum calendar_method {
	CALENDAR_PUBLISH,
	CALENDAR_REQUEST,
	CALENDAR_CANCEL,
};

const char *calendar_method_name(enum calendar_method method); /* "REQUEST" */

struct calendar_event {
	enum calendar_method method;
	struct reference reference; /* of the visit: the entry's UID for good */
	int revision;               /* how often it has changed */
	const char *summary;
	const char *description; /* NULL: none */
	const char *address;     /* where to join; NULL: none */
	const char *organizer;   /* e-mail address that sends it; NULL for PUBLISH */
	const char *attendee;    /* whom it is sent to; NULL for PUBLISH */
	struct wall made;
	struct wall start;
	struct wall end;
};

/* ERR_LIMIT: out is full. */
MUST_USE enum err calendar_write(const struct calendar_event *event, struct buf *out);

/*
 * A time in which a room is taken, for the feed of a room: no name, no kind.
 * The whole feed is begun, given its times, and written.
 */
struct calendar_use {
	struct reference reference;
	int revision;
	struct wall start;
	struct wall end;
};

MUST_USE enum err calendar_feed_write(const char *name, const char *summary, struct wall now,
				      const struct calendar_use *uses, size_t count,
				      struct buf *out);

#endif
