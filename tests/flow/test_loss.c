/*
 * test_loss.c - bad lines: loss, reordering, doubling, and a clock for lips and voice.
 */
#include <malloc.h>

#include "../unit/check.h"
#include "rtc/ntp.h"
#include "world.h"

static struct world *meet(uint64_t seed)
{
	struct world *world = world_new(seed, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 2);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, a));
	CHECK(world_connect(world, b));
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
	return world;
}

/* Nobody sends any more, and all that flies lands. */
static void settle(struct world *world)
{
	for (size_t i = 0; i < 2; i++) {
		world->clients[i].audio.on = false;
		world->clients[i].video.on = false;
	}
	world_run(world, 1000);
}

static void five_percent_loss_is_repaired_both_ways(void **state)
{
	(void)state;
	struct world *world = meet(21);
	for (size_t i = 0; i < 2; i++) {
		struct client *client = &world->clients[i];
		client->up.lost_of_1000 = client->down.lost_of_1000 = 50;
		client->up.jitter_us = client->down.jitter_us = 8000;
		client->asks = true;
	}
	world_run(world, 30000);
	settle(world);
	for (size_t i = 0; i < 2; i++) {
		const struct shown *shown = &world->clients[i].shown[1];
		size_t frames = shown_frames(shown);
		/* 461 frames of three packets were sent: unrepaired, a quarter of them would be
		 * lost, and all that follow until a key frame. */
		CHECK(frames > 430);
		CHECK(shown_missing(shown) < shown->count / 200);
		CHECK(world->clients[i].video.nacked > 30);
		assert_int_equal(shown->wrong, 0);
		assert_int_equal(shown->twice, 0);
	}
	world_free(world);
}

/* Number by number: what the slot left out is what the input lost, never more or less. */
static void check_gaps(const struct shown *shown)
{
	const struct got *before = NULL;
	size_t at = 0;
	for (size_t i = 0; i <= shown->newest - shown->first; i++) {
		const struct got *got = &shown->got[i];
		if (!got->here || got->pads)
			continue;
		if (before) {
			uint16_t in = (uint16_t)(got->in - before->in);
			assert_int_equal(in, i - at);
		}
		before = got;
		at = i;
	}
}

static void numbers_have_gaps_only_where_input_was_lost(void **state)
{
	(void)state;
	for (uint64_t seed = 100; seed < 130; seed++) {
		struct world *world = meet(seed);
		struct client *sender = &world->clients[1];
		sender->up.lost_of_1000 = 30 + (unsigned)(seed % 5) * 40;
		sender->up.jitter_us = (int64_t)(seed % 4) * 20000;
		sender->up.doubled_of_1000 = 20;
		sender->video.deaf = seed % 2;
		world_run(world, 4000);
		check_gaps(&world->clients[0].shown[0]);
		check_gaps(&world->clients[0].shown[1]);
		assert_int_equal(world->clients[0].shown[0].twice, 0);
		assert_int_equal(world->clients[0].shown[1].twice, 0);
		CHECK(world->clients[0].shown[0].count > 100);
		world_free(world);
	}
}

static void padding_leaves_no_gaps(void **state)
{
	(void)state;
	for (uint64_t seed = 200; seed < 210; seed++) {
		struct world *world = meet(seed);
		struct client *sender = &world->clients[1];
		sender->video.pad = true;
		sender->up.jitter_us = (int64_t)(seed % 2) * 15000;
		world_run(world, 5000);
		settle(world);
		const struct shown *shown = &world->clients[0].shown[1];
		assert_int_equal(shown_missing(shown), 0);
		CHECK(shown_frames(shown) > 70);
		assert_int_equal(shown->twice, 0);
		size_t pads = 0;
		for (size_t i = 0; i < shown->count; i++)
			pads += shown->got[i].pads;
		if (sender->up.jitter_us == 0)
			assert_int_equal(pads, 0);
		world_free(world);
	}
}

/* The moment at which the source made this packet, as the receiver reckons it. */
static uint64_t reckoned(const struct shown *shown, const struct got *got)
{
	int64_t rate = shown->kind == MEDIA_AUDIO ? 48000 : 90000;
	int64_t ticks = (int32_t)(got->timestamp - shown->report_timestamp);
	int64_t us = ticks * 1000000 / rate;
	return us >= 0 ? shown->report_ntp + ntp_from_us(us) : shown->report_ntp - ntp_from_us(-us);
}

static int64_t us_of(uint64_t ntp)
{
	return (int64_t)((ntp >> 32) * 1000000 + (((ntp & 0xffffffff) * 1000000) >> 32));
}

