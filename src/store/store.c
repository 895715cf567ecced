#include "store/store.h"

#include <stdio.h>

#include "base/assert.h"
#include "base/mem.h"
#include "store/migration.h"
#include "store/store_priv.h"

static enum err open_as(const char *where, struct log *log, bool only_read, struct store **out)
{
	if (!str_starts(str_from(where), "sqlite:"))
		return ERR_BAD;
	struct store *store = mem_new(1, sizeof *store);
	store->backend = &STORE_SQLITE;
	store->log = log;
	enum err err =
	    store->backend->open(where + sizeof "sqlite:" - 1, log, only_read, &store->database);
	if (err == OK)
		err = only_read ? migration_check(store) : migration_run(store);
	if (err != OK) {
		store_close(store);
		return err;
	}
	*out = store;
	return OK;
}

enum err store_open(const char *where, struct log *log, struct store **out)
{
	return open_as(where, log, false, out);
}

enum err store_open_to_read(const char *where, struct log *log, struct store **out)
{
	return open_as(where, log, true, out);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (unsigned i = 0; i < STATEMENTS_MAX; i++)
		if (store->cache[i].statement)
			store->backend->finish(store->cache[i].statement);
	if (store->database)
		store->backend->close(store->database);
	free(store);
}

static enum err run_at_depth(struct store *store, const char *format, int depth)
{
	char sql[64];
	(void)snprintf(sql, sizeof sql, "%s d%d", format, depth);
	return store->backend->run(store->database, sql);
}

enum err store_enter(struct store *store)
{
	enum err err = store->depth ? run_at_depth(store, "SAVEPOINT", store->depth)
				    : store->backend->run(store->database, "BEGIN IMMEDIATE");
	if (err == OK)
		store->depth++;
	return err;
}

enum err store_leave(struct store *store, bool keep)
{
	ASSERT(store->depth > 0);
	int depth = --store->depth;
	if (!depth) {
		enum err err = store->backend->run(store->database, keep ? "COMMIT" : "ROLLBACK");
		if (err != OK && keep) /* a full disk: the transaction may still be open */
			(void)store->backend->run(store->database, "ROLLBACK");
		return err;
	}
	enum err err = keep ? OK : run_at_depth(store, "ROLLBACK TO", depth);
	return err == OK ? run_at_depth(store, "RELEASE", depth) : err;
}

int store_depth(const struct store *store)
{
	return store->depth;
}

int64_t store_changes(const struct store *store)
{
	return store->backend->changes(store->database);
}
