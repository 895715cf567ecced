#include "service/guard_priv.h"

#include <stdio.h>

#include "base/assert.h"
#include "service/change_priv.h"
#include "store/contact.h"
#include "store/ledger.h"
#include "store/prisoner.h"
#include "store/review.h"
#include "store/source.h"

enum {
	DAY_S = 86400,
	WEEK_DAYS = 7,
	VISITS_MAX = 500, /* of one prisoner or visitor that are looked at */
	YEARS_AHEAD_S = 2 * 366 * DAY_S,
};

/* ---- loading ---- */

static enum err load_children(struct service *service, struct guard *guard)
{
	enum err err = OK;
	for (size_t i = 0; i < guard->person_count && err == OK; i++) {
		err = store_child_decision_find(service->store, guard->prisoner,
						guard->persons[i].id, &guard->decisions[i]);
		guard->decided[i] = err == OK;
		if (err == ERR_NOT_FOUND)
			err = OK;
	}
	return err;
}

static enum err load_sources(struct service *service, struct arena *arena,
			     const struct policy *today, struct guard *guard)
{
	struct source_state sources[SOURCE_COUNT];
	enum err err = store_source_list(service->store, arena, sources);
	if (err != OK)
		return err;
	guard->source_down = today == NULL;
	for (unsigned i = 0; i < SOURCE_COUNT && today; i++)
		guard->source_down |= !source_trusted(
		    &sources[i], today->values[POLICY_SOURCE_STALE_HOURS], service->now);
	return OK;
}

static enum err load_orders(struct service *service, struct arena *arena, struct guard *guard)
{
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	enum err err = store_order_book(service->store, guard->prisoner, book);
	guard->vo = order_balance(book, ORDER_VO);
	guard->pvo = order_balance(book, ORDER_PVO);
	return err;
}

/* Hardly anybody is kept apart from somebody: then there are no days to look for. */
static enum err load_apart(struct service *service, struct arena *arena,
			   const struct guard_query *query, struct guard *out)
{
	struct non_association_list pairs = { 0 };
	enum err err =
	    store_non_association_list_of(service->store, arena, query->prisoner->id, &pairs);
	if (err != OK || !pairs.count)
		return err;
	return store_apart_days(service->store, arena, query->prisoner->id, query->prison,
				local_date(query->from), local_date(query->to), &out->apart);
}

static enum err load_restrictions(struct service *service, struct arena *arena, struct guard *guard)
{
	struct date born[PARTY_MAX];
	for (size_t i = 0; i < guard->person_count; i++)
		born[i] = guard->persons[i].born;
	return store_restriction_list_for(service->store, arena, guard->prisoner, born,
					  guard->person_count, &guard->restrictions);
}

/* In the weeks that the times touch, and the one before and after. */
static enum err load_social(struct service *service, struct arena *arena,
			    const struct guard_query *query, struct guard *out)
{
	return store_visit_starts(service->store, arena, query->prisoner->id,
				  wall_add_s(query->from, -(WEEK_DAYS + 1) * DAY_S),
				  wall_add_s(query->to, (WEEK_DAYS + 1) * DAY_S), query->own_visit,
				  &out->social);
}

void guard_ask(struct service *service, struct arena *arena, const struct guard_query *query,
	       const struct person_id *persons)
{
	struct store *store = service->store;
	struct guard *guard = arena_new(arena, 1, sizeof *guard);
	struct source_state sources[SOURCE_COUNT];
	struct non_association_list pairs = { 0 };
	guard->prisoner = query->prisoner->id;
	guard->person_count = query->person_count;
	for (size_t i = 0; i < query->person_count; i++)
		guard->persons[i].id = persons[i];
	store_asked(store_custody_find(store, guard->prisoner, &guard->custody));
	store_asked(store_alert_list_of(store, arena, guard->prisoner, &guard->alerts));
	store_asked(load_social(service, arena, query, guard));
	for (size_t i = 0; i < query->person_count; i++)
		store_asked(store_child_decision_find(store, guard->prisoner, persons[i],
						      &guard->decisions[i]));
	store_asked(load_orders(service, arena, guard));
	store_asked(store_source_list(store, arena, sources));
	store_asked(store_non_association_list_of(store, arena, guard->prisoner, &pairs));
}

