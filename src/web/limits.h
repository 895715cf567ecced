/*
 * limits.h - how often somebody may try something; a table of fixed size.
 *
 * Token buckets.  Keys are hashed under a secret by the caller's map key, so
 * that nobody can choose two that fall together; where a row of the table is
 * full the bucket that restricts least gives way.
 */
#ifndef PVL_WEB_LIMITS_H
#define PVL_WEB_LIMITS_H

#include "base/address.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/str.h"

enum limit {
	LIMIT_SIGN_IN_ACCOUNT,  /* 10, then one in 90 s */
	LIMIT_SIGN_IN_PREFIX,   /* IPv4 /32, IPv6 /56: 60, then one in 2 s */
	LIMIT_SIGN_IN_ALL,      /* 200, then 20 a second */
	LIMIT_JOIN_PREFIX,      /* joins and offers: 120, then 2 a second */
	LIMIT_ACCOUNT_PREFIX,   /* new accounts: 20, then one a minute */
	LIMIT_ACCOUNT_ALL,      /* 200, then one a second */
	LIMIT_ENROL_PREFIX,     /* guesses at a terminal's code: 20, then one in 10 s */
	LIMIT_CHALLENGE_PREFIX, /* a terminal's questions: 120, then 4 a second */
	LIMIT_KEY,              /* questions of a machine: 600, then 20 a second */
	LIMIT_KEY_PREFIX,       /* keys that are none: 20, then one in 10 s */
	LIMIT_PAPER_ACCOUNT,    /* documents of one account: 30, then one in 5 s */
	LIMIT_PICTURE_ACCOUNT,  /* photos of one account: 20, then one in 30 s */
	LIMIT_LINK_PREFIX,      /* guesses at a link's code: 20, then one in 10 s */
	LIMIT_PIN_TERMINAL,     /* PINs typed at one terminal: 10, then one in 20 s */
	LIMIT_MOBILE_PREFIX,    /* codes sent to telephones: 10, then one in 10 min */
	LIMIT_MOBILE_ALL,       /* 100, then one in 10 s */
	LIMIT_COUNT,
};

struct limits;

struct limits *limits_new(struct random *random);
void limits_free(struct limits *limits);
/* Takes one token; false: none left. */
bool limits_take_name(struct limits *limits, enum limit limit, struct str name, struct mono now);
bool limits_take_address(struct limits *limits, enum limit limit, const struct address *address,
			 struct mono now);

#endif
