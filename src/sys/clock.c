#include "sys/clock.h"

static struct timespec read_clock(clockid_t id)
{
	struct timespec t = { 0 };
	clock_gettime(id, &t);
	return t;
}

struct mono mono_now(void)
{
	struct timespec t = read_clock(CLOCK_MONOTONIC);
	return (struct mono){ .us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 };
}

struct wall wall_now(void)
{
	return (struct wall){ .s = read_clock(CLOCK_REALTIME).tv_sec };
}

int64_t wall_now_ms(void)
{
	struct timespec t = read_clock(CLOCK_REALTIME);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
