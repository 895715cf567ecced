/*
 * live_priv.h - what ends a visit, or takes somebody out of it, as a part of another use-case.
 */
#ifndef PVL_SERVICE_LIVE_PRIV_H
#define PVL_SERVICE_LIVE_PRIV_H

#include "domain/visit.h"
#include "service/service.h"

/* It does not take place because the prisoner is not there; ERR_CONFLICT: it has begun, or is over.  Writes no leaf. */
MUST_USE enum err live_end_absent(struct service *, const struct actor *, struct arena *,
				  struct visit *);
/*
 * That visitor is no longer admitted, with why; their device goes when pvl-web reads the visit
 * again.  ends: nobody is left for whom it could go on.  ERR_CONFLICT: it does not go on now.
 * Writes no leaf.
 */
MUST_USE enum err live_put_out(struct service *, const struct actor *, struct arena *,
			       struct visit *, struct person_id, struct str reason, bool ends);

#endif
