#include "hints/faces_priv.h"

#include <stdbool.h>
#include <string.h>

enum {
	KERNEL = 3
};

static float *pixel(const struct square *s, size_t x, size_t y)
{
	return s->at + (y * s->side + x) * s->channels;
}

static void shape(struct square *s, size_t side, size_t channels)
{
	s->side = side;
	s->channels = channels;
}

/* out += by[0] * row 0 + … of four rows that stand one behind the other: out is read and written once for them. */
static void add_four(const float *restrict by, const float *restrict rows, float *restrict out,
		     size_t len)
{
	const float *b = rows + len, *c = b + len, *d = c + len;
	for (size_t i = 0; i < len; i++)
		out[i] += by[0] * rows[i] + by[1] * b[i] + by[2] * c[i] + by[3] * d[i];
}

static void add_one(float by, const float *restrict row, float *restrict out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] += by * row[i];
}

/* One pixel: out += in by a matrix of in_len rows and out_len columns. */
static void multiply(const float *restrict in, size_t in_len, const float *restrict matrix,
		     float *restrict out, size_t out_len)
{
	size_t i = 0;
	for (; i + 4 <= in_len; i += 4)
		add_four(in + i, matrix + i * out_len, out, out_len);
	for (; i < in_len; i++)
		add_one(in[i], matrix + i * out_len, out, out_len);
}

void layer_whole(const struct square *in, const float *filters, const float *bias, size_t channels,
		 struct square *out)
{
	size_t row_len = KERNEL * in->channels; /* pixels of a row stand one behind the other */
	shape(out, in->side - (KERNEL - 1), channels);
	for (size_t y = 0; y < out->side; y++)
		for (size_t x = 0; x < out->side; x++) {
			float *to = pixel(out, x, y);
			memcpy(to, bias, channels * sizeof *to);
			for (size_t k = 0; k < KERNEL; k++)
				multiply(pixel(in, x, y + k), row_len,
					 filters + k * row_len * channels, to, channels);
		}
}

static void add_product(const float *restrict in, const float *restrict filter, float *restrict out,
			size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] += in[i] * filter[i];
}

/* The pixel that the kernel's column or row lies on; false: beyond the border. */
static bool beside(size_t at, size_t kernel, size_t side, size_t *out)
{
	*out = at + kernel - 1;
	return at + kernel >= 1 && *out < side;
}

static void depth_pixel(const struct square *in, const float *filters, size_t x, size_t y,
			float *out)
{
	size_t from_x, from_y;
	memset(out, 0, in->channels * sizeof *out);
	for (size_t ky = 0; ky < KERNEL; ky++)
		for (size_t kx = 0; kx < KERNEL; kx++)
			if (beside(y, ky, in->side, &from_y) && beside(x, kx, in->side, &from_x))
				add_product(pixel(in, from_x, from_y),
					    filters + (ky * KERNEL + kx) * in->channels, out,
					    in->channels);
}

void layer_depth(const struct square *in, const float *filters, struct square *out)
{
	shape(out, in->side, in->channels);
	for (size_t y = 0; y < out->side; y++)
		for (size_t x = 0; x < out->side; x++)
			depth_pixel(in, filters, x, y, pixel(out, x, y));
}

void layer_point(const struct square *in, const float *filters, const float *bias, size_t channels,
		 struct square *out)
{
	shape(out, in->side, channels);
	for (size_t i = 0; i < in->side * in->side; i++) {
		float *to = out->at + i * channels;
		memcpy(to, bias, channels * sizeof *to);
		multiply(in->at + i * in->channels, in->channels, filters, to, channels);
	}
}

static void keep_greatest(const float *restrict in, float *restrict out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = in[i] > out[i] ? in[i] : out[i];
}

void layer_greatest(const struct square *in, size_t step, struct square *out)
{
	shape(out, (in->side + step - 1) / step, in->channels);
	for (size_t y = 0; y < out->side; y++)
		for (size_t x = 0; x < out->side; x++) {
			size_t from_x = x * step, from_y = y * step;
			bool right = from_x + 1 < in->side, below = from_y + 1 < in->side;
			float *to = pixel(out, x, y);
			memcpy(to, pixel(in, from_x, from_y), in->channels * sizeof *to);
			if (right)
				keep_greatest(pixel(in, from_x + 1, from_y), to, in->channels);
			if (below)
				keep_greatest(pixel(in, from_x, from_y + 1), to, in->channels);
			if (right && below)
				keep_greatest(pixel(in, from_x + 1, from_y + 1), to, in->channels);
		}
}

void layer_leak(struct square *s)
{
	float *at = s->at;
	size_t len = s->side * s->side * s->channels;
	for (size_t i = 0; i < len; i++)
		at[i] = at[i] > 0.1f * at[i] ? at[i] : 0.1f * at[i];
}
