/*
 * device.h - the devices of one visit: whose they are, and who sits at them.
 *
 * A device is an adult's of the booking: of the booker (as the visitor of the
 * account's name, else as the main visitor), of a visitor with an own account
 * that bears their name and in which the prison approved them for this
 * prisoner, or of the bearer of a personal link (visit_link.h).
 */
#ifndef PVL_SERVICE_DEVICE_H
#define PVL_SERVICE_DEVICE_H

#include "domain/device.h"
#include "service/booking.h"

struct device_choice {
	size_t count;
	struct person_id with[PARTY_MAX]; /* who else sits at the actor's device */
};

/*
 * Replaces what was chosen before.  ERR_BAD: no visitor of this visit;
 * ERR_CONFLICT: one of them sits at another device, staff admitted somebody
 * here already, or joining is not open (join_authorise says why).
 */
MUST_USE enum err device_choose(struct service *, const struct actor *, struct reference,
				const struct device_choice *);

/* Visits to come that others booked and on which the holder of the account is, earliest first. */
MUST_USE enum err visits_invited(struct service *, const struct actor *, struct arena *,
				 struct visit_list *out);

#endif
