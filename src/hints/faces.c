#include "hints/faces.h"

#include <math.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/mem.h"
#include "hints/faces_priv.h"

enum {
	/* Sides of the square into which the picture is fitted. */
	NEAR = 160,   /* finds faces near the camera */
	FAR = 320,    /* finds those further off, and is more easily deceived */
	SHRINKS = 32, /* a cell is so many pixels wide */
	CELLS_MAX = FAR / SHRINKS,
	ROOM = (FAR - 2) * (FAR - 2) * FACE_FIRST, /* floats of the largest square */
	BOXES_MAX = CELLS_MAX * CELLS_MAX * FACE_BOXES,
};

/* How sure it must be of a face, of 1. */
static const float SURE_NEAR = 0.4f, SURE_FAR = 0.55f, MAYBE = 0.2f;
/* Two boxes are of one face if their overlap is so much of both. */
static const float SAME = 0.4f;
/* What the model was taught to take for the mean of red, green and blue. */
static const float MEAN[FACE_COLOURS] = { 117.001f, 114.697f, 97.404f };
/* Width and height of the boxes of a cell, in cells. */
static const float ANCHORS[FACE_BOXES][2] = { { 1.603231f, 2.094468f },
					      { 6.041143f, 7.080126f },
					      { 2.882459f, 3.518061f },
					      { 4.266906f, 5.178857f },
					      { 9.041765f, 10.66308f } };

struct box {
	float left, top, right, bottom; /* in cells */
	float sure;
};

struct faces {
	float *weights[FACE_WEIGHTS];
	float *room[2]; /* ROOM each: the layers read one and write the other */
	struct box boxes[BOXES_MAX];
};

/* ---- birth and end ---- */

static float *weights_of(const struct face_weights *w)
{
	float *out = mem_new(w->count, sizeof *out);
	for (size_t i = 0; i < w->count; i++)
		out[i] = w->least + w->scale * (float)w->at[i];
	return out;
}

/* The model is what the code takes it for. */
static void check_shape(void)
{
	size_t channels = FACE_FIRST, i = 2;
	ASSERT(face_weights[0].count == (size_t)9 * FACE_COLOURS * FACE_FIRST);
	ASSERT(face_weights[1].count == FACE_FIRST);
	for (; i + 2 < FACE_WEIGHTS; i += 3, channels *= 2) {
		ASSERT(face_weights[i].count == 9 * channels);
		ASSERT(face_weights[i + 1].count == channels * channels * 2);
		ASSERT(face_weights[i + 2].count == channels * 2);
	}
	ASSERT(face_weights[i].count == channels * FACE_BOXES * FACE_BOX);
	ASSERT(face_weights[i + 1].count == (size_t)FACE_BOXES * FACE_BOX);
}

struct faces *faces_new(void)
{
	struct faces *f = mem_new(1, sizeof *f);
	check_shape();
	for (size_t i = 0; i < FACE_WEIGHTS; i++)
		f->weights[i] = weights_of(&face_weights[i]);
	for (size_t i = 0; i < ARRAY_LEN(f->room); i++)
		f->room[i] = mem_new(ROOM, sizeof(float));
	return f;
}

void faces_free(struct faces *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < FACE_WEIGHTS; i++)
		free(f->weights[i]);
	for (size_t i = 0; i < ARRAY_LEN(f->room); i++)
		free(f->room[i]);
	free(f);
}

/* ---- the picture, in the model's size ---- */

/* Mean of a plane over from … to, which hold one pixel at least. */
static float mean_of(const uint8_t *plane, size_t stride, const unsigned from[2],
		     const unsigned to[2])
{
	uint32_t sum = 0;
	for (unsigned y = from[1]; y < to[1]; y++)
		for (unsigned x = from[0]; x < to[0]; x++)
			sum += plane[y * stride + x];
	return (float)sum / (float)((to[0] - from[0]) * (to[1] - from[1]));
}

/* Which pixels of a plane `len` long lie under pixel `at` of one `small` long. */
static void span(unsigned at, unsigned small, unsigned len, unsigned *from, unsigned *to)
{
	*from = at * len / small;
	*to = (at + 1) * len / small;
	if (*to <= *from)
		*to = *from + 1;
}

/* ITU-R BT.601, video range. */
static void put_colour(float y, float u, float v, float *out)
{
	float light = 1.164f * (y - 16), blue = u - 128, red = v - 128;
	const float rgb[FACE_COLOURS] = { light + 1.596f * red,
					  light - 0.392f * blue - 0.813f * red,
					  light + 2.017f * blue };
	for (size_t i = 0; i < FACE_COLOURS; i++)
		out[i] = (fminf(fmaxf(rgb[i], 0), 255) - MEAN[i]) / 255;
}

static void put_pixel(const struct film *film, unsigned x, unsigned y, const unsigned small[2],
		      float *out)
{
	const struct luma *luma = &film->luma;
	unsigned from[2], to[2], wide = (luma->width + 1) / 2, high = (luma->height + 1) / 2;
	span(x, small[0], luma->width, &from[0], &to[0]);
	span(y, small[1], luma->height, &from[1], &to[1]);
	float light = mean_of(luma->at, luma->stride, from, to);
	span(x, small[0], wide, &from[0], &to[0]);
	span(y, small[1], high, &from[1], &to[1]);
	put_colour(light, mean_of(film->u, film->colour_stride, from, to),
		   mean_of(film->v, film->colour_stride, from, to), out);
}

