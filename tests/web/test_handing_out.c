/*
 * Handing out one side of a recording that an object store keeps: the plain file is the same, byte by byte, as
 * from the folder, in whatever order its pieces come back and wherever they go meanwhile.  Seeing a piece of it
 * likewise: where it lies and goes is never told as "not found".
 */
#include "tests/store/recorded.h"
#include "tests/web/site.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ipc/objects.h"
#include "recording/sealed.h"
#include "recording/webm.h"
#include "service/recording.h"
#include "sys/files.h"
#include "sys/loop.h"
#include "sys/seqpacket.h"
#include "web/keyring.h"
#include "web/objects_link.h"
#include "web/viewings.h"

#define MONITOR  "monitor@wandsworth.example"
#define GOVERNOR "governor@wandsworth.example"
#define CONTACTS "contacts@wandsworth.example"

enum {
	PIECES = 24, /* more than are asked for at once */
	FIRST = 0x100,
	FRAMES = 10,
	PLAIN_MAX = 1 << 20,
	WANTS_MAX = 64,
};

struct rig {
	struct site s;
	struct visit visit;
	char folder[64];
	uint8_t public[32], secret[32];
	uint8_t keys[PIECES][SEALED_KEY_LEN];
	struct record_note notes[2 * PIECES];
	const char *export; /* its id */
	const char *access; /* of the one who looks */
	struct session_started viewer;
	struct loop *loop;
	int store; /* pvl-objects' side of its pair */
	size_t wants_len;
	struct segment_id wants[WANTS_MAX];
	struct exchange x;
	char cookie[128];
};

/* ---- pieces ---- */

static const char *place(const struct rig *r, const char *below, int64_t segment)
{
	static char out[2][128];
	static int n;
	char *at = out[n++ % 2];
	snprintf(at, sizeof out[0], "%s/%s%016llx", r->folder, below, (unsigned long long)segment);
	return at;
}

/* As pvl-record writes it: a second of sound, sealed. */
static void write_piece(struct rig *r, int i)
{
	struct sealed sealed;
	struct webm webm;
	struct sealed_name name = { .visit = r->visit.id, .segment = FIRST + i };
	struct buf plain = buf_of(PLAIN_MAX), file = buf_of(PLAIN_MAX);
	struct record_note *note = &r->notes[i];
	*note = (struct record_note){ .type = RECORD_BEGAN,
				      .instance = 7,
				      .visit = name.visit,
				      .segment = name.segment,
				      .codec = CODEC_OPUS,
				      .at_ms = (ESTATE_NOW.s + i) * 1000 };
	static const struct sealed_means means = { SEALED_AES_256_GCM, SEALED_SHA_256 };
	CHECK(sealed_begin(&sealed, &name, means, r->public, note->key, &file) == OK);
	CHECK(sealed_key_open(note->key, r->public, r->secret, &name, r->keys[i]) == OK);
	webm_begin(&webm, CODEC_OPUS, 0, 0, &plain);
	for (int frame = 0; frame < FRAMES; frame++) {
		char sound[64];
		snprintf(sound, sizeof sound, "piece %d, frame %d", i, frame);
		webm_frame(&webm, frame * 100, true, bytes_from_text(sound), &plain);
	}
	sealed_put(&sealed, buf_bytes(&plain), true, &file);
	sealed_stands(&sealed, buf_bytes(&file));
	CHECK(file_write(place(r, "", name.segment), buf_bytes(&file), 0600) == OK);
	r->notes[PIECES + i] = *note;
	r->notes[PIECES + i].type = RECORD_ENDED;
	r->notes[PIECES + i].bytes = file.len;
	r->notes[PIECES + i].ms = 1000;
	sealed_hash(&sealed, r->notes[PIECES + i].hash);
	sealed_end(&sealed);
	buf_clear(&plain);
	buf_clear(&file);
}

