#include "service/custody.h"

#include "domain/review.h"
#include "service/guard_priv.h"
#include "service/pay_priv.h"
#include "service/refill_priv.h"
#include "service/request_priv.h"
#include "store/contact.h"
#include "store/incentive.h"
#include "store/ledger.h"
#include "store/prison.h"
#include "store/prisoner.h"

enum {
	MAY_MOVE = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_DUTY_GOVERNOR) |
		   MAY(ROLE_SYSTEM),
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
	MAY_MERGE = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_SYSTEM),
};

/* ---- moving ---- */

static const enum review_event EVENTS[MOVEMENT_COUNT] = {
	[MOVEMENT_ADMITTED] = REVIEW_PRISONER_RECEIVED,
	[MOVEMENT_TRANSFERRED] = REVIEW_PRISONER_RECEIVED,
	[MOVEMENT_TO_COURT] = REVIEW_PRISONER_AWAY,
	[MOVEMENT_TO_HOSPITAL] = REVIEW_PRISONER_AWAY,
	[MOVEMENT_ABSENCE] = REVIEW_PRISONER_AWAY,
	[MOVEMENT_RETURNED] = REVIEW_PRISONER_AWAY,
	[MOVEMENT_RELEASED] = REVIEW_PRISONER_RELEASED,
};

static const uint64_t OF_MOVES = GUARD_BIT(BOOKING_PRISONER_AWAY) |
				 GUARD_BIT(BOOKING_PRISONER_MOVED) |
				 GUARD_BIT(BOOKING_NON_ASSOCIATION);

/* What nobody has decided yet is over: its time is free, all that it cost comes back. */
static enum err reject_requests(struct service *service, const struct actor *actor,
				struct arena *arena, const struct visits_touched *visits)
{
	const struct actor system = { .role = ROLE_SYSTEM, .account = actor->account };
	enum err err = OK;
	for (size_t i = 0; i < visits->count && err == OK; i++) {
		struct visit visit = visits->list[i];
		if (visit.state != VISIT_REQUESTED)
			continue;
		err = booking_call_off(service, &system, arena, &visit, END_AUTO_REJECTED, STR(""));
		if (err == OK)
			err = tell_systems_of(service, EVENT_VISIT_CANCELLED, &visit);
		if (err == OK)
			err = guard_close(service, arena, visit.id, STR("The prisoner has moved."));
	}
	return err;
}

/*
 * What was booked cannot be held where the prisoner was: its time is free at
 * once.  It waits where they are now, since it was first asked for; or, of
 * somebody who has left prison, is over.
 */
static enum err call_off_booked(struct service *service, const struct actor *actor,
				struct arena *arena, const struct visits_touched *visits,
				enum visit_end end)
{
	const struct actor system = { .role = ROLE_SYSTEM, .account = actor->account };
	enum err err = OK;
	for (size_t i = 0; i < visits->count && err == OK; i++) {
		struct visit visit = visits->list[i];
		struct waiting request = { 0 };
		if (visit.state != VISIT_BOOKED || visit.kind == VISIT_OFFICIAL)
			continue; /* an official visit is the officials' to move */
		if (end == END_PRISONER_MOVED)
			err = waiting_of_visit(service, arena, &visit, &request);
		if (err == OK)
			err = booking_call_off(service, &system, arena, &visit, end, STR(""));
		if (err == OK)
			err = tell_systems_of(service, EVENT_VISIT_CANCELLED, &visit);
		if (err == OK)
			err = guard_close(service, arena, visit.id, STR("The prisoner has moved."));
	}
	return err;
}

static enum err reset_orders(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id prisoner)
{
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	struct order_changes *changes = arena_new(arena, 1, sizeof *changes);
	enum err err = pay_book(service, prisoner, book);
	if (err != OK)
		return err;
	order_reset(book, changes);
	return pay_write(service, actor, prisoner, book, changes, (struct visit_id){ 0 },
			 ADJUST_NONE);
}

