#include "service/legal_hold.h"

#include "service/service_priv.h"
#include "store/recording.h"

enum {
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR),
	MAY_ASK = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_CONTACTS_AUTHORISER),
	MAY_DECIDE = MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_CONTACTS_AUTHORISER),
};

/* ---- reading ---- */

enum err legal_holds_find(struct service *service, const struct actor *actor, struct arena *arena,
			  struct store_legal_holds *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	return store_legal_hold_list(service->store, arena, actor->prison, out);
}

enum err legal_holds_of(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct store_legal_holds *out)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, visit);
	return err == OK ? store_legal_hold_list_of(service->store, arena, visit->id, out) : err;
}

enum err legal_hold_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct legal_hold_id id, struct legal_hold *out)
{
	struct legal_hold hold = { 0 };
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = store_legal_hold_find(service->store, arena, id, &hold);
	if (err == OK && !actor_works_at(actor, hold.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = hold;
	return err;
}

/* ---- what all of them check ---- */

static enum err write_leaf(struct service *service, const struct actor *actor,
			   const struct legal_hold *hold, enum audit_verb verb, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_RECORDING,
						 .object_id = hold->visit.n,
						 .amount = hold->state,
						 .prison = hold->prison,
						 .words = words });
}

static enum err check_day(struct service *service, struct prison_code prison, struct wall review_at,
			  enum legal_hold_answer *answer)
{
	struct policy policy = { 0 };
	enum err err = policy_load(service, prison, &policy);
	if (err == OK)
		*answer = legal_hold_may_last(review_at, service->now,
					      policy.values[POLICY_LEGAL_HOLD_DAYS]);
	return err;
}

static enum err check_recording(struct service *service, struct arena *arena, struct visit_id visit,
				enum legal_hold_answer *answer)
{
	struct recording recording = { 0 };
	enum err err = store_recording_find(service->store, arena, visit, &recording);
	if (err == OK && recording.erased_at.s != 0)
		*answer = LEGAL_HOLD_GONE;
	return err;
}

/* ---- asking ---- */

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    struct reference reference, const struct legal_hold_new *new,
		    enum legal_hold_answer *answer)
{
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = visit_load(service, actor, arena, reference, visit);
	if (err == OK)
		err = check_recording(service, arena, visit->id, answer);
	if (err == OK && *answer == LEGAL_HOLD_OK)
		err = check_day(service, visit->prison, new->review_at, answer);
	if (err != OK || *answer != LEGAL_HOLD_OK)
		return err;
	struct legal_hold hold = { .id = { random_id(service->random) },
				   .visit = visit->id,
				   .prison = visit->prison,
				   .matter = new->matter,
				   .reason = new->reason,
				   .asked_by = actor->account,
				   .asked_as = actor->role,
				   .asked_at = service->now,
				   .review_at = new->review_at };
	err = store_legal_hold_insert(service->store, &hold);
	if (err == ERR_CONFLICT)
		*answer = LEGAL_HOLD_STANDS;
	return err == OK ? write_leaf(service, actor, &hold, AUDIT_LEGAL_HOLD_ASK, new->reason)
			 : err;
}

/* A rule's no is an answer, and leaves nothing behind. */
static enum err end(struct use_case *use, enum err err, enum legal_hold_answer answer)
{
	err = use_case_end(use, err);
	return err == ERR_CONFLICT && answer == LEGAL_HOLD_STANDS ? OK : err;
}

enum err legal_hold_ask(struct service *service, const struct actor *actor,
			struct reference reference, const struct legal_hold_new *new,
			enum legal_hold_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_ASK))
		return ERR_DENIED;
	*answer = playback_reason_enough(new->reason) ? LEGAL_HOLD_OK : LEGAL_HOLD_NO_WORDS;
	if (*answer != LEGAL_HOLD_OK)
		return OK;
	if (!reason_acceptable(new->reason) || str_empty(new->matter) ||
	    new->matter.len > LEGAL_HOLD_MATTER_MAX)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &arena, reference, new, answer);
	arena_clear(&arena);
	return end(&use, err, *answer);
}

