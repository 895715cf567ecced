/*
 * test_lost_time.c - what is counted as lost is what was lost: exact to a second, whatever the line did.
 *
 * Outages of many lengths, of either direction, told second by second as pvl-web hears of them and
 * counted as it counts (domain/lost.h).
 */
#include "../unit/check.h"
#include "base/random.h"
#include "domain/lost.h"
#include "world.h"

struct count {
	struct lost_clock clock;
	int heard_s;
	int lost_s;
	uint32_t last;
};

/* Runs so long, and counts each second that is told. */
static void run(struct world *world, struct count *count, int64_t ms)
{
	for (int64_t at = 0; at < ms; at += 100) {
		world_run(world, 100);
		if (world->second.second == count->last)
			continue;
		count->last = world->second.second;
		struct lost_step step = lost_clock_second(&count->clock, world->second.both_hear,
							  world->second.apart_ms);
		count->heard_s += step.heard_s;
		count->lost_s += step.lost_s;
	}
}

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

static void cut(struct client *client, bool up, bool down, unsigned lost_of_1000)
{
	if (up)
		client->up.lost_of_1000 = lost_of_1000;
	if (down)
		client->down.lost_of_1000 = lost_of_1000;
}

/* One outage of this length, begun at any moment of a second. */
static void outage(uint64_t seed, bool up, bool down, int64_t ms)
{
	struct world *world = meet(seed);
	struct count count = { 0 };
	run(world, &count, 5000 + (int64_t)(seed % 10) * 100);
	int lost = count.lost_s, heard = count.heard_s;
	cut(&world->clients[1], up, down, 1000);
	run(world, &count, ms);
	cut(&world->clients[1], up, down, 0);
	run(world, &count, 6000);
	int out = count.lost_s - lost;
	if (llabs(out * 1000LL - ms) > 1000)
		fail_msg("seed %llu, %s%s: %lld ms out, %d s counted", (unsigned long long)seed,
			 up ? "up" : "", down ? "down" : "", (long long)ms, out);
	int whole = count.heard_s - heard + out;
	if (llabs(whole * 1000LL - ms - 6000) > 1100)
		fail_msg("%lld ms, %d s heard or lost", (long long)ms + 6000, whole);
	world_free(world);
}

static void an_outage_is_counted_to_the_second(void **state)
{
	(void)state;
	static const int64_t LENGTHS_MS[] = { 2000, 2900, 3500, 5000, 7300, 10000, 20000 };
	uint64_t seed = 1;
	for (size_t i = 0; i < sizeof LENGTHS_MS / sizeof *LENGTHS_MS; i++)
		for (size_t k = 0; k < 3; k++)
			outage(seed++, true, true, LENGTHS_MS[i]);
}

static void so_is_one_of_a_single_direction(void **state)
{
	(void)state;
	static const int64_t LENGTHS_MS[] = { 2500, 5200, 10000 };
	uint64_t seed = 50;
	for (size_t i = 0; i < sizeof LENGTHS_MS / sizeof *LENGTHS_MS; i++)
		for (size_t k = 0; k < 2; k++) {
			outage(seed++, true, false, LENGTHS_MS[i]);
			outage(seed++, false, true, LENGTHS_MS[i]);
		}
}

/* A fifth of all packets lost is a bad line, and no lost time: people hear each other. */
static void a_lossy_line_loses_no_time(void **state)
{
	(void)state;
	struct world *world = meet(90);
	struct count count = { 0 };
	run(world, &count, 5000);
	int before = count.lost_s;
	cut(&world->clients[1], true, true, 200);
	run(world, &count, 60000);
	CHECK(count.lost_s - before <= 1);
	CHECK(count.heard_s >= 62);
	world_free(world);
}

/* What the ends did in the second says where it broke. */
static void the_second_tells_which_end_fell_silent(void **state)
{
	(void)state;
	struct world *world = meet(91);
	world_run(world, 5000);
	cut(&world->clients[1], true, true, 1000);
	world_run(world, 2600);
	CHECK(!world->second.both_hear);
	CHECK(world->second.ends[1].silent_ms > 1200);
	CHECK(world->second.ends[0].silent_ms < 1000);
	CHECK(!world->second.ends[0].deaf);
	cut(&world->clients[1], true, true, 0);
	world_run(world, 3000);
	CHECK(world->second.both_hear);
	cut(&world->clients[1], false, true, 1000);
	world_run(world, 3200);
	CHECK(!world->second.both_hear);
	CHECK(world->second.ends[1].deaf);
	CHECK(world->second.ends[1].silent_ms < 1000);
	world_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_outage_is_counted_to_the_second),
		TEST(so_is_one_of_a_single_direction),
		TEST(a_lossy_line_loses_no_time),
		TEST(the_second_tells_which_end_fell_silent),
	};
	return RUN("flow/lost_time", tests);
}
