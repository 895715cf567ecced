/*
 * rtcp.h - RTCP: reports, feedback, extended reports (RFC 3550 section 6, 4585, 5104, 5506, 3611).
 *
 * A datagram is a compound of packets; rtcp_next() walks over it with strict
 * bounds.  Reduced size (RFC 5506) is accepted: the first packet may be
 * feedback.  Parsed values borrow the datagram.  Transport-wide feedback has
 * its own header, wire/twcc.h.
 */
#ifndef PVL_WIRE_RTCP_H
#define PVL_WIRE_RTCP_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/writer.h"

enum rtcp_type {
	RTCP_SR = 200,
	RTCP_RR = 201,
	RTCP_SDES = 202,
	RTCP_BYE = 203,
	RTCP_TRANSPORT_FEEDBACK = 205,
	RTCP_PAYLOAD_FEEDBACK = 206,
	RTCP_XR = 207,
};

/* The format field of the two kinds of feedback. */
enum rtcp_format {
	RTCP_NACK = 1, /* transport */
	RTCP_TWCC = 15,
	RTCP_PLI = 1, /* payload */
	RTCP_FIR = 4,
	RTCP_APPLICATION = 15, /* REMB is one of these */
};

enum {
	RTCP_REPORTS_MAX = 31,
	RTCP_SSRCS_MAX = 31,
	RTCP_DLRR_MAX = 16, /* more are ignored */
	RTCP_CNAME_MAX = 255,
};

struct rtcp_packet {
	uint8_t type;      /* enum rtcp_type, or another to be skipped */
	uint8_t format;    /* 5 bits: number of reports or sources, or enum rtcp_format */
	struct bytes body; /* after the four bytes of header, without padding */
};

struct rtcp_walk {
	struct bytes rest;
	bool broken;
};

struct rtcp_walk rtcp_walk_of(struct bytes datagram);
/* False at the end, and where a packet breaks its bounds (then .broken). */
bool rtcp_next(struct rtcp_walk *walk, struct rtcp_packet *out);

/* What one receiver says of one stream. */
struct rtcp_report {
	uint32_t ssrc;
	uint8_t fraction_lost; /* of 256, since the last report */
	int32_t lost;          /* in all; 24 bits, may be negative */
	uint32_t highest_sequence;
	uint32_t jitter;         /* in timestamp units */
	uint32_t last_sr;        /* middle 32 bits of the NTP time of the last SR; 0 if none */
	uint32_t delay_since_sr; /* 1/65536 s */
};

struct rtcp_reports {
	uint32_t sender;
	/* of a sender report only, else 0 */
	uint64_t ntp;
	uint32_t rtp_timestamp;
	uint32_t packets;
	uint32_t octets;
	size_t count;
	struct rtcp_report report[RTCP_REPORTS_MAX];
};

/* Of RTCP_SR and RTCP_RR. */
MUST_USE enum err rtcp_parse_reports(const struct rtcp_packet *packet, struct rtcp_reports *out);
/* The CNAME of this source in an RTCP_SDES; ERR_NOT_FOUND if it has none. */
MUST_USE enum err rtcp_parse_cname(const struct rtcp_packet *packet, uint32_t ssrc,
				   struct bytes *out);

struct rtcp_bye {
	size_t count;
	uint32_t ssrc[RTCP_SSRCS_MAX];
};

MUST_USE enum err rtcp_parse_bye(const struct rtcp_packet *packet, struct rtcp_bye *out);

struct rtcp_feedback {
	uint32_t sender;
	uint32_t media;
	struct bytes control; /* the feedback control information, as the format says */
};

/* Of both kinds of feedback. */
MUST_USE enum err rtcp_parse_feedback(const struct rtcp_packet *packet, struct rtcp_feedback *out);

/* The lost sequence numbers of a NACK, one a call. */
struct rtcp_nacks {
	struct reader rest;
	uint16_t base;
	uint32_t mask; /* bit i: base + i is still to be told */
};

struct rtcp_nacks rtcp_nacks_of(const struct rtcp_feedback *feedback);
bool rtcp_nacks_next(struct rtcp_nacks *walk, uint16_t *sequence);

/* Whether a FIR asks this stream for a key frame, and the number of the request. */
bool rtcp_fir_asks(const struct rtcp_feedback *feedback, uint32_t ssrc, uint8_t *number);

struct rtcp_remb {
	uint64_t bits_per_s;
	size_t count;
	uint32_t ssrc[RTCP_SSRCS_MAX];
};

/* draft-alvestrand-rmcat-remb; ERR_NOT_FOUND if the application feedback is something else. */
MUST_USE enum err rtcp_parse_remb(const struct rtcp_feedback *feedback, struct rtcp_remb *out);

struct rtcp_dlrr {
	uint32_t ssrc;
	uint32_t last_rr; /* middle 32 bits of the NTP time of the last RRTR */
	uint32_t delay;   /* 1/65536 s */
};

struct rtcp_xr {
	uint32_t sender;
	bool has_rrtr;
	uint64_t rrtr_ntp;
	size_t dlrr_count;
	struct rtcp_dlrr dlrr[RTCP_DLRR_MAX];
};

/* Receiver reference time and delay blocks; others are skipped. */
MUST_USE enum err rtcp_parse_xr(const struct rtcp_packet *packet, struct rtcp_xr *out);

/* Each appends one packet.  The writer is sticky: write the compound, then ask writer_ok(). */

/* A sender report if `sr`, else a receiver report; count at most RTCP_REPORTS_MAX. */
void rtcp_write_reports(struct writer *w, bool sr, const struct rtcp_reports *reports);
/* cname at most RTCP_CNAME_MAX bytes. */
void rtcp_write_cname(struct writer *w, uint32_t ssrc, struct bytes cname);
void rtcp_write_bye(struct writer *w, const uint32_t *ssrcs, size_t count);
/* Sequences in rising order (modulo 2^16), at least one. */
void rtcp_write_nack(struct writer *w, uint32_t sender, uint32_t media, const uint16_t *sequences,
		     size_t count);
void rtcp_write_pli(struct writer *w, uint32_t sender, uint32_t media);
void rtcp_write_fir(struct writer *w, uint32_t sender, uint32_t media, uint8_t number);
/* The rate is rounded down to 18 significant bits. */
void rtcp_write_remb(struct writer *w, uint32_t sender, const struct rtcp_remb *remb);
void rtcp_write_xr(struct writer *w, const struct rtcp_xr *xr);

#endif
