/* Joining over bad lines, and those who would like to join without being asked. */
#include "../unit/check.h"
#include "base/assert.h"
#include "world.h"

enum {
	CAPTURE_MAX = 2000,
};

static const struct address STRANGER = { .family = 4, .ip = { 203, 0, 113, 66 }, .port = 666 };

/* Datagrams that a client sent, as somebody on the way sees them. */
struct capture {
	uint64_t next; /* flights before this one were seen */
	size_t count;
	struct flight at[CAPTURE_MAX];
};

static void capture_run(struct capture *c, struct world *world, const struct client *of, int64_t ms)
{
	for (int64_t t = 0; t < ms; t += 5) {
		world_run(world, 5);
		for (size_t i = 0; i < world->flights_len; i++) {
			const struct flight *f = &world->flights[i];
			if (f->to >= 0 || f->order < c->next || c->count == CAPTURE_MAX ||
			    !address_equal(&f->from, &of->address))
				continue;
			c->at[c->count++] = *f;
		}
		c->next = world->order;
	}
}

static void route_both(struct world *world)
{
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
}

static void a_join_gets_through_a_line_that_loses_a_third(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 24; seed++) {
		struct world *world = world_new(seed, MEDIA_SOCIAL, 3600);
		world->foreign = seed % 2; /* either DTLS role */
		size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
		struct client *client = &world->clients[a];
		client->up.lost_of_1000 = client->down.lost_of_1000 = 300;
		CHECK(world_connect(world, a) || world_connect(world, a));
		client->up.lost_of_1000 = client->down.lost_of_1000 = 0;
		world_run(world, 2500);
		CHECK(peer_is_connected(client->peer));
		assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
		CHECK(world->second.ends[0].audio_in);
		world_free(world);
	}
}

static void a_client_that_is_not_our_page_meets_one_that_is(void **state)
{
	(void)state;
	struct world *world = world_new(1, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	world->foreign = true;
	size_t b = world_join(world, 1, MEDIA_VISITOR, 1);
	CHECK(world_connect(world, a) && world_connect(world, b));
	route_both(world);
	world_run(world, 3000);
	for (size_t i = 0; i < 2; i++) {
		CHECK(world->clients[i].shown[0].count > 130);
		CHECK(shown_frames(&world->clients[i].shown[1]) > 30);
	}
	world_free(world);
}

static void a_client_that_was_told_another_fingerprint_is_not_let_in(void **state)
{
	(void)state;
	struct world *world = world_new(1, MEDIA_SOCIAL, 3600);
	world->fingerprint[31] ^= 1;
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	CHECK(!world_connect(world, a));
	assert_int_equal(world->clients[a].state, MEDIA_PEER_CLOSED);
	assert_int_equal(world->clients[a].reason, MEDIA_REASON_DTLS);
	CHECK(peer_is_over(world->clients[a].peer));
	world_free(world);
}

static void who_replays_all_that_was_sent_gets_nothing_and_disturbs_nobody(void **state)
{
	(void)state;
	struct world *world = world_new(3, MEDIA_SOCIAL, 3600);
	struct capture *c = calloc(1, sizeof *c);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 1);
	struct client *client = &world->clients[b];
	capture_run(c, world, client, 500);
	CHECK(world_connect(world, a) && world_connect(world, b));
	route_both(world);
	capture_run(c, world, client, 3000);
	CHECK(c->count > 200);
	size_t heard = client->shown[0].count;
	uint64_t now = world->now.us;
	for (size_t i = 0; i < c->count; i++) {
		world_inject(world, &STRANGER, c->at[i].bytes, c->at[i].len);
		world_inject(world, &client->address, c->at[i].bytes, c->at[i].len);
		if (i % 4 == 0)
			world_run(world, 20);
	}
	uint64_t audio = (uint64_t)(world->now.us - (int64_t)now) / 20000;
	assert_int_equal(world->strays, 0);
	CHECK(client->shown[0].count >= heard + audio - 3);
	CHECK(peer_is_connected(client->peer));
	for (size_t i = 0; i < 2; i++) {
		struct shown *shown = &world->clients[0].shown[i];
		assert_int_equal(shown->twice, 0);
		assert_int_equal(shown->wrong, 0);
		assert_int_equal(shown_missing(shown), 0);
	}
	free(c);
	world_free(world);
}

