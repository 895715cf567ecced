/*
 * copy.h - a whole database as one file, and back; for backups and for moving.
 *
 * The file is an SQLite database with the same tables, whatever the store is:
 * what was saved from PostgreSQL can be restored into SQLite, and the other way.
 * Rows travel by tables as schema/ makes them; nothing here knows their meaning.
 */
#ifndef PVL_STORE_COPY_H
#define PVL_STORE_COPY_H

#include "base/err.h"
#include "base/log.h"

/*
 * from: as store_open() takes it, up to date.  path: of a file that is not there
 * yet.  One moment of the database, also while others write to it.
 */
MUST_USE enum err store_copy_out(const char *from, const char *path, struct log *log);
/*
 * path: such a file, brought up to date by store_open().  Into a store that holds
 * nothing: ERR_CONFLICT if it has an account or a leaf of the log.
 */
MUST_USE enum err store_copy_in(const char *path, const char *into, struct log *log);

#endif
