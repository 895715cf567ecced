/*
 * standby.h - visits that stand by for the places of others that begin at the same time.
 *
 * Where many visits begin together and often one of them is not held because a side does not come,
 * somebody who waits is asked to stand by.  Whoever agrees is promised no time: when one of those
 * visits has not begun by start_within_minutes because a side never came, what is left of its time is
 * theirs; the same when one of them is called off too late to be offered on.  Else nothing has changed,
 * and their request keeps its place and its age.
 *
 *	ASKED  → AGREED | DECLINED | EXPIRED | GONE
 *	AGREED → CALLED | NOT_NEEDED | WITHDRAWN | GONE      (all of these are final)
 *
 * WITHDRAWN: by whoever agreed; GONE: by the service, because they could no longer have the time.
 * Legal and official visits are one group, social visits another: their rooms are.  Pure.
 */
#ifndef PVL_DOMAIN_WAITING_STANDBY_H
#define PVL_DOMAIN_WAITING_STANDBY_H

#include "domain/waiting/refill.h"
#include "domain/waiting/visit_fact.h"

enum {
	STANDBY_AHEAD_S =
	    86400, /* asked a day ahead: on the wing's list of tomorrow they stand in time */
	STANDBY_JUDGED_MIN = 25, /* planned visits; the share of fewer is chance */
};

enum standby_state {
	STANDBY_ASKED,
	STANDBY_AGREED,
	STANDBY_DECLINED,
	STANDBY_EXPIRED,
	STANDBY_CALLED,
	STANDBY_NOT_NEEDED,
	STANDBY_WITHDRAWN,
	STANDBY_GONE,
	STANDBY_STATE_COUNT,
};

const char *standby_state_name(enum standby_state state); /* "AGREED" */
bool standby_state_of(struct str name, enum standby_state *out);

struct standby {
	enum standby_state state;
	struct wall asked_at;
	struct wall answer_until; /* from this moment on nobody can agree */
	struct wall start;        /* of the visits whose places it stands by for */
	struct wall end;          /* until when its own visit can last */
};

/* What it becomes by time alone. */
enum standby_state standby_after(const struct standby *standby, struct wall now);
/* And by an answer now; whoever agreed may decline until they are called. */
enum standby_state standby_answered(const struct standby *standby, enum offer_answer answer,
				    struct wall now);

/* Of a hundred visits that were to be held, those at which a side did not come; 0: too few to tell. */
int standby_share(const struct visit_figures *figures);
/* How many stand by for so many parallel places: none where people mostly come. */
int standby_places(const struct policy *policy, int places, int no_show_percent);

/* Whether somebody who waits for such a visit may stand by for one of the other kind. */
bool standby_is_for(enum visit_kind visit, enum visit_kind waits);
/* When what has not begun is given on: after start_within_minutes, and not later than anybody could join. */
struct wall standby_handover(const struct policy *policy, struct wall start);
/* When the visit of whoever is called then, or now if that is later, begins: a step of five minutes. */
struct wall standby_begins(const struct policy *policy, struct wall start, struct wall now);
/*
 * A visit of the group was called off, or its missing side is known to be missing, so late that nobody
 * else is offered its time any more: it is theirs, from its start on, or from the step of five minutes
 * that has begun.
 */
bool standby_has(const struct visit *visit, const struct policy *policy, struct wall now);
struct wall standby_begins_freed(struct wall start, struct wall now);
/*
 * Minutes of that visit: as many as are needed, fewer where fewer are left; 0: too few are left for
 * any visit of the kind.
 */
int standby_minutes(const struct policy *policy, const struct waiting_need *need,
		    struct wall begins, struct wall end);
/* The visit has not begun, and cannot be about to: a side was never there. */
bool standby_may_take(const struct visit *visit);
/* The same, and its time is up. */
bool standby_takes(const struct visit *visit, const struct policy *policy, struct wall now);

#endif
