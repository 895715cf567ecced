#include "media.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#include "base/assert.h"
#include "rtc/ntp.h"
#include "rtc/sequence.h"
#include "wire/demux.h"
#include "wire/rtcp.h"

enum {
	AUDIO_EACH_MS = 20,
	PICTURE_EACH_MS = 40,
	PICTURE_PACKETS = 3,
	PICTURE_PHASE_MS = 10, /* an end's sound and picture do not leave together */
	FEEDBACK_EACH_MS = 100,
	REPORT_EACH_MS = 1000,
	KEEP_ALIVE_MS = 500,
	AUDIO_BYTES = 80,
	PICTURE_MIN = 1800, /* bytes of a picture */
	PICTURE_MAX = 3000,
	PICTURE_LEAST = 300, /* of one that is lowered to what the server allows */
	AUDIO_BPS = 60000,   /* of sound, at the IP level */
	STAMP = 8,           /* at the end of a payload: when it was sent, ns of wall time */
	PACKET_ROOM = 1500,
	COMPOUND_ROOM = 1200,
	IN_MAX = 16,
	EVENTS = 256,
};

static uint64_t wall_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* ---- sending ---- */

static bool seal(struct end *end, struct rtp_fields *fields, struct bytes payload, uint8_t *out,
		 size_t *len)
{
	uint8_t twcc[2];
	bool audio = fields->ssrc == end->audio_ssrc;
	put_u16(twcc, end->twcc++);
	struct rtp_extension extensions[] = {
		{ .id = EXT_TWCC, .value = bytes_of(twcc, 2) },
		{ .id = EXT_MID, .value = bytes_from_text(audio ? "0" : "1") },
	};
	fields->extensions = extensions;
	fields->extension_count = ARRAY_LEN(extensions);
	end->packets[!audio]++;
	end->octets[!audio] += (uint32_t)payload.len;
	if (!end->floor)
		return peer_seal(end->up.peer, fields, payload, out, PACKET_ROOM, len);
	*len = floor_seal(end, fields, payload, out, PACKET_ROOM);
	return true;
}

static void packet_send(struct end *end, struct rtp_fields *fields, uint8_t *payload,
			size_t payload_len, struct result *result)
{
	uint8_t out[PACKET_ROOM];
	size_t len = 0;
	put_u64(payload + payload_len - STAMP, wall_ns());
	if (!seal(end, fields, bytes_of(payload, payload_len), out, &len))
		return;
	if (send(end->up.fd, out, len, MSG_DONTWAIT) != (ssize_t)len)
		return;
	result->sent += result->measuring;
	result->sent_audio += result->measuring && fields->payload_type == PT_OPUS;
}

static void audio_send(struct end *end, int64_t ms, struct result *result)
{
	uint8_t payload[AUDIO_BYTES] = { 0x78 };
	struct rtp_fields fields = { .payload_type = PT_OPUS,
				     .timestamp = (uint32_t)(ms * 48),
				     .ssrc = end->audio_ssrc };
	packet_send(end, &fields, payload, sizeof payload, result);
}

/* What the server's limit leaves for one picture. */
static size_t picture_allowed(const struct end *end)
{
	uint64_t each = (uint64_t)PICTURE_EACH_MS * (end->limit_bps - AUDIO_BPS) / 8000;
	return end->limit_bps > AUDIO_BPS && each > PICTURE_LEAST ? (size_t)each : PICTURE_LEAST;
}

/* As long as pictures of a talking head are: some more, some less; no longer than is allowed. */
static size_t picture_len(const struct end *end)
{
	uint32_t draw = (end->frames + 1) * 2654435761u ^ end->video_ssrc;
	size_t len = PICTURE_MIN + draw % (PICTURE_MAX - PICTURE_MIN);
	if (end->limit_bps > 0 && picture_allowed(end) < len)
		return picture_allowed(end);
	return len;
}

