/*
 * visit_link.h - personal links by which visitors without an account join a visit.
 *
 * Only the hash of a code is kept.  One link for each visitor of a visit.
 */
#ifndef PVL_STORE_VISIT_LINK_H
#define PVL_STORE_VISIT_LINK_H

#include "base/arena.h"
#include "base/bytes.h"
#include "domain/visit.h"
#include "store/store.h"

struct visit_link {
	struct visit_link_id id;
	struct visit_id visit;
	struct person_id person;
	struct account_id made_by;
	struct wall made_at;
	struct wall used_at; /* last; 0: never */
};

/* ERR_CONFLICT: that visitor has one. */
MUST_USE enum err store_visit_link_insert(struct store *, const struct visit_link *,
					  struct bytes code_hash);
MUST_USE enum err store_visit_link_find(struct store *, struct visit_link_id,
					struct visit_link *out);
MUST_USE enum err store_visit_link_find_by_code(struct store *, struct bytes code_hash,
						struct visit_link *out);

struct visit_links {
	size_t count; /* at most PARTY_MAX */
	struct visit_link list[PARTY_MAX];
};

MUST_USE enum err store_visit_link_list(struct store *, struct visit_id, struct visit_links *out);
MUST_USE enum err store_visit_link_used(struct store *, struct visit_link_id, struct wall now);
/* To the visit that takes the place of another, with the same visitors. */
MUST_USE enum err store_visit_link_move(struct store *, struct visit_id from, struct visit_id to);
/* With the sessions of its bearer.  ERR_NOT_FOUND: there is none. */
MUST_USE enum err store_visit_link_delete(struct store *, struct visit_link_id);

#endif
