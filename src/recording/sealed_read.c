#include <openssl/evp.h>
#include <string.h>

#include "base/mem.h"
#include "recording/sealed_priv.h"

struct opening {
	EVP_CIPHER_CTX *cipher;
	uint8_t bound[SEALED_BOUND_LEN];
	uint32_t chunks;
};

static bool opens(struct opening *o, struct bytes sealed, bool last, uint8_t *plain)
{
	size_t plain_len = sealed.len - SEALED_TAG_LEN;
	int len = 0, more = 0;
	void *tag = (void *)(uintptr_t)(sealed.at + plain_len);
	return sealed_cipher_begin(o->cipher, o->chunks++, last, o->bound) &&
	       EVP_DecryptUpdate(o->cipher, plain, &len, sealed.at, (int)plain_len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(o->cipher, EVP_CTRL_AEAD_SET_TAG, SEALED_TAG_LEN, tag) == 1 &&
	       EVP_DecryptFinal_ex(o->cipher, plain + len, &more) == 1;
}

static enum err open_chunk(struct opening *o, struct bytes sealed, bool last, struct buf *out)
{
	static uint8_t plain[SEALED_CHUNK_MAX];
	if (sealed.len < SEALED_TAG_LEN || sealed.len > SEALED_CHUNK_MAX + SEALED_TAG_LEN)
		return ERR_DENIED;
	bool right = opens(o, sealed, last, plain);
	if (right)
		buf_put(out, plain, sealed.len - SEALED_TAG_LEN);
	mem_wipe(plain, sealed.len - SEALED_TAG_LEN);
	return right ? OK : ERR_DENIED;
}

static enum err open_chunks(struct opening *o, struct reader *r, bool *whole, struct buf *out)
{
	enum err err = OK;
	bool last = false;
	while (err == OK && !last && reader_left(r) >= 4) {
		uint32_t head = reader_u32(r), len = head & ~SEALED_LAST;
		if (len > reader_left(r))
			break;
		last = (head & SEALED_LAST) != 0;
		err = open_chunk(o, reader_take(r, len), last, out);
	}
	if (err == OK && last && reader_left(r) > 0)
		err = ERR_DENIED;
	*whole = err == OK && last;
	return err;
}

/* r stands behind magic and format, which begin the file. */
static enum err read_second(struct bytes file, struct reader *r, const uint8_t key[SEALED_KEY_LEN],
			    const uint8_t name[SEALED_NAME_LEN], bool *whole, struct buf *out)
{
	struct opening o = { 0 };
	uint8_t cipher = reader_u8(r), hash = reader_u8(r);
	uint16_t zero = reader_u16(r);
	if (!reader_ok(r) || zero != 0 ||
	    (cipher != SEALED_AES_256_GCM && cipher != SEALED_CHACHA20_POLY1305) ||
	    (hash != SEALED_SHA_256 && hash != SEALED_BLAKE2B_256))
		return ERR_DENIED;
	memcpy(o.bound, file.at, SEALED_HEAD);
	memcpy(o.bound + SEALED_HEAD, name, SEALED_NAME_LEN);
	o.cipher = sealed_cipher_new((enum sealed_cipher)cipher, key, false);
	enum err err = o.cipher != NULL ? open_chunks(&o, r, whole, out) : ERR_CRYPTO;
	EVP_CIPHER_CTX_free(o.cipher);
	return err;
}

enum err sealed_read(struct bytes file, const uint8_t key[SEALED_KEY_LEN],
		     const struct sealed_name *name, bool *whole, struct buf *out)
{
	uint8_t bound[SEALED_NAME_LEN];
	struct reader r = reader_of(file);
	enum err err = ERR_DENIED;
	*whole = false;
	sealed_write_name(name, bound);
	uint32_t magic = reader_u32(&r), format = reader_u32(&r);
	if (!reader_ok(&r) || magic != SEALED_MAGIC)
		return ERR_DENIED;
	if (format == SEALED_FORMAT_1)
		err = sealed_read_first(&r, key, bound, whole, out);
	else if (format == SEALED_FORMAT_2)
		err = read_second(file, &r, key, bound, whole, out);
	return err != OK ? err : buf_ok(out) ? OK : ERR_LIMIT;
}
