/*
 * media.h - the messages between pvl-web and pvl-media: numbers, no names.
 *
 * One message is one SOCK_SEQPACKET datagram: u8 version, u8 type, body in
 * network order.  Each type has one row in the table of media.c (who sends it,
 * to whom) and one encode/decode pair, reached through media_message_encode()
 * and media_message_decode().  Unknown, truncated or oversized messages are
 * ERR_BAD; who gets one from pvl-media closes that process.
 *
 * pvl-web sets everything, pvl-media reports: docs/protocols/ipc.md tells the
 * order in time.  pvl-media keeps its visits when pvl-web goes away; a new
 * pvl-web sends RESYNC and hears everything that stands.
 *
 * An "end" is a seat of a visit (0 … MEDIA_ENDS_MAX-1); a "peer" is one
 * connection that sits there.  A second peer for the same end takes the seat
 * over once it is connected (make before break).
 */
#ifndef PVL_IPC_MEDIA_H
#define PVL_IPC_MEDIA_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "wire/codec.h"

enum {
	MEDIA_VERSION = 1,
	MEDIA_MESSAGE_MAX = 4096, /* bytes */
	MEDIA_ENDS_MAX = 8,       /* seats of a visit */
	MEDIA_SLOTS_MAX = 14,     /* receive m-lines of one peer: 7 others, audio and video */
	MEDIA_CODECS_MAX = 6,     /* codecs of one m-line */
	MEDIA_MID_MAX = 16,       /* bytes of a mid */
	MEDIA_UFRAG_MAX = 32,
	MEDIA_PWD_MAX = 64,
	MEDIA_NO_END = 0xff,
	MEDIA_UPLINKS_MAX = 2, /* one audio, one video */
	MEDIA_TCP_PORTS = 2,   /* the UDP port's number, and one more if configured */
};

enum media_type {
	/* pvl-web to pvl-media */
	MEDIA_RESYNC = 1,   /* tell all that stands */
	MEDIA_VISIT_OPEN,   /* body: media_visit */
	MEDIA_VISIT_CLOSE,  /* body: media_close; its peers get DTLS close_notify */
	MEDIA_ROUTES,       /* body: media_routes; replaces the whole matrix */
	MEDIA_PEER_ADD,     /* body: media_offer; answered by PEER_ANSWER or PEER_REFUSED */
	MEDIA_PEER_RESTART, /* body: media_restart: new ICE credentials; answered by PEER_ANSWER */
	MEDIA_PEER_CLOSE,   /* body: media_close */
	MEDIA_PEER_MOST,    /* body: media_most: no more for this person than it wants */
	/* pvl-media to pvl-web */
	MEDIA_HELLO = 64,   /* body: media_hello; first message, and answer to RESYNC */
	MEDIA_VISIT_STANDS, /* body: media_visit; after RESYNC, for each visit */
	MEDIA_RESYNC_DONE,  /* no body */
	MEDIA_PEER_ANSWER,  /* body: media_answer */
	MEDIA_PEER_REFUSED, /* body: media_refusal */
	MEDIA_PEER_STATE,   /* body: media_state; at each change, and after RESYNC */
	MEDIA_SLOTS,        /* body: media_slots; before the first packet of a new source */
	MEDIA_SECOND,       /* body: media_second; each second of a visit with a connected peer */
	MEDIA_HEARTBEAT,    /* body: media_heartbeat; each second */
	MEDIA_VISIT_CLOSED, /* body: media_close; also when its lifetime ran out */
	MEDIA_TIER,         /* body: media_tier; at each change, and after RESYNC */
	MEDIA_LINE,         /* body: media_line; each second of each line that visits share */
};

enum media_visit_kind {
	MEDIA_SOCIAL, /* monitors may be routed to, and pvl-record */
	MEDIA_LEGAL,  /* routes to either are refused, for ever */
};

enum media_role {
	MEDIA_PRISONER,
	MEDIA_VISITOR,
	MEDIA_MONITOR, /* receives; is heard and seen by nobody, whatever the routes say */
};

enum media_reason {
	MEDIA_REASON_NONE,
	MEDIA_REASON_ENDED,       /* the visit is over */
	MEDIA_REASON_LEFT,        /* the person left, or DELETE */
	MEDIA_REASON_REPLACED,    /* a newer peer took the seat */
	MEDIA_REASON_LIFETIME,    /* the grant ran out */
	MEDIA_REASON_CONSENT,     /* 30 s without an authenticated check (RFC 7675) */
	MEDIA_REASON_DTLS,        /* handshake failed or fingerprint differs */
	MEDIA_REASON_REMOTE,      /* the other side sent close_notify */
	MEDIA_REASON_NO_VISIT,    /* refusals: */
	MEDIA_REASON_FULL,        /* no room for another visit or peer */
	MEDIA_REASON_NOT_ALLOWED, /* the seat or role does not fit the visit */
	MEDIA_REASON_BAD_OFFER,
};

