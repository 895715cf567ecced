/*
 * listing.h - the visitors whom a prison has on its own list: brought by files and by other systems.
 *
 * The list approves nobody here.  Staff see it beside a request, and whom it no longer
 * approves loses the approval in this service, too.
 */
#ifndef PVL_SERVICE_LISTING_H
#define PVL_SERVICE_LISTING_H

#include "domain/contact.h"
#include "service/service.h"

struct listing {
	struct prisoner_id prisoner;
	struct str name;
	struct date born;
	struct str relationship; /* in words, or a code that becomes its words */
	bool approved;
};

/* Somebody of that name (however it is spaced) and birth is one and the same. */
enum listing_change {
	LISTING_SAME,
	LISTING_NEW,
	LISTING_CHANGED,
};

/* What listing_set() would change; writes nothing. */
MUST_USE enum err listing_look(struct service *, struct arena *, const struct listing *,
			       enum listing_change *out);
/*
 * Contacts authoriser, duty governor of the prison; ROLE_SYSTEM.  ERR_BAD: name, birth or
 * relationship; ERR_NOT_FOUND: the prisoner is not theirs.  Booked visits of whoever loses the
 * approval are flagged.
 */
MUST_USE enum err listing_set(struct service *, const struct actor *, struct arena *,
			      const struct listing *, enum listing_change *out);

#endif
