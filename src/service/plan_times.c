#include "service/plan_priv.h"

static enum err load_terminals(struct service *service, struct arena *arena,
			       const struct plan_query *query, struct plan *plan)
{
	struct plan_times *times = &plan->times;
	enum err err =
	    store_terminal_list(service->store, arena, plan->prison.code, &times->terminals);
	if (err != OK)
		return err;
	times->terminal_taken =
	    arena_new(arena, times->terminals.count, sizeof *times->terminal_taken);
	for (size_t i = 0; i < times->terminals.count && err == OK; i++)
		err = store_slot_list(service->store, arena, SLOT_TERMINAL,
				      times->terminals.list[i].id.n, query->from, query->to,
				      &times->terminal_taken[i]);
	return err;
}

enum err plan_times_load(struct service *service, struct arena *arena,
			 const struct plan_query *query, struct plan *plan)
{
	enum err err = store_session_template_list(service->store, arena, plan->prison.code,
						   &plan->times.templates);
	if (err == OK)
		err = load_terminals(service, arena, query, plan);
	return err;
}

const struct terminal *plan_terminal(const struct plan *plan, struct wall start, int minutes)
{
	const struct plan_times *times = &plan->times;
	for (size_t i = 0; i < times->terminals.count; i++)
		if (times->terminals.list[i].active &&
		    store_quanta_free(&times->terminal_taken[i], start, minutes))
			return &times->terminals.list[i];
	return NULL;
}

void plan_times_facts(const struct plan *plan, struct booking_facts *facts)
{
	const struct store_session_templates *templates = &plan->times.templates;
	facts->place = (struct place_facts){
		.prison_ready = plan->prison.ready,
		.session_held =
		    session_holds(templates->list, templates->count, facts->start, facts->minutes),
		.terminal_free = plan_terminal(plan, facts->start, facts->minutes) != NULL,
	};
}
