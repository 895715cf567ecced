/*
 * hex.h - bytes as text: hex, base64url without padding, Crockford's base 32.
 */
#ifndef PVL_BASE_HEX_H
#define PVL_BASE_HEX_H

#include "base/bytes.h"
#include "base/str.h"

/* Lower-case hex; out has room for 2 * in.len + 1. */
void hex_encode(struct bytes in, char *out);
/* False unless s is exactly 2 * len hex digits. */
bool hex_decode(struct str s, uint8_t *out, size_t len);

/* RFC 4648 section 5 without padding; out has room for BASE64URL_ROOM(in.len). */
#define BASE64URL_ROOM(len) (((len)*4 + 2) / 3 + 1)
void base64url_encode(struct bytes in, char *out);
/* At most cap bytes into out, their number into *len; false for any other character. */
bool base64url_decode(struct str s, uint8_t *out, size_t cap, size_t *len);

#endif
