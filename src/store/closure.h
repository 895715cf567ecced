/*
 * closure.h - days without visits and places closed for a time, in the database.
 */
#ifndef PVL_STORE_CLOSURE_H
#define PVL_STORE_CLOSURE_H

#include "base/arena.h"
#include "domain/room_use.h"
#include "store/store.h"

struct exclude_date {
	struct exclude_date_id id;
	struct prison_code prison;
	struct session_template_id session; /* 0: the whole prison */
	struct str session_name;
	struct date day;
	struct str reason;
};

struct store_exclude_dates {
	size_t count;
	struct exclude_date *list;
};

/* ERR_CONFLICT: that day stands there already. */
MUST_USE enum err store_exclude_date_insert(struct store *, const struct exclude_date *,
					    struct account_id author, struct wall now);
/* Those that stand, of days in [from, to], by day. */
MUST_USE enum err store_exclude_date_list(struct store *, struct arena *, struct prison_code,
					  struct date from, struct date to,
					  struct store_exclude_dates *out);
/* ERR_NOT_FOUND: none that stands in that prison. */
MUST_USE enum err store_exclude_date_find(struct store *, struct arena *, struct prison_code,
					  struct exclude_date_id, struct exclude_date *out);
MUST_USE enum err store_exclude_date_remove(struct store *, struct exclude_date_id,
					    struct wall now);

struct store_place_blocks {
	size_t count;
	struct place_block *list;
};

MUST_USE enum err store_place_block_insert(struct store *, struct prison_code,
					   const struct place_block *, struct account_id author,
					   struct wall now);
/* Those that stand and overlap [from, to), by beginning. */
MUST_USE enum err store_place_block_list(struct store *, struct arena *, struct prison_code,
					 struct wall from, struct wall to,
					 struct store_place_blocks *out);
MUST_USE enum err store_place_block_remove(struct store *, struct prison_code,
					   struct place_block_id, struct wall now);

#endif
