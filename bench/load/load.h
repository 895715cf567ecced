/*
 * load.h - the load generator: many visits between clients without a browser.
 *
 * One thread.  Each connection has a UDP socket of its own (a server tells
 * clients apart by address).  Signalling is done first, one visit after the
 * other; then media flows at the stated rate and is measured.
 */
#ifndef PVL_BENCH_LOAD_H
#define PVL_BENCH_LOAD_H

#include <netinet/in.h>

#include "base/buf.h"
#include "peer.h"

enum {
	PT_OPUS = 111,
	PT_VP8 = 96,
	PT_VP8_RTX = 97,
	EXT_MID = 4,
	EXT_TWCC = 3,
};

/* One PeerConnection: towards our server an end has one, towards Janus two. */
struct connection {
	int fd;
	struct peer *peer;
	struct sockaddr_in server;
	struct end *end;
};

/* One person's client. */
struct end {
	struct connection up;   /* sends; here it receives too */
	struct connection down; /* of Janus: receives; fd -1 elsewhere */
	struct end *partner;
	uint32_t audio_ssrc;
	uint32_t video_ssrc;
	uint16_t twcc;
	uint16_t picture_id;
	uint32_t frames;
	bool key_wanted;
	bool floor; /* no peer: fixed key, no signalling */
	uint64_t floor_index[2];
	uint64_t sent;
	uint64_t received;
};

struct load {
	const char *http;    /* "http://127.0.0.1:8080" */
	const char *address; /* of ours, told in the candidate */
	struct random *random;
	const struct dtls_identity *identity;
	int epoll;
};

/* signal_*: make the visit of two ends stand, media connected.  False with a line on stderr. */
bool signal_pvl(struct load *load, struct end *a, struct end *b);
bool signal_janus(struct load *load, struct end *a, struct end *b, int visit);
void signal_close(void);

/* connection.c */
bool connection_open(struct load *load, struct connection *c, struct end *end);
/* Reads setup, ufrag, pwd, fingerprint and the first UDP candidate of the other side's SDP and
 * runs ICE and DTLS until keys stand; false after five seconds. */
bool connection_connect(struct load *load, struct connection *c, struct str sdp);
void connection_flush(struct connection *c);
struct mono load_now(void);

/* sdp: m-lines are "a" or "v" with the direction "send" or "recv": "a>v>a<v<". */
void offer_write(struct buf *out, const struct load *load, const struct connection *c,
		 const char *lines, const char *setup, const struct end *end);

#endif
