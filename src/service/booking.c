#include "service/booking.h"

#include "domain/waiting/watch.h"
#include "service/booking_priv.h"
#include "service/change_priv.h"
#include "service/hold.h"
#include "service/pay_priv.h"
#include "service/plan_priv.h"
#include "service/refill_priv.h"
#include "service/request_priv.h"
#include "service/service_priv.h"
#include "service/tell_priv.h"
#include "store/account.h"
#include "store/ask.h"
#include "store/cancellation.h"
#include "store/ledger.h"
#include "store/reach.h"
#include "store/visit.h"
#include "store/visit_link.h"
#include "store/waiting.h"

enum {
	MAY_SEE_ALLOWANCE = MAY_BOOK | MAY(ROLE_PRISON_ADMIN),
};

static bool leads_before(const struct plan_people *people, size_t a, size_t b)
{
	bool a_visits = people->callers[a].part == PART_VISITOR;
	bool b_visits = people->callers[b].part == PART_VISITOR;
	if (a_visits != b_visits)
		return a_visits;
	return date_compare(people->persons[a].born, people->persons[b].born) < 0;
}

/* The oldest visitor leads: the rule has made sure that one is an adult. */
static size_t lead_of(const struct plan *plan)
{
	size_t lead = 0;
	for (size_t i = 1; i < plan->people.person_count; i++)
		if (leads_before(&plan->people, i, lead))
			lead = i;
	return lead;
}

static struct visit visit_from(struct service *service, const struct plan *plan,
			       const struct visit_request *request,
			       const struct plan_choice *choice)
{
	size_t lead = request->kind == VISIT_LEGAL ? 0 : lead_of(plan);
	struct visit visit = {
		.id = { id_next(service) },
		.reference = reference_new(service->random),
		.kind = request->kind,
		.state = verdict_needs_review(choice->verdict) ? VISIT_REQUESTED : VISIT_BOOKED,
		.prison = plan->prison.code,
		.prisoner = plan->prisoner.id,
		.terminal = choice->terminal->id,
		.booker = plan->people.persons[0].booker,
		.start = request->start,
		.minutes = request->minutes,
		.free_minutes = choice->free_minutes,
		.policy_version = plan_policy(plan, request->start)->version,
		.closed = choice->closed,
		.watched = choice->watched,
		.booked_at = service->now,
		.visitor_count = plan->people.person_count,
	};
	if (choice->session)
		visit.session = choice->session->id;
	int64_t adult_age = plan_policy(plan, request->start)->values[POLICY_ADULT_AGE];
	for (size_t i = 0; i < plan->people.person_count; i++) {
		const struct person *person = &plan->people.persons[i];
		int age = date_age(person->born, local_date(request->start));
		visit.visitors[i] =
		    (struct visit_visitor){ .person = person->id,
					    .lead = i == lead,
					    .adult = i == lead || age >= adult_age };
	}
	return visit;
}

static enum err take_places(struct service *service, const struct visit *visit)
{
	struct store *store = service->store;
	struct slot_holder holder = { .visit = visit->id };
	enum err err = store_slot_take(store, SLOT_PRISONER, visit->prisoner.n, visit->start,
				       visit->minutes, holder);
	if (err == OK)
		err = store_slot_take(store, SLOT_TERMINAL, visit->terminal.n, visit->start,
				      visit->minutes, holder);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = store_slot_take(store, SLOT_PERSON, visit->visitors[i].person.n, visit->start,
				      visit->minutes, holder);
	return err;
}

/* What is asked until the booking is written and told, as far as it is known before. */
static void ask_ahead(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct plan_query *query)
{
	struct store *store = service->store;
	struct application held = { 0 };
	struct account account = { 0 };
	struct reach reach = { 0 };
	if (!store_ahead(store))
		return;
	plan_ask(service, actor, arena, query);
	if (actor->account.n) {
		store_asked(store_application_find(store, actor->account, query->prisoner, &held));
		store_asked(store_account_find(store, arena, actor->account, &account));
		store_asked(store_reach_find(store, arena, actor->account, &reach));
	}
	store_ahead_end(store);
}

