/*
 * rtp.h - RTP packets: header, header extensions, padding (RFC 3550 section 5, RFC 8285).
 *
 * The hot path: nothing is copied, a parsed packet borrows the datagram.
 * An SRTP packet is read with rtp_parse_header() before it is decrypted (its
 * padding is still encrypted then) and rtp_strip_padding() afterwards.
 */
#ifndef PVL_WIRE_RTP_H
#define PVL_WIRE_RTP_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	RTP_HEADER_MIN = 12,
	RTP_CSRC_MAX = 15,
	RTP_HEADER_MAX = 12 + 4 + 4 + 128, /* of what rtp_write_header() writes */
};

struct rtp {
	uint16_t sequence;
	uint32_t timestamp;
	uint32_t ssrc;
	uint8_t payload_type;
	bool marker;
	bool padded; /* the padding bit */
	uint8_t csrc_count;
	uint16_t profile; /* of the extension block: 0xbede, 0x100x, other; 0 if there is none */
	const uint8_t *csrcs;   /* csrc_count times four bytes */
	struct bytes extension; /* inside of the extension block; empty if none */
	struct bytes header;    /* from the first byte to the payload */
	struct bytes payload;   /* without padding once that is stripped; empty if padding only */
};

/* All but padding.  ERR_SHORT or ERR_BAD. */
MUST_USE enum err rtp_parse_header(struct bytes packet, struct rtp *out);
/* Takes padding off the payload, if the padding bit is set; ERR_BAD if there is less than it says. */
MUST_USE enum err rtp_strip_padding(struct rtp *rtp);
/* Both, for a packet in the clear. */
MUST_USE enum err rtp_parse(struct bytes packet, struct rtp *out);
/* i < csrc_count */
uint32_t rtp_csrc(const struct rtp *rtp, size_t i);

struct rtp_extension {
	uint8_t id;
	struct bytes value;
};

/* Walks over the elements of a header; a broken element ends the walk. */
struct rtp_extensions {
	const uint8_t *at;
	const uint8_t *end;
	bool two_byte;
};

struct rtp_extensions rtp_extensions_of(const struct rtp *rtp);
bool rtp_extensions_next(struct rtp_extensions *walk, struct rtp_extension *out);
/* The value of the first element with this id; .at is NULL if there is none or id is 0. */
struct bytes rtp_extension_find(const struct rtp *rtp, uint8_t id);

/* What an extension value says; false if it is missing or too short. */
bool rtp_audio_level_of(struct bytes value, uint8_t *minus_dbov, bool *voice);
bool rtp_transport_cc_of(struct bytes value, uint16_t *sequence);
/* 6.18 fixed point seconds (webrtc.org/experiments/rtp-hdrext/abs-send-time). */
bool rtp_abs_send_time_of(struct bytes value, uint32_t *time);

/* What rtp_write_header() writes: at most one CSRC (who speaks), and one block of extensions. */
struct rtp_fields {
	uint16_t sequence;
	uint32_t timestamp;
	uint32_t ssrc;
	uint8_t payload_type;
	bool marker;
	bool padded; /* the last byte of the payload says how many are padding */
	bool has_csrc;
	uint32_t csrc;
	const struct rtp_extension *extensions;
	size_t extension_count;
};

/*
 * Length of the header written at `at`, 0 if cap is too small or an element
 * cannot be written (id 0, value longer than 255).  The one-byte form is used
 * where every element allows it.
 */
size_t rtp_write_header(uint8_t *at, size_t cap, const struct rtp_fields *fields);

/* In place, on a packet that was parsed or written before. */
static inline void rtp_set_marker(uint8_t *packet, bool marker)
{
	packet[1] = (uint8_t)((packet[1] & 0x7f) | (marker ? 0x80 : 0));
}

static inline void rtp_set_payload_type(uint8_t *packet, uint8_t payload_type)
{
	packet[1] = (uint8_t)((packet[1] & 0x80) | (payload_type & 0x7f));
}

static inline void rtp_set_sequence(uint8_t *packet, uint16_t sequence)
{
	put_u16(packet + 2, sequence);
}

static inline void rtp_set_timestamp(uint8_t *packet, uint32_t timestamp)
{
	put_u32(packet + 4, timestamp);
}

static inline void rtp_set_ssrc(uint8_t *packet, uint32_t ssrc)
{
	put_u32(packet + 8, ssrc);
}

/* Overwrites the element with this id in a header of header_len bytes; false if there is none of that
 * length.  For the transport-cc number, which is known only when the packet leaves. */
bool rtp_set_extension(uint8_t *header, size_t header_len, uint8_t id, struct bytes value);

#endif
