#include "picture/picture.h"

#include "photos.h"

struct seen {
	int width;
	int height;
	uint8_t *rgb;
};

static struct seen look(struct bytes jpeg)
{
	struct seen seen = { 0 };
	int sampling;
	tjhandle handle = tjInitDecompress();
	CHECK(tjDecompressHeader2(handle, (uint8_t *)(uintptr_t)jpeg.at, jpeg.len, &seen.width,
				  &seen.height, &sampling) == 0);
	seen.rgb = malloc((size_t)seen.width * (size_t)seen.height * 3);
	CHECK(tjDecompress2(handle, jpeg.at, jpeg.len, seen.rgb, seen.width, 0, seen.height,
			    TJPF_RGB, 0) == 0);
	tjDestroy(handle);
	return seen;
}

/* 'r', 'g', 'b', 'w': what colour the middle of a quarter has. */
static char colour(const struct seen *seen, int right, int below)
{
	int x = seen->width / 4 + right * seen->width / 2;
	int y = seen->height / 4 + below * seen->height / 2;
	const uint8_t *p = seen->rgb + ((size_t)y * (size_t)seen->width + (size_t)x) * 3;
	if (p[0] > 180 && p[1] > 180 && p[2] > 180)
		return 'w';
	if (p[0] > 150)
		return 'r';
	return p[1] > 150 ? 'g' : 'b';
}

static void expect(struct bytes upload, int width, int height, const char *quarters)
{
	struct bytes out = { 0 };
	CHECK(picture_remake(upload, &out) == PICTURE_OK);
	CHECK(out.len > 100 && out.len <= PICTURE_MAX);
	struct seen seen = look(out);
	CHECK(seen.width == width && seen.height == height);
	char found[5] = { colour(&seen, 0, 0), colour(&seen, 1, 0), colour(&seen, 0, 1),
			  colour(&seen, 1, 1), 0 };
	assert_string_equal(found, quarters);
	free(seen.rgb);
	free((void *)(uintptr_t)out.at);
}

static enum picture_verdict verdict(struct bytes upload)
{
	struct bytes out = { 0 };
	enum picture_verdict v = picture_remake(upload, &out);
	CHECK((v == PICTURE_OK) == (out.at != NULL));
	free((void *)(uintptr_t)out.at);
	return v;
}

static void each_kind_becomes_a_jpeg_of_the_same_picture(void **state)
{
	(void)state;
	struct bytes jpeg = photo_jpeg(640, 480, 0), png = photo_png(640, 480),
		     webp = photo_webp(640, 480), scans = photo_jpeg(640, 480, TJFLAG_PROGRESSIVE);
	expect(jpeg, 640, 480, "rgbw");
	expect(scans, 640, 480, "rgbw");
	expect(png, 640, 480, "rgbw");
	expect(webp, 640, 480, "rgbw");
	tjFree((uint8_t *)(uintptr_t)jpeg.at);
	tjFree((uint8_t *)(uintptr_t)scans.at);
	free((void *)(uintptr_t)png.at);
	WebPFree((void *)(uintptr_t)webp.at);
}

static void a_large_photo_is_made_smaller_and_keeps_its_shape(void **state)
{
	(void)state;
	struct bytes jpeg = photo_jpeg(6000, 4500, 0), png = photo_png(2400, 3200),
		     webp = photo_webp(3200, 400);
	expect(jpeg, 1600, 1200, "rgbw");
	expect(png, 1200, 1600, "rgbw");
	expect(webp, 1600, 200, "rgbw");
	tjFree((uint8_t *)(uintptr_t)jpeg.at);
	free((void *)(uintptr_t)png.at);
	WebPFree((void *)(uintptr_t)webp.at);
}

/* The eight ways of Exif; the quarters are named as they must be seen, from left to right, from above. */
static void a_photo_is_turned_as_its_camera_noted(void **state)
{
	(void)state;
	static const char *const shown[] = { "rgbw", "rgbw", "grwb", "wbgr", "bwrg",
					     "rbgw", "brwg", "wgbr", "gwrb", "rgbw" };
	struct bytes jpeg = photo_jpeg(640, 400, 0);
	for (uint8_t i = 0; i < 10; i++) {
		struct bytes turned = photo_turned(jpeg, i);
		bool aside = i >= 5 && i <= 8;
		expect(turned, aside ? 400 : 640, aside ? 640 : 400, shown[i]);
		free((void *)(uintptr_t)turned.at);
	}
	tjFree((uint8_t *)(uintptr_t)jpeg.at);
}

