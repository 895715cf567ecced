#include "service/incident.h"

#include "base/assert.h"
#include "domain/join.h"
#include "service/pay_priv.h"
#include "service/safeguard_priv.h"
#include "service/service_priv.h"
#include "service/tell.h"
#include "store/account.h"
#include "store/oversight.h"
#include "store/prisoner.h"
#include "store/visit.h"

enum {
	MAY_OPEN = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_VISITS_CLERK),
	MAY_DECIDE = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR),
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_REQUEST = MAY(ROLE_MONITOR) | MAY(ROLE_CONTACTS_AUTHORISER) | MAY(ROLE_VISITS_CLERK),
	DAY_S = 86400,
	OPEN_DAYS = 28, /* after a visit, in which an incident may still be written down */
};

/* ---- incidents ---- */

static enum err write_leaf(struct service *service, const struct actor *actor,
			   const struct incident *incident, enum audit_verb verb, int64_t amount,
			   struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_INCIDENT,
						 .object_id = incident->id.n,
						 .amount = amount,
						 .prison = incident->prison,
						 .words = words });
}

static enum err open_it(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, const struct incident_new *new,
			struct incident_id *out)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err != OK)
		return err;
	bool begun = visit.lobby_at.s != 0 && visit.state != VISIT_BOOKED;
	bool fresh = !visit.ended_at.s || service->now.s < visit.ended_at.s + OPEN_DAYS * DAY_S;
	if (!begun || !fresh)
		return ERR_CONFLICT;
	struct wall last = visit.ended_at.s ? visit.ended_at : service->now;
	struct incident incident = {
		.id = { random_id(service->random) },
		.visit = visit.id,
		.prison = visit.prison,
		.type = new->type,
		.severity = new->severity,
		.evidence = new->evidence,
		.seen_at = new->seen_at.s ? new->seen_at : last,
		.opened_at = service->now,
		.opened_by = actor->account,
	};
	if (!incident_time_fits(&visit, incident.seen_at, service->now))
		return ERR_BAD;
	err = store_incident_insert(service->store, &incident);
	if (err != OK)
		return err;
	*out = incident.id;
	return write_leaf(service, actor, &incident, AUDIT_INCIDENT_OPEN, visit.id.n,
			  new->evidence);
}

enum err incident_open(struct service *service, const struct actor *actor,
		       struct reference reference, const struct incident_new *new,
		       struct incident_id *out)
{
	if (!actor_is_one_of(actor, MAY_OPEN))
		return ERR_DENIED;
	if (!reason_acceptable(new->evidence))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = open_it(service, actor, &arena, reference, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err incident_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct incident_id id, struct incident *out)
{
	struct incident incident;
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_incident_find(service->store, arena, id, &incident);
	if (err == OK && !actor_works_at(actor, incident.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = incident;
	return err;
}

enum err incidents_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct store_incidents *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	return store_incident_list(service->store, arena, actor->prison, INCIDENTS_SHOWN, out);
}

static enum err paused_s(struct service *service, struct arena *arena, struct visit_id visit,
			 struct wall until, int *out)
{
	struct store_acts acts;
	struct oversight sum = { 0 };
	enum err err = store_act_list(service->store, arena, visit, &acts);
	for (size_t i = 0; err == OK && i < acts.count; i++)
		oversight_add(&sum, &acts.list[i]);
	*out = oversight_paused_s(&sum, until);
	return err;
}

/* The time that the visit was paused counts after all, or no longer. */
static enum err count_pause(struct service *service, const struct actor *actor, struct arena *arena,
			    struct incident *incident, bool counts)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	int paused = 0;
	enum err err = store_visit_find_by_id(service->store, arena, incident->visit, visit);
	if (err != OK || visit->state != VISIT_COMPLETED)
		return err; /* a visit that is not over is settled with it: visit_charged_pause_s() */
	err = paused_s(service, arena, visit->id, visit->ended_at, &paused);
	int charged = visit_counted_minutes(visit->used_s + paused, visit_paid_minutes(visit)) -
		      visit_counted_minutes(visit->used_s, visit_paid_minutes(visit));
	int minutes = counts ? charged : -incident->charged_minutes;
	if (err != OK || minutes == 0)
		return err;
	visit->counted_minutes += minutes;
	incident->charged_minutes += minutes;
	err = store_visit_update(service->store, visit);
	return err == OK ? pay_correct(service, actor, visit, -minutes) : err;
}

/* Of a visit that ends now. */
enum err visit_charged_pause_s(struct service *service, struct arena *arena,
			       const struct visit *visit, int *out)
{
	struct store_incidents incidents = { 0 };
	*out = 0;
	enum err err = store_incident_list_of(service->store, arena, visit->id, &incidents);
	for (size_t i = 0; i < incidents.count && err == OK; i++)
		if (incidents.list[i].counts_pause && !incident_appeal_allowed(&incidents.list[i]))
			return paused_s(service, arena, visit->id, service->now, out);
	return err;
}

/* Whoever booked the visit is told that there is something to read, not what: that stands on its page. */
static enum err tell_booker(struct service *service, struct arena *arena,
			    const struct incident *incident, struct telling t)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = store_visit_find_by_id(service->store, arena, incident->visit, visit);
	t.account = incident->booker;
	t.prison = incident->prison;
	t.object = incident->id.n;
	t.reference = visit->reference;
	t.start = visit->start;
	return err == OK ? tell(service, &t) : err;
}

