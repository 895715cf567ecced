/*
 * refill_look_priv.h - what the files of the refill engine share (refill.h is their door; what other
 * use-cases tell it is in refill_priv.h).
 *
 * refill.c         what becomes free, taking a time, ends and answers
 * refill_offer.c   a freed time is offered, until somebody has it or nobody can
 * refill_sweep.c   whom a time would serve that the rules release, or that is simply free
 */
#ifndef PVL_SERVICE_REFILL_LOOK_PRIV_H
#define PVL_SERVICE_REFILL_LOOK_PRIV_H

#include "domain/audit.h"
#include "service/refill.h"
#include "service/refill_priv.h"

static const struct actor REFILL_SYSTEM = { .role = ROLE_SYSTEM };

/* ---- refill.c ---- */

/* The step of five minutes that begins then, or next. */
struct wall refill_quantum(struct wall at);
/* Of the visit that it has; else what was asked for. */
int refill_minutes_of(const struct waiting *w);
/* What a shorter visit leaves of a freed time. */
MUST_USE enum err refill_free_rest(struct service *service, const struct freed_time *freed,
				   int minutes, enum visit_kind kind);
/* Where and when; the rules of booking are asked as if the booker did it now.  promised: what a fence says was asked before. */
MUST_USE enum err refill_take(struct service *service, struct arena *arena, const struct waiting *w,
			      struct wall start, struct terminal_id terminal, bool promised,
			      struct visit *out);
/* Whether the rules would let them have it now: it is booked, and that undone. */
MUST_USE enum err refill_try(struct service *service, struct arena *arena, const struct waiting *w,
			     const struct freed_time *freed, bool *could,
			     struct terminal_id *where);
MUST_USE enum err refill_leaf(struct service *service, const struct actor *actor,
			      enum audit_verb verb, int64_t offer, int64_t amount,
			      struct prison_code prison);

/* ---- refill_offer.c ---- */

/* The rest of what an acceptance does: the time is taken, nobody else may answer. */
MUST_USE enum err refill_settle(struct service *service, struct arena *arena,
				const struct freed_time *freed, const struct offer_row *offer,
				enum visit_kind kind);
/* As the order of those who wait sees them, for a time that begins then. */
struct refill_candidate refill_candidate_of(const struct refill_waiter *waiter, struct wall start);
/* Freed times from the cursor on; it wraps when all were looked at. */
MUST_USE enum err refill_look_at_some(struct service *service, struct refill_cursor *cursor,
				      bool *more);

#endif
