#include "rtc/dtls.h"

#include <malloc.h>
#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "../check.h"
#include "base/assert.h"
#include "base/hex.h"
#include "base/random.h"
#include "virtual_clock.h"

/* ---- Two ends and a line between them, in virtual time ---- */

enum {
	IN_FLIGHT_MAX = 64,
	DELAY_MS = 40,
};

struct flying {
	int to; /* 0 or 1; -1: free */
	struct mono at;
	size_t len;
	uint8_t bytes[1500];
};

struct line {
	struct dtls *end[2];
	struct mono now;
	struct random random;
	unsigned lost_percent;
	unsigned damaged_percent;
	bool reversed;  /* datagrams of one flight arrive in the opposite order */
	size_t largest; /* datagram seen */
	unsigned sent;
	struct flying flying[IN_FLIGHT_MAX];
};

static struct dtls_identity *identity_new(void)
{
	struct dtls_identity *identity = dtls_identity_new((struct wall){ .s = 1800000000 });
	CHECK(identity != NULL);
	return identity;
}

static struct line *line_new(uint64_t seed)
{
	struct line *line = calloc(1, sizeof *line);
	line->now.us = 5000000;
	line->random = random_seeded(seed);
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
		line->flying[i].to = -1;
	virtual_clock_set(line->now);
	return line;
}

static void line_free(struct line *line)
{
	dtls_free(line->end[0]);
	dtls_free(line->end[1]);
	free(line);
}

static void line_put(struct line *line, int to, struct bytes b, int order)
{
	if (random_below(&line->random, 100) < line->lost_percent)
		return;
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		struct flying *f = &line->flying[i];
		if (f->to != -1)
			continue;
		f->to = to;
		f->at = mono_add_us(line->now, DELAY_MS * 1000 + (line->reversed ? -order : order));
		f->len = b.len;
		memcpy(f->bytes, b.at, b.len);
		if (random_below(&line->random, 100) < line->damaged_percent)
			f->bytes[random_below(&line->random, b.len)] ^= 0x20;
		return;
	}
}

static void line_drain(struct line *line)
{
	struct bytes b;
	for (int from = 0; from < 2; from++)
		for (int order = 0; dtls_output(line->end[from], &b); order++) {
			CHECK(b.len <= DTLS_MTU);
			line->largest = b.len > line->largest ? b.len : line->largest;
			line->sent++;
			line_put(line, 1 - from, b, order);
		}
}

static struct mono line_next(const struct line *line)
{
	struct mono next = mono_min(dtls_next(line->end[0]), dtls_next(line->end[1]));
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
		if (line->flying[i].to != -1)
			next = mono_min(next, line->flying[i].at);
	return next;
}

static void line_deliver(struct line *line)
{
	for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
		struct flying *f = &line->flying[i];
		if (f->to == -1 || mono_before(line->now, f->at))
			continue;
		dtls_input(line->end[f->to], bytes_of(f->bytes, f->len), line->now);
		f->to = -1;
		line_drain(line);
	}
}

/* Until nothing more will happen, or until the time is over. */
static void line_run(struct line *line, int64_t for_ms)
{
	struct mono end = mono_add_ms(line->now, for_ms);
	line_drain(line);
	for (;;) {
		struct mono next = line_next(line);
		if (!mono_before(next, end))
			break;
		if (mono_before(line->now, next))
			line->now = next;
		virtual_clock_set(line->now);
		line_deliver(line);
		dtls_tick(line->end[0], line->now);
		dtls_tick(line->end[1], line->now);
		line_drain(line);
	}
}

static void line_connect(struct line *line, const struct dtls_identity *a,
			 const struct dtls_identity *p)
{
	line->end[0] = dtls_new(a, DTLS_ACTIVE, dtls_identity_fingerprint(p));
	line->end[1] = dtls_new(p, DTLS_PASSIVE, dtls_identity_fingerprint(a));
	dtls_start(line->end[0], line->now);
}

static bool keys_match(struct line *line)
{
	struct srtp_key s[2], r[2];
	return dtls_keys(line->end[0], &s[0], &r[0]) && dtls_keys(line->end[1], &s[1], &r[1]) &&
	       memcmp(&s[0], &r[1], sizeof s[0]) == 0 && memcmp(&s[1], &r[0], sizeof s[0]) == 0 &&
	       memcmp(s[0].key, r[0].key, 16) != 0 && s[0].profile == SRTP_AEAD_AES_128_GCM;
}

