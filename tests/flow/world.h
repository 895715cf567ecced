/*
 * world.h - whole visits in virtual time: the core, clients, and a lossy line to each of them.
 *
 * Everything is drawn from one seed (but for the DTLS keys).  The world is one
 * of the two drivers of the core: it drains after every input.
 */
#ifndef PVL_TESTS_WORLD_H
#define PVL_TESTS_WORLD_H

#include "emulated_line.h"
#include "ipc/media.h"
#include "peer.h"
#include "rtc/arrivals.h"
#include "rtc/backlog.h"
#include "rtc/rtc.h"

enum {
	CLIENTS_MAX = 12,
	PAIRS_MAX = 4,
	SENT_MAX = 4096, /* packets of one stream kept for retransmission */
	GOT_MAX = 16384, /* packets of one slot remembered */
	PAYLOAD_MAX = 1100,
	FRAME_PARTS = 3,
};

/* One direction of a line. */
struct line {
	int64_t delay_us;
	int64_t jitter_us; /* up to this much more: reorders */
	unsigned lost_of_1000;
	unsigned doubled_of_1000;
	int64_t video_later_us; /* packets of video, and its reports, take this much longer */
};

struct sent {
	uint32_t timestamp;
	bool marker;
	size_t len;
	uint8_t payload[PAYLOAD_MAX];
};

struct sender {
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	enum media_kind kind;
	bool on;
	bool pad;           /* a packet of nothing but padding after each frame */
	bool layered;       /* two temporal layers, as L1T2 of a browser */
	unsigned since_key; /* frames */
	uint16_t sequence;  /* next */
	uint16_t rtx_sequence;
	uint32_t timestamp0; /* at the client's time 0 */
	uint64_t frame;
	uint16_t picture;
	uint8_t tl0;
	bool key_wanted;
	struct mono next;
	uint32_t packets;
	uint32_t octets;
	uint8_t before[64]; /* the last frame of sound */
	uint32_t before_at; /* its timestamp */
	bool any_before;
	uint32_t nacked;           /* numbers that the core asked for */
	struct mono repeats_since; /* as libwebrtc: in half a second at most what its rate is */
	size_t repeated;           /* bytes */
	uint32_t plis;
	uint32_t keys;
	bool deaf;         /* answers no NACK */
	struct sent *sent; /* SENT_MAX */
};

/* A packet as a slot showed it. */
struct got {
	bool here;
	bool repeated;   /* it came by RTX */
	bool recovered;  /* it came behind a later packet, in RED */
	int64_t wait_ms; /* at least, as was said (playout-delay) */
	uint8_t owner;   /* end, from the payload */
	uint8_t csrc;    /* end, from the header */
	uint8_t part;
	bool key;
	bool marker;
	bool pads;
	uint16_t in; /* sequence number at the sender */
	uint64_t frame;
	uint64_t sent_us;
	uint32_t timestamp;
	uint16_t picture;
	uint8_t tl0;
	uint8_t layer; /* temporal */
	bool sync;     /* one may switch up to it here */
	uint8_t asks;  /* while it was missing, the last then */
	struct mono asked;
	struct mono at;
};

struct shown {
	enum media_kind kind;
	uint32_t ssrc;
	uint32_t rtx_ssrc;
	bool any;
	uint64_t first; /* index of got[0] */
	uint64_t newest;
	size_t count;    /* packets, without repeats */
	size_t wrong;    /* packets that break a promise: mid, payload type, twcc, mark */
	size_t twice;    /* the same number again: never */
	int64_t wait_ms; /* as was said last */
	uint64_t report_ntp;
	uint32_t report_timestamp;
	struct mono report_at;
	size_t reports;
	struct mono pli_next;
	struct got *got; /* GOT_MAX */
};

struct client {
	bool used;
	uint8_t end;
	enum media_role role;
	struct peer_id id;
	struct peer *peer;
	struct address address;
	struct line up;
	struct line down;
	struct emulated_line *up_line; /* stands in place of up and down, where given */
	struct emulated_line *down_line;
	bool tells; /* what arrives: transport-wide feedback */
	struct arrivals arrivals;
	bool obeys; /* sends what its tier says */
	struct media_tier tier;
	size_t tiers; /* told */
	bool no_red;  /* speaks no RED */
	size_t red;   /* packets of it that came */
	size_t pads;  /* packets of padding alone that came */
	struct sender audio;
	struct sender video;
	size_t pairs;
	struct shown shown[2 * PAIRS_MAX]; /* audio, video, audio, video … */
	enum media_peer_state state;
	enum media_reason reason;
	uint8_t source[2 * PAIRS_MAX]; /* as MEDIA_SLOTS told */
	uint8_t ever[2 * PAIRS_MAX];   /* bit for each end that was ever told */
	size_t slots_told;
	bool slots_before_packets; /* no packet of a source before it was told */
	bool asks;                 /* NACK and PLI */
	int64_t clock_us;          /* its wall clock is ahead by this much */
	struct mono rtcp_next;
	struct mono ask_next;
	size_t feedback; /* transport-wide reports that came */
	size_t refused;
	uint16_t twcc_next;
	uint16_t twcc_sent;
};

struct flight {
	struct mono at;
	uint64_t order;
	int to; /* client, or -1: the core */
	struct address from;
	size_t len;
	uint8_t bytes[2048];
};

struct world {
	struct mono now;
	struct random random;
	struct rtc *rtc;
	uint32_t known_bps; /* of the lines of those who join */
	bool foreign;       /* clients that join are not our page: they are the DTLS clients */
	bool monitors_send; /* those who join offer sound and picture, as none of ours does */
	size_t strays;      /* datagrams to where no client is */
	/* The core's turns come late, as on a machine with too much to do: so many of a hundred, by up to
	 * so much.  What came meanwhile has the kernel's stamp, as in pvl-media. */
	unsigned late_of_100;
	int64_t late_us;
	int64_t turn_late_us; /* the next one */
	struct mono told;     /* the core, of the time: never goes back */
	struct backlog backlog;
	struct dtls_identity *identity;
	uint8_t fingerprint[32];
	struct visit_id visit;
	struct media_routes routes;
	struct client clients[CLIENTS_MAX];
	struct flight *flights;
	size_t flights_len;
	uint64_t order;
	struct mono step;
	struct media_second second; /* the last one told */
	size_t seconds;
	size_t seconds_heard;
	struct media_line line; /* the last one told */
	struct media_heartbeat heartbeat;
	struct media_close closed;
};

struct world *world_new(uint64_t seed, enum media_visit_kind kind, uint32_t lifetime_s);
void world_free(struct world *world);
void world_run(struct world *world, int64_t ms);
/* A client offers itself; its place.  pairs: receive slots for so many people. */
size_t world_join(struct world *world, uint8_t end, enum media_role role, size_t pairs);
/* Runs until it is connected; false after 15 s. */
bool world_connect(struct world *world, size_t client);
void world_route(struct world *world, uint8_t to, uint8_t from, bool hears, bool sees);
void world_control(struct world *world, const struct media_message *message);
/* A datagram to the core from any address, now. */
void world_inject(struct world *world, const struct address *from, const void *at, size_t len);
/* Drains the core. */
void world_drain(struct world *world);

/* Video frames whose packets are all there, from a key frame on without a hole. */
size_t shown_frames(const struct shown *shown);
/* Numbers that never came, between the first and the newest. */
size_t shown_missing(const struct shown *shown);

#endif
