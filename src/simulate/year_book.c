#include "simulate/year_priv.h"

#include "base/assert.h"

/* What may happen to a visit until it is held. */
static void plan_fate(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	const struct list_entry *e = waiting_list_entry(y->list, entry);
	int64_t start = year_start_minute(&e->time), lead = start - y->now;
	struct event event = {
		.at = start + e->need.minutes, .kind = EVENT_HOLD, .subject = entry, .turn = p->turn
	};
	year_push(y, event);
	if (p->social)
		return;
	if (year_chance(y, LUCK_CANCEL, p->key, p->turn, y->model->cancel, PERCENT)) {
		event.kind = EVENT_CANCEL;
		event.at = y->now + year_draw(y, LUCK_CANCEL_AT, p->key, p->turn, lead + 1);
		year_push(y, event);
	}
	for (int64_t day = 0; day * DAY_MINUTES < lead; day++) {
		if (!year_chance(y, LUCK_MOVE, p->key, (int64_t)year_today(y) + day,
				 y->model->moved_per_100000, 100000))
			continue;
		event.kind = EVENT_MOVE;
		event.at = y->now + day * DAY_MINUTES + DAY_MINUTES / 4;
		if (event.at < start)
			year_push(y, event);
		break;
	}
}

void year_booked(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	p->turn++;
	p->booked_at = y->now;
	p->moved = false;
	plan_fate(y, entry);
}

void year_take(struct year *y, size_t entry, const struct list_time *time)
{
	struct list_time freed;
	if (!waiting_list_book(y->list, entry, time, &freed))
		return;
	year_booked(y, entry);
}

void year_ask_again(struct year *y, size_t entry, int64_t days)
{
	struct asker *p = &y->people[entry];
	if (p->asking)
		return;
	p->asking = true;
	int64_t day = (int64_t)year_working_after(year_today(y), days);
	year_push(y, (struct event){ .at = day * DAY_MINUTES + OPEN_MINUTE + 1,
				     .kind = EVENT_BOOK,
				     .subject = entry,
				     .turn = p->turn });
}

/*
 * In half an hour: time to read that it failed, and to look at the times.  For
 * those who chose it the service books the earliest in its next sweep.
 */
void year_ask_today(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	if (p->asking)
		return;
	p->asking = true;
	year_push(y, (struct event){ .at = y->now + (p->automatic ? 1 : DAY_MINUTES / 48),
				     .kind = EVENT_BOOK,
				     .subject = entry,
				     .turn = p->turn });
}

/* By telephone: the first time of each day, one day after the other. */
static bool book_by_phone(struct year *y, size_t entry, size_t days)
{
	struct asker *p = &y->people[entry];
	const struct list_entry *e = waiting_list_entry(y->list, entry);
	struct list_time times[FIT_DAYS_MAX];
	year_fill_busy(y, p->key, days, false);
	size_t n = waiting_list_times(y->list, entry, year_wall_of(y, y->now), y->busy, days, times,
				      FIT_DAYS_MAX, 1);
	for (size_t i = 0; i < n; i++) {
		if (!year_lawyer_can(y, p->key, &times[i], e->need.minutes))
			continue;
		year_take(y, entry, &times[i]);
		return true;
	}
	return false;
}

/* The latest day within the level of service that is not full yet; the first where all are. */
static size_t latest_of(const struct year *y, size_t entry, const struct list_time *times, size_t n)
{
	const struct list_entry *e = waiting_list_entry(y->list, entry);
	struct date due = waiting_due(&e->need, y->policy);
	for (size_t i = n; i > 0; i--) {
		size_t day = times[i - 1].day;
		int open = waiting_list_open_steps(y->list, VISIT_LEGAL, day);
		int taken = waiting_list_taken_steps(y->list, VISIT_LEGAL, day);
		if (date_compare(waiting_list_date(y->list, day), due) <= 0 &&
		    taken * PERCENT < open * LATEST_FILL)
			return i - 1;
	}
	return 0;
}

