/*
 * clock.h - the two kinds of time, which the compiler keeps apart.
 *
 * struct mono measures durations and sets deadlines; struct wall is what the
 * database stores: UTC, seconds since 1970.  Nothing here reads a clock: now
 * is always passed in (sys/clock.h reads it, once per loop turn).
 */
#ifndef PVL_BASE_CLOCK_H
#define PVL_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct mono {
	int64_t us; /* microseconds since an arbitrary start */
};

struct wall {
	int64_t s; /* seconds since 1970-01-01 00:00 UTC */
};

#define MONO_NEVER ((struct mono){ .us = INT64_MAX })

static inline struct mono mono_add_us(struct mono t, int64_t us)
{
	return (struct mono){ .us = t.us + us };
}

static inline struct mono mono_add_ms(struct mono t, int64_t ms)
{
	return (struct mono){ .us = t.us + ms * 1000 };
}

/* a - b. */
static inline int64_t mono_diff_us(struct mono a, struct mono b)
{
	return a.us - b.us;
}

static inline bool mono_before(struct mono a, struct mono b)
{
	return a.us < b.us;
}

static inline struct mono mono_min(struct mono a, struct mono b)
{
	return a.us < b.us ? a : b;
}

static inline struct mono mono_max(struct mono a, struct mono b)
{
	return a.us > b.us ? a : b;
}

static inline struct wall wall_add_s(struct wall t, int64_t s)
{
	return (struct wall){ .s = t.s + s };
}

#endif
