#include "congestion/delay_rate.h"

#include <math.h>

enum {
	LOWER_AGAIN_MIN_US = 10000, /* a round trip between two decreases, within these */
	LOWER_AGAIN_MAX_US = 200000,
	STEP_MIN_BPS = 4000,    /* a second */
	HEADROOM_BPS = 10000,   /* beside the factor, for rates near nothing */
	PACKET_BITS = 1200 * 8, /* of a usual full packet */
	FRAMES_PER_S = 30,
	RESPONSE_US = 100000, /* beside the round trip: how long a change takes to be seen */
};

static const double DECREASE = 0.85;
static const double INCREASE = 1.08; /* a second */
static const double ABOVE_THROUGHPUT = 1.5;
static const double CAPACITY_ALPHA = 0.05;
static const double PROVEN_ALPHA = 0.5;
static const double DEVIATION_MIN = 0.4;
static const double DEVIATION_MAX = 2.5;

void delay_rate_init(struct delay_rate *rate, int64_t start_bps, int64_t floor_bps, struct mono now)
{
	*rate = (struct delay_rate){
		.bps = start_bps,
		.floor_bps = floor_bps,
		.state = RATE_HOLDS,
		.changed = now,
		.lowered = mono_add_us(now, -LOWER_AGAIN_MAX_US),
		.deviation = DEVIATION_MIN,
	};
}

/* ---- the capacity at which the line was overused ---- */

static void capacity_learn(struct delay_rate *r, int64_t bps, double alpha)
{
	double sample = (double)bps / 1000;
	if (r->capacity_kbps <= 0)
		r->capacity_kbps = sample;
	else
		r->capacity_kbps += alpha * (sample - r->capacity_kbps);
	double error = r->capacity_kbps - sample;
	double size = fmax(r->capacity_kbps, 1);
	r->deviation = (1 - alpha) * r->deviation + alpha * error * error / size;
	r->deviation = fmax(DEVIATION_MIN, fmin(r->deviation, DEVIATION_MAX));
}

static double capacity_spread(const struct delay_rate *r)
{
	return 3 * sqrt(r->deviation * r->capacity_kbps);
}

static bool above_capacity(const struct delay_rate *r, int64_t bps)
{
	return (double)bps / 1000 > r->capacity_kbps + capacity_spread(r);
}

static bool below_capacity(const struct delay_rate *r, int64_t bps)
{
	return (double)bps / 1000 < r->capacity_kbps - capacity_spread(r);
}

/* ---- up and down ---- */

/* One usual packet more for each time that a change takes to be seen. */
static double step_bps(const struct delay_rate *r, int64_t rtt_us)
{
	double frame_bits = (double)r->bps / FRAMES_PER_S;
	double packet_bits = frame_bits / ceil(fmax(frame_bits, 1) / PACKET_BITS);
	double step = packet_bits * 1e6 / (double)(rtt_us + RESPONSE_US);
	return fmax(step, STEP_MIN_BPS);
}

static void raise_rate(struct delay_rate *r, const struct delay_rate_input *input, struct mono now)
{
	int64_t throughput_bps = input->throughput_bps;
	double passed_s = fmin((double)mono_diff_us(now, r->changed) / 1e6, 1);
	r->changed = now;
	if (throughput_bps > 0 && r->capacity_kbps > 0 && above_capacity(r, throughput_bps))
		r->capacity_kbps = 0;
	double to = r->capacity_kbps > 0
			? (double)r->bps + step_bps(r, input->rtt_us) * passed_s
			: (double)r->bps * pow(INCREASE, passed_s) + 1000 * passed_s;
	if (throughput_bps > 0) {
		double most = ABOVE_THROUGHPUT * (double)throughput_bps + HEADROOM_BPS;
		to = fmin(to, fmax(most, (double)r->bps));
	}
	r->bps = (int64_t)to;
}

static void lower_rate(struct delay_rate *r, const struct delay_rate_input *input, struct mono now)
{
	int64_t arrives = input->throughput_bps;
	if (arrives == 0 || (input->idle && arrives < r->bps))
		arrives = r->bps;
	int64_t to = (int64_t)(DECREASE * (double)arrives);
	if (to > r->bps && r->capacity_kbps > 0)
		to = (int64_t)(DECREASE * r->capacity_kbps * 1000);
	if (to < r->bps)
		r->bps = to;
	if (r->bps < r->floor_bps)
		r->bps = r->floor_bps;
	if (r->capacity_kbps > 0 && below_capacity(r, arrives))
		r->capacity_kbps = 0;
	capacity_learn(r, arrives, CAPACITY_ALPHA);
	r->lowered = now;
	r->changed = now;
	r->state = RATE_HOLDS;
}

static bool may_lower(const struct delay_rate *r, const struct delay_rate_input *input,
		      struct mono now)
{
	int64_t wait = input->rtt_us;
	if (wait < LOWER_AGAIN_MIN_US)
		wait = LOWER_AGAIN_MIN_US;
	if (wait > LOWER_AGAIN_MAX_US)
		wait = LOWER_AGAIN_MAX_US;
	if (mono_diff_us(now, r->lowered) >= wait)
		return true;
	return !input->idle && input->throughput_bps > 0 && input->throughput_bps < r->bps / 2;
}

void delay_rate_update(struct delay_rate *r, const struct delay_rate_input *input, struct mono now)
{
	switch (input->use) {
	case LINE_OVERUSED:
		if (may_lower(r, input, now))
			lower_rate(r, input, now);
		return;
	case LINE_UNDERUSED:
		r->state = RATE_HOLDS;
		return;
	case LINE_NORMAL:
		break;
	}
	if (input->idle) { /* only a probe can show that the line carries more */
		r->state = RATE_HOLDS;
		return;
	}
	if (r->state == RATE_HOLDS) {
		r->state = RATE_RISES;
		r->changed = now;
	}
	raise_rate(r, input, now);
}

void delay_rate_proven(struct delay_rate *r, int64_t bps, struct mono now)
{
	capacity_learn(r, bps, PROVEN_ALPHA);
	r->bps = bps > r->floor_bps ? bps : r->floor_bps;
	r->changed = now;
}
