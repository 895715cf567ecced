/*
 * facts.h - what the rules of booking look at: values, loaded once for a time.
 */
#ifndef PVL_DOMAIN_FACTS_H
#define PVL_DOMAIN_FACTS_H

#include "domain/child_contact.h"
#include "domain/contact.h"
#include "domain/custody.h"
#include "domain/policy.h"
#include "domain/visit.h"
#include "domain/visit_order.h"

/* Whom the rules bind: families are bound by all, staff may waive some with a reason. */
enum booking_by {
	BY_FAMILY,
	BY_STAFF,
	BY_SYSTEM,   /* bound by none: what it books was decided elsewhere */
	BY_PRISONER, /* may ask, never book */
};

/* One caller of the party, as the rules see them. */
struct booking_caller {
	struct date born;
	bool approved; /* for this prisoner, now */
	bool social;   /* known to be family or friend, so not for official visits */
	enum contact_part part;
	bool busy;       /* has another visit then */
	bool no_contact; /* an order keeps these two apart */
	bool banned;
	bool restricted;         /* by something that staff look at first */
	enum child_answer child; /* of a child where one needs a decision */
};

/* The prison at that time. */
struct place_facts {
	bool prison_ready;
	bool session_held;      /* a session of the prison holds this time */
	bool day_excluded;      /* no visits at all on that day */
	bool session_excluded;  /* none of that session */
	bool kind_admitted;     /* the session is for visits of this kind */
	bool client_admitted;   /* and for whoever books */
	bool prisoner_admitted; /* and for the prisoner's wing, category and incentive level */
	int places_left;        /* visits at once that the session still has room for */
	int closed_left;        /* closed visits at once, in the whole prison */
	int calls_left;         /* visits at once on the prison's line */
	bool place_open;        /* some terminal may be used for this kind then */
	bool terminal_free;     /* and is not taken */
	bool kept;              /* a fence keeps what is left of the day for others (fence.h) */
	bool turn_short;        /* no turn-round before or after it, in the place that is free */
};

/* The prisoner at that time. */
struct prisoner_facts {
	int64_t allowance_left_minutes;
	bool busy;            /* has another visit then */
	bool regime;          /* has something to do then that goes before a visit */
	enum custody custody; /* now */
	bool remand;
	bool banned;
	bool restricted;      /* by something that staff look at first */
	bool alert;           /* that staff look at first */
	bool non_association; /* somebody they are kept apart from has a visit here on that day */
	bool source_down;     /* such facts cannot be read, or are old */
	int64_t week_visits;  /* social ones of that week, besides this */
	enum order_need order_need; /* of the session */
	int vo;
	int pvo;
};

struct booking_facts {
	struct policy policy; /* in force when the visit is held: what a visit may be */
	struct policy today;  /* in force now: when it may be booked */
	bool closed;          /* a closed visit: no physical contact, watched for itself */
	bool watched;         /* staff watch all the time */
	bool needs_review;    /* staff look at the request before it is booked */
	bool offered;         /* the time was offered to them: close to it, too */
	bool called;          /* they stand by for it (waiting/standby.h): however close it is */
	enum booking_by by;
	enum visit_kind kind;
	struct wall now;
	struct wall start;
	struct date day;       /* of the start; the functions of booking.h fill in both days */
	struct date day_today; /* of now */
	int minutes;
	struct place_facts place;
	struct prisoner_facts prisoner;
	bool signs;         /* a signed language is agreed for somebody of the party */
	int longer_minutes; /* that an adjustment allows somebody of the party (adjustment.h) */
	size_t caller_count;
	struct booking_caller callers[PARTY_MAX];
};

#endif
