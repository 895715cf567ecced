#include "tests/store/lawyers.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "domain/waiting/list.h"
#include "service/booking.h"
#include "service/service_priv.h"
#include "store/query.h"
#include "store/row_priv.h"
#include "store/session_template.h"

/*
 * The same small prison twice: as rows, through the service, and as values, through the diary with
 * which a year is simulated (domain/waiting/list.h).  The same people ask, book and cancel in both;
 * whoever asks must be offered the same times.
 */
enum {
	TERMINALS = 2,
	LAWYERS = 4,
	CLIENTS = 3,
	SEEDS = 4,
	ASKS = 40, /* of one history */
	PER_DAY = 6,
	DAYS = 60,
	LEGAL_FROM = 600, /* minutes of the day */
	LEGAL_UNTIL = 720,
	SOCIAL_FROM = 780,
	SOCIAL_UNTIL = 870,
	MINUTE = 60,
	HOUR = 3600,
	FRIDAY = 4, /* days after a Monday */
};

static const struct {
	const char *number;
	struct date born;
} CLIENT[CLIENTS] = {
	{ "A1234BC", { 1988, 4, 12 } },
	{ "A2345CD", { 1992, 9, 3 } },
	{ "A3456DE", { 1979, 1, 27 } },
};

/* A visit that is booked in both. */
struct both {
	struct reference reference;
	size_t entry;
	size_t lawyer, client;
	struct wall start;
	int minutes;
	bool open;
};

struct history {
	struct estate e;
	struct random dice;
	struct actor lawyer[LAWYERS], clerk;
	int64_t terminal[TERMINALS]; /* of a place, as it was met first */
	struct policy policy;
	struct waiting_list *list;
	struct both both[ASKS];
	size_t booked;
	struct legal_times *found;
	int64_t asked, fenced, released; /* what was met */
};

