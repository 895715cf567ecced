#include "tests/store/writers.h"

#include "store/contact.h"

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
	stop_writers(&s);
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

enum {
	SAID_MAX = 20000,
};

struct said {
	size_t count;
	struct acknowledged list[SAID_MAX];
};

static bool note(struct scene *s, struct said *said, int wait_ms)
{
	CHECK(said->count < SAID_MAX);
	return hear(s, &said->list[said->count], wait_ms) && ++said->count;
}

static void note_some(struct scene *s, struct said *said, int count)
{
	for (int n = 0; n < count; n++)
		CHECK(note(s, said, 20000));
}

/* What stands in the pipe was said before: whatever comes after it was said by a server that is back. */
static void note_all(struct scene *s, struct said *said)
{
	while (note(s, said, 0))
		;
}

static void writers_survive_the_server_and_lose_nothing_acknowledged(void **state)
{
	(void)state;
	struct scene s;
	struct said *said = calloc(1, sizeof *said);
	scene_open(&s);
	for (int i = 0; i < WRITERS; i++)
		s.writers[i] = start_writer(&s, 70 + (uint64_t)i, 1 << 20);
	for (int round = 0; round < 3; round++) {
		note_some(&s, said, 20);
		at_server(KILL_ONE);
		(void)poll(NULL, 0, 200);
		note_all(&s, said); /* PostgreSQL gives up where it is killed while it recovers */
	}
	note_some(&s, said, 40);
	stop_writers(&s);
	note_all(&s, said);
	wait_until_it_books(&s);
	for (size_t i = 0; i < said->count; i++)
		check_acknowledged(&s, &said->list[i]);
	check_promises(&s);
	scene_close(&s);
	free(said);
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