/* A VP8 descriptor and what a key frame begins with, when one was asked for. */
static void descriptor_write(const struct end *end, uint8_t *payload, bool first, bool key)
{
	payload[0] = (uint8_t)(0x80 | (first ? 0x10 : 0));
	payload[1] = 0x80;
	put_u16(payload + 2, (uint16_t)(0x8000 | end->picture_id));
	payload[4] = key ? 0x10 : 0x11;
	if (first && key)
		memcpy(payload + 7, "\x9d\x01\x2a\x80\x02\x68\x01", 7);
}

static void picture_send(struct end *end, int64_t ms, struct result *result)
{
	uint8_t payload[PICTURE_MAX];
	bool key = end->frames == 0 || end->key_wanted;
	size_t left = picture_len(end);
	end->key_wanted = false;
	memset(payload, 0x55, sizeof payload);
	for (size_t i = PICTURE_PACKETS; i > 0; i--) {
		struct rtp_fields fields = {
			.payload_type = PT_VP8,
			.timestamp = (uint32_t)(ms * 90),
			.ssrc = end->video_ssrc,
			.marker = i == 1,
		};
		size_t len = left / i;
		left -= len;
		descriptor_write(end, payload, i == PICTURE_PACKETS, key);
		packet_send(end, &fields, payload, len, result);
	}
	end->frames++;
	end->picture_id = (end->picture_id + 1) & 0x7fff;
}

/* ---- reporting ---- */

static void rtcp_send(struct connection *c, struct writer *w)
{
	uint8_t out[PACKET_ROOM];
	size_t len = w->len;
	if (len == 0 || !writer_ok(w))
		return;
	memcpy(out, writer_bytes(w).at, len);
	if (peer_seal_rtcp(c->peer, out, &len, sizeof out))
		(void)send(c->fd, out, len, MSG_DONTWAIT);
}

static void reports_write(struct connection *c, struct rtcp_reports *reports, struct mono now)
{
	for (size_t i = 0; i < c->heard_len; i++)
		reports->report[reports->count++] =
		    receipt_report(&c->heard[i].receipt, c->heard[i].ssrc, now);
}

static void sender_reports_send(struct end *end, int64_t ms, struct mono now)
{
	uint8_t room[COMPOUND_ROOM];
	struct writer w = writer_of(room, sizeof room);
	for (size_t i = 0; i < STREAMS; i++) {
		struct rtcp_reports reports = {
			.sender = i == 0 ? end->audio_ssrc : end->video_ssrc,
			.ntp = ntp_now(now),
			.rtp_timestamp = (uint32_t)(ms * (i == 0 ? 48 : 90)),
			.packets = end->packets[i],
			.octets = end->octets[i],
		};
		if (i == 0)
			reports_write(&end->up, &reports, now);
		rtcp_write_reports(&w, true, &reports);
		rtcp_write_cname(&w, reports.sender, bytes_from_text("bench"));
	}
	rtcp_send(&end->up, &w);
}

static void receiver_report_send(struct connection *c, uint32_t sender, struct mono now)
{
	uint8_t room[COMPOUND_ROOM];
	struct writer w = writer_of(room, sizeof room);
	struct rtcp_reports reports = { .sender = sender };
	reports_write(c, &reports, now);
	rtcp_write_reports(&w, false, &reports);
	rtcp_write_cname(&w, sender, bytes_from_text("bench"));
	rtcp_send(c, &w);
}

static void feedback_send(struct connection *c, uint32_t sender, struct mono now)
{
	uint8_t room[COMPOUND_ROOM];
	struct writer w = writer_of(room, sizeof room);
	if (!c->peer)
		return;
	arrivals_write(&c->arrivals, &w, sender, c->heard[0].ssrc, now);
	rtcp_send(c, &w);
}

/* ---- receiving ---- */