/* ---- Our two ends with each other ---- */

static void two_ends_agree_on_keys_in_two_round_trips(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new();
	struct line *line = line_new(1);
	struct mono start = line->now;
	line_connect(line, a, p);
	line_run(line, 60000);
	CHECK(keys_match(line));
	assert_in_range(mono_diff_us(line->now, start), 4 * DELAY_MS * 1000,
			4 * DELAY_MS * 1000 + 1000);
	CHECK(dtls_next(line->end[0]).us == MONO_NEVER.us);
	CHECK(dtls_next(line->end[1]).us == MONO_NEVER.us);
	line_free(line);
	dtls_identity_free(a);
	dtls_identity_free(p);
}

static void handshakes_get_through_a_line_that_loses_a_third(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new();
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct line *line = line_new(seed);
		line->lost_percent = 30;
		line->reversed = seed % 2;
		line_connect(line, a, p);
		line_run(line, 60000);
		CHECK(keys_match(line));
		line_free(line);
	}
	dtls_identity_free(a);
	dtls_identity_free(p);
}

static void a_flight_is_repeated_after_100_ms_then_ever_later_then_given_up(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new();
	struct line *line = line_new(1);
	line->lost_percent = 100;
	line_connect(line, a, a);
	struct mono start = line->now;
	line_drain(line);
	int64_t wait = 100000;
	unsigned repeats = 0;
	while (dtls_state(line->end[0]) == DTLS_HANDSHAKE) {
		struct mono next = dtls_next(line->end[0]);
		assert_int_equal(mono_diff_us(next, line->now), wait);
		wait = 2 * wait < 2000000 ? 2 * wait : 2000000;
		virtual_clock_set(line->now = next);
		unsigned sent = line->sent;
		dtls_tick(line->end[0], line->now);
		line_drain(line);
		repeats += line->sent - sent;
	}
	assert_int_equal(dtls_state(line->end[0]), DTLS_FAILED);
	assert_in_range(mono_diff_us(line->now, start), 15000000, 20000000);
	assert_in_range(repeats, 11, 13);
	CHECK(dtls_next(line->end[0]).us == MONO_NEVER.us);
	line_free(line);
	dtls_identity_free(a);
}

static void what_nobody_drains_does_not_pile_up(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new();
	struct line *line = line_new(1);
	struct bytes b;
	unsigned count = 0;
	line_connect(line, a, a);
	CHECK(dtls_output(line->end[0], &b));
	dtls_input(line->end[1], b, line->now);
	while (dtls_state(line->end[1]) == DTLS_HANDSHAKE) {
		virtual_clock_set(line->now = dtls_next(line->end[1]));
		dtls_tick(line->end[1], line->now);
	}
	while (dtls_output(line->end[1], &b))
		count++;
	assert_int_equal(count, 16);
	line_free(line);
	dtls_identity_free(a);
}

static void damage_on_the_line_never_gives_wrong_keys(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new();
	unsigned connected = 0;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct line *line = line_new(seed);
		line->damaged_percent = 15;
		line_connect(line, a, p);
		line_run(line, 60000);
		struct srtp_key s, r;
		bool both = dtls_keys(line->end[0], &s, &r) && dtls_keys(line->end[1], &s, &r);
		CHECK(!both || keys_match(line));
		connected += both;
		line_free(line);
	}
	CHECK(connected > 10);
	dtls_identity_free(a);
	dtls_identity_free(p);
}

static void a_wrong_fingerprint_ends_it_without_keys(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new(), *thief = identity_new();
	for (int victim = 0; victim < 2; victim++) {
		struct line *line = line_new(1);
		struct srtp_key s, r;
		line->end[0] =
		    dtls_new(victim == 0 ? a : thief, DTLS_ACTIVE, dtls_identity_fingerprint(p));
		line->end[1] =
		    dtls_new(victim == 0 ? thief : p, DTLS_PASSIVE, dtls_identity_fingerprint(a));
		dtls_start(line->end[0], line->now);
		line_run(line, 60000);
		assert_int_equal(dtls_state(line->end[victim]), DTLS_FAILED);
		assert_int_not_equal(dtls_state(line->end[1 - victim]), DTLS_CONNECTED);
		CHECK(!dtls_keys(line->end[0], &s, &r));
		CHECK(!dtls_keys(line->end[1], &s, &r));
		line_free(line);
	}
	dtls_identity_free(a);
	dtls_identity_free(p);
	dtls_identity_free(thief);
}

