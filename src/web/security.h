/*
 * security.h - headers, cookies and the proof that a form came from our own page.
 */
#ifndef PVL_WEB_SECURITY_H
#define PVL_WEB_SECURITY_H

#include "web/page.h"

enum {
	CSRF_KEY_LEN = 32,
};

/* Onto every answer: CSP without inline, COOP, CORP, no referrer, no-store …; HSTS over TLS. */
void security_headers(const struct request *request, const struct route *route,
		      struct response *response);

/* The session cookie's value, "" if none was sent. */
struct str session_cookie(const struct request *request);
/* value NULL ends it. */
void session_cookie_set(struct page *page, const char *value, bool strict);

/*
 * The token of forms for a person who is not signed in: HMAC of the guest
 * cookie, which is made if there is none.
 */
const char *guest_csrf(struct page *page, const uint8_t key[CSRF_KEY_LEN]);

/*
 * Whether a request that changes something comes from our own page: neither
 * Sec-Fetch-Site nor Origin names another site, and the token is the session's.
 */
bool csrf_good(const struct page *page, struct str token);

#endif
