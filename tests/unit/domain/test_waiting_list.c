/*
 * Random histories of one prison: people ask, book, cancel, miss visits, are
 * transferred and released, and answer offers or do not.  A slow book of
 * promises beside the list says who was promised what; the two must agree.
 */
#include "tests/unit/check.h"

#include "base/arena.h"
#include "base/random.h"
#include "domain/waiting/fence.h"
#include "domain/waiting/list.h"
#include "tests/unit/domain/waiting.h"

enum {
	PLACES = 4, /* two legal rooms, one social, one of the courts */
	DAYS = 30,
	ENTRIES = 400,
	OFFERS = 64,
	OPEN_FROM = 108,
	OPEN_STEPS = 96,
	STEP_S = 300,
	HISTORIES = 40,
	ACTS = 1500,
	NOBODY = -1,
};

struct world {
	struct arena arena;
	struct random random;
	struct policy policy;
	struct waiting_list *list;
	struct wall now;
	size_t entries;
	struct waiting_need asked[ENTRIES];
	int promised[PLACES][DAYS][DAY_STEPS]; /* entry, by a booking or by an offer that keeps */
	size_t offers_made[ENTRIES];
	int64_t offers_day[ENTRIES];
	int offers_today[ENTRIES];
	size_t accepted;
};

static void world_open(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof *w);
	arena_init(&w->arena);
	w->random = random_seeded(seed);
	w->policy = waiting_policy();
	const struct list_config config = { .first_day = { 2026, 3,
							   23 }, /* over a change of clocks */
					    .day_count = DAYS,
					    .place_count = PLACES,
					    .entry_max = ENTRIES,
					    .offer_max = OFFERS,
					    .grid_steps = { 1, 1, 1 },
					    .turn_steps = 1,
					    .shortest_steps = 3,
					    .window_days = 28 };
	static const enum visit_kind OWNERS[PLACES] = { VISIT_LEGAL, VISIT_LEGAL, VISIT_SOCIAL,
							VISIT_OFFICIAL };
	w->list = waiting_list_new(&w->arena, &config, &w->policy);
	for (size_t p = 0; p < PLACES; p++)
		for (size_t d = 0; d < DAYS; d++)
			if (d % 7 < 5)
				waiting_list_open(w->list, p, OWNERS[p], d, OPEN_FROM, OPEN_STEPS);
	w->now = waiting_list_wall(w->list, 0, 96);
	for (size_t p = 0; p < PLACES; p++)
		for (size_t d = 0; d < DAYS; d++)
			for (int s = 0; s < DAY_STEPS; s++)
				w->promised[p][d][s] = NOBODY;
}

static void promise(struct world *w, const struct list_time *t, size_t entry)
{
	for (int s = t->start; s < t->start + t->steps + t->turn; s++) {
		int *who = &w->promised[t->place][t->day][s];
		assert_int_equal(*who, NOBODY); /* no time is promised twice */
		*who = (int)entry;
	}
}

static void take_back(struct world *w, const struct list_time *t, size_t entry)
{
	for (int s = t->start; s < t->start + t->steps + t->turn; s++) {
		assert_int_equal(w->promised[t->place][t->day][s], (int)entry);
		w->promised[t->place][t->day][s] = NOBODY;
	}
}

static void ask(struct world *w)
{
	if (w->entries == ENTRIES)
		return;
	struct waiting_need need = { .kind = VISIT_LEGAL,
				     .asked_at = w->now,
				     .minutes = WAITING_LENGTHS[random_below(&w->random, 6)] };
	if (random_below(&w->random, 4) == 0) {
		need.kind = VISIT_SOCIAL;
		need.minutes = 30;
	} else if (random_below(&w->random, 2)) {
		need.cause = (enum waiting_cause)(1 + random_below(&w->random, 6));
		need.deadline =
		    date_add_days(local_date(w->now), (int64_t)random_below(&w->random, 30));
	}
	size_t entry = waiting_list_ask(w->list, &need);
	assert_int_equal(entry, w->entries);
	w->asked[w->entries++] = need;
}

