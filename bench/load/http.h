/*
 * http.h - requests of the load generator, one at a time, on kept connections.
 */
#ifndef PVL_BENCH_HTTP_H
#define PVL_BENCH_HTTP_H

#include <jansson.h>

#include "base/buf.h"

struct http_request {
	const char *method;
	const char *url;
	const char *headers[4]; /* ends with NULL */
	struct str body;
};

/* The status, 0 if there was no answer; *answer is emptied first. */
long http_send(const struct http_request *request, struct buf *answer);
/* The same with JSON both ways; NULL and a line on stderr unless 2xx.  body is given away, may be NULL. */
json_t *http_json(const char *method, const char *url, json_t *body);
void http_close(void);

#endif
