/*
 * pin.h - how a prisoner shows who they are at a terminal on a wing.
 *
 * Staff have a PIN made, at random, and hand it over; it is shown once and kept
 * as argon2id.  A terminal that has proven itself (terminal.h) sends number and
 * PIN; whoever is in that terminal's prison is then signed in there for a
 * minute at a time.  Another sign-in at the terminal, or of the prisoner
 * elsewhere, ends it.  Nothing here tells whether a number has a PIN.
 */
#ifndef PVL_SERVICE_PIN_H
#define PVL_SERVICE_PIN_H

#include "domain/pin.h"
#include "domain/prisoner.h"
#include "service/account.h"

enum {
	PIN_IDLE_S =
	    75, /* the page signs off after 60 s without a touch; this and the line's delay */
	PIN_TOTAL_S = 10 * 60, /* others wait for the terminal */
};

/* Digits to hand over; the caller hashes them, stores the hash by pin_set() and forgets them. */
void pin_make(struct service *, char out[PIN_LEN + 1]);

/* Visits clerk, prison admin, duty governor of the prisoner's prison.  An earlier PIN holds no more. */
MUST_USE enum err pin_set(struct service *, const struct actor *, struct prisoner_number,
			  struct str hash);

struct pin_overview {
	bool set;
	struct wall set_at;
	enum pin_state state;
};

/* Staff of the prison. */
MUST_USE enum err pin_find(struct service *, const struct actor *, struct arena *,
			   struct prisoner_number, struct pin_overview *out);

struct pin_candidate {
	struct prisoner_id prisoner;      /* 0: nobody may sign in by it now */
	struct prisoner_id known;         /* whose it is, though a try does not count now */
	char hash[PASSWORD_HASH_MAX + 1]; /* always one that can be verified */
};

/* actor: the terminal.  Verify against .hash in every case; only then look at .prisoner. */
MUST_USE enum err pin_candidate_find(struct service *, const struct actor *, struct str number,
				     struct pin_candidate *out);
/* A wrong one; leaves a leaf also where there is no such prisoner. */
MUST_USE enum err pin_wrong(struct service *, const struct actor *, const struct pin_candidate *);

struct pin_session {
	char token[TOKEN_TEXT_LEN + 1]; /* held by the terminal's page in memory, nowhere else */
};

/* ERR_DENIED: nobody may sign in by it, or too many were wrong meanwhile. */
MUST_USE enum err pin_session_start(struct service *, const struct actor *,
				    const struct pin_candidate *, struct pin_session *out);
/*
 * terminal: the actor who proved itself with this request.  *out is the same
 * with .prisoner.  ERR_DENIED: ended, idle, of another terminal, or the prisoner is
 * in this prison no more.  Being asked for counts as a touch.
 */
MUST_USE enum err pin_session_find(struct service *, const struct actor *terminal, struct str token,
				   struct actor *out);
MUST_USE enum err pin_session_end(struct service *, const struct actor *, struct str token);

#endif
