/*
 * web_session.h - who is signed in; only the hash of the cookie is kept.
 */
#ifndef PVL_STORE_WEB_SESSION_H
#define PVL_STORE_WEB_SESSION_H

#include "base/arena.h"
#include "base/bytes.h"
#include "domain/account.h"
#include "store/store.h"

enum {
	TOKEN_HASH_LEN = 32,
};

struct web_session {
	uint8_t token[TOKEN_HASH_LEN];
	struct str csrf;
	struct account_id account;   /* either this */
	struct terminal_id terminal; /* or this */
	struct visit_link_id link;   /* or this */
	struct staff_role role;
	struct wall seen;
	int idle_s;
	struct wall expires;
};

/* Takes expired sessions away on the way. */
MUST_USE enum err store_web_session_insert(struct store *, const struct web_session *,
					   struct wall now);
/* ERR_NOT_FOUND when it has expired or was idle too long. */
MUST_USE enum err store_web_session_find(struct store *, struct arena *, struct bytes token,
					 struct wall now, struct web_session *out);
MUST_USE enum err store_web_session_touch(struct store *, struct bytes token, struct wall now);
MUST_USE enum err store_web_session_set_role(struct store *, struct bytes token, struct staff_role);
MUST_USE enum err store_web_session_delete(struct store *, struct bytes token);
MUST_USE enum err store_web_session_delete_of(struct store *, struct terminal_id);
MUST_USE enum err store_web_session_delete_guests(struct store *, struct visit_link_id);
/* Signed out everywhere. */
MUST_USE enum err store_web_session_delete_account(struct store *, struct account_id);

#endif