struct media_visit {
	struct visit_id visit;
	enum media_visit_kind kind;
	uint32_t
	    lifetime_s; /* from receipt; then pvl-media closes it by itself (slot end + grace) */
	/* The line that its prisoner's end shares with other visits of the same number. */
	uint32_t site;          /* 0: none is known */
	uint32_t site_up_bps;   /* for all of them together, from the prison; 0: not known */
	uint32_t site_down_bps; /* to it */
	uint8_t weight;         /* of upgrades beyond the least picture; 10: usual */
	bool signs; /* a signed language: thin lines cost the picture's size, never its frames */
};

struct media_close {
	struct visit_id visit;
	struct peer_id peer; /* 0 for a visit */
	enum media_reason reason;
};

/* Row = receiving end, bit = sending end.  What has no bit is not sent. */
struct media_routes {
	struct visit_id visit;
	uint32_t epoch; /* rises with each change; echoed in MEDIA_SLOTS */
	uint8_t hears[MEDIA_ENDS_MAX];
	uint8_t sees[MEDIA_ENDS_MAX];
	/* Bit = sending end: what of it goes to pvl-record.  In a legal visit no bit has any effect. */
	uint8_t recorded_sound;
	uint8_t recorded_picture;
	uint8_t hinted_picture; /* likewise, key frames to pvl-hints */
};

struct media_text {
	uint8_t len;
	char at[MEDIA_PWD_MAX];
};

struct media_codec {
	enum codec codec;
	uint8_t pt;
	uint8_t rtx_pt; /* 0: none */
};

/* Ids of the header extensions negotiated on an m-line; 0: not negotiated. */
struct media_extensions {
	uint8_t mid;
	uint8_t rid;
	uint8_t repaired_rid;
	uint8_t twcc;
	uint8_t abs_send_time;
	uint8_t audio_level;
	uint8_t orientation;
	uint8_t dependency; /* AV1 dependency descriptor */
	uint8_t playout_delay;
};

/* An m-line on which the client sends. */
struct media_uplink {
	enum media_kind kind;
	struct media_text mid;
	uint32_t ssrc; /* as announced; 0: learnt from MID */
	uint32_t rtx_ssrc;
	struct media_extensions ext;
	uint8_t codecs_len;
	struct media_codec codecs[MEDIA_CODECS_MAX];
};

/* An m-line on which the client receives: a fixed slot. */
struct media_slot {
	enum media_kind kind;
	struct media_text mid;
	uint8_t pair; /* slots of the same pair show the same person */
	struct media_extensions ext;
	uint8_t codecs_len;
	struct media_codec codecs[MEDIA_CODECS_MAX];
};

struct media_offer {
	struct visit_id visit;
	struct peer_id peer;
	uint8_t end;
	enum media_role role;
	bool own_page;      /* DTLS active and GCM only; else passive, GCM then AES-CM */
	uint32_t start_bps; /* what its line is thought to carry from us; 0: not known */
	struct media_text ufrag;
	struct media_text pwd;
	uint8_t fingerprint[32]; /* SHA-256 */
	uint8_t uplinks_len;
	struct media_uplink uplinks[MEDIA_UPLINKS_MAX];
	uint8_t slots_len;
	struct media_slot slots[MEDIA_SLOTS_MAX];
};

struct media_restart {
	struct visit_id visit;
	struct peer_id peer;
	struct media_text ufrag;
	struct media_text pwd;
};

/* Of what a peer gets and sends, by its own wish. */
struct media_most {
	struct visit_id visit;
	struct peer_id peer;
	uint8_t tier; /* letter of the highest (congestion/tiers.h); 0: no bound */
};

struct media_slot_ssrc {
	uint32_t ssrc;
	uint32_t rtx_ssrc; /* 0 for audio */
};

struct media_answer {
	struct visit_id visit;
	struct peer_id peer;
	struct media_text ufrag;
	struct media_text pwd;
	uint8_t slots_len; /* in the order of the offer's slots; 0 after a restart */
	struct media_slot_ssrc slots[MEDIA_SLOTS_MAX];
};

struct media_refusal {
	struct visit_id visit;
	struct peer_id peer;
	enum media_reason reason;
};

enum media_peer_state {
	MEDIA_PEER_NEW,        /* answered, nothing received */
	MEDIA_PEER_CONNECTING, /* a check was valid; DTLS runs */
	MEDIA_PEER_CONNECTED,  /* keys stand */
	MEDIA_PEER_LOST,       /* 3 s without any authenticated packet */
	MEDIA_PEER_CLOSED,
};

struct media_state {
	struct visit_id visit;
	struct peer_id peer;
	uint8_t end;
	enum media_role role;
	enum media_peer_state state;
	enum media_reason reason; /* of CLOSED */
};

/* Which end each slot of a receiving peer shows now; MEDIA_NO_END: nobody. */
struct media_slots {
	struct visit_id visit;
	struct peer_id peer;
	uint32_t epoch;
	uint8_t slots_len;
	uint8_t source[MEDIA_SLOTS_MAX];
};

