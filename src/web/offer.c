#include "web/offer.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	RED_FEEDBACK = 0,
	PTIME_MS = 20,
};

static bool sends(enum sdp_direction direction)
{
	return direction == SDP_SENDRECV || direction == SDP_SENDONLY;
}

static bool receives(enum sdp_direction direction)
{
	return direction == SDP_SENDRECV || direction == SDP_RECVONLY;
}

static bool codec_fits(enum sdp_kind kind, enum codec codec)
{
	switch (codec) {
	case CODEC_OPUS:
	case CODEC_RED:
		return kind == SDP_AUDIO;
	case CODEC_VP8:
	case CODEC_VP9:
	case CODEC_AV1:
		return kind == SDP_VIDEO;
	case CODEC_NONE:
	case CODEC_H264:
	case CODEC_COUNT:
		break;
	}
	return false;
}

/* VP9 is taken in profile 0 alone: what every decoder has. */
static bool profile_fits(const struct sdp_payload *payload)
{
	struct str profile = sdp_parameter(payload->fmtp, "profile-id");
	if (payload->codec == CODEC_VP9)
		return str_empty(profile) || str_is(profile, "0");
	if (payload->codec == CODEC_AV1) {
		struct str av1 = sdp_parameter(payload->fmtp, "profile");
		return str_empty(av1) || str_is(av1, "0");
	}
	return true;
}

static bool payload_fits(const struct sdp_media *media, const struct sdp_payload *payload)
{
	return !payload->rtx && codec_fits(media->kind, payload->codec) && profile_fits(payload);
}

static uint8_t take_codecs(const struct sdp_media *media, struct media_codec *out)
{
	uint8_t len = 0;
	for (size_t i = 0; i < media->payload_count && len < MEDIA_CODECS_MAX; i++) {
		const struct sdp_payload *payload = &media->payload[i];
		if (!payload_fits(media, payload))
			continue;
		const struct sdp_payload *rtx = sdp_payload_rtx(media, payload->number);
		out[len++] = (struct media_codec){ .codec = payload->codec,
						   .pt = payload->number,
						   .rtx_pt = rtx != NULL ? rtx->number : 0 };
	}
	return len;
}

/* The member that an extension of ours has; NULL: we do not answer it. */
static uint8_t *extension_place(struct media_extensions *ext, enum sdp_kind kind,
				enum extension extension)
{
	bool video = kind == SDP_VIDEO;
	switch (extension) {
	case EXTENSION_MID:
		return &ext->mid;
	case EXTENSION_RID:
		return video ? &ext->rid : NULL;
	case EXTENSION_REPAIRED_RID:
		return video ? &ext->repaired_rid : NULL;
	case EXTENSION_TRANSPORT_CC:
		return &ext->twcc;
	case EXTENSION_AUDIO_LEVEL:
		return video ? NULL : &ext->audio_level;
	case EXTENSION_ABS_SEND_TIME:
		return &ext->abs_send_time;
	case EXTENSION_VIDEO_ROTATION:
		return video ? &ext->orientation : NULL;
	case EXTENSION_PLAYOUT_DELAY:
		return video ? &ext->playout_delay : NULL;
	case EXTENSION_DEPENDENCY:
		return video ? &ext->dependency : NULL;
	case EXTENSION_NONE:
	case EXTENSION_TIME_OFFSET:
	case EXTENSION_COUNT:
		break;
	}
	return NULL;
}

/* One-byte headers alone are written (RFC 8285 section 4.2): ids 1 … 14. */
static bool extension_taken(const struct sdp_media *media, const struct sdp_extension *extension,
			    struct media_extensions *ext)
{
	uint8_t *place = extension_place(ext, media->kind, extension->kind);
	if (place == NULL || *place != 0 || extension->id > 14)
		return false;
	*place = extension->id;
	return true;
}

static struct media_extensions take_extensions(const struct sdp_media *media)
{
	struct media_extensions ext = { 0 };
	for (size_t i = 0; i < media->extension_count; i++)
		(void)extension_taken(media, &media->extension[i], &ext);
	return ext;
}