static enum err consequences(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id prisoner,
			     enum movement movement)
{
	struct movement_effect effect = movement_effect_of(movement);
	struct visits_touched visits = { 0 };
	enum err err = OK;
	if (effect.resets_orders)
		err = reset_orders(service, actor, arena, prisoner);
	if (err == OK)
		err = guard_visits_of(service, arena, prisoner, &visits);
	if (err == OK && effect.rejects_requests)
		err = reject_requests(service, actor, arena, &visits);
	if (err == OK && effect.reoffers_visits)
		err = call_off_booked(service, actor, arena, &visits, END_PRISONER_MOVED);
	if (err == OK && effect.ends_visits) /* so that what is called off does not wait again */
		err = waiting_close_for(service, arena, prisoner);
	if (err == OK && effect.ends_visits)
		err = call_off_booked(service, actor, arena, &visits, END_CANCELLED_BY_PRISON);
	if (err == OK)
		err = guard_visits_of(service, arena, prisoner, &visits);
	if (err != OK)
		return err;
	return guard_flag(service, arena, &visits, EVENTS[movement],
			  effect.flags_visits ? OF_MOVES : 0);
}

static bool receives(enum movement movement)
{
	return movement == MOVEMENT_ADMITTED || movement == MOVEMENT_TRANSFERRED;
}

static enum err find_mover(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct prisoner_movement *m, struct prisoner *out)
{
	struct prison prison;
	enum err err = store_prisoner_find_by_number(service->store, arena, m->number, out);
	bool here = err == OK && actor_works_at(actor, out->prison);
	if (err == OK && !here && !(receives(m->movement) && actor_works_at(actor, m->to)))
		err = ERR_NOT_FOUND;
	if (err == OK && receives(m->movement))
		err = store_prison_find(service->store, arena, m->to, &prison);
	return err;
}

static enum err move(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct prisoner_movement *m)
{
	struct prisoner prisoner = { 0 };
	struct store_custody custody = { 0 };
	enum err err = find_mover(service, actor, arena, m, &prisoner);
	if (err == OK)
		err = store_custody_find(service->store, prisoner.id, &custody);
	bool same = m->movement == MOVEMENT_TRANSFERRED && custody.status == CUSTODY_IN &&
		    prison_code_equal(prisoner.prison, m->to);
	if (err == OK && (same || !movement_possible(custody.status, m->movement)))
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	custody.status = movement_effect_of(m->movement).becomes;
	custody.since = service->now;
	if (m->movement == MOVEMENT_ADMITTED)
		custody.admitted = service->now;
	err = store_custody_set(service->store, &custody);
	if (err == OK && receives(m->movement))
		err = store_prisoner_set_prison(service->store, prisoner.id, m->to);
	if (err == OK)
		err = consequences(service, actor, arena, prisoner.id, m->movement);
	if (err != OK)
		return err;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = AUDIT_PRISONER_MOVE,
				  .object = AUDIT_ON_PRISONER,
				  .object_id = prisoner.id.n,
				  .amount = m->movement,
				  .prison = receives(m->movement) ? m->to : prisoner.prison,
				  .words = m->reason });
}

