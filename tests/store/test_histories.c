#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include <stdio.h>

#include "base/assert.h"
#include "domain/local_time.h"
#include "service/hold.h"
#include "service/timetable.h"

/*
 * Random histories of booking, cancelling, entering, hearing and ending, by
 * several families at once, with the promises checked after every step.
 */
enum {
	STEPS = 400,
	FAMILIES = 3,
	VISITS_MAX = STEPS,
};

struct history {
	struct estate estate;
	bool dies; /* the service, now and then, in the midst of what it does */
	size_t deaths;
	struct random dice;
	struct actor family[FAMILIES];
	struct visit_request request[FAMILIES];
	struct reference visits[VISITS_MAX];
	struct actor booker[VISITS_MAX];
	size_t count;
};

static const char LEAVES[] = "SELECT COUNT(*) FROM audit_leaf";

static const char *const EMAILS[FAMILIES] = { "amina@family.example", "farah@family.example",
					      "ben@family.example" };

static void check_promises(struct history *h)
{
	promise_places(h->estate.service.store);
	promise_ledger(h->estate.service.store);
	promise_holds(h->estate.service.store);
}

static void step_book(struct history *h)
{
	size_t who = (size_t)random_below(&h->dice, FAMILIES);
	struct service *service = &h->estate.service;
	struct visit_request request = h->request[who];
	struct verdict verdict;
	int64_t slot = service->now.s / 1800 + (int64_t)random_below(&h->dice, 8);
	request.start = (struct wall){ slot * 1800 };
	request.person_count = 1 + (size_t)random_below(&h->dice, request.person_count);
	CHECK(visit_book(service, &h->family[who], &request, &verdict, &h->visits[h->count]) == OK);
	if (verdict_clean(verdict))
		h->booker[h->count++] = h->family[who];
}

static void step_cancel(struct history *h, size_t at)
{
	enum err err = visit_cancel(&h->estate.service, &h->booker[at], h->visits[at], STR(""));
	CHECK(err == OK || err == ERR_CONFLICT);
}

static void step_enter(struct history *h, size_t at)
{
	enum joining answer;
	CHECK(lobby_enter(&h->estate.service, &h->booker[at], h->visits[at], &answer) == OK);
}

static void step_hear(struct history *h, size_t at)
{
	struct visit visit;
	CHECK(visit_find(&h->estate.service, &SYSTEM_ACTOR, &h->estate.arena, h->visits[at],
			 &visit) == OK);
	enum err err = visit_hearing(&h->estate.service, &SYSTEM_ACTOR, visit.id,
				     (int)random_below(&h->dice, 100));
	CHECK(err == OK || err == ERR_CONFLICT);
}

static void step_end(struct history *h, size_t at)
{
	static const enum visit_end ENDS[] = { END_LEFT, END_TIME, END_FAULT };
	enum err err = visit_end(&h->estate.service, &SYSTEM_ACTOR, h->visits[at],
				 ENDS[random_below(&h->dice, ARRAY_LEN(ENDS))], STR(""));
	CHECK(err == OK || err == ERR_CONFLICT);
}

/* ---- times and places ---- */

static struct actor admin_of(struct history *h)
{
	return estate_staff(&h->estate, ROLE_PRISON_ADMIN, "WWI");
}

static void step_hold(struct history *h)
{
	size_t who = (size_t)random_below(&h->dice, FAMILIES);
	struct service *service = &h->estate.service;
	struct visit_request request = h->request[who];
	struct verdict verdict;
	struct wall until;
	int64_t slot = service->now.s / 1800 + (int64_t)random_below(&h->dice, 8);
	request.start = (struct wall){ slot * 1800 };
	CHECK(visit_hold(service, &h->family[who], &request, &verdict, &until) == OK);
}

