/*
 * store.h - the database: open, transactions, nothing about tables.
 *
 * One file per kind of record stands beside this one.  One process, one
 * connection, no thread.  Durable: what store_leave(store, true) said OK to at
 * depth 0 survives a power cut (SQLite: WAL, synchronous=FULL).
 */
#ifndef PVL_STORE_STORE_H
#define PVL_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/log.h"

struct store;

/*
 * where: "sqlite:/path/file.db", or "sqlite:" for one in memory.  Makes the
 * tables or brings them up to date; ERR_BAD where a migration was edited after
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
int store_depth(const struct store *store);
/* Rows changed since it was opened; use-cases check by it that what changed was audited. */
int64_t store_changes(const struct store *store);

#endif
