#include "service/refill_look_priv.h"

#include <string.h>

#include "service/legal_priv.h"
#include "service/plan_priv.h"
#include "store/prisoner.h"
#include "store/visit.h"

enum {
	SWEPT_AT_ONCE = 2,
	SWEEP_EVERY_S = 30,
	FOUND_AGAIN_S = 3600, /* a free time that nobody could have is not found again before */
};

struct sweep {
	struct service *service;
	struct arena *arena;
	const struct waiting *waiting;
	const struct policy *policy;
	size_t asked_count;
	struct wall *asked; /* starts that were offered before */
};

static bool would_serve(const struct sweep *s, struct wall start)
{
	const struct waiting *w = s->waiting;
	struct refill_waiter waiter = { .waiting = *w };
	for (size_t i = 0; i < s->asked_count; i++)
		waiter.asked_before |= s->asked[i].s == start.s;
	struct refill_candidate c = refill_candidate_of(&waiter, start);
	return refill_may_ask(&c, s->policy, start, refill_minutes_of(w), s->service->now);
}

static enum err first_legal(const struct sweep *s, struct visit_id own, struct wall *start,
			    struct terminal_id *terminal)
{
	const struct waiting *w = s->waiting;
	struct actor booker = refill_booker(w);
	struct legal_times *times = arena_new(s->arena, 1, sizeof *times);
	times->need = w->need;
	times->need.minutes = refill_minutes_of(w);
	times->class = waiting_class_on(&w->need, s->policy, local_date(s->service->now));
	times->person_count = w->person_count;
	memcpy(times->persons, w->persons, sizeof times->persons);
	enum err err =
	    store_prisoner_find(s->service->store, s->arena, w->prisoner, &times->prisoner);
	if (err == OK)
		err = legal_fill_times(s->service, &booker, s->arena, s->policy, own, times);
	for (size_t i = 0; i < times->count && err == OK && !start->s; i++) {
		if (!would_serve(s, times->times[i].start))
			continue;
		*start = times->times[i].start;
		*terminal = times->times[i].terminal;
	}
	return err;
}

/* In the sessions of a day, as the family would book it. */
static enum err first_social(const struct sweep *s, struct visit_id own, struct wall *start,
			     struct terminal_id *terminal)
{
	const struct waiting *w = s->waiting;
	struct actor booker = refill_booker(w);
	int64_t days = s->policy->values[POLICY_WINDOW_DAYS];
	struct date from = local_date(s->service->now);
	struct session_time *room = arena_new(s->arena, SESSION_TIMES_MAX, sizeof *room);
	struct plan *plan = arena_new(s->arena, 1, sizeof *plan);
	struct plan_query query = { .kind = VISIT_SOCIAL,
				    .prisoner = w->prisoner,
				    .person_count = w->person_count,
				    .persons = w->persons,
				    .from = s->service->now,
				    .to = local_midnight(date_add_days(from, days + 1)),
				    .own_visit = own,
				    .offered = w->wish.short_notice };
	enum err err = plan_load(s->service, &booker, s->arena, &query, plan);
	for (int64_t day = 0; day <= days && err == OK && !start->s; day++) {
		for (size_t t = 0; t < plan->times.templates.count && !start->s; t++) {
			const struct session_template *session = &plan->times.templates.list[t];
			size_t n = session_times(session, date_add_days(from, day),
						 plan_lengths(plan), room);
			for (size_t i = 0; i < n && !start->s; i++) {
				if (room[i].minutes != refill_minutes_of(w) ||
				    !would_serve(s, room[i].start))
					continue;
				struct plan_choice choice =
				    plan_choose(plan, room[i].start, room[i].minutes);
				if (!verdict_clean(choice.verdict) || !choice.terminal)
					continue;
				*start = room[i].start;
				*terminal = choice.terminal->id;
			}
		}
	}
	return err;
}

static enum err note_found(const struct sweep *s, struct wall start, struct terminal_id terminal)
{
	struct service *service = s->service;
	struct use_case use;
	struct freed_time freed = { .id = { id_next(service) },
				    .prison = s->waiting->prison,
				    .terminal = terminal,
				    .start = start,
				    .minutes = refill_minutes_of(s->waiting),
				    .freed_at = service->now };
	bool known = false;
	enum err err = store_freed_since(service->store, terminal, start,
					 wall_add_s(service->now, -FOUND_AGAIN_S), &known);
	if (err != OK || known)
		return err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_freed_insert(service->store, &freed);
	if (err == OK)
		err = audit_write(service, &REFILL_SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_FREED_FIND,
							.object = AUDIT_ON_FREED,
							.object_id = freed.id.n,
							.amount = freed.minutes,
							.prison = freed.prison });
	err = use_case_end(&use, err);
	return err == ERR_NOT_FOUND ? OK : err; /* it is open already */
}

static enum err own_visit(struct service *service, struct arena *arena, const struct waiting *w,
			  struct visit_id *out)
{
	struct visit visit = { 0 };
	if (w->state != WAITING_BOOKED)
		return OK;
	enum err err = store_visit_find(service->store, arena, w->reference, &visit);
	*out = visit.id;
	return err;
}

static enum err sweep_one(struct service *service, struct arena *arena, const struct waiting *w)
{
	struct policy policy;
	struct sweep s = { .service = service, .arena = arena, .waiting = w, .policy = &policy };
	struct visit_id own = { 0 };
	struct wall start = { 0 };
	struct terminal_id terminal = { 0 };
	bool over = false;
	enum err err = policy_load(service, w->prison, &policy);
	if (err == OK)
		err = waiting_give_up(service, &REFILL_SYSTEM, w, &policy, &over);
	if (err != OK || over)
		return err == ERR_NOT_FOUND ? OK : err;
	err = own_visit(service, arena, w, &own);
	if (err == OK)
		err = store_offer_starts(service->store, arena, w->id, &s.asked_count, &s.asked);
	if (err == OK && w->need.kind == VISIT_LEGAL)
		err = first_legal(&s, own, &start, &terminal);
	else if (err == OK)
		err = first_social(&s, own, &start, &terminal);
	if (refill_is_no(err))
		return OK; /* no longer approved, or verified: nothing is for them */
	return err == OK && start.s ? note_found(&s, start, terminal) : err;
}

static enum err sweep_some(struct service *service, struct refill_cursor *cursor, bool *more)
{
	struct arena arena;
	struct store_waitings found = { 0 };
	if (!cursor->waiting && service->now.s < cursor->swept_at.s + SWEEP_EVERY_S &&
	    service->now.s >= cursor->swept_at.s)
		return OK;
	if (!cursor->waiting)
		cursor->swept_at = service->now;
	arena_init(&arena);
	enum err err = store_waiting_list_wishing(service->store, &arena, cursor->waiting,
						  SWEPT_AT_ONCE, &found);
	for (size_t i = 0; i < found.count && err == OK; i++) {
		err = sweep_one(service, &arena, &found.list[i]);
		cursor->waiting = found.list[i].id;
	}
	if (err != OK || found.count < SWEPT_AT_ONCE)
		cursor->waiting = 0;
	*more |= cursor->waiting != 0;
	arena_clear(&arena);
	return err;
}

enum err refill_run(struct service *service, const struct actor *actor,
		    struct refill_cursor *cursor, bool *more)
{
	size_t ended = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	*more = false;
	enum err err = offers_expire(service, &ended);
	*more = ended > 0;
	if (err == OK)
		err = sweep_some(service, cursor, more);
	return err == OK ? refill_look_at_some(service, cursor, more) : err;
}
