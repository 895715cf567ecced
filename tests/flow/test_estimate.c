#include "../unit/check.h"
#include "estimate_flow.h"

#include <stdio.h>

struct scene {
	struct emulated_line there;
	struct emulated_line back;
	struct flow flow;
	struct mono now;
	double seconds;
};

static struct scene *scene_new(const char *there, const char *back, int64_t wanted_bps,
			       uint64_t seed)
{
	static struct scene scene;
	struct line_config config;
	char bad[32];
	scene.now = (struct mono){ .us = 1000000000 };
	scene.seconds = 0;
	CHECK(line_config_parse(there, &config, bad));
	emulated_line_init(&scene.there, &config, seed, scene.now);
	CHECK(line_config_parse(back, &config, bad));
	emulated_line_init(&scene.back, &config, seed + 1, scene.now);
	flow_init(&scene.flow, &scene.there, &scene.back, wanted_bps, scene.now);
	return &scene;
}

struct measured {
	int64_t bps_min, bps_max, bps_mean;
	int64_t carried_bps;
	int64_t delay_ms_max;
	double audio_lost;
};

static bool loud(void)
{
	return getenv("LOUD") != NULL;
}

static struct measured run(struct scene *s, double seconds)
{
	struct measured m = { .bps_min = INT64_MAX };
	struct flow *f = &s->flow;
	int64_t bytes = f->bytes_came, sent = f->audio_sent, came = f->audio_came;
	int64_t sum = 0, count = 0;
	f->delay_us_max = 0;
	for (int64_t ms = 0; ms < (int64_t)(seconds * 1000); ms++) {
		s->now = mono_add_us(s->now, 1000);
		flow_step(f, s->now);
		int64_t bps = estimator_bps(&f->estimator);
		sum += bps;
		count++;
		m.bps_min = bps < m.bps_min ? bps : m.bps_min;
		m.bps_max = bps > m.bps_max ? bps : m.bps_max;
		if (loud() && ms % 1000 == 999)
			printf("# %5.0f s  est %7ld  arrives %7ld  delay %4ld ms  loss %.3f  d %ld "
			       "l %ld use %d probe %d\n",
			       s->seconds + (double)ms / 1000, (long)bps,
			       (long)estimator_throughput_bps(&f->estimator),
			       (long)f->delay_us_max / 1000, estimator_loss(&f->estimator),
			       (long)f->estimator.delay.bps,
			       f->estimator.loss.limits ? (long)f->estimator.loss.bps : -1,
			       f->estimator.trend.use, f->estimator.probe.cluster.number);
		if (ms % 1000 == 999) {
			if (f->delay_us_max / 1000 > m.delay_ms_max)
				m.delay_ms_max = f->delay_us_max / 1000;
			f->delay_us_max = 0;
		}
	}
	s->seconds += seconds;
	m.bps_mean = sum / count;
	m.carried_bps = (int64_t)((double)(f->bytes_came - bytes) * 8 / seconds);
	m.audio_lost = 1 - (double)(f->audio_came - came) / (double)(f->audio_sent - sent);
	return m;
}

static void a_thin_line_is_filled_without_a_queue(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int64_t bps;
	} CASES[] = {
		{ "rate=64k queue=300 delay=40", 64000 },
		{ "rate=100k queue=300 delay=40", 100000 },
		{ "rate=150k queue=300 delay=40", 150000 },
		{ "rate=300k queue=300 delay=40", 300000 },
		{ "rate=1M queue=300 delay=40", 1000000 },
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct scene *s = scene_new(CASES[i].line, "delay=40", 2000000, 7 + i);
		if (loud())
			printf("# %s\n", CASES[i].line);
		run(s, 20);
		struct measured m = run(s, 40);
		printf("# %-32s estimate %ld..%ld mean %ld, carried %ld, delay max %ld ms, audio "
		       "lost %.3f\n",
		       CASES[i].line, (long)m.bps_min, (long)m.bps_max, (long)m.bps_mean,
		       (long)m.carried_bps, (long)m.delay_ms_max, m.audio_lost);
		CHECK(m.carried_bps > CASES[i].bps * 70 / 100);
		CHECK(m.bps_max < CASES[i].bps * 130 / 100);
		CHECK(m.audio_lost < 0.01);
	}
}

