#include "rtc/feedback.h"

#include "base/assert.h"
#include "rtc/ntp.h"
#include "rtc/sender_tier.h"
#include "wire/twcc.h"

enum {
	ROOM = OUTBOX_BYTES - SRTCP_OVERHEAD_MAX,
	COMPOUND_MAX = 1200,
	NACKS_MAX = 64,           /* in one packet; more follow a moment later */
	LIMIT_FRESH_US = 5000000, /* how long a receiver's word on its rate counts */
	/* Arrivals are told with the next packet that comes, which needs no wake-up of its own;
	 * by the clock only if none comes for so long.  On thin lines every report counts. */
	ARRIVALS_SLACK_US = 12000,
	OWN_LEAST_BPS = 300000, /* what a browser begins with */
	CALM_US = 2000000,      /* since the sender's line was last full */
};

static const double LOSES_MUCH = 0.03;

/* Where much is lost the asking is lost as well: it goes twice, what is asked for comes once. */
static void send_again(struct member *member, const struct uplink *uplink, const uint16_t *missing,
		       size_t count)
{
	uint8_t room[ROOM];
	struct writer w = writer_of(room, COMPOUND_MAX);
	rtcp_write_nack(&w, member->ssrc, uplink->line.ssrc, missing, count);
	if (writer_ok(&w))
		leg_send_rtcp(&member->leg, writer_bytes(&w));
}

static void send_nacks(struct member *member, struct uplink *uplink, struct writer *w,
		       struct mono now)
{
	uint16_t missing[NACKS_MAX];
	size_t count = gaps_ask(&uplink->gaps, now, leg_rtt_us(&member->leg), missing, NACKS_MAX);
	if (count == 0)
		return;
	rtcp_write_nack(w, member->ssrc, uplink->line.ssrc, missing, count);
	bool calm = mono_diff_us(now, member->line_in.strain) > CALM_US;
	if (calm && member->line_in.lost > LOSES_MUCH)
		send_again(member, uplink, missing, count);
}

static bool wants_key(const struct uplink *uplink)
{
	return uplink->line.kind == MEDIA_VIDEO && uplink->started;
}

void feedback_send(struct member *member, struct mono now)
{
	uint8_t room[ROOM];
	struct writer w = writer_of(room, COMPOUND_MAX);
	int64_t rtt_us = leg_rtt_us(&member->leg);
	for (size_t i = 0; i < member->uplinks_len; i++) {
		struct uplink *uplink = &member->uplinks[i];
		send_nacks(member, uplink, &w, now);
		if (wants_key(uplink) && keyframe_ask(&uplink->keyframe, now, rtt_us))
			rtcp_write_pli(&w, member->ssrc, uplink->line.ssrc);
	}
	struct mono due;
	if (arrivals_next(&member->arrivals, &due) && !mono_before(now, due))
		arrivals_write(&member->arrivals, &w, member->ssrc, member->uplinks[0].line.ssrc,
			       now);
	if (w.len > 0 && writer_ok(&w))
		leg_send_rtcp(&member->leg, writer_bytes(&w));
}

static struct mono earliest(const struct member *member, int64_t arrivals_slack_us)
{
	int64_t rtt_us = leg_rtt_us(&member->leg);
	struct mono next = MONO_NEVER;
	struct mono at;
	for (size_t i = 0; i < member->uplinks_len; i++) {
		const struct uplink *uplink = &member->uplinks[i];
		if (gaps_next(&uplink->gaps, rtt_us, &at))
			next = mono_min(next, at);
		if (wants_key(uplink) && keyframe_next(&uplink->keyframe, rtt_us, &at))
			next = mono_min(next, at);
	}
	if (arrivals_next(&member->arrivals, &at))
		next = mono_min(next, mono_add_us(at, arrivals_slack_us));
	return next;
}

bool feedback_is_due(const struct member *member, struct mono now)
{
	return !mono_before(now, earliest(member, 0));
}

struct mono feedback_next(const struct member *member)
{
	return earliest(member, member->arrivals.thin ? 0 : ARRIVALS_SLACK_US);
}

/* One name for the audio and the video of a pair, so that they are played in step. */
static void write_cname(const struct slot *slot, struct writer *w)
{
	char name[] = "pair-a";
	name[sizeof name - 2] = (char)('a' + slot->line.pair);
	rtcp_write_cname(w, slot->ssrc, bytes_from_text(name));
}

