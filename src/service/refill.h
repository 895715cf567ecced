/*
 * refill.h - time that became free is offered on, to whom it serves best.
 *
 * By the rules of domain/waiting/refill.h, over rows: all state is in the
 * database, so that what was begun before a crash goes on after it.  An offer
 * that is made keeps its time by the same primary key as a booking does.
 *
 *	a visit is called off, moved, not held, ends early  →  a freed time
 *	time is released by policy, a closed day opened     →  found for somebody who waits
 *	a freed time  →  offers, one after the other or several at once  →  a booking
 *
 * Whoever accepts is bound by every rule of booking, looked at afresh; what they
 * have is theirs until the new time is taken, in one transaction.
 */
#ifndef PVL_SERVICE_REFILL_H
#define PVL_SERVICE_REFILL_H

#include "service/waiting.h"

/* Where the next run goes on; all zeros at first.  Lost with the process, and no matter. */
struct refill_cursor {
	struct freed_id freed; /* looked at last */
	size_t tried;          /* of those who may be asked for the next one */
	int64_t waiting;       /* swept last */
	struct wall swept_at;  /* when the present round of sweeping began */
};

/*
 * ROLE_SYSTEM.  Ends what is due, makes the offers that are due, and looks for
 * whom released time would serve: a bounded share of it.  *more: at once again.
 */
MUST_USE enum err refill_run(struct service *, const struct actor *, struct refill_cursor *,
			     bool *more);

/* An offer as whoever it was made to sees it. */
struct offer_view {
	struct offer_row offer; /* .offer.state: EXPIRED as soon as its window is over */
	struct waiting waiting; /* as it is now: with the visit that it has */
	struct str prison_name;
};

/* Of the actor; ERR_NOT_FOUND else.  ROLE_SYSTEM: any. */
MUST_USE enum err refill_find(struct service *, const struct actor *, struct arena *,
			      struct offer_id, struct offer_view *out);
/*
 * What it came to, now or before: an answer given twice changes nothing.  GONE:
 * somebody else was faster, or a rule of booking says no by now.
 */
MUST_USE enum err refill_answer(struct service *, const struct actor *, struct offer_id,
				enum offer_answer, enum offer_state *out);

#endif