struct media_second_end {
	enum media_peer_state state;
	uint8_t audio_in;     /* 1: authenticated audio came within the last second */
	bool deaf;            /* what we send it does not arrive: its reports have stopped */
	uint32_t silent_ms;   /* since the last authenticated packet of it, of any kind */
	uint8_t heard_by;     /* bit per end to which its audio went */
	uint8_t level;        /* loudest -dBov of the second, 127 = silence or unknown */
	uint32_t packets_in;  /* of this second */
	uint32_t packets_out; /* of this second */
	uint32_t bytes_in;
	uint32_t bytes_out;
	uint32_t lost_in;   /* gaps given up */
	uint32_t rtt_us;    /* 0: unknown */
	uint32_t line_bps;  /* what its line carries from us; 0: unknown */
	uint16_t line_lost; /* of 1000 packets that we sent */
};

/* What a peer is to send now, and what its own line carries from us (congestion/tiers.h). */
struct media_tier {
	struct visit_id visit;
	struct peer_id peer;
	uint8_t end;
	uint8_t line;      /* letter of the tier that its own line carries; 0: not known */
	uint8_t send;      /* letter of the tier that it is to send; the rest are its numbers */
	uint32_t wire_bps; /* in all, at the IP level */
	uint32_t audio_bps;
	uint8_t audio_ms; /* of one packet */
	bool
	    audio_again; /* each frame of sound once more behind the next (RED), beyond audio_bps */
	uint32_t video_bps;  /* 0: no picture */
	uint32_t video_mfps; /* thousandths of frames per second */
	uint16_t video_height;
	bool signs; /* frames before size, as media_visit.signs */
};

/*
 * What came over the line of a site in the last second, of all its visits together.  full: some of
 * them noticed that it carries no more; then it is what the line carried.
 */
struct media_line {
	struct visit_id visit; /* one of them */
	uint32_t up_bps;       /* from the prison; 0: not known */
	uint32_t down_bps;     /* to it */
	bool up_full;
	bool down_full;
};

struct media_second {
	struct visit_id visit;
	uint32_t second;   /* counts up from the opening of the visit */
	bool both_hear;    /* the prisoner and at least one visitor heard each other in it */
	uint32_t apart_ms; /* since they last did; 0: they do, or never have */
	uint8_t ends_len;  /* MEDIA_ENDS_MAX */
	struct media_second_end ends[MEDIA_ENDS_MAX];
};

struct media_hello {
	uint64_t instance; /* random per process: a new one means that its visits are gone */
	uint16_t port;     /* UDP, both families */
	uint16_t tcp_ports[MEDIA_TCP_PORTS]; /* RFC 6544, passive, both families; 0: none */
	uint8_t fingerprint[32];
};

struct media_heartbeat {
	uint32_t visits;
	uint32_t peers;
	uint64_t packets_in; /* since start */
	uint64_t packets_out;
	uint64_t dropped; /* all causes; /metrics names them */
	uint64_t dropped_by[13];
	uint32_t turn_us_max; /* longest loop turn since the last heartbeat */
};

/* Order of media_heartbeat.dropped_by; names for /metrics in media_drop_name(). */
enum media_drop {
	MEDIA_DROP_DEMUX,         /* first byte fits nothing (RFC 7983) */
	MEDIA_DROP_STUN,          /* malformed, or integrity fails */
	MEDIA_DROP_UNKNOWN_TUPLE, /* DTLS or RTP from an address without a valid check */
	MEDIA_DROP_DTLS,
	MEDIA_DROP_RTP,  /* malformed header */
	MEDIA_DROP_AUTH, /* SRTP authentication */
	MEDIA_DROP_REPLAY,
	MEDIA_DROP_SSRC, /* no m-line claims it */
	MEDIA_DROP_RTCP,
	MEDIA_DROP_NO_ROUTE, /* nobody may get it (not a fault) */
	MEDIA_DROP_SEND,     /* the kernel refused */
	MEDIA_DROP_RATE,     /* unauthenticated source too fast */
	MEDIA_DROP_LATE,     /* video, while the process was behind */
};

struct media_message {
	enum media_type type;
	union {
		struct media_visit visit;
		struct media_close close;
		struct media_routes routes;
		struct media_offer offer;
		struct media_restart restart;
		struct media_most most;
		struct media_hello hello;
		struct media_answer answer;
		struct media_refusal refusal;
		struct media_state state;
		struct media_slots slots;
		struct media_second second;
		struct media_tier tier;
		struct media_line line;
		struct media_heartbeat heartbeat;
	};
};

/* Into out (MEDIA_MESSAGE_MAX bytes); *len is what was used. */
MUST_USE enum err media_message_encode(const struct media_message *message, uint8_t *out,
				       size_t cap, size_t *len);
/* Every count and enum is checked; from_media says which side sent it. */
MUST_USE enum err media_message_decode(struct bytes in, bool from_media, struct media_message *out);

/* Short words for logs and JSON, never NULL. */
const char *media_reason_name(enum media_reason reason);
const char *media_peer_state_name(enum media_peer_state state);
const char *media_role_name(enum media_role role);
const char *media_drop_name(enum media_drop drop);

#endif
