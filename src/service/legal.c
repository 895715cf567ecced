#include "service/legal.h"

#include <string.h>

#include "base/assert.h"
#include "service/booking_priv.h"
#include "service/legal_priv.h"
#include "service/refill_priv.h"
#include "service/request_priv.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/custody.h"
#include "store/prisoner.h"
#include "store/professional.h"
#include "store/visit.h"

enum {
	MAY_SEE_ALL = MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_INSPECTOR),
	DAY_S = 86400,
};

/* ---- the client ---- */

static enum err wrong_client(struct service *service, const struct actor *actor)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_mismatch_insert(service->store, actor->account, service->now);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_CONTACT_MISMATCH,
							.object = AUDIT_ON_ACCOUNT,
							.object_id = actor->account.n });
	return use_case_end(&use, err);
}

/* By number and date of birth, so that nobody finds out by trying who is in prison. */
static enum err find_client(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct legal_ask *asked, struct legal_times *out)
{
	struct prisoner_number number;
	struct policy national;
	int64_t wrong = 0;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err == OK)
		err = store_mismatch_count(service->store, actor->account,
					   wall_add_s(service->now, -DAY_S), &wrong);
	if (err != OK)
		return err;
	out->answer = LEGAL_NO_CLIENT;
	if (wrong >= national.values[POLICY_MISMATCHES_DAY] ||
	    !prisoner_number_of(asked->prisoner_number, &number))
		return OK;
	err = store_prisoner_find_by_number(service->store, arena, number, &out->prisoner);
	if (err == ERR_NOT_FOUND ||
	    (err == OK && date_compare(out->prisoner.born, asked->prisoner_born) != 0))
		return wrong_client(service, actor);
	if (err == OK)
		out->answer = LEGAL_FINE;
	return err;
}

static enum err add_other(struct service *service, struct arena *arena, struct str email,
			  struct legal_times *out)
{
	char normal[EMAIL_MAX + 1];
	struct account_id account = { 0 };
	struct professional p = { 0 };
	struct str hash;
	enum err err = ERR_NOT_FOUND;
	if (email_normalise(email, normal))
		err = store_account_find_hash(service->store, arena, str_from(normal), &account,
					      &hash);
	if (err == OK)
		err = store_professional_find(service->store, arena, account, &p);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == ERR_NOT_FOUND || p.state != PROFESSIONAL_VERIFIED ||
	    out->person_count == PARTY_MAX) {
		out->answer = LEGAL_OTHER;
		return OK;
	}
	out->persons[out->person_count++] = p.person;
	return OK;
}

static enum err find_party(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct legal_ask *asked, struct legal_times *out)
{
	struct professional own = { 0 };
	enum err err = professional_mine(service, actor, arena, &own);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	out->answer = LEGAL_FINE;
	if (err == ERR_NOT_FOUND || own.state != PROFESSIONAL_VERIFIED ||
	    own.profession == PROFESSION_INTERPRETER) {
		out->answer = LEGAL_NOT_VERIFIED;
		return OK;
	}
	out->persons[out->person_count++] = own.person;
	err = OK;
	for (size_t i = 0; i < asked->other_count && err == OK && out->answer == LEGAL_FINE; i++)
		err = add_other(service, arena, asked->others[i], out);
	return err;
}

/* A pair of a professional and a client that no staff has to approve: both of them are known. */
static enum err know_client(struct service *service, struct arena *arena, struct person_id person,
			    const struct prisoner *prisoner)
{
	struct contact contact;
	enum err err =
	    store_contact_find_pair(service->store, arena, person, prisoner->id, &contact);
	if (err != ERR_NOT_FOUND)
		return err;
	contact = (struct contact){ .id = { random_id(service->random) },
				    .person = { .id = person },
				    .prisoner = *prisoner,
				    .relationship = STR(LEGAL_RELATIONSHIP),
				    .state = CONTACT_REQUESTED,
				    .requested_at = service->now };
	err = store_contact_insert(service->store, &contact);
	if (err != OK)
		return err;
	return store_contact_set_state(service->store, contact.id, CONTACT_APPROVED,
				       STR("A verified legal professional."),
				       (struct account_id){ 0 }, service->now);
}

static enum err know_clients(struct service *service, const struct actor *actor,
			     struct arena *arena, const struct legal_times *found)
{
	struct use_case use;
	int64_t before = store_changes(service->store);
	enum err err = use_case_begin(service, &use);
	for (size_t i = 0; i < found->person_count && err == OK; i++)
		err = know_client(service, arena, found->persons[i], &found->prisoner);
	if (err == OK && store_changes(service->store) != before)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_CLIENT_ADD,
							.object = AUDIT_ON_PRISONER,
							.object_id = found->prisoner.id.n,
							.prison = found->prisoner.prison });
	return use_case_end(&use, err);
}

