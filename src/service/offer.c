#include "service/offer.h"

#include "base/assert.h"

#include "service/booking_priv.h"
#include "service/plan_priv.h"
#include "service/service_priv.h"
#include "store/waiting.h"

enum {
	MAY_SEE_OFFER = MAY_BOOK | MAY(ROLE_PRISON_ADMIN),
	WINDOW_DAYS_MAX = 366, /* the longest that the rules allow */
};

static bool is_hidden(const struct plan *plan, struct verdict verdict)
{
	return plan->by == BY_FAMILY && !verdict_clean(verdict);
}

static void offer_add(struct offer *offer, const struct plan *plan,
		      const struct session_template *session, struct session_time time)
{
	if (offer->count == OFFER_TIMES_MAX)
		return;
	struct verdict verdict = plan_decide_in(plan, session, time.start, time.minutes);
	if (is_hidden(plan, verdict))
		return;
	offer->times[offer->count++] = (struct offered_time){ .start = time.start,
							      .minutes = time.minutes,
							      .session = session->name,
							      .session_id = session->id,
							      .verdict = verdict };
}

/* By start; of two equal ones the shorter first, then what can be booked. */
static int by_start(const void *a, const void *b)
{
	const struct offered_time *x = a;
	const struct offered_time *y = b;
	if (x->start.s != y->start.s)
		return x->start.s < y->start.s ? -1 : 1;
	if (x->minutes != y->minutes)
		return x->minutes - y->minutes;
	return (int)verdict_clean(y->verdict) - (int)verdict_clean(x->verdict);
}

/* Two sessions may hold one time: families see it once. */
static void drop_twins(struct offer *offer)
{
	size_t kept = 0;
	for (size_t i = 0; i < offer->count; i++) {
		const struct offered_time *last = kept ? &offer->times[kept - 1] : NULL;
		if (last && last->start.s == offer->times[i].start.s &&
		    last->minutes == offer->times[i].minutes)
			continue;
		offer->times[kept++] = offer->times[i];
	}
	offer->count = kept;
}

static void note_length(struct offer *offer, int minutes)
{
	size_t at = 0;
	while (at < offer->length_count && offer->lengths[at] < minutes)
		at++;
	if (offer->length_count == ARRAY_LEN(offer->lengths) ||
	    (at < offer->length_count && offer->lengths[at] == minutes))
		return;
	for (size_t i = offer->length_count; i > at; i--)
		offer->lengths[i] = offer->lengths[i - 1];
	offer->lengths[at] = minutes;
	offer->length_count++;
}

/* The times of one session on one day. */
static void offer_session(struct offer *offer, const struct plan *plan,
			  const struct session_template *session, struct date date, int minutes,
			  struct session_time *room)
{
	if (!session_is_for(session, plan->kind) && plan->by == BY_FAMILY)
		return;
	size_t n = session_times(session, date, plan_lengths(plan), room);
	for (size_t i = 0; i < n; i++) {
		note_length(offer, room[i].minutes);
		if (!minutes || room[i].minutes == minutes)
			offer_add(offer, plan, session, room[i]);
	}
}

static void offer_fill(struct arena *arena, const struct plan *plan,
		       const struct offer_query *query, struct date from, struct offer *offer)
{
	struct session_time *room = arena_new(arena, SESSION_TIMES_MAX, sizeof *room);
	offer->times = arena_new(arena, OFFER_TIMES_MAX, sizeof *offer->times);
	for (int day = 0; day < query->days; day++)
		for (size_t t = 0; t < plan->times.templates.count; t++)
			offer_session(offer, plan, &plan->times.templates.list[t],
				      date_add_days(from, day), query->minutes, room);
	qsort(offer->times, offer->count, sizeof *offer->times, by_start);
	if (plan->by == BY_FAMILY)
		drop_twins(offer);
}

static enum err check_query(const struct actor *actor, const struct offer_query *query)
{
	if (!actor_is_one_of(actor, MAY_SEE_OFFER) ||
	    (actor->role == ROLE_FAMILY && query->kind != VISIT_SOCIAL))
		return ERR_DENIED;
	if (query->days < 1 || query->days > OFFER_DAYS_MAX || query->person_count > PARTY_MAX ||
	    query->kind >= VISIT_KIND_COUNT || (query->from.year && !date_valid(query->from)))
		return ERR_BAD;
	return OK;
}

