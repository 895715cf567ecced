/*
 * Format 1, as it was written until format 2 came; recordings are kept for months.
 *
 *	file     "PVLR" u32 1, header of secretstream, then chunks
 *	chunk    u32 length, that many bytes; the last one carries TAG_FINAL
 *
 * Every chunk is bound to visit, segment and end.
 */
#include "base/mem.h"
#include "recording/sealed_priv.h"

enum {
	OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES,
};
_Static_assert((int)SEALED_KEY_LEN == (int)crypto_secretstream_xchacha20poly1305_KEYBYTES,
	       "one length of keys");

/* *last: the chunk says that nothing follows. */
static enum err open_chunk(crypto_secretstream_xchacha20poly1305_state *state, struct bytes chunk,
			   const uint8_t name[SEALED_NAME_LEN], bool *last, struct buf *out)
{
	static uint8_t plain[SEALED_CHUNK_MAX];
	unsigned char tag = 0;
	unsigned long long len = 0;
	if (chunk.len < OVERHEAD || chunk.len > SEALED_CHUNK_MAX + OVERHEAD ||
	    crypto_secretstream_xchacha20poly1305_pull(state, plain, &len, &tag, chunk.at,
						       chunk.len, name, SEALED_NAME_LEN) != 0)
		return ERR_DENIED;
	buf_put(out, plain, (size_t)len);
	mem_wipe(plain, (size_t)len);
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return OK;
}

enum err sealed_read_first(struct reader *r, const uint8_t key[SEALED_KEY_LEN],
			   const uint8_t name[SEALED_NAME_LEN], bool *whole, struct buf *out)
{
	crypto_secretstream_xchacha20poly1305_state state;
	enum err err = OK;
	bool last = false;
	struct bytes head = reader_take(r, crypto_secretstream_xchacha20poly1305_HEADERBYTES);
	if (!reader_ok(r) ||
	    crypto_secretstream_xchacha20poly1305_init_pull(&state, head.at, key) != 0)
		return ERR_DENIED;
	while (err == OK && !last && reader_left(r) >= 4) {
		uint32_t len = reader_u32(r);
		if (len > reader_left(r))
			break;
		err = open_chunk(&state, reader_take(r, len), name, &last, out);
	}
	mem_wipe(&state, sizeof state);
	if (err == OK && last && reader_left(r) > 0)
		err = ERR_DENIED;
	*whole = err == OK && last;
	return err;
}
