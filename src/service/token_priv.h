/*
 * token_priv.h - secrets that are shown once and stored as their SHA-256.
 */
#ifndef PVL_SERVICE_TOKEN_PRIV_H
#define PVL_SERVICE_TOKEN_PRIV_H

#include "service/account.h"

enum {
	TOKEN_BYTES = 32,
	TOKEN_DIGEST_LEN = 32,
};

/*
 * Verified when there is no such account or PIN, so that both answers take as long.
 * The cost is the hasher's (sys/hasher.h); the password was random and is known to nobody.
 */
#define NOBODYS_HASH                                                                               \
	"$argon2id$v=19$m=65536,t=1,p=1$4K9VNwcYmzH7gg1"                                           \
	"J7rgLgw$4ztmUnQzeZYfHm2B6HdWcOa2LBhpXciL3LdSvKQsBew"

/* 32 random bytes as base64url. */
void token_new(struct random *random, char out[TOKEN_TEXT_LEN + 1]);
void token_digest(struct str token, uint8_t out[TOKEN_DIGEST_LEN]);

struct session_seed {
	struct account_id account;
	struct terminal_id terminal;
	struct visit_link_id link;
	struct staff_role role;
};

/* The session of somebody just proven; writes the row, not the leaf. */
MUST_USE enum err session_seed_plant(struct service *, const struct session_seed *,
				     struct session_started *out);

#endif
