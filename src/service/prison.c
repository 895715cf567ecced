#include "service/prison.h"

#include "service/change_priv.h"
#include "service/service_priv.h"
#include "store/policy.h"
#include "store/prison.h"
#include "store/terminal.h"
#include "store/visit.h"

enum {
	MAY_SEE_DAY = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_SYSTEM),
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_SYSTEM),
};

enum err prisons_all(struct service *service, struct arena *arena, struct prison_list *out)
{
	struct store_prisons prisons;
	enum err err = store_prison_list(service->store, arena, &prisons);
	if (err == OK)
		*out = (struct prison_list){ .count = prisons.count, .list = prisons.list };
	return err;
}

enum err prison_find(struct service *service, struct arena *arena, struct prison_code code,
		     struct prison *out)
{
	return store_prison_find(service->store, arena, code, out);
}

enum err policy_find(struct service *service, struct prison_code code, struct policy *out)
{
	struct arena arena;
	struct prison prison;
	arena_init(&arena);
	enum err err = store_prison_find(service->store, &arena, code, &prison);
	arena_clear(&arena);
	return err == OK ? policy_load(service, code, out) : err;
}

enum err policy_rows_find(struct service *service, struct arena *arena, struct prison_code code,
			  struct policy_history *out)
{
	struct store_policy_rows rows;
	enum err err = store_policy_list(service->store, arena, code, &rows);
	if (err != OK)
		return err;
	for (size_t i = 0; i < rows.count; i++)
		rows.list[i].author = rows.list[i].reason = STR("");
	*out = (struct policy_history){ .count = rows.count, .list = rows.list };
	return OK;
}

enum err policy_history_find(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prison_code code,
			     struct policy_history *out)
{
	struct store_policy_rows rows;
	if (!role_is_staff(actor->role))
		return ERR_DENIED;
	if (!actor_works_at(actor, code))
		return ERR_NOT_FOUND;
	enum err err = store_policy_list(service->store, arena, code, &rows);
	if (err != OK)
		return err;
	struct policy_row *newest_first = arena_new(arena, rows.count, sizeof *newest_first);
	for (size_t i = 0; i < rows.count; i++)
		newest_first[i] = rows.list[rows.count - 1 - i];
	*out = (struct policy_history){ .count = rows.count, .list = newest_first };
	return OK;
}

/* Rules are of a prison that there is, or of all (no code). */
static enum err check_known(struct service *service, struct arena *arena, struct prison_code code)
{
	struct prison prison = { 0 };
	return prison_code_empty(code) ? OK
				       : store_prison_find(service->store, arena, code, &prison);
}

static enum err set_policy(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct policy_setting *set, bool dry, struct effect_list *out)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!actor_works_at(actor, set->prison))
		return ERR_NOT_FOUND;
	if (!policy_value_acceptable(set->name, set->value) || !reason_acceptable(set->reason))
		return ERR_BAD;
	if (set->valid_from.s < service->now.s) /* what was in force stays as it was */
		return ERR_BAD;
	struct change change;
	enum err err = check_known(service, arena, set->prison);
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, set->prison, &change);
	if (err == OK)
		err = store_policy_insert(service->store, set->prison, set->name, set->value,
					  set->valid_from, actor->account, set->reason);
	return change_end(&change, err,
			  &(struct change_what){ .dry = dry,
						 .event = REVIEW_POLICY_CHANGED,
						 .audit = { .verb = AUDIT_POLICY_SET,
							    .object = AUDIT_ON_PRISON,
							    .object_id = set->name,
							    .amount = set->value,
							    .prison = set->prison,
							    .words = set->reason } },
			  out);
}

enum err policy_set(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct policy_setting *set, struct effect_list *effects)
{
	return set_policy(service, actor, arena, set, false, effects);
}

enum err policy_preview(struct service *service, const struct actor *actor, struct arena *arena,
			const struct policy_setting *set, struct effect_list *effects)
{
	return set_policy(service, actor, arena, set, true, effects);
}

enum err prison_set_ready(struct service *service, const struct actor *actor,
			  struct prison_code code, bool ready, struct str reason,
			  struct str reason_cy)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!actor_works_at(actor, code))
		return ERR_NOT_FOUND;
	if (!ready && !reason_acceptable(reason))
		return ERR_BAD;
	if (!str_empty(reason_cy) && !reason_acceptable(reason_cy))
		return ERR_BAD;
	struct arena arena;
	struct change change;
	struct effect_list effects;
	arena_init(&arena);
	enum err err = change_begin(service, actor, &arena, code, &change);
	if (err == OK)
		err = store_prison_set_ready(service->store, code, ready, ready ? STR("") : reason,
					     ready ? STR("") : reason_cy, service->now);
	err = change_end(&change, err,
			 &(struct change_what){ .event = REVIEW_PRISON_NOT_READY,
						.audit = { .verb = AUDIT_PRISON_READY,
							   .object = AUDIT_ON_PRISON,
							   .amount = ready,
							   .prison = code,
							   .words = reason } },
			 &effects);
	arena_clear(&arena);
	return err;
}

/* The code to look at, if the actor may: their own, or the named one. */
static enum err choose_prison(const struct actor *actor, struct prison_code *code)
{
	if (!actor_is_one_of(actor, MAY_SEE_DAY))
		return ERR_DENIED;
	if (prison_code_empty(*code))
		*code = actor->prison;
	return actor_works_at(actor, *code) ? OK : ERR_NOT_FOUND;
}

enum err day_sheet_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct prison_code code, struct date date, struct day_sheet *out)
{
	struct day_sheet sheet = { .date = date };
	struct store_terminals terminals = { 0 };
	struct store_visits visits = { 0 };
	enum err err = choose_prison(actor, &code);
	if (err == OK && !date_valid(date))
		err = ERR_BAD;
	if (err == OK)
		err = store_prison_find(service->store, arena, code, &sheet.prison);
	if (err == OK)
		err = store_terminal_list(service->store, arena, code, &terminals);
	if (err == OK)
		err = store_visit_list_day(service->store, arena, code, local_midnight(date),
					   local_midnight(date_add_days(date, 1)), &visits);
	if (err != OK)
		return err;
	sheet.terminals =
	    (struct terminal_list){ .count = terminals.count, .list = terminals.list };
	sheet.visits = (struct visit_list){ .count = visits.count, .list = visits.list };
	*out = sheet;
	return OK;
}

enum err visits_running(struct service *service, const struct actor *actor, struct arena *arena,
			struct prison_code code, struct visit_list *out)
{
	struct store_visits visits;
	enum err err = OK;
	if (actor->role != ROLE_SYSTEM)
		err = choose_prison(actor, &code);
	if (err == OK)
		err = store_visit_list_running(service->store, arena, code, &visits);
	if (err == OK)
		*out = (struct visit_list){ .count = visits.count, .list = visits.list };
	return err;
}
