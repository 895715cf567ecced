#include "service/professional.h"

#include "service/booking_priv.h"
#include "service/guard_priv.h"
#include "service/live_priv.h"
#include "service/refill_priv.h"
#include "service/request_priv.h"
#include "service/tell_priv.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/professional.h"
#include "store/visit.h"
#include "store/web_session.h"

enum {
	MAY_APPROVE = MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_HQ_ADMIN),
	VISITS_MAX = 200,
};

/* ---- who is one ---- */

static bool text_acceptable(struct str text, size_t max)
{
	return text.len && text.len <= max && str_is_utf8(text) && !str_has_control(text);
}

static enum err find_firm(struct service *service, struct str name, int64_t *out)
{
	enum err err = store_firm_find(service->store, name, out);
	if (err != ERR_NOT_FOUND)
		return err;
	*out = random_id(service->random);
	return store_firm_insert(service->store, *out, name);
}

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct professional_new *new)
{
	struct account account = { 0 };
	struct professional p = { .account = actor->account,
				  .profession = new->profession,
				  .regulator_id = str_trim(new->regulator_id),
				  .asked_at = service->now };
	struct professional before;
	enum err err = store_professional_find(service->store, arena, actor->account, &before);
	if (err != ERR_NOT_FOUND)
		return err == OK ? ERR_CONFLICT : err;
	err = store_account_find(service->store, arena, actor->account, &account);
	struct person person = { .id = { random_id(service->random) },
				 .booker = actor->account,
				 .name = account.name,
				 .born = new->born };
	if (err == OK)
		err = store_person_insert(service->store, &person);
	if (err == OK)
		err = find_firm(service, str_trim(new->firm), &p.firm);
	p.person = person.id;
	if (err == OK)
		err = store_professional_insert(service->store, &p);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PROFESSIONAL_ASK,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = actor->account.n });
}

enum err professional_ask(struct service *service, const struct actor *actor,
			  const struct professional_new *new)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (!text_acceptable(str_trim(new->firm), FIRM_NAME_MAX) ||
	    !text_acceptable(str_trim(new->regulator_id), REGULATOR_ID_MAX) ||
	    new->profession >= PROFESSION_COUNT || !date_valid(new->born) ||
	    date_compare(new->born, local_date(service->now)) >= 0)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &arena, new);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err professional_mine(struct service *service, const struct actor *actor, struct arena *arena,
			   struct professional *out)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	return store_professional_find(service->store, arena, actor->account, out);
}

enum err professional_check(struct service *service, struct account_id account, bool *verified)
{
	struct arena arena;
	struct professional p = { 0 };
	arena_init(&arena);
	enum err err = store_professional_find(service->store, &arena, account, &p);
	*verified = err == OK && p.state == PROFESSIONAL_VERIFIED;
	arena_clear(&arena);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err professionals_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct professional_list *out)
{
	struct store_professionals found = { 0 };
	if (!actor_is_one_of(actor, MAY_APPROVE))
		return ERR_DENIED;
	enum err err =
	    store_professional_list(service->store, arena, PROFESSIONALS_LIST_MAX, &found);
	if (err == OK)
		*out = (struct professional_list){ .count = found.count, .list = found.list };
	return err;
}

static enum err say_yes(struct service *service, const struct actor *actor, struct arena *arena,
			struct account_id account, enum approval_answer *answer)
{
	struct professional p = { 0 };
	enum err err = store_professional_find(service->store, arena, account, &p);
	if (err != OK)
		return err;
	*answer = professional_approve(&p, actor->account, service->now);
	if (*answer != APPROVAL_GIVEN && *answer != APPROVAL_COMPLETE)
		return OK;
	err = store_professional_update(service->store, &p);
	if (err == OK && *answer == APPROVAL_COMPLETE)
		err = tell_professional(service, &p);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PROFESSIONAL_APPROVE,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = account.n,
						 .amount = *answer == APPROVAL_COMPLETE ? 2 : 1 });
}

