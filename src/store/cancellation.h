/*
 * cancellation.h - how visits were called off, in the database.
 */
#ifndef PVL_STORE_CANCELLATION_H
#define PVL_STORE_CANCELLATION_H

#include "base/id.h"
#include "domain/cancellation.h"
#include "store/store.h"

MUST_USE enum err store_cancellation_insert(struct store *, struct visit_id,
					    const struct cancellation *);
/* ERR_NOT_FOUND: nothing was said. */
MUST_USE enum err store_cancellation_find(struct store *, struct visit_id,
					  struct cancellation *out);

#endif
