#include "service/standby.h"

#include <string.h>

#include "service/booking_priv.h"
#include "service/live.h"
#include "service/refill_priv.h"
#include "service/tell_priv.h"
#include "store/prison.h"
#include "store/slot_use.h"
#include "store/statistics.h"
#include "store/visit.h"

enum {
	WAITERS_MAX = 1000, /* of a prison: all of lawyers, and the oldest of families */
	AT_ONCE = 50,
	TRIES_AT_ONCE = 6,   /* bookings tried and undone in one run */
	SWEEP_EVERY_S = 600, /* all prisons are looked at so often */
	CALL_EVERY_S = 10,   /* places that became free are looked for so often */
	GROUP_MAX = 64,      /* visits that begin together */
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static enum err leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
		     const struct standby_row *row, int64_t amount)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_STANDBY,
						 .object_id = row->id.n,
						 .amount = amount,
						 .prison = row->prison });
}

static enum err tell_of(struct service *service, const struct policy *policy,
			const struct standby_row *row, const struct waiting_need *need,
			enum message_kind kind, const char *why)
{
	struct wall start = row->standby.start;
	struct wall begins = standby_begins(policy, start, start);
	struct telling t = {
		.kind = kind,
		.account = row->booker,
		.prison = row->prison,
		.object = row->id.n,
		.start = row->standby.start,
		.minutes = standby_minutes(policy, need, begins, row->standby.end),
		.number = (int)((standby_handover(policy, start).s - start.s) / 60),
		.why = why,
	};
	if (kind == MESSAGE_STANDBY)
		t.answer_by = row->standby.answer_until;
	return tell(service, &t);
}

/* ---- booking what is left ---- */

/* The group's visit and who would have what is left of it. */
struct handing {
	struct visit visit; /* as it is now */
	struct waiting waiting;
	struct policy policy;
	struct wall begins;
	struct wall end;
};

/* By every rule of booking but that of notice; in that very room. */
static enum err take(struct service *service, struct arena *arena, const struct handing *h,
		     struct visit *out)
{
	const struct waiting *w = &h->waiting;
	struct actor booker = refill_booker(w);
	struct verdict verdict = { 0 };
	struct visit_request request = { .kind = w->need.kind,
					 .prisoner = w->prisoner,
					 .person_count = w->person_count,
					 .start = h->begins,
					 .minutes = standby_minutes(&h->policy, &w->need, h->begins,
								    h->end),
					 .preferred = h->visit.terminal,
					 .called = true,
					 .need = w->need };
	memcpy(request.persons, w->persons, sizeof request.persons);
	if (w->state != WAITING_OPEN || !request.minutes)
		return ERR_CONFLICT;
	enum err err = visit_request_check(service, &booker, &request);
	if (err == OK)
		err = booking_take(service, &booker, arena, &request, &verdict, out);
	if (err == OK && (out->state != VISIT_BOOKED || out->terminal.n != h->visit.terminal.n))
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_waiting_set(service->store, w->id, WAITING_BOOKED, out->reference);
	return err;
}

/* As if that visit were over. */
static enum err set_aside(struct service *service, struct visit visit)
{
	visit.state = VISIT_NO_SHOW;
	visit.end = END_BOTH_ABSENT;
	visit.ended_at = service->now;
	enum err err = store_visit_update(service->store, &visit);
	return err == OK ? store_slot_release(service->store, &visit) : err;
}

/* Whether the rules would let them have it: it is booked, and that undone. */
static enum err try_to_take(struct service *service, struct arena *arena, const struct handing *h,
			    bool *could)
{
	struct visit visit = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = set_aside(service, h->visit);
	if (err == OK)
		err = take(service, arena, h, &visit);
	if (err == OK)
		err = store_settle(service->store); /* or they have another visit then */
	enum err left = store_leave(service->store, false);
	*could = err == OK;
	return err != OK && !refill_is_no(err) ? err : left;
}

/* ---- ends ---- */

