/*
 * list.h - one prison's requests, booked times and offers, as values.
 *
 * The rules of urgency, fences, fit and refill over one diary in memory: what
 * `pvl simulate` runs a year of, and what the property tests try to break.
 * (The service does the same over rows, service/refill.c, by the same rules.)
 * Promises:
 *	- a step of a place is taken by one entry or kept for one open offer;
 *	- an entry keeps its time until it has another one, or is freed;
 *	- the need of an entry, with its first request, never changes;
 *	- an offer is answered before its window ends, or not at all.
 * Memory is the arena's; nothing grows beyond what the configuration says.
 */
#ifndef PVL_DOMAIN_WAITING_LIST_H
#define PVL_DOMAIN_WAITING_LIST_H

#include "base/arena.h"
#include "domain/waiting/fit.h"
#include "domain/waiting/refill.h"

struct waiting_list;

struct list_config {
	struct date first_day;
	size_t day_count;
	size_t place_count; /* at most FIT_PLACES_MAX */
	size_t entry_max;
	size_t offer_max;                 /* open at once */
	int grid_steps[VISIT_KIND_COUNT]; /* on which visits of a kind begin */
	int turn_steps;                   /* between legal visits in a place */
	int shortest_steps;               /* of any visit */
	size_t window_days;               /* times are found so far ahead; at most FIT_DAYS_MAX */
};

struct waiting_list *waiting_list_new(struct arena *, const struct list_config *,
				      const struct policy *);
/*
 * Steps of a day in which a place holds visits; owner: whose time it is until it
 * is released.  At any other step nobody comes in.
 */
void waiting_list_open(struct waiting_list *, size_t place, enum visit_kind owner, size_t day,
		       int from, int count);

struct list_time {
	size_t place;
	size_t day; /* counted from the first */
	int start;
	int steps;
	int turn; /* steps after it in which nobody else comes in */
};

struct wall waiting_list_wall(const struct waiting_list *, size_t day, int step);
struct date waiting_list_date(const struct waiting_list *, size_t day);

struct list_entry {
	struct waiting_need need;
	bool live; /* not held, and not given up */
	bool booked;
	struct list_time time; /* .booked */
	struct wall start;     /* of it */
	int offers_today;
	int64_t offers_day;
};

/* Room for another is ASSERTed: the caller counts. */
size_t waiting_list_ask(struct waiting_list *, const struct waiting_need *);
const struct list_entry *waiting_list_entry(const struct waiting_list *, size_t entry);
size_t waiting_list_live(const struct waiting_list *);

/*
 * Times for an entry, earliest first, by fences and releases of now.  busy: by
 * day from that of now on, NULL: nothing; days: of the window at most.
 */
size_t waiting_list_times(const struct waiting_list *, size_t entry, struct wall now,
			  const struct day_steps *busy, size_t days, struct list_time *out,
			  size_t max, size_t per_day);

/* The entry has this time from now on, and no other; *freed.steps 0: it had none.  False: not free. */
bool waiting_list_book(struct waiting_list *, size_t entry, const struct list_time *,
		       struct list_time *freed);
/* It waits again, as before. */
void waiting_list_free(struct waiting_list *, size_t entry, struct list_time *freed);
/* Held, or nobody waits any more: its time stays used. */
void waiting_list_end(struct waiting_list *, size_t entry);

struct list_offer {
	struct waiting_offer offer;
	size_t entry;
	struct list_time time;
	bool keeps;
};

/* Entries that may be asked for a free time, the first first. */
size_t waiting_list_rank(const struct waiting_list *, const struct list_time *, struct wall now,
			 size_t *out, size_t max);
/* False: no room, too late, the entry may not be asked, or the time is not free. */
bool waiting_list_offer(struct waiting_list *, size_t entry, const struct list_time *,
			struct wall now, size_t *offer);
const struct list_offer *waiting_list_offer_at(const struct waiting_list *, size_t offer);
/*
 * What the answer came to.  ACCEPTED: the entry has the time, *freed is what it
 * had (.steps 0: nothing); the slot of the offer may be used again by another.
 */
enum offer_state waiting_list_answer(struct waiting_list *, size_t offer, enum offer_answer,
				     struct wall now, struct list_time *freed);
/* Ends an offer whose window is over; false: it is not over, or was answered. */
bool waiting_list_expire(struct waiting_list *, size_t offer, struct wall now);

/* Steps of a day that are open, and of these taken or kept. */
int waiting_list_open_steps(const struct waiting_list *, enum visit_kind owner, size_t day);
int waiting_list_taken_steps(const struct waiting_list *, enum visit_kind owner, size_t day);
bool waiting_list_is_free(const struct waiting_list *, const struct list_time *);
/* Steps that it takes of its place's hours: a turn-round after they end takes none. */
int waiting_list_steps(const struct waiting_list *, const struct list_time *);
/* Free steps of a place on a day. */
struct day_steps waiting_list_gaps(const struct waiting_list *, size_t place, size_t day);

#endif
