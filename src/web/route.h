/*
 * route.h - which request goes to which handler, and who may send it.
 *
 * One row a route; there is no other way to reach a handler.  A request whose
 * role its row does not name gets (route_refusal):
 *   nobody signed in      303 to the sign-in page of that area; 401 for /api and for POST
 *   another kind of person 404: for them the page does not exist
 *   staff of another role  403, saying so
 * tests/web calls every row as every role and fails for a row it does not know.
 */
#ifndef PVL_WEB_ROUTE_H
#define PVL_WEB_ROUTE_H

#include "web/request.h"

enum {
	ROUTE_PARAMS_MAX = 4,
	ROUTE_BODY_MAX = 1 << 20, /* bytes, no row may name more */
};

/* Who may: a set of bits. */
enum who {
	WHO_ANYONE = 1 << 0, /* signed in or not */
	WHO_FAMILY = 1 << 1,
	WHO_CLERK = 1 << 2,   /* visits clerk: contacts, bookings, day sheet */
	WHO_OFFICER = 1 << 3, /* admits, watches and ends visits */
	WHO_GOVERNOR = 1 << 4,
	WHO_ADMIN = 1 << 5, /* of a prison: terminals, sessions, staff */
	WHO_HQ = 1 << 6,
	WHO_TERMINAL = 1 << 7, /* an enrolled terminal that has answered its challenge */
	WHO_PROOF = 1 << 8, /* the handler checks a proof in the request: token, signature, secret
				  address; without it, it answers 401 */
	WHO_LAB = 1 << 9,   /* exists only with --lab, and only for loopback */
	WHO_STAFF = WHO_CLERK | WHO_OFFICER | WHO_GOVERNOR | WHO_ADMIN | WHO_HQ,
};

enum route_body {
	BODY_NONE, /* a body is refused (415) */
	BODY_FORM, /* urlencoded or multipart; CSRF token in field "csrf" */
	BODY_JSON, /* application/json; with a cookie session: header X-CSRF-Token */
	BODY_SDP,  /* application/sdp or trickle-ice-sdpfrag, may be gzip */
};

enum route_flag {
	ROUTE_CACHE = 1 << 0,   /* sets its own Cache-Control; all others get no-store */
	ROUTE_API = 1 << 1,     /* errors are problem+json; appears in /api/openapi.json */
	ROUTE_NO_CSRF = 1 << 2, /* no cookie session counts here (WHO_PROOF, sign-in is NOT one) */
};

struct page;
typedef void page_handler(struct page *page);

struct route {
	enum method method;
	const char *path; /* "/visits/{reference}/cancel": {…} matches one part of it */
	unsigned who;
	enum route_body body;
	uint32_t body_max; /* bytes; 0: 16 KiB */
	unsigned flags;
	page_handler *handler;
};

/* One for each file of pages; routes.c lists them all. */
struct route_group {
	const struct route *rows;
	size_t len;
};

struct route_match {
	const struct route *route; /* NULL: nothing here */
	bool path_known;           /* another method would have matched: 405 */
	struct str params[ROUTE_PARAMS_MAX];
};

struct route_match route_find(const struct route_group *groups, size_t len, enum method method,
			      struct str path);
uint32_t route_body_max(const struct route *route);

#endif