static void random_loss_does_not_lower_the_rate(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int64_t mean_bps; /* of 400 kbit/s that are wanted; the last loses a fifth */
	} LINES[] = {
		{ "rate=1M queue=300 delay=40 loss=5%", 400000 },
		{ "rate=1M queue=300 delay=40 loss=10%", 400000 },
		{ "rate=1M queue=300 delay=40 burst=10%/5.5", 350000 },
		{ "rate=1M queue=300 delay=40 loss=20%", 250000 },
	};
	for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
		struct scene *s = scene_new(LINES[i].line, "delay=40", 400000, 70 + i);
		if (loud())
			printf("# %s\n", LINES[i].line);
		run(s, 20);
		struct measured m = run(s, 60);
		printf("# %-44s estimate %ld..%ld mean %ld, carried %ld\n", LINES[i].line,
		       (long)m.bps_min, (long)m.bps_max, (long)m.bps_mean, (long)m.carried_bps);
		CHECK(m.bps_mean > LINES[i].mean_bps);
	}
}

/* Of what arrives the line is known by, and by what it lost on the way: else each queue would cost it twice. */
static void a_line_that_loses_at_random_is_filled(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int64_t carried_bps;
	} LINES[] = {
		{ "rate=200k queue=300 delay=100 loss=10%", 173000 },
		{ "rate=200k queue=300 delay=40 loss=20%", 158000 },
	};
	enum {
		SEEDS = 12
	};
	for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
		int64_t carried_bps = 0;
		for (uint64_t seed = 500; seed < 500 + SEEDS; seed++) {
			struct scene *s =
			    scene_new(LINES[i].line, "delay=100 loss=5%", 2000000, seed);
			run(s, 20);
			carried_bps += run(s, 60).carried_bps / SEEDS;
		}
		printf("# %-44s carried %ld\n", LINES[i].line, (long)carried_bps);
		CHECK(carried_bps >= LINES[i].carried_bps);
	}
}

static void a_step_is_followed(void **state)
{
	(void)state;
	struct scene *s =
	    scene_new("steps=0:1500k,30:250k,60:1500k queue=300 delay=40", "delay=40", 1000000, 99);
	struct measured before = run(s, 30);
	struct measured first = run(s, 3);
	struct measured low = run(s, 27);
	struct measured after = run(s, 10);
	struct measured later = run(s, 20);
	printf("# before %ld, first 3 s delay %ld ms, low mean %ld carried %ld delay %ld, "
	       "10 s after max %ld, later mean %ld\n",
	       (long)before.bps_mean, (long)first.delay_ms_max, (long)low.bps_mean,
	       (long)low.carried_bps, (long)low.delay_ms_max, (long)after.bps_max,
	       (long)later.bps_mean);
	CHECK(before.bps_mean > 900000);
	CHECK(low.bps_max < 400000 && low.carried_bps > 250000 * 80 / 100);
	CHECK(after.bps_max > 1000000);
	CHECK(later.bps_min > 900000);
}

/* How much of the line is used, at least and at most, whatever else it does. */
static void lines_that_lose_wait_and_reorder_are_used(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *back;
		int64_t carried_bps;
		int64_t mean_max_bps;
	} LINES[] = {
		{ "police=256k/8000 delay=40", "delay=40", 240000, 400000 },
		{ "rate=1M delay=300 queue=300 loss=1%", "delay=300", 700000, 1000000 },
		{ "rate=512k delay=25 queue=300 loss=1%", "delay=25", 350000, 512000 },
		{ "rate=256k delay=50 queue=300 loss=3%", "delay=50", 170000, 256000 },
		{ "rate=128k delay=75 queue=300 loss=5%", "delay=75", 80000, 128000 },
		{ "rate=64k delay=100 queue=300 loss=5%", "delay=100", 40000, 64000 },
		{ "rate=2M queue=300 delay=40 jitter=30", "delay=40", 900000, 2000000 },
		{ "rate=500k queue=300 delay=40 reorder=3%/20", "delay=40", 350000, 500000 },
	};
	for (size_t i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
		struct scene *s = scene_new(LINES[i].line, LINES[i].back, 1000000, 170 + i);
		if (loud())
			printf("# %s\n", LINES[i].line);
		run(s, 20);
		struct measured m = run(s, 40);
		printf("# %-44s estimate %ld..%ld mean %ld, carried %ld delay %ld lost %.3f\n",
		       LINES[i].line, (long)m.bps_min, (long)m.bps_max, (long)m.bps_mean,
		       (long)m.carried_bps, (long)m.delay_ms_max, m.audio_lost);
		CHECK(m.carried_bps > LINES[i].carried_bps);
		CHECK(m.bps_mean < LINES[i].mean_max_bps);
	}
}

