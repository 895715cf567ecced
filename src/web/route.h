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

#include "domain/role.h"
#include "web/request.h"

enum {
	ROUTE_PARAMS_MAX = 4,
	ROUTE_BODY_MAX = 11 << 20, /* bytes, no row may name more */
	ROUTE_BODY_UPLOAD =
	    1 << 20, /* more than this: only who is signed in, and few at once (http.h) */
};

/* Who may: a set of bits, one for each role of domain/role.h, and three more. */
#define WHO_BIT(role) (1u << (role))
#define WHO_ANYONE    WHO_BIT(ROLE_NOBODY) /* signed in or not */
#define WHO_FAMILY    WHO_BIT(ROLE_FAMILY)
#define WHO_GUEST     WHO_BIT(ROLE_GUEST) /* by a personal link, for one visit */
#define WHO_CLERK     WHO_BIT(ROLE_VISITS_CLERK)
#define WHO_MONITOR   WHO_BIT(ROLE_MONITOR)
#define WHO_CONTACTS  WHO_BIT(ROLE_CONTACTS_AUTHORISER)
#define WHO_GOVERNOR  WHO_BIT(ROLE_DUTY_GOVERNOR)
#define WHO_ADMIN     WHO_BIT(ROLE_PRISON_ADMIN)
#define WHO_HQ        (WHO_BIT(ROLE_HQ_ANALYST) | WHO_BIT(ROLE_HQ_ADMIN))
#define WHO_HQ_ADMIN  WHO_BIT(ROLE_HQ_ADMIN)
#define WHO_OPERATOR  WHO_BIT(ROLE_OPERATOR)
#define WHO_INSPECTOR WHO_BIT(ROLE_INSPECTOR)
/* All who work at one prison; and all who sign in as staff. */
#define WHO_PRISON    (WHO_CLERK | WHO_MONITOR | WHO_CONTACTS | WHO_GOVERNOR | WHO_ADMIN)
#define WHO_WATCH     (WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR) /* and act in a visit */
#define WHO_REBOOKS   (WHO_CLERK | WHO_GOVERNOR)               /* moves a visit to another time */
#define WHO_DAY       (WHO_PRISON | WHO_INSPECTOR) /* who is in prison today, and with whom */
#define WHO_WAYS      (WHO_REBOOKS | WHO_CONTACTS) /* how to reach who has no e-mail */
#define WHO_STAFF     (WHO_PRISON | WHO_HQ | WHO_OPERATOR | WHO_INSPECTOR)
/* The handler checks a proof in the request (token, signature, secret address) and answers 401 without one. */
#define WHO_PROOF     (1u << 30)
/* Exists only with --lab, and only for loopback. */
#define WHO_LAB       (1u << 31)

enum route_body {
	BODY_NONE, /* a body is refused (415) */
	BODY_FORM, /* urlencoded or multipart; CSRF token in field "csrf" */
	BODY_JSON, /* application/json; with a cookie session: header X-CSRF-Token */
	BODY_SDP,  /* application/sdp or trickle-ice-sdpfrag, may be gzip */
};

enum route_flag {
	ROUTE_CACHE = 1 << 0,   /* sets its own Cache-Control; all others get no-store */
	ROUTE_API = 1 << 1,     /* errors are problem+json; appears in /api/openapi.json */
	ROUTE_MAILBOX = 1 << 2, /* of WHO_LAB: exists with --mailbox, too */
	/*
	 * Whose data staff and machines read by it: the handler writes that look down (service/look.h).
	 * Every GET of ROUTE_API for staff has one of these, or one that says why nobody's.
	 */
	ROUTE_LOOK_PRISONER = 1 << 3,
	ROUTE_LOOK_VISIT = 1 << 4,
	ROUTE_LOOK_LIST = 1 << 5,
	ROUTE_NO_LOOK_NUMBERS = 1 << 6, /* counts, places, minutes, lamps: no person */
	ROUTE_NO_LOOK_RULES = 1 << 7,   /* of prisons; names those of staff alone who set them */
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

struct route_match route_find(const struct route_group *const *groups, size_t len,
			      enum method method, struct str path);
uint32_t route_body_max(const struct route *route);

#endif
