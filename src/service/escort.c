#include "service/escort.h"

#include "service/live_priv.h"
#include "service/service_priv.h"
#include "store/prison.h"
#include "store/standby.h"
#include "store/visit.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_NOTE = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR),
};

/* Nobody sees whether those who stand by have come: from the start on nothing is said of them. */
static enum escort state_of(const struct service *service, const struct policy *policy,
			    const struct store_movement *m)
{
	if (m->standby.n && service->now.s >= m->visit.start.s)
		return ESCORT_NONE;
	return escort_of(&m->visit, m->acknowledged_at.s != 0, m->noted, policy, service->now);
}

static struct escort_row row_of(const struct service *service, const struct policy *policy,
				const struct store_movement *m)
{
	return (struct escort_row){
		.escort = *m,
		.pick_up = escort_pick_up(&m->visit, policy),
		.state = state_of(service, policy, m),
		.may_be_noted = !m->standby.n && escort_may_be_noted(&m->visit, service->now),
	};
}

enum err escort_sheet_find(struct service *service, const struct actor *actor, struct arena *arena,
			   struct prison_code prison, struct date date, struct str wing,
			   struct escort_sheet *out)
{
	struct escort_sheet sheet = { .date = date };
	struct store_movements found = { 0 };
	struct policy policy;
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	if (!date_valid(date))
		return ERR_BAD;
	enum err err = store_prison_find(service->store, arena, prison, &sheet.prison);
	if (err == OK)
		err = policy_load(service, prison, &policy);
	if (err == OK)
		err = store_escort_list(service->store, arena, prison, local_midnight(date),
					local_midnight(date_add_days(date, 1)), &found);
	if (err != OK)
		return err;
	sheet.rows = arena_new(arena, found.count + 1, sizeof *sheet.rows);
	for (size_t i = 0; i < found.count; i++)
		if (str_empty(wing) || str_equal(found.list[i].wing, wing))
			sheet.rows[sheet.count++] = row_of(service, &policy, &found.list[i]);
	*out = sheet;
	return OK;
}

/* The visit, if the actor works there. */
static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct escort_row *out)
{
	struct store_movement found = { 0 };
	struct policy policy;
	enum err err = store_escort_find(service->store, arena, reference, &found);
	if (err == OK && !actor_works_at(actor, found.visit.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = policy_load(service, found.visit.prison, &policy);
	if (err == OK)
		*out = row_of(service, &policy, &found);
	return err;
}

enum err escort_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct escort_row *out)
{
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	return load(service, actor, arena, reference, out);
}

/* ---- acknowledging ---- */

static bool is_open(const struct escort_row *row)
{
	bool waits =
	    row->escort.visit.state == VISIT_BOOKED || row->escort.visit.state == VISIT_LOBBY;
	return waits && !row->escort.acknowledged_at.s && !row->escort.noted;
}

static enum err acknowledge_one(struct service *service, const struct actor *actor,
				const struct store_movement *m)
{
	if (m->standby.n)
		return store_standby_acknowledge(service->store, m->standby, actor->account,
						 service->now);
	return store_escort_acknowledge(service->store, m->visit.id, actor->account, service->now);
}

static enum err acknowledge(struct service *service, const struct actor *actor, struct arena *arena,
			    struct date date, struct str wing, size_t *count)
{
	struct escort_sheet sheet;
	enum err err = escort_sheet_find(service, actor, arena, actor->prison, date, wing, &sheet);
	*count = 0;
	for (size_t i = 0; i < sheet.count && err == OK; i++) {
		if (!is_open(&sheet.rows[i]))
			continue;
		err = acknowledge_one(service, actor, &sheet.rows[i].escort);
		++*count;
	}
	if (err != OK || *count == 0)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ESCORT_ACKNOWLEDGE,
						 .object = AUDIT_ON_PRISON,
						 .amount = (int64_t)*count,
						 .words = wing });
}

enum err escort_acknowledge(struct service *service, const struct actor *actor, struct date date,
			    struct str wing, size_t *count)
{
	if (!actor_is_one_of(actor, PRISON_STAFF) || !actor->account.n)
		return ERR_DENIED;
	if (str_empty(wing) || date_compare(date, local_date(service->now)) < 0)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = acknowledge(service, actor, &arena, date, wing, count);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- not produced ---- */

static enum err note(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, enum not_produced cause, struct str words)
{
	struct escort_row row = { 0 };
	struct visit visit = { 0 };
	enum err err = load(service, actor, arena, reference, &row);
	if (err == OK && !row.may_be_noted)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_visit_find(service->store, arena, reference, &visit);
	if (err == OK && !visit_is_over(visit.state))
		err = live_end_absent(service, actor, arena, &visit);
	if (err == OK)
		err = store_not_produced_set(service->store, visit.id, cause, words, actor->account,
					     service->now);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_NOT_PRODUCED,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = cause,
						 .prison = visit.prison,
						 .words = words });
}

enum err escort_not_produced(struct service *service, const struct actor *actor,
			     struct reference reference, enum not_produced cause, struct str words)
{
	if (!actor_is_one_of(actor, MAY_NOTE))
		return ERR_DENIED;
	if (cause >= NOT_PRODUCED_COUNT || words.len > REASON_MAX ||
	    (!str_empty(words) && !reason_acceptable(words)) ||
	    (cause == NOT_PRODUCED_OTHER && str_empty(words)))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = note(service, actor, &arena, reference, cause, words);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
