/*
 * facts.h - what the rules of booking look at: values, loaded once for a time.
 */
#ifndef PVL_DOMAIN_FACTS_H
#define PVL_DOMAIN_FACTS_H

#include "domain/contact.h"
#include "domain/policy.h"
#include "domain/visit.h"

/* Whom the rules bind: families are bound by all, staff may waive some with a reason. */
enum booking_by {
	BY_FAMILY,
	BY_STAFF,
	BY_SYSTEM,   /* bound by none: what it books was decided elsewhere */
	BY_PRISONER, /* may ask, never book */
};

/* One caller of the party, as the rules see them. */
struct booking_caller {
	struct date born;
	bool approved; /* for this prisoner, now */
	bool busy;     /* has another visit then */
};

/* The prison at that time. */
struct place_facts {
	bool prison_ready;
	bool session_held; /* a session of the prison holds this time */
	bool terminal_free;
};

/* The prisoner at that time. */
struct prisoner_facts {
	int64_t allowance_left_minutes;
	bool busy; /* has another visit then */
};

struct booking_facts {
	struct policy policy;
	enum booking_by by;
	enum visit_kind kind;
	struct wall now;
	struct wall start;
	int minutes;
	struct place_facts place;
	struct prisoner_facts prisoner;
	size_t caller_count;
	struct booking_caller callers[PARTY_MAX];
};

#endif
