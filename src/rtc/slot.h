/*
 * slot.h - one receive m-line of a peer: a stream of ours that shows changing people.
 *
 * Its SSRC, its count of packets, its clock and its picture ids go on for the
 * life of the peer, whoever is shown: the receiver's decoder sees one endless
 * stream (media.md, sections 3 and 8).  A person starts with a key frame, and
 * nothing of them is sent before it.  Without a source nothing is sent at all.
 *
 * Retransmission: a ring remembers which incoming packet each outgoing number
 * carried and how it was rewritten; the payload stays with the sender's history.
 * Sound is not repeated on demand: where the line loses some, each packet carries
 * what the ones before it carried (redundant.h), if the receiver takes RED.
 */
#ifndef PVL_RTC_SLOT_H
#define PVL_RTC_SLOT_H

#include "base/random.h"
#include "ipc/media.h"
#include "rtc/history.h"
#include "rtc/layers.h"
#include "rtc/leg.h"
#include "rtc/packet.h"
#include "rtc/receipt.h"
#include "rtc/redundant.h"
#include "rtc/seqmap.h"

enum {
	SLOT_SENT = 512, /* packets remembered; a power of two */
	SLOT_RTX_TIMES = 8,
	/* What is older, and than three round trips, comes too late: after 3 s libwebrtc asks for a key frame, which
	 * is several times as long as what is missing. */
	SLOT_RTX_AGE_US = 2500000,
	SLOT_PLI_MAX = 3,       /* key-frame requests heard ... */
	SLOT_PLI_US = 10000000, /* ... in this time */
};

/* The picture numbers of VP8 as they go out. */
struct slot_picture {
	uint16_t id;
	uint8_t tl0;
	uint8_t key_index;
};

/* What went out under one number: 48 bytes. */
struct slot_sent {
	uint64_t out; /* 0: nothing */
	uint64_t in;
	struct mono sent;
	struct mono repeated;
	uint32_t timestamp;
	struct slot_picture picture;
	uint8_t times;
	bool marker;
};

struct slot {
	struct media_slot line; /* as offered */
	uint32_t tag;           /* in the outbox */
	uint32_t ssrc;
	uint32_t rtx_ssrc; /* 0 for audio */
	struct seqmap map;
	struct layers layers;
	uint64_t rtx_next;
	struct slot_sent *sent;      /* SLOT_SENT, or NULL: taken when a video slot first sends */
	struct redundant *redundant; /* of sound, NULL until the line first loses some */
	bool waits;                  /* it is said how long pictures wait at the receiver: ... */
	int64_t wait_us;             /* ... at least so long, ... */
	struct mono waited;          /* ... which was last needed then (patience.h) */

	bool key_waits;     /* the key frame to start with waits for the line */
	uint8_t source;     /* end, or MEDIA_NO_END */
	uint32_t from;      /* member that sits there, in the table; meaningless without a source */
	bool running;       /* its first packet (of a key frame) has gone out */
	bool confirmed;     /* a receiver report spoke of this stream: the receiver knows it */
	uint64_t first_out; /* of this source */
	uint32_t ts_plus;
	uint16_t picture_plus;
	uint8_t tl0_plus;
	uint16_t number_plus; /* of pictures in the dependency descriptor (AV1) */
	uint16_t last_number;
	uint8_t key_index_plus;
	uint64_t key_out; /* where the last key frame started */

	bool sent_any;
	struct mono last_at;
	uint32_t last_timestamp;
	bool last_marker;
	struct slot_picture last_picture;
	enum codec last_codec;

	uint32_t packets; /* of the sender report */
	uint32_t octets;
	uint64_t report_ntp; /* of the last sender report; 0: none */
	struct mono report_at;
	struct mono pli_since;
	uint8_t plis;
};

void slot_init(struct slot *slot, const struct media_slot *line, uint32_t tag,
	       struct random *random);
void slot_clear(struct slot *slot);
/* Another person, or nobody: what waits in the outbox is cut, nothing more of the old one goes. */
void slot_set_source(struct slot *slot, struct leg *leg, uint8_t end, uint32_t from);

enum slot_fate {
	SLOT_SENT_ON,
	SLOT_NOT_SENT,  /* no codec in common, too old, no room, or of a layer that does not go */
	SLOT_WANTS_KEY, /* waits for a key frame to start with */
};

enum slot_fate slot_forward(struct slot *slot, struct leg *leg, const struct packet *packet,
			    struct mono now);
/* The receiver lacks these 16 bits; history is of the present source. */
void slot_nack(struct slot *slot, struct leg *leg, const struct history *history, uint16_t sequence,
	       struct mono now);
/* A packet of at most 255 bytes of padding, to learn what the line carries; false: this m-line
 * has no stream for it. */
bool slot_pad(struct slot *slot, struct leg *leg, size_t bytes, struct mono now);
/* What follows cannot be shown without what was left out: it starts again with a key frame. */
void slot_stop(struct slot *slot);
/* The receiver asks for a key frame; false: it asks too often. */
bool slot_pli(struct slot *slot, struct mono now);
/* Appends the sender report of this stream, on the clock of its source; nothing if that is
 * unknown.  ntp_plus: from the source's wall clock to ours. */
void slot_sender_report(struct slot *slot, struct writer *w, const struct sender_clock *clock,
			uint64_t ntp_plus, struct mono now);
/* What the receiver says of this stream. */
void slot_receiver_report(struct slot *slot, struct leg *leg, const struct rtcp_report *report,
			  struct mono now);

#endif
