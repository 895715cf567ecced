#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/application.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/message.h"
#include "store/slot_use.h"

static const char COUNT[] = "SELECT COUNT(*) FROM contact_mismatch";
static const char COUNT_TAKEN[] = "SELECT COUNT(*) FROM slot_use WHERE resource = 7";
static const char COUNT_ACCOUNTS[] = "SELECT COUNT(*) FROM account";

static void an_undone_savepoint_leaves_the_outer_work(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct account_id who = estate_family(&e, "ben@family.example").account;
	struct store *store = e.service.store;
	CHECK(store_enter(store) == OK);
	CHECK(store_mismatch_insert(store, who, e.service.now) == OK);
	CHECK(store_enter(store) == OK);
	CHECK(store_mismatch_insert(store, who, e.service.now) == OK);
	assert_int_equal(number(store, COUNT), 2);
	CHECK(store_leave(store, false) == OK);
	assert_int_equal(number(store, COUNT), 1);
	CHECK(store_leave(store, true) == OK);
	assert_int_equal(number(store, COUNT), 1);
	assert_int_equal(store_depth(store), 0);
	estate_close(&e);
}

static void a_place_is_taken_once(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit;
	estate_open(&e);
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	struct wall late = wall_add_s(visit_slot_end(&visit), -300);
	CHECK(store_slot_take(e.service.store, SLOT_TERMINAL, visit.terminal.n, late, 30,
			      (struct slot_holder){ .visit = visit.id }) == ERR_CONFLICT);
	CHECK(store_slot_take(e.service.store, SLOT_PERSON, visit.visitors[0].person.n, late, 5,
			      (struct slot_holder){ .visit = visit.id }) == ERR_CONFLICT);
	CHECK(store_slot_take(e.service.store, SLOT_TERMINAL, visit.terminal.n,
			      visit_slot_end(&visit), 30,
			      (struct slot_holder){ .visit = visit.id }) == OK);
	estate_close(&e);
}

/* Five minutes of terminal 7: the statement is prepared, and is put off from then on. */
static enum err take_seven(struct store *store, struct visit_id visit, int64_t start_s)
{
	return store_slot_take(store, SLOT_TERMINAL, 7, (struct wall){ start_s }, 5,
			       (struct slot_holder){ .visit = visit });
}

/* How it is found out that a write which was put off has failed. */
enum finding {
	BY_SETTLING,
	BY_READING,
	BY_A_SAVEPOINT,
	BY_KEEPING
};

/* Of a place that is taken: the first answer that is not OK, whether its savepoint stands afterwards. */
static enum err take_twice(struct store *store, struct visit_id visit, enum finding finding)
{
	enum err err = take_seven(store, visit, 1795876200);
	if (err == OK)
		err = take_seven(store, visit, 1795874400);
	if (err == OK && finding == BY_SETTLING)
		err = store_settle(store);
	if (err == OK && finding == BY_A_SAVEPOINT)
		err = store_enter(store);
	if (err == OK && finding == BY_READING) {
		struct query q = query_of(store, COUNT_TAKEN);
		(void)query_row(&q);
		err = query_end(&q);
	}
	enum err left = store_leave(store, err == OK);
	return err == OK ? left : err;
}

static void a_write_that_was_put_off_fails_before_its_savepoint_is_kept(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit;
	estate_open(&e);
	struct store *store = e.service.store;
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	CHECK(take_seven(store, visit.id, 1795874400) == OK);
	for (enum finding finding = BY_SETTLING; finding <= BY_KEEPING; finding++) {
		int64_t changes = store_changes(store);
		CHECK(store_enter(store) == OK && store_enter(store) == OK);
		CHECK(take_twice(store, visit.id, finding) == ERR_CONFLICT);
		assert_int_equal(store_depth(store), 1);
		assert_int_equal(store_changes(store), changes);
		assert_int_equal(number(store, COUNT_TAKEN), 1 + finding);
		CHECK(take_seven(store, visit.id, 1795874700 + 300 * finding) == OK);
		CHECK(store_leave(store, true) ==
		      OK); /* the transaction itself is none the worse */
		assert_int_equal(number(store, COUNT_TAKEN), 2 + finding);
		assert_int_equal(store_changes(store), changes + 1);
	}
	CHECK(store_enter(store) == OK);
	CHECK(take_twice(store, visit.id, BY_KEEPING) == ERR_CONFLICT);
	assert_int_equal(store_depth(store), 0);
	assert_int_equal(number(store, COUNT_TAKEN), 2 + BY_KEEPING);
	estate_close(&e);
}

