/*
 * live_priv.h - the end of a visit as a part of another use-case.
 */
#ifndef PVL_SERVICE_LIVE_PRIV_H
#define PVL_SERVICE_LIVE_PRIV_H

#include "domain/visit.h"
#include "service/service.h"

/* It does not take place because the prisoner is not there; ERR_CONFLICT: it has begun, or is over.  Writes no leaf. */
MUST_USE enum err live_end_absent(struct service *, const struct actor *, struct arena *,
				  struct visit *);

#endif