static void goodbye_is_heard_and_keys_are_forgotten(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new();
	for (int who = 0; who < 2; who++) {
		struct line *line = line_new(1);
		struct srtp_key s, r;
		line_connect(line, a, a);
		line_run(line, 60000);
		CHECK(keys_match(line));
		dtls_close(line->end[who]);
		CHECK(!dtls_keys(line->end[who], &s, &r));
		line_run(line, 60000);
		assert_int_equal(dtls_state(line->end[1 - who]), DTLS_CLOSED);
		CHECK(!dtls_keys(line->end[1 - who], &s, &r));
		line_free(line);
	}
	dtls_identity_free(a);
}

static void garbage_before_during_and_after_changes_nothing(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new();
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct line *line = line_new(seed);
		line_connect(line, a, a);
		for (int i = 0; i < 400; i++) {
			uint8_t junk[1400];
			size_t len = random_below(&line->random, sizeof junk);
			random_fill(&line->random, junk, len);
			if (len > 0 && i % 2 == 0) /* a record type and version that count */
				memcpy(junk, (uint8_t[]){ 20 + i % 5, 0xfe, 0xfd },
				       len < 3 ? len : 3);
			if (i % 5 != 1 || dtls_state(line->end[1]) == DTLS_CONNECTED)
				dtls_input(line->end[i / 2 % 2], bytes_of(junk, len), line->now);
			line_run(line, 1);
		}
		line_run(line, 60000);
		CHECK(keys_match(line));
		line_free(line);
	}
	dtls_identity_free(a);
}

static void cut_datagrams_are_survived(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new();
	struct dtls *client = dtls_new(a, DTLS_ACTIVE, dtls_identity_fingerprint(p));
	struct mono now = { .us = 1000000 };
	struct bytes hello;
	virtual_clock_set(now);
	dtls_start(client, now);
	CHECK(dtls_output(client, &hello));
	for (size_t cut = 0; cut < hello.len; cut += 3) {
		struct dtls *server = dtls_new(p, DTLS_PASSIVE, dtls_identity_fingerprint(a));
		uint8_t *exact = malloc(cut + 1);
		struct bytes answer;
		memcpy(exact, hello.at, cut);
		dtls_input(server, bytes_of(exact, cut), now);
		CHECK(!dtls_output(server, &answer));
		dtls_input(server, hello, now);
		CHECK(dtls_output(server, &answer));
		free(exact);
		dtls_free(server);
	}
	dtls_free(client);
	dtls_identity_free(a);
	dtls_identity_free(p);
}

static void nothing_happens_to_an_active_end_before_its_start(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new();
	struct dtls *client = dtls_new(a, DTLS_ACTIVE, dtls_identity_fingerprint(a));
	struct bytes b;
	struct mono now = { .us = 1 };
	dtls_input(client, bytes_from_text("\x16\xfe\xfdnonsense"), now);
	dtls_tick(client, now);
	CHECK(!dtls_output(client, &b));
	assert_int_equal(dtls_state(client), DTLS_NEW);
	CHECK(dtls_next(client).us == MONO_NEVER.us);
	dtls_free(client);
	dtls_identity_free(a);
}

static void an_association_takes_at_most_48_kib(void **state)
{
	(void)state;
	enum {
		PAIRS = 20
	};
	struct dtls_identity *a = identity_new();
	struct line *line[PAIRS + 1];
	size_t before = 0;
	for (size_t i = 0; i <= PAIRS; i++) {
		if (i == 1) /* what is allocated once is not counted */
			before = mallinfo2().uordblks;
		line[i] = line_new(i);
		line_connect(line[i], a, a);
		line_run(line[i], 60000);
		CHECK(keys_match(line[i]));
	}
	size_t after = mallinfo2().uordblks; /* 0 under a sanitizer, which has its own allocator */
	size_t each = after == 0 ? 0 : (after - before) / PAIRS - sizeof *line[0];
	print_message("# %zu bytes an association\n", each / 2);
	CHECK(each / 2 < 48 * 1024);
	for (size_t i = 0; i <= PAIRS; i++)
		line_free(line[i]);
	dtls_identity_free(a);
}

