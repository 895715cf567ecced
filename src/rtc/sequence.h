/*
 * sequence.h - sequence numbers of 16 bits, extended to a count that never wraps.
 */
#ifndef PVL_RTC_SEQUENCE_H
#define PVL_RTC_SEQUENCE_H

#include <stdint.h>

/* The number with these low 16 bits that stands nearest to `near` (RFC 3711 section 3.3.1). */
static inline uint64_t sequence_extend(uint64_t near, uint16_t sequence)
{
	int16_t step = (int16_t)(uint16_t)(sequence - (uint16_t)near);
	return near + (uint64_t)(int64_t)step;
}

/* Where a count starts, so that going back a little never passes 0. */
#define SEQUENCE_START ((uint64_t)1 << 32)

#endif
