#include "service/approval.h"

#include "service/guard_priv.h"
#include "service/identity_priv.h"
#include "service/request.h"
#include "service/safeguard.h"
#include "service/service_priv.h"
#include "service/tell_priv.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/listed_contact.h"
#include "store/relationship.h"

enum {
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_DECIDE = MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
};

static enum err with_booker(struct service *service, struct arena *arena, struct contact contact,
			    struct contact_case *out)
{
	struct account booker = { 0 };
	enum err err = store_account_find(service->store, arena, contact.person.booker, &booker);
	if (err == OK)
		*out = (struct contact_case){ .contact = contact,
					      .booker_name = booker.name,
					      .booker_email = booker.email };
	return err;
}

static enum err with_bookers(struct service *service, struct arena *arena,
			     const struct store_contacts *contacts, struct contact_case_list *out)
{
	size_t count = contacts->count;
	struct contact_case *cases = arena_new(arena, count + 1, sizeof *cases);
	struct account_id *ids = arena_new(arena, count + 1, sizeof *ids);
	struct account *bookers = arena_new(arena, count + 1, sizeof *bookers);
	for (size_t i = 0; i < count; i++)
		ids[i] = contacts->list[i].person.booker;
	enum err err = store_account_list(service->store, arena, ids, count, bookers);
	for (size_t i = 0; i < count && err == OK; i++)
		cases[i] = (struct contact_case){ .contact = contacts->list[i],
						  .booker_name = bookers[i].name,
						  .booker_email = bookers[i].email };
	if (err == OK)
		*out = (struct contact_case_list){ .count = count, .list = cases };
	return err;
}

enum err contacts_pending(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_case_list *out)
{
	struct store_contacts contacts;
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err =
	    store_contact_list_pending(service->store, arena, actor->prison, CASES_MAX, &contacts);
	return err == OK ? with_bookers(service, arena, &contacts, out) : err;
}

enum err contacts_decided(struct service *service, const struct actor *actor, struct arena *arena,
			  struct contact_case_list *out)
{
	struct store_contacts contacts;
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err =
	    store_contact_list_decided(service->store, arena, actor->prison, CASES_MAX, &contacts);
	return err == OK ? with_bookers(service, arena, &contacts, out) : err;
}

static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     struct contact_id id, struct contact *out)
{
	struct contact contact = { 0 };
	enum err err = store_contact_find(service->store, arena, id, &contact);
	if (err == OK && !actor_works_at(actor, contact.prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = contact;
	return err;
}

/* What the prison's own list says of them, if anything. */
static enum err with_listed(struct service *service, struct arena *arena, struct contact_case *c)
{
	struct store_listed_contacts all = { 0 };
	const struct person *person = &c->contact.person;
	enum err err = store_listed_contact_list(service->store, arena, c->contact.prisoner.id,
						 person->born, &all);
	for (size_t i = 0; i < all.count && err == OK; i++) {
		if (!prisoner_name_matches(all.list[i].name, person->name))
			continue;
		c->listed = true;
		c->listed_approved = all.list[i].approved;
		c->listed_as = all.list[i].relationship;
	}
	return err;
}

enum err contact_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct contact_id id, struct contact_case *out)
{
	struct contact contact = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = load(service, actor, arena, id, &contact);
	struct contact_case found = { 0 };
	if (err == OK)
		err = with_booker(service, arena, contact, &found);
	if (err == OK)
		err = with_listed(service, arena, &found);
	if (err == OK)
		*out = found;
	return err;
}

/* Booked visits of somebody who is no longer approved wait for staff; approved again, they stand. */
static enum err flag_visits(struct service *service, struct arena *arena,
			    const struct contact *contact)
{
	struct visits_touched visits = { 0 };
	enum err err =
	    guard_visits_with(service, arena, contact->person.born, contact->prisoner.id, &visits);
	return err == OK
		   ? guard_flag(service, arena, &visits, REVIEW_VISITOR_UNAPPROVED,
				GUARD_BIT(BOOKING_NOT_APPROVED) | GUARD_BIT(BOOKING_NOT_OFFICIAL))
		   : err;
}

/* What stands in the way of it, by what is known now. */
static enum err load_stops(struct service *service, struct arena *arena,
			   const struct contact *contact, enum contact_state to, bool identity_seen,
			   unsigned *out)
{
	struct contact_facts facts = { .from = contact->state, .identity_seen = identity_seen };
	enum err err = OK;
	if (to == CONTACT_APPROVED)
		err = contact_barred(service, arena, contact, &facts.barred);
	if (err == OK && to == CONTACT_APPROVED)
		err = identity_covers(service, contact, &facts.identity_covered);
	*out = contact_stops(&facts, to);
	return err;
}

/* The first of them is the answer. */
static enum err answer_to(unsigned stops, bool *identity_missing)
{
	if (stops & CONTACT_STOP_BIT(CONTACT_STOP_STATE))
		return ERR_CONFLICT;
	if (stops & CONTACT_STOP_BIT(CONTACT_STOP_BARRED))
		return ERR_DENIED;
	*identity_missing = (stops & CONTACT_STOP_BIT(CONTACT_STOP_IDENTITY)) != 0;
	return OK;
}

/* Approving verifies what was sent. */
static enum err settle_identity(struct service *service, const struct actor *actor,
				const struct contact *contact,
				const struct contact_decision *decision)
{
	if (decision->to == CONTACT_APPROVED)
		return identity_decide(service, actor, contact, IDENTITY_VERIFIED);
	return decision->why == CONTACT_WHY_IDENTITY
		   ? identity_decide(service, actor, contact, IDENTITY_REJECTED)
		   : OK;
}

/* Staff know better how the two know each other: the family's own words stay beside it. */
static enum err correct_relationship(struct service *service, struct arena *arena,
				     const struct contact_decision *decision,
				     struct contact *contact)
{
	struct relationship known;
	if (str_empty(decision->relationship_code) ||
	    str_equal(decision->relationship_code, contact->relationship_code))
		return OK;
	enum err err =
	    store_relationship_find(service->store, arena, decision->relationship_code, &known);
	if (err != OK)
		return err == ERR_NOT_FOUND ? ERR_BAD : err;
	contact->relationship_code = known.code;
	contact->official = known.official;
	return store_contact_set_relationship(service->store, contact);
}

static enum err decide(struct service *service, const struct actor *actor, struct arena *arena,
		       struct contact_id id, const struct contact_decision *decision, bool *missing)
{
	struct contact contact = { 0 };
	enum contact_state to = decision->to;
	unsigned stops = 0;
	enum err err = load(service, actor, arena, id, &contact);
	if (err == OK)
		err = load_stops(service, arena, &contact, to, decision->identity_seen, &stops);
	if (err == OK)
		err = answer_to(stops, missing);
	if (err == OK && *missing)
		return OK;
	if (err == OK)
		err = settle_identity(service, actor, &contact, decision);
	if (err != OK)
		return err;
	err = correct_relationship(service, arena, decision, &contact);
	if (err == OK)
		err = store_contact_set_state(service->store, id, to, decision->reason,
					      actor->account, service->now);
	if (err == OK)
		err = store_contact_set_why(service->store, id, decision->why);
	if (err == OK)
		err = flag_visits(service, arena, &contact);
	if (err == OK)
		err = tell_contact(service, &contact, to == CONTACT_APPROVED, decision->why);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = to == CONTACT_APPROVED
							     ? AUDIT_CONTACT_APPROVE
							     : AUDIT_CONTACT_REJECT,
						 .object = AUDIT_ON_CONTACT,
						 .object_id = id.n,
						 .amount = decision->identity_seen,
						 .prison = contact.prisoner.prison,
						 .words = decision->reason });
}

