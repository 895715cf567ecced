/*
 * test_record.c - what of a visit goes to pvl-record and to pvl-hints, and what never does.
 */
#include "../unit/check.h"
#include "ipc/record.h"
#include "rtc/core.h"
#include "rtc/visit.h"
#include "world.h"

enum {
	ALL_ENDS = 0xff,
	STEP_MS = 50,
};

/* What pvl-record got. */
struct heard {
	size_t batches;
	uint32_t lost; /* as told with them */
	size_t sound[MEDIA_ENDS_MAX];
	size_t picture[MEDIA_ENDS_MAX];
	size_t keys[MEDIA_ENDS_MAX];
	bool key_first[MEDIA_ENDS_MAX];
	uint64_t newest[MEDIA_ENDS_MAX]; /* of sound */
	uint32_t stream[MEDIA_ENDS_MAX]; /* of the last packet */
	size_t streams[MEDIA_ENDS_MAX];
	bool in_order;
};

static struct core *world_core(struct world *world)
{
	return (struct core *)(void *)world->rtc;
}

static struct world *meet(uint64_t seed, enum media_visit_kind kind)
{
	struct world *world = world_new(seed, kind, 3600);
	CHECK(world_connect(world, world_join(world, 0, MEDIA_PRISONER, 2)));
	CHECK(world_connect(world, world_join(world, 1, MEDIA_VISITOR, 2)));
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
	return world;
}

static void record(struct world *world, uint8_t sound, uint8_t picture)
{
	world->routes.recorded_sound = sound;
	world->routes.recorded_picture = picture;
	world->routes.epoch++;
	world_control(world,
		      &(struct media_message){ .type = MEDIA_ROUTES, .routes = world->routes });
}

static void let_look(struct world *world, uint8_t picture)
{
	world->routes.hinted_picture = picture;
	record(world, 0, 0);
}

static void take(struct heard *heard, const struct world *world, const struct record_packet *p)
{
	assert_int_equal(p->visit.n, world->visit.n);
	CHECK(p->end < MEDIA_ENDS_MAX && p->at.us <= world->now.us);
	heard->streams[p->end] += heard->streams[p->end] == 0 || heard->stream[p->end] != p->stream;
	heard->stream[p->end] = p->stream;
	if (!codec_is_video(p->codec)) {
		assert_int_equal(p->codec, CODEC_OPUS);
		heard->in_order = heard->in_order &&
				  (heard->sound[p->end] == 0 || p->seq > heard->newest[p->end]);
		heard->newest[p->end] = p->seq;
		heard->sound[p->end]++;
		return;
	}
	if (heard->picture[p->end] == 0)
		heard->key_first[p->end] = p->key;
	heard->keys[p->end] += p->key;
	heard->picture[p->end]++;
}

static struct bytes (*batch_of)(struct rtc *, struct mono) = rtc_recorded;
static void (*batch_taken)(struct rtc *, bool) = rtc_recorded_taken;

static void run(struct world *world, struct heard *heard, int64_t ms)
{
	for (int64_t done = 0; done < ms; done += STEP_MS) {
		struct record_packet packet;
		struct reader packets;
		uint32_t lost;
		world_run(world, STEP_MS);
		struct bytes batch = batch_of(world->rtc, world->now);
		if (batch.len == 0)
			continue;
		CHECK(record_batch_read(batch, &packets, &lost) == OK);
		heard->batches++;
		heard->lost += lost;
		while (record_packet_next(&packets, &packet) == OK)
			take(heard, world, &packet);
		batch_taken(world->rtc, true);
	}
}

/* From here on run() hears what pvl-hints gets. */
static int hear_hints(void **state)
{
	(void)state;
	batch_of = rtc_hinted;
	batch_taken = rtc_hinted_taken;
	return 0;
}

static int hear_recorder(void **state)
{
	(void)state;
	batch_of = rtc_recorded;
	batch_taken = rtc_recorded_taken;
	return 0;
}

static void both_sides_are_recorded_from_a_key_frame_on(void **state)
{
	(void)state;
	struct world *world = meet(31, MEDIA_SOCIAL);
	struct heard heard = { .in_order = true };
	run(world, &heard, 2000);
	assert_int_equal(heard.batches, 0);
	record(world, 3, 3);
	run(world, &heard, 10000);
	for (size_t end = 0; end < 2; end++) {
		CHECK(heard.sound[end] > 480 && heard.picture[end] > 300);
		CHECK(heard.keys[end] >= 1);
	}
	CHECK(heard.in_order && heard.lost == 0);
	CHECK(heard.batches < 60); /* not one for each packet */
	/* The two of them notice nothing. */
	CHECK(shown_frames(&world->clients[0].shown[1]) > 160);
	world_free(world);
}

