#include "base/random.h"

#include <string.h>

#include "base/assert.h"

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

/* xoshiro256**, D. Blackman and S. Vigna, public domain. */
static uint64_t xoshiro(uint64_t *s)
{
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

static void seeded_fill(struct random *self, void *at, size_t len)
{
	uint8_t *out = at;
	while (len) {
		uint64_t v = xoshiro(self->state);
		size_t n = len < sizeof v ? len : sizeof v;
		memcpy(out, &v, n);
		out += n;
		len -= n;
	}
}

struct random random_seeded(uint64_t seed)
{
	struct random r = { .fill = seeded_fill };
	for (int i = 0; i < 4; i++) { /* splitmix64 */
		seed += 0x9e3779b97f4a7c15u;
		uint64_t z = seed;
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		r.state[i] = z ^ (z >> 31);
	}
	return r;
}

void random_fill(struct random *r, void *at, size_t len)
{
	r->fill(r, at, len);
}

uint32_t random_u32(struct random *r)
{
	uint32_t v;
	random_fill(r, &v, sizeof v);
	return v;
}

uint64_t random_u64(struct random *r)
{
	uint64_t v;
	random_fill(r, &v, sizeof v);
	return v;
}

uint64_t random_below(struct random *r, uint64_t below)
{
	ASSERT(below > 0);
	uint64_t limit = UINT64_MAX - UINT64_MAX % below;
	for (;;) {
		uint64_t v = random_u64(r);
		if (v < limit)
			return v % below;
	}
}

int64_t random_id(struct random *r)
{
	for (;;) {
		int64_t v = (int64_t)(random_u64(r) >> 1);
		if (v > 0)
			return v;
	}
}
