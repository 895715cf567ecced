/*
 * photo.h - photographs of people, for what looks at pictures: sample1.jpg and so on, which come with the
 * model of hints/faces.h.
 */
#ifndef PVL_TESTS_COMMON_PHOTO_H
#define PVL_TESTS_COMMON_PHOTO_H

#include "hints/faces.h"

/* In three planes, of video range. */
struct photo {
	struct film film;
	unsigned char *all;
};

struct photo photo_open(const char *directory, int number);
void photo_close(struct photo *);

/* A part of it: left, top, width and height in thousandths of its width. */
struct film photo_part(const struct photo *, const unsigned at[4]);

#endif
