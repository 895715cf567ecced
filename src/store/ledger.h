/*
 * ledger.h - the allowance of prisoners: entries that are only ever added.
 */
#ifndef PVL_STORE_LEDGER_H
#define PVL_STORE_LEDGER_H

#include "base/arena.h"
#include "domain/allowance.h"
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

#endif
