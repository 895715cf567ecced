#include "base/bytes.h"

#include <string.h>

struct bytes bytes_of(const void *at, size_t len)
{
	return (struct bytes){ .at = at, .len = len };
}

struct bytes bytes_from_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool bytes_equal_secret(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return false;
	uint8_t different = 0;
	for (size_t i = 0; i < a.len; i++)
		different |= (uint8_t)(a.at[i] ^ b.at[i]);
	return different == 0;
}

struct bytes bytes_slice(struct bytes b, size_t from, size_t len)
{
	if (from >= b.len)
		return bytes_of(b.at, 0);
	if (len > b.len - from)
		len = b.len - from;
	return bytes_of(b.at + from, len);
}

struct reader reader_of(struct bytes b)
{
	return (struct reader){ .at = b.at, .end = b.at + b.len };
}

bool reader_ok(const struct reader *r)
{
	return !r->overrun;
}

size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

/* The next len bytes, or NULL and overrun. */
static const uint8_t *advance(struct reader *r, size_t len)
{
	if (r->overrun || reader_left(r) < len) {
		r->overrun = true;
		r->at = r->end;
		return NULL;
	}
	const uint8_t *at = r->at;
	r->at += len;
	return at;
}

uint8_t reader_u8(struct reader *r)
{
	const uint8_t *at = advance(r, 1);
	return at ? *at : 0;
}

uint16_t reader_u16(struct reader *r)
{
	const uint8_t *at = advance(r, 2);
	return at ? get_u16(at) : 0;
}

uint32_t reader_u24(struct reader *r)
{
	const uint8_t *at = advance(r, 3);
	return at ? get_u24(at) : 0;
}

uint32_t reader_u32(struct reader *r)
{
	const uint8_t *at = advance(r, 4);
	return at ? get_u32(at) : 0;
}

uint64_t reader_u64(struct reader *r)
{
	const uint8_t *at = advance(r, 8);
	return at ? get_u64(at) : 0;
}

struct bytes reader_take(struct reader *r, size_t len)
{
	const uint8_t *at = advance(r, len);
	return at ? bytes_of(at, len) : bytes_of(r->end, 0);
}

struct bytes reader_rest(struct reader *r)
{
	return reader_take(r, reader_left(r));
}

void reader_skip(struct reader *r, size_t len)
{
	(void)advance(r, len);
}

uint16_t get_u16(const uint8_t *at)
{
	return (uint16_t)((at[0] << 8) | at[1]);
}

uint32_t get_u24(const uint8_t *at)
{
	return ((uint32_t)at[0] << 16) | ((uint32_t)at[1] << 8) | at[2];
}

uint32_t get_u32(const uint8_t *at)
{
	return ((uint32_t)get_u16(at) << 16) | get_u16(at + 2);
}

uint64_t get_u64(const uint8_t *at)
{
	return ((uint64_t)get_u32(at) << 32) | get_u32(at + 4);
}

void put_u16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

void put_u24(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 16);
	put_u16(at + 1, (uint16_t)v);
}

void put_u32(uint8_t *at, uint32_t v)
{
	put_u16(at, (uint16_t)(v >> 16));
	put_u16(at + 2, (uint16_t)v);
}

void put_u64(uint8_t *at, uint64_t v)
{
	put_u32(at, (uint32_t)(v >> 32));
	put_u32(at + 4, (uint32_t)v);
}
