#include "quality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WINDOW_MAX = 17,
};

/* ---- planes ---- */

struct plane plane_new(size_t width, size_t height)
{
	struct plane plane = { width, height, calloc(width * height, sizeof(float)) };
	if (!plane.at) {
		fputs("quality: out of memory\n", stderr);
		exit(1);
	}
	return plane;
}

void plane_free(struct plane *plane)
{
	free(plane->at);
	plane->at = NULL;
}

struct plane plane_of(const uint8_t *luma, size_t width, size_t height, size_t from_row)
{
	struct plane plane = plane_new(width, height - from_row);
	for (size_t i = 0; i < plane.width * plane.height; i++)
		plane.at[i] = luma[from_row * width + i];
	return plane;
}

static float between(const struct plane *p, double x, double y)
{
	x = fmin(fmax(x, 0), (double)p->width - 1);
	y = fmin(fmax(y, 0), (double)p->height - 1);
	size_t i = (size_t)x, j = (size_t)y;
	size_t k = i + 1 < p->width ? i + 1 : i, l = j + 1 < p->height ? j + 1 : j;
	double a = x - (double)i, b = y - (double)j;
	const float *top = p->at + j * p->width, *low = p->at + l * p->width;
	return (float)((top[i] * (1 - a) + top[k] * a) * (1 - b) +
		       (low[i] * (1 - a) + low[k] * a) * b);
}

struct plane plane_scaled(const struct plane *p, size_t width, size_t height)
{
	struct plane out = plane_new(width, height);
	double sx = (double)p->width / (double)width, sy = (double)p->height / (double)height;
	for (size_t y = 0; y < height; y++)
		for (size_t x = 0; x < width; x++)
			out.at[y * width + x] =
			    between(p, ((double)x + 0.5) * sx - 0.5, ((double)y + 0.5) * sy - 0.5);
	return out;
}

/* ---- windows ---- */

struct window {
	size_t reach; /* to each side */
	double weight[WINDOW_MAX];
};

static struct window window_of(size_t size, double deviation)
{
	struct window window = { .reach = size / 2 };
	for (size_t i = 0; i < size; i++) {
		double d = (double)i - (double)window.reach;
		window.weight[i] = exp(-d * d / (2 * deviation * deviation));
	}
	return window;
}

/* Along one line of len numbers that lie stride apart. */
static void blur_line(const struct window *w, const float *in, float *out, size_t len,
		      size_t stride)
{
	for (size_t i = 0; i < len; i++) {
		size_t from = i > w->reach ? i - w->reach : 0;
		size_t to = i + w->reach < len ? i + w->reach : len - 1;
		double sum = 0, weights = 0;
		for (size_t k = from; k <= to; k++) {
			double weight = w->weight[k + w->reach - i];
			sum += weight * (double)in[k * stride];
			weights += weight;
		}
		out[i * stride] = (float)(sum / weights);
	}
}

static struct plane blurred(const struct window *w, const struct plane *in)
{
	struct plane across = plane_new(in->width, in->height);
	struct plane out = plane_new(in->width, in->height);
	for (size_t y = 0; y < in->height; y++)
		blur_line(w, in->at + y * in->width, across.at + y * in->width, in->width, 1);
	for (size_t x = 0; x < in->width; x++)
		blur_line(w, across.at + x, out.at + x, in->height, in->width);
	plane_free(&across);
	return out;
}

static struct plane product(const struct plane *a, const struct plane *b)
{
	struct plane out = plane_new(a->width, a->height);
	for (size_t i = 0; i < a->width * a->height; i++)
		out.at[i] = a->at[i] * b->at[i];
	return out;
}

static struct plane blurred_product(const struct window *w, const struct plane *a,
				    const struct plane *b)
{
	struct plane both = product(a, b);
	struct plane out = blurred(w, &both);
	plane_free(&both);
	return out;
}

/* Means, variances and covariance of two pictures, around each pixel. */
struct moments {
	struct plane mean_a, mean_b, aa, bb, ab;
};

