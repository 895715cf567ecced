#include "service/service.h"

#include "base/assert.h"
#include "service/service_priv.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/policy.h"
#include "store/visit.h"
#include "store/webhook.h"

bool actor_works_at(const struct actor *actor, struct prison_code prison)
{
	if (actor->role == ROLE_SYSTEM || role_is_national(actor->role))
		return true;
	return role_is_staff(actor->role) && !prison_code_empty(prison) &&
	       prison_code_equal(actor->prison, prison);
}

bool actor_is_one_of(const struct actor *actor, unsigned roles)
{
	return actor->role < ROLE_COUNT && (roles & MAY(actor->role)) != 0;
}

bool reason_acceptable(struct str reason)
{
	return str_trim(reason).len > 0 && reason.len <= REASON_MAX && str_is_utf8(reason);
}

enum err use_case_begin(struct service *service, struct use_case *out)
{
	*out = (struct use_case){ .service = service };
	enum err err = store_enter(service->store);
	out->open = err == OK;
	if (err == OK) /* what it decides by must still hold when it writes */
		err = store_will_write(service->store);
	out->changes_before = store_changes(service->store);
	service->leaves = 0;
	service->event_waits = false;
	return err;
}

enum err use_case_end(struct use_case *use, enum err err)
{
	if (!use->open)
		return err;
	struct store *store = use->service->store;
	if (err == OK && use->service->event_waits)
		err = store_webhook_event_number(store, use->service->newest_leaf);
	if (err == OK)
		err = store_settle(store);
	bool changed = store_changes(store) != use->changes_before;
	if (err == OK)
		ASSERT(use->service->leaves == (changed ? 1 : 0));
	enum err left = store_leave(store, err == OK);
	return err == OK ? left : err;
}

int64_t id_next(struct service *service)
{
	if (!service->last_id)
		service->last_id = random_id(service->random) / 2;
	return ++service->last_id;
}

/* An event for each webhook that is told of such changes, in the transaction of the change. */
static enum err tell_systems(struct service *service, const struct audit_record *record)
{
	enum event_type type;
	if (!event_of_record(record, &type))
		return OK;
	return store_webhook_event_write(service->store,
					 &(struct webhook_event){ .seq = record->seq,
								  .type = type,
								  .object_id = record->object_id,
								  .prison = record->prison,
								  .at = record->at });
}

enum err tell_systems_of(struct service *service, enum event_type type, const struct visit *visit)
{
	service->event_waits = true;
	return store_webhook_event_write(service->store,
					 &(struct webhook_event){ .type = type,
								  .object_id = visit->id.n,
								  .prison = visit->prison,
								  .at = service->now });
}

enum err audit_write(struct service *service, const struct actor *actor,
		     const struct audit_what *what)
{
	struct audit_record record = {
		.at = service->now,
		.role = actor->role,
		.account = actor->account,
		.terminal = actor->terminal,
		.prison = prison_code_empty(what->prison) ? actor->prison : what->prison,
		.verb = what->verb,
		.object = what->object,
		.object_id = what->object_id,
		.amount = what->amount,
	};
	service->leaves++;
	service->leaf_is_urgent |= audit_verb_is_urgent(what->verb);
	enum err err = store_audit_append(service->store, service->random, &record, what->words);
	service->newest_leaf = record.seq;
	return err == OK ? tell_systems(service, &record) : err;
}

enum err policy_load(struct service *service, struct prison_code prison, struct policy *out)
{
	struct arena arena;
	arena_init(&arena);
	struct store_policy_rows rows;
	enum err err = store_policy_values(service->store, &arena, prison, &rows);
	if (err == OK && !policy_in_force(rows.list, rows.count, service->now.s, out))
		err = ERR_NOT_FOUND;
	arena_clear(&arena);
	return err;
}

static bool may_know(const struct actor *actor, const struct visit *visit)
{
	if (actor->role == ROLE_FAMILY)
		return actor->account.n && actor->account.n == visit->booker.n;
	if (actor->role == ROLE_TERMINAL)
		return actor->terminal.n && actor->terminal.n == visit->terminal.n;
	return actor->role == ROLE_SYSTEM || actor->role == ROLE_INSPECTOR ||
	       (actor_is_one_of(actor, PRISON_STAFF) && actor_works_at(actor, visit->prison));
}

/* Every lawyer and interpreter of a legal visit, not the one alone who booked it. */
static enum err attends(struct service *service, const struct actor *actor, struct arena *arena,
			const struct visit *visit, bool *out)
{
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK && visit->kind == VISIT_LEGAL;
	     i++) {
		struct person person = { 0 };
		err = store_person_find(service->store, arena, visit->visitors[i].person, &person);
		*out |= err == OK && actor->account.n && person.booker.n == actor->account.n;
	}
	return err;
}

enum err visit_load(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, struct visit *out)
{
	struct visit visit;
	enum err err = store_visit_find(service->store, arena, reference, &visit);
	if (err != OK)
		return err;
	bool may = may_know(actor, &visit);
	if (!may && actor->role == ROLE_FAMILY)
		err = attends(service, actor, arena, &visit, &may);
	if (err == OK && !may)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = visit;
	return OK;
}
