#include "store/copy.h"

#include <endian.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "store/query.h"
#include "store/store.h"

/*
 * Between PostgreSQL and the file goes its binary COPY format (COPY, "Binary Format"): a header,
 * then each row as a count and its fields, each with its length; -1 is NULL, a count of -1 the end.
 */
enum {
	TABLES_MAX = 128,
	COLUMNS_MAX = 64,
	NAME_ROOM = 64,
	SQL_MAX = 8192,
	ROW_MAX = 256 << 20, /* bytes */
	COPY_HEADER_LEN = 19,
};

enum column_type {
	COLUMN_INTEGER,
	COLUMN_TEXT,
	COLUMN_BLOB,
};

struct table {
	char name[NAME_ROOM];
	int columns_len;
	char columns[COLUMNS_MAX][NAME_ROOM];
	enum column_type types[COLUMNS_MAX];
	bool placed; /* in the order of filling */
};

/* In the order of filling: what a row refers to stands before it. */
struct tables {
	size_t count;
	struct table list[TABLES_MAX];
	size_t order[TABLES_MAX];
	size_t ordered;
};

struct copying {
	sqlite3 *file;
	PGconn *server;
	struct log *log;
	struct tables *tables;
};

static enum err refused(struct copying *c, const char *what)
{
	const char *state = "none";
	if (c->file && sqlite3_errcode(c->file) != SQLITE_OK &&
	    sqlite3_errcode(c->file) < SQLITE_ROW)
		state = sqlite3_errstr(sqlite3_errcode(c->file));
	log_event(c->log, LOG_ERROR, "copy", LOG_WORD("what", what), LOG_WORD("why", state));
	return ERR_DB;
}

/* ---- the tables, as the file has them ---- */

static bool table_columns(sqlite3 *file, struct table *table)
{
	static const char SQL[] = "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid";
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(file, SQL, -1, &s, NULL) != SQLITE_OK)
		return false;
	(void)sqlite3_bind_text(s, 1, table->name, -1, SQLITE_STATIC);
	while (sqlite3_step(s) == SQLITE_ROW && table->columns_len < COLUMNS_MAX) {
		int at = table->columns_len++;
		struct str type = str_from((const char *)sqlite3_column_text(s, 1));
		(void)snprintf(table->columns[at], NAME_ROOM, "%s",
			       (const char *)sqlite3_column_text(s, 0));
		table->types[at] = str_is(type, "INTEGER") ? COLUMN_INTEGER
				   : str_is(type, "BLOB")  ? COLUMN_BLOB
							   : COLUMN_TEXT;
	}
	bool whole = sqlite3_finalize(s) == SQLITE_OK && table->columns_len < COLUMNS_MAX;
	return whole && table->columns_len > 0;
}

static size_t table_find(const struct tables *tables, const char *name)
{
	size_t i = 0;
	while (i < tables->count && strcmp(tables->list[i].name, name) != 0)
		i++;
	return i;
}

static void place(sqlite3 *file, struct tables *tables, size_t at);

static void place_referred(sqlite3 *file, struct tables *tables, const char *name)
{
	static const char SQL[] = "SELECT \"table\" FROM pragma_foreign_key_list(?1)";
	sqlite3_stmt *s;
	if (sqlite3_prepare_v2(file, SQL, -1, &s, NULL) != SQLITE_OK)
		return;
	(void)sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	while (sqlite3_step(s) == SQLITE_ROW) {
		size_t other = table_find(tables, (const char *)sqlite3_column_text(s, 0));
		if (other < tables->count)
			place(file, tables, other);
	}
	(void)sqlite3_finalize(s);
}

static void place(sqlite3 *file, struct tables *tables, size_t at)
{
	if (tables->list[at].placed)
		return;
	tables->list[at].placed = true; /* before what it refers to: a circle ends here */
	place_referred(file, tables, tables->list[at].name);
	tables->order[tables->ordered++] = at;
}

static enum err tables_read(struct copying *c)
{
	static const char SQL[] = "SELECT name FROM sqlite_master WHERE type = 'table' "
				  "AND name NOT LIKE 'sqlite_%' ORDER BY name";
	struct tables *tables = c->tables;
	sqlite3_stmt *s;
	bool ok = sqlite3_prepare_v2(c->file, SQL, -1, &s, NULL) == SQLITE_OK;
	while (ok && sqlite3_step(s) == SQLITE_ROW) {
		ok = tables->count < TABLES_MAX;
		struct table *table = ok ? &tables->list[tables->count++] : NULL;
		if (ok)
			(void)snprintf(table->name, NAME_ROOM, "%s",
				       (const char *)sqlite3_column_text(s, 0));
		ok = ok && table_columns(c->file, table);
	}
	(void)sqlite3_finalize(s);
	for (size_t i = 0; ok && i < tables->count; i++)
		place(c->file, tables, i);
	return ok ? OK : refused(c, "tables");
}