static struct media_text take_text(struct str s, size_t max)
{
	struct media_text text = { .len = (uint8_t)(s.len < max ? s.len : max) };
	memcpy(text.at, s.at, text.len);
	return text;
}

static enum media_kind kind_of(const struct sdp_media *media)
{
	return media->kind == SDP_VIDEO ? MEDIA_VIDEO : MEDIA_AUDIO;
}

static bool has_uplink(const struct media_offer *offer, enum media_kind kind)
{
	for (size_t i = 0; i < offer->uplinks_len; i++)
		if (offer->uplinks[i].kind == kind)
			return true;
	return false;
}

static void take_uplink(const struct sdp_media *media, struct media_offer *offer,
			struct offer_line *line)
{
	struct media_uplink *uplink = &offer->uplinks[offer->uplinks_len];
	*uplink = (struct media_uplink){ .kind = kind_of(media),
					 .mid = take_text(media->mid, MEDIA_MID_MAX),
					 .ext = take_extensions(media) };
	if (media->ssrc_count > 0 && media->rid_count == 0) {
		uplink->ssrc = media->ssrc[0].ssrc;
		uplink->rtx_ssrc = media->ssrc[0].rtx;
	}
	uplink->codecs_len = take_codecs(media, uplink->codecs);
	line->uplink = true;
	line->uplink_index = offer->uplinks_len++;
}

/* The n-th audio and the n-th video slot show the same person. */
static uint8_t pair_of(const struct media_offer *offer, enum media_kind kind)
{
	uint8_t pair = 0;
	for (size_t i = 0; i < offer->slots_len; i++)
		pair = (uint8_t)(pair + (offer->slots[i].kind == kind));
	return pair;
}

static void take_slot(const struct sdp_media *media, struct media_offer *offer,
		      struct offer_line *line)
{
	struct media_slot *slot = &offer->slots[offer->slots_len];
	enum media_kind kind = kind_of(media);
	*slot = (struct media_slot){ .kind = kind,
				     .mid = take_text(media->mid, MEDIA_MID_MAX),
				     .pair = pair_of(offer, kind),
				     .ext = take_extensions(media) };
	slot->codecs_len = take_codecs(media, slot->codecs);
	line->slot = true;
	line->slot_index = offer->slots_len++;
}

/* Its own ICE credentials count for nothing: the bundle uses those of its first line (RFC 9143 section 7). */
static bool line_usable(const struct sdp_media *media)
{
	struct media_codec codecs[MEDIA_CODECS_MAX];
	if (media->kind == SDP_OTHER || !media->bundled || !media->rtcp_mux)
		return false;
	if (str_empty(media->mid) || media->mid.len > MEDIA_MID_MAX)
		return false;
	return take_codecs(media, codecs) > 0;
}

static void take_line(const struct sdp_media *media, struct media_offer *offer,
		      struct offer_line *line)
{
	bool uplink = sends(media->direction) && !has_uplink(offer, kind_of(media)) &&
		      offer->uplinks_len < MEDIA_UPLINKS_MAX;
	if (uplink)
		take_uplink(media, offer, line);
	if (receives(media->direction) && offer->slots_len < MEDIA_SLOTS_MAX)
		take_slot(media, offer, line);
	line->refused = !line->uplink && !line->slot && media->direction != SDP_INACTIVE;
}

static const struct sdp_media *first_bundled(const struct sdp_offer *offer)
{
	for (size_t i = 0; i < offer->media_count; i++)
		if (offer->media[i].bundled && offer->media[i].kind != SDP_OTHER)
			return &offer->media[i];
	return NULL;
}

static const char *session_fault(const struct sdp_offer *offer, const struct sdp_media *first)
{
	if (offer->ice_lite)
		return "We are ICE-lite ourselves, so the other side cannot be (RFC 8445 section "
		       "2.5).";
	if (!offer->has_bundle || first == NULL)
		return "All media must be in one bundle: a=group:BUNDLE is missing or empty (RFC "
		       "9143).";
	if (str_empty(first->ufrag) || str_empty(first->pwd))
		return "a=ice-ufrag or a=ice-pwd is missing (RFC 8839 section 5.4).";
	if (first->ufrag.len > MEDIA_UFRAG_MAX || first->pwd.len > MEDIA_PWD_MAX)
		return "ICE credentials are longer than 32 and 64 characters.";
	if (!first->has_fingerprint)
		return "a=fingerprint with sha-256 is missing (RFC 8122).";
	return NULL;
}

