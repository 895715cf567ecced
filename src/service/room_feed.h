/*
 * room_feed.h - when a room is taken, for a calendar: an address that whoever
 * has it can read, without a name in it.
 *
 * The address is shown once and stored as its SHA-256; a new one takes the place
 * of the old one, and either can be taken back.
 *
 * Roles: prison admin, duty governor (of their prison), HQ admin.
 */
#ifndef PVL_SERVICE_ROOM_FEED_H
#define PVL_SERVICE_ROOM_FEED_H

#include "service/account.h"
#include "store/room_feed.h"

enum {
	FEED_BEFORE_DAYS = 7,
	FEED_AHEAD_DAYS = 60,
	FEED_TIMES_MAX = 4000,
};

/* ERR_NOT_FOUND: that prison has no such room. */
MUST_USE enum err room_feed_make(struct service *, const struct actor *, struct prison_code,
				 struct room_id, char token[TOKEN_TEXT_LEN + 1]);
/* ERR_NOT_FOUND: also where there is none. */
MUST_USE enum err room_feed_revoke(struct service *, const struct actor *, struct prison_code,
				   struct room_id);
MUST_USE enum err room_feed_has(struct service *, const struct actor *, struct prison_code,
				struct room_id, bool *out);

struct room_feed {
	struct str room; /* its name */
	size_t count;
	struct store_room_time *times; /* soonest first */
};

/* For whoever has the address.  ERR_NOT_FOUND: wrong, or taken back. */
MUST_USE enum err room_feed_read(struct service *, struct arena *, struct str token,
				 struct room_feed *out);

#endif