/* Its longer side fills the square; what it does not fill is black. */
static void fit(const struct film *film, struct square *out)
{
	unsigned width = film->luma.width, height = film->luma.height;
	unsigned longer = width > height ? width : height, side = (unsigned)out->side;
	unsigned small[2] = { width * side / longer, height * side / longer };
	for (size_t i = 0; i < ARRAY_LEN(small); i++)
		small[i] = small[i] > 0 ? small[i] : 1;
	for (unsigned y = 0; y < side; y++)
		for (unsigned x = 0; x < side; x++) {
			float *to = out->at + (y * side + x) * FACE_COLOURS;
			if (x < small[0] && y < small[1])
				put_pixel(film, x, y, small, to);
			else
				for (size_t i = 0; i < FACE_COLOURS; i++)
					to[i] = -MEAN[i] / 255;
		}
}

/* ---- the network ---- */

/* What a layer writes is read by the next. */
static void turn(struct square *in, struct square *out)
{
	struct square was = *in;
	*in = *out;
	*out = was;
}

/* The model leaks first and takes the greatest then; the other way round is the same for less work. */
static void deep(struct faces *f, size_t layer, struct square *in, struct square *out)
{
	size_t w = 2 + 3 * layer, channels = in->channels * 2;
	layer_depth(in, f->weights[w], out);
	turn(in, out);
	layer_point(in, f->weights[w + 1], f->weights[w + 2], channels, out);
	turn(in, out);
	layer_greatest(in, layer + 1 < FACE_DEEP_MAX ? 2 : 1, out);
	layer_leak(out);
	turn(in, out);
}

/* The square of FACE_BOXES * FACE_BOX numbers a cell. */
static struct square run(struct faces *f, const struct film *film, size_t side)
{
	struct square in = { f->room[0], side, FACE_COLOURS }, out = { .at = f->room[1] };
	fit(film, &in);
	layer_whole(&in, f->weights[0], f->weights[1], FACE_FIRST, &out);
	turn(&in, &out);
	layer_greatest(&in, 2, &out);
	layer_leak(&out);
	turn(&in, &out);
	for (size_t i = 0; i < FACE_DEEP_MAX; i++)
		deep(f, i, &in, &out);
	layer_point(&in, f->weights[FACE_WEIGHTS - 2], f->weights[FACE_WEIGHTS - 1],
		    (size_t)FACE_BOXES * FACE_BOX, &out);
	return out;
}

/* ---- boxes ---- */

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

static struct box box_at(const float *n, size_t x, size_t y, const float anchor[2])
{
	float middle_x = (float)x + sigmoid(n[0]), middle_y = (float)y + sigmoid(n[1]);
	float width = expf(n[2]) * anchor[0], height = expf(n[3]) * anchor[1];
	return (struct box){ .left = middle_x - width / 2,
			     .right = middle_x + width / 2,
			     .top = middle_y - height / 2,
			     .bottom = middle_y + height / 2,
			     .sure = sigmoid(n[4]) };
}

static size_t boxes_of(const struct square *cells, float least, struct box *out)
{
	size_t count = 0;
	ASSERT(cells->side <= CELLS_MAX);
	for (size_t i = 0; i < cells->side * cells->side * FACE_BOXES; i++) {
		size_t cell = i / FACE_BOXES;
		struct box box = box_at(cells->at + i * FACE_BOX, cell % cells->side,
					cell / cells->side, ANCHORS[i % FACE_BOXES]);
		if (box.sure > least)
			out[count++] = box;
	}
	return count;
}

static float area(const struct box *b)
{
	return fmaxf(b->right - b->left, 0) * fmaxf(b->bottom - b->top, 0);
}

static bool are_of_one_face(const struct box *a, const struct box *b)
{
	struct box both = { .left = fmaxf(a->left, b->left),
			    .top = fmaxf(a->top, b->top),
			    .right = fminf(a->right, b->right),
			    .bottom = fminf(a->bottom, b->bottom) };
	return area(&both) > SAME * (area(a) + area(b) - area(&both));
}

static int surest_first(const void *a, const void *b)
{
	float x = ((const struct box *)a)->sure, y = ((const struct box *)b)->sure;
	return (x < y) - (x > y);
}

/* Of boxes that stand surest first; only those that were counted stay. */
static unsigned faces_among(struct box *boxes, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count && kept < FACES_MAX; i++) {
		size_t k = 0;
		while (k < kept && !are_of_one_face(&boxes[k], &boxes[i]))
			k++;
		if (k == kept)
			boxes[kept++] = boxes[i];
	}
	return (unsigned)kept;
}

/* Boxes that may be one, and the number of those that are. */
static size_t find_at(struct faces *f, const struct film *film, size_t side, float sure,
		      unsigned *faces)
{
	struct square cells = run(f, film, side);
	size_t count = boxes_of(&cells, MAYBE, f->boxes), likely = 0;
	qsort(f->boxes, count, sizeof *f->boxes, surest_first);
	while (likely < count && f->boxes[likely].sure > sure)
		likely++;
	*faces = faces_among(f->boxes, likely);
	return count;
}

struct faces_seen faces_find(struct faces *f, const struct film *film)
{
	unsigned near, far;
	size_t maybe = find_at(f, film, NEAR, SURE_NEAR, &near);
	maybe += find_at(f, film, FAR, SURE_FAR, &far);
	return (struct faces_seen){ .sure = near > far ? near : far, .anybody = maybe > 0 };
}
