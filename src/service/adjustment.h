/*
 * adjustment.h - what visitors need so that they can take part: asked by the
 * booker, decided by the prison.
 *
 * What is agreed shows in the offer (longer visits, whose added minutes no
 * allowance pays for), to the staff who admit, and on the line (domain/line.h).
 */
#ifndef PVL_SERVICE_ADJUSTMENT_H
#define PVL_SERVICE_ADJUSTMENT_H

#include "domain/adjustment.h"
#include "domain/reference.h"
#include "service/people.h"

enum {
	ADJUSTMENTS_OF_MAX = 20, /* of one visitor and prisoner, the newest */
	ADJUSTMENTS_LIST_MAX = 200,
};

struct adjustment_list {
	size_t count;
	struct adjustment *list;
};

/* ---- the family: contacts of their own account, else ERR_NOT_FOUND ---- */

/* *contact: whose they are.  Newest first. */
MUST_USE enum err adjustments_mine(struct service *, const struct actor *, struct arena *,
				   struct contact_id, struct contact *contact,
				   struct adjustment_list *out);
/* ERR_BAD: the words; ERR_CONFLICT: that is asked, or agreed, already. */
MUST_USE enum err adjustment_ask(struct service *, const struct actor *, struct contact_id,
				 enum adjustment_kind, struct str words);
/* ERR_CONFLICT: refused or withdrawn before. */
MUST_USE enum err adjustment_withdraw(struct service *, const struct actor *, struct adjustment_id);

/* ---- staff of the prison ---- */

/* Asked, oldest first. */
MUST_USE enum err adjustments_waiting(struct service *, const struct actor *, struct arena *,
				      struct adjustment_list *out);
/* Of one contact, newest first. */
MUST_USE enum err adjustments_of(struct service *, const struct actor *, struct arena *,
				 struct contact_id, struct adjustment_list *out);
MUST_USE enum err adjustment_find(struct service *, const struct actor *, struct arena *,
				  struct adjustment_id, struct adjustment *out);
/* Agreed, of those who take part; whoever may see the visit as staff. */
MUST_USE enum err adjustments_in(struct service *, const struct actor *, struct arena *,
				 struct reference, struct adjustment_list *out);

struct adjustment_decision {
	bool agree;        /* else it is refused, or ends, with a reason */
	int minutes;       /* of ADJUSTMENT_LONGER */
	struct str reason; /* the booker reads it */
};

/* Visits clerk, contacts authoriser, duty governor.  ERR_CONFLICT: it has become something else. */
MUST_USE enum err adjustment_decide(struct service *, const struct actor *, struct adjustment_id,
				    const struct adjustment_decision *);

#endif
