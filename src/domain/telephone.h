/*
 * telephone.h - the last way to hear each other: a number to call, and a code to enter.
 *
 * Both are rules of the prison.  A number is kept with its country's code (E.164,
 * ITU-T), and shown as people of the United Kingdom write it.  Pure.
 */
#ifndef PVL_DOMAIN_TELEPHONE_H
#define PVL_DOMAIN_TELEPHONE_H

#include "domain/policy.h"

enum {
	TELEPHONE_TEXT = 32, /* bytes, with the 0 */
};

struct telephone {
	int64_t number; /* 0: the prison has none */
	int64_t code;   /* 0: none is needed */
};

struct telephone telephone_of(const struct policy *policy);
/* "0330 123 4567", abroad "+33 1 23 …" without spaces; empty without a number. */
void telephone_shown(const struct telephone *telephone, char out[TELEPHONE_TEXT]);
/* "+443301234567", as a link has it (RFC 3966). */
void telephone_link(const struct telephone *telephone, char out[TELEPHONE_TEXT]);

#endif
