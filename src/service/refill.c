#include "service/refill_look_priv.h"

#include <string.h>

#include "service/booking_priv.h"
#include "service/tell_priv.h"
#include "store/prison.h"

enum {
	SHORTEST_MINUTES = 15, /* of any visit: what is left of a time below it is of no use */
	MINUTE_S = 60,
	DUE_AT_ONCE = 50,
};

struct wall refill_quantum(struct wall at)
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

int refill_minutes_of(const struct waiting *w)
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
	return refill_quantum(wall_add_s(service->now, minutes * MINUTE_S));
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

enum err refill_free_rest(struct service *service, const struct freed_time *freed, int minutes,
			  enum visit_kind kind)
{
	struct policy policy;
	enum err err = policy_load(service, freed->prison, &policy);
	if (err != OK)
		return err;
	int turn = kind == VISIT_LEGAL ? (int)policy.values[POLICY_TURN_MINUTES] : 0;
	struct freed_time rest = *freed;
	rest.id.n = id_next(service);
	rest.start = refill_quantum(wall_add_s(freed->start, (int64_t)(minutes + turn) * MINUTE_S));
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
				   .minutes = refill_minutes_of(w),
				   .preferred = terminal,
				   .offered = true,
				   .promised = promised,
				   .need = w->need };
	enum err err = booking_move(service, &booker, arena, &move, &verdict, out);
	return err == OK ? tell_systems_of(service, EVENT_VISIT_CHANGED, out) : err;
}

enum err refill_take(struct service *service, struct arena *arena, const struct waiting *w,
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

enum err refill_try(struct service *service, struct arena *arena, const struct waiting *w,
		    const struct freed_time *freed, bool *could, struct terminal_id *where)
{
	struct visit visit = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = refill_take(service, arena, w, freed->start, freed->terminal, false, &visit);
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

enum err refill_leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
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
		err = refill_leaf(service, actor, AUDIT_OFFER_END, offer->id.n, state,
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
		err = close_one(service, &REFILL_SYSTEM, &due.list[i], OFFER_EXPIRED);
		*done += err == OK;
	}
	arena_clear(&arena);
	return err;
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
		err = refill_take(service, arena, &w, offer->offer.start, offer->terminal, true,
				  &visit);
	if (err == OK)
		err = refill_settle(service, arena, &freed, offer, w.need.kind);
	if (err != OK)
		return err;
	return refill_leaf(service, actor, AUDIT_OFFER_END, offer->id.n, OFFER_ACCEPTED,
			   visit.prison);
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
