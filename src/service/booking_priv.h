/*
 * booking_priv.h - what offering, holding, booking and moving share.
 */
#ifndef PVL_SERVICE_BOOKING_PRIV_H
#define PVL_SERVICE_BOOKING_PRIV_H

#include "service/booking.h"
#include "service/service_priv.h"
#include "store/application.h"

struct plan;

enum {
	MAY_BOOK =
	    MAY(ROLE_FAMILY) | MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
};

/* The time that the actor holds for that prisoner; 0: none, or it is too late. */
MUST_USE enum err hold_find(struct service *, const struct actor *, struct prisoner_id,
			    struct application_id *out);
/* Takes the places of a held time for these people; ERR_CONFLICT: some of it is taken. */
MUST_USE enum err hold_places(struct service *, const struct application *,
			      const struct person_id *persons, size_t person_count);
/* Lets go of its places; the state says what became of it.  Writes no leaf. */
MUST_USE enum err hold_drop(struct service *, struct application_id, enum application_state);

/* Whether two people of staff have said that the account is a lawyer's, and nobody has taken it back. */
MUST_USE enum err professional_check(struct service *, struct account_id, bool *verified);

/* Whether the firm of that account has as many routine visits with a client as it may. */
MUST_USE enum err booking_firm_full(struct service *, struct account_id, struct prisoner_id,
				    const struct policy *today, bool *out);
/*
 * ERR_DENIED: the verdict says that the lawyer's firm has as many routine visits
 * with the client as it may.  Of everybody else and every other visit: OK.
 */
MUST_USE enum err booking_damped(struct service *, const struct actor *, const struct plan *,
				 const struct visit_request *, struct verdict *verdict);
/* visit_book without use-case: with its request on the clock, its message and its leaf. */
MUST_USE enum err booking_book(struct service *, const struct actor *, struct arena *,
			       const struct visit_request *, struct verdict *verdict,
			       struct reference *out);
/* visit_book without use-case and leaf: decides, then takes the places.  ERR_DENIED: the verdict says why. */
MUST_USE enum err booking_take(struct service *, const struct actor *, struct arena *,
			       const struct visit_request *, struct verdict *verdict,
			       struct visit *out);
/*
 * visit_move without use-case and leaf.  ERR_CLOSED: it has begun, is over, or
 * it is too late to get the minutes back.
 */
MUST_USE enum err booking_move(struct service *, const struct actor *, struct arena *,
			       const struct visit_move *, struct verdict *verdict,
			       struct visit *after);
/* The same with its leaf. */
MUST_USE enum err booking_move_noted(struct service *, const struct actor *, struct arena *,
				     const struct visit_move *, struct verdict *verdict);
/* What use_case_end() gave, as an answer: a no of the rules, or that somebody was faster, is OK. */
MUST_USE enum err booking_answered(enum err err, struct verdict *verdict);

/*
 * Cancels a visit that is to be held at another time: its places are free and
 * all its minutes back.  Writes no leaf: the caller books the other time in
 * the same use-case, or undoes it.  ERR_CONFLICT: too late, or over.
 */
MUST_USE enum err booking_set_aside(struct service *, const struct actor *, struct arena *,
				    struct reference);

#endif
