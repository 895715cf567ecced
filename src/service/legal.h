/*
 * legal.h - lawyers book for themselves: the earliest times for a client, and
 * how long each request has waited.
 *
 * Who is a lawyer: service/professional.h, looked at afresh by every use-case
 * here.  A legal visit is never watched and never recorded.
 */
#ifndef PVL_SERVICE_LEGAL_H
#define PVL_SERVICE_LEGAL_H

#include "domain/waiting/urgency.h"
#include "service/booking.h"
#include "service/people.h"
#include "service/professional.h"
#include "store/waiting.h"

enum {
	LEGAL_TIMES_MAX = 48, /* more than a week has, at six a day */
	LEGAL_LIST_MAX = 500,
};

/* What a lawyer asks for. */
struct legal_ask {
	struct str prisoner_number;
	struct date prisoner_born;
	enum waiting_cause cause;
	struct date deadline; /* year 0: none */
	int minutes;
	struct wall wanted; /* a time that could not be had: until when is it kept?  0: none */
	size_t other_count;
	struct str
	    others[PARTY_MAX - 1]; /* e-mail addresses of more professionals, interpreters too */
};

enum legal_answer {
	LEGAL_FINE,
	LEGAL_NOT_VERIFIED,
	LEGAL_NO_CLIENT,    /* number and date of birth do not fit, or too many wrong ones today */
	LEGAL_NEED,         /* cause, deadline and length do not go together */
	LEGAL_OTHER,        /* one of the others is not a verified professional */
	LEGAL_BLOCK_BOOKED, /* the firm has as many routine visits with the client as it may */
	LEGAL_NO_RULES,
	LEGAL_LIST_FULL, /* as many requests wait as one lawyer may have */
	LEGAL_PAST_DATE, /* moved to a day after the one that the visit is for */
	LEGAL_ANSWER_COUNT,
};

struct legal_time {
	struct wall start;
	struct terminal_id terminal;
};

struct legal_times {
	enum legal_answer answer;
	enum booking party; /* the first rule about the people alone that says no */
	struct date from;   /* times of this day and later; year 0: from now on */
	struct wall wanted; /* as asked */
	struct date
	    kept_until; /* it is kept for more urgent requests until that day; year 0: it is not */
	struct prisoner prisoner;
	struct str prison_name;
	struct waiting_need need;
	enum waiting_class class;
	struct date due; /* the level of service */
	size_t person_count;
	struct person_id persons[PARTY_MAX];
	size_t count; /* earliest first, across terminals and days, by fences and best fit */
	struct legal_time times[LEGAL_TIMES_MAX];
};

/* Writes only what makes the client known to the professionals. */
MUST_USE enum err legal_times_find(struct service *, const struct actor *, struct arena *,
				   const struct legal_ask *, struct legal_times *out);
/*
 * Books one of the times; the wait counts from now, or, where the same client
 * and date wait without a time already, from that request.  start 0: none fits,
 * the request waits and is shown to the prison.  verdict as visit_book's.
 */
MUST_USE enum err legal_book(struct service *, const struct actor *, const struct legal_ask *,
			     struct legal_time time, enum legal_answer *answer,
			     struct verdict *verdict, struct reference *out);

/*
 * Other times for a booked visit of the actor's own: its length and its people,
 * as if it were not booked, from a day on (year 0: now) and not after the date
 * that it is for.  Writes nothing.  ERR_NOT_FOUND: no legal visit of theirs;
 * ERR_CONFLICT: it has begun, is over, or can no longer be called off.
 */
MUST_USE enum err legal_move_times(struct service *, const struct actor *, struct arena *,
				   struct reference, struct date from, struct wall wanted,
				   struct legal_times *out);
/*
 * visit_move() to one of them: the request stays what it was, with its first
 * moment and its date; an earlier time that is offered for it is let go.
 * answer: FINE, PAST_DATE or BLOCK_BOOKED (the firm has more than it may without
 * this one).  verdict as visit_book's; ERR_CONFLICT as above.
 */
MUST_USE enum err legal_move(struct service *, const struct actor *, struct reference,
			     struct legal_time, enum legal_answer *answer, struct verdict *verdict);

/* One request on the clock. */
struct wait_clock {
	struct waiting waiting;
	struct waiting_rank rank;
	struct date due;
	int64_t waited_days; /* working days from the request to the visit, or to today */
	bool late;           /* the visit, or today, is beyond the level of service */
};

struct wait_list {
	size_t count;
	struct wait_clock *list; /* the most urgent first */
	bool
	    more; /* there are more than LEGAL_LIST_MAX: lawyers' without a visit are first among these */
};

/*
 * Lawyers: their own; staff: of their prison; headquarters and inspectors: of all.
 * Each by the rules of the prison in which it waits, whoever asks.
 */
MUST_USE enum err waits_find(struct service *, const struct actor *, struct arena *,
			     struct wait_list *out);

#endif