enum err booking_firm_full(struct service *service, struct account_id account,
			   struct prisoner_id prisoner, const struct policy *today, bool *out)
{
	int64_t open = 0;
	enum err err =
	    store_waiting_count_firm(service->store, account, prisoner, service->now, &open);
	*out = err == OK && !damping_allows(today, open);
	return err;
}

/* Whoever is offered a time, or stands by for it, has waited for it. */
enum err booking_damped(struct service *service, const struct actor *actor, const struct plan *plan,
			const struct visit_request *request, struct verdict *verdict)
{
	bool full = false;
	const struct policy *today = plan_policy(plan, service->now);
	if (actor->role != ROLE_FAMILY || request->kind != VISIT_LEGAL || request->offered ||
	    request->called || !today || plan_legal_class(plan) != WAITING_ROUTINE)
		return OK;
	enum err err = booking_firm_full(service, actor->account, request->prisoner, today, &full);
	if (err != OK || !full)
		return err;
	*verdict = (struct verdict){ 0 };
	verdict_add(verdict, BOOKING_BLOCK_BOOKED);
	return ERR_DENIED;
}

/* Takes the time for the visit, in place of what the actor holds. */
enum err booking_take(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct visit_request *request, struct verdict *verdict,
		      struct visit *out)
{
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct plan_query query = {
		.kind = request->kind,
		.prisoner = request->prisoner,
		.person_count = request->person_count,
		.persons = request->persons,
		.from = request->start,
		.to = wall_add_s(request->start, (int64_t)request->minutes * 60),
		.preferred = request->preferred,
		.offered = request->offered,
		.called = request->called,
		.promised = request->promised,
		.need = &request->need,
	};
	ask_ahead(service, actor, arena, &query);
	enum err err = hold_find(service, actor, request->prisoner, &query.own_application);
	if (err == OK)
		err = plan_load(service, actor, arena, &query, plan);
	if (err != OK)
		return err;
	err = booking_damped(service, actor, plan, request, verdict);
	if (err != OK)
		return err;
	struct plan_choice choice = plan_choose(plan, request->start, request->minutes);
	*verdict = choice.verdict;
	if (!verdict_passes(*verdict, !str_empty(request->waiver)))
		return ERR_DENIED; /* the verdict says why */
	if (!choice.terminal)
		return ERR_CONFLICT;
	if (query.own_application.n)
		err = hold_drop(service, query.own_application, APPLICATION_ACCEPTED);
	struct visit visit = visit_from(service, plan, request, &choice);
	if (request->reference.text[0]) {
		visit.reference = request->reference;
		visit.revision = request->revision + 1;
	}
	if (err == OK)
		err = store_visit_insert(service->store, &visit);
	if (err == OK)
		err = take_places(service, &visit);
	if (err == OK)
		err = guard_apart_take(service, arena, &visit);
	if (err == OK)
		err = pay_take(service, actor, arena, plan, &choice, &visit);
	if (err == OK && visit.state == VISIT_REQUESTED)
		err =
		    request_open(service, &visit, &choice.verdict, plan_policy(plan, service->now));
	for (size_t i = 0; i < visit.visitor_count && err == OK; i++)
		err = store_visit_ask_booked(service->store, visit.prisoner,
					     visit.visitors[i].person, service->now);
	if (err == OK)
		*out = visit;
	return err;
}

/* The request of a legal visit, and the like of it that waits already; what is kept for that counts as free. */
static enum err find_request(struct service *service, struct arena *arena, struct waiting *w,
			     struct waiting *before)
{
	enum err err = waiting_find_like(service, arena, w, before);
	return err == OK && before->id ? waiting_close_offer(service, before) : err;
}

