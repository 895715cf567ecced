#include "wire/sdp.h"

#include "fuzz.h"

static bool within(struct str s, const uint8_t *at, size_t len)
{
	const uint8_t *from = (const uint8_t *)s.at;
	return s.len == 0 || (from >= at && from + s.len <= at + len);
}

/* No byte of an offer that is echoed into an answer may start a line of its own. */
static void check_media(const struct sdp_media *m, const uint8_t *at, size_t len)
{
	const struct str echoed[] = { m->type, m->protocol, m->formats, m->mid, m->ufrag, m->pwd };
	for (size_t i = 0; i < ARRAY_LEN(echoed); i++)
		ASSERT(within(echoed[i], at, len) && !str_has_control(echoed[i]));
	ASSERT(m->payload_count <= SDP_PAYLOADS_MAX && m->ssrc_count <= SDP_SSRCS_MAX);
	ASSERT(m->extension_count <= SDP_EXTENSIONS_MAX && m->rid_count <= SDP_RIDS_MAX);
	for (size_t i = 0; i < m->payload_count; i++) {
		ASSERT(within(m->payload[i].fmtp, at, len) && m->payload[i].number < 128);
		ASSERT(sdp_payload_find(m, m->payload[i].number) == &m->payload[i]);
		ASSERT(sdp_parameter(m->payload[i].fmtp, "apt").len <= m->payload[i].fmtp.len);
	}
	for (size_t i = 0; i < m->extension_count; i++)
		ASSERT(within(m->extension[i].uri, at, len) && m->extension[i].id > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static struct sdp_offer offer;
	struct sdp_fault fault = { .what = NULL };
	enum err err = sdp_parse(str_of((const char *)at, len), &offer, &fault);
	ASSERT(err == OK || err == ERR_BAD || err == ERR_LIMIT);
	ASSERT((err == OK) == (fault.what == NULL));
	for (size_t i = 0; err == OK && i < offer.media_count; i++)
		check_media(&offer.media[i], at, len);
	return 0;
}
