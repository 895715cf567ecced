#include "service/hint.h"

#include <stdio.h>

#include "service/service_priv.h"
#include "store/visit.h"

enum {
	MAY_SEE = PRISON_STAFF,
	MAY_SETTLE = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR),
};

enum err hints_are_wanted(struct service *service, enum visit_kind kind, struct prison_code prison,
			  bool *out)
{
	struct policy policy = { 0 };
	enum err err = policy_load(service, prison, &policy);
	*out = err == OK && hints_wanted(kind, &policy);
	return err;
}

static enum err find_visit(struct service *service, struct arena *arena,
			   const struct hint_note *note, struct visit *out)
{
	bool wanted = false;
	enum err err = store_visit_find_by_id(service->store, arena, note->visit, out);
	if (err == OK)
		err = hints_are_wanted(service, out->kind, out->prison, &wanted);
	return err == OK && !wanted ? ERR_DENIED : err;
}

static bool is_nothing(const struct hint_note *note, const struct visit *visit)
{
	return note->kind == HINT_FACES && note->faces <= hint_faces_expected(visit, note->end);
}

static enum err make(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct hint_note *note, enum hint_made *made)
{
	struct visit visit = { 0 };
	int64_t recent = 0;
	struct hint hint = { .id = { random_id(service->random) },
			     .visit = note->visit,
			     .seat = note->end,
			     .made_at = service->now };
	(void)snprintf(hint.what, sizeof hint.what, "%s", hint_kind_name(note->kind));
	enum err err = find_visit(service, arena, note, &visit);
	if (err != OK || is_nothing(note, &visit))
		return err;
	err = store_hint_recent(service->store, &hint, wall_add_s(service->now, -HINT_AGAIN_S),
				&recent);
	if (err == OK)
		*made = recent == 0 ? HINT_NEW : HINT_AGAIN;
	if (*made != HINT_NEW)
		return err;
	err = store_hint_insert(service->store, &hint, visit.kind);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_HINT_MAKE,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = note->kind,
						 .prison = visit.prison });
}

enum err hint_make(struct service *service, const struct actor *actor, const struct hint_note *note,
		   enum hint_made *made)
{
	struct use_case use;
	struct arena arena;
	*made = HINT_NONE;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = make(service, actor, &arena, note, made);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err hints_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct hints_view *out)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	struct wall day = wall_add_s(service->now, -HINTS_LISTED_S);
	struct wall counted = wall_add_s(service->now, -HINT_COUNTED_S);
	enum err err = hints_are_wanted(service, VISIT_SOCIAL, actor->prison, &out->on);
	if (err == OK)
		err = store_hint_list_open(service->store, arena, actor->prison, day,
					   HINTS_LIST_MAX, &out->open);
	if (err == OK)
		err =
		    store_hint_counts(service->store, arena, actor->prison, counted, &out->counts);
	return err;
}

static enum err settle(struct service *service, const struct actor *actor, struct arena *arena,
		       struct hint_id id, bool right)
{
	struct hint hint;
	enum err err = store_hint_find(service->store, arena, id, &hint);
	if (err == OK && !actor_works_at(actor, hint.prison))
		err = ERR_NOT_FOUND;
	if (err == OK && hint.answer != HINT_OPEN)
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	hint.answer = right ? HINT_RIGHT : HINT_WRONG;
	hint.answered_at = service->now;
	hint.answered_by = actor->account;
	err = store_hint_answer(service->store, &hint);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_HINT_ANSWER,
						 .object = AUDIT_ON_VISIT,
						 .object_id = hint.visit.n,
						 .amount = right,
						 .prison = hint.prison });
}

enum err hint_settle(struct service *service, const struct actor *actor, struct hint_id id,
		     bool right)
{
	struct use_case use;
	struct arena arena;
	if (!actor_is_one_of(actor, MAY_SETTLE))
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = settle(service, actor, &arena, id, right);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err hint_erase_due(struct service *service, const struct actor *actor)
{
	struct use_case use;
	int64_t count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_hint_erase(service->store, wall_add_s(service->now, -HINT_COUNTED_S),
				       &count);
	if (err == OK && count)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_HINT_ERASE,
							.object = AUDIT_NOTHING,
							.amount = count });
	return use_case_end(&use, err);
}
