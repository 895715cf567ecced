#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/mem.h"
#include "store/backend.h"
#include "store/kept_priv.h"
#include "store/rows_text.h"

/*
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
 */
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
	RETRY_MS = 300,         /* between two attempts to connect */
	RETRY_TIMES = 4,        /* or so many times as long as the last attempt took */
	WRITERS_LOCK = 5264972, /* "PVL" */
};

enum type { /* pg_type.h */
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

static int64_t clock_ms(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- errors ---- */

static bool is_class(const char *state, const char *class)
{
	return strncmp(state, class, strlen(class)) == 0;
}

/* PostgreSQL's appendix A. */
static enum err err_of(const char *state)
{
	if (is_class(state, "23505") || is_class(state, "23P01"))
		return ERR_CONFLICT;
	if (is_class(state, "23") || is_class(state, "22"))
		return ERR_BAD;
	/* serialization, deadlock, a lock or a statement that took too long, a restart */
	if (is_class(state, "40") || is_class(state, "55P03") || is_class(state, "57014"))
		return ERR_AGAIN;
	return ERR_DB;
}

static enum err failed(struct database *db, const char *what, const PGresult *result)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	if (PQstatus(db->conn) == CONNECTION_BAD)
		db->lost = true;
	enum err err = state && !db->lost ? err_of(state) : ERR_DB;
	if (err != ERR_CONFLICT && err != ERR_BAD)
		log_event(db->log, LOG_ERROR, "postgres", LOG_WORD("what", what),
			  LOG_WORD("sqlstate", state ? state : "none"));
	return err;
}

/* ---- connecting ---- */

static const char SETTINGS[] =
    "SET default_transaction_isolation = 'read committed';"
    "SET synchronous_commit = on;"
    "SET lock_timeout = '5s';"
    "SET statement_timeout = '15s';"
    "SET idle_in_transaction_session_timeout = '15s';"
    "SET timezone = 'UTC';"
    "SET jit = off;"
    /* Every query of ours finds its few rows by an index, as in SQLite; a
				* plan made while a table was small must not read it whole later. */
    "SET enable_seqscan = off;"
    "SET enable_hashjoin = off;"
    "SET enable_mergejoin = off;";

static bool run_plain(struct database *db, const char *sql, const char *what)
{
	PGresult *result = PQexec(db->conn, sql);
	ExecStatusType status = PQresultStatus(result);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (!ok)
		(void)failed(db, what, result);
	PQclear(result);
	return ok;
}

static bool says(struct database *db, const char *setting, const char *value)
{
	char sql[64];
	(void)snprintf(sql, sizeof sql, "SHOW %s", setting);
	PGresult *result = PQexec(db->conn, sql);
	bool same = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), value) == 0;
	PQclear(result);
	return same;
}

/* What was promised durable must be: a server told not to fsync is not ours. */
static bool fit(struct database *db)
{
	if (!says(db, "server_encoding", "UTF8")) {
		log_event(db->log, LOG_ERROR, "postgres_not_utf8");
		return false;
	}
	if (!says(db, "fsync", "on"))
		log_event(db->log, LOG_WARN, "postgres_without_fsync");
	return true;
}

static bool set_up(struct database *db)
{
	if (!run_plain(db, SETTINGS, "settings") || !fit(db))
		return false;
	if (db->only_read && !run_plain(db, "SET default_transaction_read_only = on", "settings"))
		return false;
	if (db->listens && !run_plain(db, "LISTEN pvl", "listen"))
		return false;
	return PQenterPipelineMode(db->conn) == 1;
}

static void keep_option(struct database *db, const char *key, const char *value)
{
	if (db->options == OPTIONS_MAX || !value || !*value)
		return;
	db->keys[db->options] = strdup(key);
	db->values[db->options++] = strdup(value);
}

