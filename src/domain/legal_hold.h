/*
 * legal_hold.h - a recording that is kept beyond its time, for a named matter.
 *
 * Pure.  One asks, another human of another line of command agrees (playback.h).
 * By the day of its review somebody who did not ask for it says whether it goes
 * on, or ends it.  Where nobody does, it goes on, and lists say that it is due:
 * nothing is destroyed because nobody looked.
 */
#ifndef PVL_DOMAIN_LEGAL_HOLD_H
#define PVL_DOMAIN_LEGAL_HOLD_H

#include "domain/playback.h"

enum {
	LEGAL_HOLD_ASKED_DAYS =
	    14, /* what is only asked for keeps a recording so long beyond its time,
				       and what was ended so long after */
	LEGAL_HOLD_SOON_DAYS = 7,    /* before its review, lists say so */
	LEGAL_HOLD_MATTER_MAX = 100, /* bytes */
};

enum legal_hold_state {
	LEGAL_HOLD_ASKED,
	LEGAL_HOLD_HELD,
	LEGAL_HOLD_REFUSED,
	LEGAL_HOLD_ENDED,
	LEGAL_HOLD_STATE_COUNT,
};

const char *legal_hold_state_name(enum legal_hold_state state); /* "HELD" */
bool legal_hold_state_of(struct str name, enum legal_hold_state *out);

struct legal_hold {
	struct legal_hold_id id;
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	enum legal_hold_state state;
	struct str matter;
	struct str reason;
	struct account_id asked_by;
	struct str asked_name;
	enum role asked_as;
	struct wall asked_at;
	struct wall review_at;
	struct account_id decided_by;
	struct str decided_name;
	enum role decided_as;
	struct str decided_reason;
	struct wall decided_at;
	struct account_id reviewed_by; /* the last time */
	struct str reviewed_name;
	struct str reviewed_reason;
	struct wall reviewed_at;
	struct wall ended_at;
};

enum legal_hold_answer {
	LEGAL_HOLD_OK,
	LEGAL_HOLD_GONE,       /* the recording was destroyed */
	LEGAL_HOLD_STANDS,     /* one stands already, or is asked for */
	LEGAL_HOLD_NO_WORDS,   /* the reason is too short */
	LEGAL_HOLD_PAST,       /* the day of the review is over */
	LEGAL_HOLD_FAR,        /* or later than the rules allow */
	LEGAL_HOLD_SAME_HUMAN, /* nobody agrees to, or reviews, what they asked for themselves */
	LEGAL_HOLD_SAME_LINE,  /* of the same line of command */
	LEGAL_HOLD_DECIDED,    /* somebody has decided already, or it has ended */
	LEGAL_HOLD_ANSWER_COUNT,
};

const char *legal_hold_answer_name(enum legal_hold_answer answer); /* "SAME_LINE" */

/* Whether its review may be on that day; max_days: of the policy. */
enum legal_hold_answer legal_hold_may_last(struct wall review_at, struct wall now,
					   int64_t max_days);
enum legal_hold_answer legal_hold_may_decide(const struct legal_hold *, const struct decider *);
/* Whether it may be reviewed, and ended with that. */
enum legal_hold_answer legal_hold_may_review(const struct legal_hold *, const struct decider *);
/* Its review is due soon or overdue. */
bool legal_hold_is_due(const struct legal_hold *, struct wall now);

#endif
