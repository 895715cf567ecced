#include "notify/govuk.h"

#include <jansson.h>
#include <string.h>

#include "base/hex.h"
#include "tests/unit/check.h"

#define SERVICE "26785a09-ab16-4eb0-8407-a37497a57506"
#define SECRET  "3d844edf-8d35-48ac-975b-e847b4f122b0"
#define ID      "740e5834-3a29-46b4-9a6f-16142fde533a"

static void a_key_is_taken_apart_from_its_end(void **state)
{
	(void)state;
	struct govuk_key key;
	CHECK(govuk_key_of(STR("my-live-key-" SERVICE "-" SECRET "\n"), &key));
	CHECK(strcmp(key.service, SERVICE) == 0 && strcmp(key.secret, SECRET) == 0);
	CHECK(govuk_key_of(STR(SERVICE "-" SECRET), &key));
	CHECK(!govuk_key_of(STR(SERVICE "_" SECRET), &key));
	CHECK(!govuk_key_of(STR(SECRET), &key));
	CHECK(!govuk_key_of(STR(""), &key));
}

/* The signature was made with Node's crypto for the same claims. */
static void a_token_is_signed_as_others_sign_it(void **state)
{
	(void)state;
	struct govuk_key key;
	struct buf token = buf_of(GOVUK_TOKEN_MAX);
	CHECK(govuk_key_of(STR("k-" SERVICE "-" SECRET), &key));
	CHECK(govuk_token(&key, (struct wall){ 1568818578 }, &token));
	struct str rest = buf_view(&token);
	struct str head = str_cut(&rest, '.'), claims = str_cut(&rest, '.');
	uint8_t text[256];
	size_t len;
	CHECK(base64url_decode(head, text, sizeof text, &len));
	CHECK(str_is(str_of((char *)text, len), "{\"typ\":\"JWT\",\"alg\":\"HS256\"}"));
	CHECK(base64url_decode(claims, text, sizeof text, &len));
	CHECK(str_is(str_of((char *)text, len), "{\"iss\":\"" SERVICE "\",\"iat\":1568818578}"));
	CHECK(str_is(rest, "YT_aQYNif0l3HaPwy62Cj9g0qsYzjnj1K5pLwkELiFw"));
	buf_clear(&token);
}

static void what_it_answers_is_understood(void **state)
{
	(void)state;
	static const struct {
		long status;
		const char *body;
		uint32_t retry;
		enum notify_outcome outcome;
		uint32_t wait;
		const char *problem;
	} CASES[] = {
		{ 201, "{\"id\":\"" ID "\"}", 0, NOTIFY_TAKEN, 0, "" },
		{ 201, "{}", 0, NOTIFY_LATER, 0, "NOTIFY_201" },
		{ 201, "{\"id\":\"../../x\"}", 0, NOTIFY_LATER, 0, "NOTIFY_201" },
		{ 429, "{\"errors\":[{\"error\":\"RateLimitError\"}]}", 0, NOTIFY_LATER, 60,
		  "NOTIFY_429" },
		{ 429, "{\"errors\":[{\"error\":\"RateLimitError\"}]}", 7, NOTIFY_LATER, 7,
		  "NOTIFY_429" },
		{ 429, "{\"errors\":[{\"error\":\"TooManyRequestsError\"}]}", 0, NOTIFY_LATER, 3600,
		  "NOTIFY_429" },
		{ 400, "{\"errors\":[{\"message\":\"email_address Not a valid email address\"}]}",
		  0, NOTIFY_BOUNCED, 0, "NOTIFY_400_ADDRESS" },
		{ 400, "{\"errors\":[{\"message\":\"Missing personalisation: x\"}]}", 0,
		  NOTIFY_REFUSED, 0, "NOTIFY_400" },
		{ 403, "{}", 0, NOTIFY_LATER, 0, "NOTIFY_403" },
		{ 500, "<html>", 0, NOTIFY_LATER, 0, "NOTIFY_500" },
		{ 0, "", 0, NOTIFY_LATER, 0, "NOTIFY_NO_ANSWER" },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		struct govuk_answer a =
		    govuk_sent(CASES[i].status, str_from(CASES[i].body), CASES[i].retry);
		CHECK(a.outcome == CASES[i].outcome && a.retry_after_s == CASES[i].wait);
		CHECK(strcmp(a.problem, CASES[i].problem) == 0);
		CHECK((a.outcome == NOTIFY_TAKEN) == (a.id[0] != 0));
	}
}

