#include "recording/recorder.h"

#include "../check.h"
#include "base/assert.h"
#include "recording/webm.h"

enum {
	FILES_MAX = 16,
	NOTES_MAX = 64,
	SOUND_MS = 20,
	PICTURE_MS = 40,
};

/* The disk and pvl-web of a test. */
struct world {
	uint8_t public[32], secret[32];
	struct recorder *recorder;
	struct random random;
	size_t files_len;
	int64_t segments[FILES_MAX];
	struct buf files[FILES_MAX];
	size_t by_track[8];
	bool full;
	size_t notes_len;
	struct record_note notes[NOTES_MAX];
	uint32_t stream;
	uint64_t sound_seq, picture_seq;
	size_t writes, uneven; /* to files; of those that did not end with a block */
};

static enum err create(void *owner, size_t track, int64_t segment)
{
	struct world *w = owner;
	if (w->full || w->files_len == FILES_MAX)
		return ERR_SYS;
	w->segments[w->files_len] = segment;
	w->files[w->files_len] = buf_of(1 << 20);
	w->by_track[track] = w->files_len++;
	return OK;
}

static enum err append(void *owner, size_t track, struct bytes bytes)
{
	struct world *w = owner;
	if (w->full)
		return ERR_SYS;
	struct buf *file = &w->files[w->by_track[track]];
	buf_put(file, bytes.at, bytes.len);
	w->writes++;
	w->uneven += file->len % RECORDER_BLOCK_BYTES != 0;
	return OK;
}

static void close_file(void *owner, size_t track)
{
	(void)owner;
	(void)track;
}

static void note(void *owner, const struct record_note *n)
{
	struct world *w = owner;
	assert_true(w->notes_len < NOTES_MAX);
	w->notes[w->notes_len++] = *n;
}

static int begin(void **state)
{
	static struct world world;
	world = (struct world){ .random = random_seeded(7), .sound_seq = 100, .picture_seq = 500 };
	struct recorder_config config = { .sink = { .owner = &world,
						    .create = create,
						    .write = append,
						    .close = close_file,
						    .note = note },
					  .random = &world.random,
					  .means = { SEALED_AES_256_GCM, SEALED_SHA_256 } };
	assert_false(sodium_init() < 0);
	assert_int_equal(crypto_box_keypair(world.public, world.secret), 0);
	memcpy(config.public_key, world.public, sizeof world.public);
	world.recorder = recorder_new(&config);
	recorder_set_epoch(world.recorder, 1000000);
	*state = &world;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;
	recorder_free(w->recorder);
	for (size_t i = 0; i < w->files_len; i++)
		buf_clear(&w->files[i]);
	return 0;
}

static struct mono at_ms(int64_t ms)
{
	return (struct mono){ 1000000 + ms * 1000 };
}

static void say(struct world *w, int64_t ms)
{
	struct record_packet p = { .visit = { 77 },
				   .end = 1,
				   .codec = CODEC_OPUS,
				   .stream = w->stream,
				   .seq = w->sound_seq++,
				   .timestamp = (uint32_t)(ms * 48),
				   .at = at_ms(ms),
				   .payload = bytes_from_text("sound") };
	recorder_packet(w->recorder, &p);
}

/* RFC 7741: a descriptor of one byte, then the frame; a key frame of 320 x 180. */
static const uint8_t key_frame[] = { 0x10, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 180, 0, 'K' };
static const uint8_t delta_frame[] = { 0x10, 0x11, 0, 0, 'D' };

static struct record_packet picture(struct world *w, int64_t ms, bool key)
{
	return (struct record_packet){
		.visit = { 77 },
		.end = 1,
		.codec = CODEC_VP8,
		.key = key,
		.marker = true,
		.stream = w->stream,
		.seq = w->picture_seq++,
		.timestamp = (uint32_t)(ms * 90),
		.at = at_ms(ms),
		.payload = key ? bytes_of(key_frame, sizeof key_frame)
			       : bytes_of(delta_frame, sizeof delta_frame),
	};
}

static void show(struct world *w, int64_t ms, bool key)
{
	struct record_packet p = picture(w, ms, key);
	recorder_packet(w->recorder, &p);
}

/* Of that type, the nth; an empty one if there is none. */
static const struct record_note *find_note(const struct world *w, enum record_type type, size_t nth)
{
	static const struct record_note none;
	for (size_t i = 0; i < w->notes_len; i++)
		if (w->notes[i].type == type && nth-- == 0)
			return &w->notes[i];
	return &none;
}