/* Tells whoever had agreed that it is over. */
static enum err end(struct service *service, struct arena *arena, const struct standby_row *row,
		    enum standby_state state)
{
	bool agreed = row->standby.state == STANDBY_AGREED;
	struct policy policy = { 0 };
	struct waiting w = { 0 };
	enum err err =
	    store_standby_set(service->store, row->id, row->standby.state, state, service->now);
	if (err == OK && agreed)
		err = policy_load(service, row->prison, &policy);
	if (err == OK && agreed)
		err = store_waiting_find_id(service->store, arena, row->waiting, &w);
	if (err == OK && agreed)
		err = tell_of(service, &policy, row, &w.need, MESSAGE_STANDBY_ENDED,
			      standby_state_name(state));
	return err == OK ? leaf(service, &SYSTEM, AUDIT_STANDBY_END, row, state) : err;
}

static enum err end_one(struct service *service, struct arena *arena, const struct standby_row *row,
			enum standby_state state)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, arena, row, state);
	err = use_case_end(&use, err);
	return err == ERR_NOT_FOUND ? OK : err; /* it was answered, or another process was faster */
}

static enum err end_all(struct service *service, struct arena *arena,
			const struct store_standbys *list, enum standby_state state, size_t *done)
{
	enum err err = OK;
	for (size_t i = 0; i < list->count && err == OK; i++) {
		err = end_one(service, arena, &list->list[i], state);
		*done += err == OK;
	}
	return err;
}

/* A visit of the group has not begun, and may still be handed over. */
static enum err may_be_called(struct service *service, struct arena *arena,
			      const struct standby_row *row, const struct policy *policy, bool *out)
{
	struct wall start = row->standby.start;
	struct store_visits visits = { 0 };
	*out = true;
	if (service->now.s < standby_handover(policy, start).s)
		return OK;
	enum err err = store_visit_list_day(service->store, arena, row->prison, start,
					    wall_add_s(start, 1), &visits);
	*out = false;
	for (size_t i = 0; i < visits.count && service->now.s < row->standby.end.s; i++)
		*out |=
		    standby_row_is_for(row, &visits.list[i]) && standby_may_take(&visits.list[i]);
	return err;
}

/* Those whose group has begun, or who can no longer be called, and nobody needs them. */
static enum err end_unneeded(struct service *service, struct arena *arena, size_t *done)
{
	struct store_standbys begun = { 0 };
	enum err err =
	    store_standby_list_begun(service->store, arena, service->now, AT_ONCE, &begun);
	for (size_t i = 0; i < begun.count && err == OK; i++) {
		struct policy policy;
		bool may = true;
		err = policy_load(service, begun.list[i].prison, &policy);
		if (err == OK)
			err = may_be_called(service, arena, &begun.list[i], &policy, &may);
		if (err != OK || may)
			continue;
		err = end_one(service, arena, &begun.list[i], STANDBY_NOT_NEEDED);
		*done += err == OK;
	}
	return err;
}

static enum err end_due(struct service *service, struct arena *arena, size_t *done)
{
	struct store_standbys due = { 0 }, lost = { 0 };
	enum err err = store_standby_list_due(service->store, arena, service->now, AT_ONCE, &due);
	if (err == OK)
		err = end_all(service, arena, &due, STANDBY_EXPIRED, done);
	if (err == OK)
		err = store_standby_list_lost(service->store, arena, AT_ONCE, &lost);
	if (err == OK)
		err = end_all(service, arena, &lost, STANDBY_GONE, done);
	return err;
}

/* ---- the visits that begin together ---- */

struct look {
	struct service *service;
	struct arena *arena;
	struct prison_code prison;
	struct policy policy;
	struct standby_group group;
	size_t visit_count;
	struct visit *visits; /* of the group, booked */
	struct wall begins;   /* of whoever is called */
	struct wall end;      /* of them; 0: no time is left to anybody */
	size_t places;        /* that may stand by */
	struct store_standbys standing;
};

/* The last two months' visits, as they are counted: those of this month and of the one before. */
static enum err find_share(struct service *service, struct arena *arena, struct prison_code prison,
			   bool social, int *out)
{
	int64_t month = local_month(service->now);
	struct store_visit_groups kinds = { 0 };
	struct visit_figures sum = { 0 };
	const struct count_query query = {
		.prison = prison, .from_month = month - 1, .to_month = month, .by = COUNT_BY_PART
	};
	enum err err = store_visit_groups(service->store, arena, &query, &kinds);
	for (size_t i = 0; i < kinds.count; i++) {
		enum visit_kind kind;
		if (!visit_kind_of(kinds.list[i].key, &kind) || (kind == VISIT_SOCIAL) != social)
			continue;
		for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++)
			sum.value[m] += kinds.list[i].figures.value[m];
	}
	*out = standby_share(&sum);
	return err;
}

