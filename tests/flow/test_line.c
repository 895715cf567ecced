/*
 * test_line.c - the emulated line does what its words say.
 */
#include "../unit/check.h"
#include "emulated_line.h"

static struct emulated_line *lay(const char *words)
{
	static struct emulated_line line;
	struct line_config config;
	char bad[32];
	CHECK(line_config_parse(words, &config, bad));
	emulated_line_init(&line, &config, 9, (struct mono){ 0 });
	return &line;
}

/* Packets of 1000 bytes, one each so many µs; how many came. */
static unsigned pass(struct emulated_line *line, unsigned count, int64_t each_us)
{
	unsigned came = 0;
	struct mono at;
	for (unsigned i = 0; i < count; i++)
		came += emulated_line_carry(line, 1000, true, (struct mono){ i * each_us }, &at);
	return came;
}

static void rate_queue_and_delay(void **state)
{
	(void)state;
	struct emulated_line *line = lay("rate=80k queue=300 delay=40");
	struct mono at;
	CHECK(emulated_line_carry(line, 1000, true, (struct mono){ 0 }, &at));
	assert_int_equal(at.us, 140000); /* 100 ms to send, 40 ms on the way */
	CHECK(emulated_line_carry(line, 1000, true, (struct mono){ 0 }, &at));
	assert_int_equal(at.us, 240000);
	for (int i = 0; i < 2; i++)
		CHECK(emulated_line_carry(line, 1000, true, (struct mono){ 0 }, &at));
	CHECK(!emulated_line_carry(line, 1000, true, (struct mono){ 0 },
				   &at)); /* would wait 400 ms */
	line = lay("rate=80k queue=300");
	assert_in_range(pass(line, 1000, 50000), 495, 510); /* twice the rate: half is dropped */
}

static void steps_and_black_outs(void **state)
{
	(void)state;
	struct emulated_line *line = lay("steps=0:800k,1:0,2:800k");
	struct mono at;
	CHECK(emulated_line_carry(line, 1000, true, (struct mono){ 995000 }, &at));
	/* Half of it left before the line went dark. */
	assert_in_range(at.us, 2004000, 2006000);
	CHECK(emulated_line_bps(line, (struct mono){ 1500000 }) == 0);
	line = lay("steps=0:800k,1:0 repeat=2");
	CHECK(emulated_line_bps(line, (struct mono){ 4500000 }) == 800000);
	CHECK(emulated_line_bps(line, (struct mono){ 5500000 }) == 0);
}

static void loss_bursts_and_policers(void **state)
{
	(void)state;
	assert_in_range(pass(lay("loss=10%"), 20000, 1000), 17700, 18300);
	struct emulated_line *line = lay("burst=10%/5.5");
	unsigned bursts = 0;
	bool before = true;
	unsigned came = 0;
	for (int i = 0; i < 50000; i++) {
		struct mono at;
		bool now = emulated_line_carry(line, 100, true, (struct mono){ i * 1000 }, &at);
		bursts += before && !now;
		came += now;
		before = now;
	}
	assert_in_range(came, 43500, 46500);
	assert_in_range((50000 - came) * 10 / bursts, 45, 65);
	assert_in_range(pass(lay("police=80k/2000"), 1000, 50000), 495, 510);
	assert_int_equal(pass(lay("noudp"), 10, 1000), 0);
	struct line_config *config = &lay("delay=5")->config;
	CHECK(emulated_line_lets_tcp(config, 40000, 50000));
	config = &lay("noudp tcp=443,8443")->config;
	CHECK(emulated_line_lets_tcp(config, 443, 50000));
	CHECK(emulated_line_lets_tcp(config, 50000, 8443));
	CHECK(!emulated_line_lets_tcp(config, 40000, 50000));
}

static void packets_do_not_overtake_but_where_it_says_so(void **state)
{
	(void)state;
	struct emulated_line *line = lay("delay=20 jitter=30");
	struct mono before = { 0 }, at;
	for (int i = 0; i < 1000; i++) {
		CHECK(emulated_line_carry(line, 100, true, (struct mono){ i * 1000 }, &at));
		CHECK(!mono_before(at, before));
		before = at;
	}
	line = lay("delay=20 bunch=40");
	for (int i = 0; i < 1000; i++) {
		CHECK(emulated_line_carry(line, 100, true, (struct mono){ i * 1000 }, &at));
		int64_t waits_us = at.us - i * 1000 - 20000;
		CHECK(at.us % 40000 == 0 && waits_us >= 0 && waits_us < 40000);
	}
	line = lay("delay=20 reorder=5%/30");
	unsigned overtaken = 0;
	before = (struct mono){ 0 };
	for (int i = 0; i < 1000; i++) {
		CHECK(emulated_line_carry(line, 100, true, (struct mono){ i * 1000 }, &at));
		overtaken += mono_before(at, before);
		before = at;
	}
	assert_in_range(overtaken, 25, 75);
}

static void what_is_not_understood_is_named(void **state)
{
	(void)state;
	static const char *const BAD[] = { "rate=",    "rate=x",          "speed=3",  "loss=101%",
					   "burst=5%", "steps=5:1k,3:1k", "delay=-4", "rate=64kb",
					   "tcp=",     "tcp=70000",       "tcp=443," };
	for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
		struct line_config config;
		char bad[32];
		CHECK(!line_config_parse(BAD[i], &config, bad));
		CHECK(bad[0] != '\0');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rate_queue_and_delay),
		TEST(steps_and_black_outs),
		TEST(loss_bursts_and_policers),
		TEST(packets_do_not_overtake_but_where_it_says_so),
		TEST(what_is_not_understood_is_named),
	};
	return RUN("flow/line", tests);
}
