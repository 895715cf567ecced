#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"
#include "rtc/ntp.h"
#include "rtc/sequence.h"
#include "virtual_clock.h"
#include "wire/demux.h"
#include "wire/red.h"
#include "wire/rtcp.h"
#include "wire/rtx.h"
#include "wire/twcc.h"
#include "wire/vp8.h"

/* The numbers of one dialect going up and of another coming down: nothing may be copied. */
enum {
	STUCK_PACKETS = 600,
	UP_OPUS = 111,
	UP_RED = 63,
	UP_VP8 = 96,
	UP_RTX = 97,
	UP_LEVEL = 1,
	UP_TWCC = 3,
	UP_SEND_TIME = 2,
	UP_MID = 4,
	DOWN_OPUS = 109,
	DOWN_RED = 63,
	DOWN_VP8 = 120,
	DOWN_RTX = 124,
	DOWN_LEVEL = 2,
	DOWN_MID = 5,
	DOWN_TWCC = 7,
	DOWN_DELAY = 6,
	FLIGHTS_MAX = 8192,
	BATCH_MAX = 32, /* datagrams, as in pvl-media */
	STEP_US = 5000,
	MARK = 0x5a,
	KEY_FRAME = 3000, /* bytes */
	RTT_GUESS_US = 100000,
	ASK_EACH_US = 20000,
	ASKS_MAX = 10,
	PLI_EACH_US = 200000,
	STUCK_US = 3000000,
	LAYERS_PATTERN = 8, /* frames; libwebrtc begins the higher layer anew in each */
	VP8_LEN = 6,
	MARK_LEN = 1 + 1 + 1 + 2 + 8 + 8,
};

static const struct address core_address = { .family = 4, .ip = { 10, 0, 0, 1 }, .port = 40000 };

/* ---- the line ---- */

/* A datagram in the air, to land then. */
static void take_off(struct world *world, struct mono at, int to, const struct address *from,
		     struct bytes bytes)
{
	ASSERT(world->flights_len < FLIGHTS_MAX && bytes.len <= 2048);
	struct flight *flight = &world->flights[world->flights_len++];
	flight->at = at;
	flight->order = world->order++;
	flight->to = to;
	flight->from = *from;
	flight->len = bytes.len;
	memcpy(flight->bytes, bytes.at, bytes.len);
}

static void fly_emulated(struct world *world, struct emulated_line *line, int to,
			 const struct address *from, struct bytes bytes)
{
	struct mono at;
	if (emulated_line_carry(line, bytes.len + 28, true, world->now, &at))
		take_off(world, at, to, from, bytes);
}

static void fly(struct world *world, const struct line *line, bool video, int to,
		const struct address *from, struct bytes bytes)
{
	if (random_below(&world->random, 1000) < line->lost_of_1000)
		return;
	unsigned copies = 1 + (random_below(&world->random, 1000) < line->doubled_of_1000);
	for (unsigned i = 0; i < copies; i++) {
		int64_t late = line->jitter_us > 0
				   ? (int64_t)random_below(&world->random, line->jitter_us)
				   : 0;
		int64_t takes = line->delay_us + late + (video ? line->video_later_us : 0);
		take_off(world, mono_add_us(world->now, takes), to, from, bytes);
	}
}

static void up(struct world *world, struct client *client, bool video, const void *at, size_t len)
{
	if (client->up_line)
		fly_emulated(world, client->up_line, -1, &client->address, bytes_of(at, len));
	else
		fly(world, &client->up, video, -1, &client->address, bytes_of(at, len));
}

/* ---- sending ---- */

static uint32_t clock_of(enum media_kind kind)
{
	return kind == MEDIA_AUDIO ? 48000 : 90000;
}

static uint32_t timestamp_at(const struct sender *sender, struct mono at)
{
	uint64_t us = (uint64_t)at.us;
	return sender->timestamp0 + (uint32_t)(us * (clock_of(sender->kind) / 1000) / 1000);
}

static size_t put_mark(uint8_t *at, const struct client *client, const struct sender *sender,
		       uint8_t part, struct mono now)
{
	at[0] = MARK;
	at[1] = client->end;
	at[2] = part;
	put_u16(at + 3, sender->sequence);
	put_u64(at + 5, sender->frame);
	put_u64(at + 13, (uint64_t)now.us);
	return MARK_LEN;
}

static void seal(struct world *world, struct client *client, const struct rtp_fields *fields,
		 struct bytes payload, bool video)
{
	uint8_t out[2048];
	size_t len = 0;
	if (peer_seal(client->peer, fields, payload, out, sizeof out, &len))
		up(world, client, video, out, len);
}

static void send_packet(struct world *world, struct client *client, struct sender *sender,
			struct bytes payload, uint8_t payload_type, bool marker)
{
	bool video = sender->kind == MEDIA_VIDEO;
	uint8_t number[2];
	uint8_t level = 30;
	put_u16(number, client->twcc_sent++);
	uint8_t left[3];
	put_u24(left, (uint32_t)((((uint64_t)world->now.us % 64000000) << 18) / 1000000));
	struct rtp_extension list[] = {
		{ .id = UP_MID, .value = bytes_from_text(video ? "1" : "0") },
		{ .id = UP_TWCC, .value = bytes_of(number, 2) },
		{ .id = UP_SEND_TIME, .value = bytes_of(left, 3) },
		{ .id = UP_LEVEL, .value = bytes_of(&level, 1) },
	};
	struct rtp_fields fields = {
		.sequence = sender->sequence,
		.timestamp = timestamp_at(sender, world->now),
		.ssrc = sender->ssrc,
		.payload_type = payload_type,
		.marker = marker,
		.extensions = list,
		.extension_count = video ? 3 : 4,
	};
	struct sent *sent = &sender->sent[sender->sequence % SENT_MAX];
	sent->timestamp = fields.timestamp;
	sent->marker = marker;
	sent->len = payload.len;
	if (payload.len > 0)
		memcpy(sent->payload, payload.at, payload.len);
	sender->sequence++;
	sender->packets++;
	sender->octets += (uint32_t)payload.len;
	seal(world, client, &fields, payload, video);
}