static enum visit_kind kind_of(const struct standby_group *group)
{
	return group->social ? VISIT_SOCIAL : VISIT_LEGAL;
}

/* The earliest end that leaves time for a visit: whoever stands by can have any of those that end then or later. */
static void find_end(struct look *look)
{
	const struct waiting_need any = { .kind = kind_of(&look->group), .minutes = INT32_MAX };
	for (size_t i = 0; i < look->visit_count; i++) {
		struct wall end = visit_slot_end(&look->visits[i]);
		bool earlier = !look->end.s || end.s < look->end.s;
		if (earlier && standby_minutes(&look->policy, &any, look->begins, end))
			look->end = end;
	}
}

static enum err load_visits(struct look *look)
{
	struct wall start = look->group.start;
	struct store_visits all = { 0 };
	enum err err = store_visit_list_day(look->service->store, look->arena, look->prison, start,
					    wall_add_s(start, 1), &all);
	look->visits = all.list;
	for (size_t i = 0; i < all.count && look->visit_count < GROUP_MAX; i++)
		if (all.list[i].state == VISIT_BOOKED &&
		    standby_is_for(all.list[i].kind, kind_of(&look->group)))
			look->visits[look->visit_count++] = all.list[i];
	look->begins = standby_begins(&look->policy, start, start);
	find_end(look);
	return err;
}

/* A row of the same group: of one start there may be two. */
static bool is_of(const struct look *look, const struct standby_row *row)
{
	return standby_is_for(kind_of(&look->group), row->waits);
}

static enum err load_standing(struct look *look)
{
	struct store_standbys all = { 0 };
	enum err err = store_standby_list_group(look->service->store, look->arena, look->prison,
						look->group.start, &all);
	look->standing = (struct store_standbys){ .list = all.list };
	for (size_t i = 0; i < all.count; i++)
		if (is_of(look, &all.list[i]))
			look->standing.list[look->standing.count++] = all.list[i];
	return err;
}

/* The visit of the group that ends first of those that end then or later. */
static const struct visit *one_to_take(const struct look *look, struct wall end)
{
	const struct visit *found = NULL;
	for (size_t i = 0; i < look->visit_count; i++) {
		const struct visit *v = &look->visits[i];
		if (visit_slot_end(v).s >= end.s &&
		    (!found || visit_slot_end(v).s < visit_slot_end(found).s))
			found = v;
	}
	return found;
}

static enum err could_have(const struct look *look, const struct waiting *w, struct wall end,
			   bool *could)
{
	const struct visit *visit = one_to_take(look, end);
	*could = true;
	if (!visit)
		return OK; /* all of them were called off: nothing can be said against it */
	struct handing *h = arena_new(look->arena, 1, sizeof *h);
	*h = (struct handing){ .visit = *visit,
			       .waiting = *w,
			       .policy = look->policy,
			       .begins = look->begins,
			       .end = end };
	return try_to_take(look->service, look->arena, h, could);
}

/* Whoever agreed, and may not have it any more: a restriction, another appointment, an order. */
static enum err look_again(struct look *look)
{
	enum err err = OK;
	for (size_t i = 0; i < look->standing.count && err == OK; i++) {
		const struct standby_row *row = &look->standing.list[i];
		struct waiting w = { 0 };
		bool could = true;
		if (row->standby.state != STANDBY_AGREED)
			continue;
		err = store_waiting_find_id(look->service->store, look->arena, row->waiting, &w);
		if (err == OK)
			err = could_have(look, &w, row->standby.end, &could);
		if (err == OK && !could)
			err = end_one(look->service, look->arena, row, STANDBY_GONE);
	}
	return err;
}

/* ---- asking ---- */

