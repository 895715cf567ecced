/*
 * identity.h - who visitors are, and the sealed photos of it, in the database.
 */
#ifndef PVL_STORE_IDENTITY_H
#define PVL_STORE_IDENTITY_H

#include "base/arena.h"
#include "domain/identity.h"
#include "store/store.h"

MUST_USE enum err store_identity_find(struct store *, struct person_id, struct identity *out);
/* Of each of these, in their order; .person 0: nothing was begun.  Two statements for 32 of them. */
MUST_USE enum err store_identity_list(struct store *, const struct person_id *, size_t count,
				      struct identity *out);
/* .held is left alone: it is what store_picture_… did. */
MUST_USE enum err store_identity_insert(struct store *, const struct identity *);
MUST_USE enum err store_identity_update(struct store *, const struct identity *);

/* Replaces the one that was there. */
MUST_USE enum err store_picture_put(struct store *, struct person_id, enum identity_picture,
				    struct bytes sealed, struct wall taken, struct wall keep_until);
/* Into the arena. */
MUST_USE enum err store_picture_find(struct store *, struct arena *, struct person_id,
				     enum identity_picture, struct bytes *out);
/* ERR_NOT_FOUND: there is none. */
MUST_USE enum err store_picture_keep(struct store *, struct person_id, enum identity_picture,
				     struct wall keep_until);
MUST_USE enum err store_picture_erase(struct store *, struct person_id, enum identity_picture);
/* The one that is longest overdue; ERR_NOT_FOUND: none is due. */
MUST_USE enum err store_picture_due(struct store *, struct wall now, struct person_id *person,
				    enum identity_picture *picture);

/* Whether staff of that prison decide about the person: somebody there is asked to be visited. */
MUST_USE enum err store_identity_asked_at(struct store *, struct person_id, struct prison_code,
					  bool *out);

#endif
