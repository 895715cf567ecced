#include "service/waste.h"

#include "domain/session.h"
#include "domain/waiting/publish.h"
#include "domain/waiting/week_account.h"
#include "service/service_priv.h"
#include "store/closure.h"
#include "store/prison.h"
#include "store/room.h"
#include "store/session_template.h"
#include "store/statistics.h"
#include "store/terminal.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_INSPECTOR),
	DAYS = 7,
};

/* The prison in that week. */
struct place_facts_of_week {
	struct policy policy;
	struct store_session_templates sessions;
	struct store_exclude_dates excludes;
	struct store_terminals terminals;
	struct store_rooms rooms;
	struct store_room_usages usages;
	struct store_place_blocks blocks;
	struct store_visit_facts visits;
};

static enum err load(struct service *service, struct arena *arena, struct prison_code prison,
		     struct date monday, struct place_facts_of_week *f)
{
	struct store *store = service->store;
	struct wall from = local_midnight(monday);
	struct wall to = local_midnight(date_add_days(monday, DAYS));
	enum err err = policy_load(service, prison, &f->policy);
	if (err == OK)
		err = store_session_template_list(store, arena, prison, &f->sessions);
	if (err == OK)
		err = store_exclude_date_list(store, arena, prison, monday,
					      date_add_days(monday, DAYS - 1), &f->excludes);
	if (err == OK)
		err = store_terminal_list(store, arena, prison, &f->terminals);
	if (err == OK)
		err = store_room_list(store, arena, prison, &f->rooms);
	if (err == OK)
		err = store_room_usage_list(store, arena, prison, &f->usages);
	if (err == OK)
		err = store_place_block_list(store, arena, prison, from, to, &f->blocks);
	if (err == OK)
		err = store_visit_facts(store, arena, prison, from, to, &f->visits);
	return err;
}

static bool excluded(const struct place_facts_of_week *f, struct date day,
		     const struct session_template *session)
{
	for (size_t i = 0; i < f->excludes.count; i++) {
		const struct exclude_date *e = &f->excludes.list[i];
		if (date_compare(e->day, day) == 0 &&
		    (!e->session.n || e->session.n == session->id.n))
			return true;
	}
	return false;
}

/* No kind of visit can be held there then. */
static bool closed(const struct place_facts_of_week *f, const struct terminal *terminal,
		   struct wall start)
{
	struct room_question question = { .terminal = terminal->id,
					  .start = start,
					  .minutes = DAY_STEP_MINUTES };
	for (size_t i = 0; i < f->rooms.count; i++)
		if (f->rooms.list[i].id.n == terminal->room.n)
			question.room = &f->rooms.list[i];
	for (unsigned kind = 0; kind < VISIT_KIND_COUNT && question.room; kind++) {
		question.kind = (enum visit_kind)kind;
		if (room_is_open(room_answer(&question, f->blocks.list, f->blocks.count,
					     f->usages.list, f->usages.count)))
			return false;
	}
	return true;
}

/* One terminal's day, and how the session's places are given out. */
struct place_day {
	const struct terminal *terminal;
	struct terminal_day day;
	bool has_visit;
};

static void open_session(const struct place_facts_of_week *f,
			 const struct session_template *session, struct place_day *place)
{
	int from = session->start_minute / DAY_STEP_MINUTES;
	int to = session->end_minute / DAY_STEP_MINUTES;
	bool no_visits = excluded(f, place->day.date, session);
	day_set(&place->day.sessions, from, to - from);
	for (int s = from; s < to; s++) {
		struct wall at;
		(void)local_to_wall(place->day.date, s * DAY_STEP_MINUTES, &at);
		if (no_visits || closed(f, place->terminal, at))
			day_set(&place->day.blocked, s, 1);
	}
}

/* A session opens no more terminals than it has places: those that were used before the others. */
static void open_places(const struct place_facts_of_week *f, const struct session_template *session,
			struct place_day *places, size_t count)
{
	int left =
	    session->open_capacity == SESSION_CAPACITY_NONE ? (int)count : session->open_capacity;
	for (int used = 1; used >= 0; used--)
		for (size_t i = 0; i < count && left > 0; i++) {
			struct place_day *p = &places[i];
			if (p->has_visit != (used == 1) ||
			    (session->room.n && session->room.n != p->terminal->room.n))
				continue;
			open_session(f, session, p);
			left--;
		}
}

