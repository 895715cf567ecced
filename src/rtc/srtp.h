/*
 * srtp.h - SRTP and SRTCP of one direction, on OpenSSL contexts kept for its life.
 *
 * RFC 3711 with AES-CM and HMAC-SHA1-80, RFC 7714 with AES-GCM.  A peer has two:
 * one that protects what we send, one that opens what we receive.
 * State for an SSRC exists only after a packet of it was authenticated (or
 * sent), for at most SRTP_SSRCS_MAX of them; nothing is allocated per packet.
 *
 * The sender names each RTP packet's index itself (ROC << 16 | sequence number:
 * each outgoing stream counts in 64 bits).  An index is never protected twice
 * on one SSRC: with GCM a second packet under the same nonce gives the key
 * away.  Whoever must repeat a packet sends the stored datagram again, or
 * sends its payload as a new packet of the RTX stream.
 *
 * Errors of all functions:
 *	ERR_SHORT     no whole packet, or the output has too little room
 *	ERR_BAD       not RTP or RTCP of version 2, or SRTCP in the clear
 *	ERR_CRYPTO    not authentic; the packet's memory is then garbage
 *	ERR_CONFLICT  this index was seen before, or is too old to tell
 *	ERR_LIMIT     an SSRC too many, or the key's life is over (2^48, 2^31 packets)
 */
#ifndef PVL_RTC_SRTP_H
#define PVL_RTC_SRTP_H

#include "base/bytes.h"
#include "base/err.h"

/* The numbers of the DTLS extension use_srtp (RFC 5764 4.1.2, RFC 7714 14.2). */
enum srtp_profile {
	SRTP_NONE = 0,
	SRTP_AES128_CM_SHA1_80 = 0x0001,
	SRTP_AEAD_AES_128_GCM = 0x0007,
	SRTP_AEAD_AES_256_GCM = 0x0008,
};

enum srtp_direction {
	SRTP_SEND,
	SRTP_RECEIVE,
};

enum {
	SRTP_KEY_MAX = 32,
	SRTP_SALT_MAX = 14,
	SRTP_SSRCS_MAX = 32,
	SRTP_WINDOW = 1024,     /* packets behind the newest that may still come */
	SRTP_OVERHEAD_MAX = 16, /* what protection adds to RTP, at most */
	SRTCP_OVERHEAD_MAX = 20,
};

/* A master key and salt; how long they are follows from the profile. */
struct srtp_key {
	enum srtp_profile profile;
	uint8_t key[SRTP_KEY_MAX];
	uint8_t salt[SRTP_SALT_MAX];
};

size_t srtp_key_len(enum srtp_profile profile);
size_t srtp_salt_len(enum srtp_profile profile);

struct srtp;

/* The key is copied; wipe yours.  NULL for a profile that is none of the three. */
struct srtp *srtp_new(const struct srtp_key *key, enum srtp_direction direction);
void srtp_free(struct srtp *srtp);

/* Opens a packet in place; *len shrinks to header and payload, *index is what RFC 3711 3.3.1
 * estimates (the extended sequence number).  packet has *len bytes. */
MUST_USE enum err srtp_unprotect(struct srtp *srtp, uint8_t *packet, size_t *len, uint64_t *index);

/* Writes header and sealed payload to out: the encryption is the copy.  The header is a whole
 * RTP header (CSRCs and extension block too) whose sequence number is the index's low 16 bits.
 * out must not overlap header or payload. */
MUST_USE enum err srtp_protect(struct srtp *srtp, struct bytes header, struct bytes payload,
			       uint64_t index, uint8_t *out, size_t cap, size_t *len);

/* The same for a compound or reduced-size RTCP packet, both in place; to protect, packet needs
 * room for SRTCP_OVERHEAD_MAX more than *len (cap says how much there is). */
MUST_USE enum err srtcp_unprotect(struct srtp *srtp, uint8_t *packet, size_t *len);
MUST_USE enum err srtcp_protect(struct srtp *srtp, uint8_t *packet, size_t *len, size_t cap);

#endif
