#include "programs/objects/s3.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "base/mem.h"

enum {
	CONNECT_MS = 10000,
	TOTAL_MS = 120000,
	CRAWL_BYTES_S = 1024, /* slower than that for CRAWL_S is no connection */
	CRAWL_S = 20,
	PROBLEM_MAX = 64 << 10, /* bytes of an answer that is no object */
	HEADER_MAX = 128,
};

struct transfer {
	enum s3_verb verb; /* S3_NONE: free */
	struct segment_id segment;
	bool ended;
	enum objects_outcome outcome;
	CURL *easy;
	struct curl_slist *headers;
	struct buf body; /* of a PUT */
	struct buf answer;
};

struct s3 {
	const struct s3_config *config;
	struct log *log;
	CURLM *multi;
	struct transfer transfers[S3_AT_ONCE];
	struct buf given; /* what the last result lent */
};

/* ---- life ---- */

enum err s3_open(const struct s3_config *config, struct log *log, struct s3 **out)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_LIMIT;
	struct s3 *s3 = mem_new(1, sizeof *s3);
	s3->config = config;
	s3->log = log;
	s3->multi = curl_multi_init();
	if (!s3->multi) {
		free(s3);
		return ERR_LIMIT;
	}
	*out = s3;
	return OK;
}

static void transfer_clear(struct s3 *s3, struct transfer *t)
{
	if (t->easy) {
		curl_multi_remove_handle(s3->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->headers);
	buf_clear(&t->body);
	buf_clear(&t->answer);
	*t = (struct transfer){ .verb = S3_NONE };
}

void s3_close(struct s3 *s3)
{
	if (!s3)
		return;
	for (size_t i = 0; i < S3_AT_ONCE; i++)
		transfer_clear(s3, &s3->transfers[i]);
	buf_clear(&s3->given);
	curl_multi_cleanup(s3->multi);
	curl_global_cleanup();
	free(s3);
}

size_t s3_under_way(const struct s3 *s3, enum s3_verb verb)
{
	size_t n = 0;
	for (size_t i = 0; i < S3_AT_ONCE; i++)
		n += s3->transfers[i].verb != S3_NONE &&
		     (verb == S3_NONE || s3->transfers[i].verb == verb);
	return n;
}

bool s3_is_under_way(const struct s3 *s3, struct segment_id segment)
{
	for (size_t i = 0; i < S3_AT_ONCE; i++)
		if (s3->transfers[i].verb != S3_NONE && s3->transfers[i].segment.n == segment.n)
			return true;
	return false;
}

/* ---- one transfer ---- */

/* Whether the status says that what follows is the object. */
static bool is_good(long status)
{
	return status >= 200 && status < 300;
}

static long status_of(const struct transfer *t)
{
	long status = 0;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static size_t on_answer(char *at, size_t size, size_t count, void *owner)
{
	struct transfer *t = owner;
	buf_put(&t->answer, at, size * count);
	return buf_ok(&t->answer) ? size * count : 0;
}

static void add_header(struct transfer *t, const char *name, const char *value)
{
	char line[HEADER_MAX];
	(void)snprintf(line, sizeof line, "%s: %s", name, value);
	t->headers = curl_slist_append(t->headers, line);
}

static void sign(const struct s3 *s3, struct transfer *t)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char text[2 * sizeof hash + 1], how[96];
	(void)crypto_hash_sha256(hash, (const unsigned char *)buf_cstr(&t->body), t->body.len);
	hex_encode(bytes_of(hash, sizeof hash), text);
	add_header(t, "x-amz-content-sha256", text);
	(void)snprintf(how, sizeof how, "aws:amz:%s:s3", s3->config->region);
	curl_easy_setopt(t->easy, CURLOPT_AWS_SIGV4, how);
	curl_easy_setopt(t->easy, CURLOPT_USERPWD, s3->config->key);
}

static void bound(const struct s3 *s3, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
			 (long)(s3->config->patience_ms > 0 ? s3->config->patience_ms : TOTAL_MS));
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)CRAWL_BYTES_S);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)CRAWL_S);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "prison-video-link");
	if (s3->config->ca.len) {
		struct curl_blob ca = { s3->config->ca.at, s3->config->ca.len, CURL_BLOB_NOCOPY };
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &ca);
	}
}

