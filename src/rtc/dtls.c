#include "rtc/dtls.h"

#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/assert.h"
#include "base/mem.h"

enum {
	FIRST_TIMEOUT_US = 100 * 1000,
	LAST_TIMEOUT_US = 2000 * 1000,
	QUEUE_MAX = 16, /* datagrams; a whole flight of ours is 2, a repeat as many again */
	CERTIFICATE_LIFE_S = 30 * 24 * 3600,
	DAY_S = 24 * 3600,
	KEYS_MAX = 2 * (SRTP_KEY_MAX + SRTP_SALT_MAX),
};

/* AEAD only (ASVS 17.2.2).  As server our key is ECDSA; a server with RSA is some other's. */
static const char CIPHERS[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
			      "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
			      "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
static const char ACTIVE_PROFILES[] = "SRTP_AEAD_AES_128_GCM";
/* As server OpenSSL goes by our order, not the client's. */
static const char PASSIVE_PROFILES[] =
    "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";
static const char EXPORT_LABEL[] = "EXTRACTOR-dtls_srtp"; /* RFC 5764 4.2 */

struct dtls_identity {
	SSL_CTX *active;
	SSL_CTX *passive;
	BIO_METHOD *datagrams;
	uint8_t fingerprint[DTLS_FINGERPRINT_LEN];
};

struct queued {
	struct queued *next;
	size_t len;
	uint8_t at[];
};

struct dtls {
	SSL *ssl;
	enum dtls_role role;
	enum dtls_state state;
	struct mono deadline;
	uint8_t remote_fingerprint[DTLS_FINGERPRINT_LEN];
	struct bytes input; /* the datagram being read; empty between calls */
	struct queued *first;
	struct queued **end;
	size_t queued;
	struct queued *lent; /* what dtls_output gave last */
	struct srtp_key send;
	struct srtp_key receive;
};

/* ---- A BIO that keeps datagrams whole ---- */

static int datagrams_write(BIO *bio, const char *at, int len)
{
	struct dtls *dtls = BIO_get_data(bio);
	if (len <= 0 || dtls->queued == QUEUE_MAX)
		return len; /* lost on the way, as datagrams are */
	struct queued *q = mem_new(1, sizeof *q + (size_t)len);
	q->len = (size_t)len;
	memcpy(q->at, at, q->len);
	*dtls->end = q;
	dtls->end = &q->next;
	dtls->queued++;
	return len;
}

/* Like recv(): what does not fit is cut off. */
static int datagrams_read(BIO *bio, char *at, int room)
{
	struct dtls *dtls = BIO_get_data(bio);
	BIO_clear_retry_flags(bio);
	if (dtls->input.len == 0) {
		BIO_set_retry_read(bio);
		return -1;
	}
	size_t len = dtls->input.len < (size_t)room ? dtls->input.len : (size_t)room;
	memcpy(at, dtls->input.at, len);
	dtls->input = bytes_of(NULL, 0);
	return (int)len;
}

static long datagrams_ctrl(BIO *bio, int command, long number, void *at)
{
	(void)bio;
	(void)number;
	(void)at;
	return command == BIO_CTRL_FLUSH;
}

static int datagrams_create(BIO *bio)
{
	BIO_set_init(bio, 1);
	return 1;
}

static BIO_METHOD *datagrams_method(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "datagrams");
	if (method == NULL)
		return NULL;
	BIO_meth_set_write(method, datagrams_write);
	BIO_meth_set_read(method, datagrams_read);
	BIO_meth_set_ctrl(method, datagrams_ctrl);
	BIO_meth_set_create(method, datagrams_create);
	return method;
}

/* ---- Identity ---- */

