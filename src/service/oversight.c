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
	if (err == OK)
		err = store_monitoring_list(service->store, arena, out->visit.id, &out->watched);
	return err == OK
		   ? store_assignment_list(service->store, arena, out->visit.id, &out->assigned)
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

/* What is written where the purpose says it all. */
static struct str words_for(const struct watch_wish *wish)
{
	if (wish->purpose == PURPOSE_ADMISSION)
		return STR("Picture and identity are compared before admission.");
	if (wish->purpose == PURPOSE_SAMPLE)
		return STR("The service drew this visit.");
	return wish->words;
}

/* Drawn before today's first question, or not at all: nobody is helped by asking. */
static enum err need_of(struct service *service, const struct visit *visit,
			const struct policy *policy, enum watch_need *out)
{
	struct watch_draw drawn = { 0 };
	int64_t day = date_to_days(local_date(service->now));
	enum err err = store_draw_find(service->store, visit->prison, day, &drawn);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*out = watch_need(visit, policy, drawn.seed, err == OK ? drawn.share : 0);
	return OK;
}

/* The row that grounds the purpose; 0: there is none. */
static enum err find_ground(struct service *service, const struct actor *actor, struct arena *arena,
			    const struct visit *visit, struct monitoring *monitoring)
{
	struct assignment_id assignment = { 0 };
	if (monitoring->purpose == PURPOSE_INCIDENT || monitoring->purpose == PURPOSE_AUTHORISATION)
		return watch_ground(service, arena, visit, monitoring->purpose,
				    &monitoring->purpose_id);
	if (monitoring->purpose != PURPOSE_ASSIGNMENT)
		return OK;
	enum err err =
	    store_assignment_find(service->store, visit->id, actor->account, &assignment);
	monitoring->purpose_id = assignment.n;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err may_watch(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct visit *visit, struct monitoring *monitoring,
			  enum watch_answer *answer)
{
	struct policy policy = { 0 };
	struct watch_facts facts = {
		.purpose = monitoring->purpose,
		.begun = visit->state == VISIT_LIVE && !visit_admission_waits(visit),
		.words = monitoring->words,
	};
	enum err err = policy_load(service, visit->prison, &policy);
	if (err == OK)
		err = need_of(service, visit, &policy, &facts.need);
	if (err == OK)
		err = find_ground(service, actor, arena, visit, monitoring);
	if (err == OK)
		err = store_monitoring_count(service->store, actor->account, visit->id,
					     &facts.watching);
	if (err != OK)
		return err;
	facts.rule = (enum watch_rule)policy.values[POLICY_OVERSIGHT_WATCH];
	facts.ratio = policy.values[POLICY_OVERSIGHT_RATIO];
	facts.assigned = monitoring->purpose_id != 0;
	facts.incident = monitoring->purpose_id != 0;
	facts.authorised = monitoring->purpose_id != 0;
	*answer = watch_allowed(&facts);
	return OK;
}

static enum err begin(struct service *service, const struct actor *actor, struct arena *arena,
		      struct reference reference, const struct watch_wish *wish,
		      enum watch_answer *answer, struct monitoring_id *out)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err != OK)
		return err;
	if (visit.kind != VISIT_SOCIAL)
		return ERR_DENIED;
	struct monitoring monitoring = {
		.id = { random_id(service->random) },
		.visit = visit.id,
		.officer = actor->account,
		.purpose = wish->purpose,
		.words = words_for(wish),
		.at = service->now,
	};
	err = may_watch(service, actor, arena, &visit, &monitoring, answer);
	if (err != OK || *answer != WATCH_OK)
		return err;
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
						 .amount = wish->purpose,
						 .prison = visit.prison,
						 .words = monitoring.words });
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
		err = begin(service, actor, &arena, reference, wish, answer, out);
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

