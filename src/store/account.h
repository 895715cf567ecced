/*
 * account.h - accounts and the roles of staff in the database.
 */
#ifndef PVL_STORE_ACCOUNT_H
#define PVL_STORE_ACCOUNT_H

#include "base/arena.h"
#include "domain/account.h"
#include "store/store.h"

struct store_roles {
	size_t count;
	struct staff_role *list;
};

struct staff_member {
	struct account account;
	struct staff_role role;
	struct wall granted;
};

enum {
	STORE_STAFF_MAX = 1000, /* roles of one prison that are listed */
};

struct store_staff {
	size_t count;
	struct staff_member *list;
};

/* What stands where an address would: of whoever has none.  "invalid" is nobody's domain (RFC 2606). */
bool account_email_is_one(struct str stored);

/* email empty: whoever has none.  ERR_CONFLICT: the address has an account. */
MUST_USE enum err store_account_insert(struct store *, const struct account *,
				       struct str password_hash, struct wall now);
/* Each of these, in their order; ERR_NOT_FOUND: one is not there.  A statement for 32 of them. */
MUST_USE enum err store_account_list(struct store *, struct arena *, const struct account_id *,
				     size_t count, struct account *out);
MUST_USE enum err store_account_find(struct store *, struct arena *, struct account_id,
				     struct account *out);
/* email normalised; nobody is found by an empty one. */
MUST_USE enum err store_account_find_hash(struct store *, struct arena *, struct str email,
					  struct account_id *out, struct str *password_hash);
MUST_USE enum err store_account_hash(struct store *, struct arena *, struct account_id,
				     struct str *password_hash);
MUST_USE enum err store_account_set_hash(struct store *, struct account_id,
					 struct str password_hash);
/* The account is one without an address from now on. */
MUST_USE enum err store_account_end_email(struct store *, struct account_id);
MUST_USE enum err store_account_set_language(struct store *, struct account_id, enum language);

/* ERR_CONFLICT: held already. */
MUST_USE enum err store_role_insert(struct store *, struct account_id, struct staff_role,
				    struct wall now);
/* ERR_NOT_FOUND: not held. */
MUST_USE enum err store_role_delete(struct store *, struct account_id, struct staff_role);
/* Who holds a role at this prison (empty: a national one), by name; one row a role. */
MUST_USE enum err store_staff_list(struct store *, struct arena *, struct prison_code,
				   struct store_staff *out);
/* Oldest first. */
MUST_USE enum err store_role_list(struct store *, struct arena *, struct account_id,
				  struct store_roles *out);

#endif