static void report_slots(struct core *core, struct member *member, struct writer *w,
			 struct mono now)
{
	for (size_t i = 0; i < member->slots_len; i++) {
		struct slot *slot = &member->slots[i];
		if (slot->source == MEDIA_NO_END)
			continue;
		struct member *source = &core->members[slot->from];
		struct uplink *uplink = member_uplink(source, slot->line.kind);
		size_t before = w->len;
		if (uplink)
			slot_sender_report(slot, w, &uplink->receipt.clock, source->ntp_plus, now);
		if (w->len > before)
			write_cname(slot, w);
	}
}

/*
 * What its sound loses beyond us, of 256: its encoder makes good for loss that it is told of
 * (in-band FEC), wherever that is.  Who gets each frame more than once needs no more.
 */
static uint8_t lost_beyond(const struct core *core, const struct uplink *uplink)
{
	unsigned most = 0;
	for (size_t i = 0; i < uplink->targets_len; i++) {
		const struct leg *leg = &core->members[uplink->targets[i].member].leg;
		unsigned lost = leg->sound_again > 0 ? 0 : leg->lost_of_1000 * 256u / 1000;
		if (lost > most)
			most = lost;
	}
	return most < UINT8_MAX ? (uint8_t)most : UINT8_MAX;
}

static struct rtcp_report report_of(const struct core *core, struct uplink *uplink, struct mono now)
{
	struct rtcp_report report = receipt_report(&uplink->receipt, uplink->line.ssrc, now);
	if (uplink->line.kind != MEDIA_AUDIO)
		return report;
	uint8_t beyond = lost_beyond(core, uplink);
	if (beyond > report.fraction_lost)
		report.fraction_lost = beyond;
	return report;
}

static void report_uplinks(const struct core *core, struct member *member, struct writer *w,
			   struct mono now)
{
	struct rtcp_reports reports = { .sender = member->ssrc };
	for (size_t i = 0; i < member->uplinks_len; i++) {
		struct uplink *uplink = &member->uplinks[i];
		if (uplink->started)
			reports.report[reports.count++] = report_of(core, uplink, now);
	}
	rtcp_write_reports(w, false, &reports);
}

/* The least that any receiver of this uplink has said it can take; 0: nobody said anything. */
static uint64_t limit_of(const struct core *core, const struct uplink *uplink, struct mono now)
{
	uint64_t least = 0;
	for (size_t i = 0; i < uplink->targets_len; i++) {
		const struct member *to = &core->members[uplink->targets[i].member];
		bool said = to->limit > 0 && mono_diff_us(now, to->limit_at) < LIMIT_FRESH_US;
		if (said && (least == 0 || to->limit < least))
			least = to->limit;
	}
	return least;
}

/*
 * What it is told to send.  Our page keeps to that by itself; its browser's estimate must not be
 * held down to it, as it rises slowly from there when there is more to send.
 */
static uint64_t told_limit(const struct member *member)
{
	enum ladder_kind kind = member->ladder.kind;
	uint64_t told = member->was_told ? (uint64_t)tier_numbers(kind, member->told)->wire_bps : 0;
	if (!member->own_page || told == 0)
		return told;
	if (member->line_in.fell)
		return told + told / 2;
	return told * 5 / 2 > OWN_LEAST_BPS ? told * 5 / 2 : OWN_LEAST_BPS;
}

static void report_limit(const struct core *core, struct member *member, struct writer *w,
			 struct mono now)
{
	struct uplink *uplink = member_uplink(member, MEDIA_VIDEO);
	if (!uplink || !uplink->started)
		return;
	uint64_t limit = limit_of(core, uplink, now);
	uint64_t told = told_limit(member);
	if (told > 0 && (limit == 0 || told < limit))
		limit = told;
	if (limit == 0)
		return;
	struct rtcp_remb remb = {
		.bits_per_s = limit,
		.count = 1,
		.ssrc = { uplink->line.ssrc },
	};
	rtcp_write_remb(w, member->ssrc, &remb);
}

void feedback_report(struct core *core, struct member *member, struct mono now)
{
	uint8_t room[ROOM];
	struct writer w = writer_of(room, COMPOUND_MAX);
	report_slots(core, member, &w, now);
	report_uplinks(core, member, &w, now);
	rtcp_write_cname(&w, member->ssrc, bytes_from_text("pvl"));
	report_limit(core, member, &w, now);
	if (writer_ok(&w))
		leg_send_rtcp(&member->leg, writer_bytes(&w));
}

static struct slot *slot_of(struct member *member, uint32_t ssrc)
{
	for (size_t i = 0; i < member->slots_len; i++)
		if (member->slots[i].ssrc == ssrc)
			return &member->slots[i];
	return NULL;
}

