#include "simulate/year.h"

#include <string.h>

#include "base/assert.h"
#include "base/random.h"
#include "domain/waiting/again.h"
#include "domain/waiting/list.h"

enum {
	PERCENT = 100,
	WEEK = 7,
	WORK_WEEK = 5,
	OPEN_MINUTE = 9 * 60,
	CLOSE_MINUTE = 17 * 60,
	OPEN_STEPS = (CLOSE_MINUTE - OPEN_MINUTE) / DAY_STEP_MINUTES,
	OPEN_STEP = OPEN_MINUTE / DAY_STEP_MINUTES,
	HOUR_STEPS = 60 / DAY_STEP_MINUTES,
	HOURS = OPEN_STEPS / HOUR_STEPS,
	MORNING_MINUTE = 8 * 60,
	AFTERNOON_MINUTE = 16 * 60,
	NIGHT_MINUTE = 20 * 60,
	OFFERS_MAX = 256,
	CHAIN_MAX = 12, /* offers of one freed time */
	SOCIAL_MINUTES = 30,
	SOCIAL_LEAD_MAX = 14,
	WINDOW_LONG = 84, /* sixty working days */
	WINDOW_SHORT = 28,
	LATEST_FILL =
	    80, /* per cent of a day, below which visits without a date keep away from near days */
	ENTRY_ROOM = 4, /* entries for each that is expected */
	RELEASE_AHEAD = 3,
};

/* What happens, at a minute counted from the first day's midnight. */
enum event_kind {
	EVENT_NIGHT,   /* the day is counted; sorts before what begins the next */
	EVENT_MORNING, /* those without a time try again; released time is offered */
	EVENT_AFTERNOON,
	EVENT_ASK,
	EVENT_BOOK, /* an attempt to find a time */
	EVENT_CANCEL,
	EVENT_RETURN, /* what was booked for them at once does not suit them */
	EVENT_MOVE,
	EVENT_HOLD,
	EVENT_ANSWER,
	EVENT_EXPIRE,
};

struct event {
	int64_t at;
	int64_t order; /* the earlier made first */
	enum event_kind kind;
	size_t subject; /* entry or offer */
	int64_t turn;   /* of its booking or offer: an older event is stale */
	int chain;
};

struct asker {
	int64_t key; /* of its luck */
	int class;
	bool counted;
	bool social;
	bool automatic; /* has offers booked at once */
	int64_t turn;   /* bookings so far */
	int64_t booked_at;
	bool moved;  /* and nobody at the prison knows */
	bool asking; /* an attempt is due already */
};

struct year {
	const struct sim_model *model;
	const struct sim_row *row;
	const struct policy *policy;
	const struct sim_prison *prison;
	struct sim_counts *out;
	struct waiting_list *list;
	size_t day_count; /* that are played */
	size_t first_counted;
	size_t entry_max;
	size_t entries;
	struct asker *people;
	size_t event_count, event_max;
	struct event *events; /* a heap */
	int64_t orders;
	int64_t offer_turn[OFFERS_MAX];
	int64_t now;
	size_t giver;  /* gives a time back now, and is not asked for it; entry_max: nobody */
	size_t places; /* legal ones; the social place comes after */
	struct day_steps busy[FIT_DAYS_MAX];
};

/* ---- luck ---- */

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64, S. Vigna, public domain */
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

enum luck {
	LUCK_CLASS,
	LUCK_DATE,
	LUCK_NEED,
	LUCK_STAFF,
	LUCK_CANCEL,
	LUCK_CANCEL_AT,
	LUCK_REBOOK,
	LUCK_MOVE,
	LUCK_SHOW,
	LUCK_PRODUCED,
	LUCK_OUTAGE,
	LUCK_SAVED,
	LUCK_ANSWER,
	LUCK_ANSWER_AT,
	LUCK_LAWYER,
	LUCK_REGIME,
	LUCK_SOCIAL,
	LUCK_SIZE,
	LUCK_LOAD,
	LUCK_MANY,
	LUCK_HOUR,
	LUCK_AUTOMATIC,
	LUCK_SUITS,
};

/* 0 … below-1, the same for the same things. */
static int64_t draw(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t below)
{
	uint64_t x = mix(y->prison->seed * 1000003 + (uint64_t)y->prison->number);
	x = mix(x ^ mix((uint64_t)a * 64 + (uint64_t)luck));
	x = mix(x ^ (uint64_t)b);
	return (int64_t)(x % (uint64_t)below);
}

static bool chance(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t of,
		   int64_t in)
{
	return draw(y, luck, a, b, in) < of;
}

/* ---- events ---- */

static bool before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void push(struct year *y, struct event e)
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

static struct event pop(struct year *y)
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

