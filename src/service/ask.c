#include "service/ask.h"

#include "service/orders.h"
#include "service/safeguard.h"
#include "service/service_priv.h"
#include "store/ask.h"
#include "store/contact.h"
#include "store/incident.h"
#include "store/prisoner.h"
#include "store/visit.h"

enum {
	MAY_READ = PRISON_STAFF,
	MAY_DECIDE =
	    MAY(ROLE_VISITS_CLERK) | MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR),
	DAY_S = 24 * 60 * 60,
};

/* ---- the prisoner ---- */

static bool is_self(const struct actor *actor)
{
	return actor->role == ROLE_TERMINAL && actor->prisoner.n != 0;
}

/* What speaks for and against asking that visitor, and how the last time went. */
static enum err load_facts(struct service *service, struct arena *arena,
			   const struct contact *contact, struct asking_facts *facts,
			   struct visit_ask *last)
{
	bool barred = false;
	enum err err = contact_barred(service, arena, contact, &barred);
	facts->approved = contact->state == CONTACT_APPROVED && !barred;
	if (err == OK)
		err = store_contact_no_asks(service->store, contact->person.id,
					    contact->prisoner.id, &facts->no_asks);
	if (err == OK)
		err = store_visit_ask_last(service->store, arena, contact->prisoner.id,
					   contact->person.id, last);
	if (err == ERR_NOT_FOUND)
		return OK;
	facts->asked_before = err == OK;
	facts->asked_at = last->asked_at;
	return err;
}

static enum err add_visitor(struct service *service, struct arena *arena,
			    const struct contact *contact, const struct policy *policy,
			    struct own_view *view)
{
	struct asking_facts facts = { 0 };
	struct visit_ask last = { 0 };
	enum ask_state begins;
	enum err err = load_facts(service, arena, contact, &facts, &last);
	if (err != OK || !facts.approved)
		return err;
	view->visitors[view->visitor_count++] = (struct own_visitor){
		.person = contact->person.id,
		.name = contact->person.name,
		.relationship = contact->relationship,
		.relationship_code = contact->relationship_code,
		.may = ask_decide(&facts, policy, service->now, &begins),
		.asked = facts.asked_before,
		.told = ask_told(last.state),
		.asked_at = last.asked_at,
	};
	return OK;
}

static enum err add_visitors(struct service *service, struct arena *arena,
			     const struct policy *policy, struct own_view *view)
{
	struct store_contacts contacts = { 0 };
	enum err err = store_contact_list_for(service->store, arena, view->prisoner.id, &contacts);
	view->visitors = arena_new(arena, contacts.count, sizeof *view->visitors);
	for (size_t i = 0; i < contacts.count && err == OK; i++)
		err = add_visitor(service, arena, &contacts.list[i], policy, view);
	return err;
}

static enum err add_allowance(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct policy *policy,
			      struct own_view *view)
{
	struct orders_view orders = { 0 };
	int64_t pays = policy->values[POLICY_VIDEO_PAYS];
	enum err err = orders_find(service, actor, arena, view->prisoner.number, &orders);
	view->minutes_left = orders.minutes_left;
	view->vo = orders.vo;
	view->pvo = orders.pvo;
	view->pays_minutes = pays != VIDEO_PAYS_ORDER;
	view->pays_order = pays != VIDEO_PAYS_MINUTES;
	return err;
}

static enum err add_visits(struct service *service, struct arena *arena, struct own_view *view)
{
	struct store_visits visits = { 0 };
	enum err err = store_visit_list_of_prisoner(service->store, arena, view->prisoner.id,
						    service->now, OWN_VISITS_MAX, &visits);
	view->visit_count = visits.count;
	view->visits = visits.list;
	return err;
}

static enum err add_decisions(struct service *service, struct arena *arena, struct own_view *view)
{
	struct store_incidents told = { 0 };
	struct wall since = wall_add_s(service->now, -(int64_t)OWN_DECISIONS_DAYS * DAY_S);
	enum err err = store_incident_list_told(service->store, arena, view->prisoner.id, since,
						OWN_DECISIONS_MAX, &told);
	view->decisions = arena_new(arena, told.count, sizeof *view->decisions);
	for (size_t i = 0; i < told.count && err == OK; i++) {
		struct own_decision *d = &view->decisions[view->decision_count++];
		struct policy policy = { 0 };
		d->incident = told.list[i];
		err = policy_load(service, d->incident.prison, &policy);
		int64_t days = policy.values[POLICY_INCIDENT_APPEAL_DAYS];
		d->appeal_until = incident_appeal_until(&d->incident, APPELLANT_PRISONER, days);
		d->may = incident_may_appeal(&d->incident, APPELLANT_PRISONER, days, service->now);
	}
	return err;
}

