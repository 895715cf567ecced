/*
 * Against a server of the test's own, which says on each connection what a case wants: S3 stores as they are on bad days.
 */
#include "programs/objects/s3.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"
#include "sys/clock.h"

enum {
	PATIENCE_MS = 60000, /* for what must happen */
	SHORT_MS = 700,      /* of a transfer whose server is slow */
	BIG = 3 << 20,
	HEAD_ROOM = 4096,
	CERTIFICATE_S = 3600,
};

/* What the server does with each connection. */
struct script {
	const char *head;   /* status line and headers, without Content-Length */
	size_t body;        /* bytes of it, each as body_at() says */
	size_t told;        /* Content-Length; 0: as many */
	bool drips;         /* a byte of the body at a time, for ever */
	bool silent;        /* nothing is ever said */
	int connections;    /* after so many it ends; 0: 1 */
	const char *second; /* what it says on the second connection instead of head */
};

struct server {
	pid_t pid;
	uint16_t port;
	int heard; /* the heads of what was asked */
};

struct authority {
	EVP_PKEY *key;
	X509 *certificate;
};

struct rig {
	struct s3_config config;
	struct s3 *s3;
	struct server server;
};

static uint8_t body_at(size_t i)
{
	return (uint8_t)(i * 31 + i / 251);
}

/* ---- certificates ---- */

static X509 *certify(EVP_PKEY *key, const char *name, const struct authority *by,
		     const char *address)
{
	X509 *x = X509_new();
	CHECK(x && X509_set_version(x, 2) && ASN1_INTEGER_set(X509_get_serialNumber(x), 1));
	X509_gmtime_adj(X509_getm_notBefore(x), -60);
	X509_gmtime_adj(X509_getm_notAfter(x), CERTIFICATE_S);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	CHECK(X509_set_issuer_name(x, by ? X509_get_subject_name(by->certificate)
					 : X509_get_subject_name(x)));
	CHECK(X509_set_pubkey(x, key));
	X509_EXTENSION *more =
	    X509V3_EXT_conf_nid(NULL, NULL, address ? NID_subject_alt_name : NID_basic_constraints,
				address ? address : "critical,CA:TRUE");
	CHECK(more && X509_add_ext(x, more, -1));
	X509_EXTENSION_free(more);
	CHECK(X509_sign(x, by ? by->key : key, EVP_sha256()) > 0);
	return x;
}

static void authority_open(struct authority *a, const char *name)
{
	a->key = EVP_EC_gen("P-256");
	CHECK(a->key);
	a->certificate = certify(a->key, name, NULL, NULL);
}

static void authority_close(struct authority *a)
{
	EVP_PKEY_free(a->key);
	X509_free(a->certificate);
}

static struct buf pem_of(const struct authority *a)
{
	struct buf out = buf_of(S3_CA_MAX);
	char *at;
	BIO *bio = BIO_new(BIO_s_mem());
	CHECK(bio && PEM_write_bio_X509(bio, a->certificate));
	long len = BIO_get_mem_data(bio, &at);
	buf_put(&out, at, (size_t)len);
	BIO_free(bio);
	return out;
}

/* A server's: for that address ("IP:127.0.0.1"), signed by the authority. */
static SSL_CTX *server_context(const struct authority *a, const char *address)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	CHECK(key && context);
	X509 *certificate = certify(key, "Store of the test", a, address);
	CHECK(SSL_CTX_use_certificate(context, certificate) == 1 &&
	      SSL_CTX_use_PrivateKey(context, key) == 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return context;
}

/* ---- the server: a child, which says nothing of tests and ends by _exit() ---- */

struct connection {
	int fd;
	SSL *tls; /* NULL: in the clear */
};

static ssize_t get(const struct connection *c, void *at, size_t room)
{
	return c->tls ? SSL_read(c->tls, at, (int)room) : read(c->fd, at, room);
}