static size_t today(const struct year *y)
{
	return (size_t)(y->now / DAY_MINUTES);
}

static bool is_working(size_t day)
{
	return day % WEEK < WORK_WEEK;
}

static size_t next_working(size_t day)
{
	do
		day++;
	while (!is_working(day));
	return day;
}

static size_t working_after(size_t day, int64_t days)
{
	for (; days > 0; days--)
		day = next_working(day);
	return day;
}

static struct wall wall_of(const struct year *y, int64_t minute)
{
	struct wall day = waiting_list_wall(y->list, (size_t)(minute / DAY_MINUTES), 0);
	return wall_add_s(day, minute % DAY_MINUTES * 60);
}

static int64_t start_minute(const struct list_time *t)
{
	return (int64_t)t->day * DAY_MINUTES + (int64_t)t->start * DAY_STEP_MINUTES;
}

/* Of the place's hours. */
static int64_t minutes_of(const struct year *y, const struct list_time *t)
{
	return (int64_t)waiting_list_steps(y->list, t) * DAY_STEP_MINUTES;
}

/* ---- the prison ---- */

static int64_t weekly_milli(const struct year *y)
{
	const struct sim_model *m = y->model;
	int64_t average =
	    y->prison->number < m->reception ? m->reception_weekly_milli : m->other_weekly_milli;
	int64_t size = m->size_min + draw(y, LUCK_SIZE, 0, 0, m->size_max - m->size_min + 1);
	return average * size / PERCENT;
}

/* Hours of legal time a week: the load counts every visit as an hour. */
static int64_t weekly_hours(const struct year *y)
{
	int64_t spread = draw(y, LUCK_LOAD, 0, 0, 2 * y->model->load_spread + 1);
	int64_t load = y->row->load - y->model->load_spread + spread;
	int64_t hours_milli = weekly_milli(y) * PERCENT / load;
	return (hours_milli + 500) / 1000 > 0 ? (hours_milli + 500) / 1000 : 1;
}

static int64_t hours_of_day(int64_t weekly, size_t day)
{
	int64_t of_week = (int64_t)(day % WEEK);
	return weekly * (of_week + 1) / WORK_WEEK - weekly * of_week / WORK_WEEK;
}

static void open_day(struct year *y, size_t day, int64_t hours, int social_steps)
{
	const int64_t per_room = OPEN_STEPS / HOUR_STEPS;
	for (size_t p = 0; p < y->places; p++) {
		int64_t here = hours - (int64_t)p * per_room;
		if (here <= 0)
			break;
		here = here < per_room ? here : per_room;
		waiting_list_open(y->list, p, VISIT_LEGAL, day, OPEN_STEP, (int)here * HOUR_STEPS);
	}
	waiting_list_open(y->list, y->places, VISIT_SOCIAL, day, OPEN_STEP, social_steps);
}

static int social_steps(const struct year *y, int64_t weekly)
{
	int released = y->row->released ? y->row->released : y->model->released;
	int64_t idle = weekly * 60 * released / PERCENT / WORK_WEEK;
	int64_t steps = idle * PERCENT / (PERCENT - y->model->social_load) / DAY_STEP_MINUTES;
	return steps > OPEN_STEPS ? OPEN_STEPS : (int)steps;
}

static void open_prison(struct year *y, struct arena *arena)
{
	const int64_t per_room = OPEN_STEPS / HOUR_STEPS;
	int64_t weekly = weekly_hours(y);
	int64_t largest = weekly / WORK_WEEK + 1;
	y->places = (size_t)((largest + per_room - 1) / per_room);
	size_t days = y->day_count + WINDOW_LONG + 1;
	int grid = y->row->fixed ? HOUR_STEPS : 1;
	int social_grid = SOCIAL_MINUTES / DAY_STEP_MINUTES;
	const struct list_config config = {
		.first_day = { 2029, 1, 1 }, /* a Monday */
		.day_count = days,
		.place_count = y->places + 1,
		.entry_max = y->entry_max,
		.offer_max = OFFERS_MAX,
		.grid_steps = { [VISIT_SOCIAL] = social_grid, [VISIT_LEGAL] = grid, 1 },
		.turn_steps = y->row->fixed ? 0 : (int)y->policy->values[POLICY_TURN_MINUTES] / 5,
		.shortest_steps = y->row->fixed ? social_grid : 15 / DAY_STEP_MINUTES,
		.window_days = y->row->window_28 ? WINDOW_SHORT : WINDOW_LONG,
	};
	y->list = waiting_list_new(arena, &config, y->policy);
	for (size_t d = 0; d < days; d++)
		if (is_working(d))
			open_day(y, d, hours_of_day(weekly, d), social_steps(y, weekly));
}

