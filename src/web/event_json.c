#include "web/event_json.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "web/api_priv.h"

static json_t *visit_information(const struct visit *visit)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "reference", visit->reference.text,
			 "prisonId", visit->prison.text, "visitType", visit_kind_name(visit->kind),
			 "mode", "VIDEO", "startTimestamp", api_when(visit->start), "endTimestamp",
			 api_when(visit_slot_end(visit)), "visitStatus",
			 visit_state_name(visit->state));
}

/* Of the visit as it stands when it is sent. */
static json_t *information(const struct webhook_item *item)
{
	const struct webhook_event *event = &item->event;
	json_t *out = item->visit.id.n ? visit_information(&item->visit)
				       : json_pack("{s:s}", "prisonId", event->prison.text);
	if (event->reference.text[0] && !item->visit.id.n)
		json_object_set_new(out, "reference", json_string(event->reference.text));
	json_object_set_new(out, "sequence", json_integer(event->seq));
	return out;
}

static json_t *envelope(const struct webhook_item *item, const char *public_url)
{
	const struct webhook_event *event = &item->event;
	json_t *identifiers = json_array();
	json_t *out =
	    json_pack("{s:s, s:i, s:s, s:o, s:o}", "eventType", event_type_name(event->type),
		      "version", 1, "description", event_description(event->type), "occurredAt",
		      api_when(event->at), "additionalInformation", information(item));
	if (event->reference.text[0] && public_url)
		json_object_set_new(
		    out, "detailUrl",
		    json_sprintf("%s/api/v1/visits/%s", public_url, event->reference.text));
	if (item->number.text[0])
		json_array_append_new(identifiers, json_pack("{s:s, s:s}", "type", "NOMS", "value",
							     item->number.text));
	json_object_set_new(out, "personReference", json_pack("{s:o}", "identifiers", identifiers));
	return out;
}

static void sign(const struct webhook_item *item, const char *signed_text,
		 char out[2 * crypto_auth_hmacsha256_BYTES + 1])
{
	_Static_assert(crypto_auth_hmacsha256_KEYBYTES == WEBHOOK_SECRET_LEN, "key of the MAC");
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256(mac, (const unsigned char *)signed_text, strlen(signed_text),
			       item->hook.secret);
	hex_encode(bytes_of(mac, sizeof mac), out);
}

void event_text_make(struct arena *arena, const struct webhook_item *item, const char *public_url,
		     struct wall now, struct event_text *out)
{
	char signature[2 * crypto_auth_hmacsha256_BYTES + 1];
	json_t *json = envelope(item, public_url);
	char *body = json_dumps(json, JSON_COMPACT);
	ASSERT(body != NULL);
	out->body = arena_printf(arena, "%s", body);
	json_decref(json);
	free(body);
	sign(item, arena_printf(arena, "%lld.%s", (long long)now.s, out->body), signature);
	out->headers = arena_printf(arena,
				    "X-PVL-Event: %s\nX-PVL-Delivery: %lld-%lld-%lld\n"
				    "X-PVL-Timestamp: %lld\nX-PVL-Signature: sha256=%s",
				    event_type_name(item->event.type),
				    (long long)item->event.webhook.n, (long long)item->event.seq,
				    (long long)item->event.object_id, (long long)now.s, signature);
}
