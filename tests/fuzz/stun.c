#include "wire/stun.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct stun_message m;
	struct stun_key key;
	if (stun_parse(bytes_of(at, len), &m))
		return 0;
	ASSERT(m.integrity_at + 24 <= len || m.integrity_at == 0);
	ASSERT(m.username.len <= STUN_USERNAME_MAX);
	any(stun_key_init(&key, bytes_from_text("VOkJxbRl1RmTxUk/WvJxBt")));
	(void)stun_verify(&m, &key);
	ASSERT(stun_username_local(&m).len <= m.username.len);
	stun_key_clear(&key);
	return 0;
}
