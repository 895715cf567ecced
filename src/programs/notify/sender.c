#include "programs/notify/sender.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "base/mem.h"
#include "notify/private_address.h"
#include "notify/smtp.h"
#include "sys/clock.h"

enum {
	TOTAL_MS = 60000,
	CONNECT_MS = 15000,
	ANSWER_MAX = 64 << 10,
	CONNECTIONS_MAX = 4, /* to one host */
	HEADER_MAX = 2048,
	TO_MAX = 256,
	LETTER_TO_MAX = 2048, /* a name and the lines of an address */
};

enum job_kind {
	JOB_NONE,
	JOB_MAIL,
	JOB_LOOK_UP, /* GOV.UK Notify: is it there already? */
	JOB_GOVUK,
	JOB_ASK,
	JOB_POST,
};

struct job {
	enum job_kind kind;
	uint8_t *datagram; /* what the texts of the message point into */
	struct notify_message message;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *recipients;
	struct curl_slist *headers;
	struct buf request;
	struct buf answer;
	enum smtp_stage stage;
	bool refused_address; /* of a private network */
};

struct result {
	uint8_t bytes[512];
	size_t len;
};

struct sender {
	const struct sender_config *config;
	struct log *log;
	CURLM *multi;
	size_t job_count;
	struct job jobs[NOTIFY_IN_FLIGHT_MAX];
	size_t result_count;
	struct result results[NOTIFY_IN_FLIGHT_MAX];
};

/* ---- life ---- */

enum err sender_open(const struct sender_config *config, struct log *log, struct sender **out)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_LIMIT;
	struct sender *sender = mem_new(1, sizeof *sender);
	sender->config = config;
	sender->log = log;
	sender->multi = curl_multi_init();
	if (!sender->multi) {
		free(sender);
		return ERR_LIMIT;
	}
	curl_multi_setopt(sender->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_MAX);
	*out = sender;
	return OK;
}

static void job_clear(struct sender *sender, struct job *job)
{
	if (job->easy) {
		curl_multi_remove_handle(sender->multi, job->easy);
		curl_easy_cleanup(job->easy);
	}
	curl_mime_free(job->mime);
	curl_slist_free_all(job->recipients);
	curl_slist_free_all(job->headers);
	buf_clear(&job->request);
	buf_clear(&job->answer);
	free(job->datagram);
	*job = (struct job){ .kind = JOB_NONE };
	sender->job_count--;
}

void sender_close(struct sender *sender)
{
	if (!sender)
		return;
	for (size_t i = 0; i < NOTIFY_IN_FLIGHT_MAX; i++)
		if (sender->jobs[i].kind != JOB_NONE)
			job_clear(sender, &sender->jobs[i]);
	curl_multi_cleanup(sender->multi);
	curl_global_cleanup();
	free(sender);
}

struct notify_hello sender_hello(const struct sender_config *config)
{
	struct notify_hello hello = { 0 };
	for (unsigned i = 0; i < NOTIFY_CHANNEL_COUNT; i++)
		if (config->govuk[0] && config->templates[i][0])
			hello.providers[i] = NOTIFY_BY_GOVUK;
	if (config->smtp[0])
		hello.providers[NOTIFY_EMAIL] = NOTIFY_BY_SMTP;
	return hello;
}

/* One place for a result is kept for each job. */
bool sender_has_room(const struct sender *sender)
{
	return sender->job_count + sender->result_count < NOTIFY_IN_FLIGHT_MAX;
}

size_t sender_jobs(const struct sender *sender)
{
	return sender->job_count;
}

/* ---- results ---- */

static void tell(struct sender *sender, const struct notify_result *result)
{
	struct notify_message m = { .type = NOTIFY_RESULT, .result = *result };
	ASSERT(sender->result_count < NOTIFY_IN_FLIGHT_MAX);
	struct result *r = &sender->results[sender->result_count];
	if (notify_message_encode(&m, r->bytes, sizeof r->bytes, &r->len) == OK)
		sender->result_count++;
	log_event(sender->log, LOG_INFO, "result", LOG_INT("outcome", result->outcome),
		  LOG_INT("provider", result->provider));
}

