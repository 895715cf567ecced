/*
 * place.h - what a prison's rooms are for, when they are closed, and what a
 * prisoner has to do that goes before a visit.
 */
#ifndef PVL_SERVICE_PLACE_H
#define PVL_SERVICE_PLACE_H

#include "domain/room_use.h"
#include "service/effect.h"
#include "store/regime.h"

struct place_list {
	size_t room_count;
	struct room *rooms;
	size_t terminal_count;
	struct terminal *terminals;
	size_t usage_count;
	struct room_usage *usages;
	size_t block_count;
	struct place_block *blocks; /* that are not over */
};

/* Staff of the prison; national roles name one. */
MUST_USE enum err places_find(struct service *, const struct actor *, struct arena *,
			      struct prison_code, struct place_list *out);

/* The changes are for prison admins of the own prison, HQ admins and duty governors. */

struct room_new {
	struct str name; /* as on its door */
	enum room_use use;
};

/* ERR_BAD: a name that is none; ERR_CONFLICT: another room here is called that. */
MUST_USE enum err room_add(struct service *, const struct actor *, struct prison_code,
			   const struct room_new *, struct room_id *out);
/* The same of a terminal in a room of the prison; a device takes its place by a code (terminal.h). */
MUST_USE enum err terminal_add(struct service *, const struct actor *, struct prison_code,
			       struct room_id, struct str name, struct terminal_id *out);
/* ERR_BAD: ends before it begins or is over; ERR_NOT_FOUND: no such room or terminal here. */
MUST_USE enum err place_block_add(struct service *, const struct actor *, struct arena *,
				  struct prison_code, const struct place_block *, enum change_mode,
				  struct effect_list *effects);
MUST_USE enum err place_block_remove(struct service *, const struct actor *, struct arena *,
				     struct prison_code, struct place_block_id);
MUST_USE enum err room_set_use(struct service *, const struct actor *, struct arena *,
			       struct prison_code, struct room_id, bool active, enum room_use,
			       struct str reason, enum change_mode, struct effect_list *effects);
/* A row of the timetable of a room; with .id it is taken away. */
MUST_USE enum err room_hours_set(struct service *, const struct actor *, struct arena *,
				 struct prison_code, const struct room_usage *, struct str reason,
				 enum change_mode, struct effect_list *effects);

struct regime_list {
	size_t count;
	struct regime_event *list;
};

struct regime_code_list {
	size_t count;
	struct regime_code *list; /* by name */
};

MUST_USE enum err regime_codes(struct service *, struct arena *, struct regime_code_list *out);
/* Of now and later; staff of the prisoner's prison. */
MUST_USE enum err regime_find(struct service *, const struct actor *, struct arena *,
			      struct prisoner_id, struct regime_list *out);
/* Clerk, duty governor, prison admin; ERR_BAD: no such code, or the times. */
MUST_USE enum err regime_add(struct service *, const struct actor *, struct arena *,
			     const struct regime_event *, enum change_mode,
			     struct effect_list *effects);
MUST_USE enum err regime_remove(struct service *, const struct actor *, struct arena *,
				struct prisoner_id, struct regime_event_id);

#endif
