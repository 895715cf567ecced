#include "wire/twcc.h"

#include "base/assert.h"
#include "base/random.h"
#include "mangle.h"

static enum err open_it(struct bytes b, struct twcc_reader *out)
{
	struct rtcp_packet p;
	struct rtcp_feedback f;
	struct rtcp_walk walk = rtcp_walk_of(b);
	if (!rtcp_next(&walk, &p) || rtcp_parse_feedback(&p, &f))
		return ERR_BAD;
	return twcc_open(&f, out);
}

/* Writes all arrivals, in as many packets as it takes, and reads them back. */
static void there_and_back(const int64_t *arrivals, size_t count, size_t cap)
{
	uint8_t out[20000];
	uint16_t base = 65500;
	for (size_t done = 0; done < count;) {
		struct writer w = writer_of(out, cap);
		struct twcc_feedback f = { .sender = 1,
					   .media = 2,
					   .base = (uint16_t)(base + done),
					   .number = 7,
					   .arrival_us = arrivals + done,
					   .count = count - done };
		struct twcc_reader r;
		struct twcc_status s;
		size_t taken = 0;
		enum err err = twcc_write(&w, &f, &taken);
		if (err == ERR_NOT_FOUND) {
			for (; done < count; done++)
				assert_true(arrivals[done] == TWCC_LOST);
			return;
		}
		assert_int_equal(err, OK);
		assert_true(writer_ok(&w) && w.len % 4 == 0);
		assert_in_range(taken, 1, count - done);
		assert_int_equal(open_it(writer_bytes(&w), &r), OK);
		assert_int_equal(r.count, taken);
		assert_int_equal(r.number, 7);
		for (size_t i = 0; i < taken; i++) {
			int64_t us = arrivals[done + i];
			assert_true(twcc_next(&r, &s));
			assert_int_equal(s.sequence, (uint16_t)(base + done + i));
			assert_int_equal(s.arrived, us != TWCC_LOST);
			int64_t wrapped = us % ((int64_t)TWCC_REFERENCE_US << 24);
			if (s.arrived)
				assert_true(s.arrival_us == wrapped / TWCC_TICK_US * TWCC_TICK_US);
		}
		assert_false(twcc_next(&r, &s));
		done += taken;
	}
}

static void a_steady_stream_reads_back(void **state)
{
	(void)state;
	int64_t arrivals[300];
	for (size_t i = 0; i < 300; i++)
		arrivals[i] = 5000000 + 20000 * (int64_t)i;
	there_and_back(arrivals, 300, 1200);
}

static void long_runs_take_one_chunk(void **state)
{
	(void)state;
	int64_t arrivals[1000];
	uint8_t out[2000];
	size_t taken;
	struct writer w = writer_of(out, sizeof out);
	for (size_t i = 0; i < 1000; i++)
		arrivals[i] = 64000 + 250 * (int64_t)i;
	struct twcc_feedback f = { .arrival_us = arrivals, .count = 1000 };
	assert_int_equal(twcc_write(&w, &f, &taken), OK);
	assert_int_equal(taken, 1000);
	assert_int_equal(w.len, (20 + 2 + 1000 + 3) / 4 * 4);
}

static void losses_disorder_and_gaps_read_back(void **state)
{
	(void)state;
	struct random r = random_seeded(9);
	static int64_t arrivals[4000];
	for (int round = 0; round < 60; round++) {
		int64_t now = (int64_t)random_below(&r, 1u << 30);
		uint64_t loss = random_below(&r, 100), spread = 1 + random_below(&r, 200000);
		for (size_t i = 0; i < ARRAY_LEN(arrivals); i++) {
			now += (int64_t)random_below(&r, spread);
			int64_t early = (int64_t)random_below(&r, spread);
			if (random_below(&r, 500) == 0)
				now += 9000000; /* more than a delta can say */
			arrivals[i] = random_below(&r, 100) < loss ? TWCC_LOST
				      : early < now                ? now - early
								   : now;
		}
		there_and_back(arrivals, ARRAY_LEN(arrivals), round % 2 ? 1200 : 400);
	}
}

static void the_reference_time_wraps(void **state)
{
	(void)state;
	int64_t start = (int64_t)TWCC_REFERENCE_US << 24;
	const int64_t arrivals[] = { start + 100, start + 500, TWCC_LOST, start + 70000 };
	there_and_back(arrivals, 4, 1200);
}