/* "a", "b", "c": names are our own, from schema/. */
static void put_columns(struct buf *sql, const struct table *table)
{
	for (int i = 0; i < table->columns_len; i++)
		buf_printf(sql, "%s\"%s\"", i ? ", " : "", table->columns[i]);
}

/* ---- out of PostgreSQL ---- */

static bool server_run(struct copying *c, const char *sql, ExecStatusType wanted)
{
	PGresult *result = PQexec(c->server, sql);
	bool ok = PQresultStatus(result) == wanted;
	if (!ok) {
		const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
		log_event(c->log, LOG_ERROR, "postgres", LOG_WORD("what", "copy"),
			  LOG_WORD("sqlstate", state ? state : "none"));
	}
	PQclear(result);
	return ok;
}

static bool file_run(struct copying *c, const char *sql)
{
	return sqlite3_exec(c->file, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static uint64_t big(const uint8_t *at, size_t len)
{
	uint64_t value = 0;
	for (size_t i = 0; i < len; i++)
		value = value << 8 | at[i];
	return value;
}

static bool bind_field(sqlite3_stmt *s, int at, enum column_type type, const uint8_t *value,
		       int32_t len)
{
	const char *text = (const char *)value;
	if (len < 0)
		return sqlite3_bind_null(s, at) == SQLITE_OK;
	switch (type) {
	case COLUMN_INTEGER:
		return len == 8 && sqlite3_bind_int64(s, at, (int64_t)big(value, 8)) == SQLITE_OK;
	case COLUMN_TEXT:
		return sqlite3_bind_text(s, at, text, len, SQLITE_STATIC) == SQLITE_OK;
	case COLUMN_BLOB:
		return sqlite3_bind_blob(s, at, value, len, SQLITE_STATIC) == SQLITE_OK;
	}
	return false;
}

enum parsed {
	PARSED_ROW,
	PARSED_PART, /* the rest has not come yet */
	PARSED_END,
	PARSED_NONSENSE,
};

/* One row at *used, into the statement's parameters. */
static enum parsed parse_row(const struct table *table, sqlite3_stmt *s, struct bytes in,
			     size_t *used)
{
	size_t at = *used;
	if (in.len - at < 2)
		return PARSED_PART;
	int16_t count = (int16_t)big(in.at + at, 2);
	if (count == -1)
		return PARSED_END;
	if (count != table->columns_len)
		return PARSED_NONSENSE;
	at += 2;
	for (int i = 0; i < count; i++) {
		if (in.len - at < 4)
			return PARSED_PART;
		int32_t len = (int32_t)big(in.at + at, 4);
		at += 4;
		if (len > 0 && in.len - at < (size_t)len)
			return PARSED_PART;
		if (!bind_field(s, i + 1, table->types[i], in.at + at, len))
			return PARSED_NONSENSE;
		at += len > 0 ? (size_t)len : 0;
	}
	*used = at;
	return PARSED_ROW;
}

/* What has come, as far as it is whole rows; the rest stays in the buffer. */
static bool take_rows(const struct table *table, sqlite3_stmt *s, struct buf *in, size_t *used)
{
	enum parsed parsed;
	while ((parsed = parse_row(table, s, buf_bytes(in), used)) == PARSED_ROW) {
		if (sqlite3_step(s) != SQLITE_DONE)
			return false;
		(void)sqlite3_reset(s);
	}
	if (*used == in->len) {
		buf_reset(in);
		*used = 0;
	}
	return parsed != PARSED_NONSENSE && buf_ok(in);
}

static bool receive_rows(struct copying *c, const struct table *table, sqlite3_stmt *s)
{
	char *piece = NULL;
	int len;
	bool ok = true;
	size_t used = COPY_HEADER_LEN;
	struct buf in = buf_of(ROW_MAX);
	while ((len = PQgetCopyData(c->server, &piece, 0)) > 0) {
		buf_put(&in, piece, (size_t)len);
		PQfreemem(piece);
		if (ok && in.len > used)
			ok = take_rows(table, s, &in, &used);
	}
	buf_clear(&in);
	PGresult *end = PQgetResult(c->server);
	ok = ok && len == -1 && PQresultStatus(end) == PGRES_COMMAND_OK;
	PQclear(end);
	while ((end = PQgetResult(c->server)) != NULL)
		PQclear(end);
	return ok;
}

static sqlite3_stmt *insert_into(struct copying *c, const struct table *table)
{
	sqlite3_stmt *s = NULL;
	struct buf sql = buf_of(SQL_MAX);
	buf_printf(&sql, "INSERT INTO \"%s\" (", table->name);
	put_columns(&sql, table);
	buf_text(&sql, ") VALUES (");
	for (int i = 0; i < table->columns_len; i++)
		buf_text(&sql, i ? ", ?" : "?");
	buf_char(&sql, ')');
	if (sqlite3_prepare_v2(c->file, buf_cstr(&sql), -1, &s, NULL) != SQLITE_OK)
		s = NULL;
	buf_clear(&sql);
	return s;
}

static enum err table_out(struct copying *c, const struct table *table)
{
	struct buf sql = buf_of(SQL_MAX);
	sqlite3_stmt *s = insert_into(c, table);
	buf_text(&sql, "COPY (SELECT ");
	put_columns(&sql, table);
	buf_printf(&sql, " FROM \"%s\") TO STDOUT (FORMAT binary)", table->name);
	bool ok = s && server_run(c, buf_cstr(&sql), PGRES_COPY_OUT) && receive_rows(c, table, s);
	(void)sqlite3_finalize(s);
	buf_clear(&sql);
	return ok ? OK : refused(c, table->name);
}

/* What the migrations put into new tables is in the copy anyway. */
static bool file_empty(struct copying *c)
{
	bool ok = file_run(c, "PRAGMA foreign_keys = OFF; BEGIN");
	for (size_t i = 0; ok && i < c->tables->count; i++) {
		char sql[NAME_ROOM + 32];
		(void)snprintf(sql, sizeof sql, "DELETE FROM \"%s\"", c->tables->list[i].name);
		ok = file_run(c, sql);
	}
	return ok;
}

static enum err server_out(struct copying *c)
{
	enum err err = tables_read(c);
	if (err == OK && !file_empty(c))
		err = refused(c, "file");
	if (err == OK &&
	    !server_run(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", PGRES_COMMAND_OK))
		err = ERR_DB;
	for (size_t i = 0; i < c->tables->ordered && err == OK; i++)
		err = table_out(c, &c->tables->list[c->tables->order[i]]);
	if (err == OK && (!server_run(c, "COMMIT", PGRES_COMMAND_OK) || !file_run(c, "COMMIT")))
		err = refused(c, "commit");
	return err;
}

/* ---- into PostgreSQL ---- */

static void put_field(struct buf *out, sqlite3_stmt *s, int at)
{
	uint32_t len = htobe32((uint32_t)sqlite3_column_bytes(s, at));
	uint64_t number;
	switch (sqlite3_column_type(s, at)) {
	case SQLITE_NULL:
		buf_put(out, "\xff\xff\xff\xff", 4);
		return;
	case SQLITE_INTEGER:
		number = htobe64((uint64_t)sqlite3_column_int64(s, at));
		buf_put(out, "\0\0\0\x08", 4);
		buf_put(out, &number, sizeof number);
		return;
	default:
		buf_put(out, &len, sizeof len);
		buf_put(out, sqlite3_column_blob(s, at), be32toh(len));
	}
}

static bool send_rows(struct copying *c, const struct table *table, sqlite3_stmt *s)
{
	static const char HEADER[COPY_HEADER_LEN] = "PGCOPY\n\xff\r\n";
	uint16_t count = htobe16((uint16_t)table->columns_len);
	struct buf row = buf_of(ROW_MAX);
	bool ok = PQputCopyData(c->server, HEADER, sizeof HEADER) == 1;
	int code = SQLITE_DONE;
	while (ok && (code = sqlite3_step(s)) == SQLITE_ROW) {
		buf_reset(&row);
		buf_put(&row, &count, sizeof count);
		for (int i = 0; i < table->columns_len; i++)
			put_field(&row, s, i);
		ok = buf_ok(&row) &&
		     PQputCopyData(c->server, (const char *)buf_bytes(&row).at, (int)row.len) == 1;
	}
	buf_clear(&row);
	ok = ok && code == SQLITE_DONE && PQputCopyData(c->server, "\xff\xff", 2) == 1;
	return PQputCopyEnd(c->server, ok ? NULL : "stopped") == 1 && ok;
}

static bool sent_well(struct copying *c)
{
	bool ok = true;
	PGresult *end;
	while ((end = PQgetResult(c->server)) != NULL) {
		ok = ok && PQresultStatus(end) == PGRES_COMMAND_OK;
		PQclear(end);
	}
	return ok;
}

static enum err table_in(struct copying *c, const struct table *table)
{
	struct buf read = buf_of(SQL_MAX), write = buf_of(SQL_MAX);
	sqlite3_stmt *s = NULL;
	buf_text(&read, "SELECT ");
	put_columns(&read, table);
	buf_printf(&read, " FROM \"%s\"", table->name);
	buf_printf(&write, "COPY \"%s\" (", table->name);
	put_columns(&write, table);
	buf_text(&write, ") FROM STDIN (FORMAT binary)");
	bool ok = sqlite3_prepare_v2(c->file, buf_cstr(&read), -1, &s, NULL) == SQLITE_OK &&
		  server_run(c, buf_cstr(&write), PGRES_COPY_IN);
	if (ok) {
		ok = send_rows(c, table, s);
		ok = sent_well(c) && ok;
	}
	(void)sqlite3_finalize(s);
	buf_clear(&read);
	buf_clear(&write);
	return ok ? OK : refused(c, table->name);
}

/* Whoever refers goes before whom they refer to. */
static bool server_empty(struct copying *c)
{
	bool ok = server_run(c, "BEGIN", PGRES_COMMAND_OK);
	for (size_t i = c->tables->ordered; ok && i-- > 0;) {
		char sql[NAME_ROOM + 32];
		(void)snprintf(sql, sizeof sql, "DELETE FROM \"%s\"",
			       c->tables->list[c->tables->order[i]].name);
		ok = server_run(c, sql, PGRES_COMMAND_OK);
	}
	return ok;
}

static enum err server_in(struct copying *c)
{
	enum err err = tables_read(c);
	if (err == OK && !server_empty(c))
		err = ERR_DB;
	for (size_t i = 0; i < c->tables->ordered && err == OK; i++)
		err = table_in(c, &c->tables->list[c->tables->order[i]]);
	if (err == OK && !server_run(c, "COMMIT; ANALYZE", PGRES_COMMAND_OK))
		err = ERR_DB;
	return err;
}

/* ---- SQLite ---- */

static enum err pages_copy(struct copying *c, const char *from, const char *to)
{
	sqlite3 *target = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	bool ok = sqlite3_open_v2(from, &c->file, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		  sqlite3_open_v2(to, &target, flags, NULL) == SQLITE_OK;
	sqlite3_backup *backup = ok ? sqlite3_backup_init(target, "main", c->file, "main") : NULL;
	ok = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
	ok = sqlite3_backup_finish(backup) == SQLITE_OK && ok;
	ok = sqlite3_close(target) == SQLITE_OK && ok;
	return ok ? OK : refused(c, "pages");
}

/* ---- both ---- */

static bool is_sqlite(const char *where)
{
	return str_starts(str_from(where), "sqlite:");
}

static const char *path_of(const char *where)
{
	return where + sizeof "sqlite:" - 1;
}

/* A file with all tables, or one that has them; opened. */
static enum err file_open(struct copying *c, const char *path)
{
	char where[4096];
	struct store *store = NULL;
	int len = snprintf(where, sizeof where, "sqlite:%s", path);
	if (len < 0 || (size_t)len >= sizeof where)
		return ERR_LIMIT;
	enum err err = store_open(where, c->log, &store);
	store_close(store);
	if (err != OK)
		return err;
	return sqlite3_open_v2(path, &c->file, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
		   ? OK
		   : refused(c, "open");
}

static enum err with_server(struct copying *c, const char *path, const char *where,
			    enum err (*run)(struct copying *))
{
	c->tables = mem_new(1, sizeof *c->tables);
	enum err err = file_open(c, path);
	c->server = PQconnectdb(where);
	if (err == OK && PQstatus(c->server) != CONNECTION_OK)
		err = ERR_DB;
	if (err == OK)
		err = run(c);
	PQfinish(c->server);
	free(c->tables);
	return err;
}

static void copying_end(struct copying *c)
{
	(void)sqlite3_close(c->file);
}

enum err store_copy_out(const char *from, const char *path, struct log *log)
{
	struct copying c = { .log = log };
	struct store *store = NULL;
	enum err err = store_open_to_read(from, log, &store); /* is it there, and ours? */
	store_close(store);
	if (err == OK)
		err = is_sqlite(from) ? pages_copy(&c, path_of(from), path)
				      : with_server(&c, path, from, server_out);
	copying_end(&c);
	return err;
}

/* Makes the tables where there are none, and looks whether anybody lives there. */
static enum err must_be_empty(const char *where, struct log *log)
{
	static const char COUNT[] =
	    "SELECT (SELECT COUNT(*) FROM account) + (SELECT COUNT(*) FROM audit_leaf)";
	struct store *store = NULL;
	int64_t rows = 0;
	enum err err = store_open(where, log, &store);
	if (err != OK)
		return err;
	struct query q = query_of(store, COUNT);
	if (query_row(&q))
		rows = query_column(&q, 0);
	err = query_end(&q);
	store_close(store);
	return err == OK && rows ? ERR_CONFLICT : err;
}

enum err store_copy_in(const char *path, const char *into, struct log *log)
{
	struct copying c = { .log = log };
	enum err err = must_be_empty(into, log);
	if (err == OK)
		err = is_sqlite(into) ? pages_copy(&c, path, path_of(into))
				      : with_server(&c, path, into, server_in);
	copying_end(&c);
	return err;
}
