#include "store/room.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char INSERT[] =
    "INSERT INTO room (id, prison, name, active, room_use) VALUES (?1, ?2, ?3, ?4, ?5)";
static const char LIST[] =
    "SELECT id, prison, name, active, room_use FROM room WHERE prison = ?1 ORDER BY name, id";
static const char SET_USE[] = "UPDATE room SET active = ?1, room_use = ?2 WHERE id = ?3";
static const char USAGE_INSERT[] =
    "INSERT INTO room_usage (id, room, weekdays, start_minute, end_minute, room_use, author, "
    "reason, made_at, removed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)";
static const char USAGE_LIST[] =
    "SELECT u.id, u.room, u.weekdays, u.start_minute, u.end_minute, u.room_use "
    "FROM room_usage u JOIN room r ON r.id = u.room WHERE r.prison = ?1 AND u.removed_at = 0 "
    "ORDER BY r.name, u.weekdays, u.start_minute, u.id";
static const char USAGE_REMOVE[] =
    "UPDATE room_usage SET removed_at = ?1 WHERE id = ?2 AND removed_at = 0";

enum err store_room_insert(struct store *store, const struct room *room)
{
	struct query q = query_of(store, INSERT);
	query_int(&q, room->id.n);
	query_text(&q, room->prison.text);
	query_str(&q, room->name);
	query_int(&q, room->active);
	query_text(&q, room_use_name(room->use));
	return query_end(&q);
}

static struct room row_room(const struct query *q, struct arena *arena)
{
	struct room room = {
		.id = { query_column(q, 0) },
		.prison = row_code(q, 1),
		.name = query_column_str(q, arena, 2),
		.active = query_column_bool(q, 3),
		.use = ROOM_USE_BLOCKED, /* one that this program does not know is closed */
	};
	(void)room_use_of(query_column_peek(q, 4), &room.use);
	return room;
}

enum err store_room_list(struct store *store, struct arena *arena, struct prison_code prison,
			 struct store_rooms *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_rooms rooms = { 0 };
	struct room *next;
	while (query_row(&q) && (next = list_next(arena, &rooms.list, &rooms.count, sizeof *next)))
		*next = row_room(&q, arena);
	*out = rooms;
	return query_end(&q);
}

enum err store_room_set_use(struct store *store, struct room_id id, bool active, enum room_use use)
{
	struct query q = query_of(store, SET_USE);
	query_int(&q, active);
	query_text(&q, room_use_name(use));
	query_int(&q, id.n);
	return query_change(&q);
}

enum err store_room_usage_insert(struct store *store, const struct room_usage *usage,
				 struct account_id author, struct str reason, struct wall now)
{
	struct query q = query_of(store, USAGE_INSERT);
	query_int(&q, usage->id.n);
	query_int(&q, usage->room.n);
	query_int(&q, usage->weekdays);
	query_int(&q, usage->start_minute);
	query_int(&q, usage->end_minute);
	query_text(&q, room_use_name(usage->use));
	query_int_or_null(&q, author.n);
	query_str(&q, reason);
	query_int(&q, now.s);
	return query_end(&q);
}

static struct room_usage row_usage(const struct query *q)
{
	struct room_usage usage = {
		.id = { query_column(q, 0) },
		.room = { query_column(q, 1) },
		.weekdays = (unsigned)query_column(q, 2),
		.start_minute = query_column_int(q, 3),
		.end_minute = query_column_int(q, 4),
		.use = ROOM_USE_BLOCKED,
	};
	(void)room_use_of(query_column_peek(q, 5), &usage.use);
	return usage;
}

enum err store_room_usage_list(struct store *store, struct arena *arena, struct prison_code prison,
			       struct store_room_usages *out)
{
	struct query q = query_of(store, USAGE_LIST);
	query_text(&q, prison.text);
	struct store_room_usages usages = { 0 };
	struct room_usage *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &usages.list, &usages.count, sizeof *next)))
		*next = row_usage(&q);
	*out = usages;
	return query_end(&q);
}

enum err store_room_usage_remove(struct store *store, struct room_usage_id id, struct wall now)
{
	struct query q = query_of(store, USAGE_REMOVE);
	query_int(&q, now.s);
	query_int(&q, id.n);
	return query_change(&q);
}
