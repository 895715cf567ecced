#include "service/oversight.h"

#include "base/assert.h"
#include "domain/device.h"
#include "domain/local_time.h"
#include "service/service_priv.h"
#include "store/slot_use.h"
#include "store/visit.h"

enum {
	MAY_ACT = MAY(ROLE_MONITOR) | MAY(ROLE_DUTY_GOVERNOR) | MAY(ROLE_VISITS_CLERK),
	MAY_READ = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_SYSTEM),
	MAY_WORD = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_DUTY_GOVERNOR),
	WARNINGS_MAX = 40, /* of a prison, national ones included */
};

/* ---- acts ---- */

static const enum audit_verb VERBS[ACT_COUNT] = {
	[ACT_PAUSE] = AUDIT_VISIT_PAUSE,
	[ACT_RESUME] = AUDIT_VISIT_RESUME,
	[ACT_MUTE] = AUDIT_VISIT_MUTE,
	[ACT_UNMUTE] = AUDIT_VISIT_UNMUTE,
	[ACT_BLANK] = AUDIT_VISIT_BLANK,
	[ACT_UNBLANK] = AUDIT_VISIT_UNBLANK,
	[ACT_WARN] = AUDIT_VISIT_WARN,
	[ACT_ACKNOWLEDGE] = AUDIT_VISIT_ACKNOWLEDGE,
	[ACT_EXTEND] = AUDIT_VISIT_EXTEND,
	[ACT_REPORT] = AUDIT_VISIT_REPORT,
	[ACT_NOT_PRIVATE] = AUDIT_VISIT_NOT_PRIVATE,
};

static enum err sum_of(struct service *service, struct arena *arena, struct visit_id visit,
		       struct store_acts *acts, struct oversight *out)
{
	enum err err = store_act_list(service->store, arena, visit, acts);
	*out = (struct oversight){ 0 };
	for (size_t i = 0; err == OK && i < acts->count; i++)
		oversight_add(out, &acts->list[i]);
	return err;
}

enum err oversight_sum(struct service *service, const struct actor *actor, struct arena *arena,
		       struct visit_id visit, struct oversight *out)
{
	struct store_acts acts;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	return sum_of(service, arena, visit, &acts, out);
}

enum err visit_standing(struct service *service, const struct actor *actor, struct arena *arena,
			struct visit_id id, struct visit *out)
{
	struct visit visit = { 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_visit_find_by_id(service->store, arena, id, &visit);
	if (err == OK && visit.state != VISIT_LOBBY && visit.state != VISIT_LIVE)
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = visit;
	return err;
}

enum err visit_lengthen(struct service *service, struct arena *arena, struct visit *visit)
{
	struct store_acts acts;
	struct oversight sum = { 0 };
	enum err err = OK;
	if (visit->state == VISIT_LIVE)
		err = sum_of(service, arena, visit->id, &acts, &sum);
	visit->minutes += sum.extra_minutes;
	return err;
}

static bool is_said_by_a_side(enum act act)
{
	return act == ACT_ACKNOWLEDGE || act == ACT_REPORT || act == ACT_NOT_PRIVATE;
}

static bool may_do(const struct actor *actor, enum act act)
{
	if (is_said_by_a_side(act))
		return actor->role == ROLE_FAMILY || actor->role == ROLE_GUEST ||
		       actor->role == ROLE_TERMINAL;
	if (actor->role == ROLE_SYSTEM)
		return act == ACT_PAUSE || act == ACT_RESUME;
	return actor_is_one_of(actor, MAY_ACT);
}

static enum err take_time(struct service *service, const struct visit *visit, struct wall from,
			  int minutes)
{
	struct slot_holder holder = { .visit = visit->id };
	struct store *store = service->store;
	enum err err =
	    store_slot_take(store, SLOT_TERMINAL, visit->terminal.n, from, minutes, holder);
	if (err == OK)
		err =
		    store_slot_take(store, SLOT_PRISONER, visit->prisoner.n, from, minutes, holder);
	for (size_t i = 0; i < visit->visitor_count && err == OK; i++)
		err = store_slot_take(store, SLOT_PERSON, visit->visitors[i].person.n, from,
				      minutes, holder);
	return err;
}

static enum err extend(struct service *service, const struct visit *visit,
		       const struct oversight *sum, int minutes, enum act_answer *answer)
{
	struct wall from = wall_add_s(visit_slot_end(visit), 60 * (int64_t)sum->extra_minutes);
	enum err err = take_time(service, visit, from, minutes);
	if (err == OK)
		err = store_settle(service->store);
	if (err == ERR_CONFLICT)
		*answer = ACT_TIME_TAKEN;
	return err;
}

static enum err write_act(struct service *service, const struct actor *actor,
			  const struct visit *visit, const struct visit_act *act)
{
	enum err err = store_act_insert(service->store, visit, act);
	if (err != OK)
		return err;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = VERBS[act->act],
				  .object = AUDIT_ON_VISIT,
				  .object_id = visit->id.n,
				  .amount = act->act == ACT_RESUME || act->act == ACT_EXTEND
						? act->amount
						: act->side,
				  .prison = visit->prison,
				  .words = act->words });
}