static struct heard *heard_of(struct connection *c, uint32_t ssrc)
{
	for (size_t i = 0; i < c->heard_len; i++)
		if (c->heard[i].ssrc == ssrc)
			return &c->heard[i];
	if (c->heard_len == STREAMS)
		return NULL;
	c->heard[c->heard_len].ssrc = ssrc;
	return &c->heard[c->heard_len++];
}

static void note(struct connection *c, const struct rtp *rtp, uint64_t index, struct mono now)
{
	bool padding = rtp->payload_type == PT_VP8_RTX;
	struct heard *heard = padding ? NULL : heard_of(c, rtp->ssrc);
	uint16_t number;
	uint32_t rate = rtp->payload_type == PT_OPUS ? 48000 : 90000;
	if (heard)
		receipt_note(&heard->receipt, SEQUENCE_START + index, rtp->timestamp, rate, now);
	if (rtp_transport_cc_of(rtp_extension_find(rtp, EXT_TWCC), &number))
		arrivals_note(&c->arrivals, number, now);
}

static void measure(const uint8_t *at, size_t len, uint64_t stamp_ns, struct result *result)
{
	if (!result->measuring || len < RTP_HEADER_MIN + STAMP)
		return;
	uint64_t sent_ns = get_u64(at + len - STAMP);
	result->received++;
	result->received_audio += (at[1] & 0x7f) == PT_OPUS;
	uint64_t delay_us = stamp_ns > sent_ns ? (stamp_ns - sent_ns) / 1000 : 0;
	size_t step = (size_t)(delay_us / DELAY_STEP_US);
	result->delays[step < DELAY_STEPS ? step : DELAY_STEPS - 1]++;
}

static void feedback_came(struct end *end, const struct rtcp_packet *packet)
{
	struct rtcp_feedback feedback;
	struct rtcp_remb remb;
	if (packet->format == RTCP_PLI || packet->format == RTCP_FIR)
		end->key_wanted = true;
	if (packet->format == RTCP_APPLICATION && !rtcp_parse_feedback(packet, &feedback) &&
	    !rtcp_parse_remb(&feedback, &remb))
		end->limit_bps = remb.bits_per_s;
}

/* Of interest: requests for a key frame, and how much may be sent. */
static void rtcp_came(struct end *end, struct bytes compound)
{
	struct rtcp_walk walk = rtcp_walk_of(compound);
	struct rtcp_packet packet;
	while (rtcp_next(&walk, &packet))
		if (packet.type == RTCP_PAYLOAD_FEEDBACK)
			feedback_came(end, &packet);
}

static void datagram_came(struct connection *c, uint8_t *at, size_t len, uint64_t stamp_ns,
			  struct mono now, struct result *result)
{
	uint64_t index = 0;
	struct rtp rtp;
	if (c->end->floor) {
		if (floor_open(at, &len))
			measure(at, len, stamp_ns, result);
		return;
	}
	enum peer_got got = peer_datagram(c->peer, at, &len, &index, now);
	if (got == PEER_GOT_RTCP)
		rtcp_came(c->end, bytes_of(at, len));
	if (got == PEER_GOT_NOTHING)
		connection_flush(c);
	if (got != PEER_GOT_RTP || rtp_parse(bytes_of(at, len), &rtp))
		return;
	note(c, &rtp, index, now);
	if (rtp.payload_type != PT_VP8_RTX)
		measure(at, len, stamp_ns, result);
}