/* We choose: active towards our own page, which saves a round trip; passive towards others. */
static const char *setup_fault(const struct sdp_media *first, bool own_page)
{
	enum sdp_setup offered = first->setup;
	if (offered == SDP_ACTPASS)
		return NULL;
	if (own_page && offered == SDP_PASSIVE)
		return NULL;
	if (!own_page && offered == SDP_ACTIVE)
		return NULL;
	return "a=setup must be actpass in an offer (RFC 8842 section 5.2).";
}

const char *offer_plan(const struct sdp_offer *offer, bool own_page, struct offer_plan *out)
{
	const struct sdp_media *first = first_bundled(offer);
	const char *fault = session_fault(offer, first);
	*out = (struct offer_plan){ .media = { .own_page = own_page } };
	if (fault == NULL && first != NULL)
		fault = setup_fault(first, own_page);
	if (fault != NULL || first == NULL)
		return fault;
	out->media.ufrag = take_text(first->ufrag, MEDIA_UFRAG_MAX);
	out->media.pwd = take_text(first->pwd, MEDIA_PWD_MAX);
	memcpy(out->media.fingerprint, first->fingerprint, sizeof(out->media.fingerprint));
	for (size_t i = 0; i < offer->media_count; i++) {
		if (line_usable(&offer->media[i]))
			take_line(&offer->media[i], &out->media, &out->lines[i]);
		else
			out->lines[i].refused = true;
	}
	if (out->media.uplinks_len == 0 && out->media.slots_len == 0)
		return "No m-line can be used: audio needs Opus, video VP8, VP9 or AV1, with "
		       "a=rtcp-mux and a mid.";
	return NULL;
}

/* ---- the answer ---- */

static enum sdp_direction answer_direction(const struct offer_line *line)
{
	if (line->uplink && line->slot)
		return SDP_SENDRECV;
	if (line->uplink)
		return SDP_RECVONLY;
	return line->slot ? SDP_SENDONLY : SDP_INACTIVE;
}

static uint8_t feedback_of(const struct sdp_payload *payload)
{
	uint8_t ours = SDP_NACK | SDP_NACK_PLI | SDP_CCM_FIR | SDP_TRANSPORT_CC;
	if (payload->codec == CODEC_RED)
		return RED_FEEDBACK;
	if (payload->codec == CODEC_OPUS)
		ours = SDP_NACK | SDP_TRANSPORT_CC;
	return (uint8_t)(payload->feedback & ours);
}

static void answer_payload(struct sdp_answer_media *out, const struct sdp_payload *payload,
			   uint8_t feedback)
{
	if (out->payload_count == SDP_ANSWER_PAYLOADS_MAX)
		return;
	out->payload[out->payload_count++] =
	    (struct sdp_answer_payload){ .number = payload->number,
					 .name = payload->name,
					 .clock_rate = payload->clock_rate,
					 .channels = payload->channels,
					 .fmtp = payload->fmtp,
					 .feedback = feedback };
}

static void answer_payloads(struct sdp_answer_media *out, const struct sdp_media *media,
			    const struct media_codec *codecs, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const struct sdp_payload *payload = sdp_payload_find(media, codecs[i].pt);
		const struct sdp_payload *rtx = sdp_payload_rtx(media, codecs[i].pt);
		if (payload == NULL)
			continue;
		answer_payload(out, payload, feedback_of(payload));
		if (rtx != NULL)
			answer_payload(out, rtx, 0);
	}
}

