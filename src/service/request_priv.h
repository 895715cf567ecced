/*
 * request_priv.h - a visit that staff look at before it is booked; no leaf is written here.
 */
#ifndef PVL_SERVICE_REQUEST_PRIV_H
#define PVL_SERVICE_REQUEST_PRIV_H

#include "domain/booking.h"
#include "service/service_priv.h"

/* With a review for each reason, due at the deadline. */
MUST_USE enum err request_open(struct service *, const struct visit *, const struct verdict *,
			       const struct policy *);
/* It is called off, as end says. */
MUST_USE enum err request_close(struct service *, const struct actor *, const struct visit *,
				enum visit_end end, struct str reason);

/* Calls a visit off whatever the state of its request; for ROLE_SYSTEM and staff.  booking.c */
MUST_USE enum err booking_call_off(struct service *, const struct actor *, struct arena *,
				   struct visit *, enum visit_end end, struct str reason);

#endif
