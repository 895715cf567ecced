#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/kept_priv.h"
#include "store/postgres_priv.h"
#include "store/rows_text.h"

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

void pg_asked_drop_all(struct database *db)
{
	while (db->asked_len)
		asked_drop(db, db->asked_len - 1);
}

void pg_asked_drop_written(struct database *db, const char *sql)
{
	char table[64];
	struct str name = kept_table_of(sql);
	(void)snprintf(table, sizeof table, "%.*s", (int)name.len, name.at);
	for (int i = db->asked_len - 1; i >= 0; i--)
		if (str_empty(name) || strstr(db->asked[i].statement->sql, table))
			asked_drop(db, i);
}

bool pg_parameters_of(const struct statement *s, struct buf *out)
{
	for (int i = 0; i < s->bound; i++) {
		int32_t len = s->values[i] ? s->lengths[i] : -1;
		buf_put(out, &len, sizeof len);
		if (len > 0)
			buf_put(out, s->values[i], (size_t)len);
	}
	return buf_ok(out);
}

struct asked *pg_asked_find(const struct statement *s)
{
	struct database *db = s->database;
	struct asked *found = NULL;
	struct buf parameters = buf_of(ASKED_PARAMETERS_MAX);
	bool fit = db->asked_len > 0 && pg_parameters_of(s, &parameters);
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

/* ---- batches ---- */

static bool queue(struct database *db, const char *sql)
{
	db->queued++;
	return PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

void pg_rows_drop(struct database *db)
{
	db->rows.statement = NULL;
	db->rows.count = db->rows.parameters = 0;
	buf_reset(&db->rows.bytes);
}

bool pg_rows_add(struct database *db, const struct statement *s)
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
	pg_rows_drop(db);
	return ok;
}

void pg_end_preparing(struct database *db, bool good)
{
	for (struct several *s = db->preparing; s; s = s->next) {
		s->preparing = false;
		s->prepared = good ? db->connection : 0;
	}
	db->preparing = NULL;
}

bool pg_queue_levels(struct database *db)
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

int64_t pg_rows_changed(PGresult *result)
{
	if (strncmp(PQcmdStatus(result), "SELECT", 6) == 0)
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
			*err = pg_failed(db, "statement", result);
		bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
		if (good)
			db->changes += pg_rows_changed(result);
		if (good && keep && !*keep)
			*keep = result;
		else
			PQclear(result);
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
}

enum err pg_collect(struct database *db, PGresult **last)
{
	enum err err = OK;
	bool sent = !db->rows.count || pg_queue_levels(db);
	int commands = db->queued;
	db->queued = db->put_off = 0;
	if (!sent || PQpipelineSync(db->conn) != 1) {
		pg_asked_drop_all(db);
		pg_end_preparing(db, false);
		return pg_failed(db, "send", NULL);
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
		err = pg_failed(db, "sync", NULL);
	PQclear(sync);
	pg_end_preparing(db, err == OK);
	return err;
}

enum err pg_one_command(struct database *db, const char *sql, PGresult **result)
{
	if (db->lost)
		return ERR_DB;
	if (!pg_queue_levels(db) || !queue(db, sql))
		return pg_failed(db, "send", NULL);
	return pg_collect(db, result);
}

enum err pg_settle(struct database *db)
{
	if (db->lost)
		return ERR_DB;
	return db->put_off || db->rows.count ? pg_collect(db, NULL) : OK;
}
