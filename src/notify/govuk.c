#include "notify/govuk.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"

enum {
	MAC_LEN = 32,
	JSON_MAX = 256,
	TOO_MANY_S = 60,       /* its limit is by the minute … */
	TOO_MANY_DAY_S = 3600, /* … and by the day */
};

/* ---- the key and the token ---- */

static bool is_uuid(struct str text)
{
	if (text.len != GOVUK_ID_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text.at[i] != '-' : !memchr("0123456789abcdefABCDEF", text.at[i], 22))
			return false;
	}
	return true;
}

bool govuk_key_of(struct str text, struct govuk_key *out)
{
	struct str key = str_trim(text);
	if (key.len < 2 * GOVUK_ID_LEN + 1)
		return false;
	struct str secret = str_of(key.at + key.len - GOVUK_ID_LEN, GOVUK_ID_LEN);
	struct str service = str_of(key.at + key.len - 2 * GOVUK_ID_LEN - 1, GOVUK_ID_LEN);
	if (!is_uuid(secret) || !is_uuid(service) || secret.at[-1] != '-')
		return false;
	(void)snprintf(out->service, sizeof out->service, "%.*s", STR_FMT(service));
	(void)snprintf(out->secret, sizeof out->secret, "%.*s", STR_FMT(secret));
	return true;
}

static void put_base64url(struct buf *out, const void *at, size_t len)
{
	char text[BASE64URL_ROOM(JSON_MAX)];
	ASSERT(len <= JSON_MAX);
	base64url_encode(bytes_of(at, len), text);
	buf_text(out, text);
}

bool govuk_token(const struct govuk_key *key, struct wall now, struct buf *out)
{
	static const char HEADER[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
	char claims[JSON_MAX];
	unsigned char mac[MAC_LEN];
	int len = snprintf(claims, sizeof claims, "{\"iss\":\"%s\",\"iat\":%lld}", key->service,
			   (long long)now.s);
	buf_reset(out);
	put_base64url(out, HEADER, sizeof HEADER - 1);
	buf_char(out, '.');
	put_base64url(out, claims, (size_t)len);
	struct str signed_part = buf_view(out);
	if (!buf_ok(out) ||
	    !HMAC(EVP_sha256(), key->secret, GOVUK_ID_LEN, (const unsigned char *)signed_part.at,
		  signed_part.len, mac, NULL))
		return false;
	buf_char(out, '.');
	put_base64url(out, mac, sizeof mac);
	return buf_ok(out);
}

/* ---- what is sent ---- */

const char *govuk_path(enum notify_channel channel)
{
	static const char *const PATHS[NOTIFY_CHANNEL_COUNT] = {
		[NOTIFY_EMAIL] = "/v2/notifications/email",
		[NOTIFY_SMS] = "/v2/notifications/sms",
		[NOTIFY_LETTER] = "/v2/notifications/letter",
	};
	return PATHS[channel];
}

void govuk_reference(uint64_t id, char out[17])
{
	(void)snprintf(out, 17, "%016llx", (unsigned long long)id);
}

static json_t *text_of(struct str s)
{
	return json_stringn(s.at ? s.at : "", s.len);
}

/* address_line_1 … address_line_7 */
static void put_address(json_t *personal, struct str lines)
{
	for (int i = 1; i <= GOVUK_ADDRESS_LINES && !str_empty(lines); i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "address_line_%d", i);
		json_object_set_new(personal, name, text_of(str_line(&lines)));
	}
}

bool govuk_body(const struct notify_send *send, const char *template_id, const char *reference,
		struct buf *out)
{
	json_t *personal = json_object(), *body = json_object();
	json_object_set_new(personal, "subject", text_of(send->subject));
	json_object_set_new(personal, "body", text_of(send->text));
	if (send->channel == NOTIFY_EMAIL)
		json_object_set_new(body, "email_address", text_of(send->to));
	else if (send->channel == NOTIFY_SMS)
		json_object_set_new(body, "phone_number", text_of(send->to));
	else
		put_address(personal, send->to);
	json_object_set_new(body, "template_id", json_string(template_id));
	json_object_set_new(body, "personalisation", personal);
	json_object_set_new(body, "reference", json_string(reference));
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (!text)
		return false; /* not UTF-8 */
	buf_text(out, text);
	free(text);
	return buf_ok(out);
}

/* ---- what is answered ---- */

