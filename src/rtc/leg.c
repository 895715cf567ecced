#include "rtc/leg.h"

#include <string.h>

int64_t leg_rtt_us(const struct leg *leg)
{
	return leg->rtt_us > 0 ? leg->rtt_us : LEG_RTT_US;
}

void leg_measured(struct leg *leg, int64_t rtt_us)
{
	if (rtt_us < 1)
		rtt_us = 1;
	leg->rtt_us = leg->rtt_us == 0 ? rtt_us : leg->rtt_us + (rtt_us - leg->rtt_us) / 8;
}

static void count(struct leg *leg, size_t len)
{
	leg->packets++;
	leg->bytes += (uint32_t)len;
}

static uint8_t *room(struct leg *leg, bool spare_the_reserve)
{
	if (!leg->srtp || !leg->open || (leg->full && spare_the_reserve))
		return NULL;
	uint8_t *at = outbox_room(leg->outbox, spare_the_reserve);
	if (!at)
		leg->refused++;
	return at;
}

size_t leg_wire_bytes(const struct leg *leg, size_t len)
{
	return len + (leg->to.tcp ? 34 : 8) + (leg->to.family == ADDRESS_IPV6 ? 40 : 20);
}

static void note_sent(struct leg *leg, const struct leg_packet *packet, size_t len, struct mono now)
{
	size_t bytes = leg_wire_bytes(leg, len);
	pacer_spend(&leg->pacer, bytes, now);
	if (!packet->numbered)
		return;
	leg->wire_bytes += bytes;
	leg->numbered = now;
	if (leg->estimator)
		estimator_sent(leg->estimator, &(struct sent_packet){
						   .at = mono_max(now, leg->outbox->leaves),
						   .number = leg->twcc,
						   .bytes = (uint16_t)bytes,
						   .kind = (uint8_t)packet->kind,
						   .cluster = leg->cluster,
					       });
	leg->twcc++;
}

bool leg_send_rtp(struct leg *leg, const struct leg_packet *packet, struct mono now)
{
	uint8_t *at = room(leg, packet->kind != SENT_AUDIO);
	size_t len = 0;
	if (!at || srtp_protect(leg->srtp, packet->header, packet->payload, packet->index, at,
				OUTBOX_BYTES, &len))
		return false;
	outbox_add(leg->outbox, &leg->to, len, packet->tag);
	count(leg, len);
	note_sent(leg, packet, len, now);
	return true;
}

bool leg_is_known(const struct leg *leg)
{
	return leg->estimator && leg->estimator->has_arrival;
}

bool leg_send_rtcp(struct leg *leg, struct bytes rtcp)
{
	uint8_t *at = room(leg, false);
	size_t len = rtcp.len;
	if (!at || len + SRTCP_OVERHEAD_MAX > OUTBOX_BYTES)
		return false;
	memcpy(at, rtcp.at, len);
	if (srtcp_protect(leg->srtp, at, &len, OUTBOX_BYTES))
		return false;
	outbox_add(leg->outbox, &leg->to, len, OUTBOX_NO_TAG);
	count(leg, len);
	return true;
}

void leg_save_for_repeats(struct leg *leg, size_t len)
{
	int64_t of_1000 = leg->repeats_of_1000 ? leg->repeats_of_1000 : LEG_REPEATS_LEAST;
	leg->rtx_saved += (int64_t)len * of_1000 / 1000;
	if (leg->rtx_saved > LEG_RTX_SAVED_MAX)
		leg->rtx_saved = LEG_RTX_SAVED_MAX;
}

/* What makes good for the loss, and for that of the repeats; half as much again for chance. */
void leg_loses(struct leg *leg, double share)
{
	double of_1000 = share < 1 ? 1500 * share / (1 - share) : LEG_REPEATS_MOST;
	if (of_1000 < LEG_REPEATS_LEAST)
		of_1000 = LEG_REPEATS_LEAST;
	if (of_1000 > LEG_REPEATS_MOST)
		of_1000 = LEG_REPEATS_MOST;
	leg->repeats_of_1000 = (uint16_t)of_1000;
	leg->lost_of_1000 = (uint16_t)(share * 1000);
}

bool leg_is_stuck(const struct leg *leg, struct mono now)
{
	return leg->full && mono_diff_us(now, leg->full_since) >= LEG_FULL_US;
}

bool leg_is_thin(const struct leg *leg)
{
	return leg_is_known(leg) && estimator_bps(leg->estimator) < PACER_THIN_BPS;
}

bool leg_is_paced(const struct leg *leg, struct mono now)
{
	return leg_is_known(leg) ||
	       (leg->estimator && mono_diff_us(now, leg->began) < LEG_UNKNOWN_US);
}
