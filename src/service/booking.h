/*
 * booking.h - times offered, visits booked, found and cancelled.
 */
#ifndef PVL_SERVICE_BOOKING_H
#define PVL_SERVICE_BOOKING_H

#include "domain/booking.h"
#include "domain/join.h"
#include "service/service.h"

enum {
	OFFER_DAYS_MAX = 31,
	OFFER_TIMES_MAX = 2000,
	VISITS_LIST_MAX = 200,
};

struct offer_query {
	struct prisoner_id prisoner;
	size_t person_count;
	struct person_id persons[PARTY_MAX];
	struct date from; /* year 0: today */
	int days;         /* 1 … OFFER_DAYS_MAX */
};

struct offered_time {
	struct wall start;
	int minutes;
	struct verdict verdict; /* clean: can be booked; waivable: by staff with a reason */
};

struct offer {
	struct prisoner prisoner;
	struct str prison_name;
	struct str not_ready_reason; /* of the prison; empty when ready */
	enum booking party;          /* the rules about the people alone */
	int64_t allowance_left;      /* minutes of the month of .from; families may see it */
	size_t count;
	struct offered_time *times; /* earliest first; staff get hidden ones too, with the reason */
};

/*
 * Families: for a prisoner with whom one of their persons has a contact, else
 * ERR_NOT_FOUND; they get bookable times only.
 */
MUST_USE enum err offer_times(struct service *, const struct actor *, struct arena *,
			      const struct offer_query *, struct offer *out);

struct visit_request {
	enum visit_kind kind; /* families: VISIT_SOCIAL, else ERR_DENIED */
	struct prisoner_id prisoner;
	size_t person_count;
	struct person_id persons[PARTY_MAX]; /* distinct; the lead (an adult) is found by age */
	struct wall start;
	int minutes;
	struct str
	    waiver; /* staff: why rules that they may waive do not hold here; empty: they do */
};

/*
 * Decides again on fresh facts, then takes the places; slot_use's primary key
 * is the guard: whoever comes second gets BOOKING_SLOT_TAKEN.
 * With a *verdict that is clean (or waived) and OK, *out is the visit's reference.
 */
MUST_USE enum err visit_book(struct service *, const struct actor *, const struct visit_request *,
			     struct verdict *verdict, struct reference *out);

/*
 * The booker, or staff of the prison with a reason.  Frees the places and
 * returns the minutes in the same transaction (a booker later than the
 * policy's cancel_refund_minutes before the start gets none back).
 * ERR_CONFLICT: it has begun or is over.
 */
MUST_USE enum err visit_cancel(struct service *, const struct actor *, struct reference,
			       struct str reason);

/* The booker; staff of the prison; the terminal at which it is held.  Else ERR_NOT_FOUND. */
MUST_USE enum err visit_find(struct service *, const struct actor *, struct arena *,
			     struct reference, struct visit *out);
/* The rules under which it runs now (lobby, join, grace), for the same people. */
MUST_USE enum err visit_times(struct service *, const struct actor *, struct reference,
			      struct visit_window *out);

struct visit_list {
	size_t count;
	struct visit *list;
};

/* The booker's, latest start first, at most VISITS_LIST_MAX. */
MUST_USE enum err visits_mine(struct service *, const struct actor *, struct arena *,
			      struct visit_list *out);

struct allowance_line {
	struct wall at;
	int minutes;            /* + given, - used */
	struct str reason;      /* "MONTH", "BOOKED", "CANCELLED", "UNUSED" */
	struct reference visit; /* empty: none */
};

struct allowance_view {
	int64_t left; /* minutes in the month of now */
	size_t count;
	struct allowance_line *lines; /* of this month, oldest first */
};

/* For families with a contact to the prisoner, and staff of the prison. */
MUST_USE enum err allowance_find(struct service *, const struct actor *, struct arena *,
				 struct prisoner_id, struct allowance_view *out);

#endif