static void what_became_of_it_is_understood(void **state)
{
	(void)state;
	static const struct {
		const char *status;
		enum notify_outcome outcome;
	} CASES[] = {
		{ "created", NOTIFY_TAKEN },
		{ "sending", NOTIFY_TAKEN },
		{ "delivered", NOTIFY_DELIVERED },
		{ "received", NOTIFY_DELIVERED },
		{ "permanent-failure", NOTIFY_BOUNCED },
		{ "temporary-failure", NOTIFY_REFUSED },
		{ "technical-failure", NOTIFY_REFUSED },
		{ "something new", NOTIFY_TAKEN },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
		char body[200];
		(void)snprintf(body, sizeof body, "{\"id\":\"" ID "\",\"status\":\"%s\"}",
			       CASES[i].status);
		CHECK(govuk_asked(200, str_from(body)).outcome == CASES[i].outcome);
	}
	CHECK(govuk_asked(404, STR("{}")).outcome == NOTIFY_LATER);
	CHECK(govuk_asked(200, STR("[")).outcome == NOTIFY_TAKEN);
}

static void what_is_there_already_is_not_sent_again(void **state)
{
	(void)state;
	struct govuk_answer a = govuk_looked_up(
	    200, STR("{\"notifications\":[{\"id\":\"" ID "\",\"status\":\"permanent-failure\"}]}"));
	CHECK(a.outcome == NOTIFY_TAKEN && strcmp(a.id, ID) == 0);
	CHECK(govuk_looked_up(200, STR("{\"notifications\":[]}")).outcome == NOTIFY_REFUSED);
	CHECK(govuk_looked_up(200, STR("{}")).outcome == NOTIFY_LATER);
	CHECK(govuk_looked_up(429, STR("{}")).outcome == NOTIFY_LATER);
}

static void each_channel_has_its_body(void **state)
{
	(void)state;
	struct notify_send send = { .id = 1,
				    .to = STR("1 High Street\nLeeds\nLS1 1AA"),
				    .subject = STR("S"),
				    .text = STR("T \"quoted\"") };
	for (unsigned c = 0; c < NOTIFY_CHANNEL_COUNT; c++) {
		struct buf body = buf_of(GOVUK_BODY_MAX);
		send.channel = (enum notify_channel)c;
		CHECK(govuk_body(&send, ID, "r", &body));
		json_t *json = json_loadb(body.at, body.len, 0, NULL);
		const json_t *personal = json_object_get(json, "personalisation");
		CHECK(str_is(str_from(json_string_value(json_object_get(personal, "body"))),
			     "T \"quoted\""));
		CHECK((json_object_get(json, "email_address") != NULL) == (c == NOTIFY_EMAIL));
		CHECK((json_object_get(json, "phone_number") != NULL) == (c == NOTIFY_SMS));
		CHECK((json_object_get(personal, "address_line_3") != NULL) ==
		      (c == NOTIFY_LETTER));
		CHECK(json_object_get(personal, "address_line_4") == NULL);
		json_decref(json);
		buf_clear(&body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_key_is_taken_apart_from_its_end),
		TEST(a_token_is_signed_as_others_sign_it),
		TEST(what_it_answers_is_understood),
		TEST(what_became_of_it_is_understood),
		TEST(what_is_there_already_is_not_sent_again),
		TEST(each_channel_has_its_body),
	};
	return RUN("notify/govuk", tests);
}