/* Everything but the times: who, whom, for what. */
static enum err understand(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct legal_ask *asked, struct legal_times *out,
			   struct policy *policy)
{
	struct date today = local_date(service->now);
	*out = (struct legal_times){ .need = { .kind = VISIT_LEGAL,
					       .cause = asked->cause,
					       .deadline = asked->deadline,
					       .asked_at = service->now,
					       .minutes = asked->minutes } };
	enum err err = find_party(service, actor, arena, asked, out);
	if (err != OK || out->answer != LEGAL_FINE)
		return err;
	if (!waiting_need_acceptable(&out->need, today)) {
		out->answer = LEGAL_NEED;
		return OK;
	}
	err = find_client(service, actor, arena, asked, out);
	if (err != OK || out->answer != LEGAL_FINE)
		return err;
	struct store_custody custody;
	err = store_custody_find(service->store, out->prisoner.id, &custody);
	if (err != OK)
		return err;
	out->need.received = custody.admitted;
	err = policy_load(service, out->prisoner.prison, policy);
	if (err == ERR_NOT_FOUND) {
		out->answer = LEGAL_NO_RULES;
		return OK;
	}
	if (err != OK)
		return err;
	out->class = waiting_class_on(&out->need, policy, today);
	out->due = waiting_due(&out->need, policy);
	return know_clients(service, actor, arena, out);
}

/* ---- the times ---- */

enum err legal_times_find(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct legal_ask *asked, struct legal_times *out)
{
	struct policy policy;
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (asked->other_count > PARTY_MAX - 1)
		return ERR_BAD;
	enum err err = understand(service, actor, arena, asked, out, &policy);
	out->wanted = asked->wanted;
	if (err == OK && out->answer == LEGAL_FINE)
		err = legal_fill_times(service, actor, arena, &policy, (struct visit_id){ 0 }, out);
	return err;
}

/* ---- booking ---- */

static struct visit_request request_of(const struct legal_times *found, struct legal_time time)
{
	struct visit_request request = { .kind = VISIT_LEGAL,
					 .prisoner = found->prisoner.id,
					 .person_count = found->person_count,
					 .start = time.start,
					 .minutes = found->need.minutes,
					 .preferred = time.terminal,
					 .need = found->need };
	memcpy(request.persons, found->persons, sizeof request.persons);
	return request;
}

static enum err book(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct legal_times *found, struct legal_time time,
		     struct verdict *verdict, struct reference *out)
{
	struct visit_request request = request_of(found, time);
	enum err err = visit_request_check(service, actor, &request);
	return err == OK ? booking_book(service, actor, arena, &request, verdict, out) : err;
}

/* As many wait without a time as one lawyer may have. */
static enum err list_full(struct service *service, const struct actor *actor,
			  const struct policy *policy, bool *out)
{
	int64_t waiting = 0;
	enum err err = store_waiting_count(service->store, actor->account,
					   (struct prisoner_id){ 0 }, VISIT_LEGAL, &waiting);
	*out = err == OK && waiting >= policy->values[POLICY_WAITING_MAX];
	return err;
}

static enum err may_wait(struct service *service, const struct actor *actor,
			 const struct legal_times *found, const struct policy *policy,
			 enum legal_answer *answer)
{
	bool too_many = false, full = false;
	enum err err = OK;
	if (found->class == WAITING_ROUTINE)
		err = booking_firm_full(service, actor->account, found->prisoner.id, policy,
					&too_many);
	if (err == OK)
		err = list_full(service, actor, policy, &full);
	if (too_many)
		*answer = LEGAL_BLOCK_BOOKED;
	else if (full)
		*answer = LEGAL_LIST_FULL;
	return err == OK && (too_many || full) ? ERR_DENIED : err;
}

/* No time fits: the request stands on the clock, where the prison and headquarters see it. */
static enum err wait(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct legal_times *found, const struct policy *policy,
		     enum legal_answer *answer)
{
	struct visit_request request = request_of(found, (struct legal_time){ 0 });
	struct waiting w = waiting_of_request(service, actor->account, &request), before = { 0 };
	enum err err = may_wait(service, actor, found, policy, answer);
	if (err == OK)
		err = waiting_find_like(service, arena, &w, &before);
	if (err != OK || before.id)
		return err; /* it waits already, since it was first asked for */
	err = store_waiting_insert(service->store, &w);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_WAITING_ADD,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = found->prisoner.id.n,
						 .amount = found->need.minutes,
						 .prison = found->prisoner.prison });
}

