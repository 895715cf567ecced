#include <limits.h>

#include "service/plan_priv.h"

#include "domain/line.h"
#include "domain/waiting/fence.h"
#include "store/kept.h"

enum {
	TURN_MINUTES_MAX = 30, /* the rule turn_minutes is at most that (domain/policy.c) */
};

struct place_own plan_own(const struct service *service, const struct plan_query *query)
{
	return (struct place_own){ .visit = query->own_visit,
				   .application = query->own_application,
				   .now = service->now };
}

struct place_range plan_places_range(const struct plan_query *query)
{
	struct place_range range = { query->from, query->to };
	if (query->kind != VISIT_LEGAL) { /* and whose turn-round reaches into it */
		range.from = wall_add_s(range.from, -(int64_t)TURN_MINUTES_MAX * 60);
		return range;
	}
	struct wall last = { query->to.s > query->from.s ? query->to.s - 1 : query->from.s };
	range.from = local_midnight(local_date(query->from));
	range.to = local_midnight(date_add_days(local_date(last), 1));
	return range;
}

/* ---- the rules, now and later ---- */

/* The next moment after at_s at which a rule changes; INT64_MAX: none. */
static int64_t next_change(const struct store_policy_rows *rows, int64_t at_s)
{
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].valid_from_s > at_s && rows->list[i].valid_from_s < next)
			next = rows->list[i].valid_from_s;
	return next;
}

/* How often they change until then, and one: for now. */
static size_t rules_count(const struct store_policy_rows *rows, int64_t from_s, int64_t to_s)
{
	size_t count = 1;
	for (int64_t at_s = next_change(rows, from_s); at_s < to_s; at_s = next_change(rows, at_s))
		count++;
	return count;
}

static enum err load_rules(struct service *service, struct arena *arena,
			   const struct plan_query *query, struct plan *plan)
{
	struct plan_times *times = &plan->times;
	struct store_policy_rows rows = { 0 };
	enum err err = store_policy_values(service->store, arena, plan->prison.code, &rows);
	if (err != OK)
		return err;
	times->rules =
	    arena_new(arena, rules_count(&rows, service->now.s, query->to.s), sizeof *times->rules);
	for (int64_t at_s = service->now.s; at_s < query->to.s || !times->rules_count;
	     at_s = next_change(&rows, at_s)) {
		struct plan_rules *next = &times->rules[times->rules_count];
		next->from_s = at_s;
		if (!policy_in_force(rows.list, rows.count, at_s, &next->policy))
			break;
		times->rules_count++;
	}
	return OK;
}

const struct policy *plan_policy(const struct plan *plan, struct wall at)
{
	const struct plan_times *times = &plan->times;
	for (size_t i = times->rules_count; i > 0; i--)
		if (times->rules[i - 1].from_s <= at.s || i == 1)
			return &times->rules[i - 1].policy;
	return NULL;
}

struct session_lengths plan_lengths(const struct plan *plan)
{
	struct session_lengths all = { .min = INT_MAX, .max = 0 };
	for (size_t i = 0; i < plan->times.rules_count; i++) {
		struct session_lengths l = policy_lengths(&plan->times.rules[i].policy, plan->kind);
		all.min = l.min < all.min ? l.min : all.min;
		all.max = l.max > all.max ? l.max : all.max;
	}
	if (all.max)
		all.max += plan->people.longer_minutes;
	return all;
}

/* ---- loading ---- */

static enum err load_layout(struct service *service, struct arena *arena, struct plan *plan)
{
	struct layout layout = { 0 };
	enum err err = store_layout_find(service->store, arena, plan->prison.code, &layout);
	if (err != OK)
		return err;
	plan->prison = layout.prison;
	plan->times.templates = layout.templates;
	plan->times.terminals = layout.terminals;
	plan->times.rooms = layout.rooms;
	plan->times.usages = layout.usages;
	return OK;
}

static void find_longest(struct plan_times *times)
{
	for (size_t i = 0; i < times->uses.count; i++)
		if (times->uses.list[i].minutes > times->longest_use_minutes)
			times->longest_use_minutes = times->uses.list[i].minutes;
}

enum err plan_times_load(struct service *service, struct arena *arena,
			 const struct plan_query *query, struct plan *plan)
{
	struct store *store = service->store;
	struct plan_times *times = &plan->times;
	struct prison_code prison = plan->prison.code;
	struct place_own own = plan_own(service, query);
	struct place_range range = plan_places_range(query);
	enum err err = load_rules(service, arena, query, plan);
	if (err == OK)
		err = load_layout(service, arena, plan);
	if (err == OK)
		err = store_exclude_date_list(store, arena, prison, local_date(query->from),
					      local_date(query->to), &times->excludes);
	if (err == OK)
		err = store_place_block_list(store, arena, prison, range.from, range.to,
					     &times->blocks);
	if (err == OK)
		err = store_place_use_list(store, arena, prison, range.from, range.to, &own,
					   &times->uses);
	find_longest(times);
	return err;
}

