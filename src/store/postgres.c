#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "store/postgres_priv.h"
#include "store/rows_text.h"

enum {
	WRITERS_LOCK = 5264972, /* "PVL" */
};

/* ---- opening ---- */

static void database_free(struct database *db)
{
	pg_asked_drop_all(db);
	buf_clear(&db->rows.bytes);
	PQfinish(db->conn);
	for (int i = 0; i < db->options; i++) {
		mem_wipe(db->values[i], strlen(db->values[i]));
		free(db->keys[i]);
		free(db->values[i]);
	}
	free(db);
}

static enum err postgres_open(const char *where, struct log *log, bool only_read,
			      struct database **out)
{
	struct database *db = mem_new(1, sizeof *db);
	db->rows.bytes = buf_of(ROWS_BYTES_MAX);
	db->log = log;
	db->only_read = only_read;
	enum err err = pg_connect(db, where);
	if (err != OK) {
		database_free(db);
		return err;
	}
	*out = db;
	return OK;
}

/* ---- transactions ---- */

static enum err postgres_enter(struct database *db, int depth)
{
	ASSERT(depth == db->level && depth < LEVELS_MAX);
	if (depth == 0) {
		enum err err = pg_reconnect_if_lost(db);
		if (err != OK)
			return err;
		db->lost = false;
		db->sent = 0;
		db->locked = 0;
		db->queued = db->put_off = 0;
		db->deferred_len = 0;
		pg_rows_drop(db);
		pg_end_preparing(db, false);
		pg_asked_drop_all(db);
	}
	/* What was put off belongs outside.  On a lost connection nothing works, and nothing breaks. */
	enum err err = db->lost ? OK : pg_settle(db);
	if (err == OK)
		db->level++;
	return err;
}

static void defer(struct database *db, const char *what, int level)
{
	ASSERT(db->deferred_len < DEFERRED_MAX);
	(void)snprintf(db->deferred[db->deferred_len++], COMMAND_ROOM, "%s d%d", what, level);
}

static enum err end_transaction(struct database *db, bool keep)
{
	bool begun = db->sent > 0;
	PGresult *result = NULL;
	bool asked = keep;
	enum err settled = pg_settle(db);
	keep = keep && settled == OK;
	db->level = db->sent; /* nothing more is begun */
	enum err err = db->lost ? ERR_DB : OK;
	if (begun && err == OK)
		err = pg_one_command(db, keep ? "COMMIT" : "ROLLBACK", &result);
	/* a transaction in which something failed says ROLLBACK to COMMIT */
	if (err == OK && begun && keep && (!result || strcmp(PQcmdStatus(result), "COMMIT") != 0))
		err = pg_failed(db, "commit", NULL);
	PQclear(result);
	db->level = db->sent = db->locked = 0;
	return err == OK && asked ? settled : err;
}

static enum err postgres_leave(struct database *db, int depth, bool keep)
{
	ASSERT(depth == db->level - 1);
	pg_asked_drop_all(db);
	if (depth == 0)
		return end_transaction(db, keep);
	enum err err = pg_settle(db);
	if (!keep && !db->lost)
		err = OK; /* it is undone in any case */
	keep = keep && err == OK;
	db->level = depth;
	if (db->locked > depth)
		db->locked = keep ? depth : 0; /* undoing gives back what was locked since */
	if (db->sent <= depth)
		return err;
	db->sent = depth;
	if (!keep)
		defer(db, "ROLLBACK TO", depth);
	defer(db, "RELEASE", depth);
	return err;
}

static enum err postgres_will_write(struct database *db)
{
	char sql[64];
	PGresult *result = NULL;
	if (db->locked || !db->level)
		return db->lost ? ERR_DB : OK;
	(void)snprintf(sql, sizeof sql, "SELECT pg_advisory_xact_lock(%d)", WRITERS_LOCK);
	enum err err = pg_one_command(db, sql, &result);
	PQclear(result);
	if (err == OK)
		db->locked = db->level;
	return err;
}

static bool postgres_is_alone(struct database *db)
{
	return db->locked > 0 && !db->lost;
}

/* ---- scripts ---- */

enum {
	SCRIPT_MAX = 1 << 20,
};

/* Several statements at once go outside the pipeline. */
static enum err postgres_run(struct database *db, const char *sql)
{
	struct buf script = buf_of(SCRIPT_MAX);
	if (db->lost)
		return ERR_DB;
	enum err err = pg_queue_levels(db) ? pg_collect(db, NULL) : ERR_DB;
	buf_text(&script, "SET LOCAL statement_timeout = 0;");
	pg_script(sql, &script);
	if (err == OK && (!buf_ok(&script) || PQexitPipelineMode(db->conn) != 1))
		err = ERR_DB;
	if (err == OK && !pg_run_plain(db, buf_cstr(&script), "script"))
		err = ERR_DB;
	if (PQenterPipelineMode(db->conn) != 1)
		err = ERR_DB;
	buf_clear(&script);
	return err;
}

