/*
 * outcome.h - what became of visits, told by staff when their time is past.
 */
#ifndef PVL_SERVICE_OUTCOME_H
#define PVL_SERVICE_OUTCOME_H

#include "service/booking.h"
#include "store/outcome.h"

/*
 * Visits clerk, monitor, duty governor of the prison; words may be empty.  Said
 * again it stands in place of the first; the same again changes nothing.  What
 * visitors paid for a visit that could not be comes back, once; a legal visit that
 * failed by the prison's doing or a fault waits again (domain/waiting/again.h).
 * *answer other than OUTCOME_MAY: nothing was done.
 */
MUST_USE enum err visit_outcome_set(struct service *, const struct actor *, struct reference,
				    enum visit_outcome, struct str words,
				    enum outcome_answer *answer);
/* Of a visit that visit_find gave; ERR_NOT_FOUND: nothing was said. */
MUST_USE enum err visit_outcome_find(struct service *, struct arena *, const struct visit *,
				     struct outcome_said *out);
/*
 * Those of a local day that are over, called off ones too, by start.  Staff of the prison,
 * inspector.  ERR_BAD: the day is to come, or longer ago than outcome_days.
 */
MUST_USE enum err visits_over_find(struct service *, const struct actor *, struct arena *,
				   struct prison_code, struct date, struct visit_list *out);

#endif