static void step_move(struct history *h, size_t at)
{
	struct service *service = &h->estate.service;
	int64_t slot = service->now.s / 1800 + (int64_t)random_below(&h->dice, 30);
	struct visit_move move = { .reference = h->visits[at],
				   .start = { slot * 1800 },
				   .minutes = 30 };
	struct verdict verdict;
	enum err err = visit_move(service, &h->booker[at], &move, &verdict);
	CHECK(err == OK || err == ERR_CONFLICT);
}

/* Rules that touch what is booked, now or in some hours. */
static void step_policy(struct history *h)
{
	static const enum policy_name NAMES[] = { POLICY_LINK_CALLS_MAX, POLICY_ADULTS_MAX,
						  POLICY_PARTY_MAX, POLICY_HOLD_MINUTES };
	struct service *service = &h->estate.service;
	struct actor admin = admin_of(h);
	struct effect_list effects;
	struct policy_setting set = {
		.prison = admin.prison,
		.name = NAMES[random_below(&h->dice, ARRAY_LEN(NAMES))],
		.value = 1 + (int64_t)random_below(&h->dice, 4),
		.valid_from = wall_add_s(service->now, 3600 * (int64_t)random_below(&h->dice, 3)),
		.reason = STR("History"),
	};
	CHECK(policy_set(service, &admin, &h->estate.arena, &set, &effects) == OK);
}

/* A day is excluded, or held again. */
static void step_exclude(struct history *h)
{
	struct service *service = &h->estate.service;
	struct actor admin = admin_of(h);
	struct effect_list effects;
	struct exclude_date_list dates;
	struct exclude_date date = { .prison = admin.prison,
				     .day = local_date(service->now),
				     .reason = STR("History") };
	CHECK(exclude_dates_find(service, &admin, &h->estate.arena, admin.prison, &dates) == OK);
	if (dates.count)
		CHECK(exclude_date_remove(service, &admin, &h->estate.arena, admin.prison,
					  dates.list[0].id) == OK);
	else
		CHECK(exclude_date_add(service, &admin, &h->estate.arena, &date, CHANGE_SAVE,
				       &effects) == OK);
}

static void step_wait(struct history *h)
{
	h->estate.service.now.s += 700; /* holds end */
	CHECK(holds_sweep(&h->estate.service) == OK);
}

static void step_times(struct history *h, size_t at)
{
	uint64_t what = random_below(&h->dice, 8);
	if (what == 0)
		step_policy(h);
	else if (what == 1)
		step_exclude(h);
	else if (what == 2)
		step_wait(h);
	else if (what < 5)
		step_hold(h);
	else if (h->count)
		step_move(h, at);
}

static void step(struct history *h)
{
	size_t at = h->count ? (size_t)random_below(&h->dice, h->count) : 0;
	uint64_t what = random_below(&h->dice, 14);
	if (what >= 10)
		step_times(h, at);
	else if (!h->count || what < 4)
		step_book(h);
	else if (what == 4)
		step_cancel(h, at);
	else if (what == 5)
		step_end(h, at);
	else if (what < 8)
		step_enter(h, at);
	else
		step_hear(h, at);
	h->estate.service.now.s += (int64_t)random_below(&h->dice, 400);
}

/* A step is done and not committed; then a new service opens the same database. */
static void step_and_die(struct history *h)
{
	struct service *service = &h->estate.service;
	struct wall now = service->now;
	size_t count = h->count;
	int64_t leaves = number(service->store, LEAVES);
	CHECK(store_enter(service->store) == OK);
	step(h);
	store_close(service->store);
	CHECK(store_open(h->estate.fresh.where, NULL, &service->store) == OK);
	assert_int_equal(number(service->store, LEAVES), leaves);
	service->now = now;
	h->count = count;
	h->deaths++;
}

