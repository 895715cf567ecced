#include "service/post.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "service/service_priv.h"
#include "service/tell.h"
#include "store/account.h"
#include "store/message.h"
#include "store/prison.h"
#include "store/reach.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_OPERATOR) |
		  MAY(ROLE_SYSTEM),
	PUT_BACK_MAX = 200,
	POST_TO_MAX = 2048, /* a name and the lines of an address */
	DAY_S = 86400,
};

/* ---- handing on ---- */

static void add_line(struct buf *out, struct str line)
{
	if (str_empty(line))
		return;
	if (out->len)
		buf_char(out, '\n');
	buf_str(out, line);
}

static const char *letter_to(struct arena *arena, const struct account *account,
			     const struct postal *p)
{
	struct buf out = buf_of(POST_TO_MAX);
	const struct str lines[] = { account->name, p->line1,  p->line2,
				     p->town,       p->county, p->postcode };
	for (size_t i = 0; i < ARRAY_LEN(lines) && !postal_empty(p); i++)
		add_line(&out, lines[i]);
	const char *to = arena_text(arena, buf_view(&out));
	buf_clear(&out);
	return to;
}

/* A code goes to the number that is asked about, not to the one that is known. */
static enum err sms_to(struct service *service, const struct message *m, const struct reach *reach,
		       struct arena *arena, const char **to)
{
	struct mobile_code code = { 0 };
	if (m->kind != MESSAGE_CODE) {
		*to = arena_text(arena, str_from(reach->mobile));
		return OK;
	}
	enum err err = store_mobile_code_find(service->store, m->account, &code);
	bool stands = err == OK && code.until.s == m->answer_by.s;
	*to = arena_text(arena, str_from(stands ? code.mobile : ""));
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err address_of(struct service *service, struct arena *arena, struct post_item *item)
{
	struct reach reach = { 0 };
	const struct message *m = &item->message;
	enum err err = store_reach_find(service->store, arena, m->account, &reach);
	if (err != OK)
		return err;
	switch (m->channel) {
	case MESSAGE_SMS:
		return sms_to(service, m, &reach, arena, &item->to);
	case MESSAGE_LETTER:
		item->to = letter_to(arena, &item->account, &reach.postal);
		return OK;
	case MESSAGE_EMAIL:
	case MESSAGE_CHANNEL_COUNT:
		break;
	}
	item->to = arena_text(arena, item->account.email);
	return OK;
}

static enum err item_of(struct service *service, struct arena *arena, const struct message *m,
			struct post_item *out)
{
	struct post_item item = { .message = *m };
	enum err err = store_account_find(service->store, arena, m->account, &item.account);
	if (err == OK && !prison_code_empty(m->prison))
		err = store_prison_find(service->store, arena, m->prison, &item.prison);
	if (err == OK)
		err = address_of(service, arena, &item);
	if (err == OK)
		*out = item;
	return err;
}

static bool too_late(const struct message *m, struct wall now)
{
	return m->no_use_after.s && m->no_use_after.s <= now.s;
}

static void enter(struct message *m, enum message_state state, struct wall now)
{
	m->state = state;
	m->changed_at = now;
}

static enum err take_one(struct service *service, struct arena *arena, struct message *m,
			 struct post_list *list)
{
	struct post_item *item = &list->list[list->count];
	if (too_late(m, service->now))
		return tell_otherwise(service, m);
	enum err err = item_of(service, arena, m, item);
	if (err == OK && !item->to[0])
		return tell_otherwise(service, m);
	if (err != OK)
		return err;
	enter(&item->message, MESSAGE_SENDING, service->now);
	item->message.attempts++;
	list->count++;
	return store_message_update(service->store, &item->message);
}

static enum err take(struct service *service, const struct actor *actor, struct arena *arena,
		     enum message_channel channel, size_t limit, struct post_list *out)
{
	struct store_messages due = { 0 };
	enum err err =
	    store_message_list_due(service->store, arena, channel, service->now, (int)limit, &due);
	struct post_list list = { .list = arena_new(arena, due.count + 1, sizeof *list.list) };
	for (size_t i = 0; i < due.count && err == OK; i++)
		err = take_one(service, arena, &due.list[i], &list);
	if (err != OK || !due.count)
		return err;
	*out = list;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_MESSAGES_TAKE,
						 .object = AUDIT_ON_MESSAGE,
						 .amount = (int64_t)due.count });
}