/* More of them than go at once, and none is lost. */
static void many_writes_that_were_put_off_all_happen(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit;
	enum {
		MANY = 300
	};
	estate_open(&e);
	struct store *store = e.service.store;
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	int64_t changes = store_changes(store);
	CHECK(store_enter(store) == OK);
	for (int i = 0; i < MANY; i++)
		CHECK(take_seven(store, visit.id, 1795874400 + 300 * i) == OK);
	CHECK(store_settle(store) == OK);
	assert_int_equal(store_changes(store), changes + MANY);
	CHECK(store_leave(store, true) == OK);
	assert_int_equal(number(store, COUNT_TAKEN), MANY);
	estate_close(&e);
}

static void a_reason_is_proven_by_its_salt_and_not_without_it(void **state)
{
	(void)state;
	struct estate e;
	struct audit_list list;
	bool match = false;
	static const char ERASE[] = "DELETE FROM audit_salt";
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	struct actor inspector = estate_staff(&e, ROLE_INSPECTOR, NULL);
	struct audit_query query = { .limit = 1 };
	CHECK(visit_cancel(&e.service, &clerk, e.sample.joinable, STR("Burst pipe")) == OK);
	CHECK(audit_list_find(&e.service, &clerk, &e.arena, &query, &list) == ERR_DENIED);
	CHECK(audit_list_find(&e.service, &inspector, &e.arena, &query, &list) == OK);
	CHECK(list.count == 1 && list.list[0].verb == AUDIT_VISIT_CANCEL);
	const struct audit_record *record = &list.list[0];
	struct store *store = e.service.store;
	CHECK(store_audit_words_match(store, record, STR("Burst pipe"), &match) == OK && match);
	CHECK(store_audit_words_match(store, record, STR("Burst pipes"), &match) == OK && !match);
	struct query q = query_of(store, ERASE);
	CHECK(query_change(&q) == OK);
	CHECK(store_audit_words_match(store, record, STR("Burst pipe"), &match) == ERR_NOT_FOUND);
	CHECK(estate_leaves(&e) > 50); /* the log verifies without the salts */
	estate_close(&e);
}

static enum err reopen(const char *where)
{
	struct store *store = NULL;
	enum err err = store_open(where, NULL, &store);
	store_close(store);
	return err;
}

static void change(struct store *store, const char *sql)
{
	struct query q = query_of(store, sql);
	CHECK(query_change(&q) == OK);
}

static void an_edited_migration_and_a_newer_database_are_refused(void **state)
{
	(void)state;
	static const char NEWER[] = "INSERT INTO migration VALUES (99, 'newer', '')";
	static const char NO_NEWER[] = "DELETE FROM migration WHERE number = 99";
	static const char EDIT[] = "UPDATE migration SET checksum = '' WHERE number = 1";
	struct fresh fresh;
	struct store *store;
	fresh_make(&fresh);
	CHECK(store_open_to_read(fresh.where, NULL, &store) != OK); /* nothing there */
	CHECK(reopen(fresh.where) == OK);
	CHECK(reopen(fresh.where) == OK);
	CHECK(store_open(fresh.where, NULL, &store) == OK);
	change(store, NEWER);
	CHECK(reopen(fresh.where) == ERR_BAD);
	change(store, NO_NEWER);
	CHECK(reopen(fresh.where) == OK);
	change(store, EDIT);
	CHECK(reopen(fresh.where) == ERR_BAD);
	store_close(store);
	fresh_remove(&fresh);
	CHECK(store_open("mysql:x", NULL, &store) == ERR_BAD);
}