bool sender_result(struct sender *sender, uint8_t *out, size_t cap, size_t *len)
{
	if (!sender->result_count || sender->results[0].len > cap)
		return false;
	*len = sender->results[0].len;
	memcpy(out, sender->results[0].bytes, *len);
	sender->result_count--;
	memmove(&sender->results[0], &sender->results[1],
		sender->result_count * sizeof sender->results[0]);
	return true;
}

static uint64_t id_of(const struct job *job)
{
	if (job->message.type == NOTIFY_ASK)
		return job->message.ask.id;
	return job->message.type == NOTIFY_POST ? job->message.post.id : job->message.send.id;
}

static void finish(struct sender *sender, struct job *job, const struct govuk_answer *answer,
		   enum notify_provider provider)
{
	struct notify_result result = { .id = id_of(job),
					.outcome = answer->outcome,
					.provider = provider,
					.retry_after_s = answer->retry_after_s,
					.provider_id = str_from(answer->id),
					.problem = str_from(answer->problem) };
	tell(sender, &result);
	job_clear(sender, job);
}

/* ---- libcurl's questions ---- */

static size_t on_answer(char *at, size_t size, size_t count, void *owner)
{
	struct job *job = owner;
	buf_put(&job->answer, at, size * count);
	return buf_ok(&job->answer) ? size * count : 0;
}

/* What was said to the mail server last tells what its no is about. */
static int on_debug(CURL *easy, curl_infotype type, char *at, size_t len, void *owner)
{
	struct job *job = owner;
	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		job->stage = smtp_stage_of(str_of(at, len), job->stage);
	return 0;
}

/* Asked with the very address that is about to be connected to: no name resolves past it. */
static curl_socket_t on_socket(void *owner, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct job *job = owner;
	(void)purpose;
	if (job->kind == JOB_POST && !job->message.post.private_too &&
	    address_is_private(&address->addr)) {
		job->refused_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool start(struct sender *sender, struct job *job, const char *url, const char *protocols)
{
	CURL *easy = job->easy = curl_easy_init();
	if (!easy)
		return false;
	job->answer = buf_of(ANSWER_MAX);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "prison-video-link");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, job);
	return curl_multi_add_handle(sender->multi, easy) == CURLM_OK;
}