static enum err tell_decision(struct service *service, struct arena *arena,
			      const struct incident *incident)
{
	struct policy policy = { 0 };
	if (str_empty(incident->told))
		return OK;
	enum err err = policy_load(service, incident->prison, &policy);
	if (err != OK)
		return err;
	struct telling t = { .kind = MESSAGE_INCIDENT };
	t.answer_by = incident_appeal_until(incident, APPELLANT_VISITOR,
					    policy.values[POLICY_INCIDENT_APPEAL_DAYS]);
	return tell_booker(service, arena, incident, t);
}

static bool is_visitor_of(const struct visit *visit, struct person_id person)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].person.n == person.n)
			return true;
	return false;
}

/* What the decision entered; on the prisoner alone, or on the two of them. */
static enum err enter_restriction(struct service *service, const struct actor *actor,
				  struct arena *arena, struct incident *incident,
				  const struct incident_decision *d, enum incident_answer *answer)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	struct account governor = { 0 };
	struct restriction entered = { 0 };
	struct person_id person = d->restriction.person;
	enum err err = store_visit_find_by_id(service->store, arena, incident->visit, visit);
	if (err == OK)
		err = store_account_find(service->store, arena, actor->account, &governor);
	if (err != OK)
		return err;
	struct restriction_new new = {
		.on = person.n ? RESTRICTION_ON_PAIR : RESTRICTION_ON_PRISONER,
		.code = d->restriction.code,
		.prisoner = visit->prisoner,
		.person = person,
		.to = d->restriction.to,
		.comment = d->follow_up,
		.authorised_by = governor.name,
	};
	err = person.n && !is_visitor_of(visit, person)
		  ? ERR_BAD
		  : restriction_lay_down(service, actor, arena, &new, &entered);
	if (err == ERR_BAD || err == ERR_NOT_FOUND) { /* nothing is written */
		*answer = INCIDENT_RESTRICTION_BAD;
		return OK;
	}
	incident->restriction = entered.id;
	return err;
}

static enum err decide(struct service *service, const struct actor *actor, struct arena *arena,
		       struct incident_id id, const struct incident_decision *d,
		       enum incident_answer *answer)
{
	struct incident incident = { 0 };
	enum err err = incident_find(service, actor, arena, id, &incident);
	if (err != OK)
		return err;
	*answer = incident_may_decide(&incident, d, actor->role, actor->account);
	if (*answer != INCIDENT_OK)
		return OK;
	if (d->outcome == OUTCOME_RESTRICTION)
		err = enter_restriction(service, actor, arena, &incident, d, answer);
	if (err != OK || *answer != INCIDENT_OK)
		return err;
	incident.outcome = d->outcome;
	incident.counts_pause = d->counts_pause;
	incident.follow_up = d->follow_up;
	incident.told = d->told;
	incident.told_prisoner = d->told_prisoner;
	incident.decided_at = service->now;
	incident.decided_by = actor->account;
	if (d->counts_pause)
		err = count_pause(service, actor, arena, &incident, true);
	if (err == OK)
		err = store_incident_update(service->store, &incident);
	if (err == OK)
		err = tell_decision(service, arena, &incident);
	return err == OK ? write_leaf(service, actor, &incident, AUDIT_INCIDENT_DECIDE, d->outcome,
				      d->follow_up)
			 : err;
}