static void send_audio(struct world *world, struct client *client)
{
	struct sender *sender = &client->audio;
	uint8_t payload[60] = { 0 };
	uint8_t room[200];
	put_mark(payload, client, sender, 0, world->now);
	struct bytes frame = bytes_of(payload, sizeof payload);
	uint32_t timestamp = timestamp_at(sender, world->now);
	bool again = client->obeys && client->tier.audio_again && sender->any_before;
	struct red red = {
		.count = 2,
		.block = { { .payload_type = UP_OPUS,
			     .timestamp_offset = (uint16_t)(timestamp - sender->before_at),
			     .data = bytes_of(sender->before, sizeof payload) },
			   { .payload_type = UP_OPUS, .data = frame } },
	};
	struct writer w = writer_of(room, sizeof room);
	if (again && !red_write(&w, &red))
		send_packet(world, client, sender, writer_bytes(&w), UP_RED, false);
	else
		send_packet(world, client, sender, frame, UP_OPUS, false);
	memcpy(sender->before, payload, sizeof payload);
	sender->before_at = timestamp;
	sender->any_before = true;
	sender->frame++;
}

/* Of two layers the lower one has three fifths of the bits. */
static size_t layer_len(size_t len, uint8_t layer)
{
	return layer == 0 ? len * 6 / 5 : len * 4 / 5;
}

/* What the tier leaves for a frame; a key frame is never small. */
static size_t frame_len(const struct client *client, bool key, uint8_t layer)
{
	size_t len = (size_t)client->tier.video_bps * 1000 / client->tier.video_mfps / 8;
	if (client->video.layered)
		len = layer_len(len, layer);
	if (key && len < KEY_FRAME)
		return KEY_FRAME;
	return len > MARK_LEN + VP8_LEN + 1 ? len : MARK_LEN + VP8_LEN + 1;
}

static void send_frame(struct world *world, struct client *client)
{
	struct sender *sender = &client->video;
	bool key = sender->key_wanted;
	sender->key_wanted = false;
	sender->keys += key;
	sender->picture = (uint16_t)((sender->picture + 1) & 0x7fff);
	sender->since_key = key ? 0 : sender->since_key + 1;
	uint8_t layer = sender->layered ? sender->since_key % 2 : 0;
	bool sync = layer > 0 && sender->since_key % LAYERS_PATTERN == 1;
	sender->tl0 = (uint8_t)(sender->tl0 + (layer == 0));
	bool by_tier = client->obeys && client->tier.video_mfps != 0;
	size_t left = by_tier ? frame_len(client, key, layer) : 0;
	uint8_t parts = by_tier ? (uint8_t)((left + PAYLOAD_MAX - 1) / PAYLOAD_MAX) : FRAME_PARTS;
	for (uint8_t part = 0; part < parts; part++) {
		uint8_t payload[PAYLOAD_MAX];
		memset(payload, part, sizeof payload);
		payload[0] = part == 0 ? 0x90 : 0x80; /* X, and S on the first */
		payload[1] = 0xe0;                    /* I, L, T */
		put_u16(payload + 2, (uint16_t)(0x8000 | sender->picture));
		payload[4] = sender->tl0;
		payload[5] = (uint8_t)(layer << 6 | (sync ? 0x20 : 0));
		payload[VP8_LEN] = key ? 0 : 1; /* P of the frame header */
		put_mark(payload + VP8_LEN + 1, client, sender, part, world->now);
		size_t len = by_tier
				 ? left / parts
				 : 200 + (size_t)random_below(&world->random, PAYLOAD_MAX - 200);
		send_packet(world, client, sender, bytes_of(payload, len), UP_VP8,
			    part == parts - 1);
	}
	if (sender->pad)
		send_packet(world, client, sender, bytes_of(NULL, 0), UP_VP8, false);
	sender->frame++;
}

static void send_rtcp(struct world *world, struct client *client, bool video, struct writer *w)
{
	size_t len = w->len;
	ASSERT(writer_ok(w));
	if (len > 0 && peer_seal_rtcp(client->peer, w->at, &len, w->cap))
		up(world, client, video, w->at, len);
}

static void send_sender_report(struct world *world, struct client *client, struct sender *sender)
{
	uint8_t room[512];
	struct writer w = writer_of(room, sizeof room);
	struct rtcp_reports report = {
		.sender = sender->ssrc,
		.ntp = ntp_now(mono_add_us(world->now, client->clock_us)),
		.rtp_timestamp = timestamp_at(sender, world->now),
		.packets = sender->packets,
		.octets = sender->octets,
	};
	rtcp_write_reports(&w, true, &report);
	send_rtcp(world, client, sender->kind == MEDIA_VIDEO, &w);
}