static bool book_online(struct year *y, size_t entry, size_t days)
{
	struct asker *p = &y->people[entry];
	struct list_time times[FIT_DAYS_MAX];
	bool latest = y->row->latest && p->class == WAITING_ROUTINE;
	year_fill_busy(y, p->key, days, true);
	size_t n = waiting_list_times(y->list, entry, year_wall_of(y, y->now), y->busy, days, times,
				      latest ? FIT_DAYS_MAX : 1, 1);
	if (n)
		year_take(y, entry, &times[latest ? latest_of(y, entry, times, n) : 0]);
	return n > 0;
}

static int64_t waited(const struct year *y, size_t entry, size_t day)
{
	struct date asked = local_date(waiting_list_entry(y->list, entry)->need.asked_at);
	int64_t days = working_days_between(asked, waiting_list_date(y->list, day));
	return days < SIM_WAIT_MAX ? days : SIM_WAIT_MAX;
}

void year_count_end(struct year *y, size_t entry, size_t day, bool held)
{
	struct asker *p = &y->people[entry];
	const struct waiting_need *need = &waiting_list_entry(y->list, entry)->need;
	struct sim_counts *c = y->out;
	if (!p->counted || p->social)
		return;
	struct date date = waiting_list_date(y->list, day);
	int64_t wait = waited(y, entry, day);
	c->waits[p->class][wait]++;
	c->urgent += p->class == WAITING_URGENT;
	c->urgent_1 += p->class == WAITING_URGENT && held && wait <= 1;
	c->urgent_2 += p->class == WAITING_URGENT && held && wait <= 2;
	c->dated += need->deadline.year != 0;
	c->dated_missed += need->deadline.year != 0 &&
			   (waiting_missed(need, date) || (!held && y->now / DAY_MINUTES));
	c->late_class[p->class] += date_compare(date, waiting_due(need, y->policy)) > 0;
}

static void give_up(struct year *y, size_t entry)
{
	struct list_time freed;
	y->out->gave_up += y->people[entry].counted;
	year_count_end(y, entry, year_today(y), false);
	waiting_list_free(y->list, entry, &freed);
	waiting_list_end(y->list, entry);
}

void year_book(struct year *y, size_t entry)
{
	size_t days = y->row->window_28 ? WINDOW_SHORT : WINDOW_LONG;
	y->people[entry].asking = false;
	if (waiting_list_entry(y->list, entry)->booked)
		return;
	if (waited(y, entry, year_today(y)) >= y->model->give_up_days)
		give_up(y, entry);
	else if (!(y->row->phone ? book_by_phone(y, entry, days)
				 : book_online(y, entry, WEEK) || book_online(y, entry, days)))
		year_ask_again(y, entry, 1);
}

static int64_t staff_days(const struct year *y, int64_t key)
{
	const struct sim_model *m = y->model;
	int64_t days = m->staff_days_min; /* and then a day more, each time with the same chance */
	while (days < m->staff_days_max &&
	       !year_chance(y, LUCK_STAFF, key, days, 1, m->staff_days_mean + 1))
		days++;
	return days;
}

static bool chooses_automatic(const struct year *y, int64_t key)
{
	int share = y->row->automatic ? y->row->automatic : y->model->automatic;
	return year_chance(y, LUCK_AUTOMATIC, key, 0, share, PERCENT);
}

size_t year_new_entry(struct year *y, const struct waiting_need *need, int64_t key, int class)
{
	size_t entry = waiting_list_ask(y->list, need);
	ASSERT(entry == y->entries);
	y->people[y->entries++] = (struct asker){ .key = key,
						  .class = class,
						  .counted = year_is_counted(y),
						  .social = class == WAITING_SOCIAL,
						  .automatic = chooses_automatic(y, key) };
	return entry;
}

void year_ask(struct year *y, int64_t key)
{
	int class;
	struct waiting_need need = year_need_of(y, key, &class);
	size_t entry = year_new_entry(y, &need, key, class);
	y->out->asked += y->people[entry].counted;
	if (y->row->phone)
		year_ask_again(y, entry, staff_days(y, key));
	else
		year_book(y, entry);
}