enum err guard_load(struct service *service, struct arena *arena, const struct guard_query *query,
		    struct guard *out)
{
	struct store *store = service->store;
	struct prisoner_id prisoner = query->prisoner->id;
	ASSERT(query->person_count <= PARTY_MAX);
	*out = (struct guard){ .prisoner = prisoner,
			       .remand = !query->prisoner->convicted,
			       .person_count = query->person_count };
	for (size_t i = 0; i < query->person_count; i++)
		out->persons[i] = query->persons[i];
	if (store_ahead(store)) {
		store_asked(load_restrictions(service, arena, out));
		store_ahead_end(store);
	}
	enum err err = store_custody_find(store, prisoner, &out->custody);
	if (err == OK)
		err = load_restrictions(service, arena, out);
	if (err == OK)
		err = store_alert_list_of(store, arena, prisoner, &out->alerts);
	if (err == OK)
		err = load_apart(service, arena, query, out);
	if (err == OK)
		err = load_social(service, arena, query, out);
	if (err == OK)
		err = load_children(service, out);
	if (err == OK)
		err = load_orders(service, arena, out);
	return err == OK ? load_sources(service, arena, query->today, out) : err;
}

/* ---- what holds on a day ---- */

static bool has_day(const struct store_days *days, struct date day)
{
	int64_t n = date_to_days(day);
	for (size_t i = 0; i < days->count; i++)
		if (days->list[i] == n)
			return true;
	return false;
}

static int week_visits(const struct guard *guard, struct date day, int64_t start)
{
	struct date first = week_of(day, start);
	struct date after = date_add_days(first, WEEK_DAYS);
	int n = 0;
	for (size_t i = 0; i < guard->social.count; i++) {
		struct date date = local_date(guard->social.list[i]);
		n += date_compare(date, first) >= 0 && date_compare(date, after) < 0;
	}
	return n;
}

static enum child_answer child_answer(const struct guard *guard, size_t i, struct date day)
{
	return child_contact_on(guard->decided[i] ? &guard->decisions[i] : NULL, day);
}

static void caller_facts(const struct guard *guard, size_t i, struct date day, bool children,
			 struct booking_facts *facts)
{
	struct booking_caller *caller = &facts->callers[i];
	struct restriction_effect effect =
	    restrictions_on_day(guard->restrictions.list, guard->restrictions.count,
				guard->prisoner, &guard->persons[i], day);
	bool child = date_age(guard->persons[i].born, day) < facts->policy.values[POLICY_CHILD_AGE];
	caller->no_contact = effect.no_contact;
	caller->banned = effect.banned;
	caller->restricted = effect.review || effect.closed;
	caller->child =
	    child && (children || effect.child) ? child_answer(guard, i, day) : CHILD_MAY;
	facts->closed |= effect.closed;
	facts->watched |= effect.watched || caller->child == CHILD_MAY_WATCHED;
}

void guard_facts(const struct guard *guard, struct booking_facts *facts)
{
	struct date day = local_date(facts->start);
	struct restriction_effect effect = restrictions_on_day(
	    guard->restrictions.list, guard->restrictions.count, guard->prisoner, NULL, day);
	struct alert_effect alert = alerts_on_day(guard->alerts.list, guard->alerts.count, day);
	struct prisoner_facts *p = &facts->prisoner;
	p->custody = guard->custody.status;
	p->remand = guard->remand;
	p->banned = effect.banned;
	p->restricted = effect.review;
	p->alert = alert.review;
	p->non_association = has_day(&guard->apart, day);
	p->source_down = guard->source_down;
	p->week_visits = week_visits(guard, day, facts->policy.values[POLICY_REMAND_WEEK_START]);
	p->vo = guard->vo;
	p->pvo = guard->pvo;
	facts->closed |= effect.closed;
	facts->watched |= effect.watched;
	for (size_t i = 0; i < guard->person_count; i++)
		caller_facts(guard, i, day, alert.child || effect.child, facts);
}

/* ---- visits that are booked ---- */

static enum err load_persons(struct service *service, struct arena *arena,
			     const struct visit *visit, struct person *out)
{
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = store_person_find(service->store, arena, visit->visitors[i].person, &out[i]);
	return err;
}

static enum err load_approved(struct service *service, struct arena *arena,
			      const struct visit *visit, struct booking_facts *facts)
{
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		struct contact contact = { 0 };
		err = store_contact_find_pair(service->store, arena, visit->visitors[i].person,
					      visit->prisoner, &contact);
		facts->callers[i].approved = err == OK && contact.state == CONTACT_APPROVED;
		facts->callers[i].social =
		    !str_empty(contact.relationship_code) && !contact.official;
		facts->callers[i].part = contact.part;
		if (err == ERR_NOT_FOUND)
			err = OK;
	}
	return err;
}

