/*
 * standby.h - whoever waits may stand by for visits that begin together.
 *
 * By the rules of domain/waiting/standby.h, over rows, as refill.h does it: the same order, the same
 * windows, the same cap of offers in a day.  A standby takes no place.  What it was asked for is
 * booked only when a visit of the group ends because a side never came, in one transaction with that.
 */
#ifndef PVL_SERVICE_STANDBY_H
#define PVL_SERVICE_STANDBY_H

#include "service/service.h"
#include "store/standby.h"

/* Where the next run goes on; all zeros at first.  Lost with the process, and no matter. */
struct standby_cursor {
	struct prison_code prison; /* looked at now, or last */
	struct wall start;         /* of the group of it that was looked at last; 0: none yet */
	bool social;
	size_t tried;          /* of those who may be asked for the next group */
	bool stopped;          /* there, before all of the prison was looked at */
	struct wall swept_at;  /* when the present round of all prisons began */
	struct wall called_at; /* when places that became free were looked for last */
};

/*
 * ROLE_SYSTEM.  Ends what is due, calls whoever stands by to the places of visits that were called off
 * when nobody else can be offered them, and asks whoever may be asked: a bounded share of it.
 * *more: at once again.
 */
MUST_USE enum err standby_run(struct service *, const struct actor *, struct standby_cursor *,
			      bool *more);

/*
 * ROLE_SYSTEM.  That visit has not begun in time and cannot be about to: it ends as it would five
 * minutes later, and the first of those who stand by has what is left of its time.  ERR_CONFLICT:
 * nobody can have it, or both sides are there by now; the visit is as it was.
 */
MUST_USE enum err standby_hand_over(struct service *, const struct actor *, struct reference,
				    struct reference *called);

/* One as whoever was asked sees it. */
struct standby_view {
	struct standby_row row; /* .standby.state: EXPIRED as soon as its window is over */
	struct waiting waiting;
	struct str prison_name;
	struct wall known_at;       /* when they will know, and could begin */
	int minutes;                /* that they could have */
	struct reference reference; /* of the visit; empty: they were not called */
};

/* Of the actor; ERR_NOT_FOUND else.  ROLE_SYSTEM: any. */
MUST_USE enum err standby_find(struct service *, const struct actor *, struct arena *,
			       struct standby_id, struct standby_view *out);
/* What it came to, now or before: an answer given twice changes nothing. */
MUST_USE enum err standby_answer(struct service *, const struct actor *, struct standby_id,
				 enum offer_answer, enum standby_state *out);

#endif