static void write_pieces(struct rig *r)
{
	size_t refused;
	for (int i = 0; i < PIECES; i++)
		write_piece(r, i);
	struct recording_notes all = { .count = ARRAY_LEN(r->notes), .list = r->notes };
	CHECK(recording_notes_take(&r->s.estate.service, &SYSTEM_ACTOR, &all, &refused) == OK);
	CHECK(refused == 0);
}

/* ---- the three steps ---- */

/* Asked for, agreed to, looked at, and handed out by a third: its id. */
static void make_export(struct rig *r)
{
	static const char because[] = "reason=An%20incident%20was%20reported.&decision=AGREED&"
				      "recipient=The%20coroner%2C%20Ms%20Green";
	struct arena *arena = &r->s.estate.arena;
	sign_in(&r->s, MONITOR);
	r->viewer = r->s.session;
	const char *ask_path =
	    arena_printf(arena, "/staff/recordings/%s/ask", r->visit.reference.text);
	CHECK(ask(&r->s, ask_path, because).status == 303);
	sign_in(&r->s, GOVERNOR);
	struct answer a = ask(&r->s, "/staff/recordings", NULL);
	const char *access = between(&r->s, &a, "/staff/playback/", "/decide");
	r->access = access;
	CHECK(
	    ask(&r->s, arena_printf(arena, "/staff/playback/%s/decide", access), because).status ==
	    303);
	r->s.session = r->viewer;
	CHECK(ask(&r->s, arena_printf(arena, "/staff/playback/%s/open", access), "").status == 303);
	sign_in(&r->s, CONTACTS);
	a = ask(&r->s, arena_printf(arena, "/staff/playback/%s/export", access), because);
	CHECK(a.status == 303);
	r->export = arena_text(arena, str_from(a.location + strlen("/staff/exports/")));
	struct access_id id = { strtoll(r->export, NULL, 10) };
	for (int i = 0; i < PIECES; i++)
		keyring_put(r->s.web.keys, id, (struct segment_id){ FIRST + i }, r->visit.id,
			    r->keys[i], wall_add_s(r->s.estate.service.now, 3600));
}

static void open_rig(struct rig *r)
{
	memset(r, 0, sizeof *r);
	r->store = -1;
	site_open(&r->s);
	strcat(r->folder, "/tmp/pvl-handing-out-XXXXXX");
	CHECK(mkdtemp(r->folder) != NULL);
	CHECK(mkdir(arena_printf(&r->s.estate.arena, "%s/" OBJECTS_FETCHED, r->folder), 0700) == 0);
	CHECK(crypto_box_keypair(r->public, r->secret) == 0);
	r->s.web.keys = keyring_new();
	r->s.web.viewings = viewings_new();
	r->s.web.config.recordings = r->folder;
	record_visit(&r->s.estate, &r->visit);
	write_pieces(r);
	make_export(r);
}

static void close_rig(struct rig *r)
{
	char command[128];
	viewings_free(r->s.web.viewings);
	keyring_free(r->s.web.keys);
	if (r->store >= 0)
		close(r->store);
	objects_link_free(r->s.web.objects);
	if (r->loop != NULL)
		loop_close(r->loop);
	site_close(&r->s);
	snprintf(command, sizeof command, "rm -r '%s'", r->folder);
	CHECK(system(command) == 0);
}

/* ---- the object store: the test in the place of pvl-objects ---- */

/* All pieces go there. */
static void move_to_store(struct rig *r)
{
	static const struct loop_hooks none;
	int ends[2];
	for (int i = 0; i < PIECES; i++)
		CHECK(rename(place(r, "", FIRST + i), place(r, "away-", FIRST + i)) == 0);
	CHECK(loop_open(&none, &r->loop) == OK && seqpacket_pair(ends) == OK);
	r->s.web.objects = objects_link_new(r->loop, r->s.web.log);
	objects_link_take(r->s.web.objects, ends[0]);
	r->store = ends[1];
}

