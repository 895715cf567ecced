#include "rtc/slot.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "rtc/ntp.h"
#include "rtc/sequence.h"
#include "wire/rtp.h"

enum {
	HEADER_ROOM = RTP_HEADER_MAX,
	MID_EACH = 64, /* once the receiver knows the stream, one packet in 64 carries its mid */
	NACK_QUIET_US = 40000,
	REPORT_AGE_MAX_US = 10000000, /* libwebrtc reports on audio each 5 s */
};

static uint32_t draw_ssrc(struct random *random)
{
	uint32_t ssrc = random_u32(random);
	return ssrc ? ssrc : 1;
}

/* Below 2^15, so that the first packets cannot be taken for the end of an earlier cycle. */
static uint64_t draw_start(struct random *random)
{
	return 1 + random_below(random, (1 << 15) - 1);
}

void slot_init(struct slot *slot, const struct media_slot *line, uint32_t tag,
	       struct random *random)
{
	*slot = (struct slot){
		.line = *line,
		.tag = tag,
		.ssrc = draw_ssrc(random),
		.rtx_ssrc = line->kind == MEDIA_VIDEO ? draw_ssrc(random) : 0,
		.rtx_next = draw_start(random),
		.source = MEDIA_NO_END,
		.last_timestamp = random_u32(random),
	};
	seqmap_init(&slot->map, draw_start(random));
	layers_init(&slot->layers);
}

void slot_clear(struct slot *slot)
{
	free(slot->sent);
	slot->sent = NULL;
	free(slot->redundant);
	slot->redundant = NULL;
}

void slot_set_source(struct slot *slot, struct leg *leg, uint8_t end, uint32_t from)
{
	outbox_cut(leg->outbox, slot->tag);
	if (slot->redundant)
		redundant_clear(slot->redundant);
	slot->source = end;
	slot->from = from;
	slot->running = false;
	slot->wait_us = 0;
}

/* The codec of this m-line that carries the packet as it is; NULL if there is none. */
static const struct media_codec *codec_of(const struct slot *slot, enum codec codec)
{
	for (size_t i = 0; i < slot->line.codecs_len; i++)
		if (slot->line.codecs[i].codec == codec)
			return &slot->line.codecs[i];
	return NULL;
}

/* Of RED its newest frame alone: it was packed for another line. */
static const struct media_codec *choose(const struct slot *slot, const struct packet *packet,
					struct bytes *payload)
{
	*payload = bytes_of(packet->payload, packet->len);
	if (packet->frame.codec != CODEC_RED)
		return codec_of(slot, packet->frame.codec);
	*payload = bytes_slice(*payload, packet->opus_at, packet->opus_len);
	return codec_of(slot, CODEC_OPUS);
}

/* Clock ticks since the last packet went out, at least one: no shared clock joins two people. */
static uint32_t projected(const struct slot *slot, const struct packet *packet, struct mono now)
{
	if (!slot->sent_any)
		return slot->last_timestamp;
	int64_t us = mono_diff_us(now, slot->last_at);
	int64_t ticks = us * codec_clock_rate(packet->frame.codec) / 1000000;
	return slot->last_timestamp + (ticks > 1 ? (uint32_t)ticks : 1);
}

static void continue_pictures(struct slot *slot, const struct vp8 *vp8)
{
	slot->picture_plus = (uint16_t)(slot->last_picture.id + 1 - vp8->picture_id);
	slot->tl0_plus = (uint8_t)(slot->last_picture.tl0 + 1 - vp8->tl0);
	slot->key_index_plus = (uint8_t)(slot->last_picture.key_index + 1 - vp8->key_index);
}

/* Where a dependency descriptor numbers its picture, after a byte of flags; it is AV1's alone: pictures
 * of other codecs say themselves who they are, and are renumbered there. */
enum {
	NUMBER_AT = 1,
	DESCRIPTOR_MAX = 255,
};

static bool has_number(const struct packet *packet)
{
	return packet->frame.codec == CODEC_AV1 && packet->dependency.len >= NUMBER_AT + 2 &&
	       packet->dependency.len <= DESCRIPTOR_MAX;
}

static uint16_t number_of(const struct packet *packet)
{
	return get_u16(packet->dependency.at + NUMBER_AT);
}