/* From its first moment on the clock that prisons and headquarters see. */
static enum err take_legal(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct visit_request *request, struct verdict *verdict,
			   struct visit *visit)
{
	struct waiting before = { 0 };
	struct waiting w = waiting_of_request(service, actor->account, request);
	bool own = actor->role == ROLE_FAMILY;
	enum err err = own ? find_request(service, arena, &w, &before) : OK;
	if (err == OK)
		err = booking_take(service, actor, arena, request, verdict, visit);
	if (err != OK)
		return err;
	w.booker = visit->booker;
	w.state = WAITING_BOOKED;
	w.reference = visit->reference;
	if (!own)
		err = find_request(service, arena, &w, &before);
	if (err != OK)
		return err;
	return before.id ? store_waiting_set(service->store, before.id, w.state, w.reference)
			 : store_waiting_insert(service->store, &w);
}

enum err booking_book(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct visit_request *request, struct verdict *verdict,
		      struct reference *out)
{
	struct visit visit = { 0 };
	struct policy policy;
	bool legal = request->kind == VISIT_LEGAL;
	enum err err = legal ? take_legal(service, actor, arena, request, verdict, &visit)
			     : booking_take(service, actor, arena, request, verdict, &visit);
	if (err == OK)
		err = policy_load(service, visit.prison, &policy);
	if (err == OK)
		err = tell_booked(service, &visit, &policy);
	if (err != OK)
		return err;
	*out = visit.reference;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = visit.state == VISIT_REQUESTED
							     ? AUDIT_VISIT_REQUEST
							     : AUDIT_VISIT_BOOK,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = visit.minutes,
						 .prison = visit.prison,
						 .words = request->waiver });
}

enum err visit_request_check(struct service *service, const struct actor *actor,
			     const struct visit_request *request)
{
	if (!actor_is_one_of(actor, MAY_BOOK) ||
	    (actor->role == ROLE_FAMILY && request->kind == VISIT_OFFICIAL))
		return ERR_DENIED;
	if (actor->role == ROLE_FAMILY && request->kind == VISIT_LEGAL) {
		bool verified = false;
		enum err err = professional_check(service, actor->account, &verified);
		if (err != OK || !verified)
			return err != OK ? err : ERR_DENIED;
	}
	if (request->kind >= VISIT_KIND_COUNT || request->minutes < 5 ||
	    request->minutes > DAY_MINUTES || request->start.s % QUANTUM_S != 0 ||
	    request->start.s < service->now.s - (int64_t)DAY_MINUTES * 60 ||
	    request->start.s > service->now.s + 400 * (int64_t)DAY_MINUTES * 60 ||
	    request->person_count > PARTY_MAX ||
	    (!str_empty(request->waiver) && !reason_acceptable(request->waiver)))
		return ERR_BAD;
	bool over = request->start.s + (int64_t)request->minutes * 60 <= service->now.s;
	if (over && !str_empty(request->waiver)) /* notice can be waived, the past cannot */
		return ERR_BAD;
	return OK;
}

/* A no of the rules is an answer; so is that somebody was faster, as the primary keys say. */
enum err booking_answered(enum err err, struct verdict *verdict)
{
	if (err == ERR_DENIED && !verdict_clean(*verdict))
		return OK;
	if (err != ERR_CONFLICT)
		return err;
	*verdict = (struct verdict){ 0 };
	verdict_add(verdict, BOOKING_SLOT_TAKEN);
	return OK;
}

enum err visit_book(struct service *service, const struct actor *actor,
		    const struct visit_request *request, struct verdict *verdict,
		    struct reference *out)
{
	enum err err = visit_request_check(service, actor, request);
	if (err == OK && !waiting_date_acceptable(&request->need, local_date(service->now)))
		err = ERR_BAD;
	if (err == OK)
		err = holds_sweep(service);
	if (err != OK)
		return err;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*verdict = (struct verdict){ 0 };
	err = use_case_begin(service, &use);
	if (err == OK)
		err = booking_book(service, actor, &arena, request, verdict, out);
	arena_clear(&arena);
	return booking_answered(use_case_end(&use, err), verdict);
}

