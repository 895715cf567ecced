/*
 * test_objects.c - recordings in an object store: the real pvl-objects and pvl-record with s3rver, which
 * is killed, comes back, and is given the wrong key; and what waits for a pvl-record that was killed.
 *
 * test_objects PVL_OBJECTS PVL_RECORD S3_SCRIPT
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit/check.h"
#include "base/assert.h"
#include "ipc/objects.h"
#include "ipc/record.h"
#include "ipc/ring.h"
#include "ipc/supervisor.h"
#include "recording/sealed.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"
#include "sys/tcp.h"

enum {
	PATIENCE_MS = 60000, /* for what must happen; as a rule it takes two seconds */
	QUIET_MS = 5000,     /* in which something must not happen: two looks at the folder */
	VISIT = 77,
	RATE = 960,     /* of 20 ms of Opus */
	BLOCK_MORE = 9, /* of each frame in the file */
};
#define SOUND "\xf8\xff\xfe some sound"

static const char *programs[3];

struct rig {
	char home[64];
	char folder[96];
	char store[96];
	uint16_t port;
	struct child s3, objects, record;
	int control; /* to pvl-objects */
	int notes;   /* of pvl-record */
	int ring;    /* to pvl-record, whichever runs */
	struct ring_writer packets;
	int key;
	int public;
	struct objects_state state;
	bool has_state;
	struct objects_message came;
	struct record_note began, ended, lost;
	uint64_t seq;
};

static struct rig *opened; /* so that a test that fails leaves no program behind */

/* ---- programs ---- */

static const char *const environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };

static void start(struct child *child, const char *program, const char *const *argv,
		  const struct child_fd *fds, size_t len)
{
	struct child_plan plan = { .path = program,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = len };
	CHECK(child_start(&plan, child) == OK);
}

static void stop(struct child *child, int number)
{
	int code;
	if (!child_runs(child))
		return;
	child_signal(child, number);
	struct pollfd ended = { .fd = child->pidfd, .events = POLLIN };
	CHECK(poll(&ended, 1, PATIENCE_MS) == 1);
	CHECK(child_ended(child, &code));
}

static int file_of(const void *at, size_t len)
{
	char path[] = "/tmp/pvl-objects-file-XXXXXX";
	int fd = mkstemp(path);
	CHECK(fd >= 0 && write(fd, at, len) == (ssize_t)len);
	unlink(path);
	return fd;
}

static void start_s3(struct rig *r)
{
	char port[8];
	snprintf(port, sizeof port, "%u", r->port);
	const char *const argv[] = { "env", "node", programs[2], port, r->store, NULL };
	start(&r->s3, "/usr/bin/env", argv, NULL, 0);
}

static void start_objects(struct rig *r, const char *waiting_mib)
{
	char url[64];
	int ends[2];
	CHECK(seqpacket_pair(ends) == OK);
	snprintf(url, sizeof url, "http://127.0.0.1:%u/recordings/hmp", r->port);
	const char *const argv[] = { "pvl-objects", "--directory", r->folder,   "--url",
				     url,           "--region",    "us-east-1", "--waiting-mib",
				     waiting_mib,   NULL };
	struct child_fd fds[] = { { .from = ends[1], .to = OBJECTS_FD_CONTROL },
				  { .from = r->key, .to = OBJECTS_FD_KEY } };
	start(&r->objects, programs[0], argv, fds, ARRAY_LEN(fds));
	close(ends[1]);
	if (r->control >= 0)
		close(r->control);
	r->control = ends[0];
}

static void start_record(struct rig *r)
{
	int notes[2];
	CHECK(seqpacket_pair(notes) == OK);
	const char *const argv[] = { "pvl-record", "--directory", r->folder, NULL };
	struct child_fd fds[] = { { .from = notes[1], .to = RECORD_FD_CONTROL },
				  { .from = r->public, .to = RECORD_FD_KEY },
				  { .from = r->ring, .to = RECORD_FD_MEDIA } };
	start(&r->record, programs[1], argv, fds, ARRAY_LEN(fds));
	close(notes[1]);
	if (r->notes >= 0)
		close(r->notes);
	r->notes = notes[0];
}

static uint16_t free_port(void)
{
	struct address at = address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 0);
	struct random random = entropy_random();
	int fd = -1;
	for (int i = 0; i < 50 && fd < 0; i++) {
		at.port = (uint16_t)(20000 + random_below(&random, 12000));
		if (tcp_listen(&at, &fd) != OK)
			fd = -1;
	}
	CHECK(fd >= 0);
	close(fd);
	return at.port;
}

