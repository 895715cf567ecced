#include "congestion/uplink_line.h"

enum {
	CALM_US = 800000,       /* before a tier that fits, until the first fall ... */
	CALM_FELL_US = 3000000, /* ... and after it */
	TRIAL_US = 15000000,    /* before one that does not; doubles up to ... */
	TRIAL_MAX_US = 60000000,
	SETTLE_US = 1500000, /* after a change, before the next verdict */
	STAMP_BITS = 24,
};

static const double LOST_STRAIN = 0.10;   /* of packets: more than a line usually loses */
static const double LOST_COLLAPSE = 0.30; /* whatever the delay */
static const double LOST_NEWEST = 0.3;    /* weight of the last second */

void uplink_line_init(struct uplink_line *line, struct mono now)
{
	*line = (struct uplink_line){
		.tier = TIER_D,
		.since = now,
		.strain = mono_add_us(now, -CALM_US),
		.wait_us = TRIAL_US,
	};
	delay_trend_init(&line->trend);
}

void uplink_line_packet(struct uplink_line *line, size_t bytes, struct mono now)
{
	throughput_arrived(&line->throughput, now.us, bytes);
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

void uplink_line_left(struct uplink_line *line, uint32_t sent_24, struct mono now)
{
	if (!line->timed)
		line->sent_24 = sent_24;
	line->timed = true;
	delay_trend_set_rate(&line->trend, throughput_bps(&line->throughput));
	delay_trend_arrived(&line->trend, (struct mono){ unwrap(line, sent_24) }, now.us);
	if (line->trend.use != LINE_OVERUSED || line->trend.deltas == line->judged)
		return;
	line->judged = line->trend.deltas;
	if (line->trend.stands)
		strain(line, now);
}

static bool enter(struct uplink_line *line, enum tier tier, struct mono now)
{
	bool changed = line->tier != tier;
	line->tier = tier;
	line->since = now;
	return changed;
}

/* Below this tier, to one that what arrives shows to fit. */
static bool fall(struct uplink_line *line, struct mono now)
{
	int64_t carries = line->strain_bps;
	bool was_trial = line->ceiling_bps > 0 && line->ceiling_bps < INT64_MAX &&
			 mono_diff_us(now, line->since) < TRIAL_US;
	if (was_trial && line->wait_us < TRIAL_MAX_US)
		line->wait_us *= 2;
	else if (!was_trial)
		line->wait_us = TRIAL_US;
	line->ceiling_bps = carries;
	line->fell = true;
	enum tier fits = tier_fitting(carries);
	enum tier to = (enum tier)(line->tier - 1);
	return enter(line, fits < to ? fits : to, now);
}

/* A trial that held for a while: the line carries more than it did. */
static void note_success(struct uplink_line *line, struct mono now)
{
	bool calm = mono_diff_us(now, line->since) >= CALM_FELL_US &&
		    mono_diff_us(now, line->strain) >= CALM_FELL_US;
	if (calm && tier_numbers(line->tier)->wire_bps > line->ceiling_bps)
		line->ceiling_bps = INT64_MAX;
}

/* How long the line must have been calm before the next tier. */
static int64_t calm_us(const struct uplink_line *line)
{
	int64_t next_bps = tier_numbers((enum tier)(line->tier + 1))->wire_bps;
	if (!line->fell)
		return CALM_US;
	return next_bps <= line->ceiling_bps ? CALM_FELL_US : line->wait_us;
}

bool uplink_line_step(struct uplink_line *line, double lost, struct mono now)
{
	bool strained = mono_diff_us(now, line->strain) < 1000000;
	line->lost += LOST_NEWEST * (lost - line->lost);
	bool heavy = line->lost > LOST_COLLAPSE || (line->lost > LOST_STRAIN && strained);
	if (heavy)
		strain(line, now);
	if (mono_diff_us(now, line->since) < SETTLE_US && line->fell)
		return false;
	if (heavy || strained)
		return line->tier > TIER_G ? fall(line, now) : false;
	note_success(line, now);
	if (line->tier + 1 == TIER_COUNT || mono_diff_us(now, line->strain) < calm_us(line) ||
	    mono_diff_us(now, line->since) < calm_us(line))
		return false;
	return enter(line, (enum tier)(line->tier + 1), now);
}