static void read_wants(struct rig *r)
{
	uint8_t in[OBJECTS_MESSAGE_MAX];
	struct objects_message m;
	size_t len;
	while (seqpacket_receive(r->store, in, sizeof in, &len, NULL) == OK) {
		CHECK(objects_message_decode(bytes_of(in, len), true, &m) == OK);
		bool again = m.type != OBJECTS_WANT;
		for (size_t i = 0; i < r->wants_len; i++)
			again |= r->wants[i].n == m.segment.n;
		CHECK(r->wants_len < WANTS_MAX);
		if (!again)
			r->wants[r->wants_len++] = m.segment;
	}
}

/* The answer for the one that was asked for last; false: nothing is asked for. */
static bool answer_last(struct rig *r, enum objects_outcome outcome)
{
	uint8_t out[OBJECTS_MESSAGE_MAX];
	size_t len;
	read_wants(r);
	if (r->wants_len == 0)
		return false;
	struct objects_message m = { .type = OBJECTS_CAME,
				     .segment = r->wants[--r->wants_len],
				     .outcome = outcome };
	if (outcome == OBJECTS_DONE)
		CHECK(rename(place(r, "away-", m.segment.n), place(r, "fetched/", m.segment.n)) ==
		      0);
	CHECK(objects_message_encode(&m, out, sizeof out, &len) == OK);
	CHECK(seqpacket_send(r->store, bytes_of(out, len), -1) == OK);
	return true;
}

/* ---- one download ---- */

static void begin(struct rig *r, const char *path)
{
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	r->x = (struct exchange){ 0 };
	arena_init(&r->x.arena);
	snprintf(r->cookie, sizeof r->cookie, "pvl=%s", r->s.session.token);
	r->x.request = (struct request){ .method = METHOD_GET,
					 .path = str_from(path),
					 .peer = address_ipv4((const uint8_t[]){ 127, 0, 0, 1 }, 0),
					 .now = r->s.web.now,
					 .arena = &r->x.arena };
	r->x.request.headers[HEADER_COOKIE] = str_from(r->cookie);
	r->x.match = route_find(groups, len, METHOD_GET, r->x.request.path);
	web_handle(&r->s.web, &r->x);
}

static void begin_download(struct rig *r)
{
	begin(r, arena_printf(&r->s.estate.arena, "/staff/exports/%s/0", r->export));
}

static bool waits(const struct rig *r)
{
	return r->x.response.kind == RESPONSE_LATER;
}

/* As web.c does, for whoever waits for that piece: false: nothing came. */
static bool hear_store(struct rig *r)
{
	struct segment_id segment;
	enum objects_outcome outcome;
	if (!objects_link_next(r->s.web.objects, &segment, &outcome))
		return false;
	CHECK(outcome == OBJECTS_DONE || outcome == OBJECTS_ABSENT);
	if (!waits(r) || r->x.wait != WAIT_OBJECT || r->x.job != (uint64_t)segment.n)
		return true;
	r->x.response.kind = RESPONSE_BODY;
	r->x.page.object_absent = outcome == OBJECTS_ABSENT;
	r->x.then(&r->x.page);
	return true;
}

static void end_download(struct rig *r)
{
	response_clear(&r->x.response);
	arena_clear(&r->x.arena);
}

/* Reads what is still to come; the file, of which `got` came before. */
static void read_rest(struct rig *r, struct buf *got)
{
	char piece[777];
	long n;
	assert_int_equal(r->x.response.status, 200);
	assert_int_equal(r->x.response.kind, RESPONSE_STREAM);
	while ((n = r->x.response.stream->fill(r->x.response.stream, piece, sizeof piece)) > 0)
		buf_put(got, piece, (size_t)n);
	CHECK(n == 0 && buf_ok(got));
	end_download(r);
}

static struct buf from_folder(struct rig *r)
{
	struct buf file = buf_of(PLAIN_MAX);
	begin_download(r);
	read_rest(r, &file);
	return file;
}

/* How many pieces the account of the last file says were missing. */
static int64_t missing(const struct rig *r)
{
	const struct exports *exports = &r->s.web.exports;
	CHECK(exports->sent_len > 0);
	return exports->sent[exports->sent_len - 1].missing;
}

