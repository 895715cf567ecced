#include "simulate/year_priv.h"

/* ---- the prison ---- */

int64_t year_weekly_milli(const struct year *y)
{
	const struct sim_model *m = y->model;
	int64_t average =
	    y->prison->number < m->reception ? m->reception_weekly_milli : m->other_weekly_milli;
	int64_t size = m->size_min + year_draw(y, LUCK_SIZE, 0, 0, m->size_max - m->size_min + 1);
	return average * size / PERCENT;
}

/* Hours of legal time a week: the load counts every visit as an hour. */
static int64_t weekly_hours(const struct year *y)
{
	int64_t spread = year_draw(y, LUCK_LOAD, 0, 0, 2 * y->model->load_spread + 1);
	int64_t load = y->row->load - y->model->load_spread + spread;
	int64_t hours_milli = year_weekly_milli(y) * PERCENT / load;
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

void year_open_prison(struct year *y, struct arena *arena)
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
		if (year_is_working(d))
			open_day(y, d, hours_of_day(weekly, d), social_steps(y, weekly));
}

/* ---- people ---- */

static int need_minutes(const struct year *y, int64_t key)
{
	static const int HEAVY[SIM_NEEDS] = { 5, 25, 20, 50, 0, 0 };
	static const int HOUR[SIM_NEEDS] = { 0, 0, 0, 100, 0, 0 };
	static const int *const MIXES[MIX_COUNT] = { [MIX_HEAVY] = HEAVY, [MIX_HOUR] = HOUR };
	const int *needs = MIXES[y->row->mix] ? MIXES[y->row->mix] : y->model->needs;
	int64_t at = year_draw(y, LUCK_NEED, key, 0, PERCENT);
	for (size_t i = 0; i < SIM_NEEDS; i++) {
		at -= needs[i];
		if (at < 0)
			return WAITING_LENGTHS[i];
	}
	return WAITING_LENGTHS[SIM_NEEDS - 1];
}

struct waiting_need year_need_of(const struct year *y, int64_t key, int *class)
{
	const struct sim_model *m = y->model;
	int64_t at = year_draw(y, LUCK_CLASS, key, 0, PERCENT);
	struct waiting_need need = { .kind = VISIT_LEGAL,
				     .asked_at = year_wall_of(y, y->now),
				     .minutes = y->row->fixed ? 60 : need_minutes(y, key) };
	*class = at < m->urgent ? WAITING_URGENT
				: (at < m->urgent + m->dated ? WAITING_DATED : WAITING_ROUTINE);
	if (*class == WAITING_ROUTINE)
		return need;
	int64_t days = m->urgent_deadline_days;
	if (*class == WAITING_DATED)
		days =
		    m->dated_min + year_draw(y, LUCK_DATE, key, 0, m->dated_max - m->dated_min + 1);
	need.cause = *class == WAITING_URGENT ? WAITING_FOR_BAIL : WAITING_FOR_PAROLE;
	need.deadline = waiting_list_date(y->list, year_working_after(year_today(y), days));
	return need;
}

bool year_is_counted(const struct year *y)
{
	return year_today(y) >= y->first_counted;
}

/* The hours of a day in which the lawyer, or the prisoner, cannot: a byte of luck for each of eight. */
static unsigned hours_lost(const struct year *y, enum luck who, int64_t key, size_t day)
{
	int clash = y->row->clash ? y->row->clash : y->model->clash;
	unsigned limit = (unsigned)(who == LUCK_LAWYER ? clash : y->model->regime) * 256 / PERCENT;
	uint64_t luck = (uint64_t)year_draw(y, who, key, (int64_t)day, INT64_MAX);
	unsigned lost = 0;
	for (unsigned h = 0; h < HOURS; h++)
		lost |= (unsigned)((luck >> (7 * h) & 127) * 2 < limit) << h;
	return lost;
}

bool year_cannot(const struct year *y, enum luck who, int64_t key, size_t day, int hour)
{
	return hours_lost(y, who, key, day) >> (hour - OPEN_MINUTE / 60) & 1;
}

void year_fill_busy(struct year *y, int64_t key, size_t days, bool lawyer_too)
{
	for (size_t d = 0; d < days; d++) {
		size_t day = year_today(y) + d;
		y->busy[d] = (struct day_steps){ 0 };
		if (d < (size_t)y->row->first_day || !year_is_working(day)) {
			y->busy[d] = day_from(0);
			continue;
		}
		for (int h = OPEN_MINUTE / 60; h < CLOSE_MINUTE / 60; h++)
			if (year_cannot(y, LUCK_REGIME, key, day, h) ||
			    (lawyer_too && year_cannot(y, LUCK_LAWYER, key, day, h)))
				day_set(&y->busy[d], h * HOUR_STEPS, HOUR_STEPS);
	}
}

bool year_lawyer_can(const struct year *y, int64_t key, const struct list_time *t, int minutes)
{
	int end = t->start + minutes / DAY_STEP_MINUTES;
	for (int h = t->start / HOUR_STEPS; h * HOUR_STEPS < end; h++)
		if (year_cannot(y, LUCK_LAWYER, key, t->day, h))
			return false;
	return true;
}
