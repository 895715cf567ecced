#include "domain/waiting/list.h"

#include "base/assert.h"
#include "domain/waiting/fence.h"

enum {
	STEP_S = DAY_STEP_MINUTES * 60,
	NOON_MINUTE = 12 * 60,
};

struct place_day {
	struct day_steps open;
	struct day_steps taken;
};

/* Room for the work of one search. */
struct search {
	struct day_steps free[FIT_PLACES_MAX][FIT_DAYS_MAX];
	struct day_steps shut[FIT_PLACES_MAX][FIT_DAYS_MAX];
	struct fit_place places[FIT_PLACES_MAX];
};

struct waiting_list {
	struct list_config config;
	const struct policy *policy;
	int64_t first;      /* the number of the first day */
	struct wall *bases; /* [day]: step 0, as the clock runs at noon of that day */
	int64_t *working;   /* [day]: working days since the first */
	enum visit_kind owners[FIT_PLACES_MAX];
	struct place_day *days; /* [place * day_count + day] */
	size_t entry_count;
	struct list_entry *entries;
	size_t live_count;
	size_t *live;    /* entries that wait or are booked */
	size_t *live_at; /* [entry]: where it stands there */
	struct list_offer *offers;
	size_t next_offer;
	struct search *search;
};

/* ---- the diary ---- */

struct waiting_list *waiting_list_new(struct arena *arena, const struct list_config *config,
				      const struct policy *policy)
{
	ASSERT(config->place_count <= FIT_PLACES_MAX && config->window_days <= FIT_DAYS_MAX);
	struct waiting_list *list = arena_new(arena, 1, sizeof *list);
	list->config = *config;
	list->policy = policy;
	list->first = date_to_days(config->first_day);
	list->bases = arena_new(arena, config->day_count, sizeof *list->bases);
	list->working = arena_new(arena, config->day_count, sizeof *list->working);
	list->days = arena_new(arena, config->place_count * config->day_count, sizeof *list->days);
	list->entries = arena_new(arena, config->entry_max, sizeof *list->entries);
	list->live = arena_new(arena, config->entry_max, sizeof *list->live);
	list->live_at = arena_new(arena, config->entry_max, sizeof *list->live_at);
	list->offers = arena_new(arena, config->offer_max, sizeof *list->offers);
	list->search = arena_new(arena, 1, sizeof *list->search);
	for (size_t i = 0; i < config->offer_max; i++)
		list->offers[i].offer.state = OFFER_GONE;
	for (size_t d = 0; d < config->day_count; d++) {
		struct wall noon;
		(void)local_to_wall(date_of_days(list->first + (int64_t)d), NOON_MINUTE, &noon);
		list->bases[d] = wall_add_s(noon, -NOON_MINUTE * 60);
		list->working[d] =
		    working_days_between(config->first_day, date_of_days(list->first + (int64_t)d));
	}
	return list;
}

static struct place_day *at(const struct waiting_list *list, size_t place, size_t day)
{
	ASSERT(place < list->config.place_count && day < list->config.day_count);
	return &list->days[place * list->config.day_count + day];
}

void waiting_list_open(struct waiting_list *list, size_t place, enum visit_kind owner, size_t day,
		       int from, int count)
{
	list->owners[place] = owner;
	day_set(&at(list, place, day)->open, from, count);
}

struct wall waiting_list_wall(const struct waiting_list *list, size_t day, int step)
{
	ASSERT(day < list->config.day_count);
	return wall_add_s(list->bases[day], (int64_t)step * STEP_S);
}

struct date waiting_list_date(const struct waiting_list *list, size_t day)
{
	return date_of_days(list->first + (int64_t)day);
}

/* The day in which a moment lies; before the first: the first. */
static size_t day_of(const struct waiting_list *list, struct wall now)
{
	int64_t day = date_to_days(local_date(now)) - list->first;
	return day < 0 ? 0 : (size_t)day;
}

struct day_steps waiting_list_gaps(const struct waiting_list *list, size_t place, size_t day)
{
	const struct place_day *d = at(list, place, day);
	return day_without(d->open, d->taken);
}