static struct refill_candidate candidate_of(const struct look *look,
					    const struct refill_waiter *waiter)
{
	const struct waiting *w = &waiter->waiting;
	int minutes = standby_minutes(&look->policy, &w->need, look->begins, look->end);
	struct refill_candidate c = { .need = w->need,
				      .offers_today = waiter->offers_today,
				      .asked_before = waiter->asked_before || waiter->stood_by,
				      .short_notice = w->wish.short_notice };
	bool social = w->need.kind == VISIT_SOCIAL;
	c.need.minutes = minutes;
	c.cannot = w->state != WAITING_OPEN || !minutes ||
		   !standby_is_for(kind_of(&look->group), w->need.kind) ||
		   (social && !w->wish.short_notice) || !refill_is_wished(w, look->begins, minutes);
	return c;
}

static enum err rank(const struct look *look, struct refill_waiters *waiters,
		     size_t order[REFILL_RANK_MAX], size_t *count)
{
	struct service *service = look->service;
	enum err err =
	    store_refill_waiters(service->store, look->arena, look->prison, look->group.start,
				 local_midnight(local_date(service->now)), WAITERS_MAX, waiters);
	if (err != OK)
		return err;
	struct refill_candidate *candidates =
	    arena_new(look->arena, waiters->count + 1, sizeof *candidates);
	for (size_t i = 0; i < waiters->count; i++)
		candidates[i] = candidate_of(look, &waiters->list[i]);
	int left = (int)((look->end.s - look->begins.s) / 60);
	*count = refill_rank(candidates, waiters->count, &look->policy, look->group.start, left,
			     service->now, order, REFILL_RANK_MAX);
	return OK;
}

/* As many stand by as may already: another process was faster. */
static enum err is_full(struct look *look, bool *out)
{
	enum err err = load_standing(look);
	*out = look->standing.count >= look->places;
	return err;
}

/* Whoever wants to be booked without being asked stands by at once, if that is for all they asked for. */
static bool agreed_before(const struct look *look, const struct waiting *w)
{
	int minutes = standby_minutes(&look->policy, &w->need, look->begins, look->end);
	return w->wish.automatic && minutes == w->need.minutes;
}

static enum err ask(struct look *look, const struct waiting *w, struct wall answer_until)
{
	struct service *service = look->service;
	bool full = false, at_once = agreed_before(look, w);
	struct standby_row row = { .id = { random_id(service->random) },
				   .waiting = w->id,
				   .booker = w->booker,
				   .prisoner = w->prisoner,
				   .prison = look->prison,
				   .standby = { .state = at_once ? STANDBY_AGREED : STANDBY_ASKED,
						.asked_at = service->now,
						.answer_until = answer_until,
						.start = look->group.start,
						.end = look->end } };
	enum err err = is_full(look, &full);
	if (err == OK && full)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_standby_insert(service->store, &row);
	if (err == OK)
		err = tell_of(service, &look->policy, &row, &w->need,
			      at_once ? MESSAGE_STANDBY_AGREED : MESSAGE_STANDBY, NULL);
	return err == OK ? leaf(service, &SYSTEM, AUDIT_STANDBY_ASK, &row, at_once) : err;
}

static enum err ask_one(struct look *look, const struct waiting *w, struct wall answer_until)
{
	struct use_case use;
	enum err err = use_case_begin(look->service, &use);
	if (err == OK)
		err = ask(look, w, answer_until);
	err = use_case_end(&use, err);
	return refill_is_no(err) ? OK : err; /* they stand by for another client then */
}

/* As many as may; *stopped: enough tried for now. */
static enum err ask_some(struct look *look, size_t *tried, size_t *budget, bool *stopped)
{
	struct service *service = look->service;
	struct refill_round round = refill_round_of(&look->policy, look->group.start, service->now);
	struct refill_waiters waiters = { 0 };
	size_t order[REFILL_RANK_MAX], count = 0;
	enum err err = OK;
	if (!look->end.s || look->standing.count >= look->places || !round.at_once)
		return OK;
	err = rank(look, &waiters, order, &count);
	for (size_t i = *tried; err == OK && i < count; i++) {
		const struct waiting *w = &waiters.list[order[i]].waiting;
		bool could = false;
		*stopped = !*budget;
		if (*stopped || look->standing.count >= look->places)
			return OK;
		--*budget;
		err = could_have(look, w, look->end, &could);
		if (err == OK && could)
			err = ask_one(look, w, round.answer_until);
		else
			++*tried; /* whoever is asked is not among them the next time */
		if (err == OK && could)
			err = load_standing(look);
	}
	return err;
}

