/*
 * estate.c - an estate of any size for bench/bookings, and what needs no HTTP.
 *
 *	estate fill WHERE PRISONS TERMINALS FAMILIES FILE   a line per family: cookie, CSRF, prisoner, person, prison
 *	estate single WHERE SKIP COUNT START                books one by one, one transaction each; prints the seconds
 *	estate offer WHERE BOOKINGS START                   CPU of an offer list beside so many bookings
 *
 * Prisons are open every day 9:00 to 17:00 in slots of 30 minutes; a family is one adult with one prisoner.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "service/booking.h"
#include "service/prison.h"
#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/query.h"
#include "store/room.h"
#include "store/session_template.h"
#include "store/terminal.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log_fd.h"

enum {
	SLOT_MINUTES = 30,
	DAY_SLOTS = 16,
	OFFER_RUNS = 40,
	OFFER_DAYS = 28,
};

static void must(enum err err, const char *what)
{
	if (err == OK)
		return;
	fprintf(stderr, "estate: %s: %s\n", what, err_name(err));
	exit(1);
}

static int64_t number(const char *text)
{
	uint64_t value = 0;
	if (!str_u64(str_from(text), INT64_MAX, &value))
		must(ERR_BAD, text);
	return (int64_t)value;
}

static struct prison_code code_of(int prison)
{
	struct prison_code code = { 0 };
	char text[8];
	(void)snprintf(text, sizeof text, "%c%c%c", 'A' + prison / 676 % 26, 'A' + prison / 26 % 26,
		       'A' + prison % 26);
	if (!prison_code_of(str_from(text), &code))
		must(ERR_BAD, "code");
	return code;
}

static void add_terminals(struct service *s, struct prison_code prison, int terminals)
{
	for (int i = 0; i < terminals; i++) {
		char name[16];
		(void)snprintf(name, sizeof name, "%d", i + 1);
		struct room room = { .id = { random_id(s->random) },
				     .prison = prison,
				     .name = str_from(name),
				     .active = true,
				     .use = ROOM_USE_SHARED };
		struct terminal terminal = { .id = { random_id(s->random) },
					     .prison = prison,
					     .room = room.id,
					     .name = str_from(name),
					     .active = true };
		must(store_room_insert(s->store, &room), "room");
		must(store_terminal_insert(s->store, &terminal), "terminal");
	}
}

static void add_prison(struct service *s, int number, int terminals)
{
	char name[32];
	(void)snprintf(name, sizeof name, "HMP Number %d", number);
	struct prison prison = { .code = code_of(number), .name = str_from(name), .ready = true };
	struct session_template t = {
		.id = { random_id(s->random) },
		.prison = prison.code,
		.weekdays = 0xfe,
		.start_minute = 9 * 60,
		.end_minute = 9 * 60 + DAY_SLOTS * SLOT_MINUTES,
		.slot_minutes = SLOT_MINUTES,
		.every_weeks = 1,
		.valid_from = local_date(s->now),
		.active = true,
		.kinds = (1U << VISIT_KIND_COUNT) - 1,
		.clients = SESSION_FAMILY | SESSION_STAFF,
		.open_capacity = SESSION_CAPACITY_NONE,
		.closed_capacity = SESSION_CAPACITY_NONE,
		.includes = (1U << GROUP_KIND_COUNT) - 1,
	};
	must(store_prison_insert(s->store, &prison), "prison");
	add_terminals(s, prison.code, terminals);
	must(store_session_template_insert(s->store, &t, (struct account_id){ 0 }, STR("Bench"),
					   s->now),
	     "session");
}

static void add_family(struct service *s, int number, int prisons, FILE *out)
{
	char email[48], text[16];
	struct session_started started;
	(void)snprintf(email, sizeof email, "f%d@family.example", number);
	struct account account = { .id = { random_id(s->random) },
				   .email = str_from(email),
				   .name = STR("A Family") };
	struct person person = { .id = { random_id(s->random) },
				 .booker = account.id,
				 .name = account.name,
				 .born = { 1980, 1, 1 } };
	struct prisoner prisoner = { .id = { random_id(s->random) },
				     .name = STR("A Prisoner"),
				     .born = { 1985, 1, 1 },
				     .prison = code_of(number % prisons),
				     .wing = STR("A"),
				     .category = STR("B"),
				     .incentive = STR("STD"),
				     .convicted = true };
	(void)snprintf(text, sizeof text, "A%04d%c%c", number % 10000, 'A' + number / 10000 % 26,
		       'A' + number / 260000 % 26);
	if (!prisoner_number_of(str_from(text), &prisoner.number))
		must(ERR_BAD, text);
	must(store_account_insert(s->store, &account, STR("none"), s->now), "account");
	must(store_person_insert(s->store, &person), "person");
	must(store_prisoner_insert(s->store, &prisoner), "prisoner");
	struct contact contact = { .id = { random_id(s->random) },
				   .person = person,
				   .prisoner = prisoner,
				   .relationship = STR("partner"),
				   .state = CONTACT_APPROVED,
				   .requested_at = s->now,
				   .decided_at = s->now };
	must(store_contact_insert(s->store, &contact), "contact");
	struct session_seed seed = { .account = account.id, .role = { .role = ROLE_FAMILY } };
	must(session_seed_plant(s, &seed, &started), "session");
	fprintf(out, "%s %s %lld %lld %d\n", started.token, started.csrf, (long long)prisoner.id.n,
		(long long)person.id.n, number % prisons);
}

static int fill(struct service *s, char **argv)
{
	int prisons = (int)number(argv[0]), terminals = (int)number(argv[1]),
	    families = (int)number(argv[2]);
	FILE *out = fopen(argv[3], "w");
	if (!out)
		must(ERR_SYS, argv[3]);
	must(store_enter(s->store), "begin");
	for (int i = 0; i < prisons; i++)
		add_prison(s, i, terminals);
	for (int i = 0; i < families; i++)
		add_family(s, i, prisons, out);
	struct audit_record record = { .at = s->now,
				       .role = ROLE_SYSTEM,
				       .verb = AUDIT_PRISON_ADD,
				       .object = AUDIT_ON_PRISON };
	must(store_audit_append(s->store, s->random, &record, STR("")), "leaf");
	must(store_leave(s->store, true), "commit");
	return fclose(out) == 0 ? 0 : 1;
}

/* Families in the order in which they were made. */
struct pair {
	struct account_id booker;
	struct visit_request request;
};