static void nothing_but_pixels_is_kept(void **state)
{
	(void)state;
	struct bytes jpeg = photo_jpeg(640, 400, 0), turned = photo_turned(jpeg, 1), out;
	CHECK(memmem(turned.at, turned.len, "12b", 3) != NULL);
	/* A web page behind the picture: what the file is for another reader. */
	uint8_t *both = malloc(turned.len + 40);
	memcpy(both, turned.at, turned.len);
	memcpy(both + turned.len, "<script>alert(1)</script>PK\x03\x04 and a zip....", 40);
	CHECK(picture_remake(bytes_of(both, turned.len + 40), &out) == PICTURE_OK);
	CHECK(memmem(out.at, out.len, "Exif", 4) == NULL);
	CHECK(memmem(out.at, out.len, "12b", 3) == NULL);
	CHECK(memmem(out.at, out.len, "script", 6) == NULL);
	CHECK(memmem(out.at, out.len, "PK\x03\x04", 4) == NULL);
	free((void *)(uintptr_t)out.at);
	free(both);
	free((void *)(uintptr_t)turned.at);
	tjFree((uint8_t *)(uintptr_t)jpeg.at);
}

static void what_is_no_photo_is_refused_by_its_first_bytes(void **state)
{
	(void)state;
	static const char *const files[] = {
		"",
		"x",
		"%PDF-1.7\n1 0 obj",
		"GIF89a\x01\x01",
		"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>",
		"RIFF\x10\x10\x10\x10"
		"AVI LIST",
		"MZ\x90",
		"BM\x76\x76\x76\x76",
	};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		CHECK(verdict(bytes_of(files[i], strlen(files[i]))) == PICTURE_OTHER_KIND);
	CHECK(verdict(bytes_of("\0\0\0\x20"
			       "ftypheic....",
			       16)) == PICTURE_OTHER_KIND);
}

static void a_photo_that_is_cut_short_is_refused(void **state)
{
	(void)state;
	struct bytes jpeg = photo_jpeg(640, 480, 0), png = photo_png(640, 480),
		     webp = photo_webp(640, 480);
	struct bytes all[] = { jpeg, png, webp };
	for (size_t i = 0; i < 3; i++)
		for (size_t part = 1; part < 16; part++)
			CHECK(verdict(bytes_of(all[i].at, all[i].len * part / 16)) ==
			      PICTURE_BROKEN);
	tjFree((uint8_t *)(uintptr_t)jpeg.at);
	free((void *)(uintptr_t)png.at);
	WebPFree((void *)(uintptr_t)webp.at);
}

static void a_header_that_promises_too_much_or_too_little_is_refused(void **state)
{
	(void)state;
	CHECK(verdict(png_header(65535, 65535)) == PICTURE_TOO_LARGE);
	CHECK(verdict(png_header(10000, 5001)) == PICTURE_TOO_LARGE);
	CHECK(verdict(png_header(20001, 400)) == PICTURE_TOO_LARGE);
	CHECK(verdict(png_header(299, 4000)) == PICTURE_TOO_SMALL);
	CHECK(verdict(png_header(1, 1)) == PICTURE_TOO_SMALL);
	CHECK(verdict(png_header(4000, 3000)) == PICTURE_BROKEN); /* and then nothing comes */
	struct bytes small = photo_jpeg(299, 299, 0);
	CHECK(verdict(small) == PICTURE_TOO_SMALL);
	tjFree((uint8_t *)(uintptr_t)small.at);
	/* libpng and libjpeg refuse a side of 0 or of more than they count. */
	CHECK(verdict(png_header(0, 10)) == PICTURE_BROKEN);
	CHECK(verdict(png_header(0x80000000u, 10)) == PICTURE_BROKEN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(each_kind_becomes_a_jpeg_of_the_same_picture),
		TEST(a_large_photo_is_made_smaller_and_keeps_its_shape),
		TEST(a_photo_is_turned_as_its_camera_noted),
		TEST(nothing_but_pixels_is_kept),
		TEST(what_is_no_photo_is_refused_by_its_first_bytes),
		TEST(a_photo_that_is_cut_short_is_refused),
		TEST(a_header_that_promises_too_much_or_too_little_is_refused),
	};
	return RUN("picture/picture", tests);
}
