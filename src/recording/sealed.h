/*
 * sealed.h - a segment of a recording on the disk: never in the clear, opened by pvl-vault's key alone.
 *
 * Each segment has a key of its own.  The key, with the ids that it is for, is
 * sealed to pvl-vault's public key (crypto_box_seal: X25519) and stands in the
 * database, not in the file: without the row nothing opens the file again, and
 * without the vault nothing opens the row.
 *
 *	file     "PVLR" u32 2, u8 cipher, u8 hash, u16 0, then chunks
 *	chunk    u32 length and bit 31 on the last one, that many bytes sealed, 16 of tag
 *
 * The nonce of a chunk is its number and whether it is the last (STREAM: Hoang,
 * Reyhanitabar, Rogaway and Vizar 2015); with it are bound the head, visit,
 * segment and end.  So no chunk passes for another's, and none is left out,
 * moved or cut off unnoticed.  Cipher and hash are what the processor that wrote
 * it has instructions for; whoever reads follows the head.
 *
 * Format 1 (secretstream, XChaCha20-Poly1305) is read, and written no more.
 */
#ifndef PVL_RECORDING_SEALED_H
#define PVL_RECORDING_SEALED_H

#include <sodium.h>

#include "base/buf.h"
#include "ipc/record.h"

enum {
	SEALED_KEY_LEN = 32,
	SEALED_HEAD = 12,
	SEALED_CHUNK_MAX = 2 << 20, /* bytes in the clear */
	SEALED_CHUNK_MORE = 4 + 16, /* of a chunk in the file */
	SEALED_BOUND_LEN = SEALED_HEAD + 17,
};

/* In the file: numbers stay. */
enum sealed_cipher {
	SEALED_AES_256_GCM = 1,
	SEALED_CHACHA20_POLY1305,
};

enum sealed_hash {
	SEALED_SHA_256 = 1,
	SEALED_BLAKE2B_256,
};

struct sealed_means {
	enum sealed_cipher cipher;
	enum sealed_hash hash;
};

/* Which segment; what its key and its chunks are bound to. */
struct sealed_name {
	struct visit_id visit;
	int64_t segment;
	uint8_t end;
};

struct sealed_hashing {
	struct evp_md_ctx_st *sha256; /* NULL: BLAKE2b */
	crypto_generichash_state blake2b;
};

struct sealed {
	struct evp_cipher_ctx_st *cipher;
	struct sealed_hashing hashing;
	uint8_t bound[SEALED_BOUND_LEN];
	uint32_t chunks;
	uint64_t bytes; /* of the file so far */
};

/* Appends the file's head to out, and gives the key sealed to `public` (RECORD_PUBLIC_KEY_LEN). */
MUST_USE enum err sealed_begin(struct sealed *, const struct sealed_name *, struct sealed_means,
			       const uint8_t *public, uint8_t key[RECORD_SEALED_KEY_LEN],
			       struct buf *out);
/* Appends one chunk to out; last: nothing may follow. */
void sealed_put(struct sealed *, struct bytes plain, bool last, struct buf *out);
/* What was appended stands in the file: it counts, and is in its hash. */
void sealed_stands(struct sealed *, struct bytes written);
/* The hash of all that stands; once, and nothing may follow but the end. */
void sealed_hash(struct sealed *, uint8_t out[RECORD_HASH_LEN]);
/* Also what was never begun. */
void sealed_end(struct sealed *);

/* For pvl-vault: the key of that segment.  ERR_DENIED: it is of another, or for another vault. */
MUST_USE enum err sealed_key_open(const uint8_t sealed[RECORD_SEALED_KEY_LEN],
				  const uint8_t public[RECORD_PUBLIC_KEY_LEN],
				  const uint8_t *secret, const struct sealed_name *,
				  uint8_t key[SEALED_KEY_LEN]);
/* What the file holds, in the clear, appended to out.  *whole false: it was cut off, and out has what
 * stands before the cut.  ERR_DENIED: another key, or a chunk that was changed or moved. */
MUST_USE enum err sealed_read(struct bytes file, const uint8_t key[SEALED_KEY_LEN],
			      const struct sealed_name *, bool *whole, struct buf *out);
/* The hash of a file, by the one that its head names; of format 1 that is BLAKE2b.  ERR_BAD: no such head.
 * Whoever once had the key can seal something else with it, but nothing with the same hash. */
MUST_USE enum err sealed_file_hash(struct bytes file, uint8_t out[RECORD_HASH_LEN]);

#endif
