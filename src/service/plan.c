#include "service/plan_priv.h"
#include "service/service_priv.h"
#include "store/contact.h"
#include "store/prisoner.h"

static bool one_twice(const struct plan_query *query)
{
	for (size_t i = 0; i < query->person_count; i++)
		for (size_t j = 0; j < i; j++)
			if (query->persons[i].n == query->persons[j].n)
				return true;
	return false;
}

static enum err load_prisoner(struct service *service, const struct actor *actor,
			      struct arena *arena, struct prisoner_id id, struct plan *plan)
{
	enum err err = store_prisoner_find(service->store, arena, id, &plan->prisoner);
	if (err == OK && actor->role == ROLE_FAMILY)
		err = store_contact_asked_by(service->store, actor->account, id);
	else if (err == OK && !actor_works_at(actor, plan->prisoner.prison))
		err = ERR_NOT_FOUND;
	plan->prison.code = plan->prisoner.prison;
	return err;
}

static enum booking_by by_of(const struct actor *actor)
{
	if (actor->role == ROLE_SYSTEM)
		return BY_SYSTEM;
	if (actor->role == ROLE_TERMINAL)
		return BY_PRISONER;
	return role_is_staff(actor->role) ? BY_STAFF : BY_FAMILY;
}

void plan_ask(struct service *service, const struct actor *actor, struct arena *arena,
	      const struct plan_query *query)
{
	struct prisoner prisoner = { 0 };
	store_asked(store_prisoner_find(service->store, arena, query->prisoner, &prisoner));
	if (actor->role == ROLE_FAMILY)
		store_asked(
		    store_contact_asked_by(service->store, actor->account, query->prisoner));
	plan_people_ask(service, arena, query);
}

static void ask_of_people(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct plan_query *query)
{
	if (!store_ahead(service->store))
		return;
	plan_ask(service, actor, arena, query);
	store_ahead_end(service->store);
}

/* Where the prisoner is. */
static void ask_of_prison(struct service *service, struct arena *arena,
			  const struct plan_query *query, const struct plan *plan)
{
	if (!store_ahead(service->store))
		return;
	plan_times_ask(service, arena, query, plan);
	store_ahead_end(service->store);
}

enum err plan_load(struct service *service, const struct actor *actor, struct arena *arena,
		   const struct plan_query *query, struct plan *plan)
{
	if (query->person_count > PARTY_MAX || one_twice(query))
		return ERR_BAD;
	*plan = (struct plan){ .service = service,
			       .by = by_of(actor),
			       .kind = query->kind,
			       .preferred = query->preferred,
			       .offered = query->offered,
			       .called = query->called,
			       .promised = query->promised };
	ask_of_people(service, actor, arena, query);
	enum err err = load_prisoner(service, actor, arena, query->prisoner, plan);
	if (err == OK)
		ask_of_prison(service, arena, query, plan);
	if (err == OK)
		err = plan_times_load(service, arena, query, plan);
	if (err == OK)
		err = plan_prisoner_load(service, arena, query, plan);
	if (err == OK)
		err = plan_people_load(service, actor, arena, query, plan);
	if (err == OK)
		plan_legal_load(arena, query, plan);
	return err;
}

/* Without rules nothing can be booked, and the plan says so (fail closed). */
static struct verdict rules_missing(void)
{
	struct verdict verdict = { 0 };
	verdict_add(&verdict, BOOKING_RULES_MISSING);
	return verdict;
}

static struct plan_choice choose_in(const struct plan *plan, const struct session_template *session,
				    struct wall start, int minutes)
{
	struct booking_facts facts = {
		.policy = *plan_policy(plan, start),
		.today = *plan_policy(plan, plan->service->now),
		.offered = plan->offered,
		.called = plan->called,
		.by = plan->by,
		.kind = plan->kind,
		.now = plan->service->now,
		.start = start,
		.minutes = minutes,
	};
	plan_people_facts(plan, &facts);
	facts.prisoner.order_need = session ? session->order_need : ORDER_NEED_ANY;
	struct plan_choice choice = { .session = session,
				      .terminal = plan_times_facts(plan, session, &facts) };
	choice.closed = facts.closed;
	choice.watched = facts.watched && plan->kind != VISIT_LEGAL; /* never */
	choice.order_need = facts.prisoner.order_need;
	choice.free_minutes = booking_free_minutes(&facts);
	choice.verdict = booking_decide(&facts);
	return choice;
}

struct verdict plan_party(const struct plan *plan, struct wall day)
{
	if (!plan->times.rules_count)
		return rules_missing();
	struct booking_facts facts = { .policy = *plan_policy(plan, day),
				       .today = *plan_policy(plan, plan->service->now),
				       .by = plan->by,
				       .kind = plan->kind,
				       .now = plan->service->now,
				       .start = day };
	plan_people_facts(plan, &facts);
	return booking_party(&facts);
}

struct verdict plan_decide_in(const struct plan *plan, const struct session_template *session,
			      struct wall start, int minutes)
{
	if (!plan->times.rules_count)
		return rules_missing();
	return choose_in(plan, session, start, minutes).verdict;
}

/* Clean before waivable before forbidden; of equals the one that was there first. */
static bool is_better(struct verdict a, struct verdict b)
{
	int rank_a = verdict_clean(a) ? 0 : verdict_ok(a) ? 1 : 2;
	int rank_b = verdict_clean(b) ? 0 : verdict_ok(b) ? 1 : 2;
	return rank_a < rank_b;
}

/* What is left of a visit fits no slot of the session. */
static bool holds(const struct plan *plan, const struct session_template *session,
		  struct wall start, int minutes)
{
	return plan->called ? session_holds_steps(session, start, minutes)
			    : session_holds_kind(session, plan->kind, start, minutes);
}

struct plan_choice plan_choose(const struct plan *plan, struct wall start, int minutes)
{
	const struct store_session_templates *templates = &plan->times.templates;
	struct plan_choice best = { .verdict = rules_missing() };
	bool found = false;
	if (!plan->times.rules_count)
		return best;
	for (size_t i = 0; i < templates->count; i++) {
		if (!holds(plan, &templates->list[i], start, minutes))
			continue;
		struct plan_choice choice = choose_in(plan, &templates->list[i], start, minutes);
		if (!found || is_better(choice.verdict, best.verdict))
			best = choice;
		found = true;
	}
	return found ? best : choose_in(plan, NULL, start, minutes);
}
