/*
 * alert.h - flags on a prisoner, with the list of codes as data.
 *
 * Which codes make staff look at a request first, and which mean that children
 * need a decision, stands in the list, not here.
 */
#ifndef PVL_DOMAIN_ALERT_H
#define PVL_DOMAIN_ALERT_H

#include "domain/prisoner.h"

enum {
	ALERT_CODE_MAX = 12
};

struct alert_code {
	char text[ALERT_CODE_MAX + 1];
};

/* Upper-cased and trimmed; false unless 1 to 12 letters and digits. */
bool alert_code_of(struct str text, struct alert_code *out);

/* A code and what follows from it, in force from a time on. */
struct alert_rule {
	struct alert_code code;
	struct str description;
	bool forces_review;
	bool child; /* children need a decision */
};

ID_TYPE(alert_id);

struct alert {
	struct alert_id id;
	struct prisoner_id prisoner;
	struct alert_code code;
	struct str description; /* of the code; empty where the list does not know it */
	bool known;             /* the list knows the code: one it does not know forces a review */
	bool forces_review;
	bool child;
	struct date from;
	struct date to; /* the last day; year 0: until it is ended */
	struct str comment;
	struct wall ended_at; /* 0: stands */
};

bool alert_holds(const struct alert *alert, struct date day);

struct alert_effect {
	bool review;
	bool child;
};

/* Of all that hold on that day. */
struct alert_effect alerts_on_day(const struct alert *list, size_t count, struct date day);

#endif
