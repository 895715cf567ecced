/*
 * sealed_priv.h - what writing and reading of sealed files share.
 */
#ifndef PVL_RECORDING_SEALED_PRIV_H
#define PVL_RECORDING_SEALED_PRIV_H

#include "recording/sealed.h"

enum {
	SEALED_MAGIC = 0x50564c52, /* "PVLR" */
	SEALED_FORMAT_1 = 1,
	SEALED_FORMAT_2 = 2,
	SEALED_NAME_LEN = 8 + 8 + 1,
	SEALED_TAG_LEN = SEALED_CHUNK_MORE - 4,
	SEALED_NONCE_LEN = 12,
};
#define SEALED_LAST (UINT32_C(1) << 31)

void sealed_write_name(const struct sealed_name *name, uint8_t out[SEALED_NAME_LEN]);
/* The key, sealed with the name to `public`. */
MUST_USE enum err sealed_key_wrap(const uint8_t key[SEALED_KEY_LEN], const struct sealed_name *,
				  const uint8_t *public, uint8_t out[RECORD_SEALED_KEY_LEN]);

/* A cipher with its key, to seal or to open; NULL: there is none. */
struct evp_cipher_ctx_st *sealed_cipher_new(enum sealed_cipher, const uint8_t key[SEALED_KEY_LEN],
					    bool seal);
/* Before each chunk.  False: it does not work. */
bool sealed_cipher_begin(struct evp_cipher_ctx_st *, uint32_t number, bool last,
			 const uint8_t bound[SEALED_BOUND_LEN]);

MUST_USE enum err sealed_hashing_begin(struct sealed_hashing *, enum sealed_hash);
void sealed_hashing_add(struct sealed_hashing *, struct bytes bytes);
/* out NULL: nobody wants it. */
void sealed_hashing_end(struct sealed_hashing *, uint8_t *out);

/* The body of a file of format 1, behind magic and format. */
MUST_USE enum err sealed_read_first(struct reader *body, const uint8_t key[SEALED_KEY_LEN],
				    const uint8_t name[SEALED_NAME_LEN], bool *whole,
				    struct buf *out);

#endif
