/* sys/decoder with the real pvl-picture, argv[1], and with one that hangs, argv[2]. */
#include "sys/decoder.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "photos.h"
#include "picture/picture.h"
#include "sys/clock.h"

static struct decoder *d;
static const char *program;
static const char *hanging;

static struct decoder_result wait_for_one(void)
{
	struct decoder_result r = { .err = ERR_BAD };
	for (int i = 0; i < 100; i++) {
		struct pollfd f = { .fd = decoder_fd(d), .events = POLLIN };
		if (decoder_next_result(d, mono_now(), &r))
			break;
		(void)poll(&f, 1, 200);
	}
	return r;
}

static int code_of(struct bytes photo)
{
	static uint64_t job = 1000;
	CHECK(decoder_submit(d, ++job, photo, mono_now()) == OK);
	struct decoder_result r = wait_for_one();
	CHECK(r.job == job && r.err == OK);
	CHECK((r.code == 0) == (r.picture.len > 0));
	decoder_done(d, job);
	return r.code;
}

static void a_photo_comes_back_made_anew(void **state)
{
	(void)state;
	struct bytes photo = photo_jpeg(3000, 2000, 0);
	CHECK(decoder_submit(d, 1, photo, mono_now()) == OK);
	struct decoder_result r = wait_for_one();
	CHECK(r.job == 1 && r.err == OK && r.code == PICTURE_OK);
	int width, height, sampling;
	tjhandle handle = tjInitDecompress();
	CHECK(tjDecompressHeader2(handle, (uint8_t *)(uintptr_t)r.picture.at, r.picture.len, &width,
				  &height, &sampling) == 0);
	CHECK(width == 1600 && height == 1067 - 1);
	tjDestroy(handle);
	decoder_done(d, 1);
	tjFree((uint8_t *)(uintptr_t)photo.at);
}

static void what_hurts_one_photo_hurts_no_other(void **state)
{
	(void)state;
	struct bytes good = photo_jpeg(640, 480, 0);
	CHECK(code_of(bytes_from_text("%PDF-1.7")) == PICTURE_OTHER_KIND);
	CHECK(code_of(good) == PICTURE_OK);
	CHECK(code_of(png_header(65535, 65535)) == PICTURE_TOO_LARGE);
	CHECK(code_of(png_header(7000, 7000)) == PICTURE_BROKEN);
	CHECK(code_of(bytes_of(good.at, good.len / 2)) == PICTURE_BROKEN);
	CHECK(code_of(good) == PICTURE_OK);
	tjFree((uint8_t *)(uintptr_t)good.at);
}

/* 49 million pixels, all red, in a few hundred kilobytes; and the same as one that needs all of itself at once. */
static void a_photo_that_unfolds_to_much_is_bounded(void **state)
{
	(void)state;
	struct bytes flat = photo_jpeg(7000, 7000, 0),
		     scans = photo_jpeg(7000, 7000, TJFLAG_PROGRESSIVE);
	CHECK(flat.len < 2000000 && scans.len < 2000000);
	CHECK(code_of(flat) == PICTURE_OK);
	int code = code_of(scans);
	CHECK(code == PICTURE_OK || code == PICTURE_BROKEN || code == PICTURE_GAVE_UP ||
	      code >= 128);
	tjFree((uint8_t *)(uintptr_t)flat.at);
	tjFree((uint8_t *)(uintptr_t)scans.at);
}

static void more_than_can_be_kept_is_refused_and_all_others_are_done(void **state)
{
	(void)state;
	struct bytes photo = photo_jpeg(2000, 1500, 0);
	for (uint64_t i = 0; i < DECODER_JOBS_MAX; i++)
		CHECK(decoder_submit(d, 100 + i, photo, mono_now()) == OK);
	CHECK(decoder_submit(d, 200, photo, mono_now()) == ERR_LIMIT);
	unsigned seen = 0;
	for (size_t i = 0; i < DECODER_JOBS_MAX; i++) {
		struct decoder_result r = wait_for_one();
		CHECK(r.err == OK && r.code == PICTURE_OK && r.picture.len > 1000);
		seen |= 1U << (r.job - 100);
		decoder_done(d, r.job);
	}
	CHECK(seen == (1U << DECODER_JOBS_MAX) - 1);
	static uint8_t much[DECODER_IN_MAX + 1];
	CHECK(decoder_submit(d, 201, bytes_of(much, sizeof(much)), mono_now()) == ERR_LIMIT);
	CHECK(decoder_submit(d, 202, bytes_of(much, 0), mono_now()) == ERR_LIMIT);
	CHECK(code_of(photo) == PICTURE_OK);
	tjFree((uint8_t *)(uintptr_t)photo.at);
}

/* Noise of the largest size that is taken: the slowest that can come. */
static void noise_is_kept_within_bounds(void **state)
{
	(void)state;
	static uint8_t noise[1600 * 1600 * 3];
	uint32_t x = 1;
	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525u + 1013904223u;
		noise[i] = (uint8_t)(x >> 24);
	}
	unsigned char *jpeg = NULL;
	unsigned long len = 0;
	tjhandle handle = tjInitCompress();
	CHECK(tjCompress2(handle, noise, 1600, 0, 1600, TJPF_RGB, &jpeg, &len, TJSAMP_444, 95, 0) ==
	      0);
	tjDestroy(handle);
	CHECK(code_of(bytes_of(jpeg, len)) == PICTURE_OK);
	tjFree(jpeg);
}

static void a_program_that_hangs_or_fails_is_ended(void **state)
{
	(void)state;
	struct decoder *ours = d;
	CHECK(decoder_open("/bin/false", &d) == OK);
	CHECK(code_of(bytes_from_text("photo")) == 1);
	decoder_close(d);
	CHECK(decoder_open(hanging, &d) == OK);
	CHECK(decoder_submit(d, 7, bytes_from_text("photo"), mono_now()) == OK);
	struct decoder_result r = wait_for_one();
	CHECK(r.job == 7 && r.err == ERR_TIMEOUT && r.picture.len == 0);
	decoder_done(d, 7);
	decoder_close(d);
	d = ours;
	CHECK(decoder_open("/nonexistent/pvl-picture", &ours) == ERR_NOT_FOUND);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_photo_comes_back_made_anew),
		TEST(what_hurts_one_photo_hurts_no_other),
		TEST(a_photo_that_unfolds_to_much_is_bounded),
		TEST(more_than_can_be_kept_is_refused_and_all_others_are_done),
		TEST(noise_is_kept_within_bounds),
		TEST(a_program_that_hangs_or_fails_is_ended),
	};
	if (argc != 3)
		return 2;
	program = argv[1];
	hanging = argv[2];
	signal(SIGPIPE, SIG_IGN);
	if (decoder_open(program, &d) != OK)
		return 1;
	int failed = RUN("sys/decoder", tests);
	decoder_close(d);
	return failed;
}
