/*
 * test_visit.c - people meet, look at each other, come back, are cut off, and go.
 */
#include "../unit/check.h"
#include "rtc/core.h"
#include "rtc/visit.h"
#include "world.h"

/* struct rtc is its core alone (rtc.c): for what no message can bring about. */
static struct core *world_core(struct world *world)
{
	return (struct core *)(void *)world->rtc;
}

/* A prisoner at end 0 and a visitor at end 1 who hear and see each other. */
static struct world *meet(uint64_t seed, enum media_visit_kind kind)
{
	struct world *world = world_new(seed, kind, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 2);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, a));
	CHECK(world_connect(world, b));
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
	return world;
}

static size_t packets_shown(const struct client *client)
{
	size_t count = 0;
	for (size_t i = 0; i < 2 * client->pairs; i++)
		count += client->shown[i].count;
	return count;
}

static void check_promises(const struct client *client)
{
	CHECK(client->slots_before_packets);
	for (size_t i = 0; i < 2 * client->pairs; i++) {
		assert_int_equal(client->shown[i].wrong, 0);
		assert_int_equal(client->shown[i].twice, 0);
	}
}

static void two_ends_hear_and_see_each_other(void **state)
{
	(void)state;
	struct world *world = meet(1, MEDIA_SOCIAL);
	world_run(world, 10000);
	for (size_t i = 0; i < 2; i++) {
		struct client *client = &world->clients[i];
		assert_int_equal(client->source[0], 1 - i);
		assert_int_equal(client->source[1], 1 - i);
		assert_int_equal(client->source[2], MEDIA_NO_END);
		check_promises(client);
		CHECK(client->shown[0].count > 490);
		CHECK(shown_frames(&client->shown[1]) > 145);
		for (size_t k = 0; k < 4; k++)
			assert_int_equal(shown_missing(&client->shown[k]), 0);
		CHECK(client->feedback > 50);
		CHECK(client->shown[0].reports > 5);
		assert_int_equal(client->shown[2].count, 0);
		/* Asked once per receiver that joined, not once per packet. */
		CHECK(client->video.plis >= 1 && client->video.plis <= 2);
	}
	CHECK(world->second.both_hear);
	CHECK(world->second.ends[0].audio_in);
	assert_int_equal(world->second.ends[0].heard_by, 1 << 1);
	assert_int_equal(world->second.ends[1].level, 30);
	CHECK(world->second.ends[1].rtt_us > 35000 && world->second.ends[1].rtt_us < 60000);
	assert_int_equal(world->heartbeat.peers, 2);
	world_free(world);
}

static void without_a_route_nothing_is_sent(void **state)
{
	(void)state;
	struct world *world = world_new(2, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 2);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, a));
	CHECK(world_connect(world, b));
	world_run(world, 3000);
	assert_int_equal(packets_shown(&world->clients[a]), 0);
	assert_int_equal(packets_shown(&world->clients[b]), 0);
	CHECK(!world->second.both_hear);
	CHECK(world->heartbeat.dropped_by[MEDIA_DROP_NO_ROUTE] > 100);
	/* Sound one way alone, and no picture. */
	world_route(world, 0, 1, true, false);
	world_run(world, 1000);
	CHECK(world->clients[a].shown[0].count > 40);
	assert_int_equal(world->clients[a].shown[1].count, 0);
	assert_int_equal(packets_shown(&world->clients[b]), 0);
	CHECK(!world->second.both_hear);
	assert_int_equal(world->clients[b].video.plis, 0);
	world_free(world);
}