static bool put(const struct connection *c, const void *at, size_t len)
{
	const char *from = at;
	while (len > 0) {
		ssize_t n = c->tls ? SSL_write(c->tls, from, (int)len) : write(c->fd, from, len);
		if (n <= 0)
			return false;
		from += n;
		len -= (size_t)n;
	}
	return true;
}

/* The head of a request; its body is read and thrown away. */
static bool read_request(const struct connection *c, char head[HEAD_ROOM])
{
	size_t len = 0;
	char *end = NULL, *length;
	while (!end && len < HEAD_ROOM - 1) {
		ssize_t n = get(c, head + len, HEAD_ROOM - 1 - len);
		if (n <= 0)
			return false;
		len += (size_t)n;
		head[len] = '\0';
		end = strstr(head, "\r\n\r\n");
	}
	if (!end)
		return false;
	length = strcasestr(head, "\r\nContent-Length:");
	size_t left = length ? strtoul(length + 17, NULL, 10) : 0,
	       had = len - (size_t)(end + 4 - head);
	left -= had < left ? had : left;
	*end = '\0';
	while (left > 0) {
		char more[4096];
		ssize_t n = get(c, more, left < sizeof more ? left : sizeof more);
		if (n <= 0)
			return false;
		left -= (size_t)n;
	}
	return true;
}

static void drip(const struct connection *c)
{
	while (put(c, "x", 1))
		usleep(20000);
}

static void answer(const struct connection *c, const struct script *s, const char *head)
{
	char line[HEAD_ROOM];
	int len = snprintf(line, sizeof line,
			   "%s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", head,
			   s->drips  ? (size_t)BIG
			   : s->told ? s->told
				     : s->body);
	if (!put(c, line, (size_t)len))
		return;
	if (s->drips)
		drip(c);
	for (size_t done = 0; !s->drips && done < s->body;) {
		uint8_t piece[4096];
		size_t n = 0;
		for (; n < sizeof piece && done + n < s->body; n++)
			piece[n] = body_at(done + n);
		if (!put(c, piece, n))
			return;
		done += n;
	}
}

static void serve_one(int fd, const struct script *s, SSL_CTX *context, int heard, int number)
{
	struct connection c = { .fd = fd };
	char head[HEAD_ROOM];
	if (context) {
		c.tls = SSL_new(context);
		SSL_set_fd(c.tls, fd);
	}
	if (context && SSL_accept(c.tls) != 1)
		return;
	if (!read_request(&c, head))
		return;
	(void)!write(heard, head, strlen(head) + 1);
	if (s->silent)
		(void)!get(&c, head, 1); /* until they give up */
	else
		answer(&c, s, number == 1 && s->second ? s->second : s->head);
	if (c.tls)
		(void)SSL_shutdown(c.tls);
}

static void serve(int listening, const struct script *s, SSL_CTX *context, int heard)
{
	signal(SIGPIPE, SIG_IGN);
	alarm(PATIENCE_MS / 1000);
	for (int i = 0; i < (s->connections ? s->connections : 1); i++) {
		int fd = accept(listening, NULL, NULL);
		if (fd < 0)
			_exit(1);
		serve_one(fd, s, context, heard, i);
		close(fd);
	}
	_exit(0);
}

/* context: NULL speaks plain HTTP. */
static void server_open(struct server *server, const struct script *script, SSL_CTX *context)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof at;
	int heard[2], fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 && listen(fd, 8) == 0);
	CHECK(getsockname(fd, (struct sockaddr *)&at, &len) == 0 && pipe(heard) == 0);
	server->port = ntohs(at.sin_port);
	server->pid = fork();
	CHECK(server->pid >= 0);
	if (server->pid == 0)
		serve(fd, script, context, heard[1]);
	close(fd);
	close(heard[1]);
	server->heard = heard[0];
}

static void server_close(struct server *server)
{
	kill(server->pid, SIGKILL);
	CHECK(waitpid(server->pid, NULL, 0) == server->pid);
	close(server->heard);
}

