/*
 * multipart.h - multipart/form-data (RFC 7578) over a body at hand.
 */
#ifndef PVL_WEB_MULTIPART_H
#define PVL_WEB_MULTIPART_H

#include "base/bytes.h"
#include "base/str.h"

struct multipart {
	struct str rest;
	char line[80]; /* "--" and the boundary */
};

/* False: no boundary in the content type, or the body does not begin with it. */
bool multipart_open(struct multipart *m, struct str content_type, struct bytes body);
/* The next part, borrowed from the body; false: no more, or it has no end. */
bool multipart_next(struct multipart *m, struct str *name, struct str *value);

#endif