void plan_times_ask(struct service *service, struct arena *arena, const struct plan_query *query,
		    const struct plan *plan)
{
	struct store *store = service->store;
	struct plan_times times = { 0 };
	struct place_own own = plan_own(service, query);
	struct place_range range = plan_places_range(query);
	const struct prisoner *prisoner = &plan->prisoner;
	store_asked(store_exclude_date_list(store, arena, prisoner->prison, local_date(query->from),
					    local_date(query->to), &times.excludes));
	store_asked(store_place_block_list(store, arena, prisoner->prison, range.from, range.to,
					   &times.blocks));
	store_asked(store_place_use_list(store, arena, prisoner->prison, range.from, range.to, &own,
					 &times.uses));
	store_asked(store_location_is_transitional(store, prisoner->wing, &times.transitional));
}

enum err plan_prisoner_load(struct service *service, struct arena *arena,
			    const struct plan_query *query, struct plan *plan)
{
	struct plan_times *times = &plan->times;
	struct store_regime_events all = { 0 };
	enum err err = store_location_is_transitional(service->store, plan->prisoner.wing,
						      &times->transitional);
	if (err == OK)
		err = store_regime_event_list(service->store, arena, plan->prisoner.id, query->from,
					      query->to, &all);
	times->events = (struct store_regime_events){ .list = all.list };
	for (size_t i = 0; i < all.count; i++)
		if (all.list[i].hides)
			times->events.list[times->events.count++] = all.list[i];
	return err;
}

/* ---- the facts of a time ---- */

static struct wall end_of(struct wall start, int minutes)
{
	return wall_add_s(start, (int64_t)minutes * 60);
}

bool plan_regime_clash(const struct plan *plan, struct wall start, int minutes)
{
	const struct store_regime_events *events = &plan->times.events;
	for (size_t i = 0; i < events->count; i++)
		if (time_overlaps(start, end_of(start, minutes), events->list[i].from,
				  events->list[i].to))
			return true;
	return false;
}

static const struct room *room_of(const struct plan_times *times, struct room_id id)
{
	for (size_t i = 0; i < times->rooms.count; i++)
		if (times->rooms.list[i].id.n == id.n)
			return &times->rooms.list[i];
	return NULL;
}

static enum room_answer terminal_answer(const struct plan *plan, const struct terminal *terminal,
					enum visit_kind kind, struct wall start, int minutes)
{
	const struct plan_times *times = &plan->times;
	struct room_question question = { .room = room_of(times, terminal->room),
					  .terminal = terminal->id,
					  .kind = kind,
					  .start = start,
					  .minutes = minutes };
	if (!terminal->active || !question.room)
		return ROOM_INACTIVE;
	return room_answer(&question, times->blocks.list, times->blocks.count, times->usages.list,
			   times->usages.count);
}

bool plan_terminal_open(const struct plan *plan, const struct terminal *terminal,
			enum visit_kind kind, struct wall start, int minutes)
{
	return room_is_open(terminal_answer(plan, terminal, kind, start, minutes));
}

/* The uses that overlap a time: a walk over those that may. */
struct overlap {
	size_t at;
	struct wall start;
	struct wall end;
};

/* The first use that begins late enough to reach into the time. */
static struct overlap overlap_of(const struct plan_times *times, struct wall start, int minutes)
{
	struct wall earliest = wall_add_s(start, -(int64_t)times->longest_use_minutes * 60);
	size_t low = 0, high = times->uses.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (times->uses.list[middle].start.s < earliest.s)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct overlap){ .at = low, .start = start, .end = end_of(start, minutes) };
}

static const struct place_use *overlap_next(const struct plan_times *times, struct overlap *overlap)
{
	while (overlap->at < times->uses.count) {
		const struct place_use *use = &times->uses.list[overlap->at];
		if (use->start.s >= overlap->end.s)
			return NULL;
		overlap->at++;
		if (time_overlaps(use->start, end_of(use->start, use->minutes), overlap->start,
				  overlap->end))
			return use;
	}
	return NULL;
}

static bool is_taken(const struct plan_times *times, const struct terminal *terminal,
		     struct wall start, int minutes)
{
	struct overlap overlap = overlap_of(times, start, minutes);
	const struct place_use *use;
	while ((use = overlap_next(times, &overlap)))
		if (use->terminal.n == terminal->id.n)
			return true;
	return false;
}

/* A legal visit has ended there, and its turn-round has not. */
static bool is_turning(const struct plan *plan, const struct terminal *terminal,
		       const struct booking_facts *facts)
{
	const struct plan_times *times = &plan->times;
	int turn = (int)facts->today.values[POLICY_TURN_MINUTES];
	struct overlap overlap =
	    overlap_of(times, wall_add_s(facts->start, -(int64_t)turn * 60), turn);
	const struct place_use *use;
	while ((use = overlap_next(times, &overlap)))
		if (use->kind == VISIT_LEGAL && use->terminal.n == terminal->id.n)
			return true;
	return false;
}