static void equal(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->at, b->at, a->len);
}

/* ---- */

static void two_copies_of_a_recording_are_the_same_bytes_with_all_of_its_sound(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	struct buf one = from_folder(&r), other = from_folder(&r);
	equal(&one, &other);
	for (int i = 0; i < PIECES * FRAMES; i++) {
		char sound[64];
		snprintf(sound, sizeof sound, "piece %d, frame %d", i / FRAMES, i % FRAMES);
		CHECK(memmem(one.at, one.len, sound, strlen(sound)) != NULL);
	}
	assert_int_equal(missing(&r), 0);
	buf_clear(&one);
	buf_clear(&other);
	close_rig(&r);
}

static void pieces_that_come_back_in_any_order_are_all_waited_for(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	struct buf before = from_folder(&r), after = buf_of(PLAIN_MAX);
	move_to_store(&r);
	begin_download(&r);
	while (waits(&r) && answer_last(&r, OBJECTS_DONE))
		(void)hear_store(&r);
	read_rest(&r, &after);
	equal(&before, &after);
	assert_int_equal(missing(&r), 0);
	buf_clear(&before);
	buf_clear(&after);
	close_rig(&r);
}

static void a_piece_that_the_store_has_not_is_counted_and_no_other_is_missing(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	struct buf before = from_folder(&r), after = buf_of(PLAIN_MAX);
	move_to_store(&r);
	begin_download(&r);
	read_wants(&r);
	size_t gone = r.wants_len - 1;
	int64_t lost = r.wants[gone].n - FIRST;
	while (waits(&r)) { /* the one that is gone is told each time that it is asked for */
		read_wants(&r);
		CHECK(r.wants_len > 0);
		bool absent = r.wants[r.wants_len - 1].n - FIRST == lost;
		CHECK(answer_last(&r, absent ? OBJECTS_ABSENT : OBJECTS_DONE));
		CHECK(hear_store(&r));
	}
	read_rest(&r, &after);
	assert_int_equal(missing(&r), 1);
	CHECK(after.len < before.len);
	for (int i = 0; i < PIECES; i++) {
		char sound[64];
		snprintf(sound, sizeof sound, "piece %d, frame 0", i);
		CHECK((memmem(after.at, after.len, sound, strlen(sound)) == NULL) == (i == lost));
	}
	buf_clear(&before);
	buf_clear(&after);
	close_rig(&r);
}

static void what_goes_to_the_store_while_a_copy_is_sent_is_not_missing(void **state)
{
	(void)state;
	struct rig r;
	char some[100];
	open_rig(&r);
	struct buf before = from_folder(&r), after = buf_of(PLAIN_MAX);
	begin_download(&r);
	CHECK(r.x.response.kind == RESPONSE_STREAM);
	long n = r.x.response.stream->fill(r.x.response.stream, some, sizeof some);
	CHECK(n > 0);
	buf_put(&after, some, (size_t)n);
	for (int i = 0; i < PIECES; i++)
		CHECK(unlink(place(&r, "", FIRST + i)) == 0);
	read_rest(&r, &after);
	equal(&before, &after);
	assert_int_equal(missing(&r), 0);
	buf_clear(&before);
	buf_clear(&after);
	close_rig(&r);
}

static void without_pvl_objects_nothing_is_handed_out_that_lacks_a_piece(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	move_to_store(&r);
	close(r.store);
	r.store = -1;
	begin_download(&r);
	assert_int_equal(r.x.response.status, 503);
	CHECK(r.s.web.exports.sent_len == 0 && r.s.web.exports.open == 0);
	end_download(&r);
	close_rig(&r);
}

/* ---- seeing a piece ---- */

static void begin_to_see(struct rig *r, int piece)
{
	struct access_id id = { strtoll(r->access, NULL, 10) };
	r->s.session = r->viewer;
	keyring_put(r->s.web.keys, id, (struct segment_id){ FIRST + piece }, r->visit.id,
		    r->keys[piece], wall_add_s(r->s.estate.service.now, 3600));
	begin(r,
	      arena_printf(&r->s.estate.arena, "/staff/playback/%s/%d", r->access, FIRST + piece));
}

