/*
 * line_found.h - what a prison's line showed to carry while visits ran.
 *
 * A contract says what a line should carry; what it does, visits find out.  In every second of
 * theirs pvl-media knows what came over it, of all of them together, and whether any of them noticed
 * that it was full.  In a second in which it was full, what came is what it carried; in any other,
 * it carries at least that.  Kept by the day, as two sums and a highest value, so that several
 * programs may add to one day.  Pure.
 */
#ifndef PVL_DOMAIN_LINE_FOUND_H
#define PVL_DOMAIN_LINE_FOUND_H

#include <stddef.h>
#include <stdint.h>

#include "domain/local_time.h"

/* One direction, one day.  All 0: no visit ran. */
struct line_way {
	int64_t seconds;   /* in which something came */
	int64_t most_kbit; /* of a second in which it was not full */
	int64_t full_s;    /* seconds in which it was */
	int64_t full_kbit; /* what came in these, added up */
};

struct line_day {
	struct date day;
	struct line_way up; /* from the prison */
	struct line_way down;
};

enum {
	LINE_FOUND_DAYS = 14, /* that are looked at */
};

void line_way_second(struct line_way *way, int64_t bps, bool full);
/* What the line carried on that day when it was full; 0: it was not, or too short to tell. */
int64_t line_way_full_kbit(const struct line_way *way);

/*
 * What may be relied on: nine days of ten carried more, and at least one other carried less or as
 * little, so that one bad day decides nothing.  0: too few days, or it was not full on two of them.
 */
int64_t line_found_kbit(const struct line_way *days, size_t count);

#endif
