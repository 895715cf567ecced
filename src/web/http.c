#include "web/http.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "web/events.h"

enum {
	STREAM_BLOCK = 64 << 10, /* bytes that are made at once */
	LISTENERS = 2,
};

/* One TCP connection; in the list of its server from its first to its last byte. */
struct connection {
	struct connection *next;
	struct connection **place;
	struct http *http;
	int fd;
	struct mono since;         /* when it began to wait for a request */
	struct exchange *exchange; /* the one under way, or NULL */
};

struct listener {
	struct MHD_Daemon *daemon;
	struct watch watch;
	bool tls;
	struct http *http;
};

struct http {
	struct http_config config;
	struct loop *loop;
	struct listener listeners[LISTENERS];
	struct connection *connections;
	size_t connections_len;
	struct exchange *first; /* ready, in order */
	struct exchange **last;
	struct mono now;
	struct mono swept;
	bool answered; /* something is to be sent */
};

/* ---- connections ---- */

static void connection_begin(struct http *http, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *c = mem_new(1, sizeof(*c));
	*c = (struct connection){ .http = http,
				  .fd = info != NULL ? info->connect_fd : -1,
				  .since = http->now,
				  .next = http->connections,
				  .place = &http->connections };
	if (c->next != NULL)
		c->next->place = &c->next;
	http->connections = c;
	http->connections_len++;
	*context = c;
}

static void connection_end(struct http *http, struct connection *c)
{
	*c->place = c->next;
	if (c->next != NULL)
		c->next->place = c->place;
	http->connections_len--;
	free(c);
}

static void on_connection(void *owner, struct MHD_Connection *mhd, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct listener *listener = owner;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
		connection_begin(listener->http, mhd, context);
	else if (*context != NULL)
		connection_end(listener->http, *context);
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info != NULL ? info->socket_context : NULL;
}

/* ---- a request comes in ---- */

static enum method method_of(const char *name, bool *head)
{
	*head = strcmp(name, "HEAD") == 0;
	if (*head || strcmp(name, "GET") == 0)
		return METHOD_GET;
	if (strcmp(name, "POST") == 0)
		return METHOD_POST;
	if (strcmp(name, "PUT") == 0)
		return METHOD_PUT;
	if (strcmp(name, "PATCH") == 0)
		return METHOD_PATCH;
	return strcmp(name, "DELETE") == 0 ? METHOD_DELETE : METHOD_OTHER;
}

static void take_headers(struct exchange *x, struct MHD_Connection *mhd)
{
	for (int i = 0; i < HEADER_COUNT; i++) {
		const char *value =
		    MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, header_name((enum header)i));
		x->request.headers[i] = arena_str(&x->arena, str_from(value));
	}
}

/* An IPv4 address that came through an IPv6 socket is an IPv4 address. */
static struct address address_of(const struct sockaddr *from)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const struct sockaddr_in *four = (const void *)from;
	const struct sockaddr_in6 *six = (const void *)from;
	if (from->sa_family == AF_INET)
		return address_ipv4((const uint8_t *)&four->sin_addr, ntohs(four->sin_port));
	if (from->sa_family != AF_INET6)
		return (struct address){ 0 };
	if (memcmp(&six->sin6_addr, mapped, sizeof(mapped)) == 0)
		return address_ipv4(six->sin6_addr.s6_addr + 12, ntohs(six->sin6_port));
	return address_ipv6(six->sin6_addr.s6_addr, ntohs(six->sin6_port));
}

/* How often the headers stand there that say where a request goes and where it ends. */
struct framing {
	unsigned hosts;
	unsigned lengths;
	unsigned codings;
};

static enum MHD_Result count_header(void *owner, enum MHD_ValueKind kind, const char *name,
				    const char *value)
{
	struct framing *framing = owner;
	struct str key = str_from(name);
	(void)kind;
	(void)value;
	framing->hosts += str_equal_nocase(key, STR("Host"));
	framing->lengths += str_equal_nocase(key, STR("Content-Length"));
	framing->codings += str_equal_nocase(key, STR("Transfer-Encoding"));
	return MHD_YES;
}

/* RFC 9112 sections 3.2 and 6.3: a proxy before us might read such a request otherwise. */
static bool is_ambiguous(struct MHD_Connection *mhd)
{
	struct framing framing = { 0 };
	MHD_get_connection_values(mhd, MHD_HEADER_KIND, count_header, &framing);
	return framing.hosts > 1 || framing.lengths + framing.codings > 1;
}

