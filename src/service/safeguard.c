#include "service/safeguard.h"

#include "service/guard_priv.h"
#include "service/safeguard_priv.h"
#include "store/contact.h"
#include "store/prisoner.h"
#include "store/source.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_ENTER = MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
	MAY_BAN = MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
	MAY_SET_SOURCE = MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR) | MAY(ROLE_SYSTEM),
	REVIEW_YEARS_MAX = 10,
};

static const uint64_t OF_RESTRICTIONS =
    GUARD_BIT(BOOKING_NO_CONTACT) | GUARD_BIT(BOOKING_BANNED) | GUARD_BIT(BOOKING_REVIEW_PRISONER) |
    GUARD_BIT(BOOKING_REVIEW_VISITOR) | GUARD_BIT(BOOKING_REVIEW_CHILD) |
    GUARD_BIT(BOOKING_CHILD_REFUSED);

/* A prisoner of the actor's prison. */
static enum err own_prisoner(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prisoner_id id, struct prisoner *out)
{
	enum err err = store_prisoner_find(service->store, arena, id, out);
	return err == OK && !actor_works_at(actor, out->prison) ? ERR_NOT_FOUND : err;
}

/* A visitor whom the prison knows: with a contact to the prisoner, or (0) to any of its own. */
static enum err own_visitor(struct service *service, const struct actor *actor, struct arena *arena,
			    struct prisoner_id prisoner, struct person_id id, struct person *out)
{
	enum err err = store_person_find(service->store, arena, id, out);
	bool known = false;
	if (err == OK)
		err = store_contact_known(service->store, id, prisoner, actor->prison, &known);
	return err == OK && !known ? ERR_NOT_FOUND : err;
}

static struct date today(const struct service *service)
{
	return local_date(service->now);
}

/* ---- restrictions ---- */

static bool new_acceptable(const struct restriction_new *new)
{
	bool names_visitor = new->on != RESTRICTION_ON_PRISONER;
	bool by_name = names_visitor && !new->person.n;
	if (!restriction_fits(new->on, new->code) || !reason_acceptable(new->comment) ||
	    !name_acceptable(new->authorised_by) ||
	    (new->on == RESTRICTION_ON_VISITOR) != !new->prisoner.n)
		return false;
	if (!names_visitor && (new->person.n || !str_empty(new->visitor_name)))
		return false;
	if (by_name && (!name_acceptable(new->visitor_name) || !date_valid(new->visitor_born)))
		return false;
	if ((new->from.year && !date_valid(new->from)) || (new->to.year && !date_valid(new->to)))
		return false;
	return !new->to.year || !new->from.year || date_compare(new->from, new->to) <= 0;
}

unsigned restriction_deciders(enum restriction_code code)
{
	bool governor = code == RESTRICTION_BAN || code == RESTRICTION_NO_CONTACT;
	return governor ? MAY_BAN : MAY_ENTER;
}

/* The visits that a restriction may speak against. */
static enum err touched_by(struct service *service, struct arena *arena,
			   const struct restriction *r, struct visits_touched *out)
{
	if (r->on == RESTRICTION_ON_PRISONER)
		return guard_visits_of(service, arena, r->prisoner, out);
	return guard_visits_with(service, arena, r->visitor_born, r->prisoner, out);
}

static enum err flag_touched(struct service *service, struct arena *arena,
			     const struct restriction *r)
{
	struct visits_touched visits = { 0 };
	bool prisoner = r->on == RESTRICTION_ON_PRISONER;
	enum err err = touched_by(service, arena, r, &visits);
	return err == OK
		   ? guard_flag(service, arena, &visits,
				prisoner ? REVIEW_PRISONER_RESTRICTION : REVIEW_VISITOR_RESTRICTION,
				OF_RESTRICTIONS)
		   : err;
}

static enum err fill_in(struct service *service, const struct actor *actor, struct arena *arena,
			const struct restriction_new *new, struct restriction *out)
{
	struct prisoner prisoner = { 0 };
	struct person person = { 0 };
	enum err err = OK;
	*out = (struct restriction){
		.id = { random_id(service->random) },
		.on = new->on,
		.code = new->code,
		.prisoner = new->prisoner,
		.person = new->person,
		.visitor_name = new->visitor_name,
		.visitor_born = new->visitor_born,
		.from = new->from.year ? new->from : today(service),
		.to = new->to,
		.comment = new->comment,
		.authorised_by = new->authorised_by,
	};
	if (out->to.year && date_compare(out->from, out->to) > 0)
		return ERR_BAD;
	if (new->prisoner.n)
		err = own_prisoner(service, actor, arena, new->prisoner, &prisoner);
	if (err == OK && new->person.n)
		err = own_visitor(service, actor, arena, new->prisoner, new->person, &person);
	if (err == OK && new->person.n) {
		out->visitor_name = person.name;
		out->visitor_born = person.born;
	}
	return err;
}

