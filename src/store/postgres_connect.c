#include <stdio.h>
#include <string.h>
#include <time.h>

#include "store/postgres_priv.h"

enum {
	RETRY_MS = 300,  /* between two attempts to connect */
	RETRY_TIMES = 4, /* or so many times as long as the last attempt took */
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

enum err pg_failed(struct database *db, const char *what, const PGresult *result)
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

/*
 * Every query of ours finds its few rows by an index, as in SQLite; a plan made while a table was small
 * must not read it whole later.
 */
static const char SETTINGS[] = "SET default_transaction_isolation = 'read committed';"
			       "SET synchronous_commit = on;"
			       "SET lock_timeout = '5s';"
			       "SET statement_timeout = '15s';"
			       "SET idle_in_transaction_session_timeout = '15s';"
			       "SET timezone = 'UTC';"
			       "SET jit = off;"
			       "SET enable_seqscan = off;"
			       "SET enable_hashjoin = off;"
			       "SET enable_mergejoin = off;";

bool pg_run_plain(struct database *db, const char *sql, const char *what)
{
	PGresult *result = PQexec(db->conn, sql);
	ExecStatusType status = PQresultStatus(result);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	if (!ok)
		(void)pg_failed(db, what, result);
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
	if (!pg_run_plain(db, SETTINGS, "settings") || !fit(db))
		return false;
	if (db->only_read &&
	    !pg_run_plain(db, "SET default_transaction_read_only = on", "settings"))
		return false;
	if (db->listens && !pg_run_plain(db, "LISTEN pvl", "listen"))
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

enum err pg_connect(struct database *db, const char *where)
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

/* Reads what has come by itself: announcements, or that the server has gone. */
static bool alive(struct database *db)
{
	return PQconsumeInput(db->conn) == 1 && PQstatus(db->conn) == CONNECTION_OK;
}

enum err pg_reconnect_if_lost(struct database *db)
{
	if (alive(db))
		return OK;
	if (clock_ms() < db->retry_at_ms)
		return ERR_DB;
	enum err err = pg_connect(db, NULL);
	if (err == OK)
		log_event(db->log, LOG_WARN, "postgres_reached_again",
			  LOG_INT("connection", db->connection));
	return err;
}
