/*
 * hints.h - what pvl-hints tells pvl-web: that a machine finds something odd in a picture, or no longer.
 *
 * One message is one SOCK_SEQPACKET datagram in network order: u8 version, i64
 * visit, u8 end, u8 kind, u8 on, u8 faces.  Nothing goes the other way.  pvl-hints
 * gets its pictures from pvl-media in the form of ipc/record.h, of social visits
 * alone.
 */
#ifndef PVL_IPC_HINTS_H
#define PVL_IPC_HINTS_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

enum {
	HINTS_VERSION = 2,
	HINTS_NOTE_MAX = 16, /* bytes */
};

enum hint_kind {
	HINT_COVERED, /* the picture is dark, or of one colour */
	HINT_STILL,   /* nothing moves in it: frozen, or a photograph */
	HINT_NOBODY,  /* nothing in it may be a face */
	HINT_FACES, /* so many faces, or more; whether they are more than expected, pvl-web knows */
	HINT_KIND_COUNT,
};

const char *hint_kind_name(enum hint_kind kind); /* "COVERED" */
bool hint_kind_of(const char *name, enum hint_kind *out);

struct hint_note {
	struct visit_id visit;
	uint8_t end; /* whose picture; below MEDIA_ENDS_MAX */
	enum hint_kind kind;
	bool on;
	uint8_t faces; /* of HINT_FACES that is on: 2 or more; else 0 */
};

/* Into out; *len is what was used. */
MUST_USE enum err hint_note_encode(const struct hint_note *note, uint8_t *out, size_t cap,
				   size_t *len);
MUST_USE enum err hint_note_decode(struct bytes in, struct hint_note *out);

#endif
