/*
 * custody.h - prisoners who come, go and turn out to be one, and what they are
 * on that day: level, conviction.
 *
 * Each change has its own consequence for what is asked for and booked
 * (domain/custody.h): requests are rejected; visits are flagged, wait at the new
 * prison since they were asked for, or are called off, and whoever booked is
 * told; orders stay or begin anew.
 */
#ifndef PVL_SERVICE_CUSTODY_H
#define PVL_SERVICE_CUSTODY_H

#include "domain/custody.h"
#include "service/service.h"

struct prisoner_movement {
	struct prisoner_number number; /* also one that was merged */
	enum movement movement;
	struct prison_code to; /* ADMITTED, TRANSFERRED: which prison; else empty */
	struct str reason;
};

/*
 * Visits clerk, prison admin or duty governor of the prison where they are (a
 * transfer is received by staff of either prison).  ERR_CONFLICT: from where
 * they are they cannot move so; a second time the same changes nothing and is
 * ERR_CONFLICT too.
 */
MUST_USE enum err prisoner_move(struct service *, const struct actor *,
				const struct prisoner_movement *);

struct prisoner_status {
	struct prisoner_number number;
	struct str incentive; /* a level that the prison or the country has amounts for */
	struct str category;  /* may be empty */
	bool convicted;
	struct str reason;
};

/* Prison admin or duty governor. */
MUST_USE enum err prisoner_set_status(struct service *, const struct actor *,
				      const struct prisoner_status *);

enum merge_answer {
	MERGE_DONE,
	MERGE_SAME,  /* these are one already */
	MERGE_CLASH, /* both have a visit at one time: one of them is to be cancelled first */
	MERGE_APART, /* they are kept apart from each other: two people */
};

struct merge_preview {
	struct prisoner from;
	struct prisoner to;
	enum merge_answer answer; /* MERGE_DONE: it can be done */
	size_t visits;            /* requested or booked, and the rest: what would move */
	size_t contacts;
	size_t restrictions;
	size_t alerts;
	int vo;
	int pvo;
};

/*
 * What prisoner_merge() would do; changes nothing.  For who may merge, and works
 * at both prisons: ERR_NOT_FOUND else, so that nobody learns who is elsewhere.
 */
MUST_USE enum err prisoner_merge_preview(struct service *, const struct actor *, struct arena *,
					 struct prisoner_number from, struct prisoner_number to,
					 struct merge_preview *out);

/*
 * from was another number of to: its visits, contacts, restrictions and
 * allowances are to's from now on, and whoever looks up the number finds to.
 * Prison admin of to's prison; reason needed.
 */
MUST_USE enum err prisoner_merge(struct service *, const struct actor *,
				 struct prisoner_number from, struct prisoner_number to,
				 struct str reason, enum merge_answer *answer);

#endif