static enum side side_of_actor(const struct actor *actor, enum side wish)
{
	if (actor->role == ROLE_FAMILY || actor->role == ROLE_GUEST)
		return SIDE_VISITOR;
	return actor->role == ROLE_TERMINAL ? SIDE_PRISONER : wish;
}

static enum err do_it(struct service *service, const struct actor *actor, struct arena *arena,
		      struct reference reference, const struct visit_act *wish,
		      enum act_answer *answer)
{
	struct visit visit = { 0 };
	struct store_acts acts;
	struct oversight sum;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = sum_of(service, arena, visit.id, &acts, &sum);
	if (err != OK)
		return err;
	struct visit_act act = *wish;
	act.id = (struct act_id){ random_id(service->random) };
	act.seq = sum.acts + 1;
	act.side = side_of_actor(actor, wish->side);
	act.at = service->now;
	act.by = actor->account;
	*answer = act_allowed(&visit, &sum, &act);
	if (*answer != ACT_OK)
		return OK;
	if (act.act == ACT_RESUME)
		act.amount = oversight_paused_s(&sum, service->now) - sum.paused_s;
	if (act.act == ACT_EXTEND)
		err = extend(service, &visit, &sum, (int)act.amount, answer);
	return err == OK ? write_act(service, actor, &visit, &act) : err;
}

enum err visit_do(struct service *service, const struct actor *actor, struct reference reference,
		  const struct visit_act *wish, enum act_answer *answer)
{
	if (!may_do(actor, wish->act))
		return ERR_DENIED;
	if (wish->words.len > REASON_MAX || !str_is_utf8(wish->words))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = ACT_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = do_it(service, actor, &arena, reference, wish, answer);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	/* The time is taken: what was tried is undone, and that is the answer. */
	return err == ERR_CONFLICT && *answer == ACT_TIME_TAKEN ? OK : err;
}

enum err oversight_find(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, struct oversight_record *out)
{
	if (!actor_is_one_of(actor, MAY_READ))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, &out->visit);
	if (err == OK)
		err = sum_of(service, arena, out->visit.id, &out->acts, &out->sum);
	return err == OK
		   ? store_monitoring_list(service->store, arena, out->visit.id, &out->watched)
		   : err;
}

/* ---- what is to be watched ---- */

static enum err draw(struct service *service, const struct actor *actor, struct prison_code prison,
		     const struct policy *policy, struct watch_draw *out)
{
	int64_t day = date_to_days(local_date(service->now));
	enum err err = store_draw_find(service->store, prison, day, out);
	if (err != ERR_NOT_FOUND)
		return err;
	*out = (struct watch_draw){ .prison = prison,
				    .day = day,
				    .seed = random_id(service->random),
				    .share = (int)policy->values[POLICY_OVERSIGHT_SHARE],
				    .drawn_at = service->now };
	err = store_draw_insert(service->store, out);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_WATCH_DRAW,
						 .object = AUDIT_ON_PRISON,
						 .object_id = out->seed,
						 .amount = out->share,
						 .prison = prison });
}

static enum err find_duty(struct service *service, const struct actor *actor,
			  const struct visit *visit, struct watch_duty *out)
{
	struct policy policy = { 0 };
	struct watch_draw drawn = { 0 };
	enum err err = policy_load(service, visit->prison, &policy);
	if (err == OK)
		err = draw(service, actor, visit->prison, &policy, &drawn);
	if (err != OK)
		return err;
	*out = (struct watch_duty){
		.need = watch_need(visit, &policy, drawn.seed, drawn.share),
		.missing_s = 60 * policy.values[POLICY_OVERSIGHT_MISSING_MINUTES],
		.missing_pauses = policy.values[POLICY_OVERSIGHT_MISSING_PAUSE] != 0,
		.ratio = policy.values[POLICY_OVERSIGHT_RATIO],
	};
	return OK;
}

