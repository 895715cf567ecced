/*
 * legal_hold.h - recordings that are kept beyond their time, in the database.
 */
#ifndef PVL_STORE_LEGAL_HOLD_H
#define PVL_STORE_LEGAL_HOLD_H

#include "base/arena.h"
#include "domain/legal_hold.h"
#include "store/store.h"

struct store_legal_holds {
	size_t count;
	struct legal_hold *list;
};

/* ERR_CONFLICT: one stands for that recording already. */
MUST_USE enum err store_legal_hold_insert(struct store *, const struct legal_hold *);
/* What was decided and reviewed. */
MUST_USE enum err store_legal_hold_update(struct store *, const struct legal_hold *);
MUST_USE enum err store_legal_hold_find(struct store *, struct arena *, struct legal_hold_id,
					struct legal_hold *out);
/* Of one recording, the newest first. */
MUST_USE enum err store_legal_hold_list_of(struct store *, struct arena *, struct visit_id,
					   struct store_legal_holds *out);
/* Of a prison: what is asked for, then what is held, by the day of its review. */
MUST_USE enum err store_legal_hold_list(struct store *, struct arena *, struct prison_code,
					struct store_legal_holds *out);

#endif
