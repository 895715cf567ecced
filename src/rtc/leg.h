/*
 * leg.h - the way from us to one peer: keys, address, transport-wide numbers, counts.
 */
#ifndef PVL_RTC_LEG_H
#define PVL_RTC_LEG_H

#include "base/address.h"
#include "base/clock.h"
#include "rtc/outbox.h"
#include "rtc/srtp.h"

enum {
	LEG_RTT_US = 100000,       /* until one is measured */
	LEG_RTX_SHARE = 5,         /* retransmissions take at most one fifth of what is sent ... */
	LEG_RTX_SAVED_MAX = 65536, /* ... and what was saved up, in bytes */
	LEG_RTX_SAVED_FIRST = 16384,
};

struct leg {
	struct outbox *outbox;
	struct srtp *srtp; /* NULL until keys stand */
	bool open;         /* ICE has a tuple with consent */
	struct address to;
	uint16_t twcc;     /* next transport-wide number */
	int64_t rtx_saved; /* bytes that retransmissions may take now */
	int64_t rtt_us;    /* 0: not measured */
	uint32_t packets;  /* of this second */
	uint32_t bytes;
	uint64_t refused; /* packets for which the outbox had no room */
};

/* The measured round trip, or a guess. */
int64_t leg_rtt_us(const struct leg *leg);
void leg_measured(struct leg *leg, int64_t rtt_us);
/* One RTP packet; header and payload are copied by the encryption.  False: it is not sent. */
bool leg_send_rtp(struct leg *leg, struct bytes header, struct bytes payload, uint64_t index,
		  bool audio, uint32_t tag);
/* RTCP in the clear, at most OUTBOX_BYTES - SRTCP_OVERHEAD_MAX. */
bool leg_send_rtcp(struct leg *leg, struct bytes rtcp);

#endif