static bool may_be_told(struct str words)
{
	return words.len <= REASON_MAX && str_is_utf8(words);
}

enum err incident_decide(struct service *service, const struct actor *actor, struct incident_id id,
			 const struct incident_decision *d, enum incident_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!reason_acceptable(d->follow_up) || !may_be_told(d->told) ||
	    !may_be_told(d->told_prisoner))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = INCIDENT_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide(service, actor, &arena, id, d, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- what the booker reads, and the appeal ---- */

enum err incidents_told(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct store_incidents *out)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	struct store_incidents all = { 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, visit);
	if (err == OK)
		err = store_incident_list_of(service->store, arena, visit->id, &all);
	if (err != OK)
		return err;
	*out = (struct store_incidents){ .list = all.list };
	for (size_t i = 0; i < all.count; i++)
		if (!str_empty(all.list[i].told))
			out->list[out->count++] = all.list[i];
	return OK;
}

static bool may_know(const struct incident *incident, const struct actor *actor, enum appellant who)
{
	bool theirs = who == APPELLANT_PRISONER ? incident->prisoner.n == actor->prisoner.n
						: incident->booker.n == actor->account.n;
	return theirs && !str_empty(incident_told_to(incident, who));
}

/* What became of theirs. */
static enum err write_appeal_leaf(struct service *service, const struct actor *actor,
				  const struct incident *incident, enum appellant who,
				  struct str words)
{
	int64_t amount = (int64_t)incident->appeals[who].state + 10 * (int64_t)who;
	return write_leaf(service, actor, incident, AUDIT_INCIDENT_APPEAL, amount, words);
}

static enum err appeal(struct service *service, const struct actor *actor, struct arena *arena,
		       struct incident_id id, struct str words, enum incident_answer *answer)
{
	struct incident incident = { 0 };
	struct policy policy = { 0 };
	enum appellant who = actor->role == ROLE_TERMINAL ? APPELLANT_PRISONER : APPELLANT_VISITOR;
	enum err err = store_incident_find(service->store, arena, id, &incident);
	if (err == OK && !may_know(&incident, actor, who))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = policy_load(service, incident.prison, &policy);
	if (err != OK)
		return err;
	*answer = incident_may_appeal(&incident, who, policy.values[POLICY_INCIDENT_APPEAL_DAYS],
				      service->now);
	if (*answer != INCIDENT_OK)
		return OK;
	incident.appeals[who] = (struct incident_appeal){ .state = APPEAL_ASKED,
							  .words = words,
							  .asked_at = service->now };
	err = store_incident_appeal_insert(service->store, &incident, who);
	return err == OK ? write_appeal_leaf(service, actor, &incident, who, words) : err;
}

