/*
 * picture_priv.h - pixels between reading a photo and writing it.
 */
#ifndef PVL_PICTURE_PICTURE_PRIV_H
#define PVL_PICTURE_PICTURE_PRIV_H

#include "picture/picture.h"

/* Three bytes a pixel, red first, rows one behind the other; at is malloc'd. */
struct pixels {
	uint8_t *at;
	int width;
	int height;
};

/* Whether a photo of that size is read at all. */
enum picture_verdict size_verdict(int64_t width, int64_t height);
/* width and height scaled so that the longer one is at most PICTURE_SIDE. */
void size_kept(int width, int height, int *kept_width, int *kept_height);
/* malloc'd room; .at NULL when there is none. */
struct pixels pixels_new(int width, int height);

/* Each: what its name says, to at least the size kept; the libraries make it smaller where they can. */
enum picture_verdict jpeg_read(struct bytes file, struct pixels *out);
enum picture_verdict png_read(struct bytes file, struct pixels *out);
enum picture_verdict webp_read(struct bytes file, struct pixels *out);
/* 1 … 8 as Exif has it; 1 where nothing is noted. */
int jpeg_orientation(struct bytes file);
enum picture_verdict jpeg_write(const struct pixels *pixels, struct bytes *out);

/* By the area that each new pixel covers; replaces *pixels. */
enum picture_verdict pixels_shrink(struct pixels *pixels);
enum picture_verdict pixels_turn(struct pixels *pixels, int orientation);

#endif
