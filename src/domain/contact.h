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

/* 1 … RELATIONSHIP_MAX bytes of plain text, spaces around it left out. */
bool relationship_acceptable(struct str text);

/* In which part somebody comes to visits.  Not everybody who comes along is a visitor: booking.h. */
enum contact_part {
	PART_VISITOR,
	PART_SUPPORTER,   /* helps a visitor who could not take part alone */
	PART_INTERPRETER, /* of a language, signed ones too */
	PART_COUNT,
};

const char *contact_part_name(enum contact_part part); /* "SUPPORTER" */
bool contact_part_of(struct str name, enum contact_part *out);

/* What stands between two people and a decision on them, in the order in which it is told. */
enum contact_stop {
	CONTACT_STOP_STATE,    /* it cannot become that from where it is */
	CONTACT_STOP_BARRED,   /* an order says that the two have no contact */
	CONTACT_STOP_IDENTITY, /* nobody has seen who the visitor is */
	CONTACT_STOP_COUNT,
};

const char *contact_stop_name(enum contact_stop stop); /* "BARRED" */
#define CONTACT_STOP_BIT(stop) (1U << (stop))

struct contact_facts {
	enum contact_state from;
	bool barred;
	bool identity_covered; /* the rules ask for none, or it was sent */
	bool identity_seen;    /* whoever decides has seen it otherwise */
};

/* All that stops it, bits of enum contact_stop; 0: it can become that.  Only an approval asks who they are. */
unsigned contact_stops(const struct contact_facts *, enum contact_state to);

/* A relationship by its code in the prison service (schema/0037-approvals.sql). */
struct relationship {
	struct str code; /* "MOT" */
	bool official;   /* a professional, not family or friend */
	bool own_words;  /* the code says nothing without them */
};

/* The relationship of a lawyer to a client: approved by the lawyer's own verification. */
#define LEGAL_RELATIONSHIP "LEGAL_PROFESSIONAL"

/* What the family is told of a rejection.  What must stay protected is a DECISION. */
enum contact_why {
	CONTACT_WHY_NONE,
	CONTACT_WHY_IDENTITY,     /* who they are could not be confirmed */
	CONTACT_WHY_RELATIONSHIP, /* nor how they know each other */
	CONTACT_WHY_DETAILS,      /* what was given does not fit what the prison has */
	CONTACT_WHY_DECISION,     /* the prison decided; nothing is said about why */
	CONTACT_WHY_COUNT,
};

const char *contact_why_name(enum contact_why why); /* "IDENTITY"; "" for none */
bool contact_why_of(struct str name, enum contact_why *out);

struct contact {
	struct contact_id id;
	struct person person;
	struct prisoner prisoner;
	struct str relationship;      /* in own words; empty where the code says it */
	struct str relationship_code; /* empty: in own words alone */
	bool official;                /* by the code */
	enum contact_part part;
	bool signs;         /* a signed language is agreed (adjustment.h) */
	int longer_minutes; /* agreed for their visits */
	enum contact_state state;
	struct str reason;            /* of the decision; for staff */
	enum contact_why why;         /* of a rejection; for the family */
	struct account_id decided_by; /* 0: nobody yet */
	struct wall requested_at;
	struct wall decided_at; /* 0: not yet */
};

#endif