enum err watch_duty_find(struct service *service, const struct actor *actor,
			 const struct visit *visit, struct watch_duty *out)
{
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = find_duty(service, actor, visit, out);
	return use_case_end(&use, err);
}

/* ---- watching ---- */

static const char *const ANSWERS[WATCH_ANSWER_COUNT] = {
	[WATCH_OK] = "OK",
	[WATCH_NO_WORDS] = "NO_WORDS",
	[WATCH_BEGUN] = "BEGUN",
	[WATCH_NOT_DRAWN] = "NOT_DRAWN",
	[WATCH_NO_GROUND] = "NO_GROUND",
	[WATCH_TOO_MANY] = "TOO_MANY",
};

const char *watch_answer_name(enum watch_answer answer)
{
	return ANSWERS[answer < WATCH_ANSWER_COUNT ? answer : WATCH_NO_WORDS];
}

static bool long_enough(struct str words)
{
	size_t characters = 0;
	words = str_trim(words);
	for (size_t i = 0; i < words.len; i++)
		characters += ((unsigned char)words.at[i] & 0xc0) != 0x80;
	return characters >= PURPOSE_WORDS_MIN;
}

/* Drawn before today's first question, or not at all: nobody is helped by asking. */
static bool is_drawn(struct service *service, const struct visit *visit)
{
	struct policy policy = { 0 };
	struct watch_draw drawn = { 0 };
	int64_t day = date_to_days(local_date(service->now));
	return policy_load(service, visit->prison, &policy) == OK &&
	       store_draw_find(service->store, visit->prison, day, &drawn) == OK &&
	       watch_need(visit, &policy, drawn.seed, drawn.share) == WATCH_NEED_DRAWN;
}

static enum watch_answer purpose_fits(struct service *service, const struct visit *visit,
				      struct watch_wish *wish)
{
	switch (wish->purpose) {
	case PURPOSE_ADMISSION:
		wish->words = STR("Picture and identity are compared before admission.");
		return visit->state == VISIT_LIVE && !visit_admission_waits(visit) ? WATCH_BEGUN
										   : WATCH_OK;
	case PURPOSE_SAMPLE:
		wish->words = STR("The service drew this visit.");
		return is_drawn(service, visit) ? WATCH_OK : WATCH_NOT_DRAWN;
	case PURPOSE_ASSIGNMENT:
	case PURPOSE_INCIDENT:
	case PURPOSE_AUTHORISATION:
	case PURPOSE_COUNT:
		break;
	}
	return long_enough(wish->words) ? WATCH_OK : WATCH_NO_WORDS;
}

static enum err too_many(struct service *service, const struct actor *actor,
			 const struct visit *visit, enum watch_answer *answer)
{
	struct policy policy = { 0 };
	int64_t others = 0;
	enum err err = policy_load(service, visit->prison, &policy);
	if (err == OK)
		err = store_monitoring_count(service->store, actor->account, visit->id, &others);
	if (err == OK && others >= policy.values[POLICY_OVERSIGHT_RATIO])
		*answer = WATCH_TOO_MANY;
	return err;
}

static enum err begin(struct service *service, const struct actor *actor, struct arena *arena,
		      struct reference reference, struct watch_wish wish, enum watch_answer *answer,
		      struct monitoring_id *out)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err != OK)
		return err;
	if (visit.kind != VISIT_SOCIAL)
		return ERR_DENIED;
	*answer = purpose_fits(service, &visit, &wish);
	bool grounded = wish.purpose == PURPOSE_INCIDENT || wish.purpose == PURPOSE_AUTHORISATION;
	if (*answer == WATCH_OK && grounded) {
		err = watch_ground(service, arena, &visit, wish.purpose, &wish.purpose_id);
		*answer = wish.purpose_id ? WATCH_OK : WATCH_NO_GROUND;
	}
	if (err == OK && *answer == WATCH_OK && wish.purpose != PURPOSE_ADMISSION)
		err = too_many(service, actor, &visit, answer);
	if (err != OK || *answer != WATCH_OK)
		return err;
	struct monitoring monitoring = {
		.id = { random_id(service->random) },
		.visit = visit.id,
		.officer = actor->account,
		.purpose = wish.purpose,
		.purpose_id = wish.purpose_id,
		.words = wish.words,
		.at = service->now,
	};
	err = store_monitoring_end_of(service->store, visit.id, actor->account, service->now);
	if (err == OK)
		err = store_monitoring_insert(service->store, &monitoring, visit.kind);
	if (err != OK)
		return err;
	*out = monitoring.id;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_MONITOR_BEGIN,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit.id.n,
						 .amount = wish.purpose,
						 .prison = visit.prison,
						 .words = wish.words });
}

