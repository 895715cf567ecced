#include "../check.h"
#include "base/random.h"
#include "congestion/loss_rate.h"

struct line {
	struct loss_rate rate;
	struct random random;
	int64_t now_us;
};

static void line_new(struct line *line)
{
	loss_rate_init(&line->rate);
	line->random = random_seeded(3);
	line->now_us = 1000000;
}

/* So many seconds at sent_bps, of which the line carries at most carried_bps and loses percent. */
static void pass(struct line *line, int seconds, int64_t sent_bps, int64_t carried_bps,
		 unsigned percent, int64_t delay_bps)
{
	int64_t each_us = 8000 * 1000000ll / sent_bps;
	int64_t end = line->now_us + seconds * 1000000ll;
	int64_t feedback = line->now_us;
	int64_t arrives = sent_bps < carried_bps ? sent_bps : carried_bps;
	while ((line->now_us += each_us) < end) {
		bool lost =
		    (int64_t)random_below(&line->random, (uint64_t)sent_bps) >= carried_bps ||
		    random_below(&line->random, 100) < percent;
		loss_rate_packet(&line->rate, (struct mono){ line->now_us }, 1000, lost);
		if (line->now_us - feedback < 100000)
			continue;
		feedback = line->now_us;
		loss_rate_update(&line->rate, delay_bps, arrives * (100 - percent) / 100);
	}
}

static void without_loss_nothing_is_bound(void **state)
{
	(void)state;
	struct line line;
	line_new(&line);
	pass(&line, 20, 500000, 1000000, 0, 600000);
	CHECK(!line.rate.limits && line.rate.bps == INT64_MAX);
	CHECK(loss_rate_share(&line.rate) < 0.001);
}

static void loss_that_the_line_always_has_binds_nothing(void **state)
{
	(void)state;
	struct line line;
	line_new(&line);
	pass(&line, 60, 400000, 1000000, 10, 500000);
	int64_t bound = line.rate.limits ? line.rate.bps : INT64_MAX;
	CHECK(bound > 300000);
	CHECK(line.rate.inherent > 0.05);
}

static void a_line_that_carries_less_binds_to_what_it_carries(void **state)
{
	(void)state;
	struct line line;
	line_new(&line);
	pass(&line, 10, 250000, 300000, 0, 280000);
	CHECK(!line.rate.limits);
	pass(&line, 10, 900000, 300000, 0, 900000);
	CHECK(line.rate.limits);
	CHECK(line.rate.bps < 500000);
	/* And when it carries more again, the bound goes. */
	pass(&line, 60, 300000, 2000000, 0, 900000);
	CHECK(!line.rate.limits || line.rate.bps > 400000);
}

static void a_bound_is_never_above_what_delays_allow(void **state)
{
	(void)state;
	struct line line;
	line_new(&line);
	for (int i = 0; i < 50; i++) {
		int64_t delay = 50000 + (int64_t)random_below(&line.random, 900000);
		pass(&line, 1, 100000 + (int64_t)random_below(&line.random, 900000), 400000,
		     (unsigned)random_below(&line.random, 40), delay);
		CHECK(!line.rate.limits || line.rate.bps <= delay);
		CHECK(line.rate.bps > 0);
		CHECK(line.rate.inherent >= 0 && line.rate.inherent <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_loss_nothing_is_bound),
		TEST(loss_that_the_line_always_has_binds_nothing),
		TEST(a_line_that_carries_less_binds_to_what_it_carries),
		TEST(a_bound_is_never_above_what_delays_allow),
	};
	return RUN("congestion/loss_rate", tests);
}
