#include "store/room_feed.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char REMOVE[] = "DELETE FROM room_feed WHERE room = ?1";
static const char INSERT[] =
    "INSERT INTO room_feed (room, digest, made_by, made_at) VALUES (?1, ?2, ?3, ?4)";
static const char HAS[] = "SELECT room FROM room_feed WHERE room = ?1";
static const char FIND[] = "SELECT r.id, r.name FROM room_feed f JOIN room r ON r.id = f.room "
			   "WHERE f.digest = ?1";
static const char TIMES[] =
    "SELECT v.reference, v.revision, v.start_at, v.minutes FROM visit v "
    "JOIN terminal t ON t.id = v.terminal WHERE t.room = ?1 AND v.start_at >= ?2 "
    "AND v.start_at < ?3 AND v.state <> 'CANCELLED' ORDER BY v.start_at, v.id LIMIT ?4";

enum err store_room_feed_remove(struct store *store, struct room_id room)
{
	struct query q = query_of(store, REMOVE);
	query_int(&q, room.n);
	return query_change(&q);
}

enum err store_room_feed_set(struct store *store, struct room_id room, struct bytes digest,
			     struct account_id by, struct wall now)
{
	enum err err = store_room_feed_remove(store, room);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	struct query q = query_of(store, INSERT);
	query_int(&q, room.n);
	query_bytes(&q, digest);
	query_int_or_null(&q, by.n);
	query_int(&q, now.s);
	return query_end(&q);
}

enum err store_room_feed_has(struct store *store, struct room_id room, bool *out)
{
	struct query q = query_of(store, HAS);
	query_int(&q, room.n);
	*out = query_row(&q);
	return query_end(&q);
}

enum err store_room_feed_find(struct store *store, struct arena *arena, struct bytes digest,
			      struct room_id *room, struct str *name)
{
	struct query q = query_of(store, FIND);
	query_bytes(&q, digest);
	if (query_row(&q)) {
		room->n = query_column(&q, 0);
		*name = query_column_str(&q, arena, 1);
	}
	return query_end_one(&q);
}

enum err store_room_times(struct store *store, struct arena *arena, struct room_id room,
			  struct wall from, struct wall to, int limit, struct store_room_times *out)
{
	struct query q = query_of(store, TIMES);
	query_int(&q, room.n);
	query_int(&q, from.s);
	query_int(&q, to.s);
	query_int(&q, limit);
	struct store_room_times all = { 0 };
	struct store_room_time *next;
	while (query_row(&q) && (next = list_next(arena, &all.list, &all.count, sizeof *next)))
		*next = (struct store_room_time){ .reference = row_reference(&q, 0),
						  .revision = query_column_int(&q, 1),
						  .start = query_column_wall(&q, 2),
						  .minutes = query_column_int(&q, 3) };
	*out = all;
	return query_end(&q);
}
