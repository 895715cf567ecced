#include "service/review.h"

#include "service/change_priv.h"
#include "service/service_priv.h"
#include "store/review.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_SYSTEM),
	MAY_DECIDE = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR),
};

enum err reviews_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prison_code prison, enum review_state state, struct review_list *out)
{
	struct store_reviews reviews;
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (prison_code_empty(prison))
		prison = actor->prison;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	enum err err =
	    store_review_list(service->store, arena, prison, state, REVIEWS_LIST_MAX, &reviews);
	if (err == OK)
		*out = (struct review_list){ .count = reviews.count, .list = reviews.list };
	return err;
}

enum err review_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct review_id id, struct review *out)
{
	struct review review;
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = store_review_find(service->store, arena, id, &review);
	if (err != OK)
		return err;
	if (!actor_works_at(actor, review.prison))
		return ERR_NOT_FOUND;
	*out = review;
	return OK;
}

enum err reviews_of(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, struct review_list *out)
{
	struct visit visit;
	struct store_reviews reviews;
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = store_review_list_of(service->store, arena, visit.id, &reviews);
	if (err == OK)
		*out = (struct review_list){ .count = reviews.count, .list = reviews.list };
	return err;
}

static enum err acknowledge(struct service *service, const struct actor *actor, struct arena *arena,
			    struct review_id id, struct str reason)
{
	struct review review;
	enum err err = review_find(service, actor, arena, id, &review);
	if (err == OK && review.state != REVIEW_OPEN)
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	review.state = REVIEW_ACKNOWLEDGED;
	review.reason = reason;
	review.decided_by = actor->account;
	review.decided_at = service->now;
	err = store_review_decide(service->store, &review);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_REVIEW_DECIDE,
						 .object = AUDIT_ON_REVIEW,
						 .object_id = id.n,
						 .prison = review.prison,
						 .words = reason });
}

enum err review_acknowledge(struct service *service, const struct actor *actor, struct review_id id,
			    struct str reason)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = acknowledge(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err reviews_close(struct service *service, struct arena *arena, struct visit_id visit,
		       struct str why)
{
	struct store_reviews reviews = { 0 };
	enum err err = store_review_list_of(service->store, arena, visit, &reviews);
	for (size_t i = 0; i < reviews.count && err == OK; i++) {
		struct review *review = &reviews.list[i];
		if (review->state != REVIEW_OPEN)
			continue;
		review->state = REVIEW_UNFLAGGED;
		review->reason = why;
		review->decided_at = service->now;
		err = store_review_decide(service->store, review);
	}
	return err;
}
