/*
 * offer.h - the times at which one prisoner and some people can meet, and why
 * not at the others.
 */
#ifndef PVL_SERVICE_OFFER_H
#define PVL_SERVICE_OFFER_H

#include "domain/booking.h"
#include "domain/waiting/urgency.h"
#include "service/service.h"

enum {
	OFFER_DAYS_MAX = 31,
	OFFER_TIMES_MAX = 12000,
};

struct offer_query {
	enum visit_kind kind; /* families: VISIT_SOCIAL, else ERR_DENIED */
	struct prisoner_id prisoner;
	size_t person_count;
	struct person_id persons[PARTY_MAX];
	struct date from;        /* year 0: today */
	int days;                /* 1 … OFFER_DAYS_MAX */
	int minutes;             /* visits of this length alone; 0: all lengths */
	struct reference moving; /* as if this visit of theirs were not booked; empty: none */
	/* Of a legal visit: .cause, .deadline; of one that is moved, whatever it was asked for. */
	struct waiting_need need;
};

struct offered_time {
	struct wall start;
	int minutes;
	struct str session; /* its name; may be empty */
	struct session_template_id session_id;
	struct verdict verdict; /* clean: can be booked; waivable: by staff with a reason */
};

struct offer {
	struct prisoner prisoner;
	struct str prison_name;
	struct str not_ready_reason; /* of the prison; empty when ready */
	enum booking party;          /* the first rule about the people alone that says no */
	int64_t allowance_left;      /* minutes of the month of .from; families may see it */
	int longer_minutes;          /* of each visit, agreed: no allowance pays for them */
	size_t length_count;         /* the lengths that the sessions of these days hold */
	int lengths[8];              /* shortest first */
	size_t count;
	struct offered_time
	    *times; /* earliest first; staff get hidden ones too, with the reasons */
};

/*
 * Families: for a prisoner with whom one of their persons has a contact, else
 * ERR_NOT_FOUND; they get bookable times only, each once.  A time that the
 * actor holds counts as free.
 */
MUST_USE enum err offer_times(struct service *, const struct actor *, struct arena *,
			      const struct offer_query *, struct offer *out);
/* The first bookable time from .from on in the whole booking window; .start 0: none. */
MUST_USE enum err offer_next(struct service *, const struct actor *, struct arena *,
			     const struct offer_query *, struct offered_time *out);

#endif
