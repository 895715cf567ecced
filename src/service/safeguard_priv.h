/*
 * safeguard_priv.h - restrictions as part of another use-case: an incident's decision enters one,
 * an appeal lifts it.
 */
#ifndef PVL_SERVICE_SAFEGUARD_PRIV_H
#define PVL_SERVICE_SAFEGUARD_PRIV_H

#include "service/safeguard.h"

/* As restriction_add(), but for the leaf.  What fails has changed nothing. */
MUST_USE enum err restriction_lay_down(struct service *, const struct actor *, struct arena *,
				       const struct restriction_new *, struct restriction *out);
/* Ends it, whose it may be by now, and flags what it touched; writes no leaf.  Who may is the
 * caller's to ask.  ERR_CONFLICT: ended already. */
MUST_USE enum err restriction_lift(struct service *, const struct actor *, struct arena *,
				   struct restriction_id, struct str reason);

#endif