static enum err look_at(struct look *look, int percent, size_t *tried, size_t *budget,
			bool *stopped)
{
	enum err err = load_visits(look);
	if (err == OK)
		err = load_standing(look);
	look->places = (size_t)standby_places(&look->policy, (int)look->visit_count, percent);
	if (err == OK && !*tried)
		err = look_again(look);
	if (err == OK)
		err = load_standing(look);
	return err == OK ? ask_some(look, tried, budget, stopped) : err;
}

/* ---- prison after prison ---- */

static bool is_after(const struct standby_group *group, const struct standby_cursor *cursor)
{
	if (group->start.s != cursor->start.s)
		return group->start.s > cursor->start.s;
	return group->social && !cursor->social;
}

static enum err look_at_groups(struct service *service, struct arena *arena,
			       const struct policy *policy, const struct store_standby_groups *all,
			       struct standby_cursor *cursor, size_t *budget, bool *stopped)
{
	int percent[2] = { 0 };
	enum err err = OK;
	for (int social = 0; social < 2 && err == OK && all->count; social++)
		err = find_share(service, arena, cursor->prison, social != 0, &percent[social]);
	for (size_t i = 0; i < all->count && err == OK; i++) {
		struct look *look = arena_new(arena, 1, sizeof *look);
		*look = (struct look){ .service = service,
				       .arena = arena,
				       .prison = cursor->prison,
				       .policy = *policy,
				       .group = all->list[i] };
		if (!is_after(&look->group, cursor))
			continue;
		err = look_at(look, percent[look->group.social], &cursor->tried, budget, stopped);
		if (err != OK || *stopped)
			return err;
		cursor->start = look->group.start;
		cursor->social = look->group.social;
		cursor->tried = 0;
	}
	return err;
}

static enum err look_at_prison(struct service *service, struct arena *arena,
			       struct standby_cursor *cursor, size_t *budget, bool *stopped)
{
	struct policy *policy = arena_new(arena, 1, sizeof *policy);
	struct store_standby_groups groups = { 0 };
	enum err err = policy_load(service, cursor->prison, policy);
	if (err != OK) /* without rules nobody is asked */
		return err == ERR_NOT_FOUND ? OK : err;
	err = store_standby_groups(service->store, arena, cursor->prison, service->now,
				   wall_add_s(service->now, STANDBY_AHEAD_S), 1, &groups);
	if (err != OK)
		return err;
	return look_at_groups(service, arena, policy, &groups, cursor, budget, stopped);
}

