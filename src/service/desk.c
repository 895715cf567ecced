#include "service/desk.h"

#include "domain/likeness.h"
#include "service/service_priv.h"
#include "store/application.h"
#include "store/closure.h"
#include "store/contact.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/session_template.h"
#include "store/terminal.h"
#include "store/visit.h"

enum {
	MAY_SEE_WEEK =
	    PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_HQ_ANALYST),
	VISITS_SHOWN = 50,
};

/* ---- the week ---- */

struct week_facts {
	struct store_exclude_dates excludes;
	struct store_place_uses uses;
	int terminals; /* active ones */
};

static bool is_excluded(const struct store_exclude_dates *excludes, struct date day,
			int64_t session)
{
	for (size_t i = 0; i < excludes->count; i++)
		if (date_compare(excludes->list[i].day, day) == 0 &&
		    (!excludes->list[i].session.n || excludes->list[i].session.n == session))
			return true;
	return false;
}

/* Taken in that session on that day; a visit that names no session counts where its time lies. */
static int booked_in(const struct store_place_uses *uses, const struct session_template *session,
		     struct date day)
{
	int count = 0;
	for (size_t i = 0; i < uses->count; i++) {
		const struct place_use *use = &uses->list[i];
		struct local_time at = local_of(use->start);
		if (date_compare(at.date, day) != 0)
			continue;
		bool inside = at.minute >= session->start_minute && at.minute < session->end_minute;
		count += use->session.n ? use->session.n == session->id.n : inside;
	}
	return count;
}

static struct week_cell cell_of(const struct week_facts *facts,
				const struct session_template *session, struct date day)
{
	struct week_cell cell = { .held = session_runs_on(session, day) };
	if (!cell.held)
		return cell;
	int slots = (session->end_minute - session->start_minute) / session->slot_minutes;
	int at_once = facts->terminals;
	if (session->open_capacity != SESSION_CAPACITY_NONE && session->open_capacity < at_once)
		at_once = session->open_capacity;
	cell.places = slots * at_once;
	cell.excluded = is_excluded(&facts->excludes, day, session->id.n);
	cell.booked = booked_in(&facts->uses, session, day);
	return cell;
}

static enum err load_week(struct service *service, struct arena *arena, struct prison_code prison,
			  struct date monday, struct week_facts *facts)
{
	struct store_terminals terminals = { 0 };
	struct place_own own = { .now = service->now };
	struct wall from = local_midnight(monday);
	struct wall to = local_midnight(date_add_days(monday, WEEK_DAYS));
	enum err err =
	    store_exclude_date_list(service->store, arena, prison, monday,
				    date_add_days(monday, WEEK_DAYS - 1), &facts->excludes);
	if (err == OK)
		err = store_terminal_list(service->store, arena, prison, &terminals);
	if (err == OK)
		err = store_place_use_list(service->store, arena, prison, from, to, &own,
					   &facts->uses);
	for (size_t i = 0; i < terminals.count; i++)
		facts->terminals += terminals.list[i].active;
	return err;
}

static void add_row(struct week_sheet *sheet, const struct week_facts *facts,
		    const struct session_template *session)
{
	struct week_row row = { .session = *session };
	bool held = false;
	for (int day = 0; day < WEEK_DAYS; day++) {
		row.days[day] = cell_of(facts, session, date_add_days(sheet->monday, day));
		held |= row.days[day].held;
	}
	if (held)
		sheet->rows[sheet->count++] = row;
}