/* ---- people ---- */

static int need_minutes(const struct year *y, int64_t key)
{
	static const int HEAVY[SIM_NEEDS] = { 5, 25, 20, 50, 0, 0 };
	static const int HOUR[SIM_NEEDS] = { 0, 0, 0, 100, 0, 0 };
	static const int *const MIXES[MIX_COUNT] = { [MIX_HEAVY] = HEAVY, [MIX_HOUR] = HOUR };
	const int *needs = MIXES[y->row->mix] ? MIXES[y->row->mix] : y->model->needs;
	int64_t at = draw(y, LUCK_NEED, key, 0, PERCENT);
	for (size_t i = 0; i < SIM_NEEDS; i++) {
		at -= needs[i];
		if (at < 0)
			return WAITING_LENGTHS[i];
	}
	return WAITING_LENGTHS[SIM_NEEDS - 1];
}

static struct waiting_need need_of(const struct year *y, int64_t key, int *class)
{
	const struct sim_model *m = y->model;
	int64_t at = draw(y, LUCK_CLASS, key, 0, PERCENT);
	struct waiting_need need = { .kind = VISIT_LEGAL,
				     .asked_at = wall_of(y, y->now),
				     .minutes = y->row->fixed ? 60 : need_minutes(y, key) };
	*class = at < m->urgent ? WAITING_URGENT
				: (at < m->urgent + m->dated ? WAITING_DATED : WAITING_ROUTINE);
	if (*class == WAITING_ROUTINE)
		return need;
	int64_t days = m->urgent_deadline_days;
	if (*class == WAITING_DATED)
		days = m->dated_min + draw(y, LUCK_DATE, key, 0, m->dated_max - m->dated_min + 1);
	need.cause = *class == WAITING_URGENT ? WAITING_FOR_BAIL : WAITING_FOR_PAROLE;
	need.deadline = waiting_list_date(y->list, working_after(today(y), days));
	return need;
}

static bool is_counted(const struct year *y)
{
	return today(y) >= y->first_counted;
}

/* The hours of a day in which the lawyer, or the prisoner, cannot: a byte of luck for each of eight. */
static unsigned hours_lost(const struct year *y, enum luck who, int64_t key, size_t day)
{
	int clash = y->row->clash ? y->row->clash : y->model->clash;
	unsigned limit = (unsigned)(who == LUCK_LAWYER ? clash : y->model->regime) * 256 / PERCENT;
	uint64_t luck = (uint64_t)draw(y, who, key, (int64_t)day, INT64_MAX);
	unsigned lost = 0;
	for (unsigned h = 0; h < HOURS; h++)
		lost |= (unsigned)((luck >> (7 * h) & 127) * 2 < limit) << h;
	return lost;
}

static bool cannot(const struct year *y, enum luck who, int64_t key, size_t day, int hour)
{
	return hours_lost(y, who, key, day) >> (hour - OPEN_MINUTE / 60) & 1;
}

static void fill_busy(struct year *y, int64_t key, size_t days, bool lawyer_too)
{
	for (size_t d = 0; d < days; d++) {
		size_t day = today(y) + d;
		y->busy[d] = (struct day_steps){ 0 };
		if (d < (size_t)y->row->first_day || !is_working(day)) {
			y->busy[d] = day_from(0);
			continue;
		}
		for (int h = OPEN_MINUTE / 60; h < CLOSE_MINUTE / 60; h++)
			if (cannot(y, LUCK_REGIME, key, day, h) ||
			    (lawyer_too && cannot(y, LUCK_LAWYER, key, day, h)))
				day_set(&y->busy[d], h * HOUR_STEPS, HOUR_STEPS);
	}
}

static bool lawyer_can(const struct year *y, int64_t key, const struct list_time *t, int minutes)
{
	int end = t->start + minutes / DAY_STEP_MINUTES;
	for (int h = t->start / HOUR_STEPS; h * HOUR_STEPS < end; h++)
		if (cannot(y, LUCK_LAWYER, key, t->day, h))
			return false;
	return true;
}

/* ---- booking ---- */

static void offer_on(struct year *y, const struct list_time *time, int chain);