static enum err add_contacts(struct service *service, struct arena *arena, struct own_view *view)
{
	struct store_contact_asks asks = { 0 };
	enum err err = store_contact_ask_list_of(service->store, arena, view->prisoner.id,
						 OWN_ASKS_MAX, &asks);
	view->contact_count = asks.count;
	view->contacts = asks.list;
	return err;
}

enum err own_find(struct service *service, const struct actor *actor, struct arena *arena,
		  struct own_view *out)
{
	struct own_view view = { 0 };
	struct policy policy = { 0 };
	if (!is_self(actor))
		return ERR_DENIED;
	enum err err = store_prisoner_find(service->store, arena, actor->prisoner, &view.prisoner);
	if (err == OK)
		err = store_prisoner_language(service->store, actor->prisoner, &view.language);
	if (err == OK)
		err = policy_load(service, view.prisoner.prison, &policy);
	if (err == OK)
		err = add_allowance(service, actor, arena, &policy, &view);
	if (err == OK)
		err = add_visits(service, arena, &view);
	if (err == OK)
		err = add_visitors(service, arena, &policy, &view);
	if (err == OK)
		err = add_contacts(service, arena, &view);
	if (err == OK)
		err = add_decisions(service, arena, &view);
	if (err == OK)
		*out = view;
	return err;
}

static enum err choose_language(struct service *service, const struct actor *actor,
				enum language language)
{
	enum language before = LANGUAGE_EN;
	enum err err = store_prisoner_language(service->store, actor->prisoner, &before);
	if (err != OK || before == language)
		return err;
	err = store_prisoner_set_language(service->store, actor->prisoner, language);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_LANGUAGE_CHOOSE,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = actor->prisoner.n,
						 .amount = language });
}

enum err own_choose_language(struct service *service, const struct actor *actor,
			     enum language language)
{
	if (!is_self(actor))
		return ERR_DENIED;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = choose_language(service, actor, language);
	return use_case_end(&use, err);
}

/* One about the two that nobody answered makes room for the next. */
static enum err lapse(struct service *service, const struct visit_ask *last)
{
	if (last->state != ASK_STAFF && last->state != ASK_OPEN)
		return OK;
	return store_visit_ask_set(service->store, last->id, ASK_LAPSED, (struct account_id){ 0 },
				   service->now, STR(""));
}

static enum err insert_ask(struct service *service, const struct contact *contact,
			   const struct policy *policy, enum ask_state begins, struct ask_id *out)
{
	int64_t stands_s = policy->values[POLICY_PRISONER_ASK_DAYS] * DAY_S;
	struct visit_ask ask = {
		.id = { random_id(service->random) },
		.prisoner = contact->prisoner.id,
		.person = contact->person.id,
		.state = begins,
		.asked_at = service->now,
		.lapses_at = { service->now.s + stands_s },
	};
	*out = ask.id;
	return store_visit_ask_insert(service->store, &ask, (struct account_id){ 0 }, service->now);
}

static enum err ask_visit(struct service *service, const struct actor *actor, struct arena *arena,
			  struct person_id person, enum asking *answer)
{
	struct contact contact = { 0 };
	struct policy policy = { 0 };
	struct asking_facts facts = { 0 };
	struct visit_ask last = { .state = ASK_LAPSED };
	enum ask_state begins = ASK_OPEN;
	struct ask_id id;
	*answer = ASKING_UNKNOWN;
	enum err err =
	    store_contact_find_pair(service->store, arena, person, actor->prisoner, &contact);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = policy_load(service, contact.prisoner.prison, &policy);
	if (err == OK)
		err = load_facts(service, arena, &contact, &facts, &last);
	if (err != OK)
		return err;
	*answer = ask_decide(&facts, &policy, service->now, &begins);
	if (*answer != ASKING_OK)
		return OK;
	err = lapse(service, &last);
	if (err == OK)
		err = insert_ask(service, &contact, &policy, begins, &id);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ASK_VISIT,
						 .object = AUDIT_ON_ASK,
						 .object_id = id.n,
						 .amount = begins });
}

