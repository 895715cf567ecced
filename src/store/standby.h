/*
 * standby.h - who was asked to stand by for which visits, and what became of it, in the database.
 *
 * The indexes of schema/0073 keep the promises: nobody stands by twice at once, nobody is asked twice
 * for one time, and no visit's time is given to two.
 */
#ifndef PVL_STORE_STANDBY_H
#define PVL_STORE_STANDBY_H

#include "domain/waiting/standby.h"
#include "store/refill.h"

struct standby_row {
	struct standby_id id;
	int64_t waiting;
	struct account_id booker;
	struct prisoner_id prisoner;
	struct prison_code prison;
	struct standby standby;
	struct wall ended_at;  /* 0: not over */
	struct visit_id freed; /* whose time it was given; 0: none */
	struct visit_id visit; /* what was booked in it */
	enum visit_kind waits; /* kind of the request; read only */
};

struct store_standbys {
	size_t count;
	struct standby_row *list;
};

/* Whether it stands by for that visit, and can have what is left of its time. */
bool standby_row_is_for(const struct standby_row *row, const struct visit *visit);

/* ERR_CONFLICT: one of the promises above. */
MUST_USE enum err store_standby_insert(struct store *, const struct standby_row *);
MUST_USE enum err store_standby_find(struct store *, struct standby_id, struct standby_row *out);
/* Asked or agreed, of a request; ERR_NOT_FOUND. */
MUST_USE enum err store_standby_find_open(struct store *, int64_t waiting, struct standby_row *out);
/* ERR_NOT_FOUND: it is not in that state any more. */
MUST_USE enum err store_standby_set(struct store *, struct standby_id, enum standby_state from,
				    enum standby_state to, struct wall now);
/* By the wing; who says so first stands, and again changes nothing. */
MUST_USE enum err store_standby_acknowledge(struct store *, struct standby_id, struct account_id,
					    struct wall now);
/* From AGREED, and what the wing acknowledged goes with it; ERR_NOT_FOUND as above, ERR_CONFLICT: that visit's time is somebody's. */
MUST_USE enum err store_standby_call(struct store *, struct standby_id, struct visit_id freed,
				     struct visit_id visit, struct wall now);
/* Asked, and their window is over; the oldest first. */
MUST_USE enum err store_standby_list_due(struct store *, struct arena *, struct wall now, int limit,
					 struct store_standbys *out);
/* Asked or agreed, but the request has a time by now or is over, or the prisoner is at another prison. */
MUST_USE enum err store_standby_list_lost(struct store *, struct arena *, int limit,
					  struct store_standbys *out);
/* Agreed, start not after a time; the first first. */
MUST_USE enum err store_standby_list_begun(struct store *, struct arena *, struct wall now,
					   int limit, struct store_standbys *out);
struct store_visit_ids {
	size_t count;
	struct visit_id *list;
};

/*
 * Visits that were called off or not held, start not after a time, for whose places somebody stands by:
 * their terminal is free from now on until that would end.  The first first.
 */
MUST_USE enum err store_standby_list_freed(struct store *, struct arena *, struct wall now,
					   struct wall until, int limit,
					   struct store_visit_ids *out);
/* Asked or agreed, at a prison for that start, in the order in which their requests wait. */
MUST_USE enum err store_standby_list_group(struct store *, struct arena *, struct prison_code,
					   struct wall start, struct store_standbys *out);
/* Visits of a prison that begin together, and are booked. */
struct standby_group {
	struct wall start;
	bool social; /* or legal and official */
	int count;
};

struct store_standby_groups {
	size_t count;
	struct standby_group *list;
};

/* Of at least so many, start in (from, to], by start. */
MUST_USE enum err store_standby_groups(struct store *, struct arena *, struct prison_code,
				       struct wall from, struct wall to, int at_least,
				       struct store_standby_groups *out);
/* The next prison after one (empty: the first) for which somebody waits without a time; ERR_NOT_FOUND. */
MUST_USE enum err store_standby_prison(struct store *, struct prison_code after,
				       struct prison_code *out);

#endif
