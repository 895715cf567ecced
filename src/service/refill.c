#include "service/refill.h"

#include <string.h>

#include "base/assert.h"
#include "service/booking_priv.h"
#include "service/legal_priv.h"
#include "service/plan_priv.h"
#include "service/refill_priv.h"
#include "service/tell_priv.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/visit.h"

enum {
	SHORTEST_MINUTES = 15, /* of any visit: what is left of a time below it is of no use */
	MINUTE_S = 60,
	WAITERS_MAX = 1000, /* of a prison: all of lawyers, and the oldest of families */
	DUE_AT_ONCE = 50,
	LOOKS_AT_ONCE = 20,
	TRIES_AT_ONCE = 6, /* bookings tried and undone in one run */
	SWEPT_AT_ONCE = 2,
	SWEEP_EVERY_S = 30,
	FOUND_AGAIN_S = 3600, /* a free time that nobody could have is not found again before */
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static struct wall next_quantum(struct wall at)
{
	return (struct wall){ (at.s + QUANTUM_S - 1) / QUANTUM_S * QUANTUM_S };
}

struct actor refill_booker(const struct waiting *w)
{
	return (struct actor){ .role = ROLE_FAMILY, .account = w->booker };
}

bool refill_is_asked(const struct actor *actor, struct account_id booker)
{
	return actor->role == ROLE_FAMILY && actor->account.n && actor->account.n == booker.n;
}

/* Of the visit that it has; else what was asked for. */
static int minutes_of(const struct waiting *w)
{
	return w->state == WAITING_BOOKED && w->minutes ? w->minutes : w->need.minutes;
}

/* ---- what becomes free ---- */

static enum err add_freed(struct service *service, const struct freed_time *freed)
{
	if (freed->minutes < SHORTEST_MINUTES)
		return OK;
	enum err err = store_freed_insert(service->store, freed);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* From when on somebody can still be asked, and the prisoner be brought. */
static struct wall soonest(const struct service *service, const struct policy *policy)
{
	int64_t minutes =
	    policy->values[POLICY_OFFER_LAST_MINUTES] + policy->values[POLICY_OFFER_SHORT_MINUTES];
	return next_quantum(wall_add_s(service->now, minutes * MINUTE_S));
}

enum err refill_freed(struct service *service, const struct visit *visit)
{
	struct policy policy;
	bool wanted = false;
	enum err err = store_freed_wanted(service->store, visit->prison, &wanted);
	if (err != OK || !wanted)
		return err;
	err = policy_load(service, visit->prison, &policy);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err; /* without rules nothing is offered */
	struct wall from = soonest(service, &policy);
	from = visit->start.s > from.s ? visit->start : from;
	return add_freed(service,
			 &(struct freed_time){
			     .id = { id_next(service) },
			     .prison = visit->prison,
			     .terminal = visit->terminal,
			     .start = from,
			     .minutes = (int)((visit_slot_end(visit).s - from.s) / MINUTE_S),
			     .freed_at = service->now,
			 });
}

/* What a shorter visit leaves of a freed time. */
static enum err free_rest(struct service *service, const struct freed_time *freed, int minutes,
			  enum visit_kind kind)
{
	struct policy policy;
	enum err err = policy_load(service, freed->prison, &policy);
	if (err != OK)
		return err;
	int turn = kind == VISIT_LEGAL ? (int)policy.values[POLICY_TURN_MINUTES] : 0;
	struct freed_time rest = *freed;
	rest.id.n = id_next(service);
	rest.start = next_quantum(wall_add_s(freed->start, (int64_t)(minutes + turn) * MINUTE_S));
	rest.minutes = freed->minutes - (int)((rest.start.s - freed->start.s) / MINUTE_S);
	rest.freed_at = service->now;
	return add_freed(service, &rest);
}

/* ---- taking a time ---- */

static enum err take_instead(struct service *service, struct arena *arena, const struct waiting *w,
			     struct wall start, struct terminal_id terminal, bool promised,
			     struct visit *out)
{
	struct actor booker = refill_booker(w);
	struct verdict verdict = { 0 };
	struct visit_move move = { .reference = w->reference,
				   .start = start,
				   .minutes = minutes_of(w),
				   .preferred = terminal,
				   .offered = true,
				   .promised = promised,
				   .need = w->need };
	enum err err = booking_move(service, &booker, arena, &move, &verdict, out);
	return err == OK ? tell_systems_of(service, EVENT_VISIT_CHANGED, out) : err;
}

/* Where and when; the rules of booking are asked as if the booker did it now.  promised: what a fence says was asked before. */
static enum err take(struct service *service, struct arena *arena, const struct waiting *w,
		     struct wall start, struct terminal_id terminal, bool promised,
		     struct visit *out)
{
	struct actor booker = refill_booker(w);
	struct verdict verdict = { 0 };
	struct policy policy;
	if (w->state == WAITING_BOOKED)
		return take_instead(service, arena, w, start, terminal, promised, out);
	struct visit_request request = { .kind = w->need.kind,
					 .prisoner = w->prisoner,
					 .person_count = w->person_count,
					 .start = start,
					 .minutes = w->need.minutes,
					 .preferred = terminal,
					 .offered = true,
					 .promised = promised,
					 .need = w->need };
	memcpy(request.persons, w->persons, sizeof request.persons);
	enum err err = visit_request_check(service, &booker, &request);
	if (err == OK)
		err = booking_take(service, &booker, arena, &request, &verdict, out);
	if (err == OK)
		err = store_waiting_set(service->store, w->id, WAITING_BOOKED, out->reference);
	if (err == OK)
		err = tell_systems_of(service, EVENT_VISIT_BOOKED, out);
	if (err == OK)
		err = policy_load(service, out->prison, &policy);
	return err == OK ? tell_booked(service, out, &policy) : err;
}

bool refill_is_no(enum err err)
{
	return err == ERR_DENIED || err == ERR_CONFLICT || err == ERR_NOT_FOUND || err == ERR_BAD ||
	       err == ERR_CLOSED;
}

/* Whether the rules would let them have it now: it is booked, and that undone. */
static enum err try_to_take(struct service *service, struct arena *arena, const struct waiting *w,
			    const struct freed_time *freed, bool *could, struct terminal_id *where)
{
	struct visit visit = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = take(service, arena, w, freed->start, freed->terminal, false, &visit);
	if (err == OK)
		err = store_settle(service->store); /* or somebody was faster */
	enum err left = store_leave(service->store, false);
	*could = err == OK;
	*where = visit.terminal;
	if (err != OK && !refill_is_no(err))
		return err;
	return left;
}

/* ---- ends of offers ---- */

static enum err leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		     int64_t offer, int64_t amount, struct prison_code prison)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_OFFER,
						 .object_id = offer,
						 .amount = amount,
						 .prison = prison });
}

