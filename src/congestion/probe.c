#include "congestion/probe.h"

#include <math.h>

static const double ENOUGH =
    0.8; /* share of packets and bytes after which the rest counts for nothing */
static const double LEAST = 0.5;       /* when all was told, so much of it must have arrived */
static const double FASTER_MAX = 2.0;  /* arrived so much faster than sent: not believed */
static const double FULL_BELOW = 0.9;  /* arrived slower than this: the line is full */
static const double FULL_SHARE = 0.95; /* then so much of what arrived is taken */
static const double USEFUL = 0.7;      /* a result of so much of the rate was a success, ... */
static const double NEWS = 1.05;       /* ... if it is more than was known */

void probe_init(struct probe *probe, struct mono now)
{
	*probe = (struct probe){ .again = now, .wait_us = PROBE_AGAIN_US };
}

bool probe_may(const struct probe *probe, struct mono now)
{
	return probe->cluster.number == 0 && !mono_before(now, probe->again);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* So long that chance decides little, but what it sends beyond what is known makes no long queue. */
static int64_t length_us(const struct probe *probe, int64_t bps, int64_t known_bps,
			 int64_t waver_us)
{
	int64_t us = waver_us * PROBE_WAVERS;
	if (bps > known_bps)
		us = least(us, PROBE_QUEUE_US * known_bps / (bps - known_bps));
	us = (us > PROBE_LENGTH_US ? us : PROBE_LENGTH_US) << probe->unclear;
	return least(us, PROBE_LENGTH_MAX_US);
}

void probe_begin(struct probe *probe, int64_t bps, int64_t known_bps, int64_t waver_us,
		 struct mono now)
{
	uint8_t number = probe->last_number == UINT8_MAX ? 1 : (uint8_t)(probe->last_number + 1);
	bool thin = bps < PROBE_THIN_BPS;
	size_t packet = thin ? PROBE_THIN_BYTES : PROBE_PACKET_BYTES;
	size_t packets = thin ? PROBE_PACKETS_THIN : PROBE_PACKETS;
	size_t bytes = (size_t)(bps * length_us(probe, bps, known_bps, waver_us) / 8000000);
	if (bytes < packet * packets)
		bytes = packet * packets;
	*probe = (struct probe){
		.cluster = { .number = number, .bps = bps, .packet_bytes = packet, .bytes = bytes },
		.last_number = number,
		.known_bps = known_bps,
		.begun = now,
		.again = probe->again,
		.wait_us = probe->wait_us,
		.unclear = probe->unclear,
	};
}

void probe_told(struct probe *p, const struct sent_packet *packet)
{
	if (packet->cluster != 0 && packet->cluster == p->cluster.number)
		p->told += packet->bytes;
}

void probe_arrived(struct probe *p, const struct sent_packet *packet, int64_t arrived_us)
{
	if (packet->cluster == 0 || packet->cluster != p->cluster.number)
		return;
	if (p->packets == 0 || mono_before(packet->at, p->first_sent))
		p->first_sent = packet->at;
	if (p->packets == 0 || !mono_before(packet->at, p->last_sent)) {
		p->last_sent = packet->at;
		p->last_sent_bytes = packet->bytes;
	}
	if (p->packets == 0 || arrived_us < p->first_arrived_us) {
		p->first_arrived_us = arrived_us;
		p->first_arrived_bytes = packet->bytes;
	}
	if (p->packets == 0 || arrived_us > p->last_arrived_us)
		p->last_arrived_us = arrived_us;
	p->packets++;
	p->bytes += packet->bytes;
}

static void end(struct probe *p, bool success, struct mono now)
{
	p->cluster.number = 0;
	p->unclear = 0;
	if (success)
		p->wait_us = PROBE_AGAIN_US;
	p->again = mono_add_us(now, success ? PROBE_NEXT_US : p->wait_us);
	if (success)
		return;
	p->wait_us = p->wait_us * 2 < PROBE_AGAIN_MAX_US ? p->wait_us * 2 : PROBE_AGAIN_MAX_US;
}

/* Nothing was learnt of the line: soon again, longer, but not for ever. */
static void end_unclear(struct probe *p, struct mono now)
{
	unsigned unclear = p->unclear + 1u;
	if (unclear > PROBE_UNCLEAR_MAX) {
		end(p, false, now);
		return;
	}
	p->cluster.number = 0;
	p->again = mono_add_us(now, PROBE_NEXT_US);
	p->unclear = (uint8_t)unclear;
}

static double rate(size_t bytes, int64_t us)
{
	return us > 0 ? (double)bytes * 8e6 / (double)us : 0;
}

static bool enough_came(const struct probe *p)
{
	return p->packets >= ENOUGH * PROBE_PACKETS &&
	       (double)p->bytes >= ENOUGH * (double)p->cluster.bytes;
}

static bool all_told(const struct probe *p)
{
	return p->told > 0 && p->told >= p->cluster.bytes;
}

/*
 * What the line carried: what came, at most as fast as it was sent.  If it kept pace with
 * the sender, then so did what was lost on the way, or after it: as much as the line always
 * loses.  Where chance took more of these few packets, the line was tried with less.
 */
static double carried(const struct probe *p, double sent, double came, double loses)
{
	if (came < FULL_BELOW * sent)
		return FULL_SHARE * came;
	double kept = came < sent ? came : sent;
	if (!all_told(p) || p->told <= p->bytes)
		return kept;
	double left = (double)(p->told - p->last_sent_bytes);
	double all = fmin(left / (double)(p->bytes - p->last_sent_bytes), 1 / (1 - loses));
	return kept * all;
}

int64_t probe_result(struct probe *p, double loses, struct mono now)
{
	if (p->cluster.number == 0 || !(enough_came(p) || all_told(p)))
		return 0;
	double sent =
	    rate(p->bytes - p->last_sent_bytes, mono_diff_us(p->last_sent, p->first_sent));
	double came =
	    rate(p->bytes - p->first_arrived_bytes, p->last_arrived_us - p->first_arrived_us);
	bool too_few = p->packets < 2 || (double)p->bytes < LEAST * (double)p->cluster.bytes;
	/* A radio that delivers in bunches, or a queue of before that was let go. */
	if (too_few || sent <= 0 || came > FASTER_MAX * sent || came <= 0) {
		end_unclear(p, now);
		return 0;
	}
	/* Pictures may have left at once within it: that shows no more than was asked. */
	double result = fmin(carried(p, sent, came, loses), (double)p->cluster.bps);
	end(p, result > USEFUL * (double)p->cluster.bps && result > NEWS * (double)p->known_bps,
	    now);
	return (int64_t)result;
}

bool probe_fail(struct probe *p, struct mono now)
{
	if (p->cluster.number == 0)
		return false;
	if (p->told < p->cluster.bytes)
		end_unclear(p, now);
	else
		end(p, false, now);
	return true;
}

bool probe_is_late(const struct probe *p, int64_t rtt_us, struct mono now)
{
	return p->cluster.number != 0 && mono_diff_us(now, p->begun) > PROBE_RESULT_US + rtt_us;
}