/* A receiver throws away what is numbered before the last structure that it has seen. */
static struct bytes renumbered(const struct slot *slot, const struct packet *packet,
			       uint8_t room[DESCRIPTOR_MAX])
{
	if (!has_number(packet))
		return (struct bytes){ 0 };
	memcpy(room, packet->dependency.at, packet->dependency.len);
	put_u16(room + NUMBER_AT, (uint16_t)(number_of(packet) + slot->number_plus));
	return bytes_of(room, packet->dependency.len);
}

/* The stream goes on with this packet of another source. */
static void start(struct slot *slot, const struct packet *packet, struct mono now)
{
	bool in_mid_frame = packet->kind == MEDIA_VIDEO && slot->sent_any && !slot->last_marker;
	slot->ts_plus = projected(slot, packet, now) - packet->timestamp;
	seqmap_switch(&slot->map, packet->seq, in_mid_frame ? 1 : 0);
	if (packet->frame.codec == CODEC_VP8)
		continue_pictures(slot, &packet->frame.vp8);
	if (has_number(packet))
		slot->number_plus = (uint16_t)(slot->last_number + 1 - number_of(packet));
	slot->layers.any = false;
	slot->first_out = slot->map.next_out;
	slot->key_out = slot->first_out;
	slot->running = true;
	if (packet->kind == MEDIA_VIDEO && !slot->sent)
		slot->sent = mem_new(SLOT_SENT, sizeof slot->sent[0]);
}

static struct slot_picture picture_of(const struct slot *slot, const struct packet *packet)
{
	const struct vp8 *vp8 = &packet->frame.vp8;
	uint16_t left_out = seqmap_pictures(&slot->map, packet->seq);
	return (struct slot_picture){
		.id = (uint16_t)((vp8->picture_id + slot->picture_plus - left_out) & 0x7fff),
		.tl0 = (uint8_t)(vp8->tl0 + slot->tl0_plus),
		.key_index = (uint8_t)((vp8->key_index + slot->key_index_plus) & 0x1f),
	};
}

static size_t put_extension(struct rtp_extension *list, size_t len, uint8_t id, struct bytes value)
{
	if (id == 0 || value.len == 0)
		return len;
	list[len] = (struct rtp_extension){ .id = id, .value = value };
	return len + 1;
}

/* 6.18 fixed point seconds (webrtc.org/experiments/rtp-hdrext/abs-send-time). */
static void put_send_time(uint8_t *at, struct mono now)
{
	uint64_t us = (uint64_t)now.us % 64000000;
	put_u24(at, (uint32_t)((us << 18) / 1000000));
}

enum {
	DELAY_STEP_US = 10000,
	DELAY_MOST = 1000, /* ten seconds: the receiver's own bound */
	DELAY_BITS = 12,
};

/* Least and most delay of playing, in steps (webrtc.org/experiments/rtp-hdrext/playout-delay). */
static void put_playout_delay(uint8_t *at, int64_t least_us)
{
	put_u24(at, (uint32_t)(least_us / DELAY_STEP_US) << DELAY_BITS | DELAY_MOST);
}

/* Everything the header of one outgoing packet says. */
struct outgoing {
	uint32_t ssrc;
	uint64_t index;
	uint8_t payload_type;
	uint32_t timestamp;
	bool marker;
	bool with_mid;
	bool begins; /* a picture */
	bool padded;
	uint8_t end;
	enum sent_kind kind;
	const struct packet *packet; /* whose extensions pass */
};

static size_t write_header(const struct slot *slot, struct leg *leg, const struct outgoing *o,
			   struct mono now, uint8_t *at, size_t cap)
{
	const struct media_extensions *ids = &slot->line.ext;
	struct rtp_extension list[6];
	size_t len = 0;
	uint8_t twcc[2];
	uint8_t sent[3];
	uint8_t delay[3];
	uint8_t descriptor[DESCRIPTOR_MAX];
	put_u16(twcc, leg->twcc);
	put_send_time(sent, now);
	if (o->with_mid)
		len = put_extension(list, len, ids->mid,
				    bytes_of(slot->line.mid.at, slot->line.mid.len));
	len = put_extension(list, len, ids->twcc, bytes_of(twcc, sizeof twcc));
	if (ids->twcc == 0)
		len = put_extension(list, len, ids->abs_send_time, bytes_of(sent, sizeof sent));
	len = put_extension(list, len, ids->audio_level, o->packet->level);
	len = put_extension(list, len, ids->orientation, o->packet->orientation);
	len = put_extension(list, len, ids->dependency, renumbered(slot, o->packet, descriptor));
	put_playout_delay(delay, slot->wait_us);
	if (o->begins && slot->waits)
		len = put_extension(list, len, ids->playout_delay, bytes_of(delay, sizeof delay));
	struct rtp_fields fields = {
		.sequence = (uint16_t)o->index,
		.timestamp = o->timestamp,
		.ssrc = o->ssrc,
		.payload_type = o->payload_type,
		.marker = o->marker,
		.padded = o->padded,
		.has_csrc = true,
		.csrc = 1u + o->end,
		.extensions = list,
		.extension_count = len,
	};
	return rtp_write_header(at, cap, &fields);
}

