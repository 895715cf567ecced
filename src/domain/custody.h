/*
 * custody.h - where a prisoner is, and what follows when that changes.
 *
 * The codes are those of the prison service: ADM, REL, CRT, TAP, TRN, OUT.
 */
#ifndef PVL_DOMAIN_CUSTODY_H
#define PVL_DOMAIN_CUSTODY_H

#include "domain/prisoner.h"

enum custody {
	CUSTODY_IN,
	CUSTODY_COURT,    /* out to court; expected back */
	CUSTODY_HOSPITAL, /* out to hospital; expected back */
	CUSTODY_ABSENT,   /* temporary absence; expected back */
	CUSTODY_MOVING,   /* between two prisons */
	CUSTODY_RELEASED,
	CUSTODY_MERGED, /* the number belongs to another record now */
	CUSTODY_COUNT,
};

const char *custody_name(enum custody custody); /* "IN" */
bool custody_of(struct str name, enum custody *out);

enum movement {
	MOVEMENT_ADMITTED,    /* ADM: a new period in prison */
	MOVEMENT_TRANSFERRED, /* received from another prison */
	MOVEMENT_TO_COURT,    /* CRT */
	MOVEMENT_TO_HOSPITAL,
	MOVEMENT_ABSENCE,  /* TAP: temporary absence */
	MOVEMENT_RETURNED, /* from court, hospital or absence */
	MOVEMENT_RELEASED, /* REL */
	MOVEMENT_COUNT,
};

const char *movement_name(enum movement movement); /* "TRANSFERRED" */
bool movement_of(struct str name, enum movement *out);

struct movement_effect {
	enum custody becomes;
	bool resets_orders;    /* a new admission begins with nothing */
	bool rejects_requests; /* what nobody has decided yet is over */
	bool flags_visits;     /* what was booked waits for staff, who decide */
	bool settles_flags;    /* the prisoner is back: what was flagged for it stands again */
	bool reoffers_visits;  /* what was booked is offered anew where they are now */
	bool ends_visits;      /* what was booked cannot be held: its time is somebody else's */
};

bool movement_possible(enum custody from, enum movement movement);
struct movement_effect movement_effect_of(enum movement movement);

/* The local day on which the week of a day began; start: 1 Monday … 7 Sunday. */
struct date week_of(struct date day, int64_t start);

#endif
