/*
 * test_places.c - a prisoner and a family in four places: everybody hears and sees everybody else, in
 * slots that stay, and what happens to one device changes nothing between the others.
 */
#include "../unit/check.h"
#include "world.h"

enum {
	ENDS = 5,
	PAIRS = ENDS - 1,
};

static void route_all(struct world *world, uint8_t ends)
{
	for (uint8_t to = 0; to < ENDS; to++)
		for (uint8_t from = 0; from < ENDS; from++)
			if (to != from) {
				bool both = (ends >> to & 1) && (ends >> from & 1);
				world_route(world, to, from, both, both);
			}
}

static struct world *family(uint64_t seed)
{
	struct world *world = world_new(seed, MEDIA_SOCIAL, 3600);
	for (uint8_t end = 0; end < ENDS; end++) {
		size_t at =
		    world_join(world, end, end == 0 ? MEDIA_PRISONER : MEDIA_VISITOR, PAIRS);
		world->clients[at].tells = world->clients[at].obeys = true; /* as our pages do */
		CHECK(world_connect(world, at));
	}
	route_all(world, (1 << ENDS) - 1);
	return world;
}

/* The pair in which a client shows that end; PAIRS: none. */
static size_t pair_of(const struct client *client, uint8_t end)
{
	size_t pair = 0;
	while (pair < PAIRS && client->source[2 * pair] != end)
		pair++;
	return pair;
}

static void check_shows(const struct client *client, uint8_t ends)
{
	for (uint8_t end = 0; end < ENDS; end++) {
		bool wanted = (ends >> end & 1) && end != client->end;
		size_t pair = pair_of(client, end);
		CHECK((pair < PAIRS) == wanted);
		if (wanted)
			assert_int_equal(client->source[2 * pair + 1], end);
	}
}

static void check_promises(const struct client *client)
{
	CHECK(client->slots_before_packets);
	for (size_t i = 0; i < 2 * client->pairs; i++) {
		assert_int_equal(client->shown[i].wrong, 0);
		assert_int_equal(client->shown[i].twice, 0);
	}
}

static size_t heard(const struct client *client, uint8_t end)
{
	return client->shown[2 * pair_of(client, end)].count;
}

static void five_ends_hear_and_see_each_other_in_slots_of_their_own(void **state)
{
	(void)state;
	struct world *world = family(31);
	world_run(world, 10000);
	for (size_t i = 0; i < ENDS; i++) {
		const struct client *client = &world->clients[i];
		check_shows(client, (1 << ENDS) - 1);
		check_promises(client);
		for (size_t pair = 0; pair < PAIRS; pair++) {
			/* Packets of 60 ms at the longest, and none missing. */
			CHECK(client->shown[2 * pair].count > 150);
			assert_int_equal(shown_missing(&client->shown[2 * pair]), 0);
			size_t frames = shown_frames(&client->shown[2 * pair + 1]);
			if (frames < 20)
				fail_msg("end %zu, pair %zu: %zu frames", i, pair, frames);
			/* One person a slot, for good. */
			assert_int_equal(client->ever[2 * pair], 1 << client->source[2 * pair]);
		}
		assert_int_equal(world->second.ends[i].heard_by,
				 ((1 << ENDS) - 1) & ~(1 << client->end));
	}
	CHECK(world->second.both_hear);
	world_free(world);
}

static void the_clock_needs_the_prisoner_and_one_visitor(void **state)
{
	(void)state;
	static const struct {
		uint8_t ends;
		bool runs;
	} cases[] = {
		{ 1 << 0 | 1 << 3, true },
		{ 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4, false },
		{ 1 << 0, false },
		{ 1 << 0 | 1 << 1 | 1 << 4, true },
	};
	struct world *world = family(32);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		route_all(world, cases[i].ends);
		world_run(world, 2500);
		if (world->second.both_hear != cases[i].runs)
			fail_msg("case %zu: %d", i, world->second.both_hear);
	}
	world_free(world);
}

static void who_drops_and_comes_back_is_where_they_were(void **state)
{
	(void)state;
	struct world *world = family(33);
	world_run(world, 2000);
	size_t before[ENDS];
	for (size_t i = 0; i < ENDS; i++)
		before[i] = pair_of(&world->clients[i], 2);
	size_t between = heard(&world->clients[4], 3);
	world->clients[2].up.lost_of_1000 = world->clients[2].down.lost_of_1000 = 1000;
	world_run(world, 5000);
	CHECK(world->second.both_hear);
	CHECK(heard(&world->clients[4], 3) > between + 75);
	/* A new connection for the same seat. */
	size_t again = world_join(world, 2, MEDIA_VISITOR, PAIRS);
	CHECK(world_connect(world, again));
	world_run(world, 3000);
	for (size_t i = 0; i < ENDS; i++) {
		if (i == 2)
			continue;
		assert_int_equal(pair_of(&world->clients[i], 2), before[i]);
		check_promises(&world->clients[i]);
	}
	check_shows(&world->clients[again], (1 << ENDS) - 1);
	world_free(world);
}

static void who_is_not_admitted_is_neither_heard_nor_seen(void **state)
{
	(void)state;
	struct world *world = family(34);
	uint8_t admitted = (1 << ENDS) - 1 - (1 << 3);
	route_all(world, admitted);
	world_run(world, 500);
	for (size_t i = 0; i < ENDS; i++)
		if (i != 3)
			check_shows(&world->clients[i], admitted);
	size_t got = 0;
	for (size_t i = 0; i < 2 * PAIRS; i++)
		got += world->clients[3].shown[i].count;
	world_run(world, 3000);
	for (size_t i = 0; i < 2 * PAIRS; i++)
		got -= world->clients[3].shown[i].count;
	assert_int_equal(got, 0);
	CHECK(world->second.both_hear && world->second.ends[3].heard_by == 0);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(five_ends_hear_and_see_each_other_in_slots_of_their_own),
		TEST(the_clock_needs_the_prisoner_and_one_visitor),
		TEST(who_drops_and_comes_back_is_where_they_were),
		TEST(who_is_not_admitted_is_neither_heard_nor_seen),
	};
	return RUN("flow/places", tests);
}
