#include "base/assert.h"
#include "service/booking_priv.h"
#include "service/plan_priv.h"
#include "service/service_priv.h"
#include "store/contact.h"
#include "store/ledger.h"

static enum err load_person(struct service *service, const struct actor *actor, struct arena *arena,
			    struct person_id id, struct plan *plan)
{
	struct person person = { 0 };
	struct contact contact = { 0 };
	enum err err =
	    store_contact_find_pair(service->store, arena, id, plan->prisoner.id, &contact);
	bool known = err == OK;
	if (known)
		person = contact.person;
	else if (err == ERR_NOT_FOUND)
		err = store_person_find(service->store, arena, id, &person);
	if (err != OK)
		return err;
	if (actor->role == ROLE_FAMILY && plan->kind != VISIT_LEGAL &&
	    person.booker.n != actor->account.n)
		return ERR_NOT_FOUND;
	if (!known && actor->role != ROLE_FAMILY) /* staff may know of nobody else's family */
		return ERR_NOT_FOUND;
	bool lawyer = known && str_is(contact.relationship, LEGAL_RELATIONSHIP), verified = true;
	if (lawyer)
		err = professional_check(service, person.booker, &verified);
	else
		err = OK;
	if (err != OK)
		return err;
	if (plan->kind == VISIT_LEGAL && actor->role == ROLE_FAMILY && !lawyer)
		return ERR_NOT_FOUND;
	size_t at = plan->people.person_count++;
	plan->people.signs |= contact.signs;
	if (contact.longer_minutes > plan->people.longer_minutes)
		plan->people.longer_minutes = contact.longer_minutes;
	plan->people.persons[at] = person;
	plan->people.callers[at] = (struct booking_caller){
		.born = person.born,
		/* A lawyer meets clients in confidence, or not at all. */
		.approved = known && contact.state == CONTACT_APPROVED &&
			    (!lawyer || (verified && plan->kind != VISIT_SOCIAL)),
		.social = !str_empty(contact.relationship_code) && !contact.official,
		.part = contact.part,
	};
	return OK;
}

static enum err load_callers(struct service *service, const struct actor *actor,
			     struct arena *arena, const struct plan_query *query, struct plan *plan)
{
	struct plan_people *people = &plan->people;
	struct place_own own = plan_own(service, query);
	enum err err = OK;
	for (size_t i = 0; i < query->person_count && err == OK; i++) {
		err = load_person(service, actor, arena, query->persons[i], plan);
		if (err == OK)
			err =
			    store_slot_list(service->store, arena, SLOT_PERSON, query->persons[i].n,
					    query->from, query->to, &own, &people->person_taken[i]);
		if (err == OK && plan->kind != VISIT_LEGAL &&
		    people->persons[i].booker.n != people->persons[0].booker.n)
			err = ERR_NOT_FOUND; /* one visit, one booker */
	}
	return err;
}

static enum err load_months(struct service *service, struct arena *arena,
			    const struct plan_query *query, struct plan *plan)
{
	struct plan_people *people = &plan->people;
	enum err err = OK;
	int64_t last = local_month(query->to);
	const struct policy *now = plan_policy(plan, service->now);
	people->first_month = local_month(query->from);
	for (int64_t m = people->first_month; m <= last && err == OK; m++) {
		struct store_entries entries = { 0 };
		ASSERT(m - people->first_month < PLAN_MONTHS_MAX);
		err = store_ledger_list(service->store, arena, plan->prisoner.id, m, &entries);
		people->months[m - people->first_month] =
		    allowance_sum(entries.list, entries.count,
				  now ? now->values[POLICY_ALLOWANCE_MINUTES_MONTH] : 0);
	}
	return err;
}

void plan_people_ask(struct service *service, struct arena *arena, const struct plan_query *query)
{
	struct store *store = service->store;
	struct place_own own = plan_own(service, query);
	struct store_quanta taken = { 0 };
	struct store_regime_events events = { 0 };
	for (size_t i = 0; i < query->person_count; i++) {
		struct contact contact = { 0 };
		store_asked(store_contact_find_pair(store, arena, query->persons[i],
						    query->prisoner, &contact));
		store_asked(store_slot_list(store, arena, SLOT_PERSON, query->persons[i].n,
					    query->from, query->to, &own, &taken));
	}
	store_asked(store_slot_list(store, arena, SLOT_PRISONER, query->prisoner.n, query->from,
				    query->to, &own, &taken));
	for (int64_t m = local_month(query->from); m <= local_month(query->to); m++) {
		struct store_entries entries = { 0 };
		store_asked(store_ledger_list(store, arena, query->prisoner, m, &entries));
	}
	store_asked(store_regime_event_list(store, arena, query->prisoner, query->from, query->to,
					    &events));
	guard_ask(service, arena,
		  &(struct guard_query){ .prisoner = &(struct prisoner){ .id = query->prisoner },
					 .person_count = query->person_count,
					 .from = query->from,
					 .to = query->to,
					 .own_visit = query->own_visit },
		  query->persons);
}

enum err plan_people_load(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct plan_query *query, struct plan *plan)
{
	struct place_own own = plan_own(service, query);
	enum err err = load_callers(service, actor, arena, query, plan);
	if (err == OK)
		err = store_slot_list(service->store, arena, SLOT_PRISONER, plan->prisoner.id.n,
				      query->from, query->to, &own, &plan->people.prisoner_taken);
	if (err == OK)
		err = load_months(service, arena, query, plan);
	if (err != OK)
		return err;
	return guard_load(service, arena,
			  &(struct guard_query){ .prisoner = &plan->prisoner,
						 .prison = plan->prisoner.prison,
						 .person_count = plan->people.person_count,
						 .persons = plan->people.persons,
						 .from = query->from,
						 .to = query->to,
						 .own_visit = query->own_visit,
						 .today = plan_policy(plan, service->now) },
			  &plan->guard);
}

struct allowance_balance plan_balance(const struct plan *plan, struct wall start)
{
	int64_t month = local_month(start) - plan->people.first_month;
	ASSERT(month >= 0 && month < PLAN_MONTHS_MAX);
	return plan->people.months[month];
}

void plan_people_facts(const struct plan *plan, struct booking_facts *facts)
{
	const struct plan_people *people = &plan->people;
	facts->prisoner = (struct prisoner_facts){
		.allowance_left_minutes = plan_balance(plan, facts->start).minutes,
		.busy = !store_quanta_free(&people->prisoner_taken, facts->start, facts->minutes),
		.regime = plan_regime_clash(plan, facts->start, facts->minutes),
	};
	facts->caller_count = people->person_count;
	facts->longer_minutes = people->longer_minutes;
	facts->signs = people->signs;
	for (size_t i = 0; i < people->person_count; i++) {
		facts->callers[i] = people->callers[i];
		facts->callers[i].busy =
		    !store_quanta_free(&people->person_taken[i], facts->start, facts->minutes);
	}
	guard_facts(&plan->guard, facts);
}
