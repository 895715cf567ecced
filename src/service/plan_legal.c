#include "base/assert.h"
#include "domain/waiting/fence.h"
#include "service/plan_priv.h"

enum {
	STEP_S = DAY_STEP_MINUTES * 60,
};

static int step_of(struct wall at)
{
	return local_of(at).minute / DAY_STEP_MINUTES;
}

static int turn_steps(const struct plan *plan)
{
	const struct policy *today = plan_policy(plan, plan->service->now);
	return (int)today->values[POLICY_TURN_MINUTES] / DAY_STEP_MINUTES;
}

struct place_day *plan_place_day(const struct plan *plan, size_t terminal, size_t day)
{
	ASSERT(day < plan->legal.day_count);
	return &plan->legal.list[terminal * plan->legal.day_count + day];
}

/* ---- the sessions ---- */

/* Time of the lawyers' own, or given to them because nobody else has taken it. */
static bool released(const struct plan *plan, const struct session_template *session,
		     struct wall end)
{
	const struct policy *today = plan_policy(plan, plan->service->now);
	return release_covers(today, session->kinds, VISIT_LEGAL, plan->service->now, end);
}

/* Open for a legal visit; of a released session what comes before its time is kept again. */
static void open_session(const struct plan *plan, const struct session_template *session,
			 const struct terminal *terminal, struct date date, struct day_steps *day)
{
	int minutes = session->end_minute - session->start_minute;
	struct wall start;
	(void)local_to_wall(date, session->start_minute, &start);
	if (released(plan, session, wall_add_s(start, (int64_t)minutes * 60)) &&
	    plan_terminal_open(plan, terminal, VISIT_LEGAL, start, minutes)) {
		day_set(day, session->start_minute / DAY_STEP_MINUTES, minutes / DAY_STEP_MINUTES);
		return;
	}
	for (int m = session->start_minute; m < session->end_minute; m += DAY_STEP_MINUTES) {
		struct wall step = wall_add_s(start, (int64_t)(m - session->start_minute) * 60);
		if (released(plan, session, wall_add_s(step, STEP_S)) &&
		    plan_terminal_open(plan, terminal, VISIT_LEGAL, step, DAY_STEP_MINUTES))
			day_set(day, m / DAY_STEP_MINUTES, 1);
	}
}

static void fill_sessions(const struct plan *plan, const struct terminal *terminal,
			  struct date date, struct place_day *out)
{
	const struct store_session_templates *templates = &plan->times.templates;
	struct day_steps sessions = { 0 };
	for (size_t i = 0; i < templates->count; i++) {
		const struct session_template *s = &templates->list[i];
		if ((s->room.n && s->room.n != terminal->room.n) || !session_runs_on(s, date))
			continue;
		day_set(&sessions, s->start_minute / DAY_STEP_MINUTES,
			(s->end_minute - s->start_minute) / DAY_STEP_MINUTES);
		struct day_steps hours = { 0 };
		open_session(plan, s, terminal, date, &hours);
		out->open = day_or(out->open, hours);
		if (session_is_for(s, VISIT_LEGAL))
			out->own = day_or(out->own, hours);
	}
	out->shut = day_inverse(sessions);
}

/* ---- what is taken ---- */

static size_t terminal_at(const struct plan *plan, struct terminal_id id)
{
	const struct store_terminals *terminals = &plan->times.terminals;
	size_t i = 0;
	while (i < terminals->count && terminals->list[i].id.n != id.n)
		i++;
	return i;
}

static void take_uses(const struct plan *plan)
{
	int turn = turn_steps(plan);
	for (size_t i = 0; i < plan->times.uses.count; i++) {
		const struct place_use *use = &plan->times.uses.list[i];
		int64_t day = date_to_days(local_date(use->start)) - plan->legal.first;
		size_t terminal = terminal_at(plan, use->terminal);
		if (terminal == plan->times.terminals.count || day < 0 ||
		    day >= (int64_t)plan->legal.day_count)
			continue;
		struct place_day *at = plan_place_day(plan, terminal, (size_t)day);
		int steps = (use->minutes + DAY_STEP_MINUTES - 1) / DAY_STEP_MINUTES;
		day_set(&at->taken, step_of(use->start), steps);
		if (use->kind != VISIT_LEGAL)
			continue;
		day_set(&at->turns, step_of(use->start) + steps, turn);
		day_set(&at->legal, step_of(use->start), steps + turn);
	}
}

