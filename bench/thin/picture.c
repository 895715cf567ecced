/*
 * picture - makes the film of bench/thin-lines, and judges pictures of it that came over a line.
 *
 *	picture film WHO       the film as Y4M, to standard output
 *	picture luma WHO       its luma alone, frame after frame (Firefox draws its camera from it)
 *	picture judge          reads pictures: a line "WHO FRAME WIDTH HEIGHT", then that many bytes
 *	                       of luma, and so on; prints for each a line of JSON, in their order
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "film.h"
#include "quality.h"

enum {
	SIDE_MAX = 4096,
	SIDE_MIN = 16,
};

static uint8_t frame_bytes[FILM_WIDTH * FILM_HEIGHT];

static void put(const void *bytes, size_t len)
{
	if (fwrite(bytes, 1, len, stdout) != len) {
		perror("picture");
		exit(1);
	}
}

static int write_film(int who, int with_colour)
{
	static uint8_t cb[FILM_WIDTH * FILM_HEIGHT / 4], cr[sizeof cb];
	film_chroma(who, cb, cr);
	if (with_colour)
		printf("YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", FILM_WIDTH, FILM_HEIGHT,
		       FILM_FPS);
	for (int frame = 0; frame < FILM_FRAMES; frame++) {
		film_luma(who, frame, frame_bytes);
		if (with_colour)
			printf("FRAME\n");
		put(frame_bytes, sizeof frame_bytes);
		if (with_colour) {
			put(cb, sizeof cb);
			put(cr, sizeof cr);
		}
	}
	return 0;
}

static void judge_one(int who, int frame, const struct plane *whole)
{
	film_luma(who, frame, frame_bytes);
	struct plane source = plane_of(frame_bytes, FILM_WIDTH, FILM_HEIGHT, FILM_CODE);
	struct plane full = plane_scaled(whole, FILM_WIDTH, FILM_HEIGHT);
	struct plane picture = plane_new(FILM_WIDTH, FILM_HEIGHT - FILM_CODE);
	memcpy(picture.at, full.at + FILM_CODE * FILM_WIDTH,
	       picture.width * picture.height * sizeof *picture.at);
	printf("{\"who\":%d,\"frame\":%d,\"ssim\":%.4f,\"vif\":%.4f}\n", who, frame,
	       ssim(&source, &picture), vif(&source, &picture));
	plane_free(&source);
	plane_free(&full);
	plane_free(&picture);
}

static int fail(const char *why)
{
	fprintf(stderr, "picture: %s\n", why);
	return 2;
}

static int judge(void)
{
	int who, frame;
	unsigned width, height;
	int fields;
	while ((fields = scanf("%d %d %u %u", &who, &frame, &width, &height)) == 4) {
		if (getchar() != '\n' || width < SIDE_MIN || width > SIDE_MAX ||
		    height < SIDE_MIN || height > SIDE_MAX || frame < 0 || frame >= FILM_FRAMES)
			return fail("expected WHO FRAME WIDTH HEIGHT");
		size_t len = (size_t)width * height;
		uint8_t *luma = malloc(len);
		if (!luma || fread(luma, 1, len, stdin) != len) {
			free(luma);
			return fail("a picture is cut off");
		}
		struct plane whole = plane_of(luma, width, height, 0);
		judge_one(who, frame, &whole);
		plane_free(&whole);
		free(luma);
	}
	return fields == EOF ? 0 : fail("expected WHO FRAME WIDTH HEIGHT");
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "film") == 0)
		return write_film((int)strtol(argv[2], NULL, 10), 1);
	if (argc == 3 && strcmp(argv[1], "luma") == 0)
		return write_film((int)strtol(argv[2], NULL, 10), 0);
	if (argc == 2 && strcmp(argv[1], "judge") == 0)
		return judge();
	return fail("usage: picture film WHO | luma WHO | judge");
}
