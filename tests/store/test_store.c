#include "tests/store/estate.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/audit.h"
#include "store/contact.h"
#include "store/query.h"
#include "store/slot_use.h"

static const char COUNT[] = "SELECT COUNT(*) FROM contact_mismatch";
static const char COUNT_ACCOUNTS[] = "SELECT COUNT(*) FROM account";

static int64_t number(struct store *store, const char *sql)
{
	struct query q = query_of(store, sql);
	int64_t n = query_row(&q) ? query_column(&q, 0) : -1;
	CHECK(query_end(&q) == OK);
	return n;
}

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

static void temp_path(char path[64])
{
	(void)snprintf(path, 64, "/tmp/pvl-store-XXXXXX");
	CHECK(mkdtemp(path) != NULL);
	strcat(path, "/a.db");
}

static void temp_remove(char *path)
{
	char other[80];
	static const char *const ENDS[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(other, sizeof other, "%s%s", path, ENDS[i]);
		(void)unlink(other);
	}
	*strrchr(path, '/') = '\0';
	(void)rmdir(path);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;
	CHECK(sqlite3_open(path, &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

static enum err reopen(const char *path)
{
	char where[96];
	struct store *store = NULL;
	(void)snprintf(where, sizeof where, "sqlite:%s", path);
	enum err err = store_open(where, NULL, &store);
	store_close(store);
	return err;
}

static void an_edited_migration_and_a_newer_database_are_refused(void **state)
{
	(void)state;
	char path[64];
	temp_path(path);
	CHECK(reopen(path) == OK);
	CHECK(reopen(path) == OK);
	run_sql(path, "INSERT INTO migration VALUES (99, 'newer', x'00')");
	CHECK(reopen(path) == ERR_BAD);
	run_sql(path, "DELETE FROM migration WHERE number = 99");
	CHECK(reopen(path) == OK);
	run_sql(path, "UPDATE migration SET checksum = x'00' WHERE number = 1");
	CHECK(reopen(path) == ERR_BAD);
	temp_remove(path);
	CHECK(store_open("mysql:x", NULL, &(struct store *){ NULL }) == ERR_BAD);
}

/* Makes accounts until it is killed, and writes a byte for each that was committed. */
static _Noreturn void make_accounts(const char *path, int acknowledged)
{
	char where[96], email[40];
	struct random random = random_seeded((uint64_t)getpid());
	struct service service = { .now = ESTATE_NOW, .random = &random };
	(void)snprintf(where, sizeof where, "sqlite:%s", path);
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
	char path[64], where[96], plus[4096];
	int64_t acknowledged = 0;
	int pipes[2];
	temp_path(path);
	CHECK(reopen(path) == OK);
	CHECK(pipe(pipes) == 0);
	for (int round = 0; round < 5; round++) {
		pid_t child = fork();
		CHECK(child >= 0);
		if (!child)
			make_accounts(path, pipes[1]);
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
	(void)snprintf(where, sizeof where, "sqlite:%s", path);
	struct store *store;
	CHECK(store_open(where, NULL, &store) == OK);
	int64_t there = number(store, COUNT_ACCOUNTS);
	CHECK(there >= acknowledged && there <= acknowledged + 5);
	store_close(store);
	temp_remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_undone_savepoint_leaves_the_outer_work),
		TEST(a_place_is_taken_once),
		TEST(a_reason_is_proven_by_its_salt_and_not_without_it),
		TEST(an_edited_migration_and_a_newer_database_are_refused),
		TEST(what_was_acknowledged_is_there_after_kill_9),
	};
	return RUN("store/store", tests);
}