static void change(struct history *h, const char *sql)
{
	struct query q = query_of(h->e.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static int64_t dice(struct history *h, int64_t sides)
{
	return (int64_t)random_below(&h->dice, (uint64_t)sides);
}

/* Office days; bit 0 is Sunday. */
static const unsigned MONDAY_TO_FRIDAY = 62;

static void set_rule(struct history *h, const char *name, int value)
{
	static const char SET[] =
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, '', ?1, ?2, 0, NULL, 'Test' FROM prison_policy";
	struct query q = query_of(h->e.service.store, SET);
	query_text(&q, name);
	query_int(&q, value);
	CHECK(query_change(&q) == OK);
}

/* The hours of a kind, in place of all that there were, or beside them. */
static void open_session(struct history *h, struct session_template t, enum visit_kind kind,
			 int from, int until)
{
	t.id = (struct session_template_id){ random_id(h->e.service.random) };
	t.start_minute = from;
	t.end_minute = until;
	t.weekdays = MONDAY_TO_FRIDAY;
	t.kinds = 1U << kind;
	CHECK(store_session_template_insert(h->e.service.store, &t, h->clerk.account, STR("Test"),
					    h->e.service.now) == OK);
}

/* In the mornings lawyers, in the afternoons families: at both terminals. */
static void open_rows(struct history *h)
{
	struct store_session_templates all = { 0 };
	CHECK(store_session_template_list(h->e.service.store, &h->e.arena, h->clerk.prison, &all) ==
	      OK);
	CHECK(all.count > 0);
	change(h, "UPDATE session_template SET active = 0 WHERE prison = 'WWI'");
	open_session(h, all.list[0], VISIT_LEGAL, LEGAL_FROM, LEGAL_UNTIL);
	open_session(h, all.list[0], VISIT_SOCIAL, SOCIAL_FROM, SOCIAL_UNTIL);
	set_rule(h, "fence_routine_far", 60);
	set_rule(h, "fence_routine_near", 40);
	set_rule(h, "fence_dated_far", 40);
	set_rule(h, "firm_routine_max", 99); /* one firm has them all */
	CHECK(policy_load(&h->e.service, h->clerk.prison, &h->policy) == OK);
}

static int steps_of(int minutes)
{
	return minutes / DAY_STEP_MINUTES;
}

/* The same: of each terminal its mornings are one place and its afternoons another. */
static void open_values(struct history *h)
{
	const struct list_config config = {
		.first_day = local_date(h->e.service.now),
		.day_count = DAYS,
		.place_count = 2 * TERMINALS,
		.entry_max = 2 * ASKS,
		.offer_max = 1,
		.grid_steps = { [VISIT_SOCIAL] = 6, [VISIT_LEGAL] = 1, 1 },
		.turn_steps = steps_of((int)h->policy.values[POLICY_TURN_MINUTES]),
		.shortest_steps = 3,
		.window_days = (size_t)h->policy.values[POLICY_WINDOW_DAYS] + 1,
	};
	h->list = waiting_list_new(&h->e.arena, &config, &h->policy);
	for (size_t day = 0; day < DAYS; day++)
		for (size_t p = 0; p < TERMINALS && day % 7 <= FRIDAY; p++) {
			waiting_list_open(h->list, p, VISIT_LEGAL, day, steps_of(LEGAL_FROM),
					  steps_of(LEGAL_UNTIL - LEGAL_FROM));
			waiting_list_open(h->list, TERMINALS + p, VISIT_SOCIAL, day,
					  steps_of(SOCIAL_FROM),
					  steps_of(SOCIAL_UNTIL - SOCIAL_FROM));
		}
}

/* The sample's own visits and appointments are in no diary of ours. */
static void call_all_off(struct history *h)
{
	static const char NEXT[] = "SELECT reference FROM visit WHERE prison = 'WWI' AND state IN "
				   "('REQUESTED', 'BOOKED') LIMIT 1";
	change(h, "DELETE FROM regime_event");
	for (;;) {
		struct reference reference = { 0 };
		struct query q = query_of(h->e.service.store, NEXT);
		while (query_row(&q))
			reference = row_reference(&q, 0);
		CHECK(query_end(&q) == OK);
		if (!reference.text[0])
			return;
		CHECK(visit_cancel(&h->e.service, &h->clerk, reference, STR("For a test")) == OK);
	}
}

static void history_open(struct history *h, uint64_t seed)
{
	static const char *const EMAILS[LAWYERS] = { "a@law.example", "b@law.example",
						     "c@law.example", "d@law.example" };
	*h = (struct history){ .dice = random_seeded(seed), .found = calloc(1, sizeof *h->found) };
	estate_open(&h->e);
	h->clerk = estate_staff(&h->e, ROLE_VISITS_CLERK, "WWI");
	call_all_off(h);
	open_rows(h);
	open_values(h);
	for (size_t i = 0; i < LAWYERS; i++) {
		h->lawyer[i] = lawyer_of(&h->e, EMAILS[i], PROFESSION_SOLICITOR);
		verify(&h->e, h->lawyer[i]);
	}
}

static void history_close(struct history *h)
{
	promise_places(h->e.service.store);
	free(h->found);
	estate_close(&h->e);
}

/* ---- asking ---- */

static struct legal_ask ask_for(struct history *h, size_t client)
{
	static const int LENGTHS[] = { 15, 30, 45, 60, 90 };
	struct legal_ask ask = { .prisoner_number = str_from(CLIENT[client].number),
				 .prisoner_born = CLIENT[client].born,
				 .minutes = LENGTHS[dice(h, ARRAY_LEN(LENGTHS))] };
	int64_t class = dice(h, 4);
	struct date today = local_date(h->e.service.now);
	if (class == 0) {
		ask.cause = WAITING_FOR_BAIL;
		ask.deadline = date_add_days(today, 2 + dice(h, 5));
	} else if (class == 1) {
		ask.cause = WAITING_FOR_PAROLE;
		ask.deadline = date_add_days(today, 12 + dice(h, 20));
	}
	return ask;
}

/* Whoever asks, or their client, has another visit then. */
static void fill_busy(const struct history *h, size_t lawyer, size_t client,
		      struct day_steps busy[FIT_DAYS_MAX])
{
	int64_t first = date_to_days(local_date(h->e.service.now));
	memset(busy, 0, FIT_DAYS_MAX * sizeof *busy);
	for (size_t i = 0; i < h->booked; i++) {
		const struct both *b = &h->both[i];
		int64_t day = date_to_days(local_date(b->start)) - first;
		if (b->open && (b->lawyer == lawyer || b->client == client) && day >= 0 &&
		    day < FIT_DAYS_MAX)
			day_set(&busy[day], steps_of(local_of(b->start).minute),
				steps_of(b->minutes));
	}
}

/* Of one day, so many at most; all: DAY_STEPS. */
static size_t times_of_values(struct history *h, size_t entry, const struct day_steps *busy,
			      size_t day, struct list_time *out, size_t max)
{
	struct day_steps others[FIT_DAYS_MAX];
	for (size_t d = 0; d < FIT_DAYS_MAX; d++)
		others[d] = d == day ? busy[d] : day_from(0);
	return waiting_list_times(h->list, entry, h->e.service.now, others, FIT_DAYS_MAX, out, max,
				  max);
}

static bool has(const struct history *h, const struct list_time *times, size_t count,
		struct wall start, struct list_time *out)
{
	for (size_t i = 0; i < count; i++) {
		if (waiting_list_wall(h->list, times[i].day, times[i].start).s != start.s)
			continue;
		*out = times[i];
		return true;
	}
	return false;
}

/* The rows' times of a day, from the *at-th on, are the values'. */
static void compare_day(struct history *h, size_t entry, const struct day_steps *busy, size_t day,
			size_t *at)
{
	struct list_time all[DAY_STEPS], shown[PER_DAY], same = { 0 };
	size_t count = times_of_values(h, entry, busy, day, all, DAY_STEPS);
	size_t n = times_of_values(h, entry, busy, day, shown, PER_DAY);
	bool released = false;
	for (size_t i = 0; i < count; i++)
		released |= all[i].place >= TERMINALS;
	for (size_t i = 0; i < n && *at < LEGAL_TIMES_MAX; i++, ++*at) {
		CHECK(*at < h->found->count);
		struct wall start = h->found->times[*at].start;
		/*
		 * The one difference: of a day on which other uses have released time, both find the same
		 * times, but the six that a lawyer sees are the tidiest of all, while the simulation takes
		 * the lawyers' own hours first.
		 */
		CHECK(has(h, released ? all : shown, released ? count : n, start, &same));
		CHECK(released || same.start == shown[i].start);
		h->released += same.place >= TERMINALS;
	}
}

static void compare(struct history *h, size_t entry, const struct day_steps *busy)
{
	size_t at = 0;
	for (size_t day = 0; day <= (size_t)h->policy.values[POLICY_WINDOW_DAYS]; day++)
		compare_day(h, entry, busy, day, &at);
	assert_int_equal(at, h->found->count);
}

/* Whether somebody in a hurry would be offered what this one is not. */
static bool meets_a_fence(struct history *h, size_t entry, const struct day_steps *busy)
{
	struct list_time times[DAY_STEPS];
	struct waiting_need need = h->found->need;
	bool kept = false;
	need.cause = WAITING_FOR_CUSTODY_LIMIT;
	need.deadline = date_add_days(local_date(h->e.service.now), 1);
	size_t urgent = waiting_list_ask(h->list, &need);
	for (size_t day = 0; day <= (size_t)h->policy.values[POLICY_WINDOW_DAYS]; day++)
		kept |= times_of_values(h, urgent, busy, day, times, DAY_STEPS) >
			times_of_values(h, entry, busy, day, times, DAY_STEPS);
	waiting_list_end(h->list, urgent);
	return kept;
}

static void book_both(struct history *h, size_t entry, size_t lawyer, size_t client,
		      const struct legal_ask *ask, const struct list_time *time,
		      struct legal_time row)
{
	struct both *b = &h->both[h->booked++];
	enum legal_answer answer;
	struct verdict verdict;
	struct list_time freed;
	struct visit visit;
	*b = (struct both){ .entry = entry,
			    .lawyer = lawyer,
			    .client = client,
			    .start = row.start,
			    .minutes = ask->minutes,
			    .open = true };
	CHECK(legal_book(&h->e.service, &h->lawyer[lawyer], ask, row, &answer, &verdict,
			 &b->reference) == OK);
	CHECK(verdict_clean(verdict));
	CHECK(waiting_list_book(h->list, entry, time, &freed));
	CHECK(visit_find(&h->e.service, &SYSTEM_ACTOR, &h->e.arena, b->reference, &visit) == OK);
	int64_t *terminal = &h->terminal[time->place % TERMINALS];
	*terminal = *terminal ? *terminal : visit.terminal.n;
	assert_int_equal(visit.terminal.n, *terminal);
}

static void ask(struct history *h)
{
	struct day_steps busy[FIT_DAYS_MAX];
	struct list_time all[DAY_STEPS], time = { 0 };
	size_t lawyer = (size_t)dice(h, LAWYERS), client = (size_t)dice(h, CLIENTS);
	struct legal_ask ask = ask_for(h, client);
	CHECK(legal_times_find(&h->e.service, &h->lawyer[lawyer], &h->e.arena, &ask, h->found) ==
	      OK);
	assert_int_equal(h->found->answer, LEGAL_FINE);
	size_t entry = waiting_list_ask(h->list, &h->found->need);
	fill_busy(h, lawyer, client, busy);
	compare(h, entry, busy);
	h->fenced += meets_a_fence(h, entry, busy);
	h->asked++;
	if (!h->found->count || !dice(h, 5)) {
		waiting_list_end(h->list, entry);
		return;
	}
	struct legal_time row = h->found->times[dice(h, (int64_t)h->found->count)];
	int64_t day =
	    date_to_days(local_date(row.start)) - date_to_days(local_date(h->e.service.now));
	size_t count = times_of_values(h, entry, busy, (size_t)day, all, DAY_STEPS);
	CHECK(has(h, all, count, row.start, &time));
	book_both(h, entry, lawyer, client, &ask, &time, row);
}

static void cancel_one(struct history *h)
{
	struct list_time freed;
	if (!h->booked)
		return;
	struct both *b = &h->both[dice(h, (int64_t)h->booked)];
	if (!b->open || b->start.s < h->e.service.now.s + 2 * HOUR)
		return;
	CHECK(visit_cancel(&h->e.service, &h->lawyer[b->lawyer], b->reference, STR("")) == OK);
	waiting_list_free(h->list, b->entry, &freed);
	waiting_list_end(h->list, b->entry);
	b->open = false;
}

static void whoever_asks_is_offered_the_same_by_rows_and_by_values(void **state)
{
	int64_t fenced = 0, released = 0;
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct history h;
		history_open(&h, seed);
		while (h.asked < ASKS) {
			ask(&h);
			if (dice(&h, 4) == 0)
				cancel_one(&h);
			h.e.service.now.s += dice(&h, 8) * HOUR + dice(&h, 60) * MINUTE;
		}
		fenced += h.fenced;
		released += h.released;
		history_close(&h);
	}
	print_message("# %lld met a fence, %lld times released\n", (long long)fenced,
		      (long long)released);
	CHECK(fenced >= SEEDS && released >= SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whoever_asks_is_offered_the_same_by_rows_and_by_values),
	};
	return RUN("service/same_times", tests);
}
