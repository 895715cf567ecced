#include <png.h>
#include <string.h>

#include "picture/picture_priv.h"

/* What can be seen through shows white paper behind. */
static const png_color paper = { .red = 255, .green = 255, .blue = 255 };

static enum picture_verdict finish(png_image *image, struct pixels *out)
{
	enum picture_verdict verdict = size_verdict(image->width, image->height);
	if (verdict != PICTURE_OK)
		return verdict;
	*out = pixels_new((int)image->width, (int)image->height);
	if (!out->at)
		return PICTURE_GAVE_UP;
	image->format = PNG_FORMAT_RGB;
	return png_image_finish_read(image, &paper, out->at, 0, NULL) ? PICTURE_OK : PICTURE_BROKEN;
}

enum picture_verdict png_read(struct bytes file, struct pixels *out)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	if (!png_image_begin_read_from_memory(&image, file.at, file.len))
		return PICTURE_BROKEN;
	enum picture_verdict verdict = finish(&image, out);
	png_image_free(&image);
	return verdict;
}