/* ---- deciding, and looking again ---- */

enum step {
	STEP_DECIDE,
	STEP_REVIEW,
};

struct wish {
	enum step step;
	bool agree;
	struct wall review_at; /* of a review; 0: it ends */
	struct str reason;
};

static void apply(struct legal_hold *hold, const struct actor *actor, const struct wish *wish,
		  struct wall now)
{
	if (wish->step == STEP_DECIDE) {
		hold->state = wish->agree ? LEGAL_HOLD_HELD : LEGAL_HOLD_REFUSED;
		hold->decided_by = actor->account;
		hold->decided_as = actor->role;
		hold->decided_reason = wish->reason;
		hold->decided_at = now;
		return;
	}
	hold->reviewed_by = actor->account;
	hold->reviewed_reason = wish->reason;
	hold->reviewed_at = now;
	if (wish->review_at.s != 0) {
		hold->review_at = wish->review_at;
		return;
	}
	hold->state = LEGAL_HOLD_ENDED;
	hold->ended_at = now;
}

static enum err check(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct legal_hold *hold, const struct wish *wish,
		      enum legal_hold_answer *answer)
{
	struct decider decider = { 0 };
	enum err err = decider_load(service, actor, arena, &decider);
	if (err != OK)
		return err;
	*answer = wish->step == STEP_DECIDE ? legal_hold_may_decide(hold, &decider)
					    : legal_hold_may_review(hold, &decider);
	if (*answer == LEGAL_HOLD_OK && wish->step == STEP_REVIEW && wish->review_at.s != 0)
		err = check_day(service, hold->prison, wish->review_at, answer);
	if (err == OK && *answer == LEGAL_HOLD_OK && wish->agree)
		err = check_recording(service, arena, hold->visit, answer);
	return err;
}

static enum err take(struct service *service, const struct actor *actor, struct arena *arena,
		     struct legal_hold_id id, const struct wish *wish,
		     enum legal_hold_answer *answer)
{
	struct legal_hold hold = { 0 };
	enum err err = legal_hold_find(service, actor, arena, id, &hold);
	if (err == OK)
		err = check(service, actor, arena, &hold, wish, answer);
	if (err != OK || *answer != LEGAL_HOLD_OK)
		return err;
	apply(&hold, actor, wish, service->now);
	err = store_legal_hold_update(service->store, &hold);
	enum audit_verb verb =
	    wish->step == STEP_DECIDE ? AUDIT_LEGAL_HOLD_DECIDE : AUDIT_LEGAL_HOLD_REVIEW;
	return err == OK ? write_leaf(service, actor, &hold, verb, wish->reason) : err;
}

static enum err take_step(struct service *service, const struct actor *actor,
			  struct legal_hold_id id, const struct wish *wish,
			  enum legal_hold_answer *answer)
{
	if (!actor_is_one_of(actor, MAY_DECIDE))
		return ERR_DENIED;
	*answer = playback_reason_enough(wish->reason) ? LEGAL_HOLD_OK : LEGAL_HOLD_NO_WORDS;
	if (*answer != LEGAL_HOLD_OK)
		return OK;
	if (!reason_acceptable(wish->reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = take(service, actor, &arena, id, wish, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err legal_hold_decide(struct service *service, const struct actor *actor,
			   struct legal_hold_id id, bool agree, struct str reason,
			   enum legal_hold_answer *answer)
{
	struct wish wish = { .step = STEP_DECIDE, .agree = agree, .reason = reason };
	return take_step(service, actor, id, &wish, answer);
}

enum err legal_hold_review(struct service *service, const struct actor *actor,
			   struct legal_hold_id id, struct wall review_at, struct str reason,
			   enum legal_hold_answer *answer)
{
	struct wish wish = { .step = STEP_REVIEW, .review_at = review_at, .reason = reason };
	return take_step(service, actor, id, &wish, answer);
}
