/* test_quality.c - what judges pictures, judged: equal is 1, worse is less, known cases. */
#include "quality.h"

#include <math.h>

#include "film.h"
#include "unit/check.h"

static uint8_t luma[FILM_WIDTH * FILM_HEIGHT];

static struct plane film(int frame)
{
	film_luma(1, frame, luma);
	return plane_of(luma, FILM_WIDTH, FILM_HEIGHT, FILM_CODE);
}

static void is_one_for_equal_pictures(void **state)
{
	(void)state;
	struct plane a = film(3);
	CHECK(fabs(ssim(&a, &a) - 1) < 1e-6);
	CHECK(fabs(vif(&a, &a) - 1) < 1e-4);
	plane_free(&a);
}

/* With equal variances and no covariance, only the means speak: (2ab + c1) / (aa + bb + c1). */
static void is_known_for_flat_pictures(void **state)
{
	(void)state;
	struct plane a = plane_new(64, 64), b = plane_new(64, 64);
	for (size_t i = 0; i < 64 * 64; i++) {
		a.at[i] = 100;
		b.at[i] = 120;
	}
	double expected = (2 * 100 * 120 + 6.5025) / (100.0 * 100 + 120 * 120 + 6.5025);
	CHECK(fabs(ssim(&a, &b) - expected) < 1e-3);
	plane_free(&a);
	plane_free(&b);
}

/* Less contrast carries less; a gain g of a flat spectrum gives log(1+g²s/n) / log(1+s/n). */
static void gets_less_with_contrast_and_noise(void **state)
{
	(void)state;
	struct plane a = film(3), half = film(3), noisy = film(3);
	for (size_t i = 0; i < a.width * a.height; i++) {
		half.at[i] = 128 + (a.at[i] - 128) / 2;
		noisy.at[i] += (float)((int)(i * 2654435761U >> 16 & 31) - 16);
	}
	CHECK(vif(&a, &half) < 0.95 && vif(&a, &half) > 0.4);
	CHECK(vif(&a, &noisy) < 0.8);
	CHECK(ssim(&a, &noisy) < 0.95);
	plane_free(&a);
	plane_free(&half);
	plane_free(&noisy);
}

/* A picture of another moment is not the source; nor is one sent small as good as a full one. */
static void tells_moments_and_sizes_apart(void **state)
{
	(void)state;
	struct plane a = film(3), other = film(23);
	struct plane small = plane_scaled(&a, a.width / 2, a.height / 2);
	struct plane back = plane_scaled(&small, a.width, a.height);
	struct plane smaller = plane_scaled(&a, a.width / 4, a.height / 4);
	struct plane blurred = plane_scaled(&smaller, a.width, a.height);
	double v_back = vif(&a, &back), v_blurred = vif(&a, &blurred);
	CHECK(vif(&a, &other) < v_back);
	CHECK(v_blurred < v_back && v_back < 0.9);
	CHECK(ssim(&a, &blurred) < ssim(&a, &back));
	plane_free(&a);
	plane_free(&other);
	plane_free(&small);
	plane_free(&back);
	plane_free(&smaller);
	plane_free(&blurred);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(is_one_for_equal_pictures),
		TEST(is_known_for_flat_pictures),
		TEST(gets_less_with_contrast_and_noise),
		TEST(tells_moments_and_sizes_apart),
	};
	return RUN("bench/quality", tests);
}
