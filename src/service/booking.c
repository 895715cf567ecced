#include "service/booking.h"

#include "service/plan_priv.h"
#include "service/service_priv.h"
#include "store/ledger.h"
#include "store/visit.h"

enum {
	MAY_BOOK =
	    MAY(ROLE_FAMILY) | MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_SYSTEM),
	MAY_SEE_OFFER = MAY_BOOK | MAY(ROLE_PRISON_ADMIN),
	DAY_MINUTES = 24 * 60,
};

static void offer_add(struct offer *offer, const struct plan *plan, bool hidden_too,
		      struct session_time time)
{
	struct verdict verdict = plan_decide(plan, time.start, time.minutes);
	if ((!verdict_clean(verdict) && !hidden_too) || offer->count == OFFER_TIMES_MAX)
		return;
	offer->times[offer->count++] = (struct offered_time){ .start = time.start,
							      .minutes = time.minutes,
							      .verdict = verdict };
}

/* By start; of two equal ones the shorter first. */
static int by_start(const void *a, const void *b)
{
	const struct offered_time *x = a;
	const struct offered_time *y = b;
	if (x->start.s != y->start.s)
		return x->start.s < y->start.s ? -1 : 1;
	return x->minutes - y->minutes;
}

static void offer_fill(struct arena *arena, const struct plan *plan, struct date from, int days,
		       bool hidden_too, struct offer *offer)
{
	struct session_time *times = arena_new(arena, SESSION_TIMES_MAX, sizeof *times);
	offer->times = arena_new(arena, OFFER_TIMES_MAX, sizeof *offer->times);
	for (int day = 0; day < days; day++) {
		struct date date = date_add_days(from, day);
		for (size_t t = 0; t < plan->times.templates.count; t++) {
			size_t n = session_times(&plan->times.templates.list[t], date, times);
			for (size_t i = 0; i < n; i++)
				offer_add(offer, plan, hidden_too, times[i]);
		}
	}
	qsort(offer->times, offer->count, sizeof *offer->times, by_start);
}

enum err offer_times(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct offer_query *query, struct offer *out)
{
	if (!actor_is_one_of(actor, MAY_SEE_OFFER))
		return ERR_DENIED;
	if (query->days < 1 || query->days > OFFER_DAYS_MAX || query->person_count > PARTY_MAX ||
	    (query->from.year && !date_valid(query->from)))
		return ERR_BAD;
	struct date from = query->from.year ? query->from : local_date(service->now);
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	enum err err = plan_load(service, actor, arena,
				 &(struct plan_query){
				     .prisoner = query->prisoner,
				     .person_count = query->person_count,
				     .persons = query->persons,
				     .from = local_midnight(from),
				     .to = local_midnight(date_add_days(from, query->days)),
				 },
				 plan);
	if (err != OK)
		return err;
	struct wall first = local_midnight(from);
	struct offer offer = {
		.prisoner = plan->prisoner,
		.prison_name = plan->prison.name,
		.not_ready_reason = plan->prison.not_ready_reason,
		.party = verdict_first(plan_party(plan, first)),
		.allowance_left = plan_balance(plan, first).minutes,
	};
	offer_fill(arena, plan, from, query->days, actor->role != ROLE_FAMILY, &offer);
	*out = offer;
	return OK;
}

/* The oldest leads: the rule has made sure that one is an adult. */
static size_t lead_of(const struct plan *plan)
{
	size_t lead = 0;
	for (size_t i = 1; i < plan->people.person_count; i++)
		if (date_compare(plan->people.persons[i].born, plan->people.persons[lead].born) < 0)
			lead = i;
	return lead;
}

static struct visit visit_from(struct service *service, const struct plan *plan,
			       const struct visit_request *request)
{
	size_t lead = lead_of(plan);
	struct visit visit = {
		.id = { random_id(service->random) },
		.reference = reference_new(service->random),
		.kind = request->kind,
		.state = VISIT_BOOKED,
		.prison = plan->prison.code,
		.prisoner = plan->prisoner.id,
		.terminal = plan_terminal(plan, request->start, request->minutes)->id,
		.booker = plan->people.persons[0].booker,
		.start = request->start,
		.minutes = request->minutes,
		.policy_version = plan->policy.version,
		.booked_at = service->now,
		.visitor_count = plan->people.person_count,
	};
	for (size_t i = 0; i < plan->people.person_count; i++)
		visit.visitors[i] = (struct visit_visitor){ .person = plan->people.persons[i].id,
							    .lead = i == lead };
	return visit;
}

static enum err take_places(struct service *service, const struct visit *visit)
{
	struct store *store = service->store;
	enum err err = store_slot_take(store, SLOT_PRISONER, visit->prisoner.n, visit->start,
				       visit->minutes, visit->id);
	if (err == OK)
		err = store_slot_take(store, SLOT_TERMINAL, visit->terminal.n, visit->start,
				      visit->minutes, visit->id);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = store_slot_take(store, SLOT_PERSON, visit->visitors[i].person.n, visit->start,
				      visit->minutes, visit->id);
	return err;
}

