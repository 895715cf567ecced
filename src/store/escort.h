/*
 * escort.h - who knows of movements, and why somebody was not produced, in the database.
 */
#ifndef PVL_STORE_ESCORT_H
#define PVL_STORE_ESCORT_H

#include "base/arena.h"
#include "domain/escort.h"
#include "store/store.h"

/* A visit with the place its prisoner comes from. */
struct store_movement {
	struct visit visit; /* without its visitors */
	struct str wing;
	struct str location;         /* "A-2-014" */
	struct wall acknowledged_at; /* 0: nobody did */
	bool noted;                  /* as not produced */
	enum not_produced cause;
	struct str words;          /* to that, for staff */
	struct standby_id standby; /* who stands by for visits that begin then: there is none yet,
				    * nor a room; 0: a visit */
};

struct store_movements {
	size_t count;
	struct store_movement *list;
};

/*
 * Of a prison, start in [from, to), neither called off nor only asked for, and whoever has agreed to stand
 * by: by wing, start and number.
 */
MUST_USE enum err store_escort_list(struct store *, struct arena *, struct prison_code,
				    struct wall from, struct wall to, struct store_movements *out);
/* Of one visit, whatever became of it. */
MUST_USE enum err store_escort_find(struct store *, struct arena *, struct reference,
				    struct store_movement *out);
/* Who says so first stands; again changes nothing. */
MUST_USE enum err store_escort_acknowledge(struct store *, struct visit_id, struct account_id,
					   struct wall now);
/* In place of what was noted before. */
MUST_USE enum err store_not_produced_set(struct store *, struct visit_id, enum not_produced,
					 struct str words, struct account_id, struct wall now);

#endif