/* In 1/65536 s. */
static uint32_t since(struct mono then, struct mono now)
{
	return (uint32_t)((now.us - then.us) * 65536 / 1000000);
}

static void send_receiver_report(struct world *world, struct client *client)
{
	uint8_t room[1024];
	struct writer w = writer_of(room, sizeof room);
	struct rtcp_reports report = { .sender = client->audio.ssrc };
	for (size_t i = 0; i < 2 * client->pairs; i++) {
		const struct shown *shown = &client->shown[i];
		if (shown->any)
			report.report[report.count++] = (struct rtcp_report){
				.ssrc = shown->ssrc,
				.highest_sequence = (uint32_t)shown->newest,
				.last_sr = (uint32_t)(shown->report_ntp >> 16),
				.delay_since_sr = since(shown->report_at, world->now),
			};
	}
	rtcp_write_reports(&w, false, &report);
	send_rtcp(world, client, false, &w);
}

/* ---- what a client asks for ---- */

static struct got *got_at(const struct shown *shown, uint64_t index)
{
	uint64_t i = index - shown->first;
	return index >= shown->first && i < GOT_MAX ? &shown->got[i] : NULL;
}

/* True if the newest frames cannot be shown for want of a packet: libwebrtc waits so long for one. */
static bool is_stuck(const struct shown *shown, struct mono now)
{
	uint64_t oldest = shown->first;
	if (!shown->any)
		return false;
	if (shown->newest - oldest > STUCK_PACKETS)
		oldest = shown->newest - STUCK_PACKETS;
	for (uint64_t i = shown->newest; i > oldest; i--) {
		const struct got *got = got_at(shown, i);
		const struct got *after = got_at(shown, i + 1);
		if (!got)
			continue;
		if (got->here && got->key && got->part == 0)
			return false; /* what is missing before it is missed no more */
		if (!got->here && after && after->here && now.us - after->at.us > STUCK_US)
			return true;
	}
	return false;
}

static bool is_due(struct mono *next, struct mono now, int64_t each_us)
{
	if (mono_before(now, *next))
		return false;
	/* Who paused does not make up for it. */
	bool begins = mono_diff_us(now, *next) > each_us;
	*next = mono_add_us(begins ? now : *next, each_us);
	return true;
}

/* Its browser measures it as the core does. */
static int64_t rtt_us(const struct world *world, const struct client *client)
{
	uint32_t us = world->second.ends[client->end].rtt_us;
	return us > 0 ? us : RTT_GUESS_US;
}

/* As libwebrtc: for each packet once in a round trip, for a key frame each 200 ms. */
static void ask(struct world *world, struct client *client, struct shown *shown)
{
	uint8_t room[1400];
	struct writer w = writer_of(room, 1300);
	uint16_t missing[64];
	size_t count = 0;
	uint64_t from = shown->newest > shown->first + 60 ? shown->newest - 60 : shown->first;
	for (uint64_t i = from; i < shown->newest && count < 64; i++) {
		struct got *got = got_at(shown, i);
		if (!got || got->here || got->asks == ASKS_MAX ||
		    (got->asks > 0 && mono_diff_us(world->now, got->asked) < rtt_us(world, client)))
			continue;
		got->asked = world->now;
		got->asks++;
		missing[count++] = (uint16_t)i;
	}
	if (count > 0)
		rtcp_write_nack(&w, client->audio.ssrc, shown->ssrc, missing, count);
	bool blind =
	    shown->any && shown->count < 100 && !(shown->got[0].key && shown->got[0].part == 0);
	if ((blind || is_stuck(shown, world->now)) &&
	    is_due(&shown->pli_next, world->now, PLI_EACH_US))
		rtcp_write_pli(&w, client->audio.ssrc, shown->ssrc);
	send_rtcp(world, client, false, &w);
}

/* ---- receiving ---- */

static struct shown *shown_of(struct client *client, uint32_t ssrc, bool *rtx)
{
	for (size_t i = 0; i < 2 * client->pairs; i++) {
		*rtx = client->shown[i].rtx_ssrc == ssrc && ssrc != 0;
		if (*rtx || client->shown[i].ssrc == ssrc)
			return &client->shown[i];
	}
	return NULL;
}

static bool read_mark(struct got *got, struct bytes b)
{
	if (b.len < MARK_LEN || b.at[0] != MARK)
		return false;
	got->owner = b.at[1];
	got->part = b.at[2];
	got->in = get_u16(b.at + 3);
	got->frame = get_u64(b.at + 5);
	got->sent_us = get_u64(b.at + 13);
	return true;
}

static bool read_payload(const struct shown *shown, const struct rtp *rtp, struct got *got)
{
	struct bytes payload = rtp->payload;
	if (payload.len == 0) {
		got->pads = true;
		return true;
	}
	if (shown->kind == MEDIA_AUDIO)
		return read_mark(got, payload);
	struct vp8 vp8;
	if (vp8_parse(payload, &vp8) || vp8.len != VP8_LEN)
		return false;
	got->picture = vp8.picture_id;
	got->tl0 = vp8.tl0;
	got->layer = vp8.layer;
	got->sync = vp8.layer_sync;
	got->key = payload.at[VP8_LEN] == 0;
	return read_mark(got, bytes_slice(payload, VP8_LEN + 1, payload.len));
}

