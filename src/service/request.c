#include "service/request.h"

#include <stdio.h>

#include "domain/request.h"
#include "service/change_priv.h"
#include "service/guard_priv.h"
#include "service/request_priv.h"
#include "service/tell_priv.h"
#include "store/request.h"
#include "store/review.h"
#include "store/visit.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_DECIDE = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR),
};

/* What no clerk's reason overrules. */
static const uint64_t FIRM = GUARD_BIT(BOOKING_NO_CONTACT) | GUARD_BIT(BOOKING_BANNED) |
			     GUARD_BIT(BOOKING_NON_ASSOCIATION) | GUARD_BIT(BOOKING_CHILD_REFUSED) |
			     GUARD_BIT(BOOKING_NOT_APPROVED) | GUARD_BIT(BOOKING_PRISONER_AWAY) |
			     GUARD_BIT(BOOKING_PRISONER_MOVED);

/* ---- parts of booking and calling off ---- */

enum err request_open(struct service *service, const struct visit *visit,
		      const struct verdict *verdict, const struct policy *policy)
{
	struct wall deadline = request_deadline(visit->start, policy);
	enum err err = store_request_insert(service->store, visit->id, deadline);
	for (unsigned b = 0; b < BOOKING_COUNT && err == OK; b++) {
		bool opened;
		struct review review = {
			.id = { random_id(service->random) },
			.visit = visit->id,
			.event = REVIEW_REQUESTED,
			.opened_at = service->now,
			.due_at = deadline,
		};
		if (!(verdict->review & GUARD_BIT(b)))
			continue;
		(void)snprintf(review.issue, sizeof review.issue, "%s",
			       booking_name((enum booking)b));
		err = store_review_open(service->store, &review, &opened);
	}
	return err;
}

enum err request_close(struct service *service, const struct actor *actor,
		       const struct visit *visit, enum visit_end end, struct str reason)
{
	enum request_outcome outcome = REQUEST_REJECTED;
	if (end == END_AUTO_REJECTED)
		outcome = REQUEST_AUTO_REJECTED;
	else if (end == END_WITHDRAWN || end == END_MOVED)
		outcome = REQUEST_WITHDRAWN;
	enum err err = store_request_decide(service->store, visit->id, outcome, reason,
					    actor->account, service->now);
	return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

/* ---- staff decide ---- */

static enum err approve(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct str reason, struct verdict *verdict)
{
	struct visit visit = { 0 };
	struct verdict now = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK && visit.state != VISIT_REQUESTED)
		err = ERR_CONFLICT;
	if (err == OK)
		err = guard_recheck(service, arena, &visit, &now);
	if (err != OK)
		return err;
	verdict->no = now.no & FIRM;
	if (verdict->no)
		return ERR_DENIED;
	visit.state = VISIT_BOOKED;
	err = store_visit_update(service->store, &visit);
	if (err == OK)
		err = store_request_decide(service->store, visit.id, REQUEST_APPROVED, reason,
					   actor->account, service->now);
	if (err == OK)
		err = reviews_close(service, arena, visit.id, reason);
	if (err == OK)
		err = tell_approved(service, &visit);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_REQUEST_APPROVE,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .prison = visit.prison,
						 .words = reason });
}

unsigned request_deciders(void)
{
	return MAY_DECIDE;
}

enum err request_approve(struct service *service, const struct actor *actor,
			 struct reference reference, struct str reason, struct verdict *verdict)
{
	*verdict = (struct verdict){ 0 };
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = approve(service, actor, &arena, reference, reason, verdict);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	return err == ERR_DENIED && verdict->no ? OK : err;
}

