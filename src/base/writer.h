/*
 * writer.h - write into memory of a fixed size; remembers that it ran over.
 *
 * For packets and messages: nothing is allocated.  Sticky like the reader:
 * write everything, then ask writer_ok() once.  Numbers are big-endian.
 */
#ifndef PVL_BASE_WRITER_H
#define PVL_BASE_WRITER_H

#include "base/bytes.h"

struct writer {
	uint8_t *at; /* start of the memory */
	size_t cap;
	size_t len; /* written so far */
	bool overrun;
};

struct writer writer_of(void *at, size_t cap);
bool writer_ok(const struct writer *w);
struct bytes writer_bytes(const struct writer *w);
void writer_u8(struct writer *w, uint8_t v);
void writer_u16(struct writer *w, uint16_t v);
void writer_u24(struct writer *w, uint32_t v);
void writer_u32(struct writer *w, uint32_t v);
void writer_u64(struct writer *w, uint64_t v);
void writer_put(struct writer *w, struct bytes b);
void writer_zeros(struct writer *w, size_t len);

#endif
