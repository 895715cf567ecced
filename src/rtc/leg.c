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
	if (!leg->srtp || !leg->open)
		return NULL;
	uint8_t *at = outbox_room(leg->outbox, spare_the_reserve);
	if (!at)
		leg->refused++;
	return at;
}

bool leg_send_rtp(struct leg *leg, struct bytes header, struct bytes payload, uint64_t index,
		  bool audio, uint32_t tag)
{
	uint8_t *at = room(leg, !audio);
	size_t len = 0;
	if (!at || srtp_protect(leg->srtp, header, payload, index, at, OUTBOX_BYTES, &len))
		return false;
	outbox_add(leg->outbox, &leg->to, len, tag);
	count(leg, len);
	return true;
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
