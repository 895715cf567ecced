#include "recording/sealed.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "recording/sealed_priv.h"

static const EVP_CIPHER *cipher_of(enum sealed_cipher cipher)
{
	return cipher == SEALED_AES_256_GCM ? EVP_aes_256_gcm() : EVP_chacha20_poly1305();
}

EVP_CIPHER_CTX *sealed_cipher_new(enum sealed_cipher cipher, const uint8_t key[SEALED_KEY_LEN],
				  bool seal)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	if (ctx != NULL && EVP_CipherInit_ex(ctx, cipher_of(cipher), NULL, key, NULL, seal) == 1)
		return ctx;
	EVP_CIPHER_CTX_free(ctx);
	return NULL;
}

bool sealed_cipher_begin(EVP_CIPHER_CTX *ctx, uint32_t number, bool last,
			 const uint8_t bound[SEALED_BOUND_LEN])
{
	uint8_t nonce[SEALED_NONCE_LEN] = { 0 };
	int len;
	put_u32(nonce + 7, number);
	nonce[11] = last;
	return EVP_CipherInit_ex(ctx, NULL, NULL, NULL, nonce, -1) == 1 &&
	       EVP_CipherUpdate(ctx, NULL, &len, bound, SEALED_BOUND_LEN) == 1;
}

enum err sealed_begin(struct sealed *s, const struct sealed_name *name, struct sealed_means means,
		      const uint8_t *public, uint8_t key[RECORD_SEALED_KEY_LEN], struct buf *out)
{
	uint8_t plain[SEALED_KEY_LEN];
	*s = (struct sealed){ 0 };
	put_u32(s->bound, SEALED_MAGIC);
	put_u32(s->bound + 4, SEALED_FORMAT_2);
	s->bound[8] = (uint8_t)means.cipher;
	s->bound[9] = (uint8_t)means.hash;
	sealed_write_name(name, s->bound + SEALED_HEAD);
	randombytes_buf(plain, sizeof plain);
	s->cipher = sealed_cipher_new(means.cipher, plain, true);
	enum err err = sealed_key_wrap(plain, name, public, key);
	mem_wipe(plain, sizeof plain);
	if (err == OK)
		err = sealed_hashing_begin(&s->hashing, means.hash);
	if (err == OK && s->cipher == NULL)
		err = ERR_CRYPTO;
	if (err != OK)
		sealed_end(s);
	else
		buf_put(out, s->bound, SEALED_HEAD);
	return err;
}

/* Sealed where it is to stand: a copy of what a camera sends costs as much as the cipher. */
static bool seal(struct sealed *s, struct bytes plain, bool last, uint8_t *out)
{
	static const uint8_t empty[1];
	int len = 0, more = 0;
	uint8_t *tag = out + plain.len;
	return sealed_cipher_begin(s->cipher, s->chunks++, last, s->bound) &&
	       EVP_EncryptUpdate(s->cipher, out, &len, plain.len > 0 ? plain.at : empty,
				 (int)plain.len) == 1 &&
	       EVP_EncryptFinal_ex(s->cipher, out + len, &more) == 1 &&
	       EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, SEALED_TAG_LEN, tag) == 1;
}

void sealed_put(struct sealed *s, struct bytes plain, bool last, struct buf *out)
{
	ASSERT(plain.len <= SEALED_CHUNK_MAX);
	uint8_t *at = buf_extend(out, plain.len + SEALED_CHUNK_MORE);
	if (at == NULL)
		return;
	put_u32(at, (uint32_t)(plain.len + SEALED_TAG_LEN) | (last ? SEALED_LAST : 0));
	bool sealed = seal(s, plain, last, at + 4);
	ASSERT(sealed);
}

void sealed_stands(struct sealed *s, struct bytes written)
{
	sealed_hashing_add(&s->hashing, written);
	s->bytes += written.len;
}

void sealed_hash(struct sealed *s, uint8_t out[RECORD_HASH_LEN])
{
	sealed_hashing_end(&s->hashing, out);
}

void sealed_end(struct sealed *s)
{
	EVP_CIPHER_CTX_free(s->cipher); /* wipes the key */
	sealed_hashing_end(&s->hashing, NULL);
	*s = (struct sealed){ 0 };
}
