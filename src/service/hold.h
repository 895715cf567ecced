/*
 * hold.h - a time is held for whoever chose it while they fill in the form.
 *
 * One application for each booker and prisoner: another choice lets go of the
 * first.  It ends by itself after the policy's hold_minutes: from then on
 * nobody sees it, and its row goes with the next sweep.
 */
#ifndef PVL_SERVICE_HOLD_H
#define PVL_SERVICE_HOLD_H

#include "service/booking.h"
#include "store/application.h"

/*
 * Decides as visit_book does, then takes the places.  With a verdict that may
 * be booked and OK, *until says how long.
 */
MUST_USE enum err visit_hold(struct service *, const struct actor *, const struct visit_request *,
			     struct verdict *verdict, struct wall *until);
/* ERR_NOT_FOUND: the actor holds no time for that prisoner. */
MUST_USE enum err visit_hold_find(struct service *, const struct actor *, struct prisoner_id,
				  struct application *out);
/* The actor's own, by its id; ERR_NOT_FOUND: none, over, or too late. */
MUST_USE enum err visit_hold_find_id(struct service *, const struct actor *, struct application_id,
				     struct application *out);
/* ROLE_SYSTEM, from time to time and before each hold and booking: frees what nobody waits for. */
MUST_USE enum err holds_sweep(struct service *);

#endif
