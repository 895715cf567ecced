/*
 * booking.h - may this visit be booked then?  Every rule is asked, and all
 * that say no are told together.
 *
 * Pure: the facts are loaded by the caller.  A rule is one file of rules/ with
 * a function over the facts, a name (for the JSON API), a sentence for staff,
 * and the key of a sentence for families that is true and reveals nothing
 * protected.  booking.c lists the rules in the order in which they are told.
 */
#ifndef PVL_DOMAIN_BOOKING_H
#define PVL_DOMAIN_BOOKING_H

#include "domain/facts.h"

enum booking {
	BOOKING_OK,
	/* The prison, the time and the place. */
	BOOKING_PRISON_NOT_READY,
	BOOKING_KIND_OFF,
	BOOKING_NOT_OPEN_YET,
	BOOKING_TOO_SOON,
	BOOKING_TOO_FAR,
	BOOKING_DATE_BLOCKED,
	BOOKING_NO_SESSION,
	BOOKING_SESSION_BLOCKED,
	BOOKING_SESSION_KIND,
	BOOKING_SESSION_CLIENT,
	BOOKING_NOT_ELIGIBLE,
	BOOKING_LENGTH,
	BOOKING_SESSION_FULL,
	BOOKING_CLOSED_FULL,
	BOOKING_LINK_FULL,
	BOOKING_NO_PLACE,
	BOOKING_NO_TERMINAL,
	BOOKING_KEPT,       /* of legal visits: for requests that are more urgent */
	BOOKING_TURN_ROUND, /* of legal visits: somebody comes too soon after somebody */
	/* The party. */
	BOOKING_NO_VISITORS,
	BOOKING_PARTY_TOO_LARGE,
	BOOKING_NO_ADULT,
	BOOKING_TOO_MANY_ADULTS,
	BOOKING_TOO_MANY_CHILDREN,
	/* The people, and what they are allowed. */
	BOOKING_NOT_APPROVED,
	BOOKING_NOT_OFFICIAL,
	BOOKING_ALLOWANCE_USED,
	BOOKING_PRISONER_BUSY,
	BOOKING_PRISONER_REGIME,
	BOOKING_VISITOR_BUSY,
	BOOKING_PRISONER_AWAY,
	BOOKING_NO_CONTACT,
	BOOKING_BANNED,
	BOOKING_CHILD_REFUSED,
	BOOKING_NON_ASSOCIATION,
	BOOKING_NO_ORDER,
	BOOKING_REMAND_WEEK,
	/* Not forbidden: staff look at the request first. */
	BOOKING_REVIEW_SOURCE,
	BOOKING_REVIEW_ALERT,
	BOOKING_REVIEW_PRISONER,
	BOOKING_REVIEW_VISITOR,
	BOOKING_REVIEW_CHILD,
	BOOKING_REVIEW_TOO_LATE,
	/* Not rules: what else can stand in the way. */
	BOOKING_USER_TYPE,      /* who asks may not book at all */
	BOOKING_PRISONER_MOVED, /* of a visit that is booked: the prisoner is in another prison now */
	BOOKING_SLOT_TAKEN,     /* somebody was faster */
	BOOKING_BLOCK_BOOKED,   /* the firm has as many routine visits with the client as it may */
	BOOKING_RULES_MISSING, /* no policy in force: nothing is booked (fail closed) */
	BOOKING_COUNT,
};

const char *booking_name(enum booking booking); /* "ALLOWANCE_USED" */
bool booking_of(struct str name, enum booking *out);
const char *booking_staff_sentence(enum booking booking);
/* Which key of the word files tells a family, "booking.no_times" … */
const char *booking_family_key(enum booking booking);

/* What the rules said: a set of enum booking each. */
struct verdict {
	uint64_t no;       /* these forbid it */
	uint64_t waivable; /* these do too, unless the one who asks waives them with a reason */
	uint64_t review;   /* these do not: but staff look at it before it is booked */
};

/* Nothing forbids it. */
bool verdict_ok(struct verdict verdict);
/* Nothing forbids it, and nothing needs a reason either. */
bool verdict_clean(struct verdict verdict);
/* Nothing forbids it but what may be waived, and that is waived. */
bool verdict_passes(struct verdict verdict, bool waived);
bool verdict_has(struct verdict verdict, enum booking booking);
/* The first that forbids or would have to be waived, in the order of the rules; or BOOKING_OK. */
enum booking verdict_first(struct verdict verdict);
/* It can be asked for, and staff decide. */
bool verdict_needs_review(struct verdict verdict);
void verdict_add(struct verdict *verdict, enum booking booking);

/* Every rule, with the facts' .by saying whom it binds; a rule that stops keeps those after it silent. */
struct verdict booking_decide(const struct booking_facts *facts);
/* The rules about the people alone: independent of the time chosen, except for ages on that day. */
struct verdict booking_party(const struct booking_facts *facts);

/* What speaks against a visit that is booked already, after something has changed. */
struct verdict booking_recheck(const struct booking_facts *facts);

/*
 * Callers who count: all but the first supporters_max adults who come as
 * supporter or interpreter.  The places of a visit, PARTY_MAX, are for all.
 */
int64_t booking_counted(const struct booking_facts *facts);
/* Those who count as adults, by the age that the prison takes for that. */
int64_t booking_adults(const struct booking_facts *facts);

/*
 * Minutes of it that an adjustment adds: no allowance pays for them.  The
 * shortest visit that the rules know is paid for whatever was agreed.
 */
int booking_free_minutes(const struct booking_facts *facts);

/* "Your place for this visit costs so many minutes": legal and official visits cost none. */
int booking_cost_minutes(enum visit_kind kind, int minutes);
/* Whether a visiting order is taken for it, of the kind that the session asks for. */
bool booking_takes_order(const struct booking_facts *facts);

/* What the rules about people alone say of a visit that is booked; reviews are among the no. */
struct verdict booking_recheck_people(const struct booking_facts *facts);
bool booking_is_about_people(enum booking booking);
/* Not forbidden by it: staff look at the request first. */
bool booking_is_for_review(enum booking booking);

#endif
