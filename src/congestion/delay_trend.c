#include "congestion/delay_trend.h"

#include <math.h>
#include <stdlib.h>

enum {
	GROUP_US = 5000,       /* packets that leave within it are one group */
	BURST_US = 5000,       /* arrivals so close may be one group too ... */
	BURST_MAX_US = 100000, /* ... of at most this length */
	JUMP_US = 3000000,     /* of a clock: begin anew */
	REORDERED_MAX = 3,
	COUNTED_MAX = 60, /* deltas that strengthen the slope */
	RECENT_US = 400000,
	STANDS_US = 100000,
	PACKET_BYTES = 800,
	PACKET_MAX_US = 100000,
};

static const double SMOOTHING = 0.9;
static const double GAIN = 4.0;
static const double THRESHOLD_MS = 12.5;
static const double THRESHOLD_MIN_MS = 6;
static const double THRESHOLD_MAX_MS = 600;
static const double FARTHEST_MS = 15; /* beyond the threshold: a spike, no reason to adapt */
static const double UP = 0.0087;
static const double DOWN = 0.039;
static const double ADAPT_MAX_MS = 100;
static const double OVER_MS = 10;

void delay_trend_init(struct delay_trend *trend)
{
	*trend = (struct delay_trend){
		.threshold_ms = THRESHOLD_MS,
		.over_ms = -1,
		.recent = delay_least_none(),
		.base = delay_least_none(),
	};
}

void delay_trend_restart(struct delay_trend *trend)
{
	struct delay_trend old = *trend;
	delay_trend_init(trend);
	trend->recent = old.recent;
	trend->stands = old.stands;
	trend->base = old.base;
	trend->packet_us = old.packet_us;
}

void delay_trend_set_rate(struct delay_trend *trend, int64_t bps)
{
	int64_t us = bps > 0 ? (int64_t)PACKET_BYTES * 8000000 / bps : 0;
	trend->packet_us = us < PACKET_MAX_US ? us : PACKET_MAX_US;
}

/* ---- the queue that stands ---- */

static void look_for_queue(struct delay_trend *t, struct mono sent, int64_t arrived_us)
{
	int64_t took_us = arrived_us - sent.us;
	delay_least_take(&t->recent, RECENT_US, arrived_us, took_us);
	delay_least_take(&t->base, DELAY_LEAST_BASE_US, arrived_us, took_us);
	bool long_enough = t->recent.before_us != INT64_MAX;
	int64_t longer_us = long_enough ? delay_least_of(&t->recent) - delay_least_of(&t->base) : 0;
	t->stands = longer_us > STANDS_US + t->packet_us;
}

/* ---- the verdict ---- */

static void adapt(struct delay_trend *t, double strength_ms, int64_t arrived_us)
{
	double distance = fabs(strength_ms) - t->threshold_ms;
	double passed_ms = (double)(arrived_us - t->adapted_us) / 1000;
	t->adapted_us = arrived_us;
	if (distance > FARTHEST_MS)
		return;
	passed_ms = fmax(0, fmin(passed_ms, ADAPT_MAX_MS));
	t->threshold_ms += (distance < 0 ? DOWN : UP) * distance * passed_ms;
	t->threshold_ms = fmax(THRESHOLD_MIN_MS, fmin(t->threshold_ms, THRESHOLD_MAX_MS));
}

static void not_over(struct delay_trend *t)
{
	t->over_ms = -1;
	t->over_count = 0;
}

static void judge(struct delay_trend *t, double slope, double sent_ms, int64_t arrived_us)
{
	unsigned counted = t->deltas < COUNTED_MAX ? t->deltas : COUNTED_MAX;
	double strength_ms = counted * slope * GAIN;
	if (strength_ms > t->threshold_ms) {
		t->over_ms = t->over_ms < 0 ? sent_ms / 2 : t->over_ms + sent_ms;
		t->over_count++;
		if (t->over_ms > OVER_MS && t->over_count > 1 && slope >= t->slope_before) {
			t->over_ms = 0;
			t->over_count = 0;
			t->use = LINE_OVERUSED;
		}
	} else {
		not_over(t);
		t->use = strength_ms < -t->threshold_ms ? LINE_UNDERUSED : LINE_NORMAL;
	}
	if (t->stands)
		t->use = LINE_OVERUSED;
	t->slope_before = slope;
	adapt(t, strength_ms, arrived_us);
}

