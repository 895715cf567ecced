#include "service/live.h"

#include <string.h>

#include "domain/allowance.h"
#include "service/device_priv.h"
#include "service/guard_priv.h"
#include "service/live_priv.h"
#include "service/pay_priv.h"
#include "service/refill_priv.h"
#include "service/service_priv.h"
#include "service/tell_priv.h"
#include "store/slot_use.h"
#include "store/standby.h"
#include "store/visit.h"

enum {
	MAY_WATCH = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_VISITS_CLERK),
	MAY_END = MAY_WATCH | MAY(ROLE_SYSTEM),
	BATCH_MAX_S = 120,  /* that one report of hearing may cover */
	ACTIVE_MAX = 4000,  /* visits looked at for their end */
	STANDBY_MAX = 1000, /* that wait for one of these ends */
};

static enum err latest_end(struct service *service, const struct visit *visit,
			   const struct policy *policy, struct wall *out)
{
	struct visit_window window = visit_window_of(visit, policy);
	struct wall next_use = { 0 };
	enum err err = store_slot_next(service->store, SLOT_TERMINAL, visit->terminal.n,
				       window.slot_end, window.grace_end, visit->id, &next_use);
	if (err == OK)
		*out = visit_must_end(visit, policy, next_use);
	return err;
}

static void join_as_visitor(struct join *join)
{
	const struct visit *visit = &join->visit;
	const struct visit_visitor *own = &visit->visitors[join->holder];
	join->role = END_ROLE_VISITOR;
	join->in_lobby = device_state_of(visit, join->holder) != DEVICE_ADMITTED;
	join->entered = own->came_at.s && own->sits_with.n == own->person.n;
	if (join->answer != JOINING_OK)
		return;
	if (own->refused_reason.len)
		join->answer = JOINING_REFUSED;
	else if (own->admitted_at.s && own->sits_with.n && own->sits_with.n != own->person.n)
		join->answer = JOINING_ELSEWHERE;
}

/* The visit, and who the actor is in it; else ERR_NOT_FOUND. */
static enum err take_seat(struct service *service, const struct actor *actor, struct arena *arena,
			  struct reference reference, struct join *join)
{
	bool visitor = actor->role == ROLE_FAMILY || actor->role == ROLE_GUEST;
	enum err err = visitor ? store_visit_find(service->store, arena, reference, &join->visit)
			       : visit_load(service, actor, arena, reference, &join->visit);
	if (err == OK && visitor)
		err = device_holder_find(service, actor, arena, &join->visit, &join->holder);
	if (err != OK)
		return err;
	join->role = visitor                        ? END_ROLE_VISITOR
		     : actor->role == ROLE_TERMINAL ? END_ROLE_PRISONER
						    : END_ROLE_MONITOR;
	join->entered = join->role == END_ROLE_PRISONER && join->visit.prisoner_seen;
	if (join->role != END_ROLE_MONITOR)
		return OK;
	bool may_watch = actor_is_one_of(actor, MAY_WATCH) && join->visit.kind == VISIT_SOCIAL;
	return may_watch ? OK : ERR_DENIED;
}

/* A visitor's device is stopped by whoever sits at it, the terminal when no adult may come. */
static enum err look_at_orders(struct service *service, struct arena *arena, struct join *join)
{
	const struct visit *visit = &join->visit;
	struct guard_stopped stopped = { 0 };
	bool device = join->role == END_ROLE_VISITOR;
	bool nobody = true;
	enum err err = guard_stops(service, arena, visit, &stopped);
	join->stopped = stopped.prisoner;
	for (size_t i = 0; i < visit->visitor_count; i++) {
		bool here = i == join->holder || device_seats(visit, join->holder, i);
		bool sits = here || (device_count(visit) == 1 && !visit->visitors[i].sits_with.n);
		join->stopped |= device && sits && stopped.visitors[i];
		nobody &= stopped.visitors[i] || !visit->visitors[i].adult;
	}
	join->stopped |= !device && nobody;
	return err;
}

enum err join_authorise(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct join *out)
{
	struct policy *policy = arena_new(arena, 1, sizeof *policy);
	struct join join = { 0 };
	enum err err = take_seat(service, actor, arena, reference, &join);
	if (err == OK)
		err = policy_load(service, join.visit.prison, policy);
	if (err != OK)
		return err;
	struct visit longer = join.visit;
	err = visit_lengthen(service, arena, &longer);
	if (err != OK)
		return err;
	join.answer = visit_joining(&longer, policy, service->now);
	join.window = visit_window_of(&longer, policy);
	join.line = line_budget_of(policy);
	join.line_weight = line_weight(&join.visit, policy);
	join.signs = line_signs(&join.visit);
	if (join.visit.kind == VISIT_SOCIAL)
		join.telephone = telephone_of(policy);
	if (join.role == END_ROLE_VISITOR)
		join_as_visitor(&join);
	if (join.role != END_ROLE_MONITOR)
		err = look_at_orders(service, arena, &join);
	if (err == OK && join.stopped && join.answer == JOINING_OK)
		join.answer = JOINING_REFUSED; /* as if staff had refused: nobody learns why */
	if (err == OK)
		err = latest_end(service, &longer, policy, &join.must_end);
	if (err == OK)
		*out = join;
	return err;
}

