#include "service/standby_priv.h"

#include "service/refill_priv.h"
#include "store/statistics.h"
#include "store/visit.h"

enum {
	TRIES_AT_ONCE = 6,   /* bookings tried and undone in one run */
	SWEEP_EVERY_S = 600, /* all prisons are looked at so often */
	GROUP_MAX = 64,      /* visits that begin together */
};

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
	return standby_try(look->service, look->arena, h, could);
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
			err = standby_end_one(look->service, look->arena, row, STANDBY_GONE);
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
	    refill_waiters_find(service, look->arena, look->prison, look->group.start, waiters);
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
		err = standby_tell(service, &look->policy, &row, &w->need,
				   at_once ? MESSAGE_STANDBY_AGREED : MESSAGE_STANDBY, NULL);
	return err == OK ? standby_leaf(service, &STANDBY_SYSTEM, AUDIT_STANDBY_ASK, &row, at_once)
			 : err;
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

enum err standby_sweep(struct service *service, struct arena *arena, struct standby_cursor *cursor,
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
