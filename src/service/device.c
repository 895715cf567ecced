#include "service/device.h"

#include "service/device_priv.h"
#include "service/live.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/visit.h"

enum {
	INVITED_MAX = 20, /* visits looked at for one prisoner */
	LOOK_BACK_S = 24 * 60 * 60,
};

/* ---- whose device ---- */

static size_t adult_named(const struct visit *visit, struct str name)
{
	size_t i = 0;
	while (i < visit->visitor_count &&
	       !(visit->visitors[i].adult && str_equal_nocase(visit->visitors[i].name, name)))
		i++;
	return i;
}

static bool is_them(const struct contact *contact, const struct visit *visit,
		    const struct visit_visitor *visitor)
{
	return contact->state == CONTACT_APPROVED && contact->prisoner.id.n == visit->prisoner.n &&
	       date_compare(contact->person.born, visitor->born) == 0 &&
	       str_equal_nocase(contact->person.name, visitor->name);
}

/* Another account: the prison approved, in it, the very visitor whose name it bears. */
static enum err find_approved(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct visit *visit, size_t holder)
{
	struct store_contacts contacts = { 0 };
	if (visit->state == VISIT_REQUESTED || holder == visit->visitor_count)
		return ERR_NOT_FOUND;
	enum err err = store_contact_list_of(service->store, arena, actor->account, &contacts);
	for (size_t i = 0; i < contacts.count && err == OK; i++)
		if (is_them(&contacts.list[i], visit, &visit->visitors[holder]))
			return OK;
	return err == OK ? ERR_NOT_FOUND : err;
}

static enum err of_account(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct visit *visit, size_t *holder)
{
	struct account account = { 0 };
	if (!actor->account.n || !visit->visitor_count)
		return ERR_NOT_FOUND;
	enum err err = store_account_find(service->store, arena, actor->account, &account);
	if (err != OK)
		return err;
	*holder = adult_named(visit, account.name);
	if (visit->booker.n != actor->account.n)
		return find_approved(service, actor, arena, visit, *holder);
	if (*holder == visit->visitor_count)
		*holder = 0; /* who books for others uses the main visitor's */
	return OK;
}

enum err device_holder_find(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct visit *visit, size_t *holder)
{
	if (actor->role == ROLE_FAMILY)
		return of_account(service, actor, arena, visit, holder);
	if (actor->role != ROLE_GUEST || actor->visit.n != visit->id.n)
		return ERR_NOT_FOUND;
	*holder = visit_visitor_find(visit, actor->person);
	return *holder < visit->visitor_count ? OK : ERR_NOT_FOUND;
}

/* ---- who sits there ---- */

enum err device_enter(struct service *service, struct visit *visit, size_t holder)
{
	struct visit_visitor *own = &visit->visitors[holder];
	bool all = !own->sits_with.n && device_count(visit) == 1;
	enum err err = OK;
	own->sits_with = own->person;
	own->came_at = service->now;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		if (i != holder && (!all || visit->visitors[i].sits_with.n))
			continue;
		visit->visitors[i].sits_with = own->person;
		err = store_visitor_update(service->store, visit->id, &visit->visitors[i]);
	}
	return err;
}

enum err device_reset(struct service *service, struct visit *visit, size_t holder)
{
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		struct visit_visitor *visitor = &visit->visitors[i];
		if (!device_seats(visit, holder, i) || !visitor->admitted_at.s)
			continue;
		visitor->admitted_at = (struct wall){ 0 };
		visitor->admitted_by = (struct account_id){ 0 };
		err = store_visitor_update(service->store, visit->id, visitor);
	}
	return err;
}

static bool is_chosen(const struct device_choice *choice, struct person_id person)
{
	for (size_t i = 0; i < choice->count; i++)
		if (choice->with[i].n == person.n)
			return true;
	return false;
}

/* OK: all of them may sit there. */
static enum err may_choose(const struct visit *visit, size_t holder,
			   const struct device_choice *choice)
{
	for (size_t i = 0; i < choice->count; i++) {
		size_t at = visit_visitor_find(visit, choice->with[i]);
		if (at == visit->visitor_count || at == holder)
			return ERR_BAD;
		if (!device_may_take(visit, holder, at))
			return ERR_CONFLICT;
	}
	return device_has_admitted(visit, holder) ? ERR_CONFLICT : OK;
}

static enum err seat_them(struct service *service, struct visit *visit, size_t holder,
			  const struct device_choice *choice)
{
	struct person_id own = visit->visitors[holder].person;
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		struct visit_visitor *visitor = &visit->visitors[i];
		bool sits = i == holder || is_chosen(choice, visitor->person);
		if (!sits && !device_seats(visit, holder, i))
			continue;
		visitor->sits_with = sits ? own : (struct person_id){ 0 };
		err = store_visitor_update(service->store, visit->id, visitor);
	}
	return err;
}

static enum err choose(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, const struct device_choice *choice)
{
	struct join *join = arena_new(arena, 1, sizeof *join);
	enum err err = join_authorise(service, actor, arena, reference, join);
	if (err == OK && join->role != END_ROLE_VISITOR)
		err = ERR_DENIED;
	if (err == OK && join->answer != JOINING_OK)
		err = ERR_CONFLICT;
	if (err == OK)
		err = may_choose(&join->visit, join->holder, choice);
	if (err == OK)
		err = seat_them(service, &join->visit, join->holder, choice);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_DEVICE_CHOOSE,
						 .object = AUDIT_ON_VISIT,
						 .object_id = join->visit.id.n,
						 .amount = (int64_t)choice->count + 1,
						 .prison = join->visit.prison });
}

enum err device_choose(struct service *service, const struct actor *actor,
		       struct reference reference, const struct device_choice *choice)
{
	struct use_case use;
	struct arena arena;
	if (choice->count > PARTY_MAX)
		return ERR_BAD;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = choose(service, actor, &arena, reference, choice);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- on whose bookings one is ---- */

static bool is_invited(const struct visit *visit, const struct contact *contact)
{
	size_t at = adult_named(visit, contact->person.name);
	return visit->booker.n != contact->person.booker.n && visit->state != VISIT_REQUESTED &&
	       at < visit->visitor_count && is_them(contact, visit, &visit->visitors[at]);
}

static enum err add_invited(struct service *service, struct arena *arena,
			    const struct contact *contact, struct visit_list *out)
{
	struct store_visits found = { 0 };
	struct wall from = wall_add_s(service->now, -LOOK_BACK_S);
	enum err err = store_visit_list_with(service->store, arena, contact->person.born,
					     contact->prisoner.id, from, INVITED_MAX, &found);
	for (size_t i = 0; i < found.count && err == OK && out->count < VISITS_LIST_MAX; i++)
		if (is_invited(&found.list[i], contact))
			out->list[out->count++] = found.list[i];
	return err;
}

enum err visits_invited(struct service *service, const struct actor *actor, struct arena *arena,
			struct visit_list *out)
{
	struct store_contacts contacts = { 0 };
	struct account account = { 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_account_find(service->store, arena, actor->account, &account);
	if (err == OK)
		err = store_contact_list_of(service->store, arena, actor->account, &contacts);
	*out = (struct visit_list){ .list = arena_new(arena, VISITS_LIST_MAX, sizeof *out->list) };
	for (size_t i = 0; i < contacts.count && err == OK; i++) {
		const struct contact *contact = &contacts.list[i];
		if (contact->state == CONTACT_APPROVED &&
		    str_equal_nocase(contact->person.name, account.name))
			err = add_invited(service, arena, contact, out);
	}
	return err;
}
