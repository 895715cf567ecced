#include <inttypes.h>

#include "base/assert.h"
#include "base/hex.h"
#include "wire/sdp.h"

static void put_attribute(struct buf *out, const char *name, struct str value)
{
	buf_printf(out, "a=%s:", name);
	buf_str(out, value);
	buf_text(out, "\r\n");
}

static void put_bundle(struct buf *out, const struct sdp_answer *answer)
{
	buf_text(out, "a=group:BUNDLE");
	for (size_t i = 0; i < answer->media_count; i++) {
		if (answer->media[i].refused)
			continue;
		buf_char(out, ' ');
		buf_str(out, answer->media[i].mid);
	}
	buf_text(out, "\r\n");
}

static void put_fingerprint(struct buf *out, const struct sdp_answer *answer)
{
	buf_text(out, "a=fingerprint:sha-256");
	for (size_t i = 0; i < SDP_FINGERPRINT_LEN; i++)
		buf_printf(out, "%c%02X", i ? ':' : ' ', (unsigned)answer->fingerprint[i]);
	buf_text(out, "\r\n");
}

enum {
	PREFERENCE_UDP = 126, /* of a host candidate (RFC 8445 section 5.1.2.2) */
	PREFERENCE_TCP = 90,  /* below whatever UDP there is, as browsers have it */
	PASSIVE = 4 << 13,    /* RFC 6544 section 4.2, above the rest of the local preference */
};

/* RFC 8445 section 5.1.2.1; the earlier, the better. */
static uint32_t priority_of(const struct address *candidate, size_t place)
{
	uint32_t type = candidate->tcp ? PREFERENCE_TCP : PREFERENCE_UDP;
	uint32_t local =
	    candidate->tcp ? PASSIVE + 8191u - (uint32_t)place : 65535u - (uint32_t)place;
	return type << 24 | local << 8 | 255u;
}

/* Host candidates of one component. */
static void put_candidates(struct buf *out, const struct sdp_answer *answer)
{
	for (size_t i = 0; i < answer->candidate_count; i++) {
		char ip[ADDRESS_TEXT_ROOM];
		const struct address *c = &answer->candidate[i];
		address_to_text(c, ip);
		buf_printf(out, "a=candidate:%zu 1 %s %" PRIu32 " %s %u typ host%s\r\n", i + 1,
			   c->tcp ? "tcp" : "udp", priority_of(c, i), ip, (unsigned)c->port,
			   c->tcp ? " tcptype passive" : "");
	}
	buf_text(out, "a=end-of-candidates\r\n");
}

/* Written in every section: some clients look for them only there. */
static void put_transport(struct buf *out, const struct sdp_answer *answer)
{
	put_attribute(out, "ice-ufrag", answer->ufrag);
	put_attribute(out, "ice-pwd", answer->pwd);
	put_fingerprint(out, answer);
	buf_printf(out, "a=setup:%s\r\n", answer->setup == SDP_ACTIVE ? "active" : "passive");
}

