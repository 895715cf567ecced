#include "service/tell.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "domain/allowance.h"
#include "domain/request.h"
#include "service/service_priv.h"
#include "service/tell_priv.h"
#include "service/visit_link_priv.h"
#include "store/contact.h"
#include "store/message.h"
#include "store/reach.h"

enum {
	HOUR_S = 3600,
	TEXT_OF_USE_S = 2 * 86400,
	AT_ONCE = 100,
};

static struct wall useless_after(const struct service *service, const struct telling *t)
{
	if (t->no_use_after.s)
		return t->no_use_after;
	bool ahead = t->start.s > service->now.s;
	if (t->answer_by.s > service->now.s)
		return t->answer_by;
	return ahead && t->kind == MESSAGE_REMINDER ? t->start : (struct wall){ 0 };
}

/* A text message that is days late tells of what is over. */
static struct wall text_useless_after(const struct message *m)
{
	return m->no_use_after.s ? m->no_use_after : wall_add_s(m->next_at, TEXT_OF_USE_S);
}

static struct message message_of(struct service *service, const struct telling *t)
{
	struct message m = {
		.kind = t->kind,
		.account = t->account,
		.prison = t->prison,
		.object = t->object,
		.occasion = t->occasion,
		.reference = t->reference,
		.start = t->start,
		.minutes = t->minutes,
		.was = t->was,
		.revision = t->revision,
		.number = t->number,
		.answer_by = t->answer_by,
		.made_at = service->now,
		.no_use_after = useless_after(service, t),
		.state = MESSAGE_WAITING,
		.next_at = t->send_at.s ? t->send_at : service->now,
		.changed_at = service->now,
	};
	ASSERT(t->kind < MESSAGE_KIND_COUNT && t->account.n);
	if (t->why) {
		ASSERT(strlen(t->why) <= MESSAGE_WHY_MAX);
		(void)snprintf(m.why, sizeof m.why, "%s", t->why);
	}
	return m;
}

static enum err insert(struct service *service, struct message m, enum message_channel channel)
{
	m.id = (struct message_id){ id_next(service) };
	m.channel = channel;
	if (channel == MESSAGE_SMS)
		m.no_use_after = text_useless_after(&m);
	return store_message_insert(service->store, &m);
}

static enum err nobody_told(struct service *service, struct message m)
{
	m.state = MESSAGE_FAILED;
	m.next_at = (struct wall){ 0 };
	(void)snprintf(m.problem, sizeof m.problem, "NO_WAY");
	return insert(service, m, MESSAGE_LETTER);
}

/* Which way; the rules are those of the prison, of what is of none those of the country. */
static enum err channels_of(struct service *service, const struct reach *reach,
			    const struct message *m, unsigned *out)
{
	enum err err = OK;
	struct policy policy = { 0 };
	struct reach_news news = { .kind = m->kind,
				   .at = m->next_at,
				   .till = m->answer_by.s ? m->answer_by : m->start };
	if (reach->mobile[0] || !reach->email)
		err = policy_load(service, m->prison, &policy);
	if (err == OK)
		*out = reach_channels(reach, &news, &policy);
	return err;
}

static enum err insert_by(struct service *service, const struct message *m, unsigned by)
{
	enum err err = OK;
	for (unsigned c = 0; c < MESSAGE_CHANNEL_COUNT && err == OK; c++)
		if (by & REACH_BY(c))
			err = insert(service, *m, (enum message_channel)c);
	return err;
}

static enum err tell_by(struct service *service, const struct reach *reach, const struct telling *t)
{
	struct message m = message_of(service, t);
	unsigned by = 0;
	enum err err = channels_of(service, reach, &m, &by);
	if (err == OK && !by)
		return nobody_told(service, m);
	return err == OK ? insert_by(service, &m, by) : err;
}

/* ---- another way ---- */

/* The same, as if it were told for the first time. */
static struct message anew(const struct message *m, struct wall now)
{
	struct message other = *m;
	other.state = MESSAGE_WAITING;
	other.attempts = 0;
	other.next_at = m->next_at.s > now.s ? m->next_at : now;
	other.changed_at = now;
	other.provider = MESSAGE_BY_NOBODY;
	other.provider_id[0] = other.problem[0] = '\0';
	return other;
}

static enum err end_as(struct service *service, struct message *m, enum message_state state,
		       const char *problem)
{
	m->state = state;
	m->changed_at = service->now;
	(void)snprintf(m->problem, sizeof m->problem, "%s", problem);
	return store_message_update(service->store, m);
}

static enum err channels_anew(struct service *service, const struct message *m, unsigned *out)
{
	struct arena arena;
	struct reach reach = { 0 };
	arena_init(&arena);
	enum err err = store_reach_find(service->store, &arena, m->account, &reach);
	if (err == OK)
		err = channels_of(service, &reach, m, out);
	arena_clear(&arena);
	return err;
}