/* Reckoned minus true time of making: must be the same for lips and voice. */
static int64_t offset_of(const struct shown *shown)
{
	const struct got *got = &shown->got[shown->newest - shown->first];
	CHECK(got->here && shown->reports > 0);
	return us_of(reckoned(shown, got)) - (int64_t)got->sent_us;
}

static void lips_and_voice_stay_in_step(void **state)
{
	(void)state;
	struct world *world = meet(31);
	world->clients[1].up.video_later_us = 300000;
	world->clients[1].up.jitter_us = 3000;
	world_run(world, 6000);
	const struct client *client = &world->clients[0];
	int64_t voice = offset_of(&client->shown[0]);
	int64_t lips = offset_of(&client->shown[1]);
	CHECK(llabs(voice - lips) < 1000);
	/* The clock does not wander with the time reports take. */
	world->clients[1].up.delay_us = 90000;
	world_run(world, 3000);
	CHECK(llabs(offset_of(&client->shown[0]) - voice) < 1000);
	/* Another device of the same person, another clock: still in step. */
	size_t again = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, again));
	world->clients[again].up.video_later_us = 300000;
	world_run(world, 6000);
	voice = offset_of(&client->shown[0]);
	lips = offset_of(&client->shown[1]);
	CHECK(llabs(voice - lips) < 1000);
	world_free(world);
}

static void a_sender_without_repair_is_asked_for_key_frames_with_patience(void **state)
{
	(void)state;
	enum {
		VISITS = 4 /* by luck one alone may be carried on a single key frame for long */
	};
	size_t asked = 0, shown = 0;
	for (unsigned i = 0; i < VISITS; i++) {
		struct world *world = meet(41 + i);
		struct client *sender = &world->clients[1];
		sender->video.deaf = true;
		sender->up.lost_of_1000 = 100;
		world->clients[0].asks = true;
		world_run(world, 20000);
		asked += sender->video.plis;
		shown += shown_frames(&world->clients[0].shown[1]);
		world_free(world);
	}
	/* The receiver is stuck nearly always, and is heard three times in ten seconds.  A key
	 * frame carries it over two or three frames at this loss. */
	CHECK(asked >= 3 * VISITS && asked <= 12 * VISITS);
	CHECK(shown >= 5 * VISITS);
}

static void retransmission_never_takes_more_than_its_share(void **state)
{
	(void)state;
	struct world *world = meet(51);
	struct client *client = &world->clients[0];
	client->tells = false; /* or its line would be found too thin for pictures */
	world_run(world, 1000);
	client->asks = true;
	client->down.lost_of_1000 = 600;
	size_t before = client->shown[1].count;
	world_run(world, 15000);
	size_t repeats = 0;
	size_t first = 0;
	for (size_t i = before; i < GOT_MAX; i++) {
		repeats += client->shown[1].got[i].here && client->shown[1].got[i].repeated;
		first += client->shown[1].got[i].here && !client->shown[1].got[i].repeated;
	}
	/* A fifth of what is sent, and what 64 KiB of savings pay for. */
	CHECK(first > 100);
	CHECK(repeats <= first / 5 + 120);
	world_free(world);
}

/* 0 under the address sanitizer, whose allocator does not tell. */
static size_t memory_in_use(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

static void ten_minutes_on_a_bad_line_need_no_more_memory_than_one(void **state)
{
	(void)state;
	struct world *world = meet(61);
	for (size_t i = 0; i < 2; i++) {
		struct client *client = &world->clients[i];
		client->up.lost_of_1000 = client->down.lost_of_1000 = 80;
		client->up.doubled_of_1000 = 30;
		client->up.jitter_us = client->down.jitter_us = 40000;
		client->asks = true;
	}
	world_run(world, 60000);
	size_t before = memory_in_use();
	uint32_t sent = world->clients[1].video.packets;
	world_run(world, 540000);
	CHECK(memory_in_use() <= before + (4 << 10));
	CHECK(world->clients[1].video.packets > 9 * sent);
	CHECK(world->seconds_heard > 590);
	CHECK(world->clients[0].state == MEDIA_PEER_CONNECTED);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(five_percent_loss_is_repaired_both_ways),
		TEST(numbers_have_gaps_only_where_input_was_lost),
		TEST(padding_leaves_no_gaps),
		TEST(lips_and_voice_stay_in_step),
		TEST(a_sender_without_repair_is_asked_for_key_frames_with_patience),
		TEST(retransmission_never_takes_more_than_its_share),
		TEST(ten_minutes_on_a_bad_line_need_no_more_memory_than_one),
	};
	return RUN("flow/loss", tests);
}
