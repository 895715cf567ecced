#include "rtc/srtp.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/assert.h"
#include "base/mem.h"

enum {
	RTP_HEADER = 12,
	RTCP_HEADER = 8, /* what stays in the clear: first header and sender's SSRC */
	RTCP_INDEX = 4,
	GCM_TAG = 16,
	GCM_IV = 12,
	CM_TAG = 10,
	CM_IV = 16,
	SHA1_LEN = 20,
	WINDOW_WORDS = SRTP_WINDOW / 64,
};

#define INDEX_END      ((uint64_t)1 << 48) /* RFC 3711 9.2 */
#define RTCP_INDEX_END ((uint64_t)1 << 31)
#define ENCRYPTED_FLAG 0x80000000u

/* Labels of the key derivation, RFC 3711 4.3.2. */
enum label {
	LABEL_RTP_KEY,
	LABEL_RTP_MAC,
	LABEL_RTP_SALT,
	LABEL_RTCP_KEY,
	LABEL_RTCP_MAC,
	LABEL_RTCP_SALT,
};

/* One SSRC: the newest index and which of the SRTP_WINDOW up to it were seen (bit index mod
 * SRTP_WINDOW). */
struct stream {
	uint32_t ssrc;
	uint64_t newest;
	uint64_t seen[WINDOW_WORDS];
};

struct streams {
	size_t count;
	size_t last; /* where the last one was found */
	struct stream at[SRTP_SSRCS_MAX];
};

/* The session keys of RTP or of RTCP, inside contexts that live as long as they do. */
struct session {
	EVP_CIPHER_CTX *cipher;
	EVP_MAC_CTX *mac; /* NULL with GCM */
	uint8_t salt[SRTP_SALT_MAX];
};

struct srtp {
	enum srtp_profile profile;
	enum srtp_direction direction;
	struct session rtp;
	struct session rtcp;
	struct streams rtp_streams;
	struct streams rtcp_streams; /* of a receiver */
	uint64_t rtcp_next;          /* of a sender: one count for all its SSRCs */
};

size_t srtp_key_len(enum srtp_profile profile)
{
	return profile == SRTP_AEAD_AES_256_GCM ? 32 : 16;
}

size_t srtp_salt_len(enum srtp_profile profile)
{
	return profile == SRTP_AES128_CM_SHA1_80 ? 14 : 12;
}

static bool is_gcm(const struct srtp *srtp)
{
	return srtp->profile != SRTP_AES128_CM_SHA1_80;
}

static size_t tag_len(const struct srtp *srtp)
{
	return is_gcm(srtp) ? GCM_TAG : CM_TAG;
}

/* ---- Streams and their windows ---- */

static struct stream *stream_find(struct streams *streams, uint32_t ssrc)
{
	if (streams->last < streams->count && streams->at[streams->last].ssrc == ssrc)
		return &streams->at[streams->last];
	for (size_t i = 0; i < streams->count; i++) {
		if (streams->at[i].ssrc != ssrc)
			continue;
		streams->last = i;
		return &streams->at[i];
	}
	return NULL;
}

static bool stream_is_seen(const struct stream *s, uint64_t index)
{
	size_t bit = index % SRTP_WINDOW;
	return s->seen[bit / 64] >> (bit % 64) & 1;
}

/* NULL stream: nothing was seen of it yet. */
static enum err stream_check(const struct stream *s, uint64_t index)
{
	if (s == NULL || index > s->newest)
		return OK;
	if (s->newest - index >= SRTP_WINDOW || stream_is_seen(s, index))
		return ERR_CONFLICT;
	return OK;
}

static void stream_advance(struct stream *s, uint64_t index)
{
	if (index - s->newest >= SRTP_WINDOW)
		memset(s->seen, 0, sizeof s->seen);
	else
		for (uint64_t i = s->newest + 1; i < index; i++)
			s->seen[i % SRTP_WINDOW / 64] &= ~((uint64_t)1 << (i % 64));
	s->newest = index;
}

/* After stream_check; s is NULL for the first packet of an SSRC. */
static void stream_mark(struct streams *streams, struct stream *s, uint32_t ssrc, uint64_t index)
{
	if (s == NULL) {
		ASSERT(streams->count < SRTP_SSRCS_MAX);
		s = &streams->at[streams->count++];
		*s = (struct stream){ .ssrc = ssrc, .newest = index };
	}
	if (index > s->newest)
		stream_advance(s, index);
	s->seen[index % SRTP_WINDOW / 64] |= (uint64_t)1 << (index % 64);
}

