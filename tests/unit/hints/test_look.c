#include "hints/look.h"

#include <string.h>

#include "../check.h"
#include "base/random.h"

enum {
	WIDTH = 320,
	HEIGHT = 180,
};

static uint8_t pixels[HEIGHT][WIDTH + 32];

static struct luma luma(void)
{
	return (struct luma){
		.at = pixels[0], .stride = sizeof pixels[0], .width = WIDTH, .height = HEIGHT
	};
}

/* One level, and grain of so many steps to both sides. */
static void fill(int level, unsigned grain)
{
	struct random random = random_seeded(7);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH + 32; x++) {
			int off =
			    grain == 0 ? 0 : (int)random_below(&random, 2 * grain + 1) - (int)grain;
			int at = level + off;
			pixels[y][x] = (uint8_t)(at < 0 ? 0 : at > 255 ? 255 : at);
		}
}

/* Somebody before a wall: a lighter oval, a darker one below. */
static void draw_person(int at_x)
{
	fill(120, 3);
	for (int y = 20; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			int dx = x - at_x, dy = y - 70;
			if (dx * dx * 2 + dy * dy < 45 * 45)
				pixels[y][x] = (uint8_t)(180 + (x * y) % 13);
			else if (y > 110 && dx * dx < 80 * 80)
				pixels[y][x] = (uint8_t)(60 + (x + y) % 9);
		}
}

static struct look look(void)
{
	struct look out;
	struct luma l = luma();
	CHECK(look_of(&l, &out));
	return out;
}

static void light_and_grain_are_measured(void **state)
{
	(void)state;
	fill(100, 0);
	struct look l = look();
	CHECK(l.mean == 1600 && l.spread == 0 && l.detail == 0);
	for (size_t i = 0; i < LOOK_CELLS; i++)
		CHECK(l.likeness[i] == 1600);
	for (int y = 0; y < HEIGHT; y++)
		memset(pixels[y] + WIDTH / 2, 200, WIDTH / 2);
	l = look();
	CHECK(l.mean == 2400 && l.spread == 800); /* half of it 50 below the mean, half 50 above */
	CHECK(l.likeness[0] == 1600 && l.likeness[LOOK_COLUMNS - 1] == 3200);
}

static void what_lies_beside_the_picture_is_not_looked_at(void **state)
{
	(void)state;
	fill(100, 0);
	for (int y = 0; y < HEIGHT; y++)
		memset(pixels[y] + WIDTH, 255, 32);
	CHECK(look().mean == 1600);
}

static void dark_and_flat_pictures_are_covered_and_people_are_not(void **state)
{
	(void)state;
	static const struct {
		int level;
		unsigned grain;
		bool covered;
	} CASES[] = {
		{ 16, 0, true },                     /* black */
		{ 20, 3, true },                     /* a finger on the lens, and its noise */
		{ 24, 6, true },  { 120, 0, true },  /* a muted camera's grey */
		{ 235, 0, true },                    /* white */
		{ 90, 1, true },                     /* a cloth right before it */
		{ 90, 3, false },                    /* a wall, with the grain of a camera */
		{ 90, 8, false }, { 40, 20, false }, /* a dark room */
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		fill(CASES[i].level, CASES[i].grain);
		struct look l = look();
		assert_int_equal(look_is_covered(&l), CASES[i].covered);
	}
	draw_person(160);
	struct look l = look();
	CHECK(!look_is_covered(&l));
}

static void whoever_moves_makes_a_difference_and_a_repeat_does_not(void **state)
{
	(void)state;
	draw_person(160);
	struct look before = look();
	CHECK(look_difference(&before, &before) == 0);
	draw_person(164); /* by a hundredth of the picture */
	struct look after = look();
	CHECK(look_difference(&before, &after) > 64);
}

static void sizes_that_tell_nothing_are_refused(void **state)
{
	(void)state;
	struct look out;
	fill(100, 0);
	const struct luma cases[] = {
		{ pixels[0], sizeof pixels[0], 0, 0 },
		{ pixels[0], sizeof pixels[0], LOOK_WIDTH_MIN - 1, HEIGHT },
		{ pixels[0], sizeof pixels[0], WIDTH, LOOK_HEIGHT_MIN - 1 },
		{ pixels[0], sizeof pixels[0], LOOK_SIDE_MAX + 1, HEIGHT },
		{ pixels[0], sizeof pixels[0], WIDTH, LOOK_SIDE_MAX + 1 },
		{ pixels[0], WIDTH - 1, WIDTH, HEIGHT },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(!look_of(&cases[i], &out));
	/* Of every other size each cell has a share. */
	for (unsigned w = LOOK_WIDTH_MIN; w <= WIDTH; w++) {
		struct luma l = { pixels[0], sizeof pixels[0], w, LOOK_HEIGHT_MIN + w % 100 };
		CHECK(look_of(&l, &out) && out.mean == 1600);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(light_and_grain_are_measured),
		TEST(what_lies_beside_the_picture_is_not_looked_at),
		TEST(dark_and_flat_pictures_are_covered_and_people_are_not),
		TEST(whoever_moves_makes_a_difference_and_a_repeat_does_not),
		TEST(sizes_that_tell_nothing_are_refused),
	};
	return RUN("hints/look", tests);
}