/* Whoever asked is approved from now on; all of the family may come. */
static void prepare_family(struct history *h, size_t i)
{
	struct estate *e = &h->estate;
	struct contact_list contacts;
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	h->family[i] = estate_family(e, EMAILS[i]);
	CHECK(contacts_mine(&e->service, &h->family[i], &e->arena, &contacts) == OK);
	h->request[i] =
	    (struct visit_request){ .prisoner = contacts.list[0].prisoner.id, .minutes = 30 };
	for (size_t c = 0; c < contacts.count; c++) {
		if (contacts.list[c].state == CONTACT_REQUESTED)
			CHECK(contact_decide(&e->service, &governor, contacts.list[c].id,
					     CONTACT_APPROVED, STR("")) == OK);
		h->request[i].persons[h->request[i].person_count++] = contacts.list[c].person.id;
	}
}

static void live_through(struct history *h, struct audit_verdict *verdict)
{
	struct actor hq = estate_staff(&h->estate, ROLE_HQ_ADMIN, NULL);
	tell_all(&h->estate.service, &hq);
	for (size_t i = 0; i < FAMILIES; i++)
		prepare_family(h, i);
	for (int i = 0; i < STEPS; i++) {
		if (h->dies && random_below(&h->dice, 8) == 0)
			step_and_die(h);
		else
			step(h);
		check_promises(h);
	}
	promise_systems(h->estate.service.store);
	promise_log(&h->estate.service);
	CHECK(audit_verify(&h->estate.service, &(struct audit_trust){ 0 }, verdict) == OK);
	if (h->count <= 20)
		fail_msg("booked only %zu", h->count);
}

/* It lasts beyond until. */
static int64_t history_run_at(struct wall now, struct wall until, uint64_t seed, uint8_t root[32])
{
	struct history *h = calloc(1, sizeof *h);
	struct audit_verdict verdict;
	print_message("# seed %llu\n", (unsigned long long)seed);
	estate_open_at(&h->estate, now, seed);
	h->dice = random_seeded(seed + 1);
	live_through(h, &verdict);
	CHECK(h->estate.service.now.s > until.s);
	memcpy(root, verdict.root, 32);
	estate_close(&h->estate);
	free(h);
	return verdict.leaves;
}

static int64_t history_run(uint64_t seed, uint8_t root[32])
{
	return history_run_at(ESTATE_NOW, ESTATE_NOW, seed, root);
}

static void no_history_breaks_a_promise(void **state)
{
	(void)state;
	uint8_t root[32];
	for (uint64_t seed = 1; seed <= 6; seed++)
		(void)history_run(seed, root);
}

/* From the afternoon before, through the night; visits are booked over the change from both sides of it. */
static void none_does_when_the_clocks_change(void **state)
{
	(void)state;
	static const struct date NIGHTS[] = { { 2026, 10, 25 }, { 2027, 3, 28 } };
	uint8_t root[32];
	for (size_t i = 0; i < ARRAY_LEN(NIGHTS); i++) {
		struct wall midnight = local_midnight(NIGHTS[i]);
		for (uint64_t seed = 21; seed <= 22; seed++)
			(void)history_run_at(wall_add_s(midnight, -10 * 3600),
					     wall_add_s(midnight, 3 * 3600), seed, root);
	}
}

static void none_does_when_the_service_dies_in_its_midst(void **state)
{
	(void)state;
	for (uint64_t seed = 31; seed <= 32; seed++) {
		struct history *h = calloc(1, sizeof *h);
		struct audit_verdict verdict;
		h->dies = true;
		estate_open_shared(&h->estate, ESTATE_NOW, seed);
		h->dice = random_seeded(seed + 1);
		live_through(h, &verdict);
		CHECK(h->deaths > 20);
		estate_close(&h->estate);
		free(h);
	}
}

static void the_same_seed_gives_the_same_history(void **state)
{
	(void)state;
	uint8_t a[32], b[32], c[32];
	CHECK(history_run(11, a) == history_run(11, b));
	assert_memory_equal(a, b, sizeof a);
	(void)history_run(12, c);
	assert_memory_not_equal(a, c, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_history_breaks_a_promise),
		TEST(none_does_when_the_clocks_change),
		TEST(none_does_when_the_service_dies_in_its_midst),
		TEST(the_same_seed_gives_the_same_history),
	};
	return RUN("store/histories", tests);
}
