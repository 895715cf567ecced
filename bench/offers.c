/*
 * offers.c - what it costs to tell a family the free times of four weeks, and a lawyer the earliest ones.
 *
 * A prison with some sessions a day on ten terminals and many visits booked,
 * all rules on: the CPU time of offer_times() and legal_times_find() by the
 * thread's clock, and the time that passes, each the median of many.  The work
 * of a database server is in the second alone.  Goal: 5 ms of CPU at 1,000 bookings.
 *
 *	offers [BOOKINGS [STORE]]       SQLite in memory, or as pvl --store has it
 *	tools/with-postgres --no-fsync sh -c 'build/bench/offers 1000 "$STORE"'
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"
#include "service/account.h"
#include "service/booking.h"
#include "service/legal.h"
#include "service/people.h"
#include "service/sample.h"
#include "store/account.h"
#include "store/prisoner.h"
#include "store/query.h"
#include "store/session_template.h"
#include "store/terminal.h"
#include "store/visit.h"

enum {
	BOOKINGS = 1000,
	ROUNDS = 41,
	DAYS = 28,
	TERMINALS = 10,
	PRISONERS = 400,
	GOAL_US = 5000,
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };
/* Monday 23 November 2026, 10:07 in London. */
static const struct wall NOW = { 1795428420 };

static void must(enum err err)
{
	ASSERT(err == OK);
}

static void run(struct service *service, const char *sql)
{
	struct query q = query_of(service->store, sql);
	must(query_end(&q));
}

/* Three sessions each day, of which one is for some wings and one every other week. */
static void set_sessions(struct service *service, struct prison_code prison)
{
	static const int STARTS[] = { 9 * 60, 13 * 60, 18 * 60 };
	static struct session_group groups[] = { { GROUP_LOCATION, { "A", 1 } },
						 { GROUP_LOCATION, { "B-2", 3 } },
						 { GROUP_INCENTIVE, { "STD", 3 } } };
	run(service, "UPDATE session_template SET active = 0 WHERE prison = 'WWI'");
	for (size_t i = 0; i < ARRAY_LEN(STARTS); i++) {
		struct session_template t = {
			.id = { random_id(service->random) },
			.prison = prison,
			.weekdays = 0xfe,
			.start_minute = STARTS[i],
			.end_minute = STARTS[i] + 180,
			.slot_minutes = 30,
			.every_weeks = i == 2 ? 2 : 1,
			.valid_from = local_date(NOW),
			.active = true,
			.kinds = 7,
			.clients = SESSION_FAMILY | SESSION_STAFF,
			.open_capacity = 8,
			.closed_capacity = 1,
			.includes = 7,
			.group_count = i == 1 ? ARRAY_LEN(groups) : 0,
			.groups = groups,
		};
		must(store_session_template_insert(service->store, &t, (struct account_id){ 0 },
						   STR("Bench"), NOW));
	}
}

static void add_terminals(struct service *service, struct arena *arena, struct prison_code prison,
			  struct store_terminals *out)
{
	must(store_terminal_list(service->store, arena, prison, out));
	for (int i = (int)out->count; i < TERMINALS; i++) {
		struct terminal t = { .id = { random_id(service->random) },
				      .prison = prison,
				      .room = out->list[0].room,
				      .name = str_from(arena_printf(arena, "Terminal %d", i + 1)),
				      .active = true };
		must(store_terminal_insert(service->store, &t));
	}
	must(store_terminal_list(service->store, arena, prison, out));
}

/* Visits of other people, spread over the weeks: each takes a terminal for half an hour. */
static void book_many(struct service *service, const struct store_terminals *terminals, int count,
		      const struct prisoner_id *prisoners, const struct visit *like)
{
	static const int HOURS[] = { 9, 10, 11, 13, 14, 15, 18, 19, 20 };
	for (int i = 0; i < count; i++) {
		struct visit visit = *like;
		int slot = i / TERMINALS;
		struct date day = date_add_days(local_date(NOW), 1 + slot % (DAYS - 1));
		int turn = slot / (DAYS - 1);
		visit.id.n = random_id(service->random);
		visit.reference = reference_new(service->random);
		visit.state = VISIT_BOOKED;
		visit.prisoner = prisoners[i % PRISONERS];
		visit.terminal = terminals->list[i % TERMINALS].id;
		(void)local_to_wall(day, HOURS[turn % 9] * 60 + turn / 9 % 2 * 30, &visit.start);
		visit.visitor_count = 0;
		must(store_visit_insert(service->store, &visit));
	}
}

static void add_prisoners(struct service *service, struct arena *arena, struct prison_code prison,
			  struct prisoner_id out[PRISONERS])
{
	for (int i = 0; i < PRISONERS; i++) {
		struct prisoner p = {
			.id = { random_id(service->random) },
			.name = str_from(arena_printf(arena, "Prisoner %d", i)),
			.born = { 1980, 1, 1 },
			.prison = prison,
			.wing = STR("C"),
			.incentive = STR("STD"),
			.convicted = true,
		};
		const char *number = arena_printf(arena, "B%04dXY", i);
		ASSERT(prisoner_number_of(str_from(number), &p.number));
		must(store_prisoner_insert(service->store, &p));
		out[i] = p.id;
	}
}