static void programs_that_start_at_once_make_the_tables_once(void **state)
{
	(void)state;
	enum {
		PROGRAMS = 6
	};
	struct fresh fresh;
	pid_t children[PROGRAMS];
	fresh_make(&fresh);
	for (int i = 0; i < PROGRAMS; i++) {
		children[i] = fork();
		CHECK(children[i] >= 0);
		if (!children[i])
			_exit(reopen(fresh.where) == OK ? 0 : 1);
	}
	for (int i = 0; i < PROGRAMS; i++) {
		int status = 1;
		CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
	}
	CHECK(reopen(fresh.where) == OK);
	fresh_remove(&fresh);
}

/* One that brings the tables up to date may take longer than anybody waits who serves people. */
static void a_program_that_starts_waits_for_one_that_writes_long(void **state)
{
	(void)state;
	enum {
		LONGER_S = 6
	};
	struct fresh fresh;
	int ready[2], status = 1;
	char byte;
	fresh_make(&fresh);
	CHECK(reopen(fresh.where) == OK && pipe(ready) == 0);
	pid_t child = fork();
	CHECK(child >= 0);
	if (!child) {
		struct store *store;
		bool ok = store_open(fresh.where, NULL, &store) == OK && store_enter(store) == OK &&
			  store_will_write(store) == OK && write(ready[1], "w", 1) == 1;
		sleep(LONGER_S);
		_exit(ok && store_leave(store, true) == OK ? 0 : 1);
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	CHECK(reopen(fresh.where) == OK);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	(void)close(ready[0]);
	(void)close(ready[1]);
	fresh_remove(&fresh);
}

static void a_reader_writes_nothing(void **state)
{
	(void)state;
	struct fresh fresh;
	struct store *store;
	fresh_make(&fresh);
	CHECK(reopen(fresh.where) == OK);
	CHECK(store_open_to_read(fresh.where, NULL, &store) == OK);
	CHECK(store_mismatch_insert(store, (struct account_id){ 1 }, ESTATE_NOW) == ERR_DB);
	assert_int_equal(number(store, COUNT), 0);
	store_close(store);
	fresh_remove(&fresh);
}

/* Makes accounts until it is killed, and writes a byte for each that was committed. */
static _Noreturn void make_accounts(const char *where, int acknowledged)
{
	char email[40];
	struct random random = random_seeded((uint64_t)getpid());
	struct service service = { .now = ESTATE_NOW, .random = &random };
	if (store_open(where, NULL, &service.store) != OK)
		_exit(1);
	for (int i = 0;; i++) {
		struct account_id id;
		(void)snprintf(email, sizeof email, "n%d-%d@example.org", getpid(), i);
		struct account_new new = { .email = str_from(email),
					   .name = STR("N"),
					   .password_hash = STR("h") };
		if (account_create(&service, &new, &id) != OK || write(acknowledged, "+", 1) != 1)
			_exit(1);
	}
}

static void what_was_acknowledged_is_there_after_kill_9(void **state)
{
	(void)state;
	char plus[4096];
	int64_t acknowledged = 0;
	struct fresh fresh;
	int pipes[2];
	fresh_make(&fresh);
	CHECK(reopen(fresh.where) == OK);
	CHECK(pipe(pipes) == 0);
	for (int round = 0; round < 5; round++) {
		pid_t child = fork();
		CHECK(child >= 0);
		if (!child)
			make_accounts(fresh.where, pipes[1]);
		for (int need = 3 + round * 5; need > 0;) {
			ssize_t n = read(pipes[0], plus, (size_t)need);
			CHECK(n > 0);
			need -= (int)n;
			acknowledged += n;
		}
		CHECK(kill(child, SIGKILL) == 0);
		CHECK(waitpid(child, NULL, 0) == child);
	}
	close(pipes[1]);
	for (ssize_t n; (n = read(pipes[0], plus, sizeof plus)) > 0;)
		acknowledged += n;
	close(pipes[0]);
	struct service service = { .now = ESTATE_NOW };
	struct audit_verdict verdict;
	CHECK(store_open(fresh.where, NULL, &service.store) == OK);
	CHECK(audit_verify(&service, &(struct audit_trust){ 0 }, &verdict) == OK);
	int64_t there = number(service.store, COUNT_ACCOUNTS);
	CHECK(there >= acknowledged && there <= acknowledged + 5);
	assert_int_equal(verdict.leaves, there);
	store_close(service.store);
	fresh_remove(&fresh);
}

/* A resource is taken step by step, however long the visit. */
static void a_long_visit_takes_every_step_of_its_time(void **state)
{
	(void)state;
	struct estate e;
	struct visit visit = { 0 };
	static const int MINUTES[] = { 5, 55, 60, 65, 120, 240 };
	estate_open(&e);
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	for (size_t i = 0; i < ARRAY_LEN(MINUTES); i++) {
		struct store_quanta taken = { 0 };
		struct wall start = { 1795874400 + (int64_t)i * 24 * 60 * 60 };
		struct wall end = wall_add_s(start, (int64_t)MINUTES[i] * 60);
		struct slot_holder holder = { .visit = visit.id };
		CHECK(store_slot_take(e.service.store, SLOT_TERMINAL, 7, start, MINUTES[i],
				      holder) == OK);
		CHECK(store_slot_list(e.service.store, &e.arena, SLOT_TERMINAL, 7,
				      wall_add_s(start, -QUANTUM_S), wall_add_s(end, QUANTUM_S),
				      &(struct place_own){ 0 }, &taken) == OK);
		assert_int_equal(taken.count, MINUTES[i] / 5);
		for (size_t n = 0; n < taken.count; n++)
			CHECK(taken.list[n] == start.s / QUANTUM_S + (int64_t)n);
	}
	estate_close(&e);
}

/* How many of that visit's take a place at that minute of it. */
static size_t uses_at(struct estate *e, const struct visit *visit, int minute)
{
	struct store_place_uses uses = { 0 };
	struct wall from = wall_add_s(visit->start, (int64_t)minute * 60);
	size_t found = 0;
	CHECK(store_place_use_list(e->service.store, &e->arena, visit->prison, from,
				   wall_add_s(from, 300),
				   &(struct place_own){ .now = e->service.now }, &uses) == OK);
	for (size_t i = 0; i < uses.count; i++) {
		CHECK(!i || uses.list[i - 1].start.s <= uses.list[i].start.s);
		found += uses.list[i].terminal.n == visit->terminal.n &&
			 uses.list[i].start.s == visit->start.s;
	}
	return found;
}

/* Visits of up to an hour and longer ones are looked for in two ways. */
static void a_visit_takes_its_place_to_its_last_minute(void **state)
{
	(void)state;
	static const char LENGTHEN[] = "UPDATE visit SET minutes = ?1 WHERE id = ?2";
	static const int MINUTES[] = { 30, 59, 60, 61, 65, 120, 240 };
	struct estate e;
	struct visit visit = { 0 };
	estate_open(&e);
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	for (size_t i = 0; i < ARRAY_LEN(MINUTES); i++) {
		struct query q = query_of(e.service.store, LENGTHEN);
		query_int(&q, MINUTES[i]);
		query_int(&q, visit.id.n);
		CHECK(query_change(&q) == OK);
		assert_int_equal(uses_at(&e, &visit, -5), 0);
		for (int minute = 0; minute < MINUTES[i]; minute++)
			assert_int_equal(uses_at(&e, &visit, minute), 1);
		assert_int_equal(uses_at(&e, &visit, MINUTES[i]), 0);
	}
	estate_close(&e);
}

static void tell_then(struct estate *e, int64_t object, int64_t ago_s, enum message_state how)
{
	struct message m = { .id = { random_id(e->service.random) },
			     .kind = MESSAGE_BOOKED,
			     .account = { number(e->service.store,
						 "SELECT MIN(id) FROM account WHERE staff = 0") },
			     .object = object,
			     .made_at = wall_add_s(e->service.now, -ago_s),
			     .state = how };
	CHECK(store_message_insert(e->service.store, &m) == OK);
}

static void old_messages_are_erased_and_neither_newer_ones_nor_those_that_wait(void **state)
{
	(void)state;
	static const char LEFT[] = "SELECT COUNT(*) FROM message WHERE object < 10";
	struct estate e;
	int64_t count = 0;
	estate_open(&e);
	struct store *store = e.service.store;
	struct wall before = wall_add_s(e.service.now, -1000);
	change(store, "DELETE FROM message");
	CHECK(store_message_erase(store, before, &count) == OK && !count); /* there are none */
	tell_then(&e, 1, 5000, MESSAGE_WAITING);
	tell_then(&e, 2, 4000, MESSAGE_SENT);
	tell_then(&e, 3, 3000, MESSAGE_SENDING);
	tell_then(&e, 4, 2000, MESSAGE_FAILED);
	CHECK(store_message_erase(store, before, &count) == OK && count == 2); /* all are old */
	tell_then(&e, 5, 1001, MESSAGE_SENT);
	tell_then(&e, 6, 1000, MESSAGE_SENT);
	tell_then(&e, 7, 0, MESSAGE_SENT);
	CHECK(store_message_erase(store, before, &count) == OK && count == 1);
	assert_int_equal(number(store, LEFT), 4); /* 1, 3, 6 and 7 */
	CHECK(store_message_erase(store, before, &count) == OK && !count);
	estate_close(&e);
}

/* Terminal 7 for so many steps of five minutes, held or booked; of the other holder there is none. */
static enum err take_steps(struct store *store, int64_t start_s, int steps,
			   struct slot_holder holder)
{
	return store_slot_take(store, SLOT_TERMINAL, 7, (struct wall){ start_s }, 5 * steps,
			       holder);
}

/*
 * Rows that go to the server together: as many as there are, of one holder and of another, between other writes.
 * A row that is there already undoes those beside it and no others, the first time that so many go together and later.
 */
static void rows_that_go_together_are_all_there_or_none(void **state)
{
	(void)state;
	static const char HELD[] = "SELECT COUNT(*) FROM slot_use u JOIN application a "
				   "ON a.id = u.application WHERE u.resource = 7";
	static const char BOOKED[] = "SELECT COUNT(*) FROM slot_use WHERE resource = 7 "
				     "AND visit IS NOT NULL AND application IS NULL";
	static const int STEPS[] = { 1, 2, 7, 31, 32, 33, 65, 7, 2 };
	struct estate e;
	struct visit visit;
	estate_open(&e);
	struct store *store = e.service.store;
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, e.sample.joinable, &visit) == OK);
	struct application held = { .id = { 4711 },
				    .booker = visit.booker,
				    .prisoner = visit.prisoner,
				    .prison = visit.prison,
				    .terminal = visit.terminal,
				    .start = visit.start,
				    .minutes = 30,
				    .made_at = e.service.now,
				    .hold_until = wall_add_s(e.service.now, 600) };
	struct slot_holder booking = { .visit = visit.id }, hold = { .application = held.id };
	int64_t start = 1795874400, taken = 0, applied = 0;
	CHECK(store_application_insert(store, &held) == OK);
	CHECK(take_steps(store, start, 1, booking) == OK);
	taken++;
	for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
		int64_t from = start + 300000 * ((int64_t)i + 1), changes = store_changes(store);
		CHECK(store_enter(store) == OK && store_enter(store) == OK);
		CHECK(take_steps(store, from, STEPS[i], booking) == OK);
		enum err err = take_steps(store, start, 1, booking);
		CHECK((err == OK ? store_settle(store) : err) == ERR_CONFLICT);
		CHECK(store_leave(store, false) == OK);
		assert_int_equal(number(store, COUNT_TAKEN), taken + applied);
		CHECK(take_steps(store, from, STEPS[i], booking) == OK);
		CHECK(store_mismatch_insert(store, visit.booker, e.service.now) == OK);
		CHECK(take_steps(store, from + 300 * STEPS[i], STEPS[i], hold) == OK);
		CHECK(take_steps(store, from + 600 * STEPS[i], STEPS[i], booking) == OK);
		CHECK(store_leave(store, true) == OK);
		taken += 2 * STEPS[i];
		applied += STEPS[i];
		assert_int_equal(store_changes(store), changes + 3 * STEPS[i] + 1);
		assert_int_equal(number(store, HELD), applied);
		assert_int_equal(number(store, BOOKED), taken);
	}
	estate_close(&e);
}

