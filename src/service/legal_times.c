#include "base/assert.h"
#include "domain/waiting/fence.h"
#include "domain/waiting/fit.h"
#include "service/legal_priv.h"
#include "service/plan_priv.h"

enum {
	STEP_S = DAY_STEP_MINUTES * 60,
	PER_DAY = 6, /* times of a day that are shown */
	SHORTEST_MINUTES = 15,
};

/* One terminal and its days. */
struct terminal_days {
	const struct terminal *terminal;
	struct day_steps free[FIT_DAYS_MAX];
	struct day_steps shut[FIT_DAYS_MAX]; /* no session there, and nobody */
};

/* Time of the lawyers' own, or given to them because nobody else has taken it. */
static bool released(const struct plan *plan, const struct session_template *session,
		     struct wall end)
{
	const struct policy *today = plan_policy(plan, plan->service->now);
	return release_covers(today, session->kinds, VISIT_LEGAL, plan->service->now, end);
}

/* Those that are open for a legal visit, and of a released session those before its time is kept again. */
static void open_session(const struct plan *plan, const struct session_template *session,
			 struct date date, struct terminal_days *t, struct day_steps *day)
{
	int minutes = session->end_minute - session->start_minute;
	struct wall start;
	if (session->room.n && session->room.n != t->terminal->room.n)
		return;
	(void)local_to_wall(date, session->start_minute, &start);
	if (released(plan, session, wall_add_s(start, minutes * 60)) &&
	    plan_terminal_open(plan, t->terminal, VISIT_LEGAL, start, minutes)) {
		day_set(day, session->start_minute / DAY_STEP_MINUTES, minutes / DAY_STEP_MINUTES);
		return;
	}
	for (int m = session->start_minute; m < session->end_minute; m += DAY_STEP_MINUTES) {
		struct wall step = wall_add_s(start, (m - session->start_minute) * 60);
		if (released(plan, session, wall_add_s(step, STEP_S)) &&
		    plan_terminal_open(plan, t->terminal, VISIT_LEGAL, step, DAY_STEP_MINUTES))
			day_set(day, m / DAY_STEP_MINUTES, 1);
	}
}

static int step_of(struct wall at)
{
	return local_of(at).minute / DAY_STEP_MINUTES;
}

/* What visits and holds take, and the turn-round after legal ones. */
static void take_uses(const struct plan *plan, int64_t first, size_t days, int turn,
		      struct terminal_days *t, int *taken)
{
	for (size_t i = 0; i < plan->times.uses.count; i++) {
		const struct place_use *use = &plan->times.uses.list[i];
		int64_t day = date_to_days(local_date(use->start)) - first;
		if (use->terminal.n != t->terminal->id.n || day < 0 || day >= (int64_t)days)
			continue;
		int steps = (use->minutes + DAY_STEP_MINUTES - 1) / DAY_STEP_MINUTES;
		steps += use->kind == VISIT_LEGAL ? turn : 0;
		day_clear(&t->free[day], step_of(use->start), steps);
		day_clear(&t->shut[day], step_of(use->start), steps);
		taken[day] += use->kind == VISIT_LEGAL ? steps : 0;
	}
}

static void busy_days(const struct plan *plan, int64_t first, size_t days, struct day_steps *busy)
{
	struct wall until = local_midnight(date_of_days(first + (int64_t)days));
	struct wall from = local_midnight(date_of_days(first));
	for (struct wall at = from; at.s < until.s; at.s += STEP_S) {
		bool free = store_quanta_free(&plan->people.prisoner_taken, at, DAY_STEP_MINUTES);
		for (size_t i = 0; i < plan->people.person_count && free; i++)
			free =
			    store_quanta_free(&plan->people.person_taken[i], at, DAY_STEP_MINUTES);
		if (free && !plan_regime_clash(plan, at, DAY_STEP_MINUTES))
			continue;
		int64_t day = date_to_days(local_date(at)) - first;
		if (day >= 0 && day < (int64_t)days)
			day_set(&busy[day], step_of(at), 1);
	}
}

/* The diary of a prison, as domain/waiting sees it. */
struct legal_diary {
	size_t days;
	size_t count;
	struct terminal_days *terminals;
	struct fit_place places[FIT_PLACES_MAX];
	struct day_steps busy[FIT_DAYS_MAX];
	int open[FIT_DAYS_MAX];
	int taken[FIT_DAYS_MAX];
	int left[FIT_DAYS_MAX];
};

/* The sessions of one day: released ones too, but the fences count only the lawyers' own. */
static int open_day(const struct plan *plan, struct date date, struct terminal_days *t,
		    struct day_steps *day)
{
	const struct store_session_templates *templates = &plan->times.templates;
	int own = 0;
	for (size_t s = 0; s < templates->count; s++)
		if (session_is_for(&templates->list[s], VISIT_LEGAL) &&
		    session_runs_on(&templates->list[s], date))
			open_session(plan, &templates->list[s], date, t, day);
	own = day_count(day);
	for (size_t s = 0; s < templates->count; s++)
		if (!session_is_for(&templates->list[s], VISIT_LEGAL) &&
		    session_runs_on(&templates->list[s], date))
			open_session(plan, &templates->list[s], date, t, day);
	return own;
}

/* When no session of any kind can bring somebody to the terminal. */
static struct day_steps shut_on(const struct plan *plan, struct date date,
				const struct terminal *terminal)
{
	const struct store_session_templates *templates = &plan->times.templates;
	struct day_steps sessions = { 0 };
	for (size_t s = 0; s < templates->count; s++) {
		const struct session_template *t = &templates->list[s];
		if ((!t->room.n || t->room.n == terminal->room.n) && session_runs_on(t, date))
			day_set(&sessions, t->start_minute / DAY_STEP_MINUTES,
				(t->end_minute - t->start_minute) / DAY_STEP_MINUTES);
	}
	return day_inverse(sessions);
}