static void take_id(const json_t *of, char out[GOVUK_ID_LEN + 1])
{
	struct str id = str_from(json_string_value(json_object_get(of, "id")));
	if (is_uuid(id))
		(void)snprintf(out, GOVUK_ID_LEN + 1, "%.*s", STR_FMT(id));
}

static json_t *parse(struct str body)
{
	return json_loadb(body.at ? body.at : "", body.len, JSON_REJECT_DUPLICATES, NULL);
}

static const json_t *first_error(const json_t *answer)
{
	return json_array_get(json_object_get(answer, "errors"), 0);
}

static bool says(const json_t *error, const char *member, const char *part)
{
	const char *text = json_string_value(json_object_get(error, member));
	return text && strstr(text, part);
}

static struct govuk_answer later(long status, uint32_t wait_s)
{
	struct govuk_answer answer = { .outcome = NOTIFY_LATER, .retry_after_s = wait_s };
	if (status)
		(void)snprintf(answer.problem, sizeof answer.problem, "NOTIFY_%ld", status);
	else
		(void)snprintf(answer.problem, sizeof answer.problem, "NOTIFY_NO_ANSWER");
	return answer;
}

/* 400 is about what was sent: whom to, or what. */
static struct govuk_answer refused(const json_t *error)
{
	struct govuk_answer answer = { .outcome = NOTIFY_REFUSED };
	bool address = says(error, "message", "email_address") ||
		       says(error, "message", "phone_number") ||
		       says(error, "message", "address_line");
	if (address)
		answer.outcome = NOTIFY_BOUNCED;
	(void)snprintf(answer.problem, sizeof answer.problem, "NOTIFY_400%s",
		       address ? "_ADDRESS" : "");
	return answer;
}

struct govuk_answer govuk_sent(long status, struct str body, uint32_t retry_after)
{
	struct govuk_answer answer = { .outcome = NOTIFY_TAKEN };
	json_t *json = parse(body);
	const json_t *error = first_error(json);
	if (status == 201)
		take_id(json, answer.id);
	if (status == 201 && !answer.id[0])
		answer = later(status, 0);
	else if (status == 429)
		answer = later(status, retry_after                               ? retry_after
				       : says(error, "error", "TooManyRequests") ? TOO_MANY_DAY_S
										 : TOO_MANY_S);
	else if (status == 400)
		answer = refused(error);
	else if (status != 201)
		answer = later(status, retry_after);
	json_decref(json);
	return answer;
}

/* Of one notification. */
static struct govuk_answer become(const json_t *of)
{
	static const struct {
		const char *status;
		enum notify_outcome outcome;
	} ALL[] = {
		{ "delivered", NOTIFY_DELIVERED },       { "received", NOTIFY_DELIVERED },
		{ "permanent-failure", NOTIFY_BOUNCED }, { "temporary-failure", NOTIFY_REFUSED },
		{ "technical-failure", NOTIFY_REFUSED }, { "virus-scan-failed", NOTIFY_REFUSED },
		{ "validation-failed", NOTIFY_REFUSED }, { "cancelled", NOTIFY_REFUSED },
	};
	struct govuk_answer answer = { .outcome = NOTIFY_TAKEN };
	struct str status = str_from(json_string_value(json_object_get(of, "status")));
	take_id(of, answer.id);
	for (size_t i = 0; i < ARRAY_LEN(ALL); i++) {
		if (!str_is(status, ALL[i].status))
			continue;
		answer.outcome = ALL[i].outcome;
		if (answer.outcome != NOTIFY_DELIVERED)
			(void)snprintf(answer.problem, sizeof answer.problem, "NOTIFY_%.*s",
				       STR_FMT(status));
	}
	return answer;
}

struct govuk_answer govuk_asked(long status, struct str body)
{
	json_t *json = parse(body);
	struct govuk_answer answer = status == 200 ? become(json) : later(status, 0);
	json_decref(json);
	return answer;
}

struct govuk_answer govuk_looked_up(long status, struct str body)
{
	json_t *json = parse(body);
	const json_t *all = json_object_get(json, "notifications");
	struct govuk_answer answer = later(status, 0);
	if (status == 200 && json_is_array(all)) {
		answer = json_array_size(all) ? become(json_array_get(all, 0))
					      : (struct govuk_answer){ .outcome = NOTIFY_REFUSED };
		if (answer.id[0])
			answer.outcome = NOTIFY_TAKEN; /* what became of it is asked later */
	}
	json_decref(json);
	return answer;
}
