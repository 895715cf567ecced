/*
 * test_hostile.c - packets that nobody should send: each is a counted drop, and other visits do not notice.
 */
#include "../unit/check.h"
#include "wire/stun.h"
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
	world_run(world, 1000);
	return world;
}

static uint64_t dropped(struct world *world, enum media_drop drop)
{
	world_run(world, 1100); /* a heartbeat */
	return world->heartbeat.dropped_by[drop];
}

/* Sound and picture came whole all the time. */
static void check_untouched(struct world *world)
{
	for (size_t i = 0; i < 2; i++) {
		const struct client *client = &world->clients[i];
		assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
		for (size_t k = 0; k < 2; k++) {
			assert_int_equal(client->shown[k].wrong, 0);
			assert_int_equal(client->shown[k].twice, 0);
			assert_int_equal(shown_missing(&client->shown[k]), 0);
		}
	}
	size_t before = world->clients[0].shown[0].count;
	world_run(world, 1000);
	CHECK(world->clients[0].shown[0].count >= before + 49);
}

static const struct address stranger = { .family = 4, .ip = { 203, 0, 113, 66 }, .port = 666 };

static void noise_from_strangers_is_counted(void **state)
{
	(void)state;
	struct world *world = meet(61);
	uint8_t noise[1500];
	struct random random = random_seeded(61);
	uint64_t before = world->heartbeat.dropped;
	for (size_t i = 0; i < 3000; i++) {
		random_fill(&random, noise, sizeof noise);
		struct address from = stranger;
		from.ip[3] = (uint8_t)i;
		world_inject(world, &from, noise, 1 + random_below(&random, 1499));
	}
	world_inject(world, &stranger, noise, 0);
	CHECK(dropped(world, MEDIA_DROP_DEMUX) > 500);
	CHECK(world->heartbeat.dropped_by[MEDIA_DROP_UNKNOWN_TUPLE] > 500);
	CHECK(world->heartbeat.dropped >= before + 3001);
	check_untouched(world);
	world_free(world);
}

static void noise_from_a_peers_own_address_does_no_harm(void **state)
{
	(void)state;
	struct world *world = meet(62);
	uint8_t noise[1500];
	struct random random = random_seeded(62);
	for (size_t i = 0; i < 3000; i++) {
		random_fill(&random, noise, sizeof noise);
		static const uint8_t firsts[] = { 0, 1, 22, 23, 128, 129, 144, 191 };
		noise[0] = firsts[i % sizeof firsts];
		world_inject(world, &world->clients[1].address, noise,
			     1 + random_below(&random, 1499));
	}
	CHECK(dropped(world, MEDIA_DROP_AUTH) > 500);
	CHECK(world->heartbeat.dropped_by[MEDIA_DROP_STUN] > 500);
	check_untouched(world);
	world_free(world);
}

/* Catches the next datagram to the core that looks like media. */
static struct flight *next_media(struct world *world)
{
	for (;;) {
		for (size_t i = 0; i < world->flights_len; i++) {
			struct flight *flight = &world->flights[i];
			if (flight->to < 0 && flight->bytes[0] >= 128 &&
			    (flight->bytes[1] < 192 || flight->bytes[1] > 223))
				return flight;
		}
		world_run(world, 1);
	}
}

static void a_replayed_packet_is_not_forwarded_again(void **state)
{
	(void)state;
	struct world *world = meet(63);
	for (size_t i = 0; i < 50; i++) {
		struct flight flight = *next_media(world);
		world_run(world, 40);
		world_inject(world, &flight.from, flight.bytes, flight.len);
		world_inject(world, &flight.from, flight.bytes, flight.len);
	}
	CHECK(dropped(world, MEDIA_DROP_REPLAY) >= 100);
	check_untouched(world);
	world_free(world);
}

static void a_changed_or_cut_packet_is_not_authentic(void **state)
{
	(void)state;
	struct world *world = meet(64);
	struct flight flight = *next_media(world);
	for (size_t i = 0; i < flight.len; i++) {
		uint8_t copy[2048];
		memcpy(copy, flight.bytes, flight.len);
		copy[i] ^= 0x10;
		world_inject(world, &flight.from, copy, flight.len);
		world_inject(world, &flight.from, flight.bytes, i);
	}
	CHECK(dropped(world, MEDIA_DROP_AUTH) > 20);
	check_untouched(world);
	world_free(world);
}

