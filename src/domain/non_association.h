/*
 * non_association.h - two prisoners who are kept apart.
 *
 * In the same prison they never both have a visit on one day, whoever books
 * first; it holds in both directions.  Staff see the conflict, families never.
 */
#ifndef PVL_DOMAIN_NON_ASSOCIATION_H
#define PVL_DOMAIN_NON_ASSOCIATION_H

#include "domain/prisoner.h"

enum non_association_reason {
	NON_ASSOCIATION_BULLYING,
	NON_ASSOCIATION_GANG,
	NON_ASSOCIATION_ORGANISED_CRIME,
	NON_ASSOCIATION_LEGAL_REQUEST,
	NON_ASSOCIATION_THREAT,
	NON_ASSOCIATION_VIOLENCE,
	NON_ASSOCIATION_OTHER,
	NON_ASSOCIATION_REASON_COUNT,
};

const char *non_association_reason_name(enum non_association_reason reason); /* "THREAT" */
bool non_association_reason_of(struct str name, enum non_association_reason *out);

enum non_association_scope {
	NON_ASSOCIATION_CELL,
	NON_ASSOCIATION_LANDING,
	NON_ASSOCIATION_WING,
	NON_ASSOCIATION_SCOPE_COUNT,
};

/* How far apart they live; for visits it is always the whole prison and day. */
const char *non_association_scope_name(enum non_association_scope scope); /* "WING" */
bool non_association_scope_of(struct str name, enum non_association_scope *out);

ID_TYPE(non_association_id);

struct non_association {
	struct non_association_id id;
	struct prisoner_id a; /* the smaller id */
	struct prisoner_id b;
	enum non_association_reason reason;
	enum non_association_scope scope;
	struct str comment;
	struct wall ended_at; /* 0: stands */
};

/* The other of the two; 0 if the one is not in it. */
struct prisoner_id non_association_other(const struct non_association *pair,
					 struct prisoner_id one);
/* In the order in which pairs are kept (and locked). */
void non_association_order(struct prisoner_id *a, struct prisoner_id *b);

#endif