/* The head of the next request that it heard; empty: there was none. */
static const char *heard(const struct server *server)
{
	static char head[HEAD_ROOM];
	size_t len = 0;
	struct pollfd ready = { .fd = server->heard, .events = POLLIN };
	while (len < sizeof head - 1 && poll(&ready, 1, 0) == 1 &&
	       read(server->heard, head + len, 1) == 1 && head[len] != '\0')
		len++;
	head[len] = '\0';
	return head;
}

/* ---- one transfer ---- */

static void open_rig(struct rig *r, const struct script *script, SSL_CTX *context)
{
	memset(r, 0, sizeof *r);
	server_open(&r->server, script, context);
	snprintf(r->config.url, sizeof r->config.url, "http%s://127.0.0.1:%u/recordings/hmp",
		 context ? "s" : "", r->server.port);
	strcat(r->config.region, "eu-west-2");
	strcat(r->config.key, "AKID:se/cr+et=:more");
	CHECK(s3_open(&r->config, NULL, &r->s3) == OK);
}

static void close_rig(struct rig *r)
{
	s3_close(r->s3);
	buf_clear(&r->config.ca);
	server_close(&r->server);
}

static struct s3_result transfer(struct rig *r, enum s3_verb verb, struct bytes body)
{
	struct s3_result result = { 0 };
	struct mono until = mono_add_ms(mono_now(), PATIENCE_MS);
	s3_start(r->s3, verb, (struct segment_id){ 0xab }, body);
	while (!s3_result(r->s3, &result)) {
		CHECK(mono_before(mono_now(), until));
		s3_turn(r->s3, -1, 100);
	}
	CHECK(result.verb == verb && result.segment.n == 0xab);
	CHECK(s3_under_way(r->s3, S3_NONE) == 0);
	return result;
}

static enum objects_outcome outcome_of(const struct script *script, enum s3_verb verb)
{
	struct rig r;
	open_rig(&r, script, NULL);
	r.config.patience_ms = script->drips || script->silent ? SHORT_MS : 0;
	enum objects_outcome outcome = transfer(&r, verb, bytes_from_text("a segment")).outcome;
	close_rig(&r);
	return outcome;
}

/* ---- what stores say ---- */

static void each_status_has_its_outcome(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		enum objects_outcome put, get, erase;
	} cases[] = {
		{ "HTTP/1.1 200 OK", OBJECTS_DONE, OBJECTS_DONE, OBJECTS_DONE },
		{ "HTTP/1.1 204 No Content", OBJECTS_DONE, OBJECTS_DONE, OBJECTS_DONE },
		{ "HTTP/1.1 400 Bad Request", OBJECTS_REFUSED, OBJECTS_REFUSED, OBJECTS_REFUSED },
		{ "HTTP/1.1 403 Forbidden", OBJECTS_REFUSED, OBJECTS_REFUSED, OBJECTS_REFUSED },
		{ "HTTP/1.1 404 Not Found", OBJECTS_REFUSED, OBJECTS_ABSENT, OBJECTS_DONE },
		{ "HTTP/1.1 408 Request Timeout", OBJECTS_AWAY, OBJECTS_AWAY, OBJECTS_AWAY },
		{ "HTTP/1.1 429 Too Many Requests", OBJECTS_AWAY, OBJECTS_AWAY, OBJECTS_AWAY },
		{ "HTTP/1.1 500 Internal Server Error", OBJECTS_AWAY, OBJECTS_AWAY, OBJECTS_AWAY },
		{ "HTTP/1.1 503 Slow Down", OBJECTS_AWAY, OBJECTS_AWAY, OBJECTS_AWAY },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct script script = { .head = cases[i].head };
		assert_int_equal(outcome_of(&script, S3_PUT), cases[i].put);
		assert_int_equal(outcome_of(&script, S3_GET), cases[i].get);
		assert_int_equal(outcome_of(&script, S3_DELETE), cases[i].erase);
	}
}