/* Once for a visit: it is flagged, and stays in the queue until staff decide. */
static enum err tell_staff(struct service *service, const struct actor *actor,
			   const struct visit *visit)
{
	bool opened = false;
	if (visit_is_over(visit->state))
		return OK;
	enum err err =
	    guard_flag_one(service, visit, REVIEW_JOIN_STOPPED, BOOKING_NO_CONTACT, &opened);
	if (err != OK || !opened)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_FLAG,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit->id.n,
						 .prison = visit->prison });
}

static enum err enter_lobby(struct service *service, const struct actor *actor, struct arena *arena,
			    struct reference reference, enum joining *answer)
{
	struct join *join = arena_new(arena, 1, sizeof *join);
	enum err err = join_authorise(service, actor, arena, reference, join);
	if (err != OK)
		return err;
	*answer = join->answer;
	struct visit *visit = &join->visit;
	if (join->stopped)
		return tell_staff(service, actor, visit);
	bool visitor = join->role == END_ROLE_VISITOR;
	if (join->answer != JOINING_OK || join->role == END_ROLE_MONITOR || join->entered)
		return OK;
	*(visitor ? &visit->visitor_seen : &visit->prisoner_seen) = true;
	if (visit->state == VISIT_BOOKED) {
		visit->state = VISIT_LOBBY;
		visit->lobby_at = service->now;
	}
	err = store_visit_update(service->store, visit);
	if (err == OK && visitor)
		err = device_enter(service, visit, join->holder);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_LOBBY_ENTER,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit->id.n,
						 .amount = join->role,
						 .prison = visit->prison });
}

enum err lobby_enter(struct service *service, const struct actor *actor, struct reference reference,
		     enum joining *answer)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = enter_lobby(service, actor, &arena, reference, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err finish(struct service *service, const struct actor *actor, struct arena *arena,
		       struct visit *visit, enum visit_state state, enum visit_end end,
		       struct str reason)
{
	if (!visit_may_become(visit->state, state))
		return ERR_CONFLICT;
	visit->state = state;
	visit->end = end;
	visit->end_reason = reason;
	visit->ended_at = service->now;
	int paused_s = 0;
	enum err err = visit_charged_pause_s(service, arena, visit, &paused_s);
	if (err != OK)
		return err;
	visit->counted_minutes =
	    allowance_charged(end, visit->used_s + paused_s, visit_paid_minutes(visit));
	err = store_visit_update(service->store, visit);
	if (err == OK)
		err = store_slot_release(service->store, visit);
	if (err == OK && state == VISIT_CANCELLED)
		err = guard_apart_release(service, arena, visit);
	if (err == OK)
		err = refill_freed(service, visit);
	if (err == OK)
		err = waiting_visit_over(service, arena, visit);
	if (err == OK)
		err = tell_over(service, visit);
	return err == OK ? pay_settle(service, actor, arena, visit) : err;
}

static struct visit_visitor *visitor_of(struct visit *visit, struct person_id person)
{
	size_t at = visit_visitor_find(visit, person);
	return at < visit->visitor_count ? &visit->visitors[at] : NULL;
}

/* Whether they sit at a device that has been in the lobby. */
static bool is_here(struct visit *visit, const struct visit_visitor *visitor)
{
	const struct visit_visitor *holder = visitor_of(visit, visitor->sits_with);
	return holder && holder->came_at.s;
}

static enum err admit(struct service *service, const struct actor *actor, struct arena *arena,
		      struct reference reference, struct person_id person)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	struct visit_visitor *visitor = err == OK ? visitor_of(&visit, person) : NULL;
	if (err != OK || !visitor)
		return err == OK ? ERR_NOT_FOUND : err;
	if (visit.state != VISIT_LOBBY && visit.state != VISIT_LIVE)
		return ERR_CONFLICT;
	if (visitor->admitted_at.s)
		return OK;
	if (!is_here(&visit, visitor))
		return ERR_CONFLICT;
	visitor->admitted_at = service->now;
	visitor->admitted_by = actor->account;
	visitor->refused_reason = STR("");
	err = store_visitor_update(service->store, visit.id, visitor);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISITOR_ADMIT,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = person.n,
						 .prison = visit.prison });
}