static void nothing_arrived_writes_nothing(void **state)
{
	(void)state;
	const int64_t arrivals[] = { TWCC_LOST, TWCC_LOST };
	uint8_t out[100];
	size_t taken;
	struct writer w = writer_of(out, sizeof out);
	struct twcc_feedback f = { .arrival_us = arrivals, .count = 2 };
	assert_int_equal(twcc_write(&w, &f, &taken), ERR_NOT_FOUND);
	assert_int_equal(w.len, 0);
	const int64_t one[] = { 1 };
	f.arrival_us = one;
	f.count = 1;
	w = writer_of(out, 22);
	assert_int_equal(twcc_write(&w, &f, &taken), ERR_LIMIT);
	assert_int_equal(w.len, 0);
}

/* By hand after the draft: base 10, 7 statuses, reference 3, two-bit symbols 1 0 2 0 1 1 0. */
static void reads_what_the_draft_says(void **state)
{
	(void)state;
	uint8_t in[64];
	struct twcc_reader r;
	struct twcc_status s;
	static const int64_t at[] = { 193000, 0, 192000, 0, 192250, 193250, 0 };
	struct bytes b =
	    unhex("8fcd0006 00000001 00000002 000a0007 000003 05 d214 04 fffc 01 04 00", in);
	put_u16(in + 20, 0xc000 | 1u << 12 | 2u << 8 | 1u << 4 | 1u << 2);
	assert_int_equal(open_it(b, &r), OK);
	for (uint16_t i = 0; i < 7; i++) {
		assert_true(twcc_next(&r, &s));
		assert_int_equal(s.sequence, 10 + i);
		assert_int_equal(s.arrived, at[i] != 0);
		assert_true(s.arrival_us == at[i]);
	}
	assert_false(twcc_next(&r, &s));
}

static void lies_about_the_count_are_refused(void **state)
{
	(void)state;
	uint8_t in[64];
	struct twcc_reader r;
	/* a run of 0 */
	assert_int_equal(
	    open_it(unhex("8fcd0005 00000001 00000002 00000001 00000000 0000 0000", in), &r),
	    ERR_BAD);
	/* the reserved symbol */
	assert_int_equal(
	    open_it(unhex("8fcd0005 00000001 00000002 00000001 00000000 6001 0000", in), &r),
	    ERR_BAD);
	/* three arrivals, two deltas */
	assert_int_equal(
	    open_it(unhex("8fcd0005 00000001 00000002 00000003 00000000 2003 0101", in), &r),
	    ERR_SHORT);
	/* more statuses than we take */
	assert_int_equal(
	    open_it(unhex("8fcd0005 00000001 00000002 0000ffff 00000000 1fff 1fff", in), &r),
	    ERR_LIMIT);
}

static void try_parse(struct bytes b)
{
	struct twcc_reader r;
	struct twcc_status s;
	size_t told = 0;
	if (open_it(b, &r))
		return;
	while (twcc_next(&r, &s))
		told++;
	assert_int_equal(told, r.count);
	assert_true(reader_ok(&r.chunks) && reader_ok(&r.deltas));
}

static void survives_every_cut_and_flip(void **state)
{
	(void)state;
	int64_t arrivals[60];
	uint8_t out[400];
	size_t taken;
	struct writer w = writer_of(out, sizeof out);
	for (size_t i = 0; i < 60; i++)
		arrivals[i] = i % 5 == 1 ? TWCC_LOST : 100000 + (int64_t)(i * i * 500);
	struct twcc_feedback f = { .arrival_us = arrivals, .count = 60 };
	assert_int_equal(twcc_write(&w, &f, &taken), OK);
	mangle(writer_bytes(&w), try_parse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_steady_stream_reads_back),         TEST(long_runs_take_one_chunk),
		TEST(losses_disorder_and_gaps_read_back), TEST(the_reference_time_wraps),
		TEST(nothing_arrived_writes_nothing),     TEST(reads_what_the_draft_says),
		TEST(lies_about_the_count_are_refused),   TEST(survives_every_cut_and_flip),
	};
	return RUN("wire/twcc", tests);
}