static size_t count(const struct world *w, enum record_type type)
{
	size_t n = 0;
	for (size_t i = 0; i < w->notes_len; i++)
		n += w->notes[i].type == type;
	return n;
}

/* The file in the clear, by the key in the note that told of it. */
static struct buf read_file(const struct world *w, size_t nth, bool *whole)
{
	uint8_t key[SEALED_KEY_LEN];
	struct buf out = buf_of(1 << 20);
	const struct record_note *began = find_note(w, RECORD_BEGAN, nth);
	struct sealed_name name = { .visit = began->visit,
				    .segment = began->segment,
				    .end = began->end };
	assert_int_equal(sealed_key_open(began->key, w->public, w->secret, &name, key), OK);
	for (size_t i = 0; i < w->files_len; i++)
		if (w->segments[i] == began->segment)
			assert_int_equal(
			    sealed_read(buf_bytes(&w->files[i]), key, &name, whole, &out), OK);
	return out;
}

static size_t occurrences(const struct buf *in, const void *what, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i + len <= in->len; i++)
		n += memcmp(in->at + i, what, len) == 0;
	return n;
}

static void sound_is_cut_into_segments_of_a_minute_without_a_gap(void **state)
{
	struct world *w = *state;
	bool whole = false;
	for (int64_t ms = 0; ms < 130000; ms += SOUND_MS)
		say(w, ms);
	recorder_stop(w->recorder, at_ms(130000));
	assert_int_equal(count(w, RECORD_BEGAN), 3);
	assert_int_equal(count(w, RECORD_ENDED), 3);
	int64_t frames = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct record_note *began = find_note(w, RECORD_BEGAN, i);
		const struct record_note *ended = find_note(w, RECORD_ENDED, i);
		CHECK(began->segment == ended->segment && ended->cause == RECORD_WHOLE);
		CHECK(began->at_ms == 1000000 + 1000 + (int64_t)i * 60000);
		CHECK(began->codec == CODEC_OPUS && began->visit.n == 77 && began->end == 1);
		CHECK(ended->ms == (i < 2 ? 59980u : 9980u));
		struct buf plain = read_file(w, i, &whole);
		CHECK(whole && occurrences(&plain, "OpusHead", 8) == 1);
		frames += (int64_t)occurrences(&plain, "sound", 5);
		uint8_t hash[32];
		struct bytes file = buf_bytes(&w->files[i]);
		crypto_hash_sha256(hash, file.at, file.len);
		CHECK(memcmp(hash, ended->hash, 32) == 0 && ended->bytes == w->files[i].len);
		CHECK(occurrences(&w->files[i], "sound", 5) == 0);
		buf_clear(&plain);
	}
	assert_int_equal(frames, 130000 / SOUND_MS);
}

static void a_picture_begins_with_a_key_frame_and_so_does_each_segment(void **state)
{
	struct world *w = *state;
	bool whole;
	for (int64_t ms = 0; ms < 100000; ms += PICTURE_MS)
		show(w, ms, ms == 400 || ms == 10000 || ms == 60000);
	recorder_stop(w->recorder, at_ms(100000));
	assert_int_equal(count(w, RECORD_BEGAN), 2);
	CHECK(find_note(w, RECORD_BEGAN, 0)->at_ms == 1001400);
	CHECK(find_note(w, RECORD_BEGAN, 1)->at_ms == 1061000);
	CHECK(find_note(w, RECORD_ENDED, 0)->ms == 59560);
	struct buf plain = read_file(w, 0, &whole);
	CHECK(occurrences(&plain, "V_VP8", 5) == 1);
	CHECK(occurrences(&plain, key_frame + 1, sizeof key_frame - 1) == 2);
	/* Width and height in the head (RFC 9559 section 5.1.4.1.28). */
	CHECK(occurrences(&plain, "\xb0\x10\0\0\2\1\x40\xba\x10\0\0\1\xb4", 13) == 1);
	buf_clear(&plain);
}

