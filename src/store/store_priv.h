/*
 * store_priv.h - what store.c, query.c and migration.c share.
 */
#ifndef PVL_STORE_STORE_PRIV_H
#define PVL_STORE_STORE_PRIV_H

#include "store/backend.h"
#include "store/kept_priv.h"
#include "store/store.h"

enum {
	DEPTH_MAX = 16,       /* transactions within one another: turn, request, use-case, look */
	STATEMENTS_MAX = 512, /* a power of two; every query of ours, twice over */
};

struct cached {
	const char *sql; /* NULL: free */
	struct statement *statement;
	bool writes_kept; /* kept_is_written_by() */
	bool busy;
};

struct policy_values; /* policy.c */

struct store {
	const struct store_backend *backend;
	struct database *database;
	struct log *log;
	int depth;
	bool ahead;                     /* store_ahead() */
	int64_t changes_at[DEPTH_MAX];  /* as store_changes() said when each was entered */
	int64_t undone;                 /* of the backend's changes */
	struct policy_values *policies; /* NULL: not read yet */
	struct kept *kept;
	struct cached cache[STATEMENTS_MAX];
};

/* NULL is fine. */
void policy_values_free(struct policy_values *values);

#endif