/* The next prison; false: all were looked at, and it is not time to begin again. */
static enum err next_prison(struct service *service, struct standby_cursor *cursor, bool *found)
{
	bool begins = prison_code_empty(cursor->prison);
	if (begins && service->now.s < cursor->swept_at.s + SWEEP_EVERY_S &&
	    service->now.s >= cursor->swept_at.s)
		return OK;
	if (begins)
		cursor->swept_at = service->now;
	enum err err = store_standby_prison(service->store, cursor->prison, &cursor->prison);
	*found = err == OK;
	cursor->start = (struct wall){ 0 };
	cursor->social = false;
	cursor->tried = 0;
	if (err == ERR_NOT_FOUND)
		cursor->prison = (struct prison_code){ 0 };
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err sweep(struct service *service, struct arena *arena, struct standby_cursor *cursor,
		      bool *more)
{
	size_t budget = TRIES_AT_ONCE;
	bool found = true, stopped = false;
	enum err err = OK;
	if (!cursor->stopped) {
		found = false;
		err = next_prison(service, cursor, &found);
	}
	if (err == OK && found)
		err = look_at_prison(service, arena, cursor, &budget, &stopped);
	cursor->stopped = stopped;
	*more |= found;
	return err;
}

/* ---- handing over ---- */

/* What is left of the visit is theirs: a use-case of its own, after the one that ends the visit. */
static enum err call(struct service *service, struct arena *arena, const struct handing *h,
		     const struct standby_row *row, struct reference *called)
{
	struct use_case use;
	struct visit visit = { 0 };
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = take(service, arena, h, &visit);
	if (err == OK)
		err = store_standby_call(service->store, row->id, h->visit.id, visit.id,
					 service->now);
	if (err == OK)
		err = tell_called(service, &visit);
	if (err == OK)
		err = audit_write(service, &SYSTEM,
				  &(struct audit_what){ .verb = AUDIT_VISIT_BOOK,
							.object = AUDIT_ON_VISIT,
							.object_id = visit.id.n,
							.amount = visit.minutes,
							.prison = visit.prison,
							.words = STR("STANDBY") });
	*called = visit.reference;
	return use_case_end(&use, err);
}

/* Both, or neither. */
static enum err end_and_call(struct service *service, struct arena *arena, const struct handing *h,
			     const struct standby_row *row, struct reference *called)
{
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	err = visit_end(service, &SYSTEM, h->visit.reference, END_TIME, STR(""));
	if (err == OK)
		err = call(service, arena, h, row, called);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}

/* Best first, as they were asked. */
static enum err rank_standing(struct service *service, struct arena *arena, const struct handing *h,
			      const struct store_standbys *standing, struct waiting *waitings,
			      size_t order[REFILL_RANK_MAX], size_t *count)
{
	struct refill_candidate *candidates =
	    arena_new(arena, standing->count + 1, sizeof *candidates);
	int left = (int)((h->end.s - h->begins.s) / 60);
	enum err err = OK;
	for (size_t i = 0; i < standing->count && err == OK; i++) {
		const struct standby_row *row = &standing->list[i];
		struct waiting *w = &waitings[i];
		err = store_waiting_find_id(service->store, arena, row->waiting, w);
		candidates[i] = (struct refill_candidate){ .need = w->need, .short_notice = true };
		candidates[i].need.minutes =
		    standby_minutes(&h->policy, &w->need, h->begins, row->standby.end);
		candidates[i].cannot =
		    row->standby.state != STANDBY_AGREED || !standby_row_is_for(row, &h->visit);
	}
	*count = refill_rank(candidates, standing->count, &h->policy, h->visit.start,
			     left > 0 ? left : 0, service->now, order, REFILL_RANK_MAX);
	return err;
}

/* ERR_CONFLICT: nobody could have it. */
static enum err call_first(struct service *service, struct arena *arena, struct handing *h,
			   struct reference *called)
{
	struct store_standbys standing = { 0 };
	size_t order[REFILL_RANK_MAX], count = 0;
	enum err err = store_standby_list_group(service->store, arena, h->visit.prison,
						h->visit.start, &standing);
	struct waiting *waitings = arena_new(arena, standing.count + 1, sizeof *waitings);
	h->end = visit_slot_end(&h->visit);
	if (err == OK)
		err = rank_standing(service, arena, h, &standing, waitings, order, &count);
	for (size_t i = 0; i < count && err == OK; i++) {
		const struct standby_row *row = &standing.list[order[i]];
		h->waiting = waitings[order[i]];
		h->end = row->standby.end;
		err = visit_is_over(h->visit.state) ? call(service, arena, h, row, called)
						    : end_and_call(service, arena, h, row, called);
		if (err == OK || !refill_is_no(err))
			return err;
		err = OK;
		if (!visit_is_over(h->visit.state)) /* a rule says no by now */
			err = end_one(service, arena, row, STANDBY_GONE);
	}
	return err == OK ? ERR_CONFLICT : err;
}

/* The visit as it is under the writers' lock: whoever arrived first keeps it. */
static enum err load_handing(struct service *service, struct arena *arena,
			     struct reference reference, struct handing *out)
{
	enum err err = store_will_write(service->store);
	if (err == OK)
		err = store_visit_find(service->store, arena, reference, &out->visit);
	if (err == OK)
		err = policy_load(service, out->visit.prison, &out->policy);
	if (err == OK && !standby_takes(&out->visit, &out->policy, service->now))
		err = ERR_CONFLICT;
	if (err == OK)
		out->begins = standby_begins(&out->policy, out->visit.start, service->now);
	return err;
}

enum err standby_hand_over(struct service *service, const struct actor *actor,
			   struct reference reference, struct reference *called)
{
	struct arena arena;
	bool nobody = false;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	arena_init(&arena);
	struct handing *h = arena_new(&arena, 1, sizeof *h);
	err = load_handing(service, &arena, reference, h);
	if (err == OK) {
		err = call_first(service, &arena, h, called);
		nobody = err == ERR_CONFLICT; /* that they could not stays written */
	}
	arena_clear(&arena);
	enum err left = store_leave(service->store, err == OK || nobody);
	return err == OK ? left : err;
}

/* ---- what was called off ---- */

/* Its places are free: it was called off, or whoever was missing is known to be. */
static enum err call_for(struct service *service, struct arena *arena, struct visit_id freed)
{
	struct handing *h = arena_new(arena, 1, sizeof *h);
	struct reference called;
	enum err err = store_visit_find_by_id(service->store, arena, freed, &h->visit);
	if (err == OK)
		err = policy_load(service, h->visit.prison, &h->policy);
	if (err == OK && !standby_has(&h->visit, &h->policy, service->now))
		return OK;
	h->begins = standby_begins_freed(h->visit.start, service->now);
	if (err == OK)
		err = call_first(service, arena, h, &called);
	return refill_is_no(err) ? OK : err; /* nobody can have it: they stand by for the others */
}

static enum err call_for_freed(struct service *service, struct arena *arena,
			       struct standby_cursor *cursor)
{
	struct store_visit_ids freed = { 0 };
	if (service->now.s < cursor->called_at.s + CALL_EVERY_S &&
	    service->now.s >= cursor->called_at.s)
		return OK;
	cursor->called_at = service->now;
	enum err err =
	    store_standby_list_freed(service->store, arena, service->now,
				     wall_add_s(service->now, STANDBY_AHEAD_S), AT_ONCE, &freed);
	for (size_t i = 0; i < freed.count && err == OK; i++)
		err = call_for(service, arena, freed.list[i]);
	return err;
}

/* ---- running ---- */

enum err standby_run(struct service *service, const struct actor *actor,
		     struct standby_cursor *cursor, bool *more)
{
	struct arena arena;
	size_t done = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = end_due(service, &arena, &done);
	if (err == OK)
		err = call_for_freed(service, &arena, cursor);
	if (err == OK)
		err = end_unneeded(service, &arena, &done);
	*more = done >= AT_ONCE;
	if (err == OK)
		err = sweep(service, &arena, cursor, more);
	arena_clear(&arena);
	return err;
}

/* ---- answering ---- */

enum err standby_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct standby_id id, struct standby_view *out)
{
	struct standby_view view = { 0 };
	struct prison prison = { 0 };
	struct policy *policy = arena_new(arena, 1, sizeof *policy);
	enum err err = store_standby_find(service->store, id, &view.row);
	if (err == OK && actor->role != ROLE_SYSTEM && !refill_is_asked(actor, view.row.booker))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_waiting_find_id(service->store, arena, view.row.waiting, &view.waiting);
	if (err == OK)
		err = store_prison_find(service->store, arena, view.row.prison, &prison);
	if (err == OK)
		err = policy_load(service, view.row.prison, policy);
	if (err != OK)
		return err;
	view.prison_name = prison.name;
	view.known_at = standby_handover(policy, view.row.standby.start);
	view.minutes =
	    standby_minutes(policy, &view.waiting.need,
			    standby_begins(policy, view.row.standby.start, view.row.standby.start),
			    view.row.standby.end);
	view.row.standby.state = standby_after(&view.row.standby, service->now);
	if (view.row.visit.n) {
		struct visit visit = { 0 };
		err = store_visit_find_by_id(service->store, arena, view.row.visit, &visit);
		view.reference = visit.reference;
		view.minutes = visit.minutes;
	}
	*out = view;
	return err;
}

static enum err answer_one(struct service *service, const struct actor *actor, struct standby_id id,
			   enum offer_answer answer, enum standby_state *out)
{
	struct standby_row row = { 0 };
	enum err err = store_standby_find(service->store, id, &row);
	if (err == OK && !refill_is_asked(actor, row.booker))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = standby_answered(&row.standby, answer, service->now);
	if (*out == row.standby.state)
		return OK;
	err = store_standby_set(service->store, row.id, row.standby.state, *out, service->now);
	return err == OK ? leaf(service, actor, AUDIT_STANDBY_END, &row, *out) : err;
}

enum err standby_answer(struct service *service, const struct actor *actor, struct standby_id id,
			enum offer_answer answer, enum standby_state *out)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = answer_one(service, actor, id, answer, out);
	return use_case_end(&use, err);
}