static bool shows(const struct rig *r, int piece)
{
	char sound[64];
	const struct buf *body = &r->x.response.body;
	snprintf(sound, sizeof sound, "piece %d, frame 0", piece);
	return r->x.response.status == 200 &&
	       memmem(body->at, body->len, sound, strlen(sound)) != NULL;
}

static void a_piece_comes_back_from_the_store_to_be_seen(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	move_to_store(&r);
	begin_to_see(&r, 3);
	CHECK(waits(&r) && answer_last(&r, OBJECTS_DONE) && hear_store(&r));
	CHECK(!waits(&r) && shows(&r, 3));
	end_download(&r);
	close_rig(&r);
}

/* The copy has gone when we come to read it, since room was made for others. */
static void
a_piece_that_came_and_went_is_asked_for_once_more_and_then_again_by_who_looks(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	move_to_store(&r);
	for (int times = 1; times <= 2; times++) {
		r.wants_len = 0;
		begin_to_see(&r, 3);
		for (int i = 0; i < times; i++) {
			CHECK(waits(&r) && answer_last(&r, OBJECTS_DONE));
			CHECK(rename(place(&r, "fetched/", FIRST + 3),
				     place(&r, "away-", FIRST + 3)) == 0);
			CHECK(hear_store(&r));
		}
		if (times == 1) {
			CHECK(waits(&r) && answer_last(&r, OBJECTS_DONE) && hear_store(&r));
			CHECK(!waits(&r) && shows(&r, 3));
			CHECK(rename(place(&r, "fetched/", FIRST + 3),
				     place(&r, "away-", FIRST + 3)) == 0);
		} else {
			CHECK(!waits(&r));
			assert_int_equal(r.x.response.status, 503);
		}
		end_download(&r);
	}
	close_rig(&r);
}

static void a_piece_that_the_store_has_not_is_not_found(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	move_to_store(&r);
	begin_to_see(&r, 3);
	CHECK(waits(&r) && answer_last(&r, OBJECTS_ABSENT) && hear_store(&r));
	assert_int_equal(r.x.response.status, 404);
	end_download(&r);
	close_rig(&r);
}

/* As pvl-objects takes files away: at any moment. */
struct mover {
	char here[128], away[128];
	atomic_bool stop;
	int moves;
};

static void *move_about(void *owner)
{
	struct mover *m = owner;
	while (!atomic_load(&m->stop)) {
		if (rename(m->here, m->away) != 0 || usleep(30) != 0 ||
		    rename(m->away, m->here) != 0 || usleep(30) != 0)
			abort();
		m->moves++;
	}
	return NULL;
}

static void a_piece_that_goes_while_it_is_looked_for_is_shown_or_waited_for(void **state)
{
	enum {
		LOOKS = 300,
	};
	(void)state;
	struct rig r;
	static struct mover mover;
	pthread_t thread;
	int shown = 0, waited = 0;
	open_rig(&r);
	move_to_store(&r);
	CHECK(rename(place(&r, "away-", FIRST + 3), place(&r, "", FIRST + 3)) == 0);
	snprintf(mover.here, sizeof mover.here, "%s", place(&r, "", FIRST + 3));
	snprintf(mover.away, sizeof mover.away, "%s", place(&r, "away-", FIRST + 3));
	CHECK(pthread_create(&thread, NULL, move_about, &mover) == 0);
	for (int i = 0; i < LOOKS; i++) {
		begin_to_see(&r, 3);
		bool waiting = waits(&r);
		shown += shows(&r, 3);
		waited += waiting;
		CHECK(waiting || shows(&r, 3));
		read_wants(&r);
		end_download(&r);
	}
	atomic_store(&mover.stop, true);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(mover.moves > 0 && shown > 0 && waited > 0);
	close_rig(&r);
}