static enum err let_go(struct service *service, const struct offer_row *offer,
		       enum application_state state)
{
	if (!offer->keeps)
		return OK;
	return hold_drop(service, (struct application_id){ offer->id.n }, state);
}

enum err offer_close(struct service *service, const struct offer_row *offer, enum offer_state state)
{
	bool accepted = state == OFFER_ACCEPTED;
	enum err err = store_offer_end(service->store, offer->id, state, service->now);
	return err == OK
		   ? let_go(service, offer, accepted ? APPLICATION_ACCEPTED : APPLICATION_EXPIRED)
		   : err;
}

static enum err close_one(struct service *service, const struct actor *actor,
			  const struct offer_row *offer, enum offer_state state)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = offer_close(service, offer, state);
	if (err == OK)
		err = leaf(service, actor, AUDIT_OFFER_END, offer->id.n, state,
			   (struct prison_code){ 0 });
	return use_case_end(&use, err);
}

void offers_ask(struct service *service, struct arena *arena)
{
	struct store_offers due = { 0 };
	store_asked(store_offer_list_due(service->store, arena, service->now, DUE_AT_ONCE, &due));
}

enum err offers_expire(struct service *service, size_t *done)
{
	struct arena arena;
	struct store_offers due = { 0 };
	arena_init(&arena);
	enum err err =
	    store_offer_list_due(service->store, &arena, service->now, DUE_AT_ONCE, &due);
	for (size_t i = 0; i < due.count && err == OK; i++) {
		err = close_one(service, &SYSTEM, &due.list[i], OFFER_EXPIRED);
		*done += err == OK;
	}
	arena_clear(&arena);
	return err;
}

