/*
 * room_feed.h - the addresses at which calendars read when a room is taken, in the database.
 */
#ifndef PVL_STORE_ROOM_FEED_H
#define PVL_STORE_ROOM_FEED_H

#include "base/arena.h"
#include "domain/reference.h"
#include "domain/room_use.h"
#include "store/store.h"

/* In place of an earlier one. */
MUST_USE enum err store_room_feed_set(struct store *, struct room_id, struct bytes digest,
				      struct account_id by, struct wall now);
/* ERR_NOT_FOUND: there is none. */
MUST_USE enum err store_room_feed_remove(struct store *, struct room_id);
MUST_USE enum err store_room_feed_has(struct store *, struct room_id, bool *out);
/* The room with that digest, and its name; ERR_NOT_FOUND. */
MUST_USE enum err store_room_feed_find(struct store *, struct arena *, struct bytes digest,
				       struct room_id *room, struct str *name);

struct store_room_time {
	struct reference reference;
	int revision;
	struct wall start;
	int minutes;
};

struct store_room_times {
	size_t count;
	struct store_room_time *list;
};

/* Its visits that are requested, booked, running or were held, soonest first. */
MUST_USE enum err store_room_times(struct store *, struct arena *, struct room_id, struct wall from,
				   struct wall to, int limit, struct store_room_times *out);

#endif
