/*
 * look.h - that staff looked at somebody's page is written down, and the person can read it.
 *
 * One leaf (data.look) for an account, a role and a person; what they look at again within a
 * minute is the same look.  A page is shown only once the leaf stands.
 */
#ifndef PVL_SERVICE_LOOK_H
#define PVL_SERVICE_LOOK_H

#include "domain/prisoner.h"
#include "service/service.h"

enum {
	LOOK_AGAIN_S = 60, /* within which it is the same look */
};

/* rows: how much stood on the page. */
MUST_USE enum err prisoner_looked_at(struct service *, const struct actor *, struct prisoner_id,
				     int64_t rows);
MUST_USE enum err visitor_looked_at(struct service *, const struct actor *, struct person_id,
				    int64_t rows);

#endif
