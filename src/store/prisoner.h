/*
 * prisoner.h - prisoners in the database.
 */
#ifndef PVL_STORE_PRISONER_H
#define PVL_STORE_PRISONER_H

#include "base/arena.h"
#include "domain/account.h"
#include "domain/prisoner.h"
#include "store/store.h"

MUST_USE enum err store_prisoner_insert(struct store *, const struct prisoner *);
MUST_USE enum err store_prisoner_find(struct store *, struct arena *, struct prisoner_id,
				      struct prisoner *out);
struct store_prisoners {
	size_t count;
	struct prisoner *list;
};

/* Of a prison, by name. */
MUST_USE enum err store_prisoner_list(struct store *, struct arena *, struct prison_code,
				      struct store_prisoners *out);
/* Also by a number that was merged. */
MUST_USE enum err store_prisoner_find_by_number(struct store *, struct arena *,
						struct prisoner_number, struct prisoner *out);
/* What the prisoner reads at the terminal. */
MUST_USE enum err store_prisoner_language(struct store *, struct prisoner_id, enum language *out);
MUST_USE enum err store_prisoner_set_language(struct store *, struct prisoner_id, enum language);
/* All but number, prison and language. */
MUST_USE enum err store_prisoner_update(struct store *, const struct prisoner *);

MUST_USE enum err store_prisoner_set_status(struct store *, struct prisoner_id,
					    struct str incentive, struct str category,
					    bool convicted);

#endif
