/*
 * Where other systems are told of changes, through the pages; and what they are sent.
 */
#include "tests/web/site.h"

#include <sodium.h>

#include "base/hex.h"
#include "service/booking.h"
#include "service/webhook.h"
#include "store/query.h"
#include "web/event_json.h"

static void an_address_is_set_its_secret_shown_once_and_ended(void **state)
{
	(void)state;
	struct site s;
	char path[120];
	site_open(&s);
	sign_in(&s, "admin@wandsworth.example");
	struct answer page = ask(&s, "/staff/webhooks", NULL);
	CHECK(page.status == 200 && says(&page, "Nothing is sent to other systems"));
	CHECK(!says(&page, "name=\"prison\""));
	page = ask(&s, "/staff/webhooks", "url=http%3A%2F%2Fvisits.example%2F");
	CHECK(page.status == 422 && !page.wrote && says(&page, "begins with https://"));
	page = ask(&s, "/staff/webhooks", "url=https%3A%2F%2Fme%3Apw%40visits.example%2F");
	CHECK(page.status == 422 && !page.wrote);
	/* Of another prison: it becomes their own. */
	page = ask(&s, "/staff/webhooks", "url=https%3A%2F%2Fvisits.example%2Fin&prison=LEI");
	CHECK(page.status == 200 && page.wrote && says(&page, "It is shown this once"));
	const char *secret = between(&s, &page, "<code class=\"pvl-break\">", "<");
	CHECK(strlen(secret) == WEBHOOK_SECRET_TEXT_LEN);
	page = ask(&s, "/staff/webhooks", NULL);
	CHECK(says(&page, "https://visits.example/in") && says(&page, "WWI") &&
	      !says(&page, secret));
	snprintf(path, sizeof path, "/staff/webhooks/%s",
		 between(&s, &page, "href=\"/staff/webhooks/", "\""));

	struct actor amina = estate_family(&s.estate, "amina@family.example");
	CHECK(visit_cancel(&s.estate.service, &amina, s.estate.sample.joinable, STR("")) == OK);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200 && says(&page, "prison-visit.cancelled") &&
	      says(&page, "Waiting"));

	sign_in(&s, "staff@leeds.example");
	CHECK(ask(&s, path, NULL).status != 200);
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, path, NULL).status == 403);
	sign_in(&s, "admin@hq.example");
	page = ask(&s, "/staff/webhooks", "url=https%3A%2F%2Fhq.example&prison=nowhere");
	CHECK(page.status == 422 && !page.wrote && says(&page, "There is no such prison"));

	sign_in(&s, "admin@wandsworth.example");
	char end[140];
	snprintf(end, sizeof end, "%s/end", path);
	page = ask(&s, end, "reason=+");
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, end, "reason=Not+used+any+more");
	CHECK(page.status == 303 && page.wrote);
	CHECK(ask(&s, path, NULL).status == 404);
	site_close(&s);
}

/* The other side's check, in another program's way: HMAC over "time.body". */
static bool signature_good(const struct event_text *text, const uint8_t key[WEBHOOK_SECRET_LEN])
{
	char at[24], hex[65], good[65];
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state h;
	const char *time = strstr(text->headers, "X-PVL-Timestamp: ");
	const char *signature = strstr(text->headers, "X-PVL-Signature: sha256=");
	if (!time || !signature || sscanf(time, "X-PVL-Timestamp: %20[0-9]", at) != 1 ||
	    sscanf(signature, "X-PVL-Signature: sha256=%64[0-9a-f]", hex) != 1)
		return false;
	crypto_auth_hmacsha256_init(&h, key, WEBHOOK_SECRET_LEN);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)at, strlen(at));
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&h, (const unsigned char *)text->body, strlen(text->body));
	crypto_auth_hmacsha256_final(&h, mac);
	hex_encode(bytes_of(mac, sizeof mac), good);
	return strcmp(hex, good) == 0;
}

static const char *text_at(const json_t *json, const char *a, const char *b)
{
	return json_string_value(json_object_get(json_object_get(json, a), b));
}

