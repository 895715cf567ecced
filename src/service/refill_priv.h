/*
 * refill_priv.h - what booking, ending and moving tell the waiting list.  Parts
 * of their use-cases; none writes a leaf.
 */
#ifndef PVL_SERVICE_REFILL_PRIV_H
#define PVL_SERVICE_REFILL_PRIV_H

#include "service/booking.h"
#include "service/service_priv.h"
#include "store/refill.h"

/*
 * The places of that visit are free, or will be from now on: what is left of
 * its time is offered on, where anybody waits at its prison.
 */
MUST_USE enum err refill_freed(struct service *, const struct visit *);
/*
 * The visit is over or called off: its request, if it was asked for so, is over
 * too, or waits again by domain/waiting/again.h.  A legal visit that failed has
 * a request from now on if it had none, and whoever booked it is told.
 */
MUST_USE enum err waiting_visit_over(struct service *, struct arena *, const struct visit *);
/*
 * Staff say afterwards that a legal visit failed: it waits again, unless it was
 * asked for again meanwhile or its date has passed.
 */
MUST_USE enum err waiting_visit_failed(struct service *, struct arena *, const struct visit *);
/* What a legal visit is asked for as, from now on (or .need.asked_at); not in the database. */
struct waiting waiting_of_request(struct service *, struct account_id,
				  const struct visit_request *);
/* One that waits without a time for what is asked for now; .id 0: none. */
MUST_USE enum err waiting_find_like(struct service *, struct arena *, const struct waiting *asked,
				    struct waiting *out);
/* An offer that stands open is over; tells nobody. */
MUST_USE enum err waiting_close_offer(struct service *, const struct waiting *);
/* The request that has this visit; made now, as of when it was booked, where there is none. */
MUST_USE enum err waiting_of_visit(struct service *, struct arena *, const struct visit *,
				   struct waiting *out);
/* It is over, and so is an offer that stands open; tells nobody. */
MUST_USE enum err waiting_close(struct service *, const struct waiting *);
/* The same for all that wait for a prisoner; whoever waits is told. */
MUST_USE enum err waiting_close_for(struct service *, struct arena *, struct prisoner_id);
/* And for all of an account, which is told nothing. */
MUST_USE enum err waiting_close_of(struct service *, struct arena *, struct account_id);
/* Ends a request whose date has passed, or that is older than the rules keep; its own use-case. */
MUST_USE enum err waiting_give_up(struct service *, const struct actor *, const struct waiting *,
				  const struct policy *, bool *done);
/* Whoever waits, as who books it. */
struct actor refill_booker(const struct waiting *);
/* Whoever was asked, by the link or signed in. */
bool refill_is_asked(const struct actor *, struct account_id booker);
/* The answers of the rules, and that somebody was faster; not that the database is gone. */
bool refill_is_no(enum err);
/* Who waits at a prison, with what they were asked before for a time that begins then, and today. */
MUST_USE enum err refill_waiters_find(struct service *, struct arena *, struct prison_code,
				      struct wall start, struct refill_waiters *out);
/* Within the hours that they named. */
bool refill_is_wished(const struct waiting *, struct wall start, int minutes);
/* Lets go of what it kept, too. */
MUST_USE enum err offer_close(struct service *, const struct offer_row *, enum offer_state);
/* Between store_ahead() and its end: asks for those whose window is over. */
void offers_ask(struct service *, struct arena *);
/* Those whose window is over; each its own use-case. */
MUST_USE enum err offers_expire(struct service *, size_t *done);

#endif
