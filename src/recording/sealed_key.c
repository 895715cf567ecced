#include <string.h>

#include "base/mem.h"
#include "recording/sealed_priv.h"

enum {
	PLAIN_LEN = SEALED_KEY_LEN + 16, /* the key, then visit and segment */
};
_Static_assert(PLAIN_LEN + crypto_box_SEALBYTES == RECORD_SEALED_KEY_LEN, "ipc/record.h");
_Static_assert((int)RECORD_PUBLIC_KEY_LEN == (int)crypto_box_PUBLICKEYBYTES, "ipc/record.h");

void sealed_write_name(const struct sealed_name *name, uint8_t out[SEALED_NAME_LEN])
{
	put_u64(out, (uint64_t)name->visit.n);
	put_u64(out + 8, (uint64_t)name->segment);
	out[16] = name->end;
}

enum err sealed_key_wrap(const uint8_t key[SEALED_KEY_LEN], const struct sealed_name *name,
			 const uint8_t *public, uint8_t out[RECORD_SEALED_KEY_LEN])
{
	uint8_t plain[PLAIN_LEN], bound[SEALED_NAME_LEN];
	sealed_write_name(name, bound);
	memcpy(plain, key, SEALED_KEY_LEN);
	memcpy(plain + SEALED_KEY_LEN, bound, 16);
	int bad = crypto_box_seal(out, plain, sizeof plain, public);
	mem_wipe(plain, sizeof plain);
	return bad == 0 ? OK : ERR_CRYPTO;
}

enum err sealed_key_open(const uint8_t sealed[RECORD_SEALED_KEY_LEN],
			 const uint8_t public[RECORD_PUBLIC_KEY_LEN], const uint8_t *secret,
			 const struct sealed_name *name, uint8_t key[SEALED_KEY_LEN])
{
	uint8_t plain[PLAIN_LEN], bound[SEALED_NAME_LEN];
	sealed_write_name(name, bound);
	bool opens =
	    crypto_box_seal_open(plain, sealed, RECORD_SEALED_KEY_LEN, public, secret) == 0 &&
	    memcmp(plain + SEALED_KEY_LEN, bound, 16) == 0;
	if (opens)
		memcpy(key, plain, SEALED_KEY_LEN);
	mem_wipe(plain, sizeof plain);
	return opens ? OK : ERR_DENIED;
}
