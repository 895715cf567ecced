/*
 * clock.h - reads the kernel's clocks.  Once per loop turn; everything else is given the time.
 */
#ifndef PVL_SYS_CLOCK_H
#define PVL_SYS_CLOCK_H

#include "base/clock.h"

struct mono mono_now(void);
struct wall wall_now(void);
/* Milliseconds since 1970 UTC, for log lines. */
int64_t wall_now_ms(void);

#endif