static void an_event_has_the_envelope_of_the_service_and_is_signed(void **state)
{
	(void)state;
	struct site s;
	struct event_text text;
	struct webhook_items items;
	site_open(&s);
	struct service *service = &s.estate.service;
	struct actor hq = estate_staff(&s.estate, ROLE_HQ_ADMIN, NULL);
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id id;
	struct webhook_new new = { .url = STR("https://visits.example/") };
	CHECK(webhook_add(service, &hq, &new, secret, &id) == OK);
	CHECK(visit_cancel(service, &amina, s.estate.sample.joinable, STR("")) == OK);
	CHECK(webhook_take(service, &SYSTEM_ACTOR, &s.estate.arena, 10, &items) == OK);
	CHECK(items.count == 1);
	event_text_make(&s.estate.arena, &items.list[0], "https://video.example", service->now,
			&text);
	json_t *json = json_loads(text.body, 0, NULL);
	CHECK(json != NULL);
	static const char *const KEYS[] = { "eventType",      "version",   "description",
					    "occurredAt",     "detailUrl", "additionalInformation",
					    "personReference" };
	CHECK(json_object_size(json) == ARRAY_LEN(KEYS));
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++)
		CHECK(json_object_get(json, KEYS[i]) != NULL);
	CHECK(!strcmp(json_string_value(json_object_get(json, "eventType")),
		      "prison-visit.cancelled"));
	const char *detail = json_string_value(json_object_get(json, "detailUrl"));
	CHECK(strstr(detail, "https://video.example/api/v1/visits/") == detail);
	CHECK(!strcmp(text_at(json, "additionalInformation", "visitStatus"), "CANCELLED"));
	CHECK(!strcmp(text_at(json, "additionalInformation", "prisonId"), "WWI"));
	const json_t *who = json_array_get(
	    json_object_get(json_object_get(json, "personReference"), "identifiers"), 0);
	CHECK(!strcmp(json_string_value(json_object_get(who, "value")), "A1234BC"));
	CHECK(!strstr(text.body, "Okoro")); /* nobody's name */

	uint8_t key[WEBHOOK_SECRET_LEN];
	CHECK(hex_decode(str_from(secret), key, sizeof key));
	CHECK(signature_good(&text, key));
	key[0] ^= 1;
	CHECK(!signature_good(&text, key));
	json_decref(json);
	site_close(&s);
}

static void a_calendar_reads_when_a_room_is_taken_until_it_may_not(void **state)
{
	(void)state;
	struct site s;
	char path[80], feed[120], revoke[100];
	struct visit visit;
	site_open(&s);
	struct actor wwi = estate_staff(&s.estate, ROLE_PRISON_ADMIN, "WWI");
	struct actor amina = estate_family(&s.estate, "amina@family.example");
	CHECK(visit_find(&s.estate.service, &amina, &s.estate.arena, s.estate.sample.joinable,
			 &visit) == OK);
	struct query q =
	    query_of(s.estate.service.store, "SELECT room FROM terminal WHERE id = ?1");
	query_int(&q, visit.terminal.n);
	CHECK(query_row(&q));
	snprintf(path, sizeof path, "/staff/rooms/%lld/feed", (long long)query_column(&q, 0));
	CHECK(query_end(&q) == OK && wwi.account.n);

	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, path, "").status == 403);
	sign_in(&s, "staff@leeds.example");
	CHECK(!ask(&s, path, "").wrote);
	sign_in(&s, "admin@wandsworth.example");
	struct answer page = ask(&s, path, "");
	CHECK(page.status == 200 && page.wrote);
	snprintf(feed, sizeof feed, "/feeds/%s", between(&s, &page, "/feeds/", "<"));

	s.signed_in = false; /* a calendar program cannot sign in */
	page = ask(&s, feed, NULL);
	CHECK(page.status == 200 && says(&page, "BEGIN:VCALENDAR") && says(&page, "Room taken"));
	CHECK(says(&page, visit.reference.text) && !says(&page, "Okoro"));
	CHECK(visit_cancel(&s.estate.service, &amina, visit.reference, STR("")) == OK);
	page = ask(&s, feed, NULL);
	CHECK(page.status == 200 && !says(&page, visit.reference.text));
	feed[10] = feed[10] == 'x' ? 'y' : 'x';
	CHECK(ask(&s, feed, NULL).status == 404);
	CHECK(ask(&s, "/feeds/1", NULL).status == 404);

	sign_in(&s, "admin@wandsworth.example");
	page = ask(&s, path, ""); /* a new one ends the old one */
	snprintf(feed, sizeof feed, "/feeds/%s", between(&s, &page, "/feeds/", "<"));
	CHECK(ask(&s, feed, NULL).status == 200);
	snprintf(revoke, sizeof revoke, "%s/revoke", path);
	page = ask(&s, revoke, "");
	CHECK(page.status == 303 && page.wrote);
	CHECK(ask(&s, feed, NULL).status == 404);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_set_its_secret_shown_once_and_ended),
		TEST(a_calendar_reads_when_a_room_is_taken_until_it_may_not),
		TEST(an_event_has_the_envelope_of_the_service_and_is_signed),
	};
	return RUN("web/webhooks", tests);
}
