/*
 * statistics.h - how long people wait, and what becomes of visits: counted, shown, published.
 *
 * Each prison is counted anew once a day from its own rows, by month: requests
 * by the month in which they were made, visits by the month in which they were
 * to begin.  Classes and levels of service are those of the country's rules, so
 * that prisons can be compared.  Some weeks after a month its figures are published
 * (domain/waiting/publish.h), once; they never change again.
 */
#ifndef PVL_SERVICE_STATISTICS_H
#define PVL_SERVICE_STATISTICS_H

#include "service/service.h"
#include "store/statistics.h"

enum {
	STATISTICS_MONTHS = 13, /* that are counted anew and shown */
	PUBLISHED_PARTS = WAITING_CLASS_COUNT + VISIT_KIND_COUNT,
};

/*
 * ROLE_SYSTEM: counts the prison that was counted longest ago, if that was not
 * today.  *counted: one was, so there may be more to do.
 */
MUST_USE enum err statistics_count(struct service *, const struct actor *, bool *counted);

struct statistics_query {
	struct prison_code prison; /* empty: all; national roles only */
	struct str part;           /* name of a class of requests; empty: all */
	int64_t from_month;        /* months since year 0, as local_month() has them */
	int64_t to_month;
	enum count_by by;
};

struct wait_line {
	struct str key; /* as count_by says */
	struct wait_summary summary;
};

struct statistics {
	struct wall counted_at; /* of the stalest prison; 0: one was never counted */
	size_t wait_count;
	struct wait_line *waits;
	struct wait_summary all_waits;
	int64_t few; /* smaller counts are PUBLISH_FEW, others rounded; 0: as they are */
	size_t visit_count;
	struct visit_group *visits; /* of all kinds where .part names a class */
	struct visit_figures all_visits;
	int64_t no_cause; /* prisoners were not produced, and nobody noted why */
};

/*
 * Staff of the prison; headquarters and inspectors, who may leave it empty.  Who
 * is not of one prison is told of requests and visits as everybody is
 * (publish.h): sums are of what is said, and nobody is found by taking one
 * number from another.
 */
MUST_USE enum err statistics_find(struct service *, const struct actor *, struct arena *,
				  const struct statistics_query *, struct statistics *out);

/* A class of requests, "URGENT", and after these a kind of visits, "VISITS_LEGAL". */
const char *published_part_name(struct arena *, unsigned part);

/* Public. */
MUST_USE enum err published_months_find(struct service *, struct arena *,
					struct store_editions *out);
MUST_USE enum err published_find(struct service *, struct arena *, int64_t month, struct str part,
				 struct store_published *out);

#endif