static enum err pay(struct service *service, const struct actor *actor, const struct plan *plan,
		    const struct visit *visit)
{
	struct allowance_entry entry = {
		.id = random_id(service->random),
		.prisoner = visit->prisoner,
		.month = local_month(visit->start),
		.minutes = (int)plan->policy.values[POLICY_ALLOWANCE_MINUTES_MONTH],
		.reason = ALLOWANCE_MONTH,
		.actor = actor->account,
		.at = service->now,
	};
	enum err err = OK;
	if (!plan_balance(plan, visit->start).given)
		err = store_ledger_append(service->store, &entry);
	entry.id = random_id(service->random);
	entry.minutes = -booking_cost_minutes(visit->kind, visit->minutes);
	entry.reason = ALLOWANCE_BOOKED;
	entry.visit = visit->id;
	return err == OK ? store_ledger_append(service->store, &entry) : err;
}

/* Nothing forbids it, and what must be waived is waived with a reason. */
static bool may_be_booked(struct verdict verdict, const struct visit_request *request)
{
	return verdict_clean(verdict) || (verdict_ok(verdict) && !str_empty(request->waiver));
}

static enum err book(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct visit_request *request, struct verdict *verdict,
		     struct reference *out)
{
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct plan_query query = {
		.kind = request->kind,
		.prisoner = request->prisoner,
		.person_count = request->person_count,
		.persons = request->persons,
		.from = request->start,
		.to = wall_add_s(request->start, (int64_t)request->minutes * 60),
	};
	enum err err = plan_load(service, actor, arena, &query, plan);
	if (err != OK)
		return err;
	*verdict = plan_decide(plan, request->start, request->minutes);
	if (!may_be_booked(*verdict, request))
		return OK;
	if (!plan_terminal(plan, request->start, request->minutes))
		return ERR_CONFLICT;
	struct visit visit = visit_from(service, plan, request);
	err = store_visit_insert(service->store, &visit);
	if (err == OK)
		err = take_places(service, &visit);
	if (err == OK && visit.kind == VISIT_SOCIAL)
		err = pay(service, actor, plan, &visit);
	if (err != OK)
		return err;
	*out = visit.reference;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_BOOK,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = visit.minutes,
						 .prison = visit.prison,
						 .words = request->waiver });
}

enum err visit_book(struct service *service, const struct actor *actor,
		    const struct visit_request *request, struct verdict *verdict,
		    struct reference *out)
{
	if (!actor_is_one_of(actor, MAY_BOOK) ||
	    (actor->role == ROLE_FAMILY && request->kind != VISIT_SOCIAL))
		return ERR_DENIED;
	if (request->kind >= VISIT_KIND_COUNT || request->minutes < 5 ||
	    request->minutes > DAY_MINUTES || request->start.s % QUANTUM_S != 0 ||
	    request->start.s < service->now.s - (int64_t)DAY_MINUTES * 60 ||
	    request->start.s > service->now.s + 400 * (int64_t)DAY_MINUTES * 60 ||
	    request->person_count > PARTY_MAX ||
	    (!str_empty(request->waiver) && !reason_acceptable(request->waiver)))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = book(service, actor, &arena, request, verdict, out);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	if (err != ERR_CONFLICT)
		return err;
	*verdict = (struct verdict){ 0 };
	verdict_add(verdict, BOOKING_SLOT_TAKEN); /* the primary key said so */
	return OK;
}

static bool may_cancel(const struct service *service, const struct actor *actor,
		       const struct visit *visit)
{
	if (!visit_may_become(visit->state, VISIT_CANCELLED))
		return false;
	return actor->role != ROLE_FAMILY || service->now.s < visit->start.s;
}

/* What comes back: to the booker nothing when it is too late, else all that was paid. */
static enum err give_back(struct service *service, const struct actor *actor,
			  const struct visit *visit, const struct policy *policy)
{
	struct allowance_entry entry = {
		.id = random_id(service->random),
		.prisoner = visit->prisoner,
		.reason = ALLOWANCE_CANCELLED,
		.visit = visit->id,
		.actor = actor->account,
		.at = service->now,
	};
	int64_t notice_s = policy->values[POLICY_CANCEL_REFUND_MINUTES] * 60;
	if (actor->role == ROLE_FAMILY && service->now.s + notice_s > visit->start.s)
		return OK;
	enum err err = store_ledger_paid(service->store, visit->id, &entry.month, &entry.minutes);
	if (err == ERR_NOT_FOUND)
		return OK;
	return err == OK ? store_ledger_append(service->store, &entry) : err;
}

static enum err cancel(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct str reason)
{
	struct visit visit = { 0 };
	struct policy policy = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK && !may_cancel(service, actor, &visit))
		err = ERR_CONFLICT;
	if (err == OK)
		err = policy_load(service, visit.prison, &policy);
	if (err != OK)
		return err;
	visit.state = VISIT_CANCELLED;
	visit.ended_at = service->now;
	visit.end = actor->role == ROLE_FAMILY ? END_CANCELLED_BY_BOOKER : END_CANCELLED_BY_PRISON;
	visit.end_reason = reason;
	err = store_visit_update(service->store, &visit);
	if (err == OK)
		err = store_slot_release(service->store, visit.id);
	if (err == OK)
		err = give_back(service, actor, &visit, &policy);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_VISIT_CANCEL,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .prison = visit.prison,
						 .words = reason });
}

enum err visit_cancel(struct service *service, const struct actor *actor,
		      struct reference reference, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_BOOK))
		return ERR_DENIED;
	bool must_say_why = actor->role != ROLE_FAMILY;
	if (reason.len > REASON_MAX || !str_is_utf8(reason) ||
	    (must_say_why && !reason_acceptable(reason)))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = cancel(service, actor, &arena, reference, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
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
	if (!actor_is_one_of(actor, MAY_SEE_OFFER))
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
