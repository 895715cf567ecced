/*
 * look.h - that somebody's record was looked at is written down, and the person can read it.
 *
 * By staff or a machine, on a page or by the JSON API.  One leaf (data.look) for an account, a
 * role and a person or visit; one (list.…) for an account, a role, a list and its prison, with
 * how many rows it had, not one for each.  What is shown is shown only once the leaf stands.
 *
 * What people look at again within a minute is the same look.  Machines poll: what a key reads
 * again within a day is, so that each leaves at most one leaf a day for a person, a visit or a list.
 */
#ifndef PVL_SERVICE_LOOK_H
#define PVL_SERVICE_LOOK_H

#include "domain/audit.h"
#include "domain/prisoner.h"
#include "service/service.h"

enum {
	LOOK_AGAIN_S = 60, /* within which it is the same look */
	LOOK_AGAIN_MACHINE_S = 24 * 60 * 60,
};

/* rows: how much was shown. */
MUST_USE enum err prisoner_looked_at(struct service *, const struct actor *, struct prisoner_id,
				     int64_t rows);
MUST_USE enum err visitor_looked_at(struct service *, const struct actor *, struct person_id,
				    int64_t rows);
/* Whoever booked it and whom they visit are told. */
MUST_USE enum err visit_looked_at(struct service *, const struct actor *, struct visit_id,
				  int64_t rows);
/* list: one of AUDIT_LIST_…; no prison: of all.  A list without rows names nobody: nothing is written. */
MUST_USE enum err list_looked_at(struct service *, const struct actor *, enum audit_verb list,
				 struct prison_code, int64_t rows);

#endif