static bool keeps_promises(struct client *client, const struct shown *shown, const struct rtp *rtp,
			   bool rtx, struct mono now)
{
	size_t i = (size_t)(shown - client->shown);
	char mid[2] = { (char)('2' + i), 0 };
	struct bytes got_mid = rtp_extension_find(rtp, DOWN_MID);
	bool mid_ok = got_mid.len == 0 || bytes_equal(got_mid, bytes_from_text(mid));
	int pt = shown->kind == MEDIA_AUDIO ? DOWN_OPUS : rtx ? DOWN_RTX : DOWN_VP8;
	if (shown->kind == MEDIA_AUDIO && rtp->payload_type == DOWN_RED && !client->no_red)
		pt = DOWN_RED;
	uint16_t number;
	bool twcc = rtp_transport_cc_of(rtp_extension_find(rtp, DOWN_TWCC), &number);
	if (twcc && client->tells)
		arrivals_note(&client->arrivals, number, now);
	return mid_ok && twcc && rtp->payload_type == pt && rtp->csrc_count == 1;
}

/* The very first packets came out of order. */
static void begin_earlier(struct shown *shown, uint64_t index)
{
	size_t by = (size_t)(shown->first - index);
	ASSERT(by < 64);
	memmove(&shown->got[by], &shown->got[0], (GOT_MAX - by) * sizeof shown->got[0]);
	memset(shown->got, 0, by * sizeof shown->got[0]);
	shown->first = index;
}

/* What stands before the newest frame of RED fills the holes; the newest is left in rtp. */
static void unpack(struct world *world, struct shown *shown, struct rtp *rtp, uint64_t index)
{
	struct red red;
	struct got newest;
	ASSERT(!red_parse(rtp->payload, &red));
	rtp->payload = red.block[red.count - 1].data;
	ASSERT(read_mark(&newest, rtp->payload));
	for (size_t i = 0; i + 1 < red.count; i++) {
		struct got old = {
			.here = true,
			.recovered = true,
			.csrc = (uint8_t)(rtp_csrc(rtp, 0) - 1),
			.timestamp = rtp->timestamp - red.block[i].timestamp_offset,
			.at = world->now,
		};
		ASSERT(red.block[i].payload_type == DOWN_OPUS);
		ASSERT(read_mark(&old, red.block[i].data));
		struct got *got = got_at(shown, index - (uint16_t)(newest.in - old.in));
		if (got && !got->here)
			*got = old;
	}
}

static void receive_rtp(struct world *world, struct client *client, struct bytes datagram,
			uint64_t index)
{
	struct rtp rtp;
	ASSERT(!rtp_parse(datagram, &rtp));
	bool rtx = false;
	struct shown *shown = shown_of(client, rtp.ssrc, &rtx);
	ASSERT(shown);
	if (!keeps_promises(client, shown, &rtp, rtx, world->now))
		shown->wrong++;
	if (rtx && rtp.payload.len == 0) {
		client->pads++;
		return;
	}
	if (rtx) {
		ASSERT(!rtx_unwrap(&rtp, shown->ssrc, DOWN_VP8));
		index = sequence_extend(shown->newest, rtp.sequence);
	}
	if (!shown->any) {
		shown->any = true;
		shown->first = index;
		shown->newest = index;
	}
	if (index < shown->first)
		begin_earlier(shown, index);
	if (shown->kind == MEDIA_AUDIO && rtp.payload_type == DOWN_RED) {
		client->red++;
		unpack(world, shown, &rtp, index);
	}
	struct got *got = got_at(shown, index);
	if (!got)
		return;
	if (got->here) {
		shown->twice += !rtx && !got->repeated && !got->recovered;
		return;
	}
	struct bytes delay = rtp_extension_find(&rtp, DOWN_DELAY);
	if (delay.len == 3)
		shown->wait_ms = (get_u24(delay.at) >> 12) * 10;
	*got = (struct got){
		.here = true,
		.wait_ms = shown->wait_ms,
		.repeated = rtx,
		.csrc = (uint8_t)(rtp_csrc(&rtp, 0) - 1),
		.marker = rtp.marker,
		.timestamp = rtp.timestamp,
		.at = world->now,
	};
	if (!read_payload(shown, &rtp, got))
		shown->wrong++;
	if (!got->pads && got->owner != got->csrc)
		shown->wrong++;
	if (!(client->ever[shown - client->shown] >> got->csrc & 1))
		client->slots_before_packets = false;
	shown->count++;
	if (index > shown->newest)
		shown->newest = index;
}

static bool may_repeat(const struct client *client, struct sender *sender, size_t len,
		       struct mono now)
{
	if (mono_diff_us(now, sender->repeats_since) > 500000) {
		sender->repeats_since = now;
		sender->repeated = 0;
	}
	sender->repeated += len;
	bool bounded = client->obeys && client->tier.video_bps > 0;
	return !bounded || sender->repeated <= client->tier.video_bps / 16;
}

static void answer_nack(struct world *world, struct client *client,
			const struct rtcp_feedback *feedback)
{
	struct sender *sender = &client->video;
	if (feedback->media != sender->ssrc)
		return;
	struct rtcp_nacks walk = rtcp_nacks_of(feedback);
	uint16_t sequence;
	while (rtcp_nacks_next(&walk, &sequence)) {
		sender->nacked++;
		const struct sent *sent = &sender->sent[sequence % SENT_MAX];
		if (sender->deaf || sent->len == 0 ||
		    !may_repeat(client, sender, sent->len, world->now))
			continue;
		uint8_t payload[PAYLOAD_MAX + 2];
		put_u16(payload, sequence);
		memcpy(payload + 2, sent->payload, sent->len);
		struct rtp_extension mid = { .id = UP_MID, .value = bytes_from_text("1") };
		struct rtp_fields fields = {
			.sequence = sender->rtx_sequence,
			.timestamp = sent->timestamp,
			.ssrc = sender->rtx_ssrc,
			.payload_type = UP_RTX,
			.marker = sent->marker,
			.extensions = &mid,
			.extension_count = 1,
		};
		seal(world, client, &fields, bytes_of(payload, sent->len + 2), true);
	}
}