static void open_rig(struct rig *r, const char *key)
{
	uint8_t public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
	memset(r, 0, sizeof *r);
	opened = r;
	r->s3 = r->objects = r->record = CHILD_NONE;
	r->control = r->notes = r->ring = -1;
	strcat(r->home, "/tmp/pvl-objects-XXXXXX");
	CHECK(mkdtemp(r->home) != NULL);
	snprintf(r->folder, sizeof r->folder, "%s/recordings", r->home);
	snprintf(r->store, sizeof r->store, "%s/store", r->home);
	CHECK(mkdir(r->folder, 0700) == 0 && mkdir(r->store, 0700) == 0);
	CHECK(crypto_box_keypair(public, secret) == 0);
	r->key = file_of(key, strlen(key));
	r->public = file_of(public, sizeof public);
	r->port = free_port();
	CHECK(shared_memory_new(sizeof(struct ring), &r->ring) == OK);
	r->packets = ring_writer_of(shared_memory_map(r->ring, sizeof(struct ring)));
	CHECK(r->packets.ring != NULL);
}

static void close_rig(struct rig *r)
{
	char command[128];
	opened = NULL;
	stop(&r->record, SIGKILL);
	stop(&r->objects, SIGKILL);
	stop(&r->s3, SIGKILL);
	if (r->packets.ring != NULL)
		munmap(r->packets.ring, sizeof *r->packets.ring);
	int all[] = { r->control, r->notes, r->ring, r->key, r->public };
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i] >= 0)
			close(all[i]);
	snprintf(command, sizeof command, "rm -r '%s'", r->home);
	CHECK(system(command) == 0);
}

/* ---- what is there, what was said ---- */

static void hear(struct rig *r)
{
	uint8_t in[512];
	struct objects_message m;
	struct record_note note;
	size_t len;
	while (r->control >= 0 && seqpacket_receive(r->control, in, sizeof in, &len, NULL) == OK) {
		CHECK(objects_message_decode(bytes_of(in, len), false, &m) == OK);
		if (m.type == OBJECTS_CAME)
			r->came = m;
		else
			r->state = m.state;
		r->has_state |= m.type == OBJECTS_STATE;
	}
	while (r->notes >= 0 && seqpacket_receive(r->notes, in, sizeof in, &len, NULL) == OK) {
		CHECK(record_note_decode(bytes_of(in, len), false, &note) == OK);
		struct record_note *kept = note.type == RECORD_BEGAN   ? &r->began
					   : note.type == RECORD_ENDED ? &r->ended
					   : note.type == RECORD_LOST  ? &r->lost
								       : NULL;
		if (kept != NULL)
			*kept = note;
	}
}

static bool is_in(const char *folder, int64_t segment, const char *end)
{
	char path[160];
	snprintf(path, sizeof path, "%s/%016llx%s", folder, (unsigned long long)segment, end);
	return access(path, F_OK) == 0;
}

static bool is_stored(const struct rig *r, int64_t segment)
{
	char folder[128];
	snprintf(folder, sizeof folder, "%s/recordings/hmp", r->store);
	return is_in(folder, segment, "._S3rver_object");
}

static bool is_here(const struct rig *r, int64_t segment)
{
	return is_in(r->folder, segment, "");
}

#define UNTIL(r_, what_)                                                                           \
	do {                                                                                       \
		struct mono until_ = mono_add_ms(mono_now(), PATIENCE_MS);                         \
		while (hear(r_), !(what_) && mono_before(mono_now(), until_))                      \
			usleep(20000);                                                             \
		CHECK(what_);                                                                      \
	} while (0)

static void wait_quietly(struct rig *r)
{
	usleep(QUIET_MS * 1000);
	hear(r);
}

static void want(struct rig *r, int64_t segment)
{
	uint8_t out[OBJECTS_MESSAGE_MAX];
	size_t len;
	struct objects_message m = { .type = OBJECTS_WANT, .segment = { segment } };
	r->came = (struct objects_message){ 0 };
	CHECK(objects_message_encode(&m, out, sizeof out, &len) == OK);
	CHECK(seqpacket_send(r->control, bytes_of(out, len), -1) == OK);
	UNTIL(r, r->came.segment.n == segment);
}

/* A segment as pvl-record has left it. */
static void plant(struct rig *r, int64_t segment, size_t len)
{
	char path[160];
	uint8_t *at = malloc(len);
	CHECK(at != NULL);
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(i * 7 + (size_t)segment);
	snprintf(path, sizeof path, "%s/%016llx", r->folder, (unsigned long long)segment);
	CHECK(file_write(path, bytes_of(at, len), 0600) == OK);
	free(at);
}

