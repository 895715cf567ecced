/*
 * reference.h - the short name of a visit, as people read it out.
 *
 * Eight characters and a check character from Crockford's base 32 without the
 * vowels A and E, so that no word arises: 30^8 values.  The check is a weighted
 * sum modulo 31 (a prime above 30), so any one wrong character and any two
 * swapped ones are noticed.
 */
#ifndef PVL_DOMAIN_REFERENCE_H
#define PVL_DOMAIN_REFERENCE_H

#include "base/random.h"
#include "base/str.h"

enum {
	REFERENCE_LEN = 9,
	REFERENCE_SHOWN_LEN = 11, /* XXXX-XXXX-X */
};

struct reference {
	char text[REFERENCE_LEN + 1];
};

struct reference reference_new(struct random *random);
/* As people type it: either case, with hyphens and spaces, O for 0, I and L for 1. */
bool reference_of(struct str text, struct reference *out);
void reference_show(struct reference r, char out[REFERENCE_SHOWN_LEN + 1]);

#endif
