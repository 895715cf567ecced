#include "web/relay.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"

enum {
	SHA1_LEN = 20,
	SEAT_LEN = 8, /* bytes of its MAC: enough to tell seats apart */
};

static void hmac_sha1(const struct relay *relay, struct str text, uint8_t out[SHA1_LEN])
{
	unsigned len = 0;
	ASSERT(HMAC(EVP_sha1(), relay->secret, (int)strlen(relay->secret),
		    (const unsigned char *)text.at, text.len, out, &len) != NULL &&
	       len == SHA1_LEN);
}

struct relay_pass relay_pass_for(const struct relay *relay, struct str seat, struct wall until)
{
	struct relay_pass pass;
	uint8_t mac[SHA1_LEN];
	char who[2 * SEAT_LEN + 1];
	hmac_sha1(relay, seat, mac);
	hex_encode(bytes_of(mac, SEAT_LEN), who);
	snprintf(pass.name, sizeof(pass.name), "%lld:%s", (long long)until.s, who);
	hmac_sha1(relay, str_from(pass.name), mac);
	sodium_bin2base64(pass.password, sizeof(pass.password), mac, sizeof(mac),
			  sodium_base64_VARIANT_ORIGINAL);
	return pass;
}

bool relay_set_secret(struct relay *relay, struct str text)
{
	while (text.len > 0 && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r'))
		text.len--;
	if (text.len < TURN_SECRET_MIN || text.len > TURN_SECRET_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~')
			return false;
	memcpy(relay->secret, text.at, text.len);
	relay->secret[text.len] = '\0';
	return true;
}