/* ---- the line through the window ---- */

static void remember(struct delay_trend *t, double x_ms)
{
	t->x_ms[t->at] = x_ms;
	t->y_ms[t->at] = t->smoothed_ms;
	t->at = (t->at + 1) % DELAY_TREND_WINDOW;
	if (t->len < DELAY_TREND_WINDOW)
		t->len++;
}

/* Least squares; false if all arrived at one time. */
static bool fit(const struct delay_trend *t, double *slope)
{
	double x = 0, y = 0, above = 0, below = 0;
	for (size_t i = 0; i < t->len; i++) {
		x += t->x_ms[i] / (double)t->len;
		y += t->y_ms[i] / (double)t->len;
	}
	for (size_t i = 0; i < t->len; i++) {
		above += (t->x_ms[i] - x) * (t->y_ms[i] - y);
		below += (t->x_ms[i] - x) * (t->x_ms[i] - x);
	}
	if (below <= 0)
		return false;
	*slope = above / below;
	return true;
}

static void take_delta(struct delay_trend *t, double sent_ms, double arrived_ms, int64_t arrived_us)
{
	if (t->deltas++ == 0) {
		t->first_arrived_us = arrived_us;
		t->adapted_us = arrived_us;
	}
	t->delay_ms += arrived_ms - sent_ms;
	t->smoothed_ms = SMOOTHING * t->smoothed_ms + (1 - SMOOTHING) * t->delay_ms;
	remember(t, (double)(arrived_us - t->first_arrived_us) / 1000);
	double slope = t->slope_before;
	if (t->len == DELAY_TREND_WINDOW)
		(void)fit(t, &slope);
	judge(t, slope, sent_ms, arrived_us);
}

/* ---- groups ---- */

static struct delay_group group_of(struct mono sent, int64_t arrived_us)
{
	return (struct delay_group){ .any = true,
				     .first_sent = sent,
				     .last_sent = sent,
				     .first_arrived_us = arrived_us,
				     .last_arrived_us = arrived_us };
}

/* Packets that a queue let go at once belong together, however far apart they left. */
static bool belongs_to_burst(const struct delay_group *g, struct mono sent, int64_t arrived_us)
{
	int64_t arrived_delta = arrived_us - g->last_arrived_us;
	int64_t sent_delta = mono_diff_us(sent, g->last_sent);
	if (sent_delta == 0)
		return true;
	return arrived_delta < sent_delta && arrived_delta <= BURST_US &&
	       arrived_us - g->first_arrived_us < BURST_MAX_US;
}

static bool belongs(const struct delay_group *g, struct mono sent, int64_t arrived_us)
{
	return belongs_to_burst(g, sent, arrived_us) ||
	       mono_diff_us(sent, g->first_sent) <= GROUP_US;
}

/* Both groups are whole: what the later one gained. */
static void compare(struct delay_trend *t)
{
	int64_t sent_us = mono_diff_us(t->current.last_sent, t->before.last_sent);
	int64_t arrived_us = t->current.last_arrived_us - t->before.last_arrived_us;
	if (llabs(arrived_us - sent_us) > JUMP_US) {
		delay_trend_init(t);
		return;
	}
	if (arrived_us < 0) {
		if (++t->reordered >= REORDERED_MAX)
			delay_trend_init(t);
		return;
	}
	t->reordered = 0;
	take_delta(t, (double)sent_us / 1000, (double)arrived_us / 1000,
		   t->current.last_arrived_us);
}

void delay_trend_arrived(struct delay_trend *t, struct mono sent, int64_t arrived_us)
{
	look_for_queue(t, sent, arrived_us);
	if (!t->current.any) {
		t->current = group_of(sent, arrived_us);
		return;
	}
	if (mono_before(sent, t->current.first_sent))
		return;
	if (belongs(&t->current, sent, arrived_us)) {
		if (mono_before(t->current.last_sent, sent))
			t->current.last_sent = sent;
		t->current.last_arrived_us = arrived_us;
		return;
	}
	if (t->before.any)
		compare(t);
	if (t->current.any)
		t->before = t->current;
	t->current = group_of(sent, arrived_us);
}
