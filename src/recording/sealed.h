/*
 * sealed.h - a segment of a recording on the disk: never in the clear, opened by pvl-vault's key alone.
 *
 * Each segment has a key of its own (libsodium's secretstream, XChaCha20-Poly1305).
 * The key, with the ids that it is for, is sealed to pvl-vault's public key
 * (crypto_box_seal: X25519) and stands in the database, not in the file: without
 * the row nothing opens the file again, and without the vault nothing opens the row.
 *
 *	file     "PVLR" u32 1, header of secretstream, then chunks
 *	chunk    u32 length, that many bytes; the last one carries TAG_FINAL
 *
 * Every chunk is bound to visit, segment and end, so that none passes for another's.
 * What is drawn at random is drawn by libsodium.
 */
#ifndef PVL_RECORDING_SEALED_H
#define PVL_RECORDING_SEALED_H

#include <sodium.h>

#include "base/buf.h"
#include "ipc/record.h"

enum {
	SEALED_KEY_LEN = crypto_secretstream_xchacha20poly1305_KEYBYTES,
	SEALED_HEAD = 8 + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	SEALED_CHUNK_MAX = 2 << 20, /* bytes in the clear */
};

/* Which segment; what its key and its chunks are bound to. */
struct sealed_name {
	struct visit_id visit;
	int64_t segment;
	uint8_t end;
};

struct sealed {
	struct sealed_name name;
	crypto_secretstream_xchacha20poly1305_state state;
	crypto_generichash_state hash;
	uint64_t bytes; /* of the file so far */
};

/* Appends the file's head to out, and gives the key sealed to `public` (RECORD_PUBLIC_KEY_LEN). */
MUST_USE enum err sealed_begin(struct sealed *, const struct sealed_name *, const uint8_t *public,
			       uint8_t key[RECORD_SEALED_KEY_LEN], struct buf *out);
/* Appends one chunk to out; last: nothing may follow. */
void sealed_put(struct sealed *, struct bytes plain, bool last, struct buf *out);
/* BLAKE2b-256 of the whole file: a third of the time of SHA-256 without its instructions. */
void sealed_hash(struct sealed *, uint8_t out[RECORD_HASH_LEN]);

/* For pvl-vault: the key of that segment.  ERR_DENIED: it is of another, or for another vault. */
MUST_USE enum err sealed_key_open(const uint8_t sealed[RECORD_SEALED_KEY_LEN],
				  const uint8_t public[RECORD_PUBLIC_KEY_LEN],
				  const uint8_t *secret, const struct sealed_name *,
				  uint8_t key[SEALED_KEY_LEN]);
/* What the file holds, in the clear, appended to out.  *whole false: it was cut off, and out has what
 * stands before the cut.  ERR_DENIED: another key, or a chunk that was changed or moved. */
MUST_USE enum err sealed_read(struct bytes file, const uint8_t key[SEALED_KEY_LEN],
			      const struct sealed_name *, bool *whole, struct buf *out);

#endif
