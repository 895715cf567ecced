/*
 * test_faces.c - the model, on photographs of people that come with it.
 *
 * test_faces DIRECTORY of sample1.jpg and so on.
 */
#include "hints/faces.h"

#include <stdlib.h>

#include "../../common/photo.h"
#include "../check.h"
#include "base/mem.h"

static const char *directory;

static struct faces *faces;

static int set_up(void **state)
{
	(void)state;
	faces = faces_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	faces_free(faces);
	return 0;
}

/* As a camera on a desk sees them. */
static void people_near_the_camera_are_counted(void **state)
{
	(void)state;
	static const struct {
		int photo;
		unsigned at[4]; /* left, top, width, height */
		unsigned faces;
	} CASES[] = {
		{ 1, { 139, 83, 236, 278 }, 1 },  /* painted */
		{ 1, { 375, 139, 278, 278 }, 1 }, /* looks down */
		{ 1, { 667, 56, 278, 278 }, 1 },  { 3, { 222, 97, 278, 250 }, 1 },
		{ 3, { 514, 42, 194, 278 }, 1 },  { 3, { 722, 83, 278, 278 }, 1 },
		{ 6, { 0, 167, 333, 222 }, 1 },   { 6, { 278, 83, 264, 278 }, 1 },
		{ 6, { 750, 56, 250, 222 }, 1 },  { 3, { 500, 42, 500, 347 }, 2 },
		{ 6, { 0, 83, 542, 347 }, 2 },    { 3, { 0, 0, 1000, 700 }, 3 },
		{ 6, { 0, 0, 1000, 800 }, 4 },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct photo p = photo_open(directory, CASES[i].photo);
		struct film film = photo_part(&p, CASES[i].at);
		struct faces_seen seen = faces_find(faces, &film);
		print_message("# %zu: %u of %u\n", i, seen.sure, CASES[i].faces);
		assert_int_equal(seen.sure, CASES[i].faces);
		CHECK(seen.anybody);
		photo_close(&p);
	}
}

static void where_nobody_is_nobody_is_found(void **state)
{
	(void)state;
	static const struct {
		int photo;
		unsigned at[4];
	} CASES[] = {
		{ 6, { 0, 0, 83, 778 } },     /* blinds */
		{ 3, { 0, 0, 250, 361 } },    /* a door */
		{ 1, { 0, 278, 139, 380 } },  /* a wall */
		{ 1, { 333, 0, 278, 153 } },  /* a dark window with lamps */
		{ 6, { 83, 444, 889, 333 } }, /* clothes, arms and hands */
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct photo p = photo_open(directory, CASES[i].photo);
		struct film film = photo_part(&p, CASES[i].at);
		struct faces_seen seen = faces_find(faces, &film);
		print_message("# %zu: %u\n", i, seen.sure);
		CHECK(seen.sure == 0 && !seen.anybody);
		photo_close(&p);
	}
}

/* The same answer after whatever went before. */
static void a_picture_leaves_nothing_behind(void **state)
{
	(void)state;
	struct photo first = photo_open(directory, 3), other = photo_open(directory, 6);
	struct faces_seen before = faces_find(faces, &first.film);
	CHECK(faces_find(faces, &other.film).sure != before.sure);
	struct faces_seen after = faces_find(faces, &first.film);
	CHECK(before.sure == after.sure && before.anybody == after.anybody);
	photo_close(&first);
	photo_close(&other);
}

static void pictures_of_any_size_are_looked_at(void **state)
{
	(void)state;
	static const unsigned SIZES[][2] = { { LOOK_WIDTH_MIN, LOOK_HEIGHT_MIN },
					     { LOOK_SIDE_MAX, LOOK_HEIGHT_MIN },
					     { LOOK_WIDTH_MIN, LOOK_SIDE_MAX },
					     { 321, 241 },
					     { 1920, 1080 } };
	for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
		unsigned width = SIZES[i][0], height = SIZES[i][1];
		size_t wide = (width + 1) / 2, light = (size_t)width * height;
		size_t colour = wide * ((height + 1) / 2);
		uint8_t *all = mem_new(light + colour, 1);
		struct film film = {
			{ all, width, width, height }, all + light, all + light, wide
		};
		for (size_t k = 0; k < light + colour; k++)
			all[k] = (uint8_t)(k < light ? 16 + k % 200 : 128);
		CHECK(faces_find(faces, &film).sure == 0);
		free(all);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	directory = argv[1];
	const struct CMUnitTest tests[] = {
		TEST(people_near_the_camera_are_counted),
		TEST(where_nobody_is_nobody_is_found),
		TEST(a_picture_leaves_nothing_behind),
		TEST(pictures_of_any_size_are_looked_at),
	};
	return cmocka_run_group_tests_name("hints/faces", tests, set_up, tear_down);
}