enum err monitoring_stands(struct service *service, const struct actor *actor,
			   struct monitoring_id id, bool *out)
{
	*out = false;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_monitoring_stands(service->store, id, service->now, out);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- who is assigned to watch ---- */

static const char *const ASSIGN_ANSWERS[ASSIGN_ANSWER_COUNT] = {
	[ASSIGN_OK] = "OK",
	[ASSIGN_RECORDED_ONLY] = "RECORDED_ONLY",
	[ASSIGN_OVER] = "OVER",
	[ASSIGN_ALREADY] = "ALREADY",
	[ASSIGN_NOT_OFFICER] = "NOT_OFFICER",
};

const char *assign_answer_name(enum assign_answer answer)
{
	return ASSIGN_ANSWERS[answer < ASSIGN_ANSWER_COUNT ? answer : ASSIGN_NOT_OFFICER];
}

static bool is_listed(const struct store_staff *officers, struct account_id account)
{
	for (size_t i = 0; i < officers->count; i++)
		if (officers->list[i].account.id.n == account.n)
			return true;
	return false;
}

enum err watch_officers_find(struct service *service, const struct actor *actor,
			     struct arena *arena, struct store_staff *out)
{
	struct store_staff all = { 0 };
	if (actor->role != ROLE_DUTY_GOVERNOR)
		return ERR_DENIED;
	enum err err = store_staff_list(service->store, arena, actor->prison, &all);
	if (err != OK)
		return err;
	*out = (struct store_staff){ .list = all.list };
	for (size_t i = 0; i < all.count; i++) {
		const struct staff_member *member = &all.list[i];
		bool watches = (MAY(member->role.role) & MAY_ACT) != 0;
		if (watches && member->account.id.n != actor->account.n &&
		    !is_listed(out, member->account.id))
			out->list[out->count++] = *member;
	}
	return OK;
}

static enum err may_assign(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct visit *visit, struct account_id officer,
			   enum assign_answer *answer)
{
	struct policy policy = { 0 };
	struct store_staff officers = { 0 };
	struct assignment_id held = { 0 };
	enum err err = policy_load(service, visit->prison, &policy);
	if (err == OK)
		err = watch_officers_find(service, actor, arena, &officers);
	if (err == OK)
		err = store_assignment_find(service->store, visit->id, officer, &held);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	bool recorded_only =
	    policy.values[POLICY_OVERSIGHT_WATCH] == WATCH_NOBODY && !visit->watched;
	if (visit->state != VISIT_BOOKED && visit->state != VISIT_LOBBY &&
	    visit->state != VISIT_LIVE)
		*answer = ASSIGN_OVER;
	else if (recorded_only)
		*answer = ASSIGN_RECORDED_ONLY;
	else if (!is_listed(&officers, officer))
		*answer = ASSIGN_NOT_OFFICER;
	else if (held.n != 0)
		*answer = ASSIGN_ALREADY;
	return OK;
}

static enum err write_assignment_leaf(struct service *service, const struct actor *actor,
				      const struct visit *visit, enum audit_verb verb,
				      int64_t officer, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_VISIT,
						 .object_id = visit->id.n,
						 .amount = officer,
						 .prison = visit->prison,
						 .words = words });
}

static enum err assign(struct service *service, const struct actor *actor, struct arena *arena,
		       struct reference reference, struct account_id officer, struct str reason,
		       enum assign_answer *answer)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK && visit.kind != VISIT_SOCIAL)
		err = ERR_DENIED;
	if (err == OK)
		err = may_assign(service, actor, arena, &visit, officer, answer);
	if (err != OK || *answer != ASSIGN_OK)
		return err;
	struct assignment assignment = { .id = { random_id(service->random) },
					 .visit = visit.id,
					 .officer = officer,
					 .by = actor->account,
					 .reason = reason,
					 .at = service->now };
	err = store_assignment_insert(service->store, &assignment, visit.kind);
	return err == OK ? write_assignment_leaf(service, actor, &visit, AUDIT_WATCH_ASSIGN,
						 officer.n, reason)
			 : err;
}

enum err watch_assign(struct service *service, const struct actor *actor,
		      struct reference reference, struct account_id officer, struct str reason,
		      enum assign_answer *answer)
{
	if (actor->role != ROLE_DUTY_GOVERNOR)
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = ASSIGN_OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = assign(service, actor, &arena, reference, officer, reason, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err end_assignment(struct service *service, const struct actor *actor,
			       struct arena *arena, struct reference reference,
			       struct assignment_id id)
{
	struct visit visit = { 0 };
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = store_assignment_end(service->store, visit.id, id, service->now);
	return err == OK ? write_assignment_leaf(service, actor, &visit, AUDIT_WATCH_ASSIGNMENT_END,
						 id.n, STR(""))
			 : err;
}

enum err watch_assignment_end(struct service *service, const struct actor *actor,
			      struct reference reference, struct assignment_id id)
{
	if (actor->role != ROLE_DUTY_GOVERNOR)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end_assignment(service, actor, &arena, reference, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
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