static void packets_out_of_order_are_put_in_order(void **state)
{
	struct world *w = *state;
	bool whole;
	show(w, 0, true);
	struct record_packet second = picture(w, 40, false), third = picture(w, 80, false);
	static const uint8_t other[] = { 0x10, 0x11, 0, 0, 'E' };
	third.payload = bytes_of(other, sizeof other);
	recorder_packet(w->recorder, &third);
	recorder_packet(w->recorder, &second);
	recorder_stop(w->recorder, at_ms(100));
	struct buf plain = read_file(w, 0, &whole);
	const uint8_t *d = memmem(plain.at, plain.len, delta_frame + 1, sizeof delta_frame - 1);
	const uint8_t *e = memmem(plain.at, plain.len, other + 1, sizeof other - 1);
	CHECK(d != NULL && e != NULL && d < e);
	buf_clear(&plain);
}

/* A page that was loaded anew numbers its packets from anywhere: higher, lower, or nearly the same. */
static void whoever_comes_anew_is_recorded_at_once(void **state)
{
	struct world *w = *state;
	static const uint64_t begins[] = { 30000, 20000, 19990, 40000 };
	bool whole;
	int64_t ms = 0;
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		w->stream++;
		w->sound_seq = w->picture_seq = begins[i];
		for (int64_t until = ms + 4000; ms < until; ms += PICTURE_MS) {
			say(w, ms);
			show(w, ms, ms == until - 4000);
		}
	}
	recorder_stop(w->recorder, at_ms(ms));
	assert_int_equal(count(w, RECORD_BEGAN), 2);
	struct buf sound = read_file(w, 0, &whole), pictures = read_file(w, 1, &whole);
	CHECK(occurrences(&sound, "sound", 5) == 400);
	CHECK(occurrences(&pictures, key_frame + 1, sizeof key_frame - 1) == 4);
	CHECK(occurrences(&pictures, delta_frame + 1, sizeof delta_frame - 1) == 396);
	CHECK(find_note(w, RECORD_ENDED, 1)->ms == 15960);
	buf_clear(&sound);
	buf_clear(&pictures);
}

/* Of what waits nothing is left when the disk is full or the recorder killed. */
static void a_key_frame_is_written_at_once_whatever_lacks_before_it(void **state)
{
	struct world *w = *state;
	bool whole;
	show(w, 0, true);
	for (int64_t ms = PICTURE_MS; ms < 2000; ms += PICTURE_MS) {
		if (ms % 400 == 0)
			(void)picture(w, ms, false); /* lost, as when pvl-media is behind */
		show(w, ms, ms % 400 == 80);
	}
	recorder_stop(w->recorder, at_ms(2000));
	struct buf plain = read_file(w, 0, &whole);
	CHECK(occurrences(&plain, key_frame + 1, sizeof key_frame - 1) == 1 + 5);
	CHECK(occurrences(&plain, delta_frame + 1, sizeof delta_frame - 1) == 49 - 5 - 2 * 4);
	buf_clear(&plain);
}

/* Its first packet alone was late: those behind it wait, and are of it. */
static void a_key_frame_whose_beginning_comes_late_is_whole(void **state)
{
	struct world *w = *state;
	bool whole;
	show(w, 0, true);
	(void)picture(w, 40, false); /* lost */
	struct record_packet key = picture(w, 80, true);
	for (int64_t ms = 120; ms < 400; ms += PICTURE_MS)
		show(w, ms, false);
	key.at = at_ms(400);
	recorder_packet(w->recorder, &key);
	recorder_stop(w->recorder, at_ms(440));
	struct buf plain = read_file(w, 0, &whole);
	CHECK(occurrences(&plain, key_frame + 1, sizeof key_frame - 1) == 2);
	CHECK(occurrences(&plain, delta_frame + 1, sizeof delta_frame - 1) == 7);
	buf_clear(&plain);
}

static void what_never_comes_costs_the_picture_up_to_the_next_key_frame(void **state)
{
	struct world *w = *state;
	bool whole;
	show(w, 0, true);
	(void)picture(w, 40, false); /* lost */
	for (int64_t ms = 80; ms < 4000; ms += PICTURE_MS)
		show(w, ms, ms == 3000);
	recorder_stop(w->recorder, at_ms(4000));
	struct buf plain = read_file(w, 0, &whole);
	CHECK(occurrences(&plain, key_frame + 1, sizeof key_frame - 1) == 2);
	CHECK(occurrences(&plain, delta_frame + 1, sizeof delta_frame - 1) == 24);
	buf_clear(&plain);
}

