/*
 * request.h - visits that were asked for and wait for staff.
 */
#ifndef PVL_STORE_REQUEST_H
#define PVL_STORE_REQUEST_H

#include "base/arena.h"
#include "domain/visit.h"
#include "store/store.h"

enum request_outcome {
	REQUEST_OPEN,
	REQUEST_APPROVED,
	REQUEST_REJECTED,
	REQUEST_AUTO_REJECTED,
	REQUEST_WITHDRAWN,
	REQUEST_OUTCOME_COUNT,
};

struct store_request {
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct wall start;
	struct wall deadline;
};

struct store_requests {
	size_t count;
	struct store_request *list;
};

MUST_USE enum err store_request_insert(struct store *, struct visit_id, struct wall deadline);
/* ERR_NOT_FOUND: none, or decided already. */
MUST_USE enum err store_request_decide(struct store *, struct visit_id, enum request_outcome,
				       struct str reason, struct account_id by, struct wall at);
/* Open ones of a prison (empty: of all), earliest deadline first. */
MUST_USE enum err store_request_list(struct store *, struct arena *, struct prison_code, int limit,
				     struct store_requests *out);
/* The deadline of a visit's open request; ERR_NOT_FOUND: none. */
MUST_USE enum err store_request_deadline(struct store *, struct visit_id, struct wall *out);

#endif
