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
#include "rtc/arrivals.h"
#include "rtc/receipt.h"

enum {
	PT_OPUS = 111,
	PT_VP8 = 96,
	PT_VP8_RTX = 97,
	EXT_MID = 4,
	EXT_TWCC = 3,
	STREAMS = 2, /* of an end, each way: sound and picture */
};

/* What came of one stream, for receiver reports. */
struct heard {
	uint32_t ssrc;
	struct receipt receipt;
};

/* One PeerConnection: towards our server an end has one, towards Janus two. */
struct connection {
	int fd;
	struct peer *peer;
	struct sockaddr_in server;
	struct end *end;
	size_t heard_len;
	struct heard heard[STREAMS];
	struct arrivals arrivals;
};

/* One person's client. */
struct end {
	struct connection up;   /* sends; here it receives too */
	struct connection down; /* of Janus: receives; fd -1 elsewhere */
	uint32_t audio_ssrc;
	uint32_t video_ssrc;
	uint16_t twcc;
	uint16_t picture_id;
	uint32_t frames;
	uint32_t packets[STREAMS]; /* of the sender reports */
	uint32_t octets[STREAMS];
	bool key_wanted;
	uint64_t limit_bps; /* that the server last told; 0: none */
	bool floor;         /* no peer: fixed key, no signalling */
	uint64_t floor_index[STREAMS];
	char room[64]; /* of our server: the visit, told to its first end */
};

enum target {
	TARGET_PVL,
	TARGET_JANUS,
	TARGET_FLOOR,
};

struct load {
	enum target target;
	const char *http;    /* "http://127.0.0.1:8080" */
	const char *address; /* of ours, told in the candidate */
	uint16_t floor_port;
	struct random *random;
	const struct dtls_identity *identity;
	int epoll;
};

struct mono load_now(void);

/* signal_*: make the visit of two ends stand, media connected.  False with a line on stderr. */
bool signal_pvl(struct load *load, struct end *a, struct end *b);
/* Ends the visit at the server, too; nothing where a visit needs no ending. */
void signal_pvl_end(struct load *load, const struct end *a);
bool signal_janus(struct load *load, struct end *a, struct end *b, int visit);
bool signal_floor(struct load *load, struct end *a, struct end *b, int visit);
void signal_close(void);

/* visit.c: two ends, from nothing to connected, by the signalling of the target. */
void ends_init(struct load *load, struct end *ends, size_t count);
bool visit_stand(struct load *load, struct end *pair, int visit);
/* The server forgets the visit. */
void visit_end(struct load *load, const struct end *pair);
/* Says goodbye and frees what the ends hold. */
void ends_leave(struct end *ends, size_t count);
/* Checks of ICE and timers of DTLS that are due. */
void ends_keep_alive(struct end *ends, size_t count);

/* connection.c */
bool connection_open(struct load *load, struct connection *c, struct end *end);
/* Reads setup, ufrag, pwd, fingerprint and the first UDP candidate of the other side's SDP and
 * runs ICE and DTLS until keys stand; false after five seconds. */
bool connection_connect(struct load *load, struct connection *c, struct str sdp);
void connection_flush(struct connection *c);

/* sdp: m-lines are "a" or "v" with the direction "send" or "recv": "a>v>a<v<". */
void offer_write(struct buf *out, const struct load *load, const struct connection *c,
		 const char *lines, const char *setup, const struct end *end);

/* floor.c: what the ends of bench/floor do instead of SRTP; the key is fixed. */
size_t floor_seal(struct end *end, const struct rtp_fields *fields, struct bytes payload,
		  uint8_t *out, size_t cap);
bool floor_open(uint8_t *at, size_t *len);

#endif