/* What the first connection found out (names resolved, password files read) serves all later ones. */
static void keep_options(struct database *db)
{
	PQconninfoOption *all = PQconninfo(db->conn);
	const char *host = PQhost(db->conn);
	bool one_host = host && host[0] != '/' && !strchr(host, ',');
	for (PQconninfoOption *o = all; o && o->keyword; o++)
		if (strcmp(o->keyword, "password") != 0 &&
		    (strcmp(o->keyword, "hostaddr") != 0 || !one_host))
			keep_option(db, o->keyword, o->val);
	keep_option(db, "password", PQpass(db->conn));
	if (one_host)
		keep_option(db, "hostaddr", PQhostaddr(db->conn));
	PQconninfoFree(all);
}

static PGconn *dial_first(const char *where)
{
	const char *keys[] = { "dbname",
			       "connect_timeout",
			       "client_encoding",
			       "application_name",
			       "keepalives_idle",
			       "tcp_user_timeout",
			       NULL };
	const char *values[] = { where, "3", "UTF8", "pvl", "10", "15000", NULL };
	return PQconnectdbParams(keys, values, 1);
}

static PGconn *dial(struct database *db, const char *where)
{
	if (!db->options)
		return dial_first(where);
	return PQconnectdbParams((const char *const *)db->keys, (const char *const *)db->values, 0);
}

/* Notices may hold values: they go nowhere. */
static void on_notice(void *owner, const PGresult *result)
{
	(void)owner;
	(void)result;
}

static enum err connect_now(struct database *db, const char *where)
{
	int64_t begun = clock_ms();
	PQfinish(db->conn);
	db->conn = dial(db, where);
	(void)PQsetNoticeReceiver(db->conn, on_notice, NULL);
	bool ok = PQstatus(db->conn) == CONNECTION_OK && set_up(db);
	int64_t end = clock_ms();
	int64_t pause = (end - begun) * RETRY_TIMES;
	db->retry_at_ms = end + (pause > RETRY_MS ? pause : RETRY_MS);
	if (!ok) {
		log_event(db->log, LOG_ERROR, "postgres_not_reached");
		return ERR_DB;
	}
	db->connection++;
	if (!db->options)
		keep_options(db);
	return OK;
}

/* ---- what was asked ahead ---- */

/* One that is being read stays as long as it is. */
static void asked_drop(struct database *db, int at)
{
	struct statement *reader = db->asked[at].statement;
	if (reader->lent && reader->result == db->asked[at].result)
		reader->lent = false;
	else
		PQclear(db->asked[at].result);
	buf_clear(&db->asked[at].parameters);
	db->asked[at] = db->asked[--db->asked_len];
}

static void asked_drop_all(struct database *db)
{
	while (db->asked_len)
		asked_drop(db, db->asked_len - 1);
}

/* Those that name the table which a statement writes. */
static void asked_drop_written(struct database *db, const char *sql)
{
	char table[64];
	struct str name = kept_table_of(sql);
	(void)snprintf(table, sizeof table, "%.*s", (int)name.len, name.at);
	for (int i = db->asked_len - 1; i >= 0; i--)
		if (str_empty(name) || strstr(db->asked[i].statement->sql, table))
			asked_drop(db, i);
}

/* False: they do not fit. */
static bool parameters_of(const struct statement *s, struct buf *out)
{
	for (int i = 0; i < s->bound; i++) {
		int32_t len = s->values[i] ? s->lengths[i] : -1;
		buf_put(out, &len, sizeof len);
		if (len > 0)
			buf_put(out, s->values[i], (size_t)len);
	}
	return buf_ok(out);
}

static struct asked *asked_find(const struct statement *s)
{
	struct database *db = s->database;
	struct asked *found = NULL;
	struct buf parameters = buf_of(ASKED_PARAMETERS_MAX);
	bool fit = db->asked_len > 0 && parameters_of(s, &parameters);
	for (int i = 0; i < db->asked_len && fit && !found; i++)
		if (db->asked[i].statement == s &&
		    bytes_equal(buf_bytes(&db->asked[i].parameters), buf_bytes(&parameters)))
			found = &db->asked[i];
	buf_clear(&parameters);
	return found;
}