enum err contact_outlook_find(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct contact *contact,
			      struct contact_outlook *out)
{
	*out = (struct contact_outlook){ 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	if (!actor_works_at(actor, contact->prisoner.prison))
		return ERR_NOT_FOUND;
	enum err err = load_stops(service, arena, contact, CONTACT_APPROVED, false, &out->stops);
	return err == OK ? guard_pair(service, arena, contact, &out->visits) : err;
}

unsigned contact_deciders(void)
{
	return MAY_DECIDE;
}

unsigned contact_stop_deciders(enum contact_stop stop)
{
	switch (stop) {
	case CONTACT_STOP_BARRED:
		return restriction_deciders(RESTRICTION_NO_CONTACT);
	case CONTACT_STOP_IDENTITY: /* by having seen it */
		return MAY_DECIDE;
	case CONTACT_STOP_STATE:
	case CONTACT_STOP_COUNT:
		break;
	}
	return 0;
}

unsigned contact_visit_deciders(enum booking issue)
{
	if (issue == BOOKING_NO_CONTACT)
		return restriction_deciders(RESTRICTION_NO_CONTACT);
	if (issue == BOOKING_BANNED)
		return restriction_deciders(RESTRICTION_BAN);
	if (issue == BOOKING_CHILD_REFUSED || issue == BOOKING_REVIEW_CHILD)
		return child_deciders();
	return booking_is_for_review(issue) ? request_deciders() : 0;
}

static bool decision_acceptable(const struct contact_decision *d)
{
	if (d->to == CONTACT_REQUESTED || d->to >= CONTACT_STATE_COUNT ||
	    d->why >= CONTACT_WHY_COUNT || d->reason.len > REASON_MAX || !str_is_utf8(d->reason))
		return false;
	return d->to == CONTACT_APPROVED ? d->why == CONTACT_WHY_NONE
					 : reason_acceptable(d->reason);
}

enum err contact_decide_by(struct service *service, const struct actor *actor, struct contact_id id,
			   const struct contact_decision *decision, bool *identity_missing)
{
	*identity_missing = false;
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!decision_acceptable(decision))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide(service, actor, &arena, id, decision, identity_missing);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err contact_decide(struct service *service, const struct actor *actor, struct contact_id id,
			enum contact_state to, struct str reason)
{
	struct contact_decision decision = { .to = to,
					     .reason = reason,
					     .identity_seen = to == CONTACT_APPROVED };
	bool missing;
	return contact_decide_by(service, actor, id, &decision, &missing);
}