static struct day_steps hours_of(const struct policy *policy, struct date day)
{
	struct day_steps hours = { 0 };
	int64_t from = policy->values[POLICY_HOURS_FROM_MINUTE] / DAY_STEP_MINUTES;
	int64_t to = policy->values[POLICY_HOURS_UNTIL_MINUTE] / DAY_STEP_MINUTES;
	if (date_weekday(day) <= policy->values[POLICY_HOURS_DAYS] && to > from)
		day_set(&hours, (int)from, (int)(to - from));
	return hours;
}

static struct day_steps past_of(struct wall now, struct date day)
{
	struct local_time local = local_of(now);
	int before = date_compare(day, local.date);
	struct day_steps past = { 0 };
	if (before < 0)
		day_set(&past, 0, DAY_STEPS);
	else if (before == 0)
		day_set(&past, 0, local.minute / DAY_STEP_MINUTES);
	return past;
}

/* The visits of a terminal on a day. */
static void give_visits(struct arena *arena, const struct store_visit_facts *visits,
			struct place_day *place)
{
	struct visit_fact *own = arena_new(arena, visits->count + 1, sizeof *own);
	for (size_t i = 0; i < visits->count; i++) {
		const struct visit_fact *v = &visits->list[i];
		if (v->terminal.n != place->terminal->id.n ||
		    date_compare(local_date(v->start), place->day.date) != 0)
			continue;
		place->has_visit |= v->state != VISIT_CANCELLED;
		own[place->day.visit_count++] = *v;
	}
	place->day.visits = own;
}

static void add_day(struct service *service, struct arena *arena,
		    const struct place_facts_of_week *f, struct date date,
		    struct diagnosis_week *week)
{
	struct place_day *places = arena_new(arena, f->terminals.count + 1, sizeof *places);
	size_t count = 0;
	for (size_t i = 0; i < f->terminals.count; i++) {
		struct place_day place = { .terminal = &f->terminals.list[i],
					   .day = { .date = date,
						    .hours = hours_of(&f->policy, date),
						    .past = past_of(service->now, date) } };
		give_visits(arena, &f->visits, &place);
		if (place.terminal->active || place.has_visit)
			places[count++] = place;
	}
	for (size_t s = 0; s < f->sessions.count; s++)
		if (session_runs_on(&f->sessions.list[s], date))
			open_places(f, &f->sessions.list[s], places, count);
	for (size_t i = 0; i < count; i++)
		week_account_add(week, &places[i].day, &f->policy);
}

enum err waste_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct prison_code prison, struct date day, struct waste *out)
{
	struct place_facts_of_week *facts = arena_new(arena, 1, sizeof *facts);
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	struct waste waste = { 0 };
	if (!date_valid(day))
		return ERR_BAD;
	waste.monday = date_add_days(day, 1 - date_weekday(day));
	struct wall from = local_midnight(waste.monday);
	struct wall to = local_midnight(date_add_days(waste.monday, DAYS));
	if (from.s > service->now.s)
		return ERR_BAD;
	waste.so_far = to.s > service->now.s;
	enum err err = store_prison_find(service->store, arena, prison, &waste.prison);
	if (err == OK)
		err = load(service, arena, prison, waste.monday, facts);
	if (err == OK)
		err = store_demand(service->store, prison, from, to, &waste.week.asked_minutes,
				   &waste.week.queued_minutes);
	if (err != OK)
		return err;
	for (int d = 0; d < DAYS; d++)
		add_day(service, arena, facts, date_add_days(waste.monday, d), &waste.week);
	if (prison_code_empty(actor->prison)) {
		waste.step = publish_minutes_step(&facts->policy);
		waste.week = publish_week(&facts->policy, &waste.week);
	}
	waste.diagnosis = diagnosis_of(&waste.week);
	*out = waste;
	return OK;
}
