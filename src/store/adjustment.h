/*
 * adjustment.h - what visitors need so that they can take part, in the database.
 */
#ifndef PVL_STORE_ADJUSTMENT_H
#define PVL_STORE_ADJUSTMENT_H

#include "base/arena.h"
#include "domain/adjustment.h"
#include "store/store.h"

struct store_adjustments {
	size_t count;
	struct adjustment *list;
};

/* Its id, contact, kind, words and asked_at.  ERR_CONFLICT: one of that kind is asked or agreed. */
MUST_USE enum err store_adjustment_insert(struct store *, const struct adjustment *);
MUST_USE enum err store_adjustment_find(struct store *, struct arena *, struct adjustment_id,
					struct adjustment *out);
/* Of a contact, newest first. */
MUST_USE enum err store_adjustment_list_of(struct store *, struct arena *, struct contact_id,
					   int limit, struct store_adjustments *out);
/* Asked, of the prisoners of a prison (empty: of all), oldest first. */
MUST_USE enum err store_adjustment_list_asked(struct store *, struct arena *, struct prison_code,
					      int limit, struct store_adjustments *out);
/* Agreed, of those who take part in a visit. */
MUST_USE enum err store_adjustment_list_in(struct store *, struct arena *, int64_t visit, int limit,
					   struct store_adjustments *out);
MUST_USE enum err store_adjustment_decide(struct store *, const struct adjustment *,
					  struct account_id by);

#endif
