#include "simulate/year_priv.h"

#include "base/assert.h"

/* ---- luck ---- */

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64, S. Vigna, public domain */
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

int64_t year_draw(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t below)
{
	uint64_t x = mix(y->prison->seed * 1000003 + (uint64_t)y->prison->number);
	x = mix(x ^ mix((uint64_t)a * 64 + (uint64_t)luck));
	x = mix(x ^ (uint64_t)b);
	return (int64_t)(x % (uint64_t)below);
}

bool year_chance(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t of, int64_t in)
{
	return year_draw(y, luck, a, b, in) < of;
}

/* ---- events ---- */

static bool before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void year_push(struct year *y, struct event e)
{
	ASSERT(y->event_count < y->event_max);
	e.order = y->orders++;
	size_t i = y->event_count++;
	while (i > 0 && before(&e, &y->events[(i - 1) / 2])) {
		y->events[i] = y->events[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	y->events[i] = e;
}

struct event year_pop(struct year *y)
{
	struct event first = y->events[0], last = y->events[--y->event_count];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= y->event_count)
			break;
		if (child + 1 < y->event_count && before(&y->events[child + 1], &y->events[child]))
			child++;
		if (!before(&y->events[child], &last))
			break;
		y->events[i] = y->events[child];
		i = child;
	}
	y->events[i] = last;
	return first;
}

/* ---- time ---- */

size_t year_today(const struct year *y)
{
	return (size_t)(y->now / DAY_MINUTES);
}

bool year_is_working(size_t day)
{
	return day % WEEK < WORK_WEEK;
}

size_t year_next_working(size_t day)
{
	do
		day++;
	while (!year_is_working(day));
	return day;
}

size_t year_working_after(size_t day, int64_t days)
{
	for (; days > 0; days--)
		day = year_next_working(day);
	return day;
}

struct wall year_wall_of(const struct year *y, int64_t minute)
{
	struct wall day = waiting_list_wall(y->list, (size_t)(minute / DAY_MINUTES), 0);
	return wall_add_s(day, minute % DAY_MINUTES * 60);
}

int64_t year_start_minute(const struct list_time *t)
{
	return (int64_t)t->day * DAY_MINUTES + (int64_t)t->start * DAY_STEP_MINUTES;
}

int64_t year_minutes_of(const struct year *y, const struct list_time *t)
{
	return (int64_t)waiting_list_steps(y->list, t) * DAY_STEP_MINUTES;
}
