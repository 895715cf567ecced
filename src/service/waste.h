/*
 * waste.h - where a prison's minutes of a week went (domain/waiting/diagnosis.h), counted now.
 */
#ifndef PVL_SERVICE_WASTE_H
#define PVL_SERVICE_WASTE_H

#include "domain/prison.h"
#include "domain/waiting/diagnosis.h"
#include "service/service.h"

struct waste {
	struct prison prison;
	struct date monday;
	bool so_far;  /* the week is not over: only what is past is counted */
	int64_t step; /* minutes are rounded to it; 0: they are exact */
	struct diagnosis_week week;
	struct diagnosis diagnosis;
};

/*
 * The week in which a day lies, none that is still to come (ERR_BAD).  Staff of the
 * prison; headquarters and inspectors name one, and are told minutes in which no single
 * visit can be found (domain/waiting/publish.h).
 */
MUST_USE enum err waste_find(struct service *, const struct actor *, struct arena *,
			     struct prison_code, struct date, struct waste *out);

#endif
