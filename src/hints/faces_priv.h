/*
 * faces_priv.h - the weights of the model, and what one layer of it computes.
 *
 * A network of seven convolutions, "tiny face detector" of the face-api package
 * (MIT), trained by others.  All pictures between layers are squares of floats:
 * rows, pixels, channels.
 */
#ifndef PVL_HINTS_FACES_PRIV_H
#define PVL_HINTS_FACES_PRIV_H

#include <stddef.h>
#include <stdint.h>

enum {
	FACE_COLOURS = 3,
	FACE_FIRST = 16,   /* channels after the first layer; each of the next doubles them */
	FACE_DEEP_MAX = 5, /* layers between the first and the last */
	FACE_BOXES = 5,    /* that each cell may hold, each of another size */
	FACE_BOX = 5,      /* numbers of a box: x, y, width, height, how sure */
	/* filters and bias of first and last; depth, point and bias of each between */
	FACE_WEIGHTS = 2 + 3 * FACE_DEEP_MAX + 2,
};

/* A weight is least + scale * byte. */
struct face_weights {
	const uint8_t *at;
	size_t count;
	float scale;
	float least;
};

extern const struct face_weights face_weights[FACE_WEIGHTS];

struct square {
	float *at;
	size_t side;
	size_t channels;
};

/* Each writes a square to out->at, which has room, and sets its side and channels. */

/* 3 x 3 pixels, all channels of each, no border. */
void layer_whole(const struct square *in, const float *filters, const float *bias, size_t channels,
		 struct square *out);
/* 3 x 3 pixels of each channel by itself; a border of nothing. */
void layer_depth(const struct square *in, const float *filters, struct square *out);
/* Each pixel by itself, all channels of it. */
void layer_point(const struct square *in, const float *filters, const float *bias, size_t channels,
		 struct square *out);
/* The greatest of 2 x 2 pixels, every step pixels. */
void layer_greatest(const struct square *in, size_t step, struct square *out);
/* What is below zero becomes a tenth of itself. */
void layer_leak(struct square *);

#endif
