#include "simulate/year_priv.h"

#include "domain/waiting/again.h"

/* ---- the day of the visit ---- */

static bool line_fails(const struct year *y, const struct asker *p, size_t day)
{
	const struct sim_model *m = y->model;
	bool bad = y->prison->number >= m->prisons - m->bad_lines;
	int per_10000 = bad ? m->outage_bad_per_10000 : m->outage_per_10000;
	if (!year_chance(y, LUCK_OUTAGE, (int64_t)day, 0, per_10000, 10000))
		return false;
	return !y->row->fallback ||
	       !year_chance(y, LUCK_SAVED, p->key, p->turn, y->model->fallback, PERCENT);
}

static bool stays_away(const struct year *y, const struct asker *p, size_t day)
{
	const struct sim_model *m = y->model;
	int64_t lead = (int64_t)day - p->booked_at / DAY_MINUTES;
	int64_t milli = m->no_show_milli + lead * m->no_show_milli_day;
	milli = milli < m->no_show_milli_max ? milli : m->no_show_milli_max;
	if (y->row->reminders)
		milli = milli * m->reminded / PERCENT;
	return year_chance(y, LUCK_SHOW, p->key, p->turn, milli, 1000);
}

static enum diagnosis_term outcome(const struct year *y, const struct asker *p, size_t day)
{
	if (line_fails(y, p, day))
		return TERM_OUTAGE;
	if (p->moved)
		return TERM_NOT_PRODUCED;
	if (stays_away(y, p, day))
		return TERM_NO_SHOW;
	return year_chance(y, LUCK_PRODUCED, p->key, p->turn, y->model->not_produced_milli, 1000)
		   ? TERM_NOT_PRODUCED
		   : TERM_USED;
}

static void held(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	struct list_time time = waiting_list_entry(y->list, entry)->time;
	if (p->social) {
		y->out->social_held += year_is_counted(y);
		waiting_list_end(y->list, entry);
		return;
	}
	enum diagnosis_term term = outcome(y, p, time.day);
	if (year_is_counted(y) && time.place < y->places)
		y->out->minutes[term] += year_minutes_of(y, &time);
	if (year_is_counted(y) && time.place == y->places)
		y->out->released_minutes += year_minutes_of(y, &time);
	if (term != TERM_USED) {
		year_visit_failed(y, entry, term);
		return;
	}
	year_count_end(y, entry, time.day, true);
	waiting_list_end(y->list, entry);
}

/* ---- days ---- */

/* Released and idle time of the next days is offered to those who have a later one. */
static void offer_released(struct year *y)
{
	for (size_t d = year_today(y); d <= year_today(y) + RELEASE_AHEAD; d++) {
		for (size_t p = 0; p <= y->places; p++) {
			struct day_steps gaps = waiting_list_gaps(y->list, p, d);
			int step = day_next(&gaps, 0);
			while (step < DAY_STEPS) {
				struct list_time t = {
					.place = p, .day = d, .start = step, .steps = 1
				};
				year_offer_on(y, &t, CHAIN_MAX - 2);
				step = day_next(&gaps, step + HOUR_STEPS);
			}
		}
	}
}

/* Families ask for a day two to fourteen days ahead, or, some, for today. */
static void ask_social(struct year *y)
{
	int64_t visits_milli =
	    (int64_t)waiting_list_open_steps(y->list, VISIT_SOCIAL, year_today(y)) *
	    DAY_STEP_MINUTES * y->model->social_load * 10 / SOCIAL_MINUTES;
	int64_t n = visits_milli / 1000 + year_chance(y, LUCK_SOCIAL, (int64_t)year_today(y), -1,
						      visits_milli % 1000, 1000);
	for (int64_t i = 0; i < n; i++) {
		int64_t day = (int64_t)year_today(y);
		int64_t lead = 2 + year_draw(y, LUCK_SOCIAL, day, i, SOCIAL_LEAD_MAX - 1);
		struct list_time time;
		struct waiting_need need = { .kind = VISIT_SOCIAL,
					     .asked_at = year_wall_of(y, y->now),
					     .minutes = SOCIAL_MINUTES };
		size_t entry = year_new_entry(y, &need, -day * 100 - i, WAITING_SOCIAL);
		y->out->social_asked += year_is_counted(y);
		for (size_t d = 0; d <= SOCIAL_LEAD_MAX * 2; d++)
			y->busy[d] = (int64_t)d < lead ? day_from(0) : (struct day_steps){ 0 };
		if (waiting_list_times(y->list, entry, year_wall_of(y, y->now), y->busy,
				       SOCIAL_LEAD_MAX * 2, &time, 1, 1))
			year_take(y, entry, &time);
		else
			waiting_list_end(y->list, entry);
	}
}

static void count_day(struct year *y)
{
	size_t day = year_today(y);
	if (!year_is_counted(y))
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
	int64_t per_step_millionths = year_weekly_milli(y) * 1000 / WORK_WEEK / OPEN_STEPS;
	for (int s = 0; s < OPEN_STEPS; s++) {
		int64_t key = (int64_t)day * OPEN_STEPS + s;
		if (year_chance(y, LUCK_HOUR, key, 0, per_step_millionths, 1000000))
			year_push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES +
							   OPEN_MINUTE + s * DAY_STEP_MINUTES,
						     .kind = EVENT_ASK,
						     .turn = key });
	}
	year_push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES + AFTERNOON_MINUTE,
				     .kind = EVENT_AFTERNOON });
	year_push(y, (struct event){ .at = (int64_t)day * DAY_MINUTES + NIGHT_MINUTE,
				     .kind = EVENT_NIGHT });
	size_t next = year_next_working(day);
	if (next < y->day_count)
		year_push(y, (struct event){ .at = (int64_t)next * DAY_MINUTES + MORNING_MINUTE,
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
		plan_day(y, year_today(y));
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
		year_ask(y, e->turn);
		return;
	case EVENT_ANSWER:
		year_answered(y, e);
		return;
	case EVENT_EXPIRE:
		year_expired(y, e);
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
			year_book(y, e->subject);
	} else if (!is_stale(y, e)) {
		if (e->kind == EVENT_CANCEL)
			year_cancelled(y, e->subject);
		else if (e->kind == EVENT_RETURN)
			year_returned(y, e->subject);
		else if (e->kind == EVENT_MOVE)
			year_moved(y, e->subject);
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
		year_count_end(y, i, e->booked ? e->time.day : year_today(y), e->booked);
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
	y->entry_max =
	    y->day_count * (size_t)(year_weekly_milli(y) / 1000 * ENTRY_ROOM / WEEK + 40);
	y->giver = y->entry_max;
	y->event_max = y->entry_max * 4;
	y->people = arena_new(arena, y->entry_max, sizeof *y->people);
	y->events = arena_new(arena, y->event_max, sizeof *y->events);
	year_open_prison(y, arena);
	year_push(y, (struct event){ .at = MORNING_MINUTE, .kind = EVENT_MORNING });
	while (y->event_count) {
		struct event e = year_pop(y);
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
