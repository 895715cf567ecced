#include "domain/session.h"

bool session_runs_on(const struct session_template *t, struct date date)
{
	if (!t->active || date_compare(date, t->valid_from) < 0)
		return false;
	if (t->valid_to.year && date_compare(date, t->valid_to) > 0)
		return false;
	if (!(t->weekdays & 1U << date_weekday(date)))
		return false;
	int64_t first_monday = date_to_days(t->valid_from) - (date_weekday(t->valid_from) - 1);
	int64_t week = (date_to_days(date) - first_monday) / 7;
	return t->every_weeks <= 1 || week % t->every_weeks == 0;
}

size_t session_times(const struct session_template *t, struct date date,
		     struct session_time out[SESSION_TIMES_MAX])
{
	size_t n = 0;
	if (t->slot_minutes < 5 || !session_runs_on(t, date))
		return 0;
	for (int m = t->start_minute; m + t->slot_minutes <= t->end_minute; m += t->slot_minutes) {
		struct wall start;
		if (local_to_wall(date, m, &start) == LOCAL_GAP || n == SESSION_TIMES_MAX)
			continue;
		out[n++] = (struct session_time){ .start = start, .minutes = t->slot_minutes };
	}
	return n;
}

bool session_holds(const struct session_template *templates, size_t count, struct wall start,
		   int minutes)
{
	struct session_time times[SESSION_TIMES_MAX];
	struct date date = local_date(start);
	for (size_t i = 0; i < count; i++) {
		size_t n = session_times(&templates[i], date, times);
		for (size_t j = 0; j < n; j++)
			if (times[j].start.s == start.s && times[j].minutes == minutes)
				return true;
	}
	return false;
}