/* ---- offering ---- */

/* What a look at a freed time came to. */
enum looked {
	LOOKED_WAITS,   /* for an answer, or for the morning */
	LOOKED_OFFERED, /* to one more: look again */
	LOOKED_ENDED,
	LOOKED_STOPPED, /* enough tried for now: go on from there */
};

struct look {
	struct service *service;
	struct arena *arena;
	const struct freed_time *freed;
	struct policy policy;
	struct refill_round round;
	size_t open; /* offers that stand */
	bool kept;   /* by one of them */
};

static enum err hold_for(struct service *service, const struct waiting *w,
			 const struct freed_time *freed, const struct offer_row *offer)
{
	struct application hold = { .id = { offer->id.n },
				    .booker = w->booker,
				    .prisoner = w->prisoner,
				    .prison = freed->prison,
				    .kind = w->need.kind,
				    .terminal = offer->terminal,
				    .start = freed->start,
				    .minutes = offer->minutes,
				    .made_at = service->now,
				    .hold_until = offer->offer.answer_until,
				    .state = APPLICATION_IN_PROGRESS,
				    .offered = true };
	enum err err = store_application_insert(service->store, &hold);
	return err == OK ? hold_places(service, &hold, w->persons, w->person_count) : err;
}

static struct offer_row offer_row_of(const struct look *look, const struct waiting *w,
				     struct terminal_id terminal)
{
	return (struct offer_row){
		.id = { random_id(look->service->random) },
		.freed = look->freed->id,
		.waiting = w->id,
		.booker = w->booker,
		.terminal = terminal,
		.minutes = minutes_of(w),
		.keeps = look->round.keeps,
		.offer = { .state = OFFER_OPEN,
			   .made_at = look->service->now,
			   .answer_until = look->round.answer_until,
			   .start = look->freed->start },
	};
}

static enum err make_offer(const struct look *look, const struct waiting *w,
			   struct terminal_id terminal)
{
	struct service *service = look->service;
	struct offer_row offer = offer_row_of(look, w, terminal);
	enum err err = store_offer_insert(service->store, &offer);
	if (err == OK && offer.keeps)
		err = hold_for(service, w, look->freed, &offer);
	if (err == OK)
		err = tell(service, &(struct telling){ .kind = MESSAGE_OFFER,
						       .account = w->booker,
						       .prison = look->freed->prison,
						       .object = offer.id.n,
						       .start = offer.offer.start,
						       .minutes = offer.minutes,
						       .why = offer.keeps ? "KEPT" : "FIRST",
						       .answer_by = offer.offer.answer_until });
	if (err != OK)
		return err;
	return leaf(service, &SYSTEM, AUDIT_OFFER_MAKE, offer.id.n, offer.keeps,
		    look->freed->prison);
}

/* The rest of what an acceptance does: the time is taken, nobody else may answer. */
static enum err settle(struct service *service, struct arena *arena, const struct freed_time *freed,
		       const struct offer_row *offer, enum visit_kind kind)
{
	struct store_offers others = { 0 };
	enum err err = store_offer_list_of(service->store, arena, freed->id, &others);
	for (size_t i = 0; i < others.count && err == OK; i++)
		if (others.list[i].id.n != offer->id.n)
			err = offer_close(service, &others.list[i], OFFER_GONE);
	if (err == OK)
		err = store_freed_end(service->store, freed->id, FREED_TAKEN, service->now);
	if (err == ERR_NOT_FOUND) /* the window was over when the last look ended it */
		err = OK;
	return err == OK ? free_rest(service, freed, offer->minutes, kind) : err;
}

