#include "service/webhook.h"

#include "base/hex.h"
#include "domain/message.h"
#include "service/service_priv.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/visit.h"

enum {
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR),
	DAY_S = 86400,
};

/* ---- setting them up ---- */

static void hide_secret(struct webhook *hook)
{
	for (size_t i = 0; i < sizeof hook->secret; i++)
		hook->secret[i] = 0;
}

/* Those of all prisons are not a prison's business. */
static bool is_theirs(const struct actor *actor, const struct webhook *hook)
{
	return prison_code_empty(actor->prison) || prison_code_equal(actor->prison, hook->prison);
}

static enum err load(struct service *service, const struct actor *actor, struct arena *arena,
		     struct webhook_id id, struct webhook *out)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	enum err err = store_webhook_find(service->store, arena, id, out);
	if (err == OK && (out->ended_at.s || !is_theirs(actor, out)))
		err = ERR_NOT_FOUND;
	hide_secret(out);
	return err;
}

static enum err audit(struct service *service, const struct actor *actor, enum audit_verb verb,
		      const struct webhook *hook, int64_t amount, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_WEBHOOK,
						 .object_id = hook->id.n,
						 .amount = amount,
						 .prison = hook->prison,
						 .words = words });
}

/* As many as are in use of exactly that prison, or of all. */
static enum err count_of(struct service *service, struct arena *arena, struct prison_code prison,
			 size_t *out)
{
	struct store_webhooks all = { 0 };
	enum err err = store_webhook_list(service->store, arena, prison, &all);
	*out = 0;
	for (size_t i = 0; i < all.count; i++)
		*out += prison_code_equal(all.list[i].prison, prison);
	return err;
}

static enum err add(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct webhook *hook)
{
	struct prison prison;
	size_t count = 0;
	enum err err = OK;
	if (!prison_code_empty(hook->prison))
		err = store_prison_find(service->store, arena, hook->prison, &prison);
	if (err == OK)
		err = count_of(service, arena, hook->prison, &count);
	if (err == OK && count >= WEBHOOKS_MAX)
		err = ERR_LIMIT;
	if (err == OK)
		err = store_webhook_insert(service->store, hook, actor->account);
	return err == OK ? audit(service, actor, AUDIT_WEBHOOK_ADD, hook, 0, hook->url) : err;
}

enum err webhook_add(struct service *service, const struct actor *actor,
		     const struct webhook_new *new, char secret[WEBHOOK_SECRET_TEXT_LEN + 1],
		     struct webhook_id *out)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!webhook_url_acceptable(new->url, new->plain_too))
		return ERR_BAD;
	bool own = !prison_code_empty(actor->prison);
	struct webhook hook = { .id = { random_id(service->random) },
				.prison = own ? actor->prison : new->prison,
				.url = new->url,
				.made_at = service->now };
	random_fill(service->random, hook.secret, sizeof hook.secret);
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add(service, actor, &arena, &hook);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	if (err != OK)
		return err;
	hex_encode(bytes_of(hook.secret, sizeof hook.secret), secret);
	*out = hook.id;
	return OK;
}

static enum err end(struct service *service, const struct actor *actor, struct arena *arena,
		    struct webhook_id id, struct str reason)
{
	struct webhook hook = { 0 };
	enum err err = load(service, actor, arena, id, &hook);
	if (err == OK)
		err = store_webhook_end(service->store, id, service->now, reason);
	return err == OK ? audit(service, actor, AUDIT_WEBHOOK_END, &hook, 0, reason) : err;
}

enum err webhook_end(struct service *service, const struct actor *actor, struct webhook_id id,
		     struct str reason)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err again(struct service *service, const struct actor *actor, struct arena *arena,
		      struct webhook_id id)
{
	struct webhook hook = { 0 };
	int64_t count = 0;
	enum err err = load(service, actor, arena, id, &hook);
	if (err == OK)
		err = store_webhook_event_again(service->store, id, (struct wall){ 0 },
						service->now, &count);
	if (err != OK || !count)
		return err;
	return audit(service, actor, AUDIT_WEBHOOK_AGAIN, &hook, count, STR(""));
}

enum err webhook_again(struct service *service, const struct actor *actor, struct webhook_id id)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = again(service, actor, &arena, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err webhooks_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct webhook_list *out)
{
	struct store_webhooks all = { 0 };
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	enum err err = store_webhook_list(service->store, arena, actor->prison, &all);
	for (size_t i = 0; i < all.count; i++)
		hide_secret(&all.list[i]);
	if (err == OK)
		*out = (struct webhook_list){ .count = all.count, .list = all.list };
	return err;
}

enum err webhook_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct webhook_id id, struct webhook_view *out)
{
	struct webhook_view view = { 0 };
	struct store_webhook_events events = { 0 };
	enum err err = load(service, actor, arena, id, &view.hook);
	if (err == OK)
		err = store_webhook_event_list_of(service->store, arena, id, WEBHOOK_EVENTS_SHOWN,
						  &events);
	view.count = events.count;
	view.events = events.list;
	if (err == OK)
		*out = view;
	return err;
}

/* ---- on their way ---- */