static bool emit(struct slot *slot, struct leg *leg, const struct outgoing *o, struct bytes payload,
		 struct mono now)
{
	uint8_t header[HEADER_ROOM];
	size_t len = write_header(slot, leg, o, now, header, sizeof header);
	struct leg_packet packet = {
		.header = bytes_of(header, len),
		.payload = payload,
		.index = o->index,
		.kind = o->kind,
		.numbered = slot->line.ext.twcc != 0,
		.tag = slot->tag,
	};
	return len > 0 && leg_send_rtp(leg, &packet, now);
}

/* The newest packet leads the clock and the pictures of what follows. */
static void remember_newest(struct slot *slot, const struct outgoing *o, enum codec codec,
			    struct slot_picture picture, struct mono now)
{
	slot->sent_any = true;
	slot->last_at = now;
	slot->last_timestamp = o->timestamp;
	slot->last_marker = o->marker;
	slot->last_codec = codec;
	if (codec == CODEC_VP8)
		slot->last_picture = picture;
	if (has_number(o->packet))
		slot->last_number = (uint16_t)(number_of(o->packet) + slot->number_plus);
}

static void remember(struct slot *slot, const struct outgoing *o, uint64_t in,
		     struct slot_picture picture, struct mono now)
{
	if (!slot->sent)
		return;
	slot->sent[o->index % SLOT_SENT] = (struct slot_sent){
		.out = o->index,
		.in = in,
		.sent = now,
		.timestamp = o->timestamp,
		.picture = picture,
		.marker = o->marker,
	};
}

static void rewrite_picture(uint8_t *payload, const struct vp8 *vp8, struct slot_picture picture)
{
	vp8_rewrite(payload, vp8, picture.id, picture.tl0, picture.key_index);
}

/* Sound, with what the packets before it carried, where the line loses some and the receiver takes
 * it. */
static void pack_sound(struct slot *slot, const struct leg *leg, struct outgoing *o,
		       struct bytes *payload)
{
	const struct media_codec *red = leg->sound_again > 0 ? codec_of(slot, CODEC_RED) : NULL;
	if (!red)
		return;
	if (!slot->redundant)
		slot->redundant = mem_new(1, sizeof *slot->redundant);
	struct bytes packed = redundant_pack(slot->redundant, o->payload_type, o->timestamp,
					     *payload, leg->sound_again);
	if (packed.len == 0)
		return;
	*payload = packed;
	o->payload_type = red->pt;
}

/* At once, unasked, as a retransmission: that the first one is lost is never noticed. */
static void send_twice(struct slot *slot, struct leg *leg, const struct outgoing *first,
		       uint8_t payload_type, struct bytes payload, struct mono now)
{
	uint8_t room[OUTBOX_BYTES];
	if (payload.len == 0 || payload.len + HISTORY_HEADROOM > sizeof room)
		return;
	put_u16(room, (uint16_t)first->index);
	memcpy(room + HISTORY_HEADROOM, payload.at, payload.len);
	struct outgoing o = *first;
	o.ssrc = slot->rtx_ssrc;
	o.index = slot->rtx_next;
	o.payload_type = payload_type;
	o.with_mid = true;
	o.kind = SENT_REPEAT;
	if (emit(slot, leg, &o, bytes_of(room, payload.len + HISTORY_HEADROOM), now))
		slot->rtx_next++;
}