static void each_minute_brings_a_key_frame_with_which_a_segment_may_begin(void **state)
{
	(void)state;
	struct world *world = meet(32, MEDIA_SOCIAL);
	struct heard heard = { 0 }, later = { 0 };
	record(world, 3, 3);
	run(world, &heard, 5000);
	for (int minute = 0; minute < 3; minute++) {
		later = (struct heard){ 0 };
		run(world, &later, 60000);
		CHECK(later.keys[0] >= 1 && later.keys[0] <= 2);
		CHECK(later.keys[1] >= 1 && later.keys[1] <= 2);
	}
	/* pvl-record came anew: pvl-web sends the routes again. */
	later = (struct heard){ 0 };
	record(world, 3, 3);
	run(world, &later, 1000);
	CHECK(later.keys[0] == 1 && later.keys[1] == 1);
	world_free(world);
}

/* What counts its packets from anywhere says so, and begins with a key frame. */
static void whoever_loads_the_page_anew_is_another_stream(void **state)
{
	(void)state;
	struct world *world = meet(39, MEDIA_SOCIAL);
	struct heard heard = { 0 }, after = { 0 };
	record(world, 3, 3);
	run(world, &heard, 3000);
	CHECK(heard.streams[0] == 1 && heard.streams[1] == 1);
	CHECK(world_connect(world, world_join(world, 1, MEDIA_VISITOR, 2)));
	run(world, &heard, 500); /* what waited */
	run(world, &after, 3000);
	CHECK(heard.streams[0] == 1 && heard.streams[1] == 2);
	CHECK(after.streams[1] == 1 && after.stream[1] == heard.stream[1]);
	CHECK(after.sound[1] > 100 && after.picture[1] > 50);
	world_free(world);
}

static void sound_and_picture_and_each_end_are_chosen_for_themselves(void **state)
{
	(void)state;
	struct world *world = meet(33, MEDIA_SOCIAL);
	struct heard heard = { 0 }, after = { 0 };
	record(world, 1, 2);
	run(world, &heard, 3000);
	CHECK(heard.sound[0] > 100 && heard.sound[1] == 0);
	CHECK(heard.picture[0] == 0 && heard.picture[1] > 50);
	record(world, 0, 0);
	run(world, &heard, 500); /* what waited */
	run(world, &after, 3000);
	assert_int_equal(after.batches, 0);
	world_free(world);
}

static void of_a_legal_visit_nothing_is_recorded_whatever_the_routes_say(void **state)
{
	(void)state;
	struct world *world = meet(34, MEDIA_LEGAL);
	struct heard heard = { 0 };
	record(world, ALL_ENDS, ALL_ENDS);
	run(world, &heard, 3000);
	/* Opening the visit again as a social one changes nothing. */
	world_control(world, &(struct media_message){ .type = MEDIA_VISIT_OPEN,
						      .visit = { .visit = world->visit,
								 .kind = MEDIA_SOCIAL,
								 .lifetime_s = 3600 } });
	record(world, ALL_ENDS, ALL_ENDS);
	run(world, &heard, 3000);
	assert_int_equal(heard.batches, 0);
	assert_int_equal(world_core(world)->recorded.batch.len, RECORD_BATCH_HEAD);
	CHECK(world->clients[0].shown[0].count > 200); /* it goes on */
	/* Nothing but its kind has kept it away. */
	world_core(world)->visits[0].open.kind = MEDIA_SOCIAL;
	record(world, ALL_ENDS, ALL_ENDS);
	run(world, &heard, 3000);
	CHECK(heard.sound[0] > 100 && heard.picture[1] > 50);
	world_free(world);
}

static void who_watches_is_not_recorded(void **state)
{
	(void)state;
	struct world *world = meet(35, MEDIA_SOCIAL);
	struct heard heard = { 0 };
	world->monitors_send = true;
	CHECK(world_connect(world, world_join(world, 7, MEDIA_MONITOR, 2)));
	record(world, ALL_ENDS, ALL_ENDS);
	run(world, &heard, 3000);
	CHECK(world->second.ends[7].audio_in && heard.sound[0] > 100);
	CHECK(heard.sound[7] == 0 && heard.picture[7] == 0);
	world_free(world);
}