enum err legal_answered(enum err err, enum legal_answer *answer, struct verdict *verdict)
{
	if (verdict_has(*verdict, BOOKING_BLOCK_BOOKED)) {
		*verdict = (struct verdict){ 0 };
		*answer = LEGAL_BLOCK_BOOKED;
	}
	if (err == ERR_DENIED && *answer != LEGAL_FINE)
		return OK;
	return booking_answered(err, verdict);
}

enum err legal_book(struct service *service, const struct actor *actor,
		    const struct legal_ask *asked, struct legal_time time,
		    enum legal_answer *answer, struct verdict *verdict, struct reference *out)
{
	struct policy policy;
	struct arena arena;
	struct use_case use;
	*out = (struct reference){ 0 };
	*verdict = (struct verdict){ 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (asked->other_count > PARTY_MAX - 1)
		return ERR_BAD;
	arena_init(&arena);
	struct legal_times *found = arena_new(&arena, 1, sizeof *found);
	enum err err = understand(service, actor, &arena, asked, found, &policy);
	*answer = found->answer;
	if (err == OK && *answer == LEGAL_FINE) {
		err = use_case_begin(service, &use);
		if (err == OK && time.start.s)
			err = book(service, actor, &arena, found, time, verdict, out);
		else if (err == OK)
			err = wait(service, actor, &arena, found, &policy, answer);
		err = legal_answered(use_case_end(&use, err), answer, verdict);
	}
	arena_clear(&arena);
	return err;
}

/* ---- the clock ---- */

static struct wait_clock clock_of(struct service *service, const struct policy *policy,
				  const struct waiting *w)
{
	struct date today = local_date(service->now), asked = local_date(w->need.asked_at);
	struct date until = w->start.s ? local_date(w->start) : today;
	struct wait_clock c = { .waiting = *w,
				.rank = waiting_rank_of(&w->need, policy, today),
				.due = waiting_due(&w->need, policy),
				.waited_days = working_days_between(asked, until) };
	c.late = date_compare(until, c.due) > 0;
	return c;
}

/* The rules of the prisons that have been met; each is read once. */
struct rules_met {
	size_t count;
	struct rules {
		struct prison_code prison;
		struct policy policy;
	} * list; /* room for one a request */
};

static enum err rules_of(struct service *service, struct rules_met *met, struct prison_code prison,
			 const struct policy **out)
{
	for (size_t i = 0; i < met->count; i++)
		if (prison_code_equal(met->list[i].prison, prison)) {
			*out = &met->list[i].policy;
			return OK;
		}
	enum err err = policy_load(service, prison, &met->list[met->count].policy);
	if (err != OK)
		return err;
	met->list[met->count].prison = prison;
	*out = &met->list[met->count++].policy;
	return OK;
}

static void put_in_order(struct wait_list *list, const struct wait_clock *clock)
{
	size_t at = list->count++;
	for (; at > 0 && waiting_rank_before(&clock->rank, &list->list[at - 1].rank); at--)
		list->list[at] = list->list[at - 1];
	list->list[at] = *clock;
}

enum err waits_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct wait_list *out)
{
	struct store_waitings found = { 0 };
	bool own = actor->role == ROLE_FAMILY;
	bool all = actor_is_one_of(actor, MAY_SEE_ALL);
	if (!own && !all && !actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	struct account_id booker = own ? actor->account : (struct account_id){ 0 };
	struct prison_code prison = own || all ? (struct prison_code){ 0 } : actor->prison;
	enum err err = store_waiting_list_to_come(service->store, arena, booker, prison,
						  service->now, LEGAL_LIST_MAX + 1, &found);
	struct wait_list list = { .list = arena_new(arena, found.count + 1, sizeof *list.list),
				  .more = found.count > LEGAL_LIST_MAX };
	struct rules_met met = { .list = arena_new(arena, found.count + 1, sizeof *met.list) };
	for (size_t i = 0; err == OK && i < found.count && i < LEGAL_LIST_MAX; i++) {
		const struct waiting *w = &found.list[i];
		const struct policy *policy = NULL;
		err = rules_of(service, &met, w->prison, &policy);
		if (err != OK)
			break;
		struct wait_clock clock = clock_of(service, policy, w);
		put_in_order(&list, &clock);
	}
	*out = list;
	return err;
}