enum err post_take(struct service *service, const struct actor *actor, struct arena *arena,
		   enum message_channel channel, size_t limit, struct post_list *out)
{
	struct use_case use;
	struct wall next = { 0 };
	*out = (struct post_list){ 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_message_next(service->store, channel, &next);
	if (err != OK || !limit || !next.s || next.s > service->now.s)
		return err; /* nothing is due: nobody else's turn to write is taken */
	err = use_case_begin(service, &use);
	if (err == OK)
		err = take(service, actor, arena, channel,
			   limit < POST_TAKE_MAX ? limit : POST_TAKE_MAX, out);
	err = use_case_end(&use, err);
	if (err != OK)
		out->count = 0;
	return err;
}

/* ---- answers ---- */

static void keep_text(char *out, size_t room, struct str text)
{
	(void)snprintf(out, room, "%.*s", STR_FMT(text));
}

static void apply(struct service *service, struct message *m, const struct post_answer *a)
{
	enum message_state state = MESSAGE_STATE_COUNT;
	int64_t wait_s = 0;
	switch (a->result) {
	case POST_TAKEN:
		state = MESSAGE_SENT;
		wait_s = a->provider == MESSAGE_BY_NOTIFY ? message_ask_again_s(0) : 0;
		break;
	case POST_DELIVERED:
		state = MESSAGE_DELIVERED;
		break;
	case POST_LATER:
		state = m->attempts < MESSAGE_ATTEMPTS_MAX ? MESSAGE_WAITING : MESSAGE_FAILED;
		wait_s =
		    a->at_once ? 1 : message_wait_s(m->attempts, a->retry_after_s, service->random);
		m->attempts -= a->at_once;
		break;
	case POST_BOUNCED:
		state = MESSAGE_BOUNCED;
		break;
	case POST_REFUSED:
	case POST_RESULT_COUNT:
		state = MESSAGE_FAILED;
		break;
	}
	enter(m, state, service->now);
	m->next_at = wait_s ? wall_add_s(service->now, wait_s) : (struct wall){ 0 };
	m->provider = a->provider ? a->provider : m->provider;
	if (!str_empty(a->provider_id))
		keep_text(m->provider_id, sizeof m->provider_id, a->provider_id);
	keep_text(m->problem, sizeof m->problem, a->problem);
}

/* Of what is under way, any; of what the provider has, what became of it. */
static bool fits(const struct message *m, enum post_result result)
{
	if (m->state == MESSAGE_SENDING)
		return true;
	return m->state == MESSAGE_SENT &&
	       (result == POST_DELIVERED || result == POST_BOUNCED || result == POST_REFUSED);
}

static enum err answered(struct service *service, const struct actor *actor,
			 const struct post_answer *answer)
{
	struct message m;
	enum err err = store_message_find(service->store, answer->message, &m);
	if (err == OK && !fits(&m, answer->result))
		err = ERR_CONFLICT;
	if (err != OK)
		return err;
	apply(service, &m, answer);
	err = store_message_update(service->store, &m);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_MESSAGE_ANSWER,
						 .object = AUDIT_ON_MESSAGE,
						 .object_id = m.id.n,
						 .amount = m.state,
						 .prison = m.prison });
}

enum err post_answered(struct service *service, const struct actor *actor,
		       const struct post_answer *answer)
{
	struct use_case use;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	if (answer->result >= POST_RESULT_COUNT)
		return ERR_BAD;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = answered(service, actor, answer);
	return use_case_end(&use, err);
}

static enum err put_back(struct service *service, const struct actor *actor, int64_t age_s,
			 size_t *count)
{
	struct arena arena;
	struct store_messages sending = { 0 };
	struct wall before = wall_add_s(service->now, -age_s);
	arena_init(&arena);
	enum err err =
	    store_message_list_sending(service->store, &arena, before, PUT_BACK_MAX, &sending);
	for (size_t i = 0; i < sending.count && err == OK; i++) {
		struct message *m = &sending.list[i];
		enter(m, MESSAGE_WAITING, service->now);
		m->next_at = service->now;
		(void)snprintf(m->problem, sizeof m->problem, "NO_ANSWER");
		err = store_message_update(service->store, m);
	}
	*count = sending.count;
	arena_clear(&arena);
	if (err != OK || !*count)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_MESSAGES_BACK,
						 .object = AUDIT_ON_MESSAGE,
						 .amount = (int64_t)*count });
}