/* What may happen to a visit until it is held. */
static void plan_fate(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	const struct list_entry *e = waiting_list_entry(y->list, entry);
	int64_t start = start_minute(&e->time), lead = start - y->now;
	struct event event = {
		.at = start + e->need.minutes, .kind = EVENT_HOLD, .subject = entry, .turn = p->turn
	};
	push(y, event);
	if (p->social)
		return;
	if (chance(y, LUCK_CANCEL, p->key, p->turn, y->model->cancel, PERCENT)) {
		event.kind = EVENT_CANCEL;
		event.at = y->now + draw(y, LUCK_CANCEL_AT, p->key, p->turn, lead + 1);
		push(y, event);
	}
	for (int64_t day = 0; day * DAY_MINUTES < lead; day++) {
		if (!chance(y, LUCK_MOVE, p->key, (int64_t)today(y) + day,
			    y->model->moved_per_100000, 100000))
			continue;
		event.kind = EVENT_MOVE;
		event.at = y->now + day * DAY_MINUTES + DAY_MINUTES / 4;
		if (event.at < start)
			push(y, event);
		break;
	}
}

static void booked(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	p->turn++;
	p->booked_at = y->now;
	p->moved = false;
	plan_fate(y, entry);
}

static void take(struct year *y, size_t entry, const struct list_time *time)
{
	struct list_time freed;
	if (!waiting_list_book(y->list, entry, time, &freed))
		return;
	booked(y, entry);
}

static void ask_again(struct year *y, size_t entry, int64_t days)
{
	struct asker *p = &y->people[entry];
	if (p->asking)
		return;
	p->asking = true;
	int64_t day = (int64_t)working_after(today(y), days);
	push(y, (struct event){ .at = day * DAY_MINUTES + OPEN_MINUTE + 1,
				.kind = EVENT_BOOK,
				.subject = entry,
				.turn = p->turn });
}

/*
 * In half an hour: time to read that it failed, and to look at the times.  For
 * those who chose it the service books the earliest in its next sweep.
 */
