/*
 * dtls.h - one DTLS 1.2 association that ends in SRTP keys (RFC 5763, 5764).
 *
 * Datagrams in, datagrams out; after each call drain dtls_output().  The peer's
 * certificate must have the fingerprint its SDP announced: this is checked in
 * the handshake, so keys never exist for anybody else.
 *
 * Feed it only datagrams of tuples that ICE has validated: that proves the
 * return path, which is why our server asks for no cookie (one RTT less).
 *
 * Timers: one, the retransmission of our last flight: 100 ms, doubling to 2 s;
 * after the twelfth silence (about 17 s) the association has failed.
 * Not pure in two things, both OpenSSL's: it draws its own randomness, and it
 * measures that timer with gettimeofday() (tests put a clock of their own there).
 *
 * Size: about 75 KiB in the handshake, 40 KiB once connected; nearly all of it
 * OpenSSL's.
 */
#ifndef PVL_RTC_DTLS_H
#define PVL_RTC_DTLS_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "rtc/srtp.h"

enum {
	DTLS_FINGERPRINT_LEN = 32, /* SHA-256; the only hash we take (RFC 8122) */
	DTLS_MTU = 1200,           /* of a datagram's payload */
};

/* Our certificate and settings, shared by all associations of the process. */
struct dtls_identity;

/* A new P-256 key and a self-signed certificate; never written anywhere.  NULL: OpenSSL refuses.
 * Must outlive its associations. */
struct dtls_identity *dtls_identity_new(struct wall now);
void dtls_identity_free(struct dtls_identity *identity);
/* For our SDP: DTLS_FINGERPRINT_LEN bytes. */
const uint8_t *dtls_identity_fingerprint(const struct dtls_identity *identity);

/* Of a=setup: who speaks first. */
enum dtls_role {
	DTLS_ACTIVE,  /* client: one RTT faster; offers AEAD_AES_128_GCM and nothing else, since
		       * Chromium would choose SHA1_80 from a longer list */
	DTLS_PASSIVE, /* server, for clients that are not our page: GCM128, GCM256, SHA1_80 */
};

enum dtls_state {
	DTLS_NEW,       /* waits for dtls_start (active) or the first datagram (passive) */
	DTLS_HANDSHAKE, /* */
	DTLS_CONNECTED, /* verified; keys are there */
	DTLS_CLOSED,    /* by either side's close_notify */
	DTLS_FAILED,    /* wrong fingerprint, no common profile, silence …; for ever */
};

struct dtls;

/* remote_fingerprint: DTLS_FINGERPRINT_LEN bytes, copied.  NULL: OpenSSL refuses. */
struct dtls *dtls_new(const struct dtls_identity *identity, enum dtls_role role,
		      const uint8_t *remote_fingerprint);
void dtls_free(struct dtls *dtls);

enum dtls_state dtls_state(const struct dtls *dtls);

/* Active: sends the ClientHello, at the first validated check.  Otherwise, or again: nothing. */
void dtls_start(struct dtls *dtls, struct mono now);
/* One datagram (first byte 20 … 63).  Application data is thrown away. */
void dtls_input(struct dtls *dtls, struct bytes datagram, struct mono now);
void dtls_tick(struct dtls *dtls, struct mono now);
/* When to tick; MONO_NEVER if there is nothing to wait for. */
struct mono dtls_next(const struct dtls *dtls);
/* The next datagram to send, borrowed until the next call for this association; false: none. */
bool dtls_output(struct dtls *dtls, struct bytes *datagram);
/* Says close_notify (drain it) and forgets the connection's keys. */
void dtls_close(struct dtls *dtls);

/* The keys of both directions; false unless connected.  Wipe them after srtp_new. */
bool dtls_keys(const struct dtls *dtls, struct srtp_key *send, struct srtp_key *receive);

#endif
