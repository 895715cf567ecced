#include "recording/sealed.h"

#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

enum {
	MAGIC = 0x50564c52, /* "PVLR" */
	FORMAT = 1,
	NAME_LEN = 8 + 8 + 1,
	SEALED_PLAIN_LEN = SEALED_KEY_LEN + 16,
	OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES,
};
_Static_assert(SEALED_PLAIN_LEN + crypto_box_SEALBYTES == RECORD_SEALED_KEY_LEN, "ipc/record.h");
_Static_assert((int)RECORD_PUBLIC_KEY_LEN == (int)crypto_box_PUBLICKEYBYTES, "ipc/record.h");

static void write_name(const struct sealed_name *name, uint8_t out[NAME_LEN])
{
	put_u64(out, (uint64_t)name->visit.n);
	put_u64(out + 8, (uint64_t)name->segment);
	out[16] = name->end;
}

static void append(struct sealed *s, struct buf *out, struct bytes bytes)
{
	buf_put(out, bytes.at, bytes.len);
	(void)crypto_generichash_update(&s->hash, bytes.at, bytes.len);
	s->bytes += bytes.len;
}

enum err sealed_begin(struct sealed *s, const struct sealed_name *name, const uint8_t *public,
		      uint8_t key[RECORD_SEALED_KEY_LEN], struct buf *out)
{
	uint8_t plain[SEALED_PLAIN_LEN], head[SEALED_HEAD], bound[NAME_LEN];
	*s = (struct sealed){ .name = *name };
	(void)crypto_generichash_init(&s->hash, NULL, 0, RECORD_HASH_LEN);
	crypto_secretstream_xchacha20poly1305_keygen(plain);
	write_name(name, bound);
	memcpy(plain + SEALED_KEY_LEN, bound, 16);
	put_u32(head, MAGIC);
	put_u32(head + 4, FORMAT);
	int bad = crypto_secretstream_xchacha20poly1305_init_push(&s->state, head + 8, plain);
	bad |= crypto_box_seal(key, plain, sizeof plain, public);
	mem_wipe(plain, sizeof plain);
	if (bad != 0)
		return ERR_CRYPTO;
	append(s, out, bytes_of(head, sizeof head));
	return OK;
}

void sealed_put(struct sealed *s, struct bytes plain, bool last, struct buf *out)
{
	static uint8_t chunk[4 + SEALED_CHUNK_MAX + OVERHEAD];
	uint8_t name[NAME_LEN];
	ASSERT(plain.len <= SEALED_CHUNK_MAX);
	write_name(&s->name, name);
	put_u32(chunk, (uint32_t)(plain.len + OVERHEAD));
	(void)crypto_secretstream_xchacha20poly1305_push(
	    &s->state, chunk + 4, NULL, plain.at, plain.len, name, sizeof name,
	    last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
	append(s, out, bytes_of(chunk, 4 + plain.len + OVERHEAD));
}

void sealed_hash(struct sealed *s, uint8_t out[RECORD_HASH_LEN])
{
	crypto_generichash_state copy = s->hash;
	(void)crypto_generichash_final(&copy, out, RECORD_HASH_LEN);
}

/* ---- opening ---- */

enum err sealed_key_open(const uint8_t sealed[RECORD_SEALED_KEY_LEN],
			 const uint8_t public[RECORD_PUBLIC_KEY_LEN], const uint8_t *secret,
			 const struct sealed_name *name, uint8_t key[SEALED_KEY_LEN])
{
	uint8_t plain[SEALED_PLAIN_LEN], bound[NAME_LEN];
	write_name(name, bound);
	bool opens =
	    crypto_box_seal_open(plain, sealed, RECORD_SEALED_KEY_LEN, public, secret) == 0 &&
	    memcmp(plain + SEALED_KEY_LEN, bound, 16) == 0;
	if (opens)
		memcpy(key, plain, SEALED_KEY_LEN);
	mem_wipe(plain, sizeof plain);
	return opens ? OK : ERR_DENIED;
}

/* *last: the chunk says that nothing follows. */
static enum err open_chunk(crypto_secretstream_xchacha20poly1305_state *state, struct bytes chunk,
			   const uint8_t name[NAME_LEN], bool *last, struct buf *out)
{
	static uint8_t plain[SEALED_CHUNK_MAX];
	unsigned char tag = 0;
	unsigned long long len = 0;
	if (chunk.len < OVERHEAD || chunk.len > SEALED_CHUNK_MAX + OVERHEAD ||
	    crypto_secretstream_xchacha20poly1305_pull(state, plain, &len, &tag, chunk.at,
						       chunk.len, name, NAME_LEN) != 0)
		return ERR_DENIED;
	buf_put(out, plain, (size_t)len);
	mem_wipe(plain, (size_t)len);
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return OK;
}

enum err sealed_read(struct bytes file, const uint8_t key[SEALED_KEY_LEN],
		     const struct sealed_name *name, bool *whole, struct buf *out)
{
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t bound[NAME_LEN];
	struct reader r = reader_of(file);
	bool last = false;
	enum err err = OK;
	write_name(name, bound);
	uint32_t magic = reader_u32(&r), format = reader_u32(&r);
	struct bytes head = reader_take(&r, crypto_secretstream_xchacha20poly1305_HEADERBYTES);
	if (!reader_ok(&r) || magic != MAGIC || format != FORMAT ||
	    crypto_secretstream_xchacha20poly1305_init_pull(&state, head.at, key) != 0)
		return ERR_DENIED;
	while (err == OK && !last && reader_left(&r) >= 4) {
		uint32_t len = reader_u32(&r);
		if (len > reader_left(&r))
			break;
		err = open_chunk(&state, reader_take(&r, len), bound, &last, out);
	}
	mem_wipe(&state, sizeof state);
	if (err == OK && last && reader_left(&r) > 0)
		err = ERR_DENIED;
	*whole = err == OK && last;
	return err != OK ? err : buf_ok(out) ? OK : ERR_LIMIT;
}
