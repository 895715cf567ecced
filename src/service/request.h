/*
 * request.h - visits that were asked for and that staff decide on.
 *
 * A request holds its time, minutes and orders like a visit that is booked.
 * What nobody decides by its deadline is rejected by the service.
 */
#ifndef PVL_SERVICE_REQUEST_H
#define PVL_SERVICE_REQUEST_H

#include "domain/booking.h"
#include "domain/review.h"
#include "service/service.h"

enum {
	REQUESTS_LIST_MAX = 500,
	REQUESTS_DUE_MAX = 64, /* in one call; call again */
};

/*
 * The visit is booked.  Visits clerk or duty governor of the prison; reason
 * needed: it overrules what made staff look.  *verdict: what cannot be overruled
 * (an order of no contact, a ban, a non-association, a refusal by the
 * governor, a caller who is not approved, a prisoner who has gone); then
 * nothing is changed.  ERR_CONFLICT: decided already.
 */
MUST_USE enum err request_approve(struct service *, const struct actor *, struct reference,
				  struct str reason, struct verdict *verdict);
/* What it held is free, all that it cost comes back; the family reads the reason. */
MUST_USE enum err request_reject(struct service *, const struct actor *, struct reference,
				 struct str reason);

/* Who approves and rejects: a bit for each enum role. */
unsigned request_deciders(void);

struct requested_visit {
	struct visit visit;
	struct wall deadline;
	size_t review_count;
	const struct review *reviews; /* open: why staff look at it, newest first */
};

struct request_list {
	size_t count;
	struct requested_visit *list; /* earliest deadline first */
};

/* Staff of the prison. */
MUST_USE enum err requests_find(struct service *, const struct actor *, struct arena *,
				struct request_list *out);
/* The deadline of a visit that waits; ERR_NOT_FOUND: it does not. */
MUST_USE enum err request_deadline_find(struct service *, const struct actor *, struct reference,
					struct wall *out);

/* Rejects those whose deadline has passed, each in its own transaction; actor: ROLE_SYSTEM. */
MUST_USE enum err requests_expire(struct service *, const struct actor *, size_t *done);

#endif
