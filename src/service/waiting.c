#include "service/waiting.h"

#include <string.h>

#include "base/assert.h"
#include "domain/waiting/again.h"
#include "service/booking_priv.h"
#include "service/plan_priv.h"
#include "service/refill_priv.h"
#include "service/tell_priv.h"
#include "store/visit.h"

enum {
	NOON = 12 * 60,
	EVENING = 17 * 60,
	ENDED_BY_TIME = 0,
	ENDED_BY_BOOKER = 1,
};

static const struct waiting_wish ANY_TIME = { .until_minute = DAY_MINUTES };

bool waiting_wish_acceptable(const struct waiting_wish *wish)
{
	return wish->from_minute >= 0 && wish->until_minute <= DAY_MINUTES &&
	       wish->from_minute < wish->until_minute;
}

/* ---- hours ---- */

static const struct {
	const char *name;
	int from;
	int until;
} HOURS[WAITING_HOURS_COUNT] = {
	[WAITING_HOURS_ANY] = { "ANY", 0, DAY_MINUTES },
	[WAITING_HOURS_MORNING] = { "MORNING", 0, NOON },
	[WAITING_HOURS_AFTERNOON] = { "AFTERNOON", NOON, EVENING },
	[WAITING_HOURS_EVENING] = { "EVENING", EVENING, DAY_MINUTES },
};

const char *waiting_hours_name(enum waiting_hours hours)
{
	return HOURS[hours].name;
}

bool waiting_hours_name_of(struct str name, enum waiting_hours *out)
{
	for (unsigned i = 0; i < WAITING_HOURS_COUNT; i++)
		if (str_is(name, HOURS[i].name)) {
			*out = (enum waiting_hours)i;
			return true;
		}
	return false;
}

enum waiting_hours waiting_hours_of(const struct waiting_wish *wish)
{
	for (unsigned i = 0; i < WAITING_HOURS_COUNT; i++)
		if (HOURS[i].from == wish->from_minute && HOURS[i].until == wish->until_minute)
			return (enum waiting_hours)i;
	return WAITING_HOURS_ANY;
}

void waiting_hours_set(struct waiting_wish *wish, enum waiting_hours hours)
{
	wish->from_minute = HOURS[hours].from;
	wish->until_minute = HOURS[hours].until;
}

static enum err leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		     const struct waiting *w, int64_t amount)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_WAITING,
						 .object_id = w->id,
						 .amount = amount,
						 .prison = w->prison });
}

/* ---- asking for a time that is not free ---- */

/* Who may meet whom: as for booking, without a time. */
static enum err look_at_party(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct visit_request *request,
			      struct verdict *verdict, struct waiting *out)
{
	struct plan *plan = arena_new(arena, 1, sizeof *plan);
	struct plan_query query = { .kind = request->kind,
				    .prisoner = request->prisoner,
				    .person_count = request->person_count,
				    .persons = request->persons,
				    .from = service->now,
				    .to = service->now };
	enum err err = plan_load(service, actor, arena, &query, plan);
	if (err != OK)
		return err;
	*verdict = plan_party(plan, service->now);
	struct session_lengths lengths = plan_lengths(plan);
	if (request->minutes < lengths.min || request->minutes > lengths.max)
		verdict_add(verdict, BOOKING_LENGTH);
	out->prison = plan->prison.code;
	return OK;
}

static enum err count_waiting(struct service *service, const struct actor *actor,
			      struct prisoner_id prisoner, enum waiting_answer *answer)
{
	const struct prisoner_id any = { 0 };
	struct policy national;
	int64_t all = 0, same = 0;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err == OK)
		err = store_waiting_count(service->store, actor->account, any, VISIT_SOCIAL, &all);
	if (err == OK)
		err = store_waiting_count(service->store, actor->account, prisoner, VISIT_SOCIAL,
					  &same);
	if (err != OK)
		return err;
	if (same)
		*answer = WAITING_ALREADY;
	else if (all >= national.values[POLICY_WAITING_MAX])
		*answer = WAITING_TOO_MANY;
	return OK;
}

static enum err ask(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct visit_request *request, const struct waiting_wish *wish,
		    enum waiting_answer *answer, struct verdict *verdict, int64_t *id)
{
	struct waiting w = { .id = random_id(service->random),
			     .booker = actor->account,
			     .prisoner = request->prisoner,
			     .need = { .kind = VISIT_SOCIAL,
				       .asked_at = service->now,
				       .minutes = request->minutes },
			     .wish = *wish,
			     .person_count = request->person_count };
	memcpy(w.persons, request->persons, sizeof w.persons);
	enum err err = look_at_party(service, actor, arena, request, verdict, &w);
	if (err == OK && !verdict_clean(*verdict))
		*answer = WAITING_NOT_PARTY;
	if (err == OK && *answer == WAITING_FINE)
		err = count_waiting(service, actor, request->prisoner, answer);
	if (err != OK || *answer != WAITING_FINE)
		return err;
	err = store_waiting_insert(service->store, &w);
	*id = w.id;
	return err == OK ? leaf(service, actor, AUDIT_WAITING_ADD, &w, w.need.minutes) : err;
}

