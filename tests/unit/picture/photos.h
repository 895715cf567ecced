/*
 * photos.h - photos for tests, made by the libraries themselves.
 */
#ifndef PVL_TESTS_PHOTOS_H
#define PVL_TESTS_PHOTOS_H

#include <png.h>
#include <stdio.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include "../check.h"
#include "base/bytes.h"

/* Four quarters of one colour each: red, green over blue, white. */
static inline uint8_t *quarters(int width, int height)
{
	static const uint8_t colours[2][2][3] = { { { 220, 20, 20 }, { 20, 200, 20 } },
						  { { 20, 20, 220 }, { 250, 250, 250 } } };
	uint8_t *at = malloc((size_t)width * (size_t)height * 3), *next = at;
	CHECK(at != NULL);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++, next += 3)
			memcpy(next, colours[y >= height / 2][x >= width / 2], 3);
	return at;
}

static inline struct bytes photo_jpeg(int width, int height, int flags)
{
	unsigned char *jpeg = NULL;
	unsigned long len = 0;
	uint8_t *rgb = quarters(width, height);
	tjhandle handle = tjInitCompress();
	CHECK(tjCompress2(handle, rgb, width, 0, height, TJPF_RGB, &jpeg, &len, TJSAMP_420, 90,
			  flags) == 0);
	tjDestroy(handle);
	free(rgb);
	return bytes_of(jpeg, len);
}

static inline struct bytes photo_png(int width, int height)
{
	uint8_t *rgb = quarters(width, height);
	png_image image = { .version = PNG_IMAGE_VERSION,
			    .width = (unsigned)width,
			    .height = (unsigned)height,
			    .format = PNG_FORMAT_RGB };
	png_alloc_size_t len = PNG_IMAGE_PNG_SIZE_MAX(image);
	uint8_t *at = malloc(len);
	CHECK(png_image_write_to_memory(&image, at, &len, 0, rgb, 0, NULL));
	free(rgb);
	return bytes_of(at, len);
}

static inline struct bytes photo_webp(int width, int height)
{
	uint8_t *rgb = quarters(width, height), *at = NULL;
	size_t len = WebPEncodeRGB(rgb, width, height, width * 3, 80, &at);
	CHECK(len > 0);
	free(rgb);
	return bytes_of(at, len);
}

/* The JPEG with an Exif block that says how it is to be turned, and where it was taken. */
static inline struct bytes photo_turned(struct bytes jpeg, uint8_t orientation)
{
	static const uint8_t exif[] = {
		0xff, 0xe1, 0,   68,  'E', 'x', 'i', 'f', 0,   0,            /* APP1 */
		'M',  'M',  0,   42,  0,   0,   0,   8,                      /* TIFF, big-endian */
		0,    2,                                                     /* two entries */
		0x01, 0x12, 0,   3,   0,   0,   0,   1,   0,   1,   0,   0,  /* orientation */
		0x01, 0x0e, 0,   2,   0,   0,   0,   20,  0,   0,   0,   38, /* description */
		0,    0,    0,   0,                                          /* no more */
		'T',  'a',  'k', 'e', 'n', ' ', 'a', 't', ' ', 'h', 'o', 'm',
		'e',  ',',  ' ', '1', '2', 'b', ' ', 0,   0,   0,
	};
	_Static_assert(sizeof(exif) == 70, "the length that stands in it, and two");
	uint8_t *at = malloc(jpeg.len + sizeof(exif));
	memcpy(at, jpeg.at, 2);
	memcpy(at + 2, exif, sizeof(exif));
	at[2 + 10 + 8 + 2 + 9] = orientation;
	memcpy(at + 2 + sizeof(exif), jpeg.at + 2, jpeg.len - 2);
	return bytes_of(at, jpeg.len + sizeof(exif));
}

/* A photo's header that promises so many pixels, and nothing behind it. */
static inline struct bytes png_header(uint32_t width, uint32_t height)
{
	static uint8_t file[8 + 25 + 12 + 40];
	static const uint8_t start[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
					 0,    0,   0,   13,  'I',  'H',  'D',  'R' };
	memcpy(file, start, sizeof(start));
	for (int i = 0; i < 4; i++) {
		file[16 + i] = (uint8_t)(width >> (24 - 8 * i));
		file[20 + i] = (uint8_t)(height >> (24 - 8 * i));
	}
	memcpy(file + 24, (const uint8_t[]){ 8, 2, 0, 0, 0 }, 5);
	/* CRC-32 over type and data. */
	uint32_t crc = 0xffffffff;
	for (int i = 12; i < 29; i++) {
		crc ^= file[i];
		for (int k = 0; k < 8; k++)
			crc = (crc >> 1) ^ (0xedb88320 & (0U - (crc & 1)));
	}
	crc = ~crc;
	for (int i = 0; i < 4; i++)
		file[29 + i] = (uint8_t)(crc >> (24 - 8 * i));
	memcpy(file + 33, (const uint8_t[]){ 0, 0, 0, 8, 'I', 'D', 'A', 'T', 0x78, 0x9c }, 10);
	return bytes_of(file, sizeof(file));
}

#endif
