#include "photo.h"

#include <stdio.h>
#include <stdlib.h>
#include <turbojpeg.h>

#include "../unit/check.h"
#include "base/mem.h"

enum {
	FILE_MAX = 1 << 20
};

static size_t read_file(const char *directory, int number, unsigned char *out)
{
	char path[500];
	(void)snprintf(path, sizeof path, "%s/sample%d.jpg", directory, number);
	FILE *file = fopen(path, "rb");
	CHECK(file != NULL);
	size_t len = fread(out, 1, FILE_MAX, file);
	CHECK(fclose(file) == 0 && len > 0 && len < FILE_MAX);
	return len;
}

/* A JPEG's planes have the full range, in which black is 0. */
static void to_video_range(unsigned char *at, size_t len, int black, int span)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (unsigned char)(black + at[i] * span / 255);
}

/* Red, green and blue; malloc'd. */
static unsigned char *decode(const char *directory, int number, int *width, int *height)
{
	static unsigned char file[FILE_MAX];
	size_t len = read_file(directory, number, file);
	int sampling, colours;
	tjhandle jpeg = tjInitDecompress();
	CHECK(tjDecompressHeader3(jpeg, file, len, width, height, &sampling, &colours) == 0);
	unsigned char *rgb = mem_new((size_t)*width * (size_t)*height * 3, 1);
	CHECK(tjDecompress2(jpeg, file, len, rgb, *width, 0, *height, TJPF_RGB, 0) == 0);
	CHECK(tjDestroy(jpeg) == 0);
	return rgb;
}

struct photo photo_open(const char *directory, int number)
{
	int width, height;
	unsigned char *rgb = decode(directory, number, &width, &height);
	size_t light = (size_t)width * (size_t)height;
	size_t wide = ((size_t)width + 1) / 2, colour = wide * (((size_t)height + 1) / 2);
	struct photo p = { .all = mem_new(light + 2 * colour, 1) };
	unsigned char *planes[] = { p.all, p.all + light, p.all + light + colour };
	int strides[] = { width, (int)wide, (int)wide };
	tjhandle jpeg = tjInitCompress();
	CHECK(tjEncodeYUVPlanes(jpeg, rgb, width, 0, height, TJPF_RGB, planes, strides, TJSAMP_420,
				0) == 0);
	CHECK(tjDestroy(jpeg) == 0);
	free(rgb);
	to_video_range(p.all, light, 16, 219);
	to_video_range(p.all + light, 2 * colour, 16, 224);
	p.film = (struct film){ .luma = { p.all, (size_t)width, (unsigned)width, (unsigned)height },
				.u = planes[1],
				.v = planes[2],
				.colour_stride = wide };
	return p;
}

void photo_close(struct photo *p)
{
	free(p->all);
	*p = (struct photo){ 0 };
}

struct film photo_part(const struct photo *p, const unsigned at[4])
{
	unsigned width = p->film.luma.width, x = at[0] * width / 2000 * 2,
		 y = at[1] * width / 2000 * 2;
	struct film out = p->film;
	out.luma.at += y * out.luma.stride + x;
	out.u += y / 2 * out.colour_stride + x / 2;
	out.v += y / 2 * out.colour_stride + x / 2;
	out.luma.width = at[2] * width / 1000;
	out.luma.height = at[3] * width / 1000;
	CHECK(x + out.luma.width <= width && y + out.luma.height <= p->film.luma.height);
	return out;
}