/* Nobody is there, and nobody can come in. */
static struct day_steps shut(const struct waiting_list *list, size_t place, size_t day)
{
	const struct place_day *d = at(list, place, day);
	return day_inverse(day_or(d->open, d->taken));
}

/* Whether these steps of a place hold the time, and what comes after it. */
static bool holds(const struct waiting_list *list, const struct list_time *time,
		  struct day_steps free)
{
	struct day_steps starts =
	    fit_starts(free, shut(list, time->place, time->day), time->steps, time->turn);
	return day_has(&starts, time->start);
}

bool waiting_list_is_free(const struct waiting_list *list, const struct list_time *time)
{
	if (time->day >= list->config.day_count)
		return false;
	struct day_steps gaps = waiting_list_gaps(list, time->place, time->day);
	return holds(list, time, gaps);
}

int waiting_list_steps(const struct waiting_list *list, const struct list_time *time)
{
	struct day_steps own = { 0 };
	day_set(&own, time->start, time->steps + time->turn);
	own = day_and(own, at(list, time->place, time->day)->open);
	return day_count(&own);
}

int waiting_list_open_steps(const struct waiting_list *list, enum visit_kind owner, size_t day)
{
	int n = 0;
	for (size_t p = 0; p < list->config.place_count; p++)
		n += list->owners[p] == owner ? day_count(&at(list, p, day)->open) : 0;
	return n;
}

int waiting_list_taken_steps(const struct waiting_list *list, enum visit_kind owner, size_t day)
{
	int n = 0;
	for (size_t p = 0; p < list->config.place_count; p++) {
		const struct place_day *d = at(list, p, day);
		struct day_steps taken = day_and(d->taken, d->open);
		n += list->owners[p] == owner ? day_count(&taken) : 0;
	}
	return n;
}

/* ---- entries ---- */

size_t waiting_list_ask(struct waiting_list *list, const struct waiting_need *need)
{
	ASSERT(list->entry_count < list->config.entry_max);
	size_t entry = list->entry_count++;
	list->entries[entry] = (struct list_entry){ .need = *need, .live = true };
	list->live_at[entry] = list->live_count;
	list->live[list->live_count++] = entry;
	return entry;
}

const struct list_entry *waiting_list_entry(const struct waiting_list *list, size_t entry)
{
	ASSERT(entry < list->entry_count);
	return &list->entries[entry];
}

size_t waiting_list_live(const struct waiting_list *list)
{
	return list->live_count;
}

/* ---- finding ---- */

/* The steps of a day that are not past, and open to this kind by owner or by release. */
static struct day_steps offered(const struct waiting_list *list, size_t place, size_t day,
				enum visit_kind kind, struct wall now, struct wall not_before)
{
	struct day_steps gaps = waiting_list_gaps(list, place, day);
	if (day_is_empty(&gaps))
		return gaps;
	int64_t past = not_before.s - list->bases[day].s;
	if (past > 0)
		gaps = day_and(gaps, day_from((int)((past + STEP_S - 1) / STEP_S)));
	if (list->owners[place] == kind)
		return gaps;
	struct wall until = release_until(list->policy, list->owners[place], kind, now);
	if (until.s <= list->bases[day].s)
		return (struct day_steps){ 0 };
	int64_t released = (until.s - list->bases[day].s) / STEP_S; /* steps that end by then */
	if (released >= DAY_STEPS)
		return gaps;
	return day_without(gaps, day_from((int)released));
}

static int turn_steps(const struct waiting_list *list, const struct waiting_need *need)
{
	return need->kind == VISIT_LEGAL ? list->config.turn_steps : 0;
}

/* The lawyers' time of a day. */
struct legal_use {
	int64_t open;
	int64_t taken;
};

static struct legal_use legal_use(const struct waiting_list *list, size_t day)
{
	return (struct legal_use){ waiting_list_open_steps(list, VISIT_LEGAL, day),
				   waiting_list_taken_steps(list, VISIT_LEGAL, day) };
}

/* Of the asker, today; .lead_days is the day's. */
static struct fence_ask fence_ask_of(const struct waiting_list *list,
				     const struct waiting_need *need, struct date today)
{
	struct fence_ask ask = { .class = waiting_class_on(need, list->policy, today) };
	if (need->deadline.year)
		ask.deadline_days = working_days_between(today, need->deadline);
	return ask;
}