static void a_server_that_is_behind_lets_sound_pass_and_pictures_start_again(void **state)
{
	(void)state;
	struct world *world = meet(17, MEDIA_SOCIAL);
	world_run(world, 3000);
	struct client *client = &world->clients[0];
	size_t audio = client->shown[0].count;
	size_t video = client->shown[1].count;
	size_t nacked = world->clients[1].video.nacked;
	rtc_set_behind(world->rtc, true);
	world_run(world, 2000);
	CHECK(client->shown[0].count >= audio + 95); /* 50 a second */
	CHECK(client->shown[1].count <= video + 5);  /* what was on the line */
	CHECK(world->second.both_hear);
	CHECK(world->heartbeat.dropped_by[MEDIA_DROP_LATE] > 100);
	rtc_set_behind(world->rtc, false);
	video = client->shown[1].count;
	size_t frames = shown_frames(&client->shown[1]);
	world_run(world, 1500);
	CHECK(client->shown[1].count > video + 50);
	CHECK(shown_frames(&client->shown[1]) > frames + 15); /* whole, from a key frame on */
	/* What was dropped on purpose is not asked for. */
	assert_int_equal(world->clients[1].video.nacked, nacked);
	world_free(world);
}

static void a_cut_off_takes_effect_at_once(void **state)
{
	(void)state;
	struct world *world = meet(3, MEDIA_SOCIAL);
	world_run(world, 3000);
	struct client *client = &world->clients[0];
	/* What is on the line already arrives; what the core sends from now on must not. */
	world_route(world, 0, 1, false, false);
	struct mono cut = world->now;
	size_t audio = client->shown[0].count;
	world_run(world, 2000);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < client->shown[i].count; k++)
			if (client->shown[i].got[k].here)
				CHECK(client->shown[i].got[k].at.us <= cut.us + 20000);
	CHECK(client->shown[0].count <= audio + 2);
	assert_int_equal(client->source[0], MEDIA_NO_END);
	CHECK(world->clients[1].shown[0].count > 200); /* the other way goes on */
	/* Let back in: same slot, the count of packets goes on without a gap. */
	world_route(world, 0, 1, true, true);
	world_run(world, 2000);
	assert_int_equal(client->source[0], 1);
	CHECK(client->shown[0].count > audio + 80);
	assert_int_equal(shown_missing(&client->shown[0]), 0);
	CHECK(shown_missing(&client->shown[1]) <= 1);
	check_promises(client);
	world_free(world);
}

static void what_waits_in_the_outbox_is_cut_too(void **state)
{
	(void)state;
	struct world *world = meet(4, MEDIA_SOCIAL);
	world_run(world, 1000);
	/* A packet of the visitor goes in, and the cut comes before the driver has sent it. */
	size_t i = 0;
	while (i < world->flights_len && (world->flights[i].to >= 0 || world->flights[i].len < 100))
		if (++i == world->flights_len) {
			world_run(world, 1);
			i = 0;
		}
	struct flight flight = world->flights[i];
	world->flights[i] = world->flights[--world->flights_len];
	rtc_receive(world->rtc, &flight.from, flight.bytes, flight.len, world->now);
	memset(world->routes.hears, 0, sizeof world->routes.hears);
	memset(world->routes.sees, 0, sizeof world->routes.sees);
	struct media_message cut = { .type = MEDIA_ROUTES, .routes = world->routes };
	rtc_control(world->rtc, &cut, world->now);
	struct rtc_datagram out[8];
	size_t count = rtc_send(world->rtc, out, 8);
	for (size_t k = 0; k < count; k++)
		CHECK(out[k].bytes.at[1] >= 192 && out[k].bytes.at[1] <= 223); /* RTCP alone */
	world_free(world);
}

