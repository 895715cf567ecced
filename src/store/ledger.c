#include "store/ledger.h"

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char APPEND[] =
    "INSERT INTO allowance_entry (id, prisoner, kind, minutes, reason, visit, month, actor, at) "
    "VALUES (?1, ?2, 'VIDEO', ?3, ?4, ?5, ?6, ?7, ?8)";
static const char LIST[] =
    "SELECT e.id, e.prisoner, e.month, e.minutes, e.reason, e.visit, COALESCE(v.reference, ''), "
    "e.actor, e.at FROM allowance_entry e LEFT JOIN visit v ON v.id = e.visit "
    "WHERE e.prisoner = ?1 AND e.kind = 'VIDEO' AND e.month = ?2 ORDER BY e.at, e.reason <> "
    "'MONTH', e.id";
static const char PAID[] =
    "SELECT month, minutes FROM allowance_entry WHERE visit = ?1 AND reason = 'BOOKED'";

enum err store_ledger_append(struct store *store, const struct allowance_entry *entry)
{
	struct query q = query_of(store, APPEND);
	query_int(&q, entry->id);
	query_int(&q, entry->prisoner.n);
	query_int(&q, entry->minutes);
	query_text(&q, allowance_reason_name(entry->reason));
	query_int_or_null(&q, entry->visit.n);
	query_int(&q, entry->month);
	query_int(&q, entry->actor.n);
	query_int(&q, entry->at.s);
	return query_end(&q);
}

static struct allowance_entry row_entry(const struct query *q)
{
	struct allowance_entry entry = {
		.id = query_column(q, 0),
		.prisoner = { query_column(q, 1) },
		.month = query_column(q, 2),
		.minutes = query_column_int(q, 3),
		.visit = { query_column(q, 5) },
		.reference = row_reference(q, 6),
		.actor = { query_column(q, 7) },
		.at = query_column_wall(q, 8),
	};
	(void)allowance_reason_of(query_column_peek(q, 4), &entry.reason);
	return entry;
}

enum err store_ledger_list(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			   int64_t month, struct store_entries *out)
{
	struct query q = query_of(store, LIST);
	query_int(&q, prisoner.n);
	query_int(&q, month);
	struct store_entries entries = { 0 };
	struct allowance_entry *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &entries.list, &entries.count, sizeof *next)))
		*next = row_entry(&q);
	*out = entries;
	return query_end(&q);
}

enum err store_ledger_paid(struct store *store, struct visit_id visit, int64_t *month, int *minutes)
{
	struct query q = query_of(store, PAID);
	query_int(&q, visit.n);
	if (query_row(&q)) {
		*month = query_column(&q, 0);
		*minutes = -query_column_int(&q, 1);
	}
	return query_end_one(&q);
}
