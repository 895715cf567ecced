/*
 * objects.h - the messages between pvl-web and pvl-objects, which keeps recordings in an object store.
 *
 * One message is one SOCK_SEQPACKET datagram: u8 version, u8 type, body in
 * network order.  pvl-web wants a segment back in the folder of recordings;
 * pvl-objects says when it is there, and how it stands whenever that changes.
 *
 * What is to go out, and what is to be erased there, stands in no message but in
 * the folder itself (below), so that it outlives every process:
 *
 *	0123456789abcdef          a segment; locked (flock) while pvl-record writes it
 *	0123456789abcdef.erase    this one is to be erased in the store, too
 *	fetched/0123456789abcdef  a copy of one that is in the store; goes by itself
 *	full                      no further segments: as many wait as may
 */
#ifndef PVL_IPC_OBJECTS_H
#define PVL_IPC_OBJECTS_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

enum {
	OBJECTS_VERSION = 1,
	OBJECTS_MESSAGE_MAX = 64, /* bytes */
	OBJECTS_FILE_MAX =
	    12 << 20, /* bytes of a segment (recording/recorder.h ends one at half of that) */
};

/* In the folder of recordings. */
#define OBJECTS_FULL    "full"
#define OBJECTS_FETCHED "fetched"
#define OBJECTS_ERASE   ".erase"

enum objects_type {
	/* pvl-web to pvl-objects */
	OBJECTS_HELLO = 1, /* no body: how do you stand? */
	OBJECTS_WANT,      /* segment: to be in fetched/ */
	/* pvl-objects to pvl-web */
	OBJECTS_CAME = 64, /* segment, outcome */
	OBJECTS_STATE,     /* state; after HELLO, and when it has changed */
};

enum objects_outcome {
	OBJECTS_DONE,
	OBJECTS_ABSENT,  /* the store does not have it */
	OBJECTS_REFUSED, /* the store does not let us: the key, or the bucket */
	OBJECTS_AWAY,    /* no answer, or one that will be another later */
	OBJECTS_OUTCOME_COUNT,
};

const char *objects_outcome_name(enum objects_outcome outcome); /* "DONE" */

struct objects_state {
	uint32_t waiting; /* segments that are to go out */
	uint64_t bytes;   /* of them */
	bool full;
	enum objects_outcome last; /* of what was last tried there */
};

struct objects_message {
	enum objects_type type;
	struct segment_id segment;
	enum objects_outcome outcome;
	struct objects_state state;
};

/* Into out; *len is what was used. */
MUST_USE enum err objects_message_encode(const struct objects_message *message, uint8_t *out,
					 size_t cap, size_t *len);
/* Unknown, short or long messages are ERR_BAD; from_web says which side sent it. */
MUST_USE enum err objects_message_decode(struct bytes in, bool from_web,
					 struct objects_message *out);

#endif