static struct moments moments_of(const struct window *w, const struct plane *a,
				 const struct plane *b)
{
	struct moments m = { blurred(w, a), blurred(w, b), blurred_product(w, a, a),
			     blurred_product(w, b, b), blurred_product(w, a, b) };
	for (size_t i = 0; i < a->width * a->height; i++) {
		m.aa.at[i] -= m.mean_a.at[i] * m.mean_a.at[i];
		m.bb.at[i] -= m.mean_b.at[i] * m.mean_b.at[i];
		m.ab.at[i] -= m.mean_a.at[i] * m.mean_b.at[i];
	}
	return m;
}

static void moments_free(struct moments *m)
{
	plane_free(&m->mean_a);
	plane_free(&m->mean_b);
	plane_free(&m->aa);
	plane_free(&m->bb);
	plane_free(&m->ab);
}

/* ---- SSIM ---- */

double ssim(const struct plane *source, const struct plane *picture)
{
	const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
	struct window window = window_of(11, 1.5);
	struct moments m = moments_of(&window, source, picture);
	size_t count = source->width * source->height;
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		double a = m.mean_a.at[i], b = m.mean_b.at[i];
		double aa = m.aa.at[i], bb = m.bb.at[i], ab = m.ab.at[i];
		sum += (2 * a * b + c1) * (2 * ab + c2) / ((a * a + b * b + c1) * (aa + bb + c2));
	}
	moments_free(&m);
	return sum / (double)count;
}

/* ---- VIF ---- */

struct information {
	double came;
	double was;
};

/* Of one pixel's surroundings: the picture as gain times the source, plus noise. */
static struct information information_at(double aa, double bb, double ab)
{
	const double noise = 2, least = 1e-10;
	aa = fmax(aa, 0);
	bb = fmax(bb, 0);
	double gain = ab / (aa + least);
	double rest = bb - gain * ab;
	if (aa < least)
		return (struct information){ 0, 0 };
	if (bb < least)
		return (struct information){ 0, log2(1 + aa / noise) };
	if (gain < 0) {
		rest = bb;
		gain = 0;
	}
	rest = fmax(rest, least);
	return (struct information){ log2(1 + gain * gain * aa / (rest + noise)),
				     log2(1 + aa / noise) };
}

static struct information information_of(const struct window *w, const struct plane *a,
					 const struct plane *b)
{
	struct information sum = { 0, 0 };
	struct moments m = moments_of(w, a, b);
	for (size_t i = 0; i < a->width * a->height; i++) {
		struct information one = information_at(m.aa.at[i], m.bb.at[i], m.ab.at[i]);
		sum.came += one.came;
		sum.was += one.was;
	}
	moments_free(&m);
	return sum;
}

/* Blurred, and every other pixel of it. */
static void halve(const struct window *w, struct plane *plane)
{
	struct plane soft = blurred(w, plane);
	struct plane half = plane_new(plane->width / 2, plane->height / 2);
	for (size_t y = 0; y < half.height; y++)
		for (size_t x = 0; x < half.width; x++)
			half.at[y * half.width + x] = soft.at[2 * y * soft.width + 2 * x];
	plane_free(&soft);
	plane_free(plane);
	*plane = half;
}

static struct plane copy_of(const struct plane *plane)
{
	struct plane out = plane_new(plane->width, plane->height);
	memcpy(out.at, plane->at, plane->width * plane->height * sizeof *out.at);
	return out;
}

double vif(const struct plane *source, const struct plane *picture)
{
	struct plane a = copy_of(source), b = copy_of(picture);
	struct information sum = { 0, 0 };
	for (size_t scale = 1; scale <= 4; scale++) {
		size_t size = ((size_t)1 << (5 - scale)) + 1;
		struct window window = window_of(size, (double)size / 5);
		if (scale > 1) {
			halve(&window, &a);
			halve(&window, &b);
		}
		struct information one = information_of(&window, &a, &b);
		sum.came += one.came;
		sum.was += one.was;
	}
	plane_free(&a);
	plane_free(&b);
	return sum.was > 0 ? sum.came / sum.was : 1;
}
