/*
 * ntp.h - NTP timestamps: seconds in 32.32 fixed point (RFC 3550 section 4).
 *
 * Only differences have a meaning here: our sender reports count from an
 * arbitrary start, since nothing in this process knows the time of day.
 */
#ifndef PVL_RTC_NTP_H
#define PVL_RTC_NTP_H

#include <stdint.h>

#include "base/clock.h"

/* us below 2^51 */
static inline uint64_t ntp_from_us(int64_t us)
{
	uint64_t seconds = (uint64_t)us / 1000000;
	uint64_t rest = (uint64_t)us % 1000000;
	return (seconds << 32) + (rest << 32) / 1000000;
}

/* Our own clock; never 0. */
static inline uint64_t ntp_now(struct mono now)
{
	return ((uint64_t)1 << 62) + ntp_from_us(now.us);
}

#endif
