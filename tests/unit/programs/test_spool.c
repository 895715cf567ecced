#include "programs/objects/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"
#include "sys/clock.h"
#include "sys/files.h"

struct rig {
	char folder[64];
	struct spool *spool;
	struct spool_seen seen;
	struct wall now; /* at its beginning: files are told apart by their seconds */
};

static void open_rig(struct rig *r)
{
	memset(r, 0, sizeof *r);
	r->now = wall_now();
	strcat(r->folder, "/tmp/pvl-spool-XXXXXX");
	CHECK(mkdtemp(r->folder) != NULL);
	CHECK(spool_open(r->folder, &r->spool) == OK);
}

static void close_rig(struct rig *r)
{
	char command[128];
	spool_close(r->spool);
	snprintf(command, sizeof command, "rm -r '%s'", r->folder);
	CHECK(system(command) == 0);
}

static const char *path(const struct rig *r, const char *name)
{
	static char out[160];
	snprintf(out, sizeof out, "%s/%s", r->folder, name);
	return out;
}

/* A file that was last written so long ago. */
static void put(const struct rig *r, const char *name, const char *text, int64_t ago_s)
{
	struct timespec times[2] = { { .tv_sec = r->now.s - ago_s } };
	times[1] = times[0];
	CHECK(file_write(path(r, name), bytes_from_text(text), 0600) == OK);
	CHECK(utimensat(AT_FDCWD, path(r, name), times, 0) == 0);
}

static bool is_there(const struct rig *r, const char *name)
{
	return access(path(r, name), F_OK) == 0;
}

static void the_oldest_waits_first_and_other_names_do_not(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	put(&r, "00000000000000aa", "one", 10);
	put(&r, "00000000000000bb", "older", 20);
	put(&r, "00000000000000cc", "newest", 5);
	put(&r, "00000000000000dd.erase", "", 5);
	put(&r, "full", "", 5);
	put(&r, "00000000000000AA", "not one of ours", 5);
	put(&r, "ffffffffffffffff", "not an id", 5);
	put(&r, "00000000000000aa.part", "nor this", 5);
	CHECK(spool_look(r.spool, &r.seen) == OK);
	CHECK(r.seen.files == 3 && r.seen.bytes == 3 + 5 + 6 && r.seen.waiting.count == 3);
	CHECK(r.seen.waiting.list[0].n == 0xbb && r.seen.waiting.list[1].n == 0xaa &&
	      r.seen.waiting.list[2].n == 0xcc);
	CHECK(r.seen.erase.count == 1 && r.seen.erase.list[0].n == 0xdd);
	close_rig(&r);
}

static void of_many_the_oldest_are_listed_and_all_are_counted(void **state)
{
	(void)state;
	struct rig r;
	char name[32];
	open_rig(&r);
	for (int i = 1; i <= SPOOL_LIST_MAX + 30; i++) {
		int at = i * 37 % 101; /* in no order */
		snprintf(name, sizeof name, "%016x", at);
		put(&r, name, "x", 1000 - at);
	}
	CHECK(spool_look(r.spool, &r.seen) == OK);
	CHECK(r.seen.files == SPOOL_LIST_MAX + 30 && r.seen.waiting.count == SPOOL_LIST_MAX);
	for (size_t i = 1; i < SPOOL_LIST_MAX; i++)
		CHECK(r.seen.waiting.list[i - 1].n < r.seen.waiting.list[i].n);
	close_rig(&r);
}

static void what_is_being_written_is_left_alone(void **state)
{
	(void)state;
	struct rig r;
	struct buf out = buf_of(100);
	struct segment_id id = { 0xaa };
	open_rig(&r);
	CHECK(spool_read(r.spool, id, &out) == ERR_NOT_FOUND);
	put(&r, "00000000000000aa", "a minute", 10);
	int fd = open(path(&r, "00000000000000aa"), O_WRONLY);
	CHECK(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
	CHECK(spool_read(r.spool, id, &out) == ERR_AGAIN && out.len == 0);
	close(fd); /* as when its writer dies */
	CHECK(spool_read(r.spool, id, &out) == OK && str_is(buf_view(&out), "a minute"));
	spool_sent(r.spool, id);
	CHECK(!is_there(&r, "00000000000000aa"));
	buf_clear(&out);
	close_rig(&r);
}

static void an_empty_one_waits_for_its_writer_and_then_goes(void **state)
{
	(void)state;
	struct rig r;
	struct buf out = buf_of(100);
	open_rig(&r);
	put(&r, "00000000000000aa", "", 10);
	CHECK(spool_read(r.spool, (struct segment_id){ 0xaa }, &out) == ERR_AGAIN);
	put(&r, "00000000000000aa", "", 100);
	CHECK(spool_read(r.spool, (struct segment_id){ 0xaa }, &out) == ERR_NOT_FOUND);
	CHECK(!is_there(&r, "00000000000000aa"));
	buf_clear(&out);
	close_rig(&r);
}

static void copies_go_when_they_are_old_or_too_many(void **state)
{
	(void)state;
	struct rig r;
	struct segment_id id = { 0xaa };
	open_rig(&r);
	CHECK(!spool_has(r.spool, id));
	CHECK(spool_keep(r.spool, id, bytes_from_text("back")) == OK);
	CHECK(spool_has(r.spool, id) && !is_there(&r, "fetched/half"));
	CHECK(spool_look(r.spool, &r.seen) == OK &&
	      r.seen.files == 0); /* it does not go out again */
	put(&r, "fetched/00000000000000bb", "old", 500);
	put(&r, "fetched/00000000000000cc", "larger", 50);
	put(&r, "fetched/00000000000000dd", "older", 60);
	spool_sweep(r.spool, wall_add_s(wall_now(), -400), 4 + 6);
	CHECK(is_there(&r, "fetched/00000000000000aa") && is_there(&r, "fetched/00000000000000cc"));
	CHECK(!is_there(&r, "fetched/00000000000000bb") &&
	      !is_there(&r, "fetched/00000000000000dd"));
	close_rig(&r);
}

static void what_is_erased_leaves_nothing(void **state)
{
	(void)state;
	struct rig r;
	struct segment_id id = { 0xaa };
	open_rig(&r);
	put(&r, "00000000000000aa", "a minute", 10);
	put(&r, "fetched/00000000000000aa", "a minute", 10);
	put(&r, "00000000000000aa.erase", "", 10);
	spool_forget(r.spool, id);
	CHECK(!spool_has(r.spool, id) && is_there(&r, "00000000000000aa.erase"));
	spool_erased(r.spool, id);
	CHECK(!is_there(&r, "00000000000000aa.erase"));
	spool_set_full(r.spool, true);
	CHECK(is_there(&r, "full"));
	spool_set_full(r.spool, false);
	CHECK(!is_there(&r, "full"));
	close_rig(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_oldest_waits_first_and_other_names_do_not),
		TEST(of_many_the_oldest_are_listed_and_all_are_counted),
		TEST(what_is_being_written_is_left_alone),
		TEST(an_empty_one_waits_for_its_writer_and_then_goes),
		TEST(copies_go_when_they_are_old_or_too_many),
		TEST(what_is_erased_leaves_nothing),
	};
	return RUN("programs/spool", tests);
}