/* RFC 3711 3.3.1, with one more thought: what lies behind the window would be refused anyway, so a
 * number there is taken as one ahead.  So a stream survives a gap of 64,000 packets, not 32,768. */
static uint64_t stream_estimate(const struct stream *s, uint16_t sequence)
{
	if (s == NULL)
		return sequence;
	int16_t ahead = (int16_t)(uint16_t)(sequence - (uint16_t)s->newest);
	int64_t index = (int64_t)s->newest + ahead;
	if (ahead <= -SRTP_WINDOW || index < 0)
		index += 65536;
	return (uint64_t)index;
}

/* ---- Keys ---- */

static const EVP_CIPHER *counter_mode(enum srtp_profile profile)
{
	return profile == SRTP_AEAD_AES_256_GCM ? EVP_aes_256_ctr() : EVP_aes_128_ctr();
}

/* RFC 3711 4.3.1, key derivation rate 0; a 96-bit salt is filled up with zeros (RFC 7714 11). */
static bool derive(const struct srtp_key *key, enum label label, uint8_t *out, size_t len)
{
	uint8_t iv[CM_IV] = { 0 };
	memcpy(iv, key->salt, srtp_salt_len(key->profile));
	iv[7] ^= (uint8_t)label;
	memset(out, 0, len);
	int written = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = ctx != NULL &&
		  EVP_EncryptInit_ex(ctx, counter_mode(key->profile), NULL, key->key, iv) == 1 &&
		  EVP_EncryptUpdate(ctx, out, &written, out, (int)len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static const EVP_CIPHER *session_cipher(enum srtp_profile profile)
{
	switch (profile) {
	case SRTP_AEAD_AES_128_GCM:
		return EVP_aes_128_gcm();
	case SRTP_AEAD_AES_256_GCM:
		return EVP_aes_256_gcm();
	case SRTP_AES128_CM_SHA1_80:
		return EVP_aes_128_ctr();
	case SRTP_NONE:
		break;
	}
	return NULL;
}

static bool session_init_mac(struct session *session, const uint8_t key[SHA1_LEN])
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hmac == NULL)
		return false;
	char digest[] = "SHA1";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	session->mac = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	return session->mac != NULL && EVP_MAC_init(session->mac, key, SHA1_LEN, params) == 1;
}

/* labels: that of the key; those of MAC and salt follow it. */
static bool session_init(struct session *session, const struct srtp_key *key, enum label labels,
			 enum srtp_direction direction)
{
	uint8_t secret[SRTP_KEY_MAX];
	int encrypt = direction == SRTP_SEND || key->profile == SRTP_AES128_CM_SHA1_80;
	session->cipher = EVP_CIPHER_CTX_new();
	bool ok = session->cipher != NULL &&
		  derive(key, labels, secret, srtp_key_len(key->profile)) &&
		  EVP_CipherInit_ex(session->cipher, session_cipher(key->profile), NULL, secret,
				    NULL, encrypt) == 1 &&
		  derive(key, labels + 2, session->salt, srtp_salt_len(key->profile));
	if (ok && key->profile == SRTP_AES128_CM_SHA1_80)
		ok = derive(key, labels + 1, secret, SHA1_LEN) && session_init_mac(session, secret);
	mem_wipe(secret, sizeof secret);
	return ok;
}

static void session_clear(struct session *session)
{
	EVP_CIPHER_CTX_free(session->cipher);
	EVP_MAC_CTX_free(session->mac);
}

struct srtp *srtp_new(const struct srtp_key *key, enum srtp_direction direction)
{
	if (session_cipher(key->profile) == NULL)
		return NULL;
	struct srtp *srtp = mem_new(1, sizeof *srtp);
	srtp->profile = key->profile;
	srtp->direction = direction;
	if (session_init(&srtp->rtp, key, LABEL_RTP_KEY, direction) &&
	    session_init(&srtp->rtcp, key, LABEL_RTCP_KEY, direction))
		return srtp;
	srtp_free(srtp);
	return NULL;
}

