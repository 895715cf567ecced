#include "service/outcome.h"

#include "domain/waiting/again.h"
#include "service/pay_priv.h"
#include "service/refill_priv.h"
#include "service/service_priv.h"
#include "store/visit.h"

enum {
	MAY_SAY = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR),
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR),
};

/* What was said before; .at 0: nothing. */
static enum err said_before(struct service *service, struct arena *arena, const struct visit *visit,
			    struct outcome_said *out)
{
	*out = (struct outcome_said){ 0 };
	enum err err = store_outcome_find(service->store, arena, visit->id, out);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* Once: when it ended, or when staff first said so, it waited again already. */
static bool waits_now(const struct visit *visit, const struct outcome_said *before,
		      enum visit_outcome outcome, const struct policy *policy)
{
	bool already = waits_again(visit, policy) ||
		       (before->at.s && waits_again_as_told(visit, before->outcome, policy));
	return !already && waits_again_as_told(visit, outcome, policy);
}

static enum err give_back(struct service *service, const struct actor *actor, struct arena *arena,
			  struct visit *visit)
{
	enum err err = pay_forgive(service, actor, arena, visit);
	visit->counted_minutes = 0;
	return err == OK ? store_visit_update(service->store, visit) : err;
}

static enum err say(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, enum visit_outcome outcome, struct str words,
		    enum outcome_answer *answer)
{
	struct visit visit = { 0 };
	struct policy policy = { 0 };
	struct outcome_said before = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = policy_load(service, visit.prison, &policy);
	if (err != OK)
		return err;
	*answer = visit_outcome_answer(outcome, &visit, &policy, service->now);
	if (*answer != OUTCOME_MAY)
		return OK;
	err = said_before(service, arena, &visit, &before);
	bool same = before.at.s && before.outcome == outcome && str_equal(before.words, words);
	if (err != OK || same)
		return err;
	if (visit_outcome_gives_back(outcome, &visit))
		err = give_back(service, actor, arena, &visit);
	if (err == OK)
		err = store_outcome_set(service->store, visit.id,
					&(struct outcome_said){ .outcome = outcome,
								.words = words,
								.at = service->now,
								.by = actor->account });
	if (err == OK && waits_now(&visit, &before, outcome, &policy))
		err = waiting_visit_failed(service, arena, &visit);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_OUTCOME,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = outcome,
						 .prison = visit.prison,
						 .words = words });
}

enum err visit_outcome_set(struct service *service, const struct actor *actor,
			   struct reference reference, enum visit_outcome outcome, struct str words,
			   enum outcome_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_SAY) || !actor->account.n)
		return ERR_DENIED;
	if (outcome >= OUTCOME_COUNT || (!str_empty(words) && !reason_acceptable(words)))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = say(service, actor, &arena, reference, outcome, words, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err visit_outcome_find(struct service *service, struct arena *arena, const struct visit *visit,
			    struct outcome_said *out)
{
	return store_outcome_find(service->store, arena, visit->id, out);
}

enum err visits_over_find(struct service *service, const struct actor *actor, struct arena *arena,
			  struct prison_code prison, struct date date, struct visit_list *out)
{
	struct store_visits found = { 0 };
	struct policy policy = { 0 };
	struct date today = local_date(service->now);
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	enum err err = policy_load(service, prison, &policy);
	if (err != OK)
		return err;
	int64_t ago = date_to_days(today) - date_to_days(date);
	if (ago < 0 || ago > policy.values[POLICY_OUTCOME_DAYS])
		return ERR_BAD;
	err = store_visit_list_day(service->store, arena, prison, local_midnight(date),
				   local_midnight(date_add_days(date, 1)), &found);
	if (err != OK)
		return err;
	*out = (struct visit_list){ .list = found.list };
	for (size_t i = 0; i < found.count; i++)
		if (visit_is_over(found.list[i].state) && found.list[i].end != END_MOVED)
			out->list[out->count++] = found.list[i];
	return OK;
}
