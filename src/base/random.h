/*
 * random.h - random bytes, passed in like time.
 *
 * Production fills from the kernel (sys/entropy.h); tests use random_seeded(),
 * which repeats itself exactly and must never make a key.
 */
#ifndef PVL_BASE_RANDOM_H
#define PVL_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	void (*fill)(struct random *self, void *at, size_t len);
	uint64_t state[4]; /* of the seeded kind */
};

struct random random_seeded(uint64_t seed);
void random_fill(struct random *r, void *at, size_t len);
uint32_t random_u32(struct random *r);
uint64_t random_u64(struct random *r);
/* 0 … below-1, without bias; below must not be 0. */
uint64_t random_below(struct random *r, uint64_t below);
/* A new id: 1 … 2^63-1 (ids of every kind are drawn so). */
int64_t random_id(struct random *r);

#endif
