/*
 * schedule.h - the sessions of a prison on one day, and how full they are.
 */
#ifndef PVL_SERVICE_SCHEDULE_H
#define PVL_SERVICE_SCHEDULE_H

#include "domain/session.h"
#include "service/service.h"

struct scheduled_session {
	struct session_template session;
	int open_booked; /* visits of that day in it, those that are over or called off left out */
	int closed_booked;
};

struct schedule {
	size_t count;
	struct scheduled_session *list; /* by time of day */
};

/* Staff of the prison; inspector. */
MUST_USE enum err schedule_find(struct service *, const struct actor *, struct arena *,
				struct prison_code, struct date, struct schedule *out);

#endif