/* The numbers of the accounts, and a mismatch of each where asked to write. */
static int64_t walk_accounts(struct estate *e, bool write)
{
	static const char LIST[] = "SELECT a.id, (SELECT COUNT(*) FROM contact_mismatch m WHERE "
				   "m.account = a.id) FROM account a ORDER BY a.id";
	struct query q = query_of(e->service.store, LIST);
	int64_t sum = 0;
	while (query_row(&q)) {
		sum += query_column(&q, 0) % 1000 + 1000 * query_column(&q, 1);
		if (write)
			CHECK(store_mismatch_insert(e->service.store,
						    (struct account_id){ query_column(&q, 0) },
						    e->service.now) == OK);
	}
	CHECK(query_end(&q) == OK);
	return sum;
}

static void ask(struct estate *e)
{
	struct store *store = e->service.store;
	if (!store_ahead(store))
		return;
	assert_int_equal(walk_accounts(e, false), 0); /* nothing is said yet */
	for (int i = 0; i < 2; i++) {
		struct query q = query_of(store, COUNT_ACCOUNTS);
		CHECK(!query_row(&q));
		CHECK(query_end(&q) == OK);
	}
	store_ahead_end(store);
}

/* Asked ahead or not, everybody reads what is so: also where it was written since, or undone. */
static void what_was_asked_ahead_is_answered_as_it_is(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct store *store = e.service.store;
	int64_t accounts = number(store, COUNT_ACCOUNTS);
	int64_t sum = walk_accounts(&e, false);
	CHECK(store_enter(store) == OK && store_will_write(store) == OK);
	ask(&e);
	assert_int_equal(walk_accounts(&e, false), sum);
	assert_int_equal(number(store, COUNT_ACCOUNTS), accounts);
	assert_int_equal(walk_accounts(&e, true), sum); /* what is being read stays */
	assert_int_equal(number(store, COUNT_ACCOUNTS), accounts);
	assert_int_equal(walk_accounts(&e, false), sum + 1000 * accounts);
	ask(&e);
	CHECK(store_enter(store) == OK);
	ask(&e);
	assert_int_equal(walk_accounts(&e, true), sum + 1000 * accounts);
	ask(&e);
	assert_int_equal(walk_accounts(&e, false), sum + 2000 * accounts);
	CHECK(store_leave(store, false) == OK);
	assert_int_equal(walk_accounts(&e, false), sum + 1000 * accounts);
	ask(&e); /* and nobody reads it */
	CHECK(store_leave(store, false) == OK);
	assert_int_equal(walk_accounts(&e, false), sum);
	assert_int_equal(number(store, COUNT_ACCOUNTS), accounts);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_long_visit_takes_every_step_of_its_time),
		TEST(an_undone_savepoint_leaves_the_outer_work),
		TEST(a_place_is_taken_once),
		TEST(rows_that_go_together_are_all_there_or_none),
		TEST(what_was_asked_ahead_is_answered_as_it_is),
		TEST(a_visit_takes_its_place_to_its_last_minute),
		TEST(old_messages_are_erased_and_neither_newer_ones_nor_those_that_wait),
		TEST(a_write_that_was_put_off_fails_before_its_savepoint_is_kept),
		TEST(many_writes_that_were_put_off_all_happen),
		TEST(a_reason_is_proven_by_its_salt_and_not_without_it),
		TEST(an_edited_migration_and_a_newer_database_are_refused),
		TEST(programs_that_start_at_once_make_the_tables_once),
		TEST(a_program_that_starts_waits_for_one_that_writes_long),
		TEST(a_reader_writes_nothing),
		TEST(what_was_acknowledged_is_there_after_kill_9),
	};
	return RUN("store/store", tests);
}