/* Two flows in one queue: neither starves. */
static void two_flows_share_a_line(void **state)
{
	(void)state;
	static struct flow second;
	struct scene *s = scene_new("rate=400k queue=300 delay=40", "delay=40", 1000000, 5);
	run(s, 20);
	flow_init(&second, &s->there, &s->back, 1000000, s->now);
	int64_t bytes[2] = { 0, 0 };
	for (int ms = 0; ms < 90000; ms++) {
		s->now = mono_add_us(s->now, 1000);
		flow_step(&s->flow, s->now);
		flow_step(&second, s->now);
		if (ms == 30000) {
			bytes[0] = s->flow.bytes_came;
			bytes[1] = second.bytes_came;
		}
	}
	double a = (double)(s->flow.bytes_came - bytes[0]) * 8 / 60;
	double b = (double)(second.bytes_came - bytes[1]) * 8 / 60;
	double jain = (a + b) * (a + b) / (2 * (a * a + b * b));
	printf("# two flows on 400 kbit/s: %.0f and %.0f, Jain %.3f\n", a, b, jain);
	CHECK(a + b > 300000);
	CHECK(jain > 0.8);
}

/*
 * The line becomes thinner while it is tried, and of no trial anything is told: what stands in its queue
 * must be seen all the same.
 */
static void a_queue_is_seen_while_the_line_is_tried(void **state)
{
	(void)state;
	struct scene *s =
	    scene_new("steps=0:600k,20:200k queue=600 delay=40", "delay=40", 1000000, 11);
	struct flow *f = &s->flow;
	run(s, 20);
	int64_t ms = 0;
	for (; ms < 6000 && estimator_bps(&f->estimator) > 250000; ms++) {
		if (probe_may(&f->estimator.probe, s->now)) {
			probe_begin(&f->estimator.probe, 900000, 600000, 0, s->now);
			f->probe_sent = f->estimator.probe.cluster.number; /* it never leaves */
		}
		s->now = mono_add_us(s->now, 1000);
		flow_step(f, s->now);
	}
	printf("# a third of the line is left: followed after %ld ms\n", (long)ms);
	CHECK(ms <= 900);
}

/*
 * A line that becomes wider is found out, however low the estimate stands: trials that are too small to
 * tell anything, or too large to succeed, must not keep it there.
 */
static void an_estimate_that_is_stuck_low_is_tried_free(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int64_t bps; /* of the wider line */
		uint64_t seeds;
	} STEPS[] = {
		{ "steps=0:128k,40:1M queue=300 delay=40", 1000000, 1 },
		{ "steps=0:64k,40:100k queue=300 delay=40", 100000, 1 },
		{ "steps=0:200k,40:300k queue=300 delay=40", 300000, 1 },
		{ "steps=0:30k,40:300k queue=300 delay=40", 300000, 1 },
		{ "steps=0:128k,40:512k queue=300 delay=25 loss=1%", 512000, 6 },
		{ "steps=0:100k,40:400k queue=300 delay=40 jitter=20", 400000, 6 },
	};
	enum {
		WITHIN_S = 10,
		PERCENT = 80
	};
	for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++)
		for (uint64_t seed = 800; seed < 800 + STEPS[i].seeds; seed++) {
			struct scene *s = scene_new(STEPS[i].line, "delay=40", 2000000, seed);
			int64_t enough = STEPS[i].bps * PERCENT / 100;
			int seconds = 0;
			run(s, 40);
			for (; seconds < WITHIN_S && estimator_bps(&s->flow.estimator) < enough;
			     seconds++)
				run(s, 1);
			int64_t bps = estimator_bps(&s->flow.estimator);
			printf("# %-50s seed %d: %ld after %d s\n", STEPS[i].line, (int)seed,
			       (long)bps, seconds);
			CHECK(bps >= enough);
		}
}

/* The same seed, the same visit: what is found once can be looked at again. */
static void a_seed_repeats_itself(void **state)
{
	(void)state;
	int64_t mean[2];
	for (int i = 0; i < 2; i++) {
		struct scene *s = scene_new("rate=256k queue=300 delay=50 loss=3% jitter=10",
					    "delay=50", 1000000, 4242);
		mean[i] = run(s, 30).bps_mean;
	}
	CHECK(mean[0] == mean[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thin_line_is_filled_without_a_queue),
		TEST(random_loss_does_not_lower_the_rate),
		TEST(a_line_that_loses_at_random_is_filled),
		TEST(a_step_is_followed),
		TEST(lines_that_lose_wait_and_reorder_are_used),
		TEST(two_flows_share_a_line),
		TEST(a_queue_is_seen_while_the_line_is_tried),
		TEST(an_estimate_that_is_stuck_low_is_tried_free),
		TEST(a_seed_repeats_itself),
	};
	return RUN("flow/estimate", tests);
}