/* Who chose it is booked at once, and told of that. */
static enum err take_at_once(const struct look *look, const struct waiting *w,
			     struct terminal_id terminal)
{
	struct service *service = look->service;
	struct visit visit = { 0 };
	struct offer_row offer = offer_row_of(look, w, terminal);
	offer.offer.state = OFFER_ACCEPTED;
	offer.ended_at = service->now;
	offer.keeps = false;
	enum err err = take(service, look->arena, w, look->freed->start, terminal, false, &visit);
	if (err == OK)
		err = store_offer_insert(service->store, &offer);
	if (err == OK)
		err = settle(service, look->arena, look->freed, &offer, w->need.kind);
	if (err != OK)
		return err;
	return leaf(service, &SYSTEM, AUDIT_OFFER_END, offer.id.n, OFFER_ACCEPTED,
		    look->freed->prison);
}

static enum err offer_to(const struct look *look, const struct waiting *w,
			 struct terminal_id terminal)
{
	struct use_case use;
	enum err err = use_case_begin(look->service, &use);
	if (err == OK && w->wish.automatic)
		err = take_at_once(look, w, terminal);
	else if (err == OK)
		err = make_offer(look, w, terminal);
	return use_case_end(&use, err);
}

bool refill_is_wished(const struct waiting *w, struct wall start, int minutes)
{
	int from = local_of(start).minute;
	return from >= w->wish.from_minute && from + minutes <= w->wish.until_minute;
}

static struct refill_candidate candidate_of(const struct refill_waiter *waiter, struct wall start)
{
	const struct waiting *w = &waiter->waiting;
	struct refill_candidate c = { .need = w->need,
				      .offers_today = waiter->offers_today,
				      .asked_before = waiter->asked_before,
				      .short_notice = w->wish.short_notice,
				      .cannot = !refill_is_wished(w, start, minutes_of(w)) };
	c.need.minutes = minutes_of(w);
	if (w->state == WAITING_BOOKED)
		c.booked = w->start;
	return c;
}

static enum err rank(const struct look *look, struct refill_waiters *waiters,
		     size_t order[REFILL_RANK_MAX], size_t *count)
{
	struct service *service = look->service;
	const struct freed_time *freed = look->freed;
	enum err err =
	    store_refill_waiters(service->store, look->arena, freed->prison, freed->start,
				 local_midnight(local_date(service->now)), WAITERS_MAX, waiters);
	if (err != OK)
		return err;
	struct refill_candidate *candidates =
	    arena_new(look->arena, waiters->count + 1, sizeof *candidates);
	for (size_t i = 0; i < waiters->count; i++)
		candidates[i] = candidate_of(&waiters->list[i], freed->start);
	*count = refill_rank(candidates, waiters->count, &look->policy, freed->start,
			     freed->minutes, service->now, order, REFILL_RANK_MAX);
	return OK;
}

static enum err end_freed(const struct look *look, enum freed_state state)
{
	struct use_case use;
	struct service *service = look->service;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_freed_end(service->store, look->freed->id, state, service->now);
	if (err == OK)
		err = audit_write(service, &SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_FREED_END,
							.object = AUDIT_ON_FREED,
							.object_id = look->freed->id.n,
							.amount = state == FREED_TAKEN,
							.prison = look->freed->prison });
	return use_case_end(&use, err);
}

