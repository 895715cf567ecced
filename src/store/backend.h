/*
 * backend.h - what a database must be able to do for us: sqlite.c, postgres.c.
 *
 * SQL is the portable subset: parameters ?1, ?2 …, ids from the program.
 * Texts and blobs read from a row are valid until its next step or reset;
 * those bound must live until the reset.  Rows are numbered from column 0,
 * parameters from 1.
 */
#ifndef PVL_STORE_BACKEND_H
#define PVL_STORE_BACKEND_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store.h"

struct database;  /* a connection; its backend knows what it is */
struct statement; /* prepared */

enum step {
	STEP_ROW,
	STEP_DONE,
	STEP_FAILED,
};

struct store_backend {
	/* only_read: writes fail, and nothing is made that is not there. */
	enum err (*open)(const char *where, struct log *log, bool only_read, struct database **out);
	void (*close)(struct database *database);
	/* depth 0: a transaction; deeper: a savepoint.  A connection that was lost comes back here. */
	enum err (*enter)(struct database *database, int depth);
	/* To depth; keep at depth 0: OK means that it is on disk. */
	enum err (*leave)(struct database *database, int depth, bool keep);
	/* From here to the end of the transaction nobody else writes.  ERR_AGAIN: others took too long. */
	enum err (*will_write)(struct database *database);
	/* Whether that holds, in the transaction that is open. */
	bool (*is_alone)(struct database *database);
	/* A script of schema/, inside a transaction. */
	enum err (*run)(struct database *database, const char *sql);
	enum err (*prepare)(struct database *database, const char *sql, struct statement **out);
	void (*finish)(struct statement *statement);
	void (*bind_int)(struct statement *statement, int at, int64_t value);
	void (*bind_str)(struct statement *statement, int at, struct str value);
	void (*bind_bytes)(struct statement *statement, int at, struct bytes value);
	void (*bind_null)(struct statement *statement, int at);
	/* STEP_FAILED: *err says whether a constraint (ERR_CONFLICT) or worse (ERR_DB). */
	enum step (*step)(struct statement *statement, enum err *err);
	/* Instead of step, for a write whose end need not be known yet (query_later); outside a transaction at once. */
	enum err (*put_off)(struct statement *statement);
	/* The end of all that was put off. */
	enum err (*settle)(struct database *database);
	/* Whether a question is better asked before its answer is needed. */
	bool (*asks_ahead)(struct database *database);
	/* A SELECT with its parameters goes out; step takes its answer if it comes to the same. */
	void (*ask)(struct statement *statement);
	/* Rows that the last step changed, of a statement that changes some. */
	int64_t (*changed)(struct statement *statement);
	void (*reset)(struct statement *statement);
	int64_t (*column_int)(struct statement *statement, int at);
	struct str (*column_str)(struct statement *statement, int at);
	struct bytes (*column_bytes)(struct statement *statement, int at);
	/* Rows changed on this connection since it was opened. */
	int64_t (*changes)(struct database *database);
	/* What processes on one database tell each other (store.h). */
	enum err (*listen)(struct database *database);
	enum err (*announce)(struct database *database, const char *text);
	bool (*heard)(struct database *database, struct buf *out);
	int (*fd)(struct database *database);
	unsigned (*connection)(struct database *database);
};

extern const struct store_backend STORE_SQLITE;
extern const struct store_backend STORE_POSTGRES;

#endif
