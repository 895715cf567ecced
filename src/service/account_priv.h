/*
 * account_priv.h - what accounts of families and of staff have in common.
 */
#ifndef PVL_SERVICE_ACCOUNT_PRIV_H
#define PVL_SERVICE_ACCOUNT_PRIV_H

#include "service/account.h"

/* A use-case of its own.  ERR_CONFLICT: the address has an account; ERR_BAD: an address or name that is none. */
MUST_USE enum err account_make(struct service *, const struct actor *, const struct account_new *,
			       bool staff, struct account_id *out);

#endif
