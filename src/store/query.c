#include "store/query.h"

#include "base/assert.h"
#include "store/store_priv.h"

/* Where that text is cached, or the free place for it. */
static struct cached *cache_place(struct store *store, const char *sql)
{
	uintptr_t at = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15U >> 40;
	for (unsigned i = 0; i < STATEMENTS_MAX; i++) {
		struct cached *c = &store->cache[(at + i) % STATEMENTS_MAX];
		if (!c->sql || c->sql == sql)
			return c;
	}
	ASSERT(!"more queries than STATEMENTS_MAX");
	return NULL;
}

struct query query_of(struct store *store, const char *sql)
{
	struct query q = { .store = store };
	struct cached *cached = cache_place(store, sql);
	if (!cached->statement) {
		q.err = store->backend->prepare(store->database, sql, &cached->statement);
		if (q.err != OK) {
			cached->statement = NULL;
			return q;
		}
		cached->sql = sql;
		cached->writes_kept = kept_is_written_by(sql);
	}
	ASSERT(!cached->busy); /* a query inside its own rows */
	cached->busy = true;
	q.cached = cached;
	q.statement = cached->statement;
	return q;
}

void query_int(struct query *q, int64_t value)
{
	if (q->statement)
		q->store->backend->bind_int(q->statement, ++q->bound, value);
}

void query_int_or_null(struct query *q, int64_t value)
{
	if (value)
		query_int(q, value);
	else if (q->statement)
		q->store->backend->bind_null(q->statement, ++q->bound);
}

void query_str(struct query *q, struct str value)
{
	if (q->statement)
		q->store->backend->bind_str(q->statement, ++q->bound, value);
}

void query_text(struct query *q, const char *value)
{
	query_str(q, str_from(value));
}

void query_bytes(struct query *q, struct bytes value)
{
	if (!q->statement)
		return;
	if (value.at)
		q->store->backend->bind_bytes(q->statement, ++q->bound, value);
	else
		q->store->backend->bind_null(q->statement, ++q->bound);
}

bool query_row(struct query *q)
{
	if (q->err != OK || q->over)
		return false;
	if (q->store->ahead) {
		q->store->backend->ask(q->statement);
		q->over = true;
		return false;
	}
	if (q->cached->writes_kept)
		kept_written(q->store);
	enum step step = q->store->backend->step(q->statement, &q->err);
	if (step == STEP_ROW) {
		q->rows++;
		return true;
	}
	q->over = true;
	return false;
}

int64_t query_column(const struct query *q, int at)
{
	return q->store->backend->column_int(q->statement, at);
}

int query_column_int(const struct query *q, int at)
{
	return (int)query_column(q, at);
}

bool query_column_bool(const struct query *q, int at)
{
	return query_column(q, at) != 0;
}

struct wall query_column_wall(const struct query *q, int at)
{
	return (struct wall){ query_column(q, at) };
}

struct str query_column_peek(const struct query *q, int at)
{
	return q->store->backend->column_str(q->statement, at);
}

struct str query_column_str(const struct query *q, struct arena *arena, int at)
{
	return arena_str(arena, query_column_peek(q, at));
}

struct bytes query_column_bytes(const struct query *q, int at)
{
	return q->store->backend->column_bytes(q->statement, at);
}

enum err query_end(struct query *q)
{
	if (!q->statement)
		return q->err;
	if (!q->rows && !q->over)
		(void)query_row(q);
	q->store->backend->reset(q->statement);
	q->cached->busy = false;
	q->statement = NULL;
	return q->err;
}

enum err query_end_one(struct query *q)
{
	enum err err = query_end(q);
	return err == OK && !q->rows ? ERR_NOT_FOUND : err;
}

enum err query_later(struct query *q)
{
	ASSERT(!q->store->ahead);
	if (q->statement && q->cached->writes_kept)
		kept_written(q->store);
	if (q->err == OK)
		q->err = q->store->backend->put_off(q->statement);
	q->over = true;
	return query_end(q);
}

enum err query_change(struct query *q)
{
	if (!q->rows && !q->over)
		(void)query_row(q);
	bool changed = q->err == OK && q->store->backend->changed(q->statement) > 0;
	enum err err = query_end(q);
	return err == OK && !changed ? ERR_NOT_FOUND : err;
}
