/*
 * peer.h - the other end: a WebRTC client without a browser, for tests and load.
 *
 * Sans-I/O like the core.  An ICE-controlling agent that checks one address, a
 * DTLS association in either role, SRTP both ways.  What it sends and what it
 * makes of what it gets is its owner's business: peer_seal() and peer_open().
 *
 * After peer_connect(), peer_datagram() and peer_tick(): drain peer_output().
 */
#ifndef PVL_TESTS_PEER_H
#define PVL_TESTS_PEER_H

#include "base/address.h"
#include "base/clock.h"
#include "base/random.h"
#include "rtc/dtls.h"
#include "wire/rtp.h"

enum {
	PEER_UFRAG_LEN = 8,
	PEER_PWD_LEN = 24,
	PEER_STREAMS_MAX = 8, /* SSRCs that one peer sends */
};

/* What its offer says. */
struct peer_credentials {
	char ufrag[PEER_UFRAG_LEN + 1];
	char pwd[PEER_PWD_LEN + 1];
};

/* What the answer says. */
struct peer_remote {
	struct bytes ufrag;
	struct bytes pwd;
	const uint8_t *fingerprint; /* DTLS_FINGERPRINT_LEN bytes */
	enum dtls_role role;        /* ours: the opposite of the answer's a=setup */
	struct address address;     /* of a full ICE agent, whose checks are answered; else NONE */
};

enum peer_got {
	PEER_GOT_NOTHING, /* it was for ICE or DTLS, or it was dropped */
	PEER_GOT_RTP,
	PEER_GOT_RTCP,
};

struct peer;

/* identity and random outlive the peer. */
struct peer *peer_new(const struct dtls_identity *identity, struct random *random);
void peer_free(struct peer *peer);
const struct peer_credentials *peer_credentials(const struct peer *peer);

/* Begins to check; again with new credentials after an ICE restart of the other side. */
void peer_connect(struct peer *peer, const struct peer_remote *remote, struct mono now);
/* A restart of ours: new credentials for the next offer; keys and streams stay. */
void peer_restart(struct peer *peer);

/* A datagram that came.  RTP and RTCP are opened in place: *len shrinks, *index is the extended
 * sequence number of RTP. */
enum peer_got peer_datagram(struct peer *peer, uint8_t *at, size_t *len, uint64_t *index,
			    struct mono now);
void peer_tick(struct peer *peer, struct mono now);
struct mono peer_next(const struct peer *peer);
/* The next datagram of ICE or DTLS to send, borrowed until the next call; false: none. */
bool peer_output(struct peer *peer, struct bytes *datagram);
/* Keys stand: media may flow. */
bool peer_is_connected(const struct peer *peer);
/* The handshake failed, or the other side closed it. */
bool peer_is_over(const struct peer *peer);
/* Says close_notify. */
void peer_close(struct peer *peer);

/* Seals a packet of the stream fields->ssrc, whose sequence number it counts itself (from
 * fields->sequence at the first packet); false unless connected or if out is too small. */
bool peer_seal(struct peer *peer, const struct rtp_fields *fields, struct bytes payload,
	       uint8_t *out, size_t cap, size_t *len);
/* Seals RTCP in place; packet has room for cap bytes. */
bool peer_seal_rtcp(struct peer *peer, uint8_t *packet, size_t *len, size_t cap);

#endif
