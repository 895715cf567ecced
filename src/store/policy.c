#include "store/policy.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"
#include "store/store_priv.h"

static const char LIST[] =
    "SELECT p.seq, p.prison = '', p.name, p.value, p.valid_from, COALESCE(a.name, ''), p.reason "
    "FROM prison_policy p LEFT JOIN account a ON a.id = p.author "
    "WHERE p.prison IN ('', ?1) ORDER BY p.seq";
static const char NEWEST[] = "SELECT COALESCE(MAX(seq), 0) FROM prison_policy";
static const char VALUES[] =
    "SELECT seq, prison, name, value, valid_from FROM prison_policy ORDER BY seq";
static const char INSERT[] =
    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
    "SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM prison_policy";

static struct policy_row row_policy(const struct query *q, struct arena *arena)
{
	struct policy_row row = {
		.seq = query_column(q, 0),
		.national = query_column_bool(q, 1),
		.name = POLICY_COUNT, /* one that this program does not know has no effect */
		.value = query_column(q, 3),
		.valid_from_s = query_column(q, 4),
		.author = query_column_str(q, arena, 5),
		.reason = query_column_str(q, arena, 6),
	};
	(void)policy_name_of(query_column_peek(q, 2), &row.name);
	return row;
}

enum err store_policy_list(struct store *store, struct arena *arena, struct prison_code prison,
			   struct store_policy_rows *out)
{
	struct query q = query_of(store, LIST);
	query_text(&q, prison.text);
	struct store_policy_rows rows = { 0 };
	struct policy_row *next;
	while (query_row(&q) && (next = list_next(arena, &rows.list, &rows.count, sizeof *next)))
		*next = row_policy(&q, arena);
	*out = rows;
	return query_end(&q);
}

/* All rows of all prisons. */
struct policy_values {
	int64_t newest; /* seq */
	int64_t
	    undone; /* of the store's changes, when they were read: a row of these may be among them */
	size_t count, room;
	struct {
		struct prison_code prison;
		struct policy_row row;
	} * list;
};

void policy_values_free(struct policy_values *values)
{
	if (!values)
		return;
	free(values->list);
	free(values);
}

static void values_add(struct policy_values *values, const struct query *q)
{
	struct policy_row row = { .seq = query_column(q, 0),
				  .national = str_empty(query_column_peek(q, 1)),
				  .name = POLICY_COUNT,
				  .value = query_column(q, 3),
				  .valid_from_s = query_column(q, 4) };
	(void)policy_name_of(query_column_peek(q, 2), &row.name);
	if (values->count == values->room) {
		values->room = values->room ? 2 * values->room : 256;
		values->list = mem_resize(values->list, values->room, sizeof *values->list);
	}
	values->list[values->count].prison = row_code(q, 1);
	values->list[values->count++].row = row;
}

static enum err newest_of(struct store *store, int64_t *out)
{
	struct query q = query_of(store, NEWEST);
	if (query_row(&q))
		*out = query_column(&q, 0);
	return query_end(&q);
}

static enum err values_read(struct store *store, struct policy_values **out)
{
	struct policy_values *values = mem_new(1, sizeof *values);
	values->undone = store->undone;
	enum err err = newest_of(store, &values->newest);
	struct query q = query_of(store, VALUES);
	while (err == OK && query_row(&q))
		values_add(values, &q);
	enum err end = query_end(&q);
	if (err == OK && end == OK) {
		*out = values;
		return OK;
	}
	policy_values_free(values);
	return err != OK ? err : end;
}

/* They hold while no row was added, and none of them was undone and its seq given to another. */
static enum err values_renew(struct store *store)
{
	struct policy_values *values = store->policies, *read = NULL;
	int64_t newest = 0;
	ASSERT(!store->ahead);
	if (values && kept_rules_stand(store))
		return OK;
	enum err err = newest_of(store, &newest);
	if (err == OK)
		kept_rules_asked(store);
	if (err != OK || (values && values->newest == newest && values->undone == store->undone))
		return err;
	err = values_read(store, &read);
	if (err != OK)
		return err;
	policy_values_free(values);
	store->policies = read;
	return OK;
}

enum err store_policy_values(struct store *store, struct arena *arena, struct prison_code prison,
			     struct store_policy_rows *out)
{
	enum err err = values_renew(store);
	if (err != OK)
		return err;
	const struct policy_values *values = store->policies;
	struct store_policy_rows rows = { .list =
					      arena_new(arena, values->count, sizeof *rows.list) };
	for (size_t i = 0; i < values->count; i++)
		if (values->list[i].row.national ||
		    prison_code_equal(values->list[i].prison, prison))
			rows.list[rows.count++] = values->list[i].row;
	*out = rows;
	return OK;
}

enum err store_policy_insert(struct store *store, struct prison_code prison, enum policy_name name,
			     int64_t value, struct wall valid_from, struct account_id author,
			     struct str reason)
{
	struct query q = query_of(store, INSERT);
	query_text(&q, prison.text);
	query_text(&q, policy_name_text(name));
	query_int(&q, value);
	query_int(&q, valid_from.s);
	query_int_or_null(&q, author.n);
	query_str(&q, reason);
	return query_end(&q);
}
