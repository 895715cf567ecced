/*
 * quality.h - how like its source a picture is: SSIM and VIF of luma.
 *
 *	SSIM  Wang, Bovik, Sheikh, Simoncelli: Image quality assessment, IEEE TIP 13(4), 2004.
 *	      11 x 11 Gauss window of 1.5 pixels, K1 0.01, K2 0.03; the mean over all pixels.
 *	VIF   Sheikh, Bovik: Image information and visual quality, IEEE TIP 15(2), 2006, in its
 *	      pixel domain form: four scales, noise variance 2.  Follows opinions better than SSIM.
 *
 * Both are 1 for equal pictures.  Borders: the window is cut off there and weighed anew.
 */
#ifndef PVL_BENCH_QUALITY_H
#define PVL_BENCH_QUALITY_H

#include <stddef.h>
#include <stdint.h>

struct plane {
	size_t width;
	size_t height;
	float *at; /* width x height, 0 to 255; owned by whoever made it */
};

struct plane plane_new(size_t width, size_t height);
/* Free; an empty one is fine. */
void plane_free(struct plane *plane);
/* Of bytes, from this row on. */
struct plane plane_of(const uint8_t *luma, size_t width, size_t height, size_t from_row);
/* Bilinear, as a browser shows a small picture in a large frame. */
struct plane plane_scaled(const struct plane *plane, size_t width, size_t height);

/* Both of one size, at least 32 x 32. */
double ssim(const struct plane *source, const struct plane *picture);
double vif(const struct plane *source, const struct plane *picture);

#endif