static void receive_rtcp(struct world *world, struct client *client, struct bytes datagram)
{
	struct rtcp_walk walk = rtcp_walk_of(datagram);
	struct rtcp_packet packet;
	while (rtcp_next(&walk, &packet)) {
		struct rtcp_reports reports;
		struct rtcp_feedback feedback;
		bool rtx;
		if (packet.type == RTCP_SR && !rtcp_parse_reports(&packet, &reports)) {
			struct shown *shown = shown_of(client, reports.sender, &rtx);
			ASSERT(shown);
			shown->report_ntp = reports.ntp;
			shown->report_timestamp = reports.rtp_timestamp;
			shown->report_at = world->now;
			shown->reports++;
		}
		if (packet.type == RTCP_TRANSPORT_FEEDBACK &&
		    !rtcp_parse_feedback(&packet, &feedback)) {
			if (packet.format == RTCP_NACK)
				answer_nack(world, client, &feedback);
			client->feedback += packet.format == RTCP_TWCC;
		}
		if (packet.type == RTCP_PAYLOAD_FEEDBACK && packet.format == RTCP_PLI) {
			client->video.key_wanted = true;
			client->video.plis++;
		}
	}
	ASSERT(!walk.broken);
}

/* ---- the clients' time ---- */

static void client_output(struct world *world, struct client *client)
{
	struct bytes datagram;
	while (peer_output(client->peer, &datagram))
		up(world, client, false, datagram.at, datagram.len);
}

static void tell_arrivals(struct world *world, struct client *client)
{
	uint8_t room[1400];
	struct writer w = writer_of(room, 1300);
	struct mono due;
	if (!arrivals_next(&client->arrivals, &due) || mono_before(world->now, due))
		return;
	arrivals_write(&client->arrivals, &w, client->audio.ssrc, client->shown[0].ssrc,
		       world->now);
	send_rtcp(world, client, false, &w);
}

/* Each packet of sound is so long, in µs. */
static int64_t audio_each_us(const struct client *client)
{
	return client->obeys && client->tier.audio_ms ? client->tier.audio_ms * 1000 : 20000;
}

static int64_t frame_each_us(const struct client *client)
{
	if (!client->obeys || client->tier.send == 0)
		return 65000;
	return client->tier.video_mfps ? 1000000000 / (int64_t)client->tier.video_mfps : 65000;
}

static bool sends_video(const struct client *client)
{
	bool told_none = client->obeys && client->tier.send != 0 && client->tier.video_bps == 0;
	return client->video.on && !told_none;
}

static void client_step(struct world *world, struct client *client)
{
	if (!mono_before(world->now, peer_next(client->peer)))
		peer_tick(client->peer, world->now);
	client_output(world, client);
	if (!peer_is_connected(client->peer))
		return;
	if (client->tells)
		tell_arrivals(world, client);
	if (client->audio.on && is_due(&client->audio.next, world->now, audio_each_us(client)))
		send_audio(world, client);
	if (sends_video(client) && is_due(&client->video.next, world->now, frame_each_us(client)))
		send_frame(world, client);
	if (is_due(&client->rtcp_next, world->now, 1000000)) {
		if (client->audio.on)
			send_sender_report(world, client, &client->audio);
		if (client->video.on)
			send_sender_report(world, client, &client->video);
		send_receiver_report(world, client);
	}
	if (client->asks && is_due(&client->ask_next, world->now, ASK_EACH_US))
		for (size_t i = 1; i < 2 * client->pairs; i += 2)
			ask(world, client, &client->shown[i]);
}

/* ---- the core ---- */

static struct client *client_of(struct world *world, struct peer_id id)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (world->clients[i].used && world->clients[i].id.n == id.n)
			return &world->clients[i];
	return NULL;
}

static void take_answer(struct world *world, const struct media_answer *answer)
{
	struct client *client = client_of(world, answer->peer);
	ASSERT(client);
	for (size_t i = 0; i < answer->slots_len; i++) {
		client->shown[i].ssrc = answer->slots[i].ssrc;
		client->shown[i].rtx_ssrc = answer->slots[i].rtx_ssrc;
	}
	struct peer_remote remote = {
		.ufrag = bytes_of(answer->ufrag.at, answer->ufrag.len),
		.pwd = bytes_of(answer->pwd.at, answer->pwd.len),
		.fingerprint = world->fingerprint,
		.role = world->foreign ? DTLS_ACTIVE : DTLS_PASSIVE,
	};
	peer_connect(client->peer, &remote, world->now);
}

