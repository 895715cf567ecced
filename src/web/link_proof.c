#include "web/link_proof.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "web/web.h"

enum {
	PROOF_LEN = 16, /* of HMAC-SHA-256's 32 bytes: 128 bits cannot be guessed */
	PROOF_TEXT_LEN = 2 * PROOF_LEN,
};

const char *link_proof(const struct page *page, const char *what)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char text[PROOF_TEXT_LEN + 1];
	crypto_auth_hmacsha256(mac, (const unsigned char *)what, strlen(what),
			       page->web->message_key);
	hex_encode(bytes_of(mac, PROOF_LEN), text);
	return arena_text(page->arena, str_from(text));
}

bool link_proof_holds(const struct page *page, const char *what, struct str proof)
{
	return bytes_equal_secret(bytes_of(proof.at, proof.len),
				  bytes_from_text(link_proof(page, what)));
}
