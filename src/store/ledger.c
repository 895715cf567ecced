#include "store/ledger.h"

#include <stdlib.h>

#include "store/list_priv.h"
#include "store/query.h"
#include "store/row_priv.h"

static const char APPEND[] =
    "INSERT INTO ledger_entry (id, prisoner, kind, amount, type, visit, month, lot, lot_day, "
    "keep_until, reason, actor, at) "
    "VALUES (?1, ?2, 'VIDEO', ?3, ?4, ?5, ?6, 0, 0, 0, ?7, ?8, ?9)";
#define SELECT                                                                                     \
	"SELECT e.id, e.prisoner, e.month, e.amount, e.type, e.visit, COALESCE(v.reference, ''), " \
	"e.actor, e.at, e.reason FROM ledger_entry e LEFT JOIN visit v ON v.id = e.visit "
static const char LIST[] = SELECT "WHERE e.prisoner = ?1 AND e.kind = 'VIDEO' AND e.month = ?2 "
				  "ORDER BY e.at, e.type <> 'MONTH', e.id";
static const char PAID[] =
    "SELECT month, amount FROM ledger_entry WHERE visit = ?1 AND type = 'BOOKED'";
static const char MONTHS[] = "SELECT month, SUM(CASE WHEN type = 'MONTH' THEN 0 ELSE amount END) "
			     "FROM ledger_entry WHERE prisoner = ?1 AND kind = 'VIDEO' "
			     "GROUP BY month HAVING SUM(CASE WHEN type = 'MONTH' THEN 0 ELSE "
			     "amount END) <> 0 ORDER BY month";

static const char ORDER_APPEND[] =
    "INSERT INTO ledger_entry (id, prisoner, kind, amount, type, visit, month, lot, lot_day, "
    "keep_until, reason, actor, at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?9, ?10, ?11, ?12)";
static const char ORDER_LOTS[] =
    "SELECT lot, kind, MAX(lot_day), MAX(keep_until), SUM(amount), "
    "MAX(CASE WHEN type = 'ACCUMULATION' THEN 1 ELSE 0 END) FROM ledger_entry "
    "WHERE prisoner = ?1 AND kind <> 'VIDEO' GROUP BY lot, kind HAVING SUM(amount) <> 0";
static const char ORDER_TAKEN[] = "SELECT kind, lot, lot_day, keep_until, amount FROM ledger_entry "
				  "WHERE visit = ?1 AND type = 'ALLOCATION_USED_BY_VISIT'";
static const char ORDER_HISTORY[] =
    "SELECT e.kind, e.type, e.amount, e.lot_day, e.reason, COALESCE(v.reference, ''), e.at, "
    "COALESCE(a.name, '') FROM ledger_entry e LEFT JOIN visit v ON v.id = e.visit "
    "LEFT JOIN account a ON a.id = e.actor "
    "WHERE e.prisoner = ?1 AND e.kind IN ('VO', 'PVO') AND (e.amount <> 0) "
    "ORDER BY e.at DESC, e.id LIMIT ?2";