static void take_report(struct world *world, const struct media_message *message)
{
	struct client *client;
	uint8_t room[MEDIA_MESSAGE_MAX];
	size_t len = 0;
	ASSERT(!media_message_encode(message, room, sizeof room, &len));
	if (message->type == MEDIA_HELLO)
		memcpy(world->fingerprint, message->hello.fingerprint, 32);
	if (message->type == MEDIA_PEER_ANSWER)
		take_answer(world, &message->answer);
	if (message->type == MEDIA_PEER_REFUSED) {
		client = client_of(world, message->refusal.peer);
		ASSERT(client);
		client->refused++;
		client->reason = message->refusal.reason;
	}
	if (message->type == MEDIA_PEER_STATE) {
		client = client_of(world, message->state.peer);
		ASSERT(client);
		client->state = message->state.state;
		client->reason = message->state.reason;
	}
	if (message->type == MEDIA_SLOTS) {
		client = client_of(world, message->slots.peer);
		ASSERT(client);
		memcpy(client->source, message->slots.source, message->slots.slots_len);
		for (size_t i = 0; i < message->slots.slots_len; i++)
			if (client->source[i] != MEDIA_NO_END)
				client->ever[i] |= (uint8_t)(1u << client->source[i]);
		client->slots_told++;
	}
	if (message->type == MEDIA_TIER) {
		client = client_of(world, message->tier.peer);
		ASSERT(client);
		client->tier = message->tier;
		client->tiers++;
	}
	if (message->type == MEDIA_SECOND) {
		world->second = message->second;
		world->seconds++;
		world->seconds_heard += message->second.both_hear;
	}
	if (message->type == MEDIA_LINE)
		world->line = message->line;
	if (message->type == MEDIA_HEARTBEAT)
		world->heartbeat = message->heartbeat;
	if (message->type == MEDIA_VISIT_CLOSED)
		world->closed = message->close;
}

static void deliver_down(struct world *world, const struct rtc_datagram *datagram)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &world->clients[i];
		if (!client->used || !address_equal(&client->address, &datagram->to))
			continue;
		if (client->down_line)
			fly_emulated(world, client->down_line, (int)i, &core_address,
				     datagram->bytes);
		else
			fly(world, &client->down, false, (int)i, &core_address, datagram->bytes);
		return;
	}
	world->strays++;
}

void world_drain(struct world *world)
{
	struct media_message message;
	while (rtc_report(world->rtc, &message))
		take_report(world, &message);
	struct rtc_datagram out[16];
	size_t count;
	while ((count = rtc_send(world->rtc, out, 16)) > 0)
		for (size_t i = 0; i < count; i++)
			deliver_down(world, &out[i]);
}

static struct mono forward(struct world *world, struct mono now)
{
	world->told = mono_max(world->told, now);
	return world->told;
}

void world_inject(struct world *world, const struct address *from, const void *at, size_t len)
{
	uint8_t copy[2048];
	ASSERT(len <= sizeof copy);
	memcpy(copy, at, len);
	rtc_receive(world->rtc, from, copy, len, forward(world, world->now));
	world_drain(world);
}

static void land(struct world *world, struct flight *flight)
{
	struct client *client = &world->clients[flight->to];
	uint64_t index = 0;
	size_t len = flight->len;
	enum peer_got got = peer_datagram(client->peer, flight->bytes, &len, &index, world->now);
	client_output(world, client);
	if (got == PEER_GOT_RTP)
		receive_rtp(world, client, bytes_of(flight->bytes, len), index);
	if (got == PEER_GOT_RTCP)
		receive_rtcp(world, client, bytes_of(flight->bytes, len));
}

/* The next to land at the core, or at any client; flights_len: none. */
static size_t next_flight(const struct world *world, bool core)
{
	size_t best = world->flights_len;
	for (size_t i = 0; i < world->flights_len; i++) {
		const struct flight *a = &world->flights[i];
		const struct flight *b = &world->flights[best];
		if ((a->to < 0) != core)
			continue;
		if (best == world->flights_len || a->at.us < b->at.us ||
		    (a->at.us == b->at.us && a->order < b->order))
			best = i;
	}
	return best;
}

static struct mono landing(const struct world *world, size_t flight)
{
	return flight < world->flights_len ? world->flights[flight].at : MONO_NEVER;
}

static struct flight take_down(struct world *world, size_t i)
{
	struct flight flight = world->flights[i];
	world->flights[i] = world->flights[--world->flights_len];
	return flight;
}

static void step(struct world *world)
{
	world->step = mono_add_us(world->now, STEP_US);
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (world->clients[i].used)
			client_step(world, &world->clients[i]);
}

static void set_now(struct world *world, struct mono now)
{
	world->now = now;
	virtual_clock_set(now); /* for OpenSSL's timers */
}

static int64_t draw_late_us(struct world *world)
{
	if (world->late_us == 0 || random_below(&world->random, 100) >= world->late_of_100)
		return 0;
	return (int64_t)random_below(&world->random, (uint64_t)world->late_us) + 1;
}

/* The oldest of what has landed at the core, as pvl-media reads it: in batches; how many. */
static size_t read_batch(struct world *world, struct flight batch[BATCH_MAX])
{
	size_t count = 0, i;
	while (count < BATCH_MAX &&
	       !mono_before(world->now, landing(world, i = next_flight(world, true))))
		batch[count++] = take_down(world, i);
	bool was = world->backlog.behind;
	int64_t waited_us = count > 0 ? mono_diff_us(world->now, batch[0].at) : 0;
	backlog_batch(&world->backlog, waited_us, count == BATCH_MAX, world->now);
	if (world->backlog.behind != was)
		rtc_set_behind(world->rtc, !was);
	return count;
}