static void what_found_no_room_is_told_with_the_next_batch_and_delays_nobody(void **state)
{
	(void)state;
	struct world *world = meet(36, MEDIA_SOCIAL);
	struct heard heard = { 0 };
	record(world, 3, 3);
	run(world, &heard, 1000);
	size_t shown = world->clients[0].shown[0].count;
	for (int i = 0; i < 40; i++) { /* pvl-record does not keep up */
		world_run(world, STEP_MS);
		if (rtc_recorded(world->rtc, world->now).len > 0)
			rtc_recorded_taken(world->rtc, false);
	}
	CHECK(world->clients[0].shown[0].count >= shown + 95);
	heard = (struct heard){ 0 };
	run(world, &heard, 1000);
	CHECK(heard.lost > 150 && heard.sound[0] > 40);
	/* And a driver that never asks fills one batch, no more. */
	world_run(world, 20000);
	CHECK(world_core(world)->recorded.batch.len <= RECORD_BATCH_MAX);
	heard = (struct heard){ 0 };
	run(world, &heard, 1000);
	CHECK(heard.lost > 1000);
	world_free(world);
}

static void a_machine_gets_key_frames_alone_four_a_minute(void **state)
{
	(void)state;
	struct world *world = meet(37, MEDIA_SOCIAL);
	struct heard heard = { 0 };
	run(world, &heard, 2000);
	assert_int_equal(heard.batches, 0);
	let_look(world, 3);
	run(world, &heard, 61000);
	for (size_t end = 0; end < 2; end++) {
		CHECK(heard.sound[end] == 0);
		CHECK(heard.key_first[end] && heard.keys[end] >= 4 && heard.keys[end] <= 7);
		/* Of some eighteen hundred frames. */
		CHECK(heard.picture[end] <= 40 * heard.keys[end]);
	}
	assert_int_equal(world_core(world)->recorded.batch.len, RECORD_BATCH_HEAD);
	CHECK(world->clients[0].shown[0].count > 2500); /* it goes on */
	heard = (struct heard){ 0 };
	let_look(world, 0);
	run(world, &heard, 500);
	heard = (struct heard){ 0 };
	run(world, &heard, 20000);
	assert_int_equal(heard.batches, 0);
	world_free(world);
}

static void of_a_legal_visit_a_machine_gets_nothing_whatever_the_routes_say(void **state)
{
	(void)state;
	struct world *world = meet(38, MEDIA_LEGAL);
	struct heard heard = { 0 };
	let_look(world, ALL_ENDS);
	run(world, &heard, 20000);
	world_control(world, &(struct media_message){ .type = MEDIA_VISIT_OPEN,
						      .visit = { .visit = world->visit,
								 .kind = MEDIA_SOCIAL,
								 .lifetime_s = 3600 } });
	let_look(world, ALL_ENDS);
	run(world, &heard, 20000);
	assert_int_equal(heard.batches, 0);
	assert_int_equal(world_core(world)->hinted.batch.len, RECORD_BATCH_HEAD);
	/* Nothing but its kind has kept it away. */
	world_core(world)->visits[0].open.kind = MEDIA_SOCIAL;
	let_look(world, ALL_ENDS);
	run(world, &heard, 20000);
	CHECK(heard.keys[0] > 0 && heard.keys[1] > 0);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_sides_are_recorded_from_a_key_frame_on),
		TEST(each_minute_brings_a_key_frame_with_which_a_segment_may_begin),
		TEST(whoever_loads_the_page_anew_is_another_stream),
		TEST(sound_and_picture_and_each_end_are_chosen_for_themselves),
		cmocka_unit_test_setup_teardown(a_machine_gets_key_frames_alone_four_a_minute,
						hear_hints, hear_recorder),
		cmocka_unit_test_setup_teardown(
		    of_a_legal_visit_a_machine_gets_nothing_whatever_the_routes_say, hear_hints,
		    hear_recorder),
		TEST(of_a_legal_visit_nothing_is_recorded_whatever_the_routes_say),
		TEST(who_watches_is_not_recorded),
		TEST(what_found_no_room_is_told_with_the_next_batch_and_delays_nobody),
	};
	return RUN("flow/record", tests);
}
