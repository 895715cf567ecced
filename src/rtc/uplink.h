/*
 * uplink.h - one send m-line of a peer: what arrives on it, what is missing, what is asked for.
 *
 * An SSRC belongs to an m-line because the offer named it, or because an
 * authenticated packet carried the m-line's mid; without a mid, because its
 * payload type stands in this m-line alone.  Once bound it never changes.
 */
#ifndef PVL_RTC_UPLINK_H
#define PVL_RTC_UPLINK_H

#include "ipc/media.h"
#include "rtc/gaps.h"
#include "rtc/history.h"
#include "rtc/keyframe.h"
#include "rtc/layers.h"
#include "rtc/packet.h"
#include "rtc/receipt.h"
#include "wire/rtp.h"

/* A slot of another peer that shows this stream now. */
struct uplink_target {
	uint32_t member; /* in the table */
	uint8_t slot;
	uint8_t end;
};

struct uplink {
	struct media_uplink line; /* as offered; line.ssrc and line.rtx_ssrc are set once bound */
	bool started;             /* a packet of the stream itself came */
	struct mono heard;        /* the last of these */
	enum codec codec;         /* of the last packet */
	struct receipt receipt;
	struct gaps gaps; /* video */
	struct history history;
	struct keyframe keyframe;
	bool recorded;         /* it goes to pvl-record, too */
	bool hinted;           /* its key frames go to pvl-hints, too */
	bool hinting;          /* one has gone there: ... */
	uint32_t hinted_frame; /* ... the newest, by its timestamp */
	bool skipped; /* packets were dropped unread: what is missing is not to be asked for */
	struct dependency_layers dependency; /* of AV1 */
	uint32_t layer_bytes[LAYERS_MAX];    /* on the way out, of this second; of sound in [0] */
	int64_t layer_bps[LAYERS_MAX];       /* of the seconds before */
	uint8_t loudest;                     /* -dBov of this second; 127: silence */
	uint64_t sound_newest;               /* of sound: the newest number, ... */
	uint64_t sound_came;      /* ... and which of the 64 up to it came (lowest bit: itself) */
	uint32_t lost_before;     /* gaps.given_up at the last second */
	uint64_t expected_before; /* of the receipt, at the last uplink_missing() */
	uint64_t received_before;
	size_t targets_len;
	struct uplink_target targets[MEDIA_ENDS_MAX];
};

void uplink_init(struct uplink *uplink, const struct media_uplink *line);
void uplink_clear(struct uplink *uplink);

enum uplink_claim {
	UPLINK_NOT_MINE,
	UPLINK_MINE,
	UPLINK_MAYBE, /* no mid; the payload type fits */
};

/* Whether an authenticated packet of an unknown SSRC belongs to this m-line. */
enum uplink_claim uplink_claims(const struct uplink *uplink, const struct rtp *rtp);
void uplink_bind(struct uplink *uplink, const struct rtp *rtp);
/* Whether this SSRC is bound here, as the stream or its retransmissions. */
bool uplink_has(const struct uplink *uplink, uint32_t ssrc);

enum uplink_verdict {
	UPLINK_FORWARD,
	UPLINK_NOTHING, /* in order, but nothing to send on: a repeat, a probe */
	UPLINK_BAD,     /* breaks its format, or a payload type that was not agreed */
};

/* Takes an authenticated packet that is bound here.  at is the datagram's memory; out points into
 * it.  index: of SRTP. */
enum uplink_verdict uplink_accept(struct uplink *uplink, struct rtp *rtp, uint64_t index,
				  struct mono now, struct packet *out);
/*
 * Sound that came in RED: the frames before `packet` that it brings and that never came
 * themselves, oldest first; at most max (RED_BLOCKS_MAX).  They point into the same payload.
 */
size_t uplink_recovered(struct uplink *uplink, const struct packet *packet, struct packet *out,
			size_t max);
/* Packets that should have come since the last call, and how many of them did not. */
void uplink_missing(struct uplink *uplink, uint64_t *expected, uint64_t *missing);
/* A second is over: what its layers take. */
void uplink_second(struct uplink *uplink);
/* A video packet that came before, if it is still kept. */
bool uplink_recall(const struct uplink *uplink, uint64_t seq, struct packet *out);

#endif