void plan_legal_load(struct arena *arena, const struct plan_query *query, struct plan *plan)
{
	struct plan_legal *legal = &plan->legal;
	size_t terminals = plan->times.terminals.count;
	if (query->kind != VISIT_LEGAL || !plan->times.rules_count)
		return;
	struct place_range range = plan_places_range(query);
	legal->need = query->need ? *query->need : (struct waiting_need){ 0 };
	legal->need.kind = VISIT_LEGAL;
	if (!legal->need.asked_at.s)
		legal->need.asked_at = plan->service->now;
	if (!legal->need.received.s)
		legal->need.received = plan->guard.custody.admitted;
	legal->first = date_to_days(local_date(range.from));
	legal->day_count = (size_t)(date_to_days(local_date(range.to)) - legal->first);
	legal->list = arena_new(arena, terminals * legal->day_count + 1, sizeof *legal->list);
	for (size_t t = 0; t < terminals; t++)
		for (size_t d = 0; d < legal->day_count; d++)
			fill_sessions(plan, &plan->times.terminals.list[t],
				      date_of_days(legal->first + (int64_t)d),
				      plan_place_day(plan, t, d));
	take_uses(plan);
	legal->open = arena_new(arena, legal->day_count + 1, sizeof *legal->open);
	legal->taken = arena_new(arena, legal->day_count + 1, sizeof *legal->taken);
	for (size_t t = 0; t < terminals; t++)
		for (size_t d = 0; d < legal->day_count; d++) {
			const struct place_day *at = plan_place_day(plan, t, d);
			struct day_steps own = day_and(at->legal, at->own);
			legal->open[d] += day_count(&at->own);
			legal->taken[d] += day_count(&own);
		}
}

/* ---- the fence ---- */

enum waiting_class plan_legal_class(const struct plan *plan)
{
	return waiting_class_on(&plan->legal.need, plan_policy(plan, plan->service->now),
				local_date(plan->service->now));
}

bool plan_legal_fenced(const struct plan *plan, size_t day, int minutes)
{
	const struct plan_legal *legal = &plan->legal;
	const struct policy *today = plan_policy(plan, plan->service->now);
	struct fence_ask ask = fence_ask_on(&legal->need, today, local_date(plan->service->now),
					    date_of_days(legal->first + (int64_t)day));
	int wanted = minutes / DAY_STEP_MINUTES + turn_steps(plan);
	return fence_keeps(today, &ask, legal->open[day], legal->taken[day], wanted);
}

/* The day of a time in the plan; false: it is not one of them. */
static bool day_of(const struct plan *plan, struct wall start, size_t *out)
{
	int64_t day = date_to_days(local_date(start)) - plan->legal.first;
	*out = (size_t)day;
	return day >= 0 && day < (int64_t)plan->legal.day_count;
}

struct date plan_legal_kept_until(const struct plan *plan, struct wall start, int minutes)
{
	size_t day = 0;
	const struct plan_legal *legal = &plan->legal;
	if (!day_of(plan, start, &day) || !plan_legal_fenced(plan, day, minutes))
		return (struct date){ 0 };
	return fence_falls(&legal->need, plan_policy(plan, plan->service->now),
			   local_date(plan->service->now), local_date(start), legal->open[day],
			   legal->taken[day], minutes / DAY_STEP_MINUTES + turn_steps(plan));
}

/* Released time of other uses stands outside the fences. */
bool plan_legal_kept(const struct plan *plan, const struct terminal *terminal, struct wall start,
		     int minutes)
{
	size_t day = 0;
	if (plan->kind != VISIT_LEGAL || plan->promised || !day_of(plan, start, &day))
		return false;
	const struct place_day *at = plan_place_day(plan, terminal_at(plan, terminal->id), day);
	return day_has_any(&at->own, step_of(start), minutes / DAY_STEP_MINUTES) &&
	       plan_legal_fenced(plan, day, minutes);
}

/* ---- the turn-round ---- */

struct day_steps plan_legal_free(const struct place_day *at)
{
	return day_without(at->open, day_or(at->taken, at->turns));
}

struct day_steps plan_legal_shut(const struct place_day *at)
{
	return day_without(at->shut, day_or(at->taken, at->turns));
}

bool plan_legal_turn_short(const struct plan *plan, const struct terminal *terminal,
			   struct wall start, int minutes)
{
	size_t day = 0;
	int turn, first = step_of(start), steps = minutes / DAY_STEP_MINUTES;
	if (plan->kind != VISIT_LEGAL || !day_of(plan, start, &day))
		return false;
	turn = turn_steps(plan);
	const struct place_day *at = plan_place_day(plan, terminal_at(plan, terminal->id), day);
	struct day_steps after = day_or(plan_legal_free(at), plan_legal_shut(at));
	if (first + steps + turn > DAY_STEPS)
		turn = first + steps < DAY_STEPS ? DAY_STEPS - first - steps : 0;
	return day_has_any(&at->turns, first, steps) ||
	       (turn && !day_has_all(&after, first + steps, turn));
}
