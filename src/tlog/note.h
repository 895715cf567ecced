/*
 * note.h - text that keys have signed, readable by people (C2SP signed-note).
 *
 *	the text, ending in a newline
 *	(an empty line)
 *	— name base64(key id ‖ signature)
 *
 * Two kinds of Ed25519 signature: a log's own over the text, and a witness's
 * with the time at which it looked (C2SP tlog-cosignature).
 */
#ifndef PVL_TLOG_NOTE_H
#define PVL_TLOG_NOTE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

enum {
	NOTE_NAME_MAX = 100,      /* bytes */
	NOTE_MAX = 16 << 10,      /* bytes of a whole note */
	NOTE_SIGNATURES_MAX = 64, /* what lies beyond is not read */
	NOTE_PUBLIC_LEN = 32,
	NOTE_SEED_LEN = 32,
	NOTE_SECRET_LEN = 64,
};

enum note_kind {
	NOTE_SIGNATURE = 0x01,
	NOTE_COSIGNATURE = 0x04,
};

struct note_key {
	char name[NOTE_NAME_MAX + 1];
	enum note_kind kind;
	uint32_t id;
	uint8_t public[NOTE_PUBLIC_LEN];
};

struct note_signer {
	struct note_key key;
	uint8_t secret[NOTE_SECRET_LEN]; /* to be wiped by who holds it */
};

/* ERR_BAD: a name that is empty or too long, or has white space or a plus in it. */
MUST_USE enum err note_key_make(struct str name, enum note_kind, const uint8_t *public,
				struct note_key *out);
MUST_USE enum err note_signer_make(struct str name, enum note_kind, const uint8_t *seed,
				   struct note_signer *out);

/* name+id+base64(kind ‖ public key): how a key is told to others, in one line. */
void note_key_write(const struct note_key *, struct buf *out);
MUST_USE enum err note_key_read(struct str line, struct note_key *out);

/* PRIVATE+KEY+name+id+base64(kind ‖ seed): how a secret key is kept, in one line. */
MUST_USE enum err note_secret_write(struct str name, enum note_kind, const uint8_t *seed,
				    struct buf *out);
MUST_USE enum err note_secret_read(struct str line, struct note_signer *out);

/* Text whose signatures follow it; both borrowed from the note. */
struct note {
	struct str text; /* with its last newline */
	struct str signatures;
};

/* ERR_BAD: no note, or longer than NOTE_MAX. */
MUST_USE enum err note_split(struct str in, struct note *out);

/* Appends the signature's line; the time counts for cosignatures alone. */
void note_sign(const struct note_signer *, struct str text, struct wall now, struct buf *out);

/* ERR_NOT_FOUND: the key has not signed it; ERR_CRYPTO: what claims to be its signature is none.
 * *at: when a witness looked; 0 for a log's own. */
MUST_USE enum err note_check(const struct note *, const struct note_key *, struct wall *at);

/* The next of a note's signatures (at most NOTE_SIGNATURES_MAX are worth reading): whose it claims to
 * be, and its whole line; both borrowed.  False: there is none. */
bool note_next_signature(struct str *signatures, struct str *name, struct str *line);

#endif
