/*
 * role.h - what a signed-in person or device is to the service.
 *
 * The staff roles are those of the prison service (visits clerk, monitor …);
 * a person may hold several, each at one prison or, for headquarters, at none.
 */
#ifndef PVL_DOMAIN_ROLE_H
#define PVL_DOMAIN_ROLE_H

#include "base/str.h"

enum role {
	ROLE_NOBODY,
	ROLE_FAMILY,
	ROLE_TERMINAL, /* an enrolled terminal in a prison: the prisoner's end */
	ROLE_VISITS_CLERK,
	ROLE_MONITOR,
	ROLE_CONTACTS_AUTHORISER,
	ROLE_DUTY_GOVERNOR,
	ROLE_PRISON_ADMIN,
	ROLE_HQ_ANALYST,
	ROLE_HQ_ADMIN,
	ROLE_OPERATOR,
	ROLE_INSPECTOR,
	ROLE_GUEST,  /* a visitor who came by a personal link, for one visit */
	ROLE_SYSTEM, /* the service itself: sample data, time running out */
	ROLE_COUNT,
};

/* As stored and in the JSON API, "visits_clerk"; never NULL. */
const char *role_name(enum role role);
bool role_of(struct str name, enum role *out);
/* Works for a prison (or headquarters), with a staff sign-in. */
bool role_is_staff(enum role role);
/* Holds for every prison: headquarters, operator, inspector. */
bool role_is_national(enum role role);

#endif