enum err professional_say_yes(struct service *service, const struct actor *actor,
			      struct account_id account, enum approval_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_APPROVE) || !actor->account.n)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = say_yes(service, actor, &arena, account, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err professional_find(struct service *service, const struct actor *actor, struct arena *arena,
			   struct account_id account, struct professional *out)
{
	struct professional p = { 0 };
	if (!actor_is_one_of(actor, MAY_APPROVE))
		return ERR_DENIED;
	enum err err = store_professional_find(service->store, arena, account, &p);
	if (err == OK && (p.state == PROFESSIONAL_REFUSED || p.state == PROFESSIONAL_REVOKED))
		err = ERR_CONFLICT;
	if (err == OK)
		*out = p;
	return err;
}

/* ---- who is one no longer ---- */

static bool goes_on(const struct visit *visit)
{
	return visit->state == VISIT_LOBBY || visit->state == VISIT_LIVE;
}

static enum err visits_with(struct service *service, struct arena *arena, struct person_id person,
			    bool now, struct visit_list *out)
{
	struct store_visits found = { 0 };
	enum err err =
	    store_visit_list_legal_with(service->store, arena, person, VISITS_MAX, &found);
	*out = (struct visit_list){ .list = arena_new(arena, VISITS_MAX, sizeof *out->list) };
	for (size_t i = 0; err == OK && i < found.count; i++)
		if (goes_on(&found.list[i]) == now)
			out->list[out->count++] = found.list[i];
	return err;
}

enum err professional_visits_now(struct service *service, const struct actor *actor,
				 struct arena *arena, struct account_id account,
				 struct visit_list *out)
{
	struct professional p = { 0 };
	enum err err = professional_find(service, actor, arena, account, &p);
	return err == OK ? visits_with(service, arena, p.person, true, out) : err;
}

/* No pair with a client counts any more: joining, also by a personal link, asks for it afresh. */
static enum err forget_clients(struct service *service, const struct actor *actor,
			       struct arena *arena, const struct professional *p)
{
	struct store_contacts contacts = { 0 };
	enum err err = store_contact_list_of(service->store, arena, p->account, &contacts);
	for (size_t i = 0; i < contacts.count && err == OK; i++) {
		const struct contact *contact = &contacts.list[i];
		if (contact->person.id.n == p->person.n && contact->state == CONTACT_APPROVED)
			err = store_contact_set_state(service->store, contact->id, CONTACT_REJECTED,
						      p->reason, actor->account, service->now);
	}
	return err;
}

/* Their own visits to come are off; staff decide about those of others. */
static enum err drop_visits(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct professional *p)
{
	const struct actor system = { .role = ROLE_SYSTEM, .account = actor->account };
	struct visit_list visits = { 0 };
	struct visits_touched others = { 0 };
	enum err err = visits_with(service, arena, p->person, false, &visits);
	others.list = arena_new(arena, VISITS_MAX, sizeof *others.list);
	for (size_t i = 0; i < visits.count && err == OK; i++) {
		struct visit *visit = &visits.list[i];
		if (visit->booker.n != p->account.n) {
			others.list[others.count++] = *visit;
			continue;
		}
		err = booking_call_off(service, &system, arena, visit, END_CANCELLED_BY_PRISON,
				       p->reason);
		if (err == OK)
			err = tell_systems_of(service, EVENT_VISIT_CANCELLED, visit);
	}
	return err == OK ? guard_flag(service, arena, &others, REVIEW_VISITOR_UNAPPROVED,
				      GUARD_BIT(BOOKING_NOT_APPROVED))
			 : err;
}

static enum err end_professional(struct service *service, const struct actor *actor,
				 struct arena *arena, struct account_id account, struct str reason,
				 struct professional *p)
{
	enum err err = store_professional_find(service->store, arena, account, p);
	if (err == OK && !professional_end(p, actor->account, reason, service->now))
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_professional_update(service->store, p);
	if (err == OK)
		err = store_web_session_delete_account(service->store, account);
	service->sessions_ended++;
	if (err == OK)
		err = forget_clients(service, actor, arena, p);
	if (err == OK)
		err = drop_visits(service, actor, arena, p);
	if (err == OK)
		err = waiting_close_of(service, arena, account);
	if (err == OK)
		err = tell_professional(service, p);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PROFESSIONAL_END,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = account.n,
						 .words = reason });
}

/* Another verified lawyer of the visit whom nobody has refused; an interpreter alone is none. */
static enum err has_lawyer(struct service *service, struct arena *arena, const struct visit *visit,
			   bool *out)
{
	enum err err = OK;
	*out = false;
	for (size_t i = 0; i < visit->visitor_count && err == OK && !*out; i++) {
		const struct visit_visitor *visitor = &visit->visitors[i];
		struct professional p = { 0 };
		err = store_professional_find_person(service->store, arena, visitor->person, &p);
		*out = err == OK && p.state == PROFESSIONAL_VERIFIED &&
		       p.profession != PROFESSION_INTERPRETER && !visitor->refused_reason.len;
		err = err == ERR_NOT_FOUND ? OK : err;
	}
	return err;
}

static enum err put_out(struct service *service, const struct actor *actor, struct arena *arena,
			struct visit *visit, const struct professional *p)
{
	bool stays = false;
	enum err err = has_lawyer(service, arena, visit, &stays);
	if (err == OK)
		err = live_put_out(service, actor, arena, visit, p->person, p->reason, !stays);
	if (err != OK)
		return err;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = stays ? AUDIT_VISITOR_REFUSE : AUDIT_VISIT_END,
				  .object = AUDIT_ON_VISIT,
				  .object_id = visit->id.n,
				  .amount = stays ? p->person.n : visit->used_s,
				  .prison = visit->prison,
				  .words = p->reason });
}

/* Each visit with a leaf of its own. */
static enum err put_out_of_all(struct service *service, const struct actor *actor,
			       struct arena *arena, const struct professional *p)
{
	struct visit_list visits = { 0 };
	enum err err = visits_with(service, arena, p->person, true, &visits);
	for (size_t i = 0; i < visits.count && err == OK; i++) {
		struct use_case use;
		err = use_case_begin(service, &use);
		if (err == OK)
			err = put_out(service, actor, arena, &visits.list[i], p);
		err = use_case_end(&use, err);
	}
	return err;
}

static enum err say_no(struct service *service, const struct actor *actor, struct arena *arena,
		       struct account_id account, struct str reason)
{
	struct professional p = { 0 };
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_professional(service, actor, arena, account, reason, &p);
	err = use_case_end(&use, err);
	return err == OK ? put_out_of_all(service, actor, arena, &p) : err;
}

enum err professional_say_no(struct service *service, const struct actor *actor,
			     struct account_id account, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_APPROVE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct arena arena;
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	arena_init(&arena);
	err = say_no(service, actor, &arena, account, reason);
	arena_clear(&arena);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}
