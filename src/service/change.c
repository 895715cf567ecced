#include "service/change_priv.h"

#include <stdio.h>

#include "base/assert.h"
#include "domain/line.h"
#include "service/plan_priv.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/review.h"
#include "store/visit.h"

enum {
	VISITS_MAX = 5000, /* booked at one prison; the store gives no more */
	YEARS_AHEAD_S = 2 * 366 * 86400,
};

/* A booked visit, and the rules that forbid it. */
struct seen {
	struct visit visit;
	struct verdict verdict;
};

struct change_state {
	size_t count;
	struct seen *list;
};

/* ---- looking at what is booked ---- */

/* The session whose places it takes, where that still holds the time; else any that does. */
static const struct session_template *session_of(const struct plan *plan, const struct visit *visit)
{
	const struct store_session_templates *templates = &plan->times.templates;
	const struct session_template *found = NULL;
	for (size_t i = 0; i < templates->count; i++) {
		const struct session_template *t = &templates->list[i];
		if (!session_holds_kind(t, visit->kind, visit->start, visit->minutes))
			continue;
		if (t->id.n == visit->session.n)
			return t;
		if (!found ||
		    (!session_is_for(found, visit->kind) && session_is_for(t, visit->kind)))
			found = t;
	}
	return found;
}

static bool own_terminal_open(const struct plan *plan, const struct visit *visit)
{
	for (size_t i = 0; i < plan->times.terminals.count; i++)
		if (plan->times.terminals.list[i].id.n == visit->terminal.n)
			return plan_terminal_open(plan, &plan->times.terminals.list[i], visit->kind,
						  visit->start, visit->minutes);
	return false;
}

static struct verdict recheck(const struct plan *plan, const struct visit *visit)
{
	struct verdict verdict = { 0 };
	const struct policy *policy = plan_policy(plan, visit->start);
	if (!policy) {
		verdict_add(&verdict, BOOKING_RULES_MISSING);
		return verdict;
	}
	struct booking_facts facts = {
		.policy = *policy,
		.today = *plan_policy(plan, plan->service->now),
		.by = BY_FAMILY,
		.kind = visit->kind,
		.closed = visit->closed,
		.now = plan->service->now,
		.start = visit->start,
		.minutes = visit->minutes,
		.signs = line_signs(visit),
		.longer_minutes = visit->free_minutes,
		.caller_count = visit->visitor_count,
	};
	for (size_t i = 0; i < visit->visitor_count; i++)
		facts.callers[i] = (struct booking_caller){ .born = visit->visitors[i].born,
							    .part = visit->visitors[i].part };
	(void)plan_times_facts(plan, session_of(plan, visit), &facts);
	facts.prisoner.regime = plan_regime_clash(plan, visit->start, visit->minutes);
	/* It stands among those counted, and has its terminal. */
	facts.place.place_open = own_terminal_open(plan, visit);
	facts.place.calls_left++;
	facts.place.closed_left += visit->closed;
	if (facts.place.places_left < VISITS_MAX)
		facts.place.places_left++;
	return booking_recheck(&facts);
}

/* Those that begin at this prison from now on; of one prisoner, or (0) of all. */
static enum err booked_at(struct service *service, struct arena *arena, struct prison_code code,
			  struct prisoner_id prisoner, struct store_visits *out)
{
	struct wall last = wall_add_s(service->now, YEARS_AHEAD_S);
	struct store_visits visits = { 0 };
	if (!prisoner.n)
		return store_visit_list_future(service->store, arena, code, service->now, last,
					       VISITS_MAX, out);
	enum err err = store_visit_list_of_prisoner(service->store, arena, prisoner, service->now,
						    VISITS_MAX, &visits);
	*out = (struct store_visits){ .list = visits.list };
	for (size_t i = 0; i < visits.count; i++) {
		const struct visit *v = &visits.list[i];
		if (prison_code_equal(v->prison, code) &&
		    (v->state == VISIT_REQUESTED || v->state == VISIT_BOOKED))
			out->list[out->count++] = *v;
	}
	return err;
}

static enum err look_at(struct service *service, struct arena *arena, struct prison_code code,
			struct prisoner_id prisoner, struct change_state *state)
{
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct store_visits visits = { 0 };
	*plan = (struct plan){ .service = service, .by = BY_FAMILY };
	enum err err = store_prison_find(service->store, arena, code, &plan->prison);
	if (err == OK)
		err = booked_at(service, arena, code, prisoner, &visits);
	if (err != OK || !visits.count)
		return err;
	struct plan_query query = { .from = service->now,
				    .to = wall_add_s(visits.list[visits.count - 1].start, 86400) };
	err = plan_times_load(service, arena, &query, plan);
	struct seen *list = arena_new(arena, state->count + visits.count, sizeof *list);
	for (size_t i = 0; i < state->count; i++)
		list[i] = state->list[i];
	state->list = list;
	for (size_t i = 0; i < visits.count && err == OK; i++) {
		err = store_prisoner_find(service->store, arena, visits.list[i].prisoner,
					  &plan->prisoner);
		if (err == OK)
			err = plan_prisoner_load(service, arena, &query, plan);
		if (err != OK)
			break;
		list[state->count++] = (struct seen){ .visit = visits.list[i],
						      .verdict = recheck(plan, &visits.list[i]) };
	}
	return err;
}

