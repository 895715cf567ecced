/*
 * booking.h - the answers to "may this visit be booked then?", and the rules
 * behind them.
 *
 * Pure: the facts are loaded by the caller.  Every answer has a name (for the
 * JSON API and the word files), a sentence for staff, and a sentence for
 * families that is true and reveals nothing protected.
 */
#ifndef PVL_DOMAIN_BOOKING_H
#define PVL_DOMAIN_BOOKING_H

#include "domain/contact.h"
#include "domain/policy.h"
#include "domain/visit.h"

enum booking {
	BOOKING_OK,
	BOOKING_PRISON_NOT_READY,
	BOOKING_NO_VISITORS,
	BOOKING_PARTY_TOO_LARGE,
	BOOKING_NO_ADULT,
	BOOKING_NOT_APPROVED,
	BOOKING_TOO_SOON,
	BOOKING_TOO_FAR,
	BOOKING_NO_SESSION,
	BOOKING_ALLOWANCE_USED,
	BOOKING_PRISONER_BUSY,
	BOOKING_VISITOR_BUSY,
	BOOKING_NO_TERMINAL,
	BOOKING_SLOT_TAKEN,    /* somebody was faster */
	BOOKING_RULES_MISSING, /* no policy in force: nothing is booked (fail closed) */
	BOOKING_COUNT,
};

const char *booking_name(enum booking booking); /* "ALLOWANCE_USED" */
const char *booking_staff_sentence(enum booking booking);
/* Which key of the word files tells a family, "booking.no_times" … */
const char *booking_family_key(enum booking booking);

/* One caller of the party, as the rules see them. */
struct booking_caller {
	struct date born;
	bool approved; /* for this prisoner, now */
};

struct booking_facts {
	struct policy policy;
	bool prison_ready;
	struct wall now;
	struct wall start;
	int minutes;
	bool session_held; /* a session of the prison holds this time */
	int64_t allowance_left_minutes;
	bool needs_allowance; /* social visits */
	bool prisoner_busy;
	bool visitor_busy;
	bool terminal_free;
	size_t caller_count;
	struct booking_caller callers[PARTY_MAX];
};

/* The first rule that says no, or BOOKING_OK. */
enum booking booking_decide(const struct booking_facts *facts);
/* The rules about the people alone: independent of the time chosen, except for ages on that day. */
enum booking booking_party(const struct booking_facts *facts);

/* "Your place for this visit costs so many minutes": legal and official visits cost none. */
int booking_cost_minutes(enum visit_kind kind, int minutes);

#endif
