#include <sqlite3.h>
#include <stdio.h>

#include "base/mem.h"
#include "store/backend.h"

enum savepoint_verb {
	SAVEPOINT_MAKE,
	SAVEPOINT_UNDO,
	SAVEPOINT_RELEASE,
	SAVEPOINT_VERBS,
};

enum {
	SAVEPOINT_DEPTHS = 16, /* as many as store.c enters */
};

/*
 * A connection is an sqlite3 and the log; a statement is an sqlite3_stmt and
 * its connection.  WAL with synchronous=FULL: one fsync a commit, and what was
 * committed is there after a power cut.
 */
struct database {
	sqlite3 *handle;
	struct log *log;
	sqlite3_stmt
	    *savepoints[SAVEPOINT_VERBS][SAVEPOINT_DEPTHS]; /* prepared when first needed */
};

struct statement {
	sqlite3_stmt *handle;
	struct database *database;
};

enum {
	BUSY_MS = 5000, /* another process (a backup, the command line) writes */
	SET_UP_AGAIN_MS = 10,
	SET_UP_MS = 60 * 1000,
};

static enum err failed(struct database *database, const char *what, int code)
{
	int extended = sqlite3_extended_errcode(database->handle);
	if (code == SQLITE_CONSTRAINT)
		return extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
			       extended == SQLITE_CONSTRAINT_UNIQUE
			   ? ERR_CONFLICT
			   : ERR_BAD;
	log_event(database->log, LOG_ERROR, "sqlite", LOG_WORD("what", what),
		  LOG_INT("code", extended));
	return code == SQLITE_BUSY ? ERR_AGAIN : ERR_DB;
}

static enum err sqlite_run(struct database *database, const char *sql)
{
	int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? OK : failed(database, "run", code);
}

static void sqlite_close_db(struct database *database)
{
	for (size_t verb = 0; verb < SAVEPOINT_VERBS; verb++)
		for (size_t depth = 0; depth < SAVEPOINT_DEPTHS; depth++)
			(void)sqlite3_finalize(database->savepoints[verb][depth]);
	(void)sqlite3_close(database->handle);
	free(database);
}

static const char SETTINGS[] =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA secure_delete=ON;" /* what is erased is overwritten */
    "PRAGMA cache_size=-16384;"
    /* 16 MB between checkpoints, each of which syncs twice: some hundred bookings, not two turns */
    "PRAGMA wal_autocheckpoint=4096;"
    "PRAGMA temp_store=MEMORY;";

static const char SETTINGS_TO_READ[] = "PRAGMA query_only=ON;"
				       "PRAGMA trusted_schema=OFF;"
				       "PRAGMA temp_store=MEMORY;";

/*
 * Of several programs that open a new file at once one turns on WAL, and then makes the tables.  SQLite tells the
 * others that it is busy without asking them to wait, since they hold a lock of their own by then: they ask again.
 */
static enum err set_up(struct database *database, const char *settings)
{
	int code = SQLITE_BUSY;
	for (int waited_ms = 0; code == SQLITE_BUSY && waited_ms < SET_UP_MS;
	     waited_ms += SET_UP_AGAIN_MS) {
		code = sqlite3_exec(database->handle, settings, NULL, NULL, NULL);
		if (code == SQLITE_BUSY)
			(void)sqlite3_sleep(SET_UP_AGAIN_MS);
	}
	return code == SQLITE_OK ? OK : failed(database, "set up", code);
}

/* One thread has a connection, and nobody reads what SQLite counts: no mutexes.  Refused once one is open. */
static void set_up_library(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err sqlite_open_db(const char *where, struct log *log, bool only_read,
			       struct database **out)
{
	set_up_library();
	struct database *database = mem_new(1, sizeof *database);
	database->log = log;
	int flags = SQLITE_OPEN_NOMUTEX;
	flags |= only_read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	const char *path = where[0] ? where : ":memory:";
	int code = sqlite3_open_v2(path, &database->handle, flags, NULL);
	const char *settings = only_read ? SETTINGS_TO_READ : SETTINGS;
	enum err err = code == SQLITE_OK ? set_up(database, settings) : ERR_DB;
	if (err == OK && sqlite3_busy_timeout(database->handle, BUSY_MS) != SQLITE_OK)
		err = ERR_DB;
	if (err != OK) {
		sqlite_close_db(database);
		return err;
	}
	*out = database;
	return OK;
}

/* Every request makes several: they are not parsed each time. */
static enum err run_at_depth(struct database *database, enum savepoint_verb verb, int depth)
{
	static const char *const VERBS[] = { [SAVEPOINT_MAKE] = "SAVEPOINT",
					     [SAVEPOINT_UNDO] = "ROLLBACK TO",
					     [SAVEPOINT_RELEASE] = "RELEASE" };
	sqlite3_stmt **kept = &database->savepoints[verb][depth];
	char sql[64];
	int code = SQLITE_OK;
	if (!*kept) {
		(void)snprintf(sql, sizeof sql, "%s d%d", VERBS[verb], depth);
		code = sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
					  kept, NULL);
	}
	if (code != SQLITE_OK)
		return failed(database, "prepare", code);
	code = sqlite3_step(*kept);
	(void)sqlite3_reset(*kept);
	return code == SQLITE_DONE ? OK : failed(database, "savepoint", code);
}

static enum err sqlite_enter(struct database *database, int depth)
{
	return depth ? run_at_depth(database, SAVEPOINT_MAKE, depth)
		     : sqlite_run(database, "BEGIN IMMEDIATE");
}

