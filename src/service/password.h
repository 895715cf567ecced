/*
 * password.h - choosing a password by a link: another one when it was forgotten, the first one of
 * somebody who works here.
 *
 * The link is a proof, not a stored secret: an HMAC over the account, the time until which it
 * holds, and the password that it replaces.  So it works once, and any change of the password ends
 * all of them.  Whoever sets a password is signed out everywhere.  Nothing here tells whether an
 * address has an account.
 */
#ifndef PVL_SERVICE_PASSWORD_H
#define PVL_SERVICE_PASSWORD_H

#include "service/account.h"

enum {
	PASSWORD_PROOF_LEN = 43,        /* 32 bytes as base64url */
	PASSWORD_FORGOTTEN_S = 60 * 60, /* how long a link holds that somebody asked for */
	PASSWORD_FIRST_S = 3 * 86400,   /* and the first one of a staff account */
};

struct password_link {
	struct account_id account;
	struct wall until;
	char proof[PASSWORD_PROOF_LEN + 1];
};

/* Fills in .proof, for .account and .until.  ERR_NOT_FOUND: no such account. */
MUST_USE enum err password_link_prove(struct service *, struct password_link *);
/* Whose password it may set; ERR_NOT_FOUND: its time is over, it was used, or nobody made it. */
MUST_USE enum err password_link_find(struct service *, struct arena *, const struct password_link *,
				     struct account *out);

/* A link by message to whoever has this address; OK also where nobody has it.  Once in five minutes. */
MUST_USE enum err password_forgotten(struct service *, struct str email);

/* *out: whose it is now.  ERR_NOT_FOUND as above, ERR_BAD: no hash. */
MUST_USE enum err password_set(struct service *, struct arena *, const struct password_link *,
			       struct str password_hash, struct account *out);

#endif