void srtp_free(struct srtp *srtp)
{
	if (srtp == NULL)
		return;
	session_clear(&srtp->rtp);
	session_clear(&srtp->rtcp);
	mem_wipe(srtp, sizeof *srtp);
	free(srtp);
}

/* ---- The two ciphers ---- */

/* RFC 7714 8.1, 9.1 and RFC 3711 4.1.1: the same fields, at another place. */
static bool cipher_start(struct srtp *srtp, struct session *session, uint32_t ssrc, uint64_t index)
{
	uint8_t iv[CM_IV] = { 0 };
	size_t at = is_gcm(srtp) ? 2 : 4;
	put_u32(iv + at, ssrc);
	put_u16(iv + at + 4, (uint16_t)(index >> 32));
	put_u32(iv + at + 6, (uint32_t)index);
	for (size_t i = 0; i < srtp_salt_len(srtp->profile); i++)
		iv[i] ^= session->salt[i];
	return EVP_CipherInit_ex(session->cipher, NULL, NULL, NULL, iv, -1) == 1;
}

static bool cipher_run(struct session *session, const uint8_t *in, size_t len, uint8_t *out)
{
	int written = 0;
	return len == 0 || EVP_CipherUpdate(session->cipher, out, &written, in, (int)len) == 1;
}

static bool gcm_clear_text(struct session *session, struct bytes clear)
{
	int written = 0;
	return EVP_CipherUpdate(session->cipher, NULL, &written, clear.at, (int)clear.len) == 1;
}

static bool gcm_finish(struct session *session, uint8_t *tag)
{
	uint8_t none[GCM_TAG];
	int written = 0;
	return EVP_CipherFinal_ex(session->cipher, none, &written) == 1 &&
	       EVP_CIPHER_CTX_ctrl(session->cipher, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, tag) == 1;
}

static bool gcm_verify(struct session *session, uint8_t *tag)
{
	uint8_t none[GCM_TAG];
	int written = 0;
	return EVP_CIPHER_CTX_ctrl(session->cipher, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, tag) == 1 &&
	       EVP_CipherFinal_ex(session->cipher, none, &written) == 1;
}

