#include "service/place.h"

#include "domain/account.h"
#include "service/change_priv.h"
#include "service/service_priv.h"
#include "store/closure.h"
#include "store/prisoner.h"
#include "store/room.h"
#include "store/terminal.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_SYSTEM),
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_DUTY_GOVERNOR) |
		  MAY(ROLE_SYSTEM),
	MAY_PLAN = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_PRISON_ADMIN) |
		   MAY(ROLE_SYSTEM),
	YEARS_LISTED_S = 3 * 366 * 86400,
	EVERY_DAY = 0xfe,
};

static enum err may(const struct actor *actor, unsigned roles, struct prison_code prison)
{
	if (!actor_is_one_of(actor, roles))
		return ERR_DENIED;
	return actor_works_at(actor, prison) ? OK : ERR_NOT_FOUND;
}

enum err places_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct prison_code prison, struct place_list *out)
{
	struct store_rooms rooms = { 0 };
	struct store_terminals terminals = { 0 };
	struct store_room_usages usages = { 0 };
	struct store_place_blocks blocks = { 0 };
	struct wall end = wall_add_s(service->now, YEARS_LISTED_S);
	enum err err = may(actor, MAY_SEE, prison);
	if (err == OK)
		err = store_room_list(service->store, arena, prison, &rooms);
	if (err == OK)
		err = store_terminal_list(service->store, arena, prison, &terminals);
	if (err == OK)
		err = store_room_usage_list(service->store, arena, prison, &usages);
	if (err == OK)
		err = store_place_block_list(service->store, arena, prison, service->now, end,
					     &blocks);
	if (err == OK)
		*out = (struct place_list){ .room_count = rooms.count,
					    .rooms = rooms.list,
					    .terminal_count = terminals.count,
					    .terminals = terminals.list,
					    .usage_count = usages.count,
					    .usages = usages.list,
					    .block_count = blocks.count,
					    .blocks = blocks.list };
	return err;
}

/* ---- new ones ---- */

enum err room_add(struct service *service, const struct actor *actor, struct prison_code prison,
		  const struct room_new *new, struct room_id *out)
{
	struct use_case use;
	struct room room = { .id = { random_id(service->random) },
			     .prison = prison,
			     .name = str_trim(new->name),
			     .active = true,
			     .use = new->use };
	enum err err = may(actor, MAY_SET, prison);
	if (err == OK && !name_acceptable(room.name))
		err = ERR_BAD;
	if (err != OK)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_room_insert(service->store, &room);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_ROOM_ADD,
							.object = AUDIT_ON_ROOM,
							.object_id = room.id.n,
							.prison = prison });
	*out = room.id;
	return use_case_end(&use, err);
}

static enum err insert_terminal(struct service *service, struct arena *arena,
				const struct terminal *terminal)
{
	struct store_rooms rooms = { 0 };
	enum err err = store_room_list(service->store, arena, terminal->prison, &rooms);
	bool here = false;
	for (size_t i = 0; i < rooms.count; i++)
		here |= rooms.list[i].id.n == terminal->room.n;
	if (err == OK && !here)
		err = ERR_NOT_FOUND;
	return err == OK ? store_terminal_insert(service->store, terminal) : err;
}

enum err terminal_add(struct service *service, const struct actor *actor, struct prison_code prison,
		      struct room_id room, struct str name, struct terminal_id *out)
{
	struct use_case use;
	struct arena arena;
	struct terminal terminal = { .id = { random_id(service->random) },
				     .prison = prison,
				     .room = room,
				     .name = str_trim(name),
				     .active = true };
	enum err err = may(actor, MAY_SET, prison);
	if (err == OK && !name_acceptable(terminal.name))
		err = ERR_BAD;
	if (err != OK)
		return err;
	arena_init(&arena);
	err = use_case_begin(service, &use);
	if (err == OK)
		err = insert_terminal(service, &arena, &terminal);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_TERMINAL_ADD,
							.object = AUDIT_ON_TERMINAL,
							.object_id = terminal.id.n,
							.prison = prison });
	arena_clear(&arena);
	*out = terminal.id;
	return use_case_end(&use, err);
}

static bool has_room(const struct place_list *places, struct room_id room)
{
	for (size_t i = 0; i < places->room_count; i++)
		if (places->rooms[i].id.n == room.n)
			return true;
	return false;
}

static bool has_terminal(const struct place_list *places, struct terminal_id terminal,
			 struct room_id room)
{
	for (size_t i = 0; i < places->terminal_count; i++)
		if (places->terminals[i].id.n == terminal.n)
			return places->terminals[i].room.n == room.n;
	return false;
}

