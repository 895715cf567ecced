/*
 * incentive.h - how many visiting orders a prison gives at an incentive level.
 */
#ifndef PVL_STORE_INCENTIVE_H
#define PVL_STORE_INCENTIVE_H

#include "base/arena.h"
#include "domain/prison.h"
#include "store/store.h"

enum {
	INCENTIVE_LEVEL_MAX = 3
};

struct incentive_amount {
	bool national;
	struct str level; /* "STD" */
	int64_t vo;       /* every order_vo_days */
	int64_t pvo;      /* every order_pvo_days */
	struct wall valid_from;
	struct str author; /* a name; empty: the first values */
	struct str reason;
};

struct incentive_amounts {
	size_t count;
	struct incentive_amount *list;
};

/* In force at a time, of the prison before the national; ERR_NOT_FOUND: the level is unknown. */
MUST_USE enum err store_incentive_find(struct store *, struct prison_code, struct str level,
				       struct wall at, int64_t *vo, int64_t *pvo);
/* All rows, national ones and the prison's, newest first. */
MUST_USE enum err store_incentive_list(struct store *, struct arena *, struct prison_code,
				       struct incentive_amounts *out);
MUST_USE enum err store_incentive_insert(struct store *, struct prison_code,
					 const struct incentive_amount *, struct account_id by);

#endif
