/*
 * room.h - what a prison's rooms are for, in the database.
 */
#ifndef PVL_STORE_ROOM_H
#define PVL_STORE_ROOM_H

#include "base/arena.h"
#include "domain/room_use.h"
#include "store/store.h"

struct store_rooms {
	size_t count;
	struct room *list;
};

MUST_USE enum err store_room_insert(struct store *, const struct room *);
/* By name. */
MUST_USE enum err store_room_list(struct store *, struct arena *, struct prison_code,
				  struct store_rooms *out);
MUST_USE enum err store_room_set_use(struct store *, struct room_id, bool active, enum room_use);

struct store_room_usages {
	size_t count;
	struct room_usage *list;
};

MUST_USE enum err store_room_usage_insert(struct store *, const struct room_usage *,
					  struct account_id author, struct str reason,
					  struct wall now);
/* Of all rooms of a prison, those that stand, by room, day and time. */
MUST_USE enum err store_room_usage_list(struct store *, struct arena *, struct prison_code,
					struct store_room_usages *out);
MUST_USE enum err store_room_usage_remove(struct store *, struct room_usage_id, struct wall now);

#endif