enum err ask_for_visit(struct service *service, const struct actor *actor, struct person_id person,
		       enum asking *answer)
{
	if (!is_self(actor))
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask_visit(service, actor, &arena, person, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err ask_contact(struct service *service, const struct actor *actor, struct str name,
			    struct str relationship)
{
	struct policy policy = { 0 };
	int64_t open = 0;
	struct contact_ask ask = { .id = { random_id(service->random) },
				   .prisoner = actor->prisoner,
				   .name = str_trim(name),
				   .relationship = str_trim(relationship),
				   .asked_at = service->now };
	enum err err = policy_load(service, actor->prison, &policy);
	if (err == OK)
		err = store_contact_ask_count_open(service->store, actor->prisoner, &open);
	if (err == OK && open >= policy.values[POLICY_OPEN_REQUESTS_MAX])
		err = ERR_LIMIT;
	if (err == OK)
		err = store_contact_ask_insert(service->store, &ask);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ASK_CONTACT,
						 .object = AUDIT_ON_ASK,
						 .object_id = ask.id.n,
						 .words = ask.name });
}

enum err ask_for_contact(struct service *service, const struct actor *actor, struct str name,
			 struct str relationship)
{
	if (!is_self(actor))
		return ERR_DENIED;
	if (!name_acceptable(name) || !relationship_acceptable(relationship))
		return ERR_BAD;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask_contact(service, actor, name, relationship);
	return use_case_end(&use, err);
}

/* ---- the family ---- */

/* Whether the two of an ask may meet still, by what is known of all contacts of the account. */
static bool still_stands(const struct visit_ask *ask, const struct store_contacts *contacts,
			 const bool *barred)
{
	for (size_t i = 0; i < contacts->count; i++) {
		const struct contact *c = &contacts->list[i];
		if (c->person.id.n == ask->person.n && c->prisoner.id.n == ask->prisoner.n)
			return c->state == CONTACT_APPROVED && !barred[i];
	}
	return false;
}

/* An order that came since, or an approval that is gone: nothing is said of it. */
static enum err leave_standing(struct service *service, const struct actor *actor,
			       struct arena *arena, struct visit_ask_list *asks)
{
	struct store_contacts contacts = { 0 };
	enum err err = store_contact_list_of(service->store, arena, actor->account, &contacts);
	bool *barred = arena_new(arena, contacts.count + 1, sizeof *barred);
	if (err == OK)
		err = contacts_barred(service, arena, actor->account, contacts.list, contacts.count,
				      barred);
	if (err != OK)
		return err;
	size_t kept = 0;
	for (size_t i = 0; i < asks->count; i++)
		if (still_stands(&asks->list[i], &contacts, barred))
			asks->list[kept++] = asks->list[i];
	asks->count = kept;
	return OK;
}

enum err asks_mine(struct service *service, const struct actor *actor, struct arena *arena,
		   struct visit_ask_list *out)
{
	struct store_visit_asks asks = { 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err =
	    store_visit_ask_list_for(service->store, arena, actor->account, service->now, &asks);
	*out = (struct visit_ask_list){ .count = asks.count, .list = asks.list };
	return err == OK && out->count > 0 ? leave_standing(service, actor, arena, out) : err;
}

enum err ask_mine_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct ask_id id, struct visit_ask *out)
{
	struct visit_ask_list mine = { 0 };
	enum err err = asks_mine(service, actor, arena, &mine);
	for (size_t i = 0; i < mine.count && err == OK; i++) {
		if (mine.list[i].id.n == id.n) {
			*out = mine.list[i];
			return OK;
		}
	}
	return err == OK ? ERR_NOT_FOUND : err;
}

static enum err decided(struct service *service, const struct actor *actor, struct ask_id id,
			struct prison_code prison, int64_t amount, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ASK_DECIDE,
						 .object = AUDIT_ON_ASK,
						 .object_id = id.n,
						 .amount = amount,
						 .prison = prison,
						 .words = words });
}