enum err monitoring_begin(struct service *service, const struct actor *actor,
			  struct reference reference, const struct watch_wish *wish,
			  enum watch_answer *answer, struct monitoring_id *out)
{
	if (!actor_is_one_of(actor, MAY_ACT))
		return ERR_DENIED;
	if (wish->words.len > REASON_MAX || !str_is_utf8(wish->words))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = WATCH_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = begin(service, actor, &arena, reference, *wish, answer, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* told or ended: one row, one leaf. */
static enum err note(struct service *service, const struct actor *actor, struct monitoring_id id,
		     enum audit_verb verb, bool acknowledged)
{
	struct monitoring monitoring = { 0 };
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_monitoring_find(service->store, &arena, id, &monitoring);
	if (err == OK)
		err = verb == AUDIT_MONITOR_END
			  ? store_monitoring_end(service->store, id, service->now)
			  : store_monitoring_told(service->store, id, acknowledged);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = verb,
							.object = AUDIT_ON_VISIT,
							.object_id = monitoring.visit.n,
							.amount = acknowledged,
							.prison = monitoring.prison });
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err monitoring_told(struct service *service, const struct actor *actor,
			 struct monitoring_id id, bool acknowledged)
{
	return note(service, actor, id, AUDIT_MONITOR_TOLD, acknowledged);
}

enum err monitoring_end(struct service *service, const struct actor *actor, struct monitoring_id id)
{
	return note(service, actor, id, AUDIT_MONITOR_END, false);
}

/* ---- prepared warnings ---- */

enum err warnings_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct store_warnings *out)
{
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	return store_warning_list(service->store, arena, actor->prison, out);
}

enum err warning_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct warning_id id, struct warning *out)
{
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	enum err err = store_warning_find(service->store, arena, id, out);
	if (err == OK && !prison_code_empty(out->prison) && !actor_works_at(actor, out->prison))
		return ERR_NOT_FOUND;
	return err;
}

static enum err add_warning(struct service *service, const struct actor *actor, struct arena *arena,
			    struct warning *warning)
{
	struct store_warnings all;
	enum err err = store_warning_list(service->store, arena, actor->prison, &all);
	if (err == OK && all.count >= WARNINGS_MAX)
		err = ERR_LIMIT;
	if (err != OK)
		return err;
	warning->place = all.count > 0 ? all.list[all.count - 1].place + 1 : 1;
	err = store_warning_insert(service->store, warning, actor->account);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_WARNING_ADD,
						 .object = AUDIT_ON_PRISON,
						 .object_id = warning->id.n,
						 .words = warning->words });
}

enum err warning_add(struct service *service, const struct actor *actor, struct str words,
		     struct str words_cy)
{
	if (!actor_is_one_of(actor, MAY_WORD))
		return ERR_DENIED;
	bool fits = words.len <= WARNING_MAX && words_cy.len <= WARNING_MAX;
	if (!fits || !reason_acceptable(words) || !reason_acceptable(words_cy))
		return ERR_BAD;
	struct warning warning = { .id = { random_id(service->random) },
				   .prison = actor->prison,
				   .words = words,
				   .words_cy = words_cy };
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add_warning(service, actor, &arena, &warning);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err retire_warning(struct service *service, const struct actor *actor,
			       struct arena *arena, struct warning_id id)
{
	struct warning warning = { 0 };
	enum err err = warning_find(service, actor, arena, id, &warning);
	if (err == OK && prison_code_empty(warning.prison))
		err = ERR_DENIED;
	if (err == OK)
		err = store_warning_retire(service->store, id, service->now);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_WARNING_RETIRE,
						 .object = AUDIT_ON_PRISON,
						 .object_id = id.n,
						 .words = warning.words });
}

enum err warning_retire(struct service *service, const struct actor *actor, struct warning_id id)
{
	if (!actor_is_one_of(actor, MAY_WORD))
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = retire_warning(service, actor, &arena, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
