/*
 * ask.h - what prisoners ask for at a terminal: a visit with somebody who is
 * approved, or that somebody becomes their contact.
 *
 *	visit:   STAFF → OPEN | REFUSED;  OPEN → BOOKED | DECLINED;  STAFF, OPEN → LAPSED
 *	contact: OPEN → INVITED | REFUSED
 *
 * The prisoner is never told that the family declined, or wants no requests:
 * nobody is to be pressed for it.
 */
#ifndef PVL_DOMAIN_ASK_H
#define PVL_DOMAIN_ASK_H

#include "domain/contact.h"
#include "domain/policy.h"

enum ask_state {
	ASK_STAFF,    /* staff look at it first */
	ASK_OPEN,     /* the family sees it */
	ASK_DECLINED, /* by the family */
	ASK_REFUSED,  /* by staff */
	ASK_BOOKED,   /* a visit was booked */
	ASK_LAPSED,   /* nobody did anything */
	ASK_STATE_COUNT,
};

const char *ask_state_name(enum ask_state state); /* "STAFF" */
bool ask_state_of(struct str name, enum ask_state *out);

struct visit_ask {
	struct ask_id id;
	struct prisoner_id prisoner;
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct prison_code prison;
	struct person_id person;
	struct str person_name;
	enum ask_state state;
	struct wall asked_at;
	struct wall lapses_at;
	struct str reason; /* of staff; for staff */
};

/* Values of POLICY_PRISONER_ASKS. */
enum prisoner_asks {
	PRISONER_ASKS_OFF,
	PRISONER_ASKS_FAMILY, /* straight to the family */
	PRISONER_ASKS_STAFF,  /* to the family when staff pass it on */
};

enum asking {
	ASKING_OK,
	ASKING_OFF,     /* not at this prison */
	ASKING_UNKNOWN, /* nobody whom the prisoner may be visited by */
	ASKING_STANDS,  /* asked already, and not so long ago */
	ASKING_COUNT,
};

const char *asking_name(enum asking asking); /* "STANDS" */

struct asking_facts {
	bool approved; /* and nothing keeps the two apart */
	bool no_asks;  /* the family wants none */
	bool asked_before;
	struct wall asked_at; /* the last time */
};

/* Whether it may be asked now, and (ASKING_OK) in which state it begins. */
enum asking ask_decide(const struct asking_facts *facts, const struct policy *policy,
		       struct wall now, enum ask_state *begins);
/* What the prisoner is told of it: DECLINED and LAPSED look as OPEN did. */
enum ask_state ask_told(enum ask_state state);

enum contact_ask_state {
	CONTACT_ASK_OPEN,
	CONTACT_ASK_INVITED, /* staff told the prisoner how that person can register */
	CONTACT_ASK_REFUSED,
	CONTACT_ASK_STATE_COUNT,
};

const char *contact_ask_state_name(enum contact_ask_state state); /* "OPEN" */
bool contact_ask_state_of(struct str name, enum contact_ask_state *out);

struct contact_ask {
	struct ask_id id;
	struct prisoner_id prisoner;
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct prison_code prison;
	struct str name;
	struct str relationship;
	enum contact_ask_state state;
	struct wall asked_at;
	struct str reason;
};

#endif
