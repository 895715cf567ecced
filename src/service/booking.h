/*
 * booking.h - visits booked, moved, found and cancelled.
 */
#ifndef PVL_SERVICE_BOOKING_H
#define PVL_SERVICE_BOOKING_H

#include "domain/cancellation.h"
#include "domain/join.h"
#include "domain/waiting/urgency.h"
#include "service/offer.h"

enum {
	VISITS_LIST_MAX = 200,
};

struct visit_request {
	enum visit_kind
	    kind; /* families: VISIT_SOCIAL, verified lawyers VISIT_LEGAL too; else ERR_DENIED */
	struct prisoner_id prisoner;
	size_t person_count;
	struct person_id persons[PARTY_MAX]; /* distinct; the lead (an adult) is found by age */
	struct wall start;
	int minutes;
	struct str waiver; /* staff: why rules that they may waive do not hold; empty: they do */
	struct reference reference;   /* of a visit that is moved; empty: a new one */
	int revision;                 /* of that visit */
	struct terminal_id preferred; /* where it is free and may be used; 0: any */
	bool offered;                 /* the service offered it (refill.h): close to it, too */
	bool called;                  /* they stand by for it (standby.h): however close it is */
	bool promised;                /* and they said yes: the fences were asked when it did */
	struct waiting_need need;     /* of a legal visit: .cause, .deadline; .asked_at 0: now */
};

/* ERR_DENIED or ERR_BAD: what no rule has to look at. */
MUST_USE enum err visit_request_check(struct service *, const struct actor *,
				      const struct visit_request *);

/*
 * Decides again on fresh facts, then takes the places; slot_use's primary key
 * is the guard: whoever comes second gets BOOKING_SLOT_TAKEN.
 * With a *verdict that is clean (or waived) and OK, *out is the visit's reference.
 * A legal visit has its request on the clock from then on (waiting.h).
 * ERR_BAD also: a cause without a day, or one that is past.
 */
MUST_USE enum err visit_book(struct service *, const struct actor *, const struct visit_request *,
			     struct verdict *verdict, struct reference *out);

/* A booked visit, held at another time. */
struct visit_move {
	struct reference reference;
	struct wall start;
	int minutes;
	struct str waiver;            /* as visit_request's */
	struct terminal_id preferred; /* the same */
	bool offered;
	bool promised;
	struct waiting_need need; /* as visit_request's */
};

/*
 * All or nothing: the visit keeps its time until the new one is taken, and its
 * reference for good; the minutes of its month come back and those of the new
 * month are taken.  The row of the old time ends as END_MOVED.
 * ERR_CONFLICT: it has begun, is over, or it is too late to get the minutes back.
 * ERR_DENIED: a lawyer's own legal visit; legal_move() moves that.
 */
MUST_USE enum err visit_move(struct service *, const struct actor *, const struct visit_move *,
			     struct verdict *verdict);

/*
 * The booker, or staff of the prison with a reason.  Frees the places and
 * returns the minutes in the same transaction (a booker later than the
 * policy's cancel_refund_minutes before the start gets none back).
 * ERR_CONFLICT: it has begun or is over.
 */
MUST_USE enum err visit_cancel(struct service *, const struct actor *, struct reference,
			       struct str reason);
/* The same, saying whose doing it was and how the word came; families: their own (ERR_BAD). */
MUST_USE enum err visit_cancel_as(struct service *, const struct actor *, struct reference,
				  struct str reason, const struct cancellation *);

/* Of a visit that visit_find gave; ERR_NOT_FOUND: nothing was said. */
MUST_USE enum err visit_cancellation_find(struct service *, const struct visit *,
					  struct cancellation *out);

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