/* Where the result of a command belongs to what was asked ahead. */
static struct asked *asked_by_command(struct database *db, int command)
{
	for (int i = 0; i < db->asked_len; i++)
		if (db->asked[i].command == command)
			return &db->asked[i];
	return NULL;
}

static void database_free(struct database *db)
{
	asked_drop_all(db);
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
	enum err err = connect_now(db, where);
	if (err != OK) {
		database_free(db);
		return err;
	}
	*out = db;
	return OK;
}

/* Reads what has come by itself: announcements, or that the server has gone. */
static bool alive(struct database *db)
{
	return PQconsumeInput(db->conn) == 1 && PQstatus(db->conn) == CONNECTION_OK;
}

static enum err reconnect_if_lost(struct database *db)
{
	if (alive(db))
		return OK;
	if (clock_ms() < db->retry_at_ms)
		return ERR_DB;
	enum err err = connect_now(db, NULL);
	if (err == OK)
		log_event(db->log, LOG_WARN, "postgres_reached_again",
			  LOG_INT("connection", db->connection));
	return err;
}

/* ---- batches ---- */

static bool queue(struct database *db, const char *sql)
{
	db->queued++;
	return PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

static void rows_drop(struct database *db)
{
	db->rows.statement = NULL;
	db->rows.count = db->rows.parameters = 0;
	buf_reset(&db->rows.bytes);
}

/* A name each time: where the first execution fails, the server keeps what was prepared for it. */
static bool queue_prepare_rows(struct database *db, struct several *several)
{
	struct rows *rows = &db->rows;
	struct statement *s = rows->statement;
	Oid types[ROWS_PARAMETERS_MAX];
	int each = rows->parameters / rows->count;
	if (several->prepared == db->connection || several->preparing)
		return true;
	for (int i = 0; i < rows->parameters; i++)
		types[i] = s->types[i % each];
	(void)snprintf(several->name, sizeof several->name, "q%u", ++db->statements);
	several->preparing = true;
	several->next = db->preparing;
	db->preparing = several;
	db->queued++;
	char *sql = rows_text(s->sql, each, rows->count);
	bool ok = PQsendPrepare(db->conn, several->name, sql, rows->parameters, types) == 1;
	free(sql);
	return ok;
}

/* One row is an execution of the statement itself. */
static bool queue_rows(struct database *db)
{
	struct rows *rows = &db->rows;
	const char *values[ROWS_PARAMETERS_MAX];
	int binary[ROWS_PARAMETERS_MAX];
	const char *bytes = (const char *)buf_bytes(&rows->bytes).at;
	if (!rows->count)
		return true;
	for (int i = 0; i < rows->parameters; i++) {
		values[i] = rows->lengths[i] < 0 ? NULL : bytes + rows->at[i];
		binary[i] = 1;
	}
	struct several *several = &rows->statement->several[rows->count - 1];
	const char *name = rows->count == 1 ? rows->statement->name : several->name;
	bool ok = rows->count == 1 || queue_prepare_rows(db, several);
	ok = ok && PQsendQueryPrepared(db->conn, name, rows->parameters, values, rows->lengths,
				       binary, 1) == 1;
	db->queued++;
	db->put_off++;
	rows_drop(db);
	return ok;
}

static void end_preparing(struct database *db, bool good)
{
	for (struct several *s = db->preparing; s; s = s->next) {
		s->preparing = false;
		s->prepared = good ? db->connection : 0;
	}
	db->preparing = NULL;
}

/* BEGIN and SAVEPOINTs that the server does not know yet, after what still waits; then rows that wait inside. */
static bool queue_levels(struct database *db)
{
	bool ok = true;
	for (int i = 0; i < db->deferred_len; i++)
		ok = ok && queue(db, db->deferred[i]);
	for (int level = db->sent; level < db->level; level++) {
		char sql[COMMAND_ROOM] = "BEGIN";
		if (level)
			(void)snprintf(sql, sizeof sql, "SAVEPOINT d%d", level);
		ok = ok && queue(db, sql);
	}
	db->deferred_len = 0;
	db->sent = db->level;
	return ok && queue_rows(db);
}

/* Rows that a command changed.  A SELECT tells how many it has read: those are none. */
static int64_t rows_changed(PGresult *result)
{
	if (is_class(PQcmdStatus(result), "SELECT"))
		return 0;
	return strtoll(PQcmdTuples(result), NULL, 10);
}

/* The results of one command; the first error of the batch stays. */
static void take_results(struct database *db, PGresult **keep, enum err *err)
{
	PGresult *result;
	while ((result = PQgetResult(db->conn)) != NULL) {
		ExecStatusType status = PQresultStatus(result);
		if (status == PGRES_FATAL_ERROR && *err == OK)
			*err = failed(db, "statement", result);
		bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
		if (good)
			db->changes += rows_changed(result);
		if (good && keep && !*keep)
			*keep = result;
		else
			PQclear(result);
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
}

/* Sends what was queued and waits; *last is the result of the last command. */
static enum err collect(struct database *db, PGresult **last)
{
	enum err err = OK;
	bool sent = !db->rows.count || queue_levels(db);
	int commands = db->queued;
	db->queued = db->put_off = 0;
	if (!sent || PQpipelineSync(db->conn) != 1) {
		asked_drop_all(db);
		end_preparing(db, false);
		return failed(db, "send", NULL);
	}
	for (int i = 0; i < commands && !db->lost; i++) {
		struct asked *asked = asked_by_command(db, i);
		PGresult **keep = i == commands - 1 ? last : NULL;
		take_results(db, asked ? &asked->result : keep, &err);
		if (asked)
			asked->command = -1;
	}
	PGresult *sync = db->lost ? NULL : PQgetResult(db->conn);
	if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC && err == OK)
		err = failed(db, "sync", NULL);
	PQclear(sync);
	end_preparing(db, err == OK);
	return err;
}

static enum err one_command(struct database *db, const char *sql, PGresult **result)
{
	if (db->lost)
		return ERR_DB;
	if (!queue_levels(db) || !queue(db, sql))
		return failed(db, "send", NULL);
	return collect(db, result);
}

static enum err postgres_settle(struct database *db)
{
	if (db->lost)
		return ERR_DB;
	return db->put_off || db->rows.count ? collect(db, NULL) : OK;
}

/* ---- transactions ---- */

static enum err postgres_enter(struct database *db, int depth)
{
	ASSERT(depth == db->level && depth < LEVELS_MAX);
	if (depth == 0) {
		enum err err = reconnect_if_lost(db);
		if (err != OK)
			return err;
		db->lost = false;
		db->sent = 0;
		db->locked = 0;
		db->queued = db->put_off = 0;
		db->deferred_len = 0;
		rows_drop(db);
		end_preparing(db, false);
		asked_drop_all(db);
	}
	/* What was put off belongs outside.  On a lost connection nothing works, and nothing breaks. */
	enum err err = db->lost ? OK : postgres_settle(db);
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
	enum err settled = postgres_settle(db);
	keep = keep && settled == OK;
	db->level = db->sent; /* nothing more is begun */
	enum err err = db->lost ? ERR_DB : OK;
	if (begun && err == OK)
		err = one_command(db, keep ? "COMMIT" : "ROLLBACK", &result);
	/* a transaction in which something failed says ROLLBACK to COMMIT */
	if (err == OK && begun && keep && (!result || strcmp(PQcmdStatus(result), "COMMIT") != 0))
		err = failed(db, "commit", NULL);
	PQclear(result);
	db->level = db->sent = db->locked = 0;
	return err == OK && asked ? settled : err;
}

static enum err postgres_leave(struct database *db, int depth, bool keep)
{
	ASSERT(depth == db->level - 1);
	asked_drop_all(db);
	if (depth == 0)
		return end_transaction(db, keep);
	enum err err = postgres_settle(db);
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
	enum err err = one_command(db, sql, &result);
	PQclear(result);
	if (err == OK)
		db->locked = db->level;
	return err;
}

static bool postgres_is_alone(struct database *db)
{
	return db->locked > 0 && !db->lost;
}

/* ---- scripts: the portable types by their names here ---- */

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void put_word(struct buf *out, struct str word)
{
	if (str_is(word, "INTEGER"))
		buf_text(out, "BIGINT");
	else if (str_is(word, "BLOB"))
		buf_text(out, "BYTEA");
	else if (!str_is(word, "STRICT"))
		buf_str(out, word);
}

static size_t span_to(const char *at, char end)
{
	const char *found = strchr(at, end);
	return found ? (size_t)(found - at) + 1 : strlen(at);
}

/* Words outside of texts and comments. */
static void translate(const char *sql, struct buf *out)
{
	static const char BY_KEY[] = "STRICT, WITHOUT ROWID";
	while (*sql) {
		size_t len = 1;
		if (strncmp(sql, BY_KEY, sizeof BY_KEY - 1) == 0) {
			sql += sizeof BY_KEY - 1;
			continue;
		}
		if (*sql == '\'')
			len += span_to(sql + 1, '\'');
		else if (sql[0] == '-' && sql[1] == '-')
			len = span_to(sql, '\n');
		else
			while (is_word(*sql) && is_word(sql[len]))
				len++;
		if (is_word(*sql))
			put_word(out, str_of(sql, len));
		else
			buf_put(out, sql, len);
		sql += len;
	}
}

enum {
	SCRIPT_MAX = 1 << 20,
};

/* Several statements at once go outside the pipeline. */
static enum err postgres_run(struct database *db, const char *sql)
{
	struct buf script = buf_of(SCRIPT_MAX);
	if (db->lost)
		return ERR_DB;
	enum err err = queue_levels(db) ? collect(db, NULL) : ERR_DB;
	buf_text(&script, "SET LOCAL statement_timeout = 0;");
	translate(sql, &script);
	if (err == OK && (!buf_ok(&script) || PQexitPipelineMode(db->conn) != 1))
		err = ERR_DB;
	if (err == OK && !run_plain(db, buf_cstr(&script), "script"))
		err = ERR_DB;
	if (PQenterPipelineMode(db->conn) != 1)
		err = ERR_DB;
	buf_clear(&script);
	return err;
}

/* ---- statements ---- */

/* ?1 becomes $1. */
static char *with_dollars(const char *sql)
{
	char *out = strdup(sql);
	bool text = false;
	for (char *c = out; *c; c++) {
		text ^= *c == '\'';
		if (*c == '?' && !text)
			*c = '$';
	}
	return out;
}

static bool reads_only(const char *sql)
{
	return strncmp(sql, "SELECT", 6) == 0;
}

static enum err postgres_prepare(struct database *db, const char *sql, struct statement **out)
{
	struct statement *statement = mem_new(1, sizeof *statement);
	*statement = (struct statement){ .database = db,
					 .sql = with_dollars(sql),
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
		end_preparing(statement->database, false);
	if (statement->database->rows.statement == statement)
		rows_drop(statement->database);
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
		asked_drop_written(db, s->sql);
	if (!queue_levels(db) || !queue_prepare(s) || !queue_execute(s))
		return failed(db, "send", NULL);
	return OK;
}

static enum err execute(struct statement *s)
{
	struct database *db = s->database;
	enum err err = send_statement(s);
	if (err == OK)
		err = collect(db, &s->result);
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
		    !asked_find(s) && parameters_of(s, &asked.parameters) && queue_levels(db);
	asked.command = db->queued;
	if (asks && queue_execute(s))
		db->asked[db->asked_len++] = asked;
	else
		buf_clear(&asked.parameters);
}

/* The answer, if it was asked ahead; waits for it with all others. */
static enum err take_asked(struct statement *s)
{
	struct asked *asked = asked_find(s);
	enum err err = asked && asked->command >= 0 ? collect(s->database, NULL) : OK;
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

/* False: it does not fit. */
static bool rows_add(struct database *db, const struct statement *s)
{
	struct rows *rows = &db->rows;
	size_t before = buf_bytes(&rows->bytes).len, len = 0;
	for (int i = 0; i < s->bound; i++)
		len += s->values[i] ? (size_t)s->lengths[i] : 0;
	if (rows->parameters + s->bound > ROWS_PARAMETERS_MAX || before + len > ROWS_BYTES_MAX)
		return false;
	for (int i = 0; i < s->bound; i++) {
		int at = rows->parameters++;
		rows->at[at] = buf_bytes(&rows->bytes).len;
		rows->lengths[at] = s->values[i] ? s->lengths[i] : -1;
		if (s->values[i])
			buf_put(&rows->bytes, s->values[i], (size_t)s->lengths[i]);
	}
	rows->count++;
	return true;
}

static enum err put_off_alone(struct statement *s)
{
	struct database *db = s->database;
	enum err err = send_statement(s);
	if (err != OK)
		return err;
	return ++db->put_off < PUT_OFF_MAX ? OK : collect(db, NULL);
}

/* It goes with the rows before it, if they are of the same statement. */
static enum err put_off_row(struct statement *s)
{
	struct database *db = s->database;
	enum err err = postgres_will_write(db);
	if (err != OK || db->lost)
		return err != OK ? err : ERR_DB;
	asked_drop_written(db, s->sql);
	bool joins = db->rows.statement == s && db->rows.count < ROWS_MAX && rows_add(db, s);
	if (joins)
		return OK;
	if (db->rows.count && !queue_levels(db))
		return failed(db, "send", NULL);
	if (!rows_add(db, s))
		return put_off_alone(s);
	db->rows.statement = s;
	return db->put_off < PUT_OFF_MAX ? OK : collect(db, NULL);
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
	return s->result ? rows_changed(s->result) : 0;
}

/* ---- columns ---- */

static int64_t big_endian(const uint8_t *at, int len)
{
	int64_t value = len > 0 && at[0] & 0x80 ? -1 : 0;
	for (int i = 0; i < len; i++)
		value = (int64_t)((uint64_t)value << 8 | at[i]);
	return value;
}

/* A sum of 64-bit numbers: base 10,000, the first digit weighs 10,000^weight (numeric.c). */
static int64_t whole_numeric(const uint8_t *at, int len)
{
	int64_t value = 0;
	int64_t digits = big_endian(at, 2);
	int64_t weight = big_endian(at + 2, 2);
	bool negative = at[4] == 0x40;
	for (int64_t i = 0; i <= weight; i++) {
		int64_t digit = 0;
		if (i < digits && 8 + 2 * i + 2 <= len)
			digit = big_endian(at + 8 + 2 * i, 2);
		value = value * 10000 + digit;
	}
	return negative ? -value : value;
}

static int64_t postgres_column_int(struct statement *s, int at)
{
	const uint8_t *value = (const uint8_t *)PQgetvalue(s->result, s->row, at);
	int len = PQgetlength(s->result, s->row, at);
	if (PQgetisnull(s->result, s->row, at))
		return 0;
	switch (PQftype(s->result, at)) {
	case TYPE_BOOL:
		return value[0] != 0;
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		return big_endian(value, len);
	case TYPE_NUMERIC:
		return len >= 8 ? whole_numeric(value, len) : 0;
	default:
		ASSERT(!"a column that is no number");
		return 0;
	}
}

static struct bytes postgres_column_bytes(struct statement *s, int at)
{
	if (PQgetisnull(s->result, s->row, at))
		return bytes_of(NULL, 0);
	return bytes_of(PQgetvalue(s->result, s->row, at),
			(size_t)PQgetlength(s->result, s->row, at));
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
	enum err err = one_command(db, "LISTEN pvl", &result);
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
	if (!queue_levels(db) || PQsendQueryParams(db->conn, "SELECT pg_notify('pvl', $1)", 1, NULL,
						   values, NULL, NULL, 1) != 1)
		return failed(db, "send", NULL);
	db->queued++;
	return collect(db, NULL);
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
	.settle = postgres_settle,
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