/* One of the core: all that came, then what is due. */
static void turn(struct world *world)
{
	static struct flight batch[BATCH_MAX];
	struct mono due;
	size_t count;
	rtc_set_clock(world->rtc, world->now);
	do {
		count = read_batch(world, batch);
		for (size_t i = 0; i < count; i++) {
			rtc_receive(world->rtc, &batch[i].from, batch[i].bytes, batch[i].len,
				    forward(world, batch[i].at));
			world_drain(world);
		}
	} while (count == BATCH_MAX);
	if (rtc_next(world->rtc, &due) && !mono_before(world->now, due)) {
		rtc_tick(world->rtc, forward(world, world->now));
		world_drain(world);
	}
	world->turn_late_us = draw_late_us(world);
}

/* One thing happens, at the earliest of all times; false if that is later than end. */
static bool advance(struct world *world, struct mono end)
{
	struct mono tick;
	rtc_next(world->rtc, &tick);
	size_t i = next_flight(world, false);
	struct mono due = mono_min(tick, landing(world, next_flight(world, true)));
	struct mono turn_at = due.us == MONO_NEVER.us ? due : mono_add_us(due, world->turn_late_us);
	struct mono land_at = landing(world, i);
	struct mono at = mono_min(mono_min(turn_at, land_at), world->step);
	if (mono_before(end, at))
		return false;
	if (mono_before(world->now, at))
		set_now(world, at);
	if (at.us == land_at.us) {
		struct flight flight = take_down(world, i);
		land(world, &flight);
	} else if (at.us == turn_at.us) {
		turn(world);
	} else {
		step(world);
	}
	return true;
}

void world_run(struct world *world, int64_t ms)
{
	struct mono end = mono_add_ms(world->now, ms);
	while (advance(world, end))
		;
	set_now(world, end);
}

/* ---- setting up ---- */

struct world *world_new(uint64_t seed, enum media_visit_kind kind, uint32_t lifetime_s)
{
	struct world *world = mem_new(1, sizeof *world);
	world->random = random_seeded(seed);
	set_now(world, (struct mono){ .us = 1000000000 });
	world->step = world->now;
	world->flights = mem_new(FLIGHTS_MAX, sizeof world->flights[0]);
	world->identity = dtls_identity_new((struct wall){ .s = 1795000000 });
	world->rtc = rtc_new(
	    &(struct rtc_config){
		.visits_max = 8,
		.peers_max = 32,
		.port = 40000,
		.wall = { .s = 1795000000 },
		.random = &world->random,
	    },
	    world->now);
	world->visit.n = random_id(&world->random);
	world->routes.visit = world->visit;
	world_control(world, &(struct media_message){
				 .type = MEDIA_VISIT_OPEN,
				 .visit = {
				     .visit = world->visit,
				     .kind = kind,
				     .lifetime_s = lifetime_s,
				 },
			     });
	return world;
}

void world_free(struct world *world)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		struct client *client = &world->clients[i];
		if (!client->used)
			continue;
		peer_free(client->peer);
		free(client->audio.sent);
		free(client->video.sent);
		for (size_t k = 0; k < 2 * client->pairs; k++)
			free(client->shown[k].got);
	}
	rtc_free(world->rtc);
	dtls_identity_free(world->identity);
	free(world->flights);
	free(world);
}

/* Through the wire format, as pvl-web would send it. */
void world_control(struct world *world, const struct media_message *message)
{
	uint8_t room[MEDIA_MESSAGE_MAX];
	size_t len = 0;
	struct media_message copy;
	ASSERT(!media_message_encode(message, room, sizeof room, &len));
	ASSERT(!media_message_decode(bytes_of(room, len), false, &copy));
	rtc_control(world->rtc, &copy, forward(world, world->now));
	world_drain(world);
}

void world_route(struct world *world, uint8_t to, uint8_t from, bool hears, bool sees)
{
	uint8_t bit = (uint8_t)(1u << from);
	uint8_t *rows[] = { &world->routes.hears[to], &world->routes.sees[to] };
	bool on[] = { hears, sees };
	for (size_t i = 0; i < 2; i++)
		*rows[i] = on[i] ? (uint8_t)(*rows[i] | bit) : (uint8_t)(*rows[i] & ~bit);
	world->routes.epoch++;
	world_control(world, &(struct media_message){
				 .type = MEDIA_ROUTES,
				 .routes = world->routes,
			     });
}

static struct media_text text(const char *from)
{
	struct media_text text = { .len = (uint8_t)strlen(from) };
	memcpy(text.at, from, text.len);
	return text;
}

static void init_sender(struct world *world, struct sender *sender, enum media_kind kind)
{
	*sender = (struct sender){
		.kind = kind,
		.ssrc = random_u32(&world->random) | 1,
		.rtx_ssrc = random_u32(&world->random) | 1,
		.sequence = (uint16_t)random_below(&world->random, 65536),
		.rtx_sequence = (uint16_t)random_below(&world->random, 32768),
		.timestamp0 = random_u32(&world->random),
		.picture = (uint16_t)random_below(&world->random, 32768),
		.tl0 = (uint8_t)random_below(&world->random, 256),
		.key_wanted = true,
		.sent = mem_new(SENT_MAX, sizeof(struct sent)),
	};
}

