/*
 * test_visit.c - two people meet, look at each other, and go.
 */
#include "../unit/check.h"
#include "world.h"

/* A prisoner at end 0 and a visitor at end 1 who hear and see each other. */
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

static void two_ends_hear_and_see_each_other(void **state)
{
	(void)state;
	struct world *world = meet(1);
	world_run(world, 10000);
	for (size_t i = 0; i < 2; i++) {
		struct client *client = &world->clients[i];
		assert_int_equal(client->source[0], 1 - i);
		assert_int_equal(client->source[1], 1 - i);
		assert_int_equal(client->source[2], MEDIA_NO_END);
		CHECK(client->slots_before_packets);
		CHECK(client->shown[0].count > 490);
		CHECK(shown_frames(&client->shown[1]) > 145);
		for (size_t k = 0; k < 4; k++) {
			assert_int_equal(client->shown[k].wrong, 0);
			assert_int_equal(client->shown[k].twice, 0);
			assert_int_equal(shown_missing(&client->shown[k]), 0);
		}
		CHECK(client->feedback > 50);
		CHECK(client->shown[0].reports > 5);
		assert_int_equal(client->shown[2].count, 0);
	}
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_ends_hear_and_see_each_other),
	};
	return RUN("flow/visit", tests);
}