static const char PAIRS[] =
    "SELECT p.booker, c.prisoner, p.id FROM contact c JOIN person p ON p.id = c.person "
    "JOIN account a ON a.id = p.booker ORDER BY LENGTH(a.email), a.email LIMIT ?1";

static struct pair *pairs(struct service *s, struct arena *arena, int count)
{
	struct pair *list = arena_new(arena, (size_t)count, sizeof *list);
	struct query q = query_of(s->store, PAIRS);
	query_int(&q, count);
	for (int i = 0; i < count && query_row(&q); i++)
		list[i] = (struct pair){
			.booker = { query_column(&q, 0) },
			.request = { .prisoner = { query_column(&q, 1) },
				     .person_count = 1,
				     .persons = { { query_column(&q, 2) } },
				     .minutes = SLOT_MINUTES },
		};
	must(query_end(&q), "pairs");
	return list;
}

static bool book_one(struct service *s, const struct pair *pair, struct wall start)
{
	struct actor actor = { .account = pair->booker, .role = ROLE_FAMILY };
	struct visit_request request = pair->request;
	struct verdict verdict = { 0 };
	struct reference reference;
	request.start = start;
	must(store_enter(s->store), "begin");
	must(visit_book(s, &actor, &request, &verdict, &reference), "book");
	must(store_leave(s->store, true), "commit");
	return verdict_clean(verdict);
}

static double seconds(clockid_t clock)
{
	struct timespec now;
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The slot of the n-th booking: day by day. */
static struct wall slot_of(struct wall first, int n)
{
	return wall_add_s(first, n / DAY_SLOTS * 86400L + n % DAY_SLOTS * SLOT_MINUTES * 60L);
}

/* As the load generator does: the families of one prison fill slot after slot. */
static int single(struct service *s, char **argv)
{
	int skip = (int)number(argv[0]), count = (int)number(argv[1]);
	struct wall first = { number(argv[2]) };
	int prisons = (int)number(argv[3]), terminals = (int)number(argv[4]);
	struct arena arena;
	arena_init(&arena);
	struct pair *list = pairs(s, &arena, skip + count);
	double begun = seconds(CLOCK_MONOTONIC);
	int booked = 0;
	for (int i = skip; i < skip + count; i++)
		booked += book_one(s, &list[i], slot_of(first, i / prisons / terminals));
	double took = seconds(CLOCK_MONOTONIC) - begun;
	printf("{\"booked\": %d, \"asked\": %d, \"seconds\": %.4f}\n", booked, count, took);
	arena_clear(&arena);
	return 0;
}

static int offer(struct service *s, char **argv)
{
	int bookings = (int)number(argv[0]), booked = 0;
	struct wall first = { number(argv[1]) };
	int terminals = (int)number(argv[2]);
	struct arena arena;
	arena_init(&arena);
	struct pair *list = pairs(s, &arena, bookings + 1);
	for (int i = 0; i < bookings; i++)
		booked += book_one(s, &list[i], slot_of(first, i / terminals));
	const struct pair *last = &list[bookings];
	struct actor actor = { .account = last->booker, .role = ROLE_FAMILY };
	struct offer_query query = { .prisoner = last->request.prisoner,
				     .person_count = 1,
				     .persons = { last->request.persons[0] },
				     .days = OFFER_DAYS };
	double list_ms[OFFER_RUNS];
	size_t times = 0;
	for (int i = 0; i < OFFER_RUNS; i++) {
		struct arena page;
		struct offer found;
		arena_init(&page);
		double begun = seconds(CLOCK_PROCESS_CPUTIME_ID);
		must(offer_times(s, &actor, &page, &query, &found), "offer");
		list_ms[i] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - begun) * 1000;
		times = found.count;
		arena_clear(&page);
	}
	double sum = 0;
	for (int i = OFFER_RUNS / 2; i < OFFER_RUNS; i++)
		sum += list_ms[i];
	printf("{\"bookings\": %d, \"times\": %zu, \"cpu_ms\": %.3f}\n", booked, times,
	       sum / (OFFER_RUNS - OFFER_RUNS / 2));
	arena_clear(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int arguments;
		int (*run)(struct service *, char **);
	} VERBS[] = { { "fill", 4, fill }, { "single", 5, single }, { "offer", 3, offer } };
	struct log log = log_fd("estate", LOG_WARN, 2);
	struct random random = entropy_random();
	struct service service = { .now = wall_now(), .random = &random, .log = &log };
	int code = 2;
	if (argc < 3 || sodium_init() < 0)
		return 2;
	must(store_open(argv[2], &log, &service.store), "open");
	for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++)
		if (strcmp(argv[1], VERBS[i].name) == 0 && argc == 3 + VERBS[i].arguments)
			code = VERBS[i].run(&service, argv + 3);
	store_close(service.store);
	return code;
}