static int64_t lead_days(const struct waiting_list *list, size_t today, size_t day)
{
	return list->working[day] - list->working[today];
}

static struct wall first_start(const struct waiting_list *list, const struct waiting_need *need,
			       struct wall now)
{
	enum policy_name notice = POLICY_LEGAL_NOTICE_MINUTES;
	if (need->kind == VISIT_SOCIAL)
		notice = POLICY_OFFER_LAST_MINUTES;
	return wall_add_s(now, list->policy->values[notice] * 60);
}

static void fill_search(const struct waiting_list *list, const struct waiting_need *need,
			struct wall now, size_t first, size_t days, struct search *search)
{
	struct date today = local_date(now);
	struct wall not_before = first_start(list, need, now);
	struct fence_ask ask = fence_ask_of(list, need, today);
	int wanted = need->minutes / DAY_STEP_MINUTES + turn_steps(list, need);
	bool kept[FIT_DAYS_MAX] = { false };
	for (size_t d = 0; d < days && need->kind == VISIT_LEGAL; d++) {
		struct legal_use use = legal_use(list, first + d);
		ask.lead_days = lead_days(list, first, first + d);
		kept[d] = fence_keeps(list->policy, &ask, use.open, use.taken, wanted);
	}
	for (size_t p = 0; p < list->config.place_count; p++) {
		search->places[p] = (struct fit_place){ .free = search->free[p],
							.shut = search->shut[p],
							.last = list->owners[p] != need->kind };
		for (size_t d = 0; d < days; d++) {
			search->free[p][d] = (struct day_steps){ 0 };
			search->shut[p][d] = shut(list, p, first + d);
			/* Released time of other uses stands outside the fences. */
			if (!kept[d] || list->owners[p] != VISIT_LEGAL)
				search->free[p][d] =
				    offered(list, p, first + d, need->kind, now, not_before);
		}
	}
}

size_t waiting_list_times(const struct waiting_list *list, size_t entry, struct wall now,
			  const struct day_steps *busy, size_t days, struct list_time *out,
			  size_t max, size_t per_day)
{
	const struct waiting_need *need = &waiting_list_entry(list, entry)->need;
	struct search *search = list->search;
	struct fit fits[DAY_STEPS];
	size_t first = day_of(list, now);
	if (first >= list->config.day_count)
		return 0;
	days = days < list->config.window_days ? days : list->config.window_days;
	if (first + days > list->config.day_count)
		days = list->config.day_count - first;
	fill_search(list, need, now, first, days, search);
	struct fit_ask ask = { .steps = need->minutes / DAY_STEP_MINUTES,
			       .turn_steps = turn_steps(list, need),
			       .shortest_steps = list->config.shortest_steps,
			       .grid_steps = list->config.grid_steps[need->kind],
			       .day_count = days,
			       .busy = busy };
	size_t n = fit_find(&ask, search->places, list->config.place_count, fits,
			    max < DAY_STEPS ? max : DAY_STEPS, per_day);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct list_time){ .place = fits[i].place,
					     .day = first + fits[i].day,
					     .start = fits[i].start,
					     .steps = ask.steps,
					     .turn = ask.turn_steps };
	return n;
}

/* ---- booking ---- */

static void take(struct waiting_list *list, const struct list_time *time)
{
	day_set(&at(list, time->place, time->day)->taken, time->start, time->steps + time->turn);
}

static void let_go(struct waiting_list *list, const struct list_time *time)
{
	day_clear(&at(list, time->place, time->day)->taken, time->start, time->steps + time->turn);
}

/* The time is taken already; the entry has it from now on. */
static void give(struct waiting_list *list, size_t entry, const struct list_time *time,
		 struct list_time *freed)
{
	struct list_entry *e = &list->entries[entry];
	*freed = (struct list_time){ 0 };
	if (e->booked) {
		*freed = e->time;
		let_go(list, freed);
	}
	e->booked = true;
	e->time = *time;
	e->start = waiting_list_wall(list, time->day, time->start);
}

