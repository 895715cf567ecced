/*
 * outcome.h - what staff said became of visits, in the database.
 */
#ifndef PVL_STORE_OUTCOME_H
#define PVL_STORE_OUTCOME_H

#include "base/arena.h"
#include "domain/outcome.h"
#include "store/store.h"

struct outcome_said {
	enum visit_outcome outcome;
	struct str words; /* may be empty */
	struct wall at;
	struct account_id by;
};

/* In place of what was said before. */
MUST_USE enum err store_outcome_set(struct store *, struct visit_id, const struct outcome_said *);
MUST_USE enum err store_outcome_find(struct store *, struct arena *, struct visit_id,
				     struct outcome_said *out);

#endif