/* A participant of one visit sends a check of its own in the name of another one's address. */
static void nobody_takes_anothers_address(void **state)
{
	(void)state;
	struct world *world = world_new(4, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	CHECK(world_connect(world, a));
	struct capture *c = calloc(1, sizeof *c);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 1);
	struct client *thief = &world->clients[b];
	thief->up.delay_us = 1000000; /* so that the check comes first where it does not belong */
	capture_run(c, world, thief, 100);
	CHECK(c->count > 0);
	world_inject(world, &world->clients[a].address, c->at[0].bytes, c->at[0].len);
	thief->up.delay_us = 20000;
	CHECK(world_connect(world, b));
	route_both(world);
	world_run(world, 3000);
	CHECK(thief->shown[0].count > 130);
	CHECK(world->clients[a].shown[0].count > 130);
	assert_int_equal(world->clients[a].state, MEDIA_PEER_CONNECTED);
	free(c);
	world_free(world);
}

static struct media_text text(const char *from)
{
	struct media_text text = { .len = (uint8_t)strlen(from) };
	memcpy(text.at, from, text.len);
	return text;
}

static void an_ice_restart_keeps_keys_streams_and_sound(void **state)
{
	(void)state;
	struct world *world = world_new(5, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	size_t b = world_join(world, 1, MEDIA_VISITOR, 1);
	CHECK(world_connect(world, a) && world_connect(world, b));
	route_both(world);
	world_run(world, 1000);
	struct client *client = &world->clients[b];
	struct capture *c = calloc(1, sizeof *c);
	capture_run(c, world, client, 5000);
	peer_restart(client->peer);
	client->address.port = 50001;
	client->address.ip[3] = 200;
	world_control(world, &(struct media_message){
				 .type = MEDIA_PEER_RESTART,
				 .restart = {
				     .visit = world->visit,
				     .peer = client->id,
				     .ufrag = text(peer_credentials(client->peer)->ufrag),
				     .pwd = text(peer_credentials(client->peer)->pwd),
				 },
			     });
	world_run(world, 200);
	size_t heard = client->shown[0].count, told = world->clients[a].shown[0].count;
	world_run(world, 1000);
	CHECK(client->shown[0].count >= heard + 48);
	CHECK(world->clients[a].shown[0].count >= told + 48);
	assert_int_equal(client->shown[0].twice, 0);
	assert_int_equal(client->state, MEDIA_PEER_CONNECTED);
	/* Checks under the old credentials are dead, wherever they come from. */
	size_t strays = world->strays;
	for (size_t i = 0; i < c->count; i++)
		if (c->at[i].bytes[0] < 4)
			world_inject(world, &STRANGER, c->at[i].bytes, c->at[i].len);
	assert_int_equal(world->strays, strays);
	free(c);
	world_free(world);
}

static void noise_from_everywhere_is_met_with_silence(void **state)
{
	(void)state;
	struct world *world = world_new(6, MEDIA_SOCIAL, 3600);
	size_t a = world_join(world, 0, MEDIA_PRISONER, 1);
	CHECK(world_connect(world, a));
	struct random random = random_seeded(9);
	static const uint8_t first[] = { 0, 1, 20, 22, 63, 128, 144, 200, 255 };
	for (int i = 0; i < 20000; i++) {
		uint8_t junk[300];
		size_t len = 1 + random_below(&random, sizeof junk - 1);
		struct address from = STRANGER;
		from.port = (uint16_t)random_u32(&random);
		random_fill(&random, junk, len);
		junk[0] = first[i % ARRAY_LEN(first)];
		world_inject(world, i % 3 ? &from : &world->clients[a].address, junk, len);
	}
	assert_int_equal(world->strays, 0);
	world_run(world, 2000);
	assert_int_equal(world->clients[a].state, MEDIA_PEER_CONNECTED);
	CHECK(world->second.ends[0].audio_in);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_join_gets_through_a_line_that_loses_a_third),
		TEST(a_client_that_is_not_our_page_meets_one_that_is),
		TEST(a_client_that_was_told_another_fingerprint_is_not_let_in),
		TEST(who_replays_all_that_was_sent_gets_nothing_and_disturbs_nobody),
		TEST(nobody_takes_anothers_address),
		TEST(an_ice_restart_keeps_keys_streams_and_sound),
		TEST(noise_from_everywhere_is_met_with_silence),
	};
	return RUN("flow/join", tests);
}