bool waiting_list_book(struct waiting_list *list, size_t entry, const struct list_time *time,
		       struct list_time *freed)
{
	if (!waiting_list_entry(list, entry)->live || !waiting_list_is_free(list, time))
		return false;
	take(list, time);
	give(list, entry, time, freed);
	return true;
}

void waiting_list_free(struct waiting_list *list, size_t entry, struct list_time *freed)
{
	struct list_entry *e = &list->entries[entry];
	ASSERT(e->live);
	*freed = (struct list_time){ 0 };
	if (!e->booked)
		return;
	*freed = e->time;
	let_go(list, freed);
	e->booked = false;
}

void waiting_list_end(struct waiting_list *list, size_t entry)
{
	ASSERT(entry < list->entry_count && list->entries[entry].live);
	list->entries[entry].live = false;
	size_t place = list->live_at[entry];
	size_t last = list->live[--list->live_count];
	list->live[place] = last;
	list->live_at[last] = place;
}

/* ---- offers ---- */

static int offers_on(const struct list_entry *e, struct wall now)
{
	return e->offers_day == date_to_days(local_date(now)) ? e->offers_today : 0;
}

static bool same_time(const struct list_time *a, const struct list_time *b)
{
	return a->place == b->place && a->day == b->day && a->start == b->start;
}

/* There is an open offer to that entry, or this very time was offered to it. */
static bool was_asked(const struct waiting_list *list, size_t entry, const struct list_time *time)
{
	for (size_t i = 0; i < list->config.offer_max; i++) {
		const struct list_offer *o = &list->offers[i];
		bool open = o->offer.state == OFFER_OPEN;
		if (o->entry == entry && o->time.steps && (open || same_time(&o->time, time)))
			return true;
	}
	return false;
}

/* The time as an entry would take it: as long as its visit, at the freed start. */
static struct list_time as_needed(const struct waiting_list *list, const struct list_entry *e,
				  const struct list_time *time)
{
	struct list_time own = *time;
	own.steps = e->need.minutes / DAY_STEP_MINUTES;
	own.turn = turn_steps(list, &e->need);
	return own;
}

/* What they have of the lawyers' time of that day would be free again. */
static int own_steps(const struct waiting_list *list, const struct list_entry *e, size_t day)
{
	bool counts = e->booked && e->time.day == day && list->owners[e->time.place] == VISIT_LEGAL;
	return counts ? waiting_list_steps(list, &e->time) : 0;
}

/* A fence keeps it from that entry, as from whoever books. */
static bool is_kept(const struct waiting_list *list, const struct list_entry *e,
		    const struct list_time *time, const struct legal_use *use, struct wall now)
{
	if (e->need.kind != VISIT_LEGAL || list->owners[time->place] != VISIT_LEGAL)
		return false;
	struct fence_ask ask = fence_ask_of(list, &e->need, local_date(now));
	ask.lead_days = lead_days(list, day_of(list, now), time->day);
	int64_t taken = use->taken - own_steps(list, e, time->day);
	return fence_keeps(list->policy, &ask, use->open, taken, time->steps + time->turn);
}

static struct refill_candidate candidate_of(const struct waiting_list *list, size_t entry,
					    const struct list_time *time,
					    const struct legal_use *use, struct wall now)
{
	const struct list_entry *e = &list->entries[entry];
	struct list_time own = as_needed(list, e, time);
	struct day_steps may = offered(list, time->place, time->day, e->need.kind, now, now);
	return (struct refill_candidate){
		.need = e->need,
		.booked = e->booked ? e->start : (struct wall){ 0 },
		.offers_today = offers_on(e, now),
		.short_notice = true,
		.cannot = !holds(list, &own, may) || is_kept(list, e, &own, use, now),
	};
}