static enum slot_fate send_on(struct slot *slot, struct leg *leg, const struct packet *packet,
			      const struct media_codec *codec, struct bytes payload,
			      struct mono now)
{
	struct outgoing o = {
		.ssrc = slot->ssrc,
		.payload_type = codec->pt,
		.timestamp = packet->timestamp + slot->ts_plus,
		.marker = packet->marker,
		.end = packet->end,
		.kind = packet->kind == MEDIA_AUDIO ? SENT_AUDIO : SENT_VIDEO,
		.packet = packet,
	};
	o.begins = packet->kind == MEDIA_VIDEO && o.timestamp != slot->last_timestamp;
	uint64_t next = slot->map.next_out;
	if (!seqmap_map(&slot->map, packet->seq, &o.index))
		return SLOT_NOT_SENT;
	struct slot_picture picture = { 0 };
	if (packet->frame.codec == CODEC_VP8 && packet->len > 0) {
		picture = picture_of(slot, packet);
		rewrite_picture(packet->payload, &packet->frame.vp8, picture);
	}
	if (packet->kind == MEDIA_AUDIO)
		pack_sound(slot, leg, &o, &payload);
	if (packet->frame.key)
		slot->key_out = o.index;
	o.with_mid = !slot->confirmed || o.index % MID_EACH == 0;
	if (o.index >= next)
		remember_newest(slot, &o, packet->frame.codec, picture, now);
	remember(slot, &o, packet->seq, picture, now);
	if (!emit(slot, leg, &o, payload, now))
		return SLOT_NOT_SENT;
	slot->packets++;
	slot->octets += (uint32_t)payload.len;
	leg_save_for_repeats(leg, payload.len);
	if (leg->pictures_again && packet->kind == MEDIA_VIDEO && codec->rtx_pt)
		send_twice(slot, leg, &o, codec->rtx_pt, payload, now);
	return SLOT_SENT_ON;
}

static bool is_left_out(struct slot *slot, const struct packet *packet)
{
	if (layers_take(&slot->layers, &packet->frame, packet->timestamp, packet->is_late))
		return false;
	if (seqmap_drop(&slot->map, packet->seq, packet->marker))
		return true;
	layers_let_pass(&slot->layers);
	return false;
}

enum slot_fate slot_forward(struct slot *slot, struct leg *leg, const struct packet *packet,
			    struct mono now)
{
	struct bytes payload;
	const struct media_codec *codec = choose(slot, packet, &payload);
	if (!codec || slot->source != packet->end)
		return SLOT_NOT_SENT;
	if (!slot->running) {
		if (packet->kind == MEDIA_VIDEO && !packet->frame.key)
			return SLOT_WANTS_KEY;
		start(slot, packet, now);
	}
	/* Padding alone, and layers for which the line has no room, are renumbered away; where that
	 * is unsafe they go. */
	if (packet->len == 0 && seqmap_drop(&slot->map, packet->seq, false))
		return SLOT_NOT_SENT;
	if (packet->kind == MEDIA_VIDEO && packet->len > 0 && is_left_out(slot, packet))
		return SLOT_NOT_SENT;
	return send_on(slot, leg, packet, codec, payload, now);
}

/* Too late, too often, too soon, or of a picture that a newer key frame has replaced. */
static bool worth_repeating(const struct slot *slot, const struct leg *leg,
			    const struct slot_sent *sent, struct mono now)
{
	int64_t rtt_us = leg_rtt_us(leg);
	/* Asked for again before the last repeat can have come: but round trips waver. */
	int64_t quiet_us = rtt_us * 4 / 5 > NACK_QUIET_US ? rtt_us * 4 / 5 : NACK_QUIET_US;
	int64_t age_us = 3 * rtt_us > SLOT_RTX_AGE_US ? 3 * rtt_us : SLOT_RTX_AGE_US;
	if (sent->out < slot->key_out || sent->times >= SLOT_RTX_TIMES)
		return false;
	if (sent->times > 0 && mono_diff_us(now, sent->repeated) < quiet_us)
		return false;
	return mono_diff_us(now, sent->sent) <= age_us;
}

static void repeat(struct slot *slot, struct leg *leg, struct slot_sent *sent,
		   const struct packet *stored, uint8_t payload_type, struct mono now)
{
	struct vp8 vp8;
	if (stored->frame.codec == CODEC_VP8 &&
	    !vp8_parse(bytes_of(stored->payload, stored->len), &vp8))
		rewrite_picture(stored->payload, &vp8, sent->picture);
	uint8_t *payload = stored->payload - HISTORY_HEADROOM;
	put_u16(payload, (uint16_t)sent->out);
	struct outgoing o = {
		.ssrc = slot->rtx_ssrc,
		.index = slot->rtx_next,
		.payload_type = payload_type,
		.timestamp = sent->timestamp,
		.marker = sent->marker,
		.with_mid = true,
		.end = slot->source,
		.kind = SENT_REPEAT,
		.packet = stored,
	};
	size_t len = stored->len + HISTORY_HEADROOM;
	if ((int64_t)len > leg->rtx_saved || !emit(slot, leg, &o, bytes_of(payload, len), now))
		return;
	leg->rtx_saved -= (int64_t)len;
	slot->rtx_next++;
	sent->times++;
	sent->repeated = now;
}

