#include "congestion/uplink_line.h"

enum {
	CALM_US = 800000,       /* before a tier that fits, until the first fall ... */
	CALM_FELL_US = 3000000, /* ... and after it */
	TRIAL_US = 15000000, /* before one that does not; doubles with each that fails, up to ... */
	TRIAL_MAX_US = 240000000,
	TRIAL_COUNTS_US = 60000000, /* it has failed if the tier falls within so long */
	UNLIKELY_US = 300000000,    /* before one that bursts speak against */
	SETTLE_US = 1500000,        /* after a fall, before the next verdict: the queue drains */
	SOONEST_LEAST_S = 10,       /* of fewer seconds before, chance speaks */
	SOONER_S = 3,
	SOONER_US = 10000, /* at the least: clocks drift, radios waver */
	STAMP_BITS = 24,
};

static const double LOST_STRAIN = 0.10;   /* of packets: more than a line usually loses */
static const double LOST_COLLAPSE = 0.30; /* whatever the delay */
static const double LOST_NEWEST = 0.3;    /* weight of the last second */

/* Half a tier is for those who fall: what is tried is a whole one, so that a visit is not long without. */
static enum tier next_tier(const struct uplink_line *line)
{
	return (enum tier)(line->tier == TIER_E ? TIER_D : line->tier + 1);
}

static int64_t next_bps(const struct uplink_line *line)
{
	if (line->tier + 1 >= TIER_COUNT)
		return 0;
	return tier_numbers(line->kind, next_tier(line))->wire_bps;
}

/* ---- packets that come sooner ---- */

static void forget_soonest(struct uplink_line *line)
{
	bool alone = tier_numbers(line->kind, line->tier)->video_bps == 0;
	if (line->soonest.bps > 0)
		line->alone = line->soonest;
	line->soonest = (struct uplink_soonest){
		.bps = alone ? line->strain_bps : 0,
		.second_us = INT64_MAX,
		.before_us = INT64_MAX,
	};
}

/* A trial has shown that it is the same line still: what was known of it need not be learnt again. */
static void recall_soonest(struct uplink_line *line)
{
	if (line->soonest.bps <= 0 || line->alone.bps <= 0)
		return;
	line->soonest = line->alone;
	line->soonest.second_us = INT64_MAX;
	line->soonest.sooner = 0;
}

/* On the line as it was. */
static int64_t takes_us(const struct uplink_soonest *s, size_t bytes)
{
	return (int64_t)bytes * 8000000 / s->bps;
}

static void note_soonest(struct uplink_soonest *s, size_t bytes, int64_t took_us)
{
	if (s->bps <= 0)
		return;
	int64_t late_us = took_us - takes_us(s, bytes);
	s->second_us = late_us < s->second_us ? late_us : s->second_us;
	s->packet_bytes = bytes;
}

static int64_t much_sooner_us(const struct uplink_soonest *s)
{
	int64_t us = takes_us(s, s->packet_bytes) / 2;
	return us > SOONER_US ? us : SOONER_US;
}

/* A second has passed. */
static void look_for_sooner(struct uplink_soonest *s)
{
	if (s->second_us == INT64_MAX)
		return;
	bool sooner =
	    s->seconds >= SOONEST_LEAST_S && s->second_us <= s->before_us - much_sooner_us(s);
	s->sooner = sooner ? s->sooner + 1 : 0;
	if (!sooner) {
		s->seconds++;
		s->before_us = s->second_us < s->before_us ? s->second_us : s->before_us;
	}
	s->second_us = INT64_MAX;
}

/* ---- what arrives ---- */

void uplink_line_init(struct uplink_line *line, enum ladder_kind kind, struct mono now)
{
	*line = (struct uplink_line){
		.kind = kind,
		.tier = TIER_D,
		.since = now,
		.strain = mono_add_us(now, -CALM_US),
		.wait_us = TRIAL_US,
	};
	delay_trend_init(&line->trend);
	forget_soonest(line);
	burst_rate_ask(&line->bursts, next_bps(line));
}

/* The stamp wraps each 64 s. */
static int64_t unwrap(struct uplink_line *line, uint32_t sent_24)
{
	int32_t delta =
	    (int32_t)((sent_24 - line->sent_24) << (32 - STAMP_BITS)) >> (32 - STAMP_BITS);
	line->sent_24 = sent_24;
	line->sent_us += (int64_t)delta * 1000000 / (1 << 18);
	return line->sent_us;
}

static void strain(struct uplink_line *line, struct mono now)
{
	line->strain = now;
	line->strain_bps = throughput_bps(&line->throughput);
}

/* Whether queues grow. */
static void judge(struct uplink_line *line, int64_t sent_us, struct mono now)
{
	delay_trend_set_rate(&line->trend, throughput_bps(&line->throughput));
	delay_trend_arrived(&line->trend, (struct mono){ sent_us }, now.us);
	if (line->trend.use != LINE_OVERUSED || line->trend.deltas == line->judged)
		return;
	line->judged = line->trend.deltas;
	if (line->trend.stands)
		strain(line, now);
}