static void ask_today(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	if (p->asking)
		return;
	p->asking = true;
	push(y, (struct event){ .at = y->now + (p->automatic ? 1 : DAY_MINUTES / 48),
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
	fill_busy(y, p->key, days, false);
	size_t n = waiting_list_times(y->list, entry, wall_of(y, y->now), y->busy, days, times,
				      FIT_DAYS_MAX, 1);
	for (size_t i = 0; i < n; i++) {
		if (!lawyer_can(y, p->key, &times[i], e->need.minutes))
			continue;
		take(y, entry, &times[i]);
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
	fill_busy(y, p->key, days, true);
	size_t n = waiting_list_times(y->list, entry, wall_of(y, y->now), y->busy, days, times,
				      latest ? FIT_DAYS_MAX : 1, 1);
	if (n)
		take(y, entry, &times[latest ? latest_of(y, entry, times, n) : 0]);
	return n > 0;
}

static int64_t waited(const struct year *y, size_t entry, size_t day)
{
	struct date asked = local_date(waiting_list_entry(y->list, entry)->need.asked_at);
	int64_t days = working_days_between(asked, waiting_list_date(y->list, day));
	return days < SIM_WAIT_MAX ? days : SIM_WAIT_MAX;
}

static void count_end(struct year *y, size_t entry, size_t day, bool held)
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
	count_end(y, entry, today(y), false);
	waiting_list_free(y->list, entry, &freed);
	waiting_list_end(y->list, entry);
}

static void book(struct year *y, size_t entry)
{
	size_t days = y->row->window_28 ? WINDOW_SHORT : WINDOW_LONG;
	y->people[entry].asking = false;
	if (waiting_list_entry(y->list, entry)->booked)
		return;
	if (waited(y, entry, today(y)) >= y->model->give_up_days)
		give_up(y, entry);
	else if (!(y->row->phone ? book_by_phone(y, entry, days)
				 : book_online(y, entry, WEEK) || book_online(y, entry, days)))
		ask_again(y, entry, 1);
}

static int64_t staff_days(const struct year *y, int64_t key)
{
	const struct sim_model *m = y->model;
	int64_t days = m->staff_days_min; /* and then a day more, each time with the same chance */
	while (days < m->staff_days_max &&
	       !chance(y, LUCK_STAFF, key, days, 1, m->staff_days_mean + 1))
		days++;
	return days;
}

static bool chooses_automatic(const struct year *y, int64_t key)
{
	int share = y->row->automatic ? y->row->automatic : y->model->automatic;
	return chance(y, LUCK_AUTOMATIC, key, 0, share, PERCENT);
}

static size_t new_entry(struct year *y, const struct waiting_need *need, int64_t key, int class)
{
	size_t entry = waiting_list_ask(y->list, need);
	ASSERT(entry == y->entries);
	y->people[y->entries++] = (struct asker){ .key = key,
						  .class = class,
						  .counted = is_counted(y),
						  .social = class == WAITING_SOCIAL,
						  .automatic = chooses_automatic(y, key) };
	return entry;
}

static void ask(struct year *y, int64_t key)
{
	int class;
	struct waiting_need need = need_of(y, key, &class);
	size_t entry = new_entry(y, &need, key, class);
	y->out->asked += y->people[entry].counted;
	if (y->row->phone)
		ask_again(y, entry, staff_days(y, key));
	else
		book(y, entry);
}

/* ---- freed time ---- */

static void freed_time(struct year *y, const struct list_time *freed)
{
	if (freed->steps && y->row->refill)
		offer_on(y, freed, 0);
}

/* Nobody else can have this time any more: it is past, or came back too late. */
static void use_up(struct year *y, const struct list_time *time)
{
	struct list_time none;
	const struct waiting_need nobody = { .kind = VISIT_LEGAL,
					     .asked_at = wall_of(y, y->now),
					     .minutes = time->steps * DAY_STEP_MINUTES };
	size_t entry = new_entry(y, &nobody, 0, WAITING_SOCIAL);
	if (waiting_list_book(y->list, entry, time, &none))
		waiting_list_end(y->list, entry);
}

/* By the rule that the service follows; where freed time is not offered on, nothing waits. */
static bool asks_itself(const struct year *y, enum diagnosis_term term)
{
	static const enum visit_end ENDS[TERM_COUNT] = {
		[TERM_OUTAGE] = END_FAULT,
		[TERM_NOT_PRODUCED] = END_PRISONER_ABSENT,
		[TERM_NO_SHOW] = END_VISITOR_ABSENT,
	};
	const struct visit visit = {
		.kind = VISIT_LEGAL, .state = VISIT_NO_SHOW, .end = ENDS[term], .minutes = 60
	};
	return y->row->refill && waits_again(&visit, y->policy);
}

/* What waits again is offered the earliest time at once, and its lawyer chooses; else they ask. */
static void visit_failed(struct year *y, size_t entry, enum diagnosis_term term)
{
	struct list_time past;
	waiting_list_free(y->list, entry, &past);
	use_up(y, &past);
	y->people[entry].turn++;
	if (asks_itself(y, term))
		ask_today(y, entry);
	else
		ask_again(y, entry, y->row->phone ? 3 : 1);
}

static void answer_to(struct year *y, size_t offer, int chain)
{
	const struct list_offer *o = waiting_list_offer_at(y->list, offer);
	const struct asker *p = &y->people[o->entry];
	const struct list_entry *e = waiting_list_entry(y->list, o->entry);
	int64_t turn = y->offer_turn[offer];
	int64_t window = (o->offer.answer_until.s - o->offer.made_at.s) / 60;
	int accept = y->row->accept ? y->row->accept : y->model->accept;
	bool yes = chance(y, LUCK_ANSWER, p->key, turn, accept, PERCENT) &&
		   lawyer_can(y, p->key, &o->time, e->need.minutes);
	bool silent = !yes && draw(y, LUCK_ANSWER_AT, p->key, turn, 2) == 0;
	int64_t after = silent ? window : draw(y, LUCK_ANSWER_AT, p->key, turn, window);
	push(y, (struct event){ .at = y->now + after,
				.kind = silent ? EVENT_EXPIRE : EVENT_ANSWER,
				.subject = offer,
				.turn = yes ? turn : -turn,
				.chain = chain });
}

/* As the service does it: an offer that is accepted in the moment it is made. */
static void take_at_once(struct year *y, size_t offer)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, offer);
	struct asker *p = &y->people[before.entry];
	struct list_time freed;
	if (waiting_list_answer(y->list, offer, ANSWER_ACCEPT, wall_of(y, y->now), &freed) !=
	    OFFER_ACCEPTED)
		return;
	y->out->accepted++;
	booked(y, before.entry);
	if (chance(y, LUCK_SUITS, p->key, p->turn, y->model->automatic_clash, PERCENT))
		push(y, (struct event){ .at = y->now + draw(y, LUCK_ANSWER_AT, p->key, p->turn,
							    start_minute(&before.time) - y->now),
					.kind = EVENT_RETURN,
					.subject = before.entry,
					.turn = p->turn });
	freed_time(y, &freed);
}

static void offer_on(struct year *y, const struct list_time *time, int chain)
{
	size_t order[CHAIN_MAX], offer;
	struct wall now = wall_of(y, y->now);
	if (chain >= CHAIN_MAX)
		return;
	size_t n = waiting_list_rank(y->list, time, now, order, CHAIN_MAX);
	for (size_t i = 0; i < n && chain < CHAIN_MAX; i++) {
		const struct asker *p = &y->people[order[i]];
		if (p->social || order[i] == y->giver ||
		    cannot(y, LUCK_REGIME, p->key, time->day, time->start / HOUR_STEPS))
			continue;
		if (!waiting_list_offer(y->list, order[i], time, now, &offer))
			continue;
		y->offer_turn[offer] = ++y->orders;
		y->out->offers++;
		if (p->automatic) {
			take_at_once(y, offer);
			return;
		}
		answer_to(y, offer, ++chain);
		if (waiting_list_offer_at(y->list, offer)->keeps)
			return;
	}
}