enum err tell_otherwise(struct service *service, struct message *m)
{
	struct message other = anew(m, service->now);
	unsigned by = 0;
	if (m->no_use_after.s && m->no_use_after.s <= service->now.s)
		return end_as(service, m, MESSAGE_WITHDRAWN, "TOO_LATE");
	if (reach_goes_one_way(m->kind))
		return end_as(service, m, MESSAGE_WITHDRAWN, "NO_ADDRESS");
	enum err err = channels_anew(service, &other, &by);
	if (err != OK)
		return err;
	by &= ~REACH_BY(m->channel);
	if (!by && m->channel == MESSAGE_LETTER) /* the row of which staff are told is this one */
		return end_as(service, m, MESSAGE_FAILED, "NO_WAY");
	err = end_as(service, m, MESSAGE_WITHDRAWN, "NO_ADDRESS");
	if (err == OK && !by)
		return nobody_told(service, other);
	return err == OK ? insert_by(service, &other, by) : err;
}

enum err tell_all_otherwise(struct service *service, struct arena *arena, struct account_id account,
			    enum message_channel channel)
{
	struct store_messages waiting = { 0 };
	enum err err = OK;
	do { /* none of them is WAITING afterwards, so that it ends */
		err = store_message_list_waiting(service->store, arena, account, channel, AT_ONCE,
						 &waiting);
		for (size_t i = 0; i < waiting.count && err == OK; i++)
			err = tell_otherwise(service, &waiting.list[i]);
	} while (err == OK && waiting.count == AT_ONCE);
	return err;
}

/* Everything is for the same account, whose ways are read once. */
static enum err tell_all(struct service *service, const struct telling *list, size_t count)
{
	struct arena arena;
	struct reach reach = { 0 };
	arena_init(&arena);
	enum err err = store_reach_find(service->store, &arena, list[0].account, &reach);
	for (size_t i = 0; i < count && err == OK; i++)
		err = tell_by(service, &reach, &list[i]);
	arena_clear(&arena);
	return err;
}

enum err tell(struct service *service, const struct telling *t)
{
	return tell_all(service, t, 1);
}

/* ---- visits ---- */

enum {
	TOLD_MAX = 4, /* of one visit at once: a change, and the reminders of it */
};

struct tellings {
	size_t count;
	struct telling list[TOLD_MAX];
};

static struct telling of_visit(const struct visit *visit, enum message_kind kind)
{
	return (struct telling){
		.kind = kind,
		.account = visit->booker,
		.prison = visit->prison,
		.object = visit->id.n,
		.reference = visit->reference,
		.start = visit->start,
		.minutes = visit->minutes,
		.revision = visit->revision,
	};
}

/* The same, for whom a booker has named. */
static struct tellings for_named(const struct tellings *all, struct account_id account)
{
	struct tellings named = *all;
	for (size_t i = 0; i < named.count; i++) {
		named.list[i].account = account;
		if (!named.list[i].why)
			named.list[i].why = MESSAGE_WHY_NAMED;
	}
	return named;
}

/* Whoever booked it and, of a legal visit, everybody whom they named: each once, and for themselves. */
static enum err tell_party(struct service *service, const struct visit *visit,
			   const struct tellings *all)
{
	struct arena arena;
	arena_init(&arena);
	enum err err = tell_all(service, all->list, all->count);
	for (size_t i = 0; i < visit->visitor_count && err == OK && visit->kind == VISIT_LEGAL;
	     i++) {
		struct person person = { 0 };
		err = store_person_find(service->store, &arena, visit->visitors[i].person, &person);
		struct tellings named = for_named(all, person.booker);
		if (err == OK && person.booker.n != visit->booker.n)
			err = tell_all(service, named.list, named.count);
	}
	arena_clear(&arena);
	return err;
}

static enum err tell_party_one(struct service *service, const struct visit *visit,
			       const struct telling *t)
{
	struct tellings one = { .count = 1, .list = { *t } };
	return tell_party(service, visit, &one);
}

/* Those that lie ahead; two of the same hour are one. */
static void add_reminders(const struct service *service, const struct visit *visit,
			  const struct policy *policy, struct tellings *all)
{
	static const enum policy_name BEFORE[] = { POLICY_REMIND_FIRST_HOURS,
						   POLICY_REMIND_SECOND_HOURS,
						   POLICY_REMIND_LAST_HOURS };
	_Static_assert(1 + ARRAY_LEN(BEFORE) == TOLD_MAX, "a change, and the reminders of it");
	for (size_t i = 0; i < ARRAY_LEN(BEFORE); i++) {
		int64_t hours = policy->values[BEFORE[i]];
		struct telling t = of_visit(visit, MESSAGE_REMINDER);
		t.occasion = hours;
		t.send_at = wall_add_s(visit->start, -hours * HOUR_S);
		if (hours && t.send_at.s > service->now.s)
			all->list[all->count++] = t;
	}
}

