#include "web/proof.h"

#include "base/hex.h"
#include "service/terminal.h"

static bool decode(const json_t *body, const char *key, uint8_t *out, size_t want)
{
	size_t len;
	const char *text = json_string_value(json_object_get(body, key));
	return text != NULL && base64url_decode(str_from(text), out, want, &len) && len == want;
}

enum err proof_check(struct page *page, const json_t *body, struct actor *out)
{
	uint8_t challenge[TERMINAL_CHALLENGE_LEN], signature[TERMINAL_SIGNATURE_LEN];
	const char *terminal = json_string_value(json_object_get(body, "terminal"));
	uint64_t id;
	if (terminal == NULL)
		return ERR_NOT_FOUND;
	if (!str_u64(str_from(terminal), INT64_MAX, &id) ||
	    !decode(body, "challenge", challenge, sizeof(challenge)) ||
	    !decode(body, "signature", signature, sizeof(signature)))
		return ERR_BAD;
	return terminal_prove(page->service, (struct terminal_id){ (int64_t)id },
			      bytes_of(challenge, sizeof(challenge)),
			      bytes_of(signature, sizeof(signature)), out);
}
