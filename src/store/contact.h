/*
 * contact.h - visitors, and their approval for prisoners, in the database.
 */
#ifndef PVL_STORE_CONTACT_H
#define PVL_STORE_CONTACT_H

#include "base/arena.h"
#include "domain/contact.h"
#include "store/store.h"

struct store_persons {
	size_t count;
	struct person *list;
};

MUST_USE enum err store_person_insert(struct store *, const struct person *);
MUST_USE enum err store_person_find(struct store *, struct arena *, struct person_id,
				    struct person *out);
/* Of a booker, in the order of birth. */
MUST_USE enum err store_person_list(struct store *, struct arena *, struct account_id,
				    struct store_persons *out);

struct store_contacts {
	size_t count;
	struct contact *list;
};

/* ERR_CONFLICT: the pair stands there already. */
MUST_USE enum err store_contact_insert(struct store *, const struct contact *);
MUST_USE enum err store_contact_find(struct store *, struct arena *, struct contact_id,
				     struct contact *out);
MUST_USE enum err store_contact_find_pair(struct store *, struct arena *, struct person_id,
					  struct prisoner_id, struct contact *out);
MUST_USE enum err store_contact_list_of(struct store *, struct arena *, struct account_id booker,
					struct store_contacts *out);
/* ERR_NOT_FOUND: that account has asked for nobody to visit the prisoner. */
MUST_USE enum err store_contact_asked_by(struct store *, struct account_id booker,
					 struct prisoner_id);
/* To all prisoners of a prison, by the visitor's name. */
MUST_USE enum err store_contact_list_at(struct store *, struct arena *, struct prison_code,
					struct store_contacts *out);
/* Of a prison (empty: of all), oldest request first. */
MUST_USE enum err store_contact_list_pending(struct store *, struct arena *, struct prison_code,
					     int limit, struct store_contacts *out);
/* Newest decision first. */
MUST_USE enum err store_contact_list_decided(struct store *, struct arena *, struct prison_code,
					     int limit, struct store_contacts *out);
/* Of a prisoner, in the order of names. */
MUST_USE enum err store_contact_list_for(struct store *, struct arena *, struct prisoner_id,
					 struct store_contacts *out);
/* Whether the person has a contact to that prisoner (0: to any prisoner of the prison; empty: of all). */
MUST_USE enum err store_contact_known(struct store *, struct person_id, struct prisoner_id,
				      struct prison_code, bool *out);
/* decided_at and decided_by 0 when it is asked again. */
MUST_USE enum err store_contact_set_state(struct store *, struct contact_id, enum contact_state,
					  struct str reason, struct account_id decided_by,
					  struct wall decided_at);
/* Its words, code and part. */
MUST_USE enum err store_contact_set_relationship(struct store *, const struct contact *);
MUST_USE enum err store_contact_set_why(struct store *, struct contact_id, enum contact_why);
MUST_USE enum err store_contact_count_open(struct store *, struct account_id booker, int64_t *out);

/* Prisoner details that did not match, since a time. */
MUST_USE enum err store_mismatch_insert(struct store *, struct account_id, struct wall now);
MUST_USE enum err store_mismatch_count(struct store *, struct account_id, struct wall since,
				       int64_t *out);

#endif
