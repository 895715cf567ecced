/*
 * arrivals.h - when the packets of one sender arrived, for transport-wide feedback to it.
 *
 * A feedback packet goes out each 100 ms, or after 100 packets, to a thin line each
 * 250 ms; libwebrtc's own receivers tell each 50 to 250 ms.
 */
#ifndef PVL_RTC_ARRIVALS_H
#define PVL_RTC_ARRIVALS_H

#include "base/clock.h"
#include "base/writer.h"

enum {
	ARRIVALS_MAX = 512, /* numbers remembered, a power of two */
	ARRIVALS_MANY = 100,
	ARRIVALS_EACH_US = 100000,
	ARRIVALS_EACH_THIN_US = 250000,
};

struct arrivals {
	bool started;
	uint8_t number;   /* of the feedback packets */
	uint64_t base;    /* first number not told yet */
	uint64_t end;     /* newest number + 1 */
	bool thin;        /* the line on which the feedback goes */
	struct mono told; /* last feedback, or first arrival */
	int64_t at_us[ARRIVALS_MAX];
};

void arrivals_note(struct arrivals *arrivals, uint16_t sequence, struct mono now);
/* When feedback is due; false if there is nothing to tell. */
bool arrivals_next(const struct arrivals *arrivals, struct mono *at);
/* Appends feedback packets for all that is not told yet. */
void arrivals_write(struct arrivals *arrivals, struct writer *w, uint32_t sender, uint32_t media,
		    struct mono now);

#endif