enum err restriction_lay_down(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct restriction_new *new,
			      struct restriction *out)
{
	if (!actor_is_one_of(actor, MAY_ENTER) ||
	    !actor_is_one_of(actor, restriction_deciders(new->code)))
		return ERR_DENIED;
	if (!new_acceptable(new))
		return ERR_BAD;
	enum err err = fill_in(service, actor, arena, new, out);
	if (err == OK)
		err = store_restriction_insert(service->store, out, actor->prison, actor->account,
					       service->now);
	return err == OK ? flag_touched(service, arena, out) : err;
}

static enum err add_restriction(struct service *service, const struct actor *actor,
				struct arena *arena, const struct restriction_new *new,
				struct restriction_id *out)
{
	struct restriction r = { 0 };
	enum err err = restriction_lay_down(service, actor, arena, new, &r);
	if (err != OK)
		return err;
	*out = r.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_RESTRICTION_ADD,
						 .object = AUDIT_ON_RESTRICTION,
						 .object_id = r.id.n,
						 .amount = r.code,
						 .words = r.comment });
}

enum err restriction_add(struct service *service, const struct actor *actor,
			 const struct restriction_new *new, struct restriction_id *out)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add_restriction(service, actor, &arena, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err restriction_lift(struct service *service, const struct actor *actor, struct arena *arena,
			  struct restriction_id id, struct str reason)
{
	struct store_restriction whole;
	enum err err = store_restriction_find(service->store, arena, id, &whole);
	if (err == OK && whole.restriction.ended_at.s)
		err = ERR_CONFLICT;
	if (err == OK)
		err =
		    store_restriction_end(service->store, id, actor->account, service->now, reason);
	return err == OK ? flag_touched(service, arena, &whole.restriction) : err;
}

static enum err end_restriction(struct service *service, const struct actor *actor,
				struct arena *arena, struct restriction_id id, struct str reason)
{
	struct store_restriction whole;
	struct prisoner prisoner;
	enum err err = store_restriction_find(service->store, arena, id, &whole);
	if (err != OK)
		return err;
	const struct restriction *r = &whole.restriction;
	if (r->prisoner.n)
		err = own_prisoner(service, actor, arena, r->prisoner, &prisoner);
	else if (!actor_works_at(actor, whole.prison))
		err = ERR_NOT_FOUND;
	if (err == OK && !actor_is_one_of(actor, restriction_deciders(r->code)))
		err = ERR_DENIED;
	if (err == OK)
		err = restriction_lift(service, actor, arena, id, reason);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_RESTRICTION_END,
						 .object = AUDIT_ON_RESTRICTION,
						 .object_id = id.n,
						 .words = reason });
}

enum err restriction_end(struct service *service, const struct actor *actor,
			 struct restriction_id id, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_restriction(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- alerts ---- */

static enum err flag_of_prisoner(struct service *service, struct arena *arena,
				 struct prisoner_id prisoner, enum review_event event,
				 uint64_t concerns)
{
	struct visits_touched visits = { 0 };
	enum err err = guard_visits_of(service, arena, prisoner, &visits);
	return err == OK ? guard_flag(service, arena, &visits, event, concerns) : err;
}

/* What an alert of that code may make true; a code that nobody knows makes staff look. */
static uint64_t concerns_of(const struct alert *alert)
{
	uint64_t concerns = 0;
	if (alert->forces_review || !alert->known)
		concerns |= GUARD_BIT(BOOKING_REVIEW_ALERT);
	if (alert->child)
		concerns |= GUARD_BIT(BOOKING_REVIEW_CHILD) | GUARD_BIT(BOOKING_CHILD_REFUSED);
	return concerns;
}

static enum err add_alert(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct alert_new *new, struct alert_id *out)
{
	struct prisoner prisoner = { 0 };
	struct alert alert = {
		.id = { random_id(service->random) },
		.prisoner = new->prisoner,
		.code = new->code,
		.from = new->from.year ? new->from : today(service),
		.to = new->to,
		.comment = new->comment,
	};
	if (alert.to.year && date_compare(alert.from, alert.to) > 0)
		return ERR_BAD;
	enum err err = own_prisoner(service, actor, arena, new->prisoner, &prisoner);
	if (err == OK)
		err = store_alert_insert(service->store, &alert, actor->account, service->now);
	if (err == OK)
		err = store_alert_find(service->store, arena, alert.id, &alert);
	if (err == OK)
		err = flag_of_prisoner(service, arena, new->prisoner, REVIEW_ALERT,
				       concerns_of(&alert));
	if (err != OK)
		return err;
	*out = alert.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ALERT_ADD,
						 .object = AUDIT_ON_ALERT,
						 .object_id = alert.id.n,
						 .prison = prisoner.prison,
						 .words = new->comment });
}

