/*
 * refill.h - who is asked when a time becomes free, and what an answer means.
 *
 * A freed time is offered by slack: to those who wait without a time, and to
 * those whom it would bring their visit earlier.  Far ahead one is asked after
 * the other, and the time is kept while somebody may answer; close to it
 * several are asked at once and the first to accept has it, which the offer
 * says.  Nobody is asked more often in a day than the policy allows.  A
 * booking that somebody has is theirs until the new one is taken.
 *
 *	OPEN → ACCEPTED | DECLINED | EXPIRED | GONE      (all of them final)
 *
 * GONE: somebody else accepted first, or the time is not free any more.
 */
#ifndef PVL_DOMAIN_WAITING_REFILL_H
#define PVL_DOMAIN_WAITING_REFILL_H

#include "domain/waiting/urgency.h"

enum offer_state {
	OFFER_OPEN,
	OFFER_ACCEPTED,
	OFFER_DECLINED,
	OFFER_EXPIRED,
	OFFER_GONE,
	OFFER_STATE_COUNT,
};

const char *offer_state_name(enum offer_state state); /* "OPEN" */
bool offer_state_of(struct str name, enum offer_state *out);

struct waiting_offer {
	enum offer_state state;
	struct wall made_at;
	struct wall answer_until; /* from this moment on nobody can answer */
	struct wall start;        /* of the time that is offered */
};

enum offer_answer {
	ANSWER_ACCEPT,
	ANSWER_DECLINE,
};

/* What the offer becomes by an answer now: GONE where the time is not free. */
enum offer_state offer_answered(const struct waiting_offer *offer, enum offer_answer answer,
				bool time_is_free, struct wall now);
/* What it becomes by time alone: it stays OPEN until its window is over. */
enum offer_state offer_after(const struct waiting_offer *offer, struct wall now);

/* How a time is offered now. */
struct refill_round {
	int at_once;              /* so many may be asked together; 0: too late, or not now */
	struct wall answer_until; /* for offers made now */
	bool keeps;               /* the time is kept for the one who is asked */
	struct wall again;        /* at_once 0: when to look again; INT64_MAX: never */
};

struct refill_round refill_round_of(const struct policy *policy, struct wall start,
				    struct wall now);

/* Somebody who may be asked. */
struct refill_candidate {
	struct waiting_need need;
	struct wall booked; /* the start that they have; 0: they wait without one */
	int offers_today;   /* of that person, all times together */
	bool asked_before;  /* this time was offered to them already */
	bool short_notice;  /* they said that they can come at short notice */
	bool cannot;        /* a rule, or another visit of theirs, stands in the way */
};

/* Whether this one may be asked for a time of so many minutes. */
bool refill_may_ask(const struct refill_candidate *candidate, const struct policy *policy,
		    struct wall start, int minutes, struct wall now);
enum {
	REFILL_RANK_MAX = 32,
};

/* Indexes of those who may be asked, the first first; at most so many, and REFILL_RANK_MAX. */
size_t refill_rank(const struct refill_candidate *candidates, size_t count,
		   const struct policy *policy, struct wall start, int minutes, struct wall now,
		   size_t *order, size_t max);

#endif
