#include "service/schedule.h"

#include "service/service_priv.h"
#include "store/session_template.h"
#include "store/visit.h"

static void count_visit(struct schedule *schedule, const struct visit *visit)
{
	if (visit->state == VISIT_CANCELLED || visit->state == VISIT_NO_SHOW)
		return;
	for (size_t i = 0; i < schedule->count; i++) {
		struct scheduled_session *s = &schedule->list[i];
		if (s->session.id.n != visit->session.n)
			continue;
		if (visit->closed)
			s->closed_booked++;
		else
			s->open_booked++;
	}
}

enum err schedule_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct prison_code prison, struct date date, struct schedule *out)
{
	struct store_session_templates templates = { 0 };
	struct store_visits visits = { 0 };
	struct schedule found = { 0 };
	if (!actor_is_one_of(actor, PRISON_STAFF | MAY(ROLE_INSPECTOR)))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	enum err err = store_session_template_list(service->store, arena, prison, &templates);
	if (err == OK)
		err = store_visit_list_day(service->store, arena, prison, local_midnight(date),
					   local_midnight(date_add_days(date, 1)), &visits);
	if (err != OK)
		return err;
	found.list = arena_new(arena, templates.count, sizeof *found.list);
	for (size_t i = 0; i < templates.count; i++)
		if (session_runs_on(&templates.list[i], date))
			found.list[found.count++].session = templates.list[i];
	for (size_t i = 0; i < visits.count; i++)
		count_visit(&found, &visits.list[i]);
	*out = found;
	return OK;
}
