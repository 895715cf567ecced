/*
 * store_priv.h - what store.c, query.c and migration.c share.
 */
#ifndef PVL_STORE_STORE_PRIV_H
#define PVL_STORE_STORE_PRIV_H

#include "store/backend.h"
#include "store/store.h"

enum {
	STATEMENTS_MAX = 512, /* a power of two; every query of ours, twice over */
};

struct cached {
	const char *sql; /* NULL: free */
	struct statement *statement;
	bool busy;
};

struct store {
	const struct store_backend *backend;
	struct database *database;
	struct log *log;
	int depth;
	struct cached cache[STATEMENTS_MAX];
};

#endif
