/*
 * pay_priv.h - what a visit costs, taken from the ledger and given back to it.
 *
 * None of these writes a leaf: they are part of booking, cancelling and ending.
 */
#ifndef PVL_SERVICE_PAY_PRIV_H
#define PVL_SERVICE_PAY_PRIV_H

#include "service/plan_priv.h"
#include "store/custody.h"

/* Minutes of the month, a visiting order, or both: as the rules of the plan say. */
MUST_USE enum err pay_take(struct service *, const struct actor *, struct arena *,
			   const struct plan *, const struct plan_choice *, const struct visit *);
/* All that was taken; twice gives back once. */
MUST_USE enum err pay_give_back(struct service *, const struct actor *, struct arena *,
				const struct visit *);
/* Of a visit that is over: the minutes that it did not use; the order, if it was not the people's fault. */
MUST_USE enum err pay_settle(struct service *, const struct actor *, struct arena *,
			     const struct visit *);

/* Minutes taken (below 0) or given back after a visit was settled, in the month that paid for it. */
MUST_USE enum err pay_correct(struct service *, const struct actor *, const struct visit *,
			      int minutes);

/* What a visit that is over was charged comes back: the minutes counted, and the order. */
MUST_USE enum err pay_forgive(struct service *, const struct actor *, struct arena *,
			      const struct visit *);

/* A prisoner's orders as they stand. */
MUST_USE enum err pay_book(struct service *, struct prisoner_id, struct order_book *out);
/* The same, for whoever has read where the prisoner is. */
MUST_USE enum err pay_book_of(struct service *, const struct store_custody *,
			      struct order_book *out);
/* The entries of what changed, without the days of the book: they are the caller's to write. */
MUST_USE enum err pay_entries(struct service *, const struct actor *, struct prisoner_id,
			      const struct order_changes *, struct visit_id, enum adjust_reason);
/* Writes what changed; visit 0 and ADJUST_NONE where they do not apply. */
MUST_USE enum err pay_write(struct service *, const struct actor *, struct prisoner_id,
			    const struct order_book *after, const struct order_changes *,
			    struct visit_id, enum adjust_reason);
/* What is in force for a prisoner now; without rules nothing is allocated. */
MUST_USE enum err pay_rules(struct service *, const struct prisoner *, struct order_rules *out);

#endif
