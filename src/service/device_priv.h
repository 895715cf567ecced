/*
 * device_priv.h - who an actor is in a visit, and what its device's rows become.
 */
#ifndef PVL_SERVICE_DEVICE_PRIV_H
#define PVL_SERVICE_DEVICE_PRIV_H

#include "domain/device.h"
#include "service/service_priv.h"

/* Whose device a family or a guest has; ERR_NOT_FOUND: they have none in this visit. */
MUST_USE enum err device_holder_find(struct service *, const struct actor *, struct arena *,
				     const struct visit *, size_t *holder);

/* The holder sits down, with everybody where no other device can come and nobody chose.  Writes no leaf. */
MUST_USE enum err device_enter(struct service *, struct visit *, size_t holder);
/* Nobody at that device is admitted any more: staff look again.  Writes no leaf. */
MUST_USE enum err device_reset(struct service *, struct visit *, size_t holder);

#endif
