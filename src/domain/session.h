/*
 * session.h - the weekly pattern in which a prison holds video visits, and the
 * dated times it yields.
 */
#ifndef PVL_DOMAIN_SESSION_H
#define PVL_DOMAIN_SESSION_H

#include "domain/local_time.h"
#include "domain/prison.h"

struct session_template {
	struct session_template_id id;
	struct prison_code prison;
	unsigned weekdays; /* bit n: day n of the week, 1 Monday … 7 Sunday */
	int start_minute;  /* local, after midnight */
	int end_minute;    /* local; at most 1440 */
	int slot_minutes;  /* length of one visit */
	int every_weeks;   /* 1: every week, counted from valid_from's week */
	struct date valid_from;
	struct date valid_to; /* the last day; year 0: open */
	bool active;
};

enum {
	SESSION_TIMES_MAX = 288, /* of one day: five-minute steps */
};

struct session_time {
	struct wall start;
	int minutes;
};

bool session_runs_on(const struct session_template *template, struct date date);
/*
 * The visits a template holds room for on a day, earliest first.  Wall times
 * that the clocks jump over in March are left out; in October each is taken
 * once, at its first instant, so that no visit overlaps the next.
 */
size_t session_times(const struct session_template *template, struct date date,
		     struct session_time out[SESSION_TIMES_MAX]);
/* Some template of the list holds a visit of that length exactly then. */
bool session_holds(const struct session_template *templates, size_t count, struct wall start,
		   int minutes);

#endif
