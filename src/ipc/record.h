/*
 * record.h - what pvl-record is told and what it tells: packets from pvl-media, notes to pvl-web.
 *
 * One message is one SOCK_SEQPACKET datagram, or from pvl-media one of a ring
 * (ipc/ring.h): u8 version, u8 type, body in network order.
 *
 *	pvl-media to pvl-record   RECORD_PACKETS alone; nothing ever goes the other way
 *	pvl-record to pvl-web     numbered notes, kept until pvl-web has said that they are stored
 *	pvl-web to pvl-record     RECORD_HELLO (tell all that is kept), RECORD_STORED
 *
 * Which visits are recorded stands in no message: pvl-media sends what the
 * routing matrix lets through (ipc/media.h), and nothing of a legal visit.
 */
#ifndef PVL_IPC_RECORD_H
#define PVL_IPC_RECORD_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/writer.h"
#include "wire/codec.h"

enum {
	RECORD_VERSION = 1,
	RECORD_BATCH_MAX = 32768,   /* bytes of one message with packets */
	RECORD_BATCH_HEAD = 2 + 4,  /* version, type, packets that were lost before it */
	RECORD_PACKET_HEAD = 37,    /* before each payload */
	RECORD_NOTE_MAX = 256,      /* bytes of any other message */
	RECORD_PUBLIC_KEY_LEN = 32, /* X25519 */
	RECORD_SEALED_KEY_LEN = 96, /* recording/sealed.h */
	RECORD_HASH_LEN = 32,       /* recording/sealed.h */
};

/* ---- packets ---- */

/* An RTP packet of one who is recorded, in the clear, in the order in which it came. */
struct record_packet {
	struct visit_id visit;
	uint8_t end;      /* whose; below MEDIA_ENDS_MAX */
	enum codec codec; /* never CODEC_RED: its newest frame alone is sent, as CODEC_OPUS */
	bool key;         /* a key frame starts here */
	bool marker;
	uint32_t stream; /* another one, as after a page was loaded anew, counts from anywhere */
	uint64_t seq;    /* extended */
	uint32_t timestamp;
	struct mono at;       /* it arrived; one clock for all our programs */
	struct bytes payload; /* borrowed */
};

/* The head of a batch; lost: packets that found no room before it. */
void record_batch_begin(struct writer *w, uint32_t lost);
/* False: no room; then nothing was written. */
bool record_packet_put(struct writer *w, const struct record_packet *packet);
MUST_USE enum err record_batch_read(struct bytes in, struct reader *packets, uint32_t *lost);
/* ERR_NOT_FOUND: no more; ERR_BAD. */
MUST_USE enum err record_packet_next(struct reader *packets, struct record_packet *out);

/* ---- notes ---- */

enum record_type {
	RECORD_PACKETS = 1,
	/* pvl-web to pvl-record */
	RECORD_HELLO,
	RECORD_STORED, /* number: this note and those before it stand in the database */
	/* pvl-record to pvl-web */
	RECORD_READY = 64, /* instance; first, and answer to HELLO */
	RECORD_BEGAN,      /* a segment: all but bytes, ms, hash and cause */
	RECORD_ENDED,      /* segment, visit, end, bytes, ms, hash, cause */
	RECORD_LOST,       /* visit, end, at_ms, cause: something is missing from now on */
};

enum record_cause {
	RECORD_WHOLE,
	RECORD_DISK,    /* the disk is full, or refused */
	RECORD_BEHIND,  /* packets found no room */
	RECORD_CODEC,   /* a codec that is not written */
	RECORD_STOPPED, /* pvl-record ended while it ran */
	RECORD_CAUSE_COUNT,
};

const char *record_cause_name(enum record_cause cause); /* "DISK" */

struct record_note {
	enum record_type type;
	uint64_t number;   /* of the note, from 1 on */
	uint64_t instance; /* random per process */
	struct visit_id visit;
	int64_t segment; /* its id; the file's name is 16 hexadecimal digits of it */
	uint8_t end;
	enum codec codec;
	int64_t at_ms; /* since 1970 */
	uint32_t ms;
	uint64_t bytes; /* of the file */
	enum record_cause cause;
	uint8_t key[RECORD_SEALED_KEY_LEN];
	uint8_t hash[RECORD_HASH_LEN];
};

/* Into out; *len is what was used. */
MUST_USE enum err record_note_encode(const struct record_note *note, uint8_t *out, size_t cap,
				     size_t *len);
/* Unknown, short or long messages are ERR_BAD; from_web says which side sent it. */
MUST_USE enum err record_note_decode(struct bytes in, bool from_web, struct record_note *out);

#endif
