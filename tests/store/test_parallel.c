#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/assert.h"
#include "store/contact.h"

/*
 * Several programs book and cancel the same few times on one database.  What was
 * acknowledged to anybody is written into a pipe before the next step, so that the
 * parent knows it even of a program that was killed.
 */
enum {
	WRITERS = 4,
	STEPS = 60,
	FAMILIES = 3,
	SLOTS = 6,
};

struct acknowledged {
	char what; /* '+' booked, '-' cancelled, '.' one that ended */
	struct reference visit;
};

struct family {
	struct actor actor;
	struct visit_request request;
};

struct scene {
	struct estate estate;
	struct family families[FAMILIES];
	int pipe[2];
	pid_t writers[WRITERS];
};

static const char *const EMAILS[FAMILIES] = { "amina@family.example", "farah@family.example",
					      "ben@family.example" };

static void prepare_family(struct scene *s, size_t i)
{
	struct estate *e = &s->estate;
	struct family *f = &s->families[i];
	struct contact_list contacts;
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	f->actor = estate_family(e, EMAILS[i]);
	CHECK(contacts_mine(&e->service, &f->actor, &e->arena, &contacts) == OK);
	f->request =
	    (struct visit_request){ .prisoner = contacts.list[0].prisoner.id, .minutes = 30 };
	for (size_t c = 0; c < contacts.count; c++) {
		if (contacts.list[c].state == CONTACT_REQUESTED)
			CHECK(contact_decide(&e->service, &governor, contacts.list[c].id,
					     CONTACT_APPROVED, STR("")) == OK);
		f->request.persons[f->request.person_count++] = contacts.list[c].person.id;
	}
}

static void scene_open(struct scene *s)
{
	*s = (struct scene){ 0 };
	estate_open_shared(&s->estate, ESTATE_NOW, 1);
	for (size_t i = 0; i < FAMILIES; i++)
		prepare_family(s, i);
	CHECK(pipe(s->pipe) == 0);
}

static void tell(const struct scene *s, char what, struct reference visit)
{
	struct acknowledged a = { .what = what, .visit = visit };
	if (write(s->pipe[1], &a, sizeof a) != sizeof a)
		_exit(2);
}

/* In a turn, as pvl-web does: nobody is told before the commit. */
static bool book(const struct scene *s, struct service *service, struct random *dice,
		 struct reference *out, size_t *who)
{
	struct verdict verdict = { 0 };
	*who = (size_t)random_below(dice, FAMILIES);
	struct visit_request request = s->families[*who].request;
	int64_t slot = ESTATE_NOW.s / 1800 + 48 + (int64_t)random_below(dice, SLOTS);
	request.start = (struct wall){ slot * 1800 };
	if (store_enter(service->store) != OK) {
		(void)poll(NULL, 0, 20); /* no server */
		return false;
	}
	enum err err = visit_book(service, &s->families[*who].actor, &request, &verdict, out);
	enum err left = store_leave(service->store, err == OK);
	if (err != OK || left != OK)
		return false;
	if (verdict_clean(verdict))
		tell(s, '+', *out);
	return verdict_clean(verdict);
}

static void cancel(const struct scene *s, struct service *service, struct reference visit,
		   size_t who)
{
	if (store_enter(service->store) != OK)
		return;
	enum err err = visit_cancel(service, &s->families[who].actor, visit, STR(""));
	enum err left = store_leave(service->store, err == OK);
	if (err == OK && left == OK)
		tell(s, '-', visit);
}

/* Somebody's visit, whoever booked it: those of writers that were killed too. */
static void cancel_one(const struct scene *s, struct service *service, struct random *dice)
{
	struct visit_list list = { 0 };
	struct arena arena;
	size_t who = (size_t)random_below(dice, FAMILIES);
	arena_init(&arena);
	enum err err = visits_mine(service, &s->families[who].actor, &arena, &list);
	for (size_t i = 0; err == OK && i < list.count; i++)
		if (list.list[i].state == VISIT_BOOKED && random_below(dice, 2)) {
			cancel(s, service, list.list[i].reference, who);
			break;
		}
	arena_clear(&arena);
}

