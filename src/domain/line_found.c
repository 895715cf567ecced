#include "domain/line_found.h"

#include "base/assert.h"

enum {
	FULL_LEAST_S = 10, /* a shorter time may be one phone's wireless network */
	DAYS_LEAST = 5,    /* with visits, before anything is said */
	DAY_LEAST_S = 600, /* of visits: a day that says something */
	TENTH = 10,
};

void line_way_second(struct line_way *way, int64_t bps, bool full)
{
	int64_t kbit = bps / 1000;
	if (kbit <= 0)
		return;
	way->seconds++;
	if (full) {
		way->full_s++;
		way->full_kbit += kbit;
	} else if (kbit > way->most_kbit) {
		way->most_kbit = kbit;
	}
}

int64_t line_way_full_kbit(const struct line_way *way)
{
	return way->full_s >= FULL_LEAST_S ? way->full_kbit / way->full_s : 0;
}

static void put_in_order(int64_t *list, size_t count, int64_t next)
{
	size_t at = count;
	for (; at > 0 && list[at - 1] > next; at--)
		list[at] = list[at - 1];
	list[at] = next;
}

int64_t line_found_kbit(const struct line_way *days, size_t count)
{
	int64_t sorted[LINE_FOUND_DAYS];
	size_t told = 0, full = 0;
	for (size_t i = 0; i < count && told < LINE_FOUND_DAYS; i++) {
		int64_t kbit = line_way_full_kbit(&days[i]);
		if (days[i].seconds < DAY_LEAST_S)
			continue;
		told++;
		if (kbit > 0)
			put_in_order(sorted, full++, kbit);
	}
	/* Days on which it was never full carried more than any of these. */
	size_t lesser = (told + TENTH - 1) / TENTH;
	if (lesser < 2)
		lesser = 2;
	return told >= DAYS_LEAST && full >= lesser ? sorted[lesser - 1] : 0;
}
