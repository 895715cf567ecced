/*
 * postgres_priv.h - what the files of the PostgreSQL back-end share (store/backend.h is its door).
 *
 * A connection in pipeline mode: BEGIN, SAVEPOINT and RELEASE wait and travel with the next
 * statement, so that a savepoint costs no way to the server and back.  So do writes that were put
 * off, but never beyond the savepoint that they belong to.  All that is sent between two waits is
 * a batch; its first error is the batch's, and the server does nothing of it after that.
 *
 * Rows that are inserted one after the other, and put off, go in one statement: most of what an INSERT costs the
 * server is to begin and to end it, and to read the CHECKs of its table.
 *
 * A question that was asked ahead (store_ahead) is a command of a batch like others; its answer stays until a write
 * to a table that it names, or the end of the savepoint.
 *
 * Parameters and results are binary: 64-bit numbers, texts and blobs as they are.  What must not
 * be told to a log (a constraint's DETAIL holds values) never is: errors are logged as SQLSTATE.
 *
 * One process writes at a time, as with SQLite: the first write of a transaction, or a use-case's
 * beginning, takes one advisory lock of the database that is held to the transaction's end.  So
 * nobody waits inside for somebody else's row, nothing can deadlock, and MAX(seq) + 1 is the next
 * number.  docs/decisions/one-writer-at-a-time.md says what that costs.
 *
 * postgres.c           transactions, statements, announcements: the back-end's table
 * postgres_connect.c   to connect, and again; what an error means
 * postgres_batch.c     what travels together, and what was asked ahead
 * postgres_column.c    numbers and bytes of a result
 * postgres_text.c      the portable SQL as PostgreSQL writes it
 */
#ifndef PVL_STORE_POSTGRES_PRIV_H
#define PVL_STORE_POSTGRES_PRIV_H

#include <libpq-fe.h>

#include "base/buf.h"
#include "store/backend.h"

enum {
	LEVELS_MAX = 8,
	DEFERRED_MAX = 4 * LEVELS_MAX,
	COMMAND_ROOM = 32,
	PARAMETERS_MAX = 32,
	PUT_OFF_MAX = 64,            /* writes of one batch */
	ROWS_MAX = 32,               /* in one statement … */
	ROWS_PARAMETERS_MAX = 1024,  /* … with so many parameters at most … */
	ROWS_BYTES_MAX = 1 << 16,    /* … of so many bytes; a row that does not fit goes alone */
	ASKED_MAX = 48,              /* questions asked ahead; more are not */
	ASKED_PARAMETERS_MAX = 1024, /* bytes of one */
	OPTIONS_MAX = 64,
};

enum pg_type { /* pg_type.h */
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_NUMERIC = 1700,
};

/* The INSERT of so many rows. */
struct several {
	char name[20];
	unsigned prepared; /* on which connection; 0: none */
	bool preparing;    /* in this batch: it is if that succeeds */
	struct several *next;
};

/* Rows that wait to be inserted together. */
struct rows {
	struct statement *statement;
	int count;
	int parameters;
	size_t at[ROWS_PARAMETERS_MAX];   /* in bytes */
	int lengths[ROWS_PARAMETERS_MAX]; /* -1: NULL */
	struct buf bytes;
};

/* A question asked ahead, and its parameters one after another. */
struct asked {
	struct statement *statement;
	struct buf parameters;
	int command;      /* of the batch that it is in; -1: that has been taken */
	PGresult *result; /* NULL: not there yet, or it failed */
};

struct database {
	PGconn *conn;
	struct log *log;
	bool only_read;
	bool listens;
	int64_t retry_at_ms;
	unsigned connection; /* counts up; statements prepared on an earlier one are not there */
	unsigned statements; /* names given */
	int level;           /* transactions and savepoints that our caller has open … */
	int sent;            /* … and how many of them the server knows */
	int locked;          /* the level at which the writers' lock was taken; 0: not held */
	bool lost;           /* the connection went in this transaction: nothing of it stands */
	int queued;          /* commands given to libpq whose results have not been taken … */
	int put_off;         /* … and how many of them are writes that nobody waits for */
	struct rows rows;
	struct several *preparing;
	int deferred_len;
	char deferred[DEFERRED_MAX][COMMAND_ROOM];
	int asked_len;
	struct asked asked[ASKED_MAX];
	int64_t changes;
	/* To connect again, also from inside a sandbox that resolves no names. */
	char *keys[OPTIONS_MAX + 1];
	char *values[OPTIONS_MAX + 1];
	int options;
};

struct statement {
	struct database *database;
	char *sql;
	char name[20];
	unsigned prepared; /* on which connection; 0: none */
	bool writes;
	struct several *several; /* for 1 … ROWS_MAX rows; NULL: each goes alone */
	int bound;
	Oid types[PARAMETERS_MAX];
	const char *values[PARAMETERS_MAX];
	int lengths[PARAMETERS_MAX];
	int64_t numbers[PARAMETERS_MAX];
	PGresult *result; /* NULL: not run */
	bool lent;        /* it is an answer that was asked ahead */
	int row;
};

/* ---- postgres_connect.c ---- */

/* The first time where says to; later (NULL) as it went then. */
enum err pg_connect(struct database *db, const char *where);
/* ERR_DB: the server is away; it is tried again after a pause. */
enum err pg_reconnect_if_lost(struct database *db);
/* Outside the pipeline; several statements too.  what: for the log. */
bool pg_run_plain(struct database *db, const char *sql, const char *what);
/* What the result's SQLSTATE means, logged unless it is the caller's to answer; result NULL: nothing came. */
enum err pg_failed(struct database *db, const char *what, const PGresult *result);

/* ---- postgres_batch.c ---- */

/* The question that was asked ahead with these parameters; NULL: none. */
struct asked *pg_asked_find(const struct statement *s);
void pg_asked_drop_all(struct database *db);
/* Those that name the table which a statement writes. */
void pg_asked_drop_written(struct database *db, const char *sql);
/* False: they do not fit. */
bool pg_parameters_of(const struct statement *s, struct buf *out);

/* BEGIN and SAVEPOINTs that the server does not know yet, after what still waits; then rows that wait inside. */
bool pg_queue_levels(struct database *db);
/* Sends what was queued and waits; *last is the result of the last command, the caller's to clear. */
enum err pg_collect(struct database *db, PGresult **last);
enum err pg_one_command(struct database *db, const char *sql, PGresult **result);
/* Waits for what was put off, if anything was. */
enum err pg_settle(struct database *db);
/* Rows that a command changed.  A SELECT tells how many it has read: those are none. */
int64_t pg_rows_changed(PGresult *result);
/* Adds the row of an INSERT to those that wait; false: it does not fit. */
bool pg_rows_add(struct database *db, const struct statement *s);
void pg_rows_drop(struct database *db);
/* The INSERTs of several rows that this batch prepared are there, or are not. */
void pg_end_preparing(struct database *db, bool good);

/* ---- postgres_column.c ---- */

/* 0 where it is NULL. */
int64_t pg_column_int(const PGresult *result, int row, int at);
/* Valid as long as the result; empty where it is NULL. */
struct bytes pg_column_bytes(const PGresult *result, int row, int at);

/* ---- postgres_text.c ---- */

/* A script of ours with the types' names of PostgreSQL. */
void pg_script(const char *sql, struct buf *out);
/* ?1 becomes $1; the caller's to free. */
char *pg_with_dollars(const char *sql);

#endif