/* The driver sends what several inputs caused together: their bytes stand until then. */
static void what_several_inputs_cause_may_leave_together(void **state)
{
	(void)state;
	struct world *world = meet(4, MEDIA_SOCIAL);
	world_run(world, 1000);
	size_t inputs = 0;
	while (inputs < 5) {
		size_t i = 0;
		while (i < world->flights_len && world->flights[i].to >= 0)
			i++;
		if (i == world->flights_len) {
			world_drain(world);
			CHECK(rtc_waiting(world->rtc) == 0);
			world_run(world, 1);
			inputs = 0;
			continue;
		}
		struct flight flight = world->flights[i];
		world->flights[i] = world->flights[--world->flights_len];
		rtc_receive(world->rtc, &flight.from, flight.bytes, flight.len, world->now);
		inputs++;
	}
	size_t waiting = rtc_waiting(world->rtc);
	struct rtc_datagram out[64];
	CHECK(waiting >= 2 && waiting <= 64);
	CHECK(rtc_send(world->rtc, out, 64) == waiting && rtc_waiting(world->rtc) == 0);
	for (size_t k = 1; k < waiting; k++) /* none in the place of another */
		CHECK(out[k].bytes.at >= out[k - 1].bytes.at + out[k - 1].bytes.len);
	world_free(world);
}

static void a_reload_comes_back_to_the_same_slot(void **state)
{
	(void)state;
	struct world *world = world_new(5, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 3);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 2);
	size_t c = world_join(world, 2, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, a));
	CHECK(world_connect(world, c)); /* c first: it has the first pair */
	world_route(world, 0, 2, true, true);
	CHECK(world_connect(world, b));
	world_route(world, 0, 1, true, true);
	world_run(world, 1000);
	struct client *client = &world->clients[a];
	assert_int_equal(client->source[0], 2);
	assert_int_equal(client->source[2], 1);
	/* c leaves and b reloads: a new peer for the same end, the old one still sending. */
	world_control(world, &(struct media_message){
				 .type = MEDIA_PEER_CLOSE,
				 .close = {
				     .visit = world->visit,
				     .peer = world->clients[c].id,
				     .reason = MEDIA_REASON_LEFT,
				 },
			     });
	assert_int_equal(client->source[0], MEDIA_NO_END);
	size_t again = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, again));
	assert_int_equal(world->clients[b].state, MEDIA_PEER_CLOSED);
	assert_int_equal(world->clients[b].reason, MEDIA_REASON_REPLACED);
	size_t before = client->shown[3].count;
	world_run(world, 2000);
	assert_int_equal(client->source[0], MEDIA_NO_END);
	assert_int_equal(client->source[2], 1);
	CHECK(client->shown[3].count > before + 60);
	/* c comes back to where c was. */
	size_t c2 = world_join(world, 2, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, c2));
	world_run(world, 1000);
	assert_int_equal(client->source[0], 2);
	CHECK(client->shown[0].count > 80);
	check_promises(client);
	for (size_t i = 0; i < 6; i++)
		CHECK(shown_missing(&client->shown[i]) <= 1);
	world_free(world);
}

/* Timestamps only rise with the frames, picture ids count by one, whoever is shown. */
static void a_slot_is_one_endless_stream(void **state)
{
	(void)state;
	struct world *world = meet(6, MEDIA_SOCIAL);
	world_run(world, 2000);
	size_t again = world_join(world, 1, MEDIA_VISITOR, 2);
	CHECK(world_connect(world, again));
	world_run(world, 2000);
	const struct shown *shown = &world->clients[0].shown[1];
	const struct got *before = NULL;
	size_t changes = 0;
	for (size_t i = 0; i < shown->count; i++) {
		const struct got *got = &shown->got[i];
		if (!got->here)
			continue;
		if (before && got->part == 0) {
			int32_t step = (int32_t)(got->timestamp - before->timestamp);
			CHECK(step > 0 && step < 90000);
			assert_int_equal((got->picture - before->picture) & 0x7fff, 1);
			assert_int_equal((uint8_t)(got->tl0 - before->tl0), 1);
		}
		if (before && got->frame < before->frame) {
			changes++;
			CHECK(got->key && got->part == 0);
		}
		before = got;
	}
	assert_int_equal(changes, 1);
	world_free(world);
}