/* ---- statements ---- */

static bool reads_only(const char *sql)
{
	return strncmp(sql, "SELECT", 6) == 0;
}

static enum err postgres_prepare(struct database *db, const char *sql, struct statement **out)
{
	struct statement *statement = mem_new(1, sizeof *statement);
	*statement = (struct statement){ .database = db,
					 .sql = pg_with_dollars(sql),
					 .writes = !reads_only(sql) };
	if (rows_text_fits(sql))
		statement->several = mem_new(ROWS_MAX, sizeof *statement->several);
	*out = statement;
	return OK;
}

static void postgres_reset(struct statement *statement)
{
	if (!statement->lent)
		PQclear(statement->result);
	statement->lent = false;
	statement->result = NULL;
	statement->bound = 0;
	for (int i = 0; i < PARAMETERS_MAX; i++)
		statement->values[i] = NULL;
}

static void postgres_finish(struct statement *statement)
{
	postgres_reset(statement);
	if (statement->several) /* none of them waits for anything any more */
		pg_end_preparing(statement->database, false);
	if (statement->database->rows.statement == statement)
		pg_rows_drop(statement->database);
	free(statement->several);
	free(statement->sql);
	free(statement);
}

static void bind(struct statement *s, int at, Oid type, const void *value, size_t len)
{
	ASSERT(at >= 1 && at <= PARAMETERS_MAX);
	if (at > s->bound)
		s->bound = at;
	s->values[at - 1] = value;
	s->lengths[at - 1] = (int)len;
	if (s->prepared != s->database->connection)
		s->types[at - 1] = type;
}

static void postgres_bind_int(struct statement *s, int at, int64_t value)
{
	s->numbers[at - 1] = (int64_t)htobe64((uint64_t)value);
	bind(s, at, TYPE_INT8, &s->numbers[at - 1], sizeof value);
}

static void postgres_bind_str(struct statement *s, int at, struct str value)
{
	bind(s, at, TYPE_TEXT, value.at ? value.at : "", value.len);
}

static void postgres_bind_bytes(struct statement *s, int at, struct bytes value)
{
	bind(s, at, TYPE_BYTEA, value.at, value.len);
}

/* Type 0: PostgreSQL finds out from where it stands. */
static void postgres_bind_null(struct statement *s, int at)
{
	bind(s, at, 0, NULL, 0);
}

/* A new name each time: where a first execution fails, the server keeps what was prepared for it. */
static bool queue_prepare(struct statement *s)
{
	if (s->prepared == s->database->connection)
		return true;
	s->database->queued++;
	(void)snprintf(s->name, sizeof s->name, "q%u", ++s->database->statements);
	return PQsendPrepare(s->database->conn, s->name, s->sql, s->bound, s->types) == 1;
}

static bool queue_execute(struct statement *s)
{
	static const int binary[PARAMETERS_MAX] = {
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
	};
	s->database->queued++;
	return PQsendQueryPrepared(s->database->conn, s->name, s->bound, s->values, s->lengths,
				   binary, 1) == 1;
}

static enum err send_statement(struct statement *s)
{
	struct database *db = s->database;
	enum err err = s->writes ? postgres_will_write(db) : OK;
	if (err != OK || db->lost)
		return err != OK ? err : ERR_DB;
	if (s->writes)
		pg_asked_drop_written(db, s->sql);
	if (!pg_queue_levels(db) || !queue_prepare(s) || !queue_execute(s))
		return pg_failed(db, "send", NULL);
	return OK;
}

static enum err execute(struct statement *s)
{
	struct database *db = s->database;
	enum err err = send_statement(s);
	if (err == OK)
		err = pg_collect(db, &s->result);
	if (err == OK)
		s->prepared = db->connection;
	return err;
}

static bool postgres_asks_ahead(struct database *db)
{
	return !db->lost;
}

/* One that was never run is not prepared yet, and waits for its turn. */
static void postgres_ask(struct statement *s)
{
	struct database *db = s->database;
	ASSERT(!s->writes);
	struct asked asked = { .statement = s, .parameters = buf_of(ASKED_PARAMETERS_MAX) };
	bool asks = s->prepared == db->connection && db->asked_len < ASKED_MAX && !db->lost &&
		    !pg_asked_find(s) && pg_parameters_of(s, &asked.parameters) &&
		    pg_queue_levels(db);
	asked.command = db->queued;
	if (asks && queue_execute(s))
		db->asked[db->asked_len++] = asked;
	else
		buf_clear(&asked.parameters);
}

/* The answer, if it was asked ahead; waits for it with all others. */
static enum err take_asked(struct statement *s)
{
	struct asked *asked = pg_asked_find(s);
	enum err err = asked && asked->command >= 0 ? pg_collect(s->database, NULL) : OK;
	if (err == OK && asked && asked->result) {
		s->result = asked->result;
		s->lent = true;
	}
	return err;
}