/* *closed and *watched: what the facts of now ask for. */
static enum err recheck(struct service *service, struct arena *arena, const struct visit *visit,
			struct verdict *out, bool *closed, bool *watched)
{
	struct prisoner prisoner = { 0 };
	struct person persons[PARTY_MAX] = { 0 };
	struct guard *guard = arena_new(arena, 1, sizeof *guard);
	struct booking_facts *facts = arena_new(arena, 1, sizeof *facts);
	*facts = (struct booking_facts){ .by = BY_FAMILY,
					 .kind = visit->kind,
					 .now = service->now,
					 .start = visit->start,
					 .minutes = visit->minutes,
					 .caller_count = visit->visitor_count };
	enum err err = policy_load(service, visit->prison, &facts->today);
	bool rules = err == OK;
	if (err == ERR_NOT_FOUND)
		err = OK;
	facts->policy = facts->today;
	if (err == OK)
		err = store_prisoner_find(service->store, arena, visit->prisoner, &prisoner);
	if (err == OK)
		err = load_persons(service, arena, visit, persons);
	if (err == OK)
		err = guard_load(service, arena,
				 &(struct guard_query){ .prisoner = &prisoner,
							.prison = visit->prison,
							.person_count = visit->visitor_count,
							.persons = persons,
							.from = visit->start,
							.to = visit->start,
							.own_visit = visit->id,
							.today = rules ? &facts->today : NULL },
				 guard);
	if (err == OK)
		err = load_approved(service, arena, visit, facts);
	if (err != OK)
		return err;
	for (size_t i = 0; i < visit->visitor_count; i++)
		facts->callers[i].born = persons[i].born;
	guard_facts(guard, facts);
	struct verdict verdict = booking_recheck_people(facts);
	if (!prison_code_equal(prisoner.prison, visit->prison))
		verdict_add(&verdict, BOOKING_PRISONER_MOVED);
	if (facts->closed && !visit->closed)
		verdict_add(&verdict, BOOKING_REVIEW_PRISONER);
	*out = verdict;
	*closed = facts->closed;
	*watched = facts->watched;
	return OK;
}

enum err guard_recheck(struct service *service, struct arena *arena, const struct visit *visit,
		       struct verdict *out)
{
	bool closed, watched;
	return recheck(service, arena, visit, out, &closed, &watched);
}

static enum visit_kind kind_of(const struct contact *contact)
{
	if (str_is(contact->relationship, LEGAL_RELATIONSHIP))
		return VISIT_LEGAL;
	return contact->official ? VISIT_OFFICIAL : VISIT_SOCIAL;
}

enum err guard_pair(struct service *service, struct arena *arena, const struct contact *contact,
		    struct verdict *out)
{
	struct guard *guard = arena_new(arena, 1, sizeof *guard);
	struct booking_facts *facts = arena_new(arena, 1, sizeof *facts);
	*facts = (struct booking_facts){ .by = BY_FAMILY,
					 .kind = kind_of(contact),
					 .now = service->now,
					 .start = service->now,
					 .caller_count = 1,
					 .callers = { { .born = contact->person.born,
							.approved = true,
							.part = contact->part } } };
	enum err err = policy_load(service, contact->prisoner.prison, &facts->today);
	bool rules = err == OK;
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	facts->policy = facts->today;
	err = guard_load(service, arena,
			 &(struct guard_query){ .prisoner = &contact->prisoner,
						.prison = contact->prisoner.prison,
						.person_count = 1,
						.persons = &contact->person,
						.from = service->now,
						.to = service->now,
						.today = rules ? &facts->today : NULL },
			 guard);
	if (err != OK)
		return err;
	guard_facts(guard, facts);
	facts->prisoner.non_association = false; /* of a day, not of the two */
	*out = booking_recheck_people(facts);
	return OK;
}

/*
 * A restriction that came after the booking holds for the visit from now on: it is
 * closed, or watched all the time, which a legal visit never is.  What ends does
 * not loosen it: staff do.
 */
static enum err tighten(struct service *service, const struct visit *visit, bool closed,
			bool watched)
{
	closed |= visit->closed;
	watched = visit->watched || (watched && visit->kind != VISIT_LEGAL);
	if (closed == visit->closed && watched == visit->watched)
		return OK;
	return store_visit_watch(service->store, visit->id, closed, watched);
}

