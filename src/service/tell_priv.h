/*
 * tell_priv.h - what is told of a visit, to whoever booked it and, of a legal
 * visit, to everybody whom they named.  Parts of the use-cases that change
 * visits; none writes a leaf.
 */
#ifndef PVL_SERVICE_TELL_PRIV_H
#define PVL_SERVICE_TELL_PRIV_H

#include "domain/adjustment.h"
#include "domain/contact.h"
#include "domain/policy.h"
#include "domain/professional.h"
#include "service/tell.h"

/* BOOKED, or REQUESTED with the prison's deadline; reminders of what is booked. */
MUST_USE enum err tell_booked(struct service *, const struct visit *, const struct policy *);
/* Whoever stood by is called: it is booked, and begins now; nothing is left to remind of. */
MUST_USE enum err tell_called(struct service *, const struct visit *);
/* The prison said yes to a request. */
MUST_USE enum err tell_approved(struct service *, const struct visit *);
/* after's reference is the one that before had. */
MUST_USE enum err tell_moved(struct service *, const struct visit *after, struct wall was,
			     const struct policy *);
/* Called off, whatever the way; END_MOVED withdraws the reminders and tells nothing. */
MUST_USE enum err tell_called_off(struct service *, const struct visit *);
/* It is over: told where minutes came back before its time, or where it was not held. */
MUST_USE enum err tell_over(struct service *, const struct visit *);
MUST_USE enum err tell_contact(struct service *, const struct contact *, bool approved,
			       enum contact_why why);
/* Verified, refused or revoked. */
MUST_USE enum err tell_professional(struct service *, const struct professional *);
/* The prison agreed, or did not, or does no longer. */
MUST_USE enum err tell_adjustment(struct service *, const struct adjustment *);

#endif
