/*
 * prison.h - prisons in the database.
 */
#ifndef PVL_STORE_PRISON_H
#define PVL_STORE_PRISON_H

#include "base/arena.h"
#include "base/bytes.h"
#include "domain/prison.h"
#include "store/store.h"

struct store_prisons {
	size_t count;
	struct prison *list;
};

MUST_USE enum err store_prison_insert(struct store *, const struct prison *);
MUST_USE enum err store_prison_find(struct store *, struct arena *, struct prison_code,
				    struct prison *out);
/* By name. */
MUST_USE enum err store_prison_list(struct store *, struct arena *, struct store_prisons *out);
MUST_USE enum err store_prison_set_ready(struct store *, struct prison_code, bool ready,
					 struct str reason, struct str reason_cy, struct wall now);
MUST_USE enum err store_prison_set_names(struct store *, struct prison_code, struct str name,
					 struct str name_cy);

#endif
