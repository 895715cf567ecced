/*
 * guard_priv.h - what is laid down about people, and the visits it speaks against.
 *
 * Loaded once for a prisoner and callers, then asked for each time.  When a
 * fact changes, guard_flag() looks at the visits that it touches: those that a
 * rule about people now forbids get a review, those it no longer forbids lose
 * theirs; those that are to be closed or watched now are.  Nothing is ever
 * cancelled by it.
 */
#ifndef PVL_SERVICE_GUARD_PRIV_H
#define PVL_SERVICE_GUARD_PRIV_H

#include "domain/booking.h"
#include "domain/review.h"
#include "service/service_priv.h"
#include "store/custody.h"
#include "store/non_association.h"
#include "store/restriction.h"
#include "store/visit.h"

struct guard {
	struct prisoner_id prisoner;
	bool remand;
	struct store_custody custody;
	struct restriction_list restrictions;
	struct alert_list alerts;
	struct store_days
	    apart; /* days on which somebody from whom they are kept apart has a visit */
	struct store_starts social; /* their social visits near the times asked for */
	size_t person_count;
	struct person persons[PARTY_MAX];
	bool decided[PARTY_MAX]; /* the governor decided about that child */
	struct child_decision decisions[PARTY_MAX];
	bool source_down;
	int vo;
	int pvo;
};

struct guard_query {
	const struct prisoner *prisoner;
	struct prison_code prison; /* where the visit is held */
	size_t person_count;
	const struct person *persons;
	struct wall from; /* times in [from, to] will be asked for */
	struct wall to;
	struct visit_id own_visit;  /* that does not count against itself; 0: none */
	const struct policy *today; /* NULL: no rules in force; sources count as down */
};

MUST_USE enum err guard_load(struct service *, struct arena *, const struct guard_query *,
			     struct guard *out);
/* Between store_ahead() and its end: what it will ask of these, of whom the query's .persons tell nothing yet. */
void guard_ask(struct service *, struct arena *, const struct guard_query *,
	       const struct person_id *persons);
/* Adds what holds on the day of .start to the facts: the prisoner, the callers, .closed, .watched. */
void guard_facts(const struct guard *, struct booking_facts *);

/* What the rules about people say of a visit as it stands, by the facts of now. */
MUST_USE enum err guard_recheck(struct service *, struct arena *, const struct visit *,
				struct verdict *out);

/*
 * The same of any visit of these two, were they approved, by the facts of today: what a day or a
 * time alone decides is left out.
 */
MUST_USE enum err guard_pair(struct service *, struct arena *, const struct contact *,
			     struct verdict *out);

struct visits_touched {
	size_t count;
	struct visit *list;
};

/* Not over and not begun, of a prisoner. */
MUST_USE enum err guard_visits_of(struct service *, struct arena *, struct prisoner_id,
				  struct visits_touched *out);
/* The same, with a visitor of that birth among them (and, prisoner not 0, with that prisoner). */
MUST_USE enum err guard_visits_with(struct service *, struct arena *, struct date born,
				    struct prisoner_id, struct visits_touched *out);
/* concerns: a set of enum booking that the event may have made true.  Writes no leaf. */
MUST_USE enum err guard_flag(struct service *, struct arena *, const struct visits_touched *,
			     enum review_event event, uint64_t concerns);
/* A review for that issue, whatever the rules say; nothing if there is one.  Writes no leaf. */
MUST_USE enum err guard_flag_one(struct service *, const struct visit *, enum review_event event,
				 enum booking issue, bool *opened);

/* Whom an order or a ban of today, or an approval that was withdrawn, keeps from this visit. */
struct guard_stopped {
	bool prisoner; /* from everybody */
	bool visitors[PARTY_MAX];
};

MUST_USE enum err guard_stops(struct service *, struct arena *, const struct visit *,
			      struct guard_stopped *out);

/* Takes the days of the visit from those the prisoner is kept apart from; ERR_CONFLICT: one has it. */
MUST_USE enum err guard_apart_take(struct service *, struct arena *, const struct visit *);
/*
 * Gives them back when a visit is called off.  The other's visit of that day
 * takes its place, and its flag goes: they were a pair.  Writes no leaf.
 */
MUST_USE enum err guard_apart_release(struct service *, struct arena *, const struct visit *);

/* All open reviews of a visit are settled, with why.  Writes no leaf. */
MUST_USE enum err guard_close(struct service *, struct arena *, struct visit_id, struct str why);
/*
 * Keeps two prisoners apart from now on: the earlier visits of the first take
 * their days, and visits of one day that both have are flagged.  Nothing if
 * they are kept apart already.  Writes no leaf.
 */
MUST_USE enum err guard_pair_open(struct service *, struct arena *, const struct non_association *,
				  struct account_id by);

#define GUARD_BIT(code) (UINT64_C(1) << (code))

#endif
