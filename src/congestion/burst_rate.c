#include "congestion/burst_rate.h"

static const double MOST = 0.5;       /* more of the pairs than this: it carries that */
static const double NEARLY_ALL = 0.8; /* so many of them say that it does not */

void burst_rate_ask(struct burst_rate *r, int64_t bps)
{
	if (r->asked_bps == bps)
		return;
	*r = (struct burst_rate){ .asked_bps = bps, .any = r->any, .last = r->last };
}

/* How long a line of the rate asked for takes for so many bytes. */
static int64_t takes_us(const struct burst_rate *r, size_t bytes)
{
	return (int64_t)bytes * 8000000 / r->asked_bps;
}

/* The first of the two is still on its way into such a line when the second leaves. */
static bool left_as_fast(const struct burst_rate *r, const struct burst_packet *second)
{
	size_t smaller = r->last.bytes < second->bytes ? r->last.bytes : second->bytes;
	int64_t apart_us = second->sent_us - r->last.sent_us;
	return apart_us >= 0 && apart_us <= takes_us(r, smaller);
}

void burst_rate_packet(struct burst_rate *r, const struct burst_packet *packet)
{
	bool follows = r->any && packet->number == (uint16_t)(r->last.number + 1);
	if (follows && r->asked_bps > 0 && left_as_fast(r, packet)) {
		int64_t apart_us = mono_diff_us(packet->came, r->last.came);
		r->pairs[r->at] = (struct burst_pair){
			.carried = apart_us <= takes_us(r, packet->bytes),
			.came = packet->came,
		};
		r->at = (r->at + 1) % BURST_PAIRS;
		r->len += r->len < BURST_PAIRS;
	}
	r->any = true;
	r->last = *packet;
}

enum burst_says burst_rate_says(const struct burst_rate *r, struct mono now)
{
	size_t all = 0;
	size_t carried = 0;
	for (size_t i = 0; i < r->len; i++) {
		if (mono_diff_us(now, r->pairs[i].came) > BURST_FRESH_US)
			continue;
		all++;
		carried += r->pairs[i].carried;
	}
	if (all < BURST_PAIRS_LEAST)
		return BURST_UNKNOWN;
	if ((double)carried > MOST * (double)all)
		return BURST_CARRIES;
	return (double)(all - carried) >= NEARLY_ALL * (double)all ? BURST_CARRIES_LESS
								   : BURST_UNKNOWN;
}
