/*
 * buf.h - text or bytes that grow up to a maximum stated at birth.
 *
 * Sticky: append freely, ask buf_ok() once.  After the maximum is reached
 * nothing more is added and buf_ok() is false.  buf_clear() frees.
 */
#ifndef PVL_BASE_BUF_H
#define PVL_BASE_BUF_H

#include <stdarg.h>

#include "base/bytes.h"
#include "base/str.h"

struct buf {
	char *at; /* NUL-terminated whenever len > 0 */
	size_t len;
	size_t cap;
	size_t max;
	bool full;
};

struct buf buf_of(size_t max);
void buf_clear(struct buf *b);
/* Empties it, keeps its memory. */
void buf_reset(struct buf *b);
bool buf_ok(const struct buf *b);
void buf_put(struct buf *b, const void *at, size_t len);
/* Appends len bytes that the caller is to fill; NULL: no room. */
uint8_t *buf_extend(struct buf *b, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_text(struct buf *b, const char *text);
void buf_char(struct buf *b, char c);
/* With what HTML and SVG read as markup escaped, in text and in quoted attributes. */
void buf_escaped(struct buf *b, struct str s);
/* In decimal; many times faster than printf. */
void buf_int(struct buf *b, int64_t value);
__attribute__((format(printf, 2, 3))) void buf_printf(struct buf *b, const char *format, ...);
/* What was built, borrowed until the next change. */
struct str buf_view(const struct buf *b);
struct bytes buf_bytes(const struct buf *b);
/* NUL-terminated, "" if empty; borrowed. */
const char *buf_cstr(const struct buf *b);

#endif