/* The prison's places, if the actor may change them. */
static enum err begin(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prison_code prison, struct place_list *places)
{
	enum err err = may(actor, MAY_SET, prison);
	return err == OK ? places_find(service, actor, arena, prison, places) : err;
}

/* ---- blocks ---- */

enum err place_block_add(struct service *service, const struct actor *actor, struct arena *arena,
			 struct prison_code prison, const struct place_block *asked,
			 enum change_mode mode, struct effect_list *effects)
{
	struct place_list places;
	struct place_block block = *asked;
	struct change change;
	enum err err = begin(service, actor, arena, prison, &places);
	if (err == OK && (!has_room(&places, block.room) ||
			  (block.terminal.n && !has_terminal(&places, block.terminal, block.room))))
		err = ERR_NOT_FOUND;
	if (err == OK && (block.from.s >= block.to.s || block.to.s <= service->now.s ||
			  block.from.s % 60 || block.to.s % 60 || !reason_acceptable(block.reason)))
		err = ERR_BAD;
	if (err != OK)
		return err;
	block.id.n = random_id(service->random);
	err = change_begin(service, actor, arena, prison, &change);
	if (err == OK)
		err = store_place_block_insert(service->store, prison, &block, actor->account,
					       service->now);
	return change_end(&change, err,
			  &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
						 .event = REVIEW_PLACE_BLOCKED,
						 .audit = { .verb = AUDIT_BLOCK_ADD,
							    .object = AUDIT_ON_BLOCK,
							    .object_id = block.id.n,
							    .prison = prison,
							    .words = block.reason } },
			  effects);
}

enum err place_block_remove(struct service *service, const struct actor *actor, struct arena *arena,
			    struct prison_code prison, struct place_block_id id)
{
	struct effect_list effects;
	struct change change;
	enum err err = may(actor, MAY_SET, prison);
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, prison, &change);
	if (err == OK)
		err = store_place_block_remove(service->store, prison, id, service->now);
	return change_end(&change, err,
			  &(struct change_what){ .event = REVIEW_PLACE_BLOCKED,
						 .audit = { .verb = AUDIT_BLOCK_REMOVE,
							    .object = AUDIT_ON_BLOCK,
							    .object_id = id.n,
							    .prison = prison } },
			  &effects);
}

/* ---- what rooms are for ---- */

enum err room_set_use(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prison_code prison, struct room_id room, bool active,
		      enum room_use use, struct str reason, enum change_mode mode,
		      struct effect_list *effects)
{
	struct place_list places;
	struct change change;
	enum err err = begin(service, actor, arena, prison, &places);
	if (err == OK && !has_room(&places, room))
		err = ERR_NOT_FOUND;
	if (err == OK && (use >= ROOM_USE_BLOCKED || !reason_acceptable(reason)))
		err = ERR_BAD;
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, prison, &change);
	if (err == OK)
		err = store_room_set_use(service->store, room, active, use);
	return change_end(&change, err,
			  &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
						 .event = REVIEW_ROOM_CHANGED,
						 .audit = { .verb = AUDIT_ROOM_USE,
							    .object = AUDIT_ON_ROOM,
							    .object_id = room.n,
							    .amount = active ? (int64_t)use : -1,
							    .prison = prison,
							    .words = reason } },
			  effects);
}

static bool hours_are_fine(const struct room_usage *row)
{
	return row->weekdays && !(row->weekdays & ~(unsigned)EVERY_DAY) && row->start_minute >= 0 &&
	       row->start_minute < row->end_minute && row->end_minute <= DAY_MINUTES &&
	       row->use != ROOM_USE_SHARED && row->use != ROOM_USE_SCHEDULE &&
	       row->use < ROOM_USE_COUNT;
}

static bool has_row(const struct place_list *places, struct room_usage_id id)
{
	for (size_t i = 0; i < places->usage_count; i++)
		if (places->usages[i].id.n == id.n)
			return true;
	return false;
}

static enum err write_hours(struct service *service, const struct actor *actor,
			    const struct room_usage *asked, struct str reason)
{
	struct room_usage row = *asked;
	if (row.id.n)
		return store_room_usage_remove(service->store, row.id, service->now);
	row.id.n = random_id(service->random);
	return store_room_usage_insert(service->store, &row, actor->account, reason, service->now);
}