static void offer_uplinks(const struct client *client, struct media_offer *offer)
{
	if (!client->audio.on)
		return;
	offer->uplinks_len = 2;
	offer->uplinks[0] = (struct media_uplink){
		.kind = MEDIA_AUDIO,
		.mid = text("0"),
		.ssrc = client->audio.ssrc,
		.ext = { .mid = UP_MID,
			 .twcc = UP_TWCC,
			 .abs_send_time = UP_SEND_TIME,
			 .audio_level = UP_LEVEL },
		.codecs_len = client->no_red ? 1 : 2,
		.codecs = { { .codec = CODEC_OPUS, .pt = UP_OPUS },
			    { .codec = CODEC_RED, .pt = UP_RED } },
	};
	/* Its SSRCs are not announced: they are learnt from the mid. */
	offer->uplinks[1] = (struct media_uplink){
		.kind = MEDIA_VIDEO,
		.mid = text("1"),
		.ext = { .mid = UP_MID, .twcc = UP_TWCC, .abs_send_time = UP_SEND_TIME },
		.codecs_len = 1,
		.codecs = { { .codec = CODEC_VP8, .pt = UP_VP8, .rtx_pt = UP_RTX } },
	};
}

static void offer_slots(const struct client *client, struct media_offer *offer)
{
	offer->slots_len = (uint8_t)(2 * client->pairs);
	for (size_t i = 0; i < offer->slots_len; i++) {
		char mid[2] = { (char)('2' + i), 0 };
		bool video = i % 2 == 1;
		offer->slots[i] = (struct media_slot){
			.kind = video ? MEDIA_VIDEO : MEDIA_AUDIO,
			.mid = text(mid),
			.pair = (uint8_t)(i / 2),
			.ext = { .mid = DOWN_MID, .twcc = DOWN_TWCC, .audio_level = DOWN_LEVEL },
			.codecs_len = video || client->no_red ? 1 : 2,
			.codecs = { { .codec = CODEC_OPUS, .pt = DOWN_OPUS },
				    { .codec = CODEC_RED, .pt = DOWN_RED } },
		};
		if (video) {
			offer->slots[i].ext.playout_delay = DOWN_DELAY;
			offer->slots[i].codecs[0] = (struct media_codec){
				.codec = CODEC_VP8,
				.pt = DOWN_VP8,
				.rtx_pt = DOWN_RTX,
			};
		}
	}
}

size_t world_join(struct world *world, uint8_t end, enum media_role role, size_t pairs)
{
	size_t at = 0;
	while (world->clients[at].used)
		ASSERT(++at < CLIENTS_MAX);
	struct client *client = &world->clients[at];
	*client = (struct client){
		.used = true,
		.end = end,
		.role = role,
		.id = { .n = random_id(&world->random) },
		.peer = peer_new(world->identity, &world->random),
		.address = { .family = 4, .ip = { 10, 0, 1, (uint8_t)at }, .port = 50000 },
		.up = { .delay_us = 20000 },
		.down = { .delay_us = 20000 },
		.pairs = pairs,
		.slots_before_packets = true,
		.tells = true,
		.clock_us = (int64_t)random_below(&world->random, 1000000000),
	};
	init_sender(world, &client->audio, MEDIA_AUDIO);
	init_sender(world, &client->video, MEDIA_VIDEO);
	client->audio.on = client->video.on = role != MEDIA_MONITOR || world->monitors_send;
	memset(client->source, MEDIA_NO_END, sizeof client->source);
	for (size_t i = 0; i < 2 * pairs; i++) {
		client->shown[i].kind = i % 2 ? MEDIA_VIDEO : MEDIA_AUDIO;
		client->shown[i].got = mem_new(GOT_MAX, sizeof(struct got));
	}
	struct media_message message = {
		.type = MEDIA_PEER_ADD,
		.offer = {
			.visit = world->visit,
			.peer = client->id,
			.end = end,
			.role = role,
			.own_page = !world->foreign,
			.start_bps = world->known_bps,
			.ufrag = text(peer_credentials(client->peer)->ufrag),
			.pwd = text(peer_credentials(client->peer)->pwd),
		},
	};
	memcpy(message.offer.fingerprint, dtls_identity_fingerprint(world->identity), 32);
	offer_uplinks(client, &message.offer);
	offer_slots(client, &message.offer);
	world_control(world, &message);
	return at;
}

bool world_connect(struct world *world, size_t at)
{
	for (int i = 0; i < 1500 && world->clients[at].state != MEDIA_PEER_CONNECTED; i++)
		world_run(world, 10);
	return world->clients[at].state == MEDIA_PEER_CONNECTED;
}

/* ---- what was shown ---- */

size_t shown_frames(const struct shown *shown)
{
	size_t frames = 0;
	bool whole = false; /* nothing is missing since the last key frame */
	size_t parts = 0;
	for (uint64_t i = shown->first; shown->any && i <= shown->newest; i++) {
		const struct got *got = got_at(shown, i);
		if (!got || !got->here) {
			whole = false;
			parts = 0;
			continue;
		}
		if (got->pads)
			continue;
		if (got->part == 0)
			parts = 0;
		if (got->part == 0 && got->key)
			whole = true;
		parts = parts == got->part ? parts + 1 : 0;
		if (whole && parts == FRAME_PARTS && got->marker)
			frames++;
	}
	return frames;
}

size_t shown_missing(const struct shown *shown)
{
	size_t missing = 0;
	for (uint64_t i = shown->first; shown->any && i < shown->newest; i++) {
		const struct got *got = got_at(shown, i);
		missing += got && !got->here;
	}
	return missing;
}
