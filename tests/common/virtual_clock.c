#include "virtual_clock.h"

#include <sys/time.h>

enum {
	EPOCH_S = 1000000, /* OpenSSL takes 0 for "no timer" */
};

static struct mono clock_now;

void virtual_clock_set(struct mono now)
{
	clock_now = now;
}

/* Instead of libc's; exported, for libssl to find. */
__attribute__((visibility("default"))) int gettimeofday(struct timeval *restrict tv,
							void *restrict zone);

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	(void)zone;
	tv->tv_sec = EPOCH_S + clock_now.us / 1000000;
	tv->tv_usec = clock_now.us % 1000000;
	return 0;
}