static uint64_t stamp_of(struct msghdr *m)
{
	struct timespec t;
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
		return wall_ns();
	memcpy(&t, CMSG_DATA(c), sizeof t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct in {
	struct mmsghdr headers[IN_MAX];
	struct iovec parts[IN_MAX];
	union {
		size_t align;
		char room[CMSG_SPACE(sizeof(struct timespec))];
	} control[IN_MAX];
	uint8_t bytes[IN_MAX][2048];
};

static void connection_read(struct connection *c, struct result *result)
{
	static struct in in;
	for (size_t i = 0; i < IN_MAX; i++) {
		in.parts[i] = (struct iovec){ in.bytes[i], sizeof in.bytes[i] };
		in.headers[i].msg_hdr =
		    (struct msghdr){ .msg_iov = &in.parts[i],
				     .msg_iovlen = 1,
				     .msg_control = in.control[i].room,
				     .msg_controllen = sizeof in.control[i].room };
	}
	int n = recvmmsg(c->fd, in.headers, IN_MAX, MSG_DONTWAIT, NULL);
	uint64_t wall = wall_ns();
	struct mono now = load_now();
	for (int i = 0; i < n; i++) {
		uint64_t stamp = stamp_of(&in.headers[i].msg_hdr);
		int64_t ago_us = stamp < wall ? (int64_t)(wall - stamp) / 1000 : 0;
		datagram_came(c, in.bytes[i], in.headers[i].msg_len, stamp,
			      mono_add_us(now, -ago_us), result);
	}
}

void media_read(struct load *load, int timeout_ms, struct result *result)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(load->epoll, events, EVENTS, timeout_ms);
	for (int i = 0; i < n; i++)
		connection_read(events[i].data.ptr, result);
}

/* ---- the flow ---- */

static void reports_due(struct end *ends, size_t count, int64_t ms)
{
	struct mono now = load_now();
	for (size_t i = (size_t)(ms % FEEDBACK_EACH_MS); i < count; i += FEEDBACK_EACH_MS) {
		feedback_send(&ends[i].up, ends[i].audio_ssrc, now);
		feedback_send(&ends[i].down, ends[i].audio_ssrc, now);
	}
	for (size_t i = (size_t)(ms % REPORT_EACH_MS); i < count; i += REPORT_EACH_MS) {
		sender_reports_send(&ends[i], ms, now);
		if (ends[i].down.peer)
			receiver_report_send(&ends[i].down, ends[i].audio_ssrc, now);
	}
	if (ms % KEEP_ALIVE_MS == 0)
		ends_keep_alive(ends, count);
}

void media_rest(struct end *ends, size_t count)
{
	struct mono now = load_now();
	ends_keep_alive(ends, count);
	for (size_t i = 0; i < count && !ends[0].floor; i++) {
		feedback_send(&ends[i].up, ends[i].audio_ssrc, now);
		feedback_send(&ends[i].down, ends[i].audio_ssrc, now);
	}
}

/* Ends are spread over the milliseconds, so that packets come as evenly as in life. */
static void send_due(struct end *ends, size_t count, int64_t ms, struct result *result)
{
	size_t picture = (size_t)((ms + PICTURE_PHASE_MS) % PICTURE_EACH_MS);
	for (size_t i = (size_t)(ms % AUDIO_EACH_MS); i < count; i += AUDIO_EACH_MS)
		audio_send(&ends[i], ms, result);
	for (size_t i = picture; i < count; i += PICTURE_EACH_MS)
		picture_send(&ends[i], ms, result);
	if (count > 0 && !ends[0].floor)
		reports_due(ends, count, ms);
}

void media_run(struct load *load, struct end *ends, size_t count, int64_t ms, struct result *result)
{
	int64_t first = load_now().us / 1000;
	for (int64_t at = first; at < first + ms; at++) {
		send_due(ends, count, at, result);
		for (;;) {
			media_read(load, 0, result);
			int64_t left_us = (at + 1) * 1000 - load_now().us;
			if (left_us <= 0)
				break;
			media_read(load, left_us > 900 ? 1 : 0, result);
		}
	}
}

double result_percentile_ms(const struct result *result, double share)
{
	uint64_t total = 0, seen = 0;
	for (size_t i = 0; i < DELAY_STEPS; i++)
		total += result->delays[i];
	for (size_t i = 0; i < DELAY_STEPS; i++) {
		seen += result->delays[i];
		if (total && (double)seen >= share * (double)total)
			return (double)((i + 1) * DELAY_STEP_US) / 1000.0;
	}
	return -1;
}
