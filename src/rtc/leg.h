/*
 * leg.h - the way from us to one peer: keys, address, what its line carries, counts.
 */
#ifndef PVL_RTC_LEG_H
#define PVL_RTC_LEG_H

#include "base/address.h"
#include "base/clock.h"
#include "congestion/estimator.h"
#include "congestion/pacer.h"
#include "rtc/outbox.h"
#include "rtc/srtp.h"

enum {
	LEG_RTT_US = 100000,       /* until one is measured */
	LEG_REPEATS_LEAST = 200,   /* retransmissions may take so much of 1000 that are sent, ... */
	LEG_REPEATS_MOST = 600,    /* ... up to so much where that is lost, ... */
	LEG_RTX_SAVED_MAX = 65536, /* ... and what was saved up, in bytes */
	LEG_RTX_SAVED_FIRST = 16384,
	LEG_UNKNOWN_BPS = 200000, /* the pace until the receiver's first feedback, ... */
	LEG_UNKNOWN_US = 2000000, /* ... for at most so long: some never tell */
	LEG_FULL_US = 200000,     /* pictures wait so long for a TCP connection that is full */
};

struct leg {
	struct outbox *outbox;
	struct srtp *srtp; /* NULL until keys stand */
	bool open;         /* ICE has a tuple with consent */
	struct address to;
	bool full;              /* the TCP connection takes nothing more */
	struct mono full_since; /* if it does not */
	uint16_t twcc;          /* next transport-wide number */
	uint8_t cluster;        /* the probe that what leaves now belongs to; 0: none */
	struct pacer pacer;
	struct mono began;           /* the pacer, with the first keys */
	struct estimator *estimator; /* NULL until keys stand, or if the peer numbers nothing */
	int64_t rtx_saved;           /* bytes that retransmissions may take now */
	uint16_t repeats_of_1000;    /* what is saved for them */
	uint16_t lost_of_1000;       /* of what was sent lately */
	uint8_t sound_again;         /* each frame of sound goes so many times more */
	bool pictures_again;         /* each packet of pictures goes twice */
	int64_t rtt_us;              /* 0: not measured */
	uint32_t packets;            /* of this second */
	uint32_t bytes;
	uint64_t wire_bytes;  /* of numbered packets, since the beginning */
	struct mono numbered; /* the last of them left */
	uint64_t refused;     /* packets for which the outbox had no room */
};

/* What the line sees of a datagram of so many bytes, either way: UDP and IP too, or TCP with its
 * stamps and the length. */
size_t leg_wire_bytes(const struct leg *leg, size_t len);
/* The measured round trip, or a guess. */
int64_t leg_rtt_us(const struct leg *leg);
void leg_measured(struct leg *leg, int64_t rtt_us);
struct leg_packet {
	struct bytes header; /* this and the payload are copied by the encryption */
	struct bytes payload;
	uint64_t index; /* of SRTP */
	enum sent_kind kind;
	bool numbered; /* the header carries leg->twcc */
	uint32_t tag;  /* in the outbox */
};

/* One RTP packet.  False: it is not sent, and its number is not used. */
bool leg_send_rtp(struct leg *leg, const struct leg_packet *packet, struct mono now);
/* The receiver has told at least once what arrived. */
bool leg_is_known(const struct leg *leg);
/* A line on which even reports take a share that counts. */
bool leg_is_thin(const struct leg *leg);
/* Its line is known, or may still become so: pictures go at its pace. */
bool leg_is_paced(const struct leg *leg, struct mono now);
/* What it does not take now will not be in time: pictures are left out. */
bool leg_is_stuck(const struct leg *leg, struct mono now);
/* So many bytes were sent for the first time: some more may be repeated. */
void leg_save_for_repeats(struct leg *leg, size_t len);
/* So much is lost, 0 to 1: what repeats and redundant sound may take follows it. */
void leg_loses(struct leg *leg, double share);
/* RTCP in the clear, at most OUTBOX_BYTES - SRTCP_OVERHEAD_MAX. */
bool leg_send_rtcp(struct leg *leg, struct bytes rtcp);

#endif