/* A change; and the reminders, where it is booked with it. */
static enum err tell_and_remind(struct service *service, const struct visit *visit,
				const struct telling *t, const struct policy *policy, bool booked)
{
	struct tellings all = { .count = 1, .list = { *t } };
	if (booked)
		add_reminders(service, visit, policy, &all);
	return tell_party(service, visit, &all);
}

enum err tell_booked(struct service *service, const struct visit *visit,
		     const struct policy *policy)
{
	bool asked = visit->state == VISIT_REQUESTED;
	struct telling t = of_visit(visit, asked ? MESSAGE_REQUESTED : MESSAGE_BOOKED);
	if (asked)
		t.answer_by = request_deadline(visit->start, policy);
	enum err err = visit_link_grant(service, visit);
	return err == OK ? tell_and_remind(service, visit, &t, policy, !asked) : err;
}

enum err tell_called(struct service *service, const struct visit *visit)
{
	struct telling t = of_visit(visit, MESSAGE_STANDBY_CALLED);
	t.no_use_after = visit_slot_end(visit);
	enum err err = visit_link_grant(service, visit);
	return err == OK ? tell_party_one(service, visit, &t) : err;
}

enum err tell_approved(struct service *service, const struct visit *visit)
{
	struct policy policy;
	struct telling t = of_visit(visit, MESSAGE_APPROVED);
	enum err err = policy_load(service, visit->prison, &policy);
	return err == OK ? tell_and_remind(service, visit, &t, &policy, true) : err;
}

enum err tell_moved(struct service *service, const struct visit *after, struct wall was,
		    const struct policy *policy)
{
	struct telling t = of_visit(after, MESSAGE_MOVED);
	bool asked = after->state == VISIT_REQUESTED;
	t.was = was;
	if (asked)
		t.answer_by = request_deadline(after->start, policy);
	return tell_and_remind(service, after, &t, policy, !asked);
}

enum err tell_called_off(struct service *service, const struct visit *visit)
{
	enum err err = store_message_withdraw(service->store, visit->id.n, service->now);
	if (err != OK || visit->end == END_MOVED)
		return err;
	struct telling t = of_visit(visit, MESSAGE_CANCELLED);
	t.why = visit_end_name(visit->end);
	t.revision++; /* calendars take it out */
	return tell_party_one(service, visit, &t);
}

enum err tell_over(struct service *service, const struct visit *visit)
{
	if (visit->state == VISIT_CANCELLED)
		return tell_called_off(service, visit);
	enum err err = store_message_withdraw(service->store, visit->id.n, service->now);
	bool held = visit->state == VISIT_COMPLETED;
	bool early = visit->end == END_STAFF || visit->end == END_FAULT;
	if (err != OK || (held && !early))
		return err;
	struct telling t = of_visit(visit, held ? MESSAGE_ENDED : MESSAGE_NOT_HELD);
	t.why = visit_end_name(visit->end);
	t.number = visit_paid_minutes(visit) - visit->counted_minutes;
	return tell_party_one(service, visit, &t);
}

/* ---- people ---- */

enum err tell_contact(struct service *service, const struct contact *contact, bool approved,
		      enum contact_why why)
{
	struct telling t = {
		.kind = approved ? MESSAGE_CONTACT_APPROVED : MESSAGE_CONTACT_REJECTED,
		.account = contact->person.booker,
		.prison = contact->prisoner.prison,
		.object = contact->id.n,
		.occasion = service->now.s,
		.why = approved ? NULL : contact_why_name(why),
	};
	return tell(service, &t);
}

enum err tell_professional(struct service *service, const struct professional *p)
{
	bool verified = p->state == PROFESSIONAL_VERIFIED;
	struct telling t = {
		.kind = verified ? MESSAGE_PROFESSIONAL_VERIFIED : MESSAGE_PROFESSIONAL_ENDED,
		.account = p->account,
		.object = p->account.n,
		.occasion = service->now.s,
	};
	return tell(service, &t);
}

enum err tell_adjustment(struct service *service, const struct adjustment *a)
{
	struct telling t = {
		.kind = a->state == ADJUSTMENT_AGREED ? MESSAGE_ADJUSTMENT_AGREED
						      : MESSAGE_ADJUSTMENT_REFUSED,
		.account = a->booker,
		.prison = a->prison,
		.object = a->id.n,
		.occasion = a->decided_at.s,
	};
	return tell(service, &t);
}
