/*
 * session.h - who sends this request: the cookie, its session, its CSRF token.
 *
 * The cookie is "__Host-pvl" over TLS and "pvl" on plain localhost; HttpOnly,
 * SameSite=Lax, Strict for staff and terminals.  It holds 32 random bytes in
 * base64url; the store knows only their SHA-256.  A visitor who is not signed
 * in gets one too when a form needs a CSRF token.
 */
#ifndef PVL_WEB_SESSION_H
#define PVL_WEB_SESSION_H

#include "base/clock.h"
#include "base/id.h"
#include "base/str.h"

enum session_kind {
	SESSION_NONE, /* not signed in */
	SESSION_FAMILY,
	SESSION_STAFF,
	SESSION_TERMINAL,
};

enum {
	SESSION_TOKEN_BYTES = 32,
	SESSION_CSRF_ROOM = 44, /* base64url of 32 bytes, NUL */
	SESSION_PRISON_ROOM = 8,
};

struct session {
	enum session_kind kind;
	unsigned who; /* its bits of enum who (route.h), WHO_ANYONE always */
	struct account_id account;
	struct terminal_id terminal;
	char prison[SESSION_PRISON_ROOM]; /* of staff and terminals, e.g. "WII" */
	char csrf[SESSION_CSRF_ROOM];
	uint8_t key[32]; /* SHA-256 of the cookie; the row's key */
};

#endif