static bool pick(struct world *w, size_t *out)
{
	if (!w->entries)
		return false;
	*out = random_below(&w->random, w->entries);
	return waiting_list_entry(w->list, *out)->live;
}

/* Lawyers' time of a day that a fence keeps is neither found nor offered. */
static void check_fence(const struct world *w, size_t entry, const struct list_time *t, int taken)
{
	const struct waiting_need *need = &w->asked[entry];
	if (need->kind != VISIT_LEGAL || t->place > 1)
		return;
	struct fence_ask ask =
	    fence_ask_on(need, &w->policy, local_date(w->now), waiting_list_date(w->list, t->day));
	int64_t percent = fence_percent(&w->policy, &ask);
	int64_t open = waiting_list_open_steps(w->list, VISIT_LEGAL, t->day);
	CHECK(!percent || taken + t->steps + t->turn <= open * (100 - percent) / 100);
}

/* Of the lawyers' time of a day, what all but the entry have. */
static int taken_by_others(const struct world *w, size_t entry, size_t day)
{
	const struct list_entry *e = waiting_list_entry(w->list, entry);
	int taken = waiting_list_taken_steps(w->list, VISIT_LEGAL, day);
	bool own = e->booked && e->time.day == day && e->time.place <= 1;
	return taken - (own ? waiting_list_steps(w->list, &e->time) : 0);
}

/* What the list offers is free, open and long enough, and inside its fences and releases. */
static void check_time(const struct world *w, size_t entry, const struct list_time *t)
{
	static const enum visit_kind OWNERS[PLACES] = { VISIT_LEGAL, VISIT_LEGAL, VISIT_SOCIAL,
							VISIT_OFFICIAL };
	const struct waiting_need *need = &w->asked[entry];
	struct wall start = waiting_list_wall(w->list, t->day, t->start);
	CHECK(start.s > w->now.s);
	check_fence(w, entry, t, waiting_list_taken_steps(w->list, VISIT_LEGAL, t->day));
	CHECK(t->start >= OPEN_FROM && t->start + t->steps <= OPEN_FROM + OPEN_STEPS);
	assert_int_equal(t->steps, need->minutes / 5);
	assert_int_equal(t->turn, need->kind == VISIT_LEGAL);
	if (OWNERS[t->place] == need->kind)
		return;
	int64_t ahead = start.s - w->now.s;
	if (OWNERS[t->place] == VISIT_SOCIAL)
		CHECK(need->kind == VISIT_LEGAL && ahead < 48 * 3600);
	else if (OWNERS[t->place] == VISIT_LEGAL)
		CHECK(need->kind == VISIT_SOCIAL && ahead < 4 * 3600);
	else
		CHECK(need->kind == VISIT_LEGAL && ahead < 32 * 3600);
}

static void book(struct world *w)
{
	size_t entry;
	struct list_time times[40], freed;
	if (!pick(w, &entry))
		return;
	bool had = waiting_list_entry(w->list, entry)->booked;
	struct list_time before = waiting_list_entry(w->list, entry)->time;
	size_t n = waiting_list_times(w->list, entry, w->now, NULL, 28, times, 40, 8);
	for (size_t i = 0; i < n; i++)
		check_time(w, entry, &times[i]);
	if (!n)
		return;
	struct list_time chosen = times[random_below(&w->random, n)];
	CHECK(waiting_list_book(w->list, entry, &chosen, &freed));
	promise(w, &chosen, entry); /* before the old one goes: both are theirs for a moment */
	assert_int_equal(freed.steps != 0, had);
	if (had)
		take_back(w, &before, entry);
	CHECK(!waiting_list_book(w->list, entry, &chosen, &freed)); /* it is taken now */
}