static void a_full_disk_is_a_gap_that_is_told_and_ends_when_there_is_room(void **state)
{
	struct world *w = *state;
	for (int64_t ms = 0; ms < 30000; ms += SOUND_MS) {
		w->full = ms >= 10000 && ms < 18000;
		say(w, ms);
	}
	recorder_stop(w->recorder, at_ms(30000));
	assert_int_equal(count(w, RECORD_BEGAN), 2);
	CHECK(find_note(w, RECORD_ENDED, 0)->cause == RECORD_DISK);
	CHECK(find_note(w, RECORD_LOST, 0)->cause == RECORD_DISK);
	CHECK(find_note(w, RECORD_BEGAN, 1)->at_ms <
	      1000000 + 1000 + 18000 + 2 * RECORDER_PAUSE_MS);
	CHECK(find_note(w, RECORD_ENDED, 1)->cause == RECORD_WHOLE);
	/* What was written before is whole up to there. */
	bool whole;
	struct buf plain = read_file(w, 0, &whole);
	CHECK(!whole &&
	      occurrences(&plain, "sound", 5) >= (10000 - RECORDER_FLUSH_MS) / SOUND_MS - 1);
	buf_clear(&plain);
}

static void a_killed_recorder_loses_a_second(void **state)
{
	struct world *w = *state;
	bool whole;
	for (int64_t ms = 0; ms < 10000; ms += SOUND_MS)
		say(w, ms);
	struct buf plain = read_file(w, 0, &whole);
	CHECK(!whole &&
	      occurrences(&plain, "sound", 5) >= (10000 - RECORDER_FLUSH_MS) / SOUND_MS - 1);
	buf_clear(&plain);
}

/* Its sound goes on at once; that the picture does not is told until it does. */
static void after_a_full_disk_a_picture_lacks_until_the_next_key_frame(void **state)
{
	struct world *w = *state;
	for (int64_t ms = 0; ms < 30000; ms += PICTURE_MS) {
		w->full = ms >= 5000 && ms < 9000;
		show(w, ms, ms == 0 || ms == 24000);
		if (ms == 9000) /* it was refused, and its pause has not ended */
			assert_int_equal(count(w, RECORD_LOST), 1);
	}
	recorder_stop(w->recorder, at_ms(30000));
	assert_int_equal(count(w, RECORD_BEGAN), 2);
	int64_t refused = find_note(w, RECORD_LOST, 0)->at_ms;
	for (size_t i = 1; i < count(w, RECORD_LOST); i++) {
		const struct record_note *lost = find_note(w, RECORD_LOST, i);
		CHECK(lost->cause == RECORD_DISK);
		CHECK(lost->at_ms - refused - (int64_t)i * RECORDER_PAUSE_MS <
		      2 * PICTURE_MS * (int64_t)i);
	}
	assert_int_equal(count(w, RECORD_LOST), 4);
	CHECK(find_note(w, RECORD_BEGAN, 1)->at_ms > find_note(w, RECORD_LOST, 3)->at_ms);
}

static void show_much(struct world *w, int64_t ms, bool key)
{
	static uint8_t much[20000];
	struct record_packet p = picture(w, ms, key);
	memset(much, 'm', sizeof much);
	memcpy(much, p.payload.at, p.payload.len);
	p.payload = bytes_of(much, sizeof much);
	recorder_packet(w->recorder, &p);
}

/* Whole ones, by the reader of webm.h. */
static size_t frames_of(const struct buf *plain)
{
	struct webm_piece piece;
	struct bytes blocks;
	int64_t at_ms;
	size_t bytes = 0;
	assert_int_equal(webm_piece_open(buf_bytes(plain), &piece), OK);
	while (webm_piece_next(&piece, &at_ms, &blocks))
		bytes += blocks.len;
	return bytes / 20000;
}

/* A killed one may have cut a frame in two: that one is left out, and those before are whole. */
static void much_is_written_in_whole_blocks_of_the_file(void **state)
{
	struct world *w = *state;
	bool whole;
	for (int64_t ms = 0; ms < 1000; ms += PICTURE_MS)
		show_much(w, ms, ms == 0);
	CHECK(w->writes == 1 + 25 * 20000 / RECORDER_BLOCK_BYTES && w->uneven == 1); /* the head */
	struct buf cut = read_file(w, 0, &whole);
	CHECK(!whole && frames_of(&cut) == w->files[0].len / 20000);
	recorder_stop(w->recorder, at_ms(1000));
	struct buf all = read_file(w, 0, &whole);
	CHECK(whole && frames_of(&all) == 25);
	CHECK(memcmp(all.at, cut.at, cut.len) == 0);
	buf_clear(&cut);
	buf_clear(&all);
}

