/*
 * delay_rate.h - the rate that the growth and draining of queues allows.
 *
 * Additive increase, multiplicative decrease (draft-ietf-rmcat-gcc-02, section
 * 5.5): overuse takes the rate to 0.85 of what arrives; a normal line lets it
 * rise by 8 % a second, or step by step near the rate at which it was overused
 * before.  Never above 1.5 times what arrives.  Pure.
 */
#ifndef PVL_CONGESTION_DELAY_RATE_H
#define PVL_CONGESTION_DELAY_RATE_H

#include "congestion/delay_trend.h"

struct delay_rate {
	int64_t bps;
	int64_t floor_bps;
	enum {
		RATE_HOLDS,
		RATE_RISES
	} state;
	struct mono changed; /* the rate was last raised */
	struct mono lowered;
	double capacity_kbps; /* at which it was overused; 0: never, or forgotten */
	double deviation;     /* of that, relative */
};

void delay_rate_init(struct delay_rate *rate, int64_t start_bps, int64_t floor_bps,
		     struct mono now);
struct delay_rate_input {
	enum line_use use;
	int64_t throughput_bps; /* 0: not known */
	bool idle; /* less was sent than the rate: what arrives says nothing of the line */
	int64_t rtt_us;
};

void delay_rate_update(struct delay_rate *rate, const struct delay_rate_input *input,
		       struct mono now);
/* A probe has shown what the line carries. */
void delay_rate_proven(struct delay_rate *rate, int64_t bps, struct mono now);

#endif