enum err visitor_admit(struct service *service, const struct actor *actor,
		       struct reference reference, struct person_id person)
{
	if (!actor_is_one_of(actor, MAY_WATCH))
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = admit(service, actor, &arena, reference, person);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err take_out(struct service *service, struct visit *visit, struct person_id person,
			 struct str reason)
{
	struct visit_visitor *visitor = visitor_of(visit, person);
	if (!visitor)
		return ERR_NOT_FOUND;
	if (visit->state != VISIT_LOBBY && visit->state != VISIT_LIVE)
		return ERR_CONFLICT;
	visitor->admitted_at = (struct wall){ 0 };
	visitor->admitted_by = (struct account_id){ 0 };
	visitor->refused_reason = reason;
	return store_visitor_update(service->store, visit->id, visitor);
}

static enum err end_refused(struct service *service, const struct actor *actor, struct arena *arena,
			    struct visit *visit, struct str reason)
{
	enum err err = finish(service, actor, arena, visit, VISIT_CANCELLED, END_REFUSED, reason);
	return err == OK ? tell_systems_of(service, EVENT_VIDEO_TERMINATED, visit) : err;
}

static enum err refuse(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct person_id person, struct str reason)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = take_out(service, &visit, person, reason);
	if (err == OK && visit.state == VISIT_LOBBY && visit_all_refused(&visit))
		err = end_refused(service, actor, arena, &visit, reason);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISITOR_REFUSE,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = person.n,
						 .prison = visit.prison,
						 .words = reason });
}

enum err visitor_refuse(struct service *service, const struct actor *actor,
			struct reference reference, struct person_id person, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_WATCH))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = refuse(service, actor, &arena, reference, person, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err hear(struct service *service, const struct actor *actor, struct arena *arena,
		     struct visit_id id, int seconds)
{
	struct visit visit = { 0 };
	enum err err = store_visit_find_by_id(service->store, arena, id, &visit);
	if (err != OK)
		return err;
	bool first = visit_may_become(visit.state, VISIT_LIVE);
	if (!first && visit.state != VISIT_LIVE)
		return ERR_CONFLICT;
	if (first) {
		visit.state = VISIT_LIVE;
		visit.live_from = wall_add_s(service->now, -seconds);
	}
	visit.used_s += seconds;
	err = store_visit_update(service->store, &visit);
	if (err != OK)
		return err;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = first ? AUDIT_VISIT_LIVE : AUDIT_VISIT_HEARD,
				  .object = AUDIT_ON_VISIT,
				  .object_id = id.n,
				  .amount = seconds,
				  .prison = visit.prison });
}

enum err visit_hearing(struct service *service, const struct actor *actor, struct visit_id id,
		       int seconds)
{
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	if (seconds < 0 || seconds > BATCH_MAX_S)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = hear(service, actor, &arena, id, seconds);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err lose(struct service *service, const struct actor *actor, struct arena *arena,
		     struct visit_id id, enum lost_cause cause, int seconds, struct wall *must_end)
{
	struct visit visit = { 0 };
	struct policy policy = { 0 };
	enum err err = store_visit_find_by_id(service->store, arena, id, &visit);
	if (err != OK)
		return err;
	if (visit.state != VISIT_LIVE)
		return ERR_CONFLICT;
	visit.lost.s[cause] += seconds;
	err = store_visit_update(service->store, &visit);
	if (err == OK)
		err = policy_load(service, visit.prison, &policy);
	if (err == OK)
		err = latest_end(service, &visit, &policy, must_end);
	if (err != OK)
		return err;
	const char *name = lost_cause_name(cause);
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_LOST,
						 .object = AUDIT_ON_VISIT,
						 .object_id = id.n,
						 .amount = seconds,
						 .prison = visit.prison,
						 .words = str_of(name, strlen(name)) });
}

