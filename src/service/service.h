/*
 * service.h - what every use-case is given: the database, the time, who asks.
 *
 * A use-case is one function: authorise → load → decide → write → audit.  It
 * runs inside whatever transaction the caller has open (store_enter), and
 * undoes its own writes when it does not succeed.  Results: enum err for what
 * went wrong, an enum of domain/ for a rule's "no"; text points into the arena.
 *
 * Deny by default: ERR_DENIED for a role that may never do this, and
 * ERR_NOT_FOUND for another's things, so that ids reveal nothing.
 */
#ifndef PVL_SERVICE_SERVICE_H
#define PVL_SERVICE_SERVICE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/random.h"
#include "domain/account.h"
#include "store/store.h"

enum {
	PICTURE_KEY_LEN = 32,
};

struct service {
	struct store *store;
	struct wall now; /* set once a loop turn by the caller */
	struct random *random;
	int64_t last_id; /* that id_next() gave; 0: none yet */
	struct log *log;
	const uint8_t
	    *picture_key;    /* PICTURE_KEY_LEN bytes, for photos of people; NULL: none are taken */
	int leaves;          /* written by the use-case that runs; nobody else's business */
	int64_t newest_leaf; /* that this process has written; not all are committed */
	struct wall swept_at; /* when last no held time and no offer had run out; hold.h */
	bool event_waits;     /* for the leaf of the use-case that runs: tell_systems_of() */
	bool leaf_is_urgent;  /* one of them must stand under a signed head at once; checkpoint.h */
	unsigned
	    sessions_ended; /* rises when some were taken away: what goes on by one looks again */
};

struct actor {
	struct account_id account; /* 0 for a terminal or nobody */
	enum role role;
	struct prison_code prison;   /* of a prison's staff or a terminal; empty otherwise */
	struct terminal_id terminal; /* of ROLE_TERMINAL */
	struct visit_id visit;       /* of ROLE_GUEST: for this visit, */
	struct person_id person;     /* as this visitor */
	struct prisoner_id prisoner; /* who signed in at that terminal; 0: nobody */
	bool machine;                /* acts by a key */
};

/* Whether the actor is staff for that prison (national roles hold for all). */
bool actor_works_at(const struct actor *actor, struct prison_code prison);

#endif
