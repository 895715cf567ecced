/*
 * waiting.h - requests from their first moment on, in the database.
 */
#ifndef PVL_STORE_WAITING_H
#define PVL_STORE_WAITING_H

#include "base/arena.h"
#include "domain/waiting/refill.h"
#include "store/store.h"

enum waiting_state {
	WAITING_OPEN,   /* without a time */
	WAITING_BOOKED, /* with one */
	WAITING_ENDED,
};

/* What whoever waits would like of an offer. */
struct waiting_wish {
	bool earlier;     /* has a time, and would rather have an earlier one */
	int from_minute;  /* local: not before */
	int until_minute; /* over by then; 1440: any time */
	bool automatic;   /* booked without being asked */
	bool short_notice;
};

struct waiting {
	int64_t id;
	struct account_id booker;
	struct prisoner_id prisoner;
	struct waiting_need need;
	enum waiting_state state;
	struct reference reference; /* of the visit; empty: none */
	struct waiting_wish wish;
	size_t person_count;
	struct person_id persons[PARTY_MAX];
	/* Read only, for pages: */
	struct prison_code prison; /* where the prisoner is now */
	struct str prisoner_name;
	struct prisoner_number prisoner_number;
	struct str booker_name;
	struct wall start; /* of the visit; 0: none */
	int minutes;       /* of the visit; 0: none */
};

struct store_waitings {
	size_t count;
	struct waiting *list;
};

MUST_USE enum err store_waiting_insert(struct store *, const struct waiting *);
MUST_USE enum err store_waiting_set(struct store *, int64_t id, enum waiting_state,
				    struct reference);
/* Of the visit with that reference; ERR_NOT_FOUND: it was not asked for so. */
MUST_USE enum err store_waiting_find(struct store *, struct arena *, struct reference,
				     struct waiting *out);
MUST_USE enum err store_waiting_find_id(struct store *, struct arena *, int64_t id,
					struct waiting *out);
MUST_USE enum err store_waiting_wish(struct store *, int64_t id, const struct waiting_wish *);
/* Of a booker, without a time; prisoner 0: whomever they are for. */
MUST_USE enum err store_waiting_count(struct store *, struct account_id booker, struct prisoner_id,
				      enum visit_kind, int64_t *out);
/* Not ended, of a prisoner. */
MUST_USE enum err store_waiting_list_for(struct store *, struct arena *, struct prisoner_id,
					 struct store_waitings *out);
/* They would take a time, and have no offer to think about; ids after one, in their order. */
MUST_USE enum err store_waiting_list_wishing(struct store *, struct arena *, int64_t after,
					     int limit, struct store_waitings *out);
/* Not ended: of a booker (0: of all) at a prison (empty: at all), oldest first, at most limit. */
MUST_USE enum err store_waiting_list(struct store *, struct arena *, struct account_id,
				     struct prison_code, int limit, struct store_waitings *out);
/*
 * The same without those whose visit has begun: lawyers' before families', without a visit
 * before with one, the earliest deadline first, then the oldest.
 */
MUST_USE enum err store_waiting_list_to_come(struct store *, struct arena *, struct account_id,
					     struct prison_code, struct wall now, int limit,
					     struct store_waitings *out);
/* Booked routine visits of the firm of that account with a prisoner, from a time on. */
MUST_USE enum err store_waiting_count_firm(struct store *, struct account_id, struct prisoner_id,
					   struct wall from, int64_t *out);

#endif
