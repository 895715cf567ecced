/*
 * key.h - keys with which machines use the JSON API.
 *
 * A key is shown once and stored as its SHA-256.  It acts as one role at one
 * prison (or headquarters), by an account of its own, so that the log says
 * which machine did what.  Nobody can sign in with that account.
 *
 * Roles: HQ admin, operator, the command line.
 */
#ifndef PVL_SERVICE_KEY_H
#define PVL_SERVICE_KEY_H

#include "service/account.h"
#include "store/api_key.h"

#define KEY_PREFIX "pvlk_"

enum {
	KEY_TEXT_LEN = sizeof KEY_PREFIX - 1 + TOKEN_TEXT_LEN,
};

struct key_new {
	struct str name; /* of the machine */
	struct staff_role role;
	struct wall expires; /* 0: never */
};

/* ERR_BAD: no name, a role that no staff has, or one without its prison; ERR_NOT_FOUND: no such prison. */
MUST_USE enum err key_create(struct service *, const struct actor *, const struct key_new *,
			     char key[KEY_TEXT_LEN + 1], struct api_key_id *out);
/* From now on; reason needed.  ERR_NOT_FOUND: none, or revoked before. */
MUST_USE enum err key_revoke(struct service *, const struct actor *, struct api_key_id,
			     struct str reason);
MUST_USE enum err keys_find(struct service *, const struct actor *, struct arena *,
			    struct store_api_keys *out);
/* Who sends it; ERR_NOT_FOUND: unknown, revoked or expired. */
MUST_USE enum err key_actor(struct service *, struct arena *, struct str key, struct api_key *out,
			    struct actor *actor);

#endif