/* Whoever comes next waits for the turn-round of a legal visit; one that follows a family does not. */
static bool is_turn_short(const struct plan *plan, const struct terminal *terminal,
			  const struct booking_facts *facts)
{
	if (plan->kind != VISIT_LEGAL)
		return is_turning(plan, terminal, facts);
	return plan_legal_turn_short(plan, terminal, facts->start, facts->minutes);
}

/* What is booked at once in the slot, by what limits it. */
static void count_places(const struct plan *plan, const struct session_template *session,
			 struct booking_facts *facts)
{
	const struct plan_times *times = &plan->times;
	struct overlap overlap = overlap_of(times, facts->start, facts->minutes);
	const struct place_use *use;
	struct line_use taken = { 0 };
	int in_session = 0, closed = 0;
	while ((use = overlap_next(times, &overlap))) {
		taken.signing += use->signs;
		taken.usual += !use->signs;
		closed += use->closed;
		in_session +=
		    session && use->session.n == session->id.n && use->closed == facts->closed;
	}
	int capacity = SESSION_CAPACITY_NONE;
	if (session)
		capacity = facts->closed ? session->closed_capacity : session->open_capacity;
	facts->place.places_left =
	    capacity == SESSION_CAPACITY_NONE ? INT_MAX : capacity - in_session;
	facts->place.closed_left = (int)facts->policy.values[POLICY_CLOSED_VISITS_MAX] - closed;
	facts->place.calls_left = line_calls_left(&facts->policy, taken, facts->signs);
}

/* A free terminal: in a room kept for this kind before a shared one, with a turn-round before one without. */
static const struct terminal *find_place(const struct plan *plan,
					 const struct session_template *session,
					 struct booking_facts *facts)
{
	const struct plan_times *times = &plan->times;
	const struct terminal *shared = NULL, *tight = NULL;
	for (size_t i = 0; i < times->terminals.count; i++) {
		const struct terminal *terminal = &times->terminals.list[i];
		if (session && session->room.n && session->room.n != terminal->room.n)
			continue;
		enum room_answer answer =
		    terminal_answer(plan, terminal, facts->kind, facts->start, facts->minutes);
		if (!room_is_open(answer))
			continue;
		facts->place.place_open = true;
		if (is_taken(times, terminal, facts->start, facts->minutes))
			continue;
		if (is_turn_short(plan, terminal, facts)) {
			tight = tight ? tight : terminal;
			continue;
		}
		if (answer == ROOM_OWN &&
		    (!plan->preferred.n || plan->preferred.n == terminal->id.n))
			return terminal;
		if (plan->preferred.n == terminal->id.n)
			return terminal;
		if (!shared)
			shared = terminal;
	}
	return shared ? shared : tight;
}

static void find_excludes(const struct plan *plan, const struct session_template *session,
			  struct booking_facts *facts)
{
	const struct store_exclude_dates *excludes = &plan->times.excludes;
	struct date day = local_date(facts->start);
	for (size_t i = 0; i < excludes->count; i++) {
		const struct exclude_date *e = &excludes->list[i];
		if (date_compare(e->day, day) != 0)
			continue;
		facts->place.day_excluded |= !e->session.n;
		facts->place.session_excluded |= session && e->session.n == session->id.n;
	}
}

const struct terminal *plan_times_facts(const struct plan *plan,
					const struct session_template *session,
					struct booking_facts *facts)
{
	unsigned client = facts->by == BY_FAMILY ? SESSION_FAMILY : SESSION_STAFF;
	if (facts->kind == VISIT_LEGAL) /* whoever is a lawyer may book what is for lawyers */
		client = SESSION_FAMILY | SESSION_STAFF;
	facts->place = (struct place_facts){ .prison_ready = plan->prison.ready,
					     .session_held = session != NULL };
	if (session) {
		facts->place.kind_admitted =
		    release_covers(&facts->today, session->kinds, facts->kind, facts->now,
				   end_of(facts->start, facts->minutes));
		facts->place.client_admitted = (session->clients & client) != 0;
		facts->place.prisoner_admitted =
		    session_admits(session, &plan->prisoner, plan->times.transitional);
	}
	find_excludes(plan, session, facts);
	count_places(plan, session, facts);
	const struct terminal *terminal = find_place(plan, session, facts);
	facts->place.terminal_free = terminal != NULL;
	if (terminal) {
		facts->place.kept = plan_legal_kept(plan, terminal, facts->start, facts->minutes);
		facts->place.turn_short = is_turn_short(plan, terminal, facts);
	}
	return terminal;
}