/* Where the packets in this slot come from; NULL: nobody is shown. */
static struct uplink *source_of(struct core *core, const struct slot *slot)
{
	if (slot->source == MEDIA_NO_END)
		return NULL;
	return member_uplink(&core->members[slot->from], slot->line.kind);
}

static void hear_sender(struct member *member, const struct rtcp_reports *sr, struct mono now)
{
	for (size_t i = 0; i < member->uplinks_len; i++) {
		struct uplink *uplink = &member->uplinks[i];
		if (uplink->line.ssrc != sr->sender)
			continue;
		receipt_sender_report(&uplink->receipt, sr, now);
		if (!member->has_clock)
			member->ntp_plus = ntp_now(now) - sr->ntp;
		member->has_clock = true;
	}
}

static void hear_reports(struct member *member, const struct rtcp_packet *packet, struct mono now)
{
	struct rtcp_reports reports;
	if (rtcp_parse_reports(packet, &reports))
		return;
	if (packet->type == RTCP_SR)
		hear_sender(member, &reports, now);
	for (size_t i = 0; i < reports.count; i++) {
		struct slot *slot = slot_of(member, reports.report[i].ssrc);
		if (slot)
			slot_receiver_report(slot, &member->leg, &reports.report[i], now);
	}
}

static void hear_nack(struct core *core, struct member *member,
		      const struct rtcp_feedback *feedback, struct mono now)
{
	struct slot *slot = slot_of(member, feedback->media);
	struct uplink *source = slot ? source_of(core, slot) : NULL;
	if (!source)
		return;
	struct rtcp_nacks walk = rtcp_nacks_of(feedback);
	uint16_t sequence;
	while (rtcp_nacks_next(&walk, &sequence))
		slot_nack(slot, &member->leg, &source->history, sequence, now);
}

static void hear_key_request(struct core *core, const struct member *member, struct slot *slot,
			     struct mono now)
{
	struct uplink *source = source_of(core, slot);
	if (!source || member->no_video || slot->line.kind != MEDIA_VIDEO)
		return;
	/* Asked for already: who repeats the question has not spent its next one. */
	if (!source->keyframe.wanted && slot_pli(slot, now))
		member_want_key(core, slot->from, source, now);
}

static void hear_fir(struct core *core, struct member *member, const struct rtcp_feedback *feedback,
		     struct mono now)
{
	for (size_t i = 0; i < member->slots_len; i++) {
		uint8_t number;
		if (rtcp_fir_asks(feedback, member->slots[i].ssrc, &number))
			hear_key_request(core, member, &member->slots[i], now);
	}
}

static void hear_limit(struct member *member, const struct rtcp_feedback *feedback, struct mono now)
{
	struct rtcp_remb remb;
	if (rtcp_parse_remb(feedback, &remb))
		return;
	member->limit = remb.bits_per_s;
	member->limit_at = now;
}

static void hear_payload_feedback(struct core *core, struct member *member,
				  const struct rtcp_packet *packet, struct mono now)
{
	struct rtcp_feedback feedback;
	if (rtcp_parse_feedback(packet, &feedback))
		return;
	struct slot *slot = slot_of(member, feedback.media);
	if (packet->format == RTCP_PLI && slot)
		hear_key_request(core, member, slot, now);
	if (packet->format == RTCP_FIR)
		hear_fir(core, member, &feedback, now);
	if (packet->format == RTCP_APPLICATION)
		hear_limit(member, &feedback, now);
}

static void hear_transport_feedback(struct core *core, struct member *member,
				    const struct rtcp_packet *packet, struct mono now)
{
	struct rtcp_feedback feedback;
	struct twcc_reader reader;
	if (rtcp_parse_feedback(packet, &feedback))
		return;
	if (packet->format == RTCP_NACK)
		hear_nack(core, member, &feedback, now);
	if (packet->format == RTCP_TWCC && member->leg.estimator && !twcc_open(&feedback, &reader))
		sender_tier_heard(core, member, &reader, now);
}

void feedback_receive(struct core *core, struct member *member, struct bytes compound,
		      struct mono now)
{
	struct rtcp_walk walk = rtcp_walk_of(compound);
	struct rtcp_packet packet;
	while (rtcp_next(&walk, &packet)) {
		if (packet.type == RTCP_SR || packet.type == RTCP_RR)
			hear_reports(member, &packet, now);
		else if (packet.type == RTCP_TRANSPORT_FEEDBACK)
			hear_transport_feedback(core, member, &packet, now);
		else if (packet.type == RTCP_PAYLOAD_FEEDBACK)
			hear_payload_feedback(core, member, &packet, now);
	}
	if (walk.broken)
		core_drop(core, MEDIA_DROP_RTCP);
}
