#include "congestion/estimator.h"

#include <math.h>
#include <stdlib.h>

enum {
	BATCH = 256, /* statuses sorted at one time */
	RTT_GUESS_US = 100000,
	RTT_MAX_US = 5000000,
	DRAIN_US = 1500000,
	SENT_WINDOW_US = 2000000, /* longer than between two pictures of the slowest tier */
	FIRST_PROBE_BPS = 500000, /* before anything is known: what the first pictures would like */
	CALM_US = 3000000,        /* without overuse, before a probe */
};

/* Sent so much of the estimate, or less: the line was not tried. */
static const double IDLE = 0.80;
static const double RANDOM_MOST = 0.3; /* more loss than this is made good by no repeats */
static const double LOSES = 0.05;      /* so much more than the line always does */

/* Arrival times wrap: 24 bits of 64 ms. */
static const int64_t WRAP_US = (int64_t)TWCC_REFERENCE_US << 24;

void estimator_init(struct estimator *e, int64_t start_bps, struct mono now)
{
	*e = (struct estimator){ .heard = now, .sent_since = now, .sent_bps = -1 };
	delay_trend_init(&e->trend);
	delay_rate_init(&e->delay, start_bps, ESTIMATOR_FLOOR_BPS, now);
	loss_rate_init(&e->loss);
	random_loss_init(&e->random, now);
	probe_init(&e->probe, now);
	waver_init(&e->waver);
	probe_begin(&e->probe, FIRST_PROBE_BPS, 0, 0, now);
}

void estimator_sent(struct estimator *e, const struct sent_packet *packet)
{
	int64_t passed = mono_diff_us(packet->at, e->sent_since);
	sent_add(&e->sent, packet);
	if (passed >= SENT_WINDOW_US) {
		e->sent_bps = (int64_t)e->sent_bytes * 8000000 / passed;
		e->sent_since = packet->at;
		e->sent_bytes = 0;
	}
	e->sent_bytes += packet->bytes;
}

static bool is_idle(const struct estimator *e)
{
	return e->sent_bps >= 0 && (double)e->sent_bps < IDLE * (double)e->delay.bps;
}

/* ---- feedback ---- */

struct arrival {
	struct sent_packet packet;
	int64_t at_us;
};

static int64_t unwrap(struct estimator *e, int64_t at_us)
{
	if (!e->has_arrival) {
		e->has_arrival = true;
		e->arrival_us = at_us;
		return at_us;
	}
	int64_t delta = (at_us - e->arrival_us) % WRAP_US;
	if (delta > WRAP_US / 2)
		delta -= WRAP_US;
	if (delta < -WRAP_US / 2)
		delta += WRAP_US;
	int64_t at = e->arrival_us + delta;
	if (delta > 0)
		e->arrival_us = at;
	return at;
}