/* Cancelled, missed, or the prisoner went: the time is free, the request stays as it was. */
static void give_up_time(struct world *w)
{
	size_t entry;
	struct list_time freed;
	if (!pick(w, &entry))
		return;
	waiting_list_free(w->list, entry, &freed);
	if (freed.steps)
		take_back(w, &freed, entry);
	if (random_below(&w->random, 3) == 0)
		waiting_list_end(w->list, entry);
}

static void count_offer(struct world *w, size_t entry)
{
	int64_t today = date_to_days(local_date(w->now));
	if (w->offers_day[entry] != today)
		w->offers_today[entry] = 0;
	w->offers_day[entry] = today;
	w->offers_today[entry]++;
	CHECK(w->offers_today[entry] <= 3);
}

static void offer(struct world *w)
{
	struct list_time time = { .place = random_below(&w->random, PLACES),
				  .day = random_below(&w->random, DAYS),
				  .start = OPEN_FROM + (int)random_below(&w->random, OPEN_STEPS),
				  .steps = 4 };
	size_t order[12], made;
	size_t n = waiting_list_rank(w->list, &time, w->now, order, 12);
	for (size_t i = 0; i < n; i++) {
		int taken = taken_by_others(w, order[i], time.day);
		if (!waiting_list_offer(w->list, order[i], &time, w->now, &made))
			continue;
		const struct list_offer *o = waiting_list_offer_at(w->list, made);
		struct wall start = waiting_list_wall(w->list, time.day, time.start);
		check_fence(w, order[i], &o->time, taken);
		CHECK(o->offer.answer_until.s > w->now.s);
		CHECK(o->offer.answer_until.s <= start.s - 3600);
		if (o->keeps)
			promise(w, &o->time, order[i]);
		count_offer(w, order[i]);
		struct local_time local = local_of(w->now);
		CHECK(!o->keeps || (local.minute >= 480 && local.minute < 1140));
	}
}

static void answer(struct world *w)
{
	size_t at = random_below(&w->random, OFFERS);
	for (size_t i = 0; i < OFFERS && random_below(&w->random, 50); i++)
		if (waiting_list_offer_at(w->list, at)->offer.state != OFFER_OPEN)
			at = (at + 1) % OFFERS;
	struct list_offer before = *waiting_list_offer_at(w->list, at);
	struct list_time freed;
	bool open = before.offer.state == OFFER_OPEN;
	if (!before.time.steps) /* never made */
		return;
	struct list_time had = waiting_list_entry(w->list, before.entry)->time;
	bool booked = waiting_list_entry(w->list, before.entry)->booked;
	bool live = waiting_list_entry(w->list, before.entry)->live;
	bool yes = random_below(&w->random, 2) > 0;
	enum offer_state state =
	    waiting_list_answer(w->list, at, yes ? ANSWER_ACCEPT : ANSWER_DECLINE, w->now, &freed);
	if (!open) {
		assert_int_equal(state, before.offer.state);
		return;
	}
	bool late = w->now.s >= before.offer.answer_until.s;
	if (late)
		assert_int_equal(state, OFFER_EXPIRED);
	else if (!yes)
		assert_int_equal(state, OFFER_DECLINED);
	if (before.keeps)
		take_back(w, &before.time, before.entry);
	if (state != OFFER_ACCEPTED) { /* what they had is theirs still */
		assert_int_equal(waiting_list_entry(w->list, before.entry)->booked, booked);
		return;
	}
	CHECK(yes && !late && live);
	promise(w, &before.time, before.entry);
	if (booked)
		take_back(w, &had, before.entry);
	assert_int_equal(freed.steps != 0, booked);
	w->accepted++;
}

static void expire(struct world *w)
{
	for (size_t i = 0; i < OFFERS; i++) {
		struct list_offer before = *waiting_list_offer_at(w->list, i);
		if (!before.time.steps || !waiting_list_expire(w->list, i, w->now))
			continue;
		CHECK(w->now.s >= before.offer.answer_until.s);
		if (before.keeps)
			take_back(w, &before.time, before.entry);
	}
}