static enum err touched(struct service *service, enum err err, const struct store_visits *visits,
			struct visits_touched *out)
{
	(void)service;
	if (err == OK)
		*out = (struct visits_touched){ .count = visits->count, .list = visits->list };
	return err;
}

enum err guard_visits_of(struct service *service, struct arena *arena, struct prisoner_id prisoner,
			 struct visits_touched *out)
{
	struct store_visits visits = { 0 };
	enum err err = store_visit_list_of_prisoner(service->store, arena, prisoner, service->now,
						    VISITS_MAX, &visits);
	return touched(service, err, &visits, out);
}

enum err guard_visits_with(struct service *service, struct arena *arena, struct date born,
			   struct prisoner_id prisoner, struct visits_touched *out)
{
	struct store_visits visits = { 0 };
	enum err err = store_visit_list_with(service->store, arena, born, prisoner, service->now,
					     VISITS_MAX, &visits);
	return touched(service, err, &visits, out);
}

/* ---- flags ---- */

static enum err due_days(struct service *service, struct prison_code prison, int64_t *out)
{
	struct policy policy;
	enum err err = policy_load(service, prison, &policy);
	*out = err == OK ? policy.values[POLICY_REVIEW_DAYS] : 0; /* no rules: at once */
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err guard_flag_one(struct service *service, const struct visit *visit, enum review_event event,
			enum booking issue, bool *opened)
{
	int64_t days = 0;
	enum err err = due_days(service, visit->prison, &days);
	if (err != OK)
		return err;
	struct review review = {
		.id = { random_id(service->random) },
		.visit = visit->id,
		.event = event,
		.opened_at = service->now,
		.due_at = review_due(service->now, days, visit->start),
	};
	(void)snprintf(review.issue, sizeof review.issue, "%s", booking_name(issue));
	return store_review_open(service->store, &review, opened);
}

/* Flags of ours whose reason is gone; flags of times and places are not ours to close. */
static enum err unflag(struct service *service, struct arena *arena, const struct visit *visit,
		       struct verdict now)
{
	struct store_reviews reviews = { 0 };
	enum err err = store_review_list_of(service->store, arena, visit->id, &reviews);
	for (size_t i = 0; i < reviews.count && err == OK; i++) {
		struct review *review = &reviews.list[i];
		enum booking issue;
		bool ours =
		    booking_of(str_from(review->issue), &issue) && booking_is_about_people(issue);
		if (review->state != REVIEW_OPEN || !ours || verdict_has(now, issue))
			continue;
		review->state = REVIEW_UNFLAGGED;
		review->reason = STR("ISSUE_GONE");
		review->decided_at = service->now;
		err = store_review_decide(service->store, review);
	}
	return err;
}

enum err guard_flag(struct service *service, struct arena *arena,
		    const struct visits_touched *visits, enum review_event event, uint64_t concerns)
{
	enum err err = OK;
	for (size_t i = 0; i < visits->count && err == OK; i++) {
		struct verdict verdict = { 0 };
		bool opened, closed = false, watched = false;
		err = recheck(service, arena, &visits->list[i], &verdict, &closed, &watched);
		if (err == OK)
			err = tighten(service, &visits->list[i], closed, watched);
		for (unsigned b = 0; b < BOOKING_COUNT && err == OK; b++)
			if ((concerns & GUARD_BIT(b)) && verdict_has(verdict, (enum booking)b))
				err = guard_flag_one(service, &visits->list[i], event,
						     (enum booking)b, &opened);
		if (err == OK)
			err = unflag(service, arena, &visits->list[i], verdict);
	}
	return err;
}

static enum err load_withdrawn(struct service *service, struct arena *arena,
			       const struct visit *visit, struct guard_stopped *out)
{
	enum err err = OK;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		struct contact contact = { 0 };
		err = store_contact_find_pair(service->store, arena, visit->visitors[i].person,
					      visit->prisoner, &contact);
		out->visitors[i] = err == OK && contact.state == CONTACT_REJECTED;
		if (err == ERR_NOT_FOUND)
			err = OK;
	}
	return err;
}

