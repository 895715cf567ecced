/*
 * live.h - a visit from its lobby to its end.
 *
 *	lobby_enter → visitor_admit | visitor_refuse → visit_hearing, visit_losing … → visit_end
 *
 * pvl-web tells what pvl-media hears; the minutes are counted here and nowhere
 * else.  Every function names visits by reference and checks who asks.
 */
#ifndef PVL_SERVICE_LIVE_H
#define PVL_SERVICE_LIVE_H

#include "service/booking.h"

enum end_role {
	END_ROLE_PRISONER,
	END_ROLE_VISITOR,
	END_ROLE_MONITOR,
};

struct join {
	enum joining answer;
	enum end_role role;
	bool in_lobby; /* a visitor whom staff have not admitted: may send to staff, hears nobody */
	bool stopped;  /* an order or a ban of today keeps it from beginning; said to nobody */
	struct visit visit;
	struct visit_window window;
	struct wall must_end; /* the latest end, as things stand */
};

/*
 * Who the actor would be in this visit, and whether now: the booker is the
 * visitor's end (one device for the party; every caller refused gives
 * JOINING_REFUSED; the lead not yet admitted gives JOINING_OK with in_lobby),
 * the visit's terminal the prisoner's, a monitor, duty governor or visits clerk
 * of the prison the monitor's end (social visits alone, else ERR_DENIED).
 */
MUST_USE enum err join_authorise(struct service *, const struct actor *, struct arena *,
				 struct reference, struct join *out);

/* The visitor's end or the terminal is there: BOOKED → LOBBY, once.  Rules as join_authorise. */
MUST_USE enum err lobby_enter(struct service *, const struct actor *, struct reference,
			      enum joining *answer);

/* Staff of the prison have compared picture and identity.  Legal visits too: by identity. */
MUST_USE enum err visitor_admit(struct service *, const struct actor *, struct reference,
				struct person_id);
/* reason needed; all refused while nobody was live: the visit ends as END_REFUSED. */
MUST_USE enum err visitor_refuse(struct service *, const struct actor *, struct reference,
				 struct person_id, struct str reason);

/*
 * Both sides could hear each other for so many more seconds, ending now.
 * LOBBY → LIVE at the first.  Callers batch: about every 10 s, and before
 * visit_end.  actor: ROLE_SYSTEM.  ERR_CONFLICT: the visit is over.
 */
MUST_USE enum err visit_hearing(struct service *, const struct actor *, struct visit_id,
				int seconds);

/*
 * A live visit lost so many more seconds by this cause.  They lengthen its grace
 * (domain/join.h): must_end is the latest end as things now stand.  Callers batch as
 * above.  actor: ROLE_SYSTEM.  ERR_CONFLICT: not live.
 */
MUST_USE enum err visit_losing(struct service *, const struct actor *, struct visit_id,
			       enum lost_cause, int seconds, struct wall *must_end);

/*
 * Ends it: staff with a reason (END_STAFF, at once, in any state from LOBBY);
 * ROLE_SYSTEM with END_LEFT, END_TIME or END_FAULT.  Gives unused minutes
 * back.  A visit never live becomes NO_SHOW with the absence that the lobby
 * shows, or with END_FAULT.  ERR_CONFLICT: over already.
 */
MUST_USE enum err visit_end(struct service *, const struct actor *, struct reference,
			    enum visit_end, struct str reason);

/* Visits whose time to end has come: those never live after join_until, live ones after must_end. */
struct visit_due {
	struct reference reference;
	struct visit_id visit;
	enum visit_end end; /* END_TIME, or the absence */
};

struct visit_due_list {
	size_t count;
	struct visit_due *list;
};

enum {
	VISITS_DUE_MAX = 64, /* in one answer; ask again */
};

/* actor: ROLE_SYSTEM.  For a timer, about once a second; writes nothing. */
MUST_USE enum err visits_due_to_end(struct service *, const struct actor *, struct arena *,
				    struct visit_due_list *out);

#endif
