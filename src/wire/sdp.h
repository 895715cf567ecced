/*
 * sdp.h - a WebRTC offer read into values, and an answer written from values.
 *
 * Pure, and without policy: sdp_parse() says what the offer says, the caller
 * decides, sdp_answer_write() writes what was decided (RFC 8866, 8829, 8843,
 * 8839, 8842, 5888, 5576, 8285, 8851, 8853).
 *
 * Every text in a parsed offer borrows the offer.  The structs are large
 * (about 92 KiB for the offer, 24 for the answer): take them from an arena.  Lines that are not
 * known are skipped; candidates are skipped on purpose, since an ICE-lite side
 * learns addresses from checks.
 */
#ifndef PVL_WIRE_SDP_H
#define PVL_WIRE_SDP_H

#include "base/address.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/codec.h"
#include "wire/extension.h"

enum {
	SDP_OFFER_MAX = 128 * 1024, /* bytes */
	SDP_LINES_MAX = 4096,
	SDP_MEDIA_MAX = 16,
	SDP_PAYLOADS_MAX = 64,   /* of one m-line */
	SDP_EXTENSIONS_MAX = 32, /* of one m-line */
	SDP_SSRCS_MAX = 16,      /* of one m-line */
	SDP_RIDS_MAX = 4,        /* of one m-line */
	SDP_CANDIDATES_MAX = 24, /* of an answer */
	SDP_MID_MAX = 32,        /* bytes: longer ones do not fit a header extension in practice */
	SDP_UFRAG_MIN = 4,       /* RFC 8839 section 5.4, both to 256 characters */
	SDP_PWD_MIN = 22,
	SDP_CREDENTIAL_MAX = 256,
	SDP_FINGERPRINT_LEN = 32, /* SHA-256 */
};

enum sdp_kind {
	SDP_AUDIO,
	SDP_VIDEO,
	SDP_OTHER, /* a data channel, say, or not RTP/SAVPF: to be answered with port 0 */
};

enum sdp_direction {
	SDP_SENDRECV,
	SDP_SENDONLY,
	SDP_RECVONLY,
	SDP_INACTIVE,
};

enum sdp_setup {
	SDP_SETUP_NONE,
	SDP_ACTPASS,
	SDP_ACTIVE,
	SDP_PASSIVE,
};

/* Bits: the rtcp-fb lines of a payload type. */
enum sdp_feedback {
	SDP_NACK = 1,
	SDP_NACK_PLI = 2,
	SDP_CCM_FIR = 4,
	SDP_REMB = 8,
	SDP_TRANSPORT_CC = 16,
};

struct sdp_payload {
	uint8_t number;   /* payload type */
	enum codec codec; /* CODEC_NONE if not one of ours */
	bool rtx;
	uint8_t apt;     /* of rtx: the payload type it repeats; 0xff if not said */
	struct str name; /* of a=rtpmap; empty if it has none */
	uint32_t clock_rate;
	uint8_t channels; /* 1 if not said */
	struct str fmtp;  /* all parameters; empty if none */
	uint8_t feedback; /* enum sdp_feedback, or'd */
};

struct sdp_extension {
	uint8_t id; /* 1 … 255 */
	enum sdp_direction direction;
	enum extension
	    kind; /* EXTENSION_NONE if not one of ours, or if an earlier bundled m-line gave
				* this id to another */
	struct str uri;
};

struct sdp_ssrc {
	uint32_t ssrc;
	uint32_t rtx; /* by ssrc-group:FID; 0 if none */
	struct str cname;
};

struct sdp_rid {
	struct str id;
	bool send;
};

struct sdp_media {
	enum sdp_kind kind;
	struct str type;     /* "audio", "video", "application" … as written */
	struct str protocol; /* as written */
	struct str formats;  /* the rest of the m-line, to be echoed in a refusal */
	uint16_t port;
	bool bundle_only;
	bool bundled; /* its mid stands in a=group:BUNDLE */
	struct str mid;
	enum sdp_direction direction;
	bool rtcp_mux;
	bool rtcp_rsize;
	/* inherited from the session where the m-line has none of its own */
	struct str ufrag;
	struct str pwd;
	enum sdp_setup setup;
	bool has_fingerprint;
	uint8_t fingerprint[SDP_FINGERPRINT_LEN]; /* SHA-256; other hashes are skipped */
	struct str msid;                          /* "stream track", as written */
	size_t payload_count;
	struct sdp_payload payload[SDP_PAYLOADS_MAX]; /* in order of preference */
	size_t extension_count;
	struct sdp_extension extension[SDP_EXTENSIONS_MAX]; /* session-level ones included */
	size_t ssrc_count;
	struct sdp_ssrc ssrc[SDP_SSRCS_MAX]; /* the RTX ones stand in .rtx only */
	size_t rid_count;
	struct sdp_rid rid[SDP_RIDS_MAX];
	struct str simulcast; /* of a=simulcast, as written; empty if none */
};

