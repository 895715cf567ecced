/*
 * legal_priv.h - the earliest times of a legal visit; legal_times.c.
 */
#ifndef PVL_SERVICE_LEGAL_PRIV_H
#define PVL_SERVICE_LEGAL_PRIV_H

#include "service/legal.h"
#include "service/service_priv.h"

/*
 * Fills .times, .count, .party and .prison_name by .prisoner, .persons, .need,
 * .class and .from; own: a visit of theirs whose places count as free, 0: none.
 */
MUST_USE enum err legal_fill_times(struct service *, const struct actor *, struct arena *,
				   const struct policy *, struct visit_id own,
				   struct legal_times *);

/* What use_case_end() gave, as an answer; booking_answered() for the rest. */
MUST_USE enum err legal_answered(enum err err, enum legal_answer *answer, struct verdict *verdict);

#endif