static void set_verb(struct transfer *t)
{
	if (t->verb == S3_DELETE)
		curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, "DELETE");
	if (t->verb != S3_PUT)
		return;
	curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, "PUT");
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, buf_cstr(&t->body));
	add_header(t, "Content-Type", "application/octet-stream");
}

static bool begin(struct s3 *s3, struct transfer *t)
{
	char url[S3_TEXT_MAX + 32];
	t->easy = curl_easy_init();
	if (!t->easy)
		return false;
	(void)snprintf(url, sizeof url, "%s/%016llx", s3->config->url,
		       (unsigned long long)t->segment.n);
	bound(s3, t->easy);
	set_verb(t);
	sign(s3, t);
	curl_easy_setopt(t->easy, CURLOPT_URL, url);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	return curl_multi_add_handle(s3->multi, t->easy) == CURLM_OK;
}

void s3_start(struct s3 *s3, enum s3_verb verb, struct segment_id segment, struct bytes body)
{
	size_t i = 0;
	while (i < S3_AT_ONCE && s3->transfers[i].verb != S3_NONE)
		i++;
	ASSERT(i < S3_AT_ONCE && verb != S3_NONE);
	struct transfer *t = &s3->transfers[i];
	*t = (struct transfer){ .verb = verb,
				.segment = segment,
				.body = buf_of(OBJECTS_FILE_MAX),
				.answer = buf_of(verb == S3_GET ? OBJECTS_FILE_MAX : PROBLEM_MAX) };
	buf_put(&t->body, body.at, body.len);
	if (begin(s3, t))
		return;
	t->ended = true;
	t->outcome = OBJECTS_AWAY;
}

/* ---- how it ended ---- */

/* What is gone is deleted; whoever puts into a bucket that is not there is told to look. */
static enum objects_outcome outcome_of(enum s3_verb verb, CURLcode code, long status)
{
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return OBJECTS_REFUSED; /* it is not who it should be: nothing that passes by itself */
	if (code == CURLE_WRITE_ERROR && status != 0 && !is_good(status))
		code = CURLE_OK; /* its words were too long: we broke it off, and have the status */
	if (code != CURLE_OK)
		return OBJECTS_AWAY;
	if (is_good(status))
		return OBJECTS_DONE;
	if (status == 404)
		return verb == S3_GET      ? OBJECTS_ABSENT
		       : verb == S3_DELETE ? OBJECTS_DONE
					   : OBJECTS_REFUSED;
	bool later = status == 408 || status == 429 || status >= 500;
	return later ? OBJECTS_AWAY : OBJECTS_REFUSED;
}

static void end(struct s3 *s3, struct transfer *t, CURLcode code)
{
	long status = status_of(t);
	t->ended = true;
	t->outcome = outcome_of(t->verb, code, status);
	if (t->outcome != OBJECTS_DONE)
		log_event(s3->log, LOG_WARN, "store_said_no", LOG_INT("verb", t->verb),
			  LOG_INT("curl", code), LOG_INT("status", status));
}

void s3_turn(struct s3 *s3, int fd, int max_ms)
{
	struct curl_waitfd extra = { .fd = fd, .events = CURL_WAIT_POLLIN };
	CURLMsg *message;
	int left;
	bool any = false;
	curl_multi_perform(s3->multi, &left);
	while ((message = curl_multi_info_read(s3->multi, &left))) {
		struct transfer *t = NULL;
		CURLcode code = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
		end(s3, t, code);
	}
	for (size_t i = 0; i < S3_AT_ONCE; i++)
		any |= s3->transfers[i].ended;
	if (!any)
		curl_multi_poll(s3->multi, &extra, fd >= 0 ? 1 : 0, max_ms, NULL);
}

bool s3_result(struct s3 *s3, struct s3_result *out)
{
	for (size_t i = 0; i < S3_AT_ONCE; i++) {
		struct transfer *t = &s3->transfers[i];
		if (!t->ended)
			continue;
		buf_clear(&s3->given);
		s3->given = t->answer;
		t->answer = (struct buf){ 0 };
		*out = (struct s3_result){ .verb = t->verb,
					   .segment = t->segment,
					   .outcome = t->outcome,
					   .body = buf_bytes(&s3->given) };
		transfer_clear(s3, t);
		return true;
	}
	return false;
}
