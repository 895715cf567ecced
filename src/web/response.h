/*
 * response.h - what a handler answers: a value that http.c sends after the commit.
 *
 * Handlers rarely touch it; page.h has the usual answers.  Names and content
 * types are literals of the source; values are text of the request's arena and
 * hold no control characters (response_header drops the header otherwise).
 */
#ifndef PVL_WEB_RESPONSE_H
#define PVL_WEB_RESPONSE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum {
	RESPONSE_HEADERS_MAX = 12,
	RESPONSE_BODY_MAX =
	    8 << 20, /* bytes; a segment of a recording is the longest (recording/recorder.h) */
};

enum response_kind {
	RESPONSE_BODY,   /* status, headers, body */
	RESPONSE_STATIC, /* body is borrowed memory that outlives the server (assets) */
	RESPONSE_EVENTS, /* an event stream (events.h); the connection stays open */
	RESPONSE_STREAM, /* a body that is made while it is sent */
	RESPONSE_LATER,  /* no answer yet: page_later() */
};

struct response_header {
	const char *name;
	const char *value;
};

struct event_reader; /* events.h */

/* Called outside of turns: no database. */
struct body_stream {
	/* Copies what comes next, at most cap bytes; 0: that was all; -1: it failed, the connection ends. */
	long (*fill)(struct body_stream *stream, char *at, size_t cap);
	void (*free)(struct body_stream *stream);
};

struct response {
	enum response_kind kind;
	int status;
	const char *content_type;
	struct buf body;
	struct bytes fixed; /* of RESPONSE_STATIC */
	struct event_reader *events;
	struct body_stream *stream; /* of RESPONSE_STREAM; freed with the response */
	size_t headers_len;
	struct response_header headers[RESPONSE_HEADERS_MAX];
};

void response_init(struct response *response);
void response_clear(struct response *response);
/* Adds one; value is borrowed. */
void response_header(struct response *response, const char *name, const char *value);

#endif
