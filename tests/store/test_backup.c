#include "tests/store/writers.h"

#include <fcntl.h>

/*
 * The drill: people book while pvl backup runs; the backup is restored elsewhere, into both
 * kinds of database; all that was acknowledged before it began is there, all promises hold,
 * and booking goes on.  PVL in the environment is the program.
 */
struct drill {
	struct scene scene;
	char folder[64];
	struct acknowledged before[400];
	size_t before_len;
};

static int pvl(const char *format, const char *a, const char *b, const char *c)
{
	char rest[700], command[900];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(rest, sizeof rest, format, a, b, c);
#pragma GCC diagnostic pop
	(void)snprintf(command, sizeof command, "%s %s >/dev/null 2>&1", getenv("PVL"), rest);
	int status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void file_put(const char *folder, const char *name, const char *text)
{
	char path[128];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "a");
	CHECK(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void drill_open(struct drill *d)
{
	*d = (struct drill){ 0 };
	scene_open(&d->scene);
	(void)snprintf(d->folder, sizeof d->folder, "/tmp/pvl-drill-XXXXXX");
	CHECK(mkdtemp(d->folder) != NULL);
	char command[256];
	(void)snprintf(command, sizeof command, "mkdir -p %s/live/keys", d->folder);
	CHECK(system(command) == 0);
	char live[96];
	(void)snprintf(live, sizeof live, "%s/live", d->folder);
	file_put(live, "keys/recording.pub", "a key\n");
}

static void drill_close(struct drill *d)
{
	char command[96];
	scene_close(&d->scene);
	(void)snprintf(command, sizeof command, "rm -rf %s", d->folder);
	CHECK(system(command) == 0);
}

/* Acknowledgements of people who book while the backup is made. */
static void back_up_under_load(struct drill *d)
{
	struct scene *s = &d->scene;
	for (int i = 0; i < WRITERS; i++)
		s->writers[i] = start_writer(s, 20 + (uint64_t)i, 1 << 20);
	while (d->before_len < 60)
		CHECK(hear(s, &d->before[d->before_len++], 20000));
	assert_int_equal(pvl("backup %s/saved --data %s/live --store '%s'", d->folder, d->folder,
			     s->estate.fresh.where),
			 0);
	for (int more = 0; more < 20; more++) {
		struct acknowledged a;
		CHECK(hear(s, &a, 20000));
	}
	stop_writers(s);
}

/* A scene like the first, on another database. */
static void check_restored(struct drill *d, const char *where)
{
	struct scene there = d->scene;
	arena_init(&there.estate.arena);
	CHECK(store_open(where, NULL, &there.estate.service.store) == OK);
	for (size_t i = 0; i < d->before_len; i++)
		check_acknowledged(&there, &d->before[i]);
	check_promises(&there);
	cancel_one(&there, &there.estate.service, &there.estate.random);
	bool booked = false;
	for (int i = 0; i < 50 && !booked; i++) {
		cancel_one(&there, &there.estate.service, &there.estate.random);
		booked = can_book(&there);
	}
	CHECK(booked);
	check_promises(&there);
	arena_clear(&there.estate.arena);
	store_close(there.estate.service.store);
}

static void check_files(struct drill *d, const char *name)
{
	char command[256];
	(void)snprintf(command, sizeof command,
		       "cmp -s %s/live/keys/recording.pub %s/%s/keys/recording.pub", d->folder,
		       d->folder, name);
	CHECK(system(command) == 0);
}

static void restore_into_a_file(struct drill *d)
{
	char where[128];
	assert_int_equal(pvl("restore %s/saved --data %s/%s", d->folder, d->folder, "file"), 0);
	(void)snprintf(where, sizeof where, "sqlite:%s/file/pvl.db", d->folder);
	check_restored(d, where);
	check_files(d, "file");
	/* what lives is never replaced */
	assert_int_equal(pvl("restore %s/saved --data %s/%s", d->folder, d->folder, "file"), 1);
	check_restored(d, where);
}

static void restore_into_postgres(struct drill *d)
{
	struct fresh fresh;
	char data[96];
	fresh_make(&fresh);
	(void)snprintf(data, sizeof data, "%s/server", d->folder);
	assert_int_equal(
	    pvl("restore %s/saved --data %s --store '%s'", d->folder, data, fresh.where), 0);
	check_restored(d, fresh.where);
	check_files(d, "server");
	(void)snprintf(data, sizeof data, "%s/again", d->folder);
	assert_int_equal(
	    pvl("restore %s/saved --data %s --store '%s'", d->folder, data, fresh.where), 1);
	check_restored(d, fresh.where);
	fresh_remove(&fresh);
}

static void what_is_saved_under_load_lives_on_elsewhere(void **state)
{
	(void)state;
	static struct drill d;
	drill_open(&d);
	back_up_under_load(&d);
	restore_into_a_file(&d);
	if (on_postgres())
		restore_into_postgres(&d);
	drill_close(&d);
}

static void a_damaged_or_unfinished_backup_is_refused(void **state)
{
	(void)state;
	static struct drill d;
	char saved[96];
	drill_open(&d);
	const char *where = d.scene.estate.fresh.where;
	assert_int_equal(
	    pvl("backup %s/saved --data %s/live --store '%s'", d.folder, d.folder, where), 0);
	/* a target is never replaced */
	assert_int_equal(
	    pvl("backup %s/saved --data %s/live --store '%s'", d.folder, d.folder, where), 1);
	assert_int_equal(pvl("restore %s/nothing --data %s/%s", d.folder, d.folder, "x"), 1);
	(void)snprintf(saved, sizeof saved, "%s/saved", d.folder);
	file_put(saved, "data/keys/recording.pub", "!");
	assert_int_equal(pvl("restore %s/saved --data %s/%s", d.folder, d.folder, "x"), 1);
	file_put(saved, "manifest", "file 00 data/../../outside\n");
	assert_int_equal(pvl("restore %s/saved --data %s/%s", d.folder, d.folder, "x"), 1);
	assert_int_equal(pvl("%s %s %s", "backup", "", ""), 2);
	drill_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_saved_under_load_lives_on_elsewhere),
		TEST(a_damaged_or_unfinished_backup_is_refused),
	};
	return RUN("store/backup", tests);
}
