#include <libexif/exif-data.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/assert.h"
#include "picture/picture_priv.h"

/* The library can leave out detail while it reads: the smallest of its sizes that is large enough. */
static tjscalingfactor scaling_for(int width, int height)
{
	int count = 0, kept_width, kept_height;
	const tjscalingfactor *all = tjGetScalingFactors(&count);
	tjscalingfactor best = { 1, 1 };
	size_kept(width, height, &kept_width, &kept_height);
	for (int i = 0; i < count; i++)
		if (TJSCALED(width, all[i]) >= kept_width &&
		    TJSCALED(height, all[i]) >= kept_height &&
		    all[i].num * best.denom < best.num * all[i].denom)
			best = all[i];
	return best;
}

/* Cameras write small faults that harm nothing; a picture that is cut short is another matter. */
static bool is_harmless(tjhandle handle)
{
	const char *said = tjGetErrorStr2(handle);
	return tjGetErrorCode(handle) == TJERR_WARNING && !strcasestr(said, "premature");
}

static enum picture_verdict decompress(tjhandle handle, struct bytes file, struct pixels *out)
{
	int width = 0, height = 0, sampling, colours;
	if (tjDecompressHeader3(handle, file.at, file.len, &width, &height, &sampling, &colours))
		return PICTURE_BROKEN;
	enum picture_verdict verdict = size_verdict(width, height);
	if (verdict != PICTURE_OK)
		return verdict;
	tjscalingfactor scale = scaling_for(width, height);
	*out = pixels_new(TJSCALED(width, scale), TJSCALED(height, scale));
	if (!out->at)
		return PICTURE_GAVE_UP;
	/* A picture of thousands of scans takes minutes: the library stops at 500. */
	int failed = tjDecompress2(handle, file.at, file.len, out->at, out->width, 0, out->height,
				   TJPF_RGB, TJFLAG_LIMITSCANS);
	return failed && !is_harmless(handle) ? PICTURE_BROKEN : PICTURE_OK;
}

enum picture_verdict jpeg_read(struct bytes file, struct pixels *out)
{
	tjhandle handle = tjInitDecompress();
	if (!handle)
		return PICTURE_GAVE_UP;
	enum picture_verdict verdict = decompress(handle, file, out);
	tjDestroy(handle);
	return verdict;
}

int jpeg_orientation(struct bytes file)
{
	ExifData *data = exif_data_new_from_data(file.at, (unsigned)file.len);
	int orientation = 1;
	if (!data)
		return 1;
	ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
	if (entry && entry->format == EXIF_FORMAT_SHORT && entry->size >= 2)
		orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
	exif_data_unref(data);
	return orientation;
}

static bool compress(tjhandle handle, const struct pixels *pixels, int quality, struct bytes *out)
{
	unsigned char *jpeg = NULL;
	unsigned long len = 0;
	int failed = tjCompress2(handle, pixels->at, pixels->width, 0, pixels->height, TJPF_RGB,
				 &jpeg, &len, TJSAMP_420, quality, 0);
	uint8_t *kept = !failed && len <= PICTURE_MAX ? malloc(len) : NULL;
	if (kept) {
		memcpy(kept, jpeg, len);
		*out = bytes_of(kept, len);
	}
	tjFree(jpeg);
	return kept != NULL;
}

enum picture_verdict jpeg_write(const struct pixels *pixels, struct bytes *out)
{
	/* Photos fit at the first; noise needs the last. */
	static const int qualities[] = { 85, 70, 50, 30, 15 };
	tjhandle handle = tjInitCompress();
	bool done = false;
	for (size_t i = 0; handle && !done && i < ARRAY_LEN(qualities); i++)
		done = compress(handle, pixels, qualities[i], out);
	if (handle)
		tjDestroy(handle);
	return done ? PICTURE_OK : PICTURE_GAVE_UP;
}