static void add_header(struct job *job, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_header(struct job *job, const char *format, ...)
{
	char line[HEADER_MAX];
	va_list list;
	va_start(list, format);
	(void)vsnprintf(line, sizeof line, format, list);
	va_end(list);
	job->headers = curl_slist_append(job->headers, line);
}

/* ---- e-mail by SMTP ---- */

static void add_headers(const struct sender *sender, struct job *job)
{
	const struct notify_send *send = &job->message.send;
	const char *from = sender->config->from;
	char date[40], id[320];
	struct buf subject = buf_of(HEADER_MAX);
	smtp_date((struct wall){ send->made_s }, date);
	smtp_message_id(send->id, str_from(from), id);
	smtp_encode_words(send->subject, &subject);
	add_header(job, "Date: %s", date);
	add_header(job, "From: Prison Video Link <%s>", from);
	add_header(job, "To: <%.*s>", STR_FMT(send->to));
	add_header(job, "Subject: %s", buf_cstr(&subject));
	add_header(job, "Message-ID: %s", id);
	add_header(job, "Content-Language: %s", send->welsh ? "cy" : "en");
	add_header(job, "Auto-Submitted: auto-generated"); /* RFC 3834: nobody answers for them */
	buf_clear(&subject);
}

static void add_part(curl_mime *mime, struct str text, const char *type, const char *encoder)
{
	curl_mimepart *part = curl_mime_addpart(mime);
	curl_mime_data(part, text.at ? text.at : "", text.len);
	curl_mime_type(part, type);
	curl_mime_encoder(part, encoder);
}

static void add_content(struct job *job)
{
	const struct notify_send *send = &job->message.send;
	char type[100];
	job->mime = curl_mime_init(job->easy);
	curl_mimepart *all = curl_mime_addpart(job->mime);
	curl_mime *parts = curl_mime_init(job->easy);
	add_part(parts, send->text, "text/plain; charset=utf-8", "quoted-printable");
	if (!str_empty(send->html))
		add_part(parts, send->html, "text/html; charset=utf-8", "quoted-printable");
	(void)snprintf(type, sizeof type, "text/calendar; charset=utf-8; method=%.*s",
		       STR_FMT(send->calendar_method));
	if (!str_empty(send->calendar))
		add_part(parts, send->calendar, type, "base64");
	curl_mime_subparts(all, parts);
	curl_mime_type(all, "multipart/alternative");
	curl_easy_setopt(job->easy, CURLOPT_MIMEPOST, job->mime);
}

/* A relay on this machine is trusted; any other must speak TLS with a good certificate. */
static long tls_wanted(const struct sender_config *config)
{
	static const char *const LOCAL[] = { "smtp://127.0.0.1", "smtp://localhost",
					     "smtp://[::1]" };
	for (size_t i = 0; i < ARRAY_LEN(LOCAL) && !config->ca.len; i++)
		if (str_starts(str_from(config->smtp), LOCAL[i]))
			return CURLUSESSL_NONE;
	return CURLUSESSL_ALL;
}

static bool start_mail(struct sender *sender, struct job *job)
{
	const struct sender_config *config = sender->config;
	const struct notify_send *send = &job->message.send;
	char to[300], from[SENDER_TEXT_MAX + 2];
	job->kind = JOB_MAIL;
	job->stage = SMTP_BEFORE;
	if (!start(sender, job, config->smtp, "smtp,smtps"))
		return false;
	(void)snprintf(to, sizeof to, "<%.*s>", STR_FMT(send->to));
	(void)snprintf(from, sizeof from, "<%s>", config->from);
	job->recipients = curl_slist_append(NULL, to);
	add_headers(sender, job);
	add_content(job);
	curl_easy_setopt(job->easy, CURLOPT_USE_SSL, tls_wanted(config));
	if (config->ca.len) {
		struct curl_blob ca = { config->ca.at, config->ca.len, CURL_BLOB_NOCOPY };
		curl_easy_setopt(job->easy, CURLOPT_CAINFO_BLOB, &ca);
	}
	if (config->user[0]) {
		curl_easy_setopt(job->easy, CURLOPT_USERNAME, config->user);
		curl_easy_setopt(job->easy, CURLOPT_PASSWORD, config->password);
	}
	curl_easy_setopt(job->easy, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(job->easy, CURLOPT_MAIL_RCPT, job->recipients);
	curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
	curl_easy_setopt(job->easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(job->easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(job->easy, CURLOPT_DEBUGDATA, job);
	return true;
}

static void mail_done(struct sender *sender, struct job *job, CURLcode code)
{
	struct govuk_answer answer = { 0 };
	long said = 0;
	curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &said);
	answer.outcome = smtp_outcome(code == CURLE_OK, job->stage, said);
	if (code != CURLE_OK)
		smtp_problem(job->stage, said, answer.problem);
	finish(sender, job, &answer, NOTIFY_BY_SMTP);
}

/* ---- GOV.UK Notify ---- */

static bool start_http(struct sender *sender, struct job *job, const char *url)
{
	if (!start(sender, job, url, "http,https"))
		return false;
	curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
	if (!job->request.len)
		return true;
	curl_easy_setopt(job->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->request.len);
	curl_easy_setopt(job->easy, CURLOPT_POSTFIELDS, buf_cstr(&job->request));
	return true;
}

static bool start_govuk(struct sender *sender, struct job *job, enum job_kind kind,
			const char *path)
{
	char url[2 * SENDER_TEXT_MAX];
	struct buf token = buf_of(GOVUK_TOKEN_MAX);
	job->kind = kind;
	(void)snprintf(url, sizeof url, "%s%s", sender->config->govuk, path);
	bool fine = govuk_token(&sender->config->key, wall_now(), &token);
	if (fine)
		add_header(job, "Authorization: Bearer %s", buf_cstr(&token));
	add_header(job, "Content-Type: application/json");
	buf_clear(&token);
	return fine && start_http(sender, job, url);
}

static bool start_govuk_send(struct sender *sender, struct job *job)
{
	const struct notify_send *send = &job->message.send;
	char reference[17];
	govuk_reference(send->id, reference);
	job->request = buf_of(GOVUK_BODY_MAX);
	return govuk_body(send, sender->config->templates[send->channel], reference,
			  &job->request) &&
	       start_govuk(sender, job, JOB_GOVUK, govuk_path(send->channel));
}

/* What may have got through is looked for before it is sent again. */
static bool start_look_up(struct sender *sender, struct job *job)
{
	char reference[17], path[64];
	govuk_reference(job->message.send.id, reference);
	(void)snprintf(path, sizeof path, "/v2/notifications?reference=%s", reference);
	return start_govuk(sender, job, JOB_LOOK_UP, path);
}

static bool start_ask(struct sender *sender, struct job *job)
{
	char path[128];
	(void)snprintf(
	    path, sizeof path, "/v2/notifications/%.*s",
	    (int)(job->message.ask.provider_id.len < 64 ? job->message.ask.provider_id.len : 64),
	    job->message.ask.provider_id.at);
	return start_govuk(sender, job, JOB_ASK, path);
}

/* The same job, from the start: it keeps its place and its message. */
static bool start_again(struct sender *sender, struct job *job)
{
	curl_multi_remove_handle(sender->multi, job->easy);
	curl_easy_cleanup(job->easy);
	curl_slist_free_all(job->headers);
	buf_clear(&job->answer);
	buf_clear(&job->request);
	job->easy = NULL;
	job->headers = NULL;
	return start_govuk_send(sender, job);
}

static uint32_t retry_after(const struct job *job)
{
	curl_off_t seconds = 0;
	curl_easy_getinfo(job->easy, CURLINFO_RETRY_AFTER, &seconds);
	return seconds > 0 && seconds < 86400 ? (uint32_t)seconds : 0;
}

static void http_done(struct sender *sender, struct job *job, CURLcode code)
{
	static const struct govuk_answer NO_MEMORY = { .outcome = NOTIFY_LATER };
	struct str body = buf_view(&job->answer);
	struct govuk_answer answer;
	long status = 0;
	if (code == CURLE_OK)
		curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
	if (job->kind == JOB_ASK)
		answer = govuk_asked(status, body);
	else if (job->kind == JOB_LOOK_UP)
		answer = govuk_looked_up(status, body);
	else
		answer = govuk_sent(status, body, retry_after(job));
	if (job->kind != JOB_LOOK_UP || answer.outcome != NOTIFY_REFUSED)
		return finish(sender, job, &answer, NOTIFY_BY_GOVUK);
	if (!start_again(sender, job)) /* it is not there */
		finish(sender, job, &NO_MEMORY, NOTIFY_BY_GOVUK);
}

/* ---- posts to other systems ---- */

static bool start_post(struct sender *sender, struct job *job)
{
	const struct notify_post *post = &job->message.post;
	char url[HEADER_MAX];
	struct str lines = post->headers;
	job->kind = JOB_POST;
	if (post->url.len >= sizeof url)
		return false;
	(void)snprintf(url, sizeof url, "%.*s", STR_FMT(post->url));
	job->request = buf_of(NOTIFY_MESSAGE_MAX);
	buf_str(&job->request, post->body);
	add_header(job, "Content-Type: application/json");
	add_header(job, "Expect:");
	while (!str_empty(lines)) {
		struct str line = str_line(&lines);
		add_header(job, "%.*s", STR_FMT(line));
	}
	return start_http(sender, job, url);
}

/* 2xx: it has it.  410: nobody is there any more.  Anything else is tried again. */
static void post_done(struct sender *sender, struct job *job, CURLcode code)
{
	struct govuk_answer answer = { .outcome = NOTIFY_LATER };
	long status = 0;
	if (code == CURLE_OK)
		curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		answer.outcome = NOTIFY_TAKEN;
	else if (status == 410)
		answer.outcome = NOTIFY_REFUSED;
	answer.retry_after_s = code == CURLE_OK ? retry_after(job) : 0;
	if (job->refused_address)
		(void)snprintf(answer.problem, sizeof answer.problem, "PRIVATE_ADDRESS");
	else if (code != CURLE_OK)
		(void)snprintf(answer.problem, sizeof answer.problem, "NO_ANSWER_%d", (int)code);
	else if (answer.outcome != NOTIFY_TAKEN)
		(void)snprintf(answer.problem, sizeof answer.problem, "HTTP_%ld", status);
	finish(sender, job, &answer, NOTIFY_BY_NOBODY);
}

/* ---- in and out ---- */

static struct job *free_job(struct sender *sender)
{
	for (size_t i = 0; i < NOTIFY_IN_FLIGHT_MAX; i++)
		if (sender->jobs[i].kind == JOB_NONE)
			return &sender->jobs[i];
	return NULL;
}

/* One line each: what is told cannot make headers or commands of its own. */
static bool is_sendable(const struct notify_send *send)
{
	bool letter = send->channel == NOTIFY_LETTER;
	return !str_empty(send->to) && send->to.len < (letter ? LETTER_TO_MAX : TO_MAX) &&
	       !str_has_control(send->subject) && send->subject.len < 512 &&
	       (letter || !str_has_control(send->to)) && !str_has_control(send->calendar_method);
}

static bool start_send(struct sender *sender, struct job *job)
{
	const struct notify_send *send = &job->message.send;
	enum notify_provider provider = sender_hello(sender->config).providers[send->channel];
	if (provider == NOTIFY_BY_SMTP)
		return start_mail(sender, job);
	if (provider != NOTIFY_BY_GOVUK)
		return false;
	return send->doubt ? start_look_up(sender, job) : start_govuk_send(sender, job);
}

static bool start_any(struct sender *sender, struct job *job)
{
	if (job->message.type == NOTIFY_SEND)
		return start_send(sender, job);
	return job->message.type == NOTIFY_ASK ? start_ask(sender, job) : start_post(sender, job);
}

void sender_take(struct sender *sender, struct bytes datagram)
{
	static const struct govuk_answer REFUSED = { .outcome = NOTIFY_REFUSED,
						     .problem = "NOT_SENDABLE" };
	static const struct govuk_answer LATER = { .outcome = NOTIFY_LATER };
	struct job *job = free_job(sender);
	ASSERT(job);
	*job = (struct job){ .kind = JOB_MAIL, .datagram = mem_new(datagram.len + 1, 1) };
	memcpy(job->datagram, datagram.at, datagram.len);
	sender->job_count++;
	if (notify_message_decode(bytes_of(job->datagram, datagram.len), true, &job->message) !=
		OK ||
	    job->message.type == NOTIFY_WHO)
		return job_clear(sender, job);
	if (job->message.type == NOTIFY_SEND && !is_sendable(&job->message.send))
		return finish(sender, job, &REFUSED, NOTIFY_BY_NOBODY);
	if (!start_any(sender, job))
		finish(sender, job, &LATER, NOTIFY_BY_NOBODY);
}

static void job_done(struct sender *sender, struct job *job, CURLcode code)
{
	switch (job->kind) {
	case JOB_MAIL:
		return mail_done(sender, job, code);
	case JOB_LOOK_UP:
	case JOB_GOVUK:
	case JOB_ASK:
		return http_done(sender, job, code);
	case JOB_POST:
		return post_done(sender, job, code);
	case JOB_NONE:
		break;
	}
	ASSERT(false);
}

void sender_turn(struct sender *sender, int fd, int max_ms)
{
	struct curl_waitfd extra = { .fd = fd, .events = CURL_WAIT_POLLIN };
	bool listen = fd >= 0 && sender_has_room(sender);
	CURLMsg *message;
	int left;
	curl_multi_perform(sender->multi, &left);
	while ((message = curl_multi_info_read(sender->multi, &left))) {
		struct job *job = NULL;
		CURLcode code = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
		job_done(sender, job, code);
	}
	if (!sender->result_count)
		curl_multi_poll(sender->multi, &extra, listen ? 1 : 0, max_ms, NULL);
}