/* The best of those who may be asked and whom the rules would let have it. */
static enum err ask_next(const struct look *look, size_t *tried, size_t *budget, enum looked *out)
{
	struct refill_waiters waiters = { 0 };
	size_t order[REFILL_RANK_MAX], count = 0;
	enum err err = rank(look, &waiters, order, &count);
	while (err == OK && *tried < count) {
		const struct waiting *w = &waiters.list[order[*tried]].waiting;
		struct terminal_id where = { 0 };
		bool could = false;
		*out = LOOKED_STOPPED;
		if (!*budget)
			return OK;
		--*budget;
		err = try_to_take(look->service, look->arena, w, look->freed, &could, &where);
		if (err == OK && could) {
			err = offer_to(look, w, where);
			if (err == OK) {
				*tried = 0;
				*out = w->wish.automatic ? LOOKED_ENDED : LOOKED_OFFERED;
				return OK;
			}
			err = refill_is_no(err) ? OK : err; /* a visit of theirs is in its way */
		}
		++*tried;
	}
	if (err != OK)
		return err;
	*out = look->open ? LOOKED_WAITS : LOOKED_ENDED;
	return look->open ? OK : end_freed(look, FREED_UNUSED);
}

/* Somebody has booked it meanwhile, or part of it. */
static enum err is_still_free(const struct look *look, struct freed_time *freed, bool *out)
{
	struct wall next = { 0 };
	struct wall end = wall_add_s(freed->start, (int64_t)freed->minutes * MINUTE_S);
	enum err err = store_slot_next(look->service->store, SLOT_TERMINAL, freed->terminal.n,
				       freed->start, end, (struct visit_id){ 0 }, &next);
	if (err == OK && next.s)
		freed->minutes = (int)((next.s - freed->start.s) / MINUTE_S);
	*out = freed->minutes >= SHORTEST_MINUTES;
	return err;
}

static enum err look_at_offers(struct look *look)
{
	struct store_offers open = { 0 };
	enum err err =
	    store_offer_list_of(look->service->store, look->arena, look->freed->id, &open);
	look->open = open.count;
	for (size_t i = 0; i < open.count; i++)
		look->kept |= open.list[i].keeps;
	return err;
}

static enum err look_at(struct service *service, struct arena *arena, struct freed_time *freed,
			size_t *tried, size_t *budget, enum looked *out)
{
	struct look look = { .service = service, .arena = arena, .freed = freed };
	bool free = true;
	*out = LOOKED_WAITS;
	enum err err = policy_load(service, freed->prison, &look.policy);
	if (err == OK)
		err = look_at_offers(&look);
	if (err != OK || look.kept)
		return err == ERR_NOT_FOUND ? OK : err;
	look.round = refill_round_of(&look.policy, freed->start, service->now);
	bool too_late = !look.round.at_once && look.round.again.s == INT64_MAX;
	err = is_still_free(&look, freed, &free);
	if (err != OK)
		return err;
	if ((too_late || !free) && !look.open) {
		*out = LOOKED_ENDED;
		return end_freed(&look, free ? FREED_UNUSED : FREED_TAKEN);
	}
	if (!free || look.open >= (size_t)look.round.at_once)
		return OK;
	return ask_next(&look, tried, budget, out);
}

/* Freed times from the cursor on; it wraps when all were looked at. */
static enum err look_at_some(struct service *service, struct refill_cursor *cursor, bool *more)
{
	struct arena arena;
	struct store_freed_times found = { 0 };
	size_t budget = TRIES_AT_ONCE;
	arena_init(&arena);
	enum err err =
	    store_freed_list(service->store, &arena, cursor->freed, LOOKS_AT_ONCE, &found);
	size_t i = 0;
	while (i < found.count && err == OK) {
		enum looked looked = LOOKED_WAITS;
		err = look_at(service, &arena, &found.list[i], &cursor->tried, &budget, &looked);
		if (looked == LOOKED_STOPPED) {
			*more = true;
			break;
		}
		if (looked == LOOKED_OFFERED) /* others may be asked at once */
			continue;
		cursor->tried = 0;
		cursor->freed = found.list[i++].id;
	}
	if (err == OK && i == found.count && found.count < LOOKS_AT_ONCE)
		cursor->freed = (struct freed_id){ 0 };
	else
		*more |= err == OK;
	arena_clear(&arena);
	return err;
}

