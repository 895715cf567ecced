#include "recording/sealed.h"

#include "base/buf.h"
#include "fuzz.h"

/* The key of all seeds, each of which holds "one" and then "two". */
static const uint8_t key[SEALED_KEY_LEN] = {
	0xe3, 0xc5, 0xa2, 0x55, 0x2b, 0x10, 0x5e, 0xc4, 0x84, 0x84, 0x1c,
	0xe0, 0xd7, 0x57, 0xc6, 0xe3, 0xa4, 0x38, 0xfc, 0x38, 0x23, 0x13,
	0x11, 0x02, 0x1b, 0x35, 0xd9, 0x2d, 0x0e, 0x89, 0x56, 0x2d,
};
static const struct sealed_name name = { .visit = { 77 }, .segment = 5, .end = 1 };

/* Nobody who changes a file without its key makes it say anything else. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	uint8_t hash[RECORD_HASH_LEN];
	struct buf out = buf_of(4096);
	bool whole = true;
	enum err err = sealed_read(bytes_of(at, len), key, &name, &whole, &out);
	ASSERT(err == OK || err == ERR_DENIED);
	ASSERT(!whole || (err == OK && str_is(buf_view(&out), "onetwo")));
	ASSERT(out.len % 3 == 0 && strncmp(buf_cstr(&out), "onetwo", out.len) == 0);
	any(sealed_file_hash(bytes_of(at, len), hash));
	buf_clear(&out);
	return 0;
}