static void what_is_asked_is_signed_and_called_by_its_digits(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r, &(struct script){ .head = "HTTP/1.1 200 OK" }, NULL);
	(void)transfer(&r, S3_PUT, bytes_from_text("abc"));
	const char *head = heard(&r.server);
	CHECK(strstr(head, "PUT /recordings/hmp/00000000000000ab HTTP/1.1\r\n") == head);
	/* FIPS 180-2, appendix B.1: the hash of "abc". */
	CHECK(strcasestr(head, "x-amz-content-sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177"
			       "a9cb410ff61f20015ad"));
	CHECK(strstr(head, "Credential=AKID/") && strstr(head, "/eu-west-2/s3/aws4_request"));
	CHECK(strcasestr(head, "content-length: 3") && !strstr(head, "se/cr+et"));
	close_rig(&r);
}

static void an_object_comes_back_byte_by_byte(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r, &(struct script){ .head = "HTTP/1.1 200 OK", .body = BIG }, NULL);
	struct s3_result result = transfer(&r, S3_GET, (struct bytes){ 0 });
	CHECK(result.outcome == OBJECTS_DONE && result.body.len == BIG);
	for (size_t i = 0; i < BIG; i++)
		CHECK(result.body.at[i] == body_at(i));
	close_rig(&r);
}

static void a_store_that_was_busy_is_asked_again_and_answers(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r,
		 &(struct script){ .head = "HTTP/1.1 503 Slow Down",
				   .second = "HTTP/1.1 200 OK",
				   .body = 5,
				   .connections = 2 },
		 NULL);
	CHECK(transfer(&r, S3_GET, (struct bytes){ 0 }).outcome == OBJECTS_AWAY);
	struct s3_result result = transfer(&r, S3_GET, (struct bytes){ 0 });
	CHECK(result.outcome == OBJECTS_DONE && result.body.len == 5 &&
	      result.body.at[4] == body_at(4));
	close_rig(&r);
}

static void what_is_cut_off_is_no_object(void **state)
{
	(void)state;
	struct script script = { .head = "HTTP/1.1 200 OK", .body = 5000, .told = 6000 };
	assert_int_equal(outcome_of(&script, S3_GET), OBJECTS_AWAY);
}

static void more_than_a_segment_is_no_object(void **state)
{
	(void)state;
	struct script script = { .head = "HTTP/1.1 200 OK", .body = OBJECTS_FILE_MAX + 1 };
	assert_int_equal(outcome_of(&script, S3_GET), OBJECTS_AWAY);
}

static void a_store_that_drips_or_says_nothing_is_left(void **state)
{
	(void)state;
	struct script drips = { .head = "HTTP/1.1 200 OK", .drips = true };
	struct script silent = { .silent = true };
	assert_int_equal(outcome_of(&drips, S3_GET), OBJECTS_AWAY);
	assert_int_equal(outcome_of(&silent, S3_PUT), OBJECTS_AWAY);
}

static void a_port_where_nobody_listens_is_away(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r, &(struct script){ .head = "HTTP/1.1 200 OK" }, NULL);
	kill(r.server.pid, SIGKILL);
	siginfo_t ended;
	CHECK(waitid(P_PID, (id_t)r.server.pid, &ended, WEXITED | WNOWAIT) == 0);
	CHECK(transfer(&r, S3_GET, (struct bytes){ 0 }).outcome == OBJECTS_AWAY);
	close_rig(&r);
}

static void a_redirect_is_not_followed(void **state)
{
	(void)state;
	struct rig r;
	struct server other;
	char head[128];
	server_open(&other, &(struct script){ .head = "HTTP/1.1 200 OK" }, NULL);
	snprintf(head, sizeof head,
		 "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:%u/", other.port);
	open_rig(&r, &(struct script){ .head = head }, NULL);
	assert_int_equal(transfer(&r, S3_GET, (struct bytes){ 0 }).outcome, OBJECTS_REFUSED);
	assert_string_equal(heard(&other), "");
	CHECK(strstr(heard(&r.server), "GET /recordings/hmp/"));
	server_close(&other);
	close_rig(&r);
}

