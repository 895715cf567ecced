/*
 * identity_priv.h - what a decision on a contact means for the person's identity.
 */
#ifndef PVL_SERVICE_IDENTITY_PRIV_H
#define PVL_SERVICE_IDENTITY_PRIV_H

#include "domain/identity.h"
#include "service/service_priv.h"

/* *covered: the rules ask for no identity, or it is verified, or was sent and is verified by this. */
MUST_USE enum err identity_covers(struct service *, const struct contact *, bool *covered);
/* An identity that was sent is decided on; one in another state is left alone.  Writes no leaf. */
MUST_USE enum err identity_decide(struct service *, const struct actor *, const struct contact *,
				  enum identity_state to);

#endif
