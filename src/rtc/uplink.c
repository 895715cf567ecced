#include "rtc/uplink.h"

#include "rtc/sequence.h"
#include "wire/red.h"
#include "wire/rtx.h"

enum {
	SILENCE = 127,
	WIRE_BYTES = 74, /* of each packet, beside its payload: RTP, extensions, SRTP, UDP, IP */
};

void uplink_init(struct uplink *uplink, const struct media_uplink *line)
{
	*uplink = (struct uplink){ .line = *line, .loudest = SILENCE };
}

void uplink_clear(struct uplink *uplink)
{
	history_clear(&uplink->history);
}

/* The codec with this payload type; *rtx: it is that of its retransmissions. */
static const struct media_codec *codec_of(const struct uplink *uplink, uint8_t payload_type,
					  bool *rtx)
{
	for (size_t i = 0; i < uplink->line.codecs_len; i++) {
		const struct media_codec *codec = &uplink->line.codecs[i];
		*rtx = codec->rtx_pt == payload_type && payload_type != 0;
		if (*rtx || codec->pt == payload_type)
			return codec;
	}
	return NULL;
}

bool uplink_has(const struct uplink *uplink, uint32_t ssrc)
{
	return ssrc != 0 && (uplink->line.ssrc == ssrc || uplink->line.rtx_ssrc == ssrc);
}

enum uplink_claim uplink_claims(const struct uplink *uplink, const struct rtp *rtp)
{
	bool rtx = false;
	if (!codec_of(uplink, rtp->payload_type, &rtx))
		return UPLINK_NOT_MINE;
	bool taken = rtx ? uplink->line.rtx_ssrc != 0 : uplink->line.ssrc != 0;
	if (taken)
		return UPLINK_NOT_MINE;
	struct bytes mid = rtp_extension_find(rtp, uplink->line.ext.mid);
	if (mid.len == 0)
		return UPLINK_MAYBE;
	bool same = bytes_equal(mid, bytes_of(uplink->line.mid.at, uplink->line.mid.len));
	return same ? UPLINK_MINE : UPLINK_NOT_MINE;
}

void uplink_bind(struct uplink *uplink, const struct rtp *rtp)
{
	bool rtx = false;
	if (!codec_of(uplink, rtp->payload_type, &rtx))
		return;
	if (rtx)
		uplink->line.rtx_ssrc = rtp->ssrc;
	else
		uplink->line.ssrc = rtp->ssrc;
}

/* The newest frame inside RED, for receivers without it. */
static bool find_opus(struct packet *packet)
{
	struct red red;
	if (red_parse(bytes_of(packet->payload, packet->len), &red) || red.count == 0)
		return false;
	struct bytes newest = red.block[red.count - 1].data;
	packet->opus_at = newest.len > 0 ? (size_t)(newest.at - packet->payload) : 0;
	packet->opus_len = newest.len;
	return true;
}

static void hear_level(struct uplink *uplink, struct packet *packet)
{
	uint8_t level = SILENCE;
	bool voice = false;
	if (rtp_audio_level_of(packet->level, &level, &voice) && level < uplink->loudest)
		uplink->loudest = level;
}

enum {
	SOUND_WINDOW = 64, /* packets */
};

/* False: it came before, or nobody knows any more. */
static bool note_sound(struct uplink *uplink, uint64_t seq)
{
	uint64_t newest = uplink->sound_newest;
	if (seq > newest) {
		uint64_t by = seq - newest;
		uplink->sound_came = by < SOUND_WINDOW ? uplink->sound_came << by | 1 : 1;
		uplink->sound_newest = seq;
		return true;
	}
	if (newest - seq >= SOUND_WINDOW)
		return false;
	uint64_t bit = (uint64_t)1 << (newest - seq);
	bool fresh = (uplink->sound_came & bit) == 0;
	uplink->sound_came |= bit;
	return fresh;
}

size_t uplink_recovered(struct uplink *uplink, const struct packet *packet, struct packet *out,
			size_t max)
{
	struct red red;
	size_t count = 0;
	if (packet->kind != MEDIA_AUDIO || packet->frame.codec != CODEC_RED ||
	    red_parse(bytes_of(packet->payload, packet->len), &red))
		return 0;
	for (size_t i = 0; i + 1 < red.count && count < max; i++) {
		const struct red_block *block = &red.block[i];
		uint64_t seq = packet->seq - (red.count - 1 - i);
		if (block->data.len == 0 || block->timestamp_offset == 0 ||
		    !note_sound(uplink, seq))
			continue;
		out[count] = *packet;
		out[count].seq = seq;
		out[count].timestamp = packet->timestamp - block->timestamp_offset;
		out[count].opus_at = (size_t)(block->data.at - packet->payload);
		out[count].opus_len = block->data.len;
		out[count].marker = false;
		out[count++].level = bytes_of(NULL, 0);
	}
	return count;
}

static bool read_audio(struct uplink *uplink, const struct rtp *rtp, struct packet *packet)
{
	packet->level = rtp_extension_find(rtp, uplink->line.ext.audio_level);
	hear_level(uplink, packet);
	return packet->frame.codec != CODEC_RED || packet->len == 0 || find_opus(packet);
}

static bool read_video(struct uplink *uplink, const struct rtp *rtp, struct packet *packet)
{
	packet->orientation = rtp_extension_find(rtp, uplink->line.ext.orientation);
	packet->dependency = rtp_extension_find(rtp, uplink->line.ext.dependency);
	return packet->len == 0 ||
	       !frame_read(packet->frame.codec, rtp->payload, packet->dependency,
			   &uplink->dependency, &packet->frame);
}

