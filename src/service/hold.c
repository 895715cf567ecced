#include "service/hold.h"

#include "service/booking_priv.h"
#include "service/plan_priv.h"
#include "service/refill_priv.h"
#include "service/service_priv.h"

enum {
	SWEEP_AT_ONCE = 100,
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

enum err hold_find(struct service *service, const struct actor *actor, struct prisoner_id prisoner,
		   struct application_id *out)
{
	struct application found = { 0 };
	*out = (struct application_id){ 0 };
	if (!actor->account.n)
		return OK;
	enum err err = store_application_find(service->store, actor->account, prisoner, &found);
	if (err == OK && found.hold_until.s > service->now.s)
		*out = found.id;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err hold_drop(struct service *service, struct application_id id, enum application_state state)
{
	enum err err = store_slot_release_hold(service->store, id);
	return err == OK ? store_application_set_state(service->store, id, state) : err;
}

enum err visit_hold_find(struct service *service, const struct actor *actor,
			 struct prisoner_id prisoner, struct application *out)
{
	struct application found = { 0 };
	if (!actor->account.n)
		return ERR_NOT_FOUND;
	enum err err = store_application_find(service->store, actor->account, prisoner, &found);
	if (err == OK && found.hold_until.s <= service->now.s)
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = found;
	return err;
}

enum err visit_hold_find_id(struct service *service, const struct actor *actor,
			    struct application_id id, struct application *out)
{
	struct application found = { 0 };
	enum err err = store_application_find_id(service->store, id, &found);
	bool mine =
	    err == OK && actor->account.n && found.booker.n == actor->account.n && !found.offered;
	if (err == OK && (!mine || found.state != APPLICATION_IN_PROGRESS ||
			  found.hold_until.s <= service->now.s))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = found;
	return err;
}

/* ---- taking ---- */

enum err hold_places(struct service *service, const struct application *application,
		     const struct person_id *persons, size_t person_count)
{
	struct slot_holder holder = { .application = application->id };
	struct wall start = application->start;
	int minutes = application->minutes;
	enum err err = store_slot_take(service->store, SLOT_PRISONER, application->prisoner.n,
				       start, minutes, holder);
	if (err == OK)
		err = store_slot_take(service->store, SLOT_TERMINAL, application->terminal.n, start,
				      minutes, holder);
	for (size_t i = 0; i < person_count && err == OK; i++)
		err = store_slot_take(service->store, SLOT_PERSON, persons[i].n, start, minutes,
				      holder);
	return err;
}

static enum err replace(struct service *service, const struct actor *actor,
			const struct application *application, const struct visit_request *request)
{
	struct application before = { 0 };
	enum err err =
	    store_application_find(service->store, actor->account, request->prisoner, &before);
	if (err == OK)
		err = hold_drop(service, before.id, APPLICATION_EXPIRED);
	else if (err == ERR_NOT_FOUND)
		err = OK;
	if (err == OK)
		err = store_application_insert(service->store, application);
	return err == OK
		   ? hold_places(service, application, request->persons, request->person_count)
		   : err;
}

static enum err hold(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct visit_request *request, struct verdict *verdict,
		     struct wall *until)
{
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct plan_query query = {
		.kind = request->kind,
		.prisoner = request->prisoner,
		.person_count = request->person_count,
		.persons = request->persons,
		.from = request->start,
		.to = wall_add_s(request->start, (int64_t)request->minutes * 60),
		.need = &request->need,
	};
	enum err err = hold_find(service, actor, request->prisoner, &query.own_application);
	if (err == OK)
		err = plan_load(service, actor, arena, &query, plan);
	if (err == OK)
		err = booking_damped(service, actor, plan, request, verdict);
	if (err != OK)
		return err;
	struct plan_choice choice = plan_choose(plan, request->start, request->minutes);
	*verdict = choice.verdict;
	if (!verdict_ok(choice.verdict))
		return OK;
	if (!choice.terminal)
		return ERR_CONFLICT;
	struct application application = {
		.id = { random_id(service->random) },
		.booker = actor->account,
		.prisoner = plan->prisoner.id,
		.prison = plan->prison.code,
		.kind = request->kind,
		.terminal = choice.terminal->id,
		.start = request->start,
		.minutes = request->minutes,
		.made_at = service->now,
		.state = APPLICATION_IN_PROGRESS,
	};
	if (choice.session)
		application.session = choice.session->id;
	int64_t minutes = plan_policy(plan, service->now)->values[POLICY_HOLD_MINUTES];
	application.hold_until = wall_add_s(service->now, minutes * 60);
	err = replace(service, actor, &application, request);
	if (err != OK)
		return err;
	*until = application.hold_until;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_HOLD_TAKE,
						 .object = AUDIT_ON_APPLICATION,
						 .object_id = application.id.n,
						 .amount = minutes,
						 .prison = application.prison });
}

enum err visit_hold(struct service *service, const struct actor *actor,
		    const struct visit_request *request, struct verdict *verdict,
		    struct wall *until)
{
	enum err err = visit_request_check(service, actor, request);
	if (err == OK && !actor->account.n)
		err = ERR_DENIED;
	if (err == OK && !waiting_date_acceptable(&request->need, local_date(service->now)))
		err = ERR_BAD;
	if (err == OK)
		err = holds_sweep(service);
	if (err != OK)
		return err;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*verdict = (struct verdict){ 0 };
	err = use_case_begin(service, &use);
	if (err == OK)
		err = hold(service, actor, &arena, request, verdict, until);
	arena_clear(&arena);
	return booking_answered(use_case_end(&use, err), verdict);
}

/* ---- letting go ---- */

static enum err expire(struct service *service, const struct application *application)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = hold_drop(service, application->id, APPLICATION_EXPIRED);
	if (err == OK)
		err = audit_write(service, &SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_HOLD_EXPIRE,
							.object = AUDIT_ON_APPLICATION,
							.object_id = application->id.n,
							.prison = application->prison });
	return use_case_end(&use, err);
}

/* Forms that were given up long ago are forgotten, by the national rule. */
static enum err purge(struct service *service)
{
	struct use_case use;
	struct policy national;
	int64_t count = 0;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	int64_t age_s = national.values[POLICY_HOLD_PURGE_MINUTES] * 60;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_application_purge(service->store, wall_add_s(service->now, -age_s),
					      &count);
	if (err == OK && count)
		err = audit_write(service, &SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_HOLD_PURGE,
							.object = AUDIT_ON_APPLICATION,
							.amount = count });
	return use_case_end(&use, err);
}

/* Whoever found nothing to free has found it for the whole second: what is taken in it ends later. */
enum err holds_sweep(struct service *service)
{
	struct arena arena;
	if (service->swept_at.s == service->now.s)
		return OK;
	struct store_applications due = { 0 };
	arena_init(&arena);
	if (store_ahead(service->store)) {
		store_asked(store_application_list_due(service->store, &arena, service->now,
						       SWEEP_AT_ONCE, &due));
		offers_ask(service, &arena);
		store_ahead_end(service->store);
	}
	enum err err =
	    store_application_list_due(service->store, &arena, service->now, SWEEP_AT_ONCE, &due);
	for (size_t i = 0; i < due.count && err == OK; i++)
		err = expire(service, &due.list[i]);
	arena_clear(&arena);
	size_t ended = 0;
	if (err == OK)
		err = offers_expire(service, &ended);
	if (err == OK && !due.count && !ended)
		service->swept_at = service->now;
	return err == OK && due.count ? purge(service) : err;
}
