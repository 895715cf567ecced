#include "congestion/loss_rate.h"

#include <math.h>

enum {
	OBSERVATION_US = 250000,
	HOLD_FIRST_US = 300000,
	HOLD_MAX_US = 60000000,
	WINDOW_US = 300000, /* a rise is bound to 1.3 times within so long */
	CANDIDATES_MAX = 5,
	OBSERVATIONS_LEAST = 6, /* of fewer, on a thin line, chance speaks */
};

static const double AGE_WEIGHT = 0.9;    /* of each older observation */
static const double RECENT_WEIGHT = 0.9; /* the same, for the share */
static const double INHERENT_FIRST = 0.01;
static const double INHERENT_MIN = 0.001;
static const double INHERENT_OFFSET = 0.05;    /* a line may always lose this much, ... */
static const double INHERENT_BALANCE = 100000; /* ... and this many bit/s over its rate more */
static const double RISE_MAX = 1.3;
static const double ABOVE_THROUGHPUT = 1.5;
static const double ABOVE_THROUGHPUT_HELD = 1.2;
static const double BIAS = 0.0002;    /* towards the higher rate, for each kbit/s */
static const double LOG_BIAS = 0.02;  /* and for its logarithm */
static const double BIAS_LOSS = 0.30; /* a line that loses more is no longer favoured */
static const double BIAS_SMOOTHING = 0.002;
static const double NEWTON = 0.75;
static const double LIKELY_MIN = 1e-6;

void loss_rate_init(struct loss_rate *rate)
{
	*rate = (struct loss_rate){
		.bps = INT64_MAX,
		.inherent = INHERENT_FIRST,
		.window_limit_bps = INT64_MAX,
		.hold_us = HOLD_FIRST_US,
	};
}

/* ---- observations ---- */

static void observation_end(struct loss_rate *r)
{
	double passed_s = (double)mono_diff_us(r->newest, r->begun) / 1e6;
	r->now.sent_bps = r->now.kilobytes * 8000 / passed_s;
	r->window[r->at] = r->now;
	r->at = (r->at + 1) % LOSS_RATE_WINDOW;
	if (r->len < LOSS_RATE_WINDOW)
		r->len++;
	r->now = (struct loss_observation){ 0 };
	r->begun = r->newest;
}

void loss_rate_packet(struct loss_rate *r, struct mono sent, size_t bytes, bool lost)
{
	if (!r->any) {
		r->any = true;
		r->begun = sent;
		r->newest = sent;
	}
	if (mono_before(r->newest, sent))
		r->newest = sent;
	r->now.kilobytes += (double)bytes / 1000;
	if (lost)
		r->now.lost += (double)bytes / 1000;
}

/* The observation that is so many older than the newest. */
static const struct loss_observation *observation(const struct loss_rate *r, size_t age)
{
	return &r->window[(r->at + LOSS_RATE_WINDOW - 1 - age) % LOSS_RATE_WINDOW];
}

double loss_rate_share(const struct loss_rate *r)
{
	double all = 0, lost = 0, weight = 1;
	for (size_t age = 0; age < r->len; age++, weight *= RECENT_WEIGHT) {
		all += weight * observation(r, age)->kilobytes;
		lost += weight * observation(r, age)->lost;
	}
	return all > 0 ? lost / all : 0;
}

/* ---- the model: how likely are the losses, if the line were so? ---- */

struct model {
	double bps;
	double inherent;
};

static double inherent_within(double inherent, double bps)
{
	double most = INHERENT_OFFSET + INHERENT_BALANCE / fmax(bps, 1);
	return fmax(INHERENT_MIN, fmin(inherent, fmin(most, 1)));
}

static double loss_of(const struct model *m, double sent_bps)
{
	double loss = m->inherent;
	if (sent_bps > m->bps)
		loss += (1 - m->inherent) * (sent_bps - m->bps) / sent_bps;
	return fmax(LIKELY_MIN, fmin(loss, 1 - LIKELY_MIN));
}

/* One step of Newton's method towards the likeliest inherent loss at this rate. */
static void fit_inherent(const struct loss_rate *r, struct model *m)
{
	double first = 0, second = 0, weight = 1;
	for (size_t age = 0; age < r->len; age++, weight *= AGE_WEIGHT) {
		const struct loss_observation *o = observation(r, age);
		double p = loss_of(m, o->sent_bps);
		double kept = o->kilobytes - o->lost;
		first += weight * (o->lost / p - kept / (1 - p));
		second -= weight * (o->lost / (p * p) + kept / ((1 - p) * (1 - p)));
	}
	if (second < 0)
		m->inherent -= NEWTON * first / second;
	m->inherent = inherent_within(m->inherent, m->bps);
}

static double leaning(double share, double kbps)
{
	double below = BIAS_LOSS - share;
	double factor = below / (BIAS_SMOOTHING + fabs(below));
	return factor * (BIAS * kbps + LOG_BIAS * log(1 + kbps));
}