static void a_monitor_watches_and_is_not_heard(void **state)
{
	(void)state;
	struct world *world = meet(7, MEDIA_SOCIAL);
	size_t m = world_join(world, 7, MEDIA_MONITOR, 2);
	CHECK(world_connect(world, m));
	world_route(world, 7, 0, true, true);
	world_route(world, 7, 1, true, true);
	world_run(world, 3000);
	struct client *monitor = &world->clients[m];
	CHECK(monitor->shown[0].count > 100 && monitor->shown[2].count > 100);
	CHECK(shown_frames(&monitor->shown[1]) > 30);
	CHECK(shown_frames(&monitor->shown[3]) > 30);
	check_promises(monitor);
	assert_int_equal(world->clients[0].source[2], MEDIA_NO_END);
	world_free(world);
}

static void in_a_legal_visit_no_monitor_gets_anything(void **state)
{
	(void)state;
	struct world *world = meet(8, MEDIA_LEGAL);
	size_t m = world_join(world, 7, MEDIA_MONITOR, 2);
	assert_int_equal(world->clients[m].refused, 1);
	assert_int_equal(world->clients[m].reason, MEDIA_REASON_NOT_ALLOWED);
	/* Opening the visit again as a social one changes nothing. */
	world_control(world, &(struct media_message){
				 .type = MEDIA_VISIT_OPEN,
				 .visit = {
				     .visit = world->visit,
				     .kind = MEDIA_SOCIAL,
				     .lifetime_s = 3600,
				 },
			     });
	size_t again = world_join(world, 7, MEDIA_MONITOR, 2);
	assert_int_equal(world->clients[again].refused, 1);
	world_route(world, 7, 0, true, true);
	world_run(world, 2000);
	assert_int_equal(packets_shown(&world->clients[m]) + packets_shown(&world->clients[again]),
			 0);
	CHECK(world->clients[0].shown[0].count > 90);
	world_free(world);
}

/* The offer is refused; if that were gone, the route would still be without effect. */
static void in_a_legal_visit_a_seated_monitor_would_get_nothing_either(void **state)
{
	(void)state;
	struct world *world = meet(18, MEDIA_SOCIAL);
	size_t m = world_join(world, 7, MEDIA_MONITOR, 2);
	CHECK(world_connect(world, m));
	world_core(world)->visits[0].open.kind = MEDIA_LEGAL;
	for (uint8_t from = 0; from < 2; from++)
		world_route(world, 7, from, true, true);
	world_run(world, 2000);
	assert_int_equal(packets_shown(&world->clients[m]), 0);
	CHECK(world->clients[0].shown[0].count > 90);
	world_core(world)->visits[0].open.kind = MEDIA_SOCIAL;
	world_route(world, 7, 0, true, true);
	world_run(world, 2000);
	CHECK(packets_shown(&world->clients[m]) > 90); /* so nothing else had kept it away */
	world_free(world);
}

static void a_monitor_that_speaks_is_heard_and_seen_by_nobody(void **state)
{
	(void)state;
	struct world *world = meet(19, MEDIA_SOCIAL);
	world->monitors_send = true;
	size_t m = world_join(world, 7, MEDIA_MONITOR, 2);
	CHECK(world_connect(world, m));
	for (uint8_t to = 0; to < 2; to++)
		world_route(world, to, 7, true, true);
	world_run(world, 3000);
	CHECK(world->second.ends[7].audio_in); /* it does speak */
	assert_int_equal(world->second.ends[7].heard_by, 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(world->clients[i].source[2], MEDIA_NO_END);
		assert_int_equal(world->clients[i].shown[2].count, 0);
		assert_int_equal(world->clients[i].shown[3].count, 0);
	}
	world_free(world);
}

static int64_t last_at_us(const struct client *client)
{
	int64_t last = 0;
	for (size_t i = 0; i < 2 * client->pairs; i++)
		for (size_t k = 0; k < client->shown[i].count && k < GOT_MAX; k++)
			if (client->shown[i].got[k].here && client->shown[i].got[k].at.us > last)
				last = client->shown[i].got[k].at.us;
	return last;
}

