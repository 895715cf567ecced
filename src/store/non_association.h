/*
 * non_association.h - prisoners kept apart, and which of two has a day.
 *
 * The day of a pair is a row with a primary key: whoever's visit takes it
 * first holds it, and the other's visit cannot be booked, however many
 * processes try at once.
 */
#ifndef PVL_STORE_NON_ASSOCIATION_H
#define PVL_STORE_NON_ASSOCIATION_H

#include "base/arena.h"
#include "domain/non_association.h"
#include "domain/visit.h"
#include "store/store.h"

struct store_non_association {
	struct non_association pair;
	struct prisoner a;
	struct prisoner b;
	struct str made_by;
	struct wall made_at;
};

struct store_non_associations {
	size_t count;
	struct store_non_association *list;
};

/* ERR_CONFLICT: these two are kept apart already. */
MUST_USE enum err store_non_association_insert(struct store *, const struct non_association *,
					       struct account_id by, struct wall at);
MUST_USE enum err store_non_association_find(struct store *, struct arena *,
					     struct non_association_id,
					     struct store_non_association *out);
MUST_USE enum err store_non_association_end(struct store *, struct non_association_id,
					    struct account_id by, struct wall at,
					    struct str reason);
/* That stand, with one of the two in that prison (empty: any), newest first. */
MUST_USE enum err store_non_association_list(struct store *, struct arena *, struct prison_code,
					     int limit, struct store_non_associations *out);

/* That stand with the prisoner in it. */
MUST_USE enum err store_non_association_list_with(struct store *, struct arena *,
						  struct prisoner_id,
						  struct store_non_associations *out);

struct non_association_list {
	size_t count;
	struct non_association *list;
};

/* That stand for a prisoner, in the order of the pair's ids.  ERR_LIMIT rather than not all. */
MUST_USE enum err store_non_association_list_of(struct store *, struct arena *, struct prisoner_id,
						struct non_association_list *out);

/* Takes the day for the prisoner's visit; ERR_CONFLICT: the other has it. */
MUST_USE enum err store_apart_take(struct store *, const struct non_association *,
				   struct prison_code, struct date, struct prisoner_id,
				   struct visit_id);
/* The same where the visit has not taken it yet; that the other has it is no error. */
MUST_USE enum err store_apart_retake(struct store *, const struct non_association *,
				     struct prison_code, struct date, struct prisoner_id,
				     struct visit_id);
/* Gives back all that a visit took. */
MUST_USE enum err store_apart_release(struct store *, struct visit_id);

/* All days of a pair that is no longer kept apart. */
MUST_USE enum err store_apart_forget(struct store *, const struct non_association *);

struct store_days {
	size_t count;
	int64_t *list; /* days since 1970; one may stand there twice */
};

/*
 * Days in [from, to] on which somebody from whom the prisoner is kept apart
 * has a visit in that prison, or holds a time for one.
 */
MUST_USE enum err store_apart_days(struct store *, struct arena *, struct prisoner_id,
				   struct prison_code, struct date from, struct date to,
				   struct store_days *out);

#endif
