#include "web/limits.h"

#include <sodium.h>
#include <string.h>

#include "base/mem.h"

enum {
	ROWS = 16384,
	WAYS = 4,
};

struct bucket {
	uint64_t key;       /* 0: free */
	int64_t full_at_us; /* when it will be full again, if left alone */
};

struct limits {
	uint8_t secret[crypto_shorthash_KEYBYTES];
	struct bucket rows[ROWS][WAYS];
};

/* A bucket of `burst` tokens, one back every `each_us`: kept as the time at which it is full. */
static const struct {
	int64_t burst;
	int64_t each_us;
} rates[LIMIT_COUNT] = {
	[LIMIT_SIGN_IN_ACCOUNT] = { 10, 90000000 }, [LIMIT_SIGN_IN_PREFIX] = { 60, 2000000 },
	[LIMIT_SIGN_IN_ALL] = { 200, 50000 },       [LIMIT_JOIN_PREFIX] = { 120, 500000 },
	[LIMIT_CHALLENGE_PREFIX] = { 120, 250000 }, [LIMIT_ACCOUNT_PREFIX] = { 20, 60000000 },
	[LIMIT_ACCOUNT_ALL] = { 200, 1000000 },     [LIMIT_ENROL_PREFIX] = { 20, 10000000 },
	[LIMIT_LINK_PREFIX] = { 20, 10000000 },     [LIMIT_KEY] = { 600, 50000 },
	[LIMIT_PAPER_ACCOUNT] = { 30, 5000000 },    [LIMIT_PICTURE_ACCOUNT] = { 20, 30000000 },
	[LIMIT_KEY_PREFIX] = { 20, 10000000 },      [LIMIT_PIN_TERMINAL] = { 10, 20000000 },
	[LIMIT_MOBILE_PREFIX] = { 10, 600000000 },  [LIMIT_MOBILE_ALL] = { 100, 10000000 },
};

struct limits *limits_new(struct random *random)
{
	struct limits *limits = mem_new(1, sizeof(*limits));
	random_fill(random, limits->secret, sizeof(limits->secret));
	return limits;
}

void limits_free(struct limits *limits)
{
	free(limits);
}

static struct bucket *bucket_of(struct limits *limits, uint64_t key)
{
	struct bucket *row = limits->rows[key % ROWS];
	struct bucket *loosest = &row[0];
	for (size_t i = 0; i < WAYS; i++) {
		if (row[i].key == key)
			return &row[i];
		if (row[i].full_at_us < loosest->full_at_us)
			loosest = &row[i];
	}
	*loosest = (struct bucket){ .key = key };
	return loosest;
}

static bool take(struct limits *limits, enum limit limit, const uint8_t *at, size_t len,
		 struct mono now)
{
	uint8_t text[512];
	uint64_t key;
	size_t used = len < sizeof(text) - 1 ? len : sizeof(text) - 1;
	text[0] = (uint8_t)limit;
	memcpy(text + 1, at, used);
	crypto_shorthash((uint8_t *)&key, text, used + 1, limits->secret);
	struct bucket *bucket = bucket_of(limits, key | 1);
	int64_t full_at = bucket->full_at_us > now.us ? bucket->full_at_us : now.us;
	int64_t after = full_at + rates[limit].each_us;
	if (after - now.us > rates[limit].burst * rates[limit].each_us)
		return false;
	bucket->full_at_us = after;
	return true;
}

bool limits_take_name(struct limits *limits, enum limit limit, struct str name, struct mono now)
{
	return take(limits, limit, (const uint8_t *)name.at, name.len, now);
}

bool limits_take_address(struct limits *limits, enum limit limit, const struct address *address,
			 struct mono now)
{
	size_t len = address->family == ADDRESS_IPV6 ? 7 : 4;
	return take(limits, limit, address->ip, len, now);
}