enum err incident_appeal(struct service *service, const struct actor *actor, struct incident_id id,
			 struct str words, enum incident_answer *answer)
{
	bool prisoner = actor->role == ROLE_TERMINAL && actor->prisoner.n;
	if (actor->role != ROLE_FAMILY && !prisoner)
		return ERR_DENIED;
	if (!reason_acceptable(words))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = INCIDENT_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = appeal(service, actor, &arena, id, words, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* What the decision laid on them ends; somebody may have ended it before, by another appeal too. */
static enum err lift(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct incident *incident, enum appellant who)
{
	if (!incident_appeal_lifts(incident, who))
		return OK;
	enum err err = restriction_lift(service, actor, arena, incident->restriction,
					incident->appeals[who].reason);
	return err == ERR_CONFLICT ? OK : err;
}

static enum err give_back(struct service *service, const struct actor *actor, struct arena *arena,
			  struct incident *incident, enum appellant who)
{
	enum err err = OK;
	if (incident->charged_minutes)
		err = count_pause(service, actor, arena, incident, false);
	if (err == OK)
		err = lift(service, actor, arena, incident, who);
	return err == OK ? store_incident_update(service->store, incident) : err;
}

/* Whoever booked the visit; the prisoner reads theirs at a terminal. */
static enum err tell_appeal(struct service *service, struct arena *arena,
			    const struct incident *incident, enum appellant who)
{
	if (who != APPELLANT_VISITOR)
		return OK;
	return tell_booker(service, arena, incident,
			   (struct telling){ .kind = MESSAGE_APPEAL,
					     .why = appeal_name(incident->appeals[who].state) });
}

static enum err decide_appeal(struct service *service, const struct actor *actor,
			      struct arena *arena, struct incident_id id, enum appellant who,
			      bool allowed, struct str reason, enum incident_answer *answer)
{
	struct incident incident = { 0 };
	enum err err = incident_find(service, actor, arena, id, &incident);
	if (err != OK)
		return err;
	*answer = incident_may_decide_appeal(&incident, who, actor->account);
	if (*answer != INCIDENT_OK)
		return OK;
	struct incident_appeal *appeal = &incident.appeals[who];
	appeal->state = allowed ? APPEAL_ALLOWED : APPEAL_REFUSED;
	appeal->reason = reason;
	appeal->decided_at = service->now;
	appeal->decided_by = actor->account;
	err = store_incident_appeal_update(service->store, &incident, who);
	if (err == OK && allowed)
		err = give_back(service, actor, arena, &incident, who);
	if (err == OK)
		err = tell_appeal(service, arena, &incident, who);
	return err == OK ? write_appeal_leaf(service, actor, &incident, who, reason) : err;
}

enum err incident_appeal_decide(struct service *service, const struct actor *actor,
				struct incident_id id, enum appellant who, bool allowed,
				struct str reason, enum incident_answer *answer)
{
	if (actor->role != ROLE_DUTY_GOVERNOR)
		return ERR_DENIED;
	if (who >= APPELLANT_COUNT || !reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = INCIDENT_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide_appeal(service, actor, &arena, id, who, allowed, reason, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- authorisations ---- */

static bool is_long_enough(struct str words)
{
	size_t characters = 0;
	for (size_t i = 0; i < words.len; i++)
		characters += ((unsigned char)words.at[i] & 0xc0) != 0x80;
	return characters >= AUTHORISATION_WORDS_MIN && words.len <= AUTHORISATION_WORDS_MAX &&
	       str_is_utf8(words);
}

static struct wall review_date(const struct service *service, const struct policy *policy,
			       struct wall until)
{
	int64_t days = policy->values[POLICY_AUTHORISATION_REVIEW_DAYS];
	struct wall review = wall_add_s(service->now, days * DAY_S);
	return review.s < until.s ? review : until;
}

static enum err write_authorisation_leaf(struct service *service, const struct actor *actor,
					 const struct authorisation *a, enum audit_verb verb,
					 struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_AUTHORISATION,
						 .object_id = a->id.n,
						 .amount = a->state,
						 .prison = a->prison,
						 .words = words });
}

static enum err request(struct service *service, const struct actor *actor, struct arena *arena,
			const struct authorisation_new *new, struct authorisation_id *out)
{
	struct prisoner prisoner = { 0 };
	struct policy policy = { 0 };
	enum err err = store_prisoner_find_by_number(service->store, arena, new->number, &prisoner);
	if (err == OK && !actor_works_at(actor, prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = policy_load(service, prisoner.prison, &policy);
	if (err == OK && (new->days < 1 || new->days > policy.values[POLICY_AUTHORISATION_DAYS]))
		err = ERR_LIMIT;
	if (err != OK)
		return err;
	struct authorisation a = {
		.id = { random_id(service->random) },
		.prison = prisoner.prison,
		.prisoner = prisoner.id,
		.necessity = new->necessity,
		.proportionality = new->proportionality,
		.requested_at = service->now,
		.requested_by = actor->account,
		.until = wall_add_s(service->now, (int64_t) new->days *DAY_S),
	};
	a.review_at = review_date(service, &policy, a.until);
	err = store_authorisation_insert(service->store, &a);
	if (err != OK)
		return err;
	*out = a.id;
	return write_authorisation_leaf(service, actor, &a, AUDIT_AUTHORISATION_REQUEST,
					new->necessity);
}

enum err authorisation_request(struct service *service, const struct actor *actor,
			       const struct authorisation_new *new, struct authorisation_id *out)
{
	if (!actor_is_one_of(actor, MAY_REQUEST))
		return ERR_DENIED;
	if (!is_long_enough(new->necessity) || !is_long_enough(new->proportionality))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = request(service, actor, &arena, new, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err authorisation_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct authorisation_id id, struct authorisation *out)
{
	struct authorisation a;
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_authorisation_find(service->store, arena, id, &a);
	if (err == OK && !actor_works_at(actor, a.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = a;
	return err;
}

enum err authorisations_find(struct service *service, const struct actor *actor,
			     struct arena *arena, struct store_authorisations *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	return store_authorisation_list(service->store, arena, actor->prison, INCIDENTS_SHOWN, out);
}

static enum err decide_authorisation(struct service *service, const struct actor *actor,
				     struct arena *arena, struct authorisation_id id,
				     enum authorisation_state next, struct str reason)
{
	struct authorisation a = { 0 };
	struct policy policy = { 0 };
	enum err err = authorisation_find(service, actor, arena, id, &a);
	if (err == OK && (!authorisation_may_decide(&a, next, actor->account) ||
			  (next == AUTHORISATION_GRANTED && service->now.s >= a.until.s)))
		err = ERR_CONFLICT;
	if (err == OK)
		err = policy_load(service, a.prison, &policy);
	if (err != OK)
		return err;
	a.state = next;
	a.reason = reason;
	a.decided_at = service->now;
	a.decided_by = actor->account;
	if (next == AUTHORISATION_GRANTED)
		a.review_at = review_date(service, &policy, a.until);
	err = store_authorisation_update(service->store, &a);
	return err == OK ? write_authorisation_leaf(service, actor, &a, AUDIT_AUTHORISATION_DECIDE,
						    reason)
			 : err;
}

enum err authorisation_decide(struct service *service, const struct actor *actor,
			      struct authorisation_id id, enum authorisation_state next,
			      struct str reason)
{
	if (actor->role != ROLE_DUTY_GOVERNOR)
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = decide_authorisation(service, actor, &arena, id, next, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- on what ground somebody watches ---- */

enum err watch_ground(struct service *service, struct arena *arena, const struct visit *visit,
		      enum purpose purpose, int64_t *out)
{
	struct store_incidents incidents = { 0 };
	struct store_authorisations list = { 0 };
	enum err err = OK;
	*out = 0;
	if (purpose == PURPOSE_INCIDENT)
		err = store_incident_list_of(service->store, arena, visit->id, &incidents);
	for (size_t i = 0; i < incidents.count; i++)
		if (incidents.list[i].outcome == OUTCOME_OPEN)
			*out = incidents.list[i].id.n;
	if (err == OK && purpose == PURPOSE_AUTHORISATION)
		err = store_authorisation_list_of(service->store, arena, visit->prisoner, &list);
	for (size_t i = 0; i < list.count; i++)
		if (prison_code_equal(list.list[i].prison, visit->prison) &&
		    authorisation_holds(&list.list[i], service->now))
			*out = list.list[i].id.n;
	return err;
}

enum err officer_counts_find(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prison_code prison,
			     struct officer_counts *out)
{
	if (actor->role != ROLE_DUTY_GOVERNOR && actor->role != ROLE_INSPECTOR)
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	struct wall since = wall_add_s(service->now, -(int64_t)COUNTS_DAYS * DAY_S);
	return store_officer_counts(service->store, arena, prison, since, out);
}
