/*
 * offer.h - from an SDP offer to numbers for pvl-media, and from its answer to SDP.
 *
 * Pure.  m-lines: the first audio and the first video on which the client sends
 * are its uplink; every m-line on which it receives is a slot (sendrecv is both).
 * What we do not speak is refused line by line (port 0), as RFC 8829 wants.
 */
#ifndef PVL_WEB_OFFER_H
#define PVL_WEB_OFFER_H

#include "ipc/media.h"
#include "wire/sdp.h"

/* What became of each m-line of the offer. */
struct offer_line {
	bool refused;
	bool uplink;
	uint8_t uplink_index;
	bool slot;
	uint8_t slot_index;
};

struct offer_plan {
	struct media_offer media; /* visit, peer, end and role are the caller's */
	struct offer_line lines[SDP_MEDIA_MAX];
};

/* NULL: fine; else a sentence saying what is wrong with it. */
const char *offer_plan(const struct sdp_offer *offer, bool own_page, struct offer_plan *out);

struct offer_ours {
	uint64_t session;
	const uint8_t *fingerprint; /* 32 bytes */
	size_t addresses_len;
	const struct address *addresses;
	uint16_t port;
	const uint16_t *tcp_ports; /* MEDIA_TCP_PORTS; 0: none */
};

/* Appends the SDP answer. */
void offer_answer(struct buf *out, const struct sdp_offer *offer, const struct offer_plan *plan,
		  const struct media_answer *answer, const struct offer_ours *ours);

#endif
