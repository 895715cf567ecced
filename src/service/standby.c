#include "service/standby_priv.h"

#include "service/refill_priv.h"
#include "service/tell_priv.h"
#include "store/prison.h"
#include "store/visit.h"

enum err standby_leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		      const struct standby_row *row, int64_t amount)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_STANDBY,
						 .object_id = row->id.n,
						 .amount = amount,
						 .prison = row->prison });
}

enum err standby_tell(struct service *service, const struct policy *policy,
		      const struct standby_row *row, const struct waiting_need *need,
		      enum message_kind kind, const char *why)
{
	struct wall start = row->standby.start;
	struct wall begins = standby_begins(policy, start, start);
	struct telling t = {
		.kind = kind,
		.account = row->booker,
		.prison = row->prison,
		.object = row->id.n,
		.start = row->standby.start,
		.minutes = standby_minutes(policy, need, begins, row->standby.end),
		.number = (int)((standby_handover(policy, start).s - start.s) / 60),
		.why = why,
	};
	if (kind == MESSAGE_STANDBY)
		t.answer_by = row->standby.answer_until;
	return tell(service, &t);
}

/* ---- ends ---- */

/* Tells whoever had agreed that it is over. */
static enum err end(struct service *service, struct arena *arena, const struct standby_row *row,
		    enum standby_state state)
{
	bool agreed = row->standby.state == STANDBY_AGREED;
	struct policy policy = { 0 };
	struct waiting w = { 0 };
	enum err err =
	    store_standby_set(service->store, row->id, row->standby.state, state, service->now);
	if (err == OK && agreed)
		err = policy_load(service, row->prison, &policy);
	if (err == OK && agreed)
		err = store_waiting_find_id(service->store, arena, row->waiting, &w);
	if (err == OK && agreed)
		err = standby_tell(service, &policy, row, &w.need, MESSAGE_STANDBY_ENDED,
				   standby_state_name(state));
	return err == OK ? standby_leaf(service, &STANDBY_SYSTEM, AUDIT_STANDBY_END, row, state)
			 : err;
}

enum err standby_end_one(struct service *service, struct arena *arena,
			 const struct standby_row *row, enum standby_state state)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, arena, row, state);
	err = use_case_end(&use, err);
	return err == ERR_NOT_FOUND ? OK : err; /* it was answered, or another process was faster */
}

static enum err end_all(struct service *service, struct arena *arena,
			const struct store_standbys *list, enum standby_state state, size_t *done)
{
	enum err err = OK;
	for (size_t i = 0; i < list->count && err == OK; i++) {
		err = standby_end_one(service, arena, &list->list[i], state);
		*done += err == OK;
	}
	return err;
}

/* A visit of the group has not begun, and may still be handed over. */
static enum err may_be_called(struct service *service, struct arena *arena,
			      const struct standby_row *row, const struct policy *policy, bool *out)
{
	struct wall start = row->standby.start;
	struct store_visits visits = { 0 };
	*out = true;
	if (service->now.s < standby_handover(policy, start).s)
		return OK;
	enum err err = store_visit_list_day(service->store, arena, row->prison, start,
					    wall_add_s(start, 1), &visits);
	*out = false;
	for (size_t i = 0; i < visits.count && service->now.s < row->standby.end.s; i++)
		*out |=
		    standby_row_is_for(row, &visits.list[i]) && standby_may_take(&visits.list[i]);
	return err;
}

/* Those whose group has begun, or who can no longer be called, and nobody needs them. */
static enum err end_unneeded(struct service *service, struct arena *arena, size_t *done)
{
	struct store_standbys begun = { 0 };
	enum err err =
	    store_standby_list_begun(service->store, arena, service->now, STANDBYS_AT_ONCE, &begun);
	for (size_t i = 0; i < begun.count && err == OK; i++) {
		struct policy policy;
		bool may = true;
		err = policy_load(service, begun.list[i].prison, &policy);
		if (err == OK)
			err = may_be_called(service, arena, &begun.list[i], &policy, &may);
		if (err != OK || may)
			continue;
		err = standby_end_one(service, arena, &begun.list[i], STANDBY_NOT_NEEDED);
		*done += err == OK;
	}
	return err;
}

static enum err end_due(struct service *service, struct arena *arena, size_t *done)
{
	struct store_standbys due = { 0 }, lost = { 0 };
	enum err err =
	    store_standby_list_due(service->store, arena, service->now, STANDBYS_AT_ONCE, &due);
	if (err == OK)
		err = end_all(service, arena, &due, STANDBY_EXPIRED, done);
	if (err == OK)
		err = store_standby_list_lost(service->store, arena, STANDBYS_AT_ONCE, &lost);
	if (err == OK)
		err = end_all(service, arena, &lost, STANDBY_GONE, done);
	return err;
}

/* ---- running ---- */

enum err standby_run(struct service *service, const struct actor *actor,
		     struct standby_cursor *cursor, bool *more)
{
	struct arena arena;
	size_t done = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = end_due(service, &arena, &done);
	if (err == OK)
		err = standby_call_for_freed(service, &arena, cursor);
	if (err == OK)
		err = end_unneeded(service, &arena, &done);
	*more = done >= STANDBYS_AT_ONCE;
	if (err == OK)
		err = standby_sweep(service, &arena, cursor, more);
	arena_clear(&arena);
	return err;
}

/* ---- answering ---- */

enum err standby_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct standby_id id, struct standby_view *out)
{
	struct standby_view view = { 0 };
	struct prison prison = { 0 };
	struct policy *policy = arena_new(arena, 1, sizeof *policy);
	enum err err = store_standby_find(service->store, id, &view.row);
	if (err == OK && actor->role != ROLE_SYSTEM && !refill_is_asked(actor, view.row.booker))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_waiting_find_id(service->store, arena, view.row.waiting, &view.waiting);
	if (err == OK)
		err = store_prison_find(service->store, arena, view.row.prison, &prison);
	if (err == OK)
		err = policy_load(service, view.row.prison, policy);
	if (err != OK)
		return err;
	view.prison_name = prison.name;
	view.known_at = standby_handover(policy, view.row.standby.start);
	view.minutes =
	    standby_minutes(policy, &view.waiting.need,
			    standby_begins(policy, view.row.standby.start, view.row.standby.start),
			    view.row.standby.end);
	view.row.standby.state = standby_after(&view.row.standby, service->now);
	if (view.row.visit.n) {
		struct visit visit = { 0 };
		err = store_visit_find_by_id(service->store, arena, view.row.visit, &visit);
		view.reference = visit.reference;
		view.minutes = visit.minutes;
	}
	*out = view;
	return err;
}

static enum err answer_one(struct service *service, const struct actor *actor, struct standby_id id,
			   enum offer_answer answer, enum standby_state *out)
{
	struct standby_row row = { 0 };
	enum err err = store_standby_find(service->store, id, &row);
	if (err == OK && !refill_is_asked(actor, row.booker))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = standby_answered(&row.standby, answer, service->now);
	if (*out == row.standby.state)
		return OK;
	err = store_standby_set(service->store, row.id, row.standby.state, *out, service->now);
	return err == OK ? standby_leaf(service, actor, AUDIT_STANDBY_END, &row, *out) : err;
}

enum err standby_answer(struct service *service, const struct actor *actor, struct standby_id id,
			enum offer_answer answer, enum standby_state *out)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = answer_one(service, actor, id, answer, out);
	return use_case_end(&use, err);
}
