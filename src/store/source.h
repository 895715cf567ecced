/*
 * source.h - how current alerts, restrictions and non-associations are.
 */
#ifndef PVL_STORE_SOURCE_H
#define PVL_STORE_SOURCE_H

#include "base/arena.h"
#include "base/id.h"
#include "domain/source.h"
#include "store/store.h"

/* In the order of enum source; one that has no row is down. */
MUST_USE enum err store_source_list(struct store *, struct arena *,
				    struct source_state out[SOURCE_COUNT]);
MUST_USE enum err store_source_set(struct store *, const struct source_state *,
				   struct account_id by, struct wall at);

#endif