enum err room_hours_set(struct service *service, const struct actor *actor, struct arena *arena,
			struct prison_code prison, const struct room_usage *row, struct str reason,
			enum change_mode mode, struct effect_list *effects)
{
	struct place_list places;
	struct change change;
	enum err err = begin(service, actor, arena, prison, &places);
	if (err == OK && (row->id.n ? !has_row(&places, row->id) : !has_room(&places, row->room)))
		err = ERR_NOT_FOUND;
	if (err == OK && !row->id.n && (!hours_are_fine(row) || !reason_acceptable(reason)))
		err = ERR_BAD;
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, prison, &change);
	if (err == OK)
		err = write_hours(service, actor, row, reason);
	return change_end(
	    &change, err,
	    &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
				   .event = REVIEW_ROOM_CHANGED,
				   .audit = { .verb = AUDIT_ROOM_HOURS,
					      .object = AUDIT_ON_ROOM,
					      .object_id = row->room.n,
					      .amount = row->id.n ? -1 : (int64_t)row->use,
					      .prison = prison,
					      .words = reason } },
	    effects);
}

/* ---- the regime ---- */

static enum err find_prisoner(struct service *service, const struct actor *actor,
			      struct arena *arena, unsigned roles, struct prisoner_id id,
			      struct prisoner *out)
{
	if (!actor_is_one_of(actor, roles))
		return ERR_DENIED;
	enum err err = store_prisoner_find(service->store, arena, id, out);
	return err == OK && !actor_works_at(actor, out->prison) ? ERR_NOT_FOUND : err;
}

enum err regime_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct prisoner_id id, struct regime_list *out)
{
	struct prisoner prisoner;
	struct store_regime_events events = { 0 };
	enum err err = find_prisoner(service, actor, arena, MAY_SEE, id, &prisoner);
	if (err == OK)
		err = store_regime_event_list(service->store, arena, id, service->now,
					      wall_add_s(service->now, YEARS_LISTED_S), &events);
	if (err == OK)
		*out = (struct regime_list){ .count = events.count, .list = events.list };
	return err;
}

enum err regime_codes(struct service *service, struct arena *arena, struct regime_code_list *out)
{
	struct store_regime_codes codes = { 0 };
	enum err err = store_regime_code_list(service->store, arena, &codes);
	if (err == OK)
		*out = (struct regime_code_list){ .count = codes.count, .list = codes.list };
	return err;
}

static bool code_is_known(const struct store_regime_codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->count; i++)
		if (str_is(str_from(codes->list[i].code), code))
			return true;
	return false;
}

enum err regime_add(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct regime_event *asked, enum change_mode mode,
		    struct effect_list *effects)
{
	struct prisoner prisoner;
	struct store_regime_codes codes = { 0 };
	struct regime_event event = *asked;
	struct change change;
	enum err err = find_prisoner(service, actor, arena, MAY_PLAN, event.prisoner, &prisoner);
	if (err == OK)
		err = store_regime_code_list(service->store, arena, &codes);
	if (err == OK && (event.from.s >= event.to.s || event.to.s <= service->now.s ||
			  !code_is_known(&codes, event.code)))
		err = ERR_BAD;
	if (err != OK)
		return err;
	event.id.n = random_id(service->random);
	err = change_begin_of(service, actor, arena, &prisoner, &change);
	if (err == OK)
		err =
		    store_regime_event_insert(service->store, &event, actor->account, service->now);
	return change_end(&change, err,
			  &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
						 .event = REVIEW_REGIME_EVENT,
						 .audit = { .verb = AUDIT_REGIME_ADD,
							    .object = AUDIT_ON_REGIME,
							    .object_id = event.id.n,
							    .prison = prisoner.prison } },
			  effects);
}

enum err regime_remove(struct service *service, const struct actor *actor, struct arena *arena,
		       struct prisoner_id prisoner_id, struct regime_event_id id)
{
	struct prisoner prisoner;
	struct effect_list effects;
	struct change change;
	enum err err = find_prisoner(service, actor, arena, MAY_PLAN, prisoner_id, &prisoner);
	if (err != OK)
		return err;
	err = change_begin_of(service, actor, arena, &prisoner, &change);
	if (err == OK)
		err = store_regime_event_remove(service->store, prisoner_id, id, service->now);
	return change_end(&change, err,
			  &(struct change_what){ .event = REVIEW_REGIME_EVENT,
						 .audit = { .verb = AUDIT_REGIME_REMOVE,
							    .object = AUDIT_ON_REGIME,
							    .object_id = id.n,
							    .prison = prisoner.prison } },
			  &effects);
}
