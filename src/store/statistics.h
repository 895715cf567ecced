/*
 * statistics.h - what statistics are counted from, and what was counted.
 */
#ifndef PVL_STORE_STATISTICS_H
#define PVL_STORE_STATISTICS_H

#include "base/arena.h"
#include "domain/waiting/publish.h"
#include "store/store.h"

/* ---- the rows that are counted ---- */

struct store_visit_facts {
	size_t count;
	struct visit_fact *list;
};

/* Of a prison, start in [from, to), by start; ERR_LIMIT: more than one answer holds. */
MUST_USE enum err store_visit_facts(struct store *, struct arena *, struct prison_code,
				    struct wall from, struct wall to,
				    struct store_visit_facts *out);

/* One request, with the visit it came to. */
struct wait_fact {
	struct waiting_need need;
	bool open; /* it waits, or has a visit that is still to come */
	bool held;
	struct wall start; /* of the visit; 0: none */
};

struct store_wait_facts {
	size_t count;
	struct wait_fact *list;
};

/*
 * Of a prison: those with a visit by where and when it is, start in [from, to);
 * the others by where the prisoner is, asked for in [from, to).  ERR_LIMIT as above.
 */
MUST_USE enum err store_wait_facts(struct store *, struct arena *, struct prison_code,
				   struct wall from, struct wall to, struct store_wait_facts *out);

/* Minutes asked for at a prison in [from, to), by request or by booking; and those without a time at its end. */
MUST_USE enum err store_demand(struct store *, struct prison_code, struct wall from, struct wall to,
			       int64_t *asked, int64_t *queued);

/* ---- what was counted ---- */

/* In place of what stands there for that prison from that month on. */
MUST_USE enum err store_wait_count_clear(struct store *, struct prison_code, int64_t from_month);
MUST_USE enum err store_wait_count_insert(struct store *, struct prison_code, enum waiting_class,
					  int64_t month, const struct wait_tally *);
MUST_USE enum err store_visit_count_clear(struct store *, struct prison_code, int64_t from_month);
MUST_USE enum err store_visit_count_insert(struct store *, struct prison_code, enum visit_kind,
					   int64_t month, const struct visit_figures *);

/* What rows of an answer are told apart by. */
enum count_by {
	COUNT_BY_PRISON,
	COUNT_BY_PART, /* class of requests, kind of visits */
	COUNT_BY_MONTH,
};

struct count_query {
	struct prison_code prison; /* empty: all */
	struct str part;           /* name of a class or kind; empty: all */
	int64_t from_month;
	int64_t to_month; /* inclusive */
	enum count_by by;
};

struct wait_group {
	struct str key; /* code of a prison, name of a part, or a month in decimal */
	struct wait_tally tally;
};

struct store_wait_groups {
	size_t count;
	struct wait_group *list; /* by key; where there is nothing there is no row */
};

MUST_USE enum err store_wait_groups(struct store *, struct arena *, const struct count_query *,
				    struct store_wait_groups *out);

struct visit_group {
	struct str key;
	struct visit_figures figures;
};

struct store_visit_groups {
	size_t count;
	struct visit_group *list;
};

MUST_USE enum err store_visit_groups(struct store *, struct arena *, const struct count_query *,
				     struct store_visit_groups *out);

/* ---- when ---- */

struct statistics_run {
	struct prison_code prison;
	struct wall counted_at;  /* 0: never */
	int64_t published_month; /* 0: none */
};

/* The prison that was counted longest ago; ERR_NOT_FOUND: there is no prison. */
MUST_USE enum err store_statistics_oldest(struct store *, struct statistics_run *out);
/* Of a prison (empty: the oldest of all that were counted). */
MUST_USE enum err store_statistics_run_set(struct store *, const struct statistics_run *);
/* When the figures of a prison (empty: the stalest of all) were counted; 0: never. */
MUST_USE enum err store_statistics_counted_at(struct store *, struct prison_code, struct wall *out);

/* ---- what is published ---- */

MUST_USE enum err store_published_insert(struct store *, int64_t month, struct prison_code,
					 const char *part, const struct published_figure *);

struct published_row {
	int64_t month;
	struct prison_code prison;
	struct str part;
	struct str measure;
	int64_t value;
};

struct store_published {
	size_t count;
	struct published_row *list;
};

/* Of a month and part, by prison; at most STORE_LIST_MAX rows. */
MUST_USE enum err store_published_list(struct store *, struct arena *, int64_t month,
				       struct str part, struct store_published *out);

struct store_editions {
	size_t count;
	int64_t *list; /* latest first */
};

MUST_USE enum err store_published_months(struct store *, struct arena *,
					 struct store_editions *out);

#endif