static enum err sqlite_leave(struct database *database, int depth, bool keep)
{
	if (!depth) {
		enum err err = sqlite_run(database, keep ? "COMMIT" : "ROLLBACK");
		if (err != OK && keep) /* a full disk: the transaction may still be open */
			(void)sqlite_run(database, "ROLLBACK");
		return err;
	}
	enum err err = keep ? OK : run_at_depth(database, SAVEPOINT_UNDO, depth);
	return err == OK ? run_at_depth(database, SAVEPOINT_RELEASE, depth) : err;
}

/* BEGIN IMMEDIATE has done it. */
static enum err sqlite_will_write(struct database *database)
{
	(void)database;
	return OK;
}

static bool sqlite_is_alone(struct database *database)
{
	(void)database;
	return true;
}

static enum err sqlite_prepare(struct database *database, const char *sql, struct statement **out)
{
	sqlite3_stmt *handle;
	int code =
	    sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
	if (code != SQLITE_OK)
		return failed(database, "prepare", code);
	struct statement *statement = mem_new(1, sizeof *statement);
	*statement = (struct statement){ .handle = handle, .database = database };
	*out = statement;
	return OK;
}

static void sqlite_finish(struct statement *statement)
{
	(void)sqlite3_finalize(statement->handle);
	free(statement);
}

/* Binding fails only for a parameter the SQL does not have; the step then does the same. */
static void sqlite_bind_int(struct statement *statement, int at, int64_t value)
{
	(void)sqlite3_bind_int64(statement->handle, at, value);
}

static void sqlite_bind_str(struct statement *statement, int at, struct str value)
{
	(void)sqlite3_bind_text64(statement->handle, at, value.at ? value.at : "", value.len,
				  SQLITE_STATIC, SQLITE_UTF8);
}

static void sqlite_bind_bytes(struct statement *statement, int at, struct bytes value)
{
	(void)sqlite3_bind_blob64(statement->handle, at, value.at, value.len, SQLITE_STATIC);
}

static void sqlite_bind_nothing(struct statement *statement, int at)
{
	(void)sqlite3_bind_null(statement->handle, at);
}

static enum step sqlite_take_step(struct statement *statement, enum err *err)
{
	int code = sqlite3_step(statement->handle);
	if (code == SQLITE_ROW)
		return STEP_ROW;
	if (code == SQLITE_DONE)
		return STEP_DONE;
	*err = failed(statement->database, "step", code);
	return STEP_FAILED;
}

/* Nothing is won by waiting: there is no way to a server and back. */
static enum err sqlite_put_off(struct statement *statement)
{
	enum err err = OK;
	while (sqlite_take_step(statement, &err) == STEP_ROW)
		;
	return err;
}

static enum err sqlite_settle(struct database *database)
{
	(void)database;
	return OK;
}

static bool sqlite_asks_ahead(struct database *database)
{
	(void)database;
	return false;
}

static void sqlite_ask(struct statement *statement)
{
	(void)statement;
}

static int64_t sqlite_changed(struct statement *statement)
{
	return sqlite3_changes64(statement->database->handle);
}

static void sqlite_start_again(struct statement *statement)
{
	(void)sqlite3_reset(statement->handle);
	(void)sqlite3_clear_bindings(statement->handle);
}

static int64_t sqlite_column_number(struct statement *statement, int at)
{
	return sqlite3_column_int64(statement->handle, at);
}

static struct str sqlite_column_words(struct statement *statement, int at)
{
	const unsigned char *text = sqlite3_column_text(statement->handle, at);
	int len = sqlite3_column_bytes(statement->handle, at);
	return str_of((const char *)text, text ? (size_t)len : 0);
}

static struct bytes sqlite_column_blob_bytes(struct statement *statement, int at)
{
	const void *blob = sqlite3_column_blob(statement->handle, at);
	int len = sqlite3_column_bytes(statement->handle, at);
	return bytes_of(blob, blob ? (size_t)len : 0);
}

static int64_t sqlite_rows_changed(struct database *database)
{
	return sqlite3_total_changes64(database->handle);
}

/* One process has the file: there is nobody to tell anything. */
static enum err sqlite_listen(struct database *database)
{
	(void)database;
	return OK;
}

static enum err sqlite_announce(struct database *database, const char *text)
{
	(void)database;
	(void)text;
	return OK;
}

static bool sqlite_heard(struct database *database, struct buf *out)
{
	(void)database;
	(void)out;
	return false;
}

static int sqlite_fd(struct database *database)
{
	(void)database;
	return -1;
}

static unsigned sqlite_connection(struct database *database)
{
	(void)database;
	return 1;
}

const struct store_backend STORE_SQLITE = {
	.open = sqlite_open_db,
	.close = sqlite_close_db,
	.enter = sqlite_enter,
	.leave = sqlite_leave,
	.will_write = sqlite_will_write,
	.is_alone = sqlite_is_alone,
	.run = sqlite_run,
	.prepare = sqlite_prepare,
	.finish = sqlite_finish,
	.bind_int = sqlite_bind_int,
	.bind_str = sqlite_bind_str,
	.bind_bytes = sqlite_bind_bytes,
	.bind_null = sqlite_bind_nothing,
	.step = sqlite_take_step,
	.put_off = sqlite_put_off,
	.settle = sqlite_settle,
	.asks_ahead = sqlite_asks_ahead,
	.ask = sqlite_ask,
	.changed = sqlite_changed,
	.reset = sqlite_start_again,
	.column_int = sqlite_column_number,
	.column_str = sqlite_column_words,
	.column_bytes = sqlite_column_blob_bytes,
	.changes = sqlite_rows_changed,
	.listen = sqlite_listen,
	.announce = sqlite_announce,
	.heard = sqlite_heard,
	.fd = sqlite_fd,
	.connection = sqlite_connection,
};
