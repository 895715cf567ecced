/*
 * request.h - an HTTP request as our code sees it: values, no socket.
 *
 * Everything is borrowed from the request's arena, which lives until the answer
 * has left.  The body is complete and within the maximum of its route.
 */
#ifndef PVL_WEB_REQUEST_H
#define PVL_WEB_REQUEST_H

#include "base/address.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OTHER, /* answered 405; HEAD is handled as GET and its body is left out */
};

/* The headers that somebody here reads; all others are dropped unread. */
enum header {
	HEADER_ACCEPT,
	HEADER_ACCEPT_LANGUAGE,
	HEADER_AUTHORIZATION,
	HEADER_CONTENT_ENCODING,
	HEADER_CONTENT_TYPE,
	HEADER_COOKIE,
	HEADER_CSRF,      /* X-CSRF-Token */
	HEADER_ENCODINGS, /* Accept-Encoding */
	HEADER_HOST,
	HEADER_IF_MATCH,
	HEADER_IF_NONE_MATCH,
	HEADER_LAST_EVENT_ID,
	HEADER_ORIGIN,
	HEADER_PVL_CLIENT,
	HEADER_RANGE,
	HEADER_REQUEST_ID,
	HEADER_SEC_FETCH_MODE,
	HEADER_SEC_FETCH_SITE,
	HEADER_COUNT,
};

struct request {
	enum method method;
	bool tls;         /* between whoever asks and us, or a proxy of ours */
	struct str path;  /* undecoded, without the query; routes hold only plain characters */
	struct str query; /* raw, without '?' */
	struct str headers[HEADER_COUNT]; /* empty: not sent */
	struct bytes body;
	struct address
	    peer; /* who asks; behind proxies of ours (web/proxies.h) the one before them */
	bool through_others; /* a proxy that is none of ours says that it asks for somebody */
	struct wall at;      /* of the loop turn that handles it */
	struct mono now;
	struct arena *arena;
};

/* The name as it stands on the wire. */
const char *header_name(enum header header);
/* A cookie's value; empty if it was not sent. */
struct str request_cookie(const struct request *request, const char *name);
/* A value of the query, decoded (application/x-www-form-urlencoded); empty if absent or not UTF-8. */
struct str request_query(const struct request *request, const char *name);
/* The token of "Authorization: Bearer …"; empty if there is none. */
struct str request_bearer(const struct request *request);

#endif
