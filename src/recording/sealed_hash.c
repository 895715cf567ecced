#include <openssl/evp.h>

#include "base/assert.h"
#include "recording/sealed_priv.h"

enum err sealed_hashing_begin(struct sealed_hashing *h, enum sealed_hash hash)
{
	*h = (struct sealed_hashing){ 0 };
	if (hash == SEALED_BLAKE2B_256)
		return crypto_generichash_init(&h->blake2b, NULL, 0, RECORD_HASH_LEN) == 0
			   ? OK
			   : ERR_CRYPTO;
	h->sha256 = EVP_MD_CTX_new();
	if (h->sha256 != NULL && EVP_DigestInit_ex(h->sha256, EVP_sha256(), NULL) == 1)
		return OK;
	sealed_hashing_end(h, NULL);
	return ERR_CRYPTO;
}

void sealed_hashing_add(struct sealed_hashing *h, struct bytes bytes)
{
	bool added = h->sha256 != NULL
			 ? EVP_DigestUpdate(h->sha256, bytes.at, bytes.len) == 1
			 : crypto_generichash_update(&h->blake2b, bytes.at, bytes.len) == 0;
	ASSERT(added);
}

void sealed_hashing_end(struct sealed_hashing *h, uint8_t *out)
{
	bool told = true;
	if (out != NULL)
		told = h->sha256 != NULL
			   ? EVP_DigestFinal_ex(h->sha256, out, NULL) == 1
			   : crypto_generichash_final(&h->blake2b, out, RECORD_HASH_LEN) == 0;
	ASSERT(told);
	EVP_MD_CTX_free(h->sha256);
	h->sha256 = NULL;
}

enum err sealed_file_hash(struct bytes file, uint8_t out[RECORD_HASH_LEN])
{
	struct sealed_hashing hashing;
	struct reader r = reader_of(file);
	uint32_t magic = reader_u32(&r), format = reader_u32(&r);
	uint8_t hash = SEALED_BLAKE2B_256;
	if (format == SEALED_FORMAT_2) {
		(void)reader_u8(&r);
		hash = reader_u8(&r);
	}
	if (!reader_ok(&r) || magic != SEALED_MAGIC ||
	    (format != SEALED_FORMAT_1 && format != SEALED_FORMAT_2) ||
	    (hash != SEALED_SHA_256 && hash != SEALED_BLAKE2B_256))
		return ERR_BAD;
	enum err err = sealed_hashing_begin(&hashing, (enum sealed_hash)hash);
	if (err != OK)
		return err;
	sealed_hashing_add(&hashing, file);
	sealed_hashing_end(&hashing, out);
	return OK;
}
