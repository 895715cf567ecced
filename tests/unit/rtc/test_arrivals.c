#include "../check.h"
#include "rtc/arrivals.h"
#include "wire/twcc.h"

static struct mono ms(int64_t n)
{
	return (struct mono){ .us = 64000000 + n * 1000 };
}

/* What one feedback packet tells; the number of statuses. */
static size_t read(const uint8_t *at, size_t len, struct twcc_status *out, size_t max)
{
	struct rtcp_walk walk = rtcp_walk_of(bytes_of(at, len));
	struct rtcp_packet packet;
	struct rtcp_feedback feedback;
	struct twcc_reader reader;
	CHECK(rtcp_next(&walk, &packet));
	assert_int_equal(rtcp_parse_feedback(&packet, &feedback), OK);
	assert_int_equal(twcc_open(&feedback, &reader), OK);
	size_t count = 0;
	while (count < max && twcc_next(&reader, &out[count]))
		count++;
	return count;
}

static void arrivals_and_losses_are_told(void **state)
{
	(void)state;
	static struct arrivals a;
	a = (struct arrivals){ 0 };
	struct mono at;
	CHECK(!arrivals_next(&a, &at));
	arrivals_note(&a, 65534, ms(0));
	arrivals_note(&a, 65535, ms(10));
	arrivals_note(&a, 1, ms(20)); /* 0 is lost */
	CHECK(arrivals_next(&a, &at));
	assert_int_equal(at.us, ms(100).us);
	uint8_t room[1200];
	struct writer w = writer_of(room, sizeof room);
	arrivals_write(&a, &w, 1, 2, ms(100));
	struct twcc_status got[8];
	assert_int_equal(read(room, w.len, got, 8), 4);
	assert_int_equal(got[0].sequence, 65534);
	CHECK(got[0].arrived && got[1].arrived && !got[2].arrived && got[3].arrived);
	assert_int_equal(got[1].arrival_us - got[0].arrival_us, 10000);
	assert_int_equal(got[3].sequence, 1);
	CHECK(!arrivals_next(&a, &at));
	/* What was told as lost stays so; the next report goes on from there. */
	arrivals_note(&a, 0, ms(101));
	CHECK(!arrivals_next(&a, &at));
	arrivals_note(&a, 2, ms(102));
	w = writer_of(room, sizeof room);
	arrivals_write(&a, &w, 1, 2, ms(200));
	assert_int_equal(read(room, w.len, got, 8), 1);
	assert_int_equal(got[0].sequence, 2);
}

static void a_hundred_packets_are_told_at_once(void **state)
{
	(void)state;
	static struct arrivals a;
	a = (struct arrivals){ 0 };
	struct mono at;
	for (uint16_t i = 0; i < ARRIVALS_MANY; i++)
		arrivals_note(&a, i, ms(i / 10));
	CHECK(arrivals_next(&a, &at));
	CHECK(!mono_before(ms(10), at));
}

static void a_jump_starts_anew(void **state)
{
	(void)state;
	static struct arrivals a;
	a = (struct arrivals){ 0 };
	arrivals_note(&a, 10, ms(0));
	arrivals_note(&a, 10 + 5000, ms(1));
	uint8_t room[1200];
	struct writer w = writer_of(room, sizeof room);
	arrivals_write(&a, &w, 1, 2, ms(100));
	struct twcc_status got[8];
	assert_int_equal(read(room, w.len, got, 8), 1);
	assert_int_equal(got[0].sequence, 5010);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(arrivals_and_losses_are_told),
		TEST(a_hundred_packets_are_told_at_once),
		TEST(a_jump_starts_anew),
	};
	return RUN("rtc/arrivals", tests);
}
