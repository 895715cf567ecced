/*
 * relationship.h - how visitors know prisoners, by the codes of the prison service.
 */
#ifndef PVL_STORE_RELATIONSHIP_H
#define PVL_STORE_RELATIONSHIP_H

#include "base/arena.h"
#include "domain/contact.h"
#include "store/store.h"

struct store_relationships {
	size_t count;
	struct relationship *list;
};

/* In the order of a list of choices: family and friends, then professionals. */
MUST_USE enum err store_relationship_list(struct store *, struct arena *,
					  struct store_relationships *out);
/* ERR_NOT_FOUND: no such code. */
MUST_USE enum err store_relationship_find(struct store *, struct arena *, struct str code,
					  struct relationship *out);

#endif
