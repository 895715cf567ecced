#include "store/store.h"

#include "base/assert.h"
#include "base/mem.h"
#include "store/migration.h"
#include "store/store_priv.h"

static const struct {
	const char *prefix;
	size_t skipped; /* of where, before it goes to the backend */
	const struct store_backend *backend;
} KINDS[] = {
	{ "sqlite:", sizeof "sqlite:" - 1, &STORE_SQLITE },
	{ "postgres://", 0, &STORE_POSTGRES },
	{ "postgresql://", 0, &STORE_POSTGRES },
};

static enum err open_database(struct store *store, const char *where, bool only_read)
{
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++) {
		if (!str_starts(str_from(where), KINDS[i].prefix))
			continue;
		store->backend = KINDS[i].backend;
		return store->backend->open(where + KINDS[i].skipped, store->log, only_read,
					    &store->database);
	}
	return ERR_BAD;
}

static enum err open_as(const char *where, struct log *log, bool only_read, struct store **out)
{
	struct store *store = mem_new(1, sizeof *store);
	store->log = log;
	store->kept = kept_new();
	enum err err = open_database(store, where, only_read);
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
	policy_values_free(store->policies);
	kept_free(store->kept);
	if (store->database)
		store->backend->close(store->database);
	free(store);
}

enum err store_enter(struct store *store)
{
	ASSERT(store->depth < DEPTH_MAX);
	enum err err = store->backend->enter(store->database, store->depth);
	if (err == OK)
		store->changes_at[store->depth++] = store_changes(store);
	return err;
}

enum err store_leave(struct store *store, bool keep)
{
	ASSERT(store->depth > 0);
	enum err err = store->backend->leave(store->database, --store->depth, keep);
	bool undone = !keep || err != OK;
	if (undone) /* the backend counts what it has undone, too */
		store->undone += store_changes(store) - store->changes_at[store->depth];
	if (!store->depth)
		kept_end(store);
	else if (undone)
		kept_undone(store);
	return err;
}

enum err store_will_write(struct store *store)
{
	return store->backend->will_write(store->database);
}

bool store_is_alone(const struct store *store)
{
	return store->depth > 0 && store->backend->is_alone(store->database);
}

enum err store_settle(struct store *store)
{
	return store->backend->settle(store->database);
}

/* Only where nobody else writes: what is answered still holds when it is read. */
bool store_ahead(struct store *store)
{
	struct database *database = store->database;
	ASSERT(!store->ahead);
	store->ahead = store->backend->asks_ahead(database) && store_is_alone(store);
	return store->ahead;
}

void store_ahead_end(struct store *store)
{
	store->ahead = false;
}

int store_depth(const struct store *store)
{
	return store->depth;
}

int64_t store_changes(const struct store *store)
{
	return store->backend->changes(store->database) - store->undone;
}

enum err store_listen(struct store *store)
{
	return store->backend->listen(store->database);
}

enum err store_announce(struct store *store, const char *text)
{
	return store->backend->announce(store->database, text);
}

bool store_heard(struct store *store, struct buf *out)
{
	return store->backend->heard(store->database, out);
}

int store_fd(const struct store *store)
{
	return store->backend->fd(store->database);
}

unsigned store_connection(const struct store *store)
{
	return store->backend->connection(store->database);
}