/* Who once had the key of a piece could seal another sound with it. */
static void a_piece_that_was_sealed_anew_with_its_own_key_is_not_shown(void **state)
{
	(void)state;
	struct rig r;
	uint8_t hash[RECORD_HASH_LEN];
	open_rig(&r);
	memcpy(hash, r.notes[PIECES + 3].hash, sizeof hash);
	begin_to_see(&r, 3);
	CHECK(shows(&r, 3));
	end_download(&r);
	write_piece(&r, 3); /* the same sound, under a new key that the test gives along */
	CHECK(memcmp(hash, r.notes[PIECES + 3].hash, sizeof hash) != 0);
	begin_to_see(&r, 3);
	CHECK(r.x.response.status != 200 && !shows(&r, 3));
	end_download(&r);
	close_rig(&r);
}

/* Who inspects takes it along; that they did stands in the log. */
static void the_register_of_what_was_handed_out_is_a_file(void **state)
{
	(void)state;
	static const char HEAD[] = "id,prison,visit,recipient,reason,handed_out_at,";
	struct rig r;
	open_rig(&r);
	sign_in(&r.s, GOVERNOR);
	struct answer a = ask(&r.s, "/staff/recordings", NULL);
	CHECK(says(&a, "href=\"/staff/recordings/disclosures\""));
	int64_t leaves = estate_leaves(&r.s.estate);
	a = ask(&r.s, "/staff/recordings/disclosures", NULL);
	CHECK(a.status == 200 && says(&a, "href=\"/staff/recordings/disclosures.csv\""));
	CHECK(says(&a, "Recording of a visit") && says(&a, "The coroner, Ms Green"));
	assert_int_equal(estate_leaves(&r.s.estate), leaves + 1);
	a = ask(&r.s, "/staff/recordings/disclosures.csv", NULL);
	CHECK(a.status == 200 && strncmp(a.html, HEAD, strlen(HEAD)) == 0);
	CHECK(says(&a, r.export) && says(&a, r.visit.reference.text));
	CHECK(says(&a, "\"The coroner, Ms Green\"") && says(&a, "\"An incident was reported.\""));
	assert_int_equal(estate_leaves(&r.s.estate), leaves + 2);
	sign_in(&r.s, "inspector@hq.example");
	a = ask(&r.s, "/staff/recordings/disclosures.csv", NULL);
	CHECK(a.status == 200 && says(&a, "disclosures.csv?prison=WWI") && !says(&a, HEAD));
	a = ask(&r.s, "/staff/recordings/disclosures.csv?prison=WWI", NULL);
	CHECK(a.status == 200 && says(&a, "The coroner"));
	a = ask(&r.s, "/staff/recordings/disclosures.csv?prison=LEI", NULL);
	CHECK(a.status == 200 && says(&a, HEAD) && !says(&a, "The coroner"));
	sign_in(&r.s, MONITOR);
	CHECK(ask(&r.s, "/staff/recordings/disclosures.csv", NULL).status == 403);
	CHECK(ask(&r.s, "/staff/recordings/disclosures", NULL).status == 403);
	close_rig(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_register_of_what_was_handed_out_is_a_file),
		TEST(two_copies_of_a_recording_are_the_same_bytes_with_all_of_its_sound),
		TEST(pieces_that_come_back_in_any_order_are_all_waited_for),
		TEST(a_piece_that_the_store_has_not_is_counted_and_no_other_is_missing),
		TEST(what_goes_to_the_store_while_a_copy_is_sent_is_not_missing),
		TEST(without_pvl_objects_nothing_is_handed_out_that_lacks_a_piece),
		TEST(a_piece_comes_back_from_the_store_to_be_seen),
		TEST(a_piece_that_came_and_went_is_asked_for_once_more_and_then_again_by_who_looks),
		TEST(a_piece_that_the_store_has_not_is_not_found),
		TEST(a_piece_that_goes_while_it_is_looked_for_is_shown_or_waited_for),
		TEST(a_piece_that_was_sealed_anew_with_its_own_key_is_not_shown),
	};
	return RUN("web/handing_out", tests);
}
