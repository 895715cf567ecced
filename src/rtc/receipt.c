#include "rtc/receipt.h"

#include <stdlib.h>

void receipt_note(struct receipt *receipt, uint64_t sequence, uint32_t timestamp,
		  uint32_t clock_rate, struct mono now)
{
	uint32_t arrival = (uint32_t)(uint64_t)(now.us / 1000 * clock_rate / 1000);
	uint32_t transit = arrival - timestamp;
	receipt->received++;
	if (!receipt->started) {
		receipt->started = true;
		receipt->first = sequence;
		receipt->newest = sequence;
		receipt->transit = transit;
		return;
	}
	if (sequence > receipt->newest)
		receipt->newest = sequence;
	int32_t change = (int32_t)(transit - receipt->transit);
	uint32_t d = (uint32_t)(change < 0 ? -(int64_t)change : change);
	receipt->transit = transit;
	/* A step of the sender's clock (new encoder, sleep) is not jitter. */
	if (d < 10 * clock_rate)
		receipt->jitter_16 += d - ((receipt->jitter_16 + 8) >> 4);
}

void receipt_sender_report(struct receipt *receipt, const struct rtcp_reports *sr, struct mono now)
{
	receipt->clock = (struct sender_clock){
		.known = true,
		.ntp = sr->ntp,
		.rtp = sr->rtp_timestamp,
		.came = now,
	};
}

static uint8_t fraction(uint64_t expected, uint64_t received)
{
	if (expected == 0 || received >= expected)
		return 0;
	uint64_t lost = ((expected - received) << 8) / expected;
	return lost > 255 ? 255 : (uint8_t)lost;
}

static int32_t clamp_24(int64_t lost)
{
	if (lost > 0x7fffff)
		return 0x7fffff;
	return lost < -0x800000 ? -0x800000 : (int32_t)lost;
}

struct rtcp_report receipt_report(struct receipt *receipt, uint32_t ssrc, struct mono now)
{
	uint64_t expected = receipt->started ? receipt->newest - receipt->first + 1 : 0;
	struct rtcp_report report = {
		.ssrc = ssrc,
		.fraction_lost = fraction(expected - receipt->expected_before,
					  receipt->received - receipt->received_before),
		.lost = clamp_24((int64_t)(expected - receipt->received)),
		.highest_sequence = (uint32_t)receipt->newest,
		.jitter = receipt->jitter_16 >> 4,
	};
	receipt->expected_before = expected;
	receipt->received_before = receipt->received;
	if (receipt->clock.known) {
		int64_t age_us = mono_diff_us(now, receipt->clock.came);
		report.last_sr = (uint32_t)(receipt->clock.ntp >> 16);
		report.delay_since_sr = (uint32_t)((uint64_t)age_us * 65536 / 1000000);
	}
	return report;
}