void slot_nack(struct slot *slot, struct leg *leg, const struct history *history, uint16_t sequence,
	       struct mono now)
{
	if (!slot->sent || !slot->running)
		return;
	uint64_t out = sequence_extend(slot->map.next_out, sequence);
	struct slot_sent *sent = &slot->sent[out % SLOT_SENT];
	bool known = out >= slot->first_out && sent->out == out;
	struct packet stored;
	if (!known || !worth_repeating(slot, leg, sent, now) ||
	    !history_get(history, sent->in, &stored))
		return;
	const struct media_codec *codec = codec_of(slot, stored.frame.codec);
	if (codec && codec->rtx_pt)
		repeat(slot, leg, sent, &stored, codec->rtx_pt, now);
}

/* Padding alone, on the stream of retransmissions: a receiver counts it and shows nothing. */
bool slot_pad(struct slot *slot, struct leg *leg, size_t bytes, struct mono now)
{
	uint8_t padding[UINT8_MAX] = { 0 };
	const struct media_codec *codec = NULL;
	for (size_t i = 0; i < slot->line.codecs_len && !codec; i++)
		if (slot->line.codecs[i].rtx_pt)
			codec = &slot->line.codecs[i];
	if (!codec || slot->rtx_ssrc == 0 || slot->line.ext.twcc == 0)
		return false;
	if (bytes > sizeof padding)
		bytes = sizeof padding;
	padding[bytes - 1] = (uint8_t)bytes;
	struct packet nothing = { .kind = MEDIA_VIDEO };
	struct outgoing o = {
		.ssrc = slot->rtx_ssrc,
		.index = slot->rtx_next,
		.payload_type = codec->rtx_pt,
		.timestamp = slot->last_timestamp,
		.with_mid = true,
		.padded = true,
		.end = slot->source,
		.kind = SENT_PROBE,
		.packet = &nothing,
	};
	if (!emit(slot, leg, &o, bytes_of(padding, bytes), now))
		return false;
	slot->rtx_next++;
	return true;
}

void slot_stop(struct slot *slot)
{
	slot->running = false;
}

bool slot_pli(struct slot *slot, struct mono now)
{
	if (slot->plis == 0 || mono_diff_us(now, slot->pli_since) > SLOT_PLI_US) {
		slot->pli_since = now;
		slot->plis = 0;
	}
	if (slot->plis >= SLOT_PLI_MAX)
		return false;
	slot->plis++;
	return true;
}

/*
 * A point of the source's own clock, moved along both axes by the same time: when
 * its report arrived makes no difference, so an uplink slower than the
 * other's never shows as lip-sync error.
 */
void slot_sender_report(struct slot *slot, struct writer *w, const struct sender_clock *clock,
			uint64_t ntp_plus, struct mono now)
{
	int64_t age_us = mono_diff_us(now, clock->came);
	if (!slot->running || !clock->known || age_us > REPORT_AGE_MAX_US)
		return;
	uint32_t ticks =
	    (uint32_t)((uint64_t)age_us * codec_clock_rate(slot->last_codec) / 1000000);
	struct rtcp_reports report = {
		.sender = slot->ssrc,
		.ntp = clock->ntp + ntp_plus + ntp_from_us(age_us),
		.rtp_timestamp = clock->rtp + slot->ts_plus + ticks,
		.packets = slot->packets,
		.octets = slot->octets,
	};
	rtcp_write_reports(w, true, &report);
	slot->report_ntp = report.ntp;
	slot->report_at = now;
}

void slot_receiver_report(struct slot *slot, struct leg *leg, const struct rtcp_report *report,
			  struct mono now)
{
	slot->confirmed = true;
	bool ours = slot->report_ntp && report->last_sr == (uint32_t)(slot->report_ntp >> 16);
	if (!ours)
		return;
	int64_t held_us = (int64_t)report->delay_since_sr * 1000000 / 65536;
	int64_t rtt_us = mono_diff_us(now, slot->report_at) - held_us;
	if (rtt_us >= 0 && rtt_us < 10000000)
		leg_measured(leg, rtt_us);
}
