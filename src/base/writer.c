#include "base/writer.h"

#include <string.h>

struct writer writer_of(void *at, size_t cap)
{
	return (struct writer){ .at = at, .cap = cap };
}

bool writer_ok(const struct writer *w)
{
	return !w->overrun;
}

struct bytes writer_bytes(const struct writer *w)
{
	return bytes_of(w->at, w->overrun ? 0 : w->len);
}

/* Room for len more bytes, or NULL and overrun. */
static uint8_t *reserve(struct writer *w, size_t len)
{
	if (w->overrun || w->cap - w->len < len) {
		w->overrun = true;
		return NULL;
	}
	uint8_t *at = w->at + w->len;
	w->len += len;
	return at;
}

void writer_u8(struct writer *w, uint8_t v)
{
	uint8_t *at = reserve(w, 1);
	if (at)
		*at = v;
}

void writer_u16(struct writer *w, uint16_t v)
{
	uint8_t *at = reserve(w, 2);
	if (at)
		put_u16(at, v);
}

void writer_u24(struct writer *w, uint32_t v)
{
	uint8_t *at = reserve(w, 3);
	if (at)
		put_u24(at, v);
}

void writer_u32(struct writer *w, uint32_t v)
{
	uint8_t *at = reserve(w, 4);
	if (at)
		put_u32(at, v);
}

void writer_u64(struct writer *w, uint64_t v)
{
	uint8_t *at = reserve(w, 8);
	if (at)
		put_u64(at, v);
}

void writer_put(struct writer *w, struct bytes b)
{
	uint8_t *at = reserve(w, b.len);
	if (at && b.len)
		memcpy(at, b.at, b.len);
}

void writer_zeros(struct writer *w, size_t len)
{
	uint8_t *at = reserve(w, len);
	if (at)
		memset(at, 0, len);
}
