/*
 * review.h - booked visits that something speaks against, in the database.
 */
#ifndef PVL_STORE_REVIEW_H
#define PVL_STORE_REVIEW_H

#include "base/arena.h"
#include "domain/review.h"
#include "store/store.h"

struct store_reviews {
	size_t count;
	struct review *list;
};

/* Opens one; *opened false: the visit has one open for that issue already, and nothing is written. */
MUST_USE enum err store_review_open(struct store *, const struct review *, bool *opened);
MUST_USE enum err store_review_find(struct store *, struct arena *, struct review_id,
				    struct review *out);
/* Of a prison (empty: all), in a state, those due first before those due later, at most limit. */
MUST_USE enum err store_review_list(struct store *, struct arena *, struct prison_code,
				    enum review_state, int limit, struct store_reviews *out);
/* Of one visit, newest first. */
MUST_USE enum err store_review_list_of(struct store *, struct arena *, struct visit_id,
				       struct store_reviews *out);
/* Open ones of the visits that are asked for at a prison (empty: at all), a visit's together. */
MUST_USE enum err store_review_list_requested(struct store *, struct arena *, struct prison_code,
					      struct store_reviews *out);
MUST_USE enum err store_review_decide(struct store *, const struct review *);

#endif