enum err guard_stops(struct service *service, struct arena *arena, const struct visit *visit,
		     struct guard_stopped *out)
{
	struct restriction_list list = { 0 };
	struct person persons[PARTY_MAX] = { 0 };
	struct date born[PARTY_MAX];
	struct date today = local_date(service->now);
	enum err err = load_persons(service, arena, visit, persons);
	for (size_t i = 0; i < visit->visitor_count; i++)
		born[i] = persons[i].born;
	if (err == OK)
		err = store_restriction_list_for(service->store, arena, visit->prisoner, born,
						 visit->visitor_count, &list);
	if (err == OK)
		err = load_withdrawn(service, arena, visit, out);
	out->prisoner =
	    restrictions_on_day(list.list, list.count, visit->prisoner, NULL, today).banned;
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++) {
		struct restriction_effect effect =
		    restrictions_on_day(list.list, list.count, visit->prisoner, &persons[i], today);
		out->visitors[i] |= effect.no_contact || effect.banned;
	}
	return err;
}

/* ---- days apart ---- */

enum err guard_apart_take(struct service *service, struct arena *arena, const struct visit *visit)
{
	struct non_association_list pairs = { 0 };
	struct date day = local_date(visit->start);
	enum err err =
	    store_non_association_list_of(service->store, arena, visit->prisoner, &pairs);
	for (size_t i = 0; i < pairs.count && err == OK; i++)
		err = store_apart_take(service->store, &pairs.list[i], visit->prison, day,
				       visit->prisoner, visit->id);
	return err;
}

/* The other's visits of that day take what is free now; who still cannot keeps the flag. */
static enum err take_over(struct service *service, struct arena *arena,
			  const struct non_association *pair, struct prisoner_id other,
			  const struct visit *gone)
{
	struct visits_touched visits = { 0 }, same_day = { 0 };
	enum err err = guard_visits_of(service, arena, other, &visits);
	if (err != OK || !visits.count)
		return err;
	same_day.list = arena_new(arena, visits.count, sizeof *same_day.list);
	for (size_t i = 0; i < visits.count && err == OK; i++) {
		const struct visit *visit = &visits.list[i];
		if (!prison_code_equal(visit->prison, gone->prison) ||
		    date_compare(local_date(visit->start), local_date(gone->start)) != 0)
			continue;
		same_day.list[same_day.count++] = *visit;
		err = store_apart_retake(service->store, pair, visit->prison,
					 local_date(visit->start), other, visit->id);
	}
	if (err == OK)
		err = guard_flag(service, arena, &same_day, REVIEW_NON_ASSOCIATION, 0);
	return err;
}

enum err guard_apart_release(struct service *service, struct arena *arena,
			     const struct visit *visit)
{
	struct non_association_list pairs = { 0 };
	enum err err = store_apart_release(service->store, visit->id);
	if (err == OK)
		err = store_non_association_list_of(service->store, arena, visit->prisoner, &pairs);
	for (size_t i = 0; i < pairs.count && err == OK; i++)
		err = take_over(service, arena, &pairs.list[i],
				non_association_other(&pairs.list[i], visit->prisoner), visit);
	return err;
}

enum err guard_close(struct service *service, struct arena *arena, struct visit_id visit,
		     struct str why)
{
	return reviews_close(service, arena, visit, why);
}

/* Visits that are booked take the day; all of a day that both have are flagged. */
static enum err keep_apart(struct service *service, struct arena *arena,
			   const struct non_association *pair)
{
	const struct prisoner_id both[] = { pair->a, pair->b };
	enum err err = OK;
	for (size_t p = 0; p < ARRAY_LEN(both) && err == OK; p++) {
		struct visits_touched visits = { 0 };
		err = guard_visits_of(service, arena, both[p], &visits);
		for (size_t i = 0; i < visits.count && err == OK; i++)
			err = store_apart_retake(service->store, pair, visits.list[i].prison,
						 local_date(visits.list[i].start), both[p],
						 visits.list[i].id);
		if (err == OK)
			err = guard_flag(service, arena, &visits, REVIEW_NON_ASSOCIATION,
					 GUARD_BIT(BOOKING_NON_ASSOCIATION));
	}
	return err;
}

enum err guard_pair_open(struct service *service, struct arena *arena,
			 const struct non_association *pair, struct account_id by)
{
	struct non_association_list pairs = { 0 };
	enum err err = store_non_association_list_of(service->store, arena, pair->a, &pairs);
	for (size_t i = 0; i < pairs.count && err == OK; i++)
		if (non_association_other(&pairs.list[i], pair->a).n == pair->b.n)
			return OK;
	if (err == OK)
		err = store_non_association_insert(service->store, pair, by, service->now);
	return err == OK ? keep_apart(service, arena, pair) : err;
}