static void silence_ends_a_segment_and_what_comes_later_is_another(void **state)
{
	struct world *w = *state;
	say(w, 0);
	recorder_tick(w->recorder, at_ms(RECORDER_IDLE_MS - 100));
	assert_int_equal(recorder_open_segments(w->recorder), 1);
	recorder_tick(w->recorder, at_ms(RECORDER_IDLE_MS + 100));
	assert_int_equal(recorder_open_segments(w->recorder), 0);
	say(w, 20000);
	assert_int_equal(count(w, RECORD_BEGAN), 2);
	CHECK(find_note(w, RECORD_BEGAN, 1)->at_ms == 1000000 + 1000 + 20000);
}

static void
another_codec_is_another_segment_and_one_that_cannot_be_written_is_told_once(void **state)
{
	struct world *w = *state;
	show(w, 0, true);
	for (int64_t ms = 40; ms < 400; ms += PICTURE_MS) {
		struct record_packet p = picture(w, ms, false);
		p.codec = CODEC_AV1;
		recorder_packet(w->recorder, &p);
	}
	assert_int_equal(count(w, RECORD_ENDED), 1);
	assert_int_equal(count(w, RECORD_LOST), 1);
	CHECK(find_note(w, RECORD_LOST, 0)->cause == RECORD_CODEC);
}

static void lost_packets_are_told_of_every_visit_that_is_recorded(void **state)
{
	struct world *w = *state;
	say(w, 0);
	recorder_lost(w->recorder, 3, at_ms(10));
	recorder_lost(w->recorder, 3, at_ms(20));
	assert_int_equal(count(w, RECORD_LOST), 1);
	CHECK(find_note(w, RECORD_LOST, 0)->cause == RECORD_BEHIND);
}

static void a_wavering_line_does_not_make_the_timeline_waver(void **state)
{
	struct world *w = *state;
	for (int64_t i = 0; i < 200; i++) {
		struct record_packet p = { .visit = { 77 },
					   .end = 1,
					   .codec = CODEC_OPUS,
					   .seq = (uint64_t)i,
					   .timestamp = (uint32_t)(i * SOUND_MS * 48),
					   .at = at_ms(i * SOUND_MS + (i % 7) * 15),
					   .payload = bytes_from_text("sound") };
		recorder_packet(w->recorder, &p);
	}
	recorder_stop(w->recorder, at_ms(5000));
	CHECK(find_note(w, RECORD_ENDED, 0)->ms == 199 * SOUND_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    sound_is_cut_into_segments_of_a_minute_without_a_gap, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_picture_begins_with_a_key_frame_and_so_does_each_segment, begin, end),
		cmocka_unit_test_setup_teardown(packets_out_of_order_are_put_in_order, begin, end),
		cmocka_unit_test_setup_teardown(
		    what_never_comes_costs_the_picture_up_to_the_next_key_frame, begin, end),
		cmocka_unit_test_setup_teardown(whoever_comes_anew_is_recorded_at_once, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_key_frame_is_written_at_once_whatever_lacks_before_it, begin, end),
		cmocka_unit_test_setup_teardown(a_key_frame_whose_beginning_comes_late_is_whole,
						begin, end),
		cmocka_unit_test_setup_teardown(
		    a_full_disk_is_a_gap_that_is_told_and_ends_when_there_is_room, begin, end),
		cmocka_unit_test_setup_teardown(
		    after_a_full_disk_a_picture_lacks_until_the_next_key_frame, begin, end),
		cmocka_unit_test_setup_teardown(a_killed_recorder_loses_a_second, begin, end),
		cmocka_unit_test_setup_teardown(much_is_written_in_whole_blocks_of_the_file, begin,
						end),
		cmocka_unit_test_setup_teardown(
		    silence_ends_a_segment_and_what_comes_later_is_another, begin, end),
		cmocka_unit_test_setup_teardown(
		    another_codec_is_another_segment_and_one_that_cannot_be_written_is_told_once,
		    begin, end),
		cmocka_unit_test_setup_teardown(
		    lost_packets_are_told_of_every_visit_that_is_recorded, begin, end),
		cmocka_unit_test_setup_teardown(a_wavering_line_does_not_make_the_timeline_waver,
						begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
