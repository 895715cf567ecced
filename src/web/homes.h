/*
 * homes.h - in which of several services on one database a visit lives.
 *
 * The first that seats somebody is its home; the others lead whoever comes to
 * them there (elsewhere.h).  Each service beats once a second.  One whose beat
 * has not moved for six seconds, by the clock of whoever looks, is dead, and
 * its visits are for whoever is asked for them.  One that was only frozen sees
 * at its next beat, before anything else of that turn, that it lost some.
 *
 * NULL, with SQLite: there is no other service, and every visit is ours.
 */
#ifndef PVL_WEB_HOMES_H
#define PVL_WEB_HOMES_H

#include "base/log.h"
#include "base/random.h"
#include "store/visit_home.h"

enum {
	HOMES_BEAT_MS = 1000,
	/* pvl starts a pvl-web that died within a second: its visits stay, and so do their calls. */
	HOMES_SILENCE_MS = 6000,
	HOMES_FORGET_MS = 3600 * 1000, /* a name that nobody bears any more */
	HOMES_SERVICES_MAX = 256,
};

struct homes;

/* A transaction of its own.  name: ours, alone on this database. */
MUST_USE enum err homes_open(struct store *store, struct random *random,
			     const struct service_name *name, struct log *log, struct homes **out);
void homes_close(struct homes *homes);

/* First of a turn, in its transaction.  True: some may be ours no more: ask homes_is_ours(). */
bool homes_turn(struct homes *homes, struct mono now);
/* After it: what was not committed is done again. */
void homes_settle(struct homes *homes, bool committed);
/* When the next beat is due. */
struct mono homes_next(const struct homes *homes);

/* False: another service has it, or our name is somebody else's. */
bool homes_is_ours(struct homes *homes, struct visit_id visit);
/* In a turn's transaction.  ERR_CONFLICT: it lives in another service. */
MUST_USE enum err homes_take(struct homes *homes, struct visit_id visit);
/* Nobody of it is here any more. */
void homes_leave(struct homes *homes, struct visit_id visit);
/* Whether it lives in another service, which is alive. */
bool homes_elsewhere(struct homes *homes, struct reference reference, struct service_name *out);
/* Our name; NULL without others. */
const struct service_name *homes_name(const struct homes *homes);

#endif
