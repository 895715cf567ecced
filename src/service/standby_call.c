#include "service/standby_priv.h"

#include <string.h>

#include "service/booking_priv.h"
#include "service/live.h"
#include "service/refill_priv.h"
#include "service/tell_priv.h"
#include "store/slot_use.h"
#include "store/visit.h"

enum {
	CALL_EVERY_S = 10, /* places that became free are looked for so often */
};

/* ---- booking what is left ---- */

/* By every rule of booking but that of notice; in that very room. */
static enum err take(struct service *service, struct arena *arena, const struct handing *h,
		     struct visit *out)
{
	const struct waiting *w = &h->waiting;
	struct actor booker = refill_booker(w);
	struct verdict verdict = { 0 };
	struct visit_request request = { .kind = w->need.kind,
					 .prisoner = w->prisoner,
					 .person_count = w->person_count,
					 .start = h->begins,
					 .minutes = standby_minutes(&h->policy, &w->need, h->begins,
								    h->end),
					 .preferred = h->visit.terminal,
					 .called = true,
					 .need = w->need };
	memcpy(request.persons, w->persons, sizeof request.persons);
	if (w->state != WAITING_OPEN || !request.minutes)
		return ERR_CONFLICT;
	enum err err = visit_request_check(service, &booker, &request);
	if (err == OK)
		err = booking_take(service, &booker, arena, &request, &verdict, out);
	if (err == OK && (out->state != VISIT_BOOKED || out->terminal.n != h->visit.terminal.n))
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_waiting_set(service->store, w->id, WAITING_BOOKED, out->reference);
	return err;
}

/* As if that visit were over. */
static enum err set_aside(struct service *service, struct visit visit)
{
	visit.state = VISIT_NO_SHOW;
	visit.end = END_BOTH_ABSENT;
	visit.ended_at = service->now;
	enum err err = store_visit_update(service->store, &visit);
	return err == OK ? store_slot_release(service->store, &visit) : err;
}

enum err standby_try(struct service *service, struct arena *arena, const struct handing *h,
		     bool *could)
{
	struct visit visit = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = set_aside(service, h->visit);
	if (err == OK)
		err = take(service, arena, h, &visit);
	if (err == OK)
		err = store_settle(service->store); /* or they have another visit then */
	enum err left = store_leave(service->store, false);
	*could = err == OK;
	return err != OK && !refill_is_no(err) ? err : left;
}

/* ---- handing over ---- */

/* What is left of the visit is theirs: a use-case of its own, after the one that ends the visit. */
static enum err call(struct service *service, struct arena *arena, const struct handing *h,
		     const struct standby_row *row, struct reference *called)
{
	struct use_case use;
	struct visit visit = { 0 };
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = take(service, arena, h, &visit);
	if (err == OK)
		err = store_standby_call(service->store, row->id, h->visit.id, visit.id,
					 service->now);
	if (err == OK)
		err = tell_called(service, &visit);
	if (err == OK)
		err = audit_write(service, &STANDBY_SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_VISIT_BOOK,
							.object = AUDIT_ON_VISIT,
							.object_id = visit.id.n,
							.amount = visit.minutes,
							.prison = visit.prison,
							.words = STR("STANDBY") });
	*called = visit.reference;
	return use_case_end(&use, err);
}

/* Both, or neither. */
static enum err end_and_call(struct service *service, struct arena *arena, const struct handing *h,
			     const struct standby_row *row, struct reference *called)
{
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = visit_end(service, &STANDBY_SYSTEM, h->visit.reference, END_TIME, STR(""));
	if (err == OK)
		err = call(service, arena, h, row, called);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}

/* Best first, as they were asked. */
static enum err rank_standing(struct service *service, struct arena *arena, const struct handing *h,
			      const struct store_standbys *standing, struct waiting *waitings,
			      size_t order[REFILL_RANK_MAX], size_t *count)
{
	struct refill_candidate *candidates =
	    arena_new(arena, standing->count + 1, sizeof *candidates);
	int left = (int)((h->end.s - h->begins.s) / 60);
	enum err err = OK;
	for (size_t i = 0; i < standing->count && err == OK; i++) {
		const struct standby_row *row = &standing->list[i];
		struct waiting *w = &waitings[i];
		err = store_waiting_find_id(service->store, arena, row->waiting, w);
		candidates[i] = (struct refill_candidate){ .need = w->need, .short_notice = true };
		candidates[i].need.minutes =
		    standby_minutes(&h->policy, &w->need, h->begins, row->standby.end);
		candidates[i].cannot =
		    row->standby.state != STANDBY_AGREED || !standby_row_is_for(row, &h->visit);
	}
	*count = refill_rank(candidates, standing->count, &h->policy, h->visit.start,
			     left > 0 ? left : 0, service->now, order, REFILL_RANK_MAX);
	return err;
}

