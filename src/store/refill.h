/*
 * refill.h - times that became free, and to whom each was offered, in the database.
 *
 * The indexes of schema/0033 keep the promises: a time is kept for one person
 * at once, one has it in the end, nobody has two offers to think about, and
 * nobody is asked twice for one time.
 */
#ifndef PVL_STORE_REFILL_H
#define PVL_STORE_REFILL_H

#include "store/waiting.h"

enum freed_state {
	FREED_OPEN,
	FREED_TAKEN,
	FREED_UNUSED, /* nobody could have it, or it is too late */
};

struct freed_time {
	struct freed_id id;
	struct prison_code prison;
	struct terminal_id terminal;
	struct wall start;
	int minutes;
	struct wall freed_at;
};

struct store_freed_times {
	size_t count;
	struct freed_time *list;
};

/* ERR_NOT_FOUND: it is open already, and nothing is written. */
MUST_USE enum err store_freed_insert(struct store *, const struct freed_time *);
MUST_USE enum err store_freed_find(struct store *, struct freed_id, struct freed_time *out);
/* Open ones with ids after one, in their order. */
MUST_USE enum err store_freed_list(struct store *, struct arena *, struct freed_id after, int limit,
				   struct store_freed_times *out);
/* ERR_NOT_FOUND: it is not open. */
MUST_USE enum err store_freed_end(struct store *, struct freed_id, enum freed_state, struct wall);
/* Whether that very time was freed since then. */
MUST_USE enum err store_freed_since(struct store *, struct terminal_id, struct wall start,
				    struct wall since, bool *out);
/* Whether anybody at the prison would take a time. */
MUST_USE enum err store_freed_wanted(struct store *, struct prison_code, bool *out);

/* Somebody at the prison who would take a time. */
struct refill_waiter {
	struct waiting waiting;
	int offers_today;  /* to that account; to stand by is one, too */
	bool asked_before; /* for a time with that start, or there is one they think about */
	bool stood_by;     /* for that start, or they have agreed to for another */
};

struct refill_waiters {
	size_t count;
	struct refill_waiter *list;
};

/* Those of lawyers before those of families, of each the oldest first, at most limit. */
MUST_USE enum err store_refill_waiters(struct store *, struct arena *, struct prison_code,
				       struct wall start, struct wall today, int limit,
				       struct refill_waiters *out);

struct offer_row {
	struct offer_id id;
	struct freed_id freed;
	int64_t waiting;
	struct account_id booker;
	struct terminal_id terminal;
	int minutes;
	bool keeps; /* the time is held by an application of the same id */
	struct waiting_offer offer;
	struct wall ended_at; /* 0: open */
};

struct store_offers {
	size_t count;
	struct offer_row *list;
};

/* ERR_CONFLICT: one of the promises above. */
MUST_USE enum err store_offer_insert(struct store *, const struct offer_row *);
MUST_USE enum err store_offer_find(struct store *, struct offer_id, struct offer_row *out);
/* ERR_NOT_FOUND: it is not open any more. */
MUST_USE enum err store_offer_end(struct store *, struct offer_id, enum offer_state, struct wall);
/* Open, and their window is over; the oldest first. */
MUST_USE enum err store_offer_list_due(struct store *, struct arena *, struct wall now, int limit,
				       struct store_offers *out);
/* Open ones of a freed time. */
MUST_USE enum err store_offer_list_of(struct store *, struct arena *, struct freed_id,
				      struct store_offers *out);
/* The open one of a request; ERR_NOT_FOUND. */
MUST_USE enum err store_offer_find_open(struct store *, int64_t waiting, struct offer_row *out);
/* For these starts the request was asked before; sorted. */
MUST_USE enum err store_offer_starts(struct store *, struct arena *, int64_t waiting, size_t *count,
				     struct wall **out);

#endif