/* What staff's pause is for pvl-media: the bits between the two ends go, those to staff stay. */
static void a_pause_is_silent_both_ways_and_staff_still_see(void **state)
{
	(void)state;
	struct world *world = meet(20, MEDIA_SOCIAL);
	size_t m = world_join(world, 7, MEDIA_MONITOR, 2);
	CHECK(world_connect(world, m));
	for (uint8_t from = 0; from < 2; from++)
		world_route(world, 7, from, true, true);
	world_run(world, 3000);
	CHECK(world->second.both_hear);
	world_route(world, 0, 1, false, false);
	world_route(world, 1, 0, false, false);
	struct mono paused = world->now;
	size_t watched = packets_shown(&world->clients[m]);
	size_t heard = world->seconds_heard;
	world_run(world, 10000);
	for (size_t i = 0; i < 2; i++)
		CHECK(last_at_us(&world->clients[i]) <= paused.us + 20000);
	CHECK(world->seconds_heard <= heard + 1); /* the time is not counted */
	CHECK(packets_shown(&world->clients[m]) > watched + 900);
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
	size_t frames[] = { shown_frames(&world->clients[0].shown[1]),
			    shown_frames(&world->clients[1].shown[1]) };
	world_run(world, 2000);
	for (size_t i = 0; i < 2; i++) {
		CHECK(shown_frames(&world->clients[i].shown[1]) > frames[i] + 15);
		check_promises(&world->clients[i]);
	}
	CHECK(world->second.both_hear);
	world_free(world);
}

static void a_seat_keeps_its_role(void **state)
{
	(void)state;
	struct world *world = meet(9, MEDIA_SOCIAL);
	size_t wrong = world_join(world, 1, MEDIA_PRISONER, 2);
	assert_int_equal(world->clients[wrong].refused, 1);
	assert_int_equal(world->clients[wrong].reason, MEDIA_REASON_NOT_ALLOWED);
	world_run(world, 500);
	assert_int_equal(world->clients[1].state, MEDIA_PEER_CONNECTED);
	world_free(world);
}

static void silence_is_told_and_so_is_the_return(void **state)
{
	(void)state;
	struct world *world = meet(10, MEDIA_SOCIAL);
	world_run(world, 2000);
	struct client *client = &world->clients[1];
	client->up.lost_of_1000 = 1000;
	world_run(world, 2900);
	assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
	world_run(world, 300);
	assert_int_equal(client->state, MEDIA_PEER_LOST);
	world_run(world, 2000);
	CHECK(!world->second.both_hear);
	assert_int_equal(world->second.ends[1].audio_in, 0);
	client->up.lost_of_1000 = 0;
	world_run(world, 200);
	assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
	world_run(world, 1500);
	CHECK(world->second.both_hear);
	assert_int_equal(world->clients[0].source[0], 1);
	world_free(world);
}

static void who_never_checks_again_is_closed(void **state)
{
	(void)state;
	struct world *world = meet(11, MEDIA_SOCIAL);
	world->clients[1].up.lost_of_1000 = 1000;
	world_run(world, 33000);
	assert_int_equal(world->clients[1].state, MEDIA_PEER_CLOSED);
	assert_int_equal(world->clients[1].reason, MEDIA_REASON_CONSENT);
	assert_int_equal(world->clients[0].source[0], MEDIA_NO_END);
	assert_int_equal(world->heartbeat.peers, 1);
	world_free(world);
}

static void the_address_may_change_in_mid_call(void **state)
{
	(void)state;
	struct world *world = meet(12, MEDIA_SOCIAL);
	world_run(world, 2000);
	/* From Wi-Fi to 4G: the next check comes from elsewhere. */
	struct client *client = &world->clients[1];
	client->address = (struct address){ .family = 4, .ip = { 172, 16, 0, 9 }, .port = 61000 };
	world_run(world, 6000);
	size_t heard = client->shown[0].count;
	size_t told = world->clients[0].shown[0].count;
	world_run(world, 1000);
	CHECK(client->shown[0].count > heard + 40);
	CHECK(world->clients[0].shown[0].count > told + 40);
	assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
	world_free(world);
}

