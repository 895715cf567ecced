/*
 * mangle.h - what every parser test does to a good input: cut it everywhere, flip every bit.
 *
 * Each variant lies in memory of exactly its length, so that the sanitizers
 * see the first byte read too far.
 */
#ifndef PVL_TESTS_MANGLE_H
#define PVL_TESTS_MANGLE_H

#include "../check.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/hex.h"

/* For results that do not matter: any answer is right, as long as it is one. */
static inline void any(enum err err)
{
	assert_true(err <= ERR_CRYPTO);
}

static inline void mangle_one(struct bytes b, void (*try)(struct bytes))
{
	uint8_t *copy = malloc(b.len ? b.len : 1);
	if (b.len)
		memcpy(copy, b.at, b.len);
	try(bytes_of(copy, b.len));
	free(copy);
}

static inline void mangle(struct bytes good, void (*try)(struct bytes))
{
	uint8_t *copy = malloc(good.len ? good.len : 1);
	memcpy(copy, good.at, good.len);
	for (size_t len = 0; len <= good.len; len++)
		mangle_one(bytes_of(copy, len), try);
	for (size_t i = 0; i < good.len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			copy[i] ^= (uint8_t)(1u << bit);
			mangle_one(bytes_of(copy, good.len), try);
			copy[i] ^= (uint8_t)(1u << bit);
		}
		copy[i] ^= 0xff;
		mangle_one(bytes_of(copy, good.len), try);
		copy[i] ^= 0xff;
	}
	free(copy);
}

/* Bytes from hex; spaces do not count.  out has room for them. */
static inline struct bytes unhex(const char *text, uint8_t *out)
{
	char digits[4096];
	size_t n = 0;
	for (; *text; text++)
		if (*text != ' ')
			digits[n++] = *text;
	assert_true(hex_decode(str_of(digits, n), out, n / 2));
	return bytes_of(out, n / 2);
}

#endif