enum err prisoner_move(struct service *service, const struct actor *actor,
		       const struct prisoner_movement *m)
{
	if (!actor_is_one_of(actor, MAY_MOVE))
		return ERR_DENIED;
	if (m->movement >= MOVEMENT_COUNT || !reason_acceptable(m->reason) ||
	    receives(m->movement) == prison_code_empty(m->to))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = move(service, actor, &arena, m);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- level, category, conviction ---- */

static enum err set_status(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct prisoner_status *s)
{
	struct prisoner prisoner = { 0 };
	int64_t vo = 0, pvo = 0;
	enum err err = store_prisoner_find_by_number(service->store, arena, s->number, &prisoner);
	if (err == OK && !actor_works_at(actor, prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	err = store_incentive_find(service->store, prisoner.prison, s->incentive, service->now, &vo,
				   &pvo);
	if (err != OK)
		return err == ERR_NOT_FOUND ? ERR_BAD : err;
	err = store_prisoner_set_status(service->store, prisoner.id, s->incentive, s->category,
					s->convicted);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PRISONER_STATUS,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = prisoner.id.n,
						 .amount = s->convicted,
						 .prison = prisoner.prison,
						 .words = s->reason });
}

enum err prisoner_set_status(struct service *service, const struct actor *actor,
			     const struct prisoner_status *s)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (str_empty(s->incentive) || s->incentive.len > INCENTIVE_LEVEL_MAX ||
	    s->category.len > INCENTIVE_LEVEL_MAX || !reason_acceptable(s->reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = set_status(service, actor, &arena, s);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- merging ---- */

static enum err merge_orders(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id from, struct prisoner_id to)
{
	struct order_book *books = arena_new(arena, 2, sizeof *books);
	struct order_changes *changes = arena_new(arena, 2, sizeof *changes);
	const struct visit_id none = { 0 };
	enum err err = pay_book(service, from, &books[0]);
	if (err == OK)
		err = pay_book(service, to, &books[1]);
	if (err != OK)
		return err;
	order_merge(&books[0], &books[1], &changes[0], &changes[1]);
	err = pay_write(service, actor, from, &books[0], &changes[0], none, ADJUST_NONE);
	return err == OK ? pay_write(service, actor, to, &books[1], &changes[1], none, ADJUST_NONE)
			 : err;
}

static enum err move_minutes(struct service *service, const struct actor *actor,
			     struct prisoner_id prisoner, const struct store_month *month, int sign)
{
	struct allowance_entry entry = {
		.id = id_next(service),
		.prisoner = prisoner,
		.month = month->month,
		.minutes = sign * month->minutes,
		.reason = ALLOWANCE_MERGED,
		.actor = actor->account,
		.at = service->now,
	};
	return store_ledger_append(service->store, &entry);
}

/* One person has one month: what either number used of it, the one has used. */
static enum err merge_minutes(struct service *service, const struct actor *actor,
			      struct arena *arena, struct prisoner_id from, struct prisoner_id to)
{
	struct store_months months = { 0 };
	enum err err = store_ledger_months(service->store, arena, from, &months);
	for (size_t i = 0; i < months.count && err == OK; i++) {
		err = move_minutes(service, actor, from, &months.list[i], -1);
		if (err == OK)
			err = move_minutes(service, actor, to, &months.list[i], 1);
	}
	return err;
}

/* from's pairs end, and begin anew as to's; the days are taken again. */
static enum err merge_pairs(struct service *service, const struct actor *actor, struct arena *arena,
			    struct prisoner_id from, struct prisoner_id to)
{
	struct non_association_list pairs = { 0 };
	enum err err = store_non_association_list_of(service->store, arena, from, &pairs);
	for (size_t i = 0; i < pairs.count && err == OK; i++) {
		struct non_association pair = pairs.list[i];
		err = store_non_association_end(service->store, pair.id, actor->account,
						service->now, STR("Numbers were merged."));
		if (err == OK)
			err = store_apart_forget(service->store, &pair);
		pair.b = non_association_other(&pair, from);
		pair.a = to;
		pair.id.n = random_id(service->random);
		non_association_order(&pair.a, &pair.b);
		if (err == OK)
			err = guard_pair_open(service, arena, &pair, actor->account);
	}
	return err;
}

static bool overlap(const struct visit *a, const struct visit *b)
{
	return a->start.s < visit_slot_end(b).s && b->start.s < visit_slot_end(a).s;
}

static enum err visits_clash(struct service *service, struct arena *arena, struct prisoner_id from,
			     struct prisoner_id to, bool *out)
{
	struct visits_touched a = { 0 }, b = { 0 };
	enum err err = guard_visits_of(service, arena, from, &a);
	if (err == OK)
		err = guard_visits_of(service, arena, to, &b);
	for (size_t i = 0; i < a.count; i++)
		for (size_t j = 0; j < b.count; j++)
			*out |= overlap(&a.list[i], &b.list[j]);
	return err;
}

static enum err may_merge(struct service *service, struct arena *arena, struct prisoner_id from,
			  struct prisoner_id to, enum merge_answer *answer)
{
	struct non_association_list pairs = { 0 };
	bool clash = false;
	*answer = from.n == to.n ? MERGE_SAME : MERGE_DONE;
	if (*answer == MERGE_SAME)
		return OK;
	enum err err = store_non_association_list_of(service->store, arena, from, &pairs);
	if (err == OK)
		err = visits_clash(service, arena, from, to, &clash);
	if (clash)
		*answer = MERGE_CLASH;
	for (size_t i = 0; i < pairs.count; i++)
		if (non_association_other(&pairs.list[i], from).n == to.n)
			*answer = MERGE_APART;
	return err;
}

static enum err merge_rows(struct service *service, const struct actor *actor, struct arena *arena,
			   struct prisoner_id from, struct prisoner_id to)
{
	struct store_custody custody = { 0 };
	struct visits_touched visits = { 0 };
	enum err err = merge_orders(service, actor, arena, from, to);
	if (err == OK)
		err = merge_minutes(service, actor, arena, from, to);
	if (err == OK)
		err = store_custody_merge(service->store, from, to, service->now);
	if (err == OK)
		err = merge_pairs(service, actor, arena, from, to);
	if (err == OK)
		err = store_custody_find(service->store, from, &custody);
	if (err != OK)
		return err;
	custody.status = CUSTODY_MERGED;
	custody.merged_into = to;
	custody.since = service->now;
	err = store_custody_set(service->store, &custody);
	if (err == OK)
		err = guard_visits_of(service, arena, to, &visits);
	return err == OK ? guard_flag(service, arena, &visits, REVIEW_PRISONER_MERGED, ~UINT64_C(0))
			 : err;
}

static enum err merge(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prisoner_number from_number, struct prisoner_number to_number,
		      struct str reason, enum merge_answer *answer)
{
	struct prisoner from = { 0 }, to = { 0 };
	enum err err = store_prisoner_find_by_number(service->store, arena, from_number, &from);
	if (err == OK)
		err = store_prisoner_find_by_number(service->store, arena, to_number, &to);
	if (err == OK && !actor_works_at(actor, to.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = may_merge(service, arena, from.id, to.id, answer);
	if (err != OK || *answer != MERGE_DONE)
		return err;
	err = merge_rows(service, actor, arena, from.id, to.id);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PRISONER_MERGE,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = to.id.n,
						 .amount = from.id.n,
						 .prison = to.prison,
						 .words = reason });
}

enum err prisoner_merge(struct service *service, const struct actor *actor,
			struct prisoner_number from, struct prisoner_number to, struct str reason,
			enum merge_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_MERGE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = merge(service, actor, &arena, from, to, reason, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err preview_counts(struct service *service, struct arena *arena,
			       struct merge_preview *p)
{
	struct visits_touched visits = { 0 };
	struct store_contacts contacts = { 0 };
	struct store_restrictions restrictions = { 0 };
	struct alert_list alerts = { 0 };
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	enum err err = guard_visits_of(service, arena, p->from.id, &visits);
	if (err == OK)
		err = store_contact_list_for(service->store, arena, p->from.id, &contacts);
	if (err == OK)
		err = store_restriction_list_of(service->store, arena, p->from.id, &restrictions);
	if (err == OK)
		err = store_alert_list_of(service->store, arena, p->from.id, &alerts);
	if (err == OK)
		err = pay_book(service, p->from.id, book);
	if (err != OK)
		return err;
	p->visits = visits.count;
	p->contacts = contacts.count;
	p->restrictions = restrictions.count;
	p->alerts = alerts.count;
	p->vo = order_balance(book, ORDER_VO);
	p->pvo = order_balance(book, ORDER_PVO);
	return OK;
}

enum err prisoner_merge_preview(struct service *service, const struct actor *actor,
				struct arena *arena, struct prisoner_number from,
				struct prisoner_number to, struct merge_preview *out)
{
	struct merge_preview preview = { 0 };
	if (!actor_is_one_of(actor, MAY_MERGE))
		return ERR_DENIED;
	enum err err = store_prisoner_find_by_number(service->store, arena, from, &preview.from);
	if (err == OK)
		err = store_prisoner_find_by_number(service->store, arena, to, &preview.to);
	if (err == OK && (!actor_works_at(actor, preview.from.prison) ||
			  !actor_works_at(actor, preview.to.prison)))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = may_merge(service, arena, preview.from.id, preview.to.id, &preview.answer);
	if (err == OK)
		err = preview_counts(service, arena, &preview);
	if (err == OK)
		*out = preview;
	return err;
}