/* Instead of a chain of trust: the leaf is the one whose fingerprint the SDP told. */
static int verify_fingerprint(X509_STORE_CTX *store, void *unused)
{
	(void)unused;
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	const struct dtls *dtls = SSL_get_app_data(ssl);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	bool right = leaf != NULL && X509_digest(leaf, EVP_sha256(), digest, &len) == 1 &&
		     len == DTLS_FINGERPRINT_LEN &&
		     memcmp(digest, dtls->remote_fingerprint, DTLS_FINGERPRINT_LEN) == 0;
	X509_STORE_CTX_set_error(store, right ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
	return right;
}

static bool certificate_fill(X509 *x, EVP_PKEY *key, struct wall now)
{
	uint8_t serial[8];
	if (RAND_bytes(serial, sizeof serial) != 1)
		return false;
	X509_NAME *name = X509_get_subject_name(x);
	time_t from = (time_t)now.s - DAY_S;
	time_t to = (time_t)now.s + CERTIFICATE_LIFE_S;
	return X509_set_version(x, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), get_u64(serial) >> 1) == 1 &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"media", -1,
					  -1, 0) == 1 &&
	       X509_set_issuer_name(x, name) == 1 &&
	       ASN1_TIME_set(X509_getm_notBefore(x), from) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(x), to) != NULL && X509_set_pubkey(x, key) == 1 &&
	       X509_sign(x, key, EVP_sha256()) > 0;
}

