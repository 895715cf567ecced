/*
 * reach.h - how accounts are reached beside e-mail (domain/reach.h), and numbers that are being shown to be theirs.
 */
#ifndef PVL_STORE_REACH_H
#define PVL_STORE_REACH_H

#include "base/arena.h"
#include "domain/reach.h"
#include "store/store.h"

/* Of an account that there is: one that gave nothing is reached by e-mail alone. */
MUST_USE enum err store_reach_find(struct store *, struct arena *, struct account_id,
				   struct reach *out);
/* All but .email, which is the account's. */
MUST_USE enum err store_reach_set(struct store *, struct account_id, const struct reach *,
				  struct wall now);

struct mobile_code {
	struct account_id account;
	char mobile[MOBILE_MAX + 1];
	struct wall made_at;
	struct wall until; /* 0: used, or guessed at too often */
	int tries;
	int64_t day; /* in which so many were asked for */
	int asked;
};

/* ERR_NOT_FOUND: that account is asked for none. */
MUST_USE enum err store_mobile_code_find(struct store *, struct account_id,
					 struct mobile_code *out);
MUST_USE enum err store_mobile_code_put(struct store *, const struct mobile_code *);
/* Of how many other accounts that number was asked for on that day. */
MUST_USE enum err store_mobile_code_count(struct store *, const struct mobile_code *, int64_t *out);
/* Those made before a time; how many. */
MUST_USE enum err store_mobile_code_erase(struct store *, struct wall before, int64_t *count);

#endif
