/*
 * http.h - libmicrohttpd as values: requests out, answers in.
 *
 * Two listeners, plain HTTP on loopback and TLS for everybody, each with its
 * epoll in our loop.  A complete request is suspended and waits in http_next();
 * http_answer() lets its answer go.  Bounds: connections in all and for each
 * address, headers (HTTP_HEADERS_MAX), the body by its route, time to send a
 * request (HTTP_REQUEST_S) and to be idle (HTTP_IDLE_S).  Long bodies (photos)
 * are read for accounts alone, HTTP_UPLOADS_MAX at once and two of each: what
 * all others send is dropped as it comes.
 */
#ifndef PVL_WEB_HTTP_H
#define PVL_WEB_HTTP_H

#include "sys/loop.h"
#include "web/exchange.h"
#include "web/proxies.h"

enum {
	HTTP_CONNECTIONS_MAX = 4000,
	HTTP_CONNECTIONS_PER_ADDRESS = 600,
	HTTP_HEADERS_MAX =
	    32 << 10,        /* memory of a connection: request line, headers, answer's headers */
	HTTP_REQUEST_S = 20, /* a request must be complete by then */
	HTTP_IDLE_S = 60,
	HTTP_UPLOADS_MAX = 12,
	HTTP_UPLOADS_PER_ACCOUNT = 2,
	HTTP_UPLOAD_S = 300, /* 3 MB at 100 kbit/s */
};

struct http_listener {
	int fd;           /* listening socket, or -1: none */
	const char *cert; /* PEM; NULL: plain HTTP */
	const char *key;
};

struct http_config {
	struct http_listener plain;
	struct http_listener tls;
	const struct route_group *const *routes;
	size_t routes_len;
	struct log *log;
	struct proxies proxies;
	/* Whose long body this is, once its head is there; 0: nobody's who may. */
	int64_t (*uploader)(void *owner, struct exchange *x);
	void *owner;
};

struct http;

MUST_USE enum err http_open(const struct http_config *config, struct loop *loop, struct http **out);
/* Stops listening and drops what is open; what waits must have been answered. */
void http_close(struct http *http);
/* The next complete request; NULL: none now. */
struct exchange *http_next(struct http *http);
/* The exchange is http's again and ends when its answer has left. */
void http_answer(struct http *http, struct exchange *x);
/* Sends what was answered; drops the slow.  At the end of each turn. */
void http_flush(struct http *http, struct mono now);
/* When to run though nothing is ready. */
bool http_wakes(const struct http *http, struct mono now, struct mono *at);
/* What is on its way of that viewing (exchange.h) is cut off. */
void http_cut(struct http *http, int64_t viewing);
size_t http_connections(const struct http *http);

#endif