/* Part of the time that the accepted visit leaves is offered on too. */
static void answered(struct year *y, const struct event *e)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, e->subject);
	struct list_time freed;
	bool yes = e->turn > 0;
	if (y->offer_turn[e->subject] != (yes ? e->turn : -e->turn))
		return;
	enum offer_state state = waiting_list_answer(
	    y->list, e->subject, yes ? ANSWER_ACCEPT : ANSWER_DECLINE, wall_of(y, y->now), &freed);
	if (state == OFFER_ACCEPTED) {
		y->out->accepted++;
		booked(y, before.entry);
		freed_time(y, &freed);
	} else if (before.keeps) {
		offer_on(y, &before.time, e->chain);
	}
}

static void expired(struct year *y, const struct event *e)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, e->subject);
	if (y->offer_turn[e->subject] == -e->turn &&
	    waiting_list_expire(y->list, e->subject, wall_of(y, y->now)) && before.keeps)
		offer_on(y, &before.time, e->chain);
}

/* Nobody looks at a time that came back late, unless it is offered on. */
static void give_back(struct year *y, size_t entry, const struct list_time *freed)
{
	int64_t ahead = start_minute(freed) - y->now;
	if (ahead >= 2 * 60 && (y->row->refill || !y->row->phone || ahead >= 3 * DAY_MINUTES)) {
		y->giver = entry;
		freed_time(y, freed);
		y->giver = y->entry_max;
		return;
	}
	if (freed->place < y->places && freed->day >= y->first_counted && freed->day < y->day_count)
		y->out->minutes[TERM_LATE_CANCEL] += minutes_of(y, freed);
	use_up(y, freed);
}

static void cancelled(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	struct list_time freed;
	bool rebooks = chance(y, LUCK_REBOOK, p->key, p->turn, y->model->rebook, PERCENT);
	waiting_list_free(y->list, entry, &freed);
	p->turn++;
	if (rebooks)
		ask_again(y, entry, y->row->phone ? 3 : 1);
	else
		waiting_list_end(y->list, entry);
	give_back(y, entry, &freed);
}

/* They read of it, cannot come then, and look for another time at once. */
static void returned(struct year *y, size_t entry)
{
	struct list_time freed;
	waiting_list_free(y->list, entry, &freed);
	y->people[entry].turn++;
	give_back(y, entry, &freed);
	ask_today(y, entry);
}

static void moved(struct year *y, size_t entry)
{
	struct list_time freed;
	if (!y->row->refill) {
		y->people[entry].moved = true; /* told on the day */
		return;
	}
	/* As if the other prison were this one: as many come as go, with their first request. */
	waiting_list_free(y->list, entry, &freed);
	y->people[entry].turn++;
	freed_time(y, &freed);
	ask_again(y, entry, 1);
}

/* ---- the day of the visit ---- */

static bool line_fails(const struct year *y, const struct asker *p, size_t day)
{
	const struct sim_model *m = y->model;
	bool bad = y->prison->number >= m->prisons - m->bad_lines;
	int per_10000 = bad ? m->outage_bad_per_10000 : m->outage_per_10000;
	if (!chance(y, LUCK_OUTAGE, (int64_t)day, 0, per_10000, 10000))
		return false;
	return !y->row->fallback ||
	       !chance(y, LUCK_SAVED, p->key, p->turn, y->model->fallback, PERCENT);
}

static bool stays_away(const struct year *y, const struct asker *p, size_t day)
{
	const struct sim_model *m = y->model;
	int64_t lead = (int64_t)day - p->booked_at / DAY_MINUTES;
	int64_t milli = m->no_show_milli + lead * m->no_show_milli_day;
	milli = milli < m->no_show_milli_max ? milli : m->no_show_milli_max;
	if (y->row->reminders)
		milli = milli * m->reminded / PERCENT;
	return chance(y, LUCK_SHOW, p->key, p->turn, milli, 1000);
}

static enum diagnosis_term outcome(const struct year *y, const struct asker *p, size_t day)
{
	if (line_fails(y, p, day))
		return TERM_OUTAGE;
	if (p->moved)
		return TERM_NOT_PRODUCED;
	if (stays_away(y, p, day))
		return TERM_NO_SHOW;
	return chance(y, LUCK_PRODUCED, p->key, p->turn, y->model->not_produced_milli, 1000)
		   ? TERM_NOT_PRODUCED
		   : TERM_USED;
}

