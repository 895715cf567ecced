/*
 * legal_hold.h - keeping a recording beyond its time: one asks, another of another line agrees, and it is looked at again.
 *
 * What is held is not destroyed by its time (recording_erase_due()); what is only
 * asked for is kept for LEGAL_HOLD_ASKED_DAYS more, and what was ended likewise,
 * so that whoever disagrees can ask again.
 */
#ifndef PVL_SERVICE_LEGAL_HOLD_H
#define PVL_SERVICE_LEGAL_HOLD_H

#include "domain/legal_hold.h"
#include "service/service.h"
#include "store/legal_hold.h"

/* *answer LEGAL_HOLD_OK: done, with one leaf; any other: nothing was written. */

struct legal_hold_new {
	struct str matter; /* the case, as others call it: 1 … LEGAL_HOLD_MATTER_MAX bytes */
	struct str reason;
	struct wall review_at;
};

/* A monitor, duty governor or contacts authoriser of the prison. */
MUST_USE enum err legal_hold_ask(struct service *, const struct actor *, struct reference,
				 const struct legal_hold_new *, enum legal_hold_answer *answer);
/* A duty governor or contacts authoriser of the prison, of another line than who asked. */
MUST_USE enum err legal_hold_decide(struct service *, const struct actor *, struct legal_hold_id,
				    bool agree, struct str reason, enum legal_hold_answer *answer);
/* The same roles, but who asked: until another day, or (review_at 0) it ends. */
MUST_USE enum err legal_hold_review(struct service *, const struct actor *, struct legal_hold_id,
				    struct wall review_at, struct str reason,
				    enum legal_hold_answer *answer);

/* Of the actor's prison: what is asked for and what is held.  Its staff, and inspectors with the prison that they look at. */
MUST_USE enum err legal_holds_find(struct service *, const struct actor *, struct arena *,
				   struct store_legal_holds *out);
/* Of a visit that the actor may know of; also inspectors. */
MUST_USE enum err legal_holds_of(struct service *, const struct actor *, struct arena *,
				 struct reference, struct store_legal_holds *out);
MUST_USE enum err legal_hold_find(struct service *, const struct actor *, struct arena *,
				  struct legal_hold_id, struct legal_hold *out);

#endif