static void a_packet_from_another_address_is_not_taken(void **state)
{
	(void)state;
	struct world *world = meet(65);
	uint64_t before = dropped(world, MEDIA_DROP_UNKNOWN_TUPLE);
	struct flight flight = *next_media(world);
	world_inject(world, &stranger, flight.bytes, flight.len);
	assert_int_equal(dropped(world, MEDIA_DROP_UNKNOWN_TUPLE), before + 1);
	check_untouched(world);
	world_free(world);
}

static void one_who_guesses_checks_is_slowed_down(void **state)
{
	(void)state;
	struct world *world = meet(66);
	uint8_t check[200];
	struct stun_key key;
	assert_int_equal(stun_key_init(&key, bytes_from_text("wrongwrongwrongwrongwron")), OK);
	struct writer w = writer_of(check, sizeof check);
	struct stun_request request = {
		.username = STR("AAAAAAAA:bbbb"),
		.priority = 1,
		.role = STUN_CONTROLLING,
	};
	assert_int_equal(stun_write_request(&w, &request, &key), OK);
	for (size_t i = 0; i < 500; i++) {
		struct address from = stranger;
		from.port = (uint16_t)(1000 + i);
		world_inject(world, &from, check, w.len);
	}
	CHECK(dropped(world, MEDIA_DROP_RATE) >= 300);
	CHECK(world->heartbeat.dropped_by[MEDIA_DROP_STUN] >= 100);
	stun_key_clear(&key);
	check_untouched(world);
	world_free(world);
}

static void a_stranger_cannot_take_over_a_peers_dtls(void **state)
{
	(void)state;
	struct world *world = meet(67);
	static const uint8_t alert[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0 };
	world_inject(world, &stranger, alert, sizeof alert);
	/* Not even from the peer's address: it is not encrypted. */
	world_inject(world, &world->clients[1].address, alert, sizeof alert);
	check_untouched(world);
	world_free(world);
}

static void control_for_things_that_are_not_there_changes_nothing(void **state)
{
	(void)state;
	struct world *world = meet(68);
	struct visit_id none = { .n = 12345 };
	struct media_message list[] = {
		{ .type = MEDIA_VISIT_CLOSE, .close = { .visit = none } },
		{ .type = MEDIA_ROUTES, .routes = { .visit = none } },
		{ .type = MEDIA_PEER_CLOSE,
		  .close = { .visit = none, .peer = world->clients[0].id } },
		{ .type = MEDIA_PEER_CLOSE,
		  .close = { .visit = world->visit, .peer = { .n = 999 } } },
	};
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		world_control(world, &list[i]);
	check_untouched(world);
	world_free(world);
}

static void there_is_no_room_for_more_than_was_agreed(void **state)
{
	(void)state;
	struct world *world = meet(69);
	for (int64_t i = 1; i < 10; i++)
		world_control(world, &(struct media_message){
					 .type = MEDIA_VISIT_OPEN,
					 .visit = { .visit = { .n = i }, .lifetime_s = 60 },
				     });
	assert_int_equal(world->closed.reason, MEDIA_REASON_FULL);
	assert_int_equal(world->closed.visit.n, 9); /* eight fit, one was ours */
	check_untouched(world);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(noise_from_strangers_is_counted),
		TEST(noise_from_a_peers_own_address_does_no_harm),
		TEST(a_replayed_packet_is_not_forwarded_again),
		TEST(a_changed_or_cut_packet_is_not_authentic),
		TEST(a_packet_from_another_address_is_not_taken),
		TEST(one_who_guesses_checks_is_slowed_down),
		TEST(a_stranger_cannot_take_over_a_peers_dtls),
		TEST(control_for_things_that_are_not_there_changes_nothing),
		TEST(there_is_no_room_for_more_than_was_agreed),
	};
	return RUN("flow/hostile", tests);
}