static void held(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	struct list_time time = waiting_list_entry(y->list, entry)->time;
	if (p->social) {
		y->out->social_held += is_counted(y);
		waiting_list_end(y->list, entry);
		return;
	}
	enum diagnosis_term term = outcome(y, p, time.day);
	if (is_counted(y) && time.place < y->places)
		y->out->minutes[term] += minutes_of(y, &time);
	if (is_counted(y) && time.place == y->places)
		y->out->released_minutes += minutes_of(y, &time);
	if (term != TERM_USED) {
		visit_failed(y, entry, term);
		return;
	}
	count_end(y, entry, time.day, true);
	waiting_list_end(y->list, entry);
}

/* ---- days ---- */

/* Released and idle time of the next days is offered to those who have a later one. */
static void offer_released(struct year *y)
{
	for (size_t d = today(y); d <= today(y) + RELEASE_AHEAD; d++) {
		for (size_t p = 0; p <= y->places; p++) {
			struct day_steps gaps = waiting_list_gaps(y->list, p, d);
			int step = day_next(&gaps, 0);
			while (step < DAY_STEPS) {
				struct list_time t = {
					.place = p, .day = d, .start = step, .steps = 1
				};
				offer_on(y, &t, CHAIN_MAX - 2);
				step = day_next(&gaps, step + HOUR_STEPS);
			}
		}
	}
}

/* Families ask for a day two to fourteen days ahead, or, some, for today. */
static void ask_social(struct year *y)
{
	int64_t visits_milli = (int64_t)waiting_list_open_steps(y->list, VISIT_SOCIAL, today(y)) *
			       DAY_STEP_MINUTES * y->model->social_load * 10 / SOCIAL_MINUTES;
	int64_t n = visits_milli / 1000 +
		    chance(y, LUCK_SOCIAL, (int64_t)today(y), -1, visits_milli % 1000, 1000);
	for (int64_t i = 0; i < n; i++) {
		int64_t day = (int64_t)today(y);
		int64_t lead = 2 + draw(y, LUCK_SOCIAL, day, i, SOCIAL_LEAD_MAX - 1);
		struct list_time time;
		struct waiting_need need = { .kind = VISIT_SOCIAL,
					     .asked_at = wall_of(y, y->now),
					     .minutes = SOCIAL_MINUTES };
		size_t entry = new_entry(y, &need, -day * 100 - i, WAITING_SOCIAL);
		y->out->social_asked += is_counted(y);
		for (size_t d = 0; d <= SOCIAL_LEAD_MAX * 2; d++)
			y->busy[d] = (int64_t)d < lead ? day_from(0) : (struct day_steps){ 0 };
		if (waiting_list_times(y->list, entry, wall_of(y, y->now), y->busy,
				       SOCIAL_LEAD_MAX * 2, &time, 1, 1))
			take(y, entry, &time);
		else
			waiting_list_end(y->list, entry);
	}
}

static void count_day(struct year *y)
{
	size_t day = today(y);
	if (!is_counted(y))
		return;
	int open = waiting_list_open_steps(y->list, VISIT_LEGAL, day);
	int taken = waiting_list_taken_steps(y->list, VISIT_LEGAL, day);
	y->out->minutes[TERM_IDLE] += (int64_t)(open - taken) * DAY_STEP_MINUTES;
	for (size_t p = 0; p < y->places; p++) {
		struct day_steps gaps = waiting_list_gaps(y->list, p, day);
		y->out->useless_minutes += fit_lost(&gaps, 4) * DAY_STEP_MINUTES;
	}
}

/* The requests of a day, at the steps of its office hours. */
static void plan_day(struct year *y, size_t day)
{
	int64_t per_step_millionths = weekly_milli(y) * 1000 / WORK_WEEK / OPEN_STEPS;
	for (int s = 0; s < OPEN_STEPS; s++) {
		int64_t key = (int64_t)day * OPEN_STEPS + s;
		if (chance(y, LUCK_HOUR, key, 0, per_step_millionths, 1000000))
			push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES + OPEN_MINUTE +
						      s * DAY_STEP_MINUTES,
						.kind = EVENT_ASK,
						.turn = key });
	}
	push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES + AFTERNOON_MINUTE,
				.kind = EVENT_AFTERNOON });
	push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES + NIGHT_MINUTE,
				.kind = EVENT_NIGHT });
	size_t next = next_working(day);
	if (next < y->day_count)
		push(y, (struct event){ .at = (int64_t)next * DAY_MINUTES + MORNING_MINUTE,
					.kind = EVENT_MORNING });
}

static bool is_stale(const struct year *y, const struct event *e)
{
	return !waiting_list_entry(y->list, e->subject)->live ||
	       y->people[e->subject].turn != e->turn;
}

