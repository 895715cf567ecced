#include "service/adjustment.h"

#include "service/service_priv.h"
#include "service/tell_priv.h"
#include "store/adjustment.h"
#include "store/contact.h"

enum {
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_DECIDE =
	    MAY(ROLE_VISITS_CLERK) | MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR),
};

static struct adjustment_list list_of(const struct store_adjustments *all)
{
	return (struct adjustment_list){ .count = all->count, .list = all->list };
}

/* ---- the family ---- */

static enum err own_contact(struct service *service, const struct actor *actor, struct arena *arena,
			    struct contact_id id, struct contact *out)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_contact_find(service->store, arena, id, out);
	return err == OK && out->person.booker.n != actor->account.n ? ERR_NOT_FOUND : err;
}

enum err adjustments_mine(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_id id, struct contact *contact,
			  struct adjustment_list *out)
{
	struct store_adjustments all = { 0 };
	enum err err = own_contact(service, actor, arena, id, contact);
	if (err == OK)
		err = store_adjustment_list_of(service->store, arena, id, ADJUSTMENTS_OF_MAX, &all);
	if (err != OK)
		return err;
	contact->reason = STR("");
	*out = list_of(&all);
	return OK;
}

static enum err audit(struct service *service, const struct actor *actor, enum audit_verb verb,
		      const struct adjustment *a, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_ADJUSTMENT,
						 .object_id = a->id.n,
						 .amount = a->minutes,
						 .prison = a->prison,
						 .words = words });
}

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    struct adjustment *a)
{
	struct contact contact = { 0 };
	enum err err = own_contact(service, actor, arena, a->contact, &contact);
	if (err == OK)
		err = store_adjustment_insert(service->store, a);
	a->prison = contact.prisoner.prison;
	return err == OK ? audit(service, actor, AUDIT_ADJUSTMENT_ASK, a, a->words) : err;
}

enum err adjustment_ask(struct service *service, const struct actor *actor,
			struct contact_id contact, enum adjustment_kind kind, struct str words)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (kind >= ADJUSTMENT_KIND_COUNT || !adjustment_words_acceptable(kind, words))
		return ERR_BAD;
	struct adjustment a = { .id = { random_id(service->random) },
				.contact = contact,
				.kind = kind,
				.words = str_trim(words),
				.asked_at = service->now };
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &arena, &a);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err withdraw(struct service *service, const struct actor *actor, struct arena *arena,
			 struct adjustment_id id)
{
	struct adjustment a = { 0 };
	enum err err = store_adjustment_find(service->store, arena, id, &a);
	if (err == OK && a.booker.n != actor->account.n)
		err = ERR_NOT_FOUND;
	if (err == OK && !adjustment_may_become(a.state, ADJUSTMENT_WITHDRAWN))
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	a.state = ADJUSTMENT_WITHDRAWN;
	a.minutes = 0;
	a.decided_at = service->now;
	err = store_adjustment_decide(service->store, &a, actor->account);
	return err == OK ? audit(service, actor, AUDIT_ADJUSTMENT_WITHDRAW, &a, STR("")) : err;
}

enum err adjustment_withdraw(struct service *service, const struct actor *actor,
			     struct adjustment_id id)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = withdraw(service, actor, &arena, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- staff ---- */

enum err adjustments_waiting(struct service *service, const struct actor *actor,
			     struct arena *arena, struct adjustment_list *out)
{
	struct store_adjustments all = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_adjustment_list_asked(service->store, arena, actor->prison,
						   ADJUSTMENTS_LIST_MAX, &all);
	if (err == OK)
		*out = list_of(&all);
	return err;
}

enum err adjustments_of(struct service *service, const struct actor *actor, struct arena *arena,
			struct contact_id id, struct adjustment_list *out)
{
	struct store_adjustments all = { 0 };
	struct contact contact = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_contact_find(service->store, arena, id, &contact);
	if (err == OK && !actor_works_at(actor, contact.prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_adjustment_list_of(service->store, arena, id, ADJUSTMENTS_OF_MAX, &all);
	if (err == OK)
		*out = list_of(&all);
	return err;
}

enum err adjustment_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct adjustment_id id, struct adjustment *out)
{
	struct adjustment a = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_adjustment_find(service->store, arena, id, &a);
	if (err == OK && !actor_works_at(actor, a.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = a;
	return err;
}

enum err adjustments_in(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct adjustment_list *out)
{
	struct store_adjustments all = { 0 };
	struct visit visit = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = store_adjustment_list_in(service->store, arena, visit.id.n,
					       ADJUSTMENTS_LIST_MAX, &all);
	if (err == OK)
		*out = list_of(&all);
	return err;
}

static bool decision_acceptable(const struct adjustment_decision *d)
{
	if (d->reason.len > REASON_MAX || !str_is_utf8(d->reason))
		return false;
	return d->agree || reason_acceptable(d->reason);
}

static enum err decide(struct service *service, const struct actor *actor, struct arena *arena,
		       struct adjustment_id id, const struct adjustment_decision *d)
{
	struct adjustment a = { 0 };
	enum adjustment_state to = d->agree ? ADJUSTMENT_AGREED : ADJUSTMENT_REFUSED;
	enum err err = adjustment_find(service, actor, arena, id, &a);
	if (err == OK && !adjustment_may_become(a.state, to))
		err = ERR_CONFLICT;
	bool longer = d->agree && a.kind == ADJUSTMENT_LONGER;
	if (err == OK && longer && !adjustment_minutes_acceptable(d->minutes))
		err = ERR_BAD;
	if (err != OK)
		return err;
	a.state = to;
	a.minutes = longer ? d->minutes : 0;
	a.reason = d->reason;
	a.decided_at = service->now;
	err = store_adjustment_decide(service->store, &a, actor->account);
	if (err == OK)
		err = tell_adjustment(service, &a);
	return err == OK ? audit(service, actor, AUDIT_ADJUSTMENT_DECIDE, &a, d->reason) : err;
}

enum err adjustment_decide(struct service *service, const struct actor *actor,
			   struct adjustment_id id, const struct adjustment_decision *decision)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!decision_acceptable(decision))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide(service, actor, &arena, id, decision);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
