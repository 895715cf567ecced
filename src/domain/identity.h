/*
 * identity.h - how a visitor shows who they are: a document and a portrait,
 * looked at by a person, never by a machine.
 *
 *	DRAFT → SENT → VERIFIED | REJECTED;  SENT → ASKED_AGAIN → SENT (one picture, or both);
 *	REJECTED, EXPIRED → DRAFT (from the start);  what is erased before its time comes to an end is EXPIRED
 *
 * Children are asked for nothing (POLICY_IDENTITY_AGE, never below 10), and no
 * template of a face is made of anybody.
 */
#ifndef PVL_DOMAIN_IDENTITY_H
#define PVL_DOMAIN_IDENTITY_H

#include "domain/contact.h"
#include "domain/policy.h"

enum identity_state {
	IDENTITY_DRAFT,
	IDENTITY_SENT,
	IDENTITY_ASKED_AGAIN,
	IDENTITY_VERIFIED,
	IDENTITY_REJECTED,
	IDENTITY_EXPIRED,
	IDENTITY_STATE_COUNT,
};

enum identity_picture {
	IDENTITY_DOCUMENT,
	IDENTITY_PORTRAIT,
	IDENTITY_PICTURE_COUNT,
};
#define IDENTITY_BIT(picture) (1U << (picture))
enum {
	IDENTITY_BOTH = 3,
};

enum identity_document {
	IDENTITY_PASSPORT,
	IDENTITY_DRIVING_LICENCE,
	IDENTITY_PHOTO_CARD, /* of a government */
	IDENTITY_DOCUMENT_COUNT,
};

/* Why a picture is asked for again. */
enum identity_problem {
	IDENTITY_FINE,
	IDENTITY_UNCLEAR,
	IDENTITY_CUT_OFF,
	IDENTITY_OUT_OF_DATE,
	IDENTITY_NOT_ACCEPTED,
	IDENTITY_WRONG_PERSON,
	IDENTITY_FACE_HIDDEN,
	IDENTITY_PROBLEM_COUNT,
};

const char *identity_state_name(enum identity_state state);          /* "ASKED_AGAIN" */
const char *identity_picture_name(enum identity_picture picture);    /* "PORTRAIT" */
const char *identity_document_name(enum identity_document document); /* "PASSPORT" */
const char *identity_problem_name(enum identity_problem problem);    /* "UNCLEAR", "" */
bool identity_state_of(struct str name, enum identity_state *out);
bool identity_picture_of(struct str name, enum identity_picture *out);
bool identity_document_of(struct str name, enum identity_document *out);
bool identity_problem_of(struct str name, enum identity_problem *out);

bool identity_may_become(enum identity_state from, enum identity_state to);

struct identity {
	struct person_id person;
	enum identity_state state;
	enum identity_document document;
	unsigned asked; /* IDENTITY_BIT of what is asked for again */
	enum identity_problem problem;
	struct wall changed_at;
	struct wall sent_at;    /* 0: not yet */
	struct wall decided_at; /* 0: not yet */
	struct account_id decided_by;
	unsigned held; /* IDENTITY_BIT of the pictures that are kept */
};

/* The person may put in this picture now. */
bool identity_takes(const struct identity *, enum identity_picture picture);
/* All that is needed is there: it may be sent. */
bool identity_complete(const struct identity *);
/* Whether the rules of a prison ask somebody of that birth for their identity on a day. */
bool identity_needed(const struct policy *, struct date born, struct date today);
/* Until when a picture is kept once the identity is in that state. */
struct wall identity_keep_until(const struct policy *, enum identity_state,
				enum identity_picture picture, struct wall now);
/*
 * The end of the last of so many working days (Monday to Friday; bank holidays
 * are not known) after the day of asking.
 */
struct wall answer_due(struct wall asked, int64_t working_days);

#endif
