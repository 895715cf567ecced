/*
 * rules.h - the rules of booking, one a file; booking.c puts them in order.
 */
#ifndef PVL_DOMAIN_RULES_RULES_H
#define PVL_DOMAIN_RULES_RULES_H

#include "domain/booking.h"

enum rule_flag {
	RULE_STOPS = 1 << 0,           /* broken, it keeps the rules after it silent */
	RULE_STAFF_MAY_WAIVE = 1 << 1, /* with a reason, which is written down */
	RULE_OF_PARTY = 1 << 2,        /* looks at the people alone: booking_party() asks it */
};

struct booking_rule {
	enum booking code;
	const char *name;
	const char *staff;      /* one sentence */
	const char *family_key; /* "booking.…" */
	unsigned flags;
	bool (*broken)(const struct booking_facts *facts);
};

/* The prison, the time and the place. */
extern const struct booking_rule rule_prison_ready;
extern const struct booking_rule rule_notice;
extern const struct booking_rule rule_window;
extern const struct booking_rule rule_session;
extern const struct booking_rule rule_terminal;
/* The party. */
extern const struct booking_rule rule_visitors;
extern const struct booking_rule rule_party_size;
extern const struct booking_rule rule_adult;
/* The people, and what they are allowed. */
extern const struct booking_rule rule_approved;
extern const struct booking_rule rule_allowance;
extern const struct booking_rule rule_prisoner_busy;
extern const struct booking_rule rule_visitor_busy;

#endif
