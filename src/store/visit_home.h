/*
 * visit_home.h - the services on one database: who is alive, and in which a visit lives.
 *
 * What is written here is about programs, not about people: it has no leaf.
 */
#ifndef PVL_STORE_VISIT_HOME_H
#define PVL_STORE_VISIT_HOME_H

#include "base/service_name.h"
#include "domain/reference.h"
#include "domain/visit.h"
#include "store/store.h"

struct store_alive {
	struct service_name name;
	int64_t run;
	int64_t beat;
	int64_t taken;
};

/* From now on that name is this run's; visits that are over have no home any more. */
MUST_USE enum err store_alive_begin(struct store *, const struct service_name *, int64_t run);
/* ERR_NOT_FOUND: the name is not this run's. */
MUST_USE enum err store_alive_beat(struct store *, const struct service_name *, int64_t run);
/* At most room of them, by name. */
MUST_USE enum err store_alive_list(struct store *, struct store_alive *list, size_t room,
				   size_t *len);
/* With the homes that it has. */
MUST_USE enum err store_alive_forget(struct store *, const struct service_name *);

MUST_USE enum err store_home_find(struct store *, struct visit_id, struct service_name *out);
MUST_USE enum err store_home_find_by_reference(struct store *, struct reference,
					       struct service_name *out);
/* from: whose it was, who is told so by its row; NULL: nobody's. */
MUST_USE enum err store_home_take(struct store *, struct visit_id, const struct service_name *,
				  const struct service_name *from);
/* Where it is that service's. */
MUST_USE enum err store_home_leave(struct store *, struct visit_id, const struct service_name *);

#endif
