#include "../check.h"
#include "base/random.h"
#include "congestion/burst_rate.h"

/* A sender of pictures, each of so many packets at a pace of its own, on a line that carries so much. */
struct line {
	struct burst_rate rate;
	struct random random;
	int64_t carries_bps;
	int64_t pace_bps;
	int64_t noise_us; /* of when packets are seen */
	int64_t now_us;
	int64_t free_us;
	uint16_t number;
};

static void send(struct line *l, size_t bytes, unsigned lost_of_100)
{
	int64_t starts = l->free_us > l->now_us ? l->free_us : l->now_us;
	uint16_t number = l->number++;
	if (random_below(&l->random, 100) < lost_of_100)
		return;
	l->free_us = starts + (int64_t)bytes * 8000000 / l->carries_bps;
	int64_t late_us =
	    l->noise_us > 0 ? (int64_t)random_below(&l->random, (uint64_t)l->noise_us) : 0;
	burst_rate_packet(&l->rate, &(struct burst_packet){
					.number = number,
					.bytes = bytes,
					.sent_us = l->now_us,
					.came = { l->free_us + 40000 + late_us },
				    });
}

/* Ten seconds at ten pictures of so many packets; what it says at each moment, counted. */
static void run(struct line *l, unsigned parts, unsigned lost_of_100, unsigned says[3])
{
	for (unsigned n = 0; n < 100; n++) {
		int64_t begins_us = l->now_us;
		for (unsigned i = 0; i < parts; i++) {
			send(l, i % 3 == 2 ? 200 : 1000, lost_of_100);
			l->now_us += 8000000000ll / l->pace_bps;
		}
		l->now_us = begins_us + 100000;
		if (n >= 30)
			says[burst_rate_says(&l->rate, (struct mono){ l->now_us })]++;
	}
}

static void pairs_show_whether_the_line_carries_what_is_asked(void **state)
{
	(void)state;
	static const struct {
		int64_t carries_bps, asked_bps, pace_bps, noise_us;
		unsigned lost_of_100;
		enum burst_says says;
	} CASES[] = {
		{ 400000, 700000, 1500000, 2000, 0, BURST_CARRIES_LESS },
		{ 512000, 700000, 1500000, 2000, 5, BURST_CARRIES_LESS },
		{ 2000000, 700000, 1500000, 2000, 20, BURST_CARRIES },
		{ 720000, 700000, 1500000, 0, 0, BURST_CARRIES },
		{ 300000, 410000, 450000, 3000, 0, BURST_CARRIES_LESS },
		{ 300000, 410000, 350000, 0, 0, BURST_UNKNOWN }, /* sent too slowly to know */
	};
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		struct line l = {
			.random = random_seeded(40 + i),
			.carries_bps = CASES[i].carries_bps,
			.pace_bps = CASES[i].pace_bps,
			.noise_us = CASES[i].noise_us,
			.number = 65500,
		};
		unsigned says[3] = { 0 };
		burst_rate_ask(&l.rate, CASES[i].asked_bps);
		run(&l, 2, CASES[i].lost_of_100, says);
		CHECK(says[CASES[i].says] >= 65); /* of 70 */
	}
}

static void a_line_that_got_better_says_so_soon(void **state)
{
	(void)state;
	struct line l = { .random = random_seeded(1), .carries_bps = 300000, .pace_bps = 1500000 };
	unsigned says[3] = { 0 };
	burst_rate_ask(&l.rate, 410000);
	run(&l, 2, 0, says);
	assert_int_equal(says[BURST_CARRIES], 0);
	l.carries_bps = 1000000;
	for (unsigned n = 0; n < 10; n++, l.now_us += 100000) {
		send(&l, 1000, 0);
		send(&l, 1000, 0);
	}
	assert_int_equal(burst_rate_says(&l.rate, (struct mono){ l.now_us }), BURST_CARRIES);
	/* Of long ago nothing is known, nor of another question. */
	struct mono later = { l.now_us + 21000000 };
	assert_int_equal(burst_rate_says(&l.rate, later), BURST_UNKNOWN);
	burst_rate_ask(&l.rate, 700000);
	assert_int_equal(burst_rate_says(&l.rate, (struct mono){ l.now_us }), BURST_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pairs_show_whether_the_line_carries_what_is_asked),
		TEST(a_line_that_got_better_says_so_soon),
	};
	return RUN("congestion/burst_rate", tests);
}