static enum step postgres_step(struct statement *s, enum err *err)
{
	if (s->result)
		return ++s->row < PQntuples(s->result) ? STEP_ROW : STEP_DONE;
	s->row = 0;
	*err = take_asked(s);
	if (*err == OK && !s->result)
		*err = execute(s);
	if (*err != OK)
		return STEP_FAILED;
	return PQntuples(s->result) > 0 ? STEP_ROW : STEP_DONE;
}

static enum err put_off_alone(struct statement *s)
{
	struct database *db = s->database;
	enum err err = send_statement(s);
	if (err != OK)
		return err;
	return ++db->put_off < PUT_OFF_MAX ? OK : pg_collect(db, NULL);
}

/* It goes with the rows before it, if they are of the same statement. */
static enum err put_off_row(struct statement *s)
{
	struct database *db = s->database;
	enum err err = postgres_will_write(db);
	if (err != OK || db->lost)
		return err != OK ? err : ERR_DB;
	pg_asked_drop_written(db, s->sql);
	bool joins = db->rows.statement == s && db->rows.count < ROWS_MAX && pg_rows_add(db, s);
	if (joins)
		return OK;
	if (db->rows.count && !pg_queue_levels(db))
		return pg_failed(db, "send", NULL);
	if (!pg_rows_add(db, s))
		return put_off_alone(s);
	db->rows.statement = s;
	return db->put_off < PUT_OFF_MAX ? OK : pg_collect(db, NULL);
}

/* libpq has copied the parameters when it returns.  The first time it is waited for: only then is it prepared. */
static enum err postgres_put_off(struct statement *s)
{
	struct database *db = s->database;
	if (!db->level || s->prepared != db->connection)
		return execute(s);
	return s->several ? put_off_row(s) : put_off_alone(s);
}

static int64_t postgres_changed(struct statement *s)
{
	return s->result ? pg_rows_changed(s->result) : 0;
}

/* ---- columns ---- */

static int64_t postgres_column_int(struct statement *s, int at)
{
	return pg_column_int(s->result, s->row, at);
}

static struct bytes postgres_column_bytes(struct statement *s, int at)
{
	return pg_column_bytes(s->result, s->row, at);
}

static struct str postgres_column_str(struct statement *s, int at)
{
	struct bytes bytes = postgres_column_bytes(s, at);
	return str_of((const char *)bytes.at, bytes.len);
}

static int64_t postgres_changes(struct database *db)
{
	return db->changes;
}

/* ---- announcements ---- */

static enum err postgres_listen(struct database *db)
{
	PGresult *result = NULL;
	db->listens = true;
	enum err err = pg_one_command(db, "LISTEN pvl", &result);
	PQclear(result);
	return err;
}

static enum err postgres_announce(struct database *db, const char *text)
{
	const char *values[] = { text };
	if (db->lost)
		return ERR_DB;
	if (strlen(text) >= STORE_ANNOUNCEMENT_MAX)
		return ERR_LIMIT;
	if (!pg_queue_levels(db) || PQsendQueryParams(db->conn, "SELECT pg_notify('pvl', $1)", 1,
						      NULL, values, NULL, NULL, 1) != 1)
		return pg_failed(db, "send", NULL);
	db->queued++;
	return pg_collect(db, NULL);
}

static bool postgres_heard(struct database *db, struct buf *out)
{
	PGnotify *notify;
	(void)PQconsumeInput(db->conn);
	while ((notify = PQnotifies(db->conn)) != NULL) {
		bool own = notify->be_pid == PQbackendPID(db->conn);
		buf_reset(out);
		buf_text(out, notify->extra);
		PQfreemem(notify);
		if (!own)
			return true;
	}
	return false;
}

static int postgres_fd(struct database *db)
{
	return PQsocket(db->conn);
}

static unsigned postgres_connection(struct database *db)
{
	return db->connection;
}

const struct store_backend STORE_POSTGRES = {
	.open = postgres_open,
	.close = database_free,
	.enter = postgres_enter,
	.leave = postgres_leave,
	.will_write = postgres_will_write,
	.is_alone = postgres_is_alone,
	.run = postgres_run,
	.prepare = postgres_prepare,
	.finish = postgres_finish,
	.bind_int = postgres_bind_int,
	.bind_str = postgres_bind_str,
	.bind_bytes = postgres_bind_bytes,
	.bind_null = postgres_bind_null,
	.step = postgres_step,
	.put_off = postgres_put_off,
	.settle = pg_settle,
	.asks_ahead = postgres_asks_ahead,
	.ask = postgres_ask,
	.changed = postgres_changed,
	.reset = postgres_reset,
	.column_int = postgres_column_int,
	.column_str = postgres_column_str,
	.column_bytes = postgres_column_bytes,
	.changes = postgres_changes,
	.listen = postgres_listen,
	.announce = postgres_announce,
	.heard = postgres_heard,
	.fd = postgres_fd,
	.connection = postgres_connection,
};