/* What an event is about may have gone since: then it says less. */
static enum err or_nothing(enum err err)
{
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err item_of(struct service *service, struct arena *arena,
			const struct webhook_event *event, struct webhook_item *out)
{
	struct prisoner prisoner = { 0 };
	struct webhook_item item = { .event = *event };
	enum err err = store_webhook_find(service->store, arena, event->webhook, &item.hook);
	if (err == OK && event->reference.text[0])
		err = or_nothing(
		    store_visit_find(service->store, arena, event->reference, &item.visit));
	else if (err == OK)
		err = or_nothing(store_prisoner_find(
		    service->store, arena, (struct prisoner_id){ event->object_id }, &prisoner));
	item.number = item.visit.id.n ? item.visit.prisoner_number : prisoner.number;
	*out = item;
	return err;
}

static enum err take_one(struct service *service, struct arena *arena, struct webhook_event *event,
			 struct webhook_items *items)
{
	event->state = EVENT_SENDING;
	event->attempts++;
	event->changed_at = service->now;
	enum err err = store_webhook_event_update(service->store, event);
	return err == OK ? item_of(service, arena, event, &items->list[items->count++]) : err;
}

static enum err take(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct store_webhook_events *due, struct webhook_items *out)
{
	struct webhook_items items = { .list = arena_new(arena, due->count, sizeof *items.list) };
	enum err err = OK;
	for (size_t i = 0; i < due->count && err == OK; i++)
		err = take_one(service, arena, &due->list[i], &items);
	if (err != OK)
		return err;
	*out = items;
	return audit(service, actor, AUDIT_WEBHOOK_TAKE, &(struct webhook){ 0 },
		     (int64_t)due->count, STR(""));
}

enum err webhook_take(struct service *service, const struct actor *actor, struct arena *arena,
		      size_t limit, struct webhook_items *out)
{
	struct store_webhook_events due = { 0 };
	*out = (struct webhook_items){ 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	int most = (int)(limit < WEBHOOK_TAKE_MAX ? limit : WEBHOOK_TAKE_MAX);
	enum err err =
	    store_webhook_event_list_due(service->store, arena, service->now, most, &due);
	if (err != OK || !due.count)
		return err; /* nothing is due: nobody else's turn to write is taken */
	struct use_case use;
	err = use_case_begin(service, &use);
	/* Once more: another process may have taken them before it was our turn. */
	if (err == OK)
		err = store_webhook_event_list_due(service->store, arena, service->now, most, &due);
	if (err == OK && due.count)
		err = take(service, actor, arena, &due, out);
	err = use_case_end(&use, err);
	if (err != OK)
		out->count = 0;
	return err;
}

static void apply(struct service *service, struct webhook_event *event,
		  const struct webhook_answer *answer)
{
	bool again = answer->result == WEBHOOK_LATER && event->attempts < MESSAGE_ATTEMPTS_MAX;
	struct str problem = answer->problem;
	if (problem.len > MESSAGE_PROBLEM_MAX)
		problem.len = MESSAGE_PROBLEM_MAX;
	int64_t wait_s = answer->at_once ? 1
					 : message_wait_s(event->attempts, answer->retry_after_s,
							  service->random);
	event->state = again ? EVENT_WAITING : EVENT_FAILED;
	if (answer->result == WEBHOOK_TAKEN)
		event->state = EVENT_DELIVERED;
	event->attempts -= answer->at_once;
	event->next_at = wall_add_s(service->now, again ? wait_s : 0);
	event->changed_at = service->now;
	event->problem = problem;
}

static enum err answered(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct webhook_answer *answer)
{
	struct webhook_event event = { 0 };
	enum err err = store_webhook_event_find(service->store, arena, &answer->event, &event);
	if (err == OK && event.state != EVENT_SENDING)
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	apply(service, &event, answer);
	err = store_webhook_event_update(service->store, &event);
	if (err != OK)
		return err;
	return audit(service, actor, AUDIT_WEBHOOK_ANSWER,
		     &(struct webhook){ .id = event.webhook, .prison = event.prison }, event.state,
		     STR(""));
}

enum err webhook_answered(struct service *service, const struct actor *actor,
			  const struct webhook_answer *answer)
{
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	if (answer->result >= WEBHOOK_RESULT_COUNT)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = answered(service, actor, &arena, answer);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* A leaf, where something was changed. */
static enum err note(struct service *service, const struct actor *actor, enum audit_verb verb,
		     enum err err, int64_t count)
{
	if (err != OK || !count)
		return err;
	return audit(service, actor, verb, &(struct webhook){ 0 }, count, STR(""));
}

enum err webhook_put_back(struct service *service, const struct actor *actor, int64_t age_s)
{
	struct use_case use;
	int64_t count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_webhook_event_again(service->store, (struct webhook_id){ 0 },
						wall_add_s(service->now, -age_s), service->now,
						&count);
	return use_case_end(&use, note(service, actor, AUDIT_WEBHOOK_BACK, err, count));
}

enum err webhook_erase_due(struct service *service, const struct actor *actor)
{
	struct use_case use;
	struct policy national;
	int64_t count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err != OK)
		return or_nothing(err);
	int64_t keep_s = national.values[POLICY_MESSAGE_KEEP_DAYS] * DAY_S;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = store_webhook_event_erase(service->store, wall_add_s(service->now, -keep_s),
						&count);
	return use_case_end(&use, note(service, actor, AUDIT_WEBHOOK_ERASE, err, count));
}
