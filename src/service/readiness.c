#include "service/readiness.h"

#include "domain/line.h"
#include "domain/session.h"
#include "service/service_priv.h"
#include "store/policy.h"
#include "store/prison.h"
#include "store/session_template.h"
#include "store/terminal.h"

enum {
	MAY_SEE =
	    MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR) | MAY(ROLE_INSPECTOR),
};

static void count_terminals(const struct store_terminals *terminals, struct readiness_facts *f)
{
	for (size_t i = 0; i < terminals->count; i++) {
		const struct terminal *t = &terminals->list[i];
		if (!t->active)
			continue;
		f->terminals++;
		f->enrolled += t->enrolled;
		if (t->last_seen.s > f->last_seen.s)
			f->last_seen = t->last_seen;
	}
}

/* In force today, or from a later day on. */
static bool stands(const struct session_template *session, struct date today)
{
	return !session->valid_to.year || date_compare(session->valid_to, today) >= 0;
}

static void look_at_sessions(const struct store_session_templates *sessions, struct date today,
			     struct readiness_facts *f)
{
	for (size_t i = 0; i < sessions->count; i++) {
		if (!stands(&sessions->list[i], today))
			continue;
		f->social_session |= session_is_for(&sessions->list[i], VISIT_SOCIAL);
		f->legal_session |= session_is_for(&sessions->list[i], VISIT_LEGAL);
	}
}

static enum err look_at_rules(struct service *service, struct arena *arena,
			      struct prison_code prison, struct readiness_facts *f)
{
	struct store_policy_rows rows = { 0 };
	struct policy policy;
	enum err err = store_policy_list(service->store, arena, prison, &rows);
	if (err != OK || !policy_in_force(rows.list, rows.count, service->now.s, &policy))
		return err;
	f->legal_on = policy.values[POLICY_LEGAL_ON] != 0;
	f->up_kbit = (int)policy.values[POLICY_LINK_UP_KBIT];
	f->down_kbit = (int)policy.values[POLICY_LINK_DOWN_KBIT];
	f->found_up_kbit = (int)policy.values[POLICY_LINK_FOUND_UP_KBIT];
	f->found_down_kbit = (int)policy.values[POLICY_LINK_FOUND_DOWN_KBIT];
	f->line_known = f->up_kbit != 0 || f->found_up_kbit != 0;
	f->calls = line_calls(&policy);
	enum policy_name says =
	    f->found_up_kbit != 0 ? POLICY_LINK_FOUND_UP_KBIT : POLICY_LINK_UP_KBIT;
	const struct policy_row *row =
	    policy_row_in_force(rows.list, rows.count, says, service->now.s);
	if (row)
		f->line_at = (struct wall){ row->valid_from_s };
	return OK;
}

static enum err look_at(struct service *service, struct arena *arena, struct readiness_row *row)
{
	struct store_terminals terminals = { 0 };
	struct store_session_templates sessions = { 0 };
	struct readiness_facts *f = &row->facts;
	f->declared = row->prison.ready;
	f->declared_at = row->prison.ready_changed_at;
	enum err err = store_terminal_list(service->store, arena, row->prison.code, &terminals);
	if (err == OK)
		err =
		    store_session_template_list(service->store, arena, row->prison.code, &sessions);
	if (err == OK)
		err = look_at_rules(service, arena, row->prison.code, f);
	if (err != OK)
		return err;
	count_terminals(&terminals, f);
	look_at_sessions(&sessions, local_date(service->now), f);
	row->readiness = readiness_of(f, service->now);
	return OK;
}

enum err readiness_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct readiness_list *out)
{
	struct store_prisons prisons = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = store_prison_list(service->store, arena, &prisons);
	struct readiness_list list = { .count = prisons.count,
				       .list =
					   arena_new(arena, prisons.count + 1, sizeof *list.list) };
	for (size_t i = 0; i < prisons.count && err == OK; i++) {
		list.list[i].prison = prisons.list[i];
		err = look_at(service, arena, &list.list[i]);
	}
	if (err == OK)
		*out = list;
	return err;
}
