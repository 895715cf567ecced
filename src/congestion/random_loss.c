#include "congestion/random_loss.h"

#include <math.h>

/* What is known fades by so much in each second. */
static const double KEPT_A_SECOND = 0.7;
static const double ENOUGH = 4000; /* bytes: of fewer, chance speaks */

static void begin_feedback(struct random_loss *r)
{
	r->told = 0;
	r->lost = 0;
	r->latest_us = INT64_MIN;
}

void random_loss_init(struct random_loss *r, struct mono now)
{
	*r = (struct random_loss){
		.soonest = delay_least_none(),
		.counted = now,
	};
	begin_feedback(r);
}

void random_loss_packet(struct random_loss *r, size_t bytes, bool lost)
{
	r->told += (double)bytes;
	if (lost)
		r->lost += (double)bytes;
}

void random_loss_delay(struct random_loss *r, int64_t at_us, int64_t delay_us)
{
	if (delay_us > r->latest_us)
		r->latest_us = delay_us;
	delay_least_take(&r->soonest, DELAY_LEAST_BASE_US, at_us, delay_us);
}

static bool is_queued(const struct random_loss *r)
{
	return r->latest_us - delay_least_of(&r->soonest) > RANDOM_LOSS_QUEUED_US;
}

static void count(struct random_loss *r, struct mono now)
{
	double passed_s = (double)mono_diff_us(now, r->counted) / 1e6;
	double kept = pow(KEPT_A_SECOND, passed_s > 0 ? passed_s : 0);
	r->told_calm = kept * r->told_calm + r->told;
	r->lost_calm = kept * r->lost_calm + r->lost;
}

void random_loss_read(struct random_loss *r, struct mono now)
{
	/* Where nothing arrived the next will tell. */
	if (r->latest_us == INT64_MIN)
		return;
	if (!is_queued(r))
		count(r, now);
	r->counted = now;
	begin_feedback(r);
}

double random_loss_share(const struct random_loss *r)
{
	return r->told_calm >= ENOUGH ? r->lost_calm / r->told_calm : 0;
}