/* The first CM_TAG bytes of the HMAC over a then b. */
static bool mac_run(struct session *session, struct bytes a, struct bytes b, uint8_t tag[CM_TAG])
{
	uint8_t whole[SHA1_LEN];
	size_t len = 0;
	if (EVP_MAC_init(session->mac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(session->mac, a.at, a.len) != 1 ||
	    EVP_MAC_update(session->mac, b.at, b.len) != 1 ||
	    EVP_MAC_final(session->mac, whole, &len, sizeof whole) != 1)
		return false;
	memcpy(tag, whole, CM_TAG);
	return true;
}

static bool mac_verify(struct session *session, struct bytes a, struct bytes b, const uint8_t *tag)
{
	uint8_t right[CM_TAG];
	return mac_run(session, a, b, right) &&
	       bytes_equal_secret(bytes_of(right, CM_TAG), bytes_of(tag, CM_TAG));
}

/* ---- RTP ---- */

/* Header with CSRCs and extension block; 0 if it is none or does not fit. */
static size_t rtp_header_len(const uint8_t *packet, size_t len)
{
	if (len < RTP_HEADER || packet[0] >> 6 != 2)
		return 0;
	size_t header = RTP_HEADER + 4u * (packet[0] & 0x0f);
	if (packet[0] & 0x10) {
		if (len < header + 4)
			return 0;
		header += 4 + 4u * get_u16(packet + header + 2);
	}
	return header <= len ? header : 0;
}

static bool rtp_open_gcm(struct srtp *srtp, uint8_t *packet, size_t header, size_t end)
{
	struct session *session = &srtp->rtp;
	return gcm_clear_text(session, bytes_of(packet, header)) &&
	       cipher_run(session, packet + header, end - header, packet + header) &&
	       gcm_verify(session, packet + end);
}

static bool rtp_open_cm(struct srtp *srtp, uint8_t *packet, size_t header, size_t end,
			uint64_t index)
{
	uint8_t roc[4];
	put_u32(roc, (uint32_t)(index >> 16));
	return mac_verify(&srtp->rtp, bytes_of(packet, end), bytes_of(roc, 4), packet + end) &&
	       cipher_run(&srtp->rtp, packet + header, end - header, packet + header);
}

static bool rtp_open(struct srtp *srtp, uint8_t *packet, size_t header, size_t end, uint64_t index)
{
	if (!cipher_start(srtp, &srtp->rtp, get_u32(packet + 8), index))
		return false;
	return is_gcm(srtp) ? rtp_open_gcm(srtp, packet, header, end)
			    : rtp_open_cm(srtp, packet, header, end, index);
}

enum err srtp_unprotect(struct srtp *srtp, uint8_t *packet, size_t *len, uint64_t *index)
{
	ASSERT(srtp->direction == SRTP_RECEIVE);
	if (*len < RTP_HEADER + tag_len(srtp))
		return ERR_SHORT;
	size_t end = *len - tag_len(srtp);
	size_t header = rtp_header_len(packet, end);
	if (header == 0)
		return ERR_BAD;
	uint32_t ssrc = get_u32(packet + 8);
	struct stream *stream = stream_find(&srtp->rtp_streams, ssrc);
	if (stream == NULL && srtp->rtp_streams.count == SRTP_SSRCS_MAX)
		return ERR_LIMIT;
	uint64_t guess = stream_estimate(stream, get_u16(packet + 2));
	if (guess >= INDEX_END)
		return ERR_LIMIT;
	enum err err = stream_check(stream, guess);
	if (err != OK)
		return err;
	if (!rtp_open(srtp, packet, header, end, guess))
		return ERR_CRYPTO;
	stream_mark(&srtp->rtp_streams, stream, ssrc, guess);
	*len = end;
	*index = guess;
	return OK;
}

static bool rtp_seal_gcm(struct srtp *srtp, struct bytes header, struct bytes payload, uint8_t *out)
{
	uint8_t *body = out + header.len;
	return gcm_clear_text(&srtp->rtp, header) &&
	       cipher_run(&srtp->rtp, payload.at, payload.len, body) &&
	       gcm_finish(&srtp->rtp, body + payload.len);
}

static bool rtp_seal_cm(struct srtp *srtp, struct bytes header, struct bytes payload,
			uint64_t index, uint8_t *out)
{
	size_t end = header.len + payload.len;
	uint8_t roc[4];
	put_u32(roc, (uint32_t)(index >> 16));
	return cipher_run(&srtp->rtp, payload.at, payload.len, out + header.len) &&
	       mac_run(&srtp->rtp, bytes_of(out, end), bytes_of(roc, 4), out + end);
}

static bool rtp_seal(struct srtp *srtp, struct bytes header, struct bytes payload, uint64_t index,
		     uint8_t *out)
{
	memcpy(out, header.at, header.len);
	if (!cipher_start(srtp, &srtp->rtp, get_u32(header.at + 8), index))
		return false;
	return is_gcm(srtp) ? rtp_seal_gcm(srtp, header, payload, out)
			    : rtp_seal_cm(srtp, header, payload, index, out);
}

enum err srtp_protect(struct srtp *srtp, struct bytes header, struct bytes payload, uint64_t index,
		      uint8_t *out, size_t cap, size_t *len)
{
	ASSERT(srtp->direction == SRTP_SEND && header.len >= RTP_HEADER);
	ASSERT(get_u16(header.at + 2) == (uint16_t)index);
	size_t whole = header.len + payload.len + tag_len(srtp);
	if (whole > cap)
		return ERR_SHORT;
	uint32_t ssrc = get_u32(header.at + 8);
	struct stream *stream = stream_find(&srtp->rtp_streams, ssrc);
	if ((stream == NULL && srtp->rtp_streams.count == SRTP_SSRCS_MAX) || index >= INDEX_END)
		return ERR_LIMIT;
	enum err err = stream_check(stream, index);
	if (err != OK)
		return err;
	/* Before anything is sealed: an index that failed half-way is used up, too. */
	stream_mark(&srtp->rtp_streams, stream, ssrc, index);
	if (!rtp_seal(srtp, header, payload, index, out))
		return ERR_CRYPTO;
	*len = whole;
	return OK;
}

/* ---- RTCP ---- */

/* With GCM the tag stands before the index, with CM behind it (RFC 7714 9.4, RFC 3711 3.4). */
static bool rtcp_open_gcm(struct srtp *srtp, uint8_t *packet, size_t end)
{
	struct session *session = &srtp->rtcp;
	return gcm_clear_text(session, bytes_of(packet, RTCP_HEADER)) &&
	       gcm_clear_text(session, bytes_of(packet + end + GCM_TAG, RTCP_INDEX)) &&
	       cipher_run(session, packet + RTCP_HEADER, end - RTCP_HEADER, packet + RTCP_HEADER) &&
	       gcm_verify(session, packet + end);
}

static bool rtcp_open_cm(struct srtp *srtp, uint8_t *packet, size_t end)
{
	size_t tag = end + RTCP_INDEX;
	return mac_verify(&srtp->rtcp, bytes_of(packet, tag), bytes_of(NULL, 0), packet + tag) &&
	       cipher_run(&srtp->rtcp, packet + RTCP_HEADER, end - RTCP_HEADER,
			  packet + RTCP_HEADER);
}

enum err srtcp_unprotect(struct srtp *srtp, uint8_t *packet, size_t *len)
{
	ASSERT(srtp->direction == SRTP_RECEIVE);
	if (*len < RTCP_HEADER + RTCP_INDEX + tag_len(srtp))
		return ERR_SHORT;
	size_t end = *len - RTCP_INDEX - tag_len(srtp);
	uint32_t word = get_u32(packet + end + (is_gcm(srtp) ? GCM_TAG : 0));
	if (packet[0] >> 6 != 2 || (word & ENCRYPTED_FLAG) == 0)
		return ERR_BAD;
	uint32_t ssrc = get_u32(packet + 4);
	uint64_t index = word & ~ENCRYPTED_FLAG;
	struct stream *stream = stream_find(&srtp->rtcp_streams, ssrc);
	if (stream == NULL && srtp->rtcp_streams.count == SRTP_SSRCS_MAX)
		return ERR_LIMIT;
	enum err err = stream_check(stream, index);
	if (err != OK)
		return err;
	if (!cipher_start(srtp, &srtp->rtcp, ssrc, index) ||
	    !(is_gcm(srtp) ? rtcp_open_gcm(srtp, packet, end) : rtcp_open_cm(srtp, packet, end)))
		return ERR_CRYPTO;
	stream_mark(&srtp->rtcp_streams, stream, ssrc, index);
	*len = end;
	return OK;
}

static bool rtcp_seal_gcm(struct srtp *srtp, uint8_t *packet, size_t end)
{
	struct session *session = &srtp->rtcp;
	return gcm_clear_text(session, bytes_of(packet, RTCP_HEADER)) &&
	       gcm_clear_text(session, bytes_of(packet + end + GCM_TAG, RTCP_INDEX)) &&
	       cipher_run(session, packet + RTCP_HEADER, end - RTCP_HEADER, packet + RTCP_HEADER) &&
	       gcm_finish(session, packet + end);
}

static bool rtcp_seal_cm(struct srtp *srtp, uint8_t *packet, size_t end)
{
	size_t tag = end + RTCP_INDEX;
	return cipher_run(&srtp->rtcp, packet + RTCP_HEADER, end - RTCP_HEADER,
			  packet + RTCP_HEADER) &&
	       mac_run(&srtp->rtcp, bytes_of(packet, tag), bytes_of(NULL, 0), packet + tag);
}

enum err srtcp_protect(struct srtp *srtp, uint8_t *packet, size_t *len, size_t cap)
{
	ASSERT(srtp->direction == SRTP_SEND && *len >= RTCP_HEADER);
	size_t end = *len;
	size_t whole = end + RTCP_INDEX + tag_len(srtp);
	if (whole > cap)
		return ERR_SHORT;
	if (srtp->rtcp_next >= RTCP_INDEX_END)
		return ERR_LIMIT;
	uint64_t index = srtp->rtcp_next++;
	put_u32(packet + end + (is_gcm(srtp) ? GCM_TAG : 0), (uint32_t)index | ENCRYPTED_FLAG);
	if (!cipher_start(srtp, &srtp->rtcp, get_u32(packet + 4), index) ||
	    !(is_gcm(srtp) ? rtcp_seal_gcm(srtp, packet, end) : rtcp_seal_cm(srtp, packet, end)))
		return ERR_CRYPTO;
	*len = whole;
	return OK;
}
