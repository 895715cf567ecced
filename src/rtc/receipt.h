/*
 * receipt.h - what a receiver report says of one incoming stream (RFC 3550, appendix A.3 and A.8),
 * and the sender's clock as its sender reports tell it.
 */
#ifndef PVL_RTC_RECEIPT_H
#define PVL_RTC_RECEIPT_H

#include "base/clock.h"
#include "wire/rtcp.h"

/* One point of the line that maps RTP timestamps to the sender's wall clock. */
struct sender_clock {
	bool known;
	uint64_t ntp;
	uint32_t rtp;
	struct mono came; /* when the report arrived: for its age only, never for its meaning */
};

struct receipt {
	bool started;
	uint64_t first;
	uint64_t newest;
	uint64_t received;
	uint64_t expected_before; /* at the last report */
	uint64_t received_before;
	uint32_t jitter_16; /* sixteenths of a timestamp unit */
	uint32_t transit;
	struct sender_clock clock;
};

void receipt_note(struct receipt *receipt, uint64_t sequence, uint32_t timestamp,
		  uint32_t clock_rate, struct mono now);
void receipt_sender_report(struct receipt *receipt, const struct rtcp_reports *sr, struct mono now);
/* The block about stream ssrc; starts the next interval. */
struct rtcp_report receipt_report(struct receipt *receipt, uint32_t ssrc, struct mono now);

#endif
