/*
 * privilege.h - a recording that nobody may look at, because somebody in it spoke with a lawyer or an MP.
 *
 * Whoever finds it closes it to everybody at once.  The privilege officers of the prison are told with
 * that, and one of them, never who closed it, sees to what follows: how it came to be recorded, that the
 * lawyer or MP is told.  They are those who decide about recordings there: duty governors and contacts
 * authorisers; where nobody else is one, headquarters are told.
 */
#ifndef PVL_SERVICE_PRIVILEGE_H
#define PVL_SERVICE_PRIVILEGE_H

#include "domain/recording.h"
#include "service/service.h"
#include "store/recording.h"

enum {
	PRIVILEGE_SHOWN = 20,
};

/*
 * Nobody opens it any more, and its visit, where it goes on, is not recorded any further.  A monitor,
 * duty governor or contacts authoriser of the prison.  ERR_BAD: no reason; ERR_CONFLICT: it is closed already.
 */
MUST_USE enum err recording_lock(struct service *, const struct actor *, struct reference,
				 struct str reason);

/*
 * A privilege officer says what was done about it, once.  ERR_BAD: no words; ERR_CONFLICT: it is not
 * closed, or somebody has; ERR_DENIED: the actor closed it.
 */
MUST_USE enum err privilege_settle(struct service *, const struct actor *, struct reference,
				   struct str words);

/* Whether that is still to be done, and is the actor's to do. */
bool privilege_waits_for(const struct actor *, const struct recording *);

/* What waits for the actor at their prison, the oldest first; none for other roles. */
MUST_USE enum err privilege_waiting(struct service *, const struct actor *, struct arena *,
				    struct store_recordings *out);

#endif
