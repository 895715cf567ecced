#include "rtc/redundant.h"

#include "../check.h"
#include "wire/red.h"

enum {
	OPUS = 111,
	STEP = 960, /* 20 ms */
};

static struct bytes pack(struct redundant *r, unsigned n, size_t len, size_t again)
{
	static uint8_t frame[1275];
	memset(frame, (int)n, sizeof frame);
	return redundant_pack(r, OPUS, 5000 + n * STEP, bytes_of(frame, len), again);
}

static void each_frame_goes_again_behind_the_next_ones(void **state)
{
	(void)state;
	struct redundant r = { 0 };
	for (unsigned n = 0; n < 20; n++) {
		struct red red;
		size_t again = n % 4;
		CHECK(!red_parse(pack(&r, n, 40 + n, again), &red));
		size_t before = n < again ? n : again;
		assert_int_equal(red.count, before + 1);
		for (size_t i = 0; i < red.count; i++) {
			unsigned older = (unsigned)(before - i);
			assert_int_equal(red.block[i].payload_type, OPUS);
			assert_int_equal(red.block[i].timestamp_offset, older * STEP);
			assert_int_equal(red.block[i].data.len, 40 + n - older);
			assert_int_equal(red.block[i].data.at[0], n - older);
		}
	}
}

static void what_comes_late_goes_alone_and_is_not_sent_again(void **state)
{
	(void)state;
	struct redundant r = { 0 };
	struct red red;
	CHECK(pack(&r, 7, 50, 2).len > 0);
	CHECK(pack(&r, 6, 50, 2).len == 0);
	CHECK(!red_parse(pack(&r, 8, 50, 2), &red));
	assert_int_equal(red.count, 2);
	assert_int_equal(red.block[0].data.at[0], 7);
}

/* The format tells at most 14 bits of time back: 341 ms. */
static void what_is_long_ago_is_not_sent_again(void **state)
{
	(void)state;
	struct redundant r = { 0 };
	struct red red;
	CHECK(pack(&r, 0, 50, 3).len > 0);
	CHECK(!red_parse(pack(&r, 17, 50, 3), &red));
	assert_int_equal(red.count, 2);
	CHECK(!red_parse(pack(&r, 40, 50, 3), &red));
	assert_int_equal(red.count, 1);
}

static void another_person_s_sound_is_never_behind_it(void **state)
{
	(void)state;
	struct redundant r = { 0 };
	struct red red;
	CHECK(pack(&r, 1, 50, 3).len > 0);
	redundant_clear(&r);
	CHECK(!red_parse(pack(&r, 2, 50, 3), &red));
	assert_int_equal(red.count, 1);
}

static void what_is_packed_has_a_bound(void **state)
{
	(void)state;
	struct redundant r = { 0 };
	struct red red;
	for (unsigned n = 0; n < 6; n++)
		CHECK(pack(&r, n, REDUNDANT_FRAME_MAX, 3).len <= REDUNDANT_ROOM);
	CHECK(!red_parse(pack(&r, 6, REDUNDANT_FRAME_MAX, 3), &red));
	CHECK(red.count >= 3);
	CHECK(pack(&r, 7, 1275, 3).len == 0); /* alone, whatever it was */
	CHECK(!red_parse(pack(&r, 8, 100, 3), &red));
	assert_int_equal(red.count, 1); /* the long one is not sent again */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_frame_goes_again_behind_the_next_ones),
		TEST(what_comes_late_goes_alone_and_is_not_sent_again),
		TEST(what_is_long_ago_is_not_sent_again),
		TEST(another_person_s_sound_is_never_behind_it),
		TEST(what_is_packed_has_a_bound),
	};
	return RUN("rtc/redundant", tests);
}
