/*
 * readiness.h - every prison: can it hold visits, and what is missing.
 */
#ifndef PVL_SERVICE_READINESS_H
#define PVL_SERVICE_READINESS_H

#include "domain/prison.h"
#include "domain/readiness.h"
#include "service/service.h"

struct readiness_row {
	struct prison prison;
	struct readiness_facts facts;
	struct readiness readiness;
};

struct readiness_list {
	size_t count;
	struct readiness_row *list; /* by name */
};

/* Headquarters, operators and inspectors. */
MUST_USE enum err readiness_find(struct service *, const struct actor *, struct arena *,
				 struct readiness_list *out);

#endif
