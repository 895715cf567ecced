/*
 * calendar.h - a visit as a calendar file (RFC 5545), through libical.
 *
 * The summary says nothing of a prison: calendars are shared and shown.
 */
#ifndef PVL_WEB_CALENDAR_H
#define PVL_WEB_CALENDAR_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

struct calendar_event {
	const char *uid; /* the same for the same visit, so that calendars replace it */
	const char *summary;
	const char *description;
	const char *address; /* where to join */
	struct wall made;
	struct wall start;
	struct wall end;
};

/* ERR_LIMIT: out is full. */
MUST_USE enum err calendar_write(const struct calendar_event *event, struct buf *out);

#endif
