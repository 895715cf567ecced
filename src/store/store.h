/*
 * store.h - the database: open, transactions, nothing about tables.
 *
 * One file per kind of record stands beside this one.  One process, one
 * connection, no thread.  Durable: what store_leave(store, true) said OK to at
 * depth 0 survives a power cut (SQLite: WAL, synchronous=FULL; PostgreSQL:
 * synchronous_commit=on).
 *
 * A connection to PostgreSQL may be lost: everything then fails with ERR_DB to
 * the end of the transaction, and the next store_enter at depth 0 connects again.
 */
#ifndef PVL_STORE_STORE_H
#define PVL_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"

struct store;

enum {
	STORE_ANNOUNCEMENT_MAX = 7900, /* bytes; PostgreSQL takes less than 8000 */
};

/*
 * where: "sqlite:/path/file.db", "sqlite:" for one in memory, or
 * "postgres://…", a URI as libpq reads it.  Makes the tables or brings them up
 * to date; ERR_BAD where a migration was edited after
 * it ran, or the database is newer than the program.
 */
MUST_USE enum err store_open(const char *where, struct log *log, struct store **out);
/* The same to read alone, also while the service runs; ERR_DB where there is nothing, ERR_BAD where it is older. */
MUST_USE enum err store_open_to_read(const char *where, struct log *log, struct store **out);
void store_close(struct store *store); /* NULL is fine; an open transaction is undone */

/*
 * Nested: at depth 0 a transaction, deeper a savepoint.  Every store_enter has
 * its store_leave; keep false undoes everything since.  A turn of the loop is
 * one transaction, each request in it a savepoint, each use-case another.
 */
MUST_USE enum err store_enter(struct store *store);
MUST_USE enum err store_leave(struct store *store, bool keep);
/*
 * What is read from now on stands until the transaction ends: of several
 * processes on one database one writes at a time.  Use-cases begin with it;
 * any other write does it by itself.  ERR_AGAIN: the others took too long.
 */
MUST_USE enum err store_will_write(struct store *store);
/* Whether that holds already, in the transaction that is open: what was read since stands until it ends. */
bool store_is_alone(const struct store *store);
/*
 * The end of writes that were put off (query_later), of which the first that failed; their rows count in
 * store_changes() after it.  store_enter and store_leave do it by themselves: what fails then is undone.
 */
MUST_USE enum err store_settle(struct store *store);
/*
 * Questions that do not depend on one another, asked together before they are asked one by one.  After true, up to
 * store_ahead_end(), every query goes out and reads no row: what functions say of that is worth nothing.  Those asked
 * again afterwards with the same parameters have their answers, of all of which one is waited for; what is written
 * meanwhile takes away the answers that it might change.  False: answers come at once (SQLite), ask nothing.
 */
bool store_ahead(struct store *store);
void store_ahead_end(struct store *store);
/* What a question asked ahead says: nothing. */
static inline void store_asked(enum err err)
{
	(void)err;
}
int store_depth(const struct store *store);
/* Rows changed (and not undone) since it was opened; use-cases check by it that what changed was audited. */
int64_t store_changes(const struct store *store);

/*
 * Processes on one database tell each other what happened: an announcement
 * reaches all others that listen, in order, once its transaction is committed.
 * With SQLite there are no others.  A new connection (store_connection() rises)
 * may have missed some.
 */
MUST_USE enum err store_listen(struct store *store);
MUST_USE enum err store_announce(struct store *store, const char *text);
/* The next one into out, replacing what was there; false: none. */
bool store_heard(struct store *store, struct buf *out);
/* Readable when something may have been heard; -1: never.  Another number after a new connection. */
int store_fd(const struct store *store);
unsigned store_connection(const struct store *store);

#endif