static void of_a_no_with_endless_words_the_status_counts(void **state)
{
	(void)state;
	struct script refused = { .head = "HTTP/1.1 403 Forbidden", .body = 4 * BIG };
	struct script gone = { .head = "HTTP/1.1 404 Not Found", .body = 6 * BIG };
	assert_int_equal(outcome_of(&refused, S3_PUT), OBJECTS_REFUSED);
	assert_int_equal(outcome_of(&refused, S3_GET), OBJECTS_REFUSED);
	assert_int_equal(outcome_of(&gone, S3_GET), OBJECTS_ABSENT);
}

/* ---- TLS ---- */

static enum objects_outcome by_tls(const struct authority *signs, const char *address,
				   const struct authority *trusted)
{
	struct rig r;
	SSL_CTX *context = server_context(signs, address);
	open_rig(&r, &(struct script){ .head = "HTTP/1.1 200 OK", .body = 7 }, context);
	if (trusted)
		r.config.ca = pem_of(trusted);
	enum objects_outcome outcome = transfer(&r, S3_GET, (struct bytes){ 0 }).outcome;
	/* Not a byte of a request, and so no signature, reaches whom we do not trust. */
	CHECK((heard(&r.server)[0] != '\0') == (outcome == OBJECTS_DONE));
	close_rig(&r);
	SSL_CTX_free(context);
	return outcome;
}

static void an_authority_of_ones_own_is_believed_where_it_is_given_and_no_other(void **state)
{
	(void)state;
	struct authority own, other, impostor;
	authority_open(&own, "Authority of the prison");
	authority_open(&other, "Another authority");
	authority_open(&impostor, "Authority of the prison");
	assert_int_equal(by_tls(&own, "IP:127.0.0.1", &own), OBJECTS_DONE);
	assert_int_equal(by_tls(&own, "IP:127.0.0.1", NULL), OBJECTS_REFUSED);
	assert_int_equal(by_tls(&own, "IP:127.0.0.1", &other), OBJECTS_REFUSED);
	assert_int_equal(by_tls(&own, "IP:127.0.0.2", &own), OBJECTS_REFUSED);
	CHECK(by_tls(&impostor, "IP:127.0.0.1", &own) != OBJECTS_DONE);
	authority_close(&impostor);
	authority_close(&own);
	authority_close(&other);
}

static void a_store_that_speaks_no_tls_is_not_spoken_to_in_the_clear(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r, &(struct script){ .head = "HTTP/1.1 200 OK" }, NULL);
	snprintf(r.config.url, sizeof r.config.url, "https://127.0.0.1:%u/recordings",
		 r.server.port);
	r.config.patience_ms = SHORT_MS;
	assert_int_equal(transfer(&r, S3_GET, (struct bytes){ 0 }).outcome, OBJECTS_AWAY);
	assert_string_equal(heard(&r.server), "");
	close_rig(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_status_has_its_outcome),
		TEST(what_is_asked_is_signed_and_called_by_its_digits),
		TEST(an_object_comes_back_byte_by_byte),
		TEST(a_store_that_was_busy_is_asked_again_and_answers),
		TEST(what_is_cut_off_is_no_object),
		TEST(more_than_a_segment_is_no_object),
		TEST(a_store_that_drips_or_says_nothing_is_left),
		TEST(a_port_where_nobody_listens_is_away),
		TEST(a_redirect_is_not_followed),
		TEST(of_a_no_with_endless_words_the_status_counts),
		TEST(an_authority_of_ones_own_is_believed_where_it_is_given_and_no_other),
		TEST(a_store_that_speaks_no_tls_is_not_spoken_to_in_the_clear),
	};
	return RUN("programs/s3", tests);
}