enum err visit_losing(struct service *service, const struct actor *actor, struct visit_id id,
		      enum lost_cause cause, int seconds, struct wall *must_end)
{
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	if (cause >= LOST_CAUSE_COUNT || seconds <= 0 || seconds > BATCH_MAX_S)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = lose(service, actor, &arena, id, cause, seconds, must_end);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* Who did not come, of a visit that was never live. */
static enum visit_end absence(const struct visit *visit)
{
	if (visit_comers_refused(visit))
		return END_REFUSED;
	if (visit->visitor_seen && visit->prisoner_seen)
		return END_FAULT; /* both were there and never heard each other */
	if (visit->visitor_seen)
		return END_PRISONER_ABSENT;
	return visit->prisoner_seen ? END_VISITOR_ABSENT : END_BOTH_ABSENT;
}

enum err live_end_absent(struct service *service, const struct actor *actor, struct arena *arena,
			 struct visit *visit)
{
	enum err err =
	    finish(service, actor, arena, visit, VISIT_NO_SHOW, END_PRISONER_ABSENT, STR(""));
	return err == OK ? tell_systems_of(service, EVENT_VIDEO_ENDED, visit) : err;
}

enum err live_put_out(struct service *service, const struct actor *actor, struct arena *arena,
		      struct visit *visit, struct person_id person, struct str reason, bool ends)
{
	enum err err = take_out(service, visit, person, reason);
	if (err != OK || !ends)
		return err;
	return finish(service, actor, arena, visit,
		      visit->state == VISIT_LIVE ? VISIT_COMPLETED : VISIT_CANCELLED, END_STAFF,
		      reason);
}

static enum err end_by(struct service *service, const struct actor *actor, struct arena *arena,
		       struct visit *visit, enum visit_end end, struct str reason)
{
	if (visit->state == VISIT_LIVE)
		return finish(service, actor, arena, visit, VISIT_COMPLETED, end, reason);
	if (end == END_STAFF && visit->state == VISIT_LOBBY)
		return finish(service, actor, arena, visit, VISIT_CANCELLED, end, reason);
	if (end == END_STAFF)
		return ERR_CONFLICT; /* not begun: it is cancelled, not ended */
	if (end != END_FAULT)
		end = absence(visit);
	bool refused = end == END_REFUSED && visit->state == VISIT_LOBBY;
	return finish(service, actor, arena, visit, refused ? VISIT_CANCELLED : VISIT_NO_SHOW, end,
		      reason);
}

static enum err end_visit(struct service *service, const struct actor *actor, struct arena *arena,
			  struct reference reference, enum visit_end end, struct str reason)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = end_by(service, actor, arena, &visit, end, reason);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_END,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = visit.used_s,
						 .prison = visit.prison,
						 .words = reason });
}

enum err visit_end(struct service *service, const struct actor *actor, struct reference reference,
		   enum visit_end end, struct str reason)
{
	bool staff = end == END_STAFF;
	if (!actor_is_one_of(actor, MAY_END) || staff == (actor->role == ROLE_SYSTEM))
		return ERR_DENIED;
	if (staff ? !reason_acceptable(reason)
		  : end != END_LEFT && end != END_TIME && end != END_FAULT)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_visit(service, actor, &arena, reference, end, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* Whether it must end now. */
static enum err is_due(struct service *service, struct arena *arena, struct visit *visit,
		       const struct policy *policy, bool *due)
{
	struct wall last = { 0 };
	enum err err = OK;
	if (service->now.s >= visit_slot_end(visit).s)
		err = visit_lengthen(service, arena, visit);
	if (err != OK)
		return err;
	*due = visit_joining(visit, policy, service->now) == JOINING_TOO_LATE;
	if (visit->state == VISIT_LIVE && service->now.s >= visit_slot_end(visit).s) {
		err = latest_end(service, visit, policy, &last);
		*due = err == OK && service->now.s >= last.s;
	}
	*due |= err == OK && visit_joining(visit, policy, service->now) == JOINING_OVER;
	return err;
}

static bool is_stood_by_for(const struct visit *visit, const struct store_standbys *standbys)
{
	for (size_t i = 0; i < standbys->count; i++)
		if (standby_row_is_for(&standbys->list[i], visit))
			return true;
	return false;
}

static enum err look_at(struct service *service, struct arena *arena, struct visit *visit,
			const struct store_standbys *standbys, struct visit_due_list *out)
{
	struct policy policy = { 0 };
	bool due = false;
	enum err err = policy_load(service, visit->prison, &policy);
	bool hand_over = err == OK && is_stood_by_for(visit, standbys) &&
			 standby_takes(visit, &policy, service->now);
	if (err == OK)
		err = is_due(service, arena, visit, &policy, &due);
	if (err == OK && (due || hand_over))
		out->list[out->count++] = (struct visit_due){
			.reference = visit->reference,
			.visit = visit->id,
			.end = visit->state == VISIT_LIVE ? END_TIME : absence(visit),
			.hand_over = hand_over,
			.early = !due,
		};
	return err;
}

enum err visits_due_to_end(struct service *service, const struct actor *actor, struct arena *arena,
			   struct visit_due_list *out)
{
	struct store_visits visits;
	struct store_standbys standbys = { 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err =
	    store_visit_list_begun(service->store, arena, service->now, ACTIVE_MAX, &visits);
	if (err == OK)
		err = store_standby_list_begun(service->store, arena, service->now, STANDBY_MAX,
					       &standbys);
	if (err != OK)
		return err;
	struct visit_due_list due = { .list = arena_new(arena, VISITS_DUE_MAX, sizeof *due.list) };
	for (size_t i = 0; i < visits.count && due.count < VISITS_DUE_MAX && err == OK; i++)
		err = look_at(service, arena, &visits.list[i], &standbys, &due);
	if (err == OK)
		*out = due;
	return err;
}