enum err waiting_ask(struct service *service, const struct actor *actor,
		     const struct visit_request *request, const struct waiting_wish *wish,
		     enum waiting_answer *answer, struct verdict *verdict, int64_t *id)
{
	if (actor->role != ROLE_FAMILY || request->kind != VISIT_SOCIAL)
		return ERR_DENIED;
	if (!waiting_wish_acceptable(wish) || request->person_count > PARTY_MAX ||
	    !request->person_count)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = WAITING_FINE;
	*verdict = (struct verdict){ 0 };
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = ask(service, actor, &arena, request, wish, answer, verdict, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- of a visit ---- */

static struct waiting from_visit(struct service *service, const struct visit *visit)
{
	struct waiting w = { .id = random_id(service->random),
			     .booker = visit->booker,
			     .prisoner = visit->prisoner,
			     .need = { .kind = visit->kind,
				       .asked_at = visit->booked_at,
				       .minutes = visit->minutes },
			     .state = WAITING_BOOKED,
			     .reference = visit->reference,
			     .wish = ANY_TIME,
			     .prison = visit->prison,
			     .person_count = visit->visitor_count };
	for (size_t i = 0; i < visit->visitor_count; i++)
		w.persons[i] = visit->visitors[i].person;
	return w;
}

enum err waiting_of_visit(struct service *service, struct arena *arena, const struct visit *visit,
			  struct waiting *out)
{
	enum err err = store_waiting_find(service->store, arena, visit->reference, out);
	if (err != ERR_NOT_FOUND)
		return err;
	*out = from_visit(service, visit);
	return store_waiting_insert(service->store, out);
}

static enum err tell_again(struct service *service, const struct waiting *w)
{
	return tell(service, &(struct telling){ .kind = MESSAGE_WAITING_AGAIN,
						.account = w->booker,
						.prison = w->prison,
						.object = w->id,
						.occasion = service->now.s,
						.minutes = w->need.minutes });
}

/* On the day, not by being called off before. */
static bool failed(const struct visit *visit)
{
	return visit->kind == VISIT_LEGAL && visit->state != VISIT_CANCELLED;
}

static enum err wait_again(struct service *service, const struct visit *visit,
			   const struct waiting *w)
{
	const struct reference none = { 0 };
	enum err err = store_waiting_set(service->store, w->id, WAITING_OPEN, none);
	return err == OK && failed(visit) ? tell_again(service, w) : err;
}

enum err waiting_visit_over(struct service *service, struct arena *arena, const struct visit *visit)
{
	struct waiting w = { 0 };
	struct policy policy = { 0 }; /* without rules nothing waits again that rules decide on */
	if (visit->end == END_MOVED)
		return OK; /* the other row has its reference */
	enum err err = policy_load(service, visit->prison, &policy);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	bool again = waits_again(visit, &policy);
	err = again && failed(visit)
		  ? waiting_of_visit(service, arena, visit, &w)
		  : store_waiting_find(service->store, arena, visit->reference, &w);
	if (err == ERR_NOT_FOUND || (err == OK && w.state == WAITING_ENDED))
		return OK;
	if (err == OK && again)
		return wait_again(service, visit, &w);
	return err == OK ? waiting_close(service, &w) : err;
}

struct waiting waiting_of_request(struct service *service, struct account_id booker,
				  const struct visit_request *request)
{
	struct waiting w = { .id = random_id(service->random),
			     .booker = booker,
			     .prisoner = request->prisoner,
			     .need = request->need,
			     .wish = ANY_TIME,
			     .person_count = request->person_count };
	w.need.kind = request->kind;
	w.need.minutes = request->minutes;
	if (!w.need.asked_at.s)
		w.need.asked_at = service->now;
	memcpy(w.persons, request->persons, sizeof w.persons);
	return w;
}

/* Asked for by the same person, of the same client, for the same date. */
static bool is_like(const struct waiting *a, const struct waiting *b)
{
	return a->booker.n == b->booker.n && a->need.kind == b->need.kind &&
	       a->need.cause == b->need.cause &&
	       date_compare(a->need.deadline, b->need.deadline) == 0;
}

enum err waiting_find_like(struct service *service, struct arena *arena,
			   const struct waiting *asked, struct waiting *out)
{
	struct store_waitings found = { 0 };
	*out = (struct waiting){ 0 };
	enum err err = store_waiting_list_for(service->store, arena, asked->prisoner, &found);
	for (size_t i = 0; i < found.count && err == OK && !out->id; i++)
		if (found.list[i].state == WAITING_OPEN && is_like(&found.list[i], asked))
			*out = found.list[i];
	return err;
}

/* Whoever booked the visit has another one to come, or waits, for what it was asked for. */
static enum err was_asked_again(struct service *service, struct arena *arena,
				const struct visit *visit, const struct waiting *w, bool *out)
{
	struct store_waitings found = { 0 };
	*out = false;
	enum err err = store_waiting_list_for(service->store, arena, visit->prisoner, &found);
	for (size_t i = 0; i < found.count && err == OK; i++) {
		const struct waiting *other = &found.list[i];
		bool later = other->state == WAITING_OPEN || other->start.s > visit->start.s;
		bool like = w->id ? is_like(other, w) : other->booker.n == visit->booker.n;
		*out |= later && like && other->need.kind == visit->kind;
	}
	return err;
}

enum err waiting_visit_failed(struct service *service, struct arena *arena,
			      const struct visit *visit)
{
	struct waiting w = { 0 };
	bool again = false;
	enum err err = store_waiting_find(service->store, arena, visit->reference, &w);
	if (err == OK || err == ERR_NOT_FOUND)
		err = was_asked_again(service, arena, visit, &w, &again);
	if (err != OK || again)
		return err;
	struct date today = local_date(service->now);
	if (w.need.deadline.year && date_compare(w.need.deadline, today) < 0)
		return OK; /* too late for what it was asked for */
	err = waiting_of_visit(service, arena, visit, &w);
	return err == OK ? wait_again(service, visit, &w) : err;
}

enum err waiting_close_offer(struct service *service, const struct waiting *w)
{
	struct offer_row offer = { 0 };
	enum err err = store_offer_find_open(service->store, w->id, &offer);
	if (err == OK)
		return offer_close(service, &offer, OFFER_GONE);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err waiting_close(struct service *service, const struct waiting *w)
{
	enum err err = waiting_close_offer(service, w);
	return err == OK ? store_waiting_set(service->store, w->id, WAITING_ENDED, w->reference)
			 : err;
}

static enum err tell_ended(struct service *service, const struct waiting *w)
{
	return tell(service, &(struct telling){ .kind = MESSAGE_WAITING_ENDED,
						.account = w->booker,
						.prison = w->prison,
						.object = w->id,
						.minutes = w->need.minutes });
}

enum err waiting_close_for(struct service *service, struct arena *arena,
			   struct prisoner_id prisoner)
{
	struct store_waitings found = { 0 };
	enum err err = store_waiting_list_for(service->store, arena, prisoner, &found);
	for (size_t i = 0; i < found.count && err == OK; i++) {
		err = waiting_close(service, &found.list[i]);
		if (err == OK && found.list[i].state == WAITING_OPEN)
			err = tell_ended(service, &found.list[i]);
	}
	return err;
}

enum err waiting_close_of(struct service *service, struct arena *arena, struct account_id account)
{
	struct store_waitings found = { 0 };
	const struct prison_code all = { 0 };
	enum err err =
	    store_waiting_list(service->store, arena, account, all, VISITS_LIST_MAX, &found);
	for (size_t i = 0; i < found.count && err == OK; i++)
		err = waiting_close(service, &found.list[i]);
	return err;
}

/* A date that has passed, or a request that is older than the rules keep. */
static bool is_out_of_time(const struct waiting *w, const struct policy *policy, struct wall now)
{
	struct date today = local_date(now);
	int64_t days = date_to_days(today) - date_to_days(local_date(w->need.asked_at));
	if (w->state != WAITING_OPEN)
		return false;
	if (w->need.deadline.year)
		return date_compare(w->need.deadline, today) < 0;
	return days > policy->values[POLICY_WAITING_KEEP_DAYS];
}

enum err waiting_give_up(struct service *service, const struct actor *actor,
			 const struct waiting *w, const struct policy *policy, bool *done)
{
	struct use_case use;
	*done = is_out_of_time(w, policy, service->now);
	if (!*done)
		return OK;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = waiting_close(service, w);
	if (err == OK)
		err = tell_ended(service, w);
	if (err == OK)
		err = leaf(service, actor, AUDIT_WAITING_END, w, ENDED_BY_TIME);
	return use_case_end(&use, err);
}

/* ---- an earlier time, and what one wishes ---- */

static enum err own(struct service *service, const struct actor *actor, struct arena *arena,
		    int64_t id, struct waiting *out)
{
	enum err err = store_waiting_find_id(service->store, arena, id, out);
	bool mine = err == OK && actor->account.n && out->booker.n == actor->account.n;
	return err == OK && !mine ? ERR_NOT_FOUND : err;
}

static enum err earlier(struct service *service, const struct actor *actor, struct arena *arena,
			struct reference reference, const struct waiting_wish *asked,
			enum waiting_answer *answer, int64_t *id)
{
	struct visit visit = { 0 };
	struct waiting w = { 0 };
	struct waiting_wish wish = *asked;
	wish.earlier = true;
	enum err err = visit_load(service, actor, arena, reference, &visit);
	if (err == OK && visit.booker.n != actor->account.n)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	if (visit.state != VISIT_BOOKED || visit.kind == VISIT_OFFICIAL) {
		*answer = WAITING_NOT_BOOKED;
		return OK;
	}
	err = waiting_of_visit(service, arena, &visit, &w);
	if (err == OK)
		err = store_waiting_wish(service->store, w.id, &wish);
	*id = w.id;
	w.prison = visit.prison;
	return err == OK ? leaf(service, actor, AUDIT_WAITING_CHANGE, &w, wish.earlier) : err;
}

enum err waiting_earlier(struct service *service, const struct actor *actor,
			 struct reference reference, const struct waiting_wish *wish,
			 enum waiting_answer *answer, int64_t *id)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (!waiting_wish_acceptable(wish))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	*answer = WAITING_FINE;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = earlier(service, actor, &arena, reference, wish, answer, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err set_wish(struct service *service, const struct actor *actor, struct arena *arena,
			 int64_t id, const struct waiting_wish *asked)
{
	struct waiting w = { 0 };
	struct waiting_wish wish = *asked;
	enum err err = own(service, actor, arena, id, &w);
	if (err == OK && w.state == WAITING_ENDED)
		err = ERR_CONFLICT;
	wish.earlier = w.wish.earlier;
	if (err == OK)
		err = store_waiting_wish(service->store, id, &wish);
	return err == OK ? leaf(service, actor, AUDIT_WAITING_CHANGE, &w, wish.earlier) : err;
}

enum err waiting_wish_set(struct service *service, const struct actor *actor, int64_t id,
			  const struct waiting_wish *wish)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	if (!waiting_wish_acceptable(wish))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = set_wish(service, actor, &arena, id, wish);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* A booked visit keeps its time; only that an earlier one is wished for ends. */
static enum err drop_wish(struct service *service, const struct waiting *w)
{
	struct waiting_wish wish = w->wish;
	wish.earlier = false;
	enum err err = waiting_close_offer(service, w);
	return err == OK ? store_waiting_wish(service->store, w->id, &wish) : err;
}

static enum err leave(struct service *service, const struct actor *actor, struct arena *arena,
		      int64_t id)
{
	struct waiting w = { 0 };
	enum err err = own(service, actor, arena, id, &w);
	if (err != OK)
		return err;
	if (w.state == WAITING_ENDED || (w.state == WAITING_BOOKED && !w.wish.earlier))
		return ERR_CONFLICT;
	err = w.state == WAITING_BOOKED ? drop_wish(service, &w) : waiting_close(service, &w);
	return err == OK ? leaf(service, actor, AUDIT_WAITING_END, &w, ENDED_BY_BOOKER) : err;
}

enum err waiting_leave(struct service *service, const struct actor *actor, int64_t id)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = leave(service, actor, &arena, id);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- looking ---- */

enum err waiting_find(struct service *service, const struct actor *actor, struct arena *arena,
		      int64_t id, struct waiting *out)
{
	return actor->role == ROLE_FAMILY ? own(service, actor, arena, id, out) : ERR_DENIED;
}

static enum err find_standby(struct service *service, struct waiting_line *line)
{
	enum err err = store_standby_find_open(service->store, line->waiting.id, &line->standby);
	enum standby_state state = standby_after(&line->standby.standby, service->now);
	line->has_standby = err == OK && (state == STANDBY_ASKED || state == STANDBY_AGREED);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err waiting_mine(struct service *service, const struct actor *actor, struct arena *arena,
		      struct waiting_lines *out)
{
	const struct prison_code all = { 0 };
	struct store_waitings found = { 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = store_waiting_list(service->store, arena, actor->account, all,
					  WAITING_LIST_MAX, &found);
	struct waiting_lines lines = { .list =
					   arena_new(arena, found.count + 1, sizeof *lines.list) };
	for (size_t i = 0; i < found.count && err == OK; i++) {
		const struct waiting *w = &found.list[i];
		struct waiting_line *line = &lines.list[lines.count];
		if (w->state != WAITING_OPEN && !w->wish.earlier)
			continue;
		line->waiting = *w;
		err = store_offer_find_open(service->store, w->id, &line->offer);
		line->has_offer =
		    err == OK && offer_after(&line->offer.offer, service->now) == OFFER_OPEN;
		err = err == ERR_NOT_FOUND ? OK : err;
		if (err == OK)
			err = find_standby(service, line);
		lines.count++;
	}
	*out = lines;
	return err;
}
