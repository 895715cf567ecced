#include "service/room_feed.h"

#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/room.h"

enum {
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_HQ_ADMIN),
	DAY_S = 86400,
};

static enum err check_room(struct service *service, const struct actor *actor,
			   struct prison_code prison, struct room_id room)
{
	struct arena arena;
	struct store_rooms rooms = { 0 };
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	arena_init(&arena);
	enum err err = store_room_list(service->store, &arena, prison, &rooms);
	bool found = false;
	for (size_t i = 0; i < rooms.count && err == OK; i++)
		found |= rooms.list[i].id.n == room.n;
	arena_clear(&arena);
	return err == OK && !found ? ERR_NOT_FOUND : err;
}

static enum err audit(struct service *service, const struct actor *actor, enum audit_verb verb,
		      struct prison_code prison, struct room_id room)
{
	return audit_write(
	    service, actor,
	    &(struct audit_what){
		.verb = verb, .object = AUDIT_ON_ROOM, .object_id = room.n, .prison = prison });
}

enum err room_feed_make(struct service *service, const struct actor *actor,
			struct prison_code prison, struct room_id room,
			char token[TOKEN_TEXT_LEN + 1])
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct use_case use;
	enum err err = check_room(service, actor, prison, room);
	if (err != OK)
		return err;
	token_new(service->random, token);
	token_digest(str_from(token), digest);
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_room_feed_set(service->store, room, bytes_of(digest, sizeof digest),
					  actor->account, service->now);
	if (err == OK)
		err = audit(service, actor, AUDIT_ROOM_FEED_MAKE, prison, room);
	return use_case_end(&use, err);
}

enum err room_feed_revoke(struct service *service, const struct actor *actor,
			  struct prison_code prison, struct room_id room)
{
	struct use_case use;
	enum err err = check_room(service, actor, prison, room);
	if (err != OK)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_room_feed_remove(service->store, room);
	if (err == OK)
		err = audit(service, actor, AUDIT_ROOM_FEED_REVOKE, prison, room);
	return use_case_end(&use, err);
}

enum err room_feed_has(struct service *service, const struct actor *actor,
		       struct prison_code prison, struct room_id room, bool *out)
{
	enum err err = check_room(service, actor, prison, room);
	return err == OK ? store_room_feed_has(service->store, room, out) : err;
}

enum err room_feed_read(struct service *service, struct arena *arena, struct str token,
			struct room_feed *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct room_id room = { 0 };
	struct room_feed feed = { 0 };
	struct store_room_times times = { 0 };
	if (token.len != TOKEN_TEXT_LEN)
		return ERR_NOT_FOUND;
	token_digest(token, digest);
	enum err err = store_room_feed_find(service->store, arena, bytes_of(digest, sizeof digest),
					    &room, &feed.room);
	if (err == OK)
		err = store_room_times(service->store, arena, room,
				       wall_add_s(service->now, -FEED_BEFORE_DAYS * DAY_S),
				       wall_add_s(service->now, FEED_AHEAD_DAYS * DAY_S),
				       FEED_TIMES_MAX, &times);
	feed.count = times.count;
	feed.times = times.list;
	if (err == OK)
		*out = feed;
	return err;
}
