#include "picture/picture.h"

#include <stdlib.h>
#include <string.h>

#include "picture/picture_priv.h"

enum picture_verdict size_verdict(int64_t width, int64_t height)
{
	if (width <= 0 || height <= 0)
		return PICTURE_BROKEN;
	if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
	    width * height > PICTURE_PIXELS_MAX)
		return PICTURE_TOO_LARGE;
	if (width < PICTURE_SHORT_SIDE_MIN || height < PICTURE_SHORT_SIDE_MIN)
		return PICTURE_TOO_SMALL;
	return PICTURE_OK;
}

void size_kept(int width, int height, int *kept_width, int *kept_height)
{
	int64_t longer = width > height ? width : height;
	*kept_width = width;
	*kept_height = height;
	if (longer <= PICTURE_SIDE)
		return;
	*kept_width = (int)((int64_t)width * PICTURE_SIDE / longer);
	*kept_height = (int)((int64_t)height * PICTURE_SIDE / longer);
}

struct pixels pixels_new(int width, int height)
{
	return (struct pixels){ .at = malloc((size_t)width * (size_t)height * 3),
				.width = width,
				.height = height };
}

typedef enum picture_verdict read_picture(struct bytes file, struct pixels *out);

static bool starts(struct bytes file, const char *with, size_t len)
{
	return file.len > len && memcmp(file.at, with, len) == 0;
}

static read_picture *format_of(struct bytes file)
{
	if (starts(file, "\xff\xd8\xff", 3))
		return jpeg_read;
	if (starts(file, "\x89PNG\r\n\x1a\n", 8))
		return png_read;
	if (file.len > 12 && starts(file, "RIFF", 4) && memcmp(file.at + 8, "WEBP", 4) == 0)
		return webp_read;
	return NULL;
}

static enum picture_verdict remake(read_picture *read, struct bytes upload, struct pixels *pixels,
				   struct bytes *out)
{
	enum picture_verdict verdict = read(upload, pixels);
	if (verdict == PICTURE_OK)
		verdict = pixels_shrink(pixels);
	if (verdict == PICTURE_OK && read == jpeg_read)
		verdict = pixels_turn(pixels, jpeg_orientation(upload));
	if (verdict == PICTURE_OK)
		verdict = jpeg_write(pixels, out);
	return verdict;
}

enum picture_verdict picture_remake(struct bytes upload, struct bytes *out)
{
	struct pixels pixels = { 0 };
	read_picture *read = format_of(upload);
	if (!read)
		return PICTURE_OTHER_KIND;
	if (upload.len > PICTURE_UPLOAD_MAX)
		return PICTURE_TOO_LARGE;
	enum picture_verdict verdict = remake(read, upload, &pixels, out);
	free(pixels.at);
	return verdict;
}