static enum err find_need(struct service *service, struct arena *arena,
			  const struct offer_query *query, struct waiting_need *out)
{
	struct waiting w = { 0 };
	*out = query->need;
	if (query->kind != VISIT_LEGAL || !query->moving.text[0])
		return OK;
	enum err err = store_waiting_find(service->store, arena, query->moving, &w);
	if (err == OK)
		*out = w.need;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct offer_query *query, struct date from, int days, struct plan *plan)
{
	struct waiting_need need;
	struct plan_query asked = {
		.need = &need,
		.kind = query->kind,
		.prisoner = query->prisoner,
		.person_count = query->person_count,
		.persons = query->persons,
		.from = local_midnight(from),
		.to = local_midnight(date_add_days(from, days)),
	};
	enum err err = hold_find(service, actor, query->prisoner, &asked.own_application);
	if (err == OK)
		err = find_need(service, arena, query, &need);
	return err == OK ? plan_load(service, actor, arena, &asked, plan) : err;
}

static enum err make_offer(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct offer_query *query, struct offer *out)
{
	struct date from = query->from.year ? query->from : local_date(service->now);
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	enum err err = load(service, actor, arena, query, from, query->days, plan);
	if (err != OK)
		return err;
	struct wall first = local_midnight(from);
	struct offer offer = {
		.prisoner = plan->prisoner,
		.prison_name = plan->prison.name,
		.not_ready_reason = plan->prison.not_ready_reason,
		.party = verdict_first(plan_party(plan, first)),
		.allowance_left = plan_balance(plan, first).minutes,
		.longer_minutes = plan->people.longer_minutes,
	};
	offer_fill(arena, plan, query, from, &offer);
	*out = offer;
	return OK;
}

/* The times as if the visit that is to be moved were not booked: it is cancelled, and that undone. */
static enum err as_if_moved(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct offer_query *query,
			    enum err (*make)(struct service *, const struct actor *, struct arena *,
					     const struct offer_query *, struct offer *),
			    struct offer *out)
{
	if (!query->moving.text[0])
		return make(service, actor, arena, query, out);
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = booking_set_aside(service, actor, arena, query->moving);
	if (err == OK)
		err = make(service, actor, arena, query, out);
	enum err left = store_leave(service->store, false);
	return err == OK ? left : err;
}

enum err offer_times(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct offer_query *query, struct offer *out)
{
	enum err err = check_query(actor, query);
	return err == OK ? as_if_moved(service, actor, arena, query, make_offer, out) : err;
}

/* The first bookable one of a day, if the day has one. */
static bool first_of_day(struct arena *arena, const struct plan *plan,
			 const struct offer_query *query, struct date day, struct offered_time *out)
{
	struct offer_query one = *query;
	struct offer offer = { 0 };
	one.days = 1;
	offer_fill(arena, plan, &one, day, &offer);
	for (size_t i = 0; i < offer.count; i++)
		if (verdict_clean(offer.times[i].verdict)) {
			*out = offer.times[i];
			return true;
		}
	return false;
}

static enum err find_next(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct offer_query *query, struct offer *out)
{
	struct date from = query->from.year ? query->from : local_date(service->now);
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	enum err err = load(service, actor, arena, query, from, 1, plan);
	const struct policy *now = err == OK ? plan_policy(plan, service->now) : NULL;
	if (!now)
		return err;
	int days =
	    (int)now->values[plan->by == BY_FAMILY ? POLICY_WINDOW_DAYS : POLICY_WINDOW_DAYS_STAFF];
	if (days > WINDOW_DAYS_MAX)
		days = WINDOW_DAYS_MAX;
	err = load(service, actor, arena, query, from, days + 1, plan);
	out->times = arena_new(arena, 1, sizeof *out->times);
	struct arena scratch;
	arena_init(&scratch);
	for (int day = 0; err == OK && day <= days && !out->count; day++) {
		if (first_of_day(&scratch, plan, query, date_add_days(from, day), out->times))
			out->count = 1;
		arena_clear(&scratch);
		arena_init(&scratch);
	}
	arena_clear(&scratch);
	return err;
}

enum err offer_next(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct offer_query *query, struct offered_time *out)
{
	struct offer found = { 0 };
	enum err err = check_query(actor, query);
	if (err == OK)
		err = as_if_moved(service, actor, arena, query, find_next, &found);
	if (err == OK)
		*out = found.count ? found.times[0] : (struct offered_time){ 0 };
	return err;
}