/* All lines of it, in their order: a proxy may add one of its own. */
static enum MHD_Result add_forwarded(void *owner, enum MHD_ValueKind kind, const char *name,
				     const char *value)
{
	struct buf *all = owner;
	(void)kind;
	if (value != NULL && str_equal_nocase(str_from(name), STR("X-Forwarded-For")))
		buf_printf(all, "%s%s", all->len > 0 ? "," : "", value);
	return MHD_YES;
}

static void take_peer(struct exchange *x, struct MHD_Connection *mhd, const struct proxies *proxies)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info == NULL || info->client_addr == NULL)
		return;
	struct address from = address_of(info->client_addr);
	struct buf forwarded = buf_of(HTTP_HEADERS_MAX);
	MHD_get_connection_values(mhd, MHD_HEADER_KIND, add_forwarded, &forwarded);
	bool ours = proxies_know(proxies, &from);
	x->request.peer =
	    buf_ok(&forwarded) ? proxies_asker(proxies, &from, buf_view(&forwarded)) : from;
	x->request.through_others = !ours && forwarded.len > 0;
	const char *way = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "X-Forwarded-Proto");
	if (ours && way != NULL)
		x->request.tls = str_is(str_from(way), "https");
	buf_clear(&forwarded);
}

/* MHD decodes %xx in the path it hands over; ours comes raw from the request line. */
static void *on_uri(void *owner, const char *uri, struct MHD_Connection *mhd)
{
	struct listener *listener = owner;
	struct connection *c = connection_of(mhd);
	struct exchange *x = mem_new(1, sizeof(*x));
	struct str rest = str_from(uri);
	arena_init(&x->arena);
	x->request.arena = &x->arena;
	x->request.tls = listener->tls;
	x->request.path = arena_str(&x->arena, str_cut(&rest, '?'));
	x->request.query = arena_str(&x->arena, rest);
	x->server = listener;
	if (c != NULL) {
		c->exchange = x;
		c->since = listener->http->now;
	}
	return x;
}

static bool may_upload(struct http *http, int64_t account)
{
	size_t all = 0, theirs = 0;
	for (const struct connection *c = http->connections; c != NULL; c = c->next) {
		if (c->exchange == NULL || c->exchange->uploader == 0)
			continue;
		all++;
		theirs += c->exchange->uploader == account;
	}
	return account != 0 && all < HTTP_UPLOADS_MAX && theirs < HTTP_UPLOADS_PER_ACCOUNT;
}

static void begin_upload(struct http *http, struct exchange *x)
{
	int64_t account =
	    http->config.uploader != NULL ? http->config.uploader(http->config.owner, x) : 0;
	x->upload_refused = !may_upload(http, account);
	x->uploader = x->upload_refused ? 0 : account;
}

static void begin(struct exchange *x, struct MHD_Connection *mhd, const char *method)
{
	struct listener *listener = x->server;
	const struct http_config *config = &listener->http->config;
	x->request.method = method_of(method, &x->head);
	take_headers(x, mhd);
	x->ambiguous = is_ambiguous(mhd);
	take_peer(x, mhd, &config->proxies);
	x->match =
	    route_find(config->routes, config->routes_len, x->request.method, x->request.path);
	size_t max = x->match.route != NULL && x->match.route->body != BODY_NONE
			 ? route_body_max(x->match.route)
			 : 1024;
	if (max > ROUTE_BODY_UPLOAD)
		begin_upload(listener->http, x);
	x->body = buf_of(max + 1);
	x->connection = mhd;
}

static void take_body(struct exchange *x, const char *at, size_t len)
{
	if (x->upload_refused)
		return;
	if (x->body.len + len >= x->body.max)
		x->body_too_long = true;
	else
		buf_put(&x->body, at, len);
}

static void make_ready(struct http *http, struct exchange *x)
{
	x->request.body = buf_bytes(&x->body);
	x->state = EXCHANGE_READY;
	x->next = NULL;
	*http->last = x;
	http->last = &x->next;
	MHD_suspend_connection(x->connection);
}

/* ---- an answer goes out ---- */

static void on_wake(struct event_reader *reader)
{
	struct exchange *x = reader->connection;
	struct listener *listener = x->server;
	if (x->state == EXCHANGE_WAITING) {
		x->state = EXCHANGE_ANSWERED;
		listener->http->answered = true;
		MHD_resume_connection(x->connection);
	}
}

