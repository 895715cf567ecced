/*
 * adjustment.h - what somebody needs so that they can take part in visits: a
 * reasonable adjustment (Equality Act 2010, section 20).
 *
 *	ASKED → AGREED | REFUSED | WITHDRAWN;  AGREED → REFUSED | WITHDRAWN
 *
 * The booker asks, the prison decides, each for one visitor and one prisoner;
 * REFUSED has a reason that the booker reads.  Who comes along to help or to
 * interpret is no adjustment but a person (contact.h, enum contact_part).
 */
#ifndef PVL_DOMAIN_ADJUSTMENT_H
#define PVL_DOMAIN_ADJUSTMENT_H

#include "domain/contact.h"

enum adjustment_kind {
	ADJUSTMENT_SIGN, /* a signed language: the line keeps their picture clear before others' */
	ADJUSTMENT_LONGER, /* more time; its minutes cost nothing */
	ADJUSTMENT_OTHER,  /* in words, for staff to see to */
	ADJUSTMENT_KIND_COUNT,
};

const char *adjustment_kind_name(enum adjustment_kind kind); /* "SIGN" */
bool adjustment_kind_of(struct str name, enum adjustment_kind *out);

enum adjustment_state {
	ADJUSTMENT_ASKED,
	ADJUSTMENT_AGREED,
	ADJUSTMENT_REFUSED,
	ADJUSTMENT_WITHDRAWN, /* by the booker */
	ADJUSTMENT_STATE_COUNT,
};

const char *adjustment_state_name(enum adjustment_state state); /* "ASKED" */
bool adjustment_state_of(struct str name, enum adjustment_state *out);
bool adjustment_may_become(enum adjustment_state from, enum adjustment_state to);

enum {
	ADJUSTMENT_WORDS_MAX = 300,
	ADJUSTMENT_MINUTES_MAX = 120,
};

struct adjustment_id {
	int64_t n;
};

struct adjustment {
	struct adjustment_id id;
	struct contact_id contact;
	struct person_id person;
	struct str person_name;
	struct account_id booker;
	struct prisoner_id prisoner;
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct prison_code prison; /* of the prisoner, now */
	enum adjustment_kind kind;
	struct str words; /* of the booker */
	enum adjustment_state state;
	int minutes; /* of ADJUSTMENT_LONGER that is agreed */
	struct wall asked_at;
	struct wall decided_at; /* 0: not yet */
	struct str reason;      /* of the prison; the booker reads it */
};

/* Plain text of at most ADJUSTMENT_WORDS_MAX bytes; OTHER says nothing without any. */
bool adjustment_words_acceptable(enum adjustment_kind kind, struct str words);
/* 5, 10 … ADJUSTMENT_MINUTES_MAX. */
bool adjustment_minutes_acceptable(int minutes);

#endif