enum err post_put_back(struct service *service, const struct actor *actor, int64_t age_s,
		       size_t *count)
{
	struct use_case use;
	*count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = put_back(service, actor, age_s, count);
	return use_case_end(&use, err);
}

/* ---- did it arrive? ---- */

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    size_t limit, struct post_list *out)
{
	struct store_messages sent = { 0 };
	enum err err =
	    store_message_list_to_ask(service->store, arena, service->now, (int)limit, &sent);
	struct post_list list = { .list = arena_new(arena, sent.count + 1, sizeof *list.list) };
	for (size_t i = 0; i < sent.count && err == OK; i++) {
		struct message *m = &sent.list[i];
		int64_t wait_s = message_ask_again_s(service->now.s - m->changed_at.s);
		m->next_at = wait_s ? wall_add_s(service->now, wait_s) : (struct wall){ 0 };
		err = store_message_update(service->store, m);
		list.list[list.count++].message = *m;
	}
	if (err != OK || !list.count)
		return err;
	*out = list;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_MESSAGES_ASK,
						 .object = AUDIT_ON_MESSAGE,
						 .amount = (int64_t)list.count });
}

enum err post_ask(struct service *service, const struct actor *actor, struct arena *arena,
		  size_t limit, struct post_list *out)
{
	struct use_case use;
	*out = (struct post_list){ 0 };
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err =
		    ask(service, actor, arena, limit < POST_TAKE_MAX ? limit : POST_TAKE_MAX, out);
	return use_case_end(&use, err);
}

/* ---- keeping and erasing ---- */

enum err post_erase_due(struct service *service, const struct actor *actor)
{
	struct use_case use;
	struct policy national;
	int64_t count = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	int64_t keep_s = national.values[POLICY_MESSAGE_KEEP_DAYS] * DAY_S;
	err = use_case_begin(service, &use);
	if (err == OK)
		err =
		    store_message_erase(service->store, wall_add_s(service->now, -keep_s), &count);
	if (err == OK && count)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_MESSAGES_ERASE,
							.object = AUDIT_ON_MESSAGE,
							.amount = count });
	return use_case_end(&use, err);
}

/* ---- staff look ---- */

static enum err oldest(struct service *service, struct wall *out)
{
	struct wall first = { 0 };
	for (unsigned c = 0; c < MESSAGE_CHANNEL_COUNT; c++) {
		struct wall next = { 0 };
		enum err err = store_message_next(service->store, (enum message_channel)c, &next);
		if (err != OK)
			return err;
		if (next.s && next.s <= service->now.s && (!first.s || next.s < first.s))
			first = next;
	}
	*out = first;
	return OK;
}

enum err post_view(struct service *service, const struct actor *actor, struct arena *arena,
		   struct prison_code prison, enum message_state state, struct post_view *out)
{
	struct post_view view = { 0 };
	struct store_messages messages = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	if (prison_code_empty(prison))
		prison = actor->prison;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	enum err err = store_message_count(service->store, prison, view.counts);
	if (err == OK)
		err = store_message_list_state(service->store, arena, prison, state, POST_LIST_MAX,
					       &messages);
	if (err == OK)
		err = oldest(service, &view.waiting_since);
	view.count = messages.count;
	view.list = messages.list;
	if (err == OK)
		*out = view;
	return err;
}

enum err post_find(struct service *service, const struct actor *actor, struct arena *arena,
		   struct message_id id, struct post_item *out)
{
	struct message m;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_message_find(service->store, id, &m);
	return err == OK ? item_of(service, arena, &m, out) : err;
}

/* In a savepoint: where the read fails, PostgreSQL would refuse all that follows it, too. */
static enum err list_of(struct service *service, struct arena *arena, struct visit_id visit,
			struct store_messages *out)
{
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = store_message_list_of(service->store, arena, visit.n, POST_LIST_MAX, out);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}

enum err post_of(struct service *service, const struct actor *actor, struct arena *arena,
		 struct reference reference, struct post_view *out)
{
	struct visit visit;
	struct store_messages messages = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK)
		err = list_of(service, arena, visit.id, &messages);
	if (err == OK)
		*out = (struct post_view){ .count = messages.count, .list = messages.list };
	return err;
}
