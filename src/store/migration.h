/*
 * migration.h - the texts of schema/, embedded at build time.
 */
#ifndef PVL_STORE_MIGRATION_H
#define PVL_STORE_MIGRATION_H

#include "store/store.h"

struct migration {
	int number; /* rising */
	const char *name;
	const char *sql;
};

extern const struct migration MIGRATIONS[];
extern const unsigned MIGRATION_COUNT;

/*
 * Runs what has not run yet, all in one transaction, and checks the
 * SHA-256 of what has.  ERR_BAD: one was edited, or the database is newer.
 */
MUST_USE enum err migration_run(struct store *store);
/* Whether all have run, exactly these; ERR_BAD if not.  Writes nothing. */
MUST_USE enum err migration_check(struct store *store);

#endif
