/*
 * staff.h - who works with the service: accounts of staff, and what each may do where.
 *
 * An account is one human with one address of work; a role is what they do at one prison or, for
 * headquarters, everywhere.  Headquarters and the command line give and take every role; the
 * administrator of a prison those of that prison.  Nobody changes their own.  Who holds no role
 * cannot sign in; the account stays, since the log names it.
 */
#ifndef PVL_SERVICE_STAFF_H
#define PVL_SERVICE_STAFF_H

#include "service/account.h"
#include "store/account.h"

/* An account alone; roles then by staff_role_grant.  ERR_CONFLICT: the address has an account. */
MUST_USE enum err staff_account_create(struct service *, const struct actor *,
				       const struct account_new *, struct account_id *out);
/* ERR_CONFLICT: held already; ERR_DENIED: not theirs to give, or their own. */
MUST_USE enum err staff_role_grant(struct service *, const struct actor *, struct account_id,
				   struct staff_role);
/* Signed out everywhere at once.  ERR_NOT_FOUND: not held. */
MUST_USE enum err staff_role_revoke(struct service *, const struct actor *, struct account_id,
				    struct staff_role);

struct staff_new {
	struct str email;
	struct str name; /* of a new account; an account that exists keeps its own */
	struct staff_role role;
	enum language language;
};

enum staff_added {
	STAFF_NEW,        /* an account was made; a link to choose a password is on its way */
	STAFF_KNOWN,      /* the address had a staff account: it holds the role now, too */
	STAFF_HAS_ROLE,   /* nothing changed */
	STAFF_IS_VISITOR, /* the address is a family's: somebody who works here needs another */
};

/* Account and role at once.  ERR_BAD: an address, name or role that is none. */
MUST_USE enum err staff_add(struct service *, const struct actor *, const struct staff_new *,
			    enum staff_added *out, struct account_id *account);
/* A new link to choose a password by, to somebody who holds a role that is the actor's to give. */
MUST_USE enum err staff_link_send(struct service *, const struct actor *, struct account_id);

/* Whether the account holds that role now; for what was begun in it and still goes on. */
MUST_USE enum err staff_role_stands(struct service *, struct account_id, struct staff_role,
				    bool *out);

/* Who holds a role there (empty: a national one).  PRISON_ADMIN of the prison, headquarters, inspectors, system. */
MUST_USE enum err staff_find(struct service *, const struct actor *, struct arena *,
			     struct prison_code, struct store_staff *out);

/* What the actor may give at this prison (empty: national); fills out, at most ROLE_COUNT. */
size_t staff_roles_to_give(const struct actor *, struct prison_code, enum role out[ROLE_COUNT]);

#endif