static SSL_CTX *context_new(const char *profiles, X509 *certificate, EVP_PKEY *key)
{
	char groups[] = "X25519:P-256";
	SSL_CTX *ctx = SSL_CTX_new(DTLS_method());
	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
				     SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_read_ahead(ctx, 1); /* datagrams are read whole */
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, verify_fingerprint, NULL);
	if (SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 &&
	    SSL_CTX_set1_groups_list(ctx, groups) == 1 &&
	    SSL_CTX_set_tlsext_use_srtp(ctx, profiles) == 0 && /* 0 is success here */
	    SSL_CTX_use_certificate(ctx, certificate) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

static bool identity_fill(struct dtls_identity *identity, X509 *x, EVP_PKEY *key, struct wall now)
{
	unsigned len = DTLS_FINGERPRINT_LEN;
	if (x == NULL || key == NULL || !certificate_fill(x, key, now) ||
	    X509_digest(x, EVP_sha256(), identity->fingerprint, &len) != 1)
		return false;
	identity->active = context_new(ACTIVE_PROFILES, x, key);
	identity->passive = context_new(PASSIVE_PROFILES, x, key);
	identity->datagrams = datagrams_method();
	return identity->active != NULL && identity->passive != NULL && identity->datagrams != NULL;
}

struct dtls_identity *dtls_identity_new(struct wall now)
{
	struct dtls_identity *identity = mem_new(1, sizeof *identity);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	bool ok = identity_fill(identity, x, key, now);
	X509_free(x);
	EVP_PKEY_free(key);
	if (ok)
		return identity;
	dtls_identity_free(identity);
	return NULL;
}

void dtls_identity_free(struct dtls_identity *identity)
{
	if (identity == NULL)
		return;
	SSL_CTX_free(identity->active);
	SSL_CTX_free(identity->passive);
	BIO_meth_free(identity->datagrams);
	free(identity);
}

const uint8_t *dtls_identity_fingerprint(const struct dtls_identity *identity)
{
	return identity->fingerprint;
}

/* ---- One association ---- */

static unsigned timeout_us(SSL *ssl, unsigned last_us)
{
	(void)ssl;
	if (last_us == 0)
		return FIRST_TIMEOUT_US;
	return 2 * last_us < LAST_TIMEOUT_US ? 2 * last_us : LAST_TIMEOUT_US;
}

static bool ssl_init(struct dtls *dtls, const struct dtls_identity *identity)
{
	bool active = dtls->role == DTLS_ACTIVE;
	dtls->ssl = SSL_new(active ? identity->active : identity->passive);
	BIO *bio = BIO_new(identity->datagrams);
	if (dtls->ssl == NULL || bio == NULL) {
		BIO_free(bio);
		return false;
	}
	BIO_set_data(bio, dtls);
	SSL_set_bio(dtls->ssl, bio, bio); /* takes it */
	SSL_set_app_data(dtls->ssl, dtls);
	SSL_set_mtu(dtls->ssl, DTLS_MTU);
	DTLS_set_timer_cb(dtls->ssl, timeout_us);
	if (active)
		SSL_set_connect_state(dtls->ssl);
	else
		SSL_set_accept_state(dtls->ssl);
	return true;
}

struct dtls *dtls_new(const struct dtls_identity *identity, enum dtls_role role,
		      const uint8_t *remote_fingerprint)
{
	struct dtls *dtls = mem_new(1, sizeof *dtls);
	dtls->role = role;
	dtls->deadline = MONO_NEVER;
	dtls->end = &dtls->first;
	memcpy(dtls->remote_fingerprint, remote_fingerprint, DTLS_FINGERPRINT_LEN);
	if (ssl_init(dtls, identity))
		return dtls;
	dtls_free(dtls);
	ERR_clear_error();
	return NULL;
}

static void forget_keys(struct dtls *dtls)
{
	mem_wipe(&dtls->send, sizeof dtls->send);
	mem_wipe(&dtls->receive, sizeof dtls->receive);
}

void dtls_free(struct dtls *dtls)
{
	if (dtls == NULL)
		return;
	SSL_free(dtls->ssl);
	while (dtls->first != NULL) {
		struct queued *q = dtls->first;
		dtls->first = q->next;
		free(q);
	}
	free(dtls->lent);
	forget_keys(dtls);
	free(dtls);
}

enum dtls_state dtls_state(const struct dtls *dtls)
{
	return dtls->state;
}

struct mono dtls_next(const struct dtls *dtls)
{
	return dtls->deadline;
}

static bool is_over(const struct dtls *dtls)
{
	return dtls->state == DTLS_CLOSED || dtls->state == DTLS_FAILED;
}

static void set_deadline(struct dtls *dtls, struct mono now)
{
	struct timeval left;
	dtls->deadline = MONO_NEVER;
	if (!is_over(dtls) && DTLSv1_get_timeout(dtls->ssl, &left) == 1)
		dtls->deadline = mono_add_us(now, left.tv_sec * 1000000 + left.tv_usec);
}

/* The exporter gives client key, server key, client salt, server salt (RFC 5764 4.2). */
static bool export_keys(struct dtls *dtls, enum srtp_profile profile)
{
	uint8_t block[KEYS_MAX];
	size_t key = srtp_key_len(profile);
	size_t salt = srtp_salt_len(profile);
	if (SSL_export_keying_material(dtls->ssl, block, 2 * (key + salt), EXPORT_LABEL,
				       sizeof EXPORT_LABEL - 1, NULL, 0, 0) != 1)
		return false;
	struct srtp_key client = { .profile = profile };
	struct srtp_key server = { .profile = profile };
	memcpy(client.key, block, key);
	memcpy(server.key, block + key, key);
	memcpy(client.salt, block + 2 * key, salt);
	memcpy(server.salt, block + 2 * key + salt, salt);
	dtls->send = dtls->role == DTLS_ACTIVE ? client : server;
	dtls->receive = dtls->role == DTLS_ACTIVE ? server : client;
	mem_wipe(block, sizeof block);
	mem_wipe(&client, sizeof client);
	mem_wipe(&server, sizeof server);
	return true;
}

/* Without a profile in common there is nothing to talk about. */
static bool take_keys(struct dtls *dtls)
{
	const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
	if (profile == NULL)
		return false;
	switch (profile->id) {
	case SRTP_AEAD_AES_128_GCM:
	case SRTP_AEAD_AES_256_GCM:
	case SRTP_AES128_CM_SHA1_80:
		return export_keys(dtls, (enum srtp_profile)profile->id);
	default:
		return false;
	}
}

static void fail(struct dtls *dtls)
{
	dtls->state = DTLS_FAILED;
	forget_keys(dtls);
}

static void handshake_step(struct dtls *dtls)
{
	int done = SSL_do_handshake(dtls->ssl);
	if (done == 1) {
		dtls->state = DTLS_CONNECTED;
		if (!take_keys(dtls))
			fail(dtls);
		return;
	}
	int why = SSL_get_error(dtls->ssl, done);
	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		fail(dtls);
}

/* Repeats of the last flight are answered inside; what the peer says is nothing to us, but its
 * goodbye is.  A connected association is silent, so its 33 KiB of buffers are there only in
 * here and in dtls_close(). */
static void connected_step(struct dtls *dtls)
{
	if (SSL_alloc_buffers(dtls->ssl) != 1) {
		fail(dtls);
		return;
	}
	uint8_t ignored[DTLS_MTU];
	int n;
	do {
		n = SSL_read(dtls->ssl, ignored, sizeof ignored);
	} while (n > 0);
	int why = SSL_get_error(dtls->ssl, n);
	if (why == SSL_ERROR_ZERO_RETURN)
		dtls_close(dtls);
	else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		fail(dtls);
}

static void step(struct dtls *dtls, struct mono now)
{
	ERR_clear_error();
	if (dtls->state == DTLS_HANDSHAKE)
		handshake_step(dtls);
	if (dtls->state == DTLS_CONNECTED)
		connected_step(dtls);
	if (dtls->state == DTLS_CONNECTED)
		(void)SSL_free_buffers(dtls->ssl);
	set_deadline(dtls, now);
	ERR_clear_error();
}

void dtls_start(struct dtls *dtls, struct mono now)
{
	if (dtls->state != DTLS_NEW || dtls->role != DTLS_ACTIVE)
		return;
	dtls->state = DTLS_HANDSHAKE;
	step(dtls, now);
}

void dtls_input(struct dtls *dtls, struct bytes datagram, struct mono now)
{
	if (is_over(dtls) || (dtls->state == DTLS_NEW && dtls->role == DTLS_ACTIVE))
		return;
	if (dtls->state == DTLS_NEW)
		dtls->state = DTLS_HANDSHAKE;
	dtls->input = datagram;
	step(dtls, now);
	dtls->input = bytes_of(NULL, 0);
}

void dtls_tick(struct dtls *dtls, struct mono now)
{
	if (is_over(dtls) || dtls->state == DTLS_NEW || mono_before(now, dtls->deadline))
		return;
	ERR_clear_error();
	if (DTLSv1_handle_timeout(dtls->ssl) < 0)
		fail(dtls);
	set_deadline(dtls, now);
	ERR_clear_error();
}

bool dtls_output(struct dtls *dtls, struct bytes *datagram)
{
	free(dtls->lent);
	dtls->lent = dtls->first;
	if (dtls->lent == NULL)
		return false;
	dtls->first = dtls->lent->next;
	dtls->queued--;
	if (dtls->first == NULL)
		dtls->end = &dtls->first;
	*datagram = bytes_of(dtls->lent->at, dtls->lent->len);
	return true;
}

void dtls_close(struct dtls *dtls)
{
	if (is_over(dtls))
		return;
	ERR_clear_error();
	if (dtls->state == DTLS_CONNECTED && SSL_alloc_buffers(dtls->ssl) == 1)
		(void)SSL_shutdown(dtls->ssl);
	dtls->state = DTLS_CLOSED;
	dtls->deadline = MONO_NEVER;
	forget_keys(dtls);
	ERR_clear_error();
}

bool dtls_keys(const struct dtls *dtls, struct srtp_key *send, struct srtp_key *receive)
{
	if (dtls->state != DTLS_CONNECTED)
		return false;
	*send = dtls->send;
	*receive = dtls->receive;
	return true;
}