static double likelihood(const struct loss_rate *r, const struct model *m, double share)
{
	double sum = 0, weight = 1;
	double bias = leaning(share, m->bps / 1000);
	for (size_t age = 0; age < r->len; age++, weight *= AGE_WEIGHT) {
		const struct loss_observation *o = observation(r, age);
		double p = loss_of(m, o->sent_bps);
		sum += weight * (o->lost * log(p) + (o->kilobytes - o->lost) * log(1 - p) +
				 bias * o->kilobytes);
	}
	return sum;
}

static size_t candidates(const struct loss_rate *r, double current, double delay_bps,
			 double throughput_bps, double most, struct model out[CANDIDATES_MAX])
{
	double rates[CANDIDATES_MAX] = { current, current * 1.02, current * 0.95 };
	size_t count = 3;
	if (throughput_bps > 0)
		rates[count++] = throughput_bps;
	if (delay_bps > current)
		rates[count++] = delay_bps;
	for (size_t i = 0; i < count; i++) {
		out[i].bps = fmin(rates[i], most);
		out[i].inherent = inherent_within(r->inherent, out[i].bps);
		fit_inherent(r, &out[i]);
	}
	return count;
}

static struct model likeliest(const struct loss_rate *r, double current, double delay_bps,
			      double throughput_bps, double most)
{
	struct model list[CANDIDATES_MAX];
	size_t count = candidates(r, current, delay_bps, throughput_bps, most, list);
	double share = loss_rate_share(r);
	struct model best = list[0];
	double best_likelihood = likelihood(r, &best, share);
	for (size_t i = 1; i < count; i++) {
		double l = likelihood(r, &list[i], share);
		if (l > best_likelihood) {
			best = list[i];
			best_likelihood = l;
		}
	}
	/* More is lost than the line is said to lose: no moment to rise. */
	if (best.bps > current && share > best.inherent)
		best.bps = current;
	return best;
}

/* ---- the bound ---- */

/* Heavy loss bounds the rate at once, whatever is likely. */
static double bound_now(const struct loss_rate *r)
{
	double beyond = loss_rate_share(r) - INHERENT_OFFSET;
	return beyond > 0 ? INHERENT_BALANCE / beyond : (double)INT64_MAX;
}

static double held_back(const struct loss_rate *r, double to, double current, double throughput_bps)
{
	bool held = mono_before(r->newest, r->hold_until);
	if (to <= current)
		return to;
	if (held)
		return current;
	if (mono_before(r->newest, r->window_until))
		to = fmin(to, fmax(current, (double)r->window_limit_bps));
	if (throughput_bps > 0) {
		double above =
		    r->hold_us > HOLD_FIRST_US * 4 ? ABOVE_THROUGHPUT_HELD : ABOVE_THROUGHPUT;
		to = fmin(to, fmax(current, throughput_bps * above));
	}
	return to;
}

/* The first of several steps down decides how long the next rise waits. */
static void note_fall(struct loss_rate *r)
{
	if (r->falling)
		return;
	r->falling = true;
	r->hold_until = mono_add_us(r->newest, r->hold_us);
	r->hold_us = r->hold_us * 2 < HOLD_MAX_US ? r->hold_us * 2 : HOLD_MAX_US;
}

static void no_limit(struct loss_rate *r)
{
	r->limits = false;
	r->falling = false;
	r->bps = INT64_MAX;
	r->hold_us = HOLD_FIRST_US;
	r->window_limit_bps = INT64_MAX;
}

void loss_rate_update(struct loss_rate *r, int64_t delay_bps, int64_t throughput_bps)
{
	if (!r->any || mono_diff_us(r->newest, r->begun) < OBSERVATION_US)
		return;
	observation_end(r);
	if (r->len < OBSERVATIONS_LEAST)
		return;
	double current = r->limits ? (double)r->bps : (double)delay_bps;
	double most = fmin(bound_now(r), (double)delay_bps);
	struct model best = likeliest(r, current, (double)delay_bps, (double)throughput_bps, most);
	double to = best.bps;
	if (r->limits)
		to = held_back(r, to, current, (double)throughput_bps);
	to = fmin(to, most);
	r->inherent = best.inherent;
	if (to >= (double)delay_bps) {
		no_limit(r);
		return;
	}
	if (!r->limits || to < current)
		note_fall(r);
	else if (to > current)
		r->falling = false;
	if (!mono_before(r->newest, r->window_until)) {
		r->window_limit_bps = (int64_t)(to * RISE_MAX);
		r->window_until = mono_add_us(r->newest, WINDOW_US);
	}
	r->limits = true;
	r->bps = (int64_t)to;
}

void loss_rate_proven(struct loss_rate *r, int64_t bps)
{
	if (r->limits && bps > r->bps)
		no_limit(r);
}