size_t waiting_list_rank(const struct waiting_list *list, const struct list_time *time,
			 struct wall now, size_t *out, size_t max)
{
	enum {
		AT_ONCE = 512,
	};
	struct refill_candidate candidates[AT_ONCE];
	size_t entries[AT_ONCE], n = 0;
	struct wall start = waiting_list_wall(list, time->day, time->start);
	struct legal_use use = legal_use(list, time->day);
	for (size_t i = 0; i < list->live_count && n < AT_ONCE; i++) {
		const struct list_entry *e = &list->entries[list->live[i]];
		if (e->booked && e->start.s <= start.s)
			continue; /* most of them: it would not be earlier */
		candidates[n] = candidate_of(list, list->live[i], time, &use, now);
		entries[n] = list->live[i];
		n += !candidates[n].cannot;
	}
	int minutes = DAY_STEPS * DAY_STEP_MINUTES; /* whether it fits is in .cannot */
	n = refill_rank(candidates, n, list->policy, start, minutes, now, out, max);
	for (size_t i = 0; i < n; i++)
		out[i] = entries[out[i]];
	return n;
}

static int open_offers(const struct waiting_list *list, const struct list_time *time)
{
	int n = 0;
	for (size_t i = 0; i < list->config.offer_max; i++)
		n += list->offers[i].offer.state == OFFER_OPEN &&
		     same_time(&list->offers[i].time, time);
	return n;
}

/* The one that ended longest ago, so that what was offered is remembered for a while. */
static size_t slot_for_offer(const struct waiting_list *list)
{
	for (size_t i = 0; i < list->config.offer_max; i++) {
		size_t slot = (list->next_offer + i) % list->config.offer_max;
		if (list->offers[slot].offer.state != OFFER_OPEN)
			return slot;
	}
	return list->config.offer_max;
}

bool waiting_list_offer(struct waiting_list *list, size_t entry, const struct list_time *time,
			struct wall now, size_t *offer)
{
	struct list_entry *e = &list->entries[entry];
	struct wall start = waiting_list_wall(list, time->day, time->start);
	struct refill_round round = refill_round_of(list->policy, start, now);
	struct legal_use use = legal_use(list, time->day);
	struct refill_candidate c = candidate_of(list, entry, time, &use, now);
	size_t slot = slot_for_offer(list);
	c.asked_before = was_asked(list, entry, time);
	if (!e->live || slot == list->config.offer_max || open_offers(list, time) >= round.at_once)
		return false;
	if (!refill_may_ask(&c, list->policy, start, DAY_STEPS * DAY_STEP_MINUTES, now))
		return false;
	struct list_offer made = { .entry = entry,
				   .time = as_needed(list, e, time),
				   .keeps = round.keeps,
				   .offer = { .state = OFFER_OPEN,
					      .made_at = now,
					      .answer_until = round.answer_until,
					      .start = start } };
	if (made.keeps)
		take(list, &made.time);
	e->offers_today = offers_on(e, now) + 1;
	e->offers_day = date_to_days(local_date(now));
	list->offers[slot] = made;
	list->next_offer = (slot + 1) % list->config.offer_max;
	*offer = slot;
	return true;
}

const struct list_offer *waiting_list_offer_at(const struct waiting_list *list, size_t offer)
{
	ASSERT(offer < list->config.offer_max);
	return &list->offers[offer];
}

static void end_offer(struct waiting_list *list, struct list_offer *o, enum offer_state state)
{
	o->offer.state = state;
	if (o->keeps && state != OFFER_ACCEPTED)
		let_go(list, &o->time);
}

enum offer_state waiting_list_answer(struct waiting_list *list, size_t offer,
				     enum offer_answer answer, struct wall now,
				     struct list_time *freed)
{
	struct list_offer *o = &list->offers[offer];
	*freed = (struct list_time){ 0 };
	if (o->offer.state != OFFER_OPEN)
		return o->offer.state;
	bool free =
	    list->entries[o->entry].live && (o->keeps || waiting_list_is_free(list, &o->time));
	enum offer_state state = offer_answered(&o->offer, answer, free, now);
	end_offer(list, o, state);
	if (state == OFFER_ACCEPTED) {
		take(list, &o->time);
		give(list, o->entry, &o->time, freed);
	}
	return state;
}

bool waiting_list_expire(struct waiting_list *list, size_t offer, struct wall now)
{
	struct list_offer *o = &list->offers[offer];
	if (o->offer.state != OFFER_OPEN || offer_after(&o->offer, now) == OFFER_OPEN)
		return false;
	end_offer(list, o, OFFER_EXPIRED);
	return true;
}
