/*
 * listed_contact.h - the visitors whom prisons have on their own lists, as imported.
 */
#ifndef PVL_STORE_LISTED_CONTACT_H
#define PVL_STORE_LISTED_CONTACT_H

#include "base/arena.h"
#include "domain/prisoner.h"
#include "store/store.h"

ID_TYPE(listed_contact_id);

struct listed_contact {
	struct listed_contact_id id;
	struct prisoner_id prisoner;
	struct str name;
	struct date born;
	struct str relationship; /* in words */
	bool approved;
	struct wall changed_at;
};

struct store_listed_contacts {
	size_t count;
	struct listed_contact *list;
};

MUST_USE enum err store_listed_contact_insert(struct store *, const struct listed_contact *);
/* All but the prisoner. */
MUST_USE enum err store_listed_contact_update(struct store *, const struct listed_contact *);
/* Of a prisoner, born on that day. */
MUST_USE enum err store_listed_contact_list(struct store *, struct arena *, struct prisoner_id,
					    struct date born, struct store_listed_contacts *out);

#endif
