/*
 * live.h - a visit from its lobby to its end.
 *
 *	lobby_enter → visitor_admit | visitor_refuse → visit_hearing, visit_losing … → visit_end
 *
 * Visitors may come from several devices (domain/device.h): each enters the
 * lobby for itself and is admitted for itself; one that drops, leaves or is
 * refused changes nothing for the others.
 * pvl-web tells what pvl-media hears; the minutes are counted here and nowhere
 * else.  Every function names visits by reference and checks who asks.
 */
#ifndef PVL_SERVICE_LIVE_H
#define PVL_SERVICE_LIVE_H

#include "domain/line.h"
#include "domain/telephone.h"
#include "service/booking.h"

enum end_role {
	END_ROLE_PRISONER,
	END_ROLE_VISITOR,
	END_ROLE_MONITOR,
};

struct join {
	enum joining answer;
	enum end_role role;
	size_t holder; /* of END_ROLE_VISITOR: whose device it is (index of a visitor) */
	bool entered;  /* this end has been in the lobby before */
	bool in_lobby; /* a device that staff have not admitted: may send to staff, hears nobody */
	bool stopped;  /* an order, a ban or an approval withdrawn keeps it out; said to nobody */
	struct visit visit;
	struct visit_window window;
	struct wall must_end;       /* the latest end, as things stand */
	struct line_budget line;    /* of the prison, for all its visits together */
	int line_weight;            /* of this one */
	bool signs;                 /* a signed language: frames go before size */
	struct telephone telephone; /* of social visits, when the line carries nothing */
};

/*
 * Who the actor would be in this visit, and whether now: families and guests
 * are a visitor (service/device.h says which; one whom staff refused gets
 * JOINING_REFUSED, one who was admitted at another's device JOINING_ELSEWHERE,
 * a device not admitted yet JOINING_OK with in_lobby), the visit's terminal is
 * the prisoner, a monitor, duty governor or visits clerk of the prison watches
 * (social visits alone, else ERR_DENIED).  Restrictions are looked at each time:
 * those on a visitor stop the device at which they sit, and no other.
 */
MUST_USE enum err join_authorise(struct service *, const struct actor *, struct arena *,
				 struct reference, struct join *out);

/* A visitor's device or the terminal is there: BOOKED → LOBBY with the first.  Rules as join_authorise. */
MUST_USE enum err lobby_enter(struct service *, const struct actor *, struct reference,
			      enum joining *answer);

/*
 * Staff of the prison have compared picture and identity.  Legal visits too: by identity.
 * ERR_CONFLICT: they sit at no device that is in the lobby.
 */
MUST_USE enum err visitor_admit(struct service *, const struct actor *, struct reference,
				struct person_id);
/*
 * reason needed.  A holder refused takes the device along, nobody else's.  Every
 * adult refused while nobody was live: the visit ends as END_REFUSED.
 */
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
	bool hand_over;     /* somebody stands by for what is left: standby_hand_over() */
	bool early;         /* it is due for that alone */
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