/* ---- Others' stacks, played by plain OpenSSL over memory BIOs ---- */

struct other {
	SSL_CTX *ctx;
	SSL *ssl;
	uint8_t fingerprint[DTLS_FINGERPRINT_LEN];
};

static int accept_any(X509_STORE_CTX *store, void *unused)
{
	(void)store;
	(void)unused;
	return 1;
}

static void other_certificate(struct other *o, EVP_PKEY *key)
{
	X509 *x = X509_new();
	unsigned len = DTLS_FINGERPRINT_LEN;
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 1000000);
	X509_set_pubkey(x, key);
	X509_sign(x, key, EVP_sha256());
	X509_digest(x, EVP_sha256(), o->fingerprint, &len);
	SSL_CTX_use_certificate(o->ctx, x);
	SSL_CTX_use_PrivateKey(o->ctx, key);
	X509_free(x);
	EVP_PKEY_free(key);
}

static struct other other_new(bool is_client, const char *profiles, bool rsa)
{
	struct other o = { .ctx = SSL_CTX_new(DTLS_method()) };
	SSL_CTX_set_verify(o.ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(o.ctx, accept_any, NULL);
	if (profiles != NULL)
		assert_int_equal(SSL_CTX_set_tlsext_use_srtp(o.ctx, profiles), 0);
	other_certificate(&o, rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
	o.ssl = SSL_new(o.ctx);
	SSL_set_options(o.ssl, SSL_OP_NO_QUERY_MTU);
	SSL_set_mtu(o.ssl, 1200);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	BIO_set_mem_eof_return(in, -1);
	BIO_set_mem_eof_return(out, -1);
	SSL_set_bio(o.ssl, in, out);
	if (is_client)
		SSL_set_connect_state(o.ssl);
	else
		SSL_set_accept_state(o.ssl);
	return o;
}

static void other_free(struct other *o)
{
	SSL_free(o->ssl);
	SSL_CTX_free(o->ctx);
}

/* Hands each record over as a datagram of its own. */
static void other_to_ours(struct other *o, struct dtls *dtls, struct mono now)
{
	uint8_t all[16384];
	int n = BIO_read(SSL_get_wbio(o->ssl), all, sizeof all);
	for (int at = 0; at + 13 <= n;) {
		size_t len = 13u + get_u16(all + at + 11);
		dtls_input(dtls, bytes_of(all + at, len), now);
		at += (int)len;
	}
}

/* True if both connect; *profile is what was chosen. */
static bool meet(struct other *o, struct dtls *dtls, enum srtp_profile *profile)
{
	struct mono now = { .us = 1000000 };
	struct bytes b;
	struct srtp_key s, r;
	virtual_clock_set(now);
	dtls_start(dtls, now);
	for (int round = 0; round < 10; round++) {
		SSL_do_handshake(o->ssl);
		other_to_ours(o, dtls, now);
		while (dtls_output(dtls, &b)) {
			BIO_write(SSL_get_rbio(o->ssl), b.at, (int)b.len);
			SSL_do_handshake(o->ssl);
		}
	}
	if (!dtls_keys(dtls, &s, &r) || !SSL_is_init_finished(o->ssl))
		return false;
	*profile = s.profile;
	assert_int_equal(SSL_get_selected_srtp_profile(o->ssl)->id, s.profile);
	return true;
}

static void the_srtp_profile_is_the_one_of_our_table(void **state)
{
	(void)state;
	const struct {
		enum dtls_role role;
		const char *theirs; /* in their order; NULL: they do not speak use_srtp */
		enum srtp_profile chosen;
	} table[] = {
		/* Chromium as server would prefer SHA1_80, and does not get it. */
		{ DTLS_ACTIVE, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM",
		  SRTP_AEAD_AES_128_GCM },
		{ DTLS_ACTIVE, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80",
		  SRTP_AEAD_AES_128_GCM },
		{ DTLS_ACTIVE, "SRTP_AES128_CM_SHA1_80", SRTP_NONE },
		{ DTLS_ACTIVE, NULL, SRTP_NONE },
		{ DTLS_PASSIVE, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM",
		  SRTP_AEAD_AES_128_GCM },
		{ DTLS_PASSIVE, "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM",
		  SRTP_AEAD_AES_256_GCM },
		{ DTLS_PASSIVE, "SRTP_AES128_CM_SHA1_80", SRTP_AES128_CM_SHA1_80 },
		{ DTLS_PASSIVE, "SRTP_AES128_CM_SHA1_32", SRTP_NONE },
		{ DTLS_PASSIVE, NULL, SRTP_NONE },
	};
	struct dtls_identity *ours = identity_new();
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct other o = other_new(table[i].role == DTLS_PASSIVE, table[i].theirs, false);
		struct dtls *dtls = dtls_new(ours, table[i].role, o.fingerprint);
		enum srtp_profile chosen = SRTP_NONE;
		assert_int_equal(meet(&o, dtls, &chosen), table[i].chosen != SRTP_NONE);
		assert_int_equal(chosen, table[i].chosen);
		if (chosen == SRTP_NONE)
			assert_int_equal(dtls_state(dtls), DTLS_FAILED);
		dtls_free(dtls);
		other_free(&o);
	}
	dtls_identity_free(ours);
}

static void clients_and_servers_with_rsa_certificates_are_taken(void **state)
{
	(void)state;
	struct dtls_identity *ours = identity_new();
	for (int role = DTLS_ACTIVE; role <= DTLS_PASSIVE; role++) {
		struct other o = other_new(role == DTLS_PASSIVE, "SRTP_AEAD_AES_128_GCM", true);
		struct dtls *dtls = dtls_new(ours, (enum dtls_role)role, o.fingerprint);
		enum srtp_profile chosen;
		CHECK(meet(&o, dtls, &chosen));
		dtls_free(dtls);
		other_free(&o);
	}
	dtls_identity_free(ours);
}

static void a_client_without_a_certificate_is_refused(void **state)
{
	(void)state;
	struct dtls_identity *ours = identity_new();
	struct other o = other_new(true, "SRTP_AEAD_AES_128_GCM", false);
	struct dtls *dtls = dtls_new(ours, DTLS_PASSIVE, o.fingerprint);
	enum srtp_profile chosen;
	SSL_certs_clear(o.ssl);
	CHECK(!meet(&o, dtls, &chosen));
	assert_int_equal(dtls_state(dtls), DTLS_FAILED);
	dtls_free(dtls);
	other_free(&o);
	dtls_identity_free(ours);
}

static void exported_keys_are_the_others_exported_keys(void **state)
{
	(void)state;
	struct dtls_identity *ours = identity_new();
	struct other o = other_new(true, "SRTP_AES128_CM_SHA1_80", false);
	struct dtls *dtls = dtls_new(ours, DTLS_PASSIVE, o.fingerprint);
	enum srtp_profile chosen;
	struct srtp_key s, r;
	uint8_t block[60];
	CHECK(meet(&o, dtls, &chosen) && dtls_keys(dtls, &s, &r));
	SSL_export_keying_material(o.ssl, block, 60, "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0);
	assert_memory_equal(r.key, block, 16); /* they are the client: its half comes first */
	assert_memory_equal(s.key, block + 16, 16);
	assert_memory_equal(r.salt, block + 32, 14);
	assert_memory_equal(s.salt, block + 46, 14);
	dtls_free(dtls);
	other_free(&o);
	dtls_identity_free(ours);
}

/* A post-quantum ClientHello does not fit one datagram: split the handshake message in two
 * fragments, as browsers do (RFC 6347 4.2.3). */
static size_t fragment(const uint8_t *record, size_t from, size_t to, uint16_t number, uint8_t *out)
{
	size_t n = to - from;
	memcpy(out, record, 25);
	put_u16(out + 9, number); /* the end of the record's sequence number */
	put_u16(out + 11, (uint16_t)(12 + n));
	put_u24(out + 19, (uint32_t)from);
	put_u24(out + 22, (uint32_t)n);
	memcpy(out + 25, record + 25 + from, n);
	return 25 + n;
}

static void a_hello_in_two_datagrams_is_taken_in_either_order(void **state)
{
	(void)state;
	struct dtls_identity *a = identity_new(), *p = identity_new();
	for (int first = 0; first < 2; first++) {
		struct line *line = line_new(1);
		struct bytes hello;
		line_connect(line, a, p);
		CHECK(dtls_output(line->end[0], &hello));
		size_t body = get_u24(hello.at + 14);
		assert_int_equal(hello.len, 25 + body);
		uint8_t half[2][1500];
		size_t len[2] = {
			fragment(hello.at, 0, body / 2, 0, half[0]),
			fragment(hello.at, body / 2, body, 40, half[1]),
		};
		for (int i = 0; i < 2; i++) {
			int k = first ^ i;
			dtls_input(line->end[1], bytes_of(half[k], len[k]), line->now);
		}
		line_run(line, 60000);
		CHECK(keys_match(line));
		line_free(line);
	}
	dtls_identity_free(a);
	dtls_identity_free(p);
}

/* What a browser really sends: the two datagrams of its ClientHello, and the same two again. */
struct hello {
	size_t len[4];
	uint8_t at[4][1500];
};

static void hello_read(const char *path, struct hello *hello)
{
	char line[2 * 1500 + 2];
	FILE *file = fopen(path, "r");
	CHECK(file != NULL);
	for (size_t i = 0; i < 4; i++) {
		CHECK(fgets(line, sizeof line, file) != NULL);
		hello->len[i] = strcspn(line, "\n") / 2;
		CHECK(hex_decode(str_of(line, 2 * hello->len[i]), hello->at[i], hello->len[i]));
	}
	fclose(file);
}

/* Does the answer choose AEAD_AES_128_GCM (use_srtp, RFC 5764 4.1.1) in its ServerHello? */
static bool chooses_gcm(struct dtls *dtls)
{
	static const uint8_t chosen[] = { 0, 14, 0, 5, 0, 2, 0, 7, 0 };
	struct bytes b;
	return dtls_output(dtls, &b) && b.at[0] == 22 && b.at[13] == 2 &&
	       memmem(b.at, b.len, chosen, sizeof chosen) != NULL;
}

static void both_browsers_hellos_are_answered_in_any_order_and_with_loss(void **state)
{
	(void)state;
	const char *const paths[] = { HELLOS "/chromium-156.hex", HELLOS "/firefox-153.hex" };
	const int orders[][4] = {
		{ 0, 1, -1 }, { 1, 0, -1 },    { 0, 3, -1 },
		{ 1, 2, -1 }, { 0, 2, 3, -1 }, { 3, 1, 2, -1 },
	};
	struct dtls_identity *p = identity_new();
	for (size_t i = 0; i < ARRAY_LEN(paths) * ARRAY_LEN(orders); i++) {
		const int *order = orders[i / 2];
		struct hello hello;
		struct mono now = { .us = 1000000 };
		struct bytes b;
		hello_read(paths[i % 2], &hello);
		virtual_clock_set(now);
		struct dtls *dtls = dtls_new(p, DTLS_PASSIVE, dtls_identity_fingerprint(p));
		for (; *order >= 0; order++) {
			dtls_input(dtls, bytes_of(hello.at[*order], hello.len[*order]), now);
			if (order[1] >= 0 && order[2] < 0 && order == orders[i / 2])
				CHECK(!dtls_output(dtls, &b)); /* half of it is nothing yet */
		}
		CHECK(chooses_gcm(dtls));
		assert_int_equal(dtls_state(dtls), DTLS_HANDSHAKE);
		dtls_free(dtls);
	}
	dtls_identity_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_ends_agree_on_keys_in_two_round_trips),
		TEST(handshakes_get_through_a_line_that_loses_a_third),
		TEST(a_flight_is_repeated_after_100_ms_then_ever_later_then_given_up),
		TEST(what_nobody_drains_does_not_pile_up),
		TEST(damage_on_the_line_never_gives_wrong_keys),
		TEST(a_wrong_fingerprint_ends_it_without_keys),
		TEST(goodbye_is_heard_and_keys_are_forgotten),
		TEST(garbage_before_during_and_after_changes_nothing),
		TEST(cut_datagrams_are_survived),
		TEST(nothing_happens_to_an_active_end_before_its_start),
		TEST(an_association_takes_at_most_48_kib),
		TEST(the_srtp_profile_is_the_one_of_our_table),
		TEST(clients_and_servers_with_rsa_certificates_are_taken),
		TEST(a_client_without_a_certificate_is_refused),
		TEST(exported_keys_are_the_others_exported_keys),
		TEST(both_browsers_hellos_are_answered_in_any_order_and_with_loss),
		TEST(a_hello_in_two_datagrams_is_taken_in_either_order),
	};
	return RUN("rtc/dtls", tests);
}
