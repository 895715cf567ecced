/*
 * review.h - booked visits that something now speaks against, for staff to decide.
 *
 * A change never cancels a visit: it opens reviews (change_priv.h).  Staff
 * cancel or move the visit, which closes its reviews, or decide that it stays.
 */
#ifndef PVL_SERVICE_REVIEW_H
#define PVL_SERVICE_REVIEW_H

#include "domain/review.h"
#include "service/service.h"

enum {
	REVIEWS_LIST_MAX = 500
};

struct review_list {
	size_t count;
	struct review *list;
};

/* Staff of the prison; national roles name one.  Due first, first. */
MUST_USE enum err reviews_find(struct service *, const struct actor *, struct arena *,
			       struct prison_code, enum review_state, struct review_list *out);
MUST_USE enum err review_find(struct service *, const struct actor *, struct arena *,
			      struct review_id, struct review *out);
/* All of one visit, newest first, for whoever may see it as staff. */
MUST_USE enum err reviews_of(struct service *, const struct actor *, struct arena *,
			     struct reference, struct review_list *out);
/* The visit stays as it is, with a reason.  Clerk or duty governor; ERR_CONFLICT: decided already. */
MUST_USE enum err review_acknowledge(struct service *, const struct actor *, struct review_id,
				     struct str reason);

#endif
