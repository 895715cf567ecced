#include "../check.h"
#include "rtc/layers.h"

static struct mono s(double n)
{
	return (struct mono){ .us = (int64_t)(n * 1e6) };
}

/* Of three layers: two thirds of the pictures are above the lowest. */
static const int64_t BPS[LAYERS_MAX] = { 100000, 50000, 100000 };

static void fewer_at_once_and_more_after_a_while(void **state)
{
	(void)state;
	static const struct {
		double at;
		int64_t room_bps;
		uint8_t most;
	} CASES[] = {
		{ 0, 1000000, 7 }, /* all there may be */
		{ 1, 220000, 7 },  /* the line bears a little more than it says */
		{ 2, 170000, 1 },  { 2.1, 100000, 0 },  { 3, 10000, 0 }, /* the lowest is what there is */
		{ 4, 160000, 0 },  { 5.9, 160000, 0 },  { 6.1, 160000, 1 }, { 7, 260000, 1 },
		{ 8, 100000, 0 }, /* it did not last */
		{ 9, 260000, 0 },  { 11.1, 260000, 7 },
	};
	struct layers l;
	layers_init(&l);
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		layers_fit(&l, BPS, CASES[i].room_bps, s(CASES[i].at));
		assert_int_equal(l.most, CASES[i].most);
	}
}

static void without_layers_nothing_is_left_out(void **state)
{
	(void)state;
	static const int64_t ONE[LAYERS_MAX] = { 300000 };
	struct layers l;
	layers_init(&l);
	for (uint32_t n = 0; n < 100; n++) {
		layers_fit(&l, ONE, 50000, s(n));
		CHECK(layers_take(&l, &(struct frame){ .key = n == 0 }, n, n % 2));
	}
}

static void a_higher_layer_comes_back_where_it_can_be_shown(void **state)
{
	(void)state;
	static const struct {
		uint8_t most, layer;
		bool key, switch_up, late, goes;
	} CASES[] = {
		{ 7, 0, true, false, false, true },   { 7, 1, false, false, false, true },
		{ 7, 0, false, false, true, true },   /* never left out */
		{ 7, 1, false, true, true, false },   /* it waited */
		{ 7, 1, false, false, false, false }, /* it needs the one before */
		{ 7, 0, false, false, false, true },  { 7, 1, false, true, false, true },
		{ 0, 1, false, true, false, false }, /* no room */
		{ 7, 0, true, false, false, true },   { 7, 2, false, false, false, true },
		{ 1, 2, false, true, false, false },  { 1, 1, false, false, false, true },
	};
	struct layers l;
	layers_init(&l);
	for (uint32_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct frame frame = { .layer = CASES[i].layer,
				       .key = CASES[i].key,
				       .switch_up = CASES[i].switch_up };
		l.most = CASES[i].most;
		uint32_t timestamp = 0xffffff00u + i * 100; /* it wraps */
		assert_int_equal(layers_take(&l, &frame, timestamp, CASES[i].late), CASES[i].goes);
		/* All of a picture fares the same, whatever becomes of the line meanwhile. */
		l.most = 7 - l.most;
		assert_int_equal(layers_take(&l, &frame, timestamp, !CASES[i].late), CASES[i].goes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fewer_at_once_and_more_after_a_while),
		TEST(without_layers_nothing_is_left_out),
		TEST(a_higher_layer_comes_back_where_it_can_be_shown),
	};
	return RUN("rtc/layers", tests);
}
