/*
 * reference.h - whether the code lists of other systems are those that this service acts on.
 *
 * What a restriction does is decided by its code.  A list that was imported and has other codes
 * means that the systems have drifted apart: it is logged at each start, and staff see it.
 */
#ifndef PVL_SERVICE_REFERENCE_H
#define PVL_SERVICE_REFERENCE_H

#include "service/service.h"

struct reference_drift {
	size_t unknown; /* of the list, that this service does not know */
	size_t missing; /* of its own, that the list does not have; 0 where none was imported */
};

/* Of restrictions (group RESTRICTION); RESTRICT is RESTRICTED, and NO_CONTACT is our own. */
MUST_USE enum err reference_drift_find(struct service *, struct arena *,
				       struct reference_drift *out);

#endif