enum err alert_add(struct service *service, const struct actor *actor, const struct alert_new *new,
		   struct alert_id *out)
{
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (!new->code.text[0] || !reason_acceptable(new->comment) ||
	    (new->from.year && !date_valid(new->from)) || (new->to.year && !date_valid(new->to)))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add_alert(service, actor, &arena, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err end_alert(struct service *service, const struct actor *actor, struct arena *arena,
			  struct alert_id id, struct str reason)
{
	struct prisoner prisoner = { 0 };
	struct alert alert = { 0 };
	enum err err = store_alert_find(service->store, arena, id, &alert);
	if (err == OK)
		err = own_prisoner(service, actor, arena, alert.prisoner, &prisoner);
	if (err == OK && alert.ended_at.s)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_alert_end(service->store, id, actor->account, service->now, reason);
	if (err == OK)
		err = flag_of_prisoner(service, arena, alert.prisoner, REVIEW_ALERT, 0);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ALERT_END,
						 .object = AUDIT_ON_ALERT,
						 .object_id = id.n,
						 .prison = prisoner.prison,
						 .words = reason });
}

enum err alert_end(struct service *service, const struct actor *actor, struct alert_id id,
		   struct str reason)
{
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_alert(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err alert_rule_set(struct service *service, const struct actor *actor,
			const struct alert_rule *rule, struct str reason)
{
	if (actor->role != ROLE_HQ_ADMIN && actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	if (!rule->code.text[0] || !name_acceptable(rule->description) ||
	    !reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_alert_rule_insert(service->store, rule, actor->account, service->now,
					      reason);
	if (err == OK)
		err = audit_write(
		    service, actor,
		    &(struct audit_what){ .verb = AUDIT_ALERT_RULE,
					  .object = AUDIT_ON_ALERT,
					  .amount = rule->forces_review + 2 * rule->child,
					  .words = reason });
	return use_case_end(&use, err);
}

enum err alert_rules_find(struct service *service, const struct actor *actor, struct arena *arena,
			  struct alert_rule_list *out)
{
	if (!role_is_staff(actor->role))
		return ERR_DENIED;
	return store_alert_rule_list(service->store, arena, out);
}

/* ---- children ---- */

static enum err decide_child(struct service *service, const struct actor *actor,
			     struct arena *arena, const struct child_new *new)
{
	struct prisoner prisoner = { 0 };
	struct person child = { 0 };
	struct visits_touched visits = { 0 };
	struct child_decision decision = {
		.prisoner = new->prisoner,
		.child = new->child,
		.level = new->level,
		.decided_on = today(service),
		.review_on = new->review_on,
	};
	enum err err = own_prisoner(service, actor, arena, new->prisoner, &prisoner);
	if (err == OK)
		err = own_visitor(service, actor, arena, new->prisoner, new->child, &child);
	if (err == OK)
		err = store_child_decision_insert(service->store, &decision, actor->account,
						  new->reason);
	if (err == OK)
		err = guard_visits_with(service, arena, child.born, new->prisoner, &visits);
	if (err == OK)
		err = guard_flag(service, arena, &visits, REVIEW_CHILD_DECISION,
				 GUARD_BIT(BOOKING_CHILD_REFUSED));
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_CHILD_DECIDE,
						 .object = AUDIT_ON_PERSON,
						 .object_id = new->child.n,
						 .amount = new->level,
						 .prison = prisoner.prison,
						 .words = new->reason });
}

unsigned child_deciders(void)
{
	return MAY(ROLE_DUTY_GOVERNOR);
}

enum err child_decide(struct service *service, const struct actor *actor,
		      const struct child_new *new)
{
	if (!actor_is_one_of(actor, child_deciders()))
		return ERR_DENIED;
	struct date day = today(service), last = day;
	last.year += REVIEW_YEARS_MAX;
	if (new->level >= CHILD_LEVEL_COUNT || !reason_acceptable(new->reason) ||
	    !date_valid(new->review_on) || date_compare(new->review_on, day) <= 0 ||
	    date_compare(new->review_on, last) > 0)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide_child(service, actor, &arena, new);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- non-associations ---- */

static enum err are_apart(struct service *service, struct arena *arena,
			  const struct non_association *pair, bool *out)
{
	struct non_association_list pairs = { 0 };
	enum err err = store_non_association_list_of(service->store, arena, pair->a, &pairs);
	for (size_t i = 0; i < pairs.count; i++)
		*out |= non_association_other(&pairs.list[i], pair->a).n == pair->b.n;
	return err;
}

static enum err add_pair(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct non_association_new *new, struct non_association_id *out)
{
	struct prisoner one = { 0 }, other = { 0 };
	enum err err = own_prisoner(service, actor, arena, new->one, &one);
	if (err == OK)
		err = store_prisoner_find_by_number(service->store, arena, new->other, &other);
	if (err == OK && one.id.n == other.id.n)
		err = ERR_BAD;
	if (err != OK)
		return err;
	struct non_association pair = {
		.id = { random_id(service->random) },
		.a = one.id,
		.b = other.id,
		.reason = new->reason,
		.scope = new->scope,
		.comment = new->comment,
	};
	non_association_order(&pair.a, &pair.b);
	bool apart = false;
	err = are_apart(service, arena, &pair, &apart);
	if (err == OK && apart)
		err = ERR_CONFLICT;
	if (err == OK)
		err = guard_pair_open(service, arena, &pair, actor->account);
	if (err != OK)
		return err;
	*out = pair.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_NON_ASSOCIATION_ADD,
						 .object = AUDIT_ON_NON_ASSOCIATION,
						 .object_id = pair.id.n,
						 .prison = one.prison,
						 .words = new->comment });
}

enum err non_association_add(struct service *service, const struct actor *actor,
			     const struct non_association_new *new, struct non_association_id *out)
{
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (new->reason >= NON_ASSOCIATION_REASON_COUNT ||
	    new->scope >= NON_ASSOCIATION_SCOPE_COUNT || !reason_acceptable(new->comment))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add_pair(service, actor, &arena, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err end_pair(struct service *service, const struct actor *actor, struct arena *arena,
			 struct non_association_id id, struct str reason)
{
	struct store_non_association whole;
	enum err err = store_non_association_find(service->store, arena, id, &whole);
	if (err == OK && !actor_works_at(actor, whole.a.prison) &&
	    !actor_works_at(actor, whole.b.prison))
		err = ERR_NOT_FOUND;
	if (err == OK && whole.pair.ended_at.s)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_non_association_end(service->store, id, actor->account, service->now,
						reason);
	if (err == OK)
		err = store_apart_forget(service->store, &whole.pair);
	if (err == OK)
		err = flag_of_prisoner(service, arena, whole.pair.a, REVIEW_NON_ASSOCIATION, 0);
	if (err == OK)
		err = flag_of_prisoner(service, arena, whole.pair.b, REVIEW_NON_ASSOCIATION, 0);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_NON_ASSOCIATION_END,
						 .object = AUDIT_ON_NON_ASSOCIATION,
						 .object_id = id.n,
						 .words = reason });
}

enum err non_association_end(struct service *service, const struct actor *actor,
			     struct non_association_id id, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_ENTER))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_pair(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- looking ---- */

static enum err load_visitors(struct service *service, struct arena *arena, struct safeguards *s)
{
	struct policy policy = { 0 };
	struct store_contacts contacts = { 0 };
	enum err err = policy_load(service, s->prisoner.prison, &policy);
	if (err == OK || err == ERR_NOT_FOUND)
		err = store_contact_list_for(service->store, arena, s->prisoner.id, &contacts);
	s->visitors = arena_new(arena, contacts.count, sizeof *s->visitors);
	for (size_t i = 0; i < contacts.count && err == OK; i++) {
		struct known_visitor *v = &s->visitors[s->visitor_count++];
		v->person = contacts.list[i].person;
		v->is_child =
		    date_age(v->person.born, today(service)) < policy.values[POLICY_CHILD_AGE];
		err = store_child_decision_find(service->store, s->prisoner.id, v->person.id,
						&v->decision);
		v->decided = err == OK;
		err = err == ERR_NOT_FOUND ? OK : err;
	}
	return err;
}

enum err safeguards_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct prisoner_number number, struct safeguards *out)
{
	struct safeguards s = { 0 };
	struct store_restrictions restrictions = { 0 };
	struct store_non_associations pairs = { 0 };
	struct store *store = service->store;
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = store_prisoner_find_by_number(store, arena, number, &s.prisoner);
	if (err == OK && !actor_works_at(actor, s.prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_custody_find(store, s.prisoner.id, &s.custody);
	if (err == OK)
		err = store_restriction_list_of(store, arena, s.prisoner.id, &restrictions);
	if (err == OK)
		err = store_alert_list_of(store, arena, s.prisoner.id, &s.alerts);
	if (err == OK)
		err = store_non_association_list_with(store, arena, s.prisoner.id, &pairs);
	if (err == OK)
		err = load_visitors(service, arena, &s);
	if (err != OK)
		return err;
	s.restriction_count = restrictions.count;
	s.restrictions = restrictions.list;
	s.pair_count = pairs.count;
	s.pairs = pairs.list;
	*out = s;
	return OK;
}

enum err restrictions_find(struct service *service, const struct actor *actor, struct arena *arena,
			   bool ended, struct store_restrictions *out)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	return store_restriction_list(service->store, arena, actor->prison, ended, SAFEGUARDS_MAX,
				      out);
}

enum err non_associations_find(struct service *service, const struct actor *actor,
			       struct arena *arena, struct store_non_associations *out)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	return store_non_association_list(service->store, arena, actor->prison, SAFEGUARDS_MAX,
					  out);
}