static void answer_extensions(struct sdp_answer_media *out, const struct sdp_media *media)
{
	struct media_extensions ext = { 0 };
	for (size_t i = 0; i < media->extension_count; i++) {
		if (!extension_taken(media, &media->extension[i], &ext))
			continue;
		out->extension[out->extension_count] = media->extension[i];
		out->extension[out->extension_count++].direction = SDP_SENDRECV;
	}
}

/* A stream joins the sound and the picture of one person. */
static void answer_slot(struct sdp_answer_media *out, const struct media_slot *slot,
			const struct media_slot_ssrc *ssrc)
{
	static const char *const streams[] = { "person-0", "person-1", "person-2", "person-3",
					       "person-4", "person-5", "person-6", "person-7" };
	static const char *const tracks[2][8] = {
		{ "audio-0", "audio-1", "audio-2", "audio-3", "audio-4", "audio-5", "audio-6",
		  "audio-7" },
		{ "video-0", "video-1", "video-2", "video-3", "video-4", "video-5", "video-6",
		  "video-7" },
	};
	out->stream = str_from(streams[slot->pair & 7]);
	out->track = str_from(tracks[slot->kind == MEDIA_VIDEO][slot->pair & 7]);
	out->cname = out->stream;
	out->ssrc = ssrc->ssrc;
	out->rtx_ssrc = ssrc->rtx_ssrc;
}

static void answer_line(struct sdp_answer_media *out, const struct sdp_media *media,
			const struct offer_line *line, const struct offer_plan *plan,
			const struct media_answer *answer)
{
	const struct media_offer *offer = &plan->media;
	*out = (struct sdp_answer_media){ .refused = line->refused,
					  .type = media->type,
					  .protocol = media->protocol,
					  .formats = media->formats,
					  .mid = media->mid,
					  .direction = answer_direction(line),
					  .rtcp_rsize = media->rtcp_rsize };
	if (line->refused)
		return;
	struct media_codec codecs[MEDIA_CODECS_MAX];
	answer_payloads(out, media, codecs, take_codecs(media, codecs));
	answer_extensions(out, media);
	if (media->kind == SDP_AUDIO)
		out->ptime_ms = PTIME_MS;
	if (line->slot && line->slot_index < answer->slots_len)
		answer_slot(out, &offer->slots[line->slot_index], &answer->slots[line->slot_index]);
}

static struct str text_of(const struct media_text *text)
{
	return str_of(text->at, text->len);
}

static void answer_candidate(struct sdp_answer *sdp, struct address at, uint16_t port, bool tcp)
{
	if (port == 0 || sdp->candidate_count == SDP_CANDIDATES_MAX)
		return;
	at.port = port;
	at.tcp = tcp;
	sdp->candidate[sdp->candidate_count++] = at;
}

static void answer_candidates(struct sdp_answer *sdp, const struct offer_ours *ours)
{
	for (size_t i = 0; i < ours->addresses_len; i++)
		answer_candidate(sdp, ours->addresses[i], ours->port, false);
	for (size_t port = 0; port < MEDIA_TCP_PORTS; port++)
		for (size_t i = 0; i < ours->addresses_len; i++)
			answer_candidate(sdp, ours->addresses[i], ours->tcp_ports[port], true);
}

void offer_answer(struct buf *out, const struct sdp_offer *offer, const struct offer_plan *plan,
		  const struct media_answer *answer, const struct offer_ours *ours)
{
	struct sdp_answer *sdp = mem_new(1, sizeof(*sdp));
	*sdp = (struct sdp_answer){ .session = ours->session,
				    .version = 1,
				    .ufrag = text_of(&answer->ufrag),
				    .pwd = text_of(&answer->pwd),
				    .setup = plan->media.own_page ? SDP_ACTIVE : SDP_PASSIVE,
				    .extmap_allow_mixed = offer->extmap_allow_mixed,
				    .media_count = offer->media_count };
	memcpy(sdp->fingerprint, ours->fingerprint, sizeof(sdp->fingerprint));
	answer_candidates(sdp, ours);
	for (size_t i = 0; i < offer->media_count; i++)
		answer_line(&sdp->media[i], &offer->media[i], &plan->lines[i], plan, answer);
	sdp_answer_write(out, sdp);
	free(sdp);
}