struct sdp_offer {
	bool ice_lite; /* of the other side; we cannot talk to that */
	bool extmap_allow_mixed;
	bool has_bundle;
	size_t media_count; /* at least 1 */
	struct sdp_media media[SDP_MEDIA_MAX];
};

/* What is wrong with an offer, in words for the person who wrote the client; line counts from 1. */
struct sdp_fault {
	const char *what;
	size_t line;
};

/* ERR_BAD or ERR_LIMIT, and *fault says why (untouched if OK); *out is undefined after an error. */
MUST_USE enum err sdp_parse(struct str text, struct sdp_offer *out, struct sdp_fault *fault);

/* The payload type with this number, or NULL. */
const struct sdp_payload *sdp_payload_find(const struct sdp_media *media, uint8_t number);
/* The first payload type of this codec, or NULL. */
const struct sdp_payload *sdp_payload_of(const struct sdp_media *media, enum codec codec);
/* The RTX payload type that repeats `number`, or NULL. */
const struct sdp_payload *sdp_payload_rtx(const struct sdp_media *media, uint8_t number);
/* Looks for "name=value" in a list with ';' between (fmtp); the value, or empty text. */
struct str sdp_parameter(struct str fmtp, const char *name);
/* What the answerer may do where the offerer does `offered`: the mirror of it. */
enum sdp_direction sdp_direction_mirror(enum sdp_direction offered);
const char *sdp_direction_name(enum sdp_direction direction);

struct sdp_answer_payload {
	uint8_t number;
	struct str name; /* "opus", "VP8", "rtx" … */
	uint32_t clock_rate;
	uint8_t channels; /* written if above 1 */
	struct str fmtp;  /* empty for none */
	uint8_t feedback; /* enum sdp_feedback, or'd */
};

enum {
	SDP_ANSWER_PAYLOADS_MAX = 16
};

struct sdp_answer_media {
	bool refused; /* port 0; then only type, protocol, formats and mid count */
	struct str type;
	struct str protocol;
	struct str formats; /* used if refused */
	struct str mid;
	enum sdp_direction direction;
	size_t payload_count;
	struct sdp_answer_payload payload[SDP_ANSWER_PAYLOADS_MAX];
	size_t extension_count;
	struct sdp_extension extension[EXTENSION_COUNT];
	bool rtcp_rsize;
	/* what we send here, if direction says so; ssrc 0: none told */
	struct str stream; /* msid: one stream joins a slot's sound and picture */
	struct str track;
	struct str cname;
	uint32_t ssrc;
	uint32_t rtx_ssrc;    /* 0: none */
	uint16_t ptime_ms;    /* 0: not said */
	uint16_t maxptime_ms; /* 0: not said */
	size_t rid_count;     /* layers that we take: a=rid … recv and a=simulcast:recv */
	struct str rid[SDP_RIDS_MAX];
};

struct sdp_answer {
	uint64_t session; /* o= line, below 2^63 */
	uint32_t version;
	struct str ufrag;
	struct str pwd;
	uint8_t fingerprint[SDP_FINGERPRINT_LEN];
	enum sdp_setup setup; /* SDP_ACTIVE or SDP_PASSIVE */
	bool extmap_allow_mixed;
	size_t candidate_count;
	struct address candidate[SDP_CANDIDATES_MAX]; /* host; UDP, TCP passive; best first */
	size_t media_count;
	struct sdp_answer_media media[SDP_MEDIA_MAX];
};

/* The whole answer: ICE-lite, one bundle of all m-lines not refused, rtcp-mux.  Appends; ask buf_ok(). */
void sdp_answer_write(struct buf *out, const struct sdp_answer *answer);

#endif