static void happen(struct year *y, const struct event *e)
{
	switch (e->kind) {
	case EVENT_MORNING:
		plan_day(y, today(y));
		ask_social(y);
		if (y->row->refill)
			offer_released(y);
		return;
	case EVENT_AFTERNOON:
		if (y->row->refill)
			offer_released(y);
		return;
	case EVENT_NIGHT:
		count_day(y);
		return;
	case EVENT_ASK:
		ask(y, e->turn);
		return;
	case EVENT_ANSWER:
		answered(y, e);
		return;
	case EVENT_EXPIRE:
		expired(y, e);
		return;
	case EVENT_BOOK:
	case EVENT_CANCEL:
	case EVENT_RETURN:
	case EVENT_MOVE:
	case EVENT_HOLD:
		break;
	}
	if (e->kind == EVENT_BOOK) {
		if (waiting_list_entry(y->list, e->subject)->live)
			book(y, e->subject);
	} else if (!is_stale(y, e)) {
		if (e->kind == EVENT_CANCEL)
			cancelled(y, e->subject);
		else if (e->kind == EVENT_RETURN)
			returned(y, e->subject);
		else if (e->kind == EVENT_MOVE)
			moved(y, e->subject);
		else
			held(y, e->subject);
	}
}

/* Those who wait when the year ends have waited so long at least. */
static void count_rest(struct year *y)
{
	for (size_t i = 0; i < y->entries; i++) {
		const struct list_entry *e = waiting_list_entry(y->list, i);
		if (!e->live || y->people[i].social || !y->people[i].counted)
			continue;
		y->out->still_waiting++;
		count_end(y, i, e->booked ? e->time.day : today(y), e->booked);
	}
}

static struct policy policy_of(const struct sim_row *row, const struct policy *policy)
{
	struct policy p = *policy;
	if (!row->fence) {
		p.values[POLICY_FENCE_ROUTINE_FAR] = p.values[POLICY_FENCE_ROUTINE_NEAR] = 0;
		p.values[POLICY_FENCE_DATED_FAR] = p.values[POLICY_FENCE_DATED_NEAR] = 0;
	}
	if (row->next_day)
		p.values[POLICY_FAILED_WAITS] = FAILED_ENDS;
	if (row->all_wait)
		p.values[POLICY_FAILED_WAITS] = FAILED_ALL_WAITS;
	if (!row->release)
		p.values[POLICY_RELEASE_SOCIAL_HOURS] = p.values[POLICY_RELEASE_LEGAL_HOURS] = 0;
	return p;
}

static size_t calendar_days(int working)
{
	return (size_t)(working / WORK_WEEK * WEEK);
}

void sim_year_run(struct arena *arena, const struct sim_model *model, const struct sim_row *row,
		  const struct policy *policy, const struct sim_prison *prison,
		  struct sim_counts *out)
{
	struct policy *own = arena_new(arena, 1, sizeof *own);
	struct year *y = arena_new(arena, 1, sizeof *y);
	*own = policy_of(row, policy);
	*y = (struct year){ .model = model,
			    .row = row,
			    .policy = own,
			    .prison = prison,
			    .out = out,
			    .first_counted = calendar_days(model->warm_days),
			    .day_count = calendar_days(model->warm_days + model->count_days) };
	y->entry_max = y->day_count * (size_t)(weekly_milli(y) / 1000 * ENTRY_ROOM / WEEK + 40);
	y->giver = y->entry_max;
	y->event_max = y->entry_max * 4;
	y->people = arena_new(arena, y->entry_max, sizeof *y->people);
	y->events = arena_new(arena, y->event_max, sizeof *y->events);
	open_prison(y, arena);
	push(y, (struct event){ .at = MORNING_MINUTE, .kind = EVENT_MORNING });
	while (y->event_count) {
		struct event e = pop(y);
		if (e.at >= (int64_t)y->day_count * DAY_MINUTES)
			break;
		y->now = e.at;
		happen(y, &e);
	}
	count_rest(y);
}

int sim_quantile(const struct sim_counts *counts, int class, int percent)
{
	int64_t all = 0, below = 0;
	for (int c = 0; c < SIM_CLASSES; c++)
		for (int w = 0; w <= SIM_WAIT_MAX; w++)
			all += class < 0 || class == c ? counts->waits[c][w] : 0;
	for (int w = 0; w <= SIM_WAIT_MAX; w++) {
		for (int c = 0; c < SIM_CLASSES; c++)
			below += class < 0 || class == c ? counts->waits[c][w] : 0;
		if (all && below * PERCENT >= all * percent)
			return w;
	}
	return 0;
}