/* So many times 20 ms of sound, all at once. */
static void speak(struct rig *r, int times)
{
	static uint8_t out[RECORD_BATCH_MAX];
	struct mono now = mono_now();
	struct writer w = writer_of(out, sizeof out);
	record_batch_begin(&w, 0);
	for (int i = 0; i < times; i++) {
		struct record_packet p = { .visit = { VISIT },
					   .end = 1,
					   .codec = CODEC_OPUS,
					   .marker = i == 0,
					   .seq = r->seq,
					   .timestamp = (uint32_t)(r->seq * RATE),
					   .at = mono_add_ms(now, i - times),
					   .payload = bytes_from_text(SOUND) };
		r->seq++;
		CHECK(record_packet_put(&w, &p));
	}
	CHECK(ring_put(&r->packets, writer_bytes(&w)));
}

/* ---- the tests ---- */

static void a_segment_goes_out_comes_back_and_is_erased(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	char path[160];
	uint8_t hash[RECORD_HASH_LEN];
	struct buf file = buf_of(OBJECTS_FILE_MAX);
	open_rig(&r, "S3RVER:S3RVER\n");
	start_s3(&r);
	start_objects(&r, "64");
	start_record(&r);
	speak(&r, 100);
	UNTIL(&r, r.began.segment != 0);
	int64_t id = r.began.segment;
	stop(&r.record, SIGTERM); /* which ends it */
	UNTIL(&r, r.ended.segment == id);
	UNTIL(&r, is_stored(&r, id) && !is_here(&r, id));

	want(&r, id);
	CHECK(r.came.outcome == OBJECTS_DONE);
	snprintf(path, sizeof path, "%s/fetched/%016llx", r.folder, (unsigned long long)id);
	CHECK(file_read(path, &file) == OK && file.len == r.ended.bytes);
	CHECK(sealed_file_hash(buf_bytes(&file), hash) == OK);
	CHECK(memcmp(hash, r.ended.hash, sizeof hash) == 0);

	snprintf(path, sizeof path, "%s/%016llx.erase", r.folder, (unsigned long long)id);
	CHECK(file_write(path, bytes_from_text(""), 0600) == OK);
	UNTIL(&r, !is_stored(&r, id) && !is_in(r.folder, id, ".erase"));
	want(&r, id);
	CHECK(r.came.outcome == OBJECTS_ABSENT);
	buf_clear(&file);
	close_rig(&r);
}

static void a_store_that_is_away_keeps_nothing_from_the_folder_and_gets_it_later(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	open_rig(&r, "S3RVER:S3RVER");
	start_objects(&r, "64");
	plant(&r, 5, 100000);
	plant(&r, 6, 3000000);
	UNTIL(&r, r.state.last == OBJECTS_AWAY && r.state.waiting == 2);
	CHECK(is_here(&r, 5) && is_here(&r, 6));
	want(&r, 7);
	CHECK(r.came.outcome == OBJECTS_AWAY);
	want(&r, 6); /* what is in the folder needs no store */
	CHECK(r.came.outcome == OBJECTS_DONE);
	start_s3(&r);
	UNTIL(&r, is_stored(&r, 5) && is_stored(&r, 6) && !is_here(&r, 5) && !is_here(&r, 6));
	UNTIL(&r, r.state.waiting == 0 && r.state.last == OBJECTS_DONE);

	stop(&r.s3, SIGKILL);
	plant(&r, 8, 1000);
	UNTIL(&r, r.state.last == OBJECTS_AWAY);
	CHECK(is_here(&r, 8));
	start_s3(&r);
	UNTIL(&r, is_stored(&r, 8) && !is_here(&r, 8));
	close_rig(&r);
}

static void with_a_wrong_key_everything_stays(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	open_rig(&r, "S3RVER:another");
	start_s3(&r);
	start_objects(&r, "64");
	plant(&r, 5, 1000);
	UNTIL(&r, r.state.last == OBJECTS_REFUSED);
	wait_quietly(&r);
	CHECK(is_here(&r, 5) && !is_stored(&r, 5) && r.state.last == OBJECTS_REFUSED);
	want(&r, 6);
	CHECK(r.came.outcome == OBJECTS_REFUSED);
	close_rig(&r);
}

/* Speaks for so long that what is whole would have gone out; false: the machine stood still for so long
 * that the recorder took it for silence and ended the segment. */
static bool speak_on(struct rig *r)
{
	struct mono until = mono_add_ms(mono_now(), QUIET_MS);
	r->began = r->ended = (struct record_note){ 0 };
	while (r->ended.segment == 0 && (r->began.segment == 0 || mono_before(mono_now(), until))) {
		speak(r, 10);
		usleep(200000);
		hear(r);
	}
	return r->ended.segment == 0;
}

