#include "estimate_flow.h"

#include <string.h>

enum {
	FRAME_US = 50000,
	PACKET_MAX = 1000,
	TICK_US = 25000,
	OVERHEAD = 28, /* IPv4 and UDP */
};

void flow_init(struct flow *f, struct emulated_line *there, struct emulated_line *back,
	       int64_t wanted_bps, struct mono now)
{
	memset(f, 0, sizeof *f);
	estimator_init(&f->estimator, ESTIMATOR_START_BPS, now);
	f->there = there;
	f->back = back;
	f->wanted_bps = wanted_bps;
	f->audio_packet_us = 60000;
	f->audio_bytes = 160;
	f->pace = 1.25;
	f->audio_at = f->frame_at = f->tick_at = f->send_at = now;
}

static struct flow_flight *flight(struct flow *f)
{
	return f->flights_len < FLOW_FLIGHTS ? &f->flights[f->flights_len++] : NULL;
}

static void send_packet(struct flow *f, size_t bytes, enum sent_kind kind, struct mono now)
{
	struct sent_packet packet = { .at = now,
				      .number = f->next++,
				      .bytes = (uint16_t)bytes,
				      .kind = (uint8_t)kind,
				      .cluster = f->cluster };
	struct mono arrives;
	estimator_sent(&f->estimator, &packet);
	f->probe_bytes += bytes;
	f->audio_sent += kind == SENT_AUDIO;
	if (!emulated_line_carry(f->there, bytes, true, now, &arrives))
		return;
	struct flow_flight *to = flight(f);
	if (!to)
		return;
	*to = (struct flow_flight){
		.at = arrives, .number = packet.number, .bytes = bytes, .audio = kind == SENT_AUDIO
	};
	if (kind == SENT_AUDIO && mono_diff_us(arrives, now) > f->delay_us_max)
		f->delay_us_max = mono_diff_us(arrives, now);
}

static int64_t video_bps(const struct flow *f)
{
	int64_t bps = estimator_bps(&f->estimator);
	int64_t audio = (int64_t)f->audio_bytes * 8000000 / f->audio_packet_us;
	if (bps > f->wanted_bps)
		bps = f->wanted_bps;
	return bps > audio ? bps - audio : 0;
}

static void pace(struct flow *f, struct mono now)
{
	while (f->queue_bytes > 0 && !mono_before(now, f->send_at)) {
		size_t bytes = f->queue_bytes < PACKET_MAX ? f->queue_bytes : PACKET_MAX;
		double bps = f->pace * (double)estimator_bps(&f->estimator);
		send_packet(f, bytes + OVERHEAD, SENT_VIDEO, now);
		f->queue_bytes -= bytes;
		f->send_at = mono_add_us(now, (int64_t)((double)bytes * 8e6 / bps));
	}
}

/* All that leaves belongs to the probe; padding where that is slower. */
static void probe_step(struct flow *f, struct mono now)
{
	struct probe_cluster c = estimator_probe(&f->estimator);
	if (c.number != 0 && c.number != f->probe_sent) {
		f->probe_sent = c.number;
		f->probe_bytes = 0;
		f->probe_since = now;
		f->cluster = c.number;
	}
	if (c.number == 0 || f->probe_bytes >= c.bytes)
		f->cluster = 0;
	while (f->cluster && f->probe_bytes < c.bytes &&
	       mono_diff_us(now, f->probe_since) >= (int64_t)f->probe_bytes * 8000000 / c.bps)
		send_packet(f, c.packet_bytes, SENT_PROBE, now);
}

static void hear_feedback(struct flow *f, const struct flow_flight *flight, struct mono now)
{
	struct rtcp_walk walk = rtcp_walk_of(bytes_of(flight->room, flight->len));
	struct rtcp_packet packet;
	while (rtcp_next(&walk, &packet)) {
		struct rtcp_feedback feedback;
		struct twcc_reader reader;
		if (!rtcp_parse_feedback(&packet, &feedback) && !twcc_open(&feedback, &reader))
			estimator_feedback(&f->estimator, &reader, now);
	}
}

static void tell(struct flow *f, struct mono now)
{
	struct mono due;
	if (!arrivals_next(&f->arrivals, &due) || mono_before(now, due))
		return;
	struct flow_flight out = { .feedback = true };
	struct writer w = writer_of(out.room, sizeof out.room);
	arrivals_write(&f->arrivals, &w, 1, 2, now);
	out.len = w.len;
	if (!emulated_line_carry(f->back, out.len + OVERHEAD + 20, true, now, &out.at))
		return;
	struct flow_flight *to = flight(f);
	if (to)
		*to = out;
}

static void land(struct flow *f, struct mono now)
{
	for (size_t i = 0; i < f->flights_len;) {
		struct flow_flight *in = &f->flights[i];
		if (mono_before(now, in->at)) {
			i++;
			continue;
		}
		struct flow_flight came = *in;
		*in = f->flights[--f->flights_len];
		if (came.feedback) {
			hear_feedback(f, &came, now);
			continue;
		}
		f->audio_came += came.audio;
		f->bytes_came += (int64_t)came.bytes;
		arrivals_note(&f->arrivals, came.number, came.at);
	}
	tell(f, now);
}

void flow_step(struct flow *f, struct mono now)
{
	land(f, now);
	if (!mono_before(now, f->tick_at)) {
		estimator_want(&f->estimator, f->wanted_bps);
		estimator_tick(&f->estimator, now);
		f->tick_at = mono_add_us(now, TICK_US);
	}
	if (!mono_before(now, f->audio_at)) {
		send_packet(f, f->audio_bytes, SENT_AUDIO, now);
		f->audio_at = mono_add_us(f->audio_at, f->audio_packet_us);
	}
	if (!mono_before(now, f->frame_at)) {
		size_t bytes = (size_t)(video_bps(f) * FRAME_US / 8000000);
		if (f->queue_bytes < bytes * 10 + PACKET_MAX)
			f->queue_bytes += bytes;
		f->frame_at = mono_add_us(f->frame_at, FRAME_US);
	}
	probe_step(f, now);
	pace(f, now);
}