static enum err reject(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, enum visit_end end, struct str reason)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK && visit.state != VISIT_REQUESTED)
		err = ERR_CONFLICT;
	if (err == OK)
		err = booking_call_off(service, actor, arena, &visit, end, reason);
	if (err == OK)
		err = reviews_close(service, arena, visit.id, STR("REQUEST_REJECTED"));
	if (err != OK)
		return err;
	bool expired = end == END_AUTO_REJECTED;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = expired ? AUDIT_REQUEST_EXPIRE : AUDIT_REQUEST_REJECT,
				  .object = AUDIT_ON_VISIT,
				  .object_id = visit.id.n,
				  .prison = visit.prison,
				  .words = reason });
}

static enum err reject_one(struct service *service, const struct actor *actor,
			   struct reference reference, enum visit_end end, struct str reason)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = reject(service, actor, &arena, reference, end, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err request_reject(struct service *service, const struct actor *actor,
			struct reference reference, struct str reason)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	return reject_one(service, actor, reference, END_REJECTED, reason);
}

/* ---- the list, and what falls due ---- */

/* Both lists have the earliest deadline first; a visit that stands in one alone was decided just now. */
static void with_deadlines(struct arena *arena, const struct store_visits *visits,
			   const struct store_requests *requests, struct request_list *out)
{
	size_t at = 0;
	*out = (struct request_list){ .list = arena_new(arena, visits->count, sizeof *out->list) };
	for (size_t i = 0; i < visits->count; i++) {
		size_t to = at;
		while (to < requests->count && requests->list[to].visit.n != visits->list[i].id.n)
			to++;
		if (to == requests->count)
			continue;
		at = to;
		out->list[out->count++] =
		    (struct requested_visit){ .visit = visits->list[i],
					      .deadline = requests->list[at].deadline };
	}
}

/* A visit's reviews stand together. */
static void take_reviews(const struct store_reviews *all, struct requested_visit *request)
{
	size_t first = 0, count = 0;
	while (first < all->count && all->list[first].visit.n != request->visit.id.n)
		first++;
	while (first + count < all->count &&
	       all->list[first + count].visit.n == request->visit.id.n)
		count++;
	request->reviews = all->list + first;
	request->review_count = count;
}

static enum err with_reviews(struct service *service, struct arena *arena,
			     struct prison_code prison, struct request_list *out)
{
	struct store_reviews all = { 0 };
	enum err err = store_review_list_requested(service->store, arena, prison, &all);
	for (size_t i = 0; i < out->count && err == OK; i++)
		take_reviews(&all, &out->list[i]);
	return err;
}

enum err requests_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct request_list *out)
{
	struct store_requests requests = { 0 };
	struct store_visits visits = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err =
	    store_request_list(service->store, arena, actor->prison, REQUESTS_LIST_MAX, &requests);
	if (err == OK)
		err = store_visit_list_requested(service->store, arena, actor->prison,
						 REQUESTS_LIST_MAX, &visits);
	if (err != OK)
		return err;
	with_deadlines(arena, &visits, &requests, out);
	return with_reviews(service, arena, actor->prison, out);
}

enum err request_deadline_find(struct service *service, const struct actor *actor,
			       struct reference reference, struct wall *out)
{
	struct arena arena;
	struct visit visit = { 0 };
	arena_init(&arena);
	enum err err = visit_load(service, actor, &arena, reference, &visit);
	if (err == OK)
		err = store_request_deadline(service->store, visit.id, out);
	arena_clear(&arena);
	return err;
}

enum err requests_expire(struct service *service, const struct actor *actor, size_t *done)
{
	struct arena arena;
	struct store_requests open = { 0 };
	const struct prison_code all = { 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	*done = 0;
	arena_init(&arena);
	enum err err = store_request_list(service->store, &arena, all, REQUESTS_DUE_MAX, &open);
	for (size_t i = 0; i < open.count && err == OK; i++) {
		if (open.list[i].deadline.s > service->now.s)
			break; /* earliest first */
		err =
		    reject_one(service, actor, open.list[i].reference, END_AUTO_REJECTED, STR(""));
		*done += err == OK;
		if (err == ERR_CONFLICT) /* somebody just did */
			err = OK;
	}
	arena_clear(&arena);
	return err;
}
