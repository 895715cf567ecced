#include "base/assert.h"
#include "service/plan_priv.h"
#include "service/service_priv.h"
#include "store/contact.h"
#include "store/ledger.h"
#include "store/prison.h"
#include "store/prisoner.h"

static bool one_twice(const struct plan_query *query)
{
	for (size_t i = 0; i < query->person_count; i++)
		for (size_t j = 0; j < i; j++)
			if (query->persons[i].n == query->persons[j].n)
				return true;
	return false;
}

/* Whether a family has asked for anyone to visit that prisoner. */
static enum err family_knows(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id prisoner)
{
	struct store_contacts contacts;
	enum err err = store_contact_list_of(service->store, arena, actor->account, &contacts);
	for (size_t i = 0; err == OK && i < contacts.count; i++)
		if (contacts.list[i].prisoner.id.n == prisoner.n)
			return OK;
	return err == OK ? ERR_NOT_FOUND : err;
}

static enum err load_prisoner(struct service *service, const struct actor *actor,
			      struct arena *arena, struct prisoner_id id, struct plan *plan)
{
	enum err err = store_prisoner_find(service->store, arena, id, &plan->prisoner);
	if (err == OK && actor->role == ROLE_FAMILY)
		err = family_knows(service, actor, arena, id);
	else if (err == OK && !actor_works_at(actor, plan->prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err =
		    store_prison_find(service->store, arena, plan->prisoner.prison, &plan->prison);
	return err;
}

static enum err load_person(struct service *service, const struct actor *actor, struct arena *arena,
			    struct person_id id, struct plan *plan)
{
	struct person person = { 0 };
	struct contact contact = { 0 };
	enum err err = store_person_find(service->store, arena, id, &person);
	if (err != OK)
		return err;
	if (actor->role == ROLE_FAMILY && person.booker.n != actor->account.n)
		return ERR_NOT_FOUND;
	err = store_contact_find_pair(service->store, arena, id, plan->prisoner.id, &contact);
	bool known = err == OK;
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (!known && actor->role != ROLE_FAMILY) /* staff may know of nobody else's family */
		return ERR_NOT_FOUND;
	size_t at = plan->person_count++;
	plan->persons[at] = person;
	plan->callers[at] = (struct booking_caller){
		.born = person.born,
		.approved = known && contact.state == CONTACT_APPROVED,
	};
	return OK;
}

static enum err load_people(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct plan_query *query, struct plan *plan)
{
	enum err err = OK;
	for (size_t i = 0; i < query->person_count && err == OK; i++) {
		err = load_person(service, actor, arena, query->persons[i], plan);
		if (err == OK)
			err =
			    store_slot_list(service->store, arena, SLOT_PERSON, query->persons[i].n,
					    query->from, query->to, &plan->person_taken[i]);
		if (err == OK && plan->persons[i].booker.n != plan->persons[0].booker.n)
			err = ERR_NOT_FOUND; /* one visit, one booker */
	}
	return err;
}

static enum err load_terminals(struct service *service, struct arena *arena,
			       const struct plan_query *query, struct plan *plan)
{
	enum err err =
	    store_terminal_list(service->store, arena, plan->prison.code, &plan->terminals);
	if (err != OK)
		return err;
	plan->terminal_taken =
	    arena_new(arena, plan->terminals.count, sizeof *plan->terminal_taken);
	for (size_t i = 0; i < plan->terminals.count && err == OK; i++)
		err = store_slot_list(service->store, arena, SLOT_TERMINAL,
				      plan->terminals.list[i].id.n, query->from, query->to,
				      &plan->terminal_taken[i]);
	return err;
}

static enum err load_months(struct service *service, struct arena *arena,
			    const struct plan_query *query, struct plan *plan)
{
	enum err err = OK;
	int64_t last = local_month(query->to);
	plan->first_month = local_month(query->from);
	for (int64_t m = plan->first_month; m <= last && err == OK; m++) {
		struct store_entries entries = { 0 };
		ASSERT(m - plan->first_month < PLAN_MONTHS_MAX);
		err = store_ledger_list(service->store, arena, plan->prisoner.id, m, &entries);
		plan->months[m - plan->first_month] =
		    allowance_sum(entries.list, entries.count,
				  plan->policy.values[POLICY_ALLOWANCE_MINUTES_MONTH]);
	}
	return err;
}

/* Without a policy nothing can be booked, and the plan says so. */
static enum err load_policy(struct service *service, struct plan *plan)
{
	enum err err = policy_load(service, plan->prisoner.prison, &plan->policy);
	plan->has_policy = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err plan_load(struct service *service, const struct actor *actor, struct arena *arena,
		   const struct plan_query *query, struct plan *plan)
{
	if (query->person_count > PARTY_MAX || one_twice(query))
		return ERR_BAD;
	*plan = (struct plan){ .service = service, .kind = query->kind };
	enum err err = load_prisoner(service, actor, arena, query->prisoner, plan);
	if (err == OK)
		err = load_policy(service, plan);
	if (err == OK)
		err = load_people(service, actor, arena, query, plan);
	if (err == OK)
		err = store_session_template_list(service->store, arena, plan->prison.code,
						  &plan->templates);
	if (err == OK)
		err = load_terminals(service, arena, query, plan);
	if (err == OK)
		err = store_slot_list(service->store, arena, SLOT_PRISONER, plan->prisoner.id.n,
				      query->from, query->to, &plan->prisoner_taken);
	if (err == OK)
		err = load_months(service, arena, query, plan);
	return err;
}

const struct terminal *plan_terminal(const struct plan *plan, struct wall start, int minutes)
{
	for (size_t i = 0; i < plan->terminals.count; i++)
		if (plan->terminals.list[i].active &&
		    store_quanta_free(&plan->terminal_taken[i], start, minutes))
			return &plan->terminals.list[i];
	return NULL;
}

struct allowance_balance plan_balance(const struct plan *plan, struct wall start)
{
	int64_t month = local_month(start) - plan->first_month;
	ASSERT(month >= 0 && month < PLAN_MONTHS_MAX);
	return plan->months[month];
}

static bool visitors_busy(const struct plan *plan, struct wall start, int minutes)
{
	for (size_t i = 0; i < plan->person_count; i++)
		if (!store_quanta_free(&plan->person_taken[i], start, minutes))
			return true;
	return false;
}

static struct booking_facts facts_of(const struct plan *plan, struct wall start, int minutes)
{
	struct booking_facts facts = {
		.policy = plan->policy,
		.prison_ready = plan->prison.ready,
		.now = plan->service->now,
		.start = start,
		.minutes = minutes,
		.needs_allowance = plan->kind == VISIT_SOCIAL,
		.caller_count = plan->person_count,
	};
	for (size_t i = 0; i < plan->person_count; i++)
		facts.callers[i] = plan->callers[i];
	return facts;
}

enum booking plan_party(const struct plan *plan, struct wall day)
{
	struct booking_facts facts = facts_of(plan, day, 0);
	return plan->has_policy ? booking_party(&facts) : BOOKING_RULES_MISSING;
}

enum booking plan_decide(const struct plan *plan, struct wall start, int minutes)
{
	if (!plan->has_policy)
		return BOOKING_RULES_MISSING;
	struct booking_facts facts = facts_of(plan, start, minutes);
	facts.session_held =
	    session_holds(plan->templates.list, plan->templates.count, start, minutes);
	facts.allowance_left_minutes = plan_balance(plan, start).minutes;
	facts.prisoner_busy = !store_quanta_free(&plan->prisoner_taken, start, minutes);
	facts.visitor_busy = visitors_busy(plan, start, minutes);
	facts.terminal_free = plan_terminal(plan, start, minutes) != NULL;
	return booking_decide(&facts);
}
