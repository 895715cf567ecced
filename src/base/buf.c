#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct buf buf_of(size_t max)
{
	return (struct buf){ .max = max };
}

void buf_clear(struct buf *b)
{
	free(b->at);
	*b = buf_of(b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->at)
		b->at[0] = '\0';
}

bool buf_ok(const struct buf *b)
{
	return !b->full;
}

/* Room for len more bytes and a NUL. */
static bool reserve(struct buf *b, size_t len)
{
	if (b->full || len > b->max - b->len) {
		b->full = true;
		return false;
	}
	size_t need = b->len + len + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap * 2 : 256;
	if (cap < need)
		cap = need;
	b->at = mem_resize(b->at, cap, 1);
	b->cap = cap;
	return true;
}

void buf_put(struct buf *b, const void *at, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len)
		memcpy(b->at + b->len, at, len);
	b->len += len;
	b->at[b->len] = '\0';
}

uint8_t *buf_extend(struct buf *b, size_t len)
{
	if (!reserve(b, len))
		return NULL;
	uint8_t *at = (uint8_t *)b->at + b->len;
	b->len += len;
	b->at[b->len] = '\0';
	return at;
}

void buf_str(struct buf *b, struct str s)
{
	buf_put(b, s.at, s.len);
}

void buf_text(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void buf_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char *escape = escape_of(s.at[i]);
		if (escape)
			buf_text(b, escape);
		else
			buf_char(b, s.at[i]);
	}
}

void buf_int(struct buf *b, int64_t value)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (value < 0)
		digits[--at] = '-';
	buf_put(b, digits + at, sizeof digits - at);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0 || !reserve(b, (size_t)len)) {
		b->full = true;
		return;
	}
	va_start(args, format);
	(void)vsnprintf(b->at + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += (size_t)len;
}

struct str buf_view(const struct buf *b)
{
	return str_of(b->len ? b->at : "", b->len);
}

struct bytes buf_bytes(const struct buf *b)
{
	return bytes_of(b->at, b->len);
}

const char *buf_cstr(const struct buf *b)
{
	return b->len ? b->at : "";
}