static bool may_cancel(const struct service *service, const struct actor *actor,
		       const struct visit *visit, const struct policy *policy)
{
	int64_t until_s = visit->start.s - policy->values[POLICY_CANCEL_UNTIL_MINUTES] * 60;
	if (!visit_may_become(visit->state, VISIT_CANCELLED))
		return false;
	return actor->role != ROLE_FAMILY || service->now.s < until_s;
}

/* What comes back: to the booker nothing when it is too late, else all that was paid. */
static enum err give_back(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct visit *visit, const struct policy *policy)
{
	int64_t notice_s = policy->values[POLICY_CANCEL_REFUND_MINUTES] * 60;
	if (actor->role == ROLE_FAMILY && service->now.s + notice_s > visit->start.s)
		return OK;
	return pay_give_back(service, actor, arena, visit);
}

/* Ends it, frees its places and gives its minutes back; without a leaf. */
static enum err call_off(struct service *service, const struct actor *actor, struct arena *arena,
			 struct visit *visit, enum visit_end end, struct str reason)
{
	struct policy policy = { 0 };
	enum err err = policy_load(service, visit->prison, &policy);
	bool asked = visit->state == VISIT_REQUESTED;
	if (err == OK && !may_cancel(service, actor, visit, &policy))
		err = ERR_CONFLICT;
	if (err == OK && asked)
		err = request_close(service, actor, visit, end, reason);
	if (err != OK)
		return err;
	visit->state = VISIT_CANCELLED;
	visit->ended_at = service->now;
	visit->end = end;
	visit->end_reason = reason;
	err = store_visit_update(service->store, visit);
	if (err == OK)
		err = store_slot_release(service->store, visit);
	if (err == OK)
		err = guard_apart_release(service, arena, visit);
	if (err == OK)
		err = refill_freed(service, visit);
	if (err == OK)
		err = waiting_visit_over(service, arena, visit);
	if (err == OK)
		err = tell_called_off(service, visit);
	return err == OK ? give_back(service, actor, arena, visit, &policy) : err;
}

enum err booking_call_off(struct service *service, const struct actor *actor, struct arena *arena,
			  struct visit *visit, enum visit_end end, struct str reason)
{
	return call_off(service, actor, arena, visit, end, reason);
}

/* Whoever else attends sees a legal visit, but does not call it off. */
static enum err load_own(struct service *service, const struct actor *actor, struct arena *arena,
			 struct reference reference, struct visit *out)
{
	enum err err = visit_load(service, actor, arena, reference, out);
	bool other = actor->role == ROLE_FAMILY && out->booker.n != actor->account.n;
	return err == OK && other ? ERR_DENIED : err;
}

static enum err cancel(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct str reason,
		       const struct cancellation *how)
{
	struct visit visit = { 0 };
	enum visit_end end =
	    actor->role == ROLE_FAMILY ? END_CANCELLED_BY_BOOKER : END_CANCELLED_BY_PRISON;
	enum err err = load_own(service, actor, arena, reference, &visit);
	if (err == OK && visit.state == VISIT_REQUESTED)
		end = actor->role == ROLE_FAMILY ? END_WITHDRAWN : END_REJECTED;
	if (err == OK)
		err = call_off(service, actor, arena, &visit, end, reason);
	if (err == OK)
		err = reviews_close(service, arena, visit.id, STR("VISIT_CANCELLED"));
	if (err == OK && how)
		err = store_cancellation_insert(service->store, visit.id, how);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_CANCEL,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .prison = visit.prison,
						 .words = reason });
}

