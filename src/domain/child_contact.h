/*
 * child_contact.h - the governor's decision whether a child may meet a
 * prisoner of whom alerts or restrictions say that children need one.
 */
#ifndef PVL_DOMAIN_CHILD_CONTACT_H
#define PVL_DOMAIN_CHILD_CONTACT_H

#include "domain/account.h"
#include "domain/prisoner.h"

enum child_level {
	CHILD_REFUSED,
	CHILD_SUPERVISED, /* staff watch all the time */
	CHILD_PERMITTED,
	CHILD_LEVEL_COUNT,
};

const char *child_level_name(enum child_level level); /* "PERMITTED_SUPERVISED" */
bool child_level_of(struct str name, enum child_level *out);

struct child_decision {
	struct prisoner_id prisoner;
	struct person_id child;
	enum child_level level;
	struct date decided_on;
	struct date review_on; /* from that day on it is no longer enough */
};

enum child_answer {
	CHILD_MAY,
	CHILD_MAY_WATCHED,
	CHILD_ASK,     /* no decision, or one that is due for review */
	CHILD_MAY_NOT, /* refused; a refusal stands until it is decided anew */
};

/* latest: the newest decision of the pair, NULL: none. */
enum child_answer child_contact_on(const struct child_decision *latest, struct date day);

#endif