static bool is_barred(const struct service *service, const struct restriction_list *list,
		      const struct contact *contact)
{
	return restrictions_on_day(list->list, list->count, contact->prisoner.id, &contact->person,
				   today(service))
	    .no_contact;
}

enum err contacts_barred(struct service *service, struct arena *arena, struct account_id booker,
			 const struct contact *contacts, size_t count, bool *out)
{
	struct restriction_list list = { 0 };
	enum err err = store_restriction_list_of_booker(service->store, arena, booker, &list);
	for (size_t i = 0; i < count && err == OK; i++)
		out[i] = is_barred(service, &list, &contacts[i]);
	return err;
}

enum err contact_barred(struct service *service, struct arena *arena, const struct contact *contact,
			bool *out)
{
	struct restriction_list list = { 0 };
	enum err err = store_restriction_list_for(service->store, arena, contact->prisoner.id,
						  &contact->person.born, 1, &list);
	if (err == OK)
		*out = is_barred(service, &list, contact);
	return err;
}

/* ---- sources ---- */

enum err sources_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct source_state out[SOURCE_COUNT])
{
	if (!role_is_staff(actor->role))
		return ERR_DENIED;
	return store_source_list(service->store, arena, out);
}

static enum err set_source(struct service *service, const struct actor *actor, struct arena *arena,
			   enum source source, enum source_status status, struct str note)
{
	struct source_state states[SOURCE_COUNT];
	enum err err = store_source_list(service->store, arena, states);
	if (err != OK)
		return err;
	struct source_state state = states[source];
	state.status = status;
	state.note = note;
	if (status == SOURCE_UP)
		state.good_at = service->now;
	err = store_source_set(service->store, &state, actor->account, service->now);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_SOURCE_SET,
						 .object = AUDIT_ON_SOURCE,
						 .object_id = source,
						 .amount = status,
						 .words = note });
}

enum err source_set(struct service *service, const struct actor *actor, enum source source,
		    enum source_status status, struct str note)
{
	if (!actor_is_one_of(actor, MAY_SET_SOURCE))
		return ERR_DENIED;
	if (source >= SOURCE_COUNT || status >= SOURCE_STATUS_COUNT ||
	    (status != SOURCE_UP && !reason_acceptable(note)) || !str_is_utf8(note) ||
	    note.len > REASON_MAX)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = set_source(service, actor, &arena, source, status, note);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
