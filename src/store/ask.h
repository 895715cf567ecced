/*
 * ask.h - what prisoners ask for, in the database.
 */
#ifndef PVL_STORE_ASK_H
#define PVL_STORE_ASK_H

#include "base/arena.h"
#include "domain/ask.h"
#include "store/store.h"

struct store_visit_asks {
	size_t count;
	struct visit_ask *list;
};

struct store_contact_asks {
	size_t count;
	struct contact_ask *list;
};

/* ERR_CONFLICT: one about the same two stands. */
MUST_USE enum err store_visit_ask_insert(struct store *, const struct visit_ask *,
					 struct account_id by, struct wall now);
MUST_USE enum err store_visit_ask_find(struct store *, struct arena *, struct ask_id,
				       struct visit_ask *out);
/* The last about these two; ERR_NOT_FOUND. */
MUST_USE enum err store_visit_ask_last(struct store *, struct arena *, struct prisoner_id,
				       struct person_id, struct visit_ask *out);
/* Of a prisoner, newest first. */
MUST_USE enum err store_visit_ask_list_of(struct store *, struct arena *, struct prisoner_id,
					  int limit, struct store_visit_asks *out);
/* Open for the people of an account; those of lapsed time are left out. */
MUST_USE enum err store_visit_ask_list_for(struct store *, struct arena *, struct account_id,
					   struct wall now, struct store_visit_asks *out);
/* Waiting for the staff of a prison, oldest first. */
MUST_USE enum err store_visit_ask_list_at(struct store *, struct arena *, struct prison_code,
					  struct wall now, int limit, struct store_visit_asks *out);
/* ERR_NOT_FOUND: it is decided already.  To ASK_OPEN: passed on, not decided. */
MUST_USE enum err store_visit_ask_set(struct store *, struct ask_id, enum ask_state,
				      struct account_id by, struct wall now, struct str reason);
/* What stands about the two has come to a visit; nothing may have stood. */
MUST_USE enum err store_visit_ask_booked(struct store *, struct prisoner_id, struct person_id,
					 struct wall now);

MUST_USE enum err store_contact_no_asks(struct store *, struct person_id, struct prisoner_id,
					bool *out);
MUST_USE enum err store_contact_set_no_asks(struct store *, struct person_id, struct prisoner_id,
					    bool no_asks);

MUST_USE enum err store_contact_ask_insert(struct store *, const struct contact_ask *);
MUST_USE enum err store_contact_ask_find(struct store *, struct arena *, struct ask_id,
					 struct contact_ask *out);
MUST_USE enum err store_contact_ask_list_of(struct store *, struct arena *, struct prisoner_id,
					    int limit, struct store_contact_asks *out);
MUST_USE enum err store_contact_ask_list_at(struct store *, struct arena *, struct prison_code,
					    int limit, struct store_contact_asks *out);
MUST_USE enum err store_contact_ask_count_open(struct store *, struct prisoner_id, int64_t *out);
/* ERR_NOT_FOUND: it is decided already. */
MUST_USE enum err store_contact_ask_set(struct store *, struct ask_id, enum contact_ask_state,
					struct account_id by, struct wall now, struct str reason);

#endif
