/*
 * custody.h - where prisoners are, and the numbers they had before.
 */
#ifndef PVL_STORE_CUSTODY_H
#define PVL_STORE_CUSTODY_H

#include "base/arena.h"
#include "domain/custody.h"
#include "domain/visit_order.h"
#include "store/store.h"

struct store_custody {
	struct prisoner_id prisoner;
	enum custody status;
	struct wall since;
	struct wall admitted;           /* when this period in prison began; 0: not known */
	struct prisoner_id merged_into; /* 0: not merged */
	int64_t vo_day;
	int64_t pvo_day;
	int64_t run_day;
};

/* A prisoner of whom nothing was written is in since ever; unknown ones too. */
MUST_USE enum err store_custody_find(struct store *, struct prisoner_id, struct store_custody *out);
MUST_USE enum err store_custody_set(struct store *, const struct store_custody *);

struct store_prisoner_ids {
	size_t count;
	struct prisoner_id *list;
};

/* Held (not released, not merged), id above after, in order of id: for the nightly run. */
MUST_USE enum err store_custody_list_held(struct store *, struct arena *, struct prisoner_id after,
					  int limit, struct store_prisoner_ids *out);

/* from's visits, contacts, restrictions and so on are to's from now on; its number an alias. */
MUST_USE enum err store_custody_merge(struct store *, struct prisoner_id from,
				      struct prisoner_id to, struct wall at);
MUST_USE enum err store_prisoner_set_prison(struct store *, struct prisoner_id, struct prison_code);

#endif
