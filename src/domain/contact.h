/*
 * contact.h - the pair visitor and prisoner, which staff approve or reject.
 *
 *	REQUESTED → APPROVED | REJECTED;  REJECTED → REQUESTED (asked again);
 *	APPROVED → REJECTED (approval withdrawn)
 */
#ifndef PVL_DOMAIN_CONTACT_H
#define PVL_DOMAIN_CONTACT_H

#include "domain/account.h"
#include "domain/prisoner.h"

enum contact_state {
	CONTACT_REQUESTED,
	CONTACT_APPROVED,
	CONTACT_REJECTED,
	CONTACT_STATE_COUNT,
};

const char *contact_state_name(enum contact_state state); /* "REQUESTED" */
bool contact_state_of(struct str name, enum contact_state *out);
bool contact_may_become(enum contact_state from, enum contact_state to);

enum {
	RELATIONSHIP_MAX = 40,
	REASON_MAX = 500,
};

struct contact {
	struct contact_id id;
	struct person person;
	struct prisoner prisoner;
	struct str relationship;
	enum contact_state state;
	struct str reason;            /* of the decision; for staff */
	struct account_id decided_by; /* 0: nobody yet */
	struct wall requested_at;
	struct wall decided_at; /* 0: not yet */
};

#endif
