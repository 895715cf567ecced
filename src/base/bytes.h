/*
 * bytes.h - borrowed bytes, and a reader that remembers that it ran over.
 *
 * struct bytes never owns what it points at.  struct reader is sticky: read
 * all fields, then ask reader_ok() once.  After an overrun every read gives 0
 * or empty bytes.  Numbers are big-endian (network order).
 */
#ifndef PVL_BASE_BYTES_H
#define PVL_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *at;
	size_t len;
};

struct bytes bytes_of(const void *at, size_t len);
struct bytes bytes_from_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
/* The same, in time that depends on the length alone. */
bool bytes_equal_secret(struct bytes a, struct bytes b);
/* Part of b; clipped to what is there. */
struct bytes bytes_slice(struct bytes b, size_t from, size_t len);

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool overrun;
};

struct reader reader_of(struct bytes b);
bool reader_ok(const struct reader *r);
size_t reader_left(const struct reader *r);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u24(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
struct bytes reader_take(struct reader *r, size_t len);
struct bytes reader_rest(struct reader *r);
void reader_skip(struct reader *r, size_t len);

/* Big-endian at a place whose length the caller has checked. */
uint16_t get_u16(const uint8_t *at);
uint32_t get_u24(const uint8_t *at);
uint32_t get_u32(const uint8_t *at);
uint64_t get_u64(const uint8_t *at);
void put_u16(uint8_t *at, uint16_t v);
void put_u24(uint8_t *at, uint32_t v);
void put_u32(uint8_t *at, uint32_t v);
void put_u64(uint8_t *at, uint64_t v);

#endif
