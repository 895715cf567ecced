/*
 * desk.h - what staff look up: a week of the prison, a prisoner, anything by name.
 */
#ifndef PVL_SERVICE_DESK_H
#define PVL_SERVICE_DESK_H

#include "domain/session.h"
#include "service/booking.h"
#include "service/people.h"
#include "service/place.h"

enum {
	WEEK_DAYS = 7,
	FOUND_MAX = 50,
};

/* How full a session is on a day. */
struct week_cell {
	bool held;     /* it takes place on that day */
	bool excluded; /* or would, but for an exclude date */
	int places;    /* visits that fit, of the length of its grid */
	int booked;
};

struct week_row {
	struct session_template session;
	struct week_cell days[WEEK_DAYS];
};

struct week_sheet {
	struct prison prison;
	struct date monday;
	size_t count;
	struct week_row *rows;        /* by time of day */
	int booked[WEEK_DAYS];        /* all visits of the day */
	bool day_excluded[WEEK_DAYS]; /* the whole prison */
};

/* The week in which a day lies; staff of the prison, national roles name one. */
MUST_USE enum err week_sheet_find(struct service *, const struct actor *, struct arena *,
				  struct prison_code, struct date, struct week_sheet *out);

struct prisoner_sheet {
	struct prisoner prisoner;
	struct contact_list contacts; /* booker by booker */
	struct visit_list visits;     /* latest first */
	struct regime_list regime;
};

/* Staff of the prison; else ERR_NOT_FOUND. */
MUST_USE enum err prisoner_sheet_find(struct service *, const struct actor *, struct arena *,
				      struct prisoner_id, struct prisoner_sheet *out);

struct found {
	struct prisoner prisoner;
	struct str visitor; /* a contact of his that fits; empty: the prisoner himself does */
	int likeness;
};

struct found_list {
	size_t count;
	struct found *list; /* the best first */
};

/* Prisoners by name or number, visitors by name; spelling is forgiven.  Staff of a prison, in it. */
MUST_USE enum err desk_search(struct service *, const struct actor *, struct arena *,
			      struct str typed, struct found_list *out);

#endif