/* As the line of a receiver sees it. */
static void count_layer(struct uplink *uplink, const struct packet *packet)
{
	uint8_t layer = packet->frame.layer < LAYERS_MAX ? packet->frame.layer : LAYERS_MAX - 1;
	uplink->layer_bytes[layer] += (uint32_t)packet->len + WIRE_BYTES;
}

void uplink_second(struct uplink *uplink)
{
	for (size_t i = 0; i < LAYERS_MAX; i++) {
		int64_t bps = (int64_t)uplink->layer_bytes[i] * 8;
		bool begins = uplink->layer_bps[i] == 0;
		uplink->layer_bps[i] = begins ? bps : (uplink->layer_bps[i] + bps) / 2;
		uplink->layer_bytes[i] = 0;
	}
}

/* Video: repeats end here, so that nothing is ever forwarded twice. */
static bool is_fresh(struct uplink *uplink, uint64_t seq, struct mono now)
{
	enum gaps_arrival arrival = gaps_arrived(&uplink->gaps, seq, now);
	if (arrival == GAPS_JUMPED)
		keyframe_want(&uplink->keyframe);
	return arrival != GAPS_OLD;
}

/* What was skipped is given up: the next key frame makes good for it. */
static void start_again(struct uplink *uplink, uint64_t seq)
{
	uplink->skipped = false;
	gaps_key_frame(&uplink->gaps, seq);
	keyframe_want(&uplink->keyframe);
}

static enum uplink_verdict take_video(struct uplink *uplink, const struct rtp *rtp,
				      struct packet *packet, struct mono now)
{
	if (!read_video(uplink, rtp, packet))
		return UPLINK_BAD;
	if (!is_fresh(uplink, packet->seq, now))
		return UPLINK_NOTHING;
	if (uplink->skipped)
		start_again(uplink, packet->seq);
	if (packet->frame.key) {
		keyframe_came(&uplink->keyframe);
		gaps_key_frame(&uplink->gaps, packet->seq);
	}
	history_put(&uplink->history, packet);
	count_layer(uplink, packet);
	return UPLINK_FORWARD;
}

static struct packet packet_of(const struct uplink *uplink, const struct rtp *rtp, uint64_t seq,
			       enum codec codec)
{
	/* The datagram is the caller's to change; struct bytes only says that parsers do not. */
	uint8_t *payload = (uint8_t *)(uintptr_t)rtp->payload.at;
	return (struct packet){
		.kind = uplink->line.kind,
		.seq = seq,
		.timestamp = rtp->timestamp,
		.marker = rtp->marker,
		.frame = { .codec = codec },
		.payload = payload,
		.len = rtp->payload.len,
	};
}

static enum uplink_verdict accept_repeat(struct uplink *uplink, struct rtp *rtp,
					 const struct media_codec *codec, struct mono now,
					 struct packet *out)
{
	if (!uplink->started || rtx_unwrap(rtp, uplink->line.ssrc, codec->pt))
		return UPLINK_NOTHING; /* a probe, or nothing yet that it could repeat */
	uint64_t seq = sequence_extend(uplink->gaps.newest, rtp->sequence);
	*out = packet_of(uplink, rtp, seq, codec->codec);
	return take_video(uplink, rtp, out, now);
}

static enum uplink_verdict accept_first(struct uplink *uplink, const struct rtp *rtp,
					const struct media_codec *codec, uint64_t index,
					struct mono now, struct packet *out)
{
	uint64_t seq = SEQUENCE_START + index;
	*out = packet_of(uplink, rtp, seq, codec->codec);
	uplink->started = true;
	uplink->heard = now;
	uplink->codec = codec->codec;
	receipt_note(&uplink->receipt, seq, rtp->timestamp, codec_clock_rate(codec->codec), now);
	if (uplink->line.kind == MEDIA_VIDEO)
		return take_video(uplink, rtp, out, now);
	if (!read_audio(uplink, rtp, out))
		return UPLINK_BAD;
	count_layer(uplink, out);
	/* Its own packet after RED has brought it: heard already. */
	return note_sound(uplink, seq) ? UPLINK_FORWARD : UPLINK_NOTHING;
}

enum uplink_verdict uplink_accept(struct uplink *uplink, struct rtp *rtp, uint64_t index,
				  struct mono now, struct packet *out)
{
	bool rtx = false;
	const struct media_codec *codec = codec_of(uplink, rtp->payload_type, &rtx);
	if (!codec || rtx != (rtp->ssrc == uplink->line.rtx_ssrc))
		return UPLINK_BAD;
	if (rtx)
		return accept_repeat(uplink, rtp, codec, now, out);
	return accept_first(uplink, rtp, codec, index, now, out);
}

bool uplink_recall(const struct uplink *uplink, uint64_t seq, struct packet *out)
{
	if (!history_get(&uplink->history, seq, out))
		return false;
	struct bytes payload = bytes_of(out->payload, out->len);
	struct dependency_layers layers = uplink->dependency;
	return out->len == 0 ||
	       !frame_read(out->frame.codec, payload, out->dependency, &layers, &out->frame);
}

void uplink_missing(struct uplink *uplink, uint64_t *expected, uint64_t *missing)
{
	const struct receipt *r = &uplink->receipt;
	uint64_t all = r->started ? r->newest - r->first + 1 : 0;
	uint64_t now_expected = all - uplink->expected_before;
	uint64_t now_received = r->received - uplink->received_before;
	uplink->expected_before = all;
	uplink->received_before = r->received;
	*expected += now_expected;
	*missing += now_expected > now_received ? now_expected - now_received : 0;
}