enum err visit_cancel_as(struct service *service, const struct actor *actor,
			 struct reference reference, struct str reason,
			 const struct cancellation *how)
{
	if (!actor_is_one_of(actor, MAY_BOOK))
		return ERR_DENIED;
	bool must_say_why = actor->role != ROLE_FAMILY;
	if (reason.len > REASON_MAX || !str_is_utf8(reason) ||
	    (must_say_why && !reason_acceptable(reason)))
		return ERR_BAD;
	if (how && !must_say_why && !cancel_outcome_is_bookers(how->outcome))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = cancel(service, actor, &arena, reference, reason, how);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err visit_cancel(struct service *service, const struct actor *actor,
		      struct reference reference, struct str reason)
{
	return visit_cancel_as(service, actor, reference, reason, NULL);
}

enum err visit_cancellation_find(struct service *service, const struct visit *visit,
				 struct cancellation *out)
{
	return store_cancellation_find(service->store, visit->id, out);
}

/* ---- moving ---- */

/*
 * Too late for a booker to get the minutes back: then the visit is not moved
 * either.  Legal visits cost none, and are moved as long as they can be cancelled.
 */
static bool is_too_late(const struct service *service, const struct actor *actor,
			const struct visit *visit, const struct policy *policy)
{
	if (visit->kind == VISIT_LEGAL)
		return false;
	int64_t notice_s = policy->values[POLICY_CANCEL_REFUND_MINUTES] * 60;
	return actor->role == ROLE_FAMILY && service->now.s + notice_s > visit->start.s;
}

static enum err set_aside(struct service *service, const struct actor *actor, struct arena *arena,
			  struct reference reference, struct visit *out)
{
	struct policy policy = { 0 };
	enum err err = load_own(service, actor, arena, reference, out);
	if (err == OK)
		err = policy_load(service, out->prison, &policy);
	if (err == OK && (out->state != VISIT_BOOKED && out->state != VISIT_REQUESTED))
		err = ERR_CONFLICT;
	if (err == OK && is_too_late(service, actor, out, &policy))
		err = ERR_CONFLICT;
	return err == OK ? call_off(service, actor, arena, out, END_MOVED, STR("")) : err;
}

enum err booking_set_aside(struct service *service, const struct actor *actor, struct arena *arena,
			   struct reference reference)
{
	struct visit visit = { 0 };
	return set_aside(service, actor, arena, reference, &visit);
}

static struct visit_request request_like(const struct visit *visit)
{
	struct visit_request request = { .kind = visit->kind,
					 .prisoner = visit->prisoner,
					 .person_count = visit->visitor_count,
					 .reference = visit->reference,
					 .revision = visit->revision };
	for (size_t i = 0; i < visit->visitor_count; i++)
		request.persons[i] = visit->visitors[i].person;
	return request;
}

/*
 * The old row gives its reference to the new one, so that links, calendars and
 * what people wrote down stay true.
 */
enum err booking_move(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct visit_move *asked, struct verdict *verdict, struct visit *after)
{
	struct visit before = { 0 };
	struct policy policy;
	enum err err = set_aside(service, actor, arena, asked->reference, &before);
	if (err != OK)
		return err == ERR_CONFLICT ? ERR_CLOSED : err;
	struct visit_request request = request_like(&before);
	request.start = asked->start;
	request.minutes = asked->minutes;
	request.waiver = asked->waiver;
	request.preferred = asked->preferred;
	request.offered = asked->offered;
	request.promised = asked->promised;
	request.need = asked->need;
	err = visit_request_check(service, actor, &request);
	if (err == OK)
		err = store_visit_rename(service->store, before.id, reference_new(service->random));
	if (err == OK)
		err = booking_take(service, actor, arena, &request, verdict, after);
	if (err == OK)
		err = store_visit_moved(service->store, before.id, after->id);
	if (err == OK)
		err = store_visit_link_move(service->store, before.id, after->id);
	if (err == OK)
		err = reviews_close(service, arena, before.id, STR("VISIT_MOVED"));
	if (err == OK)
		err = policy_load(service, after->prison, &policy);
	return err == OK ? tell_moved(service, after, before.start, &policy) : err;
}

enum err booking_move_noted(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct visit_move *asked, struct verdict *verdict)
{
	struct visit after = { 0 };
	enum err err = booking_move(service, actor, arena, asked, verdict, &after);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_MOVE,
						 .object = AUDIT_ON_VISIT,
						 .object_id = after.id.n,
						 .amount = after.minutes,
						 .prison = after.prison,
						 .words = asked->waiver });
}