/* ---- whom released time would serve ---- */

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
	struct refill_candidate c = candidate_of(&waiter, start);
	return refill_may_ask(&c, s->policy, start, minutes_of(w), s->service->now);
}

static enum err first_legal(const struct sweep *s, struct visit_id own, struct wall *start,
			    struct terminal_id *terminal)
{
	const struct waiting *w = s->waiting;
	struct actor booker = refill_booker(w);
	struct legal_times *times = arena_new(s->arena, 1, sizeof *times);
	times->need = w->need;
	times->need.minutes = minutes_of(w);
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
				if (room[i].minutes != minutes_of(w) ||
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
				    .minutes = minutes_of(s->waiting),
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
		err = audit_write(service, &SYSTEM,
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
		err = waiting_give_up(service, &SYSTEM, w, &policy, &over);
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
	return err == OK ? look_at_some(service, cursor, more) : err;
}

/* ---- answering ---- */

enum err refill_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct offer_id id, struct offer_view *out)
{
	struct offer_view view = { 0 };
	struct prison prison = { 0 };
	enum err err = store_offer_find(service->store, id, &view.offer);
	if (err == OK && actor->role != ROLE_SYSTEM && !refill_is_asked(actor, view.offer.booker))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err =
		    store_waiting_find_id(service->store, arena, view.offer.waiting, &view.waiting);
	if (err == OK)
		err = store_prison_find(service->store, arena, view.waiting.prison, &prison);
	if (err != OK)
		return err;
	view.prison_name = prison.name;
	view.offer.offer.state = offer_after(&view.offer.offer, service->now);
	*out = view;
	return OK;
}

static enum err accept(struct service *service, const struct actor *actor, struct arena *arena,
		       const struct offer_row *offer)
{
	struct waiting w = { 0 };
	struct visit visit = { 0 };
	struct freed_time freed = { 0 };
	enum err err = store_waiting_find_id(service->store, arena, offer->waiting, &w);
	if (err == OK && w.state == WAITING_ENDED)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_freed_find(service->store, offer->freed, &freed);
	if (err == OK)
		err = offer_close(service, offer, OFFER_ACCEPTED);
	if (err == OK)
		err = take(service, arena, &w, offer->offer.start, offer->terminal, true, &visit);
	if (err == OK)
		err = settle(service, arena, &freed, offer, w.need.kind);
	if (err != OK)
		return err;
	return leaf(service, actor, AUDIT_OFFER_END, offer->id.n, OFFER_ACCEPTED, visit.prison);
}

static enum err accept_one(struct service *service, const struct actor *actor,
			   const struct offer_row *offer)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = accept(service, actor, &arena, offer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err answer(struct service *service, const struct actor *actor, struct offer_id id,
		       enum offer_answer given, enum offer_state *out)
{
	struct offer_row offer = { 0 };
	enum err err = store_offer_find(service->store, id, &offer);
	if (err == OK && !refill_is_asked(actor, offer.booker))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = offer_answered(&offer.offer, given, true, service->now);
	if (offer.offer.state != OFFER_OPEN)
		return OK;
	if (*out != OFFER_ACCEPTED)
		return close_one(service, actor, &offer, *out);
	err = accept_one(service, actor, &offer);
	if (!refill_is_no(err))
		return err;
	*out = OFFER_GONE;
	return close_one(service, actor, &offer, OFFER_GONE);
}

/* Under the writers' lock from the first look on: what another process answers stands. */
enum err refill_answer(struct service *service, const struct actor *actor, struct offer_id id,
		       enum offer_answer given, enum offer_state *out)
{
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = store_will_write(service->store);
	if (err == OK)
		err = answer(service, actor, id, given, out);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}
