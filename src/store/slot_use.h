/*
 * slot_use.h - which prisoner, person or terminal is taken when.
 *
 * One row for each five minutes; the primary key makes it impossible to take
 * anything twice, whoever asks and however many ask at once.
 */
#ifndef PVL_STORE_SLOT_USE_H
#define PVL_STORE_SLOT_USE_H

#include "store/application.h"

enum slot_resource {
	SLOT_PRISONER,
	SLOT_PERSON,
	SLOT_TERMINAL,
};

/* Five-minute steps taken, sorted. */
struct store_quanta {
	size_t count;
	int64_t *list;
};

/* For whom: one of the two. */
struct slot_holder {
	struct visit_id visit;
	struct application_id application;
};

/* ERR_CONFLICT, here or later (query_later): some of it is taken; undo the savepoint. */
MUST_USE enum err store_slot_take(struct store *, enum slot_resource, int64_t resource,
				  struct wall start, int minutes, struct slot_holder);
/* What was taken for the visit: found by its people, its terminal and its time, without an index of visits. */
MUST_USE enum err store_slot_release(struct store *, const struct visit *);
MUST_USE enum err store_slot_release_hold(struct store *, struct application_id);
/* Taken by others than own: their visits, and their holds that have not ended. */
MUST_USE enum err store_slot_list(struct store *, struct arena *, enum slot_resource,
				  int64_t resource, struct wall from, struct wall to,
				  const struct place_own *own, struct store_quanta *out);
/* The first moment at or after from that another visit takes of it; 0: none before to. */
MUST_USE enum err store_slot_next(struct store *, enum slot_resource, int64_t resource,
				  struct wall from, struct wall to, struct visit_id other_than,
				  struct wall *out);
bool store_quanta_free(const struct store_quanta *quanta, struct wall start, int minutes);

#endif
