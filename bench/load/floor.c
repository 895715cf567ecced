#include <openssl/evp.h>
#include <string.h>

#include "base/assert.h"
#include "load.h"

enum {
	TAG = 16,
	IV = 12,
};

static EVP_CIPHER_CTX *context_new(int encrypt)
{
	static const uint8_t key[16] = "floor of a bench";
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	ASSERT(ctx && EVP_CipherInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, NULL, encrypt));
	return ctx;
}

static void iv_of(const uint8_t *packet, uint8_t iv[IV])
{
	memset(iv, 0, IV);
	memcpy(iv + 2, packet + 8, 4);
	memcpy(iv + 10, packet + 2, 2);
}

size_t floor_seal(struct end *end, const struct rtp_fields *fields, struct bytes payload,
		  uint8_t *out, size_t cap)
{
	static EVP_CIPHER_CTX *ctx;
	if (!ctx)
		ctx = context_new(1);
	struct rtp_fields counted = *fields;
	counted.sequence = (uint16_t)end->floor_index[fields->ssrc == end->video_ssrc]++;
	size_t head = rtp_write_header(out, cap, &counted);
	uint8_t iv[IV];
	iv_of(out, iv);
	int n = 0;
	ASSERT(head + payload.len + TAG <= cap);
	ASSERT(EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, iv) &&
	       EVP_EncryptUpdate(ctx, NULL, &n, out, (int)head) &&
	       EVP_EncryptUpdate(ctx, out + head, &n, payload.at, (int)payload.len) &&
	       EVP_EncryptFinal_ex(ctx, out, &n) &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, out + head + payload.len));
	return head + payload.len + TAG;
}

bool floor_open(uint8_t *at, size_t *len)
{
	static EVP_CIPHER_CTX *ctx;
	if (!ctx)
		ctx = context_new(0);
	struct rtp rtp;
	if (rtp_parse_header(bytes_of(at, *len), &rtp) || *len < rtp.header.len + TAG)
		return false;
	uint8_t iv[IV];
	iv_of(at, iv);
	int n = 0;
	*len -= TAG;
	uint8_t *body = at + rtp.header.len;
	int body_len = (int)(*len - rtp.header.len);
	return EVP_DecryptInit_ex(ctx, NULL, NULL, NULL, iv) &&
	       EVP_DecryptUpdate(ctx, NULL, &n, at, (int)rtp.header.len) &&
	       EVP_DecryptUpdate(ctx, body, &n, body, body_len) &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, at + *len) &&
	       EVP_DecryptFinal_ex(ctx, at + *len, &n) > 0;
}