/* Lawyers move theirs by legal.h, where what the visit is for has a say. */
static enum err move(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct visit_move *asked, struct verdict *verdict)
{
	struct visit visit = { 0 };
	struct waiting w = { 0 };
	struct visit_move known = *asked;
	enum err err = load_own(service, actor, arena, asked->reference, &visit);
	if (err == OK && actor->role == ROLE_FAMILY && visit.kind == VISIT_LEGAL)
		err = ERR_DENIED;
	if (err != OK)
		return err;
	if (visit.kind == VISIT_LEGAL)
		err = store_waiting_find(service->store, arena, asked->reference, &w);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	known.need = w.need;
	return booking_move_noted(service, actor, arena, &known, verdict);
}

enum err visit_move(struct service *service, const struct actor *actor,
		    const struct visit_move *asked, struct verdict *verdict)
{
	if (!actor_is_one_of(actor, MAY_BOOK))
		return ERR_DENIED;
	enum err err = holds_sweep(service);
	if (err != OK)
		return err;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*verdict = (struct verdict){ 0 };
	err = use_case_begin(service, &use);
	if (err == OK)
		err = move(service, actor, &arena, asked, verdict);
	arena_clear(&arena);
	err = booking_answered(use_case_end(&use, err), verdict);
	return err == ERR_CLOSED ? ERR_CONFLICT : err;
}

enum err visit_find(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, struct visit *out)
{
	return visit_load(service, actor, arena, reference, out);
}

enum err visit_times(struct service *service, const struct actor *actor, struct reference reference,
		     struct visit_window *out)
{
	struct arena arena;
	struct visit visit = { 0 };
	struct policy policy = { 0 };
	arena_init(&arena);
	enum err err = visit_load(service, actor, &arena, reference, &visit);
	if (err == OK)
		err = policy_load(service, visit.prison, &policy);
	if (err == OK)
		*out = visit_window_of(&visit, &policy);
	arena_clear(&arena);
	return err;
}

enum err visits_mine(struct service *service, const struct actor *actor, struct arena *arena,
		     struct visit_list *out)
{
	struct store_visits visits;
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err =
	    store_visit_list_of(service->store, arena, actor->account, VISITS_LIST_MAX, &visits);
	if (err == OK)
		*out = (struct visit_list){ .count = visits.count, .list = visits.list };
	return err;
}

enum err allowance_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct prisoner_id prisoner, struct allowance_view *out)
{
	if (!actor_is_one_of(actor, MAY_SEE_ALLOWANCE))
		return ERR_DENIED;
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct store_entries entries = { 0 };
	struct plan_query query = { .prisoner = prisoner,
				    .from = service->now,
				    .to = service->now };
	enum err err = plan_load(service, actor, arena, &query, plan);
	if (err == OK)
		err = store_ledger_list(service->store, arena, prisoner, local_month(service->now),
					&entries);
	if (err != OK)
		return err;
	struct allowance_view view = { .left = plan_balance(plan, service->now).minutes,
				       .count = entries.count };
	view.lines = arena_new(arena, entries.count, sizeof *view.lines);
	for (size_t i = 0; i < entries.count; i++)
		view.lines[i] = (struct allowance_line){
			.at = entries.list[i].at,
			.minutes = entries.list[i].minutes,
			.reason = str_from(allowance_reason_name(entries.list[i].reason)),
			.visit = entries.list[i].reference,
		};
	*out = view;
	return OK;
}