static ssize_t on_events(void *owner, uint64_t position, char *at, size_t cap)
{
	struct exchange *x = owner;
	struct listener *listener = x->server;
	struct event_reader *reader = x->response.events;
	(void)position;
	long len = event_reader_fill(reader, at, cap);
	if (len < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (len > 0) {
		reader->last = listener->http->now;
		return (ssize_t)len;
	}
	x->state = EXCHANGE_WAITING;
	MHD_suspend_connection(x->connection);
	return 0;
}

static ssize_t on_stream(void *owner, uint64_t position, char *at, size_t cap)
{
	struct exchange *x = owner;
	struct body_stream *stream = x->response.stream;
	(void)position;
	long len = stream->fill(stream, at, cap);
	if (len < 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return len > 0 ? (ssize_t)len : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *answer_of(struct exchange *x)
{
	struct response *r = &x->response;
	struct buf *body = &r->body;
	switch (r->kind) {
	case RESPONSE_STATIC:
		return MHD_create_response_from_buffer(r->fixed.len, (void *)(uintptr_t)r->fixed.at,
						       MHD_RESPMEM_PERSISTENT);
	case RESPONSE_EVENTS:
		r->events->connection = x;
		r->events->wake = on_wake;
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, on_events, x,
							 NULL);
	case RESPONSE_STREAM:
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream,
							 x, NULL);
	case RESPONSE_BODY:
	case RESPONSE_LATER:
		break;
	}
	/* The exchange outlives the sending of its body. */
	return MHD_create_response_from_buffer(body->len, body->len > 0 ? body->at : NULL,
					       MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(struct exchange *x)
{
	struct response *r = &x->response;
	struct MHD_Response *answer = answer_of(x);
	if (answer == NULL)
		return MHD_NO;
	if (x->ambiguous)
		MHD_add_response_header(answer, "Connection", "close");
	if (r->content_type != NULL)
		MHD_add_response_header(answer, "Content-Type", r->content_type);
	for (size_t i = 0; i < r->headers_len; i++)
		MHD_add_response_header(answer, r->headers[i].name, r->headers[i].value);
	enum MHD_Result sent = MHD_queue_response(x->connection, (unsigned)r->status, answer);
	MHD_destroy_response(answer);
	return sent;
}

static enum MHD_Result on_request(void *owner, struct MHD_Connection *mhd, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *len, void **context)
{
	struct listener *listener = owner;
	struct exchange *x = *context;
	(void)url;
	(void)version;
	if (x == NULL)
		return MHD_NO;
	if (x->connection == NULL) {
		begin(x, mhd, method);
		return MHD_YES;
	}
	if (*len > 0) {
		take_body(x, data, *len);
		*len = 0;
		return MHD_YES;
	}
	if (x->state == EXCHANGE_READING)
		make_ready(listener->http, x);
	else if (x->state == EXCHANGE_ANSWERED)
		return send_answer(x);
	return MHD_YES;
}

static void on_completed(void *owner, struct MHD_Connection *mhd, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct listener *listener = owner;
	struct exchange *x = *context;
	struct connection *c = connection_of(mhd);
	(void)code;
	*context = NULL;
	if (c != NULL) {
		c->exchange = NULL;
		c->since = listener->http->now;
	}
	if (x == NULL)
		return;
	if (x->response.kind == RESPONSE_EVENTS)
		event_reader_free(x->response.events);
	response_clear(&x->response);
	buf_clear(&x->body);
	arena_clear(&x->arena);
	free(x);
}

/* ---- the server ---- */

/* TLS 1.2 only with AEAD and keys that are forgotten: no RSA key exchange, no CBC, no SHA-1. */
static const char tls_priorities[] =
    "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-AES-128-CBC:-AES-256-CBC:"
    "-CAMELLIA-128-CBC:-CAMELLIA-256-CBC:-SHA1:%SERVER_PRECEDENCE";

static void on_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct listener *listener = watch->owner;
	(void)what;
	listener->http->now = now;
	MHD_run(listener->daemon);
}

static enum err listener_open(struct http *http, struct listener *listener,
			      const struct http_listener *config)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)config->key },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)config->cert },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	if (config->fd < 0)
		return OK;
	*listener = (struct listener){ .http = http, .tls = config->cert != NULL };
	if (listener->tls)
		flags |= MHD_USE_TLS;
	listener->daemon = MHD_start_daemon(
	    flags, 0, NULL, NULL, on_request, listener, MHD_OPTION_LISTEN_SOCKET, config->fd,
	    MHD_OPTION_URI_LOG_CALLBACK, on_uri, listener, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, listener, MHD_OPTION_NOTIFY_CONNECTION, on_connection, listener,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_PER_ADDRESS,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)HTTP_HEADERS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S,
	    MHD_OPTION_ARRAY, listener->tls ? tls : none, MHD_OPTION_END);
	if (listener->daemon == NULL)
		return ERR_SYS;
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	listener->watch =
	    (struct watch){ .fd = info->epoll_fd, .ready = on_ready, .owner = listener };
	return loop_watch(http->loop, &listener->watch, LOOP_READ);
}

