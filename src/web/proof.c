#include "web/proof.h"

#include "base/hex.h"
#include "web/web.h"

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

bool proof_taken(struct page *page, const json_t *body, struct actor *out)
{
	if (!limits_take_address(page->web->limits, LIMIT_CHALLENGE_PREFIX, &page->request->peer,
				 page->request->now)) {
		page_problem(page, 429, "too-many", "Wait a moment before the next try.");
		return false;
	}
	enum err err = proof_check(page, body, out);
	if (err == ERR_NOT_FOUND || err == ERR_DENIED)
		page_problem(page, 401, "proof", "The terminal's proof is not good.");
	else if (err != OK)
		page_failed(page, err);
	return err == OK;
}

json_t *proof_challenge(const uint8_t challenge[TERMINAL_CHALLENGE_LEN])
{
	char text[BASE64URL_ROOM(TERMINAL_CHALLENGE_LEN)];
	base64url_encode(bytes_of(challenge, TERMINAL_CHALLENGE_LEN), text);
	return json_string(text);
}

void proof_answer(struct page *page, const struct actor *terminal, json_t *value)
{
	uint8_t next[TERMINAL_CHALLENGE_LEN];
	enum err err = terminal_challenge(page->service, terminal->terminal, next);
	if (err != OK) {
		json_decref(value);
		return page_failed(page, err);
	}
	json_object_set_new(value, "next", proof_challenge(next));
	page_json(page, 200, value);
}

struct str proof_member(const json_t *body, const char *key)
{
	const json_t *value = json_object_get(body, key);
	return str_of(json_string_value(value), json_string_length(value));
}
