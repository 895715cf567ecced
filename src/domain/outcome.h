/*
 * outcome.h - what became of a visit whose time is past, as staff tell it afterwards.
 *
 * It stands beside the end that the service saw (visit.h), which it never
 * replaces.  The codes are those of the prison service's visit scheduler, and
 * four for what only video knows.  Pure.
 */
#ifndef PVL_DOMAIN_OUTCOME_H
#define PVL_DOMAIN_OUTCOME_H

#include "domain/policy.h"
#include "domain/visit.h"

enum visit_outcome {
	/* Both sides heard each other. */
	OUTCOME_COMPLETED,
	OUTCOME_PRISONER_EARLY,
	OUTCOME_VISITOR_EARLY,
	OUTCOME_STAFF_ENDED,
	/* They never did. */
	OUTCOME_PRISONER_REFUSED,
	OUTCOME_PRISONER_NOT_PRODUCED,
	OUTCOME_VISITOR_DECLINED,
	OUTCOME_VISITOR_ABSENT,
	OUTCOME_VISITOR_FAILED_CHECKS,
	OUTCOME_ESTABLISHMENT,
	/* Either. */
	OUTCOME_PRISON_NETWORK,
	OUTCOME_CALLER_NETWORK,
	OUTCOME_EQUIPMENT,
	OUTCOME_COUNT,
};

const char *visit_outcome_name(enum visit_outcome outcome); /* "VISITOR_DID_NOT_ARRIVE" */
bool visit_outcome_of(struct str name, enum visit_outcome *out);

/* Why it cannot be said, or that it can. */
enum outcome_answer {
	OUTCOME_MAY,
	OUTCOME_NOT_OVER,
	OUTCOME_CALLED_OFF, /* before it began: the cancellation says why */
	OUTCOME_TOO_LATE,   /* longer ago than outcome_days */
	OUTCOME_NOT_SO,     /* the two sides did hear each other, or they did not */
};

enum outcome_answer visit_outcome_answer(enum visit_outcome outcome, const struct visit *visit,
					 const struct policy *policy, struct wall now);

/* The visitors paid for a visit that could not be, and not by their doing: it comes back. */
bool visit_outcome_gives_back(enum visit_outcome outcome, const struct visit *visit);

#endif