static bool enter(struct uplink_line *line, enum tier tier, struct mono now)
{
	bool changed = line->tier != tier;
	line->rose = tier > line->tier;
	line->tier = tier;
	line->since = now;
	forget_soonest(line);
	burst_rate_ask(&line->bursts, next_bps(line));
	return changed;
}

static bool is_trial(const struct uplink_line *line, struct mono now)
{
	return line->tries && mono_diff_us(now, line->tried) < TRIAL_COUNTS_US;
}

static void note_failure(struct uplink_line *line, struct mono now)
{
	if (!is_trial(line, now)) {
		line->wait_us = TRIAL_US;
	} else {
		line->wait_us = line->wait_us * 2 < TRIAL_MAX_US ? line->wait_us * 2 : TRIAL_MAX_US;
		line->deceives = line->deceives || line->was_hinted;
	}
	line->tries = false;
}

/* Below this tier, to one that what arrives shows to fit. */
static bool fall(struct uplink_line *line, struct mono now)
{
	bool failed = is_trial(line, now);
	note_failure(line, now);
	/* What was risen to and did not hold is a trial the next time, whatever came meanwhile;
	 * below a tier that fell, it may be the old queue that drains. */
	int64_t failed_bps =
	    line->rose ? tier_numbers(line->kind, line->tier)->wire_bps : INT64_MAX;
	line->ceiling_bps = line->strain_bps < failed_bps ? line->strain_bps : failed_bps - 1;
	line->fell = true;
	enum tier fits = tier_fitting(line->kind, line->strain_bps);
	enum tier to = (enum tier)(line->tier - 1);
	bool changed = enter(line, fits < to ? fits : to, now);
	if (failed)
		recall_soonest(line);
	return changed;
}

static bool speaks_for_more(const struct uplink_line *line, struct mono now)
{
	return burst_rate_says(&line->bursts, now) == BURST_CARRIES ||
	       line->soonest.sooner >= SOONER_S;
}

/* What came while the line was overused is enough for the next tier. */
static bool is_proven(const struct uplink_line *line)
{
	return line->ceiling_bps != INT64_MAX && next_bps(line) <= line->ceiling_bps;
}

/* A tier higher, which the line has carried before or not. */
static bool climb(struct uplink_line *line, struct mono now)
{
	if (line->fell && !is_proven(line)) {
		line->tries = true;
		line->tried = now;
		line->was_hinted = speaks_for_more(line, now);
	}
	return enter(line, next_tier(line), now);
}

bool uplink_line_packet(struct uplink_line *line, const struct uplink_packet *packet,
			struct mono now)
{
	throughput_arrived(&line->throughput, now.us, packet->bytes);
	if (!packet->is_timed)
		return false;
	if (!line->timed)
		line->sent_24 = packet->sent_24;
	line->timed = true;
	int64_t sent_us = unwrap(line, packet->sent_24);
	if (packet->is_numbered)
		burst_rate_packet(&line->bursts, &(struct burst_packet){
						     .number = packet->number,
						     .bytes = packet->bytes,
						     .sent_us = sent_us,
						     .came = now,
						 });
	judge(line, sent_us, now);
	note_soonest(&line->soonest, packet->bytes, now.us - sent_us);
	bool fails = line->tries && line->rose && line->strain.us == now.us;
	return fails && fall(line, now);
}

/* A trial that held for a while: the line carries more than it did. */
static void note_success(struct uplink_line *line, struct mono now)
{
	bool calm = mono_diff_us(now, line->since) >= CALM_FELL_US &&
		    mono_diff_us(now, line->strain) >= CALM_FELL_US;
	if (calm && tier_numbers(line->kind, line->tier)->wire_bps > line->ceiling_bps)
		line->ceiling_bps = INT64_MAX;
}

/* How long the line must have been calm before the next tier. */
static int64_t calm_us(const struct uplink_line *line, struct mono now)
{
	enum burst_says says = burst_rate_says(&line->bursts, now);
	if (says == BURST_CARRIES_LESS && !is_proven(line))
		return UNLIKELY_US;
	if (!line->fell)
		return CALM_US;
	if (next_bps(line) <= line->ceiling_bps || (speaks_for_more(line, now) && !line->deceives))
		return CALM_FELL_US;
	return line->wait_us;
}

bool uplink_line_step(struct uplink_line *line, double lost, struct mono now)
{
	bool strained = mono_diff_us(now, line->strain) < 1000000;
	line->lost += LOST_NEWEST * (lost - line->lost);
	look_for_sooner(&line->soonest);
	bool heavy = line->lost > LOST_COLLAPSE || (line->lost > LOST_STRAIN && strained);
	if (heavy)
		strain(line, now);
	if (!line->rose && line->fell && mono_diff_us(now, line->since) < SETTLE_US)
		return false;
	if (heavy || strained)
		return line->tier > TIER_G ? fall(line, now) : false;
	note_success(line, now);
	if (line->tier + 1 == TIER_COUNT || mono_diff_us(now, line->strain) < calm_us(line, now) ||
	    mono_diff_us(now, line->since) < calm_us(line, now))
		return false;
	return climb(line, now);
}
