/*
 * query.h - one SQL statement: bind, read rows, end.
 *
 *	struct query q = query_of(store, FIND);
 *	query_int(&q, id.n);
 *	if (query_row(&q))
 *		row_visit(&q, arena, out);
 *	return query_end_one(&q);
 *
 * Sticky: after a failure nothing runs, and the end says why.  The text must
 * be a constant: its address is the key of the statement cache.
 */
#ifndef PVL_STORE_QUERY_H
#define PVL_STORE_QUERY_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "store/store.h"

struct statement;
struct cached;

struct query {
	struct store *store;
	struct statement *statement;
	struct cached *cached; /* where it is kept */
	enum err err;
	int bound;
	int rows; /* read so far */
	bool over;
};

struct query query_of(struct store *store, const char *sql);

/* The next parameter: ?1, ?2 … in this order.  Borrowed until the end. */
void query_int(struct query *q, int64_t value);
void query_int_or_null(struct query *q, int64_t value); /* 0 is NULL */
void query_text(struct query *q, const char *value);
void query_str(struct query *q, struct str value);
void query_bytes(struct query *q, struct bytes value);

/* Runs, or reads on; false at the end or on failure. */
bool query_row(struct query *q);
int64_t query_column(const struct query *q, int at);
int query_column_int(const struct query *q, int at);
bool query_column_bool(const struct query *q, int at);
struct wall query_column_wall(const struct query *q, int at);
/* Copied into the arena. */
struct str query_column_str(const struct query *q, struct arena *arena, int at);
/* Borrowed until the next row. */
struct str query_column_peek(const struct query *q, int at);
struct bytes query_column_bytes(const struct query *q, int at);

/* Reads what is left, gives the statement back. */
MUST_USE enum err query_end(struct query *q);
/* The same, and ERR_NOT_FOUND if there was no row. */
MUST_USE enum err query_end_one(struct query *q);
/*
 * query_end for a write of which only failure matters: with PostgreSQL it goes to the server together with
 * the next statement.  ERR_CONFLICT may thus be the answer of a later statement, of store_settle() or of
 * store_leave(), which then undoes: whoever answers it otherwise settles first.
 */
MUST_USE enum err query_later(struct query *q);
/* For INSERT, UPDATE, DELETE: ERR_NOT_FOUND if no row was changed. */
MUST_USE enum err query_change(struct query *q);

#endif
