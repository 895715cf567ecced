/*
 * ledger.h - the allowances of prisoners: entries that are only ever added.
 *
 * One table for video minutes, VOs and PVOs; a balance is a sum over it.
 */
#ifndef PVL_STORE_LEDGER_H
#define PVL_STORE_LEDGER_H

#include "base/arena.h"
#include "domain/allowance.h"
#include "domain/visit_order.h"
#include "store/store.h"

struct store_entries {
	size_t count;
	struct allowance_entry *list;
};

/* ERR_CONFLICT: that month was given, or that visit paid or given back, before. */
MUST_USE enum err store_ledger_append(struct store *, const struct allowance_entry *);
/* Of one prisoner and month, oldest first. */
MUST_USE enum err store_ledger_list(struct store *, struct arena *, struct prisoner_id,
				    int64_t month, struct store_entries *out);
/* The month from which a visit was paid; ERR_NOT_FOUND: it cost nothing. */
MUST_USE enum err store_ledger_paid(struct store *, struct visit_id, int64_t *month, int *minutes);

/* What was taken and given in a month, besides what the month itself gave; never 0. */
struct store_month {
	int64_t month;
	int minutes;
};

struct store_months {
	size_t count;
	struct store_month *list;
};

MUST_USE enum err store_ledger_months(struct store *, struct arena *, struct prisoner_id,
				      struct store_months *out);

/* ---- visiting orders ---- */

struct store_order_entry {
	int64_t id;
	struct prisoner_id prisoner;
	struct order_entry entry;
	struct visit_id visit; /* 0: none */
	enum adjust_reason adjust;
	struct account_id actor;
	struct wall at;
};

/* ERR_CONFLICT: that day's orders were given, or that visit's used or given back, before. */
MUST_USE enum err store_order_append(struct store *, const struct store_order_entry *);
/* Fills in the lots and what is owed; the days of allocation stand in custody.h.  ERR_LIMIT: damaged. */
MUST_USE enum err store_order_book(struct store *, struct prisoner_id, struct order_book *out);
/* What a visit took; ERR_NOT_FOUND: nothing. */
MUST_USE enum err store_order_used(struct store *, struct visit_id, struct order_entry *out);

struct store_order_line {
	enum order_kind kind;
	enum order_type type;
	int amount;
	struct date lot_day;
	enum adjust_reason adjust;
	struct reference visit; /* empty: none */
	struct wall at;
	struct str actor_name; /* empty: the service */
};

struct store_order_lines {
	size_t count;
	struct store_order_line *list;
};

/* Newest first; what changed no amount is left out. */
MUST_USE enum err store_order_history(struct store *, struct arena *, struct prisoner_id, int limit,
				      struct store_order_lines *out);

#endif
