#include "service/privilege.h"

#include "service/service_priv.h"
#include "service/tell.h"
#include "store/account.h"
#include "store/playback.h"

enum {
	OFFICERS = MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_CONTACTS_AUTHORISER),
	MAY_CLOSE = OFFICERS | MAY(ROLE_MONITOR),
	NATIONAL_OFFICERS = MAY(ROLE_HQ_ADMIN),
};

/* Of a visit that the actor may know of. */
static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct recording *out)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = visit_load(service, actor, arena, reference, visit);
	return err == OK ? store_recording_find(service->store, arena, visit->id, out) : err;
}

static enum err leaf(struct service *service, const struct actor *actor,
		     const struct recording *recording, enum audit_verb verb, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_RECORDING,
						 .object_id = recording->visit.n,
						 .prison = recording->prison,
						 .words = words });
}

/* ---- who is told ---- */

/* Everybody of these roles but the actor; *told: how many.  Who holds two of them is told once (tell.h). */
static enum err tell_roles(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct recording *recording, unsigned roles,
			   struct prison_code where, size_t *told)
{
	struct store_staff staff = { 0 };
	enum err err = store_staff_list(service->store, arena, where, &staff);
	for (size_t i = 0; i < staff.count && err == OK; i++) {
		const struct staff_member *m = &staff.list[i];
		if (!(roles & MAY(m->role.role)) || m->account.id.n == actor->account.n)
			continue;
		err = tell(service, &(struct telling){ .kind = MESSAGE_RECORDING_PRIVILEGED,
						       .account = m->account.id,
						       .prison = recording->prison,
						       .object = recording->visit.n,
						       .reference = recording->reference });
		++*told;
	}
	return err;
}

static enum err tell_officers(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct recording *recording)
{
	size_t told = 0;
	enum err err =
	    tell_roles(service, actor, arena, recording, OFFICERS, recording->prison, &told);
	if (err == OK && told == 0)
		err = tell_roles(service, actor, arena, recording, NATIONAL_OFFICERS,
				 (struct prison_code){ 0 }, &told);
	return err;
}

/* ---- closing it ---- */

static enum err lock(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct str reason)
{
	struct recording recording = { 0 };
	enum err err = load(service, actor, arena, reference, &recording);
	if (err == OK && recording.locked_at.s != 0)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_recording_lock(service->store, recording.visit, actor->account,
					   service->now);
	if (err == OK)
		err = tell_officers(service, actor, arena, &recording);
	return err == OK ? leaf(service, actor, &recording, AUDIT_RECORDING_LOCK, reason) : err;
}

enum err recording_lock(struct service *service, const struct actor *actor,
			struct reference reference, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_CLOSE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = lock(service, actor, &arena, reference, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- seeing to it ---- */

bool privilege_waits_for(const struct actor *actor, const struct recording *recording)
{
	bool waits = recording->locked_at.s != 0 && recording->lock_settled_at.s == 0;
	return waits && actor_is_one_of(actor, OFFICERS) &&
	       actor->account.n != recording->locked_by.n;
}

static enum err settle(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct str words)
{
	struct recording recording = { 0 };
	enum err err = load(service, actor, arena, reference, &recording);
	if (err == OK && (recording.locked_at.s == 0 || recording.lock_settled_at.s != 0))
		err = ERR_CONFLICT;
	if (err == OK && !privilege_waits_for(actor, &recording))
		err = ERR_DENIED;
	if (err == OK)
		err = store_recording_settle(service->store, recording.visit, actor->account,
					     service->now);
	return err == OK ? leaf(service, actor, &recording, AUDIT_RECORDING_SETTLE, words) : err;
}

enum err privilege_settle(struct service *service, const struct actor *actor,
			  struct reference reference, struct str words)
{
	if (!actor_is_one_of(actor, OFFICERS))
		return ERR_DENIED;
	if (!reason_acceptable(words))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = settle(service, actor, &arena, reference, words);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err privilege_waiting(struct service *service, const struct actor *actor, struct arena *arena,
			   struct store_recordings *out)
{
	struct store_recordings found = { 0 };
	size_t kept = 0;
	*out = found;
	if (!actor_is_one_of(actor, OFFICERS))
		return OK;
	enum err err = store_recording_list_unsettled(service->store, arena, actor->prison,
						      PRIVILEGE_SHOWN, &found);
	for (size_t i = 0; i < found.count; i++)
		if (privilege_waits_for(actor, &found.list[i]))
			found.list[kept++] = found.list[i];
	found.count = kept;
	if (err == OK)
		*out = found;
	return err;
}