static void fill_terminals(const struct plan *plan, int64_t first, int turn, struct legal_diary *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct terminal_days *t = &d->terminals[i];
		for (size_t day = 0; day < d->days; day++) {
			struct date date = date_of_days(first + (int64_t)day);
			d->open[day] += open_day(plan, date, t, &t->free[day]);
			t->shut[day] = shut_on(plan, date, t->terminal);
		}
		take_uses(plan, first, d->days, turn, t, d->taken);
		d->places[i].free = t->free;
		d->places[i].shut = t->shut;
	}
}

static void fill_left(const struct policy *policy, const struct legal_times *found, int64_t first,
		      struct legal_diary *d)
{
	struct date today = date_of_days(first);
	struct fence_ask ask = { .class = found->class };
	if (found->need.deadline.year)
		ask.deadline_days = working_days_between(today, found->need.deadline);
	for (size_t day = 0; day < d->days; day++) {
		ask.lead_days = working_days_between(today, date_of_days(first + (int64_t)day));
		d->left[day] = DAY_STEPS * FIT_PLACES_MAX;
		if (fence_percent(policy, &ask))
			d->left[day] = (int)fence_left(policy, &ask, d->open[day], d->taken[day]);
	}
}

/* Those that fit, and that every rule allows. */
static void choose(const struct plan *plan, const struct legal_diary *d,
		   const struct policy *policy, int64_t first, struct legal_times *out)
{
	struct fit fits[FIT_DAYS_MAX * PER_DAY];
	struct wall soonest =
	    wall_add_s(plan->service->now, policy->values[POLICY_LEGAL_NOTICE_MINUTES] * 60);
	int turn = (int)policy->values[POLICY_TURN_MINUTES] / DAY_STEP_MINUTES;
	const struct fit_ask ask = { .steps = out->need.minutes / DAY_STEP_MINUTES,
				     .turn_steps = turn,
				     .shortest_steps = SHORTEST_MINUTES / DAY_STEP_MINUTES,
				     .grid_steps = 1,
				     .day_count = d->days,
				     .busy = d->busy,
				     .left_steps = d->left };
	size_t n = fit_find(&ask, d->places, d->count, fits, ARRAY_LEN(fits), PER_DAY);
	for (size_t i = 0; i < n && out->count < LEGAL_TIMES_MAX; i++) {
		struct wall start;
		enum local_naming naming = local_to_wall(date_of_days(first + (int64_t)fits[i].day),
							 fits[i].start * DAY_STEP_MINUTES, &start);
		if (naming == LOCAL_GAP || start.s < soonest.s ||
		    !verdict_clean(plan_choose(plan, start, out->need.minutes).verdict))
			continue;
		out->times[out->count++] =
		    (struct legal_time){ start, d->terminals[fits[i].place].terminal->id };
	}
}

static void block_past(struct wall soonest, int64_t first, struct legal_diary *d)
{
	struct local_time local = local_of(soonest);
	int64_t day = date_to_days(local.date) - first;
	for (int64_t i = 0; i < day && i < (int64_t)d->days; i++)
		d->busy[i] = day_from(0);
	if (day >= 0 && day < (int64_t)d->days)
		day_set(&d->busy[day], 0, (local.minute + DAY_STEP_MINUTES - 1) / DAY_STEP_MINUTES);
}

/* From when on times are looked for. */
static struct wall first_start(const struct service *service, const struct policy *policy,
			       struct date from)
{
	struct wall soonest =
	    wall_add_s(service->now, policy->values[POLICY_LEGAL_NOTICE_MINUTES] * 60);
	struct wall day = from.year ? local_midnight(from) : soonest;
	return day.s > soonest.s ? day : soonest;
}

enum err legal_fill_times(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct policy *policy, struct visit_id own, struct legal_times *out)
{
	int64_t first = date_to_days(local_date(service->now));
	struct legal_diary *d = arena_new(arena, 1, sizeof *d);
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	d->days = (size_t)policy->values[POLICY_WINDOW_DAYS] + 1;
	d->days = d->days < FIT_DAYS_MAX ? d->days : FIT_DAYS_MAX;
	struct plan_query query = {
		.kind = VISIT_LEGAL,
		.prisoner = out->prisoner.id,
		.person_count = out->person_count,
		.persons = out->persons,
		.from = local_midnight(local_date(service->now)),
		.to = local_midnight(date_of_days(first + (int64_t)d->days)),
		.own_visit = own,
	};
	enum err err = plan_load(service, actor, arena, &query, plan);
	if (err != OK || !plan->times.rules_count)
		return err;
	out->prison_name = plan->prison.name;
	out->party = verdict_first(plan_party(plan, service->now));
	const struct store_terminals *terminals = &plan->times.terminals;
	d->count = terminals->count < FIT_PLACES_MAX ? terminals->count : FIT_PLACES_MAX;
	d->terminals = arena_new(arena, d->count + 1, sizeof *d->terminals);
	for (size_t i = 0; i < d->count; i++)
		d->terminals[i].terminal = &terminals->list[i];
	fill_terminals(plan, first, (int)policy->values[POLICY_TURN_MINUTES] / DAY_STEP_MINUTES, d);
	fill_left(policy, out, first, d);
	busy_days(plan, first, d->days, d->busy);
	block_past(first_start(service, policy, out->from), first, d);
	choose(plan, d, policy, first, out);
	return OK;
}