/* ERR_CONFLICT: nobody could have it. */
static enum err call_first(struct service *service, struct arena *arena, struct handing *h,
			   struct reference *called)
{
	struct store_standbys standing = { 0 };
	size_t order[REFILL_RANK_MAX], count = 0;
	enum err err = store_standby_list_group(service->store, arena, h->visit.prison,
						h->visit.start, &standing);
	struct waiting *waitings = arena_new(arena, standing.count + 1, sizeof *waitings);
	h->end = visit_slot_end(&h->visit);
	if (err == OK)
		err = rank_standing(service, arena, h, &standing, waitings, order, &count);
	for (size_t i = 0; i < count && err == OK; i++) {
		const struct standby_row *row = &standing.list[order[i]];
		h->waiting = waitings[order[i]];
		h->end = row->standby.end;
		err = visit_is_over(h->visit.state) ? call(service, arena, h, row, called)
						    : end_and_call(service, arena, h, row, called);
		if (err == OK || !refill_is_no(err))
			return err;
		err = OK;
		if (!visit_is_over(h->visit.state)) /* a rule says no by now */
			err = standby_end_one(service, arena, row, STANDBY_GONE);
	}
	return err == OK ? ERR_CONFLICT : err;
}

/* The visit as it is under the writers' lock: whoever arrived first keeps it. */
static enum err load_handing(struct service *service, struct arena *arena,
			     struct reference reference, struct handing *out)
{
	enum err err = store_will_write(service->store);
	if (err == OK)
		err = store_visit_find(service->store, arena, reference, &out->visit);
	if (err == OK)
		err = policy_load(service, out->visit.prison, &out->policy);
	if (err == OK && !standby_takes(&out->visit, &out->policy, service->now))
		err = ERR_CONFLICT;
	if (err == OK)
		out->begins = standby_begins(&out->policy, out->visit.start, service->now);
	return err;
}

enum err standby_hand_over(struct service *service, const struct actor *actor,
			   struct reference reference, struct reference *called)
{
	struct arena arena;
	bool nobody = false;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	arena_init(&arena);
	struct handing *h = arena_new(&arena, 1, sizeof *h);
	err = load_handing(service, &arena, reference, h);
	if (err == OK) {
		err = call_first(service, &arena, h, called);
		nobody = err == ERR_CONFLICT; /* that they could not stays written */
	}
	arena_clear(&arena);
	enum err left = store_leave(service->store, err == OK || nobody);
	return err == OK ? left : err;
}

/* ---- what was called off ---- */

/* Its places are free: it was called off, or whoever was missing is known to be. */
static enum err call_for(struct service *service, struct arena *arena, struct visit_id freed)
{
	struct handing *h = arena_new(arena, 1, sizeof *h);
	struct reference called;
	enum err err = store_visit_find_by_id(service->store, arena, freed, &h->visit);
	if (err == OK)
		err = policy_load(service, h->visit.prison, &h->policy);
	if (err == OK && !standby_has(&h->visit, &h->policy, service->now))
		return OK;
	h->begins = standby_begins_freed(h->visit.start, service->now);
	if (err == OK)
		err = call_first(service, arena, h, &called);
	return refill_is_no(err) ? OK : err; /* nobody can have it: they stand by for the others */
}

enum err standby_call_for_freed(struct service *service, struct arena *arena,
				struct standby_cursor *cursor)
{
	struct store_visit_ids freed = { 0 };
	if (service->now.s < cursor->called_at.s + CALL_EVERY_S &&
	    service->now.s >= cursor->called_at.s)
		return OK;
	cursor->called_at = service->now;
	enum err err = store_standby_list_freed(service->store, arena, service->now,
						wall_add_s(service->now, STANDBY_AHEAD_S),
						STANDBYS_AT_ONCE, &freed);
	for (size_t i = 0; i < freed.count && err == OK; i++)
		err = call_for(service, arena, freed.list[i]);
	return err;
}
