/*
 * terminal.h - a prison's terminal: enrolled once, proven by its own key.
 *
 * The browser keeps a P-256 key that cannot be exported (WebCrypto ECDSA).
 * Enrolment: staff get a short code, the terminal sends it with its public key.
 * Proof: the terminal signs a fresh challenge (SHA-256, r ‖ s, 64 bytes) and
 * gets a session like a person's, of role ROLE_TERMINAL.
 */
#ifndef PVL_SERVICE_TERMINAL_H
#define PVL_SERVICE_TERMINAL_H

#include "base/bytes.h"
#include "domain/telephone.h"
#include "service/account.h"
#include "service/booking.h"

enum {
	ENROL_CODE_LEN = 8, /* Crockford's symbols; shown XXXX-XXXX by pages if they like */
	ENROL_CODE_VALID_S = 15 * 60,
	TERMINAL_KEY_LEN = 65, /* uncompressed point: 04 ‖ x ‖ y (WebCrypto "raw") */
	TERMINAL_CHALLENGE_LEN = 32,
	TERMINAL_SIGNATURE_LEN = 64,
	TERMINAL_CHALLENGE_VALID_S = 60,
};

/*
 * Prison admin of that prison.  A new code replaces the one before; the old
 * key stays good until the code is used.  A retired terminal is in use again
 * from now on: another device may take its place.
 */
MUST_USE enum err terminal_enrol_code_create(struct service *, const struct actor *,
					     struct terminal_id, char code[ENROL_CODE_LEN + 1],
					     struct wall *expires);

struct ended_visits {
	size_t count;
	const struct reference *list;
};

/*
 * Prison admin of that prison: a device that is lost, broken or in doubt.  Its
 * key, code and sessions are worth nothing from this commit on, and a visit
 * that runs there ends as END_FAULT (its unused minutes go back); *ended: which.
 * Booked visits stay: staff enrol another device, or move them.
 * ERR_BAD: no reason; ERR_CONFLICT: it is retired already.
 */
MUST_USE enum err terminal_retire(struct service *, const struct actor *, struct arena *,
				  struct terminal_id, struct str reason,
				  struct ended_visits *ended);

/*
 * ERR_NOT_FOUND: no such code, used or expired (all look the same);
 * ERR_BAD: not a point on P-256.  Ends the terminal's earlier sessions.
 */
MUST_USE enum err terminal_enrol(struct service *, struct str code, struct bytes public_key,
				 struct terminal_id *out);

/* A challenge for whoever claims to be that terminal; says nothing about whether it exists. */
MUST_USE enum err terminal_challenge(struct service *, struct terminal_id,
				     uint8_t challenge[TERMINAL_CHALLENGE_LEN]);
/*
 * Once for each challenge.  *out: the actor of role ROLE_TERMINAL.
 * ERR_DENIED: anything is wrong.
 */
MUST_USE enum err terminal_prove(struct service *, struct terminal_id, struct bytes challenge,
				 struct bytes signature, struct actor *out);
/* Of the key with which it proves itself now.  ERR_NOT_FOUND: it is not enrolled, or retired. */
MUST_USE enum err terminal_mark(struct service *, struct terminal_id, struct session_mark *out);
/* A session for a terminal that has just proven itself (account_session_find finds it). */
MUST_USE enum err terminal_session_start(struct service *, const struct actor *,
					 struct session_started *out);

/* What stands on the terminal's screen: its name, and the visit due here and now, if any. */
struct terminal_view {
	struct terminal terminal;
	struct str prison_name;
	bool has_visit;
	struct visit visit;         /* the one whose lobby is open or which is live, here */
	enum language language;     /* of its prisoner */
	struct telephone telephone; /* of a social visit, when the line carries nothing */
	struct wall next;           /* the lobby of the next one today opens then; 0: none */
};

/* actor: ROLE_TERMINAL. */
MUST_USE enum err terminal_due_visit(struct service *, const struct actor *, struct arena *,
				     struct terminal_view *out);
/* The prisoner of the visit due here reads in that language from now on; ERR_NOT_FOUND: none is due. */
MUST_USE enum err terminal_choose_language(struct service *, const struct actor *, enum language);

#endif