static enum err decline(struct service *service, const struct actor *actor, struct arena *arena,
			struct ask_id id, bool never)
{
	struct visit_ask ask = { 0 };
	enum err err = ask_mine_find(service, actor, arena, id, &ask);
	if (err == OK)
		err = store_visit_ask_set(service->store, id, ASK_DECLINED, actor->account,
					  service->now, STR(""));
	if (err == OK && never)
		err = store_contact_set_no_asks(service->store, ask.person, ask.prisoner, true);
	return err == OK ? decided(service, actor, id, ask.prison, ASK_DECLINED, STR("")) : err;
}

enum err ask_decline(struct service *service, const struct actor *actor, struct ask_id id,
		     bool never)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decline(service, actor, &arena, id, never);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- staff ---- */

enum err asks_waiting(struct service *service, const struct actor *actor, struct arena *arena,
		      struct asks_waiting *out)
{
	struct store_visit_asks visits = { 0 };
	struct store_contact_asks contacts = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_visit_ask_list_at(service->store, arena, actor->prison, service->now,
					       ASKS_LIST_MAX, &visits);
	if (err == OK)
		err = store_contact_ask_list_at(service->store, arena, actor->prison, ASKS_LIST_MAX,
						&contacts);
	if (err == OK)
		*out = (struct asks_waiting){ .visits = { visits.count, visits.list },
					      .contacts = { contacts.count, contacts.list } };
	return err;
}

enum err visit_ask_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct ask_id id, struct visit_ask *out)
{
	struct visit_ask ask = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_visit_ask_find(service->store, arena, id, &ask);
	if (err == OK && !actor_works_at(actor, ask.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = ask;
	return err;
}

enum err contact_ask_find(struct service *service, const struct actor *actor, struct arena *arena,
			  struct ask_id id, struct contact_ask *out)
{
	struct contact_ask ask = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_contact_ask_find(service->store, arena, id, &ask);
	if (err == OK && !actor_works_at(actor, ask.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = ask;
	return err;
}

static enum err may_pass_on(struct service *service, struct arena *arena,
			    const struct visit_ask *ask)
{
	struct contact contact = { 0 };
	bool barred = false;
	enum err err =
	    store_contact_find_pair(service->store, arena, ask->person, ask->prisoner, &contact);
	if (err == OK)
		err = contact_barred(service, arena, &contact, &barred);
	return err == OK && (barred || contact.state != CONTACT_APPROVED) ? ERR_DENIED : err;
}

static enum err decide_visit(struct service *service, const struct actor *actor,
			     struct arena *arena, struct ask_id id, bool pass_on, struct str reason)
{
	struct visit_ask ask = { 0 };
	enum ask_state to = pass_on ? ASK_OPEN : ASK_REFUSED;
	enum err err = visit_ask_find(service, actor, arena, id, &ask);
	if (err == OK && (ask.state != ASK_STAFF || ask.lapses_at.s <= service->now.s))
		err = ERR_CONFLICT;
	if (err == OK && pass_on)
		err = may_pass_on(service, arena, &ask);
	if (err == OK)
		err = store_visit_ask_set(service->store, id, to, actor->account, service->now,
					  pass_on ? STR("") : reason);
	return err == OK ? decided(service, actor, id, ask.prison, to, reason) : err;
}

enum err visit_ask_decide(struct service *service, const struct actor *actor, struct ask_id id,
			  bool pass_on, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!pass_on && !reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide_visit(service, actor, &arena, id, pass_on, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err decide_contact(struct service *service, const struct actor *actor,
			       struct arena *arena, struct ask_id id, bool invited,
			       struct str reason)
{
	struct contact_ask ask = { 0 };
	enum contact_ask_state to = invited ? CONTACT_ASK_INVITED : CONTACT_ASK_REFUSED;
	enum err err = contact_ask_find(service, actor, arena, id, &ask);
	if (err == OK && ask.state != CONTACT_ASK_OPEN)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_contact_ask_set(service->store, id, to, actor->account, service->now,
					    invited ? STR("") : reason);
	return err == OK ? decided(service, actor, id, ask.prison, to, reason) : err;
}

enum err contact_ask_decide(struct service *service, const struct actor *actor, struct ask_id id,
			    bool invited, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!invited && !reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide_contact(service, actor, &arena, id, invited, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
