/*
 * line.h - what the prisons' lines showed to carry, and that visits are booked by it.
 *
 * pvl-web tells what came over each line while visits ran.  Once a day it is looked at: a line that
 * was full on several days and carried less than it should then has that as a rule (link_found_…),
 * like any other with a date and a reason, and the visits for which it is too thin go to review.
 * The rule goes when the line shows it no more.
 */
#ifndef PVL_SERVICE_LINE_H
#define PVL_SERVICE_LINE_H

#include "domain/line_found.h"
#include "domain/prison.h"
#include "service/service.h"

/* What came since it was last told; part of a transaction of the caller's.  actor: ROLE_SYSTEM. */
MUST_USE enum err line_note(struct service *, const struct actor *, struct prison_code,
			    const struct line_day *);

/*
 * The prison after this one in order of their codes; empty: the first.  *after is the one that was
 * looked at, empty when there is no more.  actor: ROLE_SYSTEM.
 */
MUST_USE enum err line_look(struct service *, const struct actor *, struct prison_code *after);

#endif
