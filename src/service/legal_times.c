#include "base/assert.h"
#include "domain/waiting/fit.h"
#include "service/legal_priv.h"
#include "service/plan_priv.h"

enum {
	STEP_S = DAY_STEP_MINUTES * 60,
	PER_DAY = 6, /* times of a day that are shown */
	SHORTEST_MINUTES = 15,
};

static int step_of(struct wall at)
{
	return local_of(at).minute / DAY_STEP_MINUTES;
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
	struct day_steps *free; /* [place * days + day] */
	struct day_steps *shut;
	struct fit_place places[FIT_PLACES_MAX];
	struct day_steps busy[FIT_DAYS_MAX];
};

/* What plan_choose() would say no to by fence or turn-round need not be looked at. */
static void fill_places(const struct plan *plan, int minutes, struct legal_diary *d)
{
	bool fenced[FIT_DAYS_MAX];
	for (size_t day = 0; day < d->days; day++)
		fenced[day] = plan_legal_fenced(plan, day, minutes);
	for (size_t i = 0; i < d->count; i++) {
		struct day_steps *free = &d->free[i * d->days], *shut = &d->shut[i * d->days];
		for (size_t day = 0; day < d->days; day++) {
			const struct place_day *at = plan_place_day(plan, i, day);
			free[day] = plan_legal_free(at);
			shut[day] = plan_legal_shut(at);
			if (fenced[day])
				free[day] = day_without(free[day], at->own);
		}
		d->places[i] = (struct fit_place){ .free = free, .shut = shut };
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
				     .busy = d->busy };
	size_t n = fit_find(&ask, d->places, d->count, fits, ARRAY_LEN(fits), PER_DAY);
	for (size_t i = 0; i < n && out->count < LEGAL_TIMES_MAX; i++) {
		struct wall start;
		enum local_naming naming = local_to_wall(date_of_days(first + (int64_t)fits[i].day),
							 fits[i].start * DAY_STEP_MINUTES, &start);
		if (naming == LOCAL_GAP || start.s < soonest.s ||
		    !verdict_clean(plan_choose(plan, start, out->need.minutes).verdict))
			continue;
		out->times[out->count++] =
		    (struct legal_time){ start, plan->times.terminals.list[fits[i].place].id };
	}
}

/* Nobody can have what comes before: whoever begins with the first step after it leaves no gap. */
static void block_past(struct wall soonest, int64_t first, struct legal_diary *d)
{
	struct local_time local = local_of(soonest);
	int64_t today = date_to_days(local.date) - first;
	int step = (local.minute + DAY_STEP_MINUTES - 1) / DAY_STEP_MINUTES;
	for (size_t place = 0; place < d->count; place++) {
		struct day_steps *free = &d->free[place * d->days];
		for (int64_t day = 0; day < today && day < (int64_t)d->days; day++)
			free[day] = (struct day_steps){ 0 };
		if (today >= 0 && today < (int64_t)d->days)
			free[today] = day_and(free[today], day_from(step));
	}
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
		.need = &out->need,
	};
	enum err err = plan_load(service, actor, arena, &query, plan);
	if (err != OK || !plan->times.rules_count)
		return err;
	out->prison_name = plan->prison.name;
	out->party = verdict_first(plan_party(plan, service->now));
	const struct store_terminals *terminals = &plan->times.terminals;
	d->count = terminals->count < FIT_PLACES_MAX ? terminals->count : FIT_PLACES_MAX;
	d->free = arena_new(arena, d->count * d->days + 1, sizeof *d->free);
	d->shut = arena_new(arena, d->count * d->days + 1, sizeof *d->shut);
	fill_places(plan, out->need.minutes, d);
	if (out->wanted.s)
		out->kept_until = plan_legal_kept_until(plan, out->wanted, out->need.minutes);
	busy_days(plan, first, d->days, d->busy);
	block_past(first_start(service, policy, out->from), first, d);
	choose(plan, d, policy, first, out);
	return OK;
}
