/*
 * account.h - making an account, signing in, and staying signed in.
 *
 * Hashing a password takes tens of milliseconds and is done outside the loop:
 * the web layer finds the candidate here, verifies in its pool, and comes back
 * to start the session.  Nothing here tells whether an address has an account.
 */
#ifndef PVL_SERVICE_ACCOUNT_H
#define PVL_SERVICE_ACCOUNT_H

#include "service/service.h"

enum {
	PASSWORD_HASH_MAX = 128, /* argon2id, encoded (crypto_pwhash_STRBYTES) */
	TOKEN_TEXT_LEN = 43,     /* 32 bytes as base64url */
	STAFF_ROLES_MAX = 16,
};

struct account_new {
	struct str email; /* as typed */
	struct str name;
	struct str password_hash;
	enum language language;
};

/*
 * A family account.  *out.n is 0 if the address has an account already: the
 * page must answer the same way and then offer to sign in.
 * ERR_BAD: an address or name that is none.
 */
MUST_USE enum err account_create(struct service *, const struct account_new *,
				 struct account_id *out);
struct sign_in_candidate {
	struct account_id account;                 /* 0: no such account */
	char password_hash[PASSWORD_HASH_MAX + 1]; /* always one that can be verified */
};

/* Verify the password against .password_hash in every case; only then look at .account. */
MUST_USE enum err account_find_for_sign_in(struct service *, struct str email,
					   struct sign_in_candidate *out);
/* Leaves an audit leaf, also where there is no such account (0): both answers take as long. */
MUST_USE enum err account_sign_in_failed(struct service *, struct account_id);
/* Stores a new hash, when parameters have been raised (rehash on sign-in). */
MUST_USE enum err account_rehash(struct service *, struct account_id, struct str password_hash);

struct session_started {
	char token[TOKEN_TEXT_LEN + 1]; /* for the cookie; only its SHA-256 is stored */
	char csrf[TOKEN_TEXT_LEN + 1];  /* for the forms of this session */
	struct wall expires;            /* absolute */
};

/* Staff with several roles begin with the first; account_session_choose_role changes it. */
MUST_USE enum err account_session_start(struct service *, struct account_id,
					struct session_started *out);

struct account_session {
	struct actor actor;
	struct account account;
	struct str csrf;
	struct str prison_name; /* of the actor's prison; empty if none */
	size_t role_count;
	struct staff_role roles[STAFF_ROLES_MAX]; /* that this account may choose */
	struct wall expires;                      /* when idle or absolute time is over */
	struct wall touch_at;                     /* from when account_session_touch() writes */
};

/* ERR_NOT_FOUND: unknown, ended or expired token. */
MUST_USE enum err account_session_find(struct service *, struct arena *, struct str token,
				       struct account_session *out);
/* Somebody is still there; cheap: writes at most once a minute. */
MUST_USE enum err account_session_touch(struct service *, struct str token);
MUST_USE enum err account_session_choose_role(struct service *, struct str token,
					      struct staff_role);
MUST_USE enum err account_session_end(struct service *, struct str token);

enum {
	SESSION_MARK_LEN = 32,
};

/* By what somebody takes part in something that goes on: a session, a terminal's key; all 0: neither. */
struct session_mark {
	uint8_t digest[SESSION_MARK_LEN];
};

bool session_mark_empty(const struct session_mark *);
/* token empty: of none. */
struct session_mark account_session_mark(struct str token);
/*
 * Whether that session still stands.  used: its holder takes part in something meanwhile, so it
 * does not grow idle; its whole time passes.
 */
MUST_USE enum err account_session_stands(struct service *, const struct session_mark *, bool used,
					 bool *out);
/* The language in which the actor's own account reads from now on; writes nothing if it is that already. */
MUST_USE enum err account_choose_language(struct service *, const struct actor *, enum language);

#endif