/* The two books agree, no minute was made or lost, and no request has changed. */
static void check_all(const struct world *w)
{
	for (size_t d = 0; d < DAYS; d++) {
		int taken = 0, open = 0, free = 0;
		for (size_t p = 0; p < PLACES; p++) {
			struct day_steps gaps = waiting_list_gaps(w->list, p, d);
			free += day_count(&gaps);
			for (int s = 0; s < DAY_STEPS; s++) {
				bool hours = s >= OPEN_FROM && s < OPEN_FROM + OPEN_STEPS;
				taken += hours && w->promised[p][d][s] != NOBODY;
				CHECK(!day_has(&gaps, s) || w->promised[p][d][s] == NOBODY);
			}
		}
		for (unsigned k = 0; k < VISIT_KIND_COUNT; k++)
			open += waiting_list_open_steps(w->list, (enum visit_kind)k, d);
		assert_int_equal(open, d % 7 < 5 ? PLACES * OPEN_STEPS : 0);
		assert_int_equal(free + taken, open);
	}
	for (size_t e = 0; e < w->entries; e++) {
		const struct list_entry *entry = waiting_list_entry(w->list, e);
		assert_int_equal(entry->need.asked_at.s, w->asked[e].asked_at.s);
		assert_memory_equal(&entry->need, &w->asked[e], sizeof entry->need);
	}
}

static void random_histories_keep_every_promise(void **state)
{
	static struct world w;
	size_t accepted = 0;
	(void)state;
	for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
		world_open(&w, seed);
		for (int i = 0; i < ACTS; i++) {
			static void (*const DO[])(
			    struct world *) = { ask,   book,   book,   offer,        offer,
						offer, answer, answer, give_up_time, expire };
			DO[random_below(&w.random, 10)](&w);
			w.now.s += (int64_t)random_below(&w.random, 12) * 60;
			if (i % 100 == 0)
				check_all(&w);
		}
		check_all(&w);
		accepted += w.accepted;
		arena_clear(&w.arena);
	}
	CHECK(accepted > HISTORIES); /* the histories do reach what they are about */
}

static void a_booking_is_kept_until_the_earlier_time_is_accepted(void **state)
{
	static struct world w;
	struct list_time times[20], freed;
	size_t made;
	(void)state;
	world_open(&w, 1);
	ask(&w);
	w.asked[0].kind = VISIT_LEGAL;
	const struct waiting_need need = { .kind = VISIT_LEGAL, .asked_at = w.now, .minutes = 60 };
	size_t e = waiting_list_ask(w.list, &need);
	size_t n = waiting_list_times(w.list, e, w.now, NULL, 28, times, 20, 1);
	CHECK(n > 5);
	CHECK(waiting_list_book(w.list, e, &times[5], &freed));
	CHECK(waiting_list_offer(w.list, e, &times[3], w.now, &made));
	CHECK(!waiting_list_offer(w.list, e, &times[2], w.now, &made)); /* one at a time */
	assert_int_equal(waiting_list_entry(w.list, e)->time.day, times[5].day);
	CHECK(!waiting_list_is_free(w.list, &times[3]));
	assert_int_equal(waiting_list_answer(w.list, made, ANSWER_ACCEPT, w.now, &freed),
			 OFFER_ACCEPTED);
	assert_int_equal(freed.day, times[5].day);
	CHECK(waiting_list_is_free(w.list, &times[5]));
	assert_int_equal(waiting_list_entry(w.list, e)->time.day, times[3].day);
	/* A second answer changes nothing. */
	assert_int_equal(waiting_list_answer(w.list, made, ANSWER_DECLINE, w.now, &freed),
			 OFFER_ACCEPTED);
	CHECK(!waiting_list_is_free(w.list, &times[3]));
	arena_clear(&w.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(random_histories_keep_every_promise),
		TEST(a_booking_is_kept_until_the_earlier_time_is_accepted),
	};
	return RUN("domain/waiting_list", tests);
}
