/*
 * escort.h - a prisoner on the way to a visit: told, brought, there, or not produced.
 *
 *	   acknowledge_hours            acknowledge_last     pick-up       start   start_within
 *	           |------- to be acknowledged -------|- unknown -|- pick up -|- late -|- overdue
 *
 * The wing says that it knows of a escort (acknowledges it); a visit at which the
 * prisoner is not seen start_within_minutes after its start may be given to
 * somebody else.  Pure: visit, policy and now come in.
 */
#ifndef PVL_DOMAIN_ESCORT_H
#define PVL_DOMAIN_ESCORT_H

#include "domain/policy.h"
#include "domain/visit.h"

enum escort {
	ESCORT_NONE,         /* the visit was called off, or is only asked for */
	ESCORT_AHEAD,        /* too far ahead to be acknowledged */
	ESCORT_TO_KNOW,      /* the wing has not said that it knows */
	ESCORT_UNKNOWN,      /* the same, and it is nearly time: somebody has to ring the wing */
	ESCORT_ACKNOWLEDGED, /* the wing knows */
	ESCORT_PICK_UP,      /* between the pick-up and the start */
	ESCORT_LATE,         /* the visit should have begun */
	ESCORT_OVERDUE,      /* so late that its time may be given away */
	ESCORT_THERE,        /* at the terminal, or was */
	ESCORT_NOT_PRODUCED,
	ESCORT_COUNT,
};

const char *escort_name(enum escort escort); /* "PICK_UP" */

/* Why somebody was not produced. */
enum not_produced {
	NOT_PRODUCED_REFUSED, /* did not want to come */
	NOT_PRODUCED_COURT,
	NOT_PRODUCED_MOVED, /* is in another prison, or released */
	NOT_PRODUCED_HEALTH,
	NOT_PRODUCED_NO_ESCORT,
	NOT_PRODUCED_LOCKDOWN,
	NOT_PRODUCED_NOT_TOLD, /* the wing or the prisoner did not know */
	NOT_PRODUCED_OTHER,
	NOT_PRODUCED_COUNT,
};

const char *not_produced_name(enum not_produced cause); /* "NO_ESCORT" */
bool not_produced_of(struct str name, enum not_produced *out);

/* When the prisoner is to leave the wing. */
struct wall escort_pick_up(const struct visit *visit, const struct policy *policy);

/* acknowledged: the wing knows; noted: somebody wrote down that they were not produced. */
enum escort escort_of(const struct visit *visit, bool acknowledged, bool noted,
		      const struct policy *policy, struct wall now);

/* May be written down: its time has come and the prisoner was never seen. */
bool escort_may_be_noted(const struct visit *visit, struct wall now);

#endif