enum err http_open(const struct http_config *config, struct loop *loop, struct http **out)
{
	struct http *http = mem_new(1, sizeof(*http));
	http->config = *config;
	http->loop = loop;
	http->last = &http->first;
	enum err err = listener_open(http, &http->listeners[0], &config->plain);
	if (err == OK)
		err = listener_open(http, &http->listeners[1], &config->tls);
	if (err != OK) {
		http_close(http);
		return err;
	}
	*out = http;
	return OK;
}

/* MHD wants every connection resumed before it stops. */
static void resume_all(struct http *http)
{
	for (struct connection *c = http->connections; c != NULL; c = c->next) {
		struct exchange *x = c->exchange;
		if (x == NULL || x->connection == NULL)
			continue;
		if (x->state == EXCHANGE_READY || x->state == EXCHANGE_WAITING ||
		    x->state == EXCHANGE_HANDLED)
			MHD_resume_connection(x->connection);
	}
}

void http_close(struct http *http)
{
	if (http == NULL)
		return;
	resume_all(http);
	for (size_t i = 0; i < LISTENERS; i++) {
		struct listener *listener = &http->listeners[i];
		if (listener->daemon == NULL)
			continue;
		loop_forget(http->loop, &listener->watch);
		MHD_stop_daemon(listener->daemon);
	}
	free(http);
}

struct exchange *http_next(struct http *http)
{
	struct exchange *x = http->first;
	if (x == NULL)
		return NULL;
	http->first = x->next;
	if (http->first == NULL)
		http->last = &http->first;
	x->next = NULL;
	return x;
}

void http_answer(struct http *http, struct exchange *x)
{
	x->state = EXCHANGE_ANSWERED;
	http->answered = true;
	MHD_resume_connection(x->connection);
}

static bool too_slow(const struct connection *c, struct mono now)
{
	const struct exchange *x = c->exchange;
	int64_t waited_us = mono_diff_us(now, c->since);
	if (x == NULL)
		return waited_us > HTTP_IDLE_S * 1000000LL;
	int64_t most_s = x->uploader != 0 ? HTTP_UPLOAD_S : HTTP_REQUEST_S;
	return x->state == EXCHANGE_READING && waited_us > most_s * 1000000LL;
}

/* A shut socket reads as closed by the other side: MHD then ends the connection itself. */
static void sweep(struct http *http, struct mono now)
{
	if (mono_diff_us(now, http->swept) < 1000000)
		return;
	http->swept = now;
	for (struct connection *c = http->connections; c != NULL; c = c->next)
		if (c->fd >= 0 && too_slow(c, now))
			shutdown(c->fd, SHUT_RDWR);
}

void http_flush(struct http *http, struct mono now)
{
	http->now = now;
	sweep(http, now);
	http->answered = false;
	for (size_t i = 0; i < LISTENERS; i++)
		if (http->listeners[i].daemon != NULL)
			MHD_run(http->listeners[i].daemon);
}

bool http_wakes(const struct http *http, struct mono now, struct mono *at)
{
	bool any = http->first != NULL || http->answered;
	*at = any ? now : MONO_NEVER;
	for (size_t i = 0; i < LISTENERS; i++) {
		MHD_UNSIGNED_LONG_LONG ms;
		if (http->listeners[i].daemon == NULL ||
		    MHD_get_timeout(http->listeners[i].daemon, &ms) != MHD_YES)
			continue;
		*at = mono_min(*at, mono_add_ms(now, ms > 60000 ? 60000 : (int64_t)ms));
		any = true;
	}
	return any;
}

void http_cut(struct http *http, int64_t viewing)
{
	for (struct connection *c = http->connections; c != NULL; c = c->next)
		if (viewing != 0 && c->fd >= 0 && c->exchange != NULL &&
		    c->exchange->viewing == viewing)
			shutdown(c->fd, SHUT_RDWR);
}

size_t http_connections(const struct http *http)
{
	return http->connections_len;
}