static int64_t us_of(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* One who asks for times; answers how many there were. */
struct asker {
	struct service *service;
	struct actor actor;
	struct offer_query family;
	struct legal_ask legal;
};

typedef size_t ask_for_times(const struct asker *, struct arena *);

static size_t ask_as_family(const struct asker *asker, struct arena *arena)
{
	struct offer offer;
	must(offer_times(asker->service, &asker->actor, arena, &asker->family, &offer));
	return offer.count;
}

static size_t ask_as_lawyer(const struct asker *asker, struct arena *arena)
{
	struct legal_times *times = arena_new(arena, 1, sizeof *times);
	must(legal_times_find(asker->service, &asker->actor, arena, &asker->legal, times));
	ASSERT(times->answer == LEGAL_FINE);
	return times->count;
}

/* The CPU of one answer, in microseconds; a line says the rest. */
static int64_t measure(const char *who, const struct asker *asker, ask_for_times *ask)
{
	int64_t cpu[ROUNDS], passed[ROUNDS];
	size_t count = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct arena arena;
		arena_init(&arena);
		int64_t begun = us_of(CLOCK_MONOTONIC), used = us_of(CLOCK_THREAD_CPUTIME_ID);
		count = ask(asker, &arena);
		cpu[i] = us_of(CLOCK_THREAD_CPUTIME_ID) - used;
		passed[i] = us_of(CLOCK_MONOTONIC) - begun;
		arena_clear(&arena);
	}
	qsort(cpu, ROUNDS, sizeof cpu[0], by_size);
	qsort(passed, ROUNDS, sizeof passed[0], by_size);
	printf("%s: %zu times, %.2f ms of CPU (goal %.1f), %.2f ms passed\n", who, count,
	       (double)cpu[ROUNDS / 2] / 1000, GOAL_US / 1000.0, (double)passed[ROUNDS / 2] / 1000);
	return cpu[ROUNDS / 2];
}

static struct actor officer(struct service *service, struct arena *arena, const char *email,
			    enum role role, struct prison_code prison)
{
	struct actor actor = { .role = role, .prison = prison };
	struct str hash;
	must(
	    store_account_find_hash(service->store, arena, str_from(email), &actor.account, &hash));
	return actor;
}

/* Whom two officers have looked at. */
static struct actor add_lawyer(struct service *service, struct arena *arena,
			       struct prison_code prison)
{
	const struct account_new account = { .email = STR("lawyer@bench.example"),
					     .name = STR("Lena Marsh"),
					     .password_hash = STR("$argon2id$none") };
	const struct professional_new new = { .firm = STR("Bench Law"),
					      .profession = PROFESSION_SOLICITOR,
					      .regulator_id = STR("SRA 123456"),
					      .born = { 1980, 5, 2 } };
	struct actor lawyer = { .role = ROLE_FAMILY };
	enum approval_answer answer = APPROVAL_GIVEN;
	struct actor first = officer(service, arena, "contacts@wandsworth.example",
				     ROLE_CONTACTS_AUTHORISER, prison);
	struct actor second =
	    officer(service, arena, "governor@wandsworth.example", ROLE_DUTY_GOVERNOR, prison);
	must(account_create(service, &account, &lawyer.account));
	must(professional_ask(service, &lawyer, &new));
	must(professional_say_yes(service, &first, lawyer.account, &answer));
	must(professional_say_yes(service, &second, lawyer.account, &answer));
	ASSERT(answer == APPROVAL_COMPLETE);
	return lawyer;
}

int main(int argc, char **argv)
{
	int bookings = argc > 1 ? (int)strtol(argv[1], NULL, 10) : BOOKINGS;
	struct random random = random_seeded(1);
	struct service service = { .now = NOW, .random = &random };
	struct arena arena;
	struct sample sample;
	struct visit like;
	struct prisoner_id prisoners[PRISONERS];
	struct store_terminals terminals;
	struct contact_list contacts;
	struct actor amina = { .role = ROLE_FAMILY };
	struct str hash;
	arena_init(&arena);
	must(store_open(argc > 2 ? argv[2] : "sqlite:", NULL, &service.store));
	must(sample_fill(&service, &arena, STR("$argon2id$none"), &sample));
	must(visit_find(&service, &SYSTEM, &arena, sample.joinable, &like));
	must(store_account_find_hash(service.store, &arena, STR("amina@family.example"),
				     &amina.account, &hash));
	must(contacts_mine(&service, &amina, &arena, &contacts));
	set_sessions(&service, like.prison);
	add_terminals(&service, &arena, like.prison, &terminals);
	add_prisoners(&service, &arena, like.prison, prisoners);
	book_many(&service, &terminals, bookings, prisoners, &like);
	const struct asker family = { .service = &service,
				      .actor = amina,
				      .family = { .prisoner = contacts.list[0].prisoner.id,
						  .person_count = 2,
						  .persons = { contacts.list[0].person.id,
							       contacts.list[1].person.id },
						  .days = DAYS } };
	const struct asker lawyer = { .service = &service,
				      .actor = add_lawyer(&service, &arena, like.prison),
				      .legal = { .prisoner_number = STR("A1234BC"),
						 .prisoner_born = { 1988, 4, 12 },
						 .cause = WAITING_FOR_BAIL,
						 .deadline = { 2026, 11, 30 },
						 .minutes = 45 } };
	printf("%d bookings, %d days, %d terminals\n", bookings, DAYS, TERMINALS);
	int64_t told = measure("a family", &family, ask_as_family);
	int64_t found = measure("a lawyer", &lawyer, ask_as_lawyer);
	store_close(service.store);
	arena_clear(&arena);
	return told <= GOAL_US && found <= GOAL_US ? 0 : 1;
}