enum err week_sheet_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct prison_code prison, struct date day, struct week_sheet *out)
{
	struct store_session_templates sessions = { 0 };
	struct week_facts facts = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE_WEEK))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	if (!date_valid(day))
		return ERR_BAD;
	struct week_sheet sheet = { .monday = date_add_days(day, 1 - date_weekday(day)) };
	enum err err = store_prison_find(service->store, arena, prison, &sheet.prison);
	if (err == OK)
		err = store_session_template_list(service->store, arena, prison, &sessions);
	if (err == OK)
		err = load_week(service, arena, prison, sheet.monday, &facts);
	if (err != OK)
		return err;
	sheet.rows = arena_new(arena, sessions.count + 1, sizeof *sheet.rows);
	for (size_t i = 0; i < sessions.count; i++)
		add_row(&sheet, &facts, &sessions.list[i]);
	for (size_t i = 0; i < facts.uses.count; i++) {
		int64_t at =
		    date_to_days(local_date(facts.uses.list[i].start)) - date_to_days(sheet.monday);
		if (at >= 0 && at < WEEK_DAYS)
			sheet.booked[at]++;
	}
	for (int d = 0; d < WEEK_DAYS; d++)
		sheet.day_excluded[d] =
		    is_excluded(&facts.excludes, date_add_days(sheet.monday, d), 0);
	*out = sheet;
	return OK;
}

/* ---- a prisoner ---- */

enum err prisoner_sheet_find(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id id, struct prisoner_sheet *out)
{
	struct prisoner_sheet sheet = { 0 };
	struct store_contacts contacts = { 0 };
	struct store_visits visits = { 0 };
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	enum err err = store_prisoner_find(service->store, arena, id, &sheet.prisoner);
	if (err == OK && !actor_works_at(actor, sheet.prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_contact_list_for(service->store, arena, id, &contacts);
	if (err == OK)
		err = store_visit_list_for(service->store, arena, id, VISITS_SHOWN, &visits);
	if (err == OK)
		err = regime_find(service, actor, arena, id, &sheet.regime);
	if (err != OK)
		return err;
	sheet.contacts = (struct contact_list){ .count = contacts.count, .list = contacts.list };
	sheet.visits = (struct visit_list){ .count = visits.count, .list = visits.list };
	*out = sheet;
	return OK;
}

/* ---- by name ---- */

/* Keeps the FOUND_MAX best, in order. */
static void keep(struct found_list *list, struct found found)
{
	size_t at = list->count;
	while (at > 0 && list->list[at - 1].likeness < found.likeness)
		at--;
	if (at == FOUND_MAX)
		return;
	if (list->count < FOUND_MAX)
		list->count++;
	for (size_t i = list->count - 1; i > at; i--)
		list->list[i] = list->list[i - 1];
	list->list[at] = found;
}

static void search_prisoners(struct arena *arena, const struct store_prisoners *prisoners,
			     struct str typed, struct found_list *list)
{
	for (size_t i = 0; i < prisoners->count; i++) {
		const struct prisoner *p = &prisoners->list[i];
		const char *text = arena_printf(arena, "%.*s %s", STR_FMT(p->name), p->number.text);
		int fit = likeness(typed, str_from(text));
		if (fit)
			keep(list, (struct found){ .prisoner = *p, .likeness = fit });
	}
}

static void search_visitors(const struct store_contacts *contacts, struct str typed,
			    struct found_list *list)
{
	for (size_t i = 0; i < contacts->count; i++) {
		const struct contact *c = &contacts->list[i];
		int fit = likeness(typed, c->person.name);
		if (fit)
			keep(list, (struct found){ .prisoner = c->prisoner,
						   .visitor = c->person.name,
						   .likeness = fit });
	}
}

enum err desk_search(struct service *service, const struct actor *actor, struct arena *arena,
		     struct str typed, struct found_list *out)
{
	struct store_prisoners prisoners = { 0 };
	struct store_contacts contacts = { 0 };
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	enum err err = store_prisoner_list(service->store, arena, actor->prison, &prisoners);
	if (err == OK)
		err = store_contact_list_at(service->store, arena, actor->prison, &contacts);
	if (err != OK)
		return err;
	struct found_list list = { .list = arena_new(arena, FOUND_MAX, sizeof *list.list) };
	search_prisoners(arena, &prisoners, typed, &list);
	search_visitors(&contacts, typed, &list);
	*out = list;
	return OK;
}