static int by_arrival(const void *a, const void *b)
{
	const struct arrival *x = a;
	const struct arrival *y = b;
	return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

static void take_arrivals(struct estimator *e, struct arrival *list, size_t count)
{
	qsort(list, count, sizeof *list, by_arrival);
	for (size_t i = 0; i < count; i++) {
		const struct sent_packet *packet = &list[i].packet;
		delay_trend_arrived(&e->trend, packet->at, list[i].at_us);
		waver_arrived(&e->waver, packet->at, list[i].at_us, packet->bytes, e->delay.bps);
		if (!packet->untold)
			throughput_arrived(&e->throughput, list[i].at_us, packet->bytes);
		probe_arrived(&e->probe, packet, list[i].at_us);
	}
}

/* From the newest packet told of: how long it took until we heard. */
static void take_rtt(struct estimator *e, struct mono newest, struct mono now)
{
	int64_t rtt_us = mono_diff_us(now, newest);
	if (rtt_us < 0 || rtt_us > RTT_MAX_US)
		return;
	e->rtt_us = e->rtt_us == 0 ? rtt_us : e->rtt_us + (rtt_us - e->rtt_us) / 8;
}

/* How many arrived; the newest of them by sending. */
static size_t read_feedback(struct estimator *e, struct twcc_reader *feedback,
			    struct arrival list[BATCH], struct mono *newest)
{
	struct twcc_status status;
	size_t count = 0;
	while (count < BATCH && twcc_next(feedback, &status)) {
		const struct sent_packet *packet =
		    sent_told(&e->sent, status.sequence, status.arrived);
		if (!packet)
			continue;
		probe_told(&e->probe, packet);
		if (!packet->late) {
			loss_rate_packet(&e->loss, packet->at, packet->bytes, !status.arrived);
			random_loss_packet(&e->random, packet->bytes, !status.arrived);
		}
		if (!status.arrived)
			continue;
		if (mono_before(*newest, packet->at))
			*newest = packet->at;
		list[count] = (struct arrival){ *packet, unwrap(e, status.arrival_us) };
		random_loss_delay(&e->random, list[count].at_us, list[count].at_us - packet->at.us);
		count++;
	}
	return count;
}

/* On a line that loses, so it does reports: what they would have told came like the rest. */
static void mind_lost_reports(struct estimator *e, const struct twcc_reader *feedback)
{
	uint16_t end = (uint16_t)(feedback->base + feedback->count);
	if (!e->told_any) {
		e->told_any = true;
		e->told_to = end;
		return;
	}
	double untold = (double)sent_untold(&e->sent, e->told_to, feedback->base);
	throughput_untold(&e->throughput, (size_t)(untold * (1 - loss_rate_share(&e->loss))));
	if ((int16_t)(end - e->told_to) > 0)
		e->told_to = end;
}

static int64_t rtt_us(const struct estimator *e)
{
	return e->rtt_us > 0 ? e->rtt_us : RTT_GUESS_US;
}

static void take_probe(struct estimator *e, struct mono now)
{
	bool was = e->probe.cluster.number != 0;
	bool first = e->probe.cluster.number == 1 && !e->probed;
	int64_t shown = probe_result(&e->probe, random_loss_share(&e->random), now);
	e->probed = e->probed || shown > 0;
	if (shown > e->delay.bps || (first && shown > 0))
		delay_rate_proven(&e->delay, shown, now);
	loss_rate_proven(&e->loss, shown);
	if (!was || e->probe.cluster.number != 0)
		return;
	delay_trend_restart(&e->trend);
	if (e->delay.bps < PROBE_THIN_BPS)
		e->drained = mono_add_us(now, DRAIN_US);
}

/*
 * A probe makes a queue of its own: its result tells, not its delay.  But on a line that is not thin
 * that is soon gone: if one stands, the line was taken for wider than it is.
 */
static bool is_of_probe(const struct estimator *e, struct mono now)
{
	if (e->trend.stands && e->delay.bps >= PROBE_THIN_BPS)
		return false;
	return e->probe.cluster.number != 0 || mono_before(now, e->drained);
}

/* What was sent while so much arrived: what the line loses by itself, it does not carry less for. */
static int64_t sent_for(const struct estimator *e, int64_t arrives_bps)
{
	double loses = fmin(random_loss_share(&e->random), RANDOM_MOST);
	return (int64_t)((double)arrives_bps / (1 - loses));
}

static void update(struct estimator *e, struct mono now)
{
	/* A verdict counts once: without new groups nothing is known, and the rate holds. */
	enum line_use use = e->trend.deltas != e->judged ? e->trend.use : LINE_UNDERUSED;
	int64_t arrives = throughput_bps(&e->throughput);
	if (use == LINE_OVERUSED && is_of_probe(e, now))
		use = LINE_UNDERUSED;
	/* Nor is it the line's fault where little was sent, but in a burst. */
	if (use == LINE_OVERUSED && is_idle(e) && !e->trend.stands)
		use = LINE_UNDERUSED;
	if (use == LINE_OVERUSED) {
		probe_fail(&e->probe, now);
		e->overused = now;
		e->ever_overused = true;
	}
	delay_rate_update(&e->delay,
			  &(struct delay_rate_input){ .use = use,
						      .throughput_bps = sent_for(e, arrives),
						      .idle = is_idle(e),
						      .rtt_us = rtt_us(e) },
			  now);
	e->judged = e->trend.deltas;
	take_probe(e, now);
	if (e->delay.bps > ESTIMATOR_CEILING_BPS)
		e->delay.bps = ESTIMATOR_CEILING_BPS;
	/* Of a line that was not filled what arrives says nothing. */
	loss_rate_update(&e->loss, e->delay.bps, is_idle(e) ? 0 : arrives);
}

void estimator_feedback(struct estimator *e, struct twcc_reader *feedback, struct mono now)
{
	struct arrival list[BATCH];
	struct mono newest = { INT64_MIN };
	size_t count;
	if (mono_diff_us(now, e->heard) > DELAY_TREND_SILENT_US + 2 * rtt_us(e))
		delay_trend_restart(&e->trend);
	e->heard = now;
	mind_lost_reports(e, feedback);
	delay_trend_set_rate(&e->trend, e->delay.bps);
	while ((count = read_feedback(e, feedback, list, &newest)) > 0)
		take_arrivals(e, list, count);
	random_loss_read(&e->random, now);
	if (newest.us != INT64_MIN)
		take_rtt(e, newest, now);
	update(e, now);
}

/* ---- probes ---- */

/* It is bound by losses, and they go on: a probe would be lost as well. */
static bool loses(const struct estimator *e)
{
	return e->loss.limits && loss_rate_share(&e->loss) > LOSES + e->loss.inherent;
}

/* Twice what is known at most, on thin lines half as much again, and no more than somebody wants. */
static void probe_if_wanted(struct estimator *e, struct mono now)
{
	int64_t bps = estimator_bps(e);
	int64_t to = e->wanted_bps + e->wanted_bps / 5;
	int64_t most = bps < PROBE_THIN_BPS ? bps + bps / 2 : 2 * bps;
	if (to > most)
		to = most;
	if (e->cap_bps > 0 && to > e->cap_bps)
		to = e->cap_bps;
	if (e->wanted_bps <= bps || to <= bps || loses(e) ||
	    estimator_is_overused(e, CALM_US, now) || !probe_may(&e->probe, now))
		return;
	probe_begin(&e->probe, to, bps, waver_us(&e->waver), now);
}

void estimator_tick(struct estimator *e, struct mono now)
{
	if (probe_is_late(&e->probe, rtt_us(e), now))
		probe_fail(&e->probe, now);
	if (e->has_arrival)
		probe_if_wanted(e, now);
}

void estimator_want(struct estimator *e, int64_t bps)
{
	e->wanted_bps = bps;
}

void estimator_cap(struct estimator *e, int64_t bps)
{
	e->cap_bps = bps;
}

struct probe_cluster estimator_probe(const struct estimator *e)
{
	return e->probe.cluster;
}

/* ---- what it says ---- */

int64_t estimator_bps(const struct estimator *e)
{
	int64_t bps = e->delay.bps < e->loss.bps ? e->delay.bps : e->loss.bps;
	if (e->cap_bps > 0 && bps > e->cap_bps)
		bps = e->cap_bps;
	return bps > ESTIMATOR_FLOOR_BPS ? bps : ESTIMATOR_FLOOR_BPS;
}

int64_t estimator_throughput_bps(const struct estimator *e)
{
	return throughput_bps(&e->throughput);
}

bool estimator_is_overused(const struct estimator *e, int64_t within_us, struct mono now)
{
	return e->ever_overused && mono_diff_us(now, e->overused) <= within_us;
}

double estimator_loss(const struct estimator *e)
{
	return loss_rate_share(&e->loss);
}

double estimator_random_loss(const struct estimator *e)
{
	return random_loss_share(&e->random);
}
