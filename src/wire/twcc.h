/*
 * twcc.h - transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 *
 * One RTCP packet says for a run of transport sequence numbers which arrived,
 * and when, in steps of 250 µs.  Times are of the receiver's clock; only
 * differences mean something to the sender.
 */
#ifndef PVL_WIRE_TWCC_H
#define PVL_WIRE_TWCC_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/writer.h"
#include "wire/rtcp.h"

enum {
	TWCC_TICK_US = 250,
	TWCC_REFERENCE_US = 64000,
	TWCC_STATUSES_MAX = 8192, /* of one packet; more is refused on both sides */
};

#define TWCC_LOST INT64_MIN

/* What twcc_write() writes. */
struct twcc_feedback {
	uint32_t sender;
	uint32_t media;
	uint16_t base;             /* sequence number of arrival_us[0] */
	uint8_t number;            /* counts the feedback packets */
	const int64_t *arrival_us; /* not negative, or TWCC_LOST */
	size_t count;
};

/*
 * Appends one feedback packet; *taken says how many of the numbers it covers:
 * fewer than count where it is full (TWCC_STATUSES_MAX, the writer's space) or
 * where two arrivals stand more than 8 s apart, and never ends with a loss (the next
 * packet may know better); go on from there with the next.
 * ERR_NOT_FOUND if nothing arrived at all (nothing is written), ERR_LIMIT if
 * not even the first arrival fits.
 */
MUST_USE enum err twcc_write(struct writer *w, const struct twcc_feedback *feedback, size_t *taken);

struct twcc_status {
	uint16_t sequence;
	bool arrived;
	int64_t arrival_us; /* of the receiver's clock, modulo 2^24 * 64 ms; 0 if not arrived */
};

struct twcc_reader {
	uint16_t base;
	uint16_t count; /* statuses in the packet */
	uint8_t number;
	/* private */
	struct reader chunks;
	struct reader deltas;
	uint16_t told;
	uint16_t chunk;
	uint16_t chunk_len;
	uint16_t chunk_at;
	int64_t time_us;
};

/*
 * From RTCP_TRANSPORT_FEEDBACK with format RTCP_TWCC.  The whole packet is
 * checked here: ERR_SHORT, ERR_BAD (a reserved symbol), ERR_LIMIT.
 */
MUST_USE enum err twcc_open(const struct rtcp_feedback *feedback, struct twcc_reader *out);
/* Exactly `count` times true. */
bool twcc_next(struct twcc_reader *reader, struct twcc_status *out);

#endif
