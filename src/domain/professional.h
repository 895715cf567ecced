/*
 * professional.h - a legal professional, and how somebody comes to be taken for one.
 *
 *	ASKED → SEEN → VERIFIED → REVOKED
 *	ASKED | SEEN → REFUSED
 *
 * SEEN: one person of staff says yes; VERIFIED: another one too, never the
 * same.  Only a VERIFIED one books legal visits and takes part in them.
 */
#ifndef PVL_DOMAIN_PROFESSIONAL_H
#define PVL_DOMAIN_PROFESSIONAL_H

#include "base/clock.h"
#include "base/id.h"
#include "base/str.h"

enum profession {
	PROFESSION_SOLICITOR,
	PROFESSION_BARRISTER,
	PROFESSION_LEGAL_EXECUTIVE,
	PROFESSION_CLERK,
	PROFESSION_INTERPRETER,
	PROFESSION_COUNT,
};

const char *profession_name(enum profession profession); /* "SOLICITOR" */
bool profession_of(struct str name, enum profession *out);

enum professional_state {
	PROFESSIONAL_ASKED,
	PROFESSIONAL_SEEN,
	PROFESSIONAL_VERIFIED,
	PROFESSIONAL_REFUSED,
	PROFESSIONAL_REVOKED,
	PROFESSIONAL_STATE_COUNT,
};

const char *professional_state_name(enum professional_state state); /* "VERIFIED" */
bool professional_state_of(struct str name, enum professional_state *out);

enum {
	FIRM_NAME_MAX = 120,
	REGULATOR_ID_MAX = 40,
};

struct professional {
	struct account_id account;
	struct person_id person;
	int64_t firm;
	struct str name; /* of the account */
	struct str email;
	struct str firm_name;
	enum profession profession;
	struct str regulator_id;
	enum professional_state state;
	struct wall asked_at;
	struct account_id first_by;
	struct wall first_at;
	struct account_id second_by;
	struct wall second_at;
	struct account_id ended_by;
	struct wall ended_at;
	struct str reason; /* of the refusal or revocation; for staff */
};

enum approval_answer {
	APPROVAL_GIVEN,    /* one of two */
	APPROVAL_COMPLETE, /* both */
	APPROVAL_SAME,     /* that one has said yes already: it takes another */
	APPROVAL_NOT_OPEN, /* refused, revoked, or verified already */
};

/* Changes it by the yes of one person of staff. */
enum approval_answer professional_approve(struct professional *p, struct account_id by,
					  struct wall now);
/* Refused where it was not verified yet, else revoked; false: it is over already. */
bool professional_end(struct professional *p, struct account_id by, struct str reason,
		      struct wall now);

#endif
