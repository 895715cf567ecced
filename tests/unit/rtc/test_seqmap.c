#include "../check.h"
#include "base/random.h"
#include "rtc/seqmap.h"

static uint64_t map(struct seqmap *m, uint64_t in)
{
	uint64_t out = 0;
	CHECK(seqmap_map(m, in, &out));
	return out;
}

static void losses_stay_losses(void **state)
{
	(void)state;
	struct seqmap m;
	seqmap_init(&m, 500);
	seqmap_switch(&m, 9000, 0);
	assert_int_equal(map(&m, 9000), 500);
	assert_int_equal(map(&m, 9003), 503);
	assert_int_equal(map(&m, 9001), 501);
	assert_int_equal(map(&m, 9004), 504);
}

static void a_new_source_goes_on_where_the_old_one_stopped(void **state)
{
	(void)state;
	struct seqmap m;
	uint64_t out;
	seqmap_init(&m, 1);
	seqmap_switch(&m, 100, 0);
	assert_int_equal(map(&m, 104), 5);
	seqmap_switch(&m, 7, 0);
	assert_int_equal(map(&m, 7), 6);
	CHECK(!seqmap_map(&m, 6, &out)); /* older than its start */
	seqmap_switch(&m, 50000, 1);     /* in mid-frame: one number stays unused */
	assert_int_equal(map(&m, 50000), 8);
}

static void what_is_next_can_be_renumbered_away(void **state)
{
	(void)state;
	struct seqmap m;
	seqmap_init(&m, 1);
	seqmap_switch(&m, 10, 0);
	assert_int_equal(map(&m, 10), 1);
	CHECK(seqmap_drop(&m, 11, false));
	CHECK(seqmap_drop(&m, 12, false));
	assert_int_equal(map(&m, 13), 2);
	CHECK(!seqmap_drop(&m, 15, false)); /* 14 may still come */
	assert_int_equal(map(&m, 15), 4);
	assert_int_equal(map(&m, 14), 3);
	CHECK(!seqmap_drop(&m, 15, false));
	CHECK(seqmap_drop(&m, 16, false));
	assert_int_equal(map(&m, 17), 5);
}

/* What numbers pictures goes on without those that were left out, also for who comes late. */
static void pictures_left_out_are_counted(void **state)
{
	(void)state;
	struct seqmap m;
	seqmap_init(&m, 1);
	seqmap_switch(&m, 10, 0);
	assert_int_equal(map(&m, 10), 1);
	CHECK(seqmap_drop(&m, 11, false));
	assert_int_equal(seqmap_pictures(&m, 12), 0);
	CHECK(seqmap_drop(&m, 12, true));
	assert_int_equal(map(&m, 13), 2);
	assert_int_equal(seqmap_pictures(&m, 13), 1);
	assert_int_equal(map(&m, 15), 4); /* 14 is late */
	CHECK(seqmap_drop(&m, 16, true));
	assert_int_equal(seqmap_pictures(&m, 17), 2);
	assert_int_equal(seqmap_pictures(&m, 14), 1);
	assert_int_equal(seqmap_pictures(&m, 10), 0);
	seqmap_switch(&m, 70, 0);
	assert_int_equal(seqmap_pictures(&m, 70), 0);
}

/* Whatever is lost, late or dropped: no two packets share a number, order is kept. */
static void no_number_is_used_twice(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct random random = random_seeded(seed);
		struct seqmap m;
		static uint64_t out_of[4000];
		memset(out_of, 0, sizeof out_of);
		seqmap_init(&m, 1);
		seqmap_switch(&m, 0, 0);
		uint64_t late[8];
		size_t lates = 0;
		for (uint64_t in = 0; in < 2000; in++) {
			uint64_t luck = random_below(&random, 10);
			if (luck == 0)
				continue;
			if (luck == 1 && lates < 8) {
				late[lates++] = in;
				continue;
			}
			if (luck < 4 && seqmap_drop(&m, in, false))
				continue;
			CHECK(seqmap_map(&m, in, &out_of[in]));
			while (lates > 0 && luck > 7) {
				uint64_t old = late[--lates];
				if (!seqmap_map(&m, old, &out_of[old]))
					out_of[old] = 0; /* older than the intervals kept */
			}
		}
		uint64_t before = 0;
		for (uint64_t in = 0; in < 2000; in++) {
			if (!out_of[in])
				continue;
			CHECK(out_of[in] > before);
			before = out_of[in];
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(losses_stay_losses),
		TEST(a_new_source_goes_on_where_the_old_one_stopped),
		TEST(what_is_next_can_be_renumbered_away),
		TEST(pictures_left_out_are_counted),
		TEST(no_number_is_used_twice),
	};
	return RUN("rtc/seqmap", tests);
}
