/*
 * professional.h - firms and legal professionals in the database.
 */
#ifndef PVL_STORE_PROFESSIONAL_H
#define PVL_STORE_PROFESSIONAL_H

#include "base/arena.h"
#include "domain/professional.h"
#include "store/store.h"

struct store_professionals {
	size_t count;
	struct professional *list;
};

/* The firm of that name; ERR_NOT_FOUND: there is none. */
MUST_USE enum err store_firm_find(struct store *, struct str name, int64_t *out);
MUST_USE enum err store_firm_insert(struct store *, int64_t id, struct str name);

/* ERR_CONFLICT: the account has asked already. */
MUST_USE enum err store_professional_insert(struct store *, const struct professional *);
MUST_USE enum err store_professional_find(struct store *, struct arena *, struct account_id,
					  struct professional *out);
MUST_USE enum err store_professional_find_person(struct store *, struct arena *, struct person_id,
						 struct professional *out);
/* All who wait for staff, oldest first, then those who are verified, by name; at most limit. */
MUST_USE enum err store_professional_list(struct store *, struct arena *, int limit,
					  struct store_professionals *out);
/* State, who said yes, and how it ended. */
MUST_USE enum err store_professional_update(struct store *, const struct professional *);

#endif