static void a_visit_ends_by_itself_when_its_life_is_over(void **state)
{
	(void)state;
	struct world *world = world_new(13, MEDIA_SOCIAL, 5);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 2);
	CHECK(world_connect(world, a));
	world_run(world, 4000);
	assert_int_equal(world->closed.visit.n, 0);
	world_run(world, 1100);
	assert_int_equal(world->closed.visit.n, world->visit.n);
	assert_int_equal(world->closed.reason, MEDIA_REASON_LIFETIME);
	assert_int_equal(world->clients[a].state, MEDIA_PEER_CLOSED);
	CHECK(peer_is_over(world->clients[a].peer)); /* close_notify came */
	world_run(world, 1100);
	assert_int_equal(world->heartbeat.visits, 0);
	world_free(world);
}

static void who_says_goodbye_is_gone(void **state)
{
	(void)state;
	struct world *world = meet(14, MEDIA_SOCIAL);
	world_run(world, 500);
	peer_close(world->clients[1].peer);
	world_run(world, 200);
	assert_int_equal(world->clients[1].state, MEDIA_PEER_CLOSED);
	assert_int_equal(world->clients[1].reason, MEDIA_REASON_REMOTE);
	assert_int_equal(world->clients[0].source[0], MEDIA_NO_END);
	world_free(world);
}

static void a_new_web_process_hears_all_that_stands(void **state)
{
	(void)state;
	struct world *world = meet(15, MEDIA_SOCIAL);
	world_run(world, 500);
	struct media_message resync = { .type = MEDIA_RESYNC };
	rtc_control(world->rtc, &resync, world->now);
	struct media_message message;
	size_t of[MEDIA_TIER + 1] = { 0 };
	while (rtc_report(world->rtc, &message)) {
		of[message.type]++;
		CHECK(of[MEDIA_HELLO] == 1);
		CHECK(message.type == MEDIA_RESYNC_DONE || of[MEDIA_RESYNC_DONE] == 0);
		if (message.type == MEDIA_VISIT_STANDS)
			CHECK(message.visit.lifetime_s < 3600 && message.visit.lifetime_s > 3590);
	}
	assert_int_equal(of[MEDIA_VISIT_STANDS], 1);
	assert_int_equal(of[MEDIA_PEER_STATE], 2);
	assert_int_equal(of[MEDIA_SLOTS], 2);
	assert_int_equal(of[MEDIA_RESYNC_DONE], 1);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_ends_hear_and_see_each_other),
		TEST(without_a_route_nothing_is_sent),
		TEST(a_server_that_is_behind_lets_sound_pass_and_pictures_start_again),
		TEST(a_cut_off_takes_effect_at_once),
		TEST(what_waits_in_the_outbox_is_cut_too),
		TEST(what_several_inputs_cause_may_leave_together),
		TEST(a_reload_comes_back_to_the_same_slot),
		TEST(a_slot_is_one_endless_stream),
		TEST(a_monitor_watches_and_is_not_heard),
		TEST(in_a_legal_visit_no_monitor_gets_anything),
		TEST(in_a_legal_visit_a_seated_monitor_would_get_nothing_either),
		TEST(a_monitor_that_speaks_is_heard_and_seen_by_nobody),
		TEST(a_pause_is_silent_both_ways_and_staff_still_see),
		TEST(a_seat_keeps_its_role),
		TEST(silence_is_told_and_so_is_the_return),
		TEST(who_never_checks_again_is_closed),
		TEST(the_address_may_change_in_mid_call),
		TEST(a_visit_ends_by_itself_when_its_life_is_over),
		TEST(who_says_goodbye_is_gone),
		TEST(a_new_web_process_hears_all_that_stands),
	};
	return RUN("flow/visit", tests);
}