static void put_feedback(struct buf *out, const struct sdp_answer_payload *payload)
{
	static const struct {
		enum sdp_feedback bit;
		const char *name;
	} known[] = {
		{ SDP_REMB, "goog-remb" },    { SDP_TRANSPORT_CC, "transport-cc" },
		{ SDP_CCM_FIR, "ccm fir" },   { SDP_NACK, "nack" },
		{ SDP_NACK_PLI, "nack pli" },
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (payload->feedback & known[i].bit)
			buf_printf(out, "a=rtcp-fb:%u %s\r\n", (unsigned)payload->number,
				   known[i].name);
}

static void put_payload(struct buf *out, const struct sdp_answer_payload *payload)
{
	buf_printf(out, "a=rtpmap:%u ", (unsigned)payload->number);
	buf_str(out, payload->name);
	buf_printf(out, "/%" PRIu32, payload->clock_rate);
	if (payload->channels > 1)
		buf_printf(out, "/%u", (unsigned)payload->channels);
	buf_text(out, "\r\n");
	put_feedback(out, payload);
	if (str_empty(payload->fmtp))
		return;
	buf_printf(out, "a=fmtp:%u ", (unsigned)payload->number);
	buf_str(out, payload->fmtp);
	buf_text(out, "\r\n");
}

static void put_extension(struct buf *out, const struct sdp_extension *extension)
{
	buf_printf(out, "a=extmap:%u", (unsigned)extension->id);
	if (extension->direction != SDP_SENDRECV)
		buf_printf(out, "/%s", sdp_direction_name(extension->direction));
	buf_char(out, ' ');
	buf_str(out, extension->uri);
	buf_text(out, "\r\n");
}

static void put_cname(struct buf *out, uint32_t ssrc, struct str cname)
{
	buf_printf(out, "a=ssrc:%" PRIu32 " cname:", ssrc);
	buf_str(out, cname);
	buf_text(out, "\r\n");
}

static void put_sources(struct buf *out, const struct sdp_answer_media *media)
{
	buf_text(out, "a=msid:");
	buf_str(out, media->stream);
	buf_char(out, ' ');
	buf_str(out, media->track);
	buf_text(out, "\r\n");
	if (media->rtx_ssrc)
		buf_printf(out, "a=ssrc-group:FID %" PRIu32 " %" PRIu32 "\r\n", media->ssrc,
			   media->rtx_ssrc);
	put_cname(out, media->ssrc, media->cname);
	if (media->rtx_ssrc)
		put_cname(out, media->rtx_ssrc, media->cname);
}

static void put_rids(struct buf *out, const struct sdp_answer_media *media)
{
	for (size_t i = 0; i < media->rid_count; i++)
		buf_printf(out, "a=rid:%.*s recv\r\n", STR_FMT(media->rid[i]));
	buf_text(out, "a=simulcast:recv ");
	for (size_t i = 0; i < media->rid_count; i++)
		buf_printf(out, "%s%.*s", i ? ";" : "", STR_FMT(media->rid[i]));
	buf_text(out, "\r\n");
}

static void put_media_line(struct buf *out, const struct sdp_answer_media *media)
{
	buf_text(out, "m=");
	buf_str(out, media->type);
	buf_text(out, media->refused ? " 0 " : " 9 ");
	buf_str(out, media->protocol);
	if (media->refused) {
		buf_char(out, ' ');
		buf_str(out, media->formats);
	}
	for (size_t i = 0; !media->refused && i < media->payload_count; i++)
		buf_printf(out, " %u", (unsigned)media->payload[i].number);
	buf_text(out, "\r\nc=IN IP4 0.0.0.0\r\n");
	if (!str_empty(media->mid))
		put_attribute(out, "mid", media->mid);
	buf_printf(out, "a=%s\r\n",
		   sdp_direction_name(media->refused ? SDP_INACTIVE : media->direction));
}

static void put_media(struct buf *out, const struct sdp_answer_media *media)
{
	bool sends = media->direction == SDP_SENDRECV || media->direction == SDP_SENDONLY;
	buf_text(out, "a=rtcp-mux\r\n");
	if (media->rtcp_rsize)
		buf_text(out, "a=rtcp-rsize\r\n");
	for (size_t i = 0; i < media->extension_count; i++)
		put_extension(out, &media->extension[i]);
	for (size_t i = 0; i < media->payload_count; i++)
		put_payload(out, &media->payload[i]);
	if (media->ptime_ms)
		buf_printf(out, "a=ptime:%u\r\n", (unsigned)media->ptime_ms);
	if (media->maxptime_ms)
		buf_printf(out, "a=maxptime:%u\r\n", (unsigned)media->maxptime_ms);
	if (sends && media->ssrc)
		put_sources(out, media);
	if (media->rid_count)
		put_rids(out, media);
}

void sdp_answer_write(struct buf *out, const struct sdp_answer *answer)
{
	bool candidates_told = false;
	buf_printf(out, "v=0\r\no=- %" PRIu64 " %" PRIu32 " IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
		   answer->session, answer->version);
	buf_text(out, "a=ice-lite\r\n");
	put_bundle(out, answer);
	if (answer->extmap_allow_mixed)
		buf_text(out, "a=extmap-allow-mixed\r\n");
	for (size_t i = 0; i < answer->media_count; i++) {
		const struct sdp_answer_media *media = &answer->media[i];
		put_media_line(out, media);
		if (media->refused)
			continue;
		put_transport(out, answer);
		if (!candidates_told)
			put_candidates(out, answer);
		candidates_told = true;
		put_media(out, media);
	}
}