static _Noreturn void write_on(const struct scene *s, uint64_t seed, int steps)
{
	struct random random = random_seeded(seed);
	struct random dice = random_seeded(seed + 1000);
	struct service service = { .now = ESTATE_NOW, .random = &random };
	struct reference booked = { 0 };
	size_t who = 0;
	if (store_open(s->estate.fresh.where, NULL, &service.store) != OK)
		_exit(3);
	for (int i = 0; i < steps; i++) {
		if (random_below(&dice, 3) == 0)
			cancel_one(s, &service, &dice);
		else
			(void)book(s, &service, &dice, &booked, &who);
	}
	tell(s, '.', booked);
	store_close(service.store);
	_exit(0);
}

static pid_t start_writer(const struct scene *s, uint64_t seed, int steps)
{
	pid_t child = fork();
	CHECK(child >= 0);
	if (!child) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)alarm(60); /* for good measure */
		write_on(s, seed, steps);
	}
	return child;
}

static bool hear(struct scene *s, struct acknowledged *out, int wait_ms)
{
	struct pollfd fd = { .fd = s->pipe[0], .events = POLLIN };
	return poll(&fd, 1, wait_ms) == 1 && read(s->pipe[0], out, sizeof *out) == sizeof *out;
}

/* What was said is so: booked ones are there, cancelled ones are cancelled. */
static void check_acknowledged(struct scene *s, const struct acknowledged *a)
{
	struct visit visit;
	if (a->what == '.')
		return;
	CHECK(visit_find(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, a->visit, &visit) ==
	      OK);
	if (a->what == '-')
		assert_int_equal(visit.state, VISIT_CANCELLED);
}

static void check_promises(struct scene *s)
{
	promise_places(s->estate.service.store);
	promise_ledger(s->estate.service.store);
	promise_log(&s->estate.service);
}

static void scene_close(struct scene *s)
{
	close(s->pipe[0]);
	close(s->pipe[1]);
	estate_close(&s->estate);
}

static void writers_side_by_side_keep_every_promise(void **state)
{
	(void)state;
	struct scene s;
	struct acknowledged a;
	int booked = 0, ended = 0;
	scene_open(&s);
	for (int i = 0; i < WRITERS; i++)
		s.writers[i] = start_writer(&s, 10 + (uint64_t)i, STEPS);
	while (ended < WRITERS && hear(&s, &a, 60000)) {
		ended += a.what == '.';
		booked += a.what == '+';
		check_acknowledged(&s, &a);
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = 1;
		CHECK(waitpid(s.writers[i], &status, 0) == s.writers[i] && status == 0);
	}
	assert_int_equal(ended, WRITERS);
	CHECK(booked > 10);
	check_promises(&s);
	scene_close(&s);
}

static void a_killed_writer_stops_nobody_and_loses_nothing(void **state)
{
	(void)state;
	struct scene s;
	struct acknowledged a;
	struct random dice = random_seeded(5);
	int heard = 0;
	scene_open(&s);
	for (int i = 0; i < WRITERS; i++)
		s.writers[i] = start_writer(&s, 50 + (uint64_t)i, 1 << 20);
	for (int kills = 0; kills < 12; kills++) {
		int victim = kills % WRITERS;
		for (int n = 1 + (int)random_below(&dice, 6); n > 0; n--, heard++) {
			CHECK(hear(&s, &a, 20000));
			check_acknowledged(&s, &a);
		}
		CHECK(kill(s.writers[victim], SIGKILL) == 0);
		CHECK(waitpid(s.writers[victim], NULL, 0) == s.writers[victim]);
		s.writers[victim] = start_writer(&s, 100 + (uint64_t)kills, 1 << 20);
	}
	for (int i = 0; i < WRITERS; i++) {
		CHECK(kill(s.writers[i], SIGKILL) == 0);
		CHECK(waitpid(s.writers[i], NULL, 0) == s.writers[i]);
	}
	while (hear(&s, &a, 0))
		check_acknowledged(&s, &a);
	check_promises(&s);
	scene_close(&s);
}

/* ---- the server itself ---- */

/* A word of shell with $1 its folder. */
static void at_server(const char *script)
{
	char command[256];
	(void)snprintf(command, sizeof command, "set -- $PVL_POSTGRES; %s", script);
	CHECK(system(command) == 0);
}