static enum err look(const struct change *change, struct change_state **out)
{
	struct service *service = change->service;
	struct arena *arena = change->arena;
	struct change_state *state = arena_new(arena, 1, sizeof *state);
	struct store_prisons prisons = { 0 };
	enum err err = OK;
	*state = (struct change_state){ 0 };
	if (!prison_code_empty(change->prison)) {
		err = look_at(service, arena, change->prison, change->prisoner, state);
	} else {
		err = store_prison_list(service->store, arena, &prisons);
		for (size_t i = 0; i < prisons.count && err == OK; i++)
			err =
			    look_at(service, arena, prisons.list[i].code, change->prisoner, state);
	}
	*out = state;
	return err;
}

/* ---- the difference ---- */

static struct effect effect_of(const struct visit *visit, uint64_t broken)
{
	return (struct effect){ .visit = visit->id,
				.reference = visit->reference,
				.prison = visit->prison,
				.prisoner_name = visit->prisoner_name,
				.start = visit->start,
				.minutes = visit->minutes,
				.broken = { .no = broken } };
}

/* A change adds or takes no visit: both looks have the same ones in the same order. */
static void compare(const struct change *change, const struct change_state *after,
		    struct effect_list *worse, struct effect_list *better)
{
	const struct change_state *before = change->before;
	worse->list = arena_new(change->arena, after->count + 1, sizeof *worse->list);
	better->list = arena_new(change->arena, after->count + 1, sizeof *better->list);
	ASSERT(before->count == after->count);
	for (size_t i = 0; i < after->count; i++) {
		uint64_t was = before->list[i].verdict.no, is = after->list[i].verdict.no;
		const struct visit *visit = &after->list[i].visit;
		if (is & ~was)
			worse->list[worse->count++] = effect_of(visit, is & ~was);
		if (was & ~is)
			better->list[better->count++] = effect_of(visit, was & ~is);
	}
}

static enum err review_days(struct service *service, struct prison_code prison, int64_t *out)
{
	struct policy policy;
	enum err err = policy_load(service, prison, &policy);
	*out = err == OK ? policy.values[POLICY_REVIEW_DAYS] : 0; /* no rules: at once */
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err open_reviews(const struct change *change, const struct effect *effect,
			     enum review_event event)
{
	struct service *service = change->service;
	int64_t days = 0;
	enum err err = review_days(service, effect->prison, &days);
	for (unsigned i = 0; i < BOOKING_COUNT && err == OK; i++) {
		struct review review = {
			.id = { random_id(service->random) },
			.visit = effect->visit,
			.event = event,
			.opened_at = service->now,
			.due_at = review_due(service->now, days, effect->start),
		};
		bool opened;
		if (!verdict_has(effect->broken, (enum booking)i))
			continue;
		(void)snprintf(review.issue, sizeof review.issue, "%s",
			       booking_name((enum booking)i));
		err = store_review_open(service->store, &review, &opened);
	}
	return err;
}

static enum err close_reviews(const struct change *change, const struct effect *effect)
{
	struct service *service = change->service;
	struct store_reviews reviews = { 0 };
	enum err err = store_review_list_of(service->store, change->arena, effect->visit, &reviews);
	for (size_t i = 0; i < reviews.count && err == OK; i++) {
		struct review *review = &reviews.list[i];
		bool gone = false;
		for (unsigned b = 0; b < BOOKING_COUNT; b++)
			gone |= verdict_has(effect->broken, (enum booking)b) &&
				str_is(str_from(review->issue), booking_name((enum booking)b));
		if (review->state != REVIEW_OPEN || !gone)
			continue;
		review->state = REVIEW_UNFLAGGED;
		review->reason = STR("ISSUE_GONE");
		review->decided_at = service->now;
		err = store_review_decide(service->store, review);
	}
	return err;
}

/* ---- begin and end ---- */

static enum err begin(struct change *change)
{
	enum err err = use_case_begin(change->service, &change->use);
	return err == OK ? look(change, &change->before) : err;
}

enum err change_begin(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prison_code prison, struct change *out)
{
	*out =
	    (struct change){ .service = service, .actor = actor, .arena = arena, .prison = prison };
	return begin(out);
}

enum err change_begin_of(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct prisoner *prisoner, struct change *out)
{
	*out = (struct change){ .service = service,
				.actor = actor,
				.arena = arena,
				.prison = prisoner->prison,
				.prisoner = prisoner->id };
	return begin(out);
}

static enum err settle(struct change *change, const struct change_what *what,
		       struct effect_list *out)
{
	struct change_state *after;
	struct effect_list better = { 0 };
	enum err err = look(change, &after);
	if (err != OK)
		return err;
	compare(change, after, out, &better);
	for (size_t i = 0; i < out->count && err == OK && !what->dry; i++)
		err = open_reviews(change, &out->list[i], what->event);
	for (size_t i = 0; i < better.count && err == OK && !what->dry; i++)
		err = close_reviews(change, &better.list[i]);
	return err == OK && !what->dry ? audit_write(change->service, change->actor, &what->audit)
				       : err;
}

enum err change_end(struct change *change, enum err err, const struct change_what *what,
		    struct effect_list *out)
{
	struct effect_list effects = { 0 };
	if (err == OK)
		err = settle(change, what, &effects);
	if (err == OK)
		*out = effects;
	if (err != OK || !what->dry)
		return use_case_end(&change->use, err);
	err = use_case_end(&change->use, ERR_AGAIN); /* undone: it was only a look */
	return err == ERR_AGAIN ? OK : err;
}
