#include "service/refill_look_priv.h"

#include "service/booking_priv.h"
#include "service/tell_priv.h"
#include "store/application.h"
#include "store/slot_use.h"

enum {
	WAITERS_MAX = 1000,    /* of a prison: all of lawyers, and the oldest of families */
	SHORTEST_MINUTES = 15, /* of any visit: what is left of a time below it is of no use */
	MINUTE_S = 60,
	LOOKS_AT_ONCE = 20,
	TRIES_AT_ONCE = 6, /* bookings tried and undone in one run */
};

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
		.minutes = refill_minutes_of(w),
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
	return refill_leaf(service, &REFILL_SYSTEM, AUDIT_OFFER_MAKE, offer.id.n, offer.keeps,
			   look->freed->prison);
}

enum err refill_settle(struct service *service, struct arena *arena, const struct freed_time *freed,
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
	return err == OK ? refill_free_rest(service, freed, offer->minutes, kind) : err;
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
	enum err err =
	    refill_take(service, look->arena, w, look->freed->start, terminal, false, &visit);
	if (err == OK)
		err = store_offer_insert(service->store, &offer);
	if (err == OK)
		err = refill_settle(service, look->arena, look->freed, &offer, w->need.kind);
	if (err != OK)
		return err;
	return refill_leaf(service, &REFILL_SYSTEM, AUDIT_OFFER_END, offer.id.n, OFFER_ACCEPTED,
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

struct refill_candidate refill_candidate_of(const struct refill_waiter *waiter, struct wall start)
{
	const struct waiting *w = &waiter->waiting;
	struct refill_candidate c = { .need = w->need,
				      .offers_today = waiter->offers_today,
				      .asked_before = waiter->asked_before,
				      .short_notice = w->wish.short_notice,
				      .cannot = !refill_is_wished(w, start, refill_minutes_of(w)) };
	c.need.minutes = refill_minutes_of(w);
	if (w->state == WAITING_BOOKED)
		c.booked = w->start;
	return c;
}

enum err refill_waiters_find(struct service *service, struct arena *arena,
			     struct prison_code prison, struct wall start,
			     struct refill_waiters *out)
{
	struct wall today = local_midnight(local_date(service->now));
	return store_refill_waiters(service->store, arena, prison, start, today, WAITERS_MAX, out);
}

static enum err rank(const struct look *look, struct refill_waiters *waiters,
		     size_t order[REFILL_RANK_MAX], size_t *count)
{
	struct service *service = look->service;
	const struct freed_time *freed = look->freed;
	enum err err =
	    refill_waiters_find(service, look->arena, freed->prison, freed->start, waiters);
	if (err != OK)
		return err;
	struct refill_candidate *candidates =
	    arena_new(look->arena, waiters->count + 1, sizeof *candidates);
	for (size_t i = 0; i < waiters->count; i++)
		candidates[i] = refill_candidate_of(&waiters->list[i], freed->start);
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
		err = audit_write(service, &REFILL_SYSTEM,
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
		err = refill_try(look->service, look->arena, w, look->freed, &could, &where);
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

enum err refill_look_at_some(struct service *service, struct refill_cursor *cursor, bool *more)
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