static const char KILL_ONE[] =
    "kill -9 $(ps --ppid $(head -1 $1/data/postmaster.pid) -o pid= | tail -1)";
static const char KILL_ALL[] = "kill -9 $(head -1 $1/data/postmaster.pid)";
/* Its processes go one by one. */
static const char START[] =
    "for i in 1 2 3 4 5 6 7 8 9; do $1/start 2>$1/said && exit; sleep 0.5; done; "
    "cat $1/said; exit 1";

static bool can_book(struct scene *s)
{
	struct reference out;
	struct random dice = random_seeded((uint64_t)random_u64(&s->estate.random));
	size_t who;
	struct acknowledged a;
	bool booked = book(s, &s->estate.service, &dice, &out, &who);
	if (booked)
		CHECK(hear(s, &a, 1000));
	if (booked)
		cancel(s, &s->estate.service, out, who);
	return booked && hear(s, &a, 1000);
}

/* Within a minute, by itself. */
static void wait_until_it_books(struct scene *s)
{
	for (int i = 0; i < 600; i++) {
		if (can_book(s))
			return;
		(void)poll(NULL, 0, 100);
	}
	CHECK(!"it never came back");
}

static void a_lost_server_is_an_error_and_then_found_again(void **state)
{
	(void)state;
	struct scene s;
	struct store *store;
	scene_open(&s);
	store = s.estate.service.store;
	CHECK(can_book(&s));
	unsigned connection = store_connection(store);
	/* one server process is killed: PostgreSQL begins anew, by itself */
	CHECK(store_enter(store) == OK);
	at_server(KILL_ONE);
	(void)poll(NULL, 0, 200);
	CHECK(store_mismatch_insert(store, s.families[0].actor.account, ESTATE_NOW) == ERR_DB);
	CHECK(store_enter(store) ==
	      OK); /* to the end of the turn nothing works, and nothing breaks */
	CHECK(store_mismatch_insert(store, s.families[0].actor.account, ESTATE_NOW) == ERR_DB);
	CHECK(store_leave(store, false) == ERR_DB);
	CHECK(store_leave(store, true) == ERR_DB);
	wait_until_it_books(&s);
	CHECK(store_connection(store) > connection);
	/* all of PostgreSQL is killed, and somebody starts it again */
	at_server(KILL_ALL);
	(void)poll(NULL, 0, 500);
	CHECK(!can_book(&s));
	CHECK(!can_book(&s));
	at_server(START);
	wait_until_it_books(&s);
	check_promises(&s);
	scene_close(&s);
}

static void writers_survive_the_server_and_lose_nothing_acknowledged(void **state)
{
	(void)state;
	struct scene s;
	struct acknowledged a;
	scene_open(&s);
	for (int i = 0; i < WRITERS; i++)
		s.writers[i] = start_writer(&s, 70 + (uint64_t)i, 1 << 20);
	for (int round = 0; round < 3; round++) {
		for (int n = 0; n < 20; n++)
			CHECK(hear(&s, &a, 20000));
		at_server(KILL_ONE);
	}
	for (int n = 0; n < 40; n++)
		CHECK(hear(&s, &a, 20000));
	for (int i = 0; i < WRITERS; i++) {
		CHECK(kill(s.writers[i], SIGKILL) == 0);
		CHECK(waitpid(s.writers[i], NULL, 0) == s.writers[i]);
	}
	wait_until_it_books(&s);
	while (hear(&s, &a, 0))
		check_acknowledged(&s, &a);
	check_promises(&s);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest on_both[] = {
		TEST(writers_side_by_side_keep_every_promise),
		TEST(a_killed_writer_stops_nobody_and_loses_nothing),
	};
	const struct CMUnitTest with_a_server[] = {
		TEST(writers_side_by_side_keep_every_promise),
		TEST(a_killed_writer_stops_nobody_and_loses_nothing),
		TEST(a_lost_server_is_an_error_and_then_found_again),
		TEST(writers_survive_the_server_and_lose_nothing_acknowledged),
	};
	return getenv("PVL_POSTGRES") ? RUN("store/parallel", with_a_server)
				      : RUN("store/parallel", on_both);
}
