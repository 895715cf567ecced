/*
 * estimator.h - what one receiver's line can carry, from the feedback of our own leg alone.
 *
 * Google congestion control, for lines far thinner than it was made for:
 *
 *	sent      what left, by transport-wide number
 *	delay     queues that grow or drain                  (delay_trend, delay_rate)
 *	loss      more loss than the line always has         (loss_rate)
 *	probe     somebody would use more: try it            (probe; waver: how long)
 *
 * The estimate is the least of what delays, losses and the receiver's own word
 * allow, and never below floor_bps: below that, things are switched off, not
 * squeezed (media.md, section 10.3).  It starts where the caller says (the last
 * good rate of this site or household, else low).
 *
 * Another controller can stand behind the same functions; nothing outside reads
 * the struct's parts.
 */
#ifndef PVL_CONGESTION_ESTIMATOR_H
#define PVL_CONGESTION_ESTIMATOR_H

#include "congestion/delay_rate.h"
#include "congestion/loss_rate.h"
#include "congestion/probe.h"
#include "congestion/random_loss.h"
#include "congestion/throughput.h"
#include "congestion/waver.h"
#include "wire/twcc.h"

enum {
	ESTIMATOR_START_BPS = 70000,
	ESTIMATOR_FLOOR_BPS = 10000,
	ESTIMATOR_CEILING_BPS = 4000000,
};

struct estimator {
	struct sent sent;
	struct delay_trend trend;
	unsigned judged; /* groups of it that counted already */
	struct delay_rate delay;
	struct loss_rate loss;
	struct random_loss random;
	struct throughput throughput;
	uint16_t told_to; /* the next report begins with this number, if none is lost */
	bool told_any;
	struct probe probe;
	struct waver waver;
	bool probed; /* a result came: what was assumed at the beginning counts no more */
	struct mono sent_since; /* how much leaves, over two seconds */
	size_t sent_bytes;
	int64_t sent_bps;    /* -1: not known yet */
	struct mono drained; /* by then the queue of the last probe is gone */
	int64_t wanted_bps;  /* somebody would use so much */
	int64_t cap_bps;     /* the receiver's word, or the site's share; 0: none */
	int64_t rtt_us;      /* smoothed, from feedback; 0: not known */
	int64_t arrival_us;  /* newest, unwrapped; the receiver's clock */
	bool has_arrival;
	struct mono heard;    /* last feedback */
	struct mono overused; /* last */
	bool ever_overused;
};

void estimator_init(struct estimator *estimator, int64_t start_bps, struct mono now);
/* A packet leaves; its transport-wide numbers rise by one from each to the next. */
void estimator_sent(struct estimator *estimator, const struct sent_packet *packet);
/* Feedback of the receiver, as opened. */
void estimator_feedback(struct estimator *estimator, struct twcc_reader *feedback, struct mono now);
/* Every 25 to 100 ms while packets leave. */
void estimator_tick(struct estimator *estimator, struct mono now);

/* Somebody would use so much, if the line carried it; 0: what there is, is enough. */
void estimator_want(struct estimator *estimator, int64_t bps);
/* A bound from outside; 0: none. */
void estimator_cap(struct estimator *estimator, int64_t bps);
/* A cluster that is to be sent now (number 0: none); see estimator_sent() for its packets. */
struct probe_cluster estimator_probe(const struct estimator *estimator);

int64_t estimator_bps(const struct estimator *estimator);
/* What arrives; 0: not known yet. */
int64_t estimator_throughput_bps(const struct estimator *estimator);
/* A queue grows now, or did within the last so many µs. */
bool estimator_is_overused(const struct estimator *estimator, int64_t within_us, struct mono now);
/* Share of our packets that is lost, 0 to 1. */
double estimator_loss(const struct estimator *estimator);
/* What of it the line loses by itself, not because it is full: what repeats make good. */
double estimator_random_loss(const struct estimator *estimator);

#endif