enum err store_ledger_append(struct store *store, const struct allowance_entry *entry)
{
	struct query q = query_of(store, APPEND);
	query_int(&q, entry->id);
	query_int(&q, entry->prisoner.n);
	query_int(&q, entry->minutes);
	query_text(&q, allowance_reason_name(entry->reason));
	query_int_or_null(&q, entry->visit.n);
	query_int(&q, entry->month);
	query_text(&q, adjust_reason_name(entry->adjust));
	query_int(&q, entry->actor.n);
	query_int(&q, entry->at.s);
	return query_later(&q);
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
	(void)adjust_reason_of(query_column_peek(q, 9), &entry.adjust);
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

enum err store_ledger_months(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			     struct store_months *out)
{
	struct query q = query_of(store, MONTHS);
	query_int(&q, prisoner.n);
	struct store_months months = { 0 };
	struct store_month *next;
	while (query_row(&q) &&
	       (next = list_next(arena, &months.list, &months.count, sizeof *next)))
		*next = (struct store_month){ .month = query_column(&q, 0),
					      .minutes = query_column_int(&q, 1) };
	*out = months;
	return query_end(&q);
}

/* ---- visiting orders ---- */

enum err store_order_append(struct store *store, const struct store_order_entry *entry)
{
	struct query q = query_of(store, ORDER_APPEND);
	query_int(&q, entry->id);
	query_int(&q, entry->prisoner.n);
	query_text(&q, order_kind_name(entry->entry.kind));
	query_int(&q, entry->entry.amount);
	query_text(&q, order_type_name(entry->entry.type));
	query_int_or_null(&q, entry->visit.n);
	query_int(&q, entry->entry.lot);
	query_int(&q, entry->entry.lot_day);
	query_int(&q, entry->entry.keep_until);
	query_text(&q, adjust_reason_name(entry->adjust));
	query_int(&q, entry->actor.n);
	query_int(&q, entry->at.s);
	return query_later(&q);
}

/* Adds one summed lot to the book; false: the ledger is damaged, or has too many. */
static bool row_lot(const struct query *q, struct order_book *book)
{
	struct order_lot lot = {
		.id = query_column(q, 0),
		.day = query_column(q, 2),
		.keep_until = query_column(q, 3),
		.left = query_column_int(q, 4),
		.accumulated = query_column_bool(q, 5),
	};
	if (!order_kind_of(query_column_peek(q, 1), &lot.kind))
		return false;
	if (!lot.id) {
		book->owed = -lot.left;
		return lot.kind == ORDER_VO && lot.left < 0;
	}
	if (lot.left < 0 || book->count == ORDER_LOTS_MAX)
		return false;
	book->lots[book->count++] = lot;
	return true;
}

/* Sorted here: for the few lots of one prisoner SQLite would make a table each time. */
static int by_day(const void *a, const void *b)
{
	const struct order_lot *x = a, *y = b;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

enum err store_order_book(struct store *store, struct prisoner_id prisoner, struct order_book *out)
{
	struct query q = query_of(store, ORDER_LOTS);
	query_int(&q, prisoner.n);
	out->count = 0;
	out->owed = 0;
	bool fits = true;
	while (fits && query_row(&q))
		fits = row_lot(&q, out);
	qsort(out->lots, out->count, sizeof *out->lots, by_day);
	enum err err = query_end(&q);
	return err == OK && !fits ? ERR_LIMIT : err;
}

enum err store_order_used(struct store *store, struct visit_id visit, struct order_entry *out)
{
	struct query q = query_of(store, ORDER_TAKEN);
	query_int(&q, visit.n);
	if (query_row(&q)) {
		*out = (struct order_entry){
			.type = ORDER_USED,
			.lot = query_column(&q, 1),
			.lot_day = query_column(&q, 2),
			.keep_until = query_column(&q, 3),
			.amount = query_column_int(&q, 4),
		};
		(void)order_kind_of(query_column_peek(&q, 0), &out->kind);
	}
	return query_end_one(&q);
}

static struct store_order_line row_line(const struct query *q, struct arena *arena)
{
	struct store_order_line line = {
		.amount = query_column_int(q, 2),
		.lot_day = row_date(q, 3),
		.visit = row_reference(q, 5),
		.at = query_column_wall(q, 6),
		.actor_name = query_column_str(q, arena, 7),
	};
	(void)order_kind_of(query_column_peek(q, 0), &line.kind);
	(void)order_type_of(query_column_peek(q, 1), &line.type);
	(void)adjust_reason_of(query_column_peek(q, 4), &line.adjust);
	return line;
}

enum err store_order_history(struct store *store, struct arena *arena, struct prisoner_id prisoner,
			     int limit, struct store_order_lines *out)
{
	struct query q = query_of(store, ORDER_HISTORY);
	query_int(&q, prisoner.n);
	query_int(&q, limit);
	struct store_order_lines lines = { 0 };
	struct store_order_line *next;
	while (query_row(&q) && (next = list_next(arena, &lines.list, &lines.count, sizeof *next)))
		*next = row_line(&q, arena);
	*out = lines;
	return query_end(&q);
}
