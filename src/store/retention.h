/*
 * retention.h - how long each kind of data is kept, and what there is of it now.
 */
#ifndef PVL_STORE_RETENTION_H
#define PVL_STORE_RETENTION_H

#include "base/clock.h"
#include "domain/policy.h"
#include "domain/prison.h"
#include "store/store.h"

enum {
	RETENTION_MAX = 24,
};

struct retention_kind {
	const char *name;      /* "recordings" */
	enum policy_name rule; /* POLICY_COUNT: by no rule of a prison */
	int64_t days;          /* of the rule in force */
	int64_t count;
	struct wall oldest; /* 0: there is none */
	int64_t overdue;    /* whose time is over, and which are still there */
};

struct retention {
	size_t count;
	struct retention_kind kinds[RETENTION_MAX];
};

/* Whether it is said of a table of the database whose data stands in it, or that it is nobody's. */
bool retention_knows(struct str table);

/* prison empty: of all of them. */
MUST_USE enum err store_retention_read(struct store *, struct prison_code, struct wall now,
				       const struct policy *, struct retention *out);

#endif