static void what_is_being_written_stays_until_its_writer_is_killed(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	open_rig(&r, "S3RVER:S3RVER");
	start_s3(&r);
	start_objects(&r, "64");
	plant(&r, 5, 1000);
	UNTIL(&r, is_stored(&r, 5));
	start_record(&r);
	bool spoke = false;
	for (int tries = 0; !spoke && tries < 5; tries++)
		spoke = speak_on(&r);
	CHECK(spoke);
	int64_t id = r.began.segment;
	CHECK(is_here(&r, id) && !is_stored(&r, id));
	stop(&r.record, SIGKILL);
	UNTIL(&r, is_stored(&r, id) && !is_here(&r, id));
	close_rig(&r);
}

static void killed_in_the_middle_it_begins_again(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	open_rig(&r, "S3RVER:S3RVER");
	start_s3(&r);
	for (int64_t id = 1; id <= 20; id++)
		plant(&r, id, 500000);
	for (int kills = 0; kills < 3; kills++) {
		start_objects(&r, "64");
		UNTIL(&r, is_stored(&r, 3 + kills * 5));
		stop(&r.objects, SIGKILL);
	}
	for (int64_t id = 1; id <= 20; id++)
		CHECK(is_here(&r, id) || is_stored(&r, id));
	start_objects(&r, "64");
	for (int64_t id = 1; id <= 20; id++)
		UNTIL(&r, is_stored(&r, id) && !is_here(&r, id));
	close_rig(&r);
}

static void when_too_much_waits_it_is_told_as_a_full_disk_is(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	char full[128];
	open_rig(&r, "S3RVER:S3RVER");
	snprintf(full, sizeof full, "%s/full", r.folder);
	start_objects(&r, "1");
	start_record(&r);
	plant(&r, 5, 2 << 20);
	UNTIL(&r, r.state.full && access(full, F_OK) == 0);
	speak(&r, 10);
	UNTIL(&r,
	      r.lost.type == RECORD_LOST && r.lost.cause == RECORD_DISK && r.lost.visit.n == VISIT);
	CHECK(r.began.segment == 0);
	start_s3(&r);
	UNTIL(&r, is_stored(&r, 5) && !r.state.full && access(full, F_OK) != 0);
	struct mono until = mono_add_ms(mono_now(), PATIENCE_MS);
	while (r.began.segment == 0 && mono_before(mono_now(), until)) {
		speak(&r, 5);
		usleep(100000);
		hear(&r);
	}
	CHECK(r.began.segment != 0);
	close_rig(&r);
}

static bool is_gap(const struct record_note *lost)
{
	return lost->type == RECORD_LOST && lost->cause == RECORD_BEHIND && lost->visit.n == VISIT;
}

static void a_recorder_that_was_killed_finds_what_came_meanwhile_and_nonsense_is_a_gap(void **state)
{
	(void)state;
	static struct rig r; /* stands when the test has failed */
	open_rig(&r, "S3RVER:S3RVER");
	start_record(&r);
	speak(&r, 100);
	UNTIL(&r, r.began.segment != 0);
	stop(&r.record, SIGKILL);
	r.began = (struct record_note){ 0 };
	speak(&r, 100);
	speak(&r, 100);
	start_record(&r);
	UNTIL(&r, r.began.segment != 0);

	/* As a pvl-media would that somebody broke into, before it is started anew. */
	struct ring *ring = r.packets.ring;
	memset(ring->units, 7, sizeof ring->units);
	__atomic_store_n(&ring->base, UINT64_MAX, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->written, r.packets.written + 4096, __ATOMIC_RELEASE);
	UNTIL(&r, is_gap(&r.lost));
	r.packets = ring_writer_of(ring);
	speak(&r, 100);
	stop(&r.record, SIGTERM); /* which has it read that yet */
	UNTIL(&r, r.ended.type == RECORD_ENDED);
	CHECK(r.ended.segment == r.began.segment && r.ended.cause == RECORD_WHOLE);
	CHECK(r.ended.bytes > 300 * (strlen(SOUND) + BLOCK_MORE));
	close_rig(&r);
}

static int tear_down(void **state)
{
	(void)state;
	if (opened != NULL)
		close_rig(opened);
	return 0;
}

#define TEST_OF(function) cmocka_unit_test_teardown(function, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST_OF(a_segment_goes_out_comes_back_and_is_erased),
		TEST_OF(a_store_that_is_away_keeps_nothing_from_the_folder_and_gets_it_later),
		TEST_OF(with_a_wrong_key_everything_stays),
		TEST_OF(what_is_being_written_stays_until_its_writer_is_killed),
		TEST_OF(killed_in_the_middle_it_begins_again),
		TEST_OF(when_too_much_waits_it_is_told_as_a_full_disk_is),
		TEST_OF(a_recorder_that_was_killed_finds_what_came_meanwhile_and_nonsense_is_a_gap),
	};
	if (argc != 4 || sodium_init() < 0)
		return 2;
	for (int i = 0; i < 3; i++)
		programs[i] = argv[1 + i];
	return RUN("system/objects", tests);
}
